//! A request as a row, and as what rules, lists and mails need of it. A row that cannot be true is a fault, never a guess.

use chrono::{NaiveDate, NaiveDateTime};
use diesel::prelude::*;

use crate::clock::Instant;
use crate::ids::{InstitutionId, LetterId, PersonId, RequestId};
use crate::policy::settings::Policy;
use crate::refusal::{Failure, Outcome};
use crate::store::schema::requests;
use crate::store::{as_text, impossible};
use crate::workflow::labels::{LetterWork, Standing};
use crate::workflow::request::answers::NewRequest;
use crate::workflow::request::card::Institution;
use crate::workflow::request::fields::Field;
use crate::workflow::request::form::{self, Against};
use crate::workflow::request::raw::RawForm;
use crate::workflow::request::rules::Band;
use crate::workflow::stage::{Answer, Stage, StageName};

as_text!(Answer, StageName);

/// A request as the database keeps it.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = requests)]
pub(super) struct Row {
    id: RequestId,
    revision: i64,
    reference: Option<String>,
    applicant_id: PersonId,
    stage: StageName,
    form: String,
    policy: Option<String>,
    title: String,
    applicant_name: String,
    institution_id: Option<InstitutionId>,
    institution_name: String,
    funder: String,
    programme: String,
    letter_kind: String,
    deadline_at: Option<NaiveDateTime>,
    deadline_words: String,
    needed_on: Option<NaiveDate>,
    lead_band: Option<String>,
    search_text: String,
    created_at: NaiveDateTime,
    changed_at: NaiveDateTime,
    submitted_at: Option<NaiveDateTime>,
    held: bool,
    routed_at: Option<NaiveDateTime>,
    review_began_at: Option<NaiveDateTime>,
    answer: Option<Answer>,
    decided_at: Option<NaiveDateTime>,
    letter_id: Option<LetterId>,
    issued_at: Option<NaiveDateTime>,
    delivered_at: Option<NaiveDateTime>,
    withdrawn_at: Option<NaiveDateTime>,
    withdrawn_why: Option<String>,
}

/// A request: where it stands and what lists, rules and mails need of it.
#[derive(Debug, Clone)]
pub struct Request {
    /// Its id.
    pub id: RequestId,
    /// Grows with every change.
    pub revision: i64,
    /// `LOS-2026-0001`, from submission on.
    pub reference: Option<String>,
    /// Who asks.
    pub applicant: PersonId,
    /// Where it stands.
    pub stage: Stage,
    /// The form as typed, as JSON.
    pub form: String,
    /// The policy it was made under, as JSON, from submission on.
    pub policy: Option<String>,
    /// The project's title.
    pub title: String,
    /// The applicant's name as given in the form.
    pub applicant_name: String,
    /// The applicant's institution, when it is one we know.
    pub institution: Option<InstitutionId>,
    /// The applicant's institution as named in the form.
    pub institution_name: String,
    /// The funder's name.
    pub funder: String,
    /// The programme's name.
    pub programme: String,
    /// The kind of letter asked for.
    pub letter_kind: String,
    /// The funder's deadline, UTC.
    pub deadline_at: Option<Instant>,
    /// The deadline in the applicant's words, with its zone.
    pub deadline_words: String,
    /// The day on which the letter is needed.
    pub needed_on: Option<NaiveDate>,
    /// The lead-time band at submission.
    pub lead_band: Option<String>,
    /// When it was begun.
    pub created_at: Instant,
    /// When it was last changed.
    pub changed_at: Instant,
    /// When it was sent.
    pub submitted_at: Option<Instant>,
    /// When it went to its reviewers.
    pub routed_at: Option<Instant>,
    /// The answer, once released.
    pub answer: Option<Answer>,
    /// When the answer was released.
    pub decided_at: Option<Instant>,
    /// When the letter was issued.
    pub issued_at: Option<Instant>,
    /// When the applicant first downloaded the letter.
    pub delivered_at: Option<Instant>,
    /// When it was withdrawn.
    pub withdrawn_at: Option<Instant>,
    /// Why it was withdrawn.
    pub withdrawn_why: Option<String>,
}

impl Request {
    /// What to call it: its reference, or "draft" before it has one.
    pub fn name(&self) -> &str {
        self.reference.as_deref().unwrap_or("draft")
    }

    /// The institution that applies.
    pub fn institution(&self) -> Institution {
        Institution { id: self.institution, name: self.institution_name.clone() }
    }

    /// The lead-time band it was sent in.
    pub fn band(&self) -> Option<Band> {
        self.lead_band.as_deref().and_then(|band| band.parse().ok())
    }

