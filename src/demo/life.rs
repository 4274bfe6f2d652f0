//! The life of one request of the fictional year, lived through the same commands as a real one.

use chrono::{Duration, TimeDelta};

use super::cast::{Fate, Project};
use super::{Company, World, person};
use crate::ids::{QuestionId, RequestId, SeatId};
use crate::moment::Moment;
use crate::people::access::{Applicant, Member, Owner, Recused, Share, Voter, no_such_request};
use crate::policy::expectations::Expectation;
use crate::refusal::{Fault, Outcome};
use crate::store::{Tx, View};
use crate::workflow::decision::commands as deciding;
use crate::workflow::discussion::audience::Typed as PostForm;
use crate::workflow::discussion::commands::{self as discussing, Author};
use crate::workflow::request::commands::{self as requests, Asker, attachments as files};
use crate::workflow::request::fields::{Field, Section};
use crate::workflow::request::raw::RawForm;
use crate::workflow::request::reopening::AskForm;
use crate::workflow::request::store as rows;
use crate::workflow::request::store::recused::recused;
use crate::workflow::review::commands::{motion as motions, review as reviewing, vote};
use crate::workflow::review::electorate::Stance;
use crate::workflow::review::form::{Rating, Typed};
use crate::workflow::review::motion::MotionState;
use crate::workflow::review::store::motions::{KeptMotion, latest};
use crate::workflow::routing::rules::Said;
use crate::workflow::routing::store as routes;

/// One request on its way.
pub(super) struct Life<'s> {
    pub(super) world: &'s World,
    pub(super) company: &'s Company,
    pub(super) project: &'s Project,
    pub(super) id: RequestId,
    pub(super) applicant: Applicant,
    pub(super) owner: Owner,
}

impl<'s> Life<'s> {
    /// Begins the request of `project` and leads it to its fate.
    pub(super) fn live(world: &'s World, company: &'s Company, project: &'s Project) -> Outcome<()> {
        let sent = i64::from(project.days_ago);
        let begun = world.ago(TimeDelta::days(sent) + TimeDelta::minutes(50));
        let address = super::cast::address(&project.applicant, "applicant.example");
        let visitor = person(world, &project.applicant, &address, &begun)?;
        let id = {
            let (moment, visitor) = (begun.clone(), visitor.clone());
            world.write(move |tx| requests::begin(tx, &moment, &visitor, None, &RawForm::default()))?
        };
        let owner = visitor.insider(id, Some(Share::Own))?.owner()?;
        let applicant = visitor.applicant(id, Some(Share::Own))?;
        let life = Self { world, company, project, id, applicant, owner };
        life.fill_in(&begun)?;
        if project.fate == Fate::Draft {
            return Ok(());
        }
        if matches!(project.fate, Fate::InReview | Fate::Questioned) {
            life.attach_files(&begun)?;
        }
        let sent_at = world.ago(TimeDelta::days(sent));
        life.send(&sent_at)?;
        life.after_sending(sent)
    }

    fn fill_in(&self, begun: &Moment) -> Outcome<()> {
        let sent_on = self.world.ago(TimeDelta::days(i64::from(self.project.days_ago))).now.date_naive();
        let half_done = self.project.fate == Fate::Draft;
        let sections = Section::FILLED.iter().take(if half_done { 3 } else { Section::FILLED.len() });
        for section in sections.copied() {
            let fields = self.project.typed(section, sent_on);
            let (moment, applicant, id) = (begun.clone(), self.applicant, self.id);
            self.world.write(move |tx| {
                let seen = rows::find(tx, id)?.ok_or_else(no_such_request)?.typed()?.fingerprint(section);
                let fields = fields.iter().map(|(name, value)| (*name, value.as_str()));
                requests::save(tx, &moment, &applicant, section, fields, &seen)
            })?;
        }
        Ok(())
    }

    fn send(&self, at: &Moment) -> Outcome<()> {
        let (moment, applicant, id) = (at.clone(), self.applicant, self.id);
        self.world.write(move |tx| {
            let seen = rows::find(tx, id)?.ok_or_else(no_such_request)?.typed()?.fingerprint(Section::Send);
            let seen = files::fingerprint(tx, id, &seen)?;
            let fields = Section::Send.fields().map(|field| (field.as_str(), "yes"));
            requests::submit(tx, &moment, &applicant, fields, &seen).map(drop)
        })
    }

