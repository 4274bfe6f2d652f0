//! A form with one file that may be large: its fields are kept, and the file is handed on piece by piece as it arrives.

use std::future::Future;
use std::time::Duration;

use actix_multipart::{Field, Multipart};
use actix_web::dev::Payload;
use actix_web::web::Bytes;
use actix_web::{FromRequest, HttpMessage, HttpRequest};
use futures_util::TryStreamExt;
use sha2::{Digest, Sha256};
use tokio::time::{Instant, timeout_at};

use super::post::{Fields, LARGEST_FORM, Post, accepted, must_be_ours, not_text, too_large};
use super::problem::Problem;
use crate::refusal::{FieldErrors, Outcome};

/// How much of a file is read at all, in bytes: one that is somewhat too large is heard out, to be told so kindly.
const MOST_READ: usize = 30 << 20;
/// How long a sender may be silent.
const SILENCE: Duration = Duration::from_secs(30);
/// How long all of it may take: ten million bytes over a poor line.
const WHOLE: Duration = Duration::from_secs(15 * 60);

/// Where the pieces of a file go.
pub trait Sink {
    /// Takes the next piece.
    ///
    /// # Errors
    /// A fault when it cannot be taken; then nothing more is read.
    fn take(&mut self, piece: Bytes) -> impl Future<Output = Outcome<()>>;
}

/// A form that was sent from one of our own pages, with what is known of its file.
#[derive(Debug)]
pub struct Streamed {
    /// Its fields, and the key under which the same sending is done only once.
    pub post: Post,
    /// The name of the file as it was sent; empty when none was chosen.
    pub name: String,
    /// How many bytes the file has; of one that is far too large, how many were read.
    pub size: usize,
}

/// Reads a form whose last field is the file `field`. At most the first `most` bytes of it go to `sink`. A file that comes
/// before the form has shown that it is ours is not read.
///
/// # Errors
/// A refusal for a form that is not ours; a field error for one that is too large, breaks off or stalls; what the sink
/// fails with.
pub async fn read(
    request: &HttpRequest,
    mut payload: Payload,
    field: &str,
    most: usize,
    sink: &mut impl Sink,
) -> Result<Streamed, Problem> {
    if !request.content_type().eq_ignore_ascii_case("multipart/form-data") {
        let post = Post::from_request(request, &mut payload).await.map_err(|_| not_text())?;
        return Ok(Streamed { post, name: String::new(), size: 0 });
    }
    let mut form = Multipart::from_request(request, &mut payload).await.map_err(|_| not_text())?;
    let mut reading =
        Reading { fields: Fields::default(), content: Sha256::new(), room: LARGEST_FORM, end: Instant::now() + WHOLE };
    let (mut name, mut size) = (String::new(), 0);
    while let Some(mut part) = reading.in_time(form.try_next()).await? {
        let about = part.content_disposition();
        let file_name = about.and_then(|about| about.get_filename()).map(str::to_owned);
        let own_name = part.name().unwrap_or_default().to_owned();
        match file_name {
            Some(given) if own_name == field && size == 0 => {
                must_be_ours(request, &reading.fields)?;
                size = reading.file(&mut part, most, sink).await?;
                name = given;
                if size > MOST_READ {
                    break;
                }
            }
            _ => reading.text(&mut part, own_name).await?,
        }
    }
    Ok(Streamed { post: accepted(request, reading.fields, reading.content)?, name, size })
}

/// What has been read so far.
struct Reading {
    fields: Fields,
    content: Sha256,
    /// How many more bytes the fields may have.
    room: usize,
    end: Instant,
}

impl Reading {
    async fn in_time<T, E>(&self, next: impl Future<Output = Result<T, E>>) -> Result<T, Problem> {
        let next = timeout_at(self.end.min(Instant::now() + SILENCE), next).await;
        next.ok().and_then(Result::ok).ok_or_else(broken_off)
    }

    async fn text(&mut self, part: &mut Field, name: String) -> Result<(), Problem> {
        let mut bytes = Vec::new();
        while let Some(piece) = self.in_time(part.try_next()).await? {
            self.room = self.room.checked_sub(piece.len()).ok_or_else(too_large)?;
            bytes.extend_from_slice(&piece);
        }
        self.content.update(name.as_bytes());
        self.content.update([0]);
        self.content.update(&bytes);
        self.content.update(bytes.len().to_be_bytes());
        self.fields.0.push((name, String::from_utf8(bytes).map_err(|_| not_text())?));
        Ok(())
    }

    async fn file(&mut self, part: &mut Field, most: usize, sink: &mut impl Sink) -> Result<usize, Problem> {
        let mut size = 0_usize;
        while let Some(piece) = self.in_time(part.try_next()).await? {
            let kept = piece.slice(..most.saturating_sub(size).min(piece.len()));
            size += piece.len();
            if !kept.is_empty() {
                self.content.update(&kept);
                sink.take(kept).await?;
            }
            if size > MOST_READ {
                break;
            }
        }
        self.content.update(size.to_be_bytes());
        Ok(size)
    }
}

fn broken_off() -> Problem {
    let sentence = "What was sent broke off on its way, so nothing of it was kept. Go back and send it again.";
    FieldErrors::one("", sentence).into()
}
