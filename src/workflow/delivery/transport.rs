//! How a mail leaves this service: by SMTP, into a folder, or into memory. The only file that names lettre.

use std::collections::VecDeque;
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use lettre::message::header::{HeaderName, HeaderValue};
use lettre::message::{Mailbox as WireMailbox, Message, MultiPart, SinglePart};
use lettre::transport::smtp::Error as SmtpError;
use lettre::{AsyncSmtpTransport, AsyncTransport, Tokio1Executor};

use super::message::{Mailbox, Outgoing};
use super::retry::Reply;

/// How long the mail server may take for one answer.
const ANSWER_TIME: Duration = Duration::from_secs(60);

/// How long one mail may take in all. The lease on a mail in the outbox must be longer.
pub const SEND_TIME: Duration = Duration::from_secs(240);

/// The way out.
#[derive(Debug, Clone)]
pub enum Transport {
    /// A mail server.
    Smtp(AsyncSmtpTransport<Tokio1Executor>),
    /// A folder that gets one `.eml` file for each mail; nothing leaves the machine.
    Folder(PathBuf),
    /// Memory, for tests.
    Memory(Arc<Memory>),
}

/// A way out that cannot be used as configured.
#[derive(Debug, thiserror::Error)]
pub enum NoTransport {
    /// The address of the mail server is wrong. The message never repeats it, since it may hold a password.
    #[error("the address of the mail server cannot be used: {0}")]
    Address(String),
    /// The folder cannot be written.
    #[error("mail cannot be written to the folder {0}: {1}")]
    Folder(PathBuf, io::Error),
}

impl Transport {
    /// The mail server at `smtp://` (STARTTLS, port 587) or `smtps://` (TLS from the start, port 465), with
    /// `user:password@` where it asks for them. Mail never travels in clear except to this machine itself, or when the
    /// address ends in `?tls=none`, which refuses a password.
    ///
    /// Call it inside a Tokio runtime: its connections are kept by a task.
    ///
    /// # Errors
    /// The address is not of this form.
    pub fn smtp(address: &str) -> Result<Self, NoTransport> {
        let wrong = |what: &str| NoTransport::Address(what.to_owned());
        let (scheme, rest) =
            address.split_once("://").ok_or_else(|| wrong("it must begin with smtp:// or smtps://"))?;
        let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
        let (user, host) = authority.rsplit_once('@').map_or((None, authority), |(user, host)| (Some(user), host));
        let local = ["localhost", "127.0.0.1", "[::1]"]
            .iter()
            .any(|own| host.strip_prefix(own).is_some_and(|port| port.is_empty() || port.starts_with(':')));
        let address = match (scheme, rest.split_once('?').map(|(_, query)| query)) {
            ("smtps", None) => address.to_owned(),
            ("smtp", None) if local => address.to_owned(),
            ("smtp", None) => format!("{address}?tls=required"),
            ("smtp", Some("tls=required")) => address.to_owned(),
            ("smtp", Some("tls=none")) if user.is_none() => address.trim_end_matches("?tls=none").to_owned(),
            ("smtp", Some("tls=none")) => return Err(wrong("a password is not sent without TLS")),
            ("smtp" | "smtps", Some(_)) => return Err(wrong("after ? it knows only tls=required and tls=none")),
            _ => return Err(wrong("it must begin with smtp:// or smtps://")),
        };
        let builder = AsyncSmtpTransport::<Tokio1Executor>::from_url(&address).map_err(|e| wrong(&e.to_string()))?;
        Ok(Self::Smtp(builder.timeout(Some(ANSWER_TIME)).build()))
    }

    /// A folder for `.eml` files, made if it is not there.
    ///
    /// # Errors
    /// The folder cannot be made.
    pub fn folder(path: impl Into<PathBuf>) -> Result<Self, NoTransport> {
        let path = path.into();
        match fs::create_dir_all(&path) {
            Ok(()) => Ok(Self::Folder(path)),
            Err(cause) => Err(NoTransport::Folder(path, cause)),
        }
    }

    /// Memory, and the handle by which a test reads what arrived.
    pub fn memory() -> (Self, Arc<Memory>) {
        let memory = Arc::<Memory>::default();
        (Self::Memory(memory.clone()), memory)
    }

