//! An institution, its kinds of membership over time, and how its name is sorted and searched.
//! Matching a typed name to an institution is `matching`; the website's file is `yaml`.

use chrono::NaiveDate;
use serde_json::Value;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use super::country;
use super::former_name::FormerName;
use super::other_name::OtherName;
use super::ror::Ror;
use crate::ids::InstitutionId;
use crate::worded;

worded! {
    /// An institution's kind of membership (governance.md, "Members").
    pub enum Membership {
        /// One of the eleven that founded the Consortium in 2015.
        CoreFounding = "core_founding",
        /// Joined while the Consortium was being founded, until the end of 2017.
        Founding = "founding",
        /// Full member since 2018.
        Full = "full",
        /// Associate member.
        Associate = "associate",
        /// Uses IIIF; not a member of the Consortium.
        Community = "community",
    }
}

impl Membership {
    /// The kind as a heading or a mark shows it.
    pub const fn label(&self) -> &'static str {
        match self {
            Self::CoreFounding => "Core founding member",
            Self::Founding => "Founding member",
            Self::Full => "Full member",
            Self::Associate => "Associate member",
            Self::Community => "IIIF community",
        }
    }

    /// The kind below a count of several.
    pub const fn plural(&self) -> &'static str {
        match self {
            Self::CoreFounding => "core founding members",
            Self::Founding => "founding members",
            Self::Full => "full members",
            Self::Associate => "associate members",
            Self::Community => "others of the IIIF community",
        }
    }

    /// Whether this kind belongs to the Consortium.
    pub const fn is_member(&self) -> bool {
        !matches!(self, Self::Community)
    }

    /// Whether it carries the mark of a founder.
    pub const fn is_founding(&self) -> bool {
        matches!(self, Self::CoreFounding | Self::Founding)
    }

    /// Whether an institution of this kind may hold a seat on the Executive Committee: founding and full members.
    pub const fn may_hold_seat(&self) -> bool {
        matches!(self, Self::CoreFounding | Self::Founding | Self::Full)
    }

    /// The institution's standing as a sentence goes on after its name: "a Full Member of the IIIF Consortium".
    /// `None` for the community, which is no membership.
    pub const fn standing(&self) -> Option<&'static str> {
        match self {
            Self::CoreFounding => Some("a Core Founding Member of the IIIF Consortium"),
            Self::Founding => Some("a Founding Member of the IIIF Consortium"),
            Self::Full => Some("a Full Member of the IIIF Consortium"),
            Self::Associate => Some("an Associate Member of the IIIF Consortium"),
            Self::Community => None,
        }
    }
}

/// A stretch of time in which an institution has one kind of membership.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Period {
    /// The kind.
    pub kind: Membership,
    /// The first day, when it is known.
    pub since: Option<NaiveDate>,
    /// The last day; `None` while it lasts.
    pub until: Option<NaiveDate>,
}

impl Period {
    /// Whether the period covers `day`. An unknown first day covers everything before the end.
    pub fn covers(&self, day: NaiveDate) -> bool {
        self.since.is_none_or(|since| since <= day) && self.until.is_none_or(|until| day <= until)
    }
}

/// The key of the website's file under which an institution's logo stands.
const LOGO: &str = "logo";

/// An institution: a member of the Consortium, of the community, or one that has left.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Institution {
    /// Its identifier, which no renaming changes.
    pub id: InstitutionId,
    /// The name the Consortium lists it under.
    pub name: String,
    /// The names it was listed under before, the oldest first.
    pub former: Vec<FormerName>,
    /// Other names people know it by, and spellings that were once matched to it.
    pub aliases: Vec<OtherName>,
    /// Its website, if one is known.
    pub website: Option<String>,
    /// Its country as an ISO 3166-1 code of two letters, when it is certain.
    pub country: Option<String>,
    /// Whether it is known to be a company (governance.md: companies hold at most three seats).
    pub commercial: bool,
    /// Its id in the Research Organization Registry; no two institutions have the same.
    pub ror: Option<Ror>,
    /// What the website's file says of it beyond this, kept to be given back: key and value in the file's order.
    pub other: Vec<(String, Value)>,
    /// Its kinds of membership, oldest first, without overlap.
    pub periods: Vec<Period>,
}

