use super::super::AppError;
use super::source::used;
use crate::catalog::{Column, ITEM, Template};
use crate::output::blank_workbook;

/// How many items of a list of groups have columns.
const ITEMS: usize = 2;

/// An empty workbook to be filled with the data of many documents of a template: the
/// values that the template prints, those that must be there first.
///
/// # Errors
///
/// If the schema of the template cannot be used, or the workbook cannot be written.
pub fn sample_workbook(template: &Template) -> Result<Vec<u8>, AppError> {
    let used = used(template);
    let schema = template.schema()?;
    let mut columns: Vec<Column> = schema
        .columns()
        .into_iter()
        .filter(|column| column.path[0] != "template")
        .filter(|column| column.required || used.contains(&column.path))
        .collect();
    // Groups stay together; one that holds what must be there comes first.
    let group = |column: &Column| column.path[0].clone();
    let needed: Vec<String> = columns.iter().filter(|one| one.required).map(group).collect();
    columns.sort_by_key(|column| {
        let alone = column.path.len() > 1;
        (!needed.contains(&group(column)), alone && !needed.contains(&group(column)))
    });
    let columns = numbered(columns);
    let manifest = &template.manifest;
    Ok(blank_workbook(&manifest.title, &manifest.id, &columns)?)
}

/// The columns with those of lists once for each item: `officers.1.full_name` and all of
/// the first item, then the second.
fn numbered(columns: Vec<Column>) -> Vec<Column> {
    let mut out: Vec<Column> = Vec::new();
    let mut rest = columns.into_iter().peekable();
    while let Some(first) = rest.next() {
        let Some(at) = first.path.iter().position(|part| part == ITEM) else {
            out.push(first);
            continue;
        };
        let list = first.path[..=at].to_vec();
        let mut columns = vec![first];
        while let Some(next) = rest.next_if(|next| next.path.starts_with(&list)) {
            columns.push(next);
        }
        for number in 1..=ITEMS {
            for column in &columns {
                let mut column = column.clone();
                column.path[at] = number.to_string();
                column.titles[at - 1] = format!("{} {number}", column.titles[at - 1]);
                out.push(column);
            }
        }
    }
    out
}
