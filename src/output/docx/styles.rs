//! The named styles: every look that a text has is one of them.

use super::units::{MM, half_points, twips, twips_of_mm};
use super::xml::Xml;
use crate::block::{Settings, TitleStyle};

/// A paragraph style.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Style {
    FormNumber,
    Superior,
    Issuer,
    Nation,
    Motto,
    Number,
    PlaceDate,
    About,
    Kind,
    Subject,
    /// The rule below agency names and Tiêu ngữ.
    HeaderRule,
    /// The rule below a subject.
    Rule,
    /// The rule below the head of an annex.
    AnnexRule,
    Urgency,
    Addressees,
    Addressee,
    Enacting,
    Basis,
    Body,
    Clause,
    Point,
    Article,
    Dash,
    Plus,
    Centered,
    Caption,
    HeaderCell,
    Cell,
    CellCenter,
    CellRight,
    Figure,
    RecipientsLead,
    Recipients,
    SignatureTitle,
    SignatureHint,
    SigningRoom,
    SignerName,
    Confirmation,
    ConfirmationRoom,
    ConfirmationName,
    ContactRule,
    Contact,
    AnnexTitle,
    Reference,
    PageNumber,
    MarginMarks,
    SigningText,
    Note,
    /// The paragraph that a Word file needs between two tables and behind a last one.
    Gap,
    /// A title, with its level in the outline from 0.
    Titled(Title, u8),
}

/// What a title looks like.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Title {
    Centered,
    Article,
    Capitals,
    Bold,
    Regular,
}

impl From<TitleStyle> for Title {
    fn from(style: TitleStyle) -> Self {
        match style {
            TitleStyle::CapitalsBold => Self::Capitals,
            TitleStyle::Centered => Self::Centered,
            TitleStyle::Article => Self::Article,
            TitleStyle::Bold => Self::Bold,
            TitleStyle::Regular => Self::Regular,
        }
    }
}

/// Every style but the titles, in the order of a document.
const ALL: [Style; 49] = [
    Style::FormNumber,
    Style::Superior,
    Style::Issuer,
    Style::Nation,
    Style::Motto,
    Style::HeaderRule,
    Style::Number,
    Style::PlaceDate,
    Style::About,
    Style::Urgency,
    Style::Kind,
    Style::Subject,
    Style::Rule,
    Style::Addressees,
    Style::Addressee,
    Style::Enacting,
    Style::Body,
    Style::Basis,
    Style::Clause,
    Style::Point,
    Style::Article,
    Style::Dash,
    Style::Plus,
    Style::Centered,
    Style::Caption,
    Style::HeaderCell,
    Style::Cell,
    Style::CellCenter,
    Style::CellRight,
    Style::Figure,
    Style::RecipientsLead,
    Style::Recipients,
    Style::SignatureTitle,
    Style::SignatureHint,
    Style::SigningRoom,
    Style::SignerName,
    Style::Confirmation,
    Style::ConfirmationRoom,
    Style::ConfirmationName,
    Style::ContactRule,
    Style::Contact,
    Style::AnnexTitle,
    Style::Reference,
    Style::AnnexRule,
    Style::PageNumber,
    Style::MarginMarks,
    Style::SigningText,
    Style::Note,
    Style::Gap,
];

/// The titles that every file has: those of a plan and of a regulation.
const TITLES: [Style; 5] = [
    Style::Titled(Title::Centered, 0),
    Style::Titled(Title::Article, 0),
    Style::Titled(Title::Capitals, 0),
    Style::Titled(Title::Bold, 1),
    Style::Titled(Title::Regular, 2),
];

/// The room for a signature, in millimetres.
pub(super) const SIGNING_ROOM: f64 = 28.0;
/// The share of the text width that the confirmation of another body takes.
const CONFIRMATION: f64 = 0.45;

/// How high a line is.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Line {
    /// So many single lines.
    Multiple(f64),
    /// So many points.
    Exact(f64),
    /// At least so many points.
    AtLeast(f64),
}

