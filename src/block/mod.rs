//! The block tree: what a document says and what each part of it is.
//!
//! The tree knows no output format and no case: it holds the words in their
//! final form (numbers, capitals, end marks), so that every format says the
//! same.

mod body;
mod chart;
mod closing;
mod document;
mod ending;
mod envelope;
mod image;
mod inline;
mod kind;
mod numbering;
mod settings;
mod walk;

pub use body::{Align, Block, Cell, Column, Item, Marker, Photo, Rank, Section, Table, TitleStyle};
pub use chart::{Bar, Chart};
pub use closing::{
    Archive, Authority, Confirmation, MANY_RECIPIENTS, Recipient, RecipientLine, Recipients,
    Signature, kept_purpose,
};
pub use document::{Annex, Document, Orientation};
pub use ending::finish;
pub use envelope::{
    Addressees, Enacting, Envelope, Header, Heading, Issuer, MOTTO, Marks, Medium, NATION, Urgency,
};
pub use image::{Image, Images, SIGNATURE_ROOM, Seal};
pub use inline::{Inline, Note, canonical_text, plain_text, tick};
pub use kind::Kind;
pub use numbering::{MAX_LEVEL, number};
pub use settings::{Margins, Numbering, Settings, SizeSet};
pub use walk::{charts, document_notes, drop_notes, envelope_notes, notes, paragraphs};
