//! Signing in by e-mail. A mail is asked for in one browser and confirmed in the same one, by its link or its code;
//! a confirmed attempt opens a web session. Nothing here answers differently for an address that has an account.

use std::sync::Arc;

use chrono::TimeDelta;
use serde_json::json;

use super::invite::accept;
use crate::audit;
use crate::audit::entry::{Actor, Entry};
use crate::clock::Instant;
use crate::ids::{AttemptId, SessionId, nonce};
use crate::mail::outbox;
use crate::moment::{Moment, Site};
use crate::people::access::{Level, Role};
use crate::people::address::Address;
use crate::people::browser::{is_known, known_mark};
use crate::people::next::Next;
use crate::people::session::lifetime;
use crate::people::store::attempts::{self, Attempt, Ending};
use crate::people::store::sessions::{self, NewSession};
use crate::people::store::{self, Person};
use crate::people::token::{PresentedLink, TokenKey, TypedCode, cookie_text, digest, hex, link_token, sign_in_code};
use crate::people::{limits, notices};
use crate::refusal::Outcome;
use crate::store::{Tx, View};

/// How long a sign-in mail is good for, from the moment the mail server took it (ASVS 5.0.0, 6.5.5).
const MAIL_LIVES: TimeDelta = TimeDelta::minutes(10);
/// The longest an attempt can live, however late its mail leaves.
const ATTEMPT_LIVES: TimeDelta = TimeDelta::minutes(30);

/// The browser that asks, as far as it matters.
#[derive(Debug, Clone)]
pub struct Asker {
    /// The SHA-256 of its attempt cookie; empty when it has none.
    pub browser_hash: String,
    /// The mark it got when it signed in before; empty when it has none.
    pub known_mark: String,
    /// The keyed fingerprint of its network.
    pub network: String,
    /// What it calls itself.
    pub family: String,
}

impl Asker {
    /// Whether this very browser asked for the mail of the attempt.
    pub fn asked_for(&self, attempt: &Attempt) -> bool {
        !self.browser_hash.is_empty() && self.browser_hash == attempt.browser_hash
    }
}

/// Asks for a sign-in mail. When a budget is used up no mail is sent, and nobody can tell.
///
/// # Errors
/// A fault of the database.
pub fn ask(
    tx: &mut Tx<'_>,
    moment: &Moment,
    key: &TokenKey,
    asker: &Asker,
    address: &Address,
    next: Next,
) -> Outcome<AttemptId> {
    let now = moment.now;
    let attempt = Attempt {
        id: AttemptId::fresh(),
        browser_hash: asker.browser_hash.clone(),
        address: address.to_string(),
        next_key: next.to_string(),
        nonce: nonce(),
        created_at: now,
        expires_at: now + ATTEMPT_LIVES,
        is_consumed: false,
        network: asker.network.clone(),
        browser_family: asker.family.clone(),
    };
    attempts::forget_limited(tx, now)?;
    let delay = limits::service_delay(attempts::in_last_hour(tx, now)?);
    if delay > TimeDelta::zero() {
        tracing::warn!(
            seconds = delay.num_seconds(),
            "more sign-in mails are asked for than the service sends; they wait"
        );
    }
    let allowed = spend_budgets(tx, key, asker, address.as_str(), true, now)?;
    attempts::add(tx, &attempt, !allowed)?;
    if allowed {
        send(tx, moment, &attempt, delay)?;
    }
    Ok(attempt.id)
}

/// Sends the mail of an attempt once more; the earlier one stays good. Nobody can tell whether one was sent.
///
/// # Errors
/// A fault of the database.
pub fn resend(tx: &mut Tx<'_>, moment: &Moment, key: &TokenKey, asker: &Asker, id: AttemptId) -> Outcome<()> {
    let Some(attempt) = own_live_attempt(tx, asker, id, moment.now)? else {
        return Ok(());
    };
    if attempts::count_resend(tx, id, moment.now)?
        && spend_budgets(tx, key, asker, &attempt.address, false, moment.now)?
    {
        send(tx, moment, &attempt, TimeDelta::zero())?;
    }
    Ok(())
}

/// Queues the mail of an attempt, to leave after `delay`.
fn send(tx: &mut Tx<'_>, moment: &Moment, attempt: &Attempt, delay: TimeDelta) -> Outcome<()> {
    let (address, browser) = (&attempt.address, &attempt.browser_family);
    let message = notices::sign_in(&moment.site, attempt.id, address, browser, attempt.created_at, attempt.expires_at)?;
    let later = Moment { now: moment.now + delay, site: Arc::clone(&moment.site) };
    outbox::queue(tx, &later, &message)?;
    Ok(())
}

