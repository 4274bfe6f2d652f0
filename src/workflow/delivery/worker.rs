//! Sends what the outbox holds: claims, sends with no transaction open, settles. It also sees to what falls due by the
//! clock, which the other steps hand it. Several workers may run at once, in one process or in many.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::Notify;
use tokio::task::{JoinHandle, JoinSet};

use super::commands;
use super::guard::{self, AllowList};
use super::message::{Mailbox, NotAHeader, OneLine, Outgoing};
use super::retry::{self, Settlement};
use super::store::{self, Kept};
use super::transport::Transport;
use crate::clock::{Clock, Instant};
use crate::moment::{Moment, Site};
use crate::people::commands as people;
use crate::people::token::TokenKey;
use crate::refusal::{Fault, Outcome};
use crate::store::{Store, Tx};
use crate::workflow::request::commands::attachments;
use crate::workflow::request::store::depot::Depot;

/// How many mails are on their way at once: a server that is slow with one does not hold up all others.
const LANES: usize = 4;
/// How often the outbox is looked at; the longest anyone waits for a mail to leave.
const LOOK: Duration = Duration::from_secs(1);
/// How many looks pass between two rounds of what falls due.
const LOOKS_BETWEEN_ROUNDS: u32 = 30;
/// How long the service waits for mails on their way when it is stopped. What is not settled then goes again after its
/// lease, under the same Message-ID.
const FAREWELL: Duration = Duration::from_secs(8);

/// Something that falls due by the clock: a period that ends, a reminder. Each runs in a transaction of its own and
/// does nothing when nothing is due.
#[derive(Clone, Copy)]
pub struct Duty {
    /// Its name in the log.
    pub name: &'static str,
    /// Does what is due.
    pub act: fn(&mut Tx<'_>, &Moment) -> Outcome<()>,
}

/// Sends the mail of one service.
#[derive(Clone)]
pub struct Worker {
    /// The database.
    pub store: Store,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// What links need to know of the service.
    pub site: Arc<Site>,
    /// What links and codes are derived from.
    pub key: TokenKey,
    /// The sender of every mail.
    pub from: Mailbox,
    /// The way out.
    pub transport: Transport,
    /// Whom mail may reach; without a list everybody.
    pub allow: Option<AllowList>,
    /// What falls due by the clock.
    pub duties: &'static [Duty],
    /// Where attachments are kept; those that belong to nothing are taken away once a day.
    pub depot: Depot,
}

impl Worker {
    /// Works until it is stopped.
    pub fn start(self) -> Running {
        let stop = Arc::new(Notify::new());
        let told = Arc::clone(&stop);
        let task = tokio::spawn(async move {
            let mut looks = 0_u32;
            loop {
                if let Err(failure) = self.send_all().await {
                    tracing::error!(?failure, "the outbox could not be worked on");
                }
                // After what waited while the service was stopped has gone: its age is no cause for alarm.
                if looks.is_multiple_of(LOOKS_BETWEEN_ROUNDS) {
                    self.see_to_duties().await;
                }
                looks = looks.wrapping_add(1);
                tokio::select! {
                    () = told.notified() => return,
                    () = tokio::time::sleep(LOOK) => {}
                }
            }
        });
        Running { stop, task }
    }

    /// Sends what is due until nothing is; the number of mails tried.
    ///
    /// # Errors
    /// A fault of the database. What was claimed then goes again after its lease.
    pub async fn send_all(&self) -> Outcome<usize> {
        let mut tried = 0;
        loop {
            let now = self.clock.now();
            if !self.store.read(move |view| store::is_any_due(view, now)).await? {
                return Ok(tried);
            }
            let claimed = self.store.write(move |tx| store::claim(tx, LANES, now)).await?;
            if claimed.is_empty() {
                return Ok(tried);
            }
            tried += claimed.len();
            let mut lanes = JoinSet::new();
            for mail in claimed {
                let worker = self.clone();
                lanes.spawn(async move { worker.send_one(mail, now).await });
            }
            // All lanes are heard out: a mail on its way must not be cut off because another one failed.
            let mut all = Ok(());
            while let Some(ended) = lanes.join_next().await {
                let ended = ended.unwrap_or_else(|error| Err(Fault::because("sending a mail broke off", error).into()));
                all = all.and(ended);
            }
            all?;
        }
    }

