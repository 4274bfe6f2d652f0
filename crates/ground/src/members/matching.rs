//! From a name as somebody typed it to an institution, or to the nearest ones for a person to choose from.
//! Nothing is guessed: only a name or another name that is the same once folded counts as a match.

use std::collections::HashMap;

use super::institution::{Institution, name_key};
use crate::ids::InstitutionId;

/// How many candidates are offered at most.
const OFFERED: usize = 5;
/// Below this likeness a candidate is noise.
const LIKELY: f64 = 0.45;
/// Two words count as one from this likeness on: "national" and "nationale", "muzeum" and "museum".
const SAME_WORD: f64 = 0.82;

/// From this likeness on two names are one with slips of the pen. Below it letters deceive: "University of Göttingen"
/// and "University of Michigan" have seven of ten in common.
const SLIP: f64 = 0.82;

/// An institution that resembles what was typed.
#[derive(Debug, Clone, PartialEq)]
pub struct Candidate {
    /// The institution.
    pub id: InstitutionId,
    /// Its listed name.
    pub name: String,
    /// From 0 (nothing in common) to 1 (the same).
    pub likeness: f64,
}

/// What a typed name led to.
#[derive(Debug, Clone, PartialEq)]
pub enum Found {
    /// This institution and no other has that name or other name.
    Exact(InstitutionId),
    /// No institution, or more than one, has that name; the nearest first, possibly none.
    Nearest(Vec<Candidate>),
}

impl Found {
    /// The institution, when there is exactly one.
    pub fn exact(&self) -> Option<InstitutionId> {
        match self {
            Self::Exact(id) => Some(*id),
            Self::Nearest(_) => None,
        }
    }
}

/// The names of all institutions, prepared for many look-ups.
#[derive(Debug, Default)]
pub struct Matcher {
    names: Vec<Known>,
    /// Whose listed name each folded name is.
    listed: HashMap<String, Vec<InstitutionId>>,
    /// Whose other name each folded name is.
    other: HashMap<String, Vec<InstitutionId>>,
    /// In how many names a word occurs: rare words tell institutions apart, "university" does not.
    frequency: HashMap<String, u32>,
}

#[derive(Debug)]
struct Known {
    id: InstitutionId,
    listed: String,
    key: String,
    words: Vec<String>,
}

fn push_new(ids: &mut Vec<InstitutionId>, id: InstitutionId) {
    if !ids.contains(&id) {
        ids.push(id);
    }
}

fn words_of(key: &str) -> Vec<String> {
    const EMPTY: &[&str] = &["of", "the", "and", "for", "at", "in", "la", "le", "de", "des", "du", "der", "die", "und"];
    key.split(' ').filter(|word| !word.is_empty() && !EMPTY.contains(word)).map(str::to_owned).collect()
}

impl Matcher {
    /// Prepares the names and other names of `institutions`.
    pub fn new<'a>(institutions: impl IntoIterator<Item = &'a Institution>) -> Self {
        let mut matcher = Self::default();
        for institution in institutions {
            for name in institution.names() {
                matcher.learn(institution, name);
            }
            push_new(matcher.listed.entry(name_key(&institution.name)).or_default(), institution.id);
            for alias in &institution.aliases {
                push_new(matcher.other.entry(name_key(&alias.name)).or_default(), institution.id);
            }
        }
        matcher
    }

    fn learn(&mut self, institution: &Institution, name: &str) {
        let key = name_key(name);
        let words = words_of(&key);
        for word in &words {
            *self.frequency.entry(word.clone()).or_default() += 1;
        }
        self.names.push(Known { id: institution.id, listed: institution.name.clone(), key, words });
    }

    /// The institution called `typed`, or the nearest ones.
    pub fn find(&self, typed: &str) -> Found {
        match self.find_exact(typed) {
            Some(id) => Found::Exact(id),
            None => Found::Nearest(self.nearest(&name_key(typed))),
        }
    }

    /// The institution called `typed`, or in words that there is none, with the nearest names.
    ///
    /// # Errors
    /// When there is none, or more than one.
    pub fn called(&self, typed: &str) -> Result<InstitutionId, String> {
        match self.find(typed) {
            Found::Exact(id) => Ok(id),
            Found::Nearest(some) => {
                let names: Vec<String> = some.into_iter().map(|candidate| candidate.name).collect();
                let nearest =
                    if names.is_empty() { String::new() } else { format!(" The nearest: {}.", names.join("; ")) };
                Err(format!("No institution is called “{typed}”.{nearest}"))
            }
        }
    }

    /// The one institution called `typed`. A listed name goes before another institution's other name; a name that
    /// two institutions have equally is nobody's.
    pub fn find_exact(&self, typed: &str) -> Option<InstitutionId> {
        let key = name_key(typed);
        match self.listed.get(&key).or_else(|| self.other.get(&key))?.as_slice() {
            [only] if !key.is_empty() => Some(*only),
            _ => None,
        }
    }

    /// The one institution listed as `typed`; other names do not count.
    pub fn find_listed(&self, typed: &str) -> Option<InstitutionId> {
        self.find_exact(typed).filter(|_| self.listed.contains_key(&name_key(typed)))
    }

    fn nearest(&self, key: &str) -> Vec<Candidate> {
        if key.is_empty() {
            return Vec::new();
        }
        let words = words_of(key);
        let mut best: HashMap<InstitutionId, (f64, &Known)> = HashMap::new();
        for known in &self.names {
            let likeness = self.likeness(key, &words, known);
            let entry = best.entry(known.id).or_insert((likeness, known));
            if likeness > entry.0 {
                *entry = (likeness, known);
            }
        }
        let mut ranked: Vec<Candidate> = best
            .into_values()
            .filter(|(likeness, _)| *likeness >= LIKELY)
            .map(|(likeness, known)| Candidate { id: known.id, name: known.listed.clone(), likeness })
            .collect();
        ranked.sort_by(|a, b| b.likeness.total_cmp(&a.likeness).then_with(|| a.name.cmp(&b.name)));
        ranked.truncate(OFFERED);
        ranked
    }

    /// How alike a typed name and a known one are: mostly by the words they share, weighted by how much a word tells,
    /// so that "Europeana Foundation" finds "Europeana"; partly letter by letter, for slips of the pen.
    fn likeness(&self, key: &str, words: &[String], known: &Known) -> f64 {
        let letters = strsim::normalized_damerau_levenshtein(key, &known.key);
        let shared: f64 = words.iter().map(|word| best_word(word, &known.words) * self.weight(word)).sum();
        let typed: f64 = words.iter().map(|word| self.weight(word)).sum();
        let listed: f64 = known.words.iter().map(|word| self.weight(word)).sum();
        let smaller = typed.min(listed);
        if smaller <= 0.0 {
            return letters;
        }
        let contained = (shared / smaller).min(1.0);
        let overlap = shared / (typed + listed - shared).max(shared);
        let by_words = 0.5 * contained + 0.3 * overlap + 0.2 * letters;
        if letters >= SLIP { by_words.max(letters) } else { by_words }
    }

    /// A word in one name of a hundred says more than one in fifty of them.
    fn weight(&self, word: &str) -> f64 {
        let seen = f64::from(self.frequency.get(word).copied().unwrap_or(0)) + 1.0;
        let names = f64::from(u32::try_from(self.names.len()).unwrap_or(u32::MAX)) + 2.0;
        (names / seen).ln().max(0.05)
    }
}