impl Institution {
    /// An institution of which nothing is known but its name.
    pub fn named(id: InstitutionId, name: impl Into<String>) -> Self {
        Self {
            id,
            name: name.into(),
            former: vec![],
            aliases: vec![],
            website: None,
            country: None,
            commercial: false,
            ror: None,
            other: vec![],
            periods: vec![],
        }
    }

    /// Its kind of membership on `day`; `None` before it joined and after it left.
    pub fn membership_on(&self, day: NaiveDate) -> Option<Membership> {
        self.periods.iter().find(|period| period.covers(day)).map(|period| period.kind)
    }

    /// The name of its country; empty when that is not known.
    pub fn country_name(&self) -> &str {
        self.country.as_deref().map_or("", country::name_of)
    }

    /// Where its logo is, as the website's file says it: an address, or a path of the website.
    pub fn logo(&self) -> Option<&str> {
        self.other.iter().find(|(key, _)| key == LOGO).and_then(|(_, value)| value.as_str())
    }

    /// Says where its logo is; with nothing, that it has none.
    pub fn set_logo(&mut self, logo: Option<&str>) {
        let at = self.other.iter().position(|(key, _)| key == LOGO);
        match (at.and_then(|at| self.other.get_mut(at)), logo) {
            (Some((_, value)), Some(logo)) => *value = logo.into(),
            (None, Some(logo)) => self.other.push((LOGO.to_owned(), logo.into())),
            (_, None) => self.other.retain(|(key, _)| key != LOGO),
        }
    }

    /// Where its name stands in a list. Equal keys are told apart by the name itself.
    pub fn sort_key(&self) -> String {
        sort_key(&self.name)
    }

    /// Every name it has, the listed one first.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        std::iter::once(self.name.as_str()).chain(self.aliases.iter().map(|alias| alias.name.as_str()))
    }

    /// Everything it can be searched by, folded: name, other names and the website's host.
    pub fn search_text(&self) -> String {
        let host = self.website.as_deref().map(site).unwrap_or_default();
        let host = host.split('/').next().unwrap_or_default();
        let mut text: Vec<String> = self.names().map(folded).collect();
        text.push(host.to_owned());
        text.join(" | ")
    }
}

