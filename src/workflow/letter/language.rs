//! The languages that letters are written in: what is fixed in each, and its dates. The words that a new letter starts
//! with are in `templates/letter/words/`.

mod english;
mod french;
mod german;
mod italian;
mod japanese;
mod spanish;

use chrono::{Datelike, NaiveDate};

use crate::members::institution::Membership;
use crate::plain;
pub use crate::workflow::language::Language;

/// What a letter says in the same words each time. Nobody edits these.
#[derive(Debug, Clone, Copy)]
pub struct Fixed {
    /// What stands before and after the project's title in the heading.
    pub heading: (&'static str, &'static str),
    /// Before the letter's number.
    pub reference: &'static str,
    /// What the particulars are called: applicant, principal investigator, programme, call.
    pub particulars: [&'static str; 4],
    /// What stands after the salutation.
    pub after_salutation: &'static str,
    /// The close to a person by name, and to a body; with what stands after it.
    pub close: (&'static str, &'static str),
    /// The salutation of a body, and of an office.
    pub salutation: (&'static str, &'static str),
    /// What stands before a person's name in the salutation.
    pub dear: &'static str,
    /// The heading over those who sign beside the Consortium, and for whom they speak.
    pub co_signed: (&'static str, &'static str),
    /// The heading and the words of the limitation of endorsement (policy.md).
    pub limitation: (&'static str, &'static str),
    /// The question whether the letter is genuine, and what stands before and after the address of the page that checks it.
    pub check: (&'static str, &'static str, &'static str),
    /// Before the code.
    pub code: &'static str,
    /// On each page of several: before the number, before the page, and between the page and how many there are.
    pub page: (&'static str, &'static str, &'static str),
    /// What the square is, for those who do not see it.
    pub square: &'static str,
    /// What stands before and after whose logo a picture is, for those who do not see it.
    pub logo: (&'static str, &'static str),
    /// What stands before and after whose signature a picture is, for those who do not see it.
    pub signature: (&'static str, &'static str),
    /// The standing of members: core founding, founding, full, associate.
    pub standing: [&'static str; 4],
    /// The months; empty where they are numbers.
    months: [&'static str; 12],
}

impl Language {
    /// The country whose habits of typography hold.
    pub const fn region(self) -> &'static str {
        match self {
            Self::English => "GB",
            Self::French => "FR",
            Self::German => "DE",
            Self::Spanish => "ES",
            Self::Italian => "IT",
            Self::Japanese => "JP",
        }
    }

    /// Whether long words are divided at the end of a line. English lines are short of long words.
    pub const fn hyphenates(self) -> bool {
        !matches!(self, Self::English | Self::Japanese)
    }

    /// What is fixed in a letter in this language.
    pub const fn fixed(self) -> &'static Fixed {
        match self {
            Self::English => &english::FIXED,
            Self::French => &french::FIXED,
            Self::German => &german::FIXED,
            Self::Spanish => &spanish::FIXED,
            Self::Italian => &italian::FIXED,
            Self::Japanese => &japanese::FIXED,
        }
    }

    /// A date in words.
    pub fn day(self, date: NaiveDate) -> String {
        let (year, day) = (date.year(), date.day());
        let month = self.fixed().months.get(date.month0() as usize).copied().unwrap_or_default();
        match self {
            Self::English => plain::day(date).to_string(),
            Self::French => format!("{}{} {month} {year}", day, if day == 1 { "er" } else { "" }),
            Self::German => format!("{day}. {month} {year}"),
            Self::Spanish => format!("{day} de {month} de {year}"),
            Self::Italian => format!("{day}{} {month} {year}", if day == 1 { "º" } else { "" }),
            Self::Japanese => format!("{year}年{}月{day}日", date.month()),
        }
    }

    /// The heading of a letter about the project called `title`.
    pub fn heading(self, title: &str) -> String {
        let (before, after) = self.fixed().heading;
        format!("{before}{title}{after}")
    }

    /// A member's standing as the sentence goes on after its name; nothing for the community.
    pub fn standing(self, kind: Membership) -> &'static str {
        let [core, founding, full, associate] = self.fixed().standing;
        match kind {
            Membership::CoreFounding => core,
            Membership::Founding => founding,
            Membership::Full => full,
            Membership::Associate => associate,
            Membership::Community => "",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_written_as_each_language_writes_them() {
        let (first, other) = ("2026-03-01".parse().unwrap(), "2026-12-24".parse().unwrap());
        let both = |language: Language| (language.day(first), language.day(other));
        let expected = [
            (Language::English, "1 March 2026", "24 December 2026"),
            (Language::French, "1er mars 2026", "24 décembre 2026"),
            (Language::German, "1. März 2026", "24. Dezember 2026"),
            (Language::Spanish, "1 de marzo de 2026", "24 de diciembre de 2026"),
            (Language::Italian, "1º marzo 2026", "24 dicembre 2026"),
            (Language::Japanese, "2026年3月1日", "2026年12月24日"),
        ];
        for (language, first, other) in expected {
            assert_eq!(both(language), (first.to_owned(), other.to_owned()), "{language}");
        }
    }

    #[test]
    fn the_limitation_says_what_the_policy_says() {
        for fact in ["IIIF Consortium", "organisation", "individual", "member institution"] {
            assert!(Language::English.fixed().limitation.1.contains(fact), "{fact}");
        }
    }

    #[test]
    fn every_language_says_the_limitation_the_code_and_every_standing() {
        for language in Language::ALL {
            let fixed = language.fixed();
            assert!(fixed.limitation.1.contains("IIIF"), "{language}");
            for text in fixed.particulars.iter().chain(&fixed.standing).chain([
                &fixed.code,
                &fixed.square,
                &[fixed.logo.0, fixed.logo.1].concat().as_str(),
                &[fixed.signature.0, fixed.signature.1].concat().as_str(),
                &fixed.co_signed.0,
                &fixed.co_signed.1,
            ]) {
                assert!(!text.is_empty(), "{language}");
            }
            assert!(fixed.standing.iter().all(|standing| standing.contains("IIIF")), "{language}");
            assert_eq!(language.standing(Membership::Community), "");
        }
    }
}
