//! What is answered otherwise on purpose, and why. The test fails for a line that is not needed any more.

use super::form::Wrong;
use super::form::Wrong::{Empty, Nonsense};

/// Fields that are answered otherwise: route, field, what is wrong with it, why.
#[rustfmt::skip]
pub const EXCEPTIONS: &[(&str, &str, Wrong, &str)] = &[
    ("/members/new", "membership", Empty, "the first line of the list is an answer: it is not listed"),
    ("/members/{institution}/edit", "membership", Empty, "the first line of the list is an answer: it has left"),
    ("/members/new", "commercial", Empty, "a box that may stay without a tick"),
    ("/members/{institution}/edit", "commercial", Empty, "a box that may stay without a tick"),
    ("/requests/{id}/institution", "remember", Empty, "a box that may stay without a tick"),
    ("/requests/{id}/letter/co-signers", "optional", Empty, "a box that may stay without a tick"),
    ("/requests/{id}/question", "reply_by", Empty, "the usual day counts then"),
    ("/requests/{id}/ask", "reply_by", Empty, "the usual day counts then"),
    ("/requests/{id}/edit/{section}", "institution_name", Empty, "that none was chosen is said at the list"),
    ("/requests", "from", Nonsense, "it names a request, and there is none: as for a request of somebody else"),
    ("/verify", "file", Nonsense, "any file is compared, and the answer says that no letter is like it"),
];

/// Routes whose form is not tried, or that no form leads to, and why.
pub const UNTRIED: &[(&str, &str)] = &[
    ("/styleguide", "it shows the parts of forms, and takes nothing"),
    ("/demo/{who}", "one button, in the demonstration alone"),
];

/// Buttons that say something else than the fields of their form: route, name, what they say.
pub const ELSEWHERE: &[(&str, &str, &str)] = &[
    ("/requests/{id}/edit/{section}", "later", "the draft is kept as it is, to be gone on with another day"),
    ("/requests/{id}/institution", "nearest", "the button itself names the institution"),
    ("/requests/{id}/correct", "again", "back to the form, with what was typed"),
];

/// Forms that keep what was typed although it is wrong, and why.
pub const KEPT: &[(&str, &str)] =
    &[("/requests/{id}/edit/{section}", "a section of a draft saves what was typed, and says what is wrong with it")];

/// Forms of which fields are gone when another one is wrong, and why.
pub const SHRINKING: &[(&str, &str)] = &[
    ("/members/import", "a file that cannot be read has no rows to choose from"),
    ("/committee/roster", "a file that cannot be read has no names to ask about"),
];

/// What somebody has filled in before a field of the form counts: route, field, value.
pub const BEGUN: &[(&str, &str, &str)] = &[("/requests/{id}/conflict", "conflict", "conflict")];