/// Spends one of each budget that stands in front of a mail, or of none. A browser that has signed in to the address
/// before has a budget of its own, so that nobody else can use it up.
fn spend_budgets(
    tx: &mut Tx<'_>,
    key: &TokenKey,
    asker: &Asker,
    address: &str,
    by_network: bool,
    now: Instant,
) -> Outcome<bool> {
    attempts::take_turn(tx)?;
    let mut budgets = Vec::new();
    if is_known(key, address, &asker.known_mark) {
        budgets.push((limits::PER_KNOWN_BROWSER, key.fingerprint("budget-browser", &asker.known_mark)));
    } else {
        budgets.push((limits::PER_ADDRESS, key.fingerprint("budget-address", address)));
        if by_network {
            budgets.push((limits::PER_NETWORK, key.fingerprint("budget-network", &asker.network)));
        }
    }
    for (budget, bucket) in &budgets {
        if !attempts::allows(tx, *budget, bucket, now)? {
            return Ok(false);
        }
    }
    for (_, bucket) in &budgets {
        attempts::spend(tx, bucket, now)?;
    }
    Ok(true)
}

/// The attempt, when it is live and this very browser asked for it.
///
/// # Errors
/// A fault of the database.
pub fn own_live_attempt(view: &mut View<'_>, asker: &Asker, id: AttemptId, now: Instant) -> Outcome<Option<Attempt>> {
    let found = attempts::attempt(view, id)?;
    Ok(found.filter(|attempt| attempt.is_live(now) && asker.asked_for(attempt)))
}

/// What a link is worth in the browser that brings it. Looking changes nothing.
#[derive(Debug)]
pub enum LinkFound {
    /// It belongs to this live attempt, and this browser asked for it.
    Fits(Box<Attempt>),
    /// It is good, but another browser asked for it.
    OtherBrowser,
    /// It is no link of ours, or one that is over.
    Dead,
}

/// Looks at a link.
///
/// # Errors
/// A fault of the database.
pub fn look_at_link(
    view: &mut View<'_>,
    key: &TokenKey,
    asker: &Asker,
    token: &str,
    now: Instant,
) -> Outcome<LinkFound> {
    let Some(link) = PresentedLink::<AttemptId>::read(token) else {
        return Ok(LinkFound::Dead);
    };
    Ok(match attempts::attempt(view, link.id)? {
        Some(attempt) if link.fits(key, &attempt.nonce) && attempt.is_live(now) => {
            if asker.asked_for(&attempt) {
                LinkFound::Fits(Box::new(attempt))
            } else {
                LinkFound::OtherBrowser
            }
        }
        _ => LinkFound::Dead,
    })
}

/// A new web session, to be handed to the browser.
#[derive(Debug)]
pub struct SignedIn {
    /// The secret for the session cookie; it exists nowhere else.
    pub secret: String,
    /// How long the cookie may live.
    pub lives: TimeDelta,
    /// The mark by which the browser is known next time.
    pub known_mark: String,
    /// The path to go on to.
    pub path: String,
}

/// How confirming ended.
#[derive(Debug)]
pub enum Confirmed {
    /// The person is signed in.
    In(Box<SignedIn>),
    /// Another browser asked for this mail; nothing was used up.
    OtherBrowser,
    /// The link or code does not fit, or is over.
    No,
    /// The account of this address was closed.
    Closed,
}

/// Signs in with a link.
///
/// # Errors
/// A fault of the database.
pub fn confirm_link(
    tx: &mut Tx<'_>,
    moment: &Moment,
    key: &TokenKey,
    asker: &Asker,
    token: &str,
) -> Outcome<Confirmed> {
    match look_at_link(tx, key, asker, token, moment.now)? {
        LinkFound::Fits(attempt) => complete(tx, moment, key, asker, &attempt, Ending::Link),
        LinkFound::OtherBrowser => Ok(Confirmed::OtherBrowser),
        LinkFound::Dead => Ok(Confirmed::No),
    }
}

/// Signs in with a code. The try is counted before it is compared.
///
/// # Errors
/// A fault of the database.
pub fn confirm_code(
    tx: &mut Tx<'_>,
    moment: &Moment,
    key: &TokenKey,
    asker: &Asker,
    id: AttemptId,
    typed: &str,
) -> Outcome<Confirmed> {
    let Some(attempt) = own_live_attempt(tx, asker, id, moment.now)? else {
        return Ok(Confirmed::No);
    };
    // What cannot be a code is a slip of the hand: it is no guess and costs no try.
    let Some(code) = TypedCode::read(typed) else {
        return Ok(Confirmed::No);
    };
    if !attempts::count_try(tx, id, moment.now)? || !code.fits(key, id, &attempt.nonce) {
        return Ok(Confirmed::No);
    }
    complete(tx, moment, key, asker, &attempt, Ending::Code)
}

