//! Two institutions of the list that are one: what the one that stays becomes. What refers to the other is moved by
//! `merging`, since only it knows of requests and seats.

use chrono::NaiveDate;

use super::institution::{Institution, Period, name_key};
use crate::worded;

worded! {
    /// Whose memberships hold where the two lists of them contradict each other.
    pub enum Memberships {
        /// Those of the one that stays.
        Stays = "stays",
        /// Those of the one that goes.
        Goes = "goes",
    }
}

/// What keeps two institutions from being merged before somebody has decided something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Clash {
    /// Each has a ROR id of its own, so they are two by the registry.
    Ror,
    /// On some day they have memberships of different kinds.
    Memberships,
}

/// What the one that stays becomes. Its own facts go before the other's; the other's names stay as its other names.
/// `said`: whose memberships hold, which is asked only where they contradict each other.
///
/// # Errors
/// What is in the way.
pub fn merged(stays: &Institution, goes: &Institution, said: Option<Memberships>) -> Result<Institution, Clash> {
    if stays.ror.is_some() && goes.ror.is_some() {
        return Err(Clash::Ror);
    }
    let periods = match (joined(&stays.periods, &goes.periods), said) {
        (Some(periods), _) => periods,
        (None, Some(Memberships::Stays)) => stays.periods.clone(),
        (None, Some(Memberships::Goes)) => goes.periods.clone(),
        (None, None) => return Err(Clash::Memberships),
    };
    let mut merged = Institution {
        website: stays.website.clone().or_else(|| goes.website.clone()),
        country: stays.country.clone().or_else(|| goes.country.clone()),
        commercial: stays.commercial || goes.commercial,
        ror: stays.ror.clone().or_else(|| goes.ror.clone()),
        periods,
        ..stays.clone()
    };
    let names = std::iter::once(goes.name.clone().into()).chain(goes.aliases.iter().cloned());
    for other in names {
        let key = name_key(&other.name);
        if merged.names().all(|known| name_key(known) != key) {
            merged.aliases.push(other);
        }
    }
    for (key, value) in &goes.other {
        if merged.other.iter().all(|(known, _)| known != key) {
            merged.other.push((key.clone(), value.clone()));
        }
    }
    Ok(merged)
}

/// Both lists of memberships as one, oldest first; `None` when on some day they say different kinds.
fn joined(one: &[Period], other: &[Period]) -> Option<Vec<Period>> {
    let mut all: Vec<Period> = one.iter().chain(other).copied().collect();
    all.sort_by_key(|period| (period.since, period.until.unwrap_or(NaiveDate::MAX)));
    let mut joined: Vec<Period> = Vec::new();
    for period in all {
        match joined.last_mut() {
            Some(last) if follows_after(last, &period) => joined.push(period),
            Some(last) if last.kind == period.kind => {
                last.until = last.until.zip(period.until).map(|(one, other)| one.max(other));
            }
            Some(_) => return None,
            None => joined.push(period),
        }
    }
    Some(joined)
}

/// Whether a period begins when the one before is over.
fn follows_after(before: &Period, after: &Period) -> bool {
    before.until.zip(after.since).is_some_and(|(until, since)| until < since)
}

#[cfg(test)]
mod tests {
    use super::super::institution::Membership;
    use super::*;
    use proptest::prelude::*;

    fn day(number: u32) -> NaiveDate {
        NaiveDate::from_num_days_from_ce_opt(730_000 + i32::try_from(number).unwrap()).unwrap()
    }

    fn institution(number: u8, name: &str, periods: &[Period]) -> Institution {
        Institution {
            periods: periods.to_vec(),
            ..Institution::named(format!("00000000-0000-7000-8000-0000000000{number:02}").parse().unwrap(), name)
        }
    }

    fn period(kind: Membership, since: Option<u32>, until: Option<u32>) -> Period {
        Period { kind, since: since.map(day), until: until.map(day) }
    }

