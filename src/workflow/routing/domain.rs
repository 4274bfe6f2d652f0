//! Whether two mail or web domains are one organisation's. There is no list of all public suffixes here: what is compared
//! are the endings of a seat's own domain, as far as they are longer than what a registry gives to everybody.

/// Providers that give anybody an address: sharing one says nothing. A short list of the large ones.
const PUBLIC_PROVIDERS: &[&str] = &[
    "126.com",
    "163.com",
    "aol.com",
    "fastmail.com",
    "gmail.com",
    "gmx.at",
    "gmx.ch",
    "gmx.com",
    "gmx.de",
    "gmx.net",
    "googlemail.com",
    "hotmail.co.uk",
    "hotmail.com",
    "hotmail.fr",
    "hotmail.it",
    "icloud.com",
    "laposte.net",
    "libero.it",
    "live.com",
    "mac.com",
    "mail.com",
    "mail.ru",
    "me.com",
    "msn.com",
    "orange.fr",
    "outlook.com",
    "pm.me",
    "posteo.de",
    "proton.me",
    "protonmail.com",
    "qq.com",
    "t-online.de",
    "wanadoo.fr",
    "web.de",
    "yahoo.co.jp",
    "yahoo.co.uk",
    "yahoo.com",
    "yahoo.de",
    "yahoo.fr",
    "yandex.ru",
];

/// Where anybody can have a website below a shared name.
const SHARED_HOSTS: &[&str] = &[
    "blogspot.com",
    "github.io",
    "gitlab.io",
    "google.com",
    "herokuapp.com",
    "netlify.app",
    "onmicrosoft.com",
    "pages.dev",
    "readthedocs.io",
    "sharepoint.com",
    "squarespace.com",
    "vercel.app",
    "weebly.com",
    "wixsite.com",
    "wordpress.com",
];

/// What registries put before a country's ending, as in `ac.uk` or `edu.au`, and sell names below. One that is missing
/// here makes a suggestion too many, which a person dismisses.
const BEFORE_COUNTRY: &[&str] = &[
    "ac", "ad", "art", "asn", "asso", "biz", "co", "com", "conf", "ed", "edu", "gc", "gen", "go", "gob", "gouv", "gov",
    "govt", "gub", "gv", "id", "info", "jus", "k12", "lg", "ltd", "mil", "mod", "museum", "name", "ne", "net", "nhs",
    "nom", "or", "org", "plc", "police", "res", "sch", "school", "univ", "web",
];

/// Whether anybody can be found there, so that it says nothing of an organisation.
pub fn is_everybodys(domain: &str) -> bool {
    PUBLIC_PROVIDERS.iter().chain(SHARED_HOSTS).any(|known| is_within(domain, known))
}

/// Whether `domain` is `whole`, or lies below it. A dot bounds the ending: `myuni.example` is not within `uni.example`.
pub fn is_within(domain: &str, whole: &str) -> bool {
    domain.strip_suffix(whole).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
}

/// The part of `own`, an organisation's domain, that `other` has too: the longest ending of `own` in which both lie and
/// which can be one organisation's. `None` for a provider's or a host's.
pub fn shared<'d>(own: &'d str, other: &str) -> Option<&'d str> {
    if is_everybodys(own) || is_everybodys(other) {
        return None;
    }
    let endings = std::iter::successors(Some(own), |ending| ending.split_once('.').map(|(_, rest)| rest));
    endings.into_iter().find(|ending| is_one_organisations(ending) && is_within(other, ending))
}

/// Whether an ending can be one organisation's: not one label alone, and nothing that registries sell names below.
fn is_one_organisations(ending: &str) -> bool {
    match ending.split('.').collect::<Vec<_>>().as_slice() {
        [] | [_] => false,
        [name, country] if country.len() == 2 => !BEFORE_COUNTRY.contains(name),
        labels => labels.iter().all(|label| !label.is_empty()),
    }
}

