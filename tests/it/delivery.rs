//! Mail from the outbox to its reader, also when the mail server or the worker itself fails.

use chrono::TimeDelta;
use letters::ids::MailId;
use letters::workflow::delivery::message::MailState;
use letters::workflow::delivery::outbox::{self, Message};
use letters::workflow::delivery::retry::Reply;
use letters::workflow::delivery::store::{self, Kept};
use letters::workflow::delivery::transport::Transport;

use crate::harness::{Page, World};
use crate::sink::{Fault, Sink};

fn message(to: &str) -> Message {
    Message {
        kind: "test",
        request: None,
        attempt: None,
        co_signer: None,
        to_address: to.to_owned(),
        to_name: "Anne".to_owned(),
        subject: "A subject".to_owned(),
        text: "A text.".to_owned(),
        expires_at: None,
    }
}

fn queue(world: &World, message: Message) -> MailId {
    let moment = world.app.service.moment();
    world.store().write_now(move |tx| outbox::queue(tx, &moment, &message)).unwrap()
}

fn kept(world: &World, id: MailId) -> Kept {
    world.store().read_now(|view| store::find(view, id)).unwrap().unwrap()
}

/// The page may neither run nor load anything, whatever is in it.
fn is_alone(page: &Page) {
    let policy = page.header("content-security-policy").to_owned();
    assert!(policy.starts_with("sandbox") && !policy.contains("allow-scripts"), "{policy}");
    assert!(policy.contains("default-src 'none'") && policy.contains("frame-ancestors 'none'"), "{policy}");
    assert_eq!(page.headers("content-security-policy").len(), 1);
}

#[test]
fn staff_read_both_forms_of_a_mail() {
    let world = World::new();
    let staff = world.staff();
    let id = queue(
        &world,
        Message { text: "Read <it> here:\n\n  https://letters.example/x".to_owned(), ..message("anne@uni.example") },
    );
    let mail = staff.get(&format!("/outbox/{id}"));
    assert!(mail.first_raw("div.said").contains("Read <it> here:\n\n  https://letters.example/x"), "{}", mail.text());
    let as_html = format!("/outbox/{id}/html");
    assert!(mail.has_link(&as_html));
    let html = staff.get(&as_html);
    assert_eq!(
        (html.first("a strong"), html.attribute("a", "href")),
        ("Read <it> here:".into(), "https://letters.example/x".into())
    );
    is_alone(&html);
    assert_eq!(world.signed_in("ada@uni.example").get(&as_html).status, 403);
    assert_eq!(staff.get(&format!("/outbox/{}/html", MailId::fresh())).status, 404);
}

#[test]
fn staff_see_why_a_mail_failed_and_send_it_again() {
    let world = World::new();
    let browser = world.staff();
    world.mails();
    let id = queue(&world, message("anne@uni.example"));
    world.post.answer_next(Reply::Permanent("550 no such mailbox".to_owned()));
    world.deliver();
    let list = browser.get("/outbox?state=failed");
    assert!(list.text().contains("A subject") && list.has_link(&format!("/outbox/{id}")), "{}", list.text());
    let mail = browser.get(&format!("/outbox/{id}"));
    assert!(mail.text().contains("550 no such mailbox"), "{}", mail.text());
    let after = browser.submit(&mail, "/again", &[]);
    assert!(after.text().contains("on its way again"), "{}", after.text());
    let twice = browser.submit(&mail, "/again", &[]);
    assert_eq!(twice.status, 409, "{}", twice.text());
    assert_eq!(world.mails().len(), 1);
    assert_eq!(kept(&world, id).state, MailState::Sent);
    assert!(!browser.get(&format!("/outbox/{id}")).has_form("/again"));
}

#[test]
fn the_outbox_never_shows_a_link_to_sign_in_with() {
    let world = World::new();
    let staff = world.staff();
    let page = world.browser();
    page.submit(&page.get("/sign-in"), "/sign-in", &[("address", "bob@uni.example")]);
    let sent = world.mails().pop().unwrap();
    let secret = sent.text.split_whitespace().find(|word| word.contains("/s/")).unwrap().to_owned();
    let token = secret.rsplit('/').next().unwrap();
    let link = staff.get("/outbox").links().into_iter().find(|link| link.starts_with("/outbox/")).unwrap();
    let shown = staff.get(&link);
    assert!(shown.text().contains("bob@uni.example"), "{}", shown.text());
    assert!(!shown.body.contains(token));
    let mailbox = staff.get(&link.replace("/outbox/", "/mailbox/"));
    assert!(mailbox.has_link(&secret), "{}", mailbox.text());
}

