//! Staff write to whoever a request waits for.

use serde_json::json;

use crate::audit::entry::{Actor, Entry};
use crate::audit::store::{history, record};
use crate::ids::SeatId;
use crate::moment::Moment;
use crate::people::access::Staff;
use crate::refusal::Outcome;
use crate::staff::awaited::{Awaited, awaited, may_write, no_seat_is_awaited, nobody_acts};
use crate::staff::notices;
use crate::store::{Tx, View};
use crate::workday::date_in;
use crate::workflow::decision::store as decisions;
use crate::workflow::delivery::outbox;
use crate::workflow::delivery::store::held;
use crate::workflow::labels::Standing;
use crate::workflow::phrase::and_list;
use crate::workflow::request::commands::sharing::applicants;
use crate::workflow::request::store::{Request, queue};
use crate::workflow::routing::commands::{about, policy_of};
use crate::workflow::routing::store as routes;
use crate::workflow::turn::Known;
use crate::workflow::waiting::commands::duties;

/// What the journal calls it.
const WRITTEN: &str = "awaited-written-to";

/// Writes to whoever a touched request waits for; says to whom.
///
/// # Errors
/// A refusal when nobody is awaited, nobody is there to be written to, or staff wrote less than a day ago; a fault of the
/// database.
pub(super) fn write(tx: &mut Tx<'_>, moment: &Moment, staff: Staff, request: &Request) -> Outcome<String> {
    let standing = standing(tx, request)?;
    let whom = awaited(&standing, moment.now)?;
    let journal = history(tx, request.id.as_str())?;
    let last = journal.iter().rev().find(|entry| entry.what == WRITTEN).map(|entry| entry.at());
    may_write(last, moment.now)?;
    let said = match whom {
        Awaited::Applicant => to_applicant(tx, moment, request, &standing)?,
        Awaited::Seats => to_seats(tx, moment, request)?,
    };
    let entry = Entry {
        subject: request.id.to_string(),
        at: moment.now,
        actor: Actor::Staff(staff.person()),
        what: WRITTEN,
        detail: json!({ "to": said }),
    };
    record(tx, &entry)?;
    Ok(said)
}

/// How the request stands, as far as it decides who acts next.
fn standing(view: &mut View<'_>, request: &Request) -> Outcome<Standing> {
    let reply_by = queue::open_questions(view, &[request.id])?.remove(&request.id);
    let is_answered = decisions::unreleased(view, &[request.id])?.contains(&request.id);
    Ok(request.standing(reply_by, None).with_answer(is_answered))
}

fn to_applicant(tx: &mut Tx<'_>, moment: &Moment, request: &Request, standing: &Standing) -> Outcome<String> {
    let known = Known { today: policy_of(request)?.today(moment.now), ..Known::default() };
    let by_when = standing.next(moment.now, &known).sentence;
    for told in applicants(tx, request, moment.now)? {
        let mail = notices::answer(&moment.site, &about(request), (&told.to, &told.name), &by_when)?;
        outbox::queue(tx, moment, &mail)?;
    }
    let is_held = held::kinds(tx)?.contains(notices::ANSWER);
    Ok(match is_held {
        true => "Written to the applicant. Staff look at the mail before it goes out.",
        false => "Written to the applicant.",
    }
    .to_owned())
}

fn to_seats(tx: &mut Tx<'_>, moment: &Moment, request: &Request) -> Outcome<String> {
    let day = date_in(moment.now, policy_of(request)?.zone);
    let seats: Vec<SeatId> = routes::seats_in_office(tx, day)?.into_iter().map(|seat| seat.seat).collect();
    let acting = routes::who_acts_on(tx, request.id, day)?;
    let mut waits = duties::of(tx, &seats, moment.now)?;
    waits.retain(|one| one.request == request.id);
    if waits.is_empty() {
        return Err(no_seat_is_awaited().into());
    }
    // Nobody can be written to where a seat has nobody.
    waits.retain(|one| acting.iter().any(|reader| reader.seat == Some(one.seat)));
    if waits.is_empty() {
        return Err(nobody_acts().into());
    }
    for one in &waits {
        for reader in acting.iter().filter(|reader| reader.seat == Some(one.seat)) {
            outbox::queue(tx, moment, &notices::seat(&moment.site, reader, one)?)?;
        }
    }
    let names: Vec<&str> = waits.iter().map(|one| one.institution.as_str()).collect();
    let seats = match names.len() {
        1 => "seat",
        _ => "seats",
    };
    Ok(format!("Written to the {seats} of {}.", and_list(&names)))
}
