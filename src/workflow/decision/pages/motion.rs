//! The staff's page about a request's way through the committee: routing, motion, answer.

use actix_web::web::Path;
use askama::Template;
use chrono::TimeDelta;

use super::super::rules::{Todo, answer_to, may_reopen, must_be_undecided, next_in_words, todo};
use super::super::store::{self, Decision, Reopened};
use super::conflicts::{Conflicts, Known};
use super::facts::{self, Facts as Strip};
use super::institution::Recognition;
use super::record::records;
use crate::audit;
use crate::clock::{InUtc, Instant};
use crate::ids::{MailId, RequestId, SeatId};
use crate::people::access::no_such_request;
use crate::policy::settings::Policy;
use crate::refusal::Outcome;
use crate::store::View;
use crate::web::form::{Choice, FormView};
use crate::web::frame::{Frame, Section as Way};
use crate::web::page::{Page, show, show_again};
use crate::web::shell::Shell;
use crate::workday::{date_in, deadline_in_words};
use crate::workflow::delivery::store::held as held_mails;
use crate::workflow::discussion::audience::Part;
use crate::workflow::discussion::store as posts;
use crate::workflow::discussion::thread::{Post, Reader, Thread};
use crate::workflow::history;
use crate::workflow::labels::CopyWork;
use crate::workflow::post::rules::State;
use crate::workflow::post::store as copies;
use crate::workflow::request::attachment::file::{self, Attachment};
use crate::workflow::request::difference::{Revision, Version, revisions};
use crate::workflow::request::fields::Section;
use crate::workflow::request::raw::RawForm;
use crate::workflow::request::reading::{self, Part as Answers};
use crate::workflow::request::reopening::{self, ReplyDays};
use crate::workflow::request::rules::may_talk;
use crate::workflow::request::store::recused::recused;
use crate::workflow::request::store::{self as requests, Request, attachments, questions, versions};
use crate::workflow::request::talk::{Question, Talk};
use crate::workflow::review::ballot::{Choice as Vote, Source};
use crate::workflow::review::form::Review;
use crate::workflow::review::motion::{MotionStage, MotionState};
use crate::workflow::review::reader::Reader as Looker;
use crate::workflow::review::record::{Record, when};
use crate::workflow::review::store::motions::{self, KeptMotion};
use crate::workflow::review::store::reviews;
use crate::workflow::routing::rules::AssignmentEnd;
use crate::workflow::routing::store::{self as routes, Assignment, Declaration, SeatInOffice};
use crate::workflow::routing::suggestion::Suggestion;
use crate::workflow::stage::{Answer, Stage, Step, advance};

/// The answer, prepared or released.
struct Shown {
    supported: bool,
    explanation: String,
    reasons: String,
    would_change: String,
    released: String,
    may_release: bool,
    may_reopen: bool,
    /// Whether it rests on a motion, so that reopening it has the committee vote anew.
    is_voted: bool,
}

/// An answer that was taken back.
struct Earlier {
    answer: String,
    reason: String,
    explanation: String,
}

/// A reviewer, present or past.
struct Reviewer {
    name: String,
    assigned: String,
    due: String,
    state: &'static str,
}

/// An entry of the request's journal.
struct Event {
    at: InUtc,
    what: String,
    who: String,
}

#[derive(Template)]
#[template(path = "decision/motion.html")]
struct MotionPage {
    frame: Frame,
    id: RequestId,
    reference: String,
    title: String,
    /// Who asks, and for which funder.
    asks: String,
    /// What staff look for first.
    facts: Strip,
    deadline: String,
    elsewhere: Option<InUtc>,
    band: String,
    form: FormView,
    todo: Todo,
    /// The mails to the applicant that wait for staff to look at them, with their subjects.
    held: Vec<(MailId, String)>,
    base: String,
    /// Whether there is a decision record: the last motion has closed.
    has_record: bool,
    may_admit: bool,
    may_turn_down: bool,
    may_put_again: bool,
    decision: Option<Shown>,
    earlier: Vec<Earlier>,
    records: Vec<(i32, Record)>,
    draws: Vec<String>,
    reviewers: Vec<Reviewer>,
    conflicts: Conflicts,
    /// Which institution a typed one may be; none for one that was chosen from the list.
    recognition: Option<Recognition>,
    owing: Vec<Choice>,
    /// The seats that can vote on the open tallied vote; none when there is none.
    voting: Vec<Choice>,
    choices: Vec<Choice>,
    sources: Vec<Choice>,
    parts: Vec<Answers>,
    attachments: Vec<file::Shown>,
    talk: Vec<Talk>,
    thread: Thread,
    /// What replies to questions changed in the answers.
    revisions: Vec<Revision>,
    /// The form for a question to the applicant.
    question: FormView,
    /// The sections that a question may reopen.
    sections: Vec<Choice>,
    reply_days: ReplyDays,
    may_ask: bool,
    events: Vec<Event>,
}

