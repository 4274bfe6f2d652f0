//! The members that the program brings along, for a first start without any file: `content/members.csv`.

use chrono::NaiveDate;
use serde::Deserialize;

use super::institution::{Institution, Membership, Period};
use crate::ids::InstitutionId;
use crate::refusal::Fault;

const MEMBERS: &str = include_str!("../../../../content/members.csv");

/// What stands between two names in the column `other_names`.
const BETWEEN_NAMES: char = '|';

#[derive(Deserialize)]
struct Row {
    id: InstitutionId,
    membership: Membership,
    name: String,
    other_names: String,
    country: Option<String>,
    commercial: Option<String>,
    website: Option<String>,
    since: Option<NaiveDate>,
}

/// The bundled institutions, sorted by name.
///
/// # Errors
/// A fault when the bundled file is damaged, which a test rules out.
pub fn institutions() -> Result<Vec<Institution>, Fault> {
    read(MEMBERS)
}

fn read(text: &str) -> Result<Vec<Institution>, Fault> {
    csv::Reader::from_reader(text.as_bytes())
        .deserialize()
        .map(|row| institution(row.map_err(|error| Fault::because("the bundled members cannot be read", error))?))
        .collect()
}

fn institution(row: Row) -> Result<Institution, Fault> {
    let commercial = match row.commercial.as_deref() {
        Some("yes") => true,
        None | Some("no") => false,
        Some(other) => {
            return Err(Fault::new(format!("the bundled members say {other:?} for commercial of {}", row.name)));
        }
    };
    let aliases = row.other_names.split(BETWEEN_NAMES).map(str::trim).filter(|name| !name.is_empty());
    Ok(Institution {
        aliases: aliases.map(Into::into).collect(),
        website: row.website,
        country: row.country,
        commercial,
        periods: vec![Period { kind: row.membership, since: row.since, until: None }],
        ..Institution::named(row.id, row.name)
    })
}

#[cfg(test)]
mod tests {
    use std::collections::{HashMap, HashSet};

    use super::super::institution::folded;
    use super::super::matching::{Found, Matcher};
    use super::*;

    fn today() -> NaiveDate {
        "2026-11-22".parse().unwrap()
    }

    #[test]
    fn there_are_146_institutions_of_every_kind() {
        let mut kinds: HashMap<Membership, usize> = HashMap::new();
        for institution in institutions().unwrap() {
            *kinds.entry(institution.membership_on(today()).unwrap()).or_default() += 1;
        }
        let counts: Vec<usize> = Membership::ALL.iter().map(|kind| kinds[kind]).collect();
        assert_eq!(counts, [11, 27, 9, 24, 75]);
        assert_eq!(counts.iter().sum::<usize>(), 146);
    }

    #[test]
    fn every_id_and_every_name_is_there_once() {
        let all = institutions().unwrap();
        let ids: HashSet<_> = all.iter().map(|one| one.id).collect();
        assert_eq!(ids.len(), all.len());
        let mut names = HashSet::new();
        for one in &all {
            for name in one.names() {
                assert!(names.insert(folded(name)), "{name} of {} is a second time in the list", one.name);
            }
        }
    }

    #[test]
    fn countries_are_codes_and_websites_are_addresses() {
        for one in institutions().unwrap() {
            if let Some(country) = &one.country {
                assert!(country.len() == 2 && country.chars().all(|letter| letter.is_ascii_uppercase()), "{country}");
            }
            let website = one.website.as_deref().unwrap_or("https://");
            assert!(website.starts_with("http://") || website.starts_with("https://"), "{website}");
        }
    }

    /// The names that the committee's roster uses, against listed names alone: what an import without any remembered
    /// name has to offer first.
    #[test]
    fn the_names_people_type_find_their_institution_without_any_remembered_name() {
        let mut all = institutions().unwrap();
        all.iter_mut().for_each(|one| one.aliases.clear());
        let names: HashMap<_, _> = all.iter().map(|one| (one.id, one.name.as_str())).collect();
        let matcher = Matcher::new(&all);
        for (typed, listed) in [
            ("The British Library", "British Library"),
            ("Bibliothèque nationale de France (BnF)", "La Bibliothèque nationale de France"),
            ("Bibliothèque national de France (BnF)", "La Bibliothèque nationale de France"),
            ("J. Paul Getty Trust", "The J. Paul Getty Trust"),
            ("Europeana Foundation", "Europeana"),
            ("The University of Leeds", "University of Leeds"),
            ("The University of Edinburgh", "University of Edinburgh"),
            ("University of Göttingen", "Göttingen State and University Library"),
            ("University of Cambridge", "Cambridge University"),
            ("Northwestern University", "Northwestern University Libraries"),
            ("Oxford University", "University of Oxford (Bodleian Library)"),
            ("Princeton University", "Princeton University Library"),
            ("ETH / EPFL Lausanne", "École polytechnique fédérale de Lausanne (EPFL)"),
            ("Vatican Apostolic Library", "Vatican Library"),
        ] {
            let first = match matcher.find(typed) {
                Found::Exact(id) => Some(names[&id].to_owned()),
                Found::Nearest(candidates) => candidates.into_iter().next().map(|candidate| candidate.name),
            };
            assert_eq!(first.as_deref(), Some(listed), "{typed}");
        }
    }
}
