//! The discussion of a request: who reads which post, the second look at what the applicant reads, what is told by mail,
//! and what a conflict of interest closes.

use std::sync::Arc;

use chrono::TimeDelta;
use letters::ids::RequestId;

use crate::harness::{Browser, Page};
use crate::review::world::{APPLICANT, Committee, STAFF, member};

struct Room {
    committee: Committee,
    id: RequestId,
    /// The seats that review.
    seats: Vec<usize>,
}

impl Room {
    /// A request under review, for which the first two reviewers have declared that there is no conflict.
    fn new() -> Self {
        let committee = Committee::new();
        let id = committee.request();
        committee.world.see_to_duties();
        let seats = committee.reviewers(id);
        for seat in &seats[..2] {
            committee.declare(&committee.browser(&member(*seat)), id);
        }
        Self { committee, id, seats }
    }

    /// The browser of a reviewer, counted from 0.
    fn seat(&self, n: usize) -> Arc<Browser> {
        self.committee.browser(&member(self.seats[n]))
    }

    fn staff(&self) -> Arc<Browser> {
        self.committee.browser(STAFF)
    }

    fn applicant(&self) -> Arc<Browser> {
        self.committee.browser(APPLICANT)
    }

    fn path(&self, rest: &str) -> String {
        format!("/requests/{}{rest}", self.id)
    }

    fn page(&self, browser: &Browser) -> Page {
        browser.get(&self.path("/discussion"))
    }

    /// Writes a post and, where it is for the applicant, confirms it.
    fn post(&self, browser: &Browser, audience: &str, body: &str) -> Page {
        let page = self.page(browser);
        let page = browser.submit(&page, "/discussion", &[("audience", audience), ("body", body)]);
        if page.has_form("/discussion/confirm") { browser.submit(&page, "/discussion/confirm", &[]) } else { page }
    }

    fn send_reviews(&self) {
        for n in 0..2 {
            let browser = self.seat(n);
            let page = browser.get(&self.path("/review"));
            browser.submit(&page, "/review", &crate::review::review("support", ""));
        }
    }

    fn mails(&self, address: &str) -> Vec<String> {
        let mails =
            self.committee.world.mail_to(address).into_iter().filter(|mail| mail.kind.starts_with("discussion-"));
        mails.map(|mail| mail.subject + "\n" + &mail.text).collect()
    }
}

#[test]
fn each_post_is_read_by_its_audience_and_by_nobody_else() {
    let room = Room::new();
    room.send_reviews();
    let posts = [
        (room.seat(0), "committee", "seats-only"),
        (room.seat(0), "staff", "seats-and-staff"),
        (room.seat(0), "applicant", "seat-to-all"),
        (room.staff(), "staff", "from-staff"),
        (room.staff(), "applicant", "staff-to-all"),
        (room.applicant(), "", "from-applicant"),
    ];
    for (browser, audience, body) in &posts {
        let page = room.post(browser, audience, body);
        assert!(page.status == 200 && page.text().contains(body), "{body}: {}", page.text());
    }
    let all: Vec<&str> = posts.iter().map(|(_, _, body)| *body).collect();
    let (seat, other, staff, applicant) = (room.seat(0), room.seat(1), room.staff(), room.applicant());
    for (who, browser, paths, sees) in [
        ("the author's seat", &seat, ["/discussion", "/review"], vec![0, 1, 2, 3, 4, 5]),
        ("another seat", &other, ["/discussion", "/review"], vec![0, 1, 2, 3, 4, 5]),
        ("staff", &staff, ["/discussion", "/motion"], vec![1, 2, 3, 4, 5]),
        ("the applicant", &applicant, ["/discussion", ""], vec![2, 4, 5]),
    ] {
        for path in paths {
            let text = browser.get(&room.path(path)).text();
            let read: Vec<usize> = (0..all.len()).filter(|n| text.contains(all[*n])).collect();
            assert_eq!(read, sees, "{who} at {path}: {text}");
        }
    }
    let text = room.page(&applicant).text();
    assert!(text.contains("The committee") && !text.contains("Institution"), "no seat is named: {text}");
    for (browser, path) in
        [(&staff, "/queue?words=seats"), (&staff, "/queue.csv"), (&staff, "/outbox"), (&seat, "/queue")]
    {
        let body = browser.get(path).body;
        assert!(all.iter().all(|post| !body.contains(post)), "{path}");
    }
    let history = staff.get(&room.path("/motion")).text();
    assert!(history.contains("A post was made in the discussion, for the committee. Seat of Institution"), "{history}");
    for stranger in [member(room.seats[2]), "somebody@else.example".to_owned()] {
        let page = room.page(&room.committee.browser(&stranger));
        assert!(matches!(page.status, 403 | 404), "{stranger}: {}", page.status);
        assert!(all.iter().all(|post| !page.body.contains(post)), "{stranger}");
    }
}

