//! The committee's roster as the website keeps it (`exec_terms.yml`): batches of seats with their terms, read and
//! matched to institutions. It names institutions as people type them (governance.md, "Members").

use serde::Deserialize;
use serde_saphyr::Spanned;

use super::rules::Term;
use crate::ids::InstitutionId;
use crate::members::institution::name_key;
use crate::members::matching::{Candidate, Found, Matcher};
use crate::members::yaml::Unreadable;
use crate::plain;

/// One seat as the roster states it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// The line of the file it stands on.
    pub line: u64,
    /// The name as it was typed, without the spaces around it.
    pub name: String,
    /// What the roster calls the election; may be empty.
    pub batch: String,
    /// Its term.
    pub term: Term,
}

impl Line {
    /// Whether this holds the place of an election to come: "2026 Election Seat 1".
    pub fn is_open(&self) -> bool {
        let Some((year, rest)) = self.name.split_once(" Election Seat ") else { return false };
        year.parse::<u16>().is_ok() && rest.parse::<u8>().is_ok()
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Batch {
    #[serde(default)]
    name: Option<String>,
    start: Spanned<i32>,
    term: Spanned<u8>,
    #[serde(default)]
    members: Option<Vec<Spanned<String>>>,
}

/// Reads the text of a roster.
///
/// # Errors
/// The first fault with its line and column.
pub fn read(text: &str) -> Result<Vec<Line>, Unreadable> {
    let text = text.trim_start_matches('\u{feff}');
    let batches: Option<Vec<Batch>> = serde_saphyr::from_str(text).map_err(|error| Unreadable::from(&error))?;
    let mut lines = Vec::new();
    for batch in batches.unwrap_or_default() {
        if !(1900..=2999).contains(&batch.start.value) {
            return Err(Unreadable::at(&batch.start, "start is the year of the election."));
        }
        if !(1..=9).contains(&batch.term.value) {
            return Err(Unreadable::at(
                &batch.term,
                "term is a number of years, from 1 to 9; elections are for 2, 3 or 4.",
            ));
        }
        let term = Term { elected: batch.start.value, years: batch.term.value };
        let name = batch.name.unwrap_or_default().trim().to_owned();
        for member in batch.members.unwrap_or_default() {
            let typed = member.value.trim();
            if plain::is_blank(typed) {
                return Err(Unreadable::at(
                    &member,
                    "this place has no name. Write the institution, or take the line out.",
                ));
            }
            let twice =
                lines.iter().find(|known: &&Line| known.term == term && name_key(&known.name) == name_key(typed));
            if let Some(first) = twice {
                let what = format!("{typed} has a seat of this term on line {} already.", first.line);
                return Err(Unreadable::at(&member, what));
            }
            lines.push(Line { line: member.referenced.line(), name: typed.to_owned(), batch: name.clone(), term });
        }
    }
    Ok(lines)
}

/// A name in the roster that is no institution's name, with the nearest for a person to choose from.
#[derive(Debug, Clone, PartialEq)]
pub struct Unmatched {
    /// The seat as the roster states it.
    pub line: Line,
    /// The nearest institutions, the likeliest first; possibly none.
    pub candidates: Vec<Candidate>,
}

/// A seat of the roster with its institution.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Named {
    /// The institution.
    pub institution: InstitutionId,
    /// The seat as the roster states it.
    pub line: Line,
}

/// A roster with its names matched to institutions.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Roster {
    /// Seats with their institution, in the roster's order.
    pub seats: Vec<Named>,
    /// Every name that could not be matched.
    pub unmatched: Vec<Unmatched>,
    /// Places of elections to come.
    pub open: Vec<Line>,
    /// Names that a person said the institution of, each once: to be remembered as other names.
    pub answered: Vec<(String, InstitutionId)>,
}

