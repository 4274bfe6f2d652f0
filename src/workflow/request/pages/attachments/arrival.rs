//! A file on its way from a form into the depot: written to the disk as it arrives, and looked at once it is whole.

use actix_web::HttpRequest;
use actix_web::web::{Bytes, Payload};
use tokio::sync::mpsc::{Sender, channel};
use tokio::task::spawn_blocking;

use crate::refusal::{Fault, Outcome};
use crate::web::post::Post;
use crate::web::problem::Problem;
use crate::web::stream::{self, Sink};
use crate::workflow::request::attachment::content;
use crate::workflow::request::attachment::file::Format;
use crate::workflow::request::attachment::rules::{FILE, MOST_BYTES};
use crate::workflow::request::store::depot::{Arrived, Depot};

/// Pieces that wait for the disk while the next ones arrive.
const AHEAD: usize = 4;

/// A form with its file.
pub(super) struct Arrival {
    /// The form.
    pub(super) post: Post,
    /// The file's name as it was sent; empty when none was chosen.
    pub(super) name: String,
    size: usize,
    file: Arrived,
}

struct Pieces(Sender<Bytes>);

impl Sink for Pieces {
    async fn take(&mut self, piece: Bytes) -> Outcome<()> {
        self.0.send(piece).await.map_err(|error| Fault::because("a file that arrives cannot be written", error).into())
    }
}

/// Reads a form whose file goes to the disk as it arrives.
pub(super) async fn read(depot: &Depot, request: &HttpRequest, payload: Payload) -> Result<Arrival, Problem> {
    let (sender, mut receiver) = channel::<Bytes>(AHEAD);
    let depot = depot.clone();
    let writing = spawn_blocking(move || {
        let mut arriving = depot.begin()?;
        while let Some(piece) = receiver.blocking_recv() {
            arriving.write(&piece)?;
        }
        Ok(arriving.finish())
    });
    let mut pieces = Pieces(sender);
    let streamed = stream::read(request, payload.into_inner(), FILE, MOST_BYTES, &mut pieces).await;
    // With the last sender gone the writer comes to its end, and says what went wrong on the disk if anything did.
    drop(pieces);
    let file = joined(writing.await)?;
    let streamed = streamed?;
    Ok(Arrival { post: streamed.post, name: streamed.name, size: streamed.size, file })
}

impl Arrival {
    /// What the file is, or why it is not taken; and the file. Few are in memory at the same time.
    pub(super) async fn look(self, depot: &Depot) -> Outcome<(Result<Format, String>, Arrived)> {
        let Self { name, size, mut file, .. } = self;
        if name.is_empty() && size == 0 {
            return Ok((Err("Choose a file.".to_owned()), file));
        }
        if size > MOST_BYTES {
            return Ok((Err(content::too_large()), file));
        }
        let place = depot.places.acquire().await;
        let _place = place.map_err(|error| Fault::because("files cannot be looked at", error))?;
        blocking(move || {
            let bytes = file.bytes()?;
            Ok((content::look(&bytes), file))
        })
        .await
    }
}

/// Does work of the disk away from the threads that serve pages.
pub(super) async fn blocking<T: Send + 'static>(work: impl FnOnce() -> Outcome<T> + Send + 'static) -> Outcome<T> {
    joined(spawn_blocking(work).await)
}

fn joined<T>(done: Result<Outcome<T>, tokio::task::JoinError>) -> Outcome<T> {
    done.unwrap_or_else(|error| Err(Fault::because("work on the disk did not end", error).into()))
}
