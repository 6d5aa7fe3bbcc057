use std::collections::BTreeMap;
use std::sync::LazyLock;

use axum::extract::Path;
use axum::response::Response;
use http::HeaderMap;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::cached::{self, Kept};
use super::context::Context;
use super::negotiate::negotiate;
use super::problem::{Kind, Problem, ProblemBody};
use super::query::Parameters;
use super::state::App;
use crate::app::service::Media;
use crate::base::{Bilingual, Language};

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(problems)).routes(routes!(problem))
}

/// A kind of problem, explained. Version 1.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ProblemType)]
struct ProblemType {
    /// The version of this format.
    #[schema(minimum = 1, maximum = 1)]
    version: u8,
    /// What problems of this kind have as their `type`.
    #[serde(rename = "type")]
    #[schema(example = "/problems/findings")]
    kind: String,
    /// The status of their answers.
    #[schema(minimum = 400, maximum = 599)]
    status: u16,
    /// The title.
    title: Words,
    /// What it means.
    meaning: Words,
    /// What to do about it.
    advice: Words,
}

/// All kinds of problems. Version 1.
#[derive(Debug, Serialize, ToSchema)]
struct ProblemTypes {
    /// The version of this format.
    #[schema(minimum = 1, maximum = 1)]
    version: u8,
    /// The kinds, by status.
    problems: Vec<ProblemType>,
}

/// The same words in both languages.
#[derive(Debug, Serialize, ToSchema)]
struct Words {
    /// In Vietnamese.
    vi: String,
    /// In English.
    en: String,
}

impl From<Bilingual> for Words {
    fn from(Bilingual { vi, en }: Bilingual) -> Self {
        Self { vi, en }
    }
}

/// An entry of `problems.toml`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    vi: String,
    en: String,
    todo_vi: String,
    todo_en: String,
}

static ENTRIES: LazyLock<BTreeMap<String, Entry>> = LazyLock::new(|| {
    toml::from_str(include_str!("problems.toml"))
        .expect("problems.toml is part of the program and a test reads it")
});

impl ProblemType {
    fn of(kind: Kind) -> Option<Self> {
        let entry = ENTRIES.get(kind.id)?;
        let words = |vi: &str, en: &str| Bilingual::new(vi, en).into();
        Some(Self {
            version: 1,
            kind: kind.path(),
            status: kind.status,
            title: words(kind.vi, kind.en),
            meaning: words(&entry.vi, &entry.en),
            advice: words(&entry.todo_vi, &entry.todo_en),
        })
    }

    /// The page that explains it; all its words are the program's own.
    fn page(&self, language: Language) -> String {
        let order: [fn(&Words) -> &str; 2] = match language {
            Language::Vi => [|words| &words.vi, |words| &words.en],
            Language::En => [|words| &words.en, |words| &words.vi],
        };
        let mut page = format!(
            "<!DOCTYPE html>\n<html lang=\"{}\">\n<head><meta charset=\"utf-8\">\
             <meta name=\"viewport\" content=\"width=device-width\"><title>{}</title></head>\n<body>\n",
            language.code(),
            escaped(order[0](&self.title)),
        );
        for (at, of) in order.into_iter().enumerate() {
            let language = if at == 0 { language } else { other(language) }.code();
            page.push_str(&format!(
                "<section lang=\"{language}\">\n<h1>{} ({})</h1>\n<p>{}</p>\n<p>{}</p>\n</section>\n",
                escaped(of(&self.title)),
                self.status,
                escaped(of(&self.meaning)),
                escaped(of(&self.advice)),
            ));
        }
        page.push_str(&format!("<p><code>{}</code></p>\n</body>\n</html>\n", self.kind));
        page
    }
}

fn other(language: Language) -> Language {
    match language {
        Language::Vi => Language::En,
        Language::En => Language::Vi,
    }
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

/// Lists the kinds of problems that answers can be.
#[utoipa::path(get, path = "/problems", tag = "service", operation_id = "list_problems",
    responses(
        (status = 200, description = "The kinds", body = ProblemTypes),
        (status = "4XX", description = "A problem", body = ProblemBody, content_type = "application/problem+json"),
        (status = "5XX", description = "A problem", body = ProblemBody, content_type = "application/problem+json"),
    ))]
async fn problems(headers: HeaderMap, parameters: Parameters) -> Result<Response, Problem> {
    parameters.end()?;
    let problems = Kind::ALL.iter().copied().filter_map(ProblemType::of).collect();
    cached::json(&headers, &ProblemTypes { version: 1, problems })
}

/// Explains a kind of problem: what the `type` of an answer leads to.
#[utoipa::path(get, path = "/problems/{id}", tag = "service", operation_id = "get_problem",
    params(("id" = String, Path, description = "The last part of a `type`", example = "queue-full")),
    responses(
        (status = 200, description = "What it means and what to do", content(
            (ProblemType = "application/json"), (String = "text/html"),
        )),
        (status = "4XX", description = "A problem", body = ProblemBody, content_type = "application/problem+json"),
        (status = "5XX", description = "A problem", body = ProblemBody, content_type = "application/problem+json"),
    ))]
async fn problem(
    context: Context,
    Path(id): Path<String>,
    headers: HeaderMap,
    parameters: Parameters,
) -> Result<Response, Problem> {
    parameters.end()?;
    let told = Kind::of(&id).and_then(ProblemType::of);
    let told = told.ok_or_else(|| Problem::new(Kind::ENTRY))?;
    let (json, html) = (Media::Json, Media::Html);
    if negotiate(&headers, &[json.plain_type(), html.plain_type()])? == json.plain_type() {
        return cached::json(&headers, &told);
    }
    let page = told.page(context.language);
    Ok(cached::answer(&headers, html.media_type(), page, Kept::AWhile))
}

#[cfg(test)]
mod tests {
    use super::{ENTRIES, Kind, Language, ProblemType};

    #[test]
    fn every_kind_is_explained_and_nothing_else() {
        let mut explained: Vec<&str> = ENTRIES.keys().map(String::as_str).collect();
        let mut kinds: Vec<&str> = Kind::ALL.iter().map(|kind| kind.id).collect();
        explained.sort_unstable();
        kinds.sort_unstable();
        assert_eq!(explained, kinds);
        for kind in Kind::ALL {
            let told = ProblemType::of(*kind).unwrap();
            for words in [&told.title, &told.meaning, &told.advice] {
                assert!(!words.vi.is_empty() && !words.en.is_empty(), "{}", kind.id);
                assert_ne!(words.vi, words.en, "{}", kind.id);
            }
            assert!(told.page(Language::En).contains("lang=\"vi\""));
        }
    }
}
