//! Signing in by e-mail. Programs that check mail open every link and press buttons; strangers ask for
//! mails in other people's names; databases and logs are copied. None of it may sign anybody in.

use std::sync::{Arc, Barrier, Mutex};

use chrono::TimeDelta;
use diesel::prelude::*;
use letters::ids::AttemptId;
use letters::people::commands;
use letters::people::token::TokenKey;
use letters::store::schema::{sign_in_attempts, web_sessions};
use tracing_subscriber::fmt::format::FmtSpan;

use crate::harness::{Browser, Page, World};

pub const MARIE: &str = "marie@uni.example";

/// A browser that has asked for a mail, and the page it waits at.
fn asked(world: &World, address: &str) -> (Browser, Page) {
    let browser = world.browser();
    let wait = browser.submit(&browser.get("/sign-in?next=/account"), "/sign-in", &[("address", address)]);
    assert_eq!(wait.status, 200, "{}", wait.text());
    (browser, wait)
}

/// Attempts that are used up, tries counted, web sessions open.
fn traces(world: &World) -> (i64, i64, i64) {
    world
        .store()
        .read_now(|view| {
            let attempts = sign_in_attempts::table;
            let used = attempts.filter(sign_in_attempts::consumed_at.is_not_null()).count();
            let tries = sign_in_attempts::table.filter(sign_in_attempts::tries.gt(0)).count();
            let open = web_sessions::table.filter(web_sessions::revoked_at.is_null()).count();
            let connection = view.connection();
            Ok((used.get_result(connection)?, tries.get_result(connection)?, open.get_result(connection)?))
        })
        .unwrap()
}

pub fn is_signed_in(browser: &Browser) -> bool {
    browser.get_only("/account").status == 200
}

/// The value of a cookie that an answer sets.
fn set_cookie(page: &Page, name: &str) -> Option<String> {
    let start = format!("{name}=");
    let set = page.headers("set-cookie").into_iter().find(|set| set.starts_with(&start))?;
    set[start.len()..].split(';').next().map(str::to_owned)
}

#[test]
fn an_applicant_signs_in_with_the_link_and_out_again() {
    let world = World::new();
    let (browser, wait) = asked(&world, "  Marie@UNI.example ");
    assert!(wait.text().contains(MARIE), "{}", wait.text());
    let confirm = browser.get(&world.sign_in_mail(MARIE).link(&world));
    assert_eq!(confirm.path, "/sign-in/confirm");
    assert!(confirm.text().contains("m…@uni.example") && !confirm.text().contains(MARIE), "{}", confirm.text());
    let account = browser.submit(&confirm, "/sign-in/confirm", &[]);
    assert_eq!((account.path.as_str(), account.status), ("/account", 200));
    assert!(account.text().contains(MARIE));

    let token = &account.form("/account/name", &[]).1[0].1;
    let out = browser.post_only("/sign-out", &[("form_token", token)]);
    assert!(out.header("clear-site-data").contains("storage"));
    assert!(!is_signed_in(&browser));
    assert_eq!(traces(&world).2, 0);
}

#[test]
fn an_applicant_signs_in_with_the_code_typed_carelessly() {
    let world = World::new();
    let (browser, wait) = asked(&world, MARIE);
    let code = world.sign_in_mail(MARIE).code().to_lowercase().replace('-', " ");
    let account = browser.submit(&wait, "/sign-in/code", &[("code", &code)]);
    assert_eq!((account.path.as_str(), account.status), ("/account", 200));
}

#[test]
fn a_mistyped_address_comes_back_with_words_and_keeps_what_was_typed() {
    let world = World::new();
    let browser = world.browser();
    let again = browser.submit(&browser.get("/sign-in"), "/sign-in", &[("address", "marie@uni")]);
    assert_eq!(again.status, 422);
    assert!(again.title().starts_with("Error:") && again.text().contains("not the name of a mail domain"));
    assert_eq!(again.form("/sign-in", &[]).1.iter().find(|(name, _)| name == "address").unwrap().1, "marie@uni");
}

#[test]
fn link_get_is_inert_and_link_head_is_inert() {
    let world = World::new();
    let (browser, _) = asked(&world, MARIE);
    let link = world.sign_in_mail(MARIE).link(&world);
    let before = traces(&world);
    for _ in 0..5 {
        let scanner = world.browser();
        assert_eq!(scanner.head(&link).status, 303);
        scanner.get(&link);
        assert!(!is_signed_in(&scanner));
    }
    for _ in 0..3 {
        browser.get(&link);
    }
    assert_eq!(traces(&world), before);
    assert!(!is_signed_in(&browser));
    assert_eq!(browser.submit(&browser.get(&link), "/sign-in/confirm", &[]).path, "/account");
}

