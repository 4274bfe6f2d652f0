//! What happens to a letter: drafted, changed, issued, downloaded. Every command begins with its request's row, so that
//! two people doing something at once do it one after the other.

use chrono::NaiveDate;
use serde_json::json;

use super::{notices, store};
use crate::audit::entry::{Actor, Entry};
use crate::audit::store::record;
use crate::clock::Instant;
use crate::ids::{LetterId, RequestId, nonce};
use crate::moment::Moment;
use crate::people::access::{Applicant, Staff};
use crate::refusal::{Outcome, Refusal};
use crate::store::Tx;
use crate::workflow::delivery::outbox;
use crate::workflow::letter::code::Code;
use crate::workflow::letter::draft::Facts;
use crate::workflow::letter::form::Draft;
use crate::workflow::letter::rules::{self, Register};
use crate::workflow::letter::text::Paper;
use crate::workflow::request::answers::LetterKind;
use crate::workflow::request::store::{self as requests, Request, lists};
use crate::workflow::stage::{Stage, Step};

/// What a person looked at and releases.
#[derive(Debug, Clone)]
pub struct Release {
    /// The revision of the draft that was looked at.
    pub revision: i64,
    /// The fingerprint of the PDF that was looked at.
    pub approved: String,
    /// The PDF of the draft as it is now.
    pub pdf: Vec<u8>,
    /// What is publicly told about it.
    pub register: Register,
}

/// The day it is for the Consortium, by the policy that the request was made under.
///
/// # Errors
/// A fault when that policy cannot be read.
pub fn today(request: &Request, now: Instant) -> Outcome<NaiveDate> {
    Ok(request.frozen_policy()?.unwrap_or_default().today(now))
}

/// Writes the first draft of a request's letter; a draft that is there already stays as it is.
///
/// # Errors
/// A refusal when the request can have no letter, or a fault of the database.
pub fn draft(tx: &mut Tx<'_>, moment: &Moment, staff: Staff, request: RequestId) -> Outcome<()> {
    let request = requests::touch(tx, request)?;
    let motion = store::carried_motion(tx, request.id)?;
    let motion = rules::may_draft(request.stage, motion)?;
    if store::open(tx, request.id)?.is_some() {
        return Ok(());
    }
    let facts = facts(tx, &request, today(&request, moment.now)?)?;
    let draft = Draft {
        code: fresh_code().as_str().to_owned(),
        paper: Paper::A4,
        addressee: facts.addressee(),
        subject: facts.subject(),
        paragraphs: facts.paragraphs(),
    };
    let letter = store::begin(tx, request.id, motion, &draft, (staff.person(), moment.now))?;
    note(tx, moment, Actor::Staff(staff.person()), request.id, "letter-drafted", json!({ "letter": letter }))
}

/// Keeps what staff changed in the draft with this `revision`.
///
/// # Errors
/// A refusal when the draft was changed meanwhile or the request can have no letter; a fault of the database.
pub fn save(
    tx: &mut Tx<'_>,
    moment: &Moment,
    staff: Staff,
    request: RequestId,
    (revision, draft): (i64, &Draft),
) -> Outcome<()> {
    let request = requests::touch(tx, request)?;
    let motion = store::carried_motion(tx, request.id)?;
    let motion = rules::may_draft(request.stage, motion)?;
    let open = store::open(tx, request.id)?.filter(|open| open.revision == revision);
    let open = open.ok_or_else(rules::changed_meanwhile)?;
    // The code belongs to the draft in the database, whatever the caller holds.
    let draft = Draft { code: open.draft.code.clone(), ..draft.clone() };
    if draft == open.draft && motion == open.motion {
        return Ok(());
    }
    store::save(tx, open.id, motion, &draft)?;
    let detail = json!({ "letter": open.id, "revision": revision + 1 });
    note(tx, moment, Actor::Staff(staff.person()), request.id, "letter-edited", detail)
}

