//! What is typed is kept while somebody types, before any button is pressed: of the form, and of a seat's review.

use crate::harness::{Browser, Page, World};
use crate::request::begun;
use crate::review::review;
use crate::review::world::{ALTERNATE, Committee, STAFF, member};

/// Sends the form as its page does by itself while somebody types.
fn typing(browser: &Browser, page: &Page, action: &str, values: &[(&str, &str)]) -> Page {
    let (target, mut fields) = page.form(action, values);
    fields.push(("as_typed".into(), "yes".into()));
    let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    browser.post_only(&target, &fields)
}

/// What the form of `page` has in `field`.
fn has(page: &Page, action: &str, field: &str) -> String {
    let (_, fields) = page.form(action, &[]);
    fields.into_iter().find(|(name, _)| name == field).map(|(_, value)| value).unwrap_or_default()
}

#[test]
fn half_a_section_is_kept_and_the_next_device_goes_on_from_there() {
    let world = World::new();
    let ada = world.signed_in("ada@uni.example");
    let path = begun(&ada);
    let page = ada.get(&format!("{path}/edit/project"));
    assert_eq!(page.count("form[data-as-typed]"), 1);
    let kept = typing(&ada, &page, "/edit/project", &[("title", "Half a ti")]);
    assert_eq!((kept.status, kept.body.as_str()), (204, ""), "what is wrong is told when the button is pressed");
    let goes_on = typing(&ada, &page, "/edit/project", &[("title", "Half a title"), ("seen", kept.header("seen"))]);
    assert_eq!(goes_on.status, 204);
    let elsewhere = ada.get(&format!("{path}/edit/project"));
    assert_eq!(has(&elsewhere, "/edit/project", "title"), "Half a title");
    assert_eq!(has(&elsewhere, "/edit/project", "seen"), goes_on.header("seen"));

    // A page that still carries what it showed at first is told, as with the button.
    assert_eq!(typing(&ada, &page, "/edit/project", &[("title", "Another title")]).status, 409);
    let whole = [("title", "A whole title"), ("seen", goes_on.header("seen"))];
    assert_eq!(ada.submit(&page, "/edit/project", &whole).status, 422, "the summary is missing");
    assert!(ada.get(&path).text().contains("A whole title"));
}

#[test]
fn the_time_that_is_left_is_told_while_the_deadline_is_typed() {
    let world = World::new();
    let ada = world.signed_in("ada@uni.example");
    let path = begun(&ada);
    let page = ada.get(&format!("{path}/edit/funder"));
    assert_eq!((page.count("[role=status][data-told]"), page.count("[data-told] .notice")), (1, 0));
    let mut seen = page.attribute("[name=seen]", "value");
    for (date, needed, tone, words) in [
        ("2026-03-03", "", "bad", "The deadline is tomorrow."),
        ("2026-03-20", "", "warn", "The deadline is in 18 days,"),
        ("2026-05-01", "", "info", "The deadline is in 60 days."),
        (
            "2026-05-01",
            "2026-03-20",
            "warn",
            "You need the letter in 18 days, on 20 March 2026, so it may not be ready by then.",
        ),
        ("2026-05-01", "2026-03-04", "bad", "do not count on it"),
    ] {
        let typed = [
            ("deadline_date", date),
            ("deadline_time", "17:00"),
            ("deadline_zone", "Europe/London"),
            ("needed_by", needed),
            ("seen", seen.as_str()),
        ];
        let kept = typing(&ada, &page, "/edit/funder", &typed);
        assert_eq!(kept.status, 200);
        assert!(kept.body.contains(&format!("data-tone=\"{tone}\"")) && kept.text().contains(words), "{}", kept.body);
        assert!(!kept.body.contains("<html"), "a piece and no page: {}", kept.body);
        kept.header("seen").clone_into(&mut seen);
        // The same is told on the list of parts, and when the section is opened again.
        for page in [ada.get(&path), ada.get(&format!("{path}/edit/funder"))] {
            assert!(page.text().contains(words) && page.count(&format!(".notice[data-tone={tone}]")) == 1, "{words}");
        }
    }
    let gone = typing(&ada, &page, "/edit/funder", &[("deadline_date", ""), ("seen", &seen)]);
    assert_eq!((gone.status, gone.body.trim()), (200, ""), "without a deadline nothing is told");
}

