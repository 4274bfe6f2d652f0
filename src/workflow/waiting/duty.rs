//! One thing that waits for a seat, and what it is called.

use chrono::NaiveDate;

use crate::clock::Instant;
use crate::ids::{RequestId, SeatId};
use crate::worded;

worded! {
    /// What a seat is waited for.
    pub enum Duty {
        /// To say whether it has a conflict, before its review.
        Declare = "declare",
        /// To review.
        Review = "review",
        /// To vote.
        Vote = "vote",
    }
}

impl Duty {
    /// What is to be done.
    pub const fn task(self) -> &'static str {
        match self {
            Self::Declare => "Say whether there is a conflict of interest, then review",
            Self::Review => "Review",
            Self::Vote => "Vote",
        }
    }
}

/// One thing that waits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Waits {
    /// The request it is about.
    pub request: RequestId,
    /// `LOS-2026-0001`.
    pub reference: String,
    /// The project's title.
    pub title: String,
    /// What is to be done.
    pub duty: Duty,
    /// Until when, in UTC; the first instant that is too late.
    pub due: Instant,
    /// The last day to do it on, in the Consortium's zone.
    pub day: NaiveDate,
    /// Whether that is over.
    pub is_late: bool,
    /// The seat that is waited for.
    pub seat: SeatId,
    /// The institution whose seat it is.
    pub institution: String,
}
