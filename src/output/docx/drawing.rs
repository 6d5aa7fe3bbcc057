use super::units::emu;
use super::xml::Xml;

/// A picture in the text.
#[derive(Debug)]
pub(super) struct Drawing<'a> {
    /// The number of the picture in the file, from 1.
    pub number: usize,
    /// What it shows, for those who do not see it.
    pub alt: std::borrow::Cow<'a, str>,
    /// Width and height in millimetres.
    pub size: (f64, f64),
    /// Where it stands; `None` in the line like a word.
    pub place: Option<Place>,
}

/// The upper left corner of a picture, from the left edge of its column and the top of
/// its paragraph, in millimetres.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Place {
    pub left: f64,
    pub top: f64,
}

/// Namespaces of drawings.
const DRAWING: &str = "http://schemas.openxmlformats.org/drawingml/2006/main";
const PICTURE: &str = "http://schemas.openxmlformats.org/drawingml/2006/picture";

/// The name under which the text asks for a picture.
pub(super) fn relation(number: usize) -> String {
    format!("rIdImage{number}")
}

impl Drawing<'_> {
    pub fn write(&self, xml: &mut Xml) {
        xml.start("w:drawing", &[]);
        let zero = [("distT", "0"), ("distB", "0"), ("distL", "0"), ("distR", "0")];
        match self.place {
            None => {
                xml.start("wp:inline", &zero);
                self.extent(xml);
                self.picture(xml);
                xml.end("wp:inline");
            }
            Some(place) => {
                let order = (self.number * 1024).to_string();
                let mut attributes = zero.to_vec();
                attributes.extend([
                    ("simplePos", "0"),
                    ("relativeHeight", order.as_str()),
                    ("behindDoc", "0"),
                    ("locked", "0"),
                    ("layoutInCell", "1"),
                    ("allowOverlap", "1"),
                ]);
                xml.start("wp:anchor", &attributes);
                xml.empty("wp:simplePos", &[("x", "0"), ("y", "0")]);
                position(xml, "wp:positionH", "column", place.left);
                position(xml, "wp:positionV", "paragraph", place.top);
                self.extent(xml);
                xml.empty("wp:effectExtent", &[("l", "0"), ("t", "0"), ("r", "0"), ("b", "0")]);
                xml.empty("wp:wrapNone", &[]);
                self.picture(xml);
                xml.end("wp:anchor");
            }
        }
        xml.end("w:drawing");
    }

    fn size(&self) -> [String; 2] {
        [emu(self.size.0).to_string(), emu(self.size.1).to_string()]
    }

    fn extent(&self, xml: &mut Xml) {
        let [width, height] = &self.size();
        xml.empty("wp:extent", &[("cx", width), ("cy", height)]);
    }

    /// Everything that inline and anchored pictures share.
    fn picture(&self, xml: &mut Xml) {
        let [width, height] = &self.size();
        let number = self.number.to_string();
        let name = format!("Hình {number}");
        xml.empty("wp:docPr", &[("id", &number), ("name", &name), ("descr", &self.alt)]);
        xml.start("wp:cNvGraphicFramePr", &[]);
        xml.empty("a:graphicFrameLocks", &[("xmlns:a", DRAWING), ("noChangeAspect", "1")]);
        xml.end("wp:cNvGraphicFramePr");
        xml.start("a:graphic", &[("xmlns:a", DRAWING)]);
        xml.start("a:graphicData", &[("uri", PICTURE)]);
        xml.start("pic:pic", &[("xmlns:pic", PICTURE)]);
        xml.start("pic:nvPicPr", &[]);
        xml.empty("pic:cNvPr", &[("id", &number), ("name", &name)]);
        xml.empty("pic:cNvPicPr", &[]);
        xml.end("pic:nvPicPr");
        xml.start("pic:blipFill", &[]);
        xml.empty("a:blip", &[("r:embed", &relation(self.number))]);
        xml.start("a:stretch", &[]);
        xml.empty("a:fillRect", &[]);
        xml.end("a:stretch");
        xml.end("pic:blipFill");
        xml.start("pic:spPr", &[]);
        xml.start("a:xfrm", &[]);
        xml.empty("a:off", &[("x", "0"), ("y", "0")]);
        xml.empty("a:ext", &[("cx", width), ("cy", height)]);
        xml.end("a:xfrm");
        xml.start("a:prstGeom", &[("prst", "rect")]);
        xml.empty("a:avLst", &[]);
        xml.end("a:prstGeom");
        xml.end("pic:spPr");
        xml.end("pic:pic");
        xml.end("a:graphicData");
        xml.end("a:graphic");
    }
}

fn position(xml: &mut Xml, name: &str, from: &str, millimetres: f64) {
    xml.start(name, &[("relativeFrom", from)]);
    xml.text_element("wp:posOffset", &[], &emu(millimetres).to_string());
    xml.end(name);
}
