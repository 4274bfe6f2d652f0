//! Who reviews a request, and by when: the assignment order, the seats left out and why, the review's due date.
//! Whether a seat is in office is the committee's to say; this file is handed the seats in office.

use chrono::NaiveDate;
use chrono_tz::Tz;

use crate::clock::Instant;
use crate::ids::{PersonId, RequestId, SeatId};
use crate::people::access::Capacity;
use crate::policy::settings::{OwnInstitution, Policy};
use crate::refusal::Refusal;
use crate::worded;
use crate::workday::{date_in, day_in_words, end_of_day};
use crate::workflow::phrase::{and_list, counted};
use crate::workflow::request::rules::{DueBecause, last_review_day};

worded! {
    /// Why a seat in office is not asked to review a request.
    pub enum LeftOut {
        /// The request comes from the seat's own institution.
        OwnInstitution = "own_institution",
        /// The seat has declared a conflict, or one was confirmed.
        Conflict = "conflict",
        /// Nobody acts for the seat at present: neither a representative nor an alternate.
        Unmanned = "unmanned",
        /// The seat is, or has been, a reviewer of this request.
        AlreadyAsked = "already_asked",
    }
}

impl LeftOut {
    /// The reason as part of a sentence.
    pub const fn in_words(self) -> &'static str {
        match self {
            Self::OwnInstitution => "the request is its own",
            Self::Conflict => "a conflict of interest",
            Self::Unmanned => "nobody acts for it at present",
            Self::AlreadyAsked => "it has already been asked",
        }
    }
}

worded! {
    /// Why a seat's review of a request is no longer owed.
    pub enum AssignmentEnd {
        /// The review was sent.
        Reviewed = "reviewed",
        /// The motion closed before it was sent.
        Closed = "closed",
        /// The seat declared a conflict, and the next one took its place.
        Conflict = "conflict",
        /// Staff gave the place to another seat.
        Reassigned = "reassigned",
        /// The seat did not answer, and the next one took its place.
        Silent = "silent",
        /// Nobody holds the seat any more, and the next one took its place.
        Left = "left",
    }
}

impl AssignmentEnd {
    /// Whether the seat still counts as one of the request's assigned reviewers.
    pub const fn is_reviewer(self) -> bool {
        match self {
            Self::Reviewed | Self::Closed => true,
            Self::Conflict | Self::Reassigned | Self::Silent | Self::Left => false,
        }
    }
}

worded! {
    /// Where the knowledge of a conflict, or of its absence, comes from.
    pub enum ConflictSource {
        /// A person acting for the seat declared it.
        Declared = "declared",
        /// The request is the seat's own institution's, and the policy recuses it.
        OwnInstitution = "own_institution",
        /// Staff recorded it, or withdrew what was declared.
        Staff = "staff",
    }
}

/// Somebody to write to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reader {
    /// The seat they act for, if they are written to for a seat.
    pub seat: Option<SeatId>,
    /// The person.
    pub person: PersonId,
    /// Their name; may be empty.
    pub name: String,
    /// Their address.
    pub address: String,
    /// In which capacity they act for the seat.
    pub capacity: Option<Capacity>,
}

/// What a seat says about a conflict of interest.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Said {
    /// There is none.
    NoConflict,
    /// There is one, with the reason.
    Conflict(String),
}

/// What decides whether a seat in office can be asked.
#[derive(Debug, Clone, Copy, Default)]
pub struct Standing {
    /// Whether the request comes from the seat's own institution.
    pub own_institution: bool,
    /// Whether a conflict of the seat with the request is on record.
    pub conflict: bool,
    /// Whether a representative or an alternate acts for the seat at present.
    pub manned: bool,
    /// Whether the seat is, or has been, a reviewer of this request.
    pub already_asked: bool,
}

/// Why a seat is left out of the draw, the weightiest reason first; `None` when it can be asked.
/// `recuse_own` is the policy's rule that a seat takes no part in a request of its own institution.
pub const fn left_out(seat: Standing, recuse_own: bool) -> Option<LeftOut> {
    if seat.own_institution && recuse_own {
        Some(LeftOut::OwnInstitution)
    } else if seat.conflict {
        Some(LeftOut::Conflict)
    } else if !seat.manned {
        Some(LeftOut::Unmanned)
    } else if seat.already_asked {
        Some(LeftOut::AlreadyAsked)
    } else {
        None
    }
}

/// Refuses to show a request to a seat, or let it act, before it has said whether it has a conflict of interest.
pub fn undeclared(request: RequestId) -> Refusal {
    Refusal::forbidden("undeclared", "First say whether the seat has a conflict of interest.")
        .onward("Say it now", format!("/requests/{request}/review"))
}

/// Whether staff may withdraw a seat's conflict of interest. `conflict` is where the conflict on record comes from, `None`
/// without one; `own` says whether the request comes from the seat's institution, `rule` what its policy makes of that.
///
/// # Errors
/// A refusal when there is nothing to withdraw, and while the policy keeps the seat out whatever anybody says.
pub fn may_withdraw(conflict: Option<ConflictSource>, own: bool, rule: OwnInstitution) -> Result<(), Refusal> {
    conflict.ok_or_else(|| {
        let sentence =
            "This seat has no conflict of interest on record: none was declared, or it has been withdrawn already.";
        Refusal::conflict("no-conflict-on-record", sentence)
    })?;
    // A request that was taken for its own institution's, and is not, is one that the seat may take part in.
    if rule == OwnInstitution::Recuse && own {
        let sentence = "The request comes from the seat's own institution, and the policy keeps such a seat out. \
                        This cannot be withdrawn.";
        return Err(Refusal::conflict("own-institution", sentence));
    }
    Ok(())
}

