//! Where a physical copy goes, and how it was posted, as people type it.

use chrono::NaiveDate;

use crate::plain::{self, Flaw};
use crate::refusal::FieldErrors;
use crate::workday::read_date;
use crate::workflow::request::fields::Field;
use crate::workflow::request::raw::RawForm;

/// The most lines of an address, besides the name.
pub const MOST_LINES: usize = 8;
/// The most characters of a name.
const LONGEST_NAME: usize = 100;
/// The most characters of an address.
const LONGEST_ADDRESS: usize = 500;
/// The most characters of a carrier's name and of a tracking number.
const LONGEST_WORD: usize = 60;
/// The most characters of the address of a page.
const LONGEST_LINK: usize = 500;
/// The most characters of a remark.
const LONGEST_REMARK: usize = 300;

/// The names of the forms' fields.
pub mod fields {
    /// To whom it goes.
    pub const NAME: &str = "name";
    /// Their postal address, several lines.
    pub const ADDRESS: &str = "address";
    /// The day on which it was posted.
    pub const POSTED_ON: &str = "posted_on";
    /// Who carries it.
    pub const CARRIER: &str = "carrier";
    /// The number by which it is followed.
    pub const TRACKING: &str = "tracking";
    /// The page on which it is followed.
    pub const LINK: &str = "link";
    /// What is known of why it came back.
    pub const REMARK: &str = "remark";
    /// Which physical copy the form is about.
    pub const COPY: &str = "copy";
    /// The letter that was in force when the page was shown.
    pub const LETTER: &str = "letter";
}

/// Where a physical copy goes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Recipient {
    /// A person, an office or a panel.
    pub name: String,
    /// The postal address, line by line.
    pub lines: Vec<String>,
}

impl Recipient {
    /// The addressee of the letter, as the applicant named them in the request.
    pub fn of(form: &RawForm) -> Self {
        let typed = [Field::AddresseeTitle, Field::AddresseeAddress].map(|field| form.get(field));
        Self { name: form.get(Field::AddresseeName).trim().to_owned(), lines: rows(&typed.join("\n")) }
    }

    /// Name and address as on an envelope, line by line.
    pub fn in_words(&self) -> String {
        format!("{}\n{}", self.name, self.address())
    }

    /// The address without the name, line by line.
    pub fn address(&self) -> String {
        self.lines.join("\n")
    }
}

fn rows(text: &str) -> Vec<String> {
    text.lines().map(str::trim).filter(|row| !row.is_empty()).map(str::to_owned).collect()
}

/// Reads to whom a physical copy goes.
///
/// # Errors
/// Every field that is wrong.
pub fn read_recipient(name: &str, address: &str) -> Result<Recipient, FieldErrors> {
    let mut errors = FieldErrors::default();
    let name = plain::line(name, LONGEST_NAME).unwrap_or_else(|flaw| {
        errors.add(fields::NAME, flaw.sentence("the name"));
        String::new()
    });
    let lines = plain::text(address, LONGEST_ADDRESS).map(|text| rows(&text)).unwrap_or_else(|flaw| {
        errors.add(fields::ADDRESS, flaw.sentence("the postal address"));
        Vec::new()
    });
    if lines.len() > MOST_LINES {
        let sentence = format!("Put the postal address on {MOST_LINES} lines at most. It has {}.", lines.len());
        errors.add(fields::ADDRESS, sentence);
    }
    errors.unless_any(Recipient { name, lines })
}

/// How a physical copy was posted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Posting {
    /// On which day, as the Consortium counts them.
    pub day: NaiveDate,
    /// With whom; may be empty.
    pub carrier: String,
    /// The number by which it is followed; may be empty.
    pub tracking: String,
    /// The page on which it is followed; may be empty, and is otherwise a web address.
    pub link: String,
}

impl Posting {
    /// With whom and under which number, as the rest of a sentence: ` with DHL, tracking number 123`; empty for neither.
    pub fn way(&self) -> String {
        let number =
            |number: &str| if number.is_empty() { String::new() } else { format!(", tracking number {number}") };
        match self.carrier.as_str() {
            "" => number(&self.tracking),
            carrier => format!(" with {carrier}{}", number(&self.tracking)),
        }
    }
}

