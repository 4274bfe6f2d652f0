//! What an applicant does with a request, and questions to the applicant. Each command takes hold of the request, asks
//! one rule, writes, records and queues its mails, all in the one transaction it is handed.

use chrono::{Datelike, TimeDelta};
use serde_json::json;

use super::answers::Applying;
use super::card::{Card, Institution};
use super::fields::{Field, Section};
use super::form::{self, Against};
use super::notices::{self, About, Sent};
use super::raw::RawForm;
use super::reference::Reference;
use super::rules::{self, Band};
use super::store::questions::{self, Question, Reply};
use super::store::{self, Request, lists};
use crate::audit::entry::{Actor, Entry};
use crate::audit::store::record;
use crate::ids::{InstitutionId, QuestionId, RequestId};
use crate::members;
use crate::moment::Moment;
use crate::people::access::{Applicant, Staff, Visitor, Voter, no_such_request};
use crate::plain;
use crate::policy;
use crate::policy::settings::Policy;
use crate::refusal::{Fault, FieldErrors, Outcome, Refusal};
use crate::store::{Tx, View, next_number};
use crate::workflow::delivery::outbox;
use crate::workflow::stage::{StageName, Step};

/// The code of the refusal to save over somebody else's change.
pub const CHANGED_ELSEWHERE: &str = "changed-elsewhere";
/// The longest question and answer, in characters.
pub const TALK_MOST: usize = 4_000;
/// The longest reason for a withdrawal, in characters.
pub const REASON_MOST: usize = 1_000;

/// Begins a draft for the person, with what is known of them filled in.
///
/// # Errors
/// A refusal when they begin too many, or a fault of the database.
pub fn begin(tx: &mut Tx<'_>, moment: &Moment, visitor: &Visitor) -> Outcome<RequestId> {
    let day_ago = moment.now - TimeDelta::hours(24);
    rules::may_begin(lists::begun_since(tx, visitor.person(), day_ago)?)?;
    let mut typed = RawForm::default();
    typed.set(Field::ContactEmail, visitor.address());
    if visitor.name() != visitor.address() {
        typed.set(Field::ApplicantName, visitor.name());
    }
    let id = RequestId::fresh();
    store::add_draft(tx, id, visitor.person(), &typed, moment.now)?;
    let actor = Actor::Applicant(visitor.person());
    record(tx, &entry(id, moment, actor, "request-begun", json!({})))?;
    Ok(id)
}

/// Saves one section exactly as typed, right or wrong. `seen` is the section's fingerprint as the page showed it.
///
/// # Errors
/// A refusal when the request has been sent, or when the same section was changed from elsewhere in the meantime;
/// nothing is saved then. A fault of the database.
pub fn save<'f>(
    tx: &mut Tx<'_>,
    moment: &Moment,
    applicant: &Applicant,
    section: Section,
    fields: impl Iterator<Item = (&'f str, &'f str)>,
    seen: &str,
) -> Outcome<()> {
    let request = store::touch(tx, applicant.request())?;
    rules::may_edit(request.stage)?;
    let before = request.typed()?;
    let mut typed = before.clone();
    typed.take(section, fields);
    if typed == before {
        return Ok(());
    }
    if before.fingerprint(section) != seen {
        return Err(changed_elsewhere().into());
    }
    let card = Card::of_draft(&typed, known_institution(tx, &typed)?);
    store::keep_form(tx, request.id, &typed, &card, None, moment.now)?;
    let actor = Actor::Applicant(applicant.person());
    record(tx, &entry(request.id, moment, actor, "draft-saved", json!({ "section": section })))
}

