//! Countries by their codes (ISO 3166-1 alpha-2), with short English names: `content/countries.csv`.

use std::sync::LazyLock;

use serde::Deserialize;

/// A country.
#[derive(Debug, Deserialize)]
pub struct Country {
    /// Its code: two capital letters.
    pub code: String,
    /// Its name.
    pub name: String,
}

/// All of them, by name.
static COUNTRIES: LazyLock<Vec<Country>> = LazyLock::new(|| {
    let text = include_str!("../../../../content/countries.csv");
    csv::Reader::from_reader(text.as_bytes()).into_deserialize().filter_map(Result::ok).collect()
});

/// All countries, by name.
pub fn all() -> &'static [Country] {
    &COUNTRIES
}

/// The name that goes with a code; a code that is none of a country is given back.
pub fn name_of(code: &str) -> &str {
    all().iter().find(|country| country.code == code).map_or(code, |country| &country.name)
}

/// Whether there is a country with this code.
pub fn is_code(code: &str) -> bool {
    all().iter().any(|country| country.code == code)
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn every_line_of_the_list_is_a_country_of_its_own() {
        let lines = include_str!("../../../../content/countries.csv").lines().count();
        assert_eq!(all().len(), lines - 1);
        assert!(all().iter().all(|country| country.code.len() == 2 && !country.name.is_empty()));
        assert_eq!(all().iter().map(|country| &country.code).collect::<HashSet<_>>().len(), all().len());
        assert_eq!(all().iter().map(|country| &country.name).collect::<HashSet<_>>().len(), all().len());
    }

    #[test]
    fn a_code_has_a_name_and_what_is_no_code_stays_as_it_is() {
        assert_eq!((name_of("JP"), name_of("GB"), name_of("ZZ")), ("Japan", "United Kingdom", "ZZ"));
        assert!(is_code("FR") && !is_code("fr") && !is_code("ZZ"));
    }
}