/// `text` without accents, case, and punctuation: words of letters and digits with one space between them.
/// "Göttingen" and "gottingen" fold to the same; letters without an accent-free form (漢, Ж) stay.
pub fn folded(text: &str) -> String {
    let mut words = String::with_capacity(text.len());
    for letter in text.nfkd().filter(|letter| !is_combining_mark(*letter) && !is_apostrophe(*letter)) {
        match letter {
            '&' => words.push_str(" and "),
            letter if letter.is_alphanumeric() => push_plain(letter, &mut words),
            _ => words.push(' '),
        }
    }
    words.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// What makes two spellings one name: folded, without a leading "the". No two institutions share one.
pub fn name_key(name: &str) -> String {
    let key = folded(name);
    let key = key.strip_prefix("the ").map(str::to_owned).unwrap_or(key);
    if key.is_empty() { name.trim().to_lowercase() } else { key }
}

/// Apostrophes stand inside a word: "St. Mary's" is searched as "st marys".
const fn is_apostrophe(letter: char) -> bool {
    matches!(letter, '\'' | '’' | '‘' | 'ʼ' | '`')
}

/// Adds `letter` in small letters. Those that Unicode does not take apart are spelled as people type them.
fn push_plain(letter: char, words: &mut String) {
    for small in letter.to_lowercase() {
        match small {
            'ß' => words.push_str("ss"),
            'æ' => words.push_str("ae"),
            'œ' => words.push_str("oe"),
            'ø' => words.push('o'),
            'ł' => words.push('l'),
            'đ' | 'ð' => words.push('d'),
            'þ' => words.push_str("th"),
            'ı' => words.push('i'),
            // Lower-casing can itself give a combining mark: "İ" becomes "i" and a dot above.
            mark if is_combining_mark(mark) => {}
            other => words.push(other),
        }
    }
}

/// Where a name stands in a list: folded, and without the article it opens with.
///
/// "The" never counts. Other articles only before a word for an institution, because "La Trobe University" and
/// "El Paso" belong under L and E while "La Bibliothèque nationale de France" is looked for under B.
pub fn sort_key(name: &str) -> String {
    let key = folded(&name.replace(['\'', '’'], " "));
    let key = match key.split_once(' ') {
        Some(("the", rest)) => rest.to_owned(),
        Some((article, rest)) if ARTICLES.contains(&article) && opens_with_institution(rest) => rest.to_owned(),
        _ => key,
    };
    if key.is_empty() { name.to_lowercase() } else { key }
}

const ARTICLES: &[&str] = &["la", "le", "les", "l", "el", "il", "lo", "das", "der", "die", "het", "de", "a", "o"];

fn opens_with_institution(words: &str) -> bool {
    const STEMS: &[&str] = &[
        "academi",
        "accademi",
        "archiv",
        "arquiv",
        "bibliot",
        "college",
        "ecole",
        "escuela",
        "fondation",
        "fondazione",
        "fundacao",
        "fundacion",
        "galeri",
        "galleri",
        "institut",
        "istitut",
        "koninklijk",
        "musee",
        "museo",
        "museu",
        "national",
        "scuola",
        "stadt",
        "univers",
    ];
    STEMS.iter().any(|stem| words.starts_with(stem))
}

/// A website's address without what does not tell sites apart: scheme, "www.", a closing slash, case of the host.
pub fn site(address: &str) -> String {
    let address = address.trim();
    let address = address.split_once("://").map_or(address, |(_, rest)| rest);
    let (host, path) = address.split_once('/').unwrap_or((address, ""));
    let host = host.to_lowercase();
    let host = host.strip_prefix("www.").unwrap_or(&host);
    format!("{host}/{path}").trim_end_matches('/').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn institution(name: &str) -> Institution {
        Institution::named("0196a6b2-0000-7000-8000-000000000001".parse().unwrap(), name)
    }

    #[test]
    fn a_list_is_sorted_as_people_look_for_names() {
        let mut names = [
            "Yale University",
            "The British Library",
            "Zürich Central Library",
            "Étude",
            "La Bibliothèque nationale de France",
            "La Trobe University",
            "École polytechnique",
            "Łódź Archive",
            "British Museum",
            "4Science S.p.A.",
            "国立国会図書館",
            "L’École des chartes",
            "e-codices",
        ];
        names.sort_by_key(|name| sort_key(name));
        assert_eq!(
            names,
            [
                "4Science S.p.A.",
                "La Bibliothèque nationale de France",
                "The British Library",
                "British Museum",
                "e-codices",
                "L’École des chartes",
                "École polytechnique",
                "Étude",
                "La Trobe University",
                "Łódź Archive",
                "Yale University",
                "Zürich Central Library",
                "国立国会図書館",
            ]
        );
    }

    #[test]
    fn search_text_has_no_accents_and_holds_other_names_and_the_host() {
        let mut goettingen = institution("Göttingen State & University Library");
        goettingen.aliases = vec!["SUB Göttingen".into()];
        goettingen.website = Some("https://WWW.sub.uni-goettingen.de/start".to_owned());
        assert_eq!(
            goettingen.search_text(),
            "gottingen state and university library | sub gottingen | sub.uni-goettingen.de"
        );
    }

    #[test]
    fn a_membership_holds_from_its_first_day_through_its_last() {
        let mut library = institution("Library");
        library.periods = vec![
            Period { kind: Membership::Founding, since: None, until: Some(day("2017-12-31")) },
            Period { kind: Membership::Full, since: Some(day("2018-01-01")), until: Some(day("2020-06-30")) },
        ];
        assert_eq!(library.membership_on(day("2010-01-01")), Some(Membership::Founding));
        assert_eq!(library.membership_on(day("2017-12-31")), Some(Membership::Founding));
        assert_eq!(library.membership_on(day("2018-01-01")), Some(Membership::Full));
        assert_eq!(library.membership_on(day("2020-06-30")), Some(Membership::Full));
        assert_eq!(library.membership_on(day("2020-07-01")), None);
    }

    #[test]
    fn the_community_has_no_standing_and_no_seat() {
        assert_eq!(Membership::Community.standing(), None);
        assert!(!Membership::Community.is_member());
        let seated: Vec<_> = Membership::ALL.iter().filter(|kind| kind.may_hold_seat()).collect();
        assert_eq!(seated, [&Membership::CoreFounding, &Membership::Founding, &Membership::Full]);
    }

    #[test]
    fn one_site_is_recognised_in_every_spelling() {
        assert_eq!(site("http://www.bl.uk"), site("https://WWW.BL.uk/"));
        assert_ne!(site("https://textgrid.de/en/"), site("https://textgrid.de/"));
    }
}