/// Sends the request. `seen` is the whole form's fingerprint as the check page showed it, `fields` what that page's own
/// section sent.
///
/// # Errors
/// Every field error at once; a refusal when it has been sent already or was changed since it was checked; a fault of
/// the database.
pub fn submit<'f>(
    tx: &mut Tx<'_>,
    moment: &Moment,
    applicant: &Applicant,
    fields: impl Iterator<Item = (&'f str, &'f str)>,
    seen: &str,
) -> Outcome<Reference> {
    let request = store::touch(tx, applicant.request())?;
    rules::may_edit(request.stage)?;
    let mut typed = request.typed()?;
    if typed.fingerprint(Section::Send) != seen {
        return Err(changed_elsewhere().into());
    }
    typed.take(Section::Send, fields);
    let policy = policy::store::in_force(tx, moment.now)?;
    let picked = known_institution(tx, &typed)?;
    let against =
        Against { now: moment.now, policy: &policy, institution: picked.as_ref().and_then(|picked| picked.id) };
    let new = form::read(&typed, &against)?;
    let institution = match (&new.about.institution, picked) {
        (Applying::Named(name), _) => named_institution(tx, name)?,
        (Applying::Known(_), Some(picked)) => picked,
        (Applying::Known(_), None) => return Err(no_such_request().into()),
    };
    let reference = next_reference(tx, moment, &policy)?;
    let held = new.lead.band == Band::Late;
    store::keep_form(tx, request.id, &typed, &Card::of(&new, institution.clone()), Some(reference), moment.now)?;
    store::keep_sending(tx, request.id, reference, &policy, new.lead.band)?;
    store::advance(tx, &request, Step::Submit { at: moment.now, held }, moment.now)?;
    let detail = json!({ "reference": reference.to_string(), "band": new.lead.band, "days": new.lead.days });
    record(tx, &entry(request.id, moment, Actor::Applicant(applicant.person()), "request-submitted", detail))?;
    tell_of_sending(
        tx,
        moment,
        &request,
        &Sent::new(moment, request.id, reference, (&new, &institution.name), &policy),
    )?;
    Ok(reference)
}

fn tell_of_sending(tx: &mut Tx<'_>, moment: &Moment, request: &Request, sent: &Sent<'_>) -> Outcome<()> {
    let to = lists::mailbox(tx, request.applicant)?;
    outbox::queue(tx, moment, &notices::receipt(moment, sent, &to)?)?;
    for to in lists::staff(tx, moment.now)? {
        outbox::queue(tx, moment, &notices::arrived(sent, &to)?)?;
    }
    Ok(())
}

