//! What changes the FAQ: a new version of its source.

use serde_json::json;

use super::fill::listed;
use super::links::Links;
use super::render::{Page, render};
use super::{BUNDLED, store};
use crate::audit::entry::{Actor, Entry};
use crate::audit::store::record;
use crate::clock::Instant;
use crate::members;
use crate::people::access::Staff;
use crate::plain::{self, Flaw};
use crate::refusal::{FieldErrors, Outcome, Refusal};
use crate::store::{Tx, View, take_back_number};

/// The subject of the journal's entries about the FAQ.
pub const JOURNAL: &str = "faq";
/// The longest source, in bytes.
const LONGEST: usize = 300_000;

/// The page as a source would make it today.
///
/// # Errors
/// A field error for `source` with its line when the source cannot be rendered or misleads a reader; a fault of the
/// database.
pub fn preview(view: &mut View<'_>, source: &str, now: Instant) -> Outcome<Page> {
    let wrong = |what: String| FieldErrors::one("source", what);
    if source.len() > LONGEST {
        return Err(wrong(format!("The page may have {LONGEST} bytes, and this has {}.", source.len())).into());
    }
    // Space at the ends of lines means something in Markdown, so the source is only looked at here and kept as it is.
    if let Err(flaw @ (Flaw::Hidden { .. } | Flaw::StackedMarks { .. })) = plain::text(unmarked(source), LONGEST) {
        return Err(wrong(flaw.sentence("the source")).into());
    }
    let members = listed(&members::store::all(view)?, now.date_naive());
    let page = render(source, &members, &Links::default()).map_err(|faulty| wrong(faulty.to_string()))?;
    if page.questions.is_empty() {
        return Err(
            wrong("line 1: there is no question yet. A question is a line that begins with ##.".to_owned()).into()
        );
    }
    Ok(page)
}

/// A source without the byte order mark that some editors put before it.
fn unmarked(source: &str) -> &str {
    source.trim_start_matches('\u{feff}')
}

/// Puts a source in force. The same source again changes nothing. `seen` is the version that the writer began with; `by`
/// nobody: the command line. Gives the number of the version in force.
///
/// # Errors
/// As for `preview`; refused when another version came into force meanwhile.
pub fn save(tx: &mut Tx<'_>, source: &str, seen: Option<i64>, by: Option<Staff>, now: Instant) -> Outcome<i64> {
    let number = store::touch(tx)?;
    let latest = store::latest(tx)?;
    let in_force = latest.as_ref().map_or(0, |(number, _)| *number);
    if seen.is_some_and(|seen| seen != in_force) {
        let sentence = "Somebody else saved the page while you were writing. Yours is kept below; compare the two, and save again.";
        return Err(Refusal::conflict("faq-changed", sentence).onward("The page in force", "/faq").into());
    }
    let source = unmarked(source).replace("\r\n", "\n");
    preview(tx, &source, now)?;
    if latest.as_ref().map_or(BUNDLED, |(_, text)| text.as_str()) == source {
        take_back_number(tx, store::NUMBER)?;
        return Ok(in_force);
    }
    store::add(tx, number, &source, by.map(|staff| staff.person()), now)?;
    let actor = by.map_or(Actor::Service, |staff| Actor::Staff(staff.person()));
    let entry =
        Entry { subject: JOURNAL.to_owned(), at: now, actor, what: "faq-saved", detail: json!({ "version": number }) };
    record(tx, &entry)?;
    Ok(number)
}
