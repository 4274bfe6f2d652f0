//! Staff change a value of the policy, from a day on.

use serde_json::json;

use super::change;
use super::settings::Setting;
use super::store;
use crate::audit::entry::{Actor, Entry};
use crate::audit::store::record;
use crate::clock::Instant;
use crate::people::access::Staff;
use crate::refusal::Outcome;
use crate::store::Tx;

/// The subject of the journal's entries about the policy.
pub const JOURNAL: &str = "policy";

/// Lets a setting take a value from a day on, in place of another one of the same day. Requests that were sent keep the
/// values they were sent under.
///
/// # Errors
/// Every field error; a fault of the database.
pub fn set(tx: &mut Tx<'_>, setting: Setting, typed: (&str, &str), by: Staff, now: Instant) -> Outcome<()> {
    let today = store::in_force(tx, now)?.today(now);
    let change = change::read(setting, typed, &store::all(tx)?, today)?;
    store::put(tx, &change, by.person(), now)?;
    let detail = json!({ "setting": setting, "value": change.value, "since": change.since });
    let actor = Actor::Staff(by.person());
    record(tx, &Entry { subject: JOURNAL.to_owned(), at: now, actor, what: "setting-changed", detail })
}
