//! A whole month in one test, without sleeping: reminders, places that pass on, votes and periods that run out. However
//! often the service looks, and even if it was down for days, each due thing is done once.

use std::collections::BTreeMap;

use chrono::TimeDelta;
use letters::ids::RequestId;
use letters::workflow::stage::StageName;

use crate::harness::World;
use crate::review::review;
use crate::review::world::{ALTERNATE, APPLICANT, Committee, STAFF, member};

/// How many mails of each kind somebody got about a request: address, kind, subject.
type Post = BTreeMap<(String, String, String), usize>;

/// A committee with three requests: nobody looks at the first, the reviewers of the second support it, and about the
/// third a vote is called to which only three seats come.
struct Month {
    committee: Committee,
    silent: RequestId,
    supported: RequestId,
    voted: RequestId,
}

impl Month {
    fn begin() -> Self {
        let committee = Committee::new();
        committee.make_chair(&member(13));
        let [silent, supported, voted] = [(); 3].map(|()| committee.request());
        committee.world.see_to_duties();
        for seat in committee.reviewers(supported) {
            let browser = committee.browser(&member(seat));
            let page = committee.declare(&browser, supported);
            browser.submit(&page, "/review", &review("support", ""));
        }
        committee.call_tally(voted, 5);
        for seat in [5, 6, 7] {
            committee.vote(voted, &member(seat), "yes", "");
        }
        Self { committee, silent, supported, voted }
    }

    fn world(&self) -> &World {
        &self.committee.world
    }

    /// Lets `hours` pass and looks every `step` hours.
    fn pass(&self, hours: i64, step: i64) {
        for _ in 0..hours / step {
            self.world().wait(TimeDelta::hours(step));
            self.world().see_to_duties();
        }
    }

    /// Everything that was mailed, counted.
    fn post(&self) -> Post {
        let everybody = (1..=13).map(member).chain([ALTERNATE, APPLICANT, STAFF].map(str::to_owned));
        let mut post = Post::new();
        for address in everybody {
            for mail in self.world().mail_to(&address) {
                *post.entry((address.clone(), mail.kind, mail.subject)).or_default() += 1;
            }
        }
        post.retain(|(_, kind, _), _| kind != "sign-in");
        post
    }

    fn count(&self, kind: &str, id: RequestId) -> usize {
        let reference = self.committee.reference(id);
        self.post()
            .iter()
            .filter(|((_, known, subject), _)| known == kind && subject.contains(&reference))
            .map(|(_, n)| n)
            .sum()
    }
}

const DAY: i64 = 24;

#[test]
fn a_month_goes_by_and_each_due_thing_happens_once() {
    let month = Month::begin();
    month.pass(30 * DAY, 4);
    let committee = &month.committee;

    assert_eq!(committee.stage(month.supported), StageName::InReview, "adopted, and waiting to be released");
    assert_eq!(month.count("decision-ready", month.supported), 2, "staff and the chair, once each");
    assert_eq!(month.count("decision-ready", month.voted), 0, "three votes are no quorum");
    let ended = month.count("motion-result", month.voted);
    assert!((1..=15).contains(&ended), "everybody hears once how the vote ended, not {ended} times");

    // Ten days, two of grace, then the next three seats: on 2, 14 and 26 March.
    let asked: Vec<(String, usize)> = (1..=13)
        .map(|seat| {
            let reference = committee.reference(month.silent);
            let mails = month.world().mail_to(&member(seat));
            let asked =
                mails.iter().filter(|mail| mail.kind == "routing-assigned" && mail.subject.contains(&reference));
            (member(seat), asked.count())
        })
        .collect();
    assert_eq!(asked.iter().filter(|(_, times)| *times == 1).count(), 9, "{asked:?}");
    assert!(asked.iter().all(|(_, times)| *times < 2), "nobody is asked twice: {asked:?}");
    for (who, times) in &asked {
        let mails = month.world().mail_to(who);
        let reference = committee.reference(month.silent);
        let reminded = mails.iter().filter(|mail| mail.kind == "routing-reminder" && mail.subject.contains(&reference));
        assert!(reminded.count() <= 3 * times, "{who}");
    }
    // Once a vote was on, or a motion was over, nobody was reminded of a review.
    assert_eq!(month.count("routing-reminder", month.voted) + month.count("routing-reminder", month.supported), 0);
}

#[test]
fn looking_more_often_does_nothing_more() {
    let (seldom, often) = (Month::begin(), Month::begin());
    seldom.pass(16 * DAY, 12);
    often.pass(16 * DAY, 2);
    assert_eq!(seldom.post(), often.post());
}

#[test]
fn after_ten_days_down_each_due_thing_is_done_once_and_what_is_past_is_left() {
    let month = Month::begin();
    month.pass(DAY, 12);
    month.world().wait(TimeDelta::days(10));
    for _ in 0..5 {
        month.world().see_to_duties();
    }
    // The half-time and the last call have passed by; on the eleventh day the review is overdue, or nearly.
    let reminded = month.count("routing-reminder", month.silent);
    let owing: usize = month.committee.reviewers(month.silent).iter().map(|seat| if *seat == 1 { 2 } else { 1 }).sum();
    assert_eq!(reminded, owing, "one reminder to each who acts for a seat that owes a review");
    assert_eq!(month.count("decision-ready", month.supported), 2);
    let before = month.post();
    for _ in 0..5 {
        month.world().see_to_duties();
    }
    assert_eq!(month.post(), before);
}
