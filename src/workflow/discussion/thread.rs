//! Posts, and the discussion as one reader sees it: what is not for them is left out here, so that no page has to
//! remember it.

use chrono::TimeDelta;

use super::audience::{Audience, Part};
use crate::clock::Instant;
use crate::ids::{PersonId, PostId, RequestId, SeatId};
use crate::refusal::Refusal;

/// For how many minutes its author can take a post back.
pub const TAKE_BACK_MINUTES: i64 = 10;

/// A post.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Post {
    /// Its id.
    pub id: PostId,
    /// The request that it is about.
    pub request: RequestId,
    /// Who wrote it.
    pub person: PersonId,
    /// In which charge.
    pub author: Part,
    /// For which seat, if for one.
    pub seat: Option<SeatId>,
    /// The institution of that seat at the time; empty for others.
    pub institution: String,
    /// Who reads it.
    pub audience: Audience,
    /// The words.
    pub body: String,
    /// When.
    pub posted_at: Instant,
    /// When its author took it back, if they did.
    pub taken_back_at: Option<Instant>,
}

impl Post {
    /// Whether `person` may take it back at `now`.
    ///
    /// # Errors
    /// A refusal that says why not.
    pub fn may_take_back(&self, person: PersonId, now: Instant) -> Result<(), Refusal> {
        if self.person != person {
            return Err(Refusal::forbidden("not-your-post", "Only the person who wrote a post can take it back."));
        }
        if self.taken_back_at.is_some() {
            return Err(Refusal::conflict("taken-back", "This post has been taken back already."));
        }
        if now - self.posted_at > TimeDelta::minutes(TAKE_BACK_MINUTES) {
            let sentence = format!(
                "A post can be taken back for {TAKE_BACK_MINUTES} minutes. Write another one that says what was wrong."
            );
            return Err(Refusal::conflict("too-late", sentence));
        }
        Ok(())
    }
}

/// Who reads the discussion.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reader {
    /// In which charge.
    pub part: Part,
    /// The person.
    pub person: PersonId,
    /// The seat that they act for, if they read for one.
    pub seat: Option<SeatId>,
    /// Whether they read by now what other seats think (the policy's setting for reviews).
    pub sees_others: bool,
}

impl Reader {
    /// Whether a post is for this reader at all.
    const fn is_meant(&self, post: &Post) -> bool {
        post.audience.is_for(self.part)
    }

    /// Whether a post that is for this reader waits until their seat has given its own view. What the applicant reads is
    /// no view that is kept back, and neither is what staff say.
    fn must_wait(&self, post: &Post) -> bool {
        let is_view = post.author == Part::Seat && post.audience != Audience::Applicant;
        is_view && !self.sees_others && self.part == Part::Seat && post.seat != self.seat
    }

    /// How a post's author is called. The applicant hears of the committee as a whole, never of one seat.
    fn name(&self, post: &Post) -> String {
        match (post.author, self.part) {
            (author, part) if author == part && post.person == self.person && part != Part::Seat => "You".to_owned(),
            (Part::Seat, Part::Applicant) => "The committee".to_owned(),
            (Part::Seat, _) => post.institution.clone(),
            (Part::Staff, _) => "Staff".to_owned(),
            (Part::Applicant, _) => "The applicant".to_owned(),
        }
    }
}

/// A post as its reader sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shown {
    /// Its id.
    pub id: PostId,
    /// Who wrote it, as this reader may know.
    pub name: String,
    /// Who reads it; empty for the applicant, who reads only what is meant for them.
    pub audience: &'static str,
    /// Which tone that has.
    pub tone: &'static str,
    /// The words; empty when they were taken back.
    pub body: String,
    /// When.
    pub at: Instant,
    /// Whether the reader can still take it back.
    pub may_take_back: bool,
}

/// The discussion as one reader sees it, oldest post first.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Thread {
    /// The posts.
    pub posts: Vec<Shown>,
    /// How many posts of other seats the reader does not see yet.
    pub waiting: usize,
    /// From when they see them, as the end of a sentence.
    pub until: &'static str,
}

