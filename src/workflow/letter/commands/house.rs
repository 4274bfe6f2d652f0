//! What changes the house of the letter: somebody tries a change out, looks at a letter of it, and puts it in force.

use chrono::NaiveDate;
use serde_json::json;

use crate::audit::entry::{Actor, Entry};
use crate::audit::store::record;
use crate::clock::Instant;
use crate::people::access::Staff;
use crate::refusal::{Fault, Outcome, Refusal};
use crate::store::{Tx, take_back_number};
use crate::workflow::letter::code::Code;
use crate::workflow::letter::draft::Facts;
use crate::workflow::letter::form::Draft;
use crate::workflow::letter::house::picture::Picture;
use crate::workflow::letter::house::{House, Place};
use crate::workflow::letter::rules::fingerprint;
use crate::workflow::letter::store::house as store;
use crate::workflow::letter::text::{LetterText, Paper};

/// The subject of the journal's entries about the house.
pub const JOURNAL: &str = "house";
/// Where the version in force is shown.
pub const HOUSE_PATH: &str = "/letters/house";
/// Where somebody looks at what they are changing.
pub const CHANGE_PATH: &str = "/letters/house/change";

/// A made-up letter of `house`, dated `day`, to look at.
///
/// # Errors
/// A fault when its words cannot be put together.
pub fn sample(house: &House, place: &Place, day: NaiveDate) -> Result<LetterText, Fault> {
    let title = "A made-up project, to look at the letterhead".to_owned();
    let facts = Facts { title, decided_on: Some(day), ..Facts::sample() };
    let draft = Draft {
        code: Code::from_chance([1; 10]).map(|code| code.as_str().to_owned()).unwrap_or_default(),
        language: facts.language,
        paper: Paper::A4,
        addressee: facts.addressee(),
        subject: facts.subject(),
        paragraphs: facts.paragraphs()?,
    };
    let text = draft.text((house, place), "LOS-0000-0000".to_owned(), day, vec![]);
    text.ok_or_else(|| Fault::new("the made-up letter has a code that is none"))
}

/// What tells one house from every other, whatever its number.
///
/// # Errors
/// A fault when its settings cannot be written down.
pub fn mark(house: &House) -> Result<String, Fault> {
    let settings =
        serde_json::to_string(&house.settings).map_err(|error| Fault::because("a house's settings", error))?;
    let picture = |picture: Option<&Picture>| picture.map(|picture| fingerprint(&picture.bytes)).unwrap_or_default();
    let parts = [settings, picture(house.pictures.logo.as_ref()), picture(house.pictures.signature.as_ref())];
    Ok(fingerprint(parts.join("\n").as_bytes()))
}

/// Keeps what `staff` are changing, to be looked at; its number is the version that they began with.
///
/// # Errors
/// A fault of the database.
pub fn try_out(tx: &mut Tx<'_>, now: Instant, staff: Staff, house: &House) -> Outcome<()> {
    store::keep(tx, house, staff.person(), now)
}

/// Throws away what `staff` were changing.
///
/// # Errors
/// A fault of the database.
pub fn drop_change(tx: &mut Tx<'_>, staff: Staff) -> Outcome<()> {
    store::drop_of(tx, staff.person()).map(drop)
}

/// Puts what `staff` were changing in force, as the next version. `seen` is the version that they were told is in force,
/// `looked` the mark of what they looked at. What changes nothing adds no version. Gives the version in force.
///
/// # Errors
/// Refused when another version came into force meanwhile, when they changed it in another window since, and when they
/// are changing nothing; a fault of the database.
pub fn put_in_force(
    tx: &mut Tx<'_>,
    now: Instant,
    staff: Staff,
    bundled: &House,
    (seen, looked): (i64, &str),
) -> Outcome<i64> {
    let number = store::touch(tx)?;
    let Some(change) = store::change_of(tx, staff.person())? else {
        return Err(nothing_changed().onward("See what is in force", HOUSE_PATH).into());
    };
    let before = store::in_force(tx, bundled)?;
    if before.number != seen {
        return Err(changed_meanwhile(before.number).onward("Look at both", CHANGE_PATH).into());
    }
    if mark(&change.house)? != looked {
        let sentence = "You changed this in another window after you opened this page. Nothing came into force. Look \
                        at it as it is now.";
        return Err(Refusal::conflict("house-other", sentence).onward("Look at it", CHANGE_PATH).into());
    }
    store::drop_of(tx, staff.person())?;
    let house = House { number, ..change.house };
    let changes = house.changes(&before);
    if changes.is_empty() {
        take_back_number(tx, store::NUMBER)?;
        return Ok(before.number);
    }
    enact(tx, now, staff, &house, &changes.iter().map(|change| change.what).collect::<Vec<_>>())?;
    Ok(number)
}

/// Puts a house in force without anybody having looked: for the made-up letters of the demonstration.
///
/// # Errors
/// A fault of the database.
pub fn put_unseen(tx: &mut Tx<'_>, now: Instant, staff: Staff, house: House) -> Outcome<()> {
    let house = House { number: store::touch(tx)?, ..house };
    enact(tx, now, staff, &house, &[])
}

fn enact(tx: &mut Tx<'_>, now: Instant, staff: Staff, house: &House, changed: &[&str]) -> Outcome<()> {
    store::add(tx, house, staff.person(), now)?;
    let actor = Actor::Staff(staff.person());
    let detail = json!({ "version": house.number, "mark": mark(house)?, "changed": changed });
    record(tx, &Entry { subject: JOURNAL.to_owned(), at: now, actor, what: "house-changed", detail })
}

/// What whoever puts a change in force is told when somebody else was first.
pub fn changed_meanwhile(number: i64) -> Refusal {
    Refusal::conflict(
        "house-changed",
        format!(
            "Version {number} came into force while you were writing. Yours is kept, and nothing of it is in force yet. \
             Look below at what yours would change, then put it in force, or take theirs over first."
        ),
    )
}

/// What somebody is told who is changing nothing.
pub fn nothing_changed() -> Refusal {
    Refusal::not_found("no-house-change", "You are not changing the letterhead at the moment.")
}
