//! Many letters in one ZIP, written while it is sent: one letter is in memory at a time.

use std::io::{self, Write};
use std::pin::Pin;
use std::task::{Context, Poll};

use actix_web::body::{BodySize, MessageBody};
use actix_web::web::Bytes;
use tokio::sync::mpsc::{Receiver, Sender, channel};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use crate::refusal::{Fault, Outcome};
use crate::store::Store;
use crate::workflow::letter::rules;
use crate::workflow::letter::store::{self, Issued};

/// Pieces that wait to be sent while the next are read.
const AHEAD: usize = 4;

/// The body of the answer: the pieces of the archive as they come.
pub(super) struct Archive(Receiver<io::Result<Bytes>>);

/// Begins to write the archive of `letters`. What fails on the way breaks the download off, so that nobody takes half an
/// archive for a whole one.
pub(super) fn stream(store: Store, letters: Vec<Issued>) -> Archive {
    let (sender, receiver) = channel(AHEAD);
    tokio::task::spawn_blocking(move || {
        let failed = sender.clone();
        if let Err(failure) = write(&store, &letters, Pieces(sender)) {
            tracing::error!(?failure, "an archive of letters broke off");
            let _ = failed.blocking_send(Err(io::Error::other("broken off")));
        }
    });
    Archive(receiver)
}

fn write(store: &Store, letters: &[Issued], to: impl Write) -> Outcome<()> {
    let failed = |error: zip::result::ZipError| Fault::because("the ZIP file cannot be written", error);
    let mut archive = ZipWriter::new_stream(to);
    // The files are packed already, so they are stored as they are.
    let stored = SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
    for letter in letters {
        let bytes = store.read_now(|view| store::bytes(view, letter.id))?;
        archive.start_file(rules::file_name(&letter.register.number), stored).map_err(failed)?;
        archive.write_all(&bytes).map_err(|error| failed(error.into()))?;
        if let Some(signed) = store.read_now(|view| store::seals::bytes(view, letter.id))? {
            archive.start_file(rules::signed_name(&letter.register.number), stored).map_err(failed)?;
            archive.write_all(&signed).map_err(|error| failed(error.into()))?;
        }
    }
    archive.finish().map_err(failed)?;
    Ok(())
}

/// Where the archive is written to: each piece goes to whoever downloads it.
struct Pieces(Sender<io::Result<Bytes>>);

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

impl MessageBody for Archive {
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
    use std::io::{Cursor, Read};

    use super::*;

    #[test]
    fn an_archive_that_is_written_piece_by_piece_is_read_as_a_whole() {
        let (sender, mut receiver) = channel(1_000);
        let mut archive = ZipWriter::new_stream(Pieces(sender));
        let stored = SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
        for (name, bytes) in [("a.pdf", &b"one"[..]), ("b.pdf", &[0; 1000])] {
            archive.start_file(name, stored).unwrap();
            archive.write_all(bytes).unwrap();
        }
        drop(archive.finish().unwrap());
        let mut whole = Vec::new();
        while let Some(piece) = receiver.blocking_recv() {
            whole.extend_from_slice(&piece.unwrap());
        }
        let mut read = zip::ZipArchive::new(Cursor::new(whole)).unwrap();
        let mut text = String::new();
        read.by_name("a.pdf").unwrap().read_to_string(&mut text).unwrap();
        assert_eq!((text.as_str(), read.by_name("b.pdf").unwrap().size()), ("one", 1000));
    }
}
