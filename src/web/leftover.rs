use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};
use std::time::Duration;

use axum::body::Body;
use bytes::Bytes;
use http_body::{Body as HttpBody, Frame, SizeHint};
use http_body_util::BodyExt;
use tokio::time::timeout;

/// The body of a request, of which what a handler leaves unread can still be read. A
/// connection that ends with bytes unread is reset, and the answer may be lost with it: who
/// is refused early would then not learn why.
#[derive(Debug, Clone)]
pub(super) struct Leftover(Arc<Mutex<Body>>);

/// How much is read of what nobody wanted, in bytes. Whoever sends more finds the
/// connection closed.
const MOST: u64 = 256 * 1024;
/// For how long it is read.
const LONGEST: Duration = Duration::from_millis(500);

impl Leftover {
    /// Shares a body.
    pub fn new(body: Body) -> Self {
        Self(Arc::new(Mutex::new(body)))
    }

    fn body(&self) -> MutexGuard<'_, Body> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Reads what is left and throws it away, within limits.
    pub async fn discard(mut self) {
        if self.body().is_end_stream() || self.body().size_hint().lower() > MOST {
            return;
        }
        let read = async {
            let mut left = MOST;
            while let Some(Ok(frame)) = self.frame().await {
                let length = frame.data_ref().map_or(0, |data| data.len() as u64);
                match left.checked_sub(length) {
                    Some(rest) => left = rest,
                    None => return,
                }
            }
        };
        let _ = timeout(LONGEST, read).await;
    }
}

impl HttpBody for Leftover {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        Pin::new(&mut *self.body()).poll_frame(context)
    }

    fn is_end_stream(&self) -> bool {
        self.body().is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body().size_hint()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn what_is_left_is_read_if_it_is_little() {
        let little = Leftover::new(Body::from("some words"));
        little.clone().discard().await;
        assert!(little.is_end_stream());
        let much = Leftover::new(Body::from(vec![0; 300 * 1024]));
        much.clone().discard().await;
        assert!(!much.is_end_stream());
    }
}
