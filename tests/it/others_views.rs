//! What a seat learns of the other seats' views before it may: nothing, on no page and in no mail (`reviews_shown`).

use chrono::TimeDelta;
use diesel::prelude::*;
use letters::ids::RequestId;
use letters::policy::settings::{Policy, ReviewsShown};
use letters::store::schema::requests;

use crate::review::review;
use crate::review::world::{Committee, member};

/// What only somebody who sees the others' views reads, wherever it stands.
const VIEWS: [&str; 5] = [
    "It commits to nothing.",
    "An objection is open",
    "assigned reviewers support",
    "Objects",
    "We should refuse this.",
];

struct Review {
    committee: Committee,
    id: RequestId,
    /// The assigned reviewers; the first one objects.
    reviewers: Vec<usize>,
}

impl Review {
    /// A request under a policy with this rule, to which the first reviewer has objected.
    fn objected(rule: ReviewsShown) -> Self {
        let committee = Committee::new();
        let id = committee.request();
        let policy = serde_json::to_string(&Policy { reviews_shown: rule, ..Policy::default() }).unwrap();
        let change = diesel::update(requests::table.find(id)).set(requests::policy.eq(policy));
        committee.world.store().write_now(|tx| Ok(change.execute(tx.connection())?)).unwrap();
        committee.world.see_to_duties();
        let reviewers = committee.reviewers(id);
        let objector = committee.browser(&member(reviewers[0]));
        let page = committee.declare(&objector, id);
        let sent = objector.submit(&page, "/review", &review("object", "It commits to nothing."));
        assert!(sent.text().contains("An objection is open"), "one sees one's own view: {}", sent.text());
        let page = objector.get(&format!("/requests/{id}/discussion"));
        objector.submit(&page, "/discussion", &[("audience", "committee"), ("body", "We should refuse this.")]);
        let review = Self { committee, id, reviewers };
        review.committee.declare(&review.committee.browser(&member(review.reviewers[1])), id);
        review
    }

    /// What of the first reviewer's views stands on the pages of a seat, and in the mails to it.
    fn seen_by(&self, seat: usize) -> Vec<&'static str> {
        let browser = self.committee.browser(&member(seat));
        let id = self.id;
        let pages = [
            format!("/requests/{id}/review"),
            format!("/requests/{id}/discussion"),
            format!("/requests/{id}/record"),
            "/waiting".to_owned(),
            "/queue".to_owned(),
            "/queue.csv".to_owned(),
        ];
        let mut text: String = pages.iter().map(|path| browser.get(path).text() + "\n").collect();
        for mail in self.committee.world.mail_to(&member(seat)) {
            text += &(mail.subject + "\n" + &mail.text + "\n");
        }
        // The choice that every seat has is no view, nor is the rule.
        let text = text.replace("Object An objection", "").replace("Why the seat objects", "");
        VIEWS.into_iter().filter(|view| text.contains(view)).collect()
    }

    fn page(&self, seat: usize) -> String {
        self.committee.browser(&member(seat)).get(&format!("/requests/{}/review", self.id)).text()
    }

    fn send(&self, seat: usize) {
        let browser = self.committee.browser(&member(seat));
        let page = self.committee.declare(&browser, self.id);
        let page = browser.submit(&page, "/review", &review("support", ""));
        assert!(page.text().contains("Your review is in"), "{}", page.text());
    }
}

#[test]
fn what_another_seat_thinks_stays_hidden_on_every_page_until_the_own_review_is_in() {
    let review = Review::objected(ReviewsShown::AfterOwn);
    let reader = review.reviewers[1];
    assert!(review.seen_by(reader).is_empty(), "{:?}", review.seen_by(reader));
    let page = review.page(reader);
    for words in [
        "1 of 3 assigned reviewers has sent its review; not yet: ",
        "is shown once your seat has sent its own review, or a tallied vote is open.",
        "Posts of other seats that you see once your seat has sent its own review, or a tallied vote is open: 1.",
    ] {
        assert!(page.contains(words), "{words}: {page}");
    }
    review.send(reader);
    assert_eq!(review.seen_by(reader), VIEWS);
    assert!(review.page(reader).contains("1 of 3 assigned reviewers supports it"));
    // Seats that were not asked to review wait like the others, and see all when every seat is asked to vote.
    let other = (1..=13).find(|seat| !review.reviewers.contains(seat)).unwrap();
    review.committee.declare(&review.committee.browser(&member(other)), review.id);
    assert!(review.seen_by(other).is_empty(), "{:?}", review.seen_by(other));
    review.committee.call_tally(review.id, reader);
    let seen = review.seen_by(other);
    assert!(seen.contains(&"It commits to nothing.") && seen.contains(&"We should refuse this."), "{seen:?}");
}