    /// Hands `outgoing` over, and waits for the answer for no longer than [`SEND_TIME`].
    pub async fn send(&self, outgoing: &Outgoing) -> Reply {
        let message = match wire(outgoing) {
            Ok(message) => message,
            Err(cause) => return Reply::Permanent(format!("The mail could not be put into its form: {cause}")),
        };
        match self {
            Self::Smtp(smtp) => match tokio::time::timeout(SEND_TIME, smtp.send(message)).await {
                Ok(Ok(response)) => {
                    let words: Vec<&str> = response.message().collect();
                    Reply::Accepted(format!("{} {}", response.code(), words.join(" ")))
                }
                Ok(Err(error)) => reply_to_error(&error),
                Err(_) => Reply::Transient(format!("No answer within {} seconds", SEND_TIME.as_secs())),
            },
            Self::Folder(folder) => {
                let path = folder.join(format!("{}.eml", outgoing.id));
                let bytes = message.formatted();
                match tokio::task::spawn_blocking(move || write_whole(&path, &bytes)).await {
                    Ok(Ok(())) => Reply::Accepted("Kept in the mail folder of this machine".into()),
                    Ok(Err(cause)) => Reply::Transient(format!("The mail folder cannot be written: {cause}")),
                    Err(cause) => Reply::Transient(format!("Writing to the mail folder broke off: {cause}")),
                }
            }
            Self::Memory(memory) => memory.take(outgoing, message.formatted()),
        }
    }
}

/// The mail in the form of RFC 5322; the same bytes on every try.
fn wire(outgoing: &Outgoing) -> Result<Message, Box<dyn std::error::Error + Send + Sync>> {
    let mut message = Message::builder()
        .message_id(Some(outgoing.message_id.to_string()))
        .date(outgoing.queued_at.into())
        .from(mailbox(&outgoing.from)?)
        .to(mailbox(&outgoing.to)?)
        .subject(outgoing.subject.as_str())
        .raw_header(HeaderValue::new(HeaderName::new_from_ascii_str("Auto-Submitted"), "auto-generated".into()));
    if let Some(root) = &outgoing.thread {
        message = message.in_reply_to(root.to_string()).references(root.to_string());
    }
    let text = SinglePart::plain(outgoing.text.clone());
    Ok(match &outgoing.html {
        None => message.singlepart(text)?,
        Some(html) => {
            let parts = MultiPart::alternative().boundary(format!("part.{}", outgoing.id));
            message.multipart(parts.singlepart(text).singlepart(SinglePart::html(html.clone())))?
        }
    })
}

fn mailbox(of: &Mailbox) -> Result<WireMailbox, lettre::address::AddressError> {
    Ok(WireMailbox::new(of.name().map(str::to_owned), of.address().parse()?))
}

/// What an error of the mail server means for the mail. A server that refuses *us* (530 to 538: TLS or the password,
/// RFC 4954) says nothing about the mail, which waits until somebody has mended the configuration.
fn reply_to_error(error: &SmtpError) -> Reply {
    let cause = std::error::Error::source(error).map_or_else(|| error.to_string(), ToString::to_string);
    let Some(code) = error.status() else {
        return Reply::Transient(error.to_string());
    };
    let code = code.to_string();
    let words = format!("{code} {cause}");
    let refuses_us = matches!(code.as_str(), "530" | "534" | "535" | "538");
    if error.is_permanent() && !refuses_us { Reply::Permanent(words) } else { Reply::Transient(words) }
}

/// Writes a file so that it is there as a whole or not at all, also after a power cut.
fn write_whole(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let partial = path.with_extension("part");
    let mut file = File::create(&partial)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    fs::rename(&partial, path)?;
    path.parent().map_or(Ok(()), |folder| File::open(folder)?.sync_all())
}

/// A mail that arrived in memory.
#[derive(Debug, Clone)]
pub struct Arrived {
    /// The mail as it was handed over.
    pub outgoing: Outgoing,
    /// Its bytes on the wire.
    pub bytes: Vec<u8>,
}

/// Mail kept in memory, and what it answers.
#[derive(Debug, Default)]
pub struct Memory {
    arrived: Mutex<Vec<Arrived>>,
    answers: Mutex<VecDeque<Reply>>,
}

impl Memory {
    /// Takes out all mail that has arrived, oldest first.
    pub fn drain(&self) -> Vec<Arrived> {
        std::mem::take(&mut *held(&self.arrived))
    }

    /// Answers the next mail with `reply`, the one after with the next given, and then accepts again.
    pub fn answer_next(&self, reply: Reply) {
        held(&self.answers).push_back(reply);
    }

    fn take(&self, outgoing: &Outgoing, bytes: Vec<u8>) -> Reply {
        let reply = held(&self.answers).pop_front().unwrap_or_else(|| Reply::Accepted("250 kept in memory".into()));
        if matches!(reply, Reply::Accepted(_)) {
            held(&self.arrived).push(Arrived { outgoing: outgoing.clone(), bytes });
        }
        reply
    }
}

