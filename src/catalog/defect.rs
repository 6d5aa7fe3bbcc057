use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::Choice;

/// A fault of a form as the gazette prints it, and what the template does about it.
///
/// Where there is a corrected text, which of the two is printed is an option of the
/// template; a fault without one is printed as it stands in the gazette.
#[derive(Debug, Clone, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Defect {
    /// The form and a number: `v-36-2`. The name of the option too.
    pub id: String,
    /// The words of the gazette, as many as find the place; what is missing, in brackets.
    pub printed: String,
    /// The words that can be printed in their place.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub corrected: Option<String>,
    /// Which of them is printed where the user does not choose.
    #[serde(default)]
    pub default: Wording,
    /// What is wrong and what is done about it, in Vietnamese.
    pub vi: String,
    /// The same in English.
    pub en: String,
}

/// Whose words are printed at the place of a [`Defect`].
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Wording {
    /// Those of the decree, as the gazette prints them.
    #[default]
    Decree,
    /// The corrected ones.
    Corrected,
}

impl Wording {
    /// The name of the option that chooses for all defects of a form.
    pub const OPTION: &str = "wording";

    /// The value of that option that leaves every defect to its own default.
    const EACH: &str = "default";

    fn name(self) -> &'static str {
        match self {
            Self::Decree => "decree",
            Self::Corrected => "corrected",
        }
    }
}

impl Defect {
    /// What is wrong with the entry, given the ids before it.
    pub(super) fn fault(&self, earlier: &[Self]) -> Option<&'static str> {
        let blank = |text: &str| text.trim().is_empty();
        if [&self.id, &self.printed, &self.vi, &self.en].into_iter().any(|text| blank(text)) {
            Some("a `[[defect]]` needs `id`, `printed`, `vi` and `en`")
        } else if earlier.iter().any(|one| one.id == self.id) || self.id == Wording::OPTION {
            Some("the `id` of a `[[defect]]` is its own")
        } else if self.corrected.is_none() && self.default == Wording::Corrected {
            Some("a `[[defect]]` without `corrected` has no other default than `decree`")
        } else if self.corrected.as_ref().is_some_and(|text| blank(text) || *text == self.printed) {
            Some("a `[[defect]]` needs other words in `corrected` than in `printed`")
        } else {
            None
        }
    }

    /// The words of one choice.
    pub fn words(&self, wording: Wording) -> &str {
        match (wording, &self.corrected) {
            (Wording::Corrected, Some(words)) => words,
            _ => &self.printed,
        }
    }

    /// The options with which the words of a form's defects are chosen: one for all of
    /// them and one for each; none, if there is nothing to choose.
    pub(super) fn options(all: &[Self]) -> Vec<Choice> {
        let values = || [Wording::Decree, Wording::Corrected].map(|one| one.name().to_owned());
        let option = |name: &str, title: String, title_en: String| Choice {
            name: name.to_owned(),
            title,
            title_en,
            values: values().to_vec(),
            from: None,
            default: String::new(),
        };
        let choosable: Vec<&Self> = all.iter().filter(|one| one.corrected.is_some()).collect();
        if choosable.is_empty() {
            return Vec::new();
        }
        let (vi, en) = (
            "Chữ ở những chỗ Công báo in sai: của Nghị định hay đã đính chính",
            "Words where the gazette has a slip: those of the decree or the corrected ones",
        );
        let mut every = option(Wording::OPTION, vi.to_owned(), en.to_owned());
        Wording::EACH.clone_into(&mut every.default);
        every.values.insert(0, every.default.clone());
        let title = |words: &str| words.trim_end_matches('.').to_owned();
        let one = |defect: &Self| Choice {
            default: defect.default.name().to_owned(),
            ..option(&defect.id, title(&defect.vi), title(&defect.en))
        };
        std::iter::once(every).chain(choosable.into_iter().map(one)).collect()
    }

    /// Whose words are printed at each defect that has a choice: what was asked for
    /// this one, or for all, or else its default. `asked` gives the value of an option.
    pub fn chosen<'a>(
        all: &'a [Self],
        asked: impl Fn(&str) -> Option<&'a str>,
    ) -> BTreeMap<&'a str, Wording> {
        let read = |value: &str| {
            [Wording::Decree, Wording::Corrected].into_iter().find(|one| one.name() == value)
        };
        let every = asked(Wording::OPTION).and_then(read);
        let choosable = all.iter().filter(|one| one.corrected.is_some());
        choosable
            .map(|one| {
                let own = asked(&one.id).and_then(read);
                (one.id.as_str(), own.or(every).unwrap_or(one.default))
            })
            .collect()
    }
}
