use std::io;
use std::sync::{Arc, Mutex, PoisonError};

use axum::body::Body;
use axum::extract::multipart::Field;
use axum::extract::{DefaultBodyLimit, FromRequest, Multipart};
use bytes::{Bytes, BytesMut};
use futures_util::stream;
use http::{HeaderMap, Request, header};

use super::body::{Incoming, Room, broken};
use super::problem::{Kind, Problem};
use super::state::App;
use crate::app::{PartError, Parts};

/// A form that has been read (`multipart/form-data`, RFC 7578): the parts that are known by
/// name, and files under the paths that the data give them. The room that it takes is free
/// again when it is dropped.
#[derive(Debug, Default)]
pub(super) struct Form {
    /// The parts that are known by name, in the order of the form.
    pub known: Vec<(&'static str, FormPart)>,
    /// Files by their paths. A path is a name here and nothing more.
    pub files: Vec<(String, Bytes)>,
    /// The room that it takes.
    pub room: Room,
}

/// A part of a form.
#[derive(Debug)]
pub(super) struct FormPart {
    /// The file name that it has.
    pub file_name: Option<String>,
    /// The media type that it has.
    pub media_type: Option<String>,
    /// What it holds.
    pub bytes: Bytes,
}

/// The most parts of a form.
const MOST_PARTS: usize = 200;
/// The name of parts whose file name is the path.
const FILE: &str = "file";

impl Form {
    /// Reads a form to its end, within the limits of size and time. Parts with one of the
    /// known names come once each; others are files, if files are taken, and else refused.
    pub async fn read(
        app: &App,
        headers: &HeaderMap,
        body: Body,
        known: &[&'static str],
        takes_files: bool,
    ) -> Result<Self, Problem> {
        let incoming = Incoming::new(app, headers, body, app.config.limits.upload())?;
        let shared = Arc::new(Reading { incoming: Mutex::default(), problem: Mutex::default() });
        let mut fields = fields(headers, incoming, &shared).await?;
        let why = |_| shared.problem.lock().unwrap_or_else(PoisonError::into_inner).take();
        let why = |error| why(error).unwrap_or_else(broken);
        let mut form = Self::default();
        loop {
            let Some(mut field) = fields.next_field().await.map_err(why)? else { break };
            if form.known.len() + form.files.len() == MOST_PARTS {
                return Err(malformed(
                    &format!("biểu mẫu gửi đến có hơn {MOST_PARTS} phần"),
                    &format!("the form has more than {MOST_PARTS} parts"),
                ));
            }
            // What a part is called is looked at before it is read.
            let place = form.place(&field, known, takes_files)?;
            let file_name = field.file_name().map(str::to_owned);
            let media_type = field.content_type().map(str::to_owned);
            let bytes = whole(&mut field).await.map_err(why)?;
            match place {
                Place::Known(name) => {
                    form.known.push((name, FormPart { file_name, media_type, bytes }));
                }
                Place::File(path) => form.files.push((path, bytes)),
            }
        }
        let incoming = shared.incoming.lock().unwrap_or_else(PoisonError::into_inner).take();
        form.room = incoming.map(Incoming::into_room).unwrap_or_default();
        Ok(form)
    }

    /// Takes a part that has to be there.
    pub fn take(&mut self, name: &str) -> Result<FormPart, Problem> {
        self.take_if_there(name).ok_or_else(|| {
            malformed(
                &format!("biểu mẫu gửi đến thiếu phần `{name}`"),
                &format!("the form lacks the part `{name}`"),
            )
        })
    }

    /// Takes a part, if it is there.
    pub fn take_if_there(&mut self, name: &str) -> Option<FormPart> {
        let at = self.known.iter().position(|(other, _)| *other == name)?;
        Some(self.known.swap_remove(at).1)
    }

    /// What a part is, by its names.
    fn place(
        &self,
        field: &Field<'_>,
        known: &[&'static str],
        takes_files: bool,
    ) -> Result<Place, Problem> {
        let refused = |error: PartError| Problem::new(Kind::MALFORMED).words(error.message());
        let name = field.name().unwrap_or_default();
        if let Some(name) = known.iter().find(|one| **one == name) {
            if self.known.iter().any(|(other, _)| other == name) {
                return Err(refused(PartError::Twice((*name).to_owned())));
            }
            return Ok(Place::Known(name));
        }
        if !takes_files {
            let name: String = name.chars().take(40).collect::<String>();
            let (name, list) = (name.escape_debug(), known.join("`, `"));
            return Err(malformed(
                &format!("không nhận phần `{name}`; có: `{list}`"),
                &format!("a part `{name}` is not taken; there are `{list}`"),
            ));
        }
        let name = if name == FILE { field.file_name().unwrap_or_default() } else { name };
        let path = Parts::path(name).map_err(refused)?;
        if self.files.iter().any(|(other, _)| *other == path) {
            return Err(refused(PartError::Twice(path)));
        }
        Ok(Place::File(path))
    }
}

/// What a part of a form is.
enum Place {
    Known(&'static str),
    File(String),
}

/// What the reader of a form and that of its body share.
struct Reading {
    /// The body, when it is not being read.
    incoming: Mutex<Option<Incoming>>,
    /// Why it could not be read on.
    problem: Mutex<Option<Problem>>,
}

/// The parts of a form, read from a body as they come.
async fn fields(
    headers: &HeaderMap,
    incoming: Incoming,
    shared: &Arc<Reading>,
) -> Result<Multipart, Problem> {
    *shared.incoming.lock().unwrap_or_else(PoisonError::into_inner) = Some(incoming);
    let shared = shared.clone();
    let body = stream::unfold(shared, |shared| async move {
        let incoming = shared.incoming.lock().unwrap_or_else(PoisonError::into_inner).take();
        let mut incoming = incoming?;
        let next = incoming.next().await;
        *shared.incoming.lock().unwrap_or_else(PoisonError::into_inner) = Some(incoming);
        match next {
            Ok(None) => None,
            Ok(Some(bytes)) => Some((Ok(bytes), shared)),
            Err(problem) => {
                *shared.problem.lock().unwrap_or_else(PoisonError::into_inner) = Some(problem);
                Some((Err(io::Error::other("the body cannot be read on")), shared))
            }
        }
    });
    let mut request = Request::new(Body::from_stream(body));
    if let Some(kind) = headers.get(header::CONTENT_TYPE) {
        request.headers_mut().insert(header::CONTENT_TYPE, kind.clone());
    }
    // The limit is that of the body below.
    DefaultBodyLimit::disable().apply(&mut request);
    Multipart::from_request(request, &()).await.map_err(|_| {
        malformed(
            "`Content-Type` của biểu mẫu không ghi `boundary` đúng",
            "the `Content-Type` of the form has no valid `boundary`",
        )
    })
}

/// The bytes of a part.
async fn whole(field: &mut Field<'_>) -> Result<Bytes, axum::extract::multipart::MultipartError> {
    let mut first: Option<Bytes> = None;
    let mut all = BytesMut::new();
    while let Some(data) = field.chunk().await? {
        match first.take() {
            None if all.is_empty() => first = Some(data),
            before => {
                all.extend_from_slice(&before.unwrap_or_default());
                all.extend_from_slice(&data);
            }
        }
    }
    Ok(first.unwrap_or_else(|| all.freeze()))
}

pub(super) fn malformed(vi: &str, en: &str) -> Problem {
    Problem::new(Kind::MALFORMED).detail(vi, en)
}
