//! What every page is handed: configuration, database, clock and keys. Built once, by `app`.

use std::sync::Arc;

use super::kept::Kept;
use super::turns::Turns;
use crate::clock::Clock;
use crate::config::Config;
use crate::moment::{Moment, Site};
use crate::people::access::Onlooker;
use crate::people::token::TokenKey;
use crate::refusal::Outcome;
use crate::store::{Store, View};

/// Counts what waits for somebody who acts for seats; given by `app`, since only a step knows.
pub type CountDuties = fn(&mut View<'_>, &Onlooker) -> Outcome<usize>;

/// What every page is handed.
pub struct Service {
    /// What the service runs with.
    pub config: Config,
    /// What mails and letters need to know of it.
    pub site: Arc<Site>,
    /// The database.
    pub store: Store,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// The key that links, codes and form tokens are derived from.
    pub key: TokenKey,
    /// Counts what waits for a person.
    pub count_duties: CountDuties,
    /// What was made from data that rarely changes.
    pub kept: Kept,
    /// Where heavy work for pages takes turns.
    pub turns: Arc<Turns>,
}

impl Service {
    /// This moment, for a command.
    pub fn moment(&self) -> Moment {
        Moment { now: self.clock.now(), site: Arc::clone(&self.site) }
    }

    /// The name of a cookie: with https it carries the prefix that ties it to this host (RFC 6265bis, 4.1.3.2).
    pub fn cookie_name(&self, name: &str) -> String {
        if self.config.is_https() { format!("__Host-{name}") } else { name.to_owned() }
    }
}
