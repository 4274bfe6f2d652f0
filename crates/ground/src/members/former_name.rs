//! The names under which institutions were listed before: an earlier day's list says the names of that day.

use std::borrow::Cow;

use chrono::NaiveDate;

use super::institution::Institution;
use super::other_name::OtherName;

/// A name under which an institution was listed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FormerName {
    /// The name.
    pub name: String,
    /// The last day on which it was the name.
    pub until: NaiveDate,
}

impl Institution {
    /// The name under which it is listed on `day`.
    pub fn name_on(&self, day: NaiveDate) -> &str {
        self.former.iter().find(|former| day <= former.until).map_or(&self.name, |former| &former.name)
    }

    /// Lists it under `name` from `day` on. Names that it was to have after that it never had; the days before stay as
    /// they are.
    pub fn rename(&mut self, name: &str, day: NaiveDate) {
        if let Some(last) = day.pred_opt() {
            let before = self.name_on(last).to_owned();
            self.former.retain(|former| former.until < last);
            if before != name {
                self.former.push(FormerName { name: before, until: last });
            }
        }
        name.clone_into(&mut self.name);
    }

    /// The institution as it was listed on `day`. Its name of today is another name then, so that it is still found.
    fn on(&self, day: NaiveDate) -> Self {
        let name = self.name_on(day).to_owned();
        let mut aliases = self.aliases.clone();
        aliases.retain(|alias| alias.name != name);
        aliases.push(OtherName::from(self.name.clone()));
        Self { name, aliases, ..self.clone() }
    }
}

/// The list as it was on `day`, in the order people look for names.
pub fn on_day(all: &[Institution], day: NaiveDate) -> Cow<'_, [Institution]> {
    if all.iter().all(|one| one.name_on(day) == one.name) {
        return Cow::Borrowed(all);
    }
    let then = |one: &Institution| if one.name_on(day) == one.name { one.clone() } else { one.on(day) };
    let mut list: Vec<Institution> = all.iter().map(then).collect();
    list.sort_by_cached_key(|one| (one.sort_key(), one.id));
    Cow::Owned(list)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::InstitutionId;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn names(institution: &Institution, days: &[&str]) -> Vec<String> {
        days.iter().map(|on| institution.name_on(day(on)).to_owned()).collect()
    }

    #[test]
    fn each_day_has_the_name_of_that_day() {
        let mut museum = Institution::named(InstitutionId::fresh(), "Harvard Art Museum");
        museum.rename("Harvard Art Museums", day("2019-03-01"));
        museum.rename("Art Museums of Harvard", day("2024-07-15"));
        let found = names(&museum, &["2019-02-28", "2019-03-01", "2024-07-14", "2024-07-15", "2030-01-01"]);
        let [first, second, third] = ["Harvard Art Museum", "Harvard Art Museums", "Art Museums of Harvard"];
        assert_eq!(found, [first, second, second, third, third]);
    }

    #[test]
    fn a_name_that_nobody_had_for_a_day_leaves_no_trace() {
        let mut museum = Institution::named(InstitutionId::fresh(), "Museum");
        museum.rename("Musuem of Art", day("2026-05-01"));
        museum.rename("Museum of Art", day("2026-05-01"));
        assert_eq!(museum.former, [FormerName { name: "Museum".into(), until: day("2026-04-30") }]);
        museum.rename("Museum", day("2026-05-01"));
        assert_eq!(museum.former, []);
    }

    #[test]
    fn a_name_from_an_earlier_day_on_takes_the_place_of_later_ones() {
        let mut museum = Institution::named(InstitutionId::fresh(), "A");
        museum.rename("B", day("2020-01-01"));
        museum.rename("C", day("2018-01-01"));
        assert_eq!(names(&museum, &["2017-12-31", "2019-01-01", "2021-01-01"]), ["A", "C", "C"]);
    }

    #[test]
    fn the_list_of_a_day_is_in_its_own_order_and_finds_who_is_called_otherwise_today() {
        let mut first = Institution::named(InstitutionId::fresh(), "Aachen");
        let second = Institution::named(InstitutionId::fresh(), "Basel");
        first.rename("Zürich", day("2020-01-01"));
        let all = [second, first];
        let then = on_day(&all, day("2019-12-31"));
        let listed: Vec<&str> = then.iter().map(|one| one.name.as_str()).collect();
        assert_eq!(listed, ["Aachen", "Basel"]);
        assert!(then[0].search_text().contains("zurich"));
        assert!(matches!(on_day(&all, day("2020-01-01")), Cow::Borrowed(_)));
    }
}