/// Uses the attempt up and opens the web session.
fn complete(
    tx: &mut Tx<'_>,
    moment: &Moment,
    key: &TokenKey,
    asker: &Asker,
    attempt: &Attempt,
    how: Ending,
) -> Outcome<Confirmed> {
    let now = moment.now;
    if !attempts::consume(tx, attempt.id, how, now)? {
        return Ok(Confirmed::No);
    }
    attempts::end_others(tx, &attempt.address, now)?;
    let Ok(address) = attempt.address.parse::<Address>() else {
        return Err(crate::store::impossible("sign_in_attempts", attempt.id, "its address is not canonical"));
    };
    let person = store::person_for(tx, &address, "", now)?;
    if person.is_disabled() {
        return Ok(Confirmed::Closed);
    }
    let next = attempt.next_key.parse().unwrap_or(Next::Start);
    if let Next::Invite(invite) = next {
        accept(tx, moment, &person, invite)?;
    }
    let signed_in = let_in(tx, moment, key, asker, (&person, how.as_str(), next))?;
    Ok(Confirmed::In(Box::new(signed_in)))
}

/// Opens the web session of somebody who has shown who they are, and tells them when the browser is new.
pub(super) fn let_in(
    tx: &mut Tx<'_>,
    moment: &Moment,
    key: &TokenKey,
    asker: &Asker,
    (person, how, next): (&Person, &str, Next),
) -> Outcome<SignedIn> {
    let now = moment.now;
    let was_here = sessions::any_ever(tx, person.id)?;
    let is_known = is_known(key, &person.address, &asker.known_mark);
    let (secret, lives) = open(tx, moment, person, asker)?;
    let detail = json!({ "how": how, "browser": asker.family });
    let actor = Actor::Person(person.id);
    audit::store::record(tx, &Entry { subject: person.id.to_string(), at: now, actor, what: "signed-in", detail })?;
    if was_here && !is_known {
        let message = notices::new_sign_in(&moment.site, (&person.address, &person.name), &asker.family, now)?;
        outbox::queue(tx, moment, &message)?;
    }
    let known_mark =
        if is_known { asker.known_mark.clone() } else { known_mark(key, &person.address, &hex(&nonce::<16>())) };
    let path = next.path(start_of(tx, person, now)?);
    Ok(SignedIn { secret, lives, known_mark, path })
}

/// Opens a web session with a new secret.
fn open(tx: &mut Tx<'_>, moment: &Moment, person: &Person, asker: &Asker) -> Outcome<(String, TimeDelta)> {
    let secret = cookie_text(nonce());
    let has_powers = has_powers(tx, person, moment.now)?;
    let lives = lifetime(Level::Email, has_powers).whole;
    let new = NewSession {
        person: person.id,
        secret_hash: &digest(&secret),
        level: Level::Email,
        expires_at: moment.now + lives,
        network: &asker.network,
        browser_family: &asker.family,
    };
    let _: SessionId = sessions::open(tx, &new, moment.now)?;
    Ok((secret, lives))
}

fn has_powers(view: &mut View<'_>, person: &Person, now: Instant) -> Outcome<bool> {
    Ok(!store::roles_of(view, person.id)?.is_empty() || !store::seats_of(view, person.id, now.date_naive())?.is_empty())
}

/// Where this person's work begins.
fn start_of(view: &mut View<'_>, person: &Person, now: Instant) -> Outcome<&'static str> {
    if store::roles_of(view, person.id)?.contains(&Role::Staff) {
        return Ok("/queue");
    }
    let is_member = !store::seats_of(view, person.id, now.date_naive())?.is_empty();
    Ok(if is_member { "/waiting" } else { "/requests" })
}

/// What a sign-in mail needs at the moment it is sent, and only then.
pub struct MailSecrets {
    /// The path of the link, with its token.
    pub path: String,
    /// The code, as `ABCD-EFGH`.
    pub code: String,
}

impl MailSecrets {
    /// The text of a kept sign-in mail, with link and code in their places.
    pub fn fill(&self, kept: &str, site: &Site) -> String {
        kept.replace(outbox::LINK_PLACE, &site.link(&self.path)).replace(notices::CODE_PLACE, &self.code)
    }
}

/// Derives link and code of an attempt for the mail that is about to be sent; `None` when the attempt is over, and the
/// mail is to be dropped.
///
/// # Errors
/// A fault of the database.
pub fn secrets_for_mail(
    view: &mut View<'_>,
    key: &TokenKey,
    id: AttemptId,
    now: Instant,
) -> Outcome<Option<MailSecrets>> {
    Ok(attempts::attempt(view, id)?.filter(|attempt| attempt.is_live(now)).map(|attempt| MailSecrets {
        path: format!("/s/{}", link_token(key, id, &attempt.nonce)),
        code: sign_in_code(key, id, &attempt.nonce),
    }))
}

/// Notes that the mail server took the mail of an attempt: its time runs from here.
///
/// # Errors
/// A fault of the database.
pub fn mail_accepted(tx: &mut Tx<'_>, id: AttemptId, now: Instant) -> Outcome<()> {
    let Some(attempt) = attempts::attempt(tx, id)? else {
        return Ok(());
    };
    let ends = (now + MAIL_LIVES).min(attempt.created_at + ATTEMPT_LIVES);
    attempts::mail_accepted(tx, id, now, ends)
}