/// How well the best of `among` fits `word`: 1 for the same, 0 for none alike.
fn best_word(word: &str, among: &[String]) -> f64 {
    let best = among.iter().map(|other| word_likeness(word, other)).fold(0.0, f64::max);
    if best >= SAME_WORD { best } else { 0.0 }
}

/// How alike two words are. An abbreviation of at least four letters is nearly its word: "univ" for "university".
fn word_likeness(one: &str, other: &str) -> f64 {
    let (short, long) = if one.len() < other.len() { (one, other) } else { (other, one) };
    let abbreviated = if short.len() >= 4 && long.starts_with(short) { 0.85 } else { 0.0 };
    strsim::normalized_damerau_levenshtein(one, other).max(abbreviated)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn institution(number: u8, name: &str, aliases: &[&str]) -> Institution {
        Institution {
            aliases: aliases.iter().map(|alias| (*alias).into()).collect(),
            ..Institution::named(format!("00000000-0000-7000-8000-0000000000{number:02}").parse().unwrap(), name)
        }
    }

    fn some() -> Vec<Institution> {
        vec![
            institution(1, "British Library", &[]),
            institution(2, "British Museum", &[]),
            institution(3, "La Bibliothèque nationale de France", &["BnF"]),
            institution(4, "Göttingen State and University Library", &[]),
            institution(5, "University of Leeds", &[]),
            institution(6, "Leiden University", &[]),
            institution(7, "Princeton University Library", &["Princeton"]),
            institution(8, "Princeton University Art Museum", &["Princeton"]),
        ]
    }

    #[test]
    fn case_accents_punctuation_and_a_leading_the_make_no_other_name() {
        let some = some();
        let matcher = Matcher::new(&some);
        for typed in ["The British Library", "british  library", "BRITISH LIBRARY.", "Brítish Library"] {
            assert_eq!(matcher.find(typed), Found::Exact(some[0].id), "{typed}");
        }
        assert_eq!(matcher.find("bnf"), Found::Exact(some[2].id));
    }

    #[test]
    fn a_name_that_only_resembles_is_offered_and_never_taken() {
        let some = some();
        let matcher = Matcher::new(&some);
        for (typed, nearest) in [
            ("Bibliothèque national de France (BnF)", 2),
            ("University of Göttingen", 3),
            ("The Leeds University", 4),
            ("Britsh Libary", 0),
            ("Univ. of Leeds", 4),
        ] {
            let Found::Nearest(candidates) = matcher.find(typed) else { panic!("{typed} was taken") };
            assert_eq!(candidates.first().map(|first| first.id), Some(some[nearest].id), "{typed}: {candidates:?}");
        }
    }

    #[test]
    fn a_name_that_two_institutions_share_is_left_to_a_person() {
        let some = some();
        let Found::Nearest(candidates) = Matcher::new(&some).find("princeton") else { panic!("one was taken") };
        let two: Vec<_> = candidates.iter().take(2).map(|candidate| candidate.id).collect();
        assert!(two.contains(&some[6].id) && two.contains(&some[7].id), "{candidates:?}");
    }

    #[test]
    fn a_listed_name_goes_before_the_other_name_of_another() {
        let mut some = some();
        some.push(institution(9, "Princeton", &[]));
        assert_eq!(Matcher::new(&some).find("PRINCETON"), Found::Exact(some[8].id));
    }

    #[test]
    fn nothing_resembles_nothing() {
        let some = some();
        let matcher = Matcher::new(&some);
        assert_eq!(matcher.find("  — "), Found::Nearest(vec![]));
        assert_eq!(matcher.find("2026 Election Seat 1"), Found::Nearest(vec![]));
        assert_eq!(Matcher::default().find("British Library"), Found::Nearest(vec![]));
    }
}