/// Everything the page is made of, read in one look.
struct Facts {
    request: Request,
    typed: RawForm,
    questions: Vec<Question>,
    versions: Vec<Version>,
    posts: Vec<Post>,
    files: Vec<Attachment>,
    policy: Policy,
    journal: Vec<audit::store::Written>,
    records: Vec<(i32, Record)>,
    last: Option<KeptMotion>,
    decision: Option<Decision>,
    reopened: Vec<Reopened>,
    reviews: Vec<Review>,
    assignments: Vec<Assignment>,
    declarations: Vec<Declaration>,
    seats: Vec<SeatInOffice>,
    suggested: Vec<Suggestion>,
    names: Vec<(SeatId, String)>,
    recognition: Option<Recognition>,
    /// What staff have to do about a physical copy.
    copy: Option<CopyWork>,
    /// The mails to the applicant that staff look at first.
    held: Vec<(MailId, String)>,
    beside: facts::Read,
}

fn read(view: &mut View<'_>, id: RequestId, now: Instant) -> Outcome<Facts> {
    // What was never sent is the applicant's alone, also when it was withdrawn.
    let request = requests::find(view, id)?.filter(|request| request.reference.is_some());
    let request = request.ok_or_else(no_such_request)?;
    let kept = motions::all_of(view, id)?;
    let reviews = reviews::reviews_of(view, id)?;
    let records = records(view, &kept, &reviews, now)?;
    // A reviewer may have come into office after the motion opened; then the name comes from the seats of today.
    let of_record = kept.iter().flat_map(|kept| kept.motion.seats.0.iter().map(|seat| (seat.seat, seat.name.clone())));
    let mut names: Vec<(SeatId, String)> = of_record.collect();
    let seats = routes::seats_in_office(view, now.date_naive())?;
    names.extend(seats.iter().map(|seat| (seat.seat, seat.name.clone())));
    let policy = request.frozen_policy()?.unwrap_or_default();
    Ok(Facts {
        records,
        decision: store::of(view, id)?,
        reopened: store::reopened(view, id)?,
        reviews,
        assignments: routes::assignments_of(view, id)?,
        declarations: routes::declarations(view, id)?,
        seats,
        suggested: routes::suggestions::open(view, id, now.date_naive())?,
        names,
        last: kept.into_iter().next_back(),
        questions: questions::of(view, id)?,
        versions: versions::of(view, id)?,
        posts: posts::of(view, id)?,
        files: attachments::of(view, id)?,
        journal: audit::store::history(view, id.as_str())?,
        recognition: Recognition::read(view, &request)?,
        copy: copies::of(view, id, request.stage)?.state().and_then(State::work),
        held: held_mails::about(view, id)?,
        beside: facts::read(view, &request, &policy, now)?,
        typed: request.typed()?,
        policy,
        request,
    })
}

impl Earlier {
    fn of(one: &Reopened) -> Self {
        let answer = match one.answer {
            Answer::Supported => "Supported",
            Answer::Declined => "Declined",
        };
        let known = match one.released_at {
            Some(at) => format!("released {}", when(at)),
            None => "never released".to_owned(),
        };
        Self {
            answer: format!("{answer}, {known}; reopened {} by {}", when(one.reopened_at), one.reopened_by),
            reason: one.reason.clone(),
            explanation: one.explanation.clone(),
        }
    }
}

impl Facts {
    fn name(&self, seat: SeatId) -> String {
        self.names
            .iter()
            .find(|(known, _)| *known == seat)
            .map_or_else(|| "A seat".to_owned(), |(_, name)| name.clone())
    }

    fn is_open(&self) -> bool {
        self.last.as_ref().is_some_and(|last| last.motion.state.is_open())
    }

    fn conflicts(&self) -> Conflicts {
        let known = Known {
            request: &self.request,
            rule: self.policy.own_institution,
            declarations: &self.declarations,
            seats: &self.seats,
            suggested: &self.suggested,
            is_open: self.is_open(),
        };
        Conflicts::of(&known, |seat| self.name(seat))
    }

