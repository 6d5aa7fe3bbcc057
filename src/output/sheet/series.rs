use std::collections::BTreeMap;
use std::io::{self, BufWriter, Write};

use lopdf::{Dictionary, Document, Object, ObjectId, Writer};

use super::stamp::PIECE;

/// A PDF that is written object after object, so that none needs to be kept. It is
/// byte for byte what lopdf writes of the same objects at once.
pub(super) struct Series<'w> {
    to: BufWriter<&'w mut dyn Write>,
    written: u64,
    /// Where each object begins, and its generation.
    places: BTreeMap<u32, (u64, u16)>,
}

/// What the table of contents can count to: ten digits.
const MOST: u64 = 9_999_999_999;

impl<'w> Series<'w> {
    /// Begins a file of the version that a document has.
    pub fn begin(document: &Document, to: &'w mut dyn Write) -> io::Result<Self> {
        let to = BufWriter::with_capacity(PIECE, to);
        let mut series = Self { to, written: 0, places: BTreeMap::new() };
        writeln!(series, "%PDF-{}", document.version)?;
        series.write_all(b"%")?;
        series.write_all(&document.binary_mark)?;
        series.write_all(b"\n")?;
        Ok(series)
    }

    /// Writes objects. Numbers must not repeat.
    pub fn extend<'o>(
        &mut self,
        objects: impl IntoIterator<Item = (&'o ObjectId, &'o Object)>,
    ) -> io::Result<()> {
        objects.into_iter().try_for_each(|(id, object)| self.object(*id, object))
    }

    /// Writes an object.
    pub fn object(&mut self, (id, generation): ObjectId, object: &Object) -> io::Result<()> {
        self.places.insert(id, (self.written, generation));
        let space = |needed: bool| if needed { " " } else { "" };
        let before = space(Writer::need_separator(object));
        write!(self, "{id} {generation} obj\n{before}")?;
        Writer::write_object(self, object)?;
        let after = space(Writer::need_end_separator(object));
        writeln!(self, "{after}\nendobj")
    }

    /// Writes the table of contents and the trailer; `last` is the highest number.
    pub fn finish(mut self, mut trailer: Dictionary, last: u32) -> io::Result<()> {
        if self.written > MOST {
            return Err(io::ErrorKind::FileTooLarge.into());
        }
        let start = self.written;
        // 0 is no object, and stands in the table.
        let mut sections = vec![vec![(0, "0000000000 65535 f ".to_owned())]];
        for (id, (place, generation)) in std::mem::take(&mut self.places) {
            let line = (id, format!("{place:>010} {generation:>05} n "));
            match sections.last_mut() {
                Some(run) if run.last().is_some_and(|(last, _)| last + 1 == id) => run.push(line),
                _ => sections.push(vec![line]),
            }
        }
        writeln!(self, "xref")?;
        for run in &sections {
            writeln!(self, "{} {}", run[0].0, run.len())?;
            run.iter().try_for_each(|(_, line)| writeln!(self, "{line}"))?;
        }
        trailer.set("Size", i64::from(last) + 1);
        writeln!(self, "trailer")?;
        Writer::write_object(&mut self, &Object::Dictionary(trailer))?;
        write!(self, "\nstartxref\n{start}\n%%EOF")?;
        self.flush()
    }
}

impl Write for Series<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let taken = self.to.write(bytes)?;
        self.written += taken as u64;
        Ok(taken)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.to.flush()
    }
}

#[cfg(test)]
mod tests {
    use lopdf::xref::XrefType;

    use super::*;

    #[test]
    fn it_is_what_the_library_writes_at_once() {
        let mut document = Document::with_version("1.7");
        document.reference_table.cross_reference_type = XrefType::CrossReferenceTable;
        for id in [1, 2, 5, 6, 9] {
            let object = Object::Array(vec![Object::Integer(i64::from(id)), Object::Null]);
            document.objects.insert((id, 0), object);
        }
        document.objects.insert((7, 3), Object::Name(b"a b".to_vec()));
        document.objects.insert((8, 0), Object::Real(1.0));
        for first in [1, 2] {
            document.objects.retain(|id, _| id.0 >= first);
            document.max_id = 11;
            document.trailer.set("Root", Object::Reference((5, 0)));
            let mut pieces = Vec::new();
            let mut series = Series::begin(&document, &mut pieces).expect("begun");
            series.extend(&document.objects).expect("written");
            series.finish(document.trailer.clone(), document.max_id).expect("finished");
            let mut whole = Vec::new();
            document.save_to(&mut whole).expect("saved");
            assert_eq!(String::from_utf8_lossy(&pieces), String::from_utf8_lossy(&whole));
        }
    }
}
