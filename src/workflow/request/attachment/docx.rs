//! Looks in a Word document (ECMA-376, parts 1 and 2) for macros, and for what would unpack to more than anybody reads.
//!
//! Looked into are the list of the parts, their sizes as declared, and the one part that says what kind of document it is.
//! Not looked into are the other parts: a document may name pictures and templates elsewhere, which Word asks about
//! before it fetches them, and may hold further documents, which open only when they are clicked.

use std::io::{Cursor, Read};

use flate2::read::DeflateDecoder;
use zip::{CompressionMethod, ZipArchive};

/// The most parts that a document may have.
const PARTS_MOST: usize = 5_000;
/// The most bytes that it may unpack to, as it declares.
const UNPACKED_MOST: u64 = 50 << 20;
/// The most bytes of the part that says what it is.
const ABOUT_MOST: u64 = 1 << 20;

/// How a ZIP begins that has an entry.
pub(super) const BEGINNING: &[u8] = b"PK\x03\x04";
/// How a ZIP ends: its last record, which has 22 bytes when there is no remark after it.
const END: &[u8] = b"PK\x05\x06";
/// What stands before every entry of a ZIP's list.
const LISTED: &[u8] = b"PK\x01\x02";

/// The part that says what kind of document it is.
const ABOUT: &str = "[Content_Types].xml";
/// How the part with the text is called: `word/document.xml`, or with a number from some programs.
const TEXT: (&str, &str) = ("word/document", ".xml");

/// Why a Word document is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Flaw {
    /// It cannot be read.
    Broken,
    /// It is a ZIP of something else.
    Foreign,
    /// It has too many parts, or they unpack to too much.
    Huge,
    /// It holds macros or controls.
    Active,
}

/// Refuses what is no Word document, and one that is huge or active.
///
/// # Errors
/// Why it is not taken.
pub(super) fn check(file: &[u8]) -> Result<(), Flaw> {
    // Counted before the list is read, since reading takes room for each entry.
    if file.windows(LISTED.len()).filter(|window| *window == LISTED).count() > PARTS_MOST {
        return Err(Flaw::Huge);
    }
    let mut archive = ZipArchive::new(Cursor::new(file)).map_err(|_| Flaw::Broken)?;
    // Something before or after the archive is another file in the same bytes.
    let ends = file.last_chunk::<22>().is_some_and(|end| end.starts_with(END));
    if !file.starts_with(BEGINNING) || archive.offset() != 0 || !archive.comment().is_empty() || !ends {
        return Err(Flaw::Broken);
    }
    if archive.has_duplicate_names() {
        return Err(Flaw::Broken);
    }
    let (mut room, mut has_text) = (UNPACKED_MOST, false);
    for place in 0..archive.len() {
        let part = archive.by_index_raw(place).map_err(|_| Flaw::Broken)?;
        room = room.checked_sub(part.size()).ok_or(Flaw::Huge)?;
        let name = String::from_utf8_lossy(part.name_raw()).to_lowercase();
        if part.encrypted() || name.contains("..") || name.starts_with('/') || name.contains('\\') {
            return Err(Flaw::Broken);
        }
        if name.contains("vbaproject") || name.contains("vbadata") || name.starts_with("word/activex") {
            return Err(Flaw::Active);
        }
        has_text |= name.starts_with(TEXT.0) && name.ends_with(TEXT.1);
    }
    if !has_text {
        return Err(Flaw::Foreign);
    }
    let about = part(&mut archive, ABOUT)?.to_lowercase();
    if about.contains("macroenabled") || about.contains("vbaproject") {
        return Err(Flaw::Active);
    }
    if about.contains("wordprocessingml.document.main+xml") { Ok(()) } else { Err(Flaw::Foreign) }
}

/// The text of one part, unpacked as far as it may be.
fn part(archive: &mut ZipArchive<Cursor<&[u8]>>, name: &str) -> Result<String, Flaw> {
    let place = archive.index_for_name(name).ok_or(Flaw::Foreign)?;
    let mut part = archive.by_index_raw(place).map_err(|_| Flaw::Broken)?;
    let method = part.compression();
    let (mut packed, mut text) = (Vec::new(), String::new());
    part.by_ref().take(ABOUT_MOST).read_to_end(&mut packed).map_err(|_| Flaw::Broken)?;
    let read = match method {
        CompressionMethod::Stored => packed.as_slice().read_to_string(&mut text),
        method if method == CompressionMethod::DEFLATE => {
            DeflateDecoder::new(packed.as_slice()).take(ABOUT_MOST).read_to_string(&mut text)
        }
        _ => return Err(Flaw::Broken),
    };
    read.map_err(|_| Flaw::Broken)?;
    Ok(text)
}
