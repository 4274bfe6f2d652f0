//! A request as a seat reads it: in short on top of its page, and each expectation with the applicant's answer beside the
//! seats' ratings.

use super::super::form::{Review, ratings_in_words};
use super::super::motion::Motion;
use super::super::reader::Reader;
use crate::clock::{InUtc, Instant};
use crate::plain;
use crate::policy::expectations::Expectation;
use crate::workflow::request::answers::LetterKind;
use crate::workflow::request::attachment::file::{self, Attachment, Shown};
use crate::workflow::request::fields::{Field, Section};
use crate::workflow::request::raw::RawForm;
use crate::workflow::request::reading::{self, Part};
use crate::workflow::request::remaining::left_in_words;
use crate::workflow::request::store::Request;

/// What a reader needs to know first.
pub struct Brief {
    /// What is asked for, and what for: "Letter of support to the NEH, for Digital Humanities".
    pub asked: String,
    /// The funder's deadline in the applicant's words.
    pub deadline: String,
    /// The same in UTC.
    pub elsewhere: Option<InUtc>,
    /// The time left to it: "12 days".
    pub left: String,
    /// The day on which the letter is needed; empty when none was named.
    pub needed: String,
    /// The summary of the project.
    pub summary: String,
    /// What the applicant attached.
    pub attachments: Vec<Shown>,
}

impl Brief {
    /// The request in short at `now`.
    pub fn of(request: &Request, typed: &RawForm, files: &[Attachment], now: Instant) -> Self {
        let kind = request.letter_kind.parse().map_or("Letter", |kind: LetterKind| kind.label());
        let programme = match request.programme.as_str() {
            "" => String::new(),
            programme => format!(", for {programme}"),
        };
        let zone = typed.get(Field::DeadlineZone).parse().ok();
        Self {
            asked: format!("{kind} to {}{programme}", request.funder),
            deadline: request.deadline_words.clone(),
            elsewhere: request.deadline_at.map(InUtc::from),
            left: left_in_words(request.deadline_at, zone, now),
            needed: request.needed_on.map(|day| plain::day(day).to_string()).unwrap_or_default(),
            summary: typed.get(Field::Summary).trim().replace("\r\n", "\n"),
            attachments: file::sent(files, request.submitted_at),
        }
    }
}

/// One expectation: what is expected, what the applicant answers, and how it is rated.
pub struct Measure {
    /// The field of the seat's own rating, `rating-relevance`.
    pub field: String,
    /// The expectation in a few words.
    pub title: &'static str,
    /// What is expected.
    pub expected: &'static str,
    /// The applicant's answer; empty when there is none.
    pub answer: String,
    /// How it is rated, as far as the reader may know; empty when nothing is known.
    pub rated: String,
}

impl Measure {
    /// The six expectations, each with its answer and what `reader` may know of the ratings in `reviews`. As long as the
    /// reader's seat rates them itself, `is_rating`, its own ratings stand in its form alone.
    pub fn all(
        parts: &[Part],
        motion: Option<&Motion>,
        (reviews, is_rating): (&[Review], bool),
        reader: &Reader,
    ) -> Vec<Self> {
        let answers = || parts.iter().flat_map(|part| &part.said);
        let name = |review: &Review| motion?.seats.seat(review.seat).map(|seat| seat.name.clone());
        let seen = |review: &&Review| {
            let is_apart = is_rating && reader.seat == Some(review.seat);
            review.sent_at.is_some() && !is_apart && reader.sees(review.seat)
        };
        let measure = |of: &Expectation| {
            let field = Field::answering(*of).as_str();
            let rated = reviews.iter().filter(seen).filter_map(|one| Some((*one.typed.ratings.get(of)?, name(one)?)));
            Self {
                field: format!("rating-{of}"),
                title: of.title(),
                expected: of.expected(),
                answer: answers().find(|said| said.field == field).map(|said| said.value.clone()).unwrap_or_default(),
                rated: ratings_in_words(&rated.collect::<Vec<_>>()),
            }
        };
        Expectation::ALL.iter().map(measure).collect()
    }
}

/// The answers of a request, and those of them that are shown apart from the expectations.
pub fn answers(typed: &RawForm, request: &Request) -> (Vec<Part>, Vec<Part>) {
    let parts = reading::sent(typed, &request.institution());
    parts.into_iter().partition(|part| part.title == Section::Expectations.title())
}