    /// The answer: as it is written down, or as it follows from the closed motion.
    fn shown(&self, now: Instant) -> Option<Shown> {
        let undecided = advance(self.request.stage, Step::Release { at: now, answer: Answer::Supported }).is_ok();
        if let Some(decision) = &self.decision {
            return Some(Shown {
                supported: decision.answer == Answer::Supported,
                explanation: decision.explanation.clone(),
                reasons: decision.words.reasons.clone(),
                would_change: decision.words.would_change.clone(),
                released: decision.released.map(|(at, _)| when(at)).unwrap_or_default(),
                may_release: undecided && decision.released.is_none(),
                may_reopen: may_reopen(self.request.stage, Some(())).is_ok(),
                is_voted: decision.motion.is_some(),
            });
        }
        let kept = self.last.as_ref().filter(|_| undecided)?;
        let answer = answer_to(kept.motion.state.stage())?;
        Some(Shown {
            supported: answer == Answer::Supported,
            explanation: kept.in_words(now, &Looker::OF_ALL),
            reasons: String::new(),
            would_change: String::new(),
            released: String::new(),
            may_release: true,
            may_reopen: true,
            is_voted: true,
        })
    }

    /// The seats whose ballot can be recorded now.
    fn voting(&self) -> Vec<Choice> {
        let may_vote = advance(self.request.stage, Step::Deliberate).is_ok();
        let vote = self.last.as_ref().filter(|last| may_vote && last.motion.state.stage() == MotionStage::Tally);
        let seats = vote.into_iter().flat_map(|last| last.motion.seats.eligible());
        seats.map(|seat| Choice::new(seat.seat.to_string(), &seat.name)).collect()
    }

    /// Where the request stands, and who acts next.
    fn strip(&self, todo: Todo, is_answered: bool, now: Instant) -> Strip {
        let open = self.last.as_ref().map(|last| &last.motion).filter(|motion| motion.state.is_open());
        let reply_by = self.questions.iter().filter(|asked| asked.is_open()).map(|asked| asked.reply_by).min();
        let review_by = open.map(|motion| date_in(motion.terms.reviews_due - TimeDelta::seconds(1), motion.terms.zone));
        let standing = self.request.standing(reply_by, review_by).with_answer(is_answered);
        let standing = standing.with_letter(self.beside.work()).with_copy(self.copy);
        let vote = open.and_then(|motion| match motion.state {
            MotionState::Tally(call) => Some(deadline_in_words(call.closes, motion.rule.zone)),
            _ => None,
        });
        let next = next_in_words(&standing, todo, vote.as_deref(), now);
        Strip::of(&self.request, &self.typed, &self.beside, (&standing, next), now)
    }

    /// What has happened, the newest first. Why the applicant withdrew is told here and to no member of the committee.
    fn events(&self) -> Vec<Event> {
        let why = self.request.withdrawn_why.as_deref().filter(|why| !why.is_empty());
        let event = |entry: &audit::store::Written| Event {
            at: InUtc::from(entry.at()),
            what: match why.filter(|_| entry.what == "request-withdrawn") {
                Some(why) => format!("{} The applicant’s reason: {why}", history::in_words(&entry.what)),
                None => history::in_words(&entry.what),
            },
            who: history::by_whom(&entry.actor),
        };
        self.journal.iter().rev().map(event).collect()
    }

    /// The questions to the applicant; staff may withdraw any that is open.
    fn talk(&self, now: Instant) -> Vec<Talk> {
        let may_withdraw = may_talk(self.request.stage).is_ok();
        self.questions.iter().map(|asked| Talk::of(asked, self.policy.today(now), may_withdraw)).collect()
    }

    /// What the reviewers wrote for the applicant, to begin the reasons with.
    fn for_applicant(&self) -> String {
        let sent = self.reviews.iter().filter(|review| review.sent_at.is_some());
        let texts: Vec<&str> =
            sent.map(|review| review.typed.for_applicant.as_str()).filter(|text| !text.is_empty()).collect();
        texts.join("\n\n")
    }
}

/// Who asks, and for which funder.
fn asks(request: &Request) -> String {
    let Request { applicant_name, institution_name, funder, .. } = request;
    format!("{applicant_name}, {institution_name}, asks for a letter to {funder}.")
}

