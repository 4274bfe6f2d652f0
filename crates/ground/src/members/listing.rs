//! The public list of members: who is shown for a filter, and the counts above it.

use chrono::NaiveDate;

use super::institution::{Institution, Membership, folded};

/// How many institutions a page shows at most.
pub const MOST: usize = 500;
/// Stands for every name that begins with no Latin letter.
pub const OTHER_LETTER: char = '#';

/// What the reader asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Filter {
    /// The day as of which the list is shown.
    pub on: NaiveDate,
    /// Only this kind; `None`: all members of the Consortium.
    pub kind: Option<Membership>,
    /// Only names under this letter, a capital or [`OTHER_LETTER`].
    pub letter: Option<char>,
    /// Words that the names must hold, in any order.
    pub words: String,
}

/// An institution with its kind of membership on the day asked for.
#[derive(Debug, Clone, Copy)]
pub struct Shown<'a> {
    /// The institution.
    pub institution: &'a Institution,
    /// Its kind then.
    pub kind: Membership,
}

/// The list for a filter.
#[derive(Debug)]
pub struct Listing<'a> {
    /// Who is shown, at most [`MOST`].
    pub shown: Vec<Shown<'a>>,
    /// How many fit the filter.
    pub fitting: usize,
    /// How many there are of each kind on that day, whatever the filter.
    pub counts: Vec<(Membership, usize)>,
    /// The letters under which somebody of the kinds asked for is found.
    pub letters: Vec<char>,
}

impl Listing<'_> {
    /// How many members the Consortium has on that day.
    pub fn members(&self) -> usize {
        self.counts.iter().filter(|(kind, _)| kind.is_member()).map(|(_, count)| count).sum()
    }
}

/// The letter an institution is found under.
pub fn letter_of(institution: &Institution) -> char {
    let first = institution.sort_key().chars().next().unwrap_or(OTHER_LETTER).to_ascii_uppercase();
    if first.is_ascii_uppercase() { first } else { OTHER_LETTER }
}

/// The list for `filter`. `all` is in the order people look for names, and so is what is shown.
pub fn listing<'a>(all: &'a [Institution], filter: &Filter) -> Listing<'a> {
    let present: Vec<Shown<'a>> = all
        .iter()
        .filter_map(|institution| Some(Shown { institution, kind: institution.membership_on(filter.on)? }))
        .collect();
    let count = |kind: &Membership| (*kind, present.iter().filter(|shown| shown.kind == *kind).count());
    let counts = Membership::ALL.iter().map(count).collect();
    let asked = |shown: &&Shown<'_>| filter.kind.map_or(shown.kind.is_member(), |kind| shown.kind == kind);
    let mut letters: Vec<char> = present.iter().filter(asked).map(|shown| letter_of(shown.institution)).collect();
    // A to Z, and what is no letter after them.
    letters.sort_unstable_by_key(|letter| (*letter == OTHER_LETTER, *letter));
    letters.dedup();
    let words = folded(&filter.words);
    let fits = |shown: &&Shown<'_>| {
        filter.letter.is_none_or(|letter| letter_of(shown.institution) == letter) && holds(shown.institution, &words)
    };
    let fitting: Vec<Shown<'a>> = present.iter().filter(asked).filter(fits).copied().collect();
    Listing { fitting: fitting.len(), shown: fitting.into_iter().take(MOST).collect(), counts, letters }
}

fn holds(institution: &Institution, words: &str) -> bool {
    if words.is_empty() {
        return true;
    }
    let text = institution.search_text();
    words.split(' ').all(|word| text.contains(word))
}

#[cfg(test)]
mod tests {
    use super::super::bundled;
    use super::*;

    fn filter() -> Filter {
        Filter { on: "2026-11-22".parse().unwrap(), kind: None, letter: None, words: String::new() }
    }

    fn names(filter: &Filter) -> Vec<String> {
        let all = bundled::institutions().unwrap();
        listing(&all, filter).shown.iter().map(|shown| shown.institution.name.clone()).collect()
    }

    #[test]
    fn without_a_filter_all_members_are_shown_and_the_community_is_not() {
        let all = bundled::institutions().unwrap();
        let listing = listing(&all, &filter());
        assert_eq!((listing.fitting, listing.members()), (71, 71));
        assert!(listing.shown.iter().all(|shown| shown.kind.is_member()));
    }

    #[test]
    fn filters_narrow_the_list_and_leave_the_counts() {
        let all = bundled::institutions().unwrap();
        let full = Filter { kind: Some(Membership::Full), ..filter() };
        assert_eq!((listing(&all, &full).fitting, listing(&all, &full).members()), (9, 71));
        let b = names(&Filter { letter: Some('B'), ..filter() });
        assert!(
            b.contains(&"La Bibliothèque nationale de France".to_owned()) && b.contains(&"British Library".to_owned())
        );
        assert_eq!(names(&Filter { letter: Some(OTHER_LETTER), ..filter() }), ["4Science S.p.A."]);
    }

    #[test]
    fn words_are_found_without_accents_in_other_names_and_in_any_order() {
        for words in ["gottingen", "LIBRARY Göttingen", "sub uni-goettingen.de", "niedersachsische"] {
            let found = names(&Filter { words: words.into(), ..filter() });
            assert_eq!(found, ["Göttingen State and University Library"], "{words}");
        }
        assert_eq!(names(&Filter { words: "nobody at all".into(), ..filter() }), Vec::<String>::new());
    }

    #[test]
    fn before_the_consortium_was_founded_its_founders_are_no_members() {
        let found =
            names(&Filter { on: "2015-06-15".parse().unwrap(), kind: Some(Membership::CoreFounding), ..filter() });
        assert_eq!(found, Vec::<String>::new());
    }
}
