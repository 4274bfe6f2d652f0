//! A request as a member of the committee sees it: before the declaration only what it is about; then all of it, the
//! motion, and what the seat can do next.

use actix_web::web::{Path, Query};
use askama::Template;
use chrono::NaiveDate;

use super::super::ballot::{self, Ballot, Choice as Vote};
use super::super::electorate::Stance;
use super::super::form::{FOR_APPLICANT, FOR_COMMITTEE, REASON, Rating, Typed};
use super::super::motion::MotionState;
use super::super::reader::{Reader, hidden_until, sees_others};
use super::super::record::{Done, Record, when};
use super::super::store::motions::{self, KeptMotion};
use super::super::store::{reviews, votes};
use super::brief::{self, Brief, Measure};
use crate::clock::Instant;
use crate::ids::{RequestId, SeatId};
use crate::people::access::{Member, Recused, Voter, no_such_request};
use crate::policy::settings::Policy;
use crate::refusal::{Fault, Outcome};
use crate::store::View;
use crate::web::form::{Choice, FormView};
use crate::web::frame::{Frame, Section as Way};
use crate::web::page::{Page, sending, show, show_again, show_conflict};
use crate::web::shell::Shell;
use crate::workday::deadline_in_words;
use crate::workflow::discussion::audience::Part;
use crate::workflow::discussion::store as posts;
use crate::workflow::discussion::thread::{self, Post, Thread};
use crate::workflow::request::attachment::file::Attachment;
use crate::workflow::request::difference::{Revision, Version, revisions};
use crate::workflow::request::fields::Section;
use crate::workflow::request::raw::RawForm;
use crate::workflow::request::reading::Part as Answers;
use crate::workflow::request::reopening::{self, ReplyDays};
use crate::workflow::request::store::recused::recused;
use crate::workflow::request::store::{self as requests, Request, attachments, questions, versions};
use crate::workflow::request::talk::{Question, Talk};
use crate::workflow::routing::store as routes;
use crate::workflow::stage::{StageName, Step, advance};

/// Which form of the page came back, with what was typed and what is wrong.
#[derive(Debug, Clone)]
pub enum Failed {
    /// The declaration.
    Declaration(FormView),
    /// The review.
    Review(FormView),
    /// A review that somebody else of the seat has changed in the meantime.
    Overtaken(Typed),
    /// The ballot.
    Ballot(FormView),
    /// Closing an objection.
    Objection(FormView),
    /// The question to the applicant.
    Question(FormView),
}

/// What a seat may know of a request before it has declared.
struct Head {
    id: RequestId,
    reference: String,
    title: String,
    applicant: String,
    institution: String,
    funder: String,
    programme: String,
    band: String,
    seat: String,
}

#[derive(Template)]
#[template(path = "review/declare.html")]
struct DeclarePage {
    frame: Frame,
    head: Head,
    is_open: bool,
    /// What may be a conflict, each as the rest of a sentence.
    suggested: Vec<String>,
    form: FormView,
    choices: Vec<Choice>,
}