/// Issues the letter: number, date, code, bytes and fingerprint are kept, the request moves on, the applicant is told.
///
/// # Errors
/// A refusal when the bytes are not those that were looked at, or the request can have no letter (any more); a fault
/// of the database.
pub fn issue(
    tx: &mut Tx<'_>,
    moment: &Moment,
    staff: Staff,
    request: RequestId,
    release: &Release,
) -> Outcome<LetterId> {
    let request = requests::touch(tx, request)?;
    let open = store::open(tx, request.id)?;
    let letter = open.as_ref().map_or_else(LetterId::fresh, |open| open.id);
    let motion = store::carried_motion(tx, request.id)?;
    let motion = rules::may_issue(request.stage, motion, letter, moment.now)?;
    let sha256 = rules::fingerprint(&release.pdf);
    let today = today(&request, moment.now)?;
    let open = open
        .filter(|open| open.revision == release.revision && sha256 == release.approved)
        .filter(|_| release.register.date == today)
        .ok_or_else(|| rules::not_what_was_checked().onward("Look at the letter again", check_path(request.id)))?;
    rules::must_rest_on(open.motion, motion)?;
    let by = (staff.person(), moment.now);
    store::issue(tx, &open, &release.register, (&sha256, &release.pdf), by)?;
    requests::advance(tx, &request, Step::Issue { at: moment.now, letter: open.id }, moment.now)?;
    let detail = json!({ "letter": open.id, "number": release.register.number, "sha256": sha256 });
    note(tx, moment, Actor::Staff(staff.person()), request.id, "letter-issued", detail)?;
    let (address, name) = lists::mailbox(tx, request.applicant)?;
    let mail = notices::letter_ready(&moment.site, request.id, (&address, &name), &release.register)?;
    outbox::queue(tx, moment, &mail)?;
    Ok(open.id)
}

/// Who takes a letter's file away.
#[derive(Debug, Clone, Copy)]
pub enum Reader {
    /// The applicant whose request it is.
    Applicant(Applicant),
    /// Staff.
    Staff(Staff),
}

/// Notes a download; the applicant's first one delivers the letter.
///
/// # Errors
/// A refusal when there is no letter, or a fault of the database.
pub fn download(tx: &mut Tx<'_>, moment: &Moment, reader: Reader, request: RequestId) -> Outcome<()> {
    let request = requests::touch(tx, request)?;
    let letter = store::in_force(tx, request.id)?.ok_or_else(no_letter)?;
    let actor = match reader {
        Reader::Applicant(applicant) => Actor::Applicant(applicant.person()),
        Reader::Staff(staff) => Actor::Staff(staff.person()),
    };
    let first = matches!((reader, request.stage), (Reader::Applicant(_), Stage::Issued { .. }));
    if first {
        requests::advance(tx, &request, Step::Deliver { at: moment.now }, moment.now)?;
    }
    let detail = json!({ "letter": letter.id, "sha256": letter.sha256, "first": first });
    note(tx, moment, actor, request.id, "letter-downloaded", detail)
}

/// Where a request's letter is looked at before it is released.
pub fn check_path(request: RequestId) -> String {
    format!("/requests/{request}/letter/check")
}

/// What anyone is told who asks for a letter that is not there.
pub fn no_letter() -> Refusal {
    Refusal::not_found("no-letter", "This request has no letter yet.").onward("Your requests", "/requests")
}

/// The facts that a new letter is drafted from.
fn facts(tx: &mut Tx<'_>, request: &Request, day: NaiveDate) -> Outcome<Facts> {
    let form = request.typed()?;
    let (institution, standing) = match request.institution {
        Some(known) => store::standing(tx, known, day)?,
        None => (request.institution_name.clone(), String::new()),
    };
    let decided_on = request.decided_at.map(|at| today(request, at)).transpose()?;
    let kind = request.letter_kind.parse::<LetterKind>().ok();
    Ok(Facts { institution, standing, decided_on, kind, ..Facts::of(&form) })
}

fn fresh_code() -> Code {
    loop {
        if let Some(code) = Code::from_chance(nonce()) {
            return code;
        }
    }
}

fn note(
    tx: &mut Tx<'_>,
    moment: &Moment,
    actor: Actor,
    request: RequestId,
    what: &'static str,
    detail: serde_json::Value,
) -> Outcome<()> {
    record(tx, &Entry { subject: request.to_string(), at: moment.now, actor, what, detail })
}
