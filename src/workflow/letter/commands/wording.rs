//! What changes the words that new letters begin with.

use serde_json::json;

use crate::audit::entry::{Actor, Entry};
use crate::audit::store::record;
use crate::clock::Instant;
use crate::people::access::Staff;
use crate::refusal::{FieldErrors, Outcome, Refusal};
use crate::store::{Tx, View, take_back_number};
use crate::workflow::letter::draft::{Facts, bundled_words};
use crate::workflow::letter::house::wording::read;
use crate::workflow::letter::store::wording::{self as store, For};

/// The subject of the journal's entries about the words.
pub const JOURNAL: &str = "wording";
/// The field with the text.
pub const TEXT: &str = "text";

/// The text of the wording in force, or of an earlier one that is asked for: 0 for the words that the program brings along.
/// `None` when there is no such one.
///
/// # Errors
/// A fault of the database, or when the words cannot be put together.
pub fn words(view: &mut View<'_>, of: For, wanted: Option<i64>) -> Outcome<Option<String>> {
    let own = match wanted {
        None => Some(store::in_force(view, of)?.1),
        Some(0) => Some(None),
        Some(number) => store::text(view, of, number)?,
    };
    Ok(own.map(|own| own.map_or_else(|| bundled_words(of.0, of.1), Ok)).transpose()?)
}

/// The paragraphs of a made-up letter with this text.
///
/// # Errors
/// A field error that names every fault of the text; a fault when the words cannot be put together.
pub fn preview((kind, language): For, typed: &str) -> Outcome<Vec<String>> {
    let text = read(kind, typed).map_err(|why| FieldErrors::one(TEXT, why))?;
    let facts = Facts { kind: Some(kind), language, ..Facts::sample() };
    let own = (text != bundled_words(kind, language)?).then_some(text);
    Ok(facts.paragraphs_of(own.as_deref())?)
}

/// Puts a text in force for these letters. The same again changes nothing; the words that the program brings along lead
/// back to it. `seen` is the wording that the writer began with. Gives the number of the one in force.
///
/// # Errors
/// As for [`preview`]; refused when another wording came into force meanwhile.
pub fn save(tx: &mut Tx<'_>, now: Instant, staff: Staff, of: For, (typed, seen): (&str, i64)) -> Outcome<i64> {
    let (kind, language) = of;
    let number = store::touch(tx)?;
    let (in_force, before) = store::in_force(tx, of)?;
    if in_force != seen {
        let sentence = "Somebody else changed these words while you were writing. Yours are kept below; compare the two, \
                        and save again.";
        return Err(Refusal::conflict("wording-changed", sentence).into());
    }
    let text = read(kind, typed).map_err(|why| FieldErrors::one(TEXT, why))?;
    let own = (text != bundled_words(kind, language)?).then_some(text);
    if own == before {
        take_back_number(tx, store::NUMBER)?;
        return Ok(in_force);
    }
    store::add(tx, number, of, own.as_deref(), (staff.person(), now))?;
    let detail = json!({ "version": number, "kind": kind, "language": language, "bundled": own.is_none() });
    let actor = Actor::Staff(staff.person());
    record(tx, &Entry { subject: JOURNAL.to_owned(), at: now, actor, what: "wording-changed", detail })?;
    Ok(number)
}
