//! A seat in the middle of its term: an institution gives it up, another one takes it for the rest (governance.md,
//! "Seats"). Either cuts the term in two, so that the list for any day stays what it was: up to the day before as it
//! was, from the day on vacant or held anew. A vacant stretch is a seat of record like any other.

use std::collections::HashMap;

use chrono::NaiveDate;

use super::rules::Seat;
use crate::ids::{InstitutionId, SeatId};
use crate::members::institution::Institution;
use crate::plain;
use crate::refusal::FieldErrors;
use crate::workday::{add_days, read_date};

/// How many days before it leaves its seat an institution gives notice (Memorandum of Understanding of 16 June 2015).
pub const NOTICE_DAYS: u64 = 30;
/// The longest reason, in characters.
const REASON_MOST: usize = 2_000;

/// That an institution gives up its seat.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GivingUp {
    /// The day on which its notice came in.
    pub notice: NaiveDate,
    /// The first day without it.
    pub from: NaiveDate,
    /// Why, in its own words or those of staff.
    pub reason: String,
}

/// Judges what staff typed about an institution that gives up `seat`; `typed` gives a field's text by its name:
/// `notice`, `from`, `reason`.
///
/// # Errors
/// Everything that is wrong, in the order of the fields.
pub fn judged<'t>(seat: &Seat, typed: impl Fn(&str) -> &'t str, today: NaiveDate) -> Result<GivingUp, FieldErrors> {
    let mut errors = FieldErrors::default();
    let notice = day("notice", "the day on which the notice came in", typed("notice"), &mut errors);
    if notice.is_some_and(|notice| notice > today) {
        errors.add("notice", "This day is still to come. Record the notice once it is there.");
    }
    let from = day("from", "the first day without the institution", typed("from"), &mut errors);
    if let Some(message) = from.and_then(|from| wrong_start(seat, notice, from, today)) {
        errors.add("from", message);
    }
    let reason = plain::text(typed("reason"), REASON_MOST);
    if let Err(flaw) = &reason {
        errors.add("reason", flaw.sentence("the reason"));
    }
    errors.unless_any(())?;
    let read = || Some(GivingUp { notice: notice?, from: from?, reason: reason.ok()? });
    read().ok_or_else(FieldErrors::default)
}

fn day(field: &str, what: &str, typed: &str, errors: &mut FieldErrors) -> Option<NaiveDate> {
    let day = read_date(typed);
    if day.is_none() {
        errors.add(field, format!("Enter {what} with day, month and year, for example 3 March 2027."));
    }
    day
}

/// Why `from` cannot be the first vacant day.
fn wrong_start(seat: &Seat, notice: Option<NaiveDate>, from: NaiveDate, today: NaiveDate) -> Option<String> {
    let soonest = notice.map(|notice| add_days(notice, NOTICE_DAYS));
    if from < today {
        Some("This day has passed, and what the seat did since then stands. Choose today or a later day.".to_owned())
    } else if let Some(soonest) = soonest.filter(|soonest| from < *soonest) {
        Some(format!(
            "The notice is {NOTICE_DAYS} days. After this notice the seat is given up on {} at the earliest.",
            plain::day(soonest)
        ))
    } else if from <= seat.first_day || seat.last_day < from {
        Some(format!(
            "The institution holds the seat from {} to {}. Choose a day after the first and not after the last.",
            plain::day(seat.first_day),
            plain::day(seat.last_day)
        ))
    } else {
        None
    }
}

/// A seat cut in two at the first day of the second part, which is held by `institution`, or vacant, and is another seat
/// for everything that is counted. `None` when the day is not inside the seat's time.
pub fn cut(seat: &Seat, at: NaiveDate, id: SeatId, institution: Option<InstitutionId>) -> Option<(Seat, Seat)> {
    if at <= seat.first_day || seat.last_day < at {
        return None;
    }
    let before = Seat { last_day: at.pred_opt()?, ..seat.clone() };
    let after = Seat { id, institution, first_day: at, ..seat.clone() };
    Some((before, after))
}

/// That an institution takes a vacant seat for the rest of its term.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Filling {
    /// The institution.
    pub institution: InstitutionId,
    /// Its first day.
    pub from: NaiveDate,
}

/// Judges what staff typed about the institution that takes the vacant `seat`: `institution` and `from`.
///
/// # Errors
/// Everything that is wrong, in the order of the fields.
pub fn filled<'t>(
    seat: &Seat,
    typed: impl Fn(&str) -> &'t str,
    today: NaiveDate,
    (seats, institutions): (&[Seat], &HashMap<InstitutionId, Institution>),
) -> Result<Filling, FieldErrors> {
    let mut errors = FieldErrors::default();
    let chosen = typed("institution").parse().ok().and_then(|id: InstitutionId| institutions.get(&id));
    if chosen.is_none() {
        errors.add("institution", "Choose the institution that takes the seat.");
    }
    let from = day("from", "its first day in office", typed("from"), &mut errors);
    let first = seat.first_day.max(today);
    if let Some(from) = from.filter(|from| *from < first || seat.last_day < *from) {
        let message = if from < today { "This day has passed. " } else { "The seat is not vacant on this day. " };
        let (first, last) = (plain::day(first), plain::day(seat.last_day));
        errors.add("from", format!("{message}Choose a day from {first} to {last}."));
    }
    if let (Some(one), Some(from)) = (chosen, from) {
        let holds = |other: &&Seat| {
            other.institution == Some(one.id) && other.first_day <= seat.last_day && from <= other.last_day
        };
        if let Some(other) = seats.iter().find(holds) {
            let (first, last) = (plain::day(other.first_day), plain::day(other.last_day));
            errors.add("institution", format!("{} holds a seat from {first} to {last}, and has one vote.", one.name));
        } else if !one.membership_on(from).is_some_and(|kind| kind.may_hold_seat()) {
            let name = &one.name;
            errors.add(
                "institution",
                format!("Only founding and full members hold a seat, and {name} is none on {}.", plain::day(from)),
            );
        }
    }
    errors.unless_any(())?;
    let read = || Some(Filling { institution: chosen?.id, from: from? });
    read().ok_or_else(FieldErrors::default)
}