/// Who asks the applicant something.
#[derive(Debug, Clone, Copy)]
pub enum Asker<'a> {
    /// A seat that reviews the request.
    Seat(&'a Voter),
    /// A member of staff.
    Staff(&'a Staff),
}

/// Asks the applicant a question, to be answered by the policy's day.
///
/// # Errors
/// A field error of `question`; a refusal when the request is not at a stage for questions; a fault of the database.
pub fn ask(
    tx: &mut Tx<'_>,
    moment: &Moment,
    asker: Asker<'_>,
    request: RequestId,
    question: &str,
) -> Outcome<QuestionId> {
    let request = store::touch(tx, request)?;
    let (person, seat, actor) = match asker {
        Asker::Seat(voter) if voter.request() != request.id => return Err(no_such_request().into()),
        Asker::Seat(voter) => {
            let institution = voter.member().institution_name().to_owned();
            (voter.person(), Some(voter.seat()), Actor::Seat(voter.person(), institution))
        }
        Asker::Staff(staff) => (staff.person(), None, Actor::Staff(staff.person())),
    };
    rules::may_talk(request.stage)?;
    let text = typed_text("question", "the question", question, TALK_MOST)?;
    let policy = request.frozen_policy()?.unwrap_or_default();
    let id = QuestionId::fresh();
    let reply_by = rules::reply_by(moment.now, &policy, request.needed_on);
    let asked =
        Question { id, request: request.id, seat, asked_by: person, text, asked_at: moment.now, reply_by, reply: None };
    questions::add(tx, &asked)?;
    let detail = json!({ "question": id, "reply_by": reply_by });
    record(tx, &entry(request.id, moment, actor, "question-asked", detail))?;
    let to = lists::mailbox(tx, request.applicant)?;
    let mail = notices::question(&about(moment, &request), &to, &request.applicant_name, reply_by)?;
    outbox::queue(tx, moment, &mail)?;
    Ok(id)
}

/// Answers a question.
///
/// # Errors
/// A field error of `answer`; a refusal when the question is answered already, or when the time for answers is over; a
/// fault of the database.
pub fn answer(
    tx: &mut Tx<'_>,
    moment: &Moment,
    applicant: &Applicant,
    question: QuestionId,
    answer: &str,
) -> Outcome<()> {
    let request = store::touch(tx, applicant.request())?;
    rules::may_talk(request.stage)?;
    let text = typed_text("answer", "your answer", answer, TALK_MOST)?;
    let asked = questions::of(tx, request.id)?.into_iter().find(|asked| asked.id == question);
    let Some(asked) = asked else { return Err(no_such_request().into()) };
    if !questions::keep_reply(tx, request.id, question, &Reply { text, at: moment.now })? {
        let sentence = "This question has been answered already. The answer is on the page of the request.";
        let refusal = Refusal::conflict("already-answered", sentence);
        return Err(refusal.onward("Back to the request", format!("/requests/{}", request.id)).into());
    }
    let actor = Actor::Applicant(applicant.person());
    record(tx, &entry(request.id, moment, actor, "question-answered", json!({ "question": question })))?;
    let to = lists::mailbox(tx, asked.asked_by)?;
    outbox::queue(tx, moment, &notices::answered(&about(moment, &request), &to)?)?;
    Ok(())
}

/// Takes the request back. Reviewers and staff are told, once it had been sent.
///
/// # Errors
/// A field error of `why`; a refusal when it is too late for that; a fault of the database.
pub fn withdraw(tx: &mut Tx<'_>, moment: &Moment, applicant: &Applicant, why: &str) -> Outcome<()> {
    let request = store::touch(tx, applicant.request())?;
    let why = if plain::is_blank(why) { String::new() } else { typed_text("why", "the reason", why, REASON_MOST)? };
    store::advance(tx, &request, Step::Withdraw { at: moment.now }, moment.now)?;
    store::keep_reason(tx, request.id, &why)?;
    let actor = Actor::Applicant(applicant.person());
    let detail = json!({ "from": request.stage.name(), "with_reason": !why.is_empty() });
    record(tx, &entry(request.id, moment, actor, "request-withdrawn", detail))?;
    if request.stage.name() == StageName::Draft {
        return Ok(());
    }
    let about = about(moment, &request);
    let to = lists::mailbox(tx, request.applicant)?;
    outbox::queue(tx, moment, &notices::withdrawn_by_you(&about, &to, &request.applicant_name)?)?;
    let mut others = lists::reviewers(tx, request.id, moment.now.date_naive())?;
    others.extend(lists::staff(tx, moment.now)?);
    others.sort();
    others.dedup();
    for to in others {
        outbox::queue(tx, moment, &notices::withdrawn(&about, &to)?)?;
    }
    Ok(())
}

/// The picked institution, when it is one we know.
///
/// # Errors
/// A fault of the database.
pub fn known_institution(view: &mut View<'_>, typed: &RawForm) -> Outcome<Option<Institution>> {
    let Ok(id) = typed.get(Field::Institution).parse::<InstitutionId>() else { return Ok(None) };
    let known = members::store::institution(view, id)?;
    Ok(known.map(|known| Institution { id: Some(id), name: known.name }))
}

/// The institution whose name was typed: one we know by that name or another of its names, else just the name.
fn named_institution(view: &mut View<'_>, name: &str) -> Outcome<Institution> {
    let id = members::store::find_institution(view, name)?.exact();
    Ok(Institution { id, name: name.to_owned() })
}

fn next_reference(tx: &mut Tx<'_>, moment: &Moment, policy: &Policy) -> Outcome<Reference> {
    let year = policy.today(moment.now).year();
    let number = next_number(tx, &format!("requests-{year}"))?;
    let reference = u32::try_from(number).ok().and_then(|number| Reference::new(year, number));
    reference.ok_or_else(|| Fault::new(format!("no reference for request {number} of {year}")).into())
}

fn typed_text(field: &str, what: &str, typed: &str, most: usize) -> Result<String, FieldErrors> {
    plain::text(typed, most).map_err(|flaw| FieldErrors::one(field, flaw.sentence(what)))
}

fn about(moment: &Moment, request: &Request) -> About {
    About::new(moment, request.id, request.name(), &request.title)
}

fn entry(id: RequestId, moment: &Moment, actor: Actor, what: &'static str, detail: serde_json::Value) -> Entry {
    Entry { subject: id.to_string(), at: moment.now, actor, what, detail }
}

fn changed_elsewhere() -> Refusal {
    Refusal::conflict(
        CHANGED_ELSEWHERE,
        "This part of the request was changed in another window or by somebody else while you were typing.",
    )
}
