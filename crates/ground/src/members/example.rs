//! A file of members that differs a little from the list, for the demonstration of the import.

use chrono::NaiveDate;

use super::institution::{Institution, Membership, Period};
use super::website::{LastFile, file};

/// The website's file as it could come next: one institution has a new name at its old website, one another membership,
/// one is gone, and one is new.
pub fn next_file(all: &[Institution], last: Option<&LastFile>, day: NaiveDate) -> String {
    let mut next: Vec<Institution> = all.iter().filter(|one| one.membership_on(day).is_some()).cloned().collect();
    let mut of_kind = |kind: Membership, change: &mut dyn FnMut(&mut Institution)| {
        let found = next.iter_mut().find(|one| one.membership_on(day) == Some(kind) && one.website.is_some());
        found.map(|one| {
            change(one);
            one.id
        })
    };
    let gone = of_kind(Membership::Community, &mut |_| {});
    of_kind(Membership::Associate, &mut |one| one.name = format!("{} (renamed)", one.name));
    of_kind(Membership::Full, &mut |one| {
        one.periods = vec![Period { kind: Membership::Associate, since: None, until: None }];
    });
    next.retain(|one| Some(one.id) != gone);
    let text = file(&next, last, day);
    format!("{}\n- name: Example Museum of Maps\n  uri: https://maps.example/\n  iiifc: 4\n", text.trim_end())
}

#[cfg(test)]
mod tests {
    use super::super::difference::{How, Said, compare};
    use super::super::{bundled, yaml};
    use super::*;

    #[test]
    fn it_shows_every_kind_of_difference() {
        let (all, day) = (bundled::institutions().unwrap(), "2026-11-22".parse().unwrap());
        let text = next_file(&all, None, day);
        let difference = compare(&all, &yaml::read(&text).unwrap().entries, &Said::default(), day);
        let counts = (difference.added.len(), difference.changed.len(), difference.gone.len());
        assert_eq!(counts, (1, 2, 1), "{difference}");
        assert!(difference.changed.iter().any(|changed| changed.how == How::Website));
    }
}