#[test]
fn a_sign_in_mail_goes_out_with_its_link_and_its_time_runs_from_then() {
    let world = World::new();
    let browser = world.browser();
    browser.submit(&browser.get("/sign-in"), "/sign-in", &[("address", "anne@uni.example")]);
    world.wait(TimeDelta::minutes(15));
    let mail = world.mails().pop().unwrap();
    let link = mail.text.split_whitespace().find(|word| word.contains("/s/")).unwrap();
    world.wait(TimeDelta::minutes(9));
    let confirm = browser.get(link);
    let page = browser.submit(&confirm, "/sign-in/confirm", &[]);
    assert_eq!(page.status, 200, "{}", page.text());
}

#[test]
fn a_queued_mail_is_sent_once_with_the_servers_words_kept() {
    let world = World::new();
    let id = queue(&world, message("anne@uni.example"));
    let mails = world.mails();
    assert_eq!(mails.len(), 1);
    assert_eq!((mails[0].to.address(), mails[0].text.as_str()), ("anne@uni.example", "A text."));
    assert_eq!(world.deliver(), 0);
    let kept = kept(&world, id);
    assert_eq!((kept.state, kept.tries, kept.sent_at), (MailState::Sent, 1, Some(world.now())));
    assert_eq!(kept.reply.as_deref(), Some("250 kept in memory"));
    assert_eq!(mails[0].message_id.as_str(), kept.message_id);
}

#[test]
fn a_message_that_would_break_its_headers_is_not_even_queued() {
    let world = World::new();
    let moment = world.app.service.moment();
    for (subject, to) in [("A\r\nBcc: x@y.example", "a@b.example"), ("A", "a@b.example, c@d.example")] {
        let (moment, broken) = (moment.clone(), Message { subject: subject.to_owned(), ..message(to) });
        assert!(world.store().write_now(move |tx| outbox::queue(tx, &moment, &broken)).is_err());
    }
    assert_eq!(world.mails().len(), 0);
}

#[test]
fn a_busy_server_is_asked_again_after_1_5_15_and_60_minutes() {
    let world = World::new();
    let id = queue(&world, message("anne@uni.example"));
    for minutes in [1, 5, 15, 60] {
        world.post.answer_next(Reply::Transient("451 busy".to_owned()));
        assert_eq!(world.deliver(), 1, "before {minutes} minutes");
        assert_eq!(kept(&world, id).state, MailState::Queued);
        world.wait(TimeDelta::minutes(minutes) - TimeDelta::seconds(1));
        assert_eq!(world.deliver(), 0, "a second before {minutes} minutes");
        world.wait(TimeDelta::seconds(1));
    }
    assert_eq!(world.mails().len(), 1);
    assert_eq!(kept(&world, id).tries, 5);
}

#[test]
fn a_refused_mail_is_kept_with_the_servers_words_and_not_tried_again() {
    let world = World::new();
    let id = queue(&world, message("anne@uni.example"));
    world.post.answer_next(Reply::Permanent("550 no such mailbox".to_owned()));
    world.deliver();
    world.wait(TimeDelta::days(1));
    assert_eq!(world.deliver(), 0);
    let kept = kept(&world, id);
    assert_eq!(kept.state, MailState::Failed);
    assert!(kept.reply.is_some_and(|words| words.contains("550 no such mailbox")));
}

#[test]
fn a_mail_whose_time_has_passed_is_dropped_and_says_why() {
    let world = World::new();
    let late = Message { expires_at: Some(world.now() + TimeDelta::minutes(30)), ..message("anne@uni.example") };
    let id = queue(&world, late);
    world.wait(TimeDelta::minutes(30));
    assert_eq!(world.mails().len(), 0);
    let kept = kept(&world, id);
    assert_eq!(kept.state, MailState::Dropped);
    assert!(kept.reply.is_some_and(|words| words.contains("time had passed")));
}

#[test]
fn each_readers_mail_arrives_in_the_order_it_was_written() {
    let world = World::new();
    for number in 0..20 {
        let to = if number % 2 == 0 { "anne@uni.example" } else { "bob@uni.example" };
        queue(&world, Message { subject: format!("{number:02}"), ..message(to) });
        world.wait(TimeDelta::milliseconds(1));
    }
    let mails = world.mails();
    for reader in ["anne@uni.example", "bob@uni.example"] {
        let subjects: Vec<&str> =
            mails.iter().filter(|mail| mail.to.address() == reader).map(|mail| mail.subject.as_str()).collect();
        assert_eq!(subjects.len(), 10);
        assert!(subjects.is_sorted(), "{subjects:?}");
    }
}