#[derive(Template)]
#[template(path = "review/request.html")]
struct RequestPage {
    frame: Frame,
    head: Head,
    brief: Brief,
    measures: Vec<Measure>,
    record: Option<Record>,
    /// Whether there is a decision record: the motion has closed.
    has_record: bool,
    turn: Turn,
    due: String,
    /// What the link has marked on the ballot, and that nothing is cast by it; empty without one.
    marked: String,
    /// The answers but those to the expectations, which stand beside the ratings.
    parts: Vec<Answers>,
    talk: Vec<Talk>,
    thread: Thread,
    /// What replies to questions changed in the answers.
    revisions: Vec<Revision>,
    /// Whether they changed after the seat's review was sent.
    is_outdated: bool,
    /// The sections that a question may reopen.
    sections: Vec<Choice>,
    reply_days: ReplyDays,
    review: FormView,
    /// What the three texts of the review are called.
    names: (&'static str, &'static str, &'static str),
    /// What the seat's review says instead, where somebody else changed it in the meantime.
    kept: Vec<(&'static str, String)>,
    ballot: FormView,
    objection: FormView,
    question: FormView,
    is_sent: bool,
    /// When the review was sent that stands beside changes which are not sent, UTC; empty without such changes.
    unsent_since: String,
    ratings: Vec<Choice>,
    stances: Vec<Choice>,
    choices: Vec<Choice>,
    closable: Vec<Choice>,
    may_ask: bool,
    wrong: FormView,
}

/// What the seat can do about the motion now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Turn {
    /// Review, object, call a vote.
    Consensus,
    /// Vote.
    Vote,
    /// Nothing any more.
    Over,
}

/// Everything the page is made of, read in one look.
struct Facts {
    request: Request,
    typed: RawForm,
    policy: Policy,
    kept: Option<KeptMotion>,
    declared: Option<bool>,
    recused: Recused,
    suggested: Vec<String>,
    reviews: Vec<super::super::form::Review>,
    objections: Vec<super::super::electorate::Objection>,
    ballots: Vec<Ballot>,
    questions: Vec<Question>,
    versions: Vec<Version>,
    posts: Vec<Post>,
    files: Vec<Attachment>,
}

fn read(view: &mut View<'_>, id: RequestId, member: &Member, day: NaiveDate) -> Outcome<Facts> {
    let request = requests::find(view, id)?.filter(|request| request.stage.name() != StageName::Draft);
    let request = request.ok_or_else(no_such_request)?;
    let kept = motions::latest(view, id)?;
    let declarations = routes::declarations(view, id)?;
    let recused = recused(view, id)?;
    member.voter(id, kept.is_some(), &recused)?;
    let policy = request.policy.as_deref().unwrap_or_default();
    let policy =
        serde_json::from_str(policy).map_err(|error| Fault::because(format!("the policy of request {id}"), error))?;
    let motion = kept.as_ref().map(|kept| kept.id);
    let declared = declarations.iter().find(|one| one.seat == member.seat()).map(|one| one.conflicted);
    let suggested = match declared {
        Some(_) => Vec::new(),
        None => routes::suggestions::open(view, id, day)?,
    };
    Ok(Facts {
        declared,
        recused,
        suggested: suggested.into_iter().filter(|one| one.seat == member.seat()).map(|one| one.reason).collect(),
        reviews: reviews::reviews_of(view, id)?,
        questions: questions::of(view, id)?,
        versions: versions::of(view, id)?,
        posts: posts::of(view, id)?,
        files: attachments::of(view, id)?,
        objections: motion.map_or(Ok(Vec::new()), |motion| reviews::objections_to(view, motion))?,
        ballots: motion.map_or(Ok(Vec::new()), |motion| votes::history(view, motion))?,
        typed: request.typed()?,
        request,
        policy,
        kept,
    })
}

impl Facts {
    /// Whether the seat is an assigned reviewer of the motion.
    fn is_reviewer(&self, seat: SeatId) -> bool {
        self.kept.iter().flat_map(|kept| kept.motion.seats.assigned()).any(|one| one.seat == seat)
    }
}

/// The request and its motion for the seat of the person who asks, with the choice that the link has marked on the
/// ballot. Looking casts nothing.
///
/// # Errors
/// A refusal for whoever is not a member, or whose seat has a conflict; a fault of the database.
pub async fn page(shell: Shell, path: Path<String>, query: Query<Vec<(String, String)>>) -> Page {
    let marked = query.iter().find(|(name, _)| name == "choice").and_then(|(_, choice)| choice.parse().ok());
    shown(&shell, id_of(&path)?, Showing::Afresh(marked)).await
}

/// The id in the address.
///
/// # Errors
/// What is no id is answered like a request that is not there.
pub fn id_of(path: &str) -> Outcome<RequestId> {
    path.parse().map_err(|_| no_such_request().into())
}

/// The permission to act on the request for the seat of the person who asks.
///
/// # Errors
/// A refusal for whoever is not a member, or whose seat has a conflict; a fault of the database.
pub async fn voter(shell: &Shell, id: RequestId) -> Outcome<Voter> {
    let member = shell.visitor()?.member()?;
    shell
        .service
        .store
        .read(move |view| {
            let opened = motions::latest(view, id)?.is_some();
            Ok(member.voter(id, opened, &recused(view, id)?)?)
        })
        .await
}

/// The page, with the form that came back in place of its fresh one.
///
/// # Errors
/// As for `page`.
pub async fn show_to(shell: &Shell, id: RequestId, failed: Failed) -> Page {
    shown(shell, id, Showing::Again(failed)).await
}

/// Why the page is shown.
enum Showing {
    /// It was opened, perhaps by a link that marks a choice on the ballot.
    Afresh(Option<Vote>),
    /// A form of it came back.
    Again(Failed),
}

async fn shown(shell: &Shell, id: RequestId, showing: Showing) -> Page {
    let member = shell.visitor()?.member()?;
    let reader = member.clone();
    let now = shell.service.clock.now();
    let facts = shell.service.store.read(move |view| read(view, id, &reader, now.date_naive())).await?;
    let is_wrong = matches!(showing, Showing::Again(_));
    let is_overtaken = matches!(showing, Showing::Again(Failed::Overtaken(_)));
    if facts.declared.is_none() {
        let page = declare_page(shell, &facts, &member, showing);
        return if is_wrong { show_again(&page) } else { show(&page) };
    }
    let may_close_all = shell.visitor()?.chair_on(&facts.recused).is_ok();
    let page = request_page(shell, &facts, &member, showing, (now, may_close_all));
    sending(match (is_overtaken, is_wrong) {
        (true, _) => show_conflict(&page),
        (false, true) => show_again(&page),
        (false, false) => show(&page),
    })
}

fn head(request: &Request, member: &Member) -> Head {
    Head {
        id: request.id,
        reference: request.name().to_owned(),
        title: request.title.clone(),
        applicant: request.applicant_name.clone(),
        institution: request.institution_name.clone(),
        funder: request.funder.clone(),
        programme: request.programme.clone(),
        band: request.lead_band.clone().unwrap_or_default(),
        seat: member.institution_name().to_owned(),
    }
}

fn declare_page(shell: &Shell, facts: &Facts, member: &Member, showing: Showing) -> DeclarePage {
    let form = match showing {
        Showing::Again(Failed::Declaration(form)) => form,
        Showing::Afresh(Some(marked)) => FormView::new().with("choice", marked.as_str()),
        Showing::Afresh(None) | Showing::Again(_) => FormView::new(),
    };
    DeclarePage {
        frame: shell
            .frame(format!("Conflict of interest, {}", facts.request.name()))
            .within(Way::Waiting)
            .failed_if(form.has_errors()),
        head: head(&facts.request, member),
        is_open: advance(facts.request.stage, Step::Deliberate).is_ok(),
        suggested: facts.suggested.clone(),
        form,
        choices: vec![
            Choice::new("none", "No conflict").hint("You can read the request at once."),
            Choice::new("conflict", "There is a conflict").hint(
                "The seat takes no further part. It can no longer open the request, its discussion or its votes.",
            ),
            Choice::new("later", "Decide later").hint("Nothing changes."),
        ],
    }
}

fn request_page(
    shell: &Shell,
    facts: &Facts,
    member: &Member,
    showing: Showing,
    (now, may_close_all): (Instant, bool),
) -> RequestPage {
    let own = facts.reviews.iter().find(|review| review.seat == member.seat());
    let is_sent = own.is_some_and(|own| own.sent_at.is_some());
    let may_act = advance(facts.request.stage, Step::Deliberate).is_ok();
    let state = facts.kept.as_ref().map(|kept| kept.motion.state).filter(|_| may_act);
    let (turn, due) = match (state, &facts.kept) {
        (Some(MotionState::Consensus), Some(kept)) => (Turn::Consensus, kept.motion.terms.reviews_due),
        (Some(MotionState::Tally(call)), _) => (Turn::Vote, call.closes),
        _ => (Turn::Over, now),
    };
    let open = state.filter(|_| turn != Turn::Over);
    let rule = facts.policy.reviews_shown;
    let sees_others = sees_others(rule, is_sent, open);
    let (part, person, seat) = (Part::Seat, member.person(), Some(member.seat()));
    let reader = Reader { seat, sees_others, closes_objections: false, rule };
    let reader = reader.chairing(may_close_all, !is_sent && facts.is_reviewer(member.seat()));
    let looker = thread::Reader { part, person, seat, sees_others };
    let (expected, parts) = brief::answers(&facts.typed, &facts.request);
    let motion = facts.kept.as_ref().map(|kept| &kept.motion);
    let done = Done { reviews: &facts.reviews, objections: &facts.objections, ballots: &facts.ballots };
    let record = facts.kept.as_ref().map(|kept| Record::of(&kept.motion, kept.in_words(now, &reader), done, reader));
    let typed = own.map_or_else(Typed::default, |own| own.latest().clone());
    let current = ballot::current(&facts.ballots, member.seat());
    let (failed, marked) = match showing {
        Showing::Again(failed) => (Some(failed), None),
        Showing::Afresh(marked) => (None, marked),
    };
    let open = record.iter().flat_map(Record::open_objections);
    let closable = open.filter(|one| may_close_all || one.seat == member.seat());
    let closable = closable.map(|one| Choice::new(one.id.to_string(), format!("{}: {}", one.name, one.reason)));
    let today = facts.policy.today(now);
    let reply_days = ReplyDays::of(now, &facts.policy, facts.request.needed_on);
    let may_ask = turn != Turn::Over;
    let talk = facts.questions.iter();
    let talk = talk.map(|asked| Talk::of(asked, today, may_ask && asked.seat == Some(member.seat())));
    let mut page = RequestPage {
        frame: shell.frame(facts.request.title.clone()).within(Way::Waiting),
        head: head(&facts.request, member),
        brief: Brief::of(&facts.request, &facts.typed, &facts.files, now),
        measures: Measure::all(&expected, motion, (&facts.reviews, turn == Turn::Consensus), &reader),
        has_record: facts.kept.as_ref().is_some_and(|kept| kept.closed_at().is_some()),
        turn,
        due: deadline_in_words(due, facts.policy.zone),
        marked: marked.map(|marked| marked_in_words(marked, current)).unwrap_or_default(),
        parts,
        thread: Thread::of(&facts.posts, looker, now).waiting_until(hidden_until(rule)),
        talk: talk.collect(),
        is_outdated: own.and_then(|own| own.sent_at).is_some_and(|sent| {
            let answers = facts.versions.iter().any(|version| version.replaced_at > sent);
            turn != Turn::Over && (answers || facts.files.iter().any(|file| file.has_changed_since(sent)))
        }),
        revisions: revisions(&facts.versions, &facts.typed, &facts.request.institution()),
        sections: Section::BEFORE_SENDING
            .iter()
            .map(|section| Choice::new(section.as_str(), section.title()).hint(reopening::hint(*section)))
            .collect(),
        reply_days,
        review: review_form(&typed, &typed),
        names: (REASON, FOR_COMMITTEE, FOR_APPLICANT),
        kept: Vec::new(),
        ballot: ballot_form(marked, current),
        objection: FormView::new(),
        question: FormView::new().with("reply_by", reply_days.usual.to_string()),
        is_sent,
        unsent_since: own.filter(|own| own.change.is_some()).and_then(|own| own.sent_at).map(when).unwrap_or_default(),
        ratings: Rating::ALL.iter().map(|rating| Choice::new(rating.as_str(), rating.label())).collect(),
        stances: vec![
            Choice::new(Stance::Support.as_str(), "Support the request"),
            Choice::new(Stance::Object.as_str(), "Object")
                .hint("An objection stops consensus until it is closed. If it is still open when the reviews are due, the committee votes."),
        ],
        choices: Vote::ALL.iter().map(|choice| Choice::new(choice.as_str(), choice.label())).collect(),
        closable: closable.collect(),
        may_ask,
        wrong: FormView::new(),
        record,
    };
    if let Some(failed) = failed {
        page.take_back(failed, &typed);
    }
    page
}

/// What is typed into the review, over what is kept of it.
fn review_form(typed: &Typed, kept: &Typed) -> FormView {
    FormView::filled(typed.fields()).with("seen", kept.fingerprint())
}

/// The ballot as it lies before the seat: the choice that the link has marked, else the seat's own one so far.
fn ballot_form(marked: Option<Vote>, current: Option<&Ballot>) -> FormView {
    let choice = marked.or(current.map(|current| current.choice)).map_or("", |choice| choice.as_str());
    let reason = current.and_then(|current| current.reason.as_deref()).unwrap_or_default();
    FormView::filled([("choice", choice), ("vote_reason", reason)])
}

fn marked_in_words(marked: Vote, current: Option<&Ballot>) -> String {
    let stays = current.map_or_else(String::new, |current| {
        format!(" Until then the seat’s ballot stays as it is: {}.", current.choice.label())
    });
    format!("Your link has marked “{}” below. Nothing is cast until you press the button.{stays}", marked.label())
}

impl RequestPage {
    fn take_back(&mut self, failed: Failed, kept: &Typed) {
        self.frame.failed = true;
        let (place, form) = match failed {
            Failed::Overtaken(typed) => {
                self.kept = kept.unlike(&typed);
                self.review = review_form(&typed, kept);
                return;
            }
            Failed::Review(form) => (&mut self.review, form),
            Failed::Ballot(form) => (&mut self.ballot, form),
            Failed::Objection(form) => (&mut self.objection, form),
            Failed::Question(form) | Failed::Declaration(form) => (&mut self.question, form),
        };
        place.clone_from(&form);
        self.wrong = form;
    }
}
