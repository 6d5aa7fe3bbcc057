use std::str::FromStr;

use axum::extract::{FromRequestParts, Query};
use http::request::Parts;

use super::problem::{Kind, Problem};
use crate::catalog::nearest;

/// The parameters of a request behind its `?`. Handlers take what they know; what is left
/// is unknown and refused.
#[derive(Debug, Default)]
pub(super) struct Parameters {
    given: Vec<(String, String)>,
    known: Vec<&'static str>,
}

impl<S: Send + Sync> FromRequestParts<S> for Parameters {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let given = Query::<Vec<(String, String)>>::from_request_parts(parts, state).await;
        let Query(given) = given.map_err(|_| {
            Problem::new(Kind::PARAMETER).detail(
                "phần tham số của địa chỉ không đọc được",
                "the parameters of the address cannot be read",
            )
        })?;
        Ok(Self { given, known: Vec::new() })
    }
}

impl Parameters {
    /// All values of a parameter.
    pub fn all(&mut self, name: &'static str) -> Vec<String> {
        self.known.push(name);
        let mut values = Vec::new();
        self.given.retain_mut(|(key, value)| {
            let is_it = key == name;
            if is_it {
                values.push(std::mem::take(value));
            }
            !is_it
        });
        values
    }

    /// The value of a parameter that is given at most once.
    pub fn one(&mut self, name: &'static str) -> Result<Option<String>, Problem> {
        let mut values = self.all(name);
        match values.len() {
            0 | 1 => Ok(values.pop()),
            _ => Err(wrong(name, "ghi nhiều lần", "is given several times")),
        }
    }

    /// The value of a parameter, read as what it is.
    pub fn read<T: FromStr>(
        &mut self,
        name: &'static str,
        vi: &str,
        en: &str,
    ) -> Result<Option<T>, Problem> {
        let value = self.one(name)?;
        value.map(|value| value.parse().map_err(|_| wrong(name, vi, en))).transpose()
    }

    /// Whether a parameter is `true`, or given without a value.
    pub fn flag(&mut self, name: &'static str) -> Result<bool, Problem> {
        match self.one(name)?.as_deref() {
            None | Some("false" | "0") => Ok(false),
            Some("" | "true" | "1") => Ok(true),
            Some(_) => Err(wrong(name, "phải là `true` hoặc `false`", "must be `true` or `false`")),
        }
    }

    /// A day.
    pub fn day(&mut self, name: &'static str) -> Result<Option<chrono::NaiveDate>, Problem> {
        self.read(name, "phải là ngày dạng yyyy-mm-dd", "must be a day such as 2026-07-01")
    }

    /// Refuses what no handler knows.
    pub fn end(self) -> Result<(), Problem> {
        let Some((unknown, _)) = self.given.first() else { return Ok(()) };
        let unknown: String = unknown.chars().take(40).collect();
        let known = self.known.join("`, `");
        let near = nearest(&unknown, self.known.iter().copied());
        let (mut vi, mut en) = (
            format!("không có tham số `{unknown}`; có: `{known}`"),
            format!("there is no parameter `{unknown}`; there are `{known}`"),
        );
        if let Some(near) = near {
            vi = format!("không có tham số `{unknown}`; có phải `{near}`?");
            en = format!("there is no parameter `{unknown}`; did you mean `{near}`?");
        }
        Err(Problem::new(Kind::PARAMETER).detail(vi, en))
    }
}

/// That a parameter is not as it has to be.
pub(super) fn wrong(name: &str, vi: &str, en: &str) -> Problem {
    Problem::new(Kind::PARAMETER)
        .detail(format!("tham số `{name}` {vi}"), format!("the parameter `{name}` {en}"))
}
