use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesEnd, BytesStart, BytesText, Event};

/// Writes one part of a file, into memory.
pub(super) struct Xml {
    writer: Writer<Vec<u8>>,
}

/// Attributes of an element.
pub(super) type Attributes<'a> = &'a [(&'a str, &'a str)];

impl Xml {
    /// Starts a part.
    pub fn new() -> Self {
        let mut xml = Self { writer: Writer::new(Vec::with_capacity(32 * 1024)) };
        xml.write(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), Some("yes"))));
        xml
    }

    /// Starts an element.
    pub fn start(&mut self, name: &str, attributes: Attributes<'_>) {
        self.write(Event::Start(element(name, attributes)));
    }

    /// Ends the element of this name.
    pub fn end(&mut self, name: &str) {
        self.write(Event::End(BytesEnd::new(name)));
    }

    /// An element without content.
    pub fn empty(&mut self, name: &str, attributes: Attributes<'_>) {
        self.write(Event::Empty(element(name, attributes)));
    }

    /// An element with one attribute `w:val`.
    pub fn value(&mut self, name: &str, value: &str) {
        self.empty(name, &[("w:val", value)]);
    }

    /// An element whose `w:val` is a number.
    pub fn number(&mut self, name: &str, value: u32) {
        self.value(name, &value.to_string());
    }

    /// Text, escaped.
    pub fn text(&mut self, text: &str) {
        self.write(Event::Text(BytesText::new(text)));
    }

    /// An element that holds nothing but text.
    pub fn text_element(&mut self, name: &str, attributes: Attributes<'_>, text: &str) {
        self.start(name, attributes);
        self.text(text);
        self.end(name);
    }

    /// The part.
    pub fn finish(self) -> Vec<u8> {
        self.writer.into_inner()
    }

    fn write(&mut self, event: Event<'_>) {
        self.writer.write_event(event).expect("writing to memory does not fail");
    }
}

fn element<'a>(name: &'a str, attributes: Attributes<'a>) -> BytesStart<'a> {
    BytesStart::new(name).with_attributes(attributes.iter().copied())
}
