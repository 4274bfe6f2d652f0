//! What replies and corrections changed in the answers of a request: field by field, before and after, with the words that differ.

use super::card::Institution;
use super::fields::Section;
use super::raw::RawForm;
use super::reading::{self, Part};
use crate::clock::Instant;
use crate::ids::QuestionId;

/// Earlier answers, whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Version {
    /// Counted from 1, the answers as they were submitted.
    pub number: i32,
    /// The form as typed.
    pub form: RawForm,
    /// Until when they were the request's answers.
    pub replaced_at: Instant,
    /// The question whose reply replaced them; none for a correction.
    pub question: Option<QuestionId>,
}

/// A piece of a text, as long as it has one fate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Piece {
    /// Whether it differs from the other text.
    pub differs: bool,
    /// The words, with the space around them.
    pub text: String,
}

/// A field that was answered differently.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// The part of the form.
    pub part: &'static str,
    /// What the page calls the field.
    pub key: &'static str,
    /// The answer before; nothing when there was none.
    pub before: Vec<Piece>,
    /// The answer now; nothing when there is none.
    pub after: Vec<Piece>,
}

/// What one reply or one correction changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Revision {
    /// When it came.
    pub at: Instant,
    /// Whether it was a correction, which no question asked for.
    pub is_correction: bool,
    /// The fields that it changed, in the order of the form.
    pub changes: Vec<Change>,
}

/// What each reply and each correction changed, the newest first. `earlier` are the earlier answers, the first ones first.
pub fn revisions(earlier: &[Version], current: &RawForm, institution: &Institution) -> Vec<Revision> {
    let later = earlier.iter().skip(1).map(|version| &version.form).chain([current]);
    let revision = |(version, after): (&Version, &RawForm)| Revision {
        at: version.replaced_at,
        is_correction: version.question.is_none(),
        changes: changes(&version.form, after, institution),
    };
    let mut all: Vec<Revision> = earlier.iter().zip(later).map(revision).collect();
    all.reverse();
    all
}

/// The fields that two forms of one request answer differently, as people read the answers.
pub fn changes(before: &RawForm, after: &RawForm, institution: &Institution) -> Vec<Change> {
    let (before, after) = (reading::sent(before, institution), reading::sent(after, institution));
    let value = |parts: &[Part], field: &str| {
        let said = parts.iter().flat_map(|part| &part.said).find(|said| said.field == field);
        said.map(|said| said.value.clone()).unwrap_or_default()
    };
    let mut found = Vec::new();
    for (old, new) in before.iter().zip(&after) {
        // A field that only one of the two shows, such as a currency without its amount, is there too.
        let gone = old.said.iter().filter(|said| new.said.iter().all(|other| other.field != said.field));
        for said in new.said.iter().chain(gone) {
            let (was, is) = (value(&before, said.field), value(&after, said.field));
            if was != is {
                let (before, after) = compared(&was, &is);
                found.push(Change { part: new.title, key: said.key, before, after });
            }
        }
    }
    found
}

/// The sections in which two forms of one request differ.
pub fn changed_sections(before: &RawForm, after: &RawForm, institution: &Institution) -> Vec<Section> {
    let changes = changes(before, after, institution);
    let differs = |section: &Section| changes.iter().any(|change| change.part == section.title());
    Section::FILLED.into_iter().filter(differs).collect()
}

/// Above this many pairs of words two texts are only shown beside each other.
const PAIRS_AT_MOST: usize = 4_000_000;

/// Two texts in pieces: the words that both have in the same order, and those that differ.
fn compared(before: &str, after: &str) -> (Vec<Piece>, Vec<Piece>) {
    let (old, new) = (tokens(before), tokens(after));
    let table = if old.len() * new.len() <= PAIRS_AT_MOST { shared(&old, &new) } else { Vec::new() };
    // How many words the rest of both texts, from these places on, have in common.
    let common = |i: usize, j: usize| {
        let row = table.get(old.len().saturating_sub(i));
        row.and_then(|row| row.get(new.len().saturating_sub(j))).copied().unwrap_or_default()
    };
    let (mut was, mut is) = (Vec::new(), Vec::new());
    let (mut i, mut j) = (0, 0);
    while let (Some(left), Some(right)) = (old.get(i), new.get(j)) {
        if left == right {
            push(&mut was, left, false);
            push(&mut is, right, false);
            (i, j) = (i + 1, j + 1);
        } else if common(i + 1, j) >= common(i, j + 1) {
            push(&mut was, left, true);
            i += 1;
        } else {
            push(&mut is, right, true);
            j += 1;
        }
    }
    old.iter().skip(i).for_each(|word| push(&mut was, word, true));
    new.iter().skip(j).for_each(|word| push(&mut is, word, true));
    (was, is)
}

/// A text as its words, each with the space behind it.
fn tokens(text: &str) -> Vec<&str> {
    let mut words = Vec::new();
    let mut rest = text;
    while !rest.is_empty() {
        let word = rest.find(char::is_whitespace).unwrap_or(rest.len());
        let space = rest.get(word..).and_then(|after| after.find(|c: char| !c.is_whitespace()));
        let (token, after) = rest.split_at(space.map_or(rest.len(), |space| word + space));
        words.push(token);
        rest = after;
    }
    words
}

