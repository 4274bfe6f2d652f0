//! Staff confirm that a letter was held against the text of its funder's call. Without that no letter goes to a funder
//! whose rules are known.

use serde_json::json;

use super::{check_path, note};
use crate::audit::entry::Actor;
use crate::funders::bundled::funders;
use crate::funders::matching;
use crate::funders::profile::Profile;
use crate::ids::RequestId;
use crate::moment::Moment;
use crate::people::access::Staff;
use crate::refusal::{Fault, Outcome, Refusal};
use crate::store::{Tx, View};
use crate::workflow::letter::rules;
use crate::workflow::letter::store::call::{self, Held};
use crate::workflow::letter::store::{self, Open};
use crate::workflow::request::store::{self as requests, Request};

/// The rules of a request's funder, when they are known.
///
/// # Errors
/// A fault when the bundled profiles cannot be read.
pub fn profile_of(request: &Request) -> Result<Option<&'static Profile>, Fault> {
    Ok(matching::find(funders()?, &request.funder, &request.programme).profile())
}

/// Keeps that the letter was held against the call.
///
/// # Errors
/// A refusal when the text was changed meanwhile or the request can have no letter; a fault of the database.
pub fn confirm(tx: &mut Tx<'_>, moment: &Moment, staff: Staff, request: RequestId, held: &Held) -> Outcome<()> {
    let request = requests::touch(tx, request)?;
    let motion = store::carried_motion(tx, request.id)?;
    rules::may_draft(request.stage, motion)?;
    let open = store::open(tx, request.id)?.filter(|open| open.revision == held.revision);
    let open =
        open.ok_or_else(|| rules::changed_meanwhile().onward("Look at the letter again", check_path(request.id)))?;
    if call::of(tx, open.id)?.is_some_and(|kept| kept.held == *held) {
        return Ok(());
    }
    call::keep(tx, open.id, held, (staff.person(), moment.now))?;
    let detail = json!({
        "letter": open.id,
        "revision": held.revision,
        "funder": held.profile.id,
        "rules": held.profile.version(),
        "misfits": held.misfits.lines().collect::<Vec<_>>(),
        "reason": held.reason,
    });
    note(tx, moment, Actor::Staff(staff.person()), request.id, "letter-held-against-call", detail)
}

/// Refuses to issue a letter to a funder whose rules are known before its very text was held against them.
///
/// # Errors
/// A refusal that says what to do, or a fault of the database.
pub(super) fn must_be_held(view: &mut View<'_>, request: &Request, open: &Open) -> Outcome<()> {
    let Some(profile) = profile_of(request)? else { return Ok(()) };
    let kept = call::of(view, open.id)?.filter(|kept| is_current(&kept.held, open.revision, profile));
    if kept.is_some() {
        return Ok(());
    }
    let sentence = "This text of the letter was not held against the funder’s call yet. Nothing was issued. Look at the \
                    funder’s rules beside the letter, confirm them, and issue it then.";
    Err(Refusal::conflict("not-held-against-call", sentence)
        .onward("Look at the funder’s rules", check_path(request.id))
        .into())
}

/// Whether a confirmation is about this text of the letter and about the rules as they are now.
pub fn is_current(held: &Held, revision: i64, profile: &Profile) -> bool {
    held.revision == revision && held.profile == *profile
}
