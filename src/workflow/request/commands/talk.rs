//! Questions to the applicant: asked, answered with or without changes to the form, withdrawn.

use serde_json::json;

use super::sharing::applicants;
use super::{about, attachments, changed_elsewhere, entry, typed_text};
use crate::audit::entry::Actor;
use crate::audit::store::record;
use crate::ids::{PersonId, QuestionId, RequestId, SeatId};
use crate::moment::Moment;
use crate::people::access::{Applicant, Staff, Voter, no_such_request};
use crate::refusal::{Failure, FieldErrors, Outcome, Refusal};
use crate::store::{Tx, View};
use crate::workflow::delivery::outbox;
use crate::workflow::request::card::Card;
use crate::workflow::request::difference::changed_sections;
use crate::workflow::request::fields::Section;
use crate::workflow::request::notices;
use crate::workflow::request::reopening::{AskForm, ReplyDays, TALK_MOST};
use crate::workflow::request::rules;
use crate::workflow::request::store::{self, Request, changes, lists, questions, versions};
use crate::workflow::request::talk::{Question, Reply, titles};

/// Who asks the applicant something.
#[derive(Debug, Clone, Copy)]
pub enum Asker<'a> {
    /// A seat that reviews the request.
    Seat(&'a Voter),
    /// A member of staff.
    Staff(&'a Staff),
}

impl Asker<'_> {
    /// The person, the seat, and in whose name it is done.
    fn who(self, request: RequestId) -> Result<(PersonId, Option<SeatId>, Actor), Refusal> {
        match self {
            Self::Seat(voter) if voter.request() != request => Err(no_such_request()),
            Self::Seat(voter) => {
                let institution = voter.member().institution_name().to_owned();
                Ok((voter.person(), Some(voter.seat()), Actor::Seat(voter.person(), institution)))
            }
            Self::Staff(staff) => Ok((staff.person(), None, Actor::Staff(staff.person()))),
        }
    }
}

/// Asks the applicant a question, which may reopen sections of the form until it is answered.
///
/// # Errors
/// Every field error; a refusal when the request is not at a stage for questions; a fault of the database.
pub fn ask(
    tx: &mut Tx<'_>,
    moment: &Moment,
    asker: Asker<'_>,
    request: RequestId,
    typed: &AskForm,
) -> Outcome<QuestionId> {
    let request = store::touch(tx, request)?;
    let (person, seat, actor) = asker.who(request.id)?;
    rules::may_talk(request.stage)?;
    let policy = request.frozen_policy()?.unwrap_or_default();
    let asking = typed.read(&ReplyDays::of(moment.now, &policy, request.needed_on))?;
    let asked = Question {
        id: QuestionId::fresh(),
        request: request.id,
        seat,
        asked_by: person,
        text: asking.text,
        asked_at: moment.now,
        reply_by: asking.reply_by,
        reply: None,
        reopens: asking.reopens,
        withdrawn_at: None,
    };
    questions::add(tx, &asked)?;
    let detail = json!({ "question": asked.id, "reply_by": asked.reply_by, "reopens": asked.reopens });
    record(tx, &entry(request.id, moment, actor, "question-asked", detail))?;
    for told in applicants(tx, &request, moment.now)? {
        outbox::queue(tx, moment, &notices::question(&about(moment, &request), &told.to, &told.name, &asked)?)?;
    }
    Ok(asked.id)
}

/// What the applicant sends in answer to a question.
#[derive(Debug, Clone, Copy)]
pub struct Said<'a> {
    /// The words.
    pub answer: &'a str,
    /// The fingerprint of the whole form and its files as the page of the question showed it.
    pub seen: &'a str,
}

