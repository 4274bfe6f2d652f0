//! An answer that is written while it is sent, so that only a piece of it is in memory at a time.

use std::io::{self, Write};
use std::pin::Pin;
use std::task::{Context, Poll};

use actix_web::body::{BodySize, MessageBody};
use actix_web::web::Bytes;
use tokio::sync::mpsc::{Receiver, Sender, channel};

use crate::refusal::Outcome;

/// Pieces that wait to be sent while the next are written.
const AHEAD: usize = 4;

/// The body of the answer: its pieces as they come.
pub struct InPieces(Receiver<io::Result<Bytes>>);

/// Begins to write an answer with `write`, away from the threads that serve pages. What fails on the way breaks the download
/// off, so that nobody takes a part for the whole; `what` says in the log what it was.
pub fn in_pieces(what: &'static str, write: impl FnOnce(Pieces) -> Outcome<()> + Send + 'static) -> InPieces {
    let (sender, receiver) = channel(AHEAD);
    tokio::task::spawn_blocking(move || {
        let failed = sender.clone();
        if let Err(failure) = write(Pieces(sender)) {
            tracing::error!(?failure, "{what} broke off");
            let _ = failed.blocking_send(Err(io::Error::other("broken off")));
        }
    });
    InPieces(receiver)
}

/// Where the answer is written to: each piece goes to whoever downloads it.
pub struct Pieces(Sender<io::Result<Bytes>>);

impl Write for Pieces {
    fn write(&mut self, piece: &[u8]) -> io::Result<usize> {
        let sent = self.0.blocking_send(Ok(Bytes::copy_from_slice(piece)));
        sent.map_err(|_| io::Error::from(io::ErrorKind::BrokenPipe))?;
        Ok(piece.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl MessageBody for InPieces {
    type Error = io::Error;

    fn size(&self) -> BodySize {
        BodySize::Stream
    }

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Result<Bytes, io::Error>>> {
        self.0.poll_recv(context)
    }
}

#[cfg(test)]
mod tests {
    use actix_web::body::to_bytes;

    use super::*;
    use crate::refusal::Fault;

    #[actix_web::test]
    async fn what_is_written_piece_by_piece_arrives_whole() {
        let body = in_pieces("an example", |mut to| {
            for piece in [vec![1; 100_000], vec![2; 10], vec![3; 100_000]] {
                to.write_all(&piece).map_err(|error| Fault::because("writing", error))?;
            }
            Ok(())
        });
        let whole = to_bytes(body).await.unwrap();
        assert_eq!((whole.len(), whole[0], whole[100_005], whole[200_009]), (200_010, 1, 2, 3));
    }

    #[actix_web::test]
    async fn what_fails_on_the_way_is_not_taken_for_the_whole() {
        let body = in_pieces("an example", |mut to| {
            to.write_all(b"a part").map_err(|error| Fault::because("writing", error))?;
            Err(Fault::new("the rest is not there").into())
        });
        assert!(to_bytes(body).await.is_err());
    }
}
