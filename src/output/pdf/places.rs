use serde::Serialize;
use typst::foundations::{Label, Selector, Value};
use typst::introspection::{Introspector, MetadataElem};
use typst::utils::PicoStr;
use typst_layout::PagedDocument;

use super::sweep::Turn;
use super::{Press, View};
use crate::output::OutputError;

/// The label that a layout gives the upper left corner of a signing place.
const LABEL: &str = "signing-place";

/// Where a document is signed. Version 1.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SigningPlaces {
    /// The version of this format.
    pub version: u8,
    /// The places, in the order of the pages.
    pub places: Vec<SigningPlace>,
}

/// A place at which somebody signs.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SigningPlace {
    /// Who signs there.
    pub role: SigningRole,
    /// The page, from 1.
    pub page: usize,
    /// Where on the page.
    pub rectangle: Rectangle,
    /// The lines of authority and title above the place, as printed.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub title: Vec<String>,
    /// The name below the place, as printed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
}

/// Who signs at a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum SigningRole {
    /// The person who is named (box 7c).
    Signature,
    /// The agency: its seal or electronic signature (box 8), or what its signature
    /// says on annexes in a file of their own (PL1-II.8.b).
    Agency,
    /// The agency that makes an electronic copy (box 14).
    Copy,
}

/// A rectangle in millimetres from the upper left corner of the page.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Rectangle {
    /// From the left edge of the page.
    pub x: f64,
    /// From the upper edge of the page.
    pub y: f64,
    /// To the right.
    pub width: f64,
    /// Downwards.
    pub height: f64,
}

impl Press {
    /// Lays a document out and finds where it is signed.
    ///
    /// # Errors
    ///
    /// If the layout is unknown or fails.
    pub fn places(&self, layout: &str, view: &View<'_>) -> Result<SigningPlaces, OutputError> {
        let turn = Turn::begin();
        let (document, places) = match self.lay_out(layout, view) {
            Ok(document) => {
                let places = find(&document, view);
                (Some(document), Ok(SigningPlaces { version: 1, places }))
            }
            Err(error) => (None, Err(error)),
        };
        turn.end(document);
        places
    }
}

fn find(document: &PagedDocument, view: &View<'_>) -> Vec<SigningPlace> {
    let Some(label) = Label::new(PicoStr::intern(LABEL)) else { return Vec::new() };
    let introspector = document.introspector();
    let place = |content: &typst::foundations::Content| {
        let position = introspector.position(content.location()?)?;
        let mark = content.to_packed::<MetadataElem>()?;
        let Value::Dict(mark) = &mark.value else { return None };
        let text = |key: &str| mark.get(key).ok()?.clone().cast::<String>().ok();
        let length = |key: &str| mark.get(key).ok()?.clone().cast::<f64>().ok();
        let at = mark.get("at").ok().and_then(|at| at.clone().cast::<usize>().ok());
        let signer = at.and_then(|at| view.signer(at));
        let (title, name) = signer.unwrap_or_default();
        Some(SigningPlace {
            role: match text("role")?.as_str() {
                "signature" => SigningRole::Signature,
                "agency" => SigningRole::Agency,
                "copy" => SigningRole::Copy,
                _ => return None,
            },
            page: position.page.get(),
            rectangle: Rectangle {
                x: round(position.point.x.to_mm()),
                y: round(position.point.y.to_mm()),
                width: round(length("width")?),
                height: round(length("height")?),
            },
            title,
            name,
        })
    };
    introspector.query(&Selector::Label(label)).iter().filter_map(place).collect()
}

/// To a hundredth of a millimetre.
fn round(millimetres: f64) -> f64 {
    (millimetres * 100.0).round() / 100.0
}