    /// What its labels depend on; the days of an open question and of the reviews are kept elsewhere.
    pub fn standing(&self, reply_by: Option<NaiveDate>, review_by: Option<NaiveDate>) -> Standing {
        Standing {
            stage: self.stage,
            deadline: self.deadline_at,
            reply_by,
            review_by,
            needed_by: self.needed_on,
            answered: false,
            letter: LetterWork::default(),
            copy: None,
        }
    }

    /// The form as typed.
    ///
    /// # Errors
    /// A fault when the row holds no form.
    pub fn typed(&self) -> Outcome<RawForm> {
        serde_json::from_str(&self.form).map_err(|error| impossible("requests", self.id, error))
    }

    /// The policy it was sent under. `None` for a draft, which has none yet.
    ///
    /// # Errors
    /// A fault when the row holds no policy where it must.
    pub fn frozen_policy(&self) -> Outcome<Option<Policy>> {
        let read = |json: &String| serde_json::from_str(json).map_err(|error| impossible("requests", self.id, error));
        self.policy.as_ref().map(read).transpose()
    }

    /// The answers as they were sent: the form read again at the instant of sending, under the policy of then, so that
    /// it says the same for ever. `None` for a draft.
    ///
    /// # Errors
    /// A fault when the kept form is no longer what it was.
    pub fn sent(&self) -> Outcome<Option<NewRequest>> {
        if self.submitted_at.is_none() {
            return Ok(None);
        }
        match self.read(&self.typed()?) {
            Err(Failure::Fields(errors)) => {
                let fields: Vec<&str> = errors.iter().map(|error| error.field.as_str()).collect();
                Err(impossible("requests", self.id, format!("was sent with wrong fields: {}", fields.join(", "))))
            }
            read => read.map(Some),
        }
    }

    /// Other answers to the same request, read as its own were: at the instant of sending, under the policy of then.
    ///
    /// # Errors
    /// Every field error at once; a fault for a draft.
    pub fn read(&self, typed: &RawForm) -> Outcome<NewRequest> {
        let (Some(now), Some(policy)) = (self.submitted_at, self.frozen_policy()?) else {
            return Err(impossible("requests", self.id, "is read as sent before it was"));
        };
        // A picked institution was known then; one that was typed may have been matched to a known one.
        let picked = typed.get(Field::Institution).parse().ok();
        Ok(form::read(typed, &Against { now, policy: &policy, institution: picked, funders: None, is_sent: true })?)
    }
}

fn stage_of(row: &Row) -> Outcome<Stage> {
    let utc = |at: NaiveDateTime| at.and_utc();
    let stage = match row.stage {
        StageName::Draft => Some(Stage::Draft),
        StageName::Submitted => row.submitted_at.map(|at| Stage::Submitted { at: utc(at), held: row.held }),
        StageName::Routed => row.routed_at.map(|at| Stage::Routed { at: utc(at) }),
        StageName::InReview => row.review_began_at.map(|at| Stage::InReview { at: utc(at) }),
        StageName::Decided => row.decided_at.zip(row.answer).map(|(at, answer)| Stage::Decided { at: utc(at), answer }),
        StageName::Issued => row.issued_at.zip(row.letter_id).map(|(at, letter)| Stage::Issued { at: utc(at), letter }),
        StageName::Delivered => {
            row.delivered_at.zip(row.letter_id).map(|(at, letter)| Stage::Delivered { at: utc(at), letter })
        }
        StageName::Revoked => row.letter_id.map(|letter| Stage::Revoked { letter }),
        StageName::Withdrawn => row.withdrawn_at.map(|at| Stage::Withdrawn { at: utc(at) }),
    };
    stage.ok_or_else(|| impossible("requests", row.id, format!("stage {} without its evidence", row.stage)))
}

pub(super) fn request_of(row: Row) -> Outcome<Request> {
    let utc = |at: NaiveDateTime| at.and_utc();
    Ok(Request {
        stage: stage_of(&row)?,
        id: row.id,
        revision: row.revision,
        reference: row.reference,
        applicant: row.applicant_id,
        form: row.form,
        policy: row.policy,
        title: row.title,
        applicant_name: row.applicant_name,
        institution: row.institution_id,
        institution_name: row.institution_name,
        funder: row.funder,
        programme: row.programme,
        letter_kind: row.letter_kind,
        deadline_at: row.deadline_at.map(utc),
        deadline_words: row.deadline_words,
        needed_on: row.needed_on,
        lead_band: row.lead_band,
        created_at: utc(row.created_at),
        changed_at: utc(row.changed_at),
        submitted_at: row.submitted_at.map(utc),
        routed_at: row.routed_at.map(utc),
        answer: row.answer,
        decided_at: row.decided_at.map(utc),
        issued_at: row.issued_at.map(utc),
        delivered_at: row.delivered_at.map(utc),
        withdrawn_at: row.withdrawn_at.map(utc),
        withdrawn_why: row.withdrawn_why,
    })
}
