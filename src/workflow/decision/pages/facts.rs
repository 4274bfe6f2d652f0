//! The facts of a request that staff look for first: where it stands, who acts next by when, the time left, the letter and
//! its co-signers, the people, and the last mails. A constant number of queries.

use crate::clock::Instant;
use crate::ids::{MailId, RequestId};
use crate::plain;
use crate::policy::settings::Policy;
use crate::refusal::Outcome;
use crate::store::View;
use crate::workflow::delivery::store::{self as mails, Wanted};
use crate::workflow::labels::{LetterWork, Standing};
use crate::workflow::letter::co_signers;
use crate::workflow::letter::rules::LetterState;
use crate::workflow::letter::store::co_signers as signers;
use crate::workflow::letter::store::life::{Version, versions};
use crate::workflow::letter::store::progress;
use crate::workflow::request::fields::Field;
use crate::workflow::request::raw::RawForm;
use crate::workflow::request::remaining::left_in_words;
use crate::workflow::request::sharing::Colleague;
use crate::workflow::request::store::{Request, co_applicants, lists};

/// How many of the last mails are shown.
const MAILS: i64 = 3;

/// What is read for the facts.
pub(super) struct Read {
    work: LetterWork,
    version: Option<Version>,
    signers: Vec<String>,
    signing: String,
    account: String,
    colleagues: Vec<Colleague>,
    mails: Vec<mails::Listed>,
}

/// Reads what stands beside the request, its motion and its answer.
///
/// # Errors
/// A fault of the database.
pub(super) fn read(view: &mut View<'_>, request: &Request, policy: &Policy, now: Instant) -> Outcome<Read> {
    let today = policy.today(now);
    let version = versions(view, request.id)?.into_iter().next();
    let (found, asking) = match &version {
        Some(version) => (signers::of(view, version.id)?, signers::asking(view, version.id)?),
        None => (Vec::new(), None),
    };
    let standing = co_signers::standing(asking.as_ref(), &found, today);
    let day = |at: Instant| plain::day(policy.today(at)).to_string();
    Ok(Read {
        work: progress::of(view, &[request.id], today)?.first().map(|(_, work)| *work).unwrap_or_default(),
        signing: if found.is_empty() { String::new() } else { standing.in_words() },
        signers: found.iter().map(|one| format!("{}: {}", one.name, one.in_words(day))).collect(),
        account: lists::mailbox(view, request.applicant)?.0,
        colleagues: co_applicants::of(view, request.id)?,
        mails: mails::list(view, &Wanted { about: Some(request.id), ..Wanted::default() }, &[], MAILS)?,
        version,
    })
}

impl Read {
    /// How far the letter is.
    pub(super) const fn work(&self) -> LetterWork {
        self.work
    }
}

/// A mail about the request.
pub(super) struct Mail {
    pub(super) id: MailId,
    pub(super) subject: String,
    pub(super) to: String,
    pub(super) state: &'static str,
    pub(super) tone: &'static str,
}

/// The facts, in words.
pub(super) struct Facts {
    /// The stage's name, for its badge.
    pub(super) stage: &'static str,
    /// Where the request stands.
    pub(super) label: &'static str,
    /// Who acts next, and by when.
    pub(super) next: String,
    /// The time left to the funder's deadline.
    pub(super) left: String,
    /// The day on which the letter is needed.
    pub(super) needed: String,
    /// What there is of the letter; empty when there is none.
    pub(super) letter: String,
    /// How the co-signing stands; empty when nobody co-signs.
    pub(super) signing: String,
    /// Each co-signer with their answer.
    pub(super) signers: Vec<String>,
    /// The applicant, and whoever the request is shared with.
    pub(super) people: Vec<String>,
    /// The last mails about it, the newest first.
    pub(super) mails: Vec<Mail>,
    /// Where all of them are.
    pub(super) outbox: String,
}

impl Facts {
    /// The facts of a request that stands so at `now`; `next` says who acts next.
    pub(super) fn of(
        request: &Request,
        typed: &RawForm,
        read: &Read,
        (standing, next): (&Standing, String),
        now: Instant,
    ) -> Self {
        let zone = typed.get(Field::DeadlineZone).parse().ok();
        Self {
            stage: request.stage.name().as_str(),
            label: standing.for_committee(now).as_str(),
            next,
            left: left_in_words(request.deadline_at, zone, now),
            needed: request.needed_on.map(|day| plain::day(day).to_string()).unwrap_or_default(),
            letter: read.version.as_ref().map(|version| letter_in_words(version, read.work)).unwrap_or_default(),
            signing: read.signing.clone(),
            signers: read.signers.clone(),
            people: people(request, read),
            mails: read.mails.iter().map(mail).collect(),
            outbox: outbox_of(request.id),
        }
    }
}

fn outbox_of(request: RequestId) -> String {
    format!("/outbox?about={request}")
}

fn letter_in_words(version: &Version, work: LetterWork) -> String {
    let number = version.number.as_deref().unwrap_or_default();
    match (version.state, work) {
        (LetterState::Draft, LetterWork::Writing) => format!("Version {} is being written", version.version),
        (LetterState::Draft, LetterWork::OutForSignature) => {
            format!("Version {} is out for signature", version.version)
        }
        (LetterState::Draft, LetterWork::PassedOn) => format!("Version {} waits for a second person", version.version),
        (LetterState::Issued | LetterState::Superseded | LetterState::Revoked, _) => {
            format!("{number}: {}", version.state.label().to_lowercase())
        }
    }
}

fn people(request: &Request, read: &Read) -> Vec<String> {
    let named =
        |name: &str, address: &str| if name.is_empty() { address.to_owned() } else { format!("{name}, {address}") };
    let own = format!("{} (applicant)", named(&request.applicant_name, &read.account));
    let shared = read.colleagues.iter().map(|one| {
        let does = if one.may_edit { "works on it too" } else { "looks at it" };
        format!("{} ({does})", named(&one.name, &one.address))
    });
    std::iter::once(own).chain(shared).collect()
}

fn mail(listed: &mails::Listed) -> Mail {
    let (state, tone) = listed.state.in_words();
    let to = if listed.to_name.is_empty() { &listed.to_address } else { &listed.to_name };
    Mail { id: listed.id, subject: listed.subject.clone(), to: to.clone(), state, tone }
}
