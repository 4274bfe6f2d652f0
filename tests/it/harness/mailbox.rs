//! Reading the mail the service has queued, as its reader would find it; and signing in with it.

use diesel::prelude::*;
use letters::audit::entry::Actor;
use letters::ids::{AttemptId, MailId};
use letters::people::access::Role;
use letters::people::address::Address;
use letters::people::commands;
use letters::people::store::Person;
use letters::store::Tx;
use letters::store::schema::{budgets, outbox};

use super::{Browser, Page, World};

/// A mail in somebody's mailbox.
#[derive(Debug, Clone)]
pub struct Mail {
    pub id: MailId,
    pub kind: String,
    pub subject: String,
    pub text: String,
    pub html: String,
    pub attempt: Option<AttemptId>,
}

impl Mail {
    /// The path of the first link into the service.
    pub fn link(&self, world: &World) -> String {
        let at = self.text.find(world.address()).unwrap_or_else(|| panic!("no link in {}", self.text));
        let link = self.text[at..].split_whitespace().next().unwrap();
        link.strip_prefix(world.address()).unwrap().to_owned()
    }

    /// The code of a sign-in mail.
    pub fn code(&self) -> String {
        let looks_like_one =
            |word: &&str| word.len() == 9 && word.as_bytes()[4] == b'-' && *word == word.to_uppercase();
        self.text
            .split_whitespace()
            .find(looks_like_one)
            .unwrap_or_else(|| panic!("no code in {}", self.text))
            .to_owned()
    }
}

impl World {
    /// The mails queued for an address, the oldest first, with link and code where they belong.
    pub fn mail_to(&self, address: &str) -> Vec<Mail> {
        let address = address.to_lowercase();
        let (key, site, now) = (self.app.service.key.clone(), self.app.service.site.clone(), self.now());
        let read = self.store().read_now(|view| {
            type Row = (MailId, String, String, String, Option<String>, Option<AttemptId>);
            let columns =
                (outbox::id, outbox::kind, outbox::subject, outbox::text_body, outbox::html_body, outbox::attempt_id);
            let query = outbox::table.filter(outbox::to_address.eq(address)).order((outbox::created_at, outbox::id));
            let rows: Vec<Row> = query.select(columns).load(view.connection())?;
            let mut mails = Vec::new();
            for (id, kind, subject, text, html, attempt) in rows {
                let secrets = match attempt {
                    Some(attempt) => commands::secrets_for_mail(view, &key, attempt, now)?,
                    None => None,
                };
                let fill = |kept: String| secrets.as_ref().map_or(kept.clone(), |secrets| secrets.fill(&kept, &site));
                let (text, html) = (fill(text), fill(html.unwrap_or_default()));
                mails.push(Mail { id, kind, subject, text, html, attempt });
            }
            Ok(mails)
        });
        read.unwrap()
    }

    /// The newest sign-in mail to an address. The mail server takes it at this moment.
    pub fn sign_in_mail(&self, address: &str) -> Mail {
        let mail = self.mail_to(address).into_iter().rfind(|mail| mail.kind == "sign-in");
        let mail = mail.unwrap_or_else(|| panic!("no sign-in mail to {address}"));
        let (attempt, now) = (mail.attempt.unwrap(), self.now());
        self.store().write_now(move |tx| commands::mail_accepted(tx, attempt, now)).unwrap();
        mail
    }

    /// A browser in which the person with this address is signed in. The budgets of mails are made whole before.
    pub fn signed_in(&self, address: &str) -> Browser {
        self.store().write_now(|tx| Ok(diesel::delete(budgets::table).execute(tx.connection())?)).unwrap();
        let browser = self.browser();
        let page = self.sign_in(&browser, address);
        assert_eq!(page.status, 200, "{}", page.text());
        browser
    }

    /// The person with this address, known from now on.
    pub fn person(&self, address: &str, name: &str) -> Person {
        let (address, name, now) = (address.parse::<Address>().unwrap(), name.to_owned(), self.now());
        self.store().write_now(move |tx| commands::person_for(tx, &address, &name, now)).unwrap()
    }

    /// A browser in which a member of staff is signed in.
    pub fn staff(&self) -> Browser {
        let (person, moment) = (self.person("staff@iiif.example", "Sam Staff"), self.app.service.moment());
        let granted = move |tx: &mut Tx<'_>| commands::grant(tx, &moment, &person, Role::Staff, Actor::Service);
        self.store().write_now(granted).unwrap();
        self.signed_in("staff@iiif.example")
    }

    /// Signs in with the link of a mail; the page it leads to.
    pub fn sign_in(&self, browser: &Browser, address: &str) -> Page {
        let form = browser.get("/sign-in");
        let wait = browser.submit(&form, "/sign-in", &[("address", address)]);
        assert!(wait.path.starts_with("/sign-in/wait"), "{}: {}", wait.path, wait.text());
        let confirm = browser.get(&self.sign_in_mail(address).link(self));
        browser.submit(&confirm, "/sign-in/confirm", &[])
    }
}