    /// Does what falls due; a duty that fails is logged and does not hold up the others.
    pub async fn see_to_duties(&self) {
        let now = self.clock.now();
        for duty in self.duties.iter().copied() {
            let moment = Moment { now, site: Arc::clone(&self.site) };
            if let Err(failure) = self.store.write(move |tx| (duty.act)(tx, &moment)).await {
                tracing::error!(duty = duty.name, ?failure, "what was due could not be done");
            }
        }
        let (moment, depot) = (Moment { now, site: Arc::clone(&self.site) }, self.depot.clone());
        if let Err(failure) = self.store.write(move |tx| attachments::sweep(tx, &moment, &depot)).await {
            tracing::error!(?failure, "attachments that belong to nothing could not be taken away");
        }
        match self.store.read(move |view| store::waiting_since(view, now)).await {
            Ok(since) => {
                if let Some(words) = since.and_then(|since| retry::alarm(since, now)) {
                    tracing::error!("{words}");
                }
            }
            Err(failure) => tracing::error!(?failure, "the age of the outbox is not known"),
        }
    }

    /// Sends one claimed mail and notes what came of it.
    async fn send_one(&self, mail: Kept, claimed_at: Instant) -> Outcome<()> {
        let (id, attempt) = (mail.id, mail.attempt);
        let settlement = match self.prepare(mail.clone(), claimed_at).await? {
            Ok(outgoing) => {
                let reply = self.transport.send(&outgoing).await;
                retry::settle(reply, mail.tries.saturating_sub(1), self.clock.now())
            }
            Err(settlement) => settlement,
        };
        if let Settlement::Failed { why } = &settlement {
            tracing::error!(mail = %id, kind = %mail.kind, why, "a mail could not be sent");
        }
        let now = self.clock.now();
        let ours = self.store.write(move |tx| {
            if let (Settlement::Sent { .. }, Some(attempt)) = (&settlement, attempt) {
                people::mail_accepted(tx, attempt, now)?;
            }
            store::settle(tx, id, claimed_at, &settlement, now)
        });
        if !ours.await? {
            tracing::warn!(mail = %id, "the lease of a mail ran out before it was settled");
        }
        Ok(())
    }

    /// The mail in the form in which it travels; or what becomes of it when it is not to travel.
    async fn prepare(&self, mail: Kept, now: Instant) -> Outcome<Result<Outgoing, Settlement>> {
        let dropped = |why: &str| Ok(Err(Settlement::Dropped { why: why.to_owned() }));
        if mail.expires_at.is_some_and(|at| at <= now) {
            return dropped("Its time had passed before it could be sent.");
        }
        let Some(mail) = self.filled_in(mail, now).await? else {
            return dropped("What its link was for is over.");
        };
        let failed =
            |cause: NotAHeader| Settlement::Failed { why: format!("It cannot be written as a mail: {cause}.") };
        Ok(self.outgoing(mail).map_err(failed).and_then(|outgoing| match &self.allow {
            Some(list) if !list.permits(&outgoing.to) => Err(Settlement::Failed { why: list.refusal(&outgoing.to) }),
            Some(_) => guard::mark(outgoing).map_err(failed),
            None => Ok(outgoing),
        }))
    }

    /// The mail with the link and the code in it that are kept nowhere, if it carries any; `None` when they are over.
    async fn filled_in(&self, mail: Kept, now: Instant) -> Outcome<Option<Kept>> {
        if mail.attempt.is_none() && mail.co_signer.is_none() {
            return Ok(Some(mail));
        }
        let (key, site) = (self.key.clone(), Arc::clone(&self.site));
        self.store.read(move |view| commands::fill_in(view, &key, &site, mail, now)).await
    }

    fn outgoing(&self, mail: Kept) -> Result<Outgoing, NotAHeader> {
        Ok(Outgoing {
            id: mail.id,
            from: self.from.clone(),
            to: Mailbox::new(mail.to_address, &mail.to_name)?,
            subject: OneLine::new(mail.subject)?,
            text: mail.text,
            html: mail.html,
            message_id: OneLine::new(mail.message_id)?,
            thread: mail.thread.map(OneLine::new).transpose()?,
            queued_at: mail.queued_at,
        })
    }
}

/// A worker at work.
pub struct Running {
    stop: Arc<Notify>,
    task: JoinHandle<()>,
}

impl Running {
    /// Lets the mails on their way arrive, for a while, and ends the work.
    pub async fn stop(self) {
        self.stop.notify_one();
        if tokio::time::timeout(FAREWELL, self.task).await.is_err() {
            tracing::warn!("mails were still on their way when the service stopped; they go again later");
        }
    }
}