#[test]
fn of_two_workers_on_one_queue_only_one_sends_a_mail() {
    let world = World::new();
    for number in 0..60 {
        queue(&world, message(&format!("reader{number}@uni.example")));
    }
    std::thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| world.deliver());
        }
    });
    let mut ids: Vec<String> = world.post.drain().iter().map(|mail| mail.outgoing.message_id.to_string()).collect();
    assert_eq!(ids.len(), 60);
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), 60);
}

/// A worker dies after it has claimed a mail: the mail waits for its lease to run out and then goes again.
#[test]
fn the_mail_of_a_worker_that_died_goes_again_under_the_same_message_id() {
    let world = World::new();
    let id = queue(&world, message("anne@uni.example"));
    world.run(async {
        let sink = Sink::with(&[Fault::Silence(".")]).await;
        let doomed = world.app.worker_with(Transport::smtp(&sink.address).unwrap()).unwrap();
        let task = tokio::spawn(async move { doomed.send_all().await.is_ok() });
        while sink.waiting() == 0 {
            tokio::time::sleep(std::time::Duration::from_millis(10)).await;
        }
        task.abort();
        assert!(task.await.is_err());
    });
    assert_eq!(world.deliver(), 0, "the lease still holds");
    world.wait(TimeDelta::minutes(5));
    let mails = world.mails();
    assert_eq!(mails.len(), 1);
    let kept = kept(&world, id);
    assert_eq!((kept.state, kept.tries), (MailState::Sent, 2));
    assert_eq!(mails[0].message_id.as_str(), kept.message_id);
}

#[test]
fn a_trial_installation_reaches_only_the_addresses_on_its_list_and_says_so() {
    let world = World::with(&[("MAIL_ALLOW", "anne@uni.example, @iiif.example")]);
    queue(&world, message("anne@uni.example"));
    queue(&world, message("staff@iiif.example"));
    let kept_back = queue(&world, message("bob@uni.example"));
    let mails = world.mails();
    let mut readers: Vec<&str> = mails.iter().map(|mail| mail.to.address()).collect();
    readers.sort_unstable();
    assert_eq!(readers, ["anne@uni.example", "staff@iiif.example"]);
    assert!(mails.iter().all(|mail| mail.subject.as_str() == "[Trial] A subject"));
    assert_eq!(kept(&world, kept_back).state, MailState::Failed);
}

#[test]
fn without_a_mail_server_the_mailbox_shows_mail_on_this_machine_alone() {
    let world = World::new();
    let browser = world.browser();
    let written = Message {
        subject: "<b>Bold</b> {{ 1 + 1 }}".to_owned(),
        text: format!("Go to {}/requests\nor to https://evil.example/", world.address()),
        ..message("anne@uni.example")
    };
    let id = queue(&world, written);
    let list = browser.get("/mailbox");
    assert_eq!(list.status, 200);
    assert!(list.text().contains("<b>Bold</b> {{ 1 + 1 }}") && list.text().contains("does not leave this machine"));
    let mail = browser.get(&format!("/mailbox/{id}"));
    assert!(mail.has_link(&format!("{}/requests", world.address())));
    assert!(!mail.has_link("https://evil.example/"));
    let html = browser.get(&format!("/mailbox/{id}/html"));
    assert!(html.body.contains("<title>&#60;b&#62;Bold&#60;/b&#62; {{ 1 + 1 }}</title>"), "{}", html.body);
    is_alone(&html);
    assert_eq!(browser.get(&format!("/mailbox/{}", MailId::fresh())).status, 404);
    assert_eq!(browser.get("/mailbox/x").status, 404);
}

#[test]
fn a_service_that_is_public_or_has_a_mail_server_has_no_mailbox() {
    for (name, value) in [("PUBLIC_URL", "https://letters.iiif.example"), ("SMTP_URL", "smtp://127.0.0.1:1")] {
        let world = World::with(&[(name, value)]);
        let id = queue(&world, message("anne@uni.example"));
        for path in ["/mailbox".to_owned(), format!("/mailbox/{id}"), format!("/mailbox/{id}/html")] {
            assert_eq!(world.browser().get_only(&path).status, 404, "{name} {path}");
        }
    }
}

#[test]
fn the_outbox_is_for_staff() {
    let world = World::new();
    let id = queue(&world, message("anne@uni.example"));
    for path in ["/outbox".to_owned(), format!("/outbox/{id}")] {
        let page = world.browser().get_only(&path);
        assert_eq!((page.status, page.header("location")), (303, format!("/sign-in?next={path}").as_str()));
    }
}
