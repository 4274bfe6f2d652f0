//! What holds for every page.

use diesel::prelude::*;
use letters::store::next_number;
use letters::store::schema::counters;

use crate::harness::World;

#[test]
fn a_service_that_is_well_says_so() {
    let world = World::new();
    let page = world.browser().get("/healthz");
    assert_eq!((page.status, page.body.as_str()), (200, "ok\n"));
}

#[test]
fn an_address_that_leads_nowhere_offers_ways_onward() {
    let world = World::new();
    let page = world.browser().get("/no-such-page");
    assert_eq!(page.status, 404);
    assert!(page.has_link("/faq") && page.has_link("/verify"));
}

#[test]
fn every_answer_carries_the_security_headers() {
    let world = World::new();
    for path in ["/healthz", "/no-such-page"] {
        let page = world.browser().get(path);
        assert!(page.header("content-security-policy").contains("default-src 'none'"), "{path}");
        assert_eq!(page.header("x-content-type-options"), "nosniff", "{path}");
        assert_eq!(page.header("referrer-policy"), "same-origin", "{path}");
    }
}

#[test]
fn a_form_from_another_site_is_refused() {
    let world = World::new();
    let page = world.browser().post_from("https://evil.example", "/sign-in", &[("address", "a@b.example")]);
    assert_eq!(page.status, 403);
}

#[test]
fn what_is_read_together_is_of_one_state_and_a_reader_writes_nothing() {
    let world = World::new();
    let store = world.store().clone();
    let numbers = || counters::table.select(counters::value).filter(counters::name.eq("test"));
    let next = || store.write_now(|tx| next_number(tx, "test")).unwrap();
    next();
    let read: (i64, i64) = store
        .read_now(|view| {
            let before = numbers().first(view.connection())?;
            next();
            Ok((before, numbers().first(view.connection())?))
        })
        .unwrap();
    assert_eq!((read, next()), ((1, 1), 3));
    let tried = store.read_now(|view| Ok(diesel::delete(counters::table).execute(view.connection())?));
    assert!(tried.is_err());
    assert_eq!(next(), 4, "and the connection is still of use");
}
