//! After the letter is out: a later version, or taking it back, each with its reason.

use serde_json::json;

use super::{co_signers, colleagues, fresh_code, note};
use crate::audit::entry::Actor;
use crate::ids::{RequestId, nonce};
use crate::moment::Moment;
use crate::people::access::Staff;
use crate::refusal::{Outcome, Refusal};
use crate::store::Tx;
use crate::workflow::delivery::outbox;
use crate::workflow::letter::co_signers::Answer;
use crate::workflow::letter::form::Draft;
use crate::workflow::letter::life::{may_confirm, must_be_in_force};
use crate::workflow::letter::store::{self, Issued, co_signers as stored, life};
use crate::workflow::letter::{notices, rules};
use crate::workflow::request::commands::sharing::applicants;
use crate::workflow::request::store::{self as requests, Request};
use crate::workflow::routing::commands::{about, read_reason};
use crate::workflow::stage::{self, Step};

/// The field for why a later version is begun.
pub const VERSION_REASON: &str = "version_reason";
/// The field for why a letter is taken back.
pub const REVOKE_REASON: &str = "revoke_reason";

/// Begins the next version of a letter that is out, from the words of the last one and with a code of its own. The
/// version in force stays so until the new one is issued.
///
/// # Errors
/// A field error without a reason; a refusal when no letter has been issued; a fault of the database.
pub fn begin_version(tx: &mut Tx<'_>, moment: &Moment, staff: Staff, id: RequestId, reason: &str) -> Outcome<()> {
    let request = requests::touch(tx, id)?;
    let motion = rules::may_draft(request.stage, store::carried_motion(tx, id)?)?;
    let reason = read_reason(VERSION_REASON, reason, "Say why a new version is needed. It stays with the letter.")?;
    if store::open(tx, id)?.is_some() {
        return Ok(());
    }
    let last = store::last_words(tx, id)?.ok_or_else(rules::nothing_issued)?;
    let draft = Draft { code: fresh_code().as_str().to_owned(), ..last };
    let letter = store::begin(tx, id, motion, (&draft, Some(&reason), None), (staff.person(), moment.now))?;
    // Whoever signed the last version is to sign this one too, once asked.
    if let Some(last) = store::last_issued(tx, id)? {
        for one in stored::of(tx, last.id)?.iter().filter(|one| matches!(one.answer, Answer::Signed(..))) {
            stored::add(tx, letter, &one.typed(), &nonce())?;
        }
    }
    let detail = json!({ "letter": letter, "reason": reason });
    note(tx, moment, Actor::Staff(staff.person()), id, "letter-version-begun", detail)
}

/// Throws away a later version that was begun and not issued; the one before stays as it is.
///
/// # Errors
/// A refusal when there is none; a fault of the database.
pub fn drop_version(tx: &mut Tx<'_>, moment: &Moment, staff: Staff, id: RequestId) -> Outcome<()> {
    let request = requests::touch(tx, id)?;
    stage::advance(request.stage, Step::DraftLetter)?;
    let open = store::open(tx, id)?.filter(|open| open.version > 1).ok_or_else(|| {
        Refusal::conflict("no-version", "No new version of this letter is being written. It may have been issued.")
    })?;
    co_signers::tell_that_it_is_dropped(tx, moment, &request, &open)?;
    store::drop_draft(tx, open.id)?;
    let detail = json!({ "letter": open.id, "version": open.version });
    note(tx, moment, Actor::Staff(staff.person()), id, "letter-version-dropped", detail)
}

/// Asks for a letter to be taken back. It stays in force until a second person confirms; the rest of staff are told.
///
/// # Errors
/// A field error without a reason; a refusal when no letter is in force; a fault of the database.
pub fn propose_revocation(tx: &mut Tx<'_>, moment: &Moment, staff: Staff, id: RequestId, reason: &str) -> Outcome<()> {
    let (request, letter) = in_force(tx, id)?;
    let reason = read_reason(REVOKE_REASON, reason, "Say why the letter is revoked. The applicant reads it.")?;
    life::propose(tx, letter.id, &reason, (staff.person(), moment.now))?;
    let detail = json!({ "letter": letter.id, "reason": reason });
    note(tx, moment, Actor::Staff(staff.person()), id, "revocation-proposed", detail)?;
    for colleague in colleagues(tx, moment, &request, staff.person())? {
        let mail = notices::revocation_wanted(&moment.site, &about(&request), &colleague, &letter.register, &reason)?;
        outbox::queue(tx, moment, &mail)?;
    }
    Ok(())
}

/// Drops the wish to take a letter back: it stays in force.
///
/// # Errors
/// A refusal when nobody wishes it; a fault of the database.
pub fn keep_in_force(tx: &mut Tx<'_>, moment: &Moment, staff: Staff, id: RequestId) -> Outcome<()> {
    let (_, letter) = in_force(tx, id)?;
    if !life::drop_proposal(tx, letter.id)? {
        may_confirm(None, staff.person())?;
    }
    note(tx, moment, Actor::Staff(staff.person()), id, "revocation-dropped", json!({ "letter": letter.id }))
}

/// A second person takes the letter back: whoever checks it is told so from now on, and the applicant reads why.
///
/// # Errors
/// A refusal when nobody wishes it, or `staff` themselves did; a fault of the database.
pub fn revoke(tx: &mut Tx<'_>, moment: &Moment, staff: Staff, id: RequestId) -> Outcome<()> {
    let (request, letter) = in_force(tx, id)?;
    let wish = life::revocation(tx, letter.id)?;
    may_confirm(wish.as_ref(), staff.person())?;
    let reason = wish.map(|wish| wish.reason).unwrap_or_default();
    life::revoke(tx, letter.id, (staff.person(), moment.now))?;
    requests::advance(tx, &request, Step::Revoke, moment.now)?;
    let detail = json!({ "letter": letter.id, "reason": reason });
    note(tx, moment, Actor::Staff(staff.person()), id, "letter-revoked", detail)?;
    for told in applicants(tx, &request, moment.now)? {
        let to = (told.to.0.as_str(), told.to.1.as_str());
        let mail = notices::revoked(&moment.site, id, to, &letter.register, &reason)?;
        outbox::queue(tx, moment, &mail)?;
    }
    co_signers::tell_that_it_is_revoked(tx, moment, &request, &letter)
}

/// The request, and its letter that is in force.
fn in_force(tx: &mut Tx<'_>, id: RequestId) -> Outcome<(Request, Issued)> {
    let request = requests::touch(tx, id)?;
    let letter = store::in_force(tx, id)?;
    must_be_in_force(letter.as_ref().map(|letter| letter.state))?;
    let letter = letter.ok_or_else(super::no_letter)?;
    Ok((request, letter))
}
