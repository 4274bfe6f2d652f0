//! The values of the policy: everybody reads them, staff change them from a day on, and what was sent before keeps its own.

use chrono::TimeDelta;
use letters::policy::settings::Setting;

use crate::request::sent;
use crate::review::world::{APPLICANT, Committee, STAFF, member};

fn reviewers_now(committee: &Committee) -> String {
    let page = committee.world.browser().get("/policy").text();
    let at = page.find("Seats assigned to review a request").unwrap();
    page[at..].chars().take(80).collect()
}

#[test]
fn a_change_holds_from_its_day_and_for_what_is_sent_from_then_on() {
    let committee = Committee::new();
    let staff = committee.browser(STAFF);
    let before = committee.request();
    let page = staff.get("/policy/reviewers");
    assert!(page.text().contains("It has never been changed"), "{}", page.text());
    let day = (committee.world.now() + TimeDelta::days(2)).date_naive().to_string();
    let page = staff.submit(&page, "/policy/reviewers", &[("value", "4"), ("since", &day)]);
    assert!(page.text().contains("The change is saved") && page.text().contains(STAFF), "{}", page.text());
    let told = reviewers_now(&committee);
    assert!(told.contains("request 3 from 4 March 2026: 4"), "{told}");

    committee.world.wait(TimeDelta::days(3));
    assert!(reviewers_now(&committee).contains("request 4 "), "{}", reviewers_now(&committee));
    let applicant = committee.browser(APPLICANT);
    let draft = sent(&applicant);
    committee.world.see_to_duties();
    let after = draft.rsplit('/').next().unwrap().parse().unwrap();
    assert_eq!((committee.reviewers(before).len(), committee.reviewers(after).len()), (3, 4));

    // The same day once more: the newer word counts, and there is one line for that day.
    let staff = committee.browser(STAFF);
    let today = committee.world.now().date_naive().to_string();
    for value in ["5", "2"] {
        staff.submit(&staff.get("/policy/reviewers"), "/policy/reviewers", &[("value", value), ("since", &today)]);
    }
    let page = staff.get("/policy/reviewers").text();
    assert!(page.contains("Today: 2 .") && page.matches("5 March 2026").count() == 1, "{page}");
}

#[test]
fn a_value_that_makes_no_sense_or_a_day_that_has_passed_comes_back_with_why() {
    let committee = Committee::new();
    let staff = committee.browser(STAFF);
    let page = staff.get("/policy/minimum_lead_days");
    let typed = [("value", "40"), ("since", "2026-03-01")];
    let wrong = staff.submit(&page, "/policy/minimum_lead_days", &typed);
    assert_eq!(wrong.status, 422);
    for words in ["ample time from 28", "This day has passed"] {
        assert!(wrong.text().contains(words), "{}", wrong.text());
    }
    assert_eq!(staff.get("/policy/no-such-value").status, 404);
    for setting in Setting::ALL {
        let page = staff.get(&format!("/policy/{setting}"));
        assert!(page.status == 200 && page.title().contains(setting.meaning()), "{setting}");
    }
    let other = committee.browser(&member(1));
    assert_eq!(other.get("/policy/quorum").status, 403);
    assert!(!other.get("/policy").body.contains("/policy/quorum"));
    assert!(staff.get("/policy").body.contains("/policy/quorum"));
}