impl Thread {
    /// What of `posts` this reader sees at `now`.
    pub fn of(posts: &[Post], reader: Reader, now: Instant) -> Self {
        let is_applicant = reader.part == Part::Applicant;
        let meant = || posts.iter().filter(|post| reader.is_meant(post));
        let shown = |post: &Post| Shown {
            id: post.id,
            name: reader.name(post),
            audience: if is_applicant { "" } else { post.audience.label() },
            tone: post.audience.tone(),
            body: if post.taken_back_at.is_some() { String::new() } else { post.body.clone() },
            at: post.posted_at,
            may_take_back: post.may_take_back(reader.person, now).is_ok() && post.author == reader.part,
        };
        Self {
            posts: meant().filter(|post| !reader.must_wait(post)).map(shown).collect(),
            waiting: meant().filter(|post| reader.must_wait(post) && post.taken_back_at.is_none()).count(),
            until: "",
        }
    }

    /// The same, saying from when the reader sees the posts that wait.
    pub fn waiting_until(self, until: &'static str) -> Self {
        Self { until, ..self }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at() -> Instant {
        "2026-03-02T09:00:00Z".parse().unwrap()
    }

    fn post(author: Part, seat: Option<SeatId>, audience: Audience) -> Post {
        Post {
            id: PostId::fresh(),
            request: RequestId::fresh(),
            person: PersonId::fresh(),
            author,
            seat,
            institution: seat.map(|_| "Example Library".to_owned()).unwrap_or_default(),
            audience,
            body: format!("from {author} for {audience}"),
            posted_at: at(),
            taken_back_at: None,
        }
    }

    fn reader(part: Part, seat: Option<SeatId>, sees_others: bool) -> Reader {
        Reader { part, person: PersonId::fresh(), seat, sees_others }
    }

    #[test]
    fn whatever_the_audience_and_the_reader_only_what_is_meant_is_shown() {
        let posts: Vec<Post> = Audience::ALL.iter().map(|to| post(Part::Seat, Some(SeatId::fresh()), *to)).collect();
        for part in Part::ALL {
            let thread = Thread::of(&posts, reader(*part, None, true), at());
            let shown: Vec<&str> = thread.posts.iter().map(|shown| shown.body.as_str()).collect();
            let meant: Vec<&str> =
                posts.iter().filter(|post| post.audience.is_for(*part)).map(|post| post.body.as_str()).collect();
            assert_eq!(shown, meant, "{part}");
        }
        let applicant = Thread::of(&posts, reader(Part::Applicant, None, true), at());
        assert_eq!((applicant.posts[0].name.as_str(), applicant.posts[0].audience), ("The committee", ""));
    }

    #[test]
    fn the_views_of_other_seats_wait_for_the_own_one_and_facts_do_not() {
        let (own, other) = (SeatId::fresh(), SeatId::fresh());
        let posts = [
            post(Part::Seat, Some(other), Audience::Committee),
            post(Part::Seat, Some(other), Audience::Staff),
            post(Part::Seat, Some(other), Audience::Applicant),
            post(Part::Seat, Some(own), Audience::Committee),
            post(Part::Staff, None, Audience::Staff),
            post(Part::Applicant, None, Audience::Applicant),
        ];
        let before = Thread::of(&posts, reader(Part::Seat, Some(own), false), at());
        assert_eq!((before.posts.len(), before.waiting), (4, 2));
        let after = Thread::of(&posts, reader(Part::Seat, Some(own), true), at());
        assert_eq!((after.posts.len(), after.waiting), (6, 0));
        let staff = Thread::of(&posts, reader(Part::Staff, None, false), at());
        assert_eq!((staff.posts.len(), staff.waiting), (4, 0), "staff give no view of their own");
    }

    #[test]
    fn a_post_can_be_taken_back_by_its_author_for_ten_minutes_and_once() {
        let posted = post(Part::Staff, None, Audience::Staff);
        let later = |minutes| at() + TimeDelta::minutes(minutes);
        assert!(posted.may_take_back(posted.person, later(10)).is_ok());
        assert_eq!(posted.may_take_back(posted.person, later(11)).unwrap_err().code, "too-late");
        assert_eq!(posted.may_take_back(PersonId::fresh(), later(1)).unwrap_err().code, "not-your-post");
        let gone = Post { taken_back_at: Some(at()), ..posted };
        assert_eq!(gone.may_take_back(gone.person, later(1)).unwrap_err().code, "taken-back");
        let thread = Thread::of(&[gone], reader(Part::Seat, None, true), at());
        assert_eq!(
            (thread.posts.len(), thread.posts[0].body.as_str()),
            (1, ""),
            "the row stays, the words do not show"
        );
    }
}
