//! Web sessions, the account page, and invitations to a role.

use chrono::TimeDelta;
use diesel::prelude::*;
use letters::store::schema::web_sessions;

use crate::harness::{Browser, World};
use crate::people::{MARIE, is_signed_in};

#[test]
fn session_rotates_on_signin_and_a_planted_cookie_is_ignored() {
    let world = World::new();
    let browser = world.browser().with_cookie("session", "planted-by-somebody-else-0000000000000000000");
    world.sign_in(&browser, MARIE);
    let first = browser.cookie("session").unwrap();
    assert!(!first.starts_with("planted"));
    let token = browser.get("/account").form("/account/name", &[]).1[0].1.clone();
    browser.post("/sign-in", &[("form_token", &token), ("address", MARIE)]);
    let confirm = browser.get(&world.sign_in_mail(MARIE).link(&world));
    browser.submit(&confirm, "/sign-in/confirm", &[]);
    let second = browser.cookie("session").unwrap();
    assert_ne!(first, second);
    assert!(is_signed_in(&browser));
    assert!(!is_signed_in(&world.browser().with_cookie("session", &first)), "the first one is over");
}

#[test]
fn the_secret_of_a_web_session_is_renewed_every_day_without_anybody_noticing() {
    let world = World::new();
    let browser = world.signed_in(MARIE);
    let first = browser.cookie("session").unwrap();
    world.wait(TimeDelta::hours(24));
    let side_by_side = world.browser().with_cookie("session", &first);
    assert!(is_signed_in(&browser));
    assert_ne!(browser.cookie("session").unwrap(), first);
    assert!(is_signed_in(&side_by_side), "a page asked for at the same moment");
    world.wait(TimeDelta::minutes(2));
    assert!(!is_signed_in(&side_by_side) && is_signed_in(&browser));
}

#[test]
fn a_web_session_ends_when_it_is_not_used_and_when_it_is_old() {
    let world = World::new();
    let browser = world.signed_in(MARIE);
    world.wait(TimeDelta::days(7) - TimeDelta::seconds(1));
    assert!(is_signed_in(&browser));
    world.wait(TimeDelta::days(7));
    assert!(!is_signed_in(&browser));
    let busy = world.signed_in(MARIE);
    for _ in 0..29 {
        world.wait(TimeDelta::days(1));
        assert!(is_signed_in(&busy));
    }
    world.wait(TimeDelta::days(1));
    assert!(!is_signed_in(&busy));
}

#[test]
fn another_browser_is_told_of_by_mail_and_can_be_signed_out_from_the_account() {
    let world = World::new();
    let home = world.signed_in(MARIE);
    assert!(world.mail_to(MARIE).iter().all(|mail| mail.kind != "new-sign-in"), "the first sign-in is no news");
    let away = world.signed_in(MARIE);
    assert_eq!(world.mail_to(MARIE).iter().filter(|mail| mail.kind == "new-sign-in").count(), 1);
    let account = home.get("/account");
    let after = home.submit(&account, "/account/sessions/end", &[]);
    assert!(after.text().contains("signed out"), "{}", after.text());
    assert!(is_signed_in(&home) && !is_signed_in(&away));
}

#[test]
fn a_web_session_of_somebody_else_cannot_be_ended() {
    let world = World::new();
    let (home, stranger) = (world.signed_in(MARIE), world.signed_in("other@uni.example"));
    let find = web_sessions::table.select(web_sessions::id).order(web_sessions::id);
    let of_marie: letters::ids::SessionId = world.store().read_now(|view| Ok(find.first(view.connection())?)).unwrap();
    let token = stranger.get("/account").form("/account/name", &[]).1[0].1.clone();
    let fields = [("form_token", token.as_str()), ("session", of_marie.as_str())];
    assert_eq!(stranger.post("/account/sessions/end", &fields).status, 404);
    assert!(is_signed_in(&home));
}

#[test]
fn the_eleventh_web_session_ends_the_one_not_used_for_longest() {
    let world = World::new();
    let browsers: Vec<Browser> = (0..11)
        .map(|_| {
            world.wait(TimeDelta::hours(1));
            world.signed_in(MARIE)
        })
        .collect();
    let signed_in: Vec<bool> = browsers.iter().map(is_signed_in).collect();
    assert_eq!(signed_in.iter().filter(|signed_in| **signed_in).count(), 10);
    assert!(!signed_in[0]);
}

#[test]
fn the_first_member_of_staff_begins_with_a_link_that_works_once() {
    let world = World::new();
    let link = world.app.first_staff_link().unwrap().unwrap();
    world.browser().get(&link);
    let browser = world.browser();
    let invited = browser.get(&link);
    assert_eq!(invited.path, "/invite");
    browser.submit(&invited, "/invite", &[("address", "staff@iiif.example")]);
    let confirm = browser.get(&world.sign_in_mail("staff@iiif.example").link(&world));
    let account = browser.submit(&confirm, "/sign-in/confirm", &[]);
    assert_eq!(account.path, "/account");
    assert!(account.text().contains("You are staff of the Consortium"), "{}", account.text());
    assert_eq!(world.browser().get(&link).status, 404);
    assert!(world.app.first_staff_link().unwrap().is_none());
}

#[test]
fn an_invitation_gives_nothing_to_another_address_and_ends_after_three_days() {
    let world = World::new();
    let link = world.app.invite_staff("staff@iiif.example".parse().unwrap()).unwrap();
    let browser = world.browser();
    let refused = browser.submit(&browser.get(&link), "/invite", &[("address", MARIE)]);
    assert_eq!(refused.status, 422);
    assert!(refused.text().contains("for another address"), "{}", refused.text());
    world.wait(TimeDelta::hours(72));
    assert_eq!(world.browser().get(&link).status, 404);
}

#[test]
fn a_role_hangs_on_the_person_and_not_on_what_is_typed_as_address() {
    let world = World::new();
    world.staff();
    for typed in ["staff+x@iiif.example", "s.taff@iiif.example", "staff@sub.iiif.example"] {
        let browser = world.signed_in(typed);
        assert!(!browser.get("/account").text().contains("You are staff"), "{typed}");
        world.wait(TimeDelta::hours(1));
    }
    assert!(world.signed_in("STAFF@IIIF.example").get("/account").text().contains("You are staff"));
}

#[test]
fn a_name_is_saved_and_shown() {
    let world = World::new();
    let browser = world.signed_in(MARIE);
    let account = browser.submit(&browser.get("/account"), "/account/name", &[("name", "  Marie <b>Curie</b> ")]);
    assert!(account.text().contains("Your name is saved"), "{}", account.text());
    assert_eq!(account.first(".account-name"), "Marie <b>Curie</b>");
    let refused = browser.submit(&account, "/account/name", &[("name", " ")]);
    assert_eq!(refused.status, 422);
}