/// What a style says. Lengths in points.
#[expect(clippy::struct_excessive_bools, reason = "each is a property of its own")]
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Definition {
    pub id: String,
    pub name: String,
    based: Option<Style>,
    next: Option<Style>,
    align: &'static str,
    first_line: f64,
    left: f64,
    right: f64,
    pub before: f64,
    after: f64,
    line: Line,
    pub keep_next: bool,
    outline: Option<u8>,
    size: f64,
    pub bold: bool,
    pub italic: bool,
    colour: Option<&'static str>,
    rule_above: bool,
    dots: bool,
}

impl Style {
    /// The identifier by which paragraphs name the style.
    pub fn id(self) -> String {
        let (id, _) = self.names();
        match self {
            Self::Titled(_, level) if !TITLES.contains(&self) => format!("{id}{}", level + 1),
            _ => id.to_owned(),
        }
    }

    /// The name that people see.
    pub fn name(self) -> String {
        let (_, name) = self.names();
        match self {
            Self::Titled(_, level) if !TITLES.contains(&self) => {
                format!("{name} (cấp {})", level + 1)
            }
            _ => name.to_owned(),
        }
    }

    fn names(self) -> (&'static str, &'static str) {
        match self {
            Self::Superior => ("CoQuanChuQuan", "Cơ quan chủ quản"),
            Self::Issuer => ("TenCoQuan", "Tên cơ quan"),
            Self::Nation => ("QuocHieu", "Quốc hiệu"),
            Self::Motto => ("TieuNgu", "Tiêu ngữ"),
            Self::Number => ("SoKyHieu", "Số và ký hiệu"),
            Self::PlaceDate => ("DiaDanhThoiGian", "Địa danh và thời gian"),
            Self::About => ("TrichYeuCongVan", "Trích yếu công văn"),
            Self::Kind => ("TenLoai", "Tên loại văn bản"),
            Self::Subject => ("TrichYeu", "Trích yếu"),
            Self::HeaderRule => ("DuongKeDau", "Đường kẻ đầu văn bản"),
            Self::Rule => ("DuongKeTrichYeu", "Đường kẻ dưới trích yếu"),
            Self::AnnexRule => ("DuongKePhuLuc", "Đường kẻ phụ lục"),
            Self::Urgency => ("MucDoKhan", "Dấu chỉ mức độ khẩn"),
            Self::Addressees => ("KinhGui", "Kính gửi"),
            Self::Addressee => ("NoiKinhGui", "Nơi kính gửi"),
            Self::Enacting => ("ThamQuyenBanHanh", "Thẩm quyền ban hành"),
            Self::Basis => ("CanCu", "Căn cứ"),
            Self::Body => ("NoiDung", "Nội dung"),
            Self::Clause => ("Khoan", "Khoản"),
            Self::Point => ("Diem", "Điểm"),
            Self::Article => ("DieuKhongTieuDe", "Điều không có tiêu đề"),
            Self::Dash => ("GachDauDong", "Gạch đầu dòng"),
            Self::Plus => ("DauCong", "Dấu cộng đầu dòng"),
            Self::Centered => ("DongGiua", "Dòng giữa trang"),
            Self::Caption => ("TenBang", "Tên bảng"),
            Self::HeaderCell => ("DauBang", "Đầu bảng"),
            Self::Cell => ("OBang", "Ô bảng"),
            Self::CellCenter => ("OBangGiua", "Ô bảng canh giữa"),
            Self::CellRight => ("OBangPhai", "Ô bảng canh phải"),
            Self::Figure => ("Hinh", "Hình"),
            Self::RecipientsLead => ("NoiNhan", "Nơi nhận"),
            Self::Recipients => ("DanhSachNoiNhan", "Danh sách nơi nhận"),
            Self::SignatureTitle => ("QuyenHanChucVu", "Quyền hạn và chức vụ"),
            Self::SignatureHint => ("ChiDanKy", "Chỉ dẫn ký"),
            Self::FormNumber => ("MauSo", "Mẫu số"),
            Self::SigningRoom => ("ChoKy", "Chỗ ký"),
            Self::SignerName => ("HoTen", "Họ và tên người ký"),
            Self::Confirmation => ("LoiXacNhan", "Lời xác nhận"),
            Self::ConfirmationRoom => ("ChoKyXacNhan", "Chỗ ký xác nhận"),
            Self::ConfirmationName => ("HoTenXacNhan", "Họ và tên người xác nhận"),
            Self::ContactRule => ("DuongKeDiaChi", "Đường kẻ trên địa chỉ"),
            Self::Contact => ("DiaChi", "Địa chỉ cơ quan"),
            Self::AnnexTitle => ("PhuLuc", "Phụ lục"),
            Self::Reference => ("KemTheo", "Kèm theo"),
            Self::PageNumber => ("SoTrang", "Số trang"),
            Self::MarginMarks => ("DauLeTren", "Dấu ở lề trên"),
            Self::SigningText => ("ThongTinKySo", "Thông tin chữ ký số"),
            Self::Note => ("ChuThich", "Chú thích"),
            Self::Gap => ("NganCach", "Ngăn cách"),
            Self::Titled(Title::Centered, _) => ("PhanChuongMuc", "Phần và chương"),
            Self::Titled(Title::Article, _) => ("Dieu", "Điều"),
            Self::Titled(Title::Capitals, _) => ("MucI", "Mục I"),
            Self::Titled(Title::Bold, _) => ("KhoanCoTieuDe", "Khoản có tiêu đề"),
            Self::Titled(Title::Regular, _) => ("DiemCoTieuDe", "Điểm có tiêu đề"),
        }
    }

