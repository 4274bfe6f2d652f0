//! What happens to a physical copy: asked for, taken back, printed, posted, come back, sent again. Every command begins
//! with its request's row, so that two people doing something at once do it one after the other.

use serde_json::{Value, json};

use super::{notices, store};
use crate::audit::entry::{Actor, Entry};
use crate::audit::store::record;
use crate::ids::RequestId;
use crate::moment::Moment;
use crate::people::access::{Applicant, Staff};
use crate::refusal::{Outcome, Refusal};
use crate::store::Tx;
use crate::workflow::delivery::outbox;
use crate::workflow::post::address::{Recipient, fields, read_posting, read_remark};
use crate::workflow::post::rules::{self, Act, Copies, PhysicalCopy, State};
use crate::workflow::request::commands::sharing::applicants;
use crate::workflow::request::store::{self as requests, Request};
use crate::workflow::routing::commands::{about, in_charge};

/// The applicant asks for a physical copy, or for another address as long as it is not printed. Staff have a mail when
/// there is a new one.
///
/// # Errors
/// A refusal when there is no letter or the physical copy is in the post; a fault of the database.
pub fn ask(tx: &mut Tx<'_>, moment: &Moment, applicant: &Applicant, to: &Recipient) -> Outcome<()> {
    let request = requests::touch(tx, applicant.request())?;
    let here = |refusal: Refusal| refusal.onward("Your request", format!("/requests/{}", request.id));
    rules::must_have_letter(request.stage).map_err(here)?;
    let copies = store::of(tx, request.id, request.stage)?;
    rules::may(Act::Ask, copies.state()).map_err(here)?;
    let actor = Actor::Applicant(applicant.person());
    let number = next_number(&copies);
    if let Some(open) = copies.last().filter(|_| copies.state() == Some(State::Asked)) {
        if open.to == *to {
            return Ok(());
        }
        store::take_back(tx, request.id, open.number, moment.now)?;
        store::ask(tx, request.id, number, (to, moment.now))?;
        return note(tx, moment, actor, request.id, "copy-address-changed", json!({ "copy": number }));
    }
    store::ask(tx, request.id, number, (to, moment.now))?;
    for colleague in in_charge(tx, moment, &request)?.iter().filter(|reader| reader.seat.is_none()) {
        outbox::queue(tx, moment, &notices::asked(&moment.site, &about(&request), colleague)?)?;
    }
    note(tx, moment, actor, request.id, "copy-asked", json!({ "copy": number }))
}

/// The applicant no longer wants the physical copy.
///
/// # Errors
/// A refusal when it is printed or there is none; a fault of the database.
pub fn take_back(tx: &mut Tx<'_>, moment: &Moment, applicant: &Applicant) -> Outcome<()> {
    let request = requests::touch(tx, applicant.request())?;
    let copies = store::of(tx, request.id, request.stage)?;
    let copy = last(&copies, Act::TakeBack)
        .map_err(|refusal| refusal.onward("Your request", format!("/requests/{}", request.id)))?;
    store::take_back(tx, request.id, copy.number, moment.now)?;
    let actor = Actor::Applicant(applicant.person());
    note(tx, moment, actor, request.id, "copy-taken-back", json!({ "copy": copy.number }))
}

/// What a form of staff was about when it was shown.
#[derive(Debug, Clone)]
pub struct Seen {
    /// The number of the physical copy.
    pub copy: String,
    /// The letter that was in force.
    pub letter: String,
}

/// Staff have printed the letter that they saw.
///
/// # Errors
/// A refusal when it is printed already, or when another letter or another address has taken the place of what they saw;
/// a fault of the database.
pub fn printed(tx: &mut Tx<'_>, moment: &Moment, staff: Staff, id: RequestId, seen: &Seen) -> Outcome<()> {
    let (request, copy) = held(tx, id, Act::Print, &seen.copy)?;
    let letter = rules::must_have_letter(request.stage)?;
    rules::must_be_current(&seen.letter, letter).map_err(|refusal| onward(refusal, id))?;
    store::print(tx, id, copy.number, (letter, moment.now))?;
    let detail = json!({ "copy": copy.number, "letter": letter });
    note(tx, moment, Actor::Staff(staff.person()), id, "copy-printed", detail)
}

