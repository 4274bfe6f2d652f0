//! What people do with an account they are signed in to, and what the service needs to know about persons.

use serde_json::json;

use super::sign_in::Confirmed;
use crate::audit;
use crate::audit::entry::{Actor, Entry};
use crate::clock::Instant;
use crate::ids::{PersonId, SessionId};
use crate::moment::Moment;
use crate::people::access::{Visitor, VisitorFacts};
use crate::people::address::Address;
use crate::people::session::{Standing, lifetime, standing};
use crate::people::store::{self, Person, sessions};
use crate::people::token::digest;
use crate::plain;
use crate::refusal::{FieldErrors, Outcome, Refusal};
use crate::store::{Tx, View, impossible};

/// The longest name a person can have, in characters.
const LONGEST_NAME: usize = 120;

/// Who is behind a cookie, and what is to be done about the web session.
///
/// # Errors
/// A fault of the database.
pub fn recognise(view: &mut View<'_>, secret: &str, now: Instant) -> Outcome<Option<(Visitor, Standing)>> {
    let Some(session) = sessions::opened_by(view, &digest(secret), now)? else {
        return Ok(None);
    };
    let Some(person) = store::person(view, session.person_id)? else {
        return Err(impossible("web_sessions", session.id, "its person is not there"));
    };
    let visitor = Visitor::new(VisitorFacts {
        person: person.id,
        name: person.name,
        address: person.address,
        session: session.id,
        level: session.level,
        roles: store::roles_of(view, person.id)?,
        seats: store::seats_of(view, person.id, now.date_naive())?,
        offices: store::offices_of(view, person.id, now.date_naive())?,
    });
    let standing = standing(session.times(), lifetime(session.level, visitor.has_powers()), now);
    Ok((standing != Standing::Ended).then_some((visitor, standing)))
}

/// Notes that a web session is in use.
///
/// # Errors
/// A fault of the database.
pub fn note_use(tx: &mut Tx<'_>, session: SessionId, now: Instant) -> Outcome<()> {
    sessions::note_use(tx, session, now)
}

/// Replaces the secret of a web session; `false` when another page has just done so.
///
/// # Errors
/// A fault of the database.
pub fn renew(tx: &mut Tx<'_>, session: SessionId, old: &str, new: &str, now: Instant) -> Outcome<bool> {
    sessions::renew(tx, session, &digest(old), &digest(new), now)
}

/// After a sign-in: ends the web session that the browser had `before`, whoever's it was. The new one never shares
/// anything with it.
///
/// # Errors
/// A fault of the database.
pub fn leave_behind(tx: &mut Tx<'_>, confirmed: &Confirmed, before: Option<&str>, now: Instant) -> Outcome<()> {
    let (Confirmed::In(_), Some(before)) = (confirmed, before) else {
        return Ok(());
    };
    if let Some(session) = sessions::opened_by(tx, &digest(before), now)? {
        sessions::end(tx, session.person_id, session.id, now)?;
    }
    Ok(())
}

/// Ends the present web session.
///
/// # Errors
/// A fault of the database.
pub fn sign_out(tx: &mut Tx<'_>, moment: &Moment, visitor: &Visitor) -> Outcome<()> {
    sessions::end(tx, visitor.person(), visitor.session(), moment.now)?;
    note(tx, moment, visitor.person(), "signed-out", json!({}))
}

/// Ends one of one's own web sessions.
///
/// # Errors
/// A refusal when it is not one's own or has ended already; a fault of the database.
pub fn end_session(tx: &mut Tx<'_>, moment: &Moment, visitor: &Visitor, session: SessionId) -> Outcome<()> {
    if !sessions::end(tx, visitor.person(), session, moment.now)? {
        let sentence = "This browser is signed out already.";
        return Err(Refusal::not_found("no-web-session", sentence).onward("Your account", "/account").into());
    }
    note(tx, moment, visitor.person(), "web-session-ended", json!({ "sessions": 1 }))
}

/// Ends all of one's web sessions but the present one; how many.
///
/// # Errors
/// A fault of the database.
pub fn end_other_sessions(tx: &mut Tx<'_>, moment: &Moment, visitor: &Visitor) -> Outcome<usize> {
    let ended = sessions::end_all(tx, visitor.person(), Some(visitor.session()), moment.now)?;
    note(tx, moment, visitor.person(), "web-session-ended", json!({ "sessions": ended }))?;
    Ok(ended)
}

/// Gives oneself another name.
///
/// # Errors
/// A field error when it is no name; a fault of the database.
pub fn rename(tx: &mut Tx<'_>, moment: &Moment, visitor: &Visitor, name: &str) -> Outcome<()> {
    let name = plain::line(name, LONGEST_NAME).map_err(|flaw| FieldErrors::one("name", flaw.sentence("your name")))?;
    store::rename(tx, visitor.person(), &name)?;
    note(tx, moment, visitor.person(), "renamed", json!({}))
}

/// The person with this address, made when there is none: for whoever names another person by address, such as the
/// representative of a seat. The name counts only for a new person.
///
/// # Errors
/// A fault of the database.
pub fn person_for(tx: &mut Tx<'_>, address: &Address, name: &str, now: Instant) -> Outcome<Person> {
    store::person_for(tx, address, name, now)
}

/// Ends all web sessions of a person: after their powers have changed.
///
/// # Errors
/// A fault of the database.
pub fn end_sessions_of(tx: &mut Tx<'_>, person: PersonId, now: Instant) -> Outcome<usize> {
    sessions::end_all(tx, person, None, now)
}

fn note(
    tx: &mut Tx<'_>,
    moment: &Moment,
    person: PersonId,
    what: &'static str,
    detail: serde_json::Value,
) -> Outcome<()> {
    let (subject, actor) = (person.to_string(), Actor::Person(person));
    audit::store::record(tx, &Entry { subject, at: moment.now, actor, what, detail })
}
