//! What waits for whom; a person's own calendar and daily mail; the daily mails that are due.

pub mod duties;

use serde_json::json;

use super::daily;
use super::notices;
use super::store::{self, Feed};
use crate::audit::entry::{Actor, Entry};
use crate::audit::store::record;
use crate::clock::Instant;
use crate::ids::{FeedId, PersonId, SeatId, nonce};
use crate::moment::Moment;
use crate::people::access::{HeldSeat, Member, Onlooker};
use crate::people::store::seats_of;
use crate::people::token::{PresentedLink, TokenKey, link_token};
use crate::policy::store::in_force;
use crate::refusal::{Outcome, Refusal};
use crate::store::{Tx, View, done_already, is_done};
use crate::workday::date_in;
use crate::workflow::delivery::outbox;
use crate::workflow::request::store::recused::closed_to;
use crate::workflow::routing::store as routes;
use crate::workflow::waiting::duty::Waits;

/// Makes the address at which the member's calendar reads what waits; one that was there before ends.
///
/// # Errors
/// A fault of the database.
pub fn make_calendar(tx: &mut Tx<'_>, moment: &Moment, member: &Member) -> Outcome<()> {
    let feed = Feed { id: FeedId::fresh(), person: member.person(), nonce: nonce() };
    let replaced = store::replace_feed(tx, Some(&feed), member.person(), moment.now)?;
    note(tx, moment, member, "calendar-made", json!({ "replaced": replaced }))
}

/// Ends the address of the member's calendar. Whoever still reads it is answered that there is nothing.
///
/// # Errors
/// A fault of the database.
pub fn end_calendar(tx: &mut Tx<'_>, moment: &Moment, member: &Member) -> Outcome<()> {
    if store::replace_feed(tx, None, member.person(), moment.now)? {
        note(tx, moment, member, "calendar-ended", json!({}))?;
    }
    Ok(())
}

/// Takes on or drops the one mail a day about what waits for the member.
///
/// # Errors
/// A fault of the database.
pub fn choose_daily_mail(tx: &mut Tx<'_>, moment: &Moment, member: &Member, wanted: bool) -> Outcome<()> {
    if store::choose_daily_mail(tx, member.person(), wanted, moment.now)? {
        note(tx, moment, member, "daily-mail-chosen", json!({ "wanted": wanted }))?;
    }
    Ok(())
}

fn note(
    tx: &mut Tx<'_>,
    moment: &Moment,
    member: &Member,
    what: &'static str,
    detail: serde_json::Value,
) -> Outcome<()> {
    let actor = Actor::Person(member.person());
    record(tx, &Entry { subject: "people".to_owned(), at: moment.now, actor, what, detail })
}

/// The path of a member's calendar.
pub fn calendar_path(key: &TokenKey, feed: &Feed) -> String {
    format!("/calendar/{}", link_token(key, feed.id, &feed.nonce))
}

/// Whose calendar is read at an address, with the seats this person acts for now.
///
/// # Errors
/// A refusal when the address is none of ours, or has ended; a fault of the database.
pub fn reader_of(view: &mut View<'_>, key: &TokenKey, token: &str, now: Instant) -> Outcome<Onlooker> {
    let found = match PresentedLink::<FeedId>::read(token) {
        Some(link) => store::feed(view, link.id)?.filter(|feed| link.fits(key, &feed.nonce)),
        None => None,
    };
    let feed = found.ok_or_else(|| {
        let sentence = "There is no calendar at this address, or its owner has replaced it. The address of today is on the page “Waiting for me”.";
        Refusal::not_found("no-calendar", sentence).onward("Waiting for me", "/waiting")
    })?;
    let today = date_in(now, in_force(view, now)?.zone);
    Ok(onlooker(feed.person, &seats_of(view, feed.person, today)?))
}

fn onlooker(person: PersonId, held: &[HeldSeat]) -> Onlooker {
    Onlooker { person, seats: held.iter().map(|held| (held.seat, held.institution)).collect() }
}

/// Writes the daily mail to everybody who chose it and for whom something waits, once a working day.
///
/// # Errors
/// A fault of the database.
pub fn tick(tx: &mut Tx<'_>, moment: &Moment) -> Outcome<()> {
    let zone = in_force(tx, moment.now)?.zone;
    let Some(day) = daily::day_due(moment.now, zone) else { return Ok(()) };
    let mark = format!("daily mail {day}");
    if is_done(tx, &mark)? || done_already(tx, &mark, moment.now)? {
        return Ok(());
    }
    let acting = routes::who_acts(tx, day)?;
    let seats: Vec<SeatId> = acting.iter().filter_map(|reader| reader.seat).collect();
    let waits = duties::of(tx, &seats, moment.now)?;
    for person in store::daily_readers(tx)? {
        let own: Vec<_> = acting.iter().filter(|reader| reader.person == person).collect();
        let held = seats_of(tx, person, day)?;
        let closed = closed_to(tx, &onlooker(person, &held))?;
        let is_theirs =
            |one: &&Waits| own.iter().any(|reader| reader.seat == Some(one.seat)) && !closed.contains(&one.request);
        let mine: Vec<_> = waits.iter().filter(is_theirs).cloned().collect();
        let Some(reader) = own.first().filter(|_| daily::is_worth_a_mail(&mine)) else { continue };
        outbox::queue(tx, moment, &notices::daily(&moment.site, reader, &mine)?)?;
    }
    Ok(())
}

/// What a member has chosen.
#[derive(Debug, Clone)]
pub struct Choices {
    /// Where their calendar reads, if they made one.
    pub feed: Option<Feed>,
    /// Whether they want the daily mail.
    pub daily_mail: bool,
}

/// What a person has chosen.
///
/// # Errors
/// A fault of the database.
pub fn choices(view: &mut View<'_>, person: PersonId) -> Outcome<Choices> {
    Ok(Choices { feed: store::feed_of_person(view, person)?, daily_mail: store::has_daily_mail(view, person)? })
}