    /// What the style says in a document with these settings.
    pub fn define(self, s: &Settings) -> Definition {
        let plain = Definition {
            id: self.id(),
            name: self.name(),
            based: None,
            next: None,
            align: "left",
            first_line: 0.0,
            left: 0.0,
            right: 0.0,
            before: 0.0,
            after: 0.0,
            line: Line::Multiple(1.0),
            keep_next: false,
            outline: None,
            size: s.text_size,
            bold: false,
            italic: false,
            colour: None,
            rule_above: false,
            dots: false,
        };
        match self {
            Self::Titled(title, level) => titled(title, level, plain, s),
            Self::Body
            | Self::Basis
            | Self::Clause
            | Self::Point
            | Self::Article
            | Self::Dash
            | Self::Plus
            | Self::Centered => text(self, plain, s),
            Self::RecipientsLead
            | Self::Recipients
            | Self::SignatureTitle
            | Self::SignatureHint
            | Self::SigningRoom
            | Self::SignerName
            | Self::Confirmation
            | Self::ConfirmationRoom
            | Self::ConfirmationName
            | Self::ContactRule
            | Self::Contact => closing(self, plain, s),
            Self::Caption
            | Self::HeaderCell
            | Self::Cell
            | Self::CellCenter
            | Self::CellRight
            | Self::Figure
            | Self::Gap => table(self, plain, s),
            _ => envelope(self, plain, s),
        }
    }
}

/// Titles of sections (PL1-V.6a, 6b).
fn titled(title: Title, level: u8, plain: Definition, s: &Settings) -> Definition {
    let heading = Definition {
        keep_next: true,
        outline: Some(level),
        next: Some(Style::Body),
        bold: title != Title::Regular,
        ..plain
    };
    if title == Title::Centered {
        let (before, after) = (s.paragraph_gap, s.paragraph_gap + line_rest(s));
        return Definition { align: "center", before, after, ..heading };
    }
    Definition { based: Some(Style::Body), ..text(Style::Body, heading, s) }
}

/// The height of the line with the rule below a heading, in points.
pub(super) const HEADING_RULE: f64 = 6.7;

