//! Every form of the service, every field of it, and everything that can be wrong there: the answer has status 422, says
//! it in the title, in the summary and at the field, keeps what was typed, and nothing is stored. The forms are read from
//! the pages themselves, at many moments of a request's life, so that a new one is tried without anybody thinking of it.

mod answers;
mod exceptions;
mod form;
mod stories;
mod tables;
mod walk;

use std::collections::BTreeSet;

use crate::matrix::ROWS;
use exceptions::{BEGUN, ELSEWHERE, EXCEPTIONS, KEPT, SHRINKING, UNTRIED};
use walk::Tried;

/// How many forms there are, and how many fields that people fill in: measured, so that the search cannot go blind.
const FORMS: usize = 107;
const FIELDS: usize = 203;

#[test]
fn every_form_tells_what_is_wrong_with_each_of_its_fields_and_stores_nothing() {
    answers::begin();
    let tried = Tried::default();
    let ended: Vec<_> = std::thread::scope(|scope| {
        let tried = &tried;
        let told = stories::ALL.map(|story| scope.spawn(move || story(tried)));
        told.into_iter().map(std::thread::ScopedJoinHandle::join).collect()
    });
    let tried = tried.finished();
    assert!(tried.wrong.is_empty(), "{} of:\n{}", tried.wrong.len(), tried.wrong.join("\n"));
    assert!(ended.iter().all(Result::is_ok), "a story did not come to its end");

    let reached: BTreeSet<&str> = tried.forms.iter().map(|(row, _)| *row).collect();
    for (_, row, _) in ROWS.iter().filter(|row| row.0 == "post") {
        let is_untried = UNTRIED.iter().any(|known| known.0 == *row);
        assert_ne!(reached.contains(row), is_untried, "no form leads to {row}, or it need not stand among the untried");
    }
    for (number, (row, field, wrong, _)) in EXCEPTIONS.iter().enumerate() {
        assert!(tried.used.contains(&number), "{field} of {row} needs no exception for {wrong:?} any more");
    }
    for row in [KEPT, SHRINKING].concat().iter().map(|known| known.0).chain(BEGUN.iter().map(|begun| begun.0)) {
        assert!(reached.contains(row), "there is no form for {row} any more");
    }
    for (row, button, _) in ELSEWHERE {
        assert!(tried.passed_by.contains(&(*row, *button)), "{row} has no button {button} any more");
    }
    let fields: usize = tried.forms.iter().map(|(_, fields)| fields).sum();
    assert!(tried.forms.len() >= FORMS && fields >= FIELDS, "{} forms with {fields} fields", tried.forms.len());
}
