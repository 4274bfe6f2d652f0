//! Address labels as a document for the typesetter, one to a page. A label is 99.1 × 67.7 mm, eight to a sheet of A4:
//! postal addresses abroad have up to nine lines, which the narrow labels of 89 × 36 mm hold only in type that sorting
//! machines no longer read.

use askama::Template;
use chrono::NaiveDate;
use sheets::escape::filters;
use sheets::{FAMILIES, Job, Pictures, Unprintable, named};

use crate::refusal::Fault;
use crate::workflow::post::address::{MOST_LINES, Recipient};

/// Who sends: the name of the house and its postal address, without web and mail addresses.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sender {
    /// The name.
    pub name: String,
    /// The postal address; may be empty.
    pub lines: Vec<String>,
}

impl Sender {
    /// The sender that the letterhead with this name and these lines names.
    pub fn of(name: &str, lines: &[String]) -> Self {
        let is_web = |line: &str| !line.contains(' ') && (line.contains('.') || line.contains("://"));
        let is_postal = |line: &&String| !line.contains('@') && !is_web(line);
        Self { name: name.to_owned(), lines: lines.iter().filter(is_postal).cloned().collect() }
    }

    /// On one line.
    pub fn in_words(&self) -> String {
        [std::slice::from_ref(&self.name), &self.lines].concat().join(", ")
    }
}

/// One label: the reference of its letter, and where it goes.
pub type Label = (String, Recipient);

#[derive(Template)]
#[template(path = "post/label.typ")]
struct Sheet<'a> {
    title: String,
    sender: &'a Sender,
    labels: &'a [Label],
    families: [&'static str; FAMILIES.len()],
}

/// The document with these labels, as of the day `date`.
///
/// # Errors
/// A fault when its source cannot be written.
pub fn job(sender: &Sender, labels: &[Label], date: NaiveDate) -> Result<Job, Fault> {
    let references: Vec<&str> = labels.iter().map(|(reference, _)| reference.as_str()).collect();
    let title = match references.as_slice() {
        [one] => format!("Address label {one}"),
        many => format!("{} address labels", many.len()),
    };
    let sheet = Sheet { title, sender, labels, families: FAMILIES };
    let sheet = sheet.render().map_err(|error| Fault::because("a label cannot be written", error))?;
    Ok(Job {
        sheet,
        pictures: Pictures::default(),
        ident: format!("label {}", references.join(" ")),
        creator: sender.name.clone(),
        date,
        most_pages: labels.len(),
    })
}

/// What to do about labels that cannot be set, in words.
///
/// # Errors
/// A fault when it is not the address but the typesetter that is broken.
pub fn flaw(why: Unprintable) -> Result<String, Fault> {
    match why {
        Unprintable::Broken(_) => Err(Fault::because("setting a label", why)),
        Unprintable::TooLong { .. } => Ok(format!(
            "The name and address do not fit on the label, {MOST_LINES} lines of some 50 letters. Shorten them, or join \
             short lines."
        )),
        Unprintable::OffThePage(text) => {
            Ok(format!("\u{201c}{text}\u{201d} is wider than the label. Divide it by a space or a line break."))
        }
        Unprintable::MissingGlyphs(missing) => Ok(format!(
            "The label cannot show {}. Write these characters in another way, for example in Latin letters.",
            named(&missing)
        )),
    }
}

/// What the file with one label is called: plain ASCII, since references are.
pub fn file_name(reference: &str) -> String {
    format!("address-label-{reference}.pdf")
}

/// What the file with several labels is called.
pub fn file_name_of_many(date: NaiveDate) -> String {
    format!("address-labels-{date}.pdf")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sender_is_the_house_without_its_web_and_mail_addresses() {
        let lines = ["iiif.io", "c/o CLIR, 1800 Diagonal Road", "Alexandria VA", "admin@iiif.io", "https://iiif.io"];
        let sender = Sender::of("IIIF Consortium", &lines.map(str::to_owned));
        assert_eq!(sender.in_words(), "IIIF Consortium, c/o CLIR, 1800 Diagonal Road, Alexandria VA");
    }

    #[test]
    fn what_is_typed_is_never_markup() {
        let evil = Recipient { name: "#panic(1)".into(), lines: vec!["\"]) #read(\"/etc/passwd\")".into()] };
        let job = job(&Sender::of("House", &[]), &[("LOS-2026-0001".into(), evil)], NaiveDate::default()).unwrap();
        let source = &job.sheet;
        assert!(!source.contains("#panic") && !source.contains("/etc/passwd"), "{source}");
        assert_eq!((job.most_pages, job.ident.as_str()), (1, "label LOS-2026-0001"));
    }

    #[test]
    fn why_a_label_cannot_be_set_is_said_with_what_to_do() {
        let says = |why| flaw(why).unwrap();
        assert!(says(Unprintable::TooLong { pages: 2, most: 1 }).contains("Shorten"));
        assert!(says(Unprintable::OffThePage("Donau".into())).contains("Divide"));
        let missing = says(Unprintable::MissingGlyphs(('\u{12a0}'..='\u{12b0}').collect()));
        assert!(missing.contains("U+12A0") && missing.contains("and 5 more"), "{missing}");
        assert!(flaw(Unprintable::Broken("x".into())).is_err());
    }
}