#[test]
fn half_a_review_is_kept_and_another_of_the_seat_does_not_type_over_it() {
    let committee = Committee::new();
    let id = committee.request();
    committee.world.see_to_duties();
    let path = format!("/requests/{id}/review");
    let [one, other] = [member(1), ALTERNATE.to_owned()].map(|address| committee.browser(&address));
    one.submit(&one.get(&path), "/conflict", &[("conflict", "none")]);
    let (page, others) = (one.get(&path), other.get(&path));
    assert_eq!(page.count("form[data-as-typed]"), 1);

    let kept = typing(&one, &page, "/review", &[("rating-relevance", "met"), ("for_committee", "It is a good")]);
    assert_eq!((kept.status, kept.body.as_str()), (204, ""));
    assert_eq!(has(&one.get(&path), "/review", "for_committee"), "It is a good");
    assert_eq!(
        typing(&one, &page, "/review", &[("for_committee", &"a".repeat(8_001)), ("seen", kept.header("seen"))]).status,
        422
    );

    // The other has the older page: while typing and by each button nothing is overwritten, and what was typed stays.
    let typed = [("for_committee", "I doubt it"), ("stance", "support")];
    assert_eq!(typing(&other, &others, "/review", &typed).status, 409);
    for button in [&[("save", "yes")][..], &[]] {
        let told = other.submit(&others, "/review", &[&typed, button].concat());
        assert_eq!(told.status, 409);
        assert!(told.title().starts_with("Error:") && told.text().contains("Somebody of your seat was faster"));
        assert!(
            told.text().contains("Compare what you typed") && told.text().contains("It is a good"),
            "{}",
            told.text()
        );
        assert_eq!(has(&told, "/review", "for_committee"), "I doubt it");
        assert_eq!(has(&one.get(&path), "/review", "for_committee"), "It is a good");
        if button.is_empty() {
            let saved = other.submit(&told, "/review", &[("save", "yes")]);
            assert!(saved.text().contains("The draft is saved"), "who has seen both may choose: {}", saved.text());
        }
    }
    assert_eq!(has(&one.get(&path), "/review", "for_committee"), "I doubt it");
}

#[test]
fn what_is_typed_after_sending_is_kept_and_what_was_sent_stands_until_it_is_sent_again() {
    let committee = Committee::new();
    let id = committee.request();
    committee.world.see_to_duties();
    let path = format!("/requests/{id}/review");
    let browser = committee.browser(&member(1));
    let page = committee.declare(&browser, id);
    let sent = browser.submit(&page, "/review", &review("support", ""));
    assert_eq!(sent.count("form[data-as-typed]"), 1, "{}", sent.text());
    let typed = [("stance", "object"), ("reason", "It commits to")];
    let kept = typing(&browser, &sent, "/review", &typed);
    assert_eq!(kept.status, 204);
    let motion = || committee.browser(STAFF).get(&format!("/requests/{id}/motion")).text();
    assert!(
        motion().contains("Institution 01: Supports") && !motion().contains("An objection is open"),
        "{}",
        motion()
    );

    let again = browser.get(&path);
    assert_eq!(has(&again, "/review", "reason"), "It commits to");
    assert!(again.text().contains("Changes that are not sent"), "{}", again.text());
    assert!(!again.text().contains("An objection is open"), "{}", again.text());
    // Another window, which has the older page, does not type over it.
    assert_eq!(typing(&browser, &sent, "/review", &[("reason", "Older")]).status, 409);

    let back = browser.submit(&again, "/review", &[("back", "yes")]);
    assert_eq!(has(&back, "/review", "stance"), "support");
    assert!(!back.text().contains("Changes that are not sent"), "{}", back.text());

    typing(&browser, &back, "/review", &typed);
    let again = browser.get(&path);
    let sent = browser.submit(&again, "/review", &[("reason", "It commits to nothing.")]);
    assert!(!sent.text().contains("Changes that are not sent"), "{}", sent.text());
    assert!(
        motion().contains("Institution 01: Objects") && motion().contains("It commits to nothing."),
        "{}",
        motion()
    );
}
