use serde::Serialize;
use typst::foundations::{Label, Selector, Value};
use typst::introspection::{Introspector, MetadataElem};
use typst::utils::PicoStr;
use typst_layout::PagedDocument;

use super::chart::ChartView;
use super::sweep::Turn;
use super::{Press, pages};
use crate::block::{Document, Orientation, Settings, charts};
use crate::output::{OutputError, Picture, Pictures};

/// The layout that puts each piece of a chart on a page of its own.
const LAYOUT: &str = "charts";
/// The label that the layout gives each piece.
const LABEL: &str = "chart-piece";
/// Pixels to the inch of a chart as PNG: enough for print, and a whole number to
/// the point, so that lines are sharp.
const RESOLUTION: f64 = 288.0;

/// What the layout of charts reads. Version 1.
#[derive(Debug, Serialize)]
struct ChartsView<'a> {
    version: u8,
    fonts: Vec<&'a str>,
    settings: ChartSettings,
    charts: Vec<PlacedChart<'a>>,
}

#[derive(Debug, Serialize)]
struct ChartSettings {
    table_size: f64,
}

impl ChartsView<'_> {
    fn json(&self) -> String {
        serde_json::to_string(self).expect("views hold what JSON can")
    }
}

/// A chart with the text area in which it stands, in millimetres.
#[derive(Debug, Serialize)]
struct PlacedChart<'a> {
    width: f64,
    height: f64,
    chart: ChartView<'a>,
}

impl Press {
    /// The charts of a document as pictures: as wide as the text area in which they
    /// stand, and cut into pieces where they are higher. The caption is not part of
    /// the picture. A chart with nothing to draw has no pieces; without a chart to
    /// draw, nothing is laid out.
    ///
    /// # Errors
    ///
    /// If the layout fails or a picture cannot be written.
    pub fn charts(&self, document: &Document) -> Result<Pictures, OutputError> {
        let found = charts(document);
        let mut pictures: Pictures = vec![Vec::new(); found.len()];
        let drawn: Vec<usize> =
            (0..found.len()).filter(|at| found[*at].0.period().is_some()).collect();
        if drawn.is_empty() {
            return Ok(pictures);
        }
        let placed = |at: &usize| {
            let (chart, orientation) = found[*at];
            let (width, height) = text_area(&document.settings, orientation);
            PlacedChart { width, height, chart: ChartView::new(chart) }
        };
        let view = ChartsView {
            version: 1,
            fonts: self.fonts().families(),
            settings: ChartSettings { table_size: document.settings.table_size },
            charts: drawn.iter().map(placed).collect(),
        };
        let turn = Turn::begin();
        let (pages, pieces) = match self.compile(LAYOUT, view.json(), &[]) {
            Ok(pages) => {
                let pieces = pieces(&pages);
                (Some(pages), pieces)
            }
            Err(error) => (None, Err(error)),
        };
        turn.end(pages);
        for (at, picture) in pieces? {
            let chart = drawn.get(at).copied().ok_or_else(unmarked)?;
            pictures[chart].push(picture);
        }
        Ok(pictures)
    }
}

/// The pages as pictures, each with the number of its chart among those drawn.
fn pieces(document: &PagedDocument) -> Result<Vec<(usize, Picture)>, OutputError> {
    let label = Label::new(PicoStr::intern(LABEL)).ok_or_else(unmarked)?;
    let marks = document.introspector().query(&Selector::Label(label));
    if marks.len() != document.pages().len() {
        return Err(unmarked());
    }
    let piece = |(mark, page): (&typst::foundations::Content, &typst_layout::Page)| {
        let (at, alt) = read(mark).ok_or_else(unmarked)?;
        let picture = Picture {
            width: page.frame.width().to_mm(),
            height: page.frame.height().to_mm(),
            alt,
            png: pages::png(page, RESOLUTION)?,
            svg: pages::svg(page),
        };
        Ok((at, picture))
    };
    marks.iter().zip(document.pages()).map(piece).collect()
}

/// The number of the chart and the words for those who do not see the piece.
fn read(mark: &typst::foundations::Content) -> Option<(usize, String)> {
    let Value::Dict(mark) = &mark.to_packed::<MetadataElem>()?.value else { return None };
    let chart = mark.get("chart").ok()?.clone().cast::<usize>().ok()?;
    Some((chart, mark.get("alt").ok()?.clone().cast::<String>().ok()?))
}

/// A layout of the user's that does not say which piece stands on which page.
fn unmarked() -> OutputError {
    OutputError::Layout(vec![format!("`{LAYOUT}.typ`: every page needs one mark <{LABEL}>")])
}

/// Width and height of the text area in millimetres.
fn text_area(settings: &Settings, orientation: Orientation) -> (f64, f64) {
    let margins = settings.margins;
    let (_, height) = orientation.paper();
    (settings.text_width(orientation), height - margins.top - margins.bottom)
}
