use crate::block::{Document, Orientation};

/// Everything that is the same in all documents. It holds neither `<` nor `&`, so
/// that the page is XML too.
const SHEET: &str = include_str!("style.css");
/// The line pitch of Times New Roman, in em.
const PITCH: f64 = 1.1495;
/// Lines of contact in so many characters each, on paper.
const CONTACT_LINE: usize = 88;

/// The name of the n-th annex (from 0), as an anchor and for its pages.
pub(super) fn annex_name(at: usize) -> String {
    format!("phu-luc-{}", at + 1)
}

/// The style of a document: its sizes, its pages, and the sheet of all.
pub(super) fn style(document: &Document) -> String {
    let s = &document.settings;
    let m = s.margins;
    let column = (s.text_width(s.orientation) - 3.0) * 0.4;
    let mut out = format!(
        ":root{{--text:{}pt;--table:{}pt;--names:{}pt;--motto:{}pt;--indent:{}mm;--gap:{}pt;\
         --pitch:{:.4};--agency-rule:{}%;--subject-rule:{}%;--agency:{column:.1}mm;\
         --top:{}mm;--right:{}mm;--bottom:{}mm;--left:{}mm;--paper:{}mm;--contact:{:.1}pt}}\n",
        s.text_size,
        s.table_size,
        s.sizes.names(),
        s.sizes.motto(),
        s.indent,
        s.paragraph_gap,
        PITCH * s.line_spacing,
        rounded(s.agency_rule * 100.0),
        rounded(s.subject_rule * 100.0),
        m.top,
        m.right,
        m.bottom,
        m.left,
        s.orientation.paper().1,
        contact_height(document),
    );
    out.push_str(SHEET);
    pages(document, &mut out);
    out
}

/// Two digits after the point.
fn rounded(number: f64) -> f64 {
    (number * 100.0).round() / 100.0
}

/// How much room the contact takes up at the foot of the first page: its lines of
/// 11 pt, the rule above them, and a gap.
fn contact_height(document: &Document) -> f64 {
    let lines = &document.envelope.contact;
    let printed = |line: &String| line.chars().count().div_ceil(CONTACT_LINE).max(1);
    let lines = u16::try_from(lines.iter().map(printed).sum::<usize>()).unwrap_or(u16::MAX);
    if lines == 0 { 0.0 } else { f64::from(lines) * 11.0 * PITCH + 4.75 }
}

/// Printed pages. Numbers stand in the top margin, not on the first page (PL1-I.7);
/// annexes start again from 1 (PL1-III.1.đ), so each has a counter of its own. On
/// the first page the top margin belongs to the sheet, for the marks in it.
fn pages(document: &Document, out: &mut String) {
    let s = &document.settings;
    let m = s.margins;
    let font = format!("font:{}pt \"Times New Roman\",\"Liberation Serif\",serif", s.text_size);
    out.push_str(&format!(
        "@page{{size:{};margin:{}mm {}mm {}mm {}mm;\
         @top-center{{content:counter(page,after-first);{font}}}}}\n\
         @page :first{{margin-top:0}}\n",
        size(s.orientation),
        m.top,
        m.right,
        m.bottom,
        m.left
    ));
    for (at, annex) in document.annexes.iter().enumerate() {
        let name = annex_name(at);
        let size = match annex.orientation {
            same if same == s.orientation => String::new(),
            other => format!("size:{};", size(other)),
        };
        out.push_str(&format!(
            "@page {name}{{{size}counter-increment:{name};\
             @top-center{{content:counter({name},after-first);{font}}}}}\n\
             @media print{{#{name}{{page:{name}}}}}\n"
        ));
    }
}

/// The paper as style sheets call it.
fn size(orientation: Orientation) -> &'static str {
    match orientation {
        Orientation::Portrait => "A4",
        Orientation::Landscape => "A4 landscape",
    }
}
