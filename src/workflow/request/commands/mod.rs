//! What an applicant does with a request; questions to the applicant are in `talk`, what is corrected later in
//! `correction`. Each command takes hold of the request, asks one rule, writes, records and queues its mails, all in the one
//! transaction it is handed.

pub mod attachments;
pub mod correction;
mod recognition;
pub mod sharing;
mod talk;

pub use recognition::{Recognised, hold_all_of, move_institution, recognise};
pub use talk::{Asker, Said, answer, ask, close_questions, withdraw_question};

use chrono::{Datelike, TimeDelta};
use serde_json::json;

use super::answers::Applying;
use super::card::{Card, Institution};
use super::fields::{Field, Section};
use super::form::{self, Against};
use super::notices::{self, About, Sent};
use super::raw::RawForm;
use super::reference::Reference;
use super::reopening;
use super::rules::{self, Band};
use super::store::{self, Request, changes, co_applicants, lists, questions};
use super::talk::reopened;
use crate::audit::entry::{Actor, Entry};
use crate::audit::store::record;
use crate::funders::bundled::funders;
use crate::ids::{InstitutionId, RequestId};
use crate::members;
use crate::moment::Moment;
use crate::people::access::{Applicant, Owner, Visitor, no_such_request};
use crate::plain;
use crate::policy;
use crate::policy::settings::Policy;
use crate::refusal::{Fault, FieldErrors, Outcome, Refusal};
use crate::store::{Tx, View, next_number};
use crate::workflow::delivery::outbox;
use crate::workflow::stage::{StageName, Step};

/// The code of the refusal to save over somebody else's change.
pub const CHANGED_ELSEWHERE: &str = "changed-elsewhere";
/// The longest reason for a withdrawal, in characters.
pub const REASON_MOST: usize = 1_000;

/// Begins a draft for the person, with what is known of them filled in; with the answers of an earlier request that is
/// theirs or shared with them, where they name one, and over these with what they have `said` before.
///
/// # Errors
/// A refusal when they begin too many, and when the earlier request is not theirs; a fault of the database.
pub fn begin(
    tx: &mut Tx<'_>,
    moment: &Moment,
    visitor: &Visitor,
    from: Option<RequestId>,
    said: &RawForm,
) -> Outcome<RequestId> {
    let day_ago = moment.now - TimeDelta::hours(24);
    rules::may_begin(lists::begun_since(tx, visitor.person(), day_ago)?)?;
    let mut typed = match from {
        Some(earlier) => {
            let earlier = store::find(tx, earlier)?.ok_or_else(no_such_request)?;
            visitor.insider(earlier.id, co_applicants::share(tx, &earlier, visitor.person())?)?;
            earlier.typed()?.reused()
        }
        None => RawForm::default(),
    };
    typed.fill_in(said);
    typed.set(Field::ContactEmail, visitor.address());
    if plain::is_blank(typed.get(Field::ApplicantName)) && visitor.name() != visitor.address() {
        typed.set(Field::ApplicantName, visitor.name());
    }
    let id = RequestId::fresh();
    store::add_draft(tx, id, visitor.person(), &typed, moment.now)?;
    let actor = Actor::Applicant(visitor.person());
    record(tx, &entry(id, moment, actor, "request-begun", json!({ "from": from })))?;
    Ok(id)
}

