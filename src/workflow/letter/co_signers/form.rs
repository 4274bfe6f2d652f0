//! What staff type of a co-signer, and what a co-signer types.

use chrono::NaiveDate;

use crate::plain;
use crate::refusal::FieldErrors;
use crate::workday::{add_days, read_date};
use crate::workflow::letter::co_signers::{CoSigner, MOST, Signature, Way};

/// The longest that co-signers are given, in days.
const LONGEST: u64 = 90;

/// The names of the forms' fields.
pub mod fields {
    /// A co-signer's name.
    pub const NAME: &str = "name";
    /// Their mail address.
    pub const ADDRESS: &str = "address";
    /// For whom they sign.
    pub const ORGANISATION: &str = "organisation";
    /// Whether the letter goes without them.
    pub const OPTIONAL: &str = "optional";
    /// In which order they are asked.
    pub const WAY: &str = "way";
    /// The last day.
    pub const LAST_DAY: &str = "last_day";
    /// In which capacity they sign.
    pub const CAPACITY: &str = "capacity";
    /// That they have read the letter.
    pub const READ: &str = "read";
    /// Why they do not sign.
    pub const REASON: &str = "reason";
}

/// A co-signer as staff typed them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Typed {
    /// Their name.
    pub name: String,
    /// Their mail address as typed.
    pub address: String,
    /// For whom they sign; may be empty.
    pub organisation: String,
    /// Whether the letter waits for them.
    pub needed: bool,
}

/// Reads a co-signer for a list that has `others`.
///
/// # Errors
/// Every field that is wrong.
pub fn read_signer<'f>(typed: impl Fn(&str) -> &'f str, others: &[CoSigner]) -> Result<Typed, FieldErrors> {
    let mut errors = FieldErrors::default();
    let name = plain::line(typed(fields::NAME), 120).unwrap_or_else(|flaw| {
        errors.add(fields::NAME, flaw.sentence("their name"));
        String::new()
    });
    let address = plain::email(typed(fields::ADDRESS)).unwrap_or_else(|flaw| {
        errors.add(fields::ADDRESS, flaw.sentence("their e-mail address"));
        String::new()
    });
    if others.iter().any(|other| other.address.eq_ignore_ascii_case(&address)) {
        errors.add(fields::ADDRESS, "Somebody with this address is on the list already.");
    }
    if others.len() >= MOST {
        errors.add(fields::NAME, format!("A letter has {MOST} co-signers at most."));
    }
    let organisation = match typed(fields::ORGANISATION) {
        blank if plain::is_blank(blank) => String::new(),
        organisation => plain::line(organisation, 160).unwrap_or_else(|flaw| {
            errors.add(fields::ORGANISATION, flaw.sentence("the organisation"));
            String::new()
        }),
    };
    errors.unless_any(Typed { name, address, organisation, needed: typed(fields::OPTIONAL).is_empty() })
}

/// Reads the last day, given `today`.
///
/// # Errors
/// The field, when it is no day, or one that is too near or too far.
fn read_last_day(typed: &str, today: NaiveDate) -> Result<NaiveDate, FieldErrors> {
    let wrong = |sentence: String| FieldErrors::one(fields::LAST_DAY, sentence);
    let day = read_date(typed)
        .ok_or_else(|| wrong("Enter the last day on which they can answer, for example 31 March 2026.".to_owned()))?;
    if day <= today {
        return Err(wrong("Choose a day after today, so that they have time to read the letter.".to_owned()));
    }
    if day > add_days(today, LONGEST) {
        return Err(wrong(format!("Choose a day within the next {LONGEST} days.")));
    }
    Ok(day)
}

/// Reads in which order they are asked and until when, given `today`.
///
/// # Errors
/// Every field that is wrong.
pub fn read_asking(way: &str, last_day: &str, today: NaiveDate) -> Result<(Way, NaiveDate), FieldErrors> {
    let mut errors = FieldErrors::default();
    let way: Option<Way> = way.parse().ok();
    if way.is_none() {
        errors.add(fields::WAY, "Choose in which order they are asked.");
    }
    match (way, read_last_day(last_day, today)) {
        (Some(way), Ok(day)) => Ok((way, day)),
        (_, day) => {
            errors.extend(day.err().unwrap_or_default());
            Err(errors)
        }
    }
}

/// Reads a signature: name, capacity, and that the letter was read.
///
/// # Errors
/// Every field that is wrong.
pub fn read_signature<'f>(typed: impl Fn(&str) -> &'f str) -> Result<Signature, FieldErrors> {
    let mut errors = FieldErrors::default();
    let mut take = |field: &str, what: &str| {
        plain::line(typed(field), 160).unwrap_or_else(|flaw| {
            errors.add(field, flaw.sentence(what));
            String::new()
        })
    };
    let name = take(fields::NAME, "your name");
    let capacity = take(fields::CAPACITY, "the capacity in which you sign");
    if typed(fields::READ).is_empty() {
        errors.add(fields::READ, "Tick this when you have read the letter.");
    }
    errors.unless_any(Signature { name, capacity })
}

/// Reads why somebody does not sign.
///
/// # Errors
/// The field, when it is empty or too long.
pub fn read_reason(typed: &str) -> Result<String, FieldErrors> {
    plain::text(typed, 1_000).map_err(|flaw| FieldErrors::one(fields::REASON, flaw.sentence("why you do not sign")))
}
