//! What happens to a letter: drafted, changed, checked, issued, downloaded, replaced, taken back. Every command begins
//! with its request's row, so that two people doing something at once do it one after the other.

pub mod call;
pub mod co_signers;
pub mod house;
mod life;
mod release;
pub mod wording;

use chrono::NaiveDate;
use serde_json::json;

pub use life::{REVOKE_REASON, VERSION_REASON, begin_version, drop_version, keep_in_force, propose_revocation, revoke};
pub use release::{Setting, issue, pass_on};

use super::corrected::{self, Corrected};
use super::store::{self, Open};
use crate::audit::entry::{Actor, Entry};
use crate::audit::store::record;
use crate::clock::Instant;
use crate::ids::{PersonId, RequestId, nonce};
use crate::moment::Moment;
use crate::people::access::{Insider, Staff};
use crate::refusal::{Outcome, Refusal};
use crate::store::{Tx, View};
use crate::workflow::letter::code::Code;
use crate::workflow::letter::draft::Facts;
use crate::workflow::letter::form::Draft;
use crate::workflow::letter::language::Language;
use crate::workflow::letter::rules;
use crate::workflow::letter::text::Paper;
use crate::workflow::request::answers::LetterKind;
use crate::workflow::request::raw::RawForm;
use crate::workflow::request::store::{self as requests, Request, versions};
use crate::workflow::routing::commands::in_charge;
use crate::workflow::routing::rules::Reader as Colleague;
use crate::workflow::stage::{Stage, Step};

/// The day it is for the Consortium, by the policy that the request was made under.
///
/// # Errors
/// A fault when that policy cannot be read.
pub fn today(request: &Request, now: Instant) -> Outcome<NaiveDate> {
    Ok(request.frozen_policy()?.unwrap_or_default().today(now))
}

/// Writes the first draft of a request's letter in this language; a draft that is there already stays as it is.
///
/// # Errors
/// A refusal when the request can have no letter, or a fault of the database.
pub fn draft(tx: &mut Tx<'_>, moment: &Moment, staff: Staff, request: RequestId, language: Language) -> Outcome<()> {
    let request = requests::touch(tx, request)?;
    let motion = store::carried_motion(tx, request.id)?;
    let motion = rules::may_draft(request.stage, motion)?;
    if store::open(tx, request.id)?.is_some() {
        return Ok(());
    }
    rules::must_be_first(request.stage)?;
    let facts = Facts { language, ..facts(tx, &request, today(&request, moment.now)?)? };
    let kind = facts.kind.unwrap_or(LetterKind::Support);
    let (wording, own) = store::wording::in_force(tx, (kind, language))?;
    let draft = Draft {
        code: fresh_code().as_str().to_owned(),
        language,
        paper: Paper::A4,
        addressee: facts.addressee(),
        subject: facts.subject(),
        paragraphs: facts.paragraphs_of(own.as_deref())?,
    };
    let letter = store::begin(tx, request.id, motion, (&draft, None, Some(wording)), (staff.person(), moment.now))?;
    let detail = json!({ "letter": letter, "wording": wording });
    note(tx, moment, Actor::Staff(staff.person()), request.id, "letter-drafted", detail)
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
    store::save(tx, open.id, motion, &draft, staff.person())?;
    if !draft.says_the_same(&open.draft) {
        co_signers::ask_anew(tx, moment, &request, &open, staff)?;
    }
    let detail = json!({ "letter": open.id, "revision": revision + 1 });
    note(tx, moment, Actor::Staff(staff.person()), request.id, "letter-edited", detail)
}

/// Who takes a letter's file away.
#[derive(Debug, Clone, Copy)]
pub enum Reader {
    /// The applicant whose request it is, or whoever they share it with.
    Applicant(Insider),
    /// Staff.
    Staff(Staff),
}

/// One of the two files of a letter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rendition {
    /// The flat file, which is sent to funders.
    Flat,
    /// The signed original.
    Signed,
}

/// Notes a download; the applicant's first one delivers the letter.
///
/// # Errors
/// A refusal when there is no letter, or a fault of the database.
pub fn download(
    tx: &mut Tx<'_>,
    moment: &Moment,
    reader: Reader,
    request: RequestId,
    rendition: Rendition,
) -> Outcome<()> {
    let request = requests::touch(tx, request)?;
    let letter = store::in_force(tx, request.id)?.ok_or_else(|| missing(request.stage))?;
    let actor = match reader {
        Reader::Applicant(applicant) => Actor::Applicant(applicant.person()),
        Reader::Staff(staff) => Actor::Staff(staff.person()),
    };
    // Whoever may only look at a request takes no letter in for the applicant.
    let first = match (reader, request.stage) {
        (Reader::Applicant(insider), Stage::Issued { .. }) => insider.applicant().is_ok(),
        _ => false,
    };
    if first {
        requests::advance(tx, &request, Step::Deliver { at: moment.now }, moment.now)?;
    }
    let sha256 = match rendition {
        Rendition::Flat => letter.sha256,
        Rendition::Signed => store::seals::of(tx, letter.id)?.ok_or_else(unsigned)?.sha256,
    };
    let detail = json!({ "letter": letter.id, "sha256": sha256, "first": first });
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

/// What is said of a letter that a request at `stage` does not have, or no longer.
pub fn missing(stage: Stage) -> Refusal {
    match stage {
        Stage::Revoked { .. } => {
            let sentence = "This letter has been revoked. It cannot be downloaded any more.";
            Refusal::not_found("letter-revoked", sentence).onward("Your requests", "/requests")
        }
        _ => no_letter(),
    }
}

/// What anyone is told who asks for the signed original of a letter that has none.
pub fn unsigned() -> Refusal {
    let sentence = "This letter was issued without a digital signature. Its file is the one to submit.";
    Refusal::not_found("no-signed-original", sentence)
}

/// The staff to whom the request is open, without `person`: who can issue what that person wrote.
///
/// # Errors
/// A fault of the database.
pub fn colleagues(
    view: &mut View<'_>,
    moment: &Moment,
    request: &Request,
    person: PersonId,
) -> Outcome<Vec<Colleague>> {
    let mut readers = in_charge(view, moment, request)?;
    readers.retain(|reader| reader.seat.is_none() && reader.person != person);
    Ok(readers)
}

/// The addressee that the applicant corrected since the letter was begun, unless the letter says it.
///
/// # Errors
/// A fault of the database.
pub fn corrected_since(view: &mut View<'_>, request: &Request, open: &Open) -> Outcome<Option<Corrected>> {
    let lines = |form: &RawForm| Facts::of(form).addressee().lines;
    let earlier = versions::of(view, request.id)?;
    let earlier: Vec<_> = earlier.iter().map(|version| (lines(&version.form), version.replaced_at)).collect();
    let written = (open.draft.addressee.lines.as_slice(), open.begun_at);
    Ok(corrected::corrected(&earlier, lines(&request.typed()?), written))
}

/// The facts that a new letter is drafted from.
fn facts(tx: &mut Tx<'_>, request: &Request, day: NaiveDate) -> Outcome<Facts> {
    let form = request.typed()?;
    let (institution, standing) = match request.institution {
        Some(known) => store::standing(tx, known, day)?,
        None => (request.institution_name.clone(), None),
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