    /// What happens after sending, `sent` days ago.
    fn after_sending(&self, sent: i64) -> Outcome<()> {
        let day = |after: i64| self.world.ago(TimeDelta::days(sent - after));
        let fate = self.project.fate;
        match fate {
            Fate::Draft | Fate::Held => return Ok(()),
            Fate::TurnedDown => return self.turn_down(&day(1)),
            _ => self.world.tick(&self.world.ago(TimeDelta::days(sent) - TimeDelta::minutes(5)))?,
        }
        let reviewers = self.reviewers()?;
        match fate {
            Fate::Routed => Ok(()),
            Fate::InReview => {
                self.review(&reviewers, 1, Stance::Support, &day(1))?;
                self.discuss(&reviewers, &day(2))
            }
            Fate::Questioned => {
                self.review(&reviewers, 1, Stance::Support, &day(2))?;
                self.ask(&reviewers, &day(3))
            }
            Fate::Objected => {
                self.review(&reviewers, 1, Stance::Support, &day(2))?;
                self.review(&reviewers, 2, Stance::Object, &day(3))
            }
            Fate::Withdrawn => {
                self.review(&reviewers, 1, Stance::Support, &day(2))?;
                self.withdraw(&day(4))
            }
            Fate::Tally => {
                self.review(&reviewers, 2, Stance::Object, &day(2))?;
                // By then the reviews are due, at whatever time of the day the year is told.
                self.world.tick(&day(12))?;
                self.vote(&day(sent - 2), 5, 2)
            }
            Fate::Carried => {
                self.review(&reviewers, 2, Stance::Object, &day(2))?;
                self.vote(&day(4), 8, 2)?;
                self.world.tick(&day(5))?;
                self.release(&day(6))
            }
            Fate::NoQuorum => {
                self.vote(&day(4), 3, 1)?;
                self.world.tick(&day(13))
            }
            Fate::Reopened => {
                self.review(&reviewers, reviewers.len(), Stance::Support, &day(3))?;
                self.world.tick(&day(10))?;
                self.release(&day(11))?;
                self.reopen(&day(sent - 1))?;
                self.vote(&day(sent - 1), 2, 1)
            }
            Fate::Declined => {
                self.review(&reviewers, 3, Stance::Object, &day(3))?;
                self.vote(&day(5), 1, 8)?;
                self.world.tick(&day(13))?;
                self.release(&day(14))
            }
            _ => self.supported(&reviewers, sent),
        }
    }

    /// All reviewers support, the period runs out, and as much of what follows as has happened by today.
    fn supported(&self, reviewers: &[SeatId], sent: i64) -> Outcome<()> {
        let day = |after: i64| self.world.ago(TimeDelta::days(sent - after));
        self.review(reviewers, reviewers.len(), Stance::Support, &day(3))?;
        self.world.tick(&day(10))?;
        let fate = self.project.fate;
        if fate == Fate::Prepared {
            return Ok(());
        }
        self.release(&day(11))?;
        if fate == Fate::Released {
            return Ok(());
        }
        self.draft_letter(&day(12))?;
        if fate == Fate::CoSigning {
            return self.have_co_signed(&day(13), &day(14));
        }
        if fate == Fate::PassedOn {
            return self.pass_on(&day(sent)).map(drop);
        }
        self.issue(&day(13))?;
        self.on_paper(&day(14), &day(16))?;
        if fate == Fate::Issued {
            return Ok(());
        }
        self.download(&day(14))?;
        match fate {
            Fate::Replaced => self.replace(&day(16)),
            Fate::Revoked => self.revoke(&day(20)),
            _ => self.tell_outcome(&day(i64::from(self.project.lead_days) + 190)),
        }
    }

    fn reviewers(&self) -> Outcome<Vec<SeatId>> {
        let id = self.id;
        self.world.read(move |view| {
            Ok(routes::assignments_of(view, id)?
                .into_iter()
                .filter(|one| one.is_reviewer())
                .map(|one| one.seat)
                .collect())
        })
    }

    fn voter(&self, seat: SeatId, at: &Moment) -> Outcome<(Member, Voter)> {
        let member = self.company.member(self.world, seat, at)?;
        let voter = member.voter(self.id, true, &Recused::default())?;
        Ok((member, voter))
    }