#[test]
fn no_audience_is_taken_for_granted_and_none_beyond_the_own_can_be_chosen() {
    let room = Room::new();
    for (browser, offered) in [(room.seat(0), 3), (room.staff(), 2)] {
        let page = room.page(&browser);
        assert_eq!((page.count("[name=audience]"), page.count("[name=audience][checked]")), (offered, 0));
        let wrong = browser.submit(&page, "/discussion", &[("body", " ")]);
        assert_eq!((wrong.status, wrong.title().starts_with("Error:")), (422, true));
        for words in ["Choose who reads the post", "Enter the post"] {
            assert!(wrong.first(".errors").contains(words), "{words}: {}", wrong.text());
        }
        let kept = browser.submit(&page, "/discussion", &[("audience", ""), ("body", "Not yet.")]);
        assert!(kept.status == 422 && kept.body.contains("Not yet.</textarea>"), "{}", kept.text());
    }
    let forged =
        room.staff().submit(&room.page(&room.staff()), "/discussion", &[("audience", "committee"), ("body", "x")]);
    assert_eq!(forged.status, 422, "staff cannot write behind their own back");
    let hidden = room.seat(0).submit(
        &room.page(&room.seat(0)),
        "/discussion",
        &[("audience", "staff"), ("body", "abc\u{202e}def")],
    );
    assert!(hidden.status == 422 && hidden.text().contains("U+202E"), "{}", hidden.text());
}

#[test]
fn the_applicant_reads_nothing_before_the_second_look() {
    let room = Room::new();
    let (seat, body) = (room.seat(0), "Could you <b>say</b> more?\n\n  مرحبا {{ 7 * 7 }}");
    let look = seat.submit(&room.page(&seat), "/discussion", &[("audience", "applicant"), ("body", body)]);
    assert!(
        look.text().contains("What the applicant will read") && look.text().contains("<b>say</b> more? مرحبا {{ 7")
    );
    assert!(look.text().contains("Nothing was sent yet") && !look.text().contains("Institution"), "{}", look.text());
    assert_eq!(look.count("main .post b"), 0);
    assert!(!room.page(&room.applicant()).text().contains("say"), "looking sends nothing");
    assert_eq!(room.mails(APPLICANT), [""; 0]);

    let (_, mut fields) = look.form("/discussion/confirm", &[]);
    fields.push(("change".into(), "yes".into()));
    let pairs: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let changed = seat.post(&room.path("/discussion"), &pairs);
    assert!(changed.body.contains("Could you &#60;b&#62;say") || changed.body.contains("Could you &lt;b&gt;say"));
}

