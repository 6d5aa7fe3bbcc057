//! Pages by Typst: the block tree as JSON, a layout that reads it, fonts; PDF, SVG and
//! PNG files of the pages, and pictures of charts for the formats without pages.

mod bundle;
mod chart;
mod fonts;
mod lean;
mod pages;
mod pictures;
mod places;
mod sweep;
mod view;
mod world;

use std::sync::Arc;

use typst::diag::SourceDiagnostic;
use typst::foundations::Smart;
use typst_layout::PagedDocument;
use typst_pdf::{PdfOptions, PdfStandard, PdfStandards};

pub use bundle::{Bundle, Bundled, Corner, Span, StampSheet, Stamps};
pub use fonts::{Fonts, unusual_characters};
pub use lean::{LeanError, lean};
pub use pages::{PAGE_RESOLUTION, Paged};
pub use places::{Rectangle, SigningPlace, SigningPlaces, SigningRole};
pub use sweep::Broom;
pub use view::View;
pub use world::Press;

use super::OutputError;

impl Press {
    /// Lays a document out and writes it as PDF/A-2a and PDF/UA-1.
    ///
    /// # Errors
    ///
    /// If the layout is unknown or fails.
    pub fn pdf(&self, layout: &str, view: &View<'_>) -> Result<Vec<u8>, OutputError> {
        let files = self.pages(layout, view, &[Paged::Pdf], &mut |_| {})?;
        Ok(files.into_iter().flatten().next().unwrap_or_default())
    }

    /// Lays a document out.
    ///
    /// # Errors
    ///
    /// If the layout is unknown or fails.
    pub fn lay_out(&self, layout: &str, view: &View<'_>) -> Result<PagedDocument, OutputError> {
        self.compile(layout, view.json(), view.images())
    }

    /// Runs a layout on the data and images of a document.
    fn compile(
        &self,
        layout: &str,
        json: String,
        images: &[(String, Arc<[u8]>)],
    ) -> Result<PagedDocument, OutputError> {
        let world = self.world(layout, json, images)?;
        let messages = |list: &[SourceDiagnostic]| list.iter().map(message).collect();
        let done = typst::compile::<PagedDocument>(&world);
        // Typst gives up after some rounds; then pages may not be what they say.
        let unsettled = done.warnings.iter().find(|one| one.message.contains("did not converge"));
        if let Some(warning) = unsettled {
            return Err(OutputError::Layout(vec![message(warning)]));
        }
        done.output.map_err(|errors| OutputError::Layout(messages(&errors)))
    }
}

/// Writes laid-out pages as PDF/A-2a and PDF/UA-1.
///
/// # Errors
///
/// If the pages do not conform, for example for want of a glyph.
pub fn write(document: &PagedDocument) -> Result<Vec<u8>, OutputError> {
    let standards = PdfStandards::new(&[PdfStandard::A_2a, PdfStandard::Ua_1])
        .map_err(|error| OutputError::Pdf(vec![error.message().to_string()]))?;
    let options = PdfOptions {
        creator: Smart::Custom(Some(format!("vanban {}", env!("CARGO_PKG_VERSION")))),
        standards,
        ..PdfOptions::default()
    };
    typst_pdf::pdf(document, &options)
        .map_err(|errors| OutputError::Pdf(errors.iter().map(message).collect()))
}

fn message(diagnostic: &SourceDiagnostic) -> String {
    let hints = diagnostic.hints.iter().map(|hint| format!(" (hint: {})", hint.v));
    format!("{}{}", diagnostic.message, hints.collect::<String>())
}