    fn declare(&self, seat: SeatId, at: &Moment) -> Outcome<Voter> {
        let (member, voter) = self.voter(seat, at)?;
        let (moment, id) = (at.clone(), self.id);
        self.world.write(move |tx| {
            let declared = routes::declarations(tx, id)?;
            if declared.iter().any(|one| one.seat == member.seat()) {
                return Ok(());
            }
            reviewing::declare(tx, &moment, &member, id, &Said::NoConflict)
        })?;
        Ok(voter)
    }

    /// The first `count` reviewers send their reviews; the last of them takes `last`.
    fn review(&self, reviewers: &[SeatId], count: usize, last: Stance, at: &Moment) -> Outcome<()> {
        let already = usize::from(self.project.fate == Fate::Objected && count == 2);
        for (place, seat) in reviewers.iter().enumerate().take(count).skip(already) {
            let at = Moment { now: at.now + Duration::hours(i64::try_from(place).unwrap_or(0)), ..at.clone() };
            let voter = self.declare(*seat, &at)?;
            let stance = if place + 1 == count { last } else { Stance::Support };
            let typed = review_of(stance);
            self.world.write(move |tx| {
                let seen = Typed::default().fingerprint();
                reviewing::send(tx, &at, &voter, reviewing::Written { typed, seen: &seen })
            })?;
        }
        Ok(())
    }

    /// The committee, staff and the applicant talk, each post with its own readers.
    fn discuss(&self, reviewers: &[SeatId], at: &Moment) -> Outcome<()> {
        let Some(seat) = reviewers.first() else { return Ok(()) };
        let voter = self.declare(*seat, at)?;
        let staff = self.company.staff;
        let said = [
            (Author::Seat(voter.clone()), "staff", "Has the Consortium written a letter for an earlier phase of this?"),
            (
                Author::Staff(staff),
                "staff",
                "Not for this one. Their partners had one two years ago, and it went well.",
            ),
            (Author::Seat(voter), "applicant", "Who hosts the manifests once the grant has ended?"),
            (
                Author::Applicant(self.applicant.into()),
                "",
                "Our university library, which has hosted our image server since 2019.",
            ),
        ];
        for (hours, (author, audience, body)) in (0..).zip(said) {
            let (moment, id) = (Moment { now: at.now + Duration::hours(hours), ..at.clone() }, self.id);
            let typed = move |tx: &mut Tx<'_>| {
                discussing::post(tx, &moment, &author, id, &PostForm { body, audience }).map(drop)
            };
            self.world.write(typed)?;
        }
        Ok(())
    }

    /// A reviewer asks twice: one question has been answered with a change to the form, the other is open.
    fn ask(&self, reviewers: &[SeatId], at: &Moment) -> Outcome<()> {
        let Some(seat) = reviewers.first() else { return Ok(()) };
        let voter = self.declare(*seat, at)?;
        let about = AskForm::new("How much of it is digitised already?", ["project"].into_iter(), "");
        let (moment, id) = (Moment { now: at.now - Duration::hours(20), ..at.clone() }, self.id);
        let asking = voter.clone();
        let asked = self.world.write(move |tx| requests::ask(tx, &moment, Asker::Seat(&asking), id, &about))?;
        self.reply(asked, &Moment { now: at.now - Duration::hours(4), ..at.clone() })?;
        let question = "Will the drawings be published under an open licence, and where will the manifests be hosted \
                        after the project ends?";
        let about = AskForm::new(question, ["expectations", "letter", "attachments"].into_iter(), "");
        let moment = at.clone();
        self.world.write(move |tx| requests::ask(tx, &moment, Asker::Seat(&voter), id, &about).map(drop))
    }

    /// The applicant changes the summary and answers.
    fn reply(&self, question: QuestionId, at: &Moment) -> Outcome<()> {
        let (moment, applicant, id) = (at.clone(), self.applicant, self.id);
        self.world.write(move |tx| {
            let request = rows::find(tx, id)?.ok_or_else(no_such_request)?;
            let ((mut typed, _), section) = (requests::in_work(tx, &request)?, Section::Project);
            let before = typed.fingerprint(section);
            let (plan, rest) =
                ("Over two years we digitise,", "Half of it is digitised. In two years we digitise the rest,");
            let summary = typed.get(Field::Summary).replace(plan, rest);
            typed.set(Field::Summary, summary);
            let fields = section.fields().map(|field| (field.as_str(), typed.get(field)));
            requests::save(tx, &moment, &applicant, section, fields, &before)?;
            let seen = files::fingerprint(tx, id, &typed.fingerprint(Section::Send))?;
            let said = requests::Said { answer: "Half of it; the summary now says so.", seen: &seen };
            requests::answer(tx, &moment, &applicant, question, said)
        })
    }

    /// A seat calls a tallied vote, unless an objection has already led to one; then `yes` seats vote for and `no` against, while the vote is open.
    fn vote(&self, at: &Moment, yes: usize, no: usize) -> Outcome<()> {
        let id = self.id;
        let recused = self.world.read(move |view| recused(view, id))?.seats;
        let seats: Vec<SeatId> =
            self.company.seats(self.world, at)?.into_iter().filter(|seat| !recused.contains(seat)).collect();
        let Some(first) = seats.first() else { return Ok(()) };
        let caller = self.declare(*first, at)?;
        let moment = at.clone();
        self.world.write(move |tx| {
            let consensus = motion_of(tx, id)?.motion.state == MotionState::Consensus;
            if consensus { motions::call_tally(tx, &moment, &caller) } else { Ok(()) }
        })?;
        for (place, seat) in seats.iter().enumerate().take(yes + no) {
            let at = Moment { now: at.now + Duration::hours(1), ..at.clone() };
            let voter = self.declare(*seat, &at)?;
            let (choice, reason) = if place < yes {
                ("yes", "")
            } else {
                ("no", "The proposal does not say how its software will follow the specifications.")
            };
            if !self.world.write(move |tx| cast_while_open(tx, &at, &voter, choice, reason))? {
                break;
            }
        }
        Ok(())
    }

    fn withdraw(&self, at: &Moment) -> Outcome<()> {
        let (moment, owner) = (at.clone(), self.owner);
        self.world.write(move |tx| requests::withdraw(tx, &moment, &owner, "The funder has closed the programme."))
    }

    fn turn_down(&self, at: &Moment) -> Outcome<()> {
        let (moment, staff, id) = (at.clone(), self.company.staff, self.id);
        let words = (
            "The project does not use or extend IIIF, so the committee has nothing to endorse.",
            "A proposal in which IIIF content or software plays a part.",
        );
        self.world.write(move |tx| deciding::turn_down(tx, &moment, &staff, id, words))
    }

    fn release(&self, at: &Moment) -> Outcome<()> {
        let (moment, staff, id) = (at.clone(), self.company.staff, self.id);
        let words = (
            "The committee read the proposal with interest. It could not see how the software would follow the \
             specifications.",
            "A plan for testing against the specifications, and a named person who takes part in the community calls.",
        );
        let words = if self.project.fate == Fate::Declined { words } else { ("", "") };
        self.world.write(move |tx| deciding::release(tx, &moment, &staff, id, words).map(drop))
    }

    fn reopen(&self, at: &Moment) -> Outcome<()> {
        let (moment, staff, id) = (at.clone(), self.company.staff, self.id);
        let reason = "The partner who was to write the software has left the project.";
        self.world.write(move |tx| deciding::reopen(tx, &moment, &staff, id, reason))
    }
}

