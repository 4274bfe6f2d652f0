//! Mail against a mail server that misbehaves: what comes back tells "later" from "never".

use letters::ids::MailId;
use letters::workflow::delivery::message::{Mailbox, OneLine, Outgoing};
use letters::workflow::delivery::retry::Reply;
use letters::workflow::delivery::transport::Transport;

use crate::sink::{Fault, Sink};

fn outgoing() -> Outgoing {
    Outgoing {
        id: MailId::fresh(),
        from: Mailbox::new("letters@iiif.example", "Letters of support").unwrap(),
        to: Mailbox::new("anne@uni.example", "Anne").unwrap(),
        subject: OneLine::new("[LOS-2026-0001] Arrived").unwrap(),
        text: "One line.\n.\nA line after a lone dot.\n".into(),
        html: None,
        message_id: OneLine::new("<mail-1@iiif.example>").unwrap(),
        thread: None,
        queued_at: "2026-03-01T12:00:00Z".parse().unwrap(),
    }
}

async fn sent_to(faults: &[Fault]) -> (Reply, Vec<String>) {
    let sink = Sink::with(faults).await;
    let reply = Transport::smtp(&sink.address).unwrap().send(&outgoing()).await;
    (reply, sink.taken())
}

#[tokio::test]
async fn a_mail_arrives_once_and_whole() {
    let (reply, taken) = sent_to(&[]).await;
    assert!(matches!(&reply, Reply::Accepted(words) if words == "250 taken"), "{reply:?}");
    assert_eq!(taken.len(), 1);
    assert!(taken[0].contains("Auto-Submitted: auto-generated"));
    assert!(taken[0].contains("One line.\n.\nA line after a lone dot."), "{}", taken[0]);
}

#[tokio::test]
async fn a_busy_or_broken_server_means_later_whatever_the_command() {
    for command in ["HELLO", "EHLO", "MAIL", "RCPT", "DATA", "."] {
        let (reply, taken) = sent_to(&[Fault::Answer(command, "451 4.7.1 come back later")]).await;
        assert!(
            matches!(&reply, Reply::Transient(words) if words.contains("451") && words.contains("later")),
            "{reply:?}"
        );
        assert_eq!(taken.len(), 0, "451 at {command}");
        let (reply, _) = sent_to(&[Fault::Drop(command)]).await;
        assert!(matches!(reply, Reply::Transient(_)), "dropped at {command}: {reply:?}");
    }
}

#[tokio::test]
async fn a_server_that_refuses_the_mail_means_never() {
    for command in ["MAIL", "RCPT", "DATA", "."] {
        let (reply, taken) = sent_to(&[Fault::Answer(command, "550 5.1.1 no such mailbox")]).await;
        assert!(
            matches!(&reply, Reply::Permanent(words) if words.contains("550") && words.contains("no such mailbox")),
            "{reply:?}"
        );
        assert_eq!(taken.len(), 0, "550 at {command}");
    }
}

#[tokio::test]
async fn a_server_that_refuses_this_service_does_not_cost_a_mail() {
    let (reply, _) = sent_to(&[Fault::Answer("MAIL", "530 5.7.0 must issue STARTTLS first")]).await;
    assert!(matches!(reply, Reply::Transient(_)), "{reply:?}");
}

#[tokio::test]
async fn nobody_listening_means_later() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("smtp://{}", listener.local_addr().unwrap());
    drop(listener);
    let reply = Transport::smtp(&address).unwrap().send(&outgoing()).await;
    assert!(matches!(reply, Reply::Transient(_)), "{reply:?}");
}

#[tokio::test]
async fn a_server_without_tls_gets_no_mail_when_tls_is_demanded() {
    let sink = Sink::with(&[]).await;
    let address = format!("{}?tls=required", sink.address);
    let reply = Transport::smtp(&address).unwrap().send(&outgoing()).await;
    assert!(matches!(reply, Reply::Transient(_)), "{reply:?}");
    assert_eq!(sink.taken().len(), 0);
}

/// The answer to the final dot is lost: nobody can know whether the mail was taken, so it goes again, recognisably.
#[tokio::test]
async fn a_mail_whose_acceptance_was_lost_goes_again_under_the_same_message_id() {
    let sink = Sink::with(&[Fault::Drop(".")]).await;
    let transport = Transport::smtp(&sink.address).unwrap();
    let mail = outgoing();
    assert!(matches!(transport.send(&mail).await, Reply::Transient(_)));
    assert!(matches!(transport.send(&mail).await, Reply::Accepted(_)));
    assert_eq!(sink.message_ids(), [mail.message_id.as_str(), mail.message_id.as_str()]);
}