/// What a line of the text is higher than one of single spacing, in points. Word
/// processors put it below the words: lines of single spacing need it after them. Of the
/// space after one paragraph and before the next, they take the larger.
pub(super) fn line_rest(s: &Settings) -> f64 {
    (s.line_spacing - 1.0) * 1.15 * s.text_size
}

/// The text (PL1-II.6.e).
fn text(style: Style, plain: Definition, s: &Settings) -> Definition {
    let body = Definition {
        align: "both",
        first_line: s.indent * MM,
        before: s.paragraph_gap,
        line: Line::Multiple(s.line_spacing),
        dots: true,
        ..plain
    };
    match style {
        Style::Body => body,
        Style::Centered => Definition { align: "center", first_line: 0.0, dots: false, ..body },
        Style::Basis => Definition { based: Some(Style::Body), italic: true, ..body },
        _ => Definition { based: Some(Style::Body), ..body },
    }
}

fn envelope(style: Style, plain: Definition, s: &Settings) -> Definition {
    let centered = Definition { align: "center", ..plain };
    let rule = |line| Definition {
        rule_above: true,
        before: 2.0,
        size: 1.0,
        line: Line::Exact(line),
        ..centered.clone()
    };
    let (names, motto) = (s.sizes.names(), s.sizes.motto());
    match style {
        // As the gazette prints it.
        Style::FormNumber => {
            Definition { size: 12.5, bold: true, align: "right", keep_next: true, ..centered }
        }
        Style::Superior => Definition { size: names, ..centered },
        Style::Issuer | Style::Nation => Definition { size: names, bold: true, ..centered },
        Style::Motto => Definition { size: motto, bold: true, ..centered },
        Style::HeaderRule => rule(1.0),
        Style::Rule => Definition { before: 3.0, ..rule(HEADING_RULE) },
        Style::AnnexRule => Definition { before: 3.0, ..rule(4.0) },
        Style::Number => Definition { size: 13.0, before: 5.5, ..centered },
        Style::PlaceDate => Definition { size: motto, italic: true, before: 5.5, ..centered },
        Style::About => Definition { size: names, before: 6.0, ..centered },
        Style::Urgency => {
            Definition { size: motto, bold: true, colour: Some("E60000"), ..centered }
        }
        Style::Kind => Definition { bold: true, before: 15.0, keep_next: true, ..centered },
        Style::Subject => Definition { bold: true, before: 2.4, keep_next: true, ..centered },
        Style::Addressees => {
            Definition { before: 18.0, keep_next: true, align: "left", ..centered }
        }
        Style::Addressee => Definition { before: 6.0, keep_next: true, align: "left", ..centered },
        Style::Enacting => Definition {
            bold: true,
            before: s.paragraph_gap,
            after: s.paragraph_gap + line_rest(s),
            keep_next: true,
            ..centered
        },
        Style::AnnexTitle => {
            Definition { bold: true, keep_next: true, outline: Some(0), ..centered }
        }
        Style::Reference => Definition { italic: true, before: 3.0, keep_next: true, ..centered },
        Style::MarginMarks => Definition { bold: true, size: motto, align: "right", ..centered },
        // As notes in the layout of the PDF; the decree gives no size.
        Style::Note => Definition { size: 10.0, align: "both", ..centered },
        Style::SigningText => Definition { size: 10.0, align: "right", ..centered },
        _ => centered,
    }
}

/// Tables and pictures.
fn table(style: Style, plain: Definition, s: &Settings) -> Definition {
    let cell = Definition { size: s.table_size, ..plain };
    match style {
        Style::Caption => Definition {
            align: "center",
            bold: true,
            keep_next: true,
            before: s.paragraph_gap,
            ..cell
        },
        Style::HeaderCell => Definition { align: "center", bold: true, ..cell },
        Style::CellCenter => Definition { align: "center", ..cell },
        Style::CellRight => Definition { align: "right", ..cell },
        Style::Figure => {
            let (before, after) = (s.paragraph_gap, s.paragraph_gap + line_rest(s));
            Definition { align: "center", before, after, ..cell }
        }
        Style::Gap => Definition { size: 1.0, line: Line::Exact(1.0), ..cell },
        _ => cell,
    }
}