/// Casts a ballot; `false` when the vote has closed because nothing can change its outcome any more.
fn cast_while_open(tx: &mut Tx<'_>, moment: &Moment, voter: &Voter, choice: &str, reason: &str) -> Outcome<bool> {
    if motion_of(tx, voter.request())?.closed_at().is_some() {
        return Ok(false);
    }
    vote::cast(tx, moment, voter, choice, reason)?;
    Ok(true)
}

fn motion_of(view: &mut View<'_>, request: RequestId) -> Outcome<KeptMotion> {
    latest(view, request)?.ok_or_else(|| Fault::new("a request under review has no motion").into())
}

fn review_of(stance: Stance) -> Typed {
    let mut typed = Typed { stance: Some(stance), ..Typed::default() };
    let supports = stance == Stance::Support;
    for expectation in Expectation::ALL {
        let met = supports || *expectation != Expectation::Conformance;
        typed.ratings.insert(*expectation, if met { Rating::Met } else { Rating::Partly });
    }
    typed.for_committee = if supports {
        "Well placed in the community, with a realistic plan.".to_owned()
    } else {
        "A good idea that says too little about conformance.".to_owned()
    };
    if !supports {
        typed.reason = "The proposal does not say that its software will comply with the specifications.".to_owned();
    }
    typed
}