#[cfg(test)]
mod tests {
    use super::super::rules::{Term, seats_of_record};
    use super::*;
    use crate::members::institution::{Membership, Period};
    use proptest::prelude::*;

    fn on(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn seat() -> Seat {
        let term = Term { elected: 2025, years: 3 };
        Seat {
            id: SeatId::fresh(),
            institution: Some(InstitutionId::fresh()),
            batch: "Batch E".into(),
            first_day: term.first_day(),
            last_day: term.last_day(),
        }
    }

    fn judge(fields: [&'static str; 3]) -> Result<GivingUp, FieldErrors> {
        let value =
            move |name: &str| fields[["notice", "from", "reason"].iter().position(|known| *known == name).unwrap()];
        judged(&seat(), value, on("2026-03-02"))
    }

    #[test]
    fn a_seat_is_given_up_thirty_days_after_the_notice() {
        let giving = judge(["2026-03-01", "31 March 2026", " It merges. "]).unwrap();
        assert_eq!((giving.from, giving.reason.as_str()), (on("2026-03-31"), "It merges."));
        let early = judge(["2026-03-01", "2026-03-30", "It merges."]).unwrap_err();
        assert!(early.of("from").unwrap().contains("31 March 2026"), "{early:?}");
    }

    #[test]
    fn everything_that_is_wrong_is_told_at_once_at_its_field() {
        let all = judge(["", "31/31/2026", ""]).unwrap_err();
        assert_eq!(all.iter().map(|error| error.field.as_str()).collect::<Vec<_>>(), ["notice", "from", "reason"]);
        for (fields, field) in [
            (["2026-03-03", "2026-05-01", "x"], "notice"),
            (["2026-01-01", "2026-03-01", "x"], "from"),
            (["2026-01-01", "2029-01-01", "x"], "from"),
        ] {
            let errors = judge(fields).unwrap_err();
            assert_eq!(errors.iter().map(|error| error.field.as_str()).collect::<Vec<_>>(), [field], "{fields:?}");
        }
    }

    fn institution(kind: Membership) -> Institution {
        Institution {
            periods: vec![Period { kind, since: None, until: None }],
            ..Institution::named(InstitutionId::fresh(), "Example Library")
        }
    }

    #[test]
    fn a_vacant_seat_goes_to_a_full_member_without_a_seat() {
        let vacant = Seat { institution: None, ..seat() };
        let (full, associate) = (institution(Membership::Full), institution(Membership::Associate));
        let known: HashMap<_, _> = [&full, &associate].map(|one| (one.id, one.clone())).into();
        let fill = |id: InstitutionId, from: &'static str, seats: &[Seat]| {
            let id: &'static str = id.to_string().leak();
            filled(&vacant, |name| if name == "from" { from } else { id }, on("2026-03-02"), (seats, &known))
        };
        assert_eq!(fill(full.id, "2026-03-02", &[]), Ok(Filling { institution: full.id, from: on("2026-03-02") }));
        let own = Seat { institution: Some(full.id), ..seat() };
        for (errors, field) in [
            (fill(associate.id, "2026-03-02", &[]), "institution"),
            (fill(full.id, "2026-03-02", &[own]), "institution"),
            (fill(InstitutionId::fresh(), "2026-03-02", &[]), "institution"),
            (fill(full.id, "2026-03-01", &[]), "from"),
            (fill(full.id, "2029-03-01", &[]), "from"),
        ] {
            assert!(errors.clone().unwrap_err().of(field).is_some(), "{errors:?}");
        }
    }

    proptest! {
        #[test]
        fn cutting_a_seat_leaves_exactly_one_of_record_on_every_day(at in 0..1200_u64, day in 0..1200_u64) {
            let whole = seat();
            let (at, day) = (add_days(on("2025-11-01"), at), add_days(on("2025-11-01"), day));
            let parts = match cut(&whole, at, SeatId::fresh(), None) {
                Some((before, after)) => vec![before, after],
                None => vec![whole.clone()],
            };
            let before = seats_of_record(std::slice::from_ref(&whole), day).len();
            prop_assert_eq!(seats_of_record(&parts, day).len(), before);
            prop_assert!(parts.iter().all(|part| part.first_day <= part.last_day));
            let held = seats_of_record(&parts, day).iter().any(|part| part.institution.is_some());
            prop_assert_eq!(held, before == 1 && (parts.len() == 1 || day < at));
        }
    }
}