/// Recipients, signature, and what stands below them.
fn closing(style: Style, plain: Definition, s: &Settings) -> Definition {
    let centered = Definition { align: "center", ..plain.clone() };
    let aside = Definition { right: (1.0 - CONFIRMATION) * text_width(s), ..centered.clone() };
    let room = Line::AtLeast(SIGNING_ROOM * MM);
    match style {
        Style::RecipientsLead => Definition { size: 12.0, bold: true, italic: true, ..plain },
        Style::SignatureTitle => Definition { bold: true, keep_next: true, ..centered },
        Style::SignatureHint => {
            Definition { italic: true, size: s.text_size - 1.0, keep_next: true, ..centered }
        }
        Style::SigningRoom => Definition { line: room, keep_next: true, ..centered },
        Style::SignerName => Definition { bold: true, ..centered },
        Style::Confirmation => {
            Definition { size: 12.0, italic: true, keep_next: true, before: 14.0, ..aside }
        }
        Style::ConfirmationRoom => Definition { line: room, keep_next: true, ..aside },
        Style::ConfirmationName => Definition { bold: true, ..aside },
        Style::ContactRule => {
            Definition { rule_above: true, size: 1.0, line: Line::Exact(4.0), ..plain }
        }
        _ => Definition { size: 11.0, ..plain },
    }
}

/// The width of the text in front of the annexes, in points.
pub(super) fn text_width(s: &Settings) -> f64 {
    s.text_width(s.orientation) * MM
}

/// Writes `styles.xml`. `used` are the styles of the text: titles are defined at the
/// levels at which they occur.
pub(super) fn styles(s: &Settings, used: &[Style]) -> Vec<u8> {
    let mut xml = Xml::new();
    xml.start("w:styles", &[("xmlns:w", super::WORD)]);
    defaults(&mut xml, s);
    xml.start("w:style", &[("w:type", "paragraph"), ("w:default", "1"), ("w:styleId", "Normal")]);
    xml.value("w:name", "Normal");
    xml.empty("w:qFormat", &[]);
    xml.end("w:style");
    character_style(&mut xml, "DefaultParagraphFont", "Default Paragraph Font", |_| {});
    table_styles(&mut xml);
    let mut titles: Vec<Style> =
        used.iter().copied().filter(|style| !ALL.contains(style)).collect();
    titles.extend(TITLES);
    titles.sort_unstable();
    titles.dedup();
    for style in ALL.into_iter().chain(titles) {
        paragraph_style(&mut xml, style, s);
    }
    character_style(&mut xml, "NhanDam", "Nhấn đậm", |xml| toggles(xml, true, false));
    character_style(&mut xml, "NhanNghieng", "Nhấn nghiêng", |xml| toggles(xml, false, true));
    character_style(&mut xml, "SoPhuLuc", "Số phụ lục", |xml| size(xml, 14.0));
    character_style(&mut xml, NOTE_MARK, "Số chú thích", |xml| {
        xml.value("w:vertAlign", "superscript");
    });
    character_style(&mut xml, "KhungDau", "Khung dấu", |xml| {
        let frame = [("w:val", "single"), ("w:sz", "6"), ("w:space", "1"), ("w:color", "auto")];
        xml.empty("w:bdr", &frame);
    });
    xml.end("w:styles");
    xml.finish()
}

fn defaults(xml: &mut Xml, s: &Settings) {
    xml.start("w:docDefaults", &[]);
    xml.start("w:rPrDefault", &[]);
    xml.start("w:rPr", &[]);
    fonts(xml);
    size(xml, s.text_size);
    xml.empty("w:lang", &[("w:val", "vi-VN"), ("w:eastAsia", "vi-VN"), ("w:bidi", "ar-SA")]);
    xml.end("w:rPr");
    xml.end("w:rPrDefault");
    xml.start("w:pPrDefault", &[]);
    xml.start("w:pPr", &[]);
    let spacing = [("w:before", "0"), ("w:after", "0"), ("w:line", "240"), ("w:lineRule", "auto")];
    xml.empty("w:spacing", &spacing);
    xml.end("w:pPr");
    xml.end("w:pPrDefault");
    xml.end("w:docDefaults");
}

