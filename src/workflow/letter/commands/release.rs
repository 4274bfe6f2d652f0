//! Letting a letter go: one person looks at the bytes and passes them on, a second one issues those very bytes.

use serde_json::json;

use super::call::must_be_held;
use super::{check_path, co_signers, colleagues, corrected_since, note, today};
use crate::audit::entry::Actor;
use crate::ids::{LetterId, RequestId};
use crate::moment::Moment;
use crate::people::access::Staff;
use crate::refusal::Outcome;
use crate::store::Tx;
use crate::workflow::delivery::outbox;
use crate::workflow::letter::co_signers::signed;
use crate::workflow::letter::life::{is_second, may_let_go};
use crate::workflow::letter::notices;
use crate::workflow::letter::rules::{self, Register};
use crate::workflow::letter::seal::Sealed;
use crate::workflow::letter::store::{self, house, life, proofs, seals};
use crate::workflow::request::commands::sharing::applicants;
use crate::workflow::request::store as requests;
use crate::workflow::routing::commands::about;
use crate::workflow::stage::Step;

/// A letter as it was set for somebody to look at.
#[derive(Debug, Clone)]
pub struct Setting {
    /// The revision of the text that was looked at.
    pub revision: i64,
    /// The fingerprint of the PDF that was looked at.
    pub approved: String,
    /// The PDF of the text as it is now.
    pub pdf: Vec<u8>,
    /// How many co-signatures it shows.
    pub co_signed: usize,
    /// The version of the house that it shows.
    pub house: i64,
    /// What is publicly told about it.
    pub register: Register,
}

/// Keeps the bytes that `staff` looked at as the letter's proof. Whoever wrote the words needs a second person to issue
/// them: the rest of staff are told.
///
/// # Errors
/// A refusal when the bytes are not those that were looked at, or the request can have no letter; a fault of the database.
pub fn pass_on(tx: &mut Tx<'_>, moment: &Moment, staff: Staff, request: RequestId, set: &Setting) -> Outcome<()> {
    let request = requests::touch(tx, request)?;
    let motion = rules::may_draft(request.stage, store::carried_motion(tx, request.id)?)?;
    let sha256 = rules::fingerprint(&set.pdf);
    let today = today(&request, moment.now)?;
    let house = house::number(tx)?;
    let open = store::open(tx, request.id)?
        .filter(|_| set.house == house)
        .filter(|open| open.revision == set.revision && sha256 == set.approved && set.register.date == today)
        .filter(|open| signed(&open.co_signers) == set.co_signed)
        .ok_or_else(|| rules::not_what_was_checked().onward("Look at the letter again", check_path(request.id)))?;
    rules::must_rest_on(open.motion, motion)?;
    must_be_held(tx, &request, &open)?;
    co_signers::must_be_done(moment, &request, &open)?;
    let by = (staff.person(), moment.now);
    proofs::keep(tx, open.id, (open.revision, &set.register, set.house), (&sha256, &set.pdf), by)?;
    let detail = json!({ "letter": open.id, "revision": open.revision, "house": house, "sha256": sha256 });
    note(tx, moment, Actor::Staff(staff.person()), request.id, "letter-checked", detail)?;
    if is_second(open.editor, staff.person()) {
        return Ok(());
    }
    for colleague in colleagues(tx, moment, &request, staff.person())? {
        outbox::queue(tx, moment, &notices::second_wanted(&moment.site, &about(&request), &colleague)?)?;
    }
    Ok(())
}

/// Issues the letter: the bytes of its proof, with number, date, code and fingerprint. The request moves on, an earlier
/// version is superseded, the applicant is told. `approved` is the fingerprint that was looked at, `sealed` the signed
/// original of those bytes, when there is a key to sign with.
///
/// # Errors
/// A refusal when the proof is not what was looked at, when `staff` wrote the words, or when the request can have no
/// letter (any more); a fault of the database.
pub fn issue(
    tx: &mut Tx<'_>,
    moment: &Moment,
    staff: Staff,
    request: RequestId,
    approved: &str,
    sealed: Option<&Sealed>,
) -> Outcome<LetterId> {
    let request = requests::touch(tx, request)?;
    let open = store::open(tx, request.id)?;
    let letter = open.as_ref().map_or_else(LetterId::fresh, |open| open.id);
    let motion = store::carried_motion(tx, request.id)?;
    let motion = rules::may_issue(request.stage, motion, letter, moment.now)?;
    let other = || rules::not_what_was_checked().onward("Look at the letter again", check_path(request.id));
    let open = open.ok_or_else(other)?;
    rules::must_rest_on(open.motion, motion)?;
    let corrected = corrected_since(tx, &request, &open)?;
    let proof = proofs::of(tx, open.id)?
        .filter(|proof| proof.revision == open.revision && proof.sha256 == approved)
        .filter(|proof| corrected.is_none_or(|corrected| corrected.leaves(proof.checked_at)))
        .ok_or_else(other)?;
    may_let_go(open.editor, staff.person(), proof.register.date, today(&request, moment.now)?)
        .map_err(|refusal| refusal.onward("Look at the letter", check_path(request.id)))?;
    let pdf = proofs::bytes(tx, open.id)?;
    if sealed.is_some_and(|sealed| !sealed.bytes.starts_with(&pdf)) {
        return Err(other().into());
    }
    let before = store::in_force(tx, request.id)?;
    if let Some(before) = &before {
        life::supersede(tx, before.id, moment.now)?;
    }
    store::issue(tx, &open, (&proof.register, proof.house), (&proof.sha256, &pdf), (staff.person(), moment.now))?;
    if let Some(sealed) = sealed {
        seals::keep(tx, open.id, sealed)?;
    }
    requests::advance(tx, &request, Step::Issue { at: moment.now, letter: open.id }, moment.now)?;
    let detail = json!({
        "letter": open.id, "number": proof.register.number, "sha256": proof.sha256, "motion": open.motion,
        "checked_by": proof.checked_by, "house": proof.house, "supersedes": before.as_ref().map(|before| before.id),
        "signed": sealed.map(|sealed| json!({ "sha256": sealed.sha256, "certificate": sealed.certificate })),
    });
    note(tx, moment, Actor::Staff(staff.person()), request.id, "letter-issued", detail)?;
    let replaces = before.map(|before| before.register.number);
    for told in applicants(tx, &request, moment.now)? {
        let (to, replaces) = ((told.to.0.as_str(), told.to.1.as_str()), replaces.as_deref());
        let mail = notices::letter_ready(&moment.site, request.id, to, &proof.register, replaces, sealed.is_some())?;
        outbox::queue(tx, moment, &mail)?;
    }
    co_signers::tell_that_it_is_out(tx, moment, &request, &open)?;
    Ok(open.id)
}
