//! When the one mail a day goes out, and whether there is anything to write (features, C50).

use chrono::{NaiveDate, NaiveTime, Timelike};
use chrono_tz::Tz;

use super::duty::Waits;
use crate::clock::Instant;
use crate::people::access::Visitor;
use crate::refusal::Refusal;
use crate::workday::{date_in, is_working_day};

/// What the daily mail is called in the outbox.
pub const KIND: &str = "waiting-daily";

/// Refuses to show a daily mail in the outbox to staff who act for a seat themselves: what waits for another seat may be
/// a request with which theirs has a conflict of interest. `kind` is what the outbox calls the mail.
///
/// # Errors
/// A refusal that says who can read it.
pub fn must_be_for(kind: &str, reader: &Visitor) -> Result<(), Refusal> {
    if kind != KIND || reader.seats().is_empty() {
        return Ok(());
    }
    let sentence = "This mail says what waits for another seat. Staff who act for no seat themselves can read it.";
    Err(Refusal::forbidden("of-another-seat", sentence).onward("All mail", "/outbox"))
}

/// The hour from which it goes out, in the Consortium's zone.
pub const FROM_HOUR: u32 = 7;

/// The day whose mail is due at `now`: a working day in `zone`, from seven in the morning. Days that were missed are not
/// made up for: the mail of today says all that waits.
pub fn day_due(now: Instant, zone: Tz) -> Option<NaiveDate> {
    let day = date_in(now, zone);
    let clock: NaiveTime = now.with_timezone(&zone).time();
    (is_working_day(day) && clock.hour() >= FROM_HOUR).then_some(day)
}

/// Whether there is something to write: a day on which nothing waits has no mail.
pub const fn is_worth_a_mail(waits: &[Waits]) -> bool {
    !waits.is_empty()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_mail_goes_out_on_working_days_from_seven_by_the_clocks_of_the_zone() {
        let zone: Tz = "Europe/Paris".parse().unwrap();
        let cases = [
            ("2026-03-02T05:59:59Z", None),
            ("2026-03-02T06:00:00Z", Some("2026-03-02")),
            ("2026-03-02T22:59:59Z", Some("2026-03-02")),
            // Midnight in Paris: the next day has not begun to be written of.
            ("2026-03-02T23:00:00Z", None),
            ("2026-03-07T12:00:00Z", None),
            ("2026-03-08T12:00:00Z", None),
            // Summer time began on 29 March: seven is an hour earlier in UTC.
            ("2026-03-30T05:00:00Z", Some("2026-03-30")),
        ];
        for (now, day) in cases {
            let expected = day.map(|day| day.parse().unwrap());
            assert_eq!(day_due(now.parse().unwrap(), zone), expected, "{now}");
        }
    }
}
