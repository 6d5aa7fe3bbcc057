use axum::body::Body;
use axum::response::Response;
use bytes::Bytes;
use futures_util::stream;
use http::{HeaderValue, header};

use super::made::{disposition, put};
use crate::app::service::{Answer, CrewError, Made};
use crate::web::body::Room;
use crate::web::context::Context;
use crate::web::metrics;
use crate::web::problem::Problem;

/// An answer that goes out while it is made. If the rest cannot be made, the connection ends
/// without the end of the body: nobody takes what came for the whole.
pub(super) fn response(
    answer: Answer,
    made: &Made,
    name: String,
    context: &Context,
    room: Room,
) -> Response {
    let way = Way { answer, name, context: context.clone(), _room: room };
    let body = stream::unfold(way, |mut way| async move {
        let next = way.next().await?;
        Some((next, way))
    });
    let mut response = Response::new(Body::from_stream(body));
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(made.media.media_type()));
    put(headers, "content-disposition", &disposition(made));
    response
}

/// An answer on its way. Whoever drops it stops the work.
struct Way {
    answer: Answer,
    /// The template or procedure.
    name: String,
    context: Context,
    _room: Room,
}

impl Way {
    async fn next(&mut self) -> Option<Result<Bytes, CrewError>> {
        let next = self.answer.next().await;
        match &next {
            Some(Ok(_)) => {}
            Some(Err(error)) => {
                self.context.note().broken = Some(Problem::from(error.clone()));
            }
            None => {
                let spent = self.answer.end.as_ref().map(|end| end.spent).unwrap_or_default();
                metrics::steps(&self.name, self.answer.waited, spent);
            }
        }
        next
    }
}
