//! Staff say which institution a request comes from, and the seats of that institution take no further part.

use super::super::motion::MotionState;
use super::super::store::motions;
use super::motion::settle;
use crate::ids::RequestId;
use crate::moment::Moment;
use crate::people::access::Staff;
use crate::refusal::Outcome;
use crate::store::Tx;
use crate::workflow::request::commands::{self as requesting, Recognised};
use crate::workflow::request::store::{self as requests, Request};
use crate::workflow::routing::commands as routing;

/// Ties a request whose institution was typed to one that is known. A seat that turns out to be its own institution's
/// loses the request at once, under a policy that says so.
///
/// # Errors
/// Field errors for `institution` and `remember`; a refusal when the institution was chosen from the list or a letter has
/// named it; a fault of the database.
pub fn recognise(tx: &mut Tx<'_>, moment: &Moment, staff: &Staff, id: RequestId, said: Recognised) -> Outcome<()> {
    let request = requests::touch(tx, id)?;
    // What was due before this moment was decided as the seats stood then.
    settle(tx, moment, &request)?;
    let request = requesting::recognise(tx, moment, staff, id, said)?;
    see_to_own(tx, moment, staff, &request)
}

/// Takes the seats of the institution that asks out of a held request, wherever it has become theirs.
///
/// # Errors
/// A fault of the database.
pub fn see_to_own(tx: &mut Tx<'_>, moment: &Moment, staff: &Staff, request: &Request) -> Outcome<()> {
    let is_open = motions::latest(tx, request.id)?.is_some_and(|kept| MotionState::is_open(&kept.motion.state));
    routing::recuse_own(tx, moment, staff, request, is_open)?;
    // Whoever is left may all support it already.
    settle(tx, moment, request)
}
