use crate::app::AppError;
use crate::base::Bilingual;

/// Why there is no answer to what was looked up.
#[derive(Debug, thiserror::Error)]
pub enum ReferenceError {
    /// There is no such thing.
    #[error("{}", self.message().en)]
    Unknown {
        /// What was looked for.
        thing: Thing,
        /// Its id, number or code, as given.
        id: String,
        /// The nearest one, if one is near.
        near: Option<String>,
    },
    /// A question cannot be answered as it is asked.
    #[error("{}", message.en)]
    Parameter {
        /// What of it is wrong.
        name: &'static str,
        /// Why.
        message: Bilingual,
    },
    /// The program or a template failed.
    #[error(transparent)]
    Failed(#[from] AppError),
}

/// What is looked for by an id.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Thing {
    /// A template, by its id.
    Template,
    /// A procedure, by its id.
    Procedure,
    /// A rule, by its code.
    Rule,
    /// A legal document, by its number.
    Law,
}

impl Thing {
    fn words(self) -> (&'static str, &'static str) {
        match self {
            Self::Template => ("mẫu", "template"),
            Self::Procedure => ("thủ tục", "procedure"),
            Self::Rule => ("mã", "code"),
            Self::Law => ("văn bản", "legal document"),
        }
    }
}

impl ReferenceError {
    pub(super) fn unknown(thing: Thing, id: &str, near: Option<&str>) -> Self {
        Self::Unknown { thing, id: id.to_owned(), near: near.map(str::to_owned) }
    }

    pub(super) fn parameter(name: &'static str, vi: String, en: String) -> Self {
        Self::Parameter { name, message: Bilingual::new(vi, en) }
    }

    /// The same of something that a question names.
    pub(super) fn of_parameter(self, name: &'static str) -> Self {
        Self::Parameter { name, message: self.message() }
    }

    /// The message in both languages.
    pub fn message(&self) -> Bilingual {
        match self {
            Self::Unknown { thing, id, near } => {
                let (vi, en) = thing.words();
                let (mut vi, mut en) =
                    (format!("không có {vi} `{id}`"), format!("there is no {en} `{id}`"));
                if let Some(near) = near {
                    vi.push_str(&format!(" (có phải `{near}`?)"));
                    en.push_str(&format!(" (did you mean `{near}`?)"));
                }
                Bilingual::new(vi, en)
            }
            Self::Parameter { message, .. } => message.clone(),
            Self::Failed(error) => error.message(),
        }
    }
}
