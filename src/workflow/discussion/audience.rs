//! Who reads a post, who may write for whom, and when.

use crate::plain;
use crate::refusal::{FieldErrors, Refusal};
use crate::worded;
use crate::workflow::stage::{Stage, StageName};

/// The longest post, in characters.
pub const POST_MOST: usize = 4_000;

worded! {
    /// In which charge somebody reads or writes.
    pub enum Part {
        /// For a seat of the committee.
        Seat = "seat",
        /// As staff.
        Staff = "staff",
        /// As the applicant of the request.
        Applicant = "applicant",
    }
}

worded! {
    /// Who reads a post.
    pub enum Audience {
        /// The seats of the committee, and nobody else.
        Committee = "committee",
        /// The committee and staff.
        Staff = "staff",
        /// The applicant too.
        Applicant = "applicant",
    }
}

impl Audience {
    /// The audience as a post and its form name it.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Committee => "The committee",
            Self::Staff => "The committee and staff",
            Self::Applicant => "The applicant as well",
        }
    }

    /// Which tone it has: the wider the audience, the more it stands out.
    pub const fn tone(self) -> &'static str {
        match self {
            Self::Committee => "",
            Self::Staff => "info",
            Self::Applicant => "warn",
        }
    }

    /// Who reads it and who is mailed, for somebody in the charge `by` who chooses.
    pub const fn hint(self, by: Part) -> &'static str {
        match (self, by) {
            (Self::Committee, _) => "Every seat without a conflict of interest. Nobody is mailed.",
            (Self::Staff, Part::Seat) => "Staff are mailed that there is a post; the committee is not.",
            (Self::Staff, _) => "Nobody is mailed.",
            (Self::Applicant, _) => {
                "The applicant, the committee and staff. You see first what the applicant will read, and confirm it; then \
                 the applicant is mailed."
            }
        }
    }

    /// Whether somebody in this charge reads such a post.
    pub const fn is_for(self, part: Part) -> bool {
        match (self, part) {
            (_, Part::Seat) | (Self::Applicant, _) | (Self::Staff, Part::Staff) => true,
            (Self::Committee, Part::Staff) | (Self::Committee | Self::Staff, Part::Applicant) => false,
        }
    }
}

impl Part {
    /// For whom somebody in this charge may write: for any audience that they belong to themselves.
    pub fn audiences(self) -> impl Iterator<Item = Audience> {
        Audience::ALL.iter().copied().filter(move |audience| audience.is_for(self))
    }
}

/// Whether a post for `audience` may be made about a request at this stage. With the applicant one talks until the answer
/// is out: afterwards the letter or the reasons say what is to say, and staff answer mails. Among themselves committee and
/// staff may go on.
///
/// # Errors
/// A refusal that says what is possible instead.
pub fn may_post(stage: Stage, audience: Audience) -> Result<(), Refusal> {
    let over = match (stage.name(), audience) {
        (StageName::Draft, _) => "The request has not been sent yet, so there is nothing to discuss.",
        (StageName::Withdrawn, _) => "The request is withdrawn, and its discussion with it.",
        (StageName::Decided | StageName::Issued | StageName::Delivered | StageName::Revoked, Audience::Applicant) => {
            "The request has been answered, so there are no more posts between the committee and the applicant. For \
             anything else, write a mail to the address at the foot of the page."
        }
        _ => return Ok(()),
    };
    Err(Refusal::conflict("discussion-closed", over))
}

/// A post as it was typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Typed<'a> {
    /// The words.
    pub body: &'a str,
    /// The word for the audience; empty when none was chosen.
    pub audience: &'a str,
}

impl Typed<'_> {
    /// Reads a post of somebody in this charge. The applicant has no choice of readers.
    ///
    /// # Errors
    /// Every field error at once.
    pub fn read(&self, part: Part) -> Result<(String, Audience), FieldErrors> {
        let mut errors = FieldErrors::default();
        let chosen = match part {
            Part::Applicant => Some(Audience::Applicant),
            Part::Seat | Part::Staff => self.audience.parse().ok().filter(|audience: &Audience| audience.is_for(part)),
        };
        let audience = chosen.unwrap_or_else(|| {
            errors.add("audience", "Choose who reads the post.");
            Audience::Applicant
        });
        let body = plain::text(self.body, POST_MOST);
        let body = body.map_err(|flaw| errors.add("body", flaw.sentence("the post"))).unwrap_or_default();
        errors.unless_any((body, audience))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::workflow::stage::Answer;

    #[test]
    fn each_audience_has_its_readers() {
        let readers =
            |audience: Audience| Part::ALL.iter().copied().filter(|part| audience.is_for(*part)).collect::<Vec<_>>();
        assert_eq!(readers(Audience::Committee), [Part::Seat]);
        assert_eq!(readers(Audience::Staff), [Part::Seat, Part::Staff]);
        assert_eq!(readers(Audience::Applicant), [Part::Seat, Part::Staff, Part::Applicant]);
    }

    #[test]
    fn nobody_writes_for_readers_they_do_not_belong_to() {
        let typed = |audience| Typed { body: "Hello", audience };
        assert!(typed("committee").read(Part::Seat).is_ok());
        assert!(typed("committee").read(Part::Staff).is_err());
        assert_eq!(typed("committee").read(Part::Applicant).unwrap().1, Audience::Applicant);
        let nothing = Typed { body: " ", audience: "" }.read(Part::Seat).unwrap_err();
        let fields: Vec<&str> = nothing.iter().map(|error| error.field.as_str()).collect();
        assert_eq!(fields, ["audience", "body"], "no audience is taken for granted");
    }

    #[test]
    fn with_the_applicant_one_talks_until_the_answer_and_among_themselves_they_go_on() {
        let at = "2026-03-02T09:00:00Z".parse().unwrap();
        let possible =
            |stage| Audience::ALL.iter().map(|audience| may_post(stage, *audience).is_ok()).collect::<Vec<_>>();
        assert_eq!(possible(Stage::Draft), [false; 3]);
        assert_eq!(possible(Stage::Submitted { at, held: true }), [true; 3]);
        assert_eq!(possible(Stage::InReview { at }), [true; 3]);
        assert_eq!(possible(Stage::Decided { at, answer: Answer::Declined }), [true, true, false]);
        assert_eq!(possible(Stage::Withdrawn { at }), [false; 3]);
    }
}