/// The font of a document, in every slot (PL1-I.4).
fn fonts(xml: &mut Xml) {
    const FONT: &str = "Times New Roman";
    let slots = ["w:ascii", "w:hAnsi", "w:eastAsia", "w:cs"].map(|slot| (slot, FONT));
    xml.empty("w:rFonts", &slots);
}

fn size(xml: &mut Xml, points: f64) {
    xml.number("w:sz", half_points(points));
    xml.number("w:szCs", half_points(points));
}

fn toggles(xml: &mut Xml, bold: bool, italic: bool) {
    for (on, name, complex) in [(bold, "w:b", "w:bCs"), (italic, "w:i", "w:iCs")] {
        if on {
            xml.empty(name, &[]);
            xml.empty(complex, &[]);
        }
    }
}

fn character_style(xml: &mut Xml, id: &str, name: &str, properties: impl FnOnce(&mut Xml)) {
    let default = id == "DefaultParagraphFont";
    let mut attributes = vec![("w:type", "character")];
    attributes.push(if default { ("w:default", "1") } else { ("w:customStyle", "1") });
    attributes.push(("w:styleId", id));
    xml.start("w:style", &attributes);
    xml.value("w:name", name);
    if default {
        xml.value("w:uiPriority", "1");
        xml.empty("w:semiHidden", &[]);
        xml.empty("w:unhideWhenUsed", &[]);
    } else {
        xml.value("w:basedOn", "DefaultParagraphFont");
        xml.empty("w:qFormat", &[]);
        xml.start("w:rPr", &[]);
        properties(xml);
        xml.end("w:rPr");
    }
    xml.end("w:style");
}

/// The identifier of the style of a note's number.
pub(super) const NOTE_MARK: &str = "SoChuThich";
/// The identifier of the style of tables without lines.
pub(super) const PLAIN_TABLE: &str = "BangKhongKe";
/// The identifier of the style of tables with lines.
pub(super) const RULED_TABLE: &str = "BangCoKe";
/// The room between the lines of a table and its words, in millimetres: beside and
/// above.
pub(super) const INSET: (f64, f64) = (1.5, 0.8);

fn table_styles(xml: &mut Xml) {
    table_style(xml, PLAIN_TABLE, "Bảng không kẻ", false, (0.0, 0.0));
    table_style(xml, RULED_TABLE, "Bảng có kẻ", true, INSET);
}

fn table_style(xml: &mut Xml, id: &str, name: &str, ruled: bool, (beside, above): (f64, f64)) {
    let default = !ruled;
    let kind = if default { ("w:default", "1") } else { ("w:customStyle", "1") };
    xml.start("w:style", &[("w:type", "table"), kind, ("w:styleId", id)]);
    xml.value("w:name", name);
    xml.value("w:uiPriority", "99");
    xml.start("w:tblPr", &[]);
    xml.empty("w:tblInd", &[("w:w", "0"), ("w:type", "dxa")]);
    if ruled {
        xml.start("w:tblBorders", &[]);
        for side in ["w:top", "w:left", "w:bottom", "w:right", "w:insideH", "w:insideV"] {
            let line = [("w:val", "single"), ("w:sz", "4"), ("w:space", "0"), ("w:color", "auto")];
            xml.empty(side, &line);
        }
        xml.end("w:tblBorders");
    }
    xml.start("w:tblCellMar", &[]);
    let sides = [("w:top", above), ("w:left", beside), ("w:bottom", above), ("w:right", beside)];
    for (side, room) in sides {
        xml.empty(side, &[("w:w", &twips_of_mm(room).to_string()), ("w:type", "dxa")]);
    }
    xml.end("w:tblCellMar");
    xml.end("w:tblPr");
    xml.end("w:style");
}

