//! A letter's file as somebody hands it in to be compared: hashed as it arrives, never kept.

use actix_multipart::{Field, Multipart, MultipartError};
use futures_util::TryStreamExt;
use sha2::{Digest, Sha256};

use crate::audit::entry::hex;
use crate::refusal::FieldErrors;

/// The form's field for the file.
const FILE: &str = "file";
/// The largest file that is read, in bytes. Our letters have some fifty thousand.
const LARGEST: usize = 10 << 20;

/// The SHA-256 of the file in a form, in hexadecimal.
///
/// # Errors
/// A field error without a file, for an empty one, and for one that is too large to be a letter.
pub(super) async fn fingerprint(mut form: Multipart) -> Result<String, FieldErrors> {
    let missing = || FieldErrors::one(FILE, "Choose the PDF file of the letter.");
    while let Some(mut field) = form.try_next().await.map_err(|_| missing())? {
        if field.name() == Some(FILE) {
            return digest(&mut field).await.map_err(|_| missing())??.ok_or_else(missing);
        }
    }
    Err(missing())
}

/// The digest of a field's bytes; none when it has none.
async fn digest(field: &mut Field) -> Result<Result<Option<String>, FieldErrors>, MultipartError> {
    let (mut sha256, mut size) = (Sha256::new(), 0);
    while let Some(chunk) = field.try_next().await? {
        size += chunk.len();
        if size > LARGEST {
            let sentence = "This file is larger than 10 MB, so it is none of our letters. Choose the letter itself.";
            return Ok(Err(FieldErrors::one(FILE, sentence)));
        }
        sha256.update(&chunk);
    }
    Ok(Ok((size > 0).then(|| hex(&sha256.finalize()))))
}