#[test]
fn another_browser_that_presses_everything_gets_nothing_and_uses_nothing_up() {
    let world = World::new();
    let (browser, wait) = asked(&world, MARIE);
    let mail = world.sign_in_mail(MARIE);
    let before = traces(&world);

    let other = world.browser();
    let page = other.get(&mail.link(&world));
    assert!(page.text().contains("Another browser asked for this mail"), "{}", page.text());
    assert!(!page.body.contains("uni.example"), "the address is not shown to it");
    assert!(!page.has_form("/sign-in/confirm"));
    let token = other.get("/sign-in").form("/sign-in", &[]).1[0].1.clone();
    let pressed = other.post("/sign-in/confirm", &[("form_token", &token)]);
    assert!(pressed.text().contains("Another browser asked"), "{}", pressed.text());
    let attempt = &wait.form("/sign-in/code", &[]).1.into_iter().find(|(name, _)| name == "attempt").unwrap().1;
    let code = mail.code();
    let typed = other.post("/sign-in/code", &[("form_token", &token), ("attempt", attempt), ("code", &code)]);
    assert_eq!(typed.status, 422);
    other.post("/sign-in/resend", &[("form_token", &token), ("attempt", attempt)]);
    assert_eq!(world.mail_to(MARIE).len(), 1);
    assert_eq!(traces(&world), before);
    assert!(!is_signed_in(&other));

    assert_eq!(browser.submit(&wait, "/sign-in/code", &[("code", &code)]).path, "/account");
}

#[test]
fn dead_links_all_look_the_same() {
    let world = World::new();
    let (browser, _) = asked(&world, MARIE);
    let link = world.sign_in_mail(MARIE).link(&world);
    let changed = format!("{}{}", &link[..link.len() - 1], if link.ends_with('A') { 'E' } else { 'A' });
    browser.submit(&browser.get(&link), "/sign-in/confirm", &[]);
    for dead in [link.as_str(), &changed, "/s/x", "/s/AAAA%0d%0aSet-Cookie:x=y"] {
        let page = world.browser().get(dead);
        assert_eq!((page.status, page.first("h1").as_str()), (200, "This link does not work any more"), "{dead}");
    }
}

#[test]
fn of_fifty_tabs_that_confirm_at_once_one_succeeds() {
    let world = World::new();
    asked(&world, MARIE);
    let mail = world.sign_in_mail(MARIE);
    let token = mail.link(&world).replace("/s/", "");
    let asker = commands::Asker {
        browser_hash: hash_of(&world, mail.attempt.unwrap()),
        known_mark: String::new(),
        network: String::new(),
        family: String::new(),
    };
    let (service, together) = (world.app.service.clone(), Barrier::new(50));
    let press = || {
        let (moment, key, asker, token) = (service.moment(), service.key.clone(), asker.clone(), token.clone());
        together.wait();
        let pressed = service.store.write_now(move |tx| commands::confirm_link(tx, &moment, &key, &asker, &token));
        matches!(pressed.unwrap(), commands::Confirmed::In(_))
    };
    let entered = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..50).map(|_| scope.spawn(press)).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).filter(|entered| *entered).count()
    });
    assert_eq!((entered, traces(&world).2), (1, 1));
}

#[test]
fn of_a_hundred_codes_tried_at_once_five_are_compared() {
    let world = World::new();
    let (_, wait) = asked(&world, MARIE);
    let attempt: AttemptId =
        wait.form("/sign-in/code", &[]).1.into_iter().find(|(name, _)| name == "attempt").unwrap().1.parse().unwrap();
    let right = world.sign_in_mail(MARIE).code();
    let service = world.app.service.clone();
    let asker = commands::Asker {
        browser_hash: hash_of(&world, attempt),
        known_mark: String::new(),
        network: String::new(),
        family: String::new(),
    };
    let guess = |typed: String| {
        let (moment, key, asker) = (service.moment(), service.key.clone(), asker.clone());
        let tried =
            service.store.write_now(move |tx| commands::confirm_code(tx, &moment, &key, &asker, attempt, &typed));
        matches!(tried.unwrap(), commands::Confirmed::In(_))
    };
    std::thread::scope(|scope| {
        for thread in 0..4 {
            let guess = &guess;
            scope.spawn(move || (0..25).for_each(|at| assert!(!guess(format!("0000-00{thread}{}", at % 10)))));
        }
    });
    let tries: i32 = world
        .store()
        .read_now(|view| {
            Ok(sign_in_attempts::table.find(attempt).select(sign_in_attempts::tries).first(view.connection())?)
        })
        .unwrap();
    assert_eq!(tries, 5);
    assert!(!guess(right), "even the right code is too late after five wrong ones");
}

