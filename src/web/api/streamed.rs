use std::time::Duration;

use axum::body::Body;
use axum::response::Response;
use bytes::Bytes;
use futures_util::{Stream, stream};
use http::{HeaderValue, header};
use tokio::sync::mpsc::{self, error::SendTimeoutError};

use super::made::{disposition, put};
use crate::app::service::{Answer, CrewError, Made};
use crate::web::body::Room;
use crate::web::context::Context;
use crate::web::problem::Problem;
use crate::web::state::App;

/// How many parts of an answer wait to be taken.
const AHEAD: usize = 4;

/// An answer that goes out while it is made. If the rest cannot be made, the connection ends
/// without the end of the body: nobody takes what came for the whole.
pub(super) fn response(
    app: &App,
    answer: Answer,
    made: &Made,
    context: &Context,
    room: Room,
) -> Response {
    let patience = Duration::from_secs(app.config.limits.answer_seconds);
    let way = Way { answer, context: context.clone(), patience, _room: room };
    let (to, from) = mpsc::channel(AHEAD);
    // The time limit of the ask holds however slowly it is read.
    tokio::spawn(way.go(to));
    let mut response = Response::new(Body::from_stream(parts(from)));
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(made.media.media_type()));
    put(headers, "content-disposition", &disposition(made));
    response
}

/// What the reader of an answer is told.
enum Said {
    Data(Bytes),
    Failed(CrewError),
    End,
}

/// The parts of an answer as they come, to its end: that somebody stopped telling of it is
/// an error, not an end.
fn parts(from: mpsc::Receiver<Said>) -> impl Stream<Item = Result<Bytes, CrewError>> {
    stream::unfold(Some(from), async |from| {
        let mut from = from?;
        match from.recv().await {
            Some(Said::Data(bytes)) => Some((Ok(bytes), Some(from))),
            Some(Said::Failed(error)) => Some((Err(error), None)),
            Some(Said::End) => None,
            None => Some((Err(CrewError::Died("no end of an answer".to_owned())), None)),
        }
    })
}

/// An answer on its way. Whoever no longer takes it stops the work.
struct Way {
    answer: Answer,
    context: Context,
    /// How long the next part may wait to be taken.
    patience: Duration,
    _room: Room,
}

impl Way {
    async fn go(mut self, to: mpsc::Sender<Said>) {
        loop {
            let next = tokio::select! {
                next = self.answer.next() => next,
                () = to.closed() => return,
            };
            let said = match next {
                Some(Ok(bytes)) => Said::Data(bytes),
                Some(Err(error)) => {
                    self.context.note().broken = Some(Problem::from(error.clone()));
                    Said::Failed(error)
                }
                None => {
                    self.context.note().spent = self.answer.end.as_ref().map(|end| end.spent);
                    Said::End
                }
            };
            if !matches!(said, Said::Data(_)) {
                // No worker waits for this to be taken.
                let _ = to.send(said).await;
                return;
            }
            // The worker's time runs while its part waits to be taken.
            let left = self.answer.time_left().filter(|left| *left <= self.patience);
            match to.send_timeout(said, left.unwrap_or(self.patience)).await {
                Ok(()) => {}
                Err(SendTimeoutError::Timeout(_)) if left.is_some() => {
                    let error = self.answer.out_of_time();
                    self.context.note().broken = Some(Problem::from(error));
                    return;
                }
                Err(_) => return,
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use futures_util::StreamExt;

    use super::*;

    /// What comes of an answer of which this is told.
    async fn read(told: Vec<Said>) -> Vec<Result<Bytes, CrewError>> {
        let (to, from) = mpsc::channel(AHEAD);
        for said in told {
            to.send(said).await.unwrap();
        }
        drop(to);
        parts(from).collect().await
    }

    #[tokio::test]
    async fn only_an_end_is_an_end() {
        let data = || Said::Data(Bytes::from_static(b"a part"));
        let whole = read(vec![data(), data(), Said::End]).await;
        assert!(whole.len() == 2 && whole.iter().all(Result::is_ok), "{whole:?}");
        let failed = read(vec![data(), Said::Failed(CrewError::TooLarge)]).await;
        assert!(matches!(&*failed, [Ok(_), Err(CrewError::TooLarge)]), "{failed:?}");
        let broken = read(vec![data()]).await;
        assert!(matches!(&*broken, [Ok(_), Err(CrewError::Died(_))]), "{broken:?}");
    }
}