/// Reads how a physical copy that was printed on the day `printed` was posted, given `today`.
///
/// # Errors
/// Every field that is wrong.
pub fn read_posting<'f>(
    typed: impl Fn(&str) -> &'f str,
    (printed, today): (NaiveDate, NaiveDate),
) -> Result<Posting, FieldErrors> {
    let mut errors = FieldErrors::default();
    let day = read_date(typed(fields::POSTED_ON));
    match day {
        None => errors.add(fields::POSTED_ON, "Enter the day on which it was posted, for example 31 March 2026."),
        Some(day) if day > today => {
            errors.add(fields::POSTED_ON, "This day lies ahead. Say that it is posted once it is.");
        }
        Some(day) if day < printed => {
            let sentence = format!("It was printed on {}, so it was posted on that day or later.", plain::day(printed));
            errors.add(fields::POSTED_ON, sentence);
        }
        Some(_) => {}
    }
    let mut take = |field, what: &str, read: Result<String, Flaw>| match read {
        Ok(text) => text,
        Err(Flaw::Empty) => String::new(),
        Err(flaw) => {
            errors.add(field, flaw.sentence(what));
            String::new()
        }
    };
    let carrier = take(fields::CARRIER, "the carrier", plain::line(typed(fields::CARRIER), LONGEST_WORD));
    let tracking = take(fields::TRACKING, "the tracking number", plain::line(typed(fields::TRACKING), LONGEST_WORD));
    let link = plain::web_address(typed(fields::LINK), LONGEST_LINK);
    let link = take(fields::LINK, "the address of the tracking page", link);
    errors.unless_any(Posting { day: day.unwrap_or(today), carrier, tracking, link })
}

/// Reads what is known of why a physical copy came back.
///
/// # Errors
/// The field, when it is empty or too long.
pub fn read_remark(typed: &str) -> Result<String, FieldErrors> {
    plain::text(typed, LONGEST_REMARK).map_err(|flaw| match flaw {
        Flaw::Empty => {
            FieldErrors::one(fields::REMARK, "Say what stands on it, or that nothing does. The applicant reads it.")
        }
        flaw => FieldErrors::one(fields::REMARK, flaw.sentence("why it came back")),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn an_address_is_read_line_by_line_and_every_fault_is_told() {
        let read = read_recipient("  Review panel ", "1 Main Street\r\n\r\n  Springfield \nUSA").unwrap();
        assert_eq!(read.in_words(), "Review panel\n1 Main Street\nSpringfield\nUSA");
        assert_eq!(read_recipient(" ", "\n \n").unwrap_err().iter().count(), 2);
        let many = read_recipient("Panel", &"a\n".repeat(9)).unwrap_err();
        assert!(many.of(fields::ADDRESS).unwrap().contains("8 lines at most"));
        assert!(read_recipient("Panel", "a\u{202e}b").unwrap_err().of(fields::ADDRESS).is_some());
    }

    #[test]
    fn the_addressee_of_the_request_comes_first() {
        let mut form = RawForm::default();
        form.set(Field::AddresseeName, " Dr Smith".to_owned());
        form.set(Field::AddresseeTitle, "Programme Officer".to_owned());
        form.set(Field::AddresseeAddress, "1 Main Street\nSpringfield".to_owned());
        let found = Recipient::of(&form);
        assert_eq!((found.name.as_str(), found.lines.len()), ("Dr Smith", 3));
        assert_eq!(Recipient::of(&RawForm::default()), Recipient::default());
    }

    #[test]
    fn a_posting_has_a_day_between_its_printing_and_today_and_may_have_the_rest() {
        fn read<'f>(on: &'f str, link: &'f str) -> Result<Posting, FieldErrors> {
            let typed = move |field: &str| match field {
                fields::POSTED_ON => on,
                fields::LINK => link,
                fields::CARRIER => " DHL ",
                _ => "",
            };
            read_posting(typed, (day("2026-03-02"), day("2026-03-05")))
        }
        let posted = read("2026-03-03", "").unwrap();
        assert_eq!((posted.day, posted.way().as_str()), (day("2026-03-03"), " with DHL"));
        let posted = Posting { tracking: "X 1".into(), ..posted };
        assert_eq!(posted.way(), " with DHL, tracking number X 1");
        assert_eq!(Posting { carrier: String::new(), ..posted }.way(), ", tracking number X 1");
        for (wrong, says) in [("", "Enter the day"), ("2026-03-06", "lies ahead"), ("2026-03-01", "printed on 2 March")]
        {
            let errors = read(wrong, "javascript:alert(1)").unwrap_err();
            assert!(errors.of(fields::POSTED_ON).unwrap().contains(says), "{wrong}");
            assert!(errors.of(fields::LINK).is_some(), "both at once");
        }
        assert!(read("2026-03-05", "https://www.dhl.com/track?n=1").is_ok());
    }

    #[test]
    fn what_came_back_has_a_remark() {
        assert!(read_remark(" ").is_err() && read_remark(&"x".repeat(301)).is_err());
        assert_eq!(read_remark(" Moved. ").as_deref(), Ok("Moved."));
    }
}