/// Answers a question. What was typed into the sections that it reopens becomes the request's answers; those of before
/// are kept. Whoever reviews the request is told.
///
/// # Errors
/// Every field error of the words and of the changed answers; a refusal when the question is over, when the time for
/// answers is, or when the form was changed since the page was opened; a fault of the database.
pub fn answer(
    tx: &mut Tx<'_>,
    moment: &Moment,
    applicant: &Applicant,
    question: QuestionId,
    said: Said<'_>,
) -> Outcome<()> {
    let request = store::touch(tx, applicant.request())?;
    rules::may_talk(request.stage)?;
    let asked = find(tx, &request, question)?;
    asked.must_be_open()?;
    let typed = changes::in_work(tx, &request, &asked.reopens)?;
    if attachments::fingerprint(tx, request.id, &typed.fingerprint(Section::Send))? != said.seen {
        return Err(changed_elsewhere().into());
    }
    let mut changed = changed_sections(&request.typed()?, &typed, &request.institution());
    let mut errors = FieldErrors::default();
    let text = typed_text("answer", "your answer", said.answer, TALK_MOST);
    let text = text.map_err(|wrong| errors.extend(wrong)).unwrap_or_default();
    let read = if changed.is_empty() { None } else { Some(request.read(&typed)) };
    let new = match read {
        Some(Err(Failure::Fields(wrong))) => {
            errors.extend(wrong);
            None
        }
        read => read.transpose()?,
    };
    errors.unless_any(())?;
    if let Some(new) = new {
        versions::keep(tx, &request, applicant.person(), Some(question), moment.now)?;
        let card = Card::of(&new, request.institution());
        let reference = request.reference.as_deref().and_then(|reference| reference.parse().ok());
        store::keep_form(tx, request.id, &typed, &card, reference, moment.now)?;
    }
    changes::forget(tx, request.id, &asked.reopens)?;
    questions::keep_reply(tx, request.id, question, &Reply { text, at: moment.now })?;
    let mut detail = json!({ "question": question });
    if asked.reopens.contains(&Section::Attachments) {
        let (is_changed, files) = attachments::settle(tx, moment, request.id)?;
        if let (Some(detail), true) = (detail.as_object_mut(), is_changed) {
            changed.push(Section::Attachments);
            detail.insert("attachments".to_owned(), files);
        }
    }
    if let Some(detail) = detail.as_object_mut() {
        detail.insert("changed".to_owned(), json!(changed));
    }
    let actor = Actor::Applicant(applicant.person());
    record(tx, &entry(request.id, moment, actor, "question-answered", detail))?;
    for to in lists::told_of_reply(tx, request.id, asked.seat, moment.now)? {
        outbox::queue(tx, moment, &notices::answered(&about(moment, &request), &to, &titles(&changed))?)?;
    }
    Ok(())
}

/// Withdraws a question: a seat its own, staff any. The applicant need not answer it and is told so.
///
/// # Errors
/// A refusal when it is another seat's, or over; a fault of the database.
pub fn withdraw_question(
    tx: &mut Tx<'_>,
    moment: &Moment,
    asker: Asker<'_>,
    request: RequestId,
    question: QuestionId,
) -> Outcome<()> {
    let request = store::touch(tx, request)?;
    let (_, seat, actor) = asker.who(request.id)?;
    rules::may_talk(request.stage)?;
    let asked = find(tx, &request, question)?;
    if seat.is_some() && seat != asked.seat {
        let sentence = "Only the seat that asked a question can withdraw it, or staff.";
        return Err(Refusal::forbidden("not-your-question", sentence).into());
    }
    asked.must_be_open()?;
    take_back(tx, moment, &request, &asked, actor)
}

/// Withdraws every open question about a request that the committee has decided on: what it decided about may change no
/// more.
///
/// # Errors
/// A fault of the database.
pub fn close_questions(tx: &mut Tx<'_>, moment: &Moment, request: &Request) -> Outcome<()> {
    for asked in questions::of(tx, request.id)?.iter().filter(|asked| asked.is_open()) {
        take_back(tx, moment, request, asked, Actor::Service)?;
    }
    Ok(())
}

fn take_back(tx: &mut Tx<'_>, moment: &Moment, request: &Request, asked: &Question, actor: Actor) -> Outcome<()> {
    questions::withdraw(tx, request.id, asked.id, moment.now)?;
    let detail = json!({ "question": asked.id });
    record(tx, &entry(request.id, moment, actor, "question-withdrawn", detail))?;
    for told in applicants(tx, request, moment.now)? {
        outbox::queue(tx, moment, &notices::question_withdrawn(&about(moment, request), &told.to, &told.name)?)?;
    }
    Ok(())
}

/// The question about this request.
fn find(view: &mut View<'_>, request: &Request, question: QuestionId) -> Outcome<Question> {
    let found = questions::of(view, request.id)?.into_iter().find(|asked| asked.id == question);
    found.ok_or_else(|| no_such_request().into())
}
