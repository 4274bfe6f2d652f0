//! An answer is prepared when the motion closes, and released by staff: decision, stage and mail together or not at all.

mod reopen;

use serde_json::json;

pub use reopen::reopen;

use super::notices;
use super::rules::{Words, answer_to, must_be_undecided, must_be_unreleased, read_words};
use super::store::{self, Decision};
use crate::audit::entry::{Actor, Entry};
use crate::audit::store::record;
use crate::ids::{DecisionId, QuestionId, RequestId};
use crate::moment::Moment;
use crate::people::access::Staff;
use crate::refusal::Outcome;
use crate::store::Tx;
use crate::workflow::delivery::outbox;
use crate::workflow::request::commands::sharing::applicants;
use crate::workflow::request::commands::{self as questions, Asker};
use crate::workflow::request::reopening::AskForm;
use crate::workflow::request::store::{self as requests, Request};
use crate::workflow::review::commands::motion;
use crate::workflow::review::reader::Reader;
use crate::workflow::review::store::motions;
use crate::workflow::routing::commands::{about, in_charge};
use crate::workflow::stage::{Answer, Step, advance};

pub use crate::workflow::request::commands::Recognised;
/// What staff do about a motion on the page of the decision; it is a matter of the review or of the routing.
pub use crate::workflow::review::commands::motion::{admit, put_again, reassign, record_conflict, withdraw_conflict};
pub use crate::workflow::review::commands::recognition::recognise;
pub use crate::workflow::review::commands::vote::record_given;
pub use crate::workflow::routing::commands::dismiss_suggestion;

/// Staff ask the applicant a question.
///
/// # Errors
/// Every field error; a refusal when the request is not at a stage for questions or the committee has decided; a fault of
/// the database.
pub fn ask(tx: &mut Tx<'_>, moment: &Moment, staff: &Staff, id: RequestId, typed: &AskForm) -> Outcome<()> {
    requests::touch(tx, id)?;
    must_be_undecided(motions::latest(tx, id)?.map(|kept| kept.motion.state.stage()))?;
    questions::ask(tx, moment, Asker::Staff(staff), id, typed).map(drop)
}

/// Staff withdraw a question to the applicant, whoever asked it.
///
/// # Errors
/// A refusal when it is over; a fault of the database.
pub fn withdraw_question(
    tx: &mut Tx<'_>,
    moment: &Moment,
    staff: &Staff,
    id: RequestId,
    question: QuestionId,
) -> Outcome<()> {
    questions::withdraw_question(tx, moment, Asker::Staff(staff), id, question)
}

/// Prepares the answer to a request whose motion has closed, unless that was done, and tells staff that it waits for
/// them.
///
/// # Errors
/// A fault of the database.
pub fn prepare(tx: &mut Tx<'_>, moment: &Moment, id: RequestId) -> Outcome<()> {
    let request = requests::touch(tx, id)?;
    let Some(decision) = prepared(tx, moment, &request)? else { return Ok(()) };
    for reader in in_charge(tx, moment, &request)? {
        let message = notices::ready(&moment.site, &about(&request), &reader, &decision.explanation)?;
        outbox::queue(tx, moment, &message)?;
    }
    Ok(())
}

/// Writes the prepared answer down; nothing when there is none to prepare or it is there already.
fn prepared(tx: &mut Tx<'_>, moment: &Moment, request: &Request) -> Outcome<Option<Decision>> {
    if store::of(tx, request.id)?.is_some() || advance(request.stage, Step::Deliberate).is_err() {
        return Ok(None);
    }
    let Some(kept) = motions::latest(tx, request.id)? else { return Ok(None) };
    let Some(answer) = answer_to(kept.motion.state.stage()) else { return Ok(None) };
    let decision = Decision {
        id: DecisionId::fresh(),
        request: request.id,
        motion: Some(kept.id),
        answer,
        explanation: kept.in_words(moment.now, &Reader::OF_ALL),
        words: Words::default(),
        prepared_at: moment.now,
        released: None,
    };
    store::prepare(tx, &decision)?;
    let entry = Entry {
        subject: request.id.to_string(),
        at: moment.now,
        actor: Actor::Service,
        what: "answer-prepared",
        detail: json!({ "answer": answer, "motion": kept.id }),
    };
    record(tx, &entry)?;
    Ok(Some(decision))
}

/// Staff release the answer: the request is decided and the applicant is told.
///
/// # Errors
/// Field errors for a decline without its reasons; a refusal when there is no answer to release or it is out already;
/// a fault of the database.
pub fn release(
    tx: &mut Tx<'_>,
    moment: &Moment,
    staff: &Staff,
    id: RequestId,
    (reasons, would_change): (&str, &str),
) -> Outcome<Answer> {
    let request = requests::touch(tx, id)?;
    prepared(tx, moment, &request)?;
    let decision = store::of(tx, id)?;
    let released = decision.as_ref().is_some_and(|decision| decision.released.is_some());
    let answer = must_be_unreleased(decision.as_ref().map(|decision| decision.answer), released)?;
    requests::advance(tx, &request, Step::Release { at: moment.now, answer }, moment.now)?;
    let words = read_words(answer, reasons, would_change)?;
    if let Some(decision) = decision {
        store::release(tx, decision.id, &words, moment.now, staff.person())?;
    }
    tell(tx, moment, staff, &request, answer, &words)?;
    Ok(answer)
}

/// Staff turn down a request before the committee sees it, with reasons and what would change the answer.
///
/// # Errors
/// Field errors without reasons; a refusal when it has been routed already; a fault of the database.
pub fn turn_down(
    tx: &mut Tx<'_>,
    moment: &Moment,
    staff: &Staff,
    id: RequestId,
    (reasons, would_change): (&str, &str),
) -> Outcome<()> {
    let request = requests::touch(tx, id)?;
    requests::advance(tx, &request, Step::TurnDown { at: moment.now }, moment.now)?;
    let words = read_words(Answer::Declined, reasons, would_change)?;
    let decision = Decision {
        id: DecisionId::fresh(),
        request: id,
        motion: None,
        answer: Answer::Declined,
        explanation: "Staff turned the request down before it went to reviewers. The committee did not vote."
            .to_owned(),
        words,
        prepared_at: moment.now,
        released: None,
    };
    store::prepare(tx, &decision)?;
    store::release(tx, decision.id, &decision.words, moment.now, staff.person())?;
    tell(tx, moment, staff, &request, Answer::Declined, &decision.words)
}

fn tell(
    tx: &mut Tx<'_>,
    moment: &Moment,
    staff: &Staff,
    request: &Request,
    answer: Answer,
    words: &Words,
) -> Outcome<()> {
    let entry = Entry {
        subject: request.id.to_string(),
        at: moment.now,
        actor: Actor::Staff(staff.person()),
        what: "answer-released",
        detail: json!({ "answer": answer }),
    };
    record(tx, &entry)?;
    for told in applicants(tx, request, moment.now)? {
        let to = (told.name.as_str(), told.to.0.as_str());
        let message = notices::answer(&moment.site, &about(request), to, answer, words)?;
        outbox::queue(tx, moment, &message)?;
    }
    Ok(())
}

/// Does what is due in routing, review and decision: the one function that the periodic job calls. Each thing is done
/// once, however often it is called.
///
/// # Errors
/// A fault of the database when nothing can be read.
pub fn tick(tx: &mut Tx<'_>, moment: &Moment) -> Outcome<()> {
    motion::tick(tx, moment)?;
    for request in store::to_prepare(tx)? {
        let outcome = tx.savepoint(|tx| prepare(tx, moment, request));
        motion::log(request, outcome);
    }
    Ok(())
}
