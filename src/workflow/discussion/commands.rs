//! What is done in the discussion: a post is made or taken back.

use serde_json::json;

use super::audience::{Audience, Part, Typed, may_post};
use super::notices;
use super::store;
use super::thread::Post;
use crate::audit::entry::{Actor, Entry};
use crate::audit::store::record;
use crate::ids::{PersonId, PostId, RequestId, SeatId};
use crate::moment::Moment;
use crate::people::access::{Insider, Staff, Voter, no_such_request};
use crate::refusal::{Outcome, Refusal};
use crate::store::{Tx, View};
use crate::workflow::delivery::outbox;
use crate::workflow::request::commands::sharing::applicants;
use crate::workflow::request::store::recused::recused;
use crate::workflow::request::store::{self as requests, Request, lists};
use crate::workflow::routing::commands::about;
use crate::workflow::routing::rules::undeclared;
use crate::workflow::routing::store as routes;

/// Who takes part in the discussion.
#[derive(Debug, Clone)]
pub enum Author {
    /// A seat without a conflict of interest.
    Seat(Voter),
    /// A member of staff.
    Staff(Staff),
    /// The applicant of the request, or whoever they share it with; to write they must be let work on it.
    Applicant(Insider),
}

impl Author {
    /// In which charge.
    pub const fn part(&self) -> Part {
        match self {
            Self::Seat(_) => Part::Seat,
            Self::Staff(_) => Part::Staff,
            Self::Applicant(_) => Part::Applicant,
        }
    }

    /// The person.
    pub const fn person(&self) -> PersonId {
        match self {
            Self::Seat(voter) => voter.person(),
            Self::Staff(staff) => staff.person(),
            Self::Applicant(applicant) => applicant.person(),
        }
    }

    /// The seat they act for, if for one.
    pub const fn seat(&self) -> Option<SeatId> {
        match self {
            Self::Seat(voter) => Some(voter.seat()),
            Self::Staff(_) | Self::Applicant(_) => None,
        }
    }

    fn institution(&self) -> &str {
        match self {
            Self::Seat(voter) => voter.member().institution_name(),
            Self::Staff(_) | Self::Applicant(_) => "",
        }
    }

    fn actor(&self) -> Actor {
        match self {
            Self::Seat(voter) => Actor::Seat(voter.person(), voter.member().institution_name().to_owned()),
            Self::Staff(staff) => Actor::Staff(staff.person()),
            Self::Applicant(applicant) => Actor::Applicant(applicant.person()),
        }
    }

    /// Refuses whoever may read the discussion and not write.
    ///
    /// # Errors
    /// A refusal that says who can let them.
    pub fn must_write(&self) -> Result<(), Refusal> {
        match self {
            Self::Seat(_) | Self::Staff(_) => Ok(()),
            Self::Applicant(insider) => insider.applicant().map(drop),
        }
    }

    /// Refuses whoever has no part in the discussion of this request at this moment.
    fn must_take_part(&self, view: &mut View<'_>, request: &Request) -> Outcome<()> {
        let is_theirs = match self {
            Self::Seat(voter) => voter.request() == request.id,
            Self::Staff(_) => true,
            Self::Applicant(applicant) => applicant.request() == request.id,
        };
        if !is_theirs {
            return Err(no_such_request().into());
        }
        self.must_write()?;
        let Self::Seat(voter) = self else { return Ok(()) };
        let voter = voter.member().voter(request.id, true, &recused(view, request.id)?)?;
        let seat = voter.seat();
        if routes::declarations(view, request.id)?.iter().any(|declared| declared.seat == seat) {
            return Ok(());
        }
        Err(undeclared(request.id).into())
    }
}

/// Makes a post. Whoever calls this for a post that the applicant reads has had it confirmed.
///
/// # Errors
/// Every field error; a refusal for whoever has no part in the discussion, and when it is closed to that audience; a fault
/// of the database.
pub fn post(
    tx: &mut Tx<'_>,
    moment: &Moment,
    author: &Author,
    request: RequestId,
    typed: &Typed<'_>,
) -> Outcome<PostId> {
    let request = requests::touch(tx, request)?;
    author.must_take_part(tx, &request)?;
    let (body, audience) = typed.read(author.part())?;
    may_post(request.stage, audience)?;
    let post = Post {
        id: PostId::fresh(),
        request: request.id,
        person: author.person(),
        author: author.part(),
        seat: author.seat(),
        institution: author.institution().to_owned(),
        audience,
        body,
        posted_at: moment.now,
        taken_back_at: None,
    };
    store::add(tx, &post)?;
    let what = match audience {
        Audience::Committee => "posted-to-committee",
        Audience::Staff => "posted-to-staff",
        Audience::Applicant => "posted-to-applicant",
    };
    record(tx, &entry(&request, moment, author, what, post.id))?;
    tell(tx, moment, &request, &post)?;
    Ok(post.id)
}

/// Takes a post back, within some minutes. Its row stays; nobody reads its words any more.
///
/// # Errors
/// A refusal when it is not the person's own, too late, or taken back already; a fault of the database.
pub fn take_back(tx: &mut Tx<'_>, moment: &Moment, author: &Author, request: RequestId, post: PostId) -> Outcome<()> {
    let request = requests::touch(tx, request)?;
    author.must_take_part(tx, &request)?;
    let found = store::of(tx, request.id)?.into_iter().find(|found| found.id == post);
    let found = found.filter(|found| found.audience.is_for(author.part())).ok_or_else(no_such_request)?;
    found.may_take_back(author.person(), moment.now)?;
    store::take_back(tx, post, moment.now)?;
    record(tx, &entry(&request, moment, author, "post-taken-back", post))
}

fn entry(request: &Request, moment: &Moment, author: &Author, what: &'static str, post: PostId) -> Entry {
    let subject = request.id.to_string();
    Entry { subject, at: moment.now, actor: author.actor(), what, detail: json!({ "post": post }) }
}

/// Mails whoever waits for such a post, and nobody else: a discussion is read when one works on the request.
fn tell(tx: &mut Tx<'_>, moment: &Moment, request: &Request, post: &Post) -> Outcome<()> {
    let (site, about) = (&moment.site, about(request));
    let (whose, to) = match (post.author, post.audience) {
        (Part::Applicant, _) => ("the applicant", lists::told_of_reply(tx, request.id, None, moment.now)?),
        (_, Audience::Applicant) => {
            for told in applicants(tx, request, moment.now)? {
                outbox::queue(tx, moment, &notices::written(site, &about, &told.to)?)?;
            }
            return Ok(());
        }
        (Part::Seat, Audience::Staff) => ("the committee", lists::staff_on(tx, request.id, moment.now)?),
        (Part::Seat | Part::Staff, Audience::Committee | Audience::Staff) => return Ok(()),
    };
    for to in to {
        outbox::queue(tx, moment, &notices::posted(site, &about, &to, whose)?)?;
    }
    Ok(())
}
