use std::io::{Cursor, Read};

use quick_xml::events::Event;
use quick_xml::{Reader, Writer};
use zip::ZipArchive;

use super::OutputError;

/// The path of the words in a Word file.
const MAIN: &str = "word/document.xml";

/// The main part of a Word file, with an element a line: for looking into.
///
/// # Errors
///
/// If it is no Word file.
pub fn main_part(file: &[u8]) -> Result<String, OutputError> {
    let unreadable = |error: &dyn std::error::Error| OutputError::Package(error.to_string());
    let mut archive = ZipArchive::new(Cursor::new(file)).map_err(|error| unreadable(&error))?;
    let mut part = archive.by_name(MAIN).map_err(|error| unreadable(&error))?;
    let mut xml = String::new();
    part.read_to_string(&mut xml).map_err(|error| unreadable(&error))?;
    let mut reader = Reader::from_str(&xml);
    let mut writer = Writer::new_with_indent(Vec::new(), b' ', 2);
    loop {
        match reader.read_event().map_err(|error| unreadable(&error))? {
            Event::Eof => break,
            // Line ends between elements; spaces may be words.
            Event::Text(text) if text.chars().all(|c| matches!(c, '\n' | '\r')) => {}
            event => writer.write_event(event).map_err(|error| unreadable(&error))?,
        }
    }
    let mut pretty = String::from_utf8_lossy(&writer.into_inner()).into_owned();
    pretty.push('\n');
    Ok(pretty)
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use zip::ZipWriter;
    use zip::write::SimpleFileOptions;

    use super::*;

    #[test]
    fn the_main_part_is_read_and_its_spaces_are_kept() {
        let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
        zip.start_file(MAIN, SimpleFileOptions::default()).expect("begun");
        let xml = b"<?xml version=\"1.0\"?>\n<d><p><t>a &amp; </t><t> </t><e/></p></d>";
        zip.write_all(xml).expect("written");
        let file = zip.finish().expect("packed").into_inner();
        let pretty = main_part(&file).expect("read");
        let lines: Vec<&str> = pretty.lines().skip(1).collect();
        let expected = ["<d>", "  <p>", "    <t>a &amp; </t>", "    <t> </t>", "    <e/>"];
        assert_eq!(lines[..5], expected, "{pretty}");
        assert!(pretty.ends_with("</d>\n"), "{pretty}");
        assert!(main_part(b"no file").is_err());
    }
}
