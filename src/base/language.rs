use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// A language that messages are written in. Vietnamese is the default.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Language {
    /// Vietnamese.
    #[default]
    Vi,
    /// English.
    En,
}

impl Language {
    /// Its code (ISO 639-1), as HTML and HTTP name it.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Vi => "vi",
            Self::En => "en",
        }
    }
}

impl FromStr for Language {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "vi" => Ok(Self::Vi),
            "en" => Ok(Self::En),
            _ => Err(format!("unknown language `{text}`, expected `vi` or `en`")),
        }
    }
}

/// One message in both languages, kept side by side.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Bilingual {
    /// The Vietnamese text.
    pub vi: String,
    /// The English text.
    pub en: String,
}

impl Bilingual {
    /// Makes a message from its two texts.
    pub fn new(vi: impl Into<String>, en: impl Into<String>) -> Self {
        Self { vi: vi.into(), en: en.into() }
    }

    /// The text in the language asked for.
    pub fn get(&self, language: Language) -> &str {
        match language {
            Language::Vi => &self.vi,
            Language::En => &self.en,
        }
    }

    /// Replaces `{name}` by `value` in both texts.
    pub(crate) fn fill(&mut self, name: &str, value: &Bilingual) {
        let mark = format!("{{{name}}}");
        self.vi = self.vi.replace(&mark, &value.vi);
        self.en = self.en.replace(&mark, &value.en);
    }
}

impl From<&str> for Bilingual {
    /// A text that is the same in both languages, such as a key or a number.
    fn from(text: &str) -> Self {
        Self::new(text, text)
    }
}

impl From<String> for Bilingual {
    fn from(text: String) -> Self {
        Self { vi: text.clone(), en: text }
    }
}
