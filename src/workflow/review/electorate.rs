//! The seats of record of a motion: who may decide it, and what each of them has done.

use crate::clock::Instant;
use crate::ids::{MotionId, ObjectionId, PersonId, SeatId};
use crate::refusal::Refusal;
use crate::worded;

use super::ballot::Choice;
use super::tally::{Counts, SeatVote};

worded! {
    /// What a seat's review says about the request as a whole.
    pub enum Stance {
        /// Support it.
        Support = "support",
        /// Object to it, with a reason.
        Object = "object",
    }
}

impl Stance {
    /// The stance as people read it.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Support => "Supports",
            Self::Object => "Objects",
        }
    }
}

/// A seat as it was when the motion opened, and what it has done since.
///
/// **A vacant seat is a seat of record and stays in the denominator.** The Consortium's rule asks for a majority of
/// the membership of record, not of those who happen to be there: if vacancies shrank the number, five people could
/// carry what needs seven. So a vacancy works like a seat that stays silent, and says so (`governance.md`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SeatOfRecord {
    /// The seat.
    pub seat: SeatId,
    /// Its institution's name when the motion opened.
    pub name: String,
    /// Whether it was vacant when the motion opened. A later holder does not vote on this motion.
    pub vacant: bool,
    /// Whether a conflict of interest keeps it out, known at the opening or since.
    pub recused: bool,
    /// Whether it is one of the assigned reviewers at present.
    pub assigned: bool,
    /// What its review says, if it has sent one.
    pub stance: Option<Stance>,
    /// Whether it has an objection that is not closed.
    pub open_objection: bool,
    /// Its current ballot, if it has cast one.
    pub choice: Option<Choice>,
}

impl SeatOfRecord {
    /// Whether the seat takes part: it is neither vacant nor recused.
    pub const fn is_eligible(&self) -> bool {
        !self.vacant && !self.recused
    }

    /// What the seat counts as in a tallied vote.
    pub const fn vote(&self) -> SeatVote {
        match (self.vacant, self.recused, self.choice) {
            // Nobody holds a vacant seat, so a conflict of its former institution changes nothing.
            (true, _, _) => SeatVote::Vacant,
            (false, true, _) => SeatVote::Recused,
            (false, false, Some(choice)) => SeatVote::Voted(choice),
            (false, false, None) => SeatVote::Silent,
        }
    }
}

/// The seats of record of one motion, frozen at its opening, in the order of their names.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Electorate(pub Vec<SeatOfRecord>);

impl Electorate {
    /// The seats that take part: neither vacant nor recused.
    pub fn eligible(&self) -> impl Iterator<Item = &SeatOfRecord> {
        self.0.iter().filter(|seat| seat.is_eligible())
    }

    /// The seats that take part and are assigned reviewers.
    pub fn assigned(&self) -> impl Iterator<Item = &SeatOfRecord> {
        self.eligible().filter(|seat| seat.assigned)
    }

    /// The seat of record with this id.
    pub fn seat(&self, seat: SeatId) -> Option<&SeatOfRecord> {
        self.0.iter().find(|of_record| of_record.seat == seat)
    }

    /// The seat of record with this id, which takes part.
    ///
    /// # Errors
    /// A refusal that says why the seat takes no part.
    pub fn taking_part(&self, seat: SeatId) -> Result<&SeatOfRecord, Refusal> {
        let (code, sentence) = match self.seat(seat) {
            Some(seat) if seat.vacant => {
                ("vacant", "The seat was vacant when the motion opened, so nobody votes for it on this motion.")
            }
            Some(seat) if seat.recused => {
                ("recused", "The seat has a conflict of interest with this request and takes no part in it.")
            }
            Some(seat) => return Ok(seat),
            None => (
                "not-of-record",
                "The seat is not among the seats of record of this motion: these were fixed when it opened.",
            ),
        };
        Err(Refusal::conflict(code, sentence))
    }

    /// The five counts as they stand.
    pub fn counts(&self) -> Counts {
        Counts::of(self.0.iter().map(SeatOfRecord::vote))
    }
}

/// A seat's objection to a motion.
#[derive(Debug, Clone)]
pub struct Objection {
    /// The objection.
    pub id: ObjectionId,
    /// The motion.
    pub motion: MotionId,
    /// The seat.
    pub seat: SeatId,
    /// Who raised it.
    pub person: PersonId,
    /// Why.
    pub reason: String,
    /// When it was raised.
    pub raised_at: Instant,
    /// How it was closed, if it was.
    pub closed: Option<Closed>,
}

worded! {
    /// In which charge somebody closed an objection.
    pub enum ClosedAs {
        /// For the seat that raised it.
        Author = "author",
        /// As the committee's chair.
        Chair = "chair",
    }
}

/// How an objection was closed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Closed {
    /// When.
    pub at: Instant,
    /// By whom.
    pub by: PersonId,
    /// Their name; may be empty.
    pub name: String,
    /// In which charge.
    pub closed_as: ClosedAs,
    /// Why.
    pub why: String,
}

impl Closed {
    /// By whom, as minutes say it: a person's name only where it was the person's own decision as chair.
    pub fn by_whom(&self) -> String {
        match self.closed_as {
            ClosedAs::Author => "the seat itself".to_owned(),
            ClosedAs::Chair if self.name.is_empty() => "the chair".to_owned(),
            ClosedAs::Chair => format!("the chair, {}", self.name),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_vacant_a_recused_and_a_foreign_seat_take_no_part() {
        let seat = |vacant, recused| SeatOfRecord {
            seat: SeatId::fresh(),
            name: "Example Library".to_owned(),
            vacant,
            recused,
            assigned: false,
            stance: None,
            open_objection: false,
            choice: None,
        };
        let seats = Electorate(vec![seat(false, false), seat(true, false), seat(false, true), seat(true, true)]);
        let why = |id| seats.taking_part(id).map(|seat| seat.seat).map_err(|refusal| refusal.code);
        let ids: Vec<SeatId> = seats.0.iter().map(|seat| seat.seat).collect();
        assert_eq!(why(ids[0]), Ok(ids[0]));
        assert_eq!(
            ids[1..].iter().map(|id| why(*id)).collect::<Vec<_>>(),
            [Err("vacant"), Err("recused"), Err("vacant")]
        );
        assert_eq!(why(SeatId::fresh()), Err("not-of-record"));
    }
}