/// The host of a website without `www.`, in small letters; `None` when there is none.
pub fn host(website: &str) -> Option<String> {
    let rest = website.trim().split_once("://").map_or(website.trim(), |(_, rest)| rest);
    let host = rest.split(['/', '?', '#', ':']).next().unwrap_or_default().to_lowercase();
    let host = host.strip_prefix("www.").unwrap_or(&host);
    (host.contains('.') && !host.starts_with('.')).then(|| host.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::people::address::Address;
    use proptest::prelude::*;

    #[test]
    fn one_organisation_shares_the_longest_ending_of_its_own_domain() {
        for (own, other, shares) in [
            ("uni.example", "uni.example", Some("uni.example")),
            ("uni.example", "lib.uni.example", Some("uni.example")),
            ("lib.uni.example", "uni.example", Some("uni.example")),
            ("lib.uni.example", "maths.uni.example", Some("uni.example")),
            ("bodleian.ox.ac.uk", "history.ox.ac.uk", Some("ox.ac.uk")),
            ("ub.uni-leipzig.de", "uni-leipzig.de", Some("uni-leipzig.de")),
            ("bl.uk", "bl.uk", Some("bl.uk")),
            ("bl.uk", "labs.bl.uk", Some("bl.uk")),
            ("labs.bl.uk", "bl.uk", Some("bl.uk")),
            ("uni.example", "myuni.example", None),
            ("ox.ac.uk", "cam.ac.uk", None),
            ("ox.ac.uk", "ac.uk", None),
            ("ac.uk", "ox.ac.uk", None),
            ("anu.edu.au", "uq.edu.au", None),
            ("one.asso.fr", "two.asso.fr", None),
            ("one.com", "two.com", None),
            ("one.github.io", "two.github.io", None),
            ("gmail.com", "gmail.com", None),
            ("", "", None),
        ] {
            assert_eq!(shared(own, other), shares, "{own} {other}");
        }
    }

    #[test]
    fn a_website_has_a_host() {
        let hosts =
            ["https://www.BL.uk/maps?a=b", "http://lib.uni.example:8080", "uni.example/x", "", "localhost"].map(host);
        let hosts: Vec<Option<&str>> = hosts.iter().map(Option::as_deref).collect();
        assert_eq!(hosts, [Some("bl.uk"), Some("lib.uni.example"), Some("uni.example"), None, None]);
    }

    #[test]
    fn the_lists_are_in_order_and_in_canonical_form() {
        for list in [PUBLIC_PROVIDERS, SHARED_HOSTS, BEFORE_COUNTRY] {
            assert!(list.is_sorted(), "{list:?}");
        }
        for provider in PUBLIC_PROVIDERS {
            let address: Address = format!("a@{provider}").parse().unwrap();
            assert_eq!(address.domain(), *provider);
        }
    }

    proptest! {
        #[test]
        fn what_is_shared_ends_both_at_a_dot_and_is_no_registrys(own in "([a-d]{1,5}\\.){1,4}(uk|com|au)", other in "([a-d]{1,5}\\.){1,4}(uk|com|au)") {
            if let Some(ending) = shared(&own, &other) {
                prop_assert!(is_within(&own, ending) && is_within(&other, ending));
                prop_assert!(ending.contains('.'));
            }
            prop_assert_eq!(shared(&own, &other).is_some(), shared(&other, &own).is_some());
        }

        #[test]
        fn under_a_registry_s_ending_two_names_share_nothing(one in "[a-d]{1,6}", other in "[e-h]{1,6}", ending in prop::sample::select(vec!["ac.uk", "co.jp", "edu.au", "org.uk", "gv.at", "asso.fr", "com", "gmail.com", "github.io"])) {
            let (one, other) = (format!("{one}.{ending}"), format!("{other}.{ending}"));
            prop_assert_eq!(shared(&one, &other), None);
            prop_assert_eq!(shared(&one, ending), None);
        }
    }
}