fn hash_of(world: &World, attempt: AttemptId) -> String {
    let query = sign_in_attempts::table.find(attempt).select(sign_in_attempts::browser_hash);
    world.store().read_now(|view| Ok(query.first(view.connection())?)).unwrap()
}

#[test]
fn resend_keeps_first_mail_valid_and_stops_after_two() {
    let world = World::new();
    let (browser, wait) = asked(&world, MARIE);
    let first = world.sign_in_mail(MARIE);
    for _ in 0..4 {
        let same = browser.submit(&wait, "/sign-in/resend", &[]);
        assert_eq!(same.path, wait.path);
    }
    let mails = world.mail_to(MARIE);
    assert_eq!(mails.len(), 3);
    assert!(mails.iter().all(|mail| mail.code() == first.code()));
    assert_eq!(browser.submit(&browser.get(&first.link(&world)), "/sign-in/confirm", &[]).path, "/account");
}

#[test]
fn expiry_counts_from_smtp_acceptance() {
    let world = World::new();
    for (late, used, works) in
        [(0, 599, true), (0, 600, false), (15 * 60, 599, true), (25 * 60, 299, true), (25 * 60, 300, false)]
    {
        let (browser, wait) = asked(&world, MARIE);
        world.wait(TimeDelta::seconds(late));
        let code = world.sign_in_mail(MARIE).code();
        world.wait(TimeDelta::seconds(used));
        let page = browser.submit(&wait, "/sign-in/code", &[("code", &code)]);
        assert_eq!(page.path == "/account", works, "mail after {late} s, code after another {used} s");
        world.wait(TimeDelta::hours(2));
    }
}

#[test]
fn the_link_of_a_mail_ends_the_other_mails_of_the_address() {
    let world = World::new();
    let (first, _) = asked(&world, MARIE);
    let early = world.sign_in_mail(MARIE);
    world.wait(TimeDelta::minutes(1));
    let (second, _) = asked(&world, MARIE);
    second.submit(&second.get(&world.sign_in_mail(MARIE).link(&world)), "/sign-in/confirm", &[]);
    assert!(is_signed_in(&second));
    assert_eq!(first.get(&early.link(&world)).first("h1"), "This link does not work any more");
}

#[test]
fn a_stranger_who_floods_an_address_cannot_keep_its_owner_out() {
    let world = World::new();
    let home = world.signed_in(MARIE);
    world.wait(TimeDelta::days(8));
    for _ in 0..6 {
        let (_, page) = asked(&world, MARIE);
        assert_eq!(page.first("h1"), "Look into your mailbox");
    }
    assert_eq!(world.mail_to(MARIE).len(), 1 + 3, "three at once, and no more");
    world.sign_in(&home, MARIE);
    assert!(is_signed_in(&home), "a browser that has been here has a budget of its own");
    world.wait(TimeDelta::hours(1));
    let count = world.mail_to(MARIE).len();
    asked(&world, MARIE);
    assert_eq!(world.mail_to(MARIE).len(), count + 1);
}

#[test]
fn one_network_gets_five_mails_at_once_and_then_one_a_minute() {
    let world = World::new();
    for at in 0..8 {
        asked(&world, &format!("person{at}@uni.example"));
    }
    let got = |world: &World| (0..9).filter(|at| !world.mail_to(&format!("person{at}@uni.example")).is_empty()).count();
    assert_eq!(got(&world), 5);
    world.wait(TimeDelta::minutes(1));
    asked(&world, "person8@uni.example");
    assert_eq!(got(&world), 6);
}

#[test]
fn nobody_can_tell_from_the_answer_whether_an_address_has_an_account() {
    let world = World::new();
    world.signed_in(MARIE);
    let shape = |address: &str| {
        let browser = world.browser();
        let form = browser.get("/sign-in");
        let (target, fields) = form.form("/sign-in", &[("address", address)]);
        let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        let answer = browser.post_only(&target, &fields);
        let names: Vec<String> =
            answer.headers("set-cookie").iter().map(|set| set.split('=').next().unwrap().to_owned()).collect();
        let wait = browser.get(answer.header("location"));
        let masked = wait.text().replace(address, "ADDRESS");
        (answer.status, names, answer.body, wait.status, masked)
    };
    let known = shape(MARIE);
    for other in ["nobody@uni.example", "a.very.odd+address@xn--bcher-kva.example", MARIE, MARIE, MARIE] {
        assert_eq!(shape(other), known, "{other}");
    }
}

