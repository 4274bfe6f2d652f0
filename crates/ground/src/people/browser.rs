//! The browser that asks: what it calls itself, in the two words people know it by ("Firefox on Linux"), and the mark by
//! which a browser that has signed in before is known again. Neither gives any power.

use crate::people::token::{TokenKey, digest};

/// Marks in a User-Agent header and the name they stand for. The first that is found counts, so the browsers that
/// carry another one's mark come before it.
const BROWSERS: &[(&str, &str)] = &[
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("Vivaldi/", "Vivaldi"),
    ("Firefox/", "Firefox"),
    ("FxiOS/", "Firefox"),
    ("CriOS/", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
];

/// The same for systems.
const SYSTEMS: &[(&str, &str)] = &[
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("CrOS", "ChromeOS"),
    ("Macintosh", "macOS"),
    ("Linux", "Linux"),
];

/// The browser and the system that a User-Agent header names. The answer holds nothing of the header itself.
pub fn family(user_agent: &str) -> String {
    let named = |list: &'static [(&str, &'static str)]| {
        list.iter().find(|(mark, _)| user_agent.contains(mark)).map(|(_, name)| *name)
    };
    match (named(BROWSERS), named(SYSTEMS)) {
        (Some(browser), Some(system)) => format!("{browser} on {system}"),
        (Some(one), None) => one.to_owned(),
        (None, Some(system)) => format!("a browser on {system}"),
        (None, None) => "an unknown browser".to_owned(),
    }
}

/// The mark a browser gets when it has signed in to `address`; `random` tells it from other browsers.
pub fn known_mark(key: &TokenKey, address: &str, random: &str) -> String {
    format!("{random}.{}", key.fingerprint("known-browser", &format!("{random}|{address}")))
}

/// Whether a browser with this mark has signed in to `address` before.
pub fn is_known(key: &TokenKey, address: &str, mark: &str) -> bool {
    // The digests are compared, so the time taken tells nothing about the mark.
    mark.split_once('.').is_some_and(|(random, _)| digest(&known_mark(key, address, random)) == digest(mark))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mark_is_good_for_its_address_only() {
        let key = TokenKey::new([7; 32]);
        let mark = known_mark(&key, "a@uni.example", "random");
        assert!(is_known(&key, "a@uni.example", &mark));
        for (address, mark) in
            [("b@uni.example", mark.as_str()), ("a@uni.example", "random"), ("a@uni.example", "random.00")]
        {
            assert!(!is_known(&key, address, mark));
        }
    }

    #[test]
    fn common_browsers_are_named_as_people_know_them() {
        let cases = [
            ("Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0", "Firefox on Linux"),
            (
                "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36 Edg/142.0.0.0",
                "Edge on Windows",
            ),
            (
                "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.6 Safari/605.1.15",
                "Safari on macOS",
            ),
            (
                "Mozilla/5.0 (iPhone; CPU iPhone OS 18_7 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) CriOS/142.0 Mobile/15E148 Safari/604.1",
                "Chrome on iPhone",
            ),
            (
                "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Mobile Safari/537.36",
                "Chrome on Android",
            ),
        ];
        for (header, name) in cases {
            assert_eq!(family(header), name);
        }
    }

    #[test]
    fn nothing_that_was_sent_comes_back() {
        assert_eq!(family("<script>alert(1)</script>\r\nX: y"), "an unknown browser");
    }
}
