//! Questions to the queue that staff keep under a name of their own. What they do with several requests is in `chosen`.

mod awaited;
pub mod chosen;

use serde_json::json;

use super::store::{self, Kept};
use crate::audit::entry::{Actor, Entry};
use crate::audit::store::record;
use crate::moment::Moment;
use crate::people::access::Staff;
use crate::plain;
use crate::refusal::{FieldErrors, Outcome};
use crate::store::Tx;

/// The field with the name of a view.
pub const NAME: &str = "view";
/// The longest name, in characters.
const LONGEST: usize = 60;
/// How many views somebody can keep.
const MOST: i64 = 20;

/// Keeps a question; a view of the same name asks it from now on.
///
/// # Errors
/// A field error for a name that is none, and when there are too many; a fault of the database.
pub fn keep(tx: &mut Tx<'_>, moment: &Moment, staff: &Staff, name: &str, query: &str) -> Outcome<()> {
    let name =
        plain::line(name, LONGEST).map_err(|flaw| FieldErrors::one(NAME, flaw.sentence("the name of the view")))?;
    let view = Kept { name, query: query.to_owned() };
    store::keep(tx, staff.person(), &view, moment.now)?;
    if store::count(tx, staff.person())? > MOST {
        let sentence = format!("You keep {MOST} views already. Drop one first.");
        return Err(FieldErrors::one(NAME, sentence).into());
    }
    note(tx, moment, staff, "view-kept", &view.name)
}

/// Drops a view; one that is gone already stays gone.
///
/// # Errors
/// A fault of the database.
pub fn drop_view(tx: &mut Tx<'_>, moment: &Moment, staff: &Staff, name: &str) -> Outcome<()> {
    if store::drop_view(tx, staff.person(), name)? {
        note(tx, moment, staff, "view-dropped", name)?;
    }
    Ok(())
}

fn note(tx: &mut Tx<'_>, moment: &Moment, staff: &Staff, what: &'static str, name: &str) -> Outcome<()> {
    let (at, actor) = (moment.now, Actor::Staff(staff.person()));
    record(tx, &Entry { subject: "people".to_owned(), at, actor, what, detail: json!({ "view": name }) })
}
