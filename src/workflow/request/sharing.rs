//! Sharing a request with colleagues: who can be invited to it, and to what.

use chrono::TimeDelta;

use crate::clock::Instant;
use crate::ids::PersonId;
use crate::people::address::{Address, BadAddress};
use crate::refusal::{FieldErrors, Refusal};
use crate::worded;

/// The most people that one request is shared with.
pub const MOST: usize = 10;
/// The most people that somebody invites within a day: enough for any office, too few to send mail to strangers.
pub const MOST_A_DAY: i64 = 20;
/// The form's field for the address.
pub const ADDRESS: &str = "address";
/// The form's field for what the person may do.
pub const LEVEL: &str = "level";

worded! {
    /// What somebody who is invited may do.
    pub enum Level {
        /// Read the request.
        View = "view",
        /// Change it too.
        Edit = "edit",
    }
}

impl Level {
    /// The level as the form names it.
    pub const fn label(self) -> &'static str {
        match self {
            Self::View => "Look at the request",
            Self::Edit => "Work on the request",
        }
    }

    /// What it lets them do.
    pub const fn hint(self) -> &'static str {
        match self {
            Self::View => "They read the answers, where the request stands, messages, attachments and the letter.",
            Self::Edit => {
                "They also change the answers, send the request, answer questions, write messages and ask for a physical \
                 copy, and have every mail about it."
            }
        }
    }
}

/// Somebody a request is shared with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Colleague {
    /// The person.
    pub person: PersonId,
    /// Their address.
    pub address: String,
    /// The name they gave; empty when they gave none yet.
    pub name: String,
    /// Whether they may change the request.
    pub may_edit: bool,
    /// When they were invited, the last time.
    pub invited_at: Instant,
}

impl Colleague {
    /// What to call them: by their name, else by their address.
    pub fn called(&self) -> &str {
        if self.name.is_empty() { &self.address } else { &self.name }
    }

    /// What they may do, as the page says it.
    pub const fn level(&self) -> Level {
        if self.may_edit { Level::Edit } else { Level::View }
    }
}

/// Reads an invitation.
///
/// # Errors
/// Every field error at once.
pub fn read(address: &str, level: &str) -> Result<(Address, Level), FieldErrors> {
    let mut errors = FieldErrors::default();
    let address: Result<Address, BadAddress> = address.parse();
    let address = address.map_err(|bad| errors.add(ADDRESS, bad.to_string())).ok();
    let level = level.parse().map_err(|_| errors.add(LEVEL, "Choose what they may do.")).ok();
    match (address, level) {
        (Some(address), Some(level)) => Ok((address, level)),
        _ => Err(errors),
    }
}

/// Who is to be invited.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Invited {
    /// Whether it is the very person who invites.
    pub is_self: bool,
    /// Whether they act for a seat of the Executive Committee.
    pub has_seat: bool,
    /// Whether they are staff.
    pub is_staff: bool,
    /// Whether their account is closed.
    pub is_closed: bool,
    /// Whether the request is shared with them already.
    pub is_there: bool,
}

/// Whether this person can be invited to a request that is shared with `others` people.
///
/// # Errors
/// The error of the address.
pub fn may_invite(invited: Invited, others: usize) -> Result<(), FieldErrors> {
    let why = if invited.is_self {
        "This is your own address. Type the address of a colleague.".to_owned()
    } else if invited.has_seat {
        "Whoever has this address is on the Executive Committee and will vote on this request, so they cannot be a \
         co-applicant."
            .to_owned()
    } else if invited.is_staff {
        "Whoever has this address works for the Consortium and handles requests, so they cannot be a co-applicant."
            .to_owned()
    } else if invited.is_closed {
        "The account with this address is closed. Type another address.".to_owned()
    } else if !invited.is_there && others >= MOST {
        format!("A request is shared with {MOST} people at most. Remove somebody first.")
    } else {
        return Ok(());
    };
    Err(FieldErrors::one(ADDRESS, why))
}

/// Whether somebody who invited so many people in the last 24 hours may invite another.
///
/// # Errors
/// A refusal that says when it is possible again.
pub fn may_invite_today(invited: i64) -> Result<(), Refusal> {
    if invited < MOST_A_DAY {
        return Ok(());
    }
    let sentence = format!("You have invited {MOST_A_DAY} people within a day, which is the most. Come back tomorrow.");
    Err(Refusal::too_many("too-many-invitations", sentence))
}

/// Whether an invitation is mailed: not again within a day to the same person, so that nobody is pestered.
pub fn is_mailed(last: Option<Instant>, now: Instant) -> bool {
    last.is_none_or(|last| now - last >= TimeDelta::hours(24))
}

/// The answer for somebody with whom the request is not shared, or no longer.
pub fn not_shared() -> Refusal {
    Refusal::conflict("not-shared", "The request is not shared with this person, or no longer.")
}

#[cfg(test)]
mod tests {
    use super::*;

    const SOMEBODY: Invited =
        Invited { is_self: false, has_seat: false, is_staff: false, is_closed: false, is_there: false };

    #[test]
    fn an_invitation_is_read_with_all_that_is_wrong_at_once() {
        let errors = read("bo at uni", "").unwrap_err();
        let fields: Vec<&str> = errors.iter().map(|error| error.field.as_str()).collect();
        assert_eq!(fields, [ADDRESS, LEVEL]);
        let (address, level) = read(" Bo@Uni.example ", "edit").unwrap();
        assert_eq!((address.as_str(), level), ("bo@uni.example", Level::Edit));
    }

    #[test]
    fn whoever_decides_about_requests_is_refused_and_anybody_else_is_not() {
        assert!(may_invite(SOMEBODY, MOST - 1).is_ok());
        for (invited, words) in [
            (Invited { is_self: true, ..SOMEBODY }, "your own address"),
            (Invited { has_seat: true, ..SOMEBODY }, "is on the Executive Committee and will vote on this request"),
            (Invited { is_staff: true, ..SOMEBODY }, "works for the Consortium"),
            (Invited { is_closed: true, ..SOMEBODY }, "is closed"),
        ] {
            let errors = may_invite(invited, 0).unwrap_err();
            assert!(errors.of(ADDRESS).unwrap().contains(words), "{errors:?}");
        }
    }

    #[test]
    fn there_is_room_for_ten_and_whoever_is_there_takes_no_more() {
        assert!(may_invite(SOMEBODY, MOST).is_err());
        assert!(may_invite(Invited { is_there: true, ..SOMEBODY }, MOST).is_ok());
        assert!(may_invite_today(MOST_A_DAY - 1).is_ok() && may_invite_today(MOST_A_DAY).is_err());
    }

    #[test]
    fn nobody_has_two_invitations_within_a_day() {
        let at = |time: &str| format!("2026-03-02T{time}:00Z").parse::<Instant>().unwrap();
        assert!(is_mailed(None, at("09:00")) && !is_mailed(Some(at("09:00")), at("23:00")));
        assert!(is_mailed(Some(at("09:00")), at("09:00") + TimeDelta::hours(24)));
    }
}