fn held<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::MailId;
    use crate::workflow::delivery::message::OneLine;

    fn outgoing() -> Outgoing {
        Outgoing {
            id: MailId::fresh(),
            from: Mailbox::new("letters@iiif.example", "Letters of support").unwrap(),
            to: Mailbox::new("anne@uni.example", "Zoë, \"Bcc: <x@y.example>\"").unwrap(),
            subject: OneLine::new("[LOS-2026-0001] Über 写本 {{x}} <b>").unwrap(),
            text: "Line one\n.\nFrom here on\r\nBcc: x@y.example".into(),
            html: Some("<p>Line one</p>".into()),
            message_id: OneLine::new("<mail-1@iiif.example>").unwrap(),
            thread: Some(OneLine::new("<request-1@iiif.example>").unwrap()),
            queued_at: "2026-03-01T12:00:00Z".parse().unwrap(),
        }
    }

    fn header_lines(bytes: &[u8]) -> Vec<String> {
        let text = String::from_utf8(bytes.to_vec()).unwrap();
        text.split("\r\n\r\n").next().unwrap().split("\r\n").map(str::to_owned).collect()
    }

    #[tokio::test]
    async fn a_mail_names_itself_its_thread_and_that_a_machine_wrote_it() {
        let (transport, memory) = Transport::memory();
        let mail = outgoing();
        assert!(matches!(transport.send(&mail).await, Reply::Accepted(_)));
        let arrived = memory.drain();
        let headers = header_lines(&arrived[0].bytes);
        for expected in [
            "Message-ID: <mail-1@iiif.example>",
            "In-Reply-To: <request-1@iiif.example>",
            "References: <request-1@iiif.example>",
            "Auto-Submitted: auto-generated",
            "Date: Sun, 01 Mar 2026 12:00:00 +0000",
        ] {
            assert_eq!(headers.iter().filter(|line| **line == expected).count(), 1, "{expected} in {headers:#?}");
        }
        assert!(!headers.iter().any(|line| line.starts_with("Bcc")), "{headers:#?}");
    }

    #[test]
    fn every_try_sends_the_same_bytes() {
        let mail = outgoing();
        assert_eq!(wire(&mail).unwrap().formatted(), wire(&mail).unwrap().formatted());
        assert_eq!(wire(&mail).unwrap().envelope().to().len(), 1);
    }

    #[tokio::test]
    async fn a_folder_gets_one_whole_file_for_each_mail_however_often_it_is_sent() {
        let folder = tempfile::tempdir().unwrap();
        let transport = Transport::folder(folder.path().join("mail")).unwrap();
        let mail = outgoing();
        for _ in 0..2 {
            assert!(matches!(transport.send(&mail).await, Reply::Accepted(_)));
        }
        let files: Vec<_> = fs::read_dir(folder.path().join("mail")).unwrap().map(|f| f.unwrap().file_name()).collect();
        assert_eq!(files, [format!("{}.eml", mail.id).as_str()]);
    }

    #[tokio::test]
    async fn a_folder_that_has_gone_keeps_the_mail_waiting() {
        let folder = tempfile::tempdir().unwrap();
        let transport = Transport::folder(folder.path().join("mail")).unwrap();
        fs::remove_dir(folder.path().join("mail")).unwrap();
        assert!(matches!(transport.send(&outgoing()).await, Reply::Transient(_)));
    }

    #[tokio::test]
    async fn a_password_never_travels_in_clear() {
        for good in [
            "smtp://mail.example",
            "smtp://u:p%40ss@mail.example:2525",
            "smtp://mail.example?tls=required",
            "smtps://u:p@mail.example",
            "smtp://u:p@127.0.0.1:2525",
            "smtp://mail.example:25?tls=none",
        ] {
            assert!(Transport::smtp(good).is_ok(), "{good}");
        }
        for bad in [
            "mail.example",
            "http://mail.example",
            "smtp://u:secret@mail.example?tls=none",
            "smtp://u:secret@mail.example?tls=opportunistic",
            "smtp://u:secret@mail.example?tls=required&tls=none",
            "smtp://",
        ] {
            let refused = Transport::smtp(bad).unwrap_err().to_string();
            assert!(!refused.contains("secret"), "{refused}");
        }
    }

    #[tokio::test]
    async fn a_plain_address_of_another_machine_demands_tls() {
        let Ok(Transport::Smtp(remote)) = Transport::smtp("smtp://localhost.evil.example") else { panic!("not SMTP") };
        assert!(format!("{remote:?}").contains("Required"), "{remote:?}");
        let Ok(Transport::Smtp(local)) = Transport::smtp("smtp://localhost:2525") else { panic!("not SMTP") };
        assert!(!format!("{local:?}").contains("Required"), "{local:?}");
    }
}