#[test]
fn dump_contains_no_usable_secret() {
    let world = World::with(&[]);
    let (browser, _) = asked(&world, MARIE);
    let mail = world.sign_in_mail(MARIE);
    let confirm = browser.get(&mail.link(&world));
    let (target, fields) = confirm.form("/sign-in/confirm", &[]);
    let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let entered = browser.post_only(&target, &fields);
    let secret = set_cookie(&entered, "session").unwrap();
    let Some(dump) = world.dump() else { return };
    assert!(dump.contains(MARIE), "the dump is one");
    let token = mail.link(&world).replace("/s/", "");
    for hidden in [secret.as_str(), &mail.code(), &mail.code().replace('-', ""), &token, &token[22..]] {
        assert!(!dump.contains(hidden), "{hidden} stands in the database");
    }
}

/// What the service has logged.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl std::io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[test]
fn logs_contain_no_token() {
    let log = Log::default();
    let writer = log.clone();
    tracing_subscriber::fmt()
        .with_env_filter("info,actix_web=trace,letters=trace")
        .with_span_events(FmtSpan::FULL)
        .with_ansi(false)
        .with_writer(move || writer.clone())
        .init();
    let world = World::new();
    let (browser, _) = asked(&world, "quiet@uni.example");
    let mail = world.sign_in_mail("quiet@uni.example");
    let link = mail.link(&world);
    browser.submit(&browser.get(&link), "/sign-in/confirm", &[]);
    let text = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
    assert!(text.contains("/s/{token}") && text.contains("answered"), "{text}");
    let secret = browser.cookie("session").unwrap();
    for hidden in [link.trim_start_matches("/s/"), &mail.code(), &secret, "quiet@uni.example"] {
        assert!(!text.contains(hidden), "{hidden} stands in the log");
    }
}

#[test]
fn without_the_key_a_link_cannot_be_made() {
    let world = World::new();
    let (browser, _) = asked(&world, MARIE);
    let attempt = world.sign_in_mail(MARIE).attempt.unwrap();
    let other_key = TokenKey::new([0; 32]);
    let now = world.now();
    let forged = world.store().read_now(move |view| commands::secrets_for_mail(view, &other_key, attempt, now));
    let page = browser.get(&forged.unwrap().unwrap().path);
    assert_eq!(page.first("h1"), "This link does not work any more");
}

#[test]
fn host_header_never_in_links() {
    let world = World::new();
    let browser = world.browser();
    let form = browser.get("/sign-in");
    let (_, fields) = form.form("/sign-in", &[("address", MARIE)]);
    let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let answer = browser.post_with(
        "/sign-in",
        &fields,
        &[("x-forwarded-host", "evil.example"), ("forwarded", "host=evil.example")],
    );
    assert!(answer.header("location").starts_with("/sign-in/wait"));
    let mail = &world.mail_to(MARIE)[0];
    assert!(mail.text.contains(world.address()) && !mail.text.contains("evil") && !mail.html.contains("evil"));
}

#[test]
fn next_key_never_leaves_origin() {
    let world = World::new();
    for next in [
        "https://evil.example",
        "//evil.example",
        "/\\evil.example",
        "%09//evil.example",
        "invite:x",
        "/requests/../../x",
    ] {
        let browser = world.browser();
        let form = browser.get(&format!("/sign-in?next={next}"));
        let sent = form.form("/sign-in", &[]).1.into_iter().find(|(name, _)| name == "next").unwrap().1;
        assert_eq!(sent, "start", "{next}");
    }
}

#[test]
fn token_pages_are_kept_by_nobody_and_tell_no_other_site() {
    let world = World::new();
    let (browser, wait) = asked(&world, MARIE);
    let link = world.sign_in_mail(MARIE).link(&world);
    for page in [browser.get_only(&link), browser.get("/sign-in/confirm"), wait, browser.get("/sign-in")] {
        assert_eq!(page.header("cache-control"), "no-store", "{}", page.path);
        assert_eq!(page.header("referrer-policy"), "strict-origin", "{}", page.path);
        assert_eq!(page.header("x-robots-tag"), "noindex", "{}", page.path);
    }
}
