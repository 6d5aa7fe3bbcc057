use serde::{Deserialize, Serialize};

use super::Bilingual;

/// A place in a table, as spreadsheet programs name it.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Cell {
    /// The sheet; none in a file that is one table.
    pub sheet: Option<String>,
    /// The row, from 1; 0 for the table as a whole.
    pub row: u32,
    /// The column, from 0; none for the row as a whole.
    pub column: Option<u32>,
}

impl Cell {
    /// The letters of a column, counted from 0: `A` … `Z`, `AA` …
    pub fn letters(column: u32) -> String {
        let (before, last) = (column / 26, column % 26);
        let mut out = before.checked_sub(1).map(Self::letters).unwrap_or_default();
        out.extend(u8::try_from(last).map(|last| char::from(b'A' + last)));
        out
    }

    /// The name of the cell, such as `C5`; none where it is a whole row or table.
    pub fn name(&self) -> Option<String> {
        self.column.map(|column| format!("{}{}", Self::letters(column), self.row))
    }

    /// The cell in words: `trang "Hộ", ô C5`.
    pub fn words(&self) -> Bilingual {
        let mut parts = Vec::new();
        if let Some(sheet) = &self.sheet {
            parts.push((format!("trang \"{sheet}\""), format!("sheet \"{sheet}\"")));
        }
        match self.name() {
            Some(name) => parts.push((format!("ô {name}"), format!("cell {name}"))),
            None if self.row > 0 => {
                parts.push((format!("dòng {}", self.row), format!("row {}", self.row)));
            }
            None => {}
        }
        let (vi, en): (Vec<_>, Vec<_>) = parts.into_iter().unzip();
        Bilingual::new(vi.join(", "), en.join(", "))
    }
}

#[cfg(test)]
mod tests {
    use super::Cell;

    #[test]
    fn columns_have_the_letters_of_spreadsheets() {
        for (column, letters) in
            [(0, "A"), (25, "Z"), (26, "AA"), (51, "AZ"), (52, "BA"), (701, "ZZ"), (702, "AAA")]
        {
            assert_eq!(Cell::letters(column), letters);
        }
    }

    #[test]
    fn cells_rows_and_tables_have_words() {
        let mut cell = Cell { sheet: Some("Hộ".to_owned()), row: 5, column: Some(2) };
        assert_eq!(cell.words().vi, "trang \"Hộ\", ô C5");
        cell.column = None;
        assert_eq!(cell.words().en, "sheet \"Hộ\", row 5");
        cell = Cell { sheet: None, row: 5, column: Some(2) };
        assert_eq!(cell.words().vi, "ô C5");
    }
}
