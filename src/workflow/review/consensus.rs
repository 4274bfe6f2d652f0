//! Consensus: when a request is adopted without a vote, and what ends the search for it (`governance.md`).

use chrono::{NaiveDate, TimeDelta};
use chrono_tz::Tz;

use crate::clock::Instant;
use crate::worded;
use crate::workday::{date_in, deadline_in_words, end_of_working_days};
use crate::workflow::phrase::{and_list, counted};

use super::electorate::{Electorate, SeatOfRecord, Stance};
use super::motion::MotionRule;
use super::reader::Reader;

worded! {
    /// How consensus was reached.
    pub enum ConsensusPath {
        /// Every assigned reviewer supports, and the period ran without an objection left open.
        Reviewers = "reviewers",
        /// Every eligible seat supports, so nobody is left to wait for.
        EverySeat = "every_seat",
    }
}

/// When the consensus period of a request routed at `routed` ends, its letter being needed on `needed`.
pub fn consensus_until(routed: Instant, needed: NaiveDate, rule: &MotionRule) -> Instant {
    let soon = needed - date_in(routed, rule.zone) <= TimeDelta::days(rule.short_within_days.into());
    let days = if soon { rule.short_consensus_days } else { rule.consensus_days };
    end_of_working_days(routed, days, rule.zone)
}

/// The times between which consensus is sought.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Terms {
    /// When the consensus period ends.
    pub until: Instant,
    /// When the reviews are due.
    pub reviews_due: Instant,
    /// The Consortium's zone, in which both are said.
    pub zone: Tz,
}

/// Where consensus stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Consensus {
    /// Not reached yet.
    Sought,
    /// Reached.
    Reached(ConsensusPath),
    /// Ended by an objection that was open when the reviews were due.
    Ended,
}

/// Where consensus stands at `now` (`governance.md`).
///
/// Without any assigned reviewer nobody has looked at the request, so the period alone adopts nothing.
pub fn consensus(seats: &Electorate, terms: &Terms, now: Instant) -> Consensus {
    let supports = |seat: &&SeatOfRecord| seat.stance == Some(Stance::Support);
    let objection = seats.eligible().any(|seat| seat.open_objection);
    if objection {
        return if now >= terms.reviews_due { Consensus::Ended } else { Consensus::Sought };
    }
    let eligible = seats.eligible().count();
    if eligible > 0 && seats.eligible().filter(supports).count() == eligible {
        return Consensus::Reached(ConsensusPath::EverySeat);
    }
    let assigned = seats.assigned().count();
    if assigned > 0 && seats.assigned().filter(supports).count() == assigned && now >= terms.until {
        return Consensus::Reached(ConsensusPath::Reviewers);
    }
    Consensus::Sought
}

/// The rule and how far the search has come, in words, as far as `reader` may know.
///
/// Whoever does not see the others' views reads how many reviews are in, and nothing of an objection: the rule itself says
/// what one would do, and the vote that it starts says that there was one.
pub fn search_in_words(seats: &Electorate, terms: &Terms, reader: &Reader) -> String {
    let period = deadline_in_words(terms.until, terms.zone);
    let due = deadline_in_words(terms.reviews_due, terms.zone);
    let rule = format!(
        "The committee seeks consensus. The request is adopted when every assigned reviewer supports it, no objection \
         is open and the consensus period has run, at {period}; at once when every eligible seat supports it. \
         Any seat can call a tallied vote before that; an objection still open at {due} starts one."
    );
    let mut sentences = vec![rule, reviews_in_words(seats, reader)];
    sentences.extend(objections_in_words(seats, reader));
    sentences.join(" ")
}

fn reviews_in_words(seats: &Electorate, reader: &Reader) -> String {
    let assigned = u32::try_from(seats.assigned().count()).unwrap_or(u32::MAX);
    if assigned == 0 {
        return "No reviewer is assigned at present.".to_owned();
    }
    let is_done = |seat: &SeatOfRecord| match seat.stance {
        Some(stance) => !reader.sees_others || stance == Stance::Support,
        None => false,
    };
    let missing: Vec<&str> = seats.assigned().filter(|seat| !is_done(seat)).map(|seat| seat.name.as_str()).collect();
    let (done, of) = (assigned as usize - missing.len(), counted(assigned, "assigned reviewer"));
    let all = missing.is_empty();
    let does = match (reader.sees_others, all || done != 1) {
        (true, true) => "support it",
        (true, false) => "supports it",
        (false, true) => "have sent their review",
        (false, false) => "has sent its review",
    };
    if all {
        format!("All of the {of} {does}.")
    } else {
        format!("{done} of {of} {does}; not yet: {}.", and_list(&missing))
    }
}

fn objections_in_words(seats: &Electorate, reader: &Reader) -> Option<String> {
    let seen = seats.eligible().filter(|seat| seat.open_objection && reader.sees_objection(seat.seat));
    let open: Vec<&str> = seen.map(|seat| seat.name.as_str()).collect();
    match (open.is_empty(), reader.sees_others || reader.closes_objections) {
        (false, _) => Some(format!("An objection is open: {}.", and_list(&open))),
        (true, true) => Some("No objection is open.".to_owned()),
        (true, false) => None,
    }
}

/// How consensus was reached, in words.
pub fn adoption_in_words(seats: &Electorate, terms: &Terms, path: ConsensusPath) -> String {
    match path {
        ConsensusPath::Reviewers => {
            let names: Vec<&str> = seats.assigned().map(|seat| seat.name.as_str()).collect();
            format!(
                "Adopted by consensus: every assigned reviewer supports it ({}), no objection was open, and the \
                 consensus period had run at {}.",
                and_list(&names),
                deadline_in_words(terms.until, terms.zone)
            )
        }
        ConsensusPath::EverySeat => {
            let eligible = u32::try_from(seats.eligible().count()).unwrap_or(u32::MAX);
            format!("Adopted by consensus: every eligible seat supports it ({}).", counted(eligible, "seat"))
        }
    }
}
