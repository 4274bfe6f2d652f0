//! To whom staff write because a request waits for them, and how often.

use chrono::TimeDelta;

use super::chosen::not_there;
use crate::clock::{InUtc, Instant};
use crate::refusal::Refusal;
use crate::workflow::labels::{CommitteeLabel, Standing};

/// How long after such a mail the next one about the same request can go out.
const PAUSE: TimeDelta = TimeDelta::hours(24);

/// Who is awaited.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Awaited {
    /// The applicant, who has a question to answer.
    Applicant,
    /// The seats that have not declared, reviewed or voted yet.
    Seats,
}

/// Who is awaited at `now` about a request that stands so, as its label in the queue says.
///
/// # Errors
/// Why nobody is to be written to, and what is possible instead.
pub fn awaited(standing: &Standing, now: Instant) -> Result<Awaited, Refusal> {
    use CommitteeLabel as L;
    let label = standing.for_committee(now);
    let sentence = match label {
        L::Waiting => return Ok(Awaited::Applicant),
        L::WithReviewers | L::InReview => return Ok(Awaited::Seats),
        L::Draft => return Err(not_there()),
        L::Held => "It came late and waits for staff. Admit it, or turn it down.",
        L::ToRoute => "It waits for its reviewers to be drawn. Where no seat is free, its page says why.",
        L::ToRelease => "The committee has decided, so staff are awaited. Release the answer.",
        L::ToWrite | L::OutForSignature | L::ToIssue => {
            "The letter is in work. Staff write and issue it; co-signers are reminded by the service."
        }
        L::CopyToPrint | L::CopyToPost => "Its physical copy waits for staff. Print and post it.",
        L::Issued | L::Delivered => "Its letter is issued, so nobody is awaited.",
        L::Revoked => "Its letter was revoked, so nobody is awaited.",
        L::Declined => "It was declined, so nobody is awaited.",
        L::Withdrawn => "The applicant withdrew it, so nobody is awaited.",
        L::Overtaken => {
            "The funder’s deadline has passed, so nobody is awaited. The applicant can correct the deadline."
        }
    };
    Err(Refusal::conflict("nobody-awaited", sentence))
}

/// Whether staff can write again about a request after they did so at `last`.
///
/// # Errors
/// When they did, and when they can again.
pub fn may_write(last: Option<Instant>, now: Instant) -> Result<(), Refusal> {
    match last {
        Some(last) if now < last + PAUSE => {
            let (at, again) = (InUtc::from(last).words, InUtc::from(last + PAUSE).words);
            let sentence = format!("Staff wrote to whoever is awaited at {at}. The next mail can go out at {again}.");
            Err(Refusal::conflict("written-already", sentence))
        }
        _ => Ok(()),
    }
}

/// What is said where nobody of the committee has anything left to do.
pub fn no_seat_is_awaited() -> Refusal {
    let sentence =
        "Every seat that was asked has done its part. The committee’s answer follows when the time for it is over.";
    Refusal::conflict("nobody-awaited", sentence)
}

/// What is said where nobody acts for the seats that are awaited.
pub fn nobody_acts() -> Refusal {
    let sentence = "Nobody acts for the seats that are awaited. Name somebody for them first.";
    Refusal::conflict("nobody-acts", sentence).onward("The committee", "/committee")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::LetterId;
    use crate::workflow::labels::CopyWork;
    use crate::workflow::stage::{Answer, Stage};

    fn at() -> Instant {
        "2026-03-01T12:00:00Z".parse().unwrap()
    }

    #[test]
    fn the_applicant_or_the_seats_are_written_to_and_for_the_rest_it_is_said_who_acts() {
        let (review, letter) = (Standing::in_march(Stage::InReview { at: at() }), LetterId::fresh());
        assert_eq!(awaited(&review, at()), Ok(Awaited::Seats));
        assert_eq!(awaited(&Standing::in_march(Stage::Routed { at: at() }), at()), Ok(Awaited::Seats));
        let asked = Standing { reply_by: Some("2026-03-08".parse().unwrap()), ..review };
        assert_eq!(awaited(&asked, at()), Ok(Awaited::Applicant));
        let why = |standing: Standing| awaited(&standing, at()).unwrap_err().sentence;
        let issued = Standing::in_march(Stage::Issued { at: at(), letter });
        for (standing, words) in [
            (asked.with_answer(true), "Release the answer"),
            (Standing::in_march(Stage::Submitted { at: at(), held: true }), "Admit it"),
            (Standing::in_march(Stage::Submitted { at: at(), held: false }), "reviewers to be drawn"),
            (Standing::in_march(Stage::Decided { at: at(), answer: Answer::Supported }), "letter is in work"),
            (Standing::in_march(Stage::Decided { at: at(), answer: Answer::Declined }), "declined"),
            (issued, "letter is issued"),
            (issued.with_copy(Some(CopyWork::Print)), "Print and post it"),
            (Standing::in_march(Stage::Revoked { letter }), "revoked"),
            (Standing::in_march(Stage::Withdrawn { at: at() }), "withdrew"),
            (Standing { deadline: Some(at() - PAUSE), ..review }, "deadline has passed"),
        ] {
            assert!(why(standing).contains(words), "{}", why(standing));
        }
        assert_eq!(awaited(&Standing::in_march(Stage::Draft), at()), Err(not_there()));
    }

    #[test]
    fn there_is_a_day_between_two_mails_about_one_request() {
        assert_eq!(may_write(None, at()), Ok(()));
        let refused = may_write(Some(at()), at() + PAUSE - TimeDelta::seconds(1)).unwrap_err();
        assert!(refused.sentence.contains("1 March 2026") && refused.sentence.contains("2 March 2026"), "{refused}");
        assert_eq!(may_write(Some(at()), at() + PAUSE), Ok(()));
    }
}
