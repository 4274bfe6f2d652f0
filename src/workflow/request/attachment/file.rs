//! What an attachment is: its kind, its format, and where it stands between the applicant and those who review.

use crate::clock::Instant;
use crate::ids::{AttachmentId, PersonId, RequestId};
use crate::plain;
use crate::worded;
use crate::workflow::request::difference::{Change, Piece};
use crate::workflow::request::fields::Section;

worded! {
    /// What an attachment is for.
    pub enum Kind {
        /// The proposal as far as it is written.
        Proposal = "proposal",
        /// What the applicant would have the letter say.
        Letter = "letter",
        /// The text of the funder's call.
        Call = "call",
        /// Anything else that helps.
        Other = "other",
    }
}

impl Kind {
    /// What pages call it.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Proposal => "Draft proposal",
            Self::Letter => "Draft letter",
            Self::Call => "Text of the call",
            Self::Other => "Something else",
        }
    }
}

worded! {
    /// What a file is, told by its content.
    pub enum Format {
        /// Portable Document Format.
        Pdf = "pdf",
        /// A Word document.
        Docx = "docx",
        /// Plain text in UTF-8.
        Txt = "txt",
    }
}

impl Format {
    /// The media type that it is served with.
    pub const fn media_type(self) -> &'static str {
        match self {
            Self::Pdf => "application/pdf",
            Self::Docx => "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            Self::Txt => "text/plain; charset=utf-8",
        }
    }

    /// What pages call it.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Pdf => "PDF",
            Self::Docx => "DOCX",
            Self::Txt => "TXT",
        }
    }
}

/// Where an attachment stands. What an applicant changes while a question is open is read by nobody else before the
/// answer is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// Added, and not sent yet: the applicant alone knows of it.
    Pending,
    /// Sent with the request or with an answer.
    Sent(Instant),
    /// Sent, and to be removed with the next answer.
    Dropped(Instant),
    /// Sent, and removed with an answer; only that it was there is still known.
    Removed {
        /// When it was sent.
        sent: Instant,
        /// When the answer that removed it was sent.
        at: Instant,
    },
}

/// A file that belongs to a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attachment {
    /// Its id.
    pub id: AttachmentId,
    /// The request it belongs to.
    pub request: RequestId,
    /// What it is for.
    pub kind: Kind,
    /// Its name as shown, with the ending of its format.
    pub name: String,
    /// What it is.
    pub format: Format,
    /// Its size in bytes.
    pub size: u64,
    /// The SHA-256 of its bytes in hexadecimal, under which they are kept.
    pub sha256: String,
    /// Who added it.
    pub added_by: PersonId,
    /// When.
    pub added_at: Instant,
    /// Where it stands.
    pub standing: Standing,
}

impl Attachment {
    /// Whether the applicant's list has it, as it would be sent now.
    pub const fn is_in_work(&self) -> bool {
        matches!(self.standing, Standing::Pending | Standing::Sent(_))
    }

    /// Whether it was sent and not removed since, so that those who review read it.
    pub const fn is_sent(&self) -> bool {
        matches!(self.standing, Standing::Sent(_) | Standing::Dropped(_))
    }

    /// Whether it came or went for those who review after `then`.
    pub fn has_changed_since(&self, then: Instant) -> bool {
        match self.standing {
            Standing::Pending => false,
            Standing::Sent(at) | Standing::Dropped(at) | Standing::Removed { at, .. } => at > then,
        }
    }

    /// Its format and size: `PDF, 1.2 MB`.
    pub fn about(&self) -> String {
        format!("{}, {}", self.format.label(), size_in_words(self.size))
    }
}

/// A size as people read it: `812 bytes`, `24 kB`, `1.2 MB`.
pub fn size_in_words(bytes: u64) -> String {
    match bytes {
        1 => "1 byte".to_owned(),
        0..1_000 => format!("{bytes} bytes"),
        1_000..999_500 => format!("{} kB", (bytes + 500) / 1_000),
        _ => {
            let tenths = (bytes + 50_000) / 100_000;
            format!("{}.{} MB", plain::grouped(usize::try_from(tenths / 10).unwrap_or(usize::MAX)), tenths % 10)
        }
    }
}

/// An attachment as a page shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shown {
    /// Its id.
    pub id: AttachmentId,
    /// What it is for.
    pub kind: &'static str,
    /// Its name.
    pub name: String,
    /// Its format and size.
    pub about: String,
    /// When it came or went, where that was not with the request; empty else.
    pub note: String,
    /// Whether it can be downloaded.
    pub is_there: bool,
}

/// The attachments as those read them who have the request in front of them: what was sent, and of what was removed
/// since that it was there. `submitted` is when the request was sent.
pub fn sent(all: &[Attachment], submitted: Option<Instant>) -> Vec<Shown> {
    let day = |at: Instant| plain::day(at.date_naive()).to_string();
    let shown = |one: &Attachment| {
        let note = match one.standing {
            Standing::Pending => return None,
            Standing::Sent(at) | Standing::Dropped(at) if Some(at) == submitted => String::new(),
            Standing::Sent(at) | Standing::Dropped(at) => format!("Added with an answer on {}.", day(at)),
            Standing::Removed { sent, at } => {
                format!("Sent on {}, removed by the applicant with an answer on {}.", day(sent), day(at))
            }
        };
        let (id, kind, name, about) = (one.id, one.kind.label(), one.name.clone(), one.about());
        Some(Shown { id, kind, name, about, note, is_there: one.is_sent() })
    };
    all.iter().filter_map(shown).collect()
}

/// What an answer that is sent now would change in the files, as a change of the form is shown; `None` when it would not.
pub fn change(all: &[Attachment]) -> Option<Change> {
    let differs = |one: &Attachment| !matches!(one.standing, Standing::Sent(_));
    let pieces = |is_in: fn(&Attachment) -> bool| {
        let named = all.iter().filter(|one| is_in(one));
        named.map(|one| Piece { differs: differs(one), text: format!("{}\n", one.name) }).collect::<Vec<_>>()
    };
    let (before, after) = (pieces(Attachment::is_sent), pieces(Attachment::is_in_work));
    let title = Section::Attachments.title();
    (before != after).then_some(Change { part: title, key: title, before, after })
}

/// The attachments as they would be sent now, for their applicant.
pub fn in_work(all: &[Attachment]) -> Vec<Shown> {
    let shown = |one: &Attachment| {
        let (id, kind, name, about) = (one.id, one.kind.label(), one.name.clone(), one.about());
        Shown { id, kind, name, about, note: String::new(), is_there: true }
    };
    all.iter().filter(|one| one.is_in_work()).map(shown).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_read_like_people_say_them() {
        let sizes = [1, 812, 1_000, 24_499, 999_499, 999_500, 1_249_999, 10 << 20].map(size_in_words);
        assert_eq!(sizes, ["1 byte", "812 bytes", "1 kB", "24 kB", "999 kB", "1.0 MB", "1.2 MB", "10.5 MB"]);
    }
}