fn motion_page(shell: &Shell, facts: &Facts, form: Option<FormView>, (reader, now): (Reader, Instant)) -> MotionPage {
    let stage = facts.request.stage;
    let is_open = facts.is_open();
    let zone = facts.last.as_ref().map(|last| last.motion.rule.zone);
    let due = |at: Instant| zone.map_or_else(|| when(at), |zone| deadline_in_words(at, zone));
    let mut draws: Vec<String> = facts.assignments.iter().map(|assignment| assignment.why.clone()).collect();
    draws.dedup();
    let owing = facts.assignments.iter().filter(|one| one.ended.is_none() && is_open);
    let decision = facts.shown(now);
    let may_put_again = advance(stage, Step::Deliberate).is_ok()
        && facts.last.as_ref().is_some_and(|last| last.motion.state.stage() == MotionStage::NoQuorum);
    let is_answered = decision.as_ref().is_some_and(|one| one.may_release);
    let todo = todo(stage, is_answered, may_put_again, facts.copy);
    let reply_days = ReplyDays::of(now, &facts.policy, facts.request.needed_on);
    let fresh = || FormView::new().with("reply_by", reply_days.usual.to_string());
    let question = form.clone().filter(|form| form.has("reply_by")).unwrap_or_else(fresh);
    MotionPage {
        frame: shell
            .frame(format!("{}: committee", facts.request.name()))
            .within(Way::Queue)
            .failed_if(form.as_ref().is_some_and(FormView::has_errors)),
        id: facts.request.id,
        reference: facts.request.name().to_owned(),
        title: facts.request.title.clone(),
        asks: asks(&facts.request),
        deadline: facts.request.deadline_words.clone(),
        elsewhere: facts.request.deadline_at.map(InUtc::from),
        band: facts.request.lead_band.clone().unwrap_or_default(),
        form: form.unwrap_or_else(|| FormView::new().with("reasons", facts.for_applicant())),
        may_admit: matches!(stage, Stage::Submitted { held: true, .. }),
        may_turn_down: advance(stage, Step::TurnDown { at: now }).is_ok(),
        held: facts.held.clone(),
        base: format!("/requests/{}", facts.request.id),
        has_record: facts.last.is_some() && !is_open,
        todo,
        facts: facts.strip(todo, is_answered, now),
        may_put_again,
        decision,
        earlier: facts.reopened.iter().map(Earlier::of).collect(),
        // The one that is open, or closed last, is the one people come for.
        records: facts.records.iter().rev().cloned().collect(),
        draws,
        reviewers: facts
            .assignments
            .iter()
            .map(|assignment| Reviewer {
                name: facts.name(assignment.seat),
                assigned: when(assignment.assigned_at),
                due: due(assignment.due_at),
                state: match assignment.ended {
                    None if now >= assignment.due_at => "Overdue",
                    None => "Review owed",
                    Some((_, AssignmentEnd::Reviewed)) => "Review sent",
                    Some((_, AssignmentEnd::Closed)) => "Motion closed first",
                    Some((_, AssignmentEnd::Conflict)) => "Conflict of interest",
                    Some((_, AssignmentEnd::Reassigned)) => "Given to another seat",
                    Some((_, AssignmentEnd::Silent)) => "No answer; passed on",
                    Some((_, AssignmentEnd::Left)) => "The seat is no longer held; the place passed on",
                },
            })
            .collect(),
        conflicts: facts.conflicts(),
        recognition: facts.recognition.clone(),
        owing: owing.map(|one| Choice::new(one.seat.to_string(), facts.name(one.seat))).collect(),
        voting: facts.voting(),
        choices: Vote::ALL.iter().map(|choice| Choice::new(choice.as_str(), choice.label())).collect(),
        sources: Source::ALL.iter().map(|source| Choice::new(source.as_str(), source.label())).collect(),
        parts: reading::sent(&facts.typed, &facts.request.institution()),
        attachments: file::sent(&facts.files, facts.request.submitted_at),
        talk: facts.talk(now),
        thread: Thread::of(&facts.posts, reader, now),
        revisions: revisions(&facts.versions, &facts.typed, &facts.request.institution()),
        question,
        sections: Section::BEFORE_SENDING
            .iter()
            .map(|section| Choice::new(section.as_str(), section.title()).hint(reopening::hint(*section)))
            .collect(),
        reply_days,
        may_ask: may_talk(stage).is_ok()
            && must_be_undecided(facts.last.as_ref().map(|last| last.motion.state.stage())).is_ok(),
        events: facts.events(),
    }
}

pub(super) fn id_of(path: &str) -> Outcome<RequestId> {
    path.parse().map_err(|_| no_such_request().into())
}

/// Shows the page again with a form as it was filled and what is wrong with it, or afresh without one.
pub(super) async fn show_to(shell: &Shell, id: RequestId, form: Option<FormView>) -> Page {
    let staff = shell.staff_on(id, recused).await?;
    let reader = Reader { part: Part::Staff, person: staff.person(), seat: None, sees_others: true };
    let now = shell.service.clock.now();
    let facts = shell.service.store.read(move |view| read(view, id, now)).await?;
    let is_wrong = form.is_some();
    let page = motion_page(shell, &facts, form, (reader, now));
    if is_wrong { show_again(&page) } else { show(&page) }
}

/// The staff's page about a request's way through the committee.
///
/// # Errors
/// A refusal for whoever is not staff; a fault of the database.
pub async fn page(shell: Shell, path: Path<String>) -> Page {
    show_to(&shell, id_of(&path)?, None).await
}
