//! Three questions before the form, as a stranger meets them.

use crate::harness::{Browser, Page, World};

#[test]
fn a_stranger_answers_three_questions_and_is_told_what_to_do_and_why() {
    let world = World::new();
    let stranger = world.browser();
    assert!(stranger.get("/").has_link("/suitability"));
    let blank = stranger.get("/suitability");
    assert_eq!((blank.status, blank.count("[data-wrong]")), (200, 0));

    let faulty = stranger.get("/suitability?deadline=&wanted=support&funder=NEH");
    assert_eq!((faulty.status, faulty.count("[data-wrong]")), (422, 2), "{}", faulty.text());
    assert_eq!(faulty.count("input[name='wanted'][value='support'][checked]"), 1, "what was answered is kept");

    let deadline = (world.now() + chrono::TimeDelta::days(60)).date_naive();
    let asked = |relation: &str, wanted: &str, funder: &str| {
        stranger.get(&format!("/suitability?relation={relation}&deadline={deadline}&wanted={wanted}&funder={funder}"))
    };
    let ahead = asked("content", "support", "");
    assert!(ahead.text().contains("Go ahead") && ahead.has_form("/requests/new"), "{}", ahead.text());
    let refused = asked("content", "support", "National+Science+Foundation");
    assert!(refused.text().contains("Talk to us first"), "{}", refused.text());
    assert!(
        refused.text().contains("a letter of collaboration, and not a letter of support"),
        "the funder’s own rules: {}",
        refused.text()
    );
    let not_ours = asked("nothing", "other", "");
    assert!(not_ours.text().contains("This is not something we can support"), "{}", not_ours.text());
    assert!(!not_ours.has_form("/requests/new") && !not_ours.has_link("/requests/new"));
}

/// The draft that a browser begins from the page it is on.
fn begun(browser: &Browser, page: &Page) -> Page {
    let draft = browser.submit(page, "/requests", &[]);
    assert_eq!(draft.status, 200, "{}", draft.text());
    draft
}

#[test]
fn the_answers_go_into_the_request_that_is_begun_with_them_also_over_the_signing_in() {
    let world = World::new();
    let deadline = (world.now() + chrono::TimeDelta::days(60)).date_naive();
    let answers = format!("relation=content&deadline={deadline}&wanted=collaboration&funder=A+%22fine%22+funder");
    let known = world.signed_in("ada@uni.example");
    assert!(known.get("/requests/new").has_link("/suitability"), "whoever did not check is offered to");
    let go_ahead = |browser: &Browser| {
        let page = browser.get(&format!("/suitability?{answers}"));
        let (path, fields) = page.form("/requests/new", &[]);
        let pairs: Vec<String> = fields
            .iter()
            .map(|(name, value)| format!("{name}={}", value.replace(' ', "+").replace('"', "%22")))
            .collect();
        browser.get(&format!("{path}?{}", pairs.join("&")))
    };
    let stranger = world.browser();
    let sign_in = go_ahead(&stranger);
    assert!(sign_in.path.starts_with("/sign-in"), "{}", sign_in.path);
    world.sign_in(&stranger, "bo@uni.example");
    for (browser, start) in [(&known, go_ahead(&known)), (&stranger, stranger.get("/requests/new"))] {
        let text = start.text();
        assert!(text.contains("A \"fine\" funder") && text.contains("Letter of collaboration"), "{text}");
        assert!(!start.has_link("/suitability"), "whoever has checked is not sent there again");
        let draft = begun(browser, &start);
        let form = |section: &str| browser.get(&format!("{}/edit/{section}", draft.path));
        let funder = form("funder");
        assert_eq!(funder.attribute("#funder", "value"), "A \"fine\" funder");
        assert_eq!(funder.attribute("#deadline_date", "value"), deadline.to_string());
        assert_eq!(form("letter").count("[name=letter_kind][value=collaboration][checked]"), 1);
        // What was answered goes into one request.
        let next = begun(browser, &browser.get("/requests/new"));
        assert_eq!(browser.get(&format!("{}/edit/funder", next.path)).attribute("#funder", "value"), "");
    }
}