/// The length of the longest common subsequence of every two ends of two texts (Wagner and Fischer): at `[m][n]` that of
/// their last `m` and `n` words.
fn shared(old: &[&str], new: &[&str]) -> Vec<Vec<u32>> {
    let mut rows = vec![vec![0; new.len() + 1]];
    for word in old.iter().rev() {
        let mut row = vec![0];
        let below = rows.last().map(Vec::as_slice).unwrap_or_default();
        for (other, pair) in new.iter().rev().zip(below.windows(2)) {
            let (diagonal, down) = (pair.first().copied().unwrap_or(0), pair.last().copied().unwrap_or(0));
            let right = row.last().copied().unwrap_or(0);
            row.push(if word == other { diagonal + 1 } else { down.max(right) });
        }
        rows.push(row);
    }
    rows
}

/// Adds a word to the last piece, or begins another.
fn push(pieces: &mut Vec<Piece>, word: &str, differs: bool) {
    match pieces.last_mut() {
        Some(last) if last.differs == differs => last.text.push_str(word),
        _ => pieces.push(Piece { differs, text: word.to_owned() }),
    }
}

#[cfg(test)]
mod tests {
    use super::super::fields::Field;
    use super::*;
    use proptest::prelude::*;

    fn form(fields: &[(Field, &str)]) -> RawForm {
        let mut form = RawForm::default();
        for (field, typed) in fields {
            form.set(*field, *typed);
        }
        form
    }

    fn text(pieces: &[Piece]) -> String {
        pieces.iter().map(|piece| piece.text.as_str()).collect()
    }

    #[test]
    fn only_what_reads_differently_is_a_change() {
        let before = form(&[(Field::Title, "Maps"), (Field::LetterKind, "support"), (Field::Currency, "eur")]);
        let same = form(&[(Field::Title, " Maps "), (Field::LetterKind, "support"), (Field::Points, "")]);
        let nobody = Institution::default();
        assert_eq!(changes(&before, &same, &nobody), []);
        let after = form(&[(Field::Title, "Maps"), (Field::LetterKind, "commitment")]);
        let found = changes(&before, &after, &nobody);
        assert_eq!(found.len(), 1);
        assert_eq!((found[0].part, found[0].key), ("The letter", "Kind of letter"));
        assert_eq!(text(&found[0].after), "Letter of commitment");
        assert_eq!(changed_sections(&before, &after, &nobody), [Section::Letter]);
    }

    #[test]
    fn an_amount_that_was_taken_back_takes_its_currency_with_it() {
        let before = form(&[(Field::AmountBand, "under_50k"), (Field::Currency, "eur")]);
        let found = changes(&before, &form(&[(Field::Currency, "eur")]), &Institution::default());
        let keys: Vec<_> = found.iter().map(|change| (change.key, text(&change.before), text(&change.after))).collect();
        let amount = ("Amount you ask the funder for", "Under 50,000".to_owned(), String::new());
        assert_eq!(keys, [amount, ("Currency", "EUR".to_owned(), String::new())]);
    }

    #[test]
    fn the_words_that_differ_are_marked_and_the_others_are_not() {
        let (before, after) =
            compared("We publish every map with the Image API.", "We publish most maps with the Image API.");
        let marked = |pieces: &[Piece]| -> Vec<String> {
            pieces.iter().filter(|piece| piece.differs).map(|piece| piece.text.clone()).collect()
        };
        assert_eq!((marked(&before), marked(&after)), (vec!["every map ".to_owned()], vec!["most maps ".to_owned()]));
    }

    #[test]
    fn each_reply_is_shown_with_what_it_changed_the_newest_first() {
        let version = |number, title: &str| Version {
            number,
            form: form(&[(Field::Title, title)]),
            replaced_at: "2026-03-02T09:00:00Z".parse().unwrap(),
            question: (number == 1).then(QuestionId::fresh),
        };
        let earlier = [version(1, "One"), version(2, "Two")];
        let all = revisions(&earlier, &form(&[(Field::Title, "Three")]), &Institution::default());
        let titles: Vec<_> =
            all.iter().map(|one| (text(&one.changes[0].before), text(&one.changes[0].after))).collect();
        assert_eq!(titles, [("Two".to_owned(), "Three".to_owned()), ("One".to_owned(), "Two".to_owned())]);
        assert_eq!([all[0].is_correction, all[1].is_correction], [true, false]);
    }

    proptest! {
        #[test]
        fn the_pieces_make_up_the_texts_and_share_what_is_not_marked(before in "([ab]{1,2}[ \n]{0,2}){0,12}", after in "([ab]{1,2}[ \n]{0,2}){0,12}") {
            let (was, is) = compared(&before, &after);
            prop_assert_eq!(text(&was), before);
            prop_assert_eq!(text(&is), after);
            let kept = |pieces: &[Piece]| -> String { pieces.iter().filter(|piece| !piece.differs).map(|piece| piece.text.as_str()).collect() };
            prop_assert_eq!(kept(&was), kept(&is));
        }
    }
}
