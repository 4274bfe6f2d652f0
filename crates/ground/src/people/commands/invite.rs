//! Invitations to a role: a link for one person, good once and for 72 hours. The link alone gives nothing: whoever holds
//! it still signs in by e-mail, so that a role never hangs on an address nobody has proved.

use chrono::TimeDelta;
use serde_json::json;

use super::sign_in::{Asker, ask};
use crate::audit;
use crate::audit::entry::{Actor, Entry};
use crate::clock::Instant;
use crate::ids::{AttemptId, InviteId, nonce};
use crate::moment::Moment;
use crate::people::access::{Role, Staff};
use crate::people::address::Address;
use crate::people::next::Next;
use crate::people::store::{self, Invite, Person, sessions};
use crate::people::token::{PresentedLink, TokenKey, link_token};
use crate::refusal::{FieldErrors, Outcome, Refusal};
use crate::store::{Tx, View};

/// How long an invitation can be accepted.
const INVITE_LIVES: TimeDelta = TimeDelta::hours(72);

/// Invites somebody to be staff; the path of the link to hand over. `by` is `None` on the command line.
///
/// # Errors
/// A fault of the database.
pub fn invite_staff(
    tx: &mut Tx<'_>,
    moment: &Moment,
    key: &TokenKey,
    address: &Address,
    by: Option<Staff>,
) -> Outcome<String> {
    add(tx, moment, key, Some(address.to_string()), by)
}

/// A link with which the first member of staff sets up their account; `None` once there is one. An earlier link of the
/// same kind ends.
///
/// # Errors
/// A fault of the database.
pub fn first_staff_link(tx: &mut Tx<'_>, moment: &Moment, key: &TokenKey) -> Outcome<Option<String>> {
    store::withdraw_first_invites(tx, moment.now)?;
    if !store::with_role(tx, Role::Staff)?.is_empty() {
        return Ok(None);
    }
    add(tx, moment, key, None, None).map(Some)
}

fn add(
    tx: &mut Tx<'_>,
    moment: &Moment,
    key: &TokenKey,
    address: Option<String>,
    by: Option<Staff>,
) -> Outcome<String> {
    let invite = Invite {
        id: InviteId::fresh(),
        role: Role::Staff,
        address,
        nonce: nonce(),
        made_by: by.map(|staff| staff.person()),
        expires_at: moment.now + INVITE_LIVES,
        is_used: false,
    };
    store::add_invite(tx, &invite, moment.now)?;
    let actor = by.map_or(Actor::Service, |staff| Actor::Staff(staff.person()));
    note(tx, "people", moment.now, actor, "invited", json!({ "invite": invite.id, "role": invite.role }))?;
    Ok(format!("/invite/{}", link_token(key, invite.id, &invite.nonce)))
}

/// The open invitation that a link belongs to. Looking changes nothing.
///
/// # Errors
/// A refusal when the link is none of ours, used, or too old; a fault of the database.
pub fn open_invite(view: &mut View<'_>, key: &TokenKey, token: &str, now: Instant) -> Outcome<Invite> {
    let found = match PresentedLink::<InviteId>::read(token) {
        Some(link) => store::invite(view, link.id)?.filter(|invite| link.fits(key, &invite.nonce)),
        None => None,
    };
    Ok(found.filter(|invite| invite.is_open(now)).ok_or_else(not_open)?)
}

/// Asks for the sign-in mail with which the invitation is accepted.
///
/// # Errors
/// A field error when the invitation is for another address; a refusal when it is not open; a fault of the database.
pub fn ask_as_invited(
    tx: &mut Tx<'_>,
    moment: &Moment,
    key: &TokenKey,
    asker: &Asker,
    token: &str,
    address: &Address,
) -> Outcome<AttemptId> {
    let invite = open_invite(tx, key, token, moment.now)?;
    if invite.address.as_deref().is_some_and(|only| only != address.as_str()) {
        let message = "This invitation is for another address. Type the one it was made for.";
        return Err(FieldErrors::one("address", message).into());
    }
    ask(tx, moment, key, asker, address, Next::Invite(invite.id))
}

/// Gives the role of an invitation to the person who has just proved their address. An invitation that is not open any
/// more gives nothing, and the person is signed in all the same.
pub(super) fn accept(tx: &mut Tx<'_>, moment: &Moment, person: &Person, id: InviteId) -> Outcome<()> {
    let Some(invite) = store::invite(tx, id)? else {
        return Ok(());
    };
    if invite.address.as_deref().is_some_and(|only| only != person.address) || !store::use_invite(tx, id, moment.now)? {
        return Ok(());
    }
    grant(tx, moment, person, invite.role, Actor::Person(person.id))
}

/// Gives a person a role. Their web sessions end, so that nobody goes on with one that was opened for fewer powers.
///
/// # Errors
/// A fault of the database.
pub fn grant(tx: &mut Tx<'_>, moment: &Moment, person: &Person, role: Role, actor: Actor) -> Outcome<()> {
    if store::grant(tx, person.id, role, moment.now)? {
        sessions::end_all(tx, person.id, None, moment.now)?;
        note(tx, &person.id.to_string(), moment.now, actor, "role-granted", json!({ "role": role }))?;
    }
    Ok(())
}

fn note(
    tx: &mut Tx<'_>,
    subject: &str,
    at: Instant,
    actor: Actor,
    what: &'static str,
    detail: serde_json::Value,
) -> Outcome<()> {
    audit::store::record(tx, &Entry { subject: subject.to_owned(), at, actor, what, detail })
}

fn not_open() -> Refusal {
    let sentence =
        "This invitation was used, has ended, or was copied incompletely. Ask whoever gave it to you for a new one.";
    Refusal::not_found("no-invitation", sentence).onward("Sign in", "/sign-in")
}