#[test]
fn a_confirmed_post_is_made_once_and_the_applicant_is_told_without_its_words() {
    let room = Room::new();
    let seat = room.seat(0);
    let look = seat.submit(&room.page(&seat), "/discussion", &[("audience", "applicant"), ("body", "Say more.")]);
    for _ in 0..2 {
        let page = seat.submit(&look, "/discussion/confirm", &[]);
        assert!(page.text().contains("Say more."), "{}", page.text());
    }
    let page = room.page(&room.applicant());
    assert_eq!(page.text().matches("Say more.").count(), 1, "{}", page.text());
    let mails = room.mails(APPLICANT);
    assert!(mails.len() == 1 && !mails[0].contains("Say more.") && !mails[0].contains("Institution"), "{mails:?}");

    // The applicant answers in the thread: reviewers and staff are told, the rest of the committee is not.
    let sent = room.post(&room.applicant(), "", "Here is more.");
    assert!(sent.text().contains("You") && sent.text().contains("Here is more."), "{}", sent.text());
    for seat in &room.seats {
        assert_eq!(room.mails(&member(*seat)).len(), 1, "reviewer {seat}");
    }
    let bystander = (1..=13).find(|seat| !room.seats.contains(seat)).unwrap();
    assert_eq!((room.mails(STAFF).len(), room.mails(&member(bystander)).len()), (1, 0));
    assert!(room.mails(STAFF).iter().all(|mail| !mail.contains("Here is more.")));
    room.post(&seat, "committee", "Among us.");
    room.post(&seat, "staff", "To you.");
    assert_eq!((room.mails(STAFF).len(), room.mails(&member(room.seats[1])).len()), (2, 1), "a quiet discussion");
}

#[test]
fn a_conflict_of_interest_closes_the_discussion_also_when_it_comes_later() {
    let room = Room::new();
    let (seat, address) = (room.seat(0), member(room.seats[0]));
    room.post(&room.applicant(), "", "before-the-conflict");
    let (page, look) = (room.page(&seat), room.page(&seat));
    let look = seat.submit(&look, "/discussion", &[("audience", "applicant"), ("body", "too-late")]);
    room.committee.make_staff(&address);
    let out = room.committee.seat(room.seats[0]).to_string();
    let typed = [("recorded_seat", out.as_str()), ("record_reason", "Its director leads the project.")];
    room.staff().submit(&room.staff().get(&room.path("/motion")), "/record-conflict", &typed);

    let (said, since) = (room.mails(&address).len(), "after-the-conflict");
    room.post(&room.applicant(), "", since);
    room.post(&room.seat(1), "staff", since);
    assert_eq!(room.mails(&address).len(), said, "neither as a seat nor as staff");
    let refused = [
        room.page(&seat),
        seat.get(&room.path("/review")),
        seat.get(&room.path("/motion")),
        seat.submit(&page, "/discussion", &[("audience", "committee"), ("body", "too-late")]),
        seat.submit(&look, "/discussion/confirm", &[]),
    ];
    for page in refused {
        assert_eq!(page.status, 403, "{}", page.text());
        assert!(!page.body.contains("the-conflict") && !page.text().contains("A fine project"), "{}", page.text());
    }
    assert!(!room.page(&room.seat(1)).text().contains("too-late"));
}

#[test]
fn the_posts_of_other_seats_wait_until_the_own_review_is_in() {
    let room = Room::new();
    room.post(&room.seat(0), "committee", "a-view");
    room.post(&room.seat(0), "applicant", "a-fact");
    let other = room.seat(1);
    for path in ["/discussion", "/review"] {
        let text = other.get(&room.path(path)).text();
        assert!(!text.contains("a-view") && text.contains("a-fact"), "{path}: {text}");
        assert!(
            text.contains("once your seat has sent its own review, or a tallied vote is open: 1."),
            "{path}: {text}"
        );
    }
    assert!(room.page(&room.seat(0)).text().contains("a-view"), "one's own is there");
    let page = other.get(&room.path("/review"));
    let page = other.submit(&page, "/review", &crate::review::review("support", ""));
    assert!(page.text().contains("a-view"), "{}", page.text());
}

