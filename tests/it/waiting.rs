//! What waits for a member: in their calendar and in one mail a day, beside the page.

use chrono::TimeDelta;

use crate::harness::{Mail, Page};
use crate::review::review;
use crate::review::world::{APPLICANT, Committee, STAFF, member};

impl Committee {
    /// Presses a button of the page of what waits.
    fn choose(&self, address: &str, action: &str) -> Page {
        let browser = self.browser(address);
        browser.submit(&browser.get("/waiting"), action, &[])
    }

    /// The path of the calendar that a page shows.
    fn calendar_of(&self, page: &Page) -> String {
        let address = page.first(".code");
        address.strip_prefix(self.world.address()).unwrap_or_else(|| panic!("{address}")).to_owned()
    }

    fn daily_mails(&self, address: &str) -> Vec<Mail> {
        self.world.mail_to(address).into_iter().filter(|mail| mail.kind == "waiting-daily").collect()
    }
}

#[test]
fn a_calendar_shows_what_is_due_until_it_is_done() {
    let committee = Committee::new();
    let id = committee.request();
    committee.world.see_to_duties();
    let seat = committee.reviewers(id)[0];
    let page = committee.choose(&member(seat), "/waiting/calendar");
    assert!(page.text().contains("Your calendar has a new address"), "{}", page.text());
    let path = committee.calendar_of(&page);

    // A program that fetches it is not signed in.
    let program = committee.world.browser();
    let calendar = program.get(&path);
    assert_eq!((calendar.status, calendar.header("content-type")), (200, "text/calendar; charset=utf-8"));
    for line in ["BEGIN:VEVENT", "DTSTART;VALUE=DATE:20260312", "then review", &format!("/requests/{id}/review")] {
        assert!(calendar.body.replace("\r\n ", "").contains(line), "{line}: {}", calendar.body);
    }
    assert!(!calendar.body.contains("A fine project"), "{}", calendar.body);
    assert_eq!(program.head(&path).status, 200);

    let browser = committee.browser(&member(seat));
    let page = committee.declare(&browser, id);
    browser.submit(&page, "/review", &review("support", ""));
    assert!(!program.get(&path).body.contains("VEVENT"), "{}", program.get(&path).body);
    committee.call_tally(id, seat);
    assert!(program.get(&path).body.contains(": Vote"), "{}", program.get(&path).body);
}

#[test]
fn a_replaced_or_ended_calendar_is_nothing_to_whoever_has_the_old_address() {
    let committee = Committee::new();
    let first = committee.calendar_of(&committee.choose(&member(1), "/waiting/calendar"));
    let second = committee.calendar_of(&committee.choose(&member(1), "/waiting/calendar"));
    assert_ne!(first, second);
    let program = committee.world.browser();
    assert_eq!((program.get(&first).status, program.get(&second).status), (404, 200));
    let page = committee.choose(&member(1), "/waiting/calendar/end");
    assert!(page.text().contains("Make an address for my calendar") || page.has_form("/waiting/calendar"));
    let gone = program.get(&second);
    assert_eq!(gone.status, 404);
    assert!(gone.text().contains("There is no calendar at this address"), "{}", gone.text());
    for made_up in ["/calendar/x", &format!("{}A", &first[..first.len() - 1]), "/calendar/%00"] {
        assert_eq!(program.get(made_up).status, 404, "{made_up}");
    }
}

#[test]
fn only_members_have_a_calendar_and_it_is_empty_once_they_have_left() {
    let committee = Committee::new();
    let id = committee.request();
    committee.world.see_to_duties();
    let seat = committee.reviewers(id)[0];
    let path = committee.calendar_of(&committee.choose(&member(seat), "/waiting/calendar"));
    for address in [APPLICANT, STAFF] {
        let browser = committee.browser(address);
        let token = browser.get("/account").form("/account/name", &[]).1[0].1.clone();
        for action in ["/waiting/calendar", "/waiting/calendar/end", "/waiting/daily"] {
            let refused = browser.post_only(action, &[("form_token", &token)]);
            assert_eq!(refused.status, 403, "{address} {action}");
        }
    }
    let program = committee.world.browser();
    assert!(program.get(&path).body.contains("VEVENT"));
    committee.end_term(seat);
    let calendar = program.get(&path);
    assert!(calendar.status == 200 && !calendar.body.contains("VEVENT"), "{}", calendar.body);
}

#[test]
fn a_conflict_takes_the_request_out_of_calendar_and_daily_mail() {
    let committee = Committee::new();
    let id = committee.request();
    committee.world.see_to_duties();
    let seat = committee.reviewers(id)[0];
    let path = committee.calendar_of(&committee.choose(&member(seat), "/waiting/calendar"));
    committee.choose(&member(seat), "/waiting/daily");
    let browser = committee.browser(&member(seat));
    let page = browser.get(&format!("/requests/{id}/review"));
    browser.submit(&page, "/conflict", &[("conflict", "conflict"), ("conflict_reason", "My project.")]);
    assert!(!committee.world.browser().get(&path).body.contains("VEVENT"));
    committee.world.wait(TimeDelta::days(1));
    committee.world.see_to_duties();
    assert!(committee.daily_mails(&member(seat)).is_empty());
}

#[test]
fn the_daily_mail_comes_once_on_working_days_to_whoever_chose_it() {
    let committee = Committee::new();
    let world = &committee.world;
    let id = committee.request();
    world.see_to_duties();
    let reviewers = committee.reviewers(id);
    let (chose, other) = (member(reviewers[0]), member(reviewers[1]));
    let page = committee.choose(&chose, "/waiting/daily");
    assert!(page.text().contains("We write to you once a day"), "{}", page.text());

    let tomorrow = TimeDelta::days(1);
    for _ in 0..3 {
        world.see_to_duties();
    }
    world.wait(tomorrow);
    for _ in 0..3 {
        world.see_to_duties();
    }
    let mails = committee.daily_mails(&chose);
    assert_eq!(mails.len(), 1, "today's went out before the choice");
    let mail = &mails[0];
    assert_eq!(mail.subject, "1 thing waits for you, the first by Thursday 12 March 2026");
    for words in
        ["A fine project", "by the end of Thursday 12 March 2026", &format!("/requests/{id}/review"), "/waiting"]
    {
        assert!(mail.text.contains(words), "{words}: {}", mail.text);
    }
    assert!(committee.daily_mails(&other).is_empty());

    // Down for ten days: one mail about today, none about the days that were missed.
    world.wait(TimeDelta::days(10));
    world.see_to_duties();
    world.see_to_duties();
    let mails = committee.daily_mails(&chose);
    assert_eq!(mails.len(), 2);
    assert!(mails[1].text.contains("overdue since Thursday 12 March 2026"), "{}", mails[1].text);

    let page = committee.choose(&chose, "/waiting/daily");
    assert!(page.text().contains("The daily mail has ended"), "{}", page.text());
    world.wait(TimeDelta::days(3));
    world.see_to_duties();
    assert_eq!(committee.daily_mails(&chose).len(), 2);
}