fn paragraph_style(xml: &mut Xml, style: Style, s: &Settings) {
    let it = style.define(s);
    let attributes = [("w:type", "paragraph"), ("w:customStyle", "1"), ("w:styleId", &it.id)];
    xml.start("w:style", &attributes);
    xml.value("w:name", &it.name);
    xml.value("w:basedOn", &it.based.map_or_else(|| "Normal".to_owned(), Style::id));
    if let Some(next) = it.next {
        xml.value("w:next", &next.id());
    }
    xml.empty("w:qFormat", &[]);
    xml.start("w:pPr", &[]);
    paragraph_properties(xml, &it, s);
    xml.end("w:pPr");
    xml.start("w:rPr", &[]);
    toggles(xml, it.bold, it.italic);
    if let Some(colour) = it.colour {
        xml.value("w:color", colour);
    }
    size(xml, it.size);
    xml.end("w:rPr");
    xml.end("w:style");
}

fn paragraph_properties(xml: &mut Xml, it: &Definition, s: &Settings) {
    if it.keep_next {
        xml.empty("w:keepNext", &[]);
    }
    if it.rule_above {
        xml.start("w:pBdr", &[]);
        let line = [("w:val", "single"), ("w:sz", "4"), ("w:space", "0"), ("w:color", "auto")];
        xml.empty("w:top", &line);
        xml.end("w:pBdr");
    }
    if it.dots && it.based.is_none() {
        let at = twips(text_width(s)).to_string();
        xml.start("w:tabs", &[]);
        xml.empty("w:tab", &[("w:val", "right"), ("w:leader", "dot"), ("w:pos", &at)]);
        xml.end("w:tabs");
    }
    let (line, rule) = match it.line {
        Line::Multiple(lines) => (twips(lines * 12.0), "auto"),
        Line::Exact(points) => (twips(points), "exact"),
        Line::AtLeast(points) => (twips(points), "atLeast"),
    };
    let before = twips(it.before).to_string();
    let line = line.to_string();
    let after = twips(it.after).to_string();
    xml.empty(
        "w:spacing",
        &[("w:before", &before), ("w:after", &after), ("w:line", &line), ("w:lineRule", rule)],
    );
    let lengths = [it.left, it.right, it.first_line].map(|length| twips(length).to_string());
    let [left, right, first] = &lengths;
    xml.empty("w:ind", &[("w:left", left), ("w:right", right), ("w:firstLine", first)]);
    xml.value("w:jc", it.align);
    if let Some(level) = it.outline {
        xml.number("w:outlineLvl", u32::from(level.min(8)));
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::block::SizeSet;

    #[test]
    fn every_style_has_an_id_and_a_name_of_its_own() {
        let titles = [
            Style::Titled(Title::Bold, 0),
            Style::Titled(Title::Bold, 2),
            Style::Titled(Title::Regular, 1),
        ];
        let all: Vec<Style> = ALL.into_iter().chain(TITLES).chain(titles).collect();
        let ids: BTreeSet<String> = all.iter().map(|style| style.id()).collect();
        let names: BTreeSet<String> = all.iter().map(|style| style.name()).collect();
        assert_eq!((ids.len(), names.len()), (all.len(), all.len()));
        assert!(ids.iter().all(|id| id.is_ascii()), "{ids:?}");
        // Word takes what follows a comma for another name of the style.
        assert!(names.iter().all(|name| !name.contains(',')), "{names:?}");
    }

    #[test]
    fn the_small_set_of_sizes_reaches_the_styles() {
        let small = Settings { sizes: SizeSet::Small, ..Settings::default() };
        assert!((Style::Nation.define(&small).size - 12.0).abs() < f64::EPSILON);
        assert!((Style::Motto.define(&small).size - 13.0).abs() < f64::EPSILON);
    }
}
