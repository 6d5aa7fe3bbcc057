use rust_xlsxwriter::{
    Color, DataValidation, DataValidationErrorStyle, DocProperties, ExcelDateTime, Format,
    FormatAlign, FormatBorder, Formula, Note, Workbook, Worksheet, XlsxError,
};

use super::OutputError;
use crate::base::Cell;
use crate::catalog::{Column, ColumnKind};

/// The rows of the sheet: groups, titles, keys, and then records.
const GROUPS: u32 = 0;
const TITLES: u32 = 1;
const KEYS: u32 = 2;
const FIRST: u32 = 3;
/// The last row that has formats and drop-down lists.
const LAST: u32 = 20_000;
/// The hidden sheet with the options of drop-down lists.
const LISTS: &str = "Danh mục";
/// Colours of neighbouring groups.
const COLOURS: [u32; 4] = [0x00DD_EBF7, 0x00E2_EFDA, 0x00FF_F2CC, 0x00FC_E4D6];

/// An empty workbook with a column for each of some values: groups and titles in
/// Vietnamese, the keys in a hidden row below, notes, drop-down lists, formats; a second
/// sheet says how to fill it in. The same columns give the same bytes.
///
/// # Errors
///
/// If it cannot be written.
pub fn blank_workbook(
    title: &str,
    template: &str,
    columns: &[Column],
) -> Result<Vec<u8>, OutputError> {
    let write = || -> Result<Vec<u8>, XlsxError> {
        let mut workbook = Workbook::new();
        let day = ExcelDateTime::from_ymd(2020, 3, 5)?;
        let properties = DocProperties::new().set_title(title).set_creation_datetime(&day);
        workbook.set_properties(&properties);
        records(workbook.add_worksheet(), columns)?;
        instructions(workbook.add_worksheet(), title, template, columns)?;
        lists(workbook.add_worksheet(), columns)?;
        workbook.save_to_buffer()
    };
    write().map_err(|error| OutputError::Workbook(error.to_string()))
}

fn heading() -> Format {
    Format::new()
        .set_font_name("Times New Roman")
        .set_font_size(12)
        .set_bold()
        .set_text_wrap()
        .set_align(FormatAlign::Center)
        .set_align(FormatAlign::VerticalCenter)
        .set_border(FormatBorder::Thin)
}

fn body() -> Format {
    Format::new().set_font_name("Times New Roman").set_font_size(12).set_text_wrap()
}

/// What a column belongs to: the titles around it.
fn group(column: &Column) -> String {
    let (_, around) = column.titles.split_last().unwrap_or((&String::new(), &[])).to_owned();
    around.join(" – ")
}

fn own_title(column: &Column) -> String {
    let title = column.titles.last().map_or("", String::as_str);
    if column.required { format!("{title} *") } else { title.to_owned() }
}

fn records(sheet: &mut Worksheet, columns: &[Column]) -> Result<(), XlsxError> {
    sheet.set_name("Danh sách")?;
    let mut groups: Vec<(String, u16, u16)> = Vec::new();
    for (at, column) in (0u16..).zip(columns) {
        let name = group(column);
        match groups.last_mut() {
            Some((last, _, to)) if *last == name => *to = at,
            _ => groups.push((name, at, at)),
        }
    }
    for (number, (name, from, to)) in groups.iter().enumerate() {
        let format = heading().set_background_color(Color::RGB(COLOURS[number % COLOURS.len()]));
        if from == to || name.is_empty() {
            for at in *from..=*to {
                sheet.write_with_format(GROUPS, at, name.as_str(), &format)?;
            }
        } else {
            sheet.merge_range(GROUPS, *from, GROUPS, *to, name, &format)?;
        }
        for (at, column) in (*from..=*to).zip(&columns[usize::from(*from)..]) {
            sheet.write_with_format(TITLES, at, own_title(column), &format)?;
        }
    }
    let key = Format::new().set_font_color(Color::RGB(0x0080_8080));
    for (at, column) in (0u16..).zip(columns) {
        sheet.write_with_format(KEYS, at, column.key(), &key)?;
        sheet.set_column_width(at, width(column))?;
        sheet.set_column_format(at, &cells(&column.kind))?;
        sheet.insert_note(TITLES, at, &note(column))?;
        if let Some(options) = choices(&column.kind) {
            sheet.add_data_validation(FIRST, at, LAST, at, &drop_down(&options, at)?)?;
        }
    }
    sheet.set_row_height(GROUPS, 34)?;
    sheet.set_row_height(TITLES, 48)?;
    sheet.set_row_hidden(KEYS)?;
    sheet.set_freeze_panes(FIRST, 0)?;
    Ok(())
}

fn width(column: &Column) -> f64 {
    match column.kind {
        ColumnKind::Date | ColumnKind::Integer | ColumnKind::Boolean | ColumnKind::Phone => 14.0,
        ColumnKind::Identity | ColumnKind::Number | ColumnKind::Choice(_) => 18.0,
        ColumnKind::Text | ColumnKind::Texts | ColumnKind::Moment => 26.0,
    }
}

