//! Three questions before the form, as a stranger meets them.

use crate::harness::World;

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
    assert!(ahead.text().contains("Go ahead") && ahead.has_link("/requests/new"), "{}", ahead.text());
    let refused = asked("content", "support", "National+Science+Foundation");
    assert!(refused.text().contains("Talk to us first"), "{}", refused.text());
    assert!(
        refused.text().contains("a letter of collaboration, and not a letter of support"),
        "the funder’s own rules: {}",
        refused.text()
    );
    let not_ours = asked("nothing", "other", "");
    assert!(not_ours.text().contains("This is not something we can support"), "{}", not_ours.text());
    assert_eq!(not_ours.count("main a[href='/requests/new']"), 0);
}