#[test]
fn its_author_takes_a_post_back_for_ten_minutes_and_nobody_else_does() {
    let room = Room::new();
    let seat = room.seat(0);
    let page = room.post(&seat, "applicant", "oh-dear");
    let post = page.form("/take-back", &[]).1.into_iter().find(|(name, _)| name == "post").unwrap().1;
    let theirs = room.page(&room.applicant());
    assert!(!theirs.has_form("/take-back"));
    let token = theirs.form("/discussion", &[]).1[0].1.clone();
    let forged = [("form_token", token.as_str()), ("post", post.as_str())];
    assert_eq!(room.applicant().post_only(&room.path("/discussion/take-back"), &forged).status, 403);
    let (one, other) = (room.page(&seat), room.page(&seat));
    let gone = seat.submit(&one, "/take-back", &[]);
    assert!(gone.text().contains("Taken back by its author") && !gone.text().contains("oh-dear"), "{}", gone.text());
    assert_eq!(seat.submit(&other, "/take-back", &[]).status, 409);
    assert!(!room.page(&room.applicant()).text().contains("oh-dear"));

    room.post(&seat, "committee", "stays");
    let page = room.page(&seat);
    room.committee.world.wait(TimeDelta::minutes(11));
    let late = seat.submit(&page, "/take-back", &[]);
    assert_eq!((late.status, late.text().contains("for 10 minutes")), (409, true), "{}", late.text());
    assert!(!room.page(&seat).has_form("/take-back"));
}

#[test]
fn two_people_who_write_at_once_both_are_read() {
    let room = Room::new();
    let browsers = [room.seat(0), room.staff()];
    let pages = browsers.each_ref().map(|browser| room.page(browser));
    std::thread::scope(|scope| {
        for (n, (browser, page)) in browsers.iter().zip(&pages).enumerate() {
            let body = format!("post-{n}");
            scope.spawn(move || browser.submit(page, "/discussion", &[("audience", "staff"), ("body", &body)]));
        }
    });
    let text = room.page(&room.staff()).text();
    assert!(text.contains("post-0") && text.contains("post-1"), "{text}");
}

#[test]
fn after_the_answer_the_applicant_is_written_no_more_and_committee_and_staff_go_on() {
    let room = Room::new();
    room.post(&room.seat(0), "applicant", "still-here");
    let look = room.seat(0).submit(
        &room.page(&room.seat(0)),
        "/discussion",
        &[("audience", "applicant"), ("body", "too-late")],
    );
    let theirs = room.page(&room.applicant());
    room.committee.call_tally(room.id, 5);
    for seat in 1..=7 {
        room.committee.vote(room.id, &member(seat), "yes", "");
    }
    let staff = room.staff();
    staff.submit(&staff.get(&room.path("/motion")), "/release", &[]);
    for late in [
        room.seat(0).submit(&look, "/discussion/confirm", &[]),
        room.applicant().submit(&theirs, "/discussion", &[("body", "too-late")]),
    ] {
        assert_eq!((late.status, late.text().contains("has been answered")), (409, true), "{}", late.text());
    }
    let page = room.page(&room.applicant());
    assert!(page.text().contains("still-here") && !page.has_form("/discussion"), "{}", page.text());
    assert_eq!(room.page(&room.seat(0)).count("[name=audience]"), 2);
    assert!(room.post(&room.seat(0), "committee", "among-us").text().contains("among-us"));
}

#[test]
fn reading_the_discussion_costs_the_same_number_of_queries_however_long_it_is() {
    let room = Room::new();
    let mut cost = Vec::new();
    for round in 0..3 {
        room.post(&room.staff(), "staff", &format!("post-{round}"));
        for browser in [room.seat(0), room.staff()] {
            let before = room.committee.world.store().queries();
            room.page(&browser);
            cost.push(room.committee.world.store().queries() - before);
        }
    }
    assert!(cost[2..4] == cost[4..6], "{cost:?}");
}