/// The format of the cells: digits and words stay as they are typed.
fn cells(kind: &ColumnKind) -> Format {
    body().set_num_format(match kind {
        ColumnKind::Date => "dd/mm/yyyy",
        ColumnKind::Moment => "dd/mm/yyyy hh:mm",
        ColumnKind::Integer => "0",
        ColumnKind::Number | ColumnKind::Boolean => "General",
        _ => "@",
    })
}

/// What the cells take, where it is one of a few.
fn choices(kind: &ColumnKind) -> Option<Vec<String>> {
    match kind {
        ColumnKind::Choice(options) => Some(options.clone()),
        ColumnKind::Boolean => Some(vec!["có".to_owned(), "không".to_owned()]),
        _ => None,
    }
}

/// A drop-down list, whose options stand in the column of a sheet of their own: in the
/// cell itself a comma would part them.
fn drop_down(options: &[String], column: u16) -> Result<DataValidation, XlsxError> {
    let letters = Cell::letters(u32::from(column));
    let range = format!("='{LISTS}'!${letters}$1:${letters}${}", options.len());
    DataValidation::new()
        .allow_list_formula(Formula::new(range))
        .set_error_style(DataValidationErrorStyle::Warning)
        .set_error_title("Không có trong danh sách")?
        .set_error_message("Chọn một giá trị trong danh sách.")
}

/// The options of the drop-down lists, each below the letter of its column.
fn lists(sheet: &mut Worksheet, columns: &[Column]) -> Result<(), XlsxError> {
    sheet.set_name(LISTS)?;
    sheet.set_hidden(true);
    for (at, column) in (0u16..).zip(columns) {
        for (row, option) in (0u32..).zip(choices(&column.kind).unwrap_or_default()) {
            sheet.write(row, at, option)?;
        }
    }
    Ok(())
}

/// What a column is, for those who fill it in.
fn explanation(column: &Column) -> String {
    let mut parts: Vec<String> = Vec::new();
    parts.extend(column.description.clone());
    match &column.kind {
        ColumnKind::Choice(options) => parts.push(format!("Một trong: {}.", options.join("; "))),
        ColumnKind::Texts => parts.push("Nhiều mục thì cách nhau bằng dấu chấm phẩy.".to_owned()),
        ColumnKind::Boolean => parts.push("Ghi `có` (hoặc `x`), `không`.".to_owned()),
        _ => {}
    }
    parts.extend(column.example.as_ref().map(|example| format!("Ví dụ: {example}")));
    parts.join("\n")
}

fn note(column: &Column) -> Note {
    let mut text = column.title();
    if column.required {
        text.push_str(" (bắt buộc)");
    }
    let more = explanation(column);
    if !more.is_empty() {
        text.push_str(&format!("\n{more}"));
    }
    Note::new(text).add_author_prefix(false).set_width(280).set_height(140)
}

fn instructions(
    sheet: &mut Worksheet,
    title: &str,
    template: &str,
    columns: &[Column],
) -> Result<(), XlsxError> {
    sheet.set_name("Hướng dẫn")?;
    sheet.set_column_width(0, 34)?;
    sheet.set_column_width(1, 44)?;
    sheet.set_column_width(2, 10)?;
    sheet.set_column_width(3, 60)?;
    let body = body().set_align(FormatAlign::Top);
    let lines = [
        format!("{title} (mẫu {template})"),
        "Mỗi dòng của trang “Danh sách” là một văn bản. Cột có dấu * bắt buộc phải ghi.".to_owned(),
        "Được bỏ hoặc đổi chỗ các cột, thêm cột riêng (sẽ có cảnh báo); không đổi tên cột."
            .to_owned(),
        "Ngày: gõ 15/9/2022; chỉ biết tháng thì 9/2022, chỉ biết năm thì 2022.".to_owned(),
        "Số giấy tờ, số điện thoại: ô đã định dạng chữ nên giữ được số 0 ở đầu.".to_owned(),
        "Cần thêm mục của một danh sách thì thêm cột với số tiếp theo, ví dụ “… 3 – Họ và tên”."
            .to_owned(),
        format!(
            "Tạo văn bản: vanban batch --template {template} --data TỆP-NÀY.xlsx -o KET-QUA.zip"
        ),
    ];
    let mut row = 0;
    for line in lines {
        let format = if row == 0 { body.clone().set_bold() } else { body.clone() };
        sheet.merge_range(row, 0, row, 3, &line, &format)?;
        row += 1;
    }
    row += 1;
    for (at, name) in (0u16..).zip(["Cột", "Khóa", "Bắt buộc", "Giải thích"]) {
        sheet.write_with_format(row, at, name, &heading())?;
    }
    for column in columns {
        row += 1;
        let needed = if column.required { "có" } else { "" };
        for (at, text) in
            (0u16..).zip([column.title(), column.key(), needed.to_owned(), explanation(column)])
        {
            sheet.write_with_format(row, at, text, &body)?;
        }
    }
    Ok(())
}
