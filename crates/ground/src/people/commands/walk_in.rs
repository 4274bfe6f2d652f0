//! Signing in without a mail, as one of the made-up people of the demonstration.

use super::sign_in::{Asker, Confirmed, let_in};
use crate::moment::Moment;
use crate::people::demonstration::Demonstration;
use crate::people::next::Next;
use crate::people::store;
use crate::people::token::TokenKey;
use crate::refusal::{Outcome, Refusal};
use crate::store::Tx;

/// Signs in as the person with this address.
///
/// # Errors
/// A refusal when the demonstration has no such person, or a fault of the database.
pub fn walk_in(
    tx: &mut Tx<'_>,
    moment: &Moment,
    (key, _): (&TokenKey, Demonstration),
    asker: &Asker,
    address: &str,
) -> Outcome<Confirmed> {
    let person = store::person_at(tx, address)?
        .ok_or_else(|| Refusal::not_found("no-such-person", "The demonstration has no such person."))?;
    let signed_in = let_in(tx, moment, key, asker, (&person, "demonstration", Next::Start))?;
    Ok(Confirmed::In(Box::new(signed_in)))
}