/// Staff have posted it, as `typed`; the applicant has a mail.
///
/// # Errors
/// Every field that is wrong; a refusal when it is not printed or posted already; a fault of the database.
pub fn posted<'f>(
    tx: &mut Tx<'_>,
    moment: &Moment,
    staff: Staff,
    id: RequestId,
    typed: impl Fn(&str) -> &'f str,
) -> Outcome<()> {
    let (request, copy) = held(tx, id, Act::Post, typed(fields::COPY))?;
    let policy = request.frozen_policy()?.unwrap_or_default();
    let printed = copy.printed.map_or(moment.now, |(_, at)| at);
    let posting = read_posting(typed, (policy.today(printed), policy.today(moment.now)))?;
    store::post(tx, id, copy.number, (&posting, moment.now))?;
    for told in applicants(tx, &request, moment.now)? {
        let to = (told.to.0.as_str(), told.to.1.as_str());
        let mail = notices::posted(&moment.site, &about(&request), to, (&copy.to, &posting))?;
        outbox::queue(tx, moment, &mail)?;
    }
    let detail = json!({
        "copy": copy.number, "day": posting.day, "carrier": posting.carrier, "tracking": posting.tracking,
    });
    note(tx, moment, Actor::Staff(staff.person()), id, "copy-posted", detail)
}

/// It came back to staff, with what is known of why; the applicant has a mail that asks for the address.
///
/// # Errors
/// A field error without a remark; a refusal when it is not on its way; a fault of the database.
pub fn returned(
    tx: &mut Tx<'_>,
    moment: &Moment,
    staff: Staff,
    id: RequestId,
    (copy, remark): (&str, &str),
) -> Outcome<()> {
    let (request, copy) = held(tx, id, Act::Return, copy)?;
    let remark = read_remark(remark)?;
    store::give_back(tx, id, copy.number, (&remark, moment.now))?;
    let can_ask = rules::must_have_letter(request.stage).is_ok();
    for told in applicants(tx, &request, moment.now)? {
        let to = (told.to.0.as_str(), told.to.1.as_str());
        let mail = notices::returned(&moment.site, &about(&request), to, (&copy.to, &remark, can_ask))?;
        outbox::queue(tx, moment, &mail)?;
    }
    let detail = json!({ "copy": copy.number, "remark": remark });
    note(tx, moment, Actor::Staff(staff.person()), id, "copy-returned", detail)
}

/// Staff send what came back to the same address again: it is to be printed, or found undamaged, and posted anew.
///
/// # Errors
/// A refusal when it did not come back, was asked for again already, or the letter is no longer in force; a fault of the
/// database.
pub fn send_again(tx: &mut Tx<'_>, moment: &Moment, staff: Staff, id: RequestId, copy: &str) -> Outcome<()> {
    let (request, copy) = held(tx, id, Act::SendAgain, copy)?;
    rules::must_have_letter(request.stage).map_err(|refusal| onward(refusal, id))?;
    let number = copy.number + 1;
    store::ask(tx, id, number, (&copy.to, moment.now))?;
    note(tx, moment, Actor::Staff(staff.person()), id, "copy-sent-again", json!({ "copy": number }))
}

/// Where staff see to the physical copy of a request.
pub fn posting_path(request: RequestId) -> String {
    format!("/requests/{request}/posting")
}

/// The request, held, and the physical copy that staff saw when they did `act`.
fn held(tx: &mut Tx<'_>, id: RequestId, act: Act, seen: &str) -> Outcome<(Request, PhysicalCopy)> {
    let request = requests::touch(tx, id)?;
    let copies = store::of(tx, id, request.stage)?;
    let copy = last(&copies, act).map_err(|refusal| onward(refusal, id))?;
    rules::must_be_same(seen, copy.number).map_err(|refusal| onward(refusal, id))?;
    Ok((request, copy.clone()))
}

/// The physical copy that counts, if `act` is possible for it.
fn last(copies: &Copies, act: Act) -> Result<&PhysicalCopy, Refusal> {
    rules::may(act, copies.state())?;
    match copies.last() {
        Some(copy) => Ok(copy),
        None => Err(Refusal::conflict("copy-state", "Nobody has asked for a physical copy.")),
    }
}

fn next_number(copies: &Copies) -> i32 {
    copies.last().map_or(1, |copy| copy.number + 1)
}

fn onward(refusal: Refusal, id: RequestId) -> Refusal {
    refusal.onward("The physical copy", posting_path(id))
}

fn note(
    tx: &mut Tx<'_>,
    moment: &Moment,
    actor: Actor,
    request: RequestId,
    what: &'static str,
    detail: Value,
) -> Outcome<()> {
    record(tx, &Entry { subject: request.to_string(), at: moment.now, actor, what, detail })
}
