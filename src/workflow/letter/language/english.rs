//! What is fixed in a letter in English.

use super::Fixed;
use crate::members::institution::Membership;

pub(super) const FIXED: Fixed = Fixed {
    heading: ("Letter of support for “", "”"),
    reference: "Our reference",
    particulars: ["Applicant", "Principal investigator", "Programme", "Call"],
    after_salutation: ",",
    close: ("Yours sincerely,", "Yours faithfully,"),
    salutation: ("Dear members of the review panel", "Dear Sir or Madam"),
    dear: "Dear ",
    co_signed: (
        "Co-signed by",
        "Each co-signer supports this project in their own name and for the organisation stated with it, and speaks for \
         nobody else.",
    ),
    limitation: (
        "Limitation of endorsement.",
        "The IIIF Consortium gives this support in its own name, as an organisation. Nothing in this letter speaks for any \
         individual person or for any single member institution.",
    ),
    check: ("Is this letter genuine?", "Scan the square, or enter the code at ", "."),
    code: "Code",
    page: ("Letter ", ", page ", " of "),
    square: "QR code that opens the page for checking this letter",
    logo: ("Logo of ", ""),
    signature: ("Signature of ", ""),
    standing: [
        english(Membership::CoreFounding),
        english(Membership::Founding),
        english(Membership::Full),
        english(Membership::Associate),
    ],
    months: [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ],
};

const fn english(kind: Membership) -> &'static str {
    match kind.standing() {
        Some(standing) => standing,
        None => "",
    }
}
