//! Signing in by e-mail, and the account.

use crate::harness::World;

const MARIE: &str = "marie@uni.example";

#[test]
fn an_applicant_signs_in_with_the_link_and_out_again() {
    let world = World::new();
    let browser = world.browser();
    let form = browser.get("/sign-in?next=/account");
    let wait = browser.submit(&form, "/sign-in", &[("address", "  Marie@UNI.example ")]);
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
    assert!(browser.get("/account").path.starts_with("/sign-in"));
}

#[test]
fn an_applicant_signs_in_with_the_code() {
    let world = World::new();
    let browser = world.browser();
    let wait = browser.submit(&browser.get("/sign-in"), "/sign-in", &[("address", MARIE), ("next", "account")]);
    let code = world.sign_in_mail(MARIE).code().to_lowercase().replace('-', " ");
    let account = browser.submit(&wait, "/sign-in/code", &[("code", &code)]);
    assert_eq!((account.path.as_str(), account.status), ("/account", 200));
}