    #[test]
    fn the_one_that_stays_goes_before_and_the_others_names_and_facts_fill_the_gaps() {
        let mut stays = institution(1, "Example Library", &[]);
        stays.aliases = vec!["EL".into()];
        stays.website = Some("https://stays.example".to_owned());
        stays.other = vec![("logo".to_owned(), "stays.svg".into())];
        let mut goes = institution(2, "Library of Example", &[]);
        goes.aliases = vec!["The Example Library".into(), "el".into(), "Exemplum".into()];
        goes.website = Some("https://goes.example".to_owned());
        goes.country = Some("FR".to_owned());
        goes.ror = Some("02mhbdp94".parse().unwrap());
        goes.other = vec![("logo".to_owned(), "goes.svg".into()), ("colour".to_owned(), "red".into())];
        let merged = merged(&stays, &goes, None).unwrap();
        assert_eq!((merged.id, merged.name.as_str()), (stays.id, "Example Library"));
        let names: Vec<&str> = merged.aliases.iter().map(|alias| alias.name.as_str()).collect();
        assert_eq!(names, ["EL", "Library of Example", "Exemplum"]);
        assert_eq!((merged.website, merged.country, merged.ror), (stays.website, goes.country, goes.ror));
        assert_eq!(merged.other, [("logo".to_owned(), "stays.svg".into()), ("colour".to_owned(), "red".into())]);
    }

    #[test]
    fn two_ids_of_the_registry_are_two_institutions() {
        let (mut stays, mut goes) = (institution(1, "One", &[]), institution(2, "Two", &[]));
        stays.ror = Some("02mhbdp94".parse().unwrap());
        goes.ror = Some("05bnh6r87".parse().unwrap());
        assert_eq!(merged(&stays, &goes, Some(Memberships::Stays)), Err(Clash::Ror));
    }

    #[test]
    fn memberships_are_joined_and_asked_about_only_where_they_contradict_each_other() {
        use Membership::{Community, Full};
        let join = |one: &[Period], other: &[Period]| {
            merged(&institution(1, "One", one), &institution(2, "Two", other), None).map(|one| one.periods)
        };
        let (early, late) = (period(Community, None, Some(10)), period(Full, Some(11), None));
        assert_eq!(join(&[late], &[early]), Ok(vec![early, late]));
        assert_eq!(join(&[period(Full, Some(5), Some(20))], &[late]), Ok(vec![period(Full, Some(5), None)]));
        let apart = [period(Full, Some(1), Some(2)), period(Full, Some(4), Some(6))];
        assert_eq!(join(&apart[1..], &apart[..1]), Ok(apart.to_vec()));
        assert_eq!(join(&[early], &[period(Full, Some(10), None)]), Err(Clash::Memberships));
        let (stays, goes) = (institution(1, "One", &[early]), institution(2, "Two", &[period(Full, Some(3), None)]));
        assert_eq!(merged(&stays, &goes, Some(Memberships::Stays)).unwrap().periods, stays.periods);
        assert_eq!(merged(&stays, &goes, Some(Memberships::Goes)).unwrap().periods, goes.periods);
    }

    fn periods() -> impl Strategy<Value = Vec<Period>> {
        let kind = proptest::sample::select(vec![Membership::Full, Membership::Community]);
        proptest::collection::vec((kind, 0..4_u32, 0..6_u32), 0..4).prop_map(|parts| {
            let mut from = 0;
            let one = |(kind, gap, length): (Membership, u32, u32)| {
                let (since, until) = (from + gap, from + gap + length);
                from = until + 1;
                period(kind, Some(since), Some(until))
            };
            parts.into_iter().map(one).collect()
        })
    }

    proptest! {
        /// Day by day, what was joined says what either said.
        #[test]
        fn on_every_day_the_joined_list_says_what_the_two_said(one in periods(), other in periods()) {
            let of = |all: &[Period], on: NaiveDate| all.iter().find(|period| period.covers(on)).map(|period| period.kind);
            let days: Vec<NaiveDate> = (0..60).map(day).collect();
            let clashes = days.iter().any(|on| matches!((of(&one, *on), of(&other, *on)), (Some(a), Some(b)) if a != b));
            match joined(&one, &other) {
                None => prop_assert!(clashes),
                Some(all) => {
                    prop_assert!(!clashes);
                    for on in days {
                        prop_assert_eq!(of(&all, on), of(&one, on).or(of(&other, on)));
                        prop_assert!(all.iter().filter(|period| period.covers(on)).count() < 2);
                    }
                }
            }
        }
    }
}
