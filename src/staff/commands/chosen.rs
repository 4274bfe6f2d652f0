//! What staff do with several requests at once, each in a transaction of its own: a refusal of one stops no other.

use super::awaited;
use crate::ids::RequestId;
use crate::moment::Moment;
use crate::people::access::{Onlooker, Staff};
use crate::refusal::{Failure, Outcome, RefusalKind};
use crate::staff::chosen::{Act, may_take, not_there};
use crate::store::{Tx, View};
use crate::workflow::post::commands::{Seen, printed};
use crate::workflow::request::store::queue::sight;
use crate::workflow::request::store::{self as requests, Request};

/// One of staff, who finds only what is not closed to them.
#[derive(Debug, Clone)]
pub struct Acting {
    /// Who acts.
    pub staff: Staff,
    /// As whom they look.
    pub onlooker: Onlooker,
}

impl Acting {
    /// Those of `ids` that are there, in no order.
    ///
    /// # Errors
    /// A fault of the database.
    pub fn sees(&self, view: &mut View<'_>, ids: &[RequestId]) -> Outcome<Vec<Request>> {
        let sight = sight(view, true, &self.onlooker)?;
        let mut seen = requests::among(view, ids)?;
        seen.retain(|request| request.reference.is_some() && !sight.hides(request.id));
        Ok(seen)
    }
}

/// Does `act` with one request; says what was done. `seen` is what the list showed of its physical copy: number and letter.
///
/// # Errors
/// A refusal when it is not there, and those of the act; a fault of the database.
pub fn act(
    tx: &mut Tx<'_>,
    moment: &Moment,
    acting: &Acting,
    (id, act): (RequestId, Act),
    seen: &str,
) -> Outcome<String> {
    let is_there = requests::touch(tx, id).map_err(|failure| match failure {
        Failure::Refusal(refusal) if refusal.kind == RefusalKind::NotFound => not_there().into(),
        other => other,
    });
    is_there?;
    let request = acting.sees(tx, &[id])?.pop().ok_or_else(not_there)?;
    match act {
        Act::Write => awaited::write(tx, moment, acting.staff, &request),
        Act::Print => {
            let (copy, letter) = seen.split_once(' ').unwrap_or_default();
            let seen = Seen { copy: copy.to_owned(), letter: letter.to_owned() };
            printed(tx, moment, acting.staff, id, &seen)?;
            Ok("Printed. Next, post it.".to_owned())
        }
        Act::Requests | Act::Letters => Ok(may_take(act, request.stage)?),
    }
}
