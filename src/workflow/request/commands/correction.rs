//! The applicant corrects the deadline or the addressee of a request that was sent. Everybody whose work rests on it is
//! told what was and what is now.

use serde_json::json;

use super::{about, changed_elsewhere, entry};
use crate::audit::entry::Actor;
use crate::audit::store::record;
use crate::moment::Moment;
use crate::people::access::Applicant;
use crate::refusal::{Outcome, Refusal};
use crate::store::{Tx, impossible};
use crate::workflow::delivery::outbox;
use crate::workflow::request::card::Card;
use crate::workflow::request::correction::{self, Correction, Sent, What, may_correct};
use crate::workflow::request::fields::{Field, Section};
use crate::workflow::request::notices;
use crate::workflow::request::raw::RawForm;
use crate::workflow::request::store::{self, Request, changes, lists, versions};
use crate::workflow::stage::Step;

/// The code of the refusal to save a correction that is judged otherwise than its page told.
pub const JUDGED_ANEW: &str = "judged-anew";

/// Weighs what was typed into the page of corrections, without saving it.
///
/// # Errors
/// Every field error at once; a refusal when the request can no longer be corrected, or when it was changed since the page
/// with the fingerprint `seen` was opened; a fault of the database.
pub fn weigh<'f>(
    moment: &Moment,
    request: &Request,
    field: impl Fn(Field) -> &'f str,
    seen: &str,
) -> Outcome<Correction> {
    let onward = |refusal: Refusal| refusal.onward("Back to the request", format!("/requests/{}", request.id));
    may_correct(request.stage).map_err(onward)?;
    let before = request.typed()?;
    if before.fingerprint(Section::Funder) != seen {
        return Err(changed_elsewhere().into());
    }
    let (Some(at), Some(policy), Some(band)) = (request.submitted_at, request.frozen_policy()?, request.band()) else {
        return Err(impossible("requests", request.id, "sent without time, policy or band"));
    };
    let sent = Sent { stage: request.stage, form: &before, at, policy: &policy, band };
    let mut typed = correction::typed(&before, &field);
    typed.set(Field::AtRisk, field(Field::AtRisk));
    let mut correction = correction::weigh(&sent, typed, moment.now)?;
    if correction.confirmation().is_none() {
        // What was confirmed on sending stays as it was.
        correction.typed.set(Field::AtRisk, before.get(Field::AtRisk));
    }
    Ok(correction)
}

/// What the page of corrections carries besides the fields.
#[derive(Debug, Clone, Copy)]
pub struct Shown<'a> {
    /// The fingerprint of the section as it was when the page was opened.
    pub seen: &'a str,
    /// How the page told that the correction is judged.
    pub judgement: &'a str,
}

/// Corrects a request: the earlier answers are kept, a new deadline is judged anew, and whoever must know is told.
///
/// # Errors
/// Every field error at once; a refusal when the request can no longer be corrected, was changed since the page was opened,
/// or is judged otherwise than the page told; a fault of the database.
pub fn correct<'f>(
    tx: &mut Tx<'_>,
    moment: &Moment,
    applicant: &Applicant,
    field: impl Fn(Field) -> &'f str,
    shown: Shown<'_>,
) -> Outcome<()> {
    let request = store::touch(tx, applicant.request())?;
    let before = request.typed()?;
    let correction = weigh(moment, &request, field, shown.seen)?;
    correction.must_be_confirmed()?;
    if correction.judgement() != shown.judgement {
        let sentence = "The time that is left is judged otherwise now than when you looked at the correction.";
        return Err(Refusal::conflict(JUDGED_ANEW, sentence).into());
    }
    versions::keep(tx, &request, applicant.person(), None, moment.now)?;
    let card = Card::of(&correction.answers, request.institution());
    let reference = request.reference.as_deref().and_then(|reference| reference.parse().ok());
    store::keep_form(tx, request.id, &correction.typed, &card, reference, moment.now)?;
    store::keep_band(tx, request.id, correction.band)?;
    changes::correct(tx, request.id, Section::Funder, (&correction.typed, correction::fields()))?;
    store::advance(tx, &request, Step::Correct { held: correction.held }, moment.now)?;
    let actor = Actor::Applicant(applicant.person());
    record(tx, &entry(request.id, moment, actor, "request-corrected", detail(&request, &before, &correction)))?;
    tell(tx, moment, &request, &correction)
}

/// What the journal keeps: days with what was and what is now; of the addressee, whose name it does not keep, only that.
fn detail(request: &Request, before: &RawForm, correction: &Correction) -> serde_json::Value {
    let day = |field: Field| json!({ "before": before.get(field), "after": correction.typed.get(field) });
    let corrected: Vec<What> = correction.corrected.iter().map(|one| one.what).collect();
    json!({
        "corrected": corrected,
        "deadline_date": day(Field::DeadlineDate),
        "deadline_time": day(Field::DeadlineTime),
        "deadline_zone": day(Field::DeadlineZone),
        "needed_by": day(Field::NeededBy),
        "band": { "before": request.lead_band, "after": correction.band },
        "held": correction.held,
    })
}

/// Of another day staff and whoever reviews the request are told; of the addressee staff, when they write the letter.
fn tell(tx: &mut Tx<'_>, moment: &Moment, request: &Request, correction: &Correction) -> Outcome<()> {
    let is_with_letter = lists::has_letter_in_work(tx, request.id)?;
    if !correction.moves_a_day() && !is_with_letter {
        return Ok(());
    }
    let others = if correction.moves_a_day() && request.stage.name().is_with_committee() {
        lists::told_of_reply(tx, request.id, None, moment.now)?
    } else {
        lists::staff_on(tx, request.id, moment.now)?
    };
    for to in others {
        let mail = notices::corrected(&about(moment, request), &to, correction, is_with_letter)?;
        outbox::queue(tx, moment, &mail)?;
    }
    Ok(())
}