/// A seat in office as the draw of reviewers sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate {
    /// The seat.
    pub seat: SeatId,
    /// Its institution's name.
    pub name: String,
    /// How many reviews it owes at this moment, for all requests.
    pub open_assignments: u32,
    /// When it was last assigned a review, if ever.
    pub last_assigned: Option<Instant>,
    /// Why it cannot be drawn, if there is a reason.
    pub left_out: Option<LeftOut>,
}

/// The reviewers drawn for a request, and why these.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draw {
    /// The drawn seats, in the order of the draw.
    pub chosen: Vec<SeatId>,
    /// How many reviewers are missing because too few seats are free.
    pub short_by: u32,
    /// Why these seats, in words, with the seats left out and their reasons: for staff alone.
    pub explanation: String,
    /// The same without the seats left out: mails print this, for a conflict is nobody else's to read.
    pub drawn: String,
}

/// The free seats in the order in which they are asked (`governance.md`): fewest open assignments first,
/// then the longest since the last one, a seat never assigned before any other; seats still equal by their id.
pub fn in_line(candidates: &[Candidate]) -> Vec<&Candidate> {
    let mut free: Vec<&Candidate> = candidates.iter().filter(|seat| seat.left_out.is_none()).collect();
    // `None` sorts before every instant: never assigned comes first.
    free.sort_by_key(|seat| (seat.open_assignments, seat.last_assigned, seat.seat));
    free
}

/// Draws `wanted` reviewers for a request, or as many as are free.
pub fn draw(candidates: &[Candidate], wanted: u32, zone: Tz) -> Draw {
    let line = in_line(candidates);
    let free = line.len();
    let chosen: Vec<&Candidate> = line.into_iter().take(wanted as usize).collect();
    let found = u32::try_from(chosen.len()).unwrap_or(wanted);
    let short_by = wanted - found;
    let mut sentences = Vec::new();
    if chosen.is_empty() {
        sentences.push("No seat in office is free to review this request.".to_owned());
    } else {
        let names: Vec<String> = chosen.iter().map(|seat| standing_in_words(seat, zone)).collect();
        let free = counted(u32::try_from(free).unwrap_or(u32::MAX), "seat");
        sentences.push(format!(
            "Drawn from {free} in office without a known conflict: fewest open assignments first, \
             then the longest since the last assignment."
        ));
        sentences.push(format!("Reviewers: {}.", names.join("; ")));
    }
    if short_by > 0 {
        sentences.push(format!("{} wanted, so {short_by} could not be found.", counted(wanted, "reviewer")));
    }
    let drawn = sentences.join(" ");
    sentences.extend(left_out_in_words(candidates));
    Draw { chosen: chosen.iter().map(|seat| seat.seat).collect(), short_by, explanation: sentences.join(" "), drawn }
}

/// The seat that takes over when a reviewer falls out, if one is left.
/// Seats that were asked before carry [`LeftOut::AlreadyAsked`] and do not come round again.
pub fn next_in_line(candidates: &[Candidate]) -> Option<&Candidate> {
    in_line(candidates).into_iter().next()
}

fn standing_in_words(seat: &Candidate, zone: Tz) -> String {
    let open = counted(seat.open_assignments, "open assignment");
    match seat.last_assigned {
        None => format!("{} ({open}, never assigned before)", seat.name),
        Some(last) => format!("{} ({open}, last assigned on {})", seat.name, day_in_words(date_in(last, zone))),
    }
}

fn left_out_in_words(candidates: &[Candidate]) -> Option<String> {
    let left_out: Vec<String> = candidates
        .iter()
        .filter_map(|seat| seat.left_out.map(|why| format!("{} ({})", seat.name, why.in_words())))
        .collect();
    (!left_out.is_empty()).then(|| format!("Left out: {}.", and_list(&left_out)))
}

/// The policy's values for the due date of a review.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReviewTime {
    /// Calendar days from routing to the due date: 10 by default.
    pub days: u32,
    /// How many days before the letter is needed the review is due at the latest: 3 by default.
    pub days_before_needed: u32,
    /// The Consortium's zone, in which days begin and end.
    pub zone: Tz,
}

impl From<&Policy> for ReviewTime {
    fn from(policy: &Policy) -> Self {
        Self {
            days: policy.review_days.into(),
            days_before_needed: policy.review_margin_days.into(),
            zone: policy.zone,
        }
    }
}

/// When a review is due, and why then.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Due {
    /// The last day on which the review is in time, in the Consortium's zone.
    pub date: NaiveDate,
    /// The instant at which that day ends.
    pub at: Instant,
    /// Why this date, in words.
    pub explanation: String,
}

/// When reviews of a request routed at `routed` are due, its letter being needed on `needed`, and why then. The day itself is
/// set by [`last_review_day`].
pub fn review_due(routed: Instant, needed: NaiveDate, time: ReviewTime) -> Due {
    let today = date_in(routed, time.zone);
    let (date, because) = last_review_day(today, needed, (time.days.into(), time.days_before_needed.into()));
    let explanation = match because {
        DueBecause::NoTime => format!(
            "Reviews are due on {}, the day of routing: the letter is needed on {}, which leaves fewer than {}.",
            day_in_words(date),
            day_in_words(needed),
            counted(time.days_before_needed, "day"),
        ),
        DueBecause::Needed => format!(
            "Reviews are due on {}, {} before the letter is needed.",
            day_in_words(date),
            counted(time.days_before_needed, "day"),
        ),
        DueBecause::FullTime => {
            format!("Reviews are due on {}, {} after routing.", day_in_words(date), counted(time.days, "day"))
        }
    };
    Due { date, at: end_of_day(date, time.zone), explanation }
}

#[cfg(test)]
#[path = "rules_tests.rs"]
mod tests;