/// Saves one section exactly as typed, right or wrong: of a draft, or of a sent request for as long as a question reopens
/// it; then reviewers see it with the answer. `seen` is the section's fingerprint as the page showed it; the new one is
/// given back.
///
/// # Errors
/// A refusal when the section is closed, or when it was changed from elsewhere in the meantime; nothing is saved then. A
/// fault of the database.
pub fn save<'f>(
    tx: &mut Tx<'_>,
    moment: &Moment,
    applicant: &Applicant,
    section: Section,
    fields: impl Iterator<Item = (&'f str, &'f str)>,
    seen: &str,
) -> Outcome<String> {
    let request = store::touch(tx, applicant.request())?;
    let (before, reopened) = in_work(tx, &request)?;
    reopening::may_edit(request.stage, section, &reopened)?;
    let is_draft = request.stage.name() == StageName::Draft;
    let mut typed = before.clone();
    typed.take(section, fields);
    for field in section.fields().filter(|field| !is_draft && reopening::stays(*field).is_some()) {
        typed.set(field, before.get(field));
    }
    let kept = typed.fingerprint(section);
    if typed == before {
        return Ok(kept);
    }
    if before.fingerprint(section) != seen {
        return Err(changed_elsewhere().into());
    }
    let actor = Actor::Applicant(applicant.person());
    let detail = json!({ "section": section });
    if !is_draft {
        changes::keep(tx, request.id, section, &typed, moment.now)?;
        record(tx, &entry(request.id, moment, actor, "change-saved", detail))?;
        return Ok(kept);
    }
    let card = Card::of_draft(&typed, known_institution(tx, &typed)?);
    store::keep_form(tx, request.id, &typed, &card, None, moment.now)?;
    record(tx, &entry(request.id, moment, actor, "draft-saved", detail))?;
    Ok(kept)
}

/// A request's form as its applicant works on it, and the sections that open questions reopen; none for a draft.
///
/// # Errors
/// A fault of the database.
pub fn in_work(view: &mut View<'_>, request: &Request) -> Outcome<(RawForm, Vec<Section>)> {
    if rules::may_talk(request.stage).is_err() {
        return Ok((request.typed()?, Vec::new()));
    }
    let reopened = reopened(&questions::of(view, request.id)?);
    Ok((changes::in_work(view, request, &reopened)?, reopened))
}

/// Sends the request. `seen` is the fingerprint of the whole form and its files as the check page showed it, `fields` what that page's own
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
    if attachments::fingerprint(tx, request.id, &typed.fingerprint(Section::Send))? != seen {
        return Err(changed_elsewhere().into());
    }
    typed.take(Section::Send, fields);
    let policy = policy::store::in_force(tx, moment.now)?;
    let picked = known_institution(tx, &typed)?;
    let against = Against {
        now: moment.now,
        policy: &policy,
        institution: picked.as_ref().and_then(|picked| picked.id),
        funders: Some(funders()?),
        is_sent: false,
    };
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
    let (_, files) = attachments::settle(tx, moment, request.id)?;
    let mut detail = json!({ "reference": reference.to_string(), "band": new.lead.band, "days": new.lead.days });
    if let (Some(detail), true) = (detail.as_object_mut(), files != json!([])) {
        detail.insert("attachments".to_owned(), files);
    }
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
    for told in sharing::applicants(tx, request, moment.now)? {
        outbox::queue(tx, moment, &notices::receipt(moment, sent, &told.to, &told.name)?)?;
    }
    for to in lists::staff_on(tx, request.id, moment.now)? {
        outbox::queue(tx, moment, &notices::arrived(sent, &to)?)?;
    }
    Ok(())
}

/// Takes the request back. Reviewers and staff are told, once it had been sent.
///
/// # Errors
/// A field error of `why`; a refusal when it is too late for that; a fault of the database.
pub fn withdraw(tx: &mut Tx<'_>, moment: &Moment, owner: &Owner, why: &str) -> Outcome<()> {
    let request = store::touch(tx, owner.request())?;
    let why = if plain::is_blank(why) { String::new() } else { typed_text("why", "the reason", why, REASON_MOST)? };
    store::advance(tx, &request, Step::Withdraw { at: moment.now }, moment.now)?;
    store::keep_reason(tx, request.id, &why)?;
    let actor = Actor::Applicant(owner.person());
    let detail = json!({ "from": request.stage.name(), "with_reason": !why.is_empty() });
    record(tx, &entry(request.id, moment, actor, "request-withdrawn", detail))?;
    if request.stage.name() == StageName::Draft {
        return store::attachments::remove_all(tx, request.id, moment.now);
    }
    let about = about(moment, &request);
    let by = lists::mailbox(tx, request.applicant)?;
    for told in sharing::applicants(tx, &request, moment.now)? {
        let by = if told.to == by { "" } else { &request.applicant_name };
        outbox::queue(tx, moment, &notices::withdrawn_by_applicant(&about, &told.to, (&told.name, by))?)?;
    }
    for to in lists::told_of_withdrawal(tx, request.id, moment.now)? {
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
