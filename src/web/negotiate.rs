use std::str::FromStr;

use headers_accept::Accept;
use http::{HeaderMap, header};
use mediatype::MediaType;

use super::problem::{Kind, Problem};

/// The media types of an `Accept`, in the words that are used here.
pub(super) fn negotiate<'a>(
    headers: &HeaderMap,
    available: &[&'a str],
) -> Result<&'a str, Problem> {
    let values: Vec<&str> =
        headers.get_all(header::ACCEPT).iter().filter_map(|value| value.to_str().ok()).collect();
    let Some(first) = available.first() else { return Err(not_acceptable(available)) };
    if values.is_empty() {
        return Ok(first);
    }
    let accept = Accept::from_str(&values.join(", ")).map_err(|_| {
        Problem::new(Kind::MALFORMED)
            .detail("không đọc được đầu mục `Accept`", "the header `Accept` cannot be read")
    })?;
    let types: Vec<MediaType<'a>> =
        available.iter().filter_map(|name| MediaType::parse(name).ok()).collect();
    let chosen = accept.negotiate(&types);
    let found = chosen.and_then(|chosen| types.iter().position(|one| one == chosen));
    found.and_then(|at| available.get(at).copied()).ok_or_else(|| not_acceptable(available))
}

fn not_acceptable(available: &[&str]) -> Problem {
    let list = available.join("`, `");
    Problem::new(Kind::ACCEPT).detail(format!("có: `{list}`"), format!("there are `{list}`"))
}

/// How data is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Notation {
    /// JSON.
    Json,
    /// YAML.
    Yaml,
    /// A form of several parts.
    Multipart,
    /// Comma-separated values.
    Csv,
    /// A workbook.
    Xlsx,
}

/// How the body of a request is written, if it is one of some ways.
pub(super) fn notation(headers: &HeaderMap, taken: &[Notation]) -> Result<Notation, Problem> {
    let given = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let found = given.and_then(notation_of);
    found.filter(|found| taken.contains(found)).ok_or_else(|| {
        let list: Vec<&str> = taken.iter().map(|one| one.media_type()).collect();
        let list = list.join("`, `");
        Problem::new(Kind::MEDIA).detail(
            format!("`Content-Type` phải là `{list}`"),
            format!("`Content-Type` must be `{list}`"),
        )
    })
}

/// What a media type is, if it is one of some.
pub(super) fn notation_of(given: &str) -> Option<Notation> {
    let media = MediaType::parse(given).ok()?;
    let (main, sub) = (media.ty.as_str(), media.subty.as_str());
    let suffix = media.suffix.map(|suffix| suffix.as_str().to_ascii_lowercase());
    let name = format!("{main}/{sub}").to_ascii_lowercase();
    match (name.as_str(), suffix.as_deref()) {
        ("application/json", _) | (_, Some("json")) => Some(Notation::Json),
        ("application/yaml" | "application/x-yaml" | "text/yaml" | "text/x-yaml", _)
        | (_, Some("yaml")) => Some(Notation::Yaml),
        ("multipart/form-data", _) => Some(Notation::Multipart),
        ("text/csv", _) => Some(Notation::Csv),
        ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", _) => {
            Some(Notation::Xlsx)
        }
        _ => None,
    }
}

impl Notation {
    fn media_type(self) -> &'static str {
        match self {
            Self::Json => "application/json",
            Self::Yaml => "application/yaml",
            Self::Multipart => "multipart/form-data",
            Self::Csv => "text/csv",
            Self::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        }
    }
}

#[cfg(test)]
mod tests {
    use http::{HeaderMap, HeaderValue, header};

    use super::{Notation, negotiate, notation};

    const AVAILABLE: [&str; 3] = ["application/pdf", "text/html", "application/json"];

    #[test]
    fn what_is_accepted_is_weighed() {
        for (accept, told) in [
            ("*/*", Some("application/pdf")),
            ("text/*", Some("text/html")),
            ("application/json", Some("application/json")),
            ("application/pdf;q=0.1, text/html", Some("text/html")),
            ("application/pdf;q=0, */*;q=0.1", Some("text/html")),
            ("image/png", None),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(header::ACCEPT, HeaderValue::from_static(accept));
            assert_eq!(negotiate(&headers, &AVAILABLE).ok(), told, "{accept}");
        }
        assert_eq!(negotiate(&HeaderMap::new(), &AVAILABLE).unwrap(), "application/pdf");
    }

    #[test]
    fn a_body_says_how_it_is_written() {
        let taken = [Notation::Json, Notation::Yaml];
        for (kind, told) in [
            ("application/json", Some(Notation::Json)),
            ("Application/JSON; charset=utf-8", Some(Notation::Json)),
            ("application/vnd.case+json", Some(Notation::Json)),
            ("application/yaml", Some(Notation::Yaml)),
            ("text/yaml", Some(Notation::Yaml)),
            ("text/csv", None),
            ("text/plain", None),
            ("application/x-www-form-urlencoded", None),
            ("nonsense", None),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
            assert_eq!(notation(&headers, &taken).ok(), told, "{kind}");
        }
        assert!(notation(&HeaderMap::new(), &taken).is_err());
    }
}
