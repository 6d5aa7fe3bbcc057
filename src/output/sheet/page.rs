use lopdf::{Dictionary, Document, Object, ObjectId};

/// What a page may take from the nodes above it (ISO 32000-1, table 30).
const INHERITED: [&[u8]; 4] = [b"Resources", b"MediaBox", b"CropBox", b"Rotate"];
/// A4, in points.
const A4: [f64; 4] = [0.0, 0.0, 595.276, 841.89];
/// Nodes above a page; a file with more is made to be endless.
const DEEPEST: usize = 64;

/// The page as it is seen: what part of its plane, turned how often to the right.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Visible {
    left: f64,
    lower: f64,
    right: f64,
    upper: f64,
    turn: u8,
}

impl Visible {
    /// Width and height as seen, in points.
    pub fn size(&self) -> (f64, f64) {
        let (width, height) = (self.right - self.left, self.upper - self.lower);
        if self.turn.is_multiple_of(2) { (width, height) } else { (height, width) }
    }

    /// Takes what is drawn on a page as seen to the plane of this page.
    pub fn matrix(&self) -> [f64; 6] {
        match self.turn {
            1 => [0.0, 1.0, -1.0, 0.0, self.right, self.lower],
            2 => [-1.0, 0.0, 0.0, -1.0, self.right, self.upper],
            3 => [0.0, -1.0, 1.0, 0.0, self.left, self.upper],
            _ => [1.0, 0.0, 0.0, 1.0, self.left, self.lower],
        }
    }
}

/// The dictionary of a page, with what it takes from the nodes above it.
pub(super) fn whole(document: &Document, page: ObjectId) -> Result<Dictionary, lopdf::Error> {
    let mut whole = document.get_dictionary(page)?.clone();
    let mut above = whole.get(b"Parent").and_then(Object::as_reference).ok();
    for _ in 0..DEEPEST {
        let Some(node) = above.and_then(|id| document.get_dictionary(id).ok()) else { break };
        for key in INHERITED {
            if let (false, Ok(value)) = (whole.has(key), node.get(key)) {
                whole.set(key, value.clone());
            }
        }
        above = node.get(b"Parent").and_then(Object::as_reference).ok();
    }
    Ok(whole)
}

/// How a page is seen.
pub(super) fn visible(document: &Document, page: &Dictionary) -> Visible {
    let numbers = |key: &[u8]| -> Option<[f64; 4]> {
        let (_, object) = document.dereference(page.get(key).ok()?).ok()?;
        let number = |object: &Object| {
            document.dereference(object).ok().and_then(|(_, value)| value.as_float().ok())
        };
        let list: Vec<f64> =
            object.as_array().ok()?.iter().filter_map(number).map(f64::from).collect();
        <[f64; 4]>::try_from(list).ok()
    };
    // The corners may stand in any order.
    let ordered = |[a, b, c, d]: [f64; 4]| [a.min(c), b.min(d), a.max(c), b.max(d)];
    let media = ordered(numbers(b"MediaBox").unwrap_or(A4));
    let crop = numbers(b"CropBox").map_or(media, ordered);
    let seen = [
        crop[0].max(media[0]),
        crop[1].max(media[1]),
        crop[2].min(media[2]),
        crop[3].min(media[3]),
    ];
    let seen = if seen[0] < seen[2] && seen[1] < seen[3] { seen } else { media };
    let degrees = page.get(b"Rotate").ok().and_then(|value| document.dereference(value).ok());
    let degrees = degrees.and_then(|(_, value)| value.as_i64().ok()).unwrap_or(0);
    let turn = u8::try_from(degrees.rem_euclid(360) / 90).unwrap_or(0);
    let [left, lower, right, upper] = seen;
    Visible { left, lower, right, upper, turn }
}

/// An empty page of A4.
pub(super) fn empty(parent: ObjectId) -> Dictionary {
    let mut page = Dictionary::new();
    page.set("Type", Object::Name(b"Page".to_vec()));
    page.set("Parent", parent);
    page.set("MediaBox", Object::Array(A4.map(real).to_vec()));
    page.set("Resources", Dictionary::new());
    page
}

/// A number of a PDF.
#[expect(clippy::cast_possible_truncation, reason = "lengths of a page")]
pub(super) fn real(number: f64) -> Object {
    Object::Real(number as f32)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_turned_page_is_stamped_where_it_is_seen() {
        let turned = |turn| Visible { left: 10.0, lower: 20.0, right: 110.0, upper: 220.0, turn };
        // The upper right corner as seen, in the plane of the page.
        let corner = |page: Visible| {
            let ((across, up), matrix) = (page.size(), page.matrix());
            let along = |at: usize| matrix[at] * across + matrix[at + 2] * up + matrix[at + 4];
            (along(0), along(1))
        };
        assert_eq!(corner(turned(0)), (110.0, 220.0));
        assert_eq!(corner(turned(1)), (10.0, 220.0));
        assert_eq!(corner(turned(2)), (10.0, 20.0));
        assert_eq!(corner(turned(3)), (110.0, 20.0));
    }
}