/// Matches the names in a roster to institutions. Nothing is guessed: what only resembles is reported, unless `answers`
/// says whose name it is.
pub fn resolve(lines: Vec<Line>, institutions: &Matcher, answers: &[(String, InstitutionId)]) -> Roster {
    let mut roster = Roster::default();
    for line in lines {
        if line.is_open() {
            roster.open.push(line);
            continue;
        }
        let answer = answers.iter().find(|(name, _)| name_key(name) == name_key(&line.name)).map(|(_, id)| *id);
        match (institutions.find(&line.name), answer) {
            (Found::Exact(institution), _) => roster.seats.push(Named { institution, line }),
            (Found::Nearest(_), Some(institution)) => {
                if roster.answered.iter().all(|(name, _)| name_key(name) != name_key(&line.name)) {
                    roster.answered.push((line.name.clone(), institution));
                }
                roster.seats.push(Named { institution, line });
            }
            (Found::Nearest(candidates), None) => roster.unmatched.push(Unmatched { line, candidates }),
        }
    }
    roster
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::members::institution::Institution;

    const ROSTER: &str = "\
- name: Batch A
  start: 2023
  term: 3
  members:
    - The First Library
    - Second Archive Foundation   \n- name: Batch B
  start: 2025
  term: 2
  members:
    - 2025 Election Seat 1     \n- name: Batch C
  start: 2026
  term: 3
";

    fn institution(number: u8, name: &str) -> Institution {
        Institution::named(format!("00000000-0000-7000-8000-0000000000{number:02}").parse().unwrap(), name)
    }

    #[test]
    fn batches_become_seats_with_a_term_and_elections_to_come_stay_open() {
        let lines = read(ROSTER).unwrap();
        let facts: Vec<_> =
            lines.iter().map(|one| (one.line, one.name.as_str(), (one.term.elected, one.term.years))).collect();
        assert_eq!(
            facts,
            [
                (5, "The First Library", (2023, 3)),
                (6, "Second Archive Foundation", (2023, 3)),
                (11, "2025 Election Seat 1", (2025, 2)),
            ]
        );
        assert!(lines[2].is_open() && !lines[0].is_open());
    }

    #[test]
    fn a_name_that_only_resembles_is_reported_with_the_nearest_until_it_is_remembered() {
        let mut known = [institution(1, "First Library"), institution(2, "Second Archive")];
        let roster = resolve(read(ROSTER).unwrap(), &Matcher::new(&known), &[]);
        let facts: Vec<_> = roster.seats.iter().map(|one| (one.institution, one.line.term)).collect();
        assert_eq!(facts, [(known[0].id, Term { elected: 2023, years: 3 })]);
        assert_eq!(roster.unmatched.len(), 1);
        assert_eq!(roster.unmatched[0].candidates[0].id, known[1].id);
        assert_eq!(roster.open.len(), 1);

        let answers = [("the second archive foundation".to_owned(), known[1].id)];
        let answered = resolve(read(ROSTER).unwrap(), &Matcher::new(&known), &answers);
        assert_eq!(answered.answered, [("Second Archive Foundation".to_owned(), known[1].id)]);
        assert_eq!((answered.seats.len(), answered.unmatched.len()), (2, 0));

        known[1].aliases.push("Second Archive Foundation".into());
        let roster = resolve(read(ROSTER).unwrap(), &Matcher::new(&known), &answers);
        assert_eq!((roster.seats.len(), roster.unmatched.len(), roster.answered.len()), (2, 0, 0));
    }

    #[test]
    fn a_wrong_roster_is_refused_with_its_place() {
        for (text, line) in [
            ("- start: 2024\n  term: forever\n", 2),
            ("- start: 2024\n  term: 0\n", 2),
            ("- start: 24\n  term: 2\n", 1),
            ("- start: 2024\n  members: [A]\n", 2),
            ("- start: 2024\n  term: 2\n  chair: B\n", 3),
            ("- start: 2024\n  term: 2\n  members:\n    - A\n    - the a\n", 5),
            ("- start: 2024\n  term: 2\n  members:\n    - ''\n", 4),
            ("- start: 2024\n  term: [2\n", 2),
        ] {
            let error = read(text).unwrap_err();
            assert_eq!(error.line, line, "{text:?}: {error}");
        }
    }
}
