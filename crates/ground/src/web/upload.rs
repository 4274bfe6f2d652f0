//! A form that may come with files, as it was sent: like [`Post`], with the bytes of each file that was chosen.

use std::future::Future;
use std::pin::Pin;

use actix_multipart::{Field, Multipart};
use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpMessage, HttpRequest};
use futures_util::TryStreamExt;
use sha2::{Digest, Sha256};

use super::post::{Fields, LARGEST_FORM, Post, accepted, not_text, too_large};
use super::problem::Problem;

/// How much of one file is kept, in bytes; the rest is counted and thrown away.
const KEPT_OF_A_FILE: usize = 1 << 20;
/// How much is read at all, in bytes: a photograph from a telephone is let in, to be told kindly that it is too large.
const MOST_READ: usize = 30 << 20;

/// A form with files that was sent from one of our own pages.
#[derive(Debug)]
pub struct Upload {
    /// Its fields, and the key under which the same sending is done only once.
    pub post: Post,
    files: Vec<(String, File)>,
}

/// A file that was chosen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct File {
    /// How many bytes it has.
    pub size: usize,
    /// Its bytes, one million at most.
    pub bytes: Vec<u8>,
}

impl Upload {
    /// The file that was chosen for `name`, if one was.
    pub fn file(&self, name: &str) -> Option<&File> {
        self.files.iter().find(|(known, file)| known == name && file.size > 0).map(|(_, file)| file)
    }
}

impl FromRequest for Upload {
    type Error = actix_web::Error;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Self::Error>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        if !request.content_type().eq_ignore_ascii_case("multipart/form-data") {
            let post = Post::from_request(request, payload);
            return Box::pin(async move { Ok(Self { post: post.await?, files: Vec::new() }) });
        }
        let form = Multipart::from_request(request, payload);
        let request = request.clone();
        Box::pin(async move {
            let form = form.await.map_err(|_| not_text())?;
            Ok(read(&request, form).await?)
        })
    }
}

async fn read(request: &HttpRequest, mut form: Multipart) -> Result<Upload, Problem> {
    let (mut fields, mut files, mut content) = (Vec::new(), Vec::new(), Sha256::new());
    let (mut room, mut left) = (LARGEST_FORM, MOST_READ);
    while let Some(mut field) = form.try_next().await.map_err(|_| not_text())? {
        let name = field.name().unwrap_or_default().to_owned();
        let is_file = field.content_disposition().is_some_and(|about| about.get_filename().is_some());
        let most = if is_file { KEPT_OF_A_FILE } else { room };
        let file = part(&mut field, most, &mut left).await?;
        content.update(name.as_bytes());
        content.update([0]);
        content.update(file.size.to_be_bytes());
        content.update(&file.bytes);
        if is_file {
            files.push((name, file));
        } else {
            room = room.checked_sub(file.size).ok_or_else(too_large)?;
            // A browser sends the line breaks of a text as CRLF, whichever way a form is encoded.
            fields.push((name, String::from_utf8(file.bytes).map_err(|_| not_text())?));
        }
    }
    Ok(Upload { post: accepted(request, Fields(fields), content)?, files })
}

/// One part of a form: its size, and at most the first `most` bytes of it.
async fn part(field: &mut Field, most: usize, left: &mut usize) -> Result<File, Problem> {
    let mut file = File { size: 0, bytes: Vec::new() };
    while let Some(chunk) = field.try_next().await.map_err(|_| not_text())? {
        *left = left.checked_sub(chunk.len()).ok_or_else(too_large)?;
        file.size += chunk.len();
        let room = most.saturating_sub(file.bytes.len());
        file.bytes.extend(chunk.iter().take(room));
    }
    Ok(file)
}