#[test]
fn under_the_other_rules_views_are_seen_from_the_start_or_when_the_motion_has_closed() {
    let open = Review::objected(ReviewsShown::Always);
    assert_eq!(open.seen_by(open.reviewers[1]), VIEWS);

    let closed = Review::objected(ReviewsShown::AfterClose);
    let (committee, reader) = (&closed.committee, closed.reviewers[1]);
    closed.send(reader);
    assert!(closed.seen_by(reader).is_empty(), "{:?}", closed.seen_by(reader));
    assert!(closed.page(reader).contains("is shown once the motion has closed."), "{}", closed.page(reader));
    // An objection that is open when the reviews are due starts the vote: that there was one is said then, not by whom.
    committee.world.wait(TimeDelta::days(11));
    committee.world.see_to_duties();
    let page = closed.page(reader);
    assert!(page.contains("An objection was open when the reviews were due, so a tallied vote began."), "{page}");
    assert!(closed.seen_by(reader).is_empty(), "{:?}", closed.seen_by(reader));
    committee.world.wait(TimeDelta::days(8));
    committee.world.see_to_duties();
    let seen = closed.seen_by(reader);
    for view in ["It commits to nothing.", "Objects", "We should refuse this."] {
        assert!(seen.contains(&view), "{seen:?}");
    }
}

#[test]
fn the_chair_reads_objections_to_close_them_but_not_before_a_review_that_is_owed() {
    for (owes, rule) in [(true, ReviewsShown::AfterOwn), (false, ReviewsShown::AfterClose)] {
        let review = Review::objected(rule);
        let chair = (1..=13).find(|seat| review.reviewers[1..].contains(seat) == owes).unwrap();
        let chair = if owes { review.reviewers[1] } else { chair };
        review.committee.make_chair(&member(chair));
        let browser = review.committee.browser(&member(chair));
        let page = review.committee.declare(&browser, review.id);
        assert_eq!(page.has_form("/objection"), !owes, "{}", page.text());
        assert_eq!(page.text().contains("It commits to nothing."), !owes, "{}", page.text());
        if owes {
            review.send(chair);
            assert!(browser.get(&format!("/requests/{}/review", review.id)).has_form("/objection"));
        }
    }
}

#[test]
fn each_expectation_stands_with_its_answer_the_own_rating_and_once_they_are_shown_those_of_others() {
    let review = Review::objected(ReviewsShown::AfterOwn);
    let browser = review.committee.browser(&member(review.reviewers[1]));
    let path = format!("/requests/{}/review", review.id);
    let others = format!("Other seats Met (Institution {:02})", review.reviewers[0]);
    let page = browser.get(&path);
    assert_eq!(page.text().matches("Your seat’s rating of").count(), 6, "{}", page.text());
    let answers = page.text().matches("The applicant’s answer We publish every map with the Image API.").count();
    assert_eq!((answers, page.text().matches("We publish every map").count()), (6, 6), "{}", page.text());
    assert!(!page.text().contains("Other seats Met"), "{}", page.text());
    let blocks: Vec<_> =
        ["Expected The proposal builds on IIIF", "We publish every map", "Your seat’s rating of “Relevance to IIIF”"]
            .map(|words| page.text().find(words).unwrap_or_else(|| panic!("{words}: {}", page.text())))
            .into();
    assert!(blocks.is_sorted(), "{}", page.text());
    let card = "In short Asked for Letter of support to A funder, for A programme";
    assert!(page.text().contains(card) && page.text().contains("Summary A secret summary"), "{}", page.text());
    for place in ["expectations", "request", "discussion", "motion"] {
        assert!(page.has_link(&format!("#{place}")) && page.count(&format!("#{place}")) == 1, "{place}");
    }

    review.send(review.reviewers[1]);
    let page = browser.get(&path).text();
    assert_eq!(page.matches(&others).count(), 4, "{page}");
    assert!(page.contains("Other seats Partly met (Institution"), "{page}");
    // When the vote is open nobody rates any more, and the answers and all ratings stay.
    review.committee.call_tally(review.id, review.reviewers[1]);
    let page = browser.get(&path);
    let all =
        format!("Ratings Met (Institution {:02} and Institution {:02})", review.reviewers[0], review.reviewers[1]);
    assert_eq!((page.count("[name=rating-relevance]"), page.text().matches(&all).count()), (0, 4), "{}", page.text());
}
