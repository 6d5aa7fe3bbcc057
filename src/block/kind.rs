use serde::Serialize;

/// The kind of a document: one of the 29 of Điều 7, with the code of PL3-I.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Kind {
    /// The name, such as `Kế hoạch`.
    pub name: String,
    /// The code in the symbol, such as `KH`; empty where the decree gives none.
    pub code: String,
}
