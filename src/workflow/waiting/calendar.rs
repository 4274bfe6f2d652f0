//! What waits as a calendar that other programs read (RFC 5545). A calendar lies with whoever runs the program, so it
//! names a request by its reference and says nothing of what it is about.

use std::fmt::Write as _;

use super::duty::Waits;
use crate::clock::Instant;
use crate::moment::Site;
use crate::workday::day_in_words;

/// How long a line may be, in bytes without its end (RFC 5545, 3.1).
const LINE: usize = 75;
/// How often a calendar should look again; Outlook and Apple's calendar follow it (RFC 7986, 5.7).
const REFRESH: &str = "PT6H";

/// The calendar of what waits at `now`, as the file a program fetches.
pub fn calendar(waits: &[Waits], site: &Site, now: Instant) -> String {
    let mut lines = vec![
        "BEGIN:VCALENDAR".to_owned(),
        "VERSION:2.0".to_owned(),
        format!("PRODID:-//{}//Letters of support//EN", escaped(&site.mail_domain)),
        "CALSCALE:GREGORIAN".to_owned(),
        "METHOD:PUBLISH".to_owned(),
        "NAME:Letters of support".to_owned(),
        "X-WR-CALNAME:Letters of support".to_owned(),
        format!("REFRESH-INTERVAL;VALUE=DURATION:{REFRESH}"),
        format!("X-PUBLISHED-TTL:{REFRESH}"),
    ];
    for one in waits {
        let link = site.link(&format!("/requests/{}/review", one.request));
        lines.extend([
            "BEGIN:VEVENT".to_owned(),
            // The same thing keeps its name when its time changes, so that the program moves it.
            format!("UID:{}-{}-{}@{}", one.request, one.seat, kind(one), escaped(&site.mail_domain)),
            format!("DTSTAMP:{}", now.format("%Y%m%dT%H%M%SZ")),
            // A whole day, which lasts one day without being told so.
            format!("DTSTART;VALUE=DATE:{}", one.day.format("%Y%m%d")),
            format!("SUMMARY:{}", escaped(&format!("{}: {}", one.reference, one.duty.task()))),
            format!(
                "DESCRIPTION:{}",
                escaped(&format!(
                    "For the seat of {}, by the end of {}.\n{link}",
                    one.institution,
                    day_in_words(one.day)
                ))
            ),
            format!("URL:{link}"),
            "TRANSP:TRANSPARENT".to_owned(),
            "CLASS:PRIVATE".to_owned(),
            "END:VEVENT".to_owned(),
        ]);
    }
    lines.push("END:VCALENDAR".to_owned());
    lines.iter().map(|line| folded(line)).collect()
}

/// A declaration and the review after it are one thing in a calendar.
const fn kind(waits: &Waits) -> &'static str {
    match waits.duty {
        super::duty::Duty::Vote => "vote",
        super::duty::Duty::Declare | super::duty::Duty::Review => "review",
    }
}

/// A text as a value (RFC 5545, 3.3.11).
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\\' | ';' | ',' => escaped.extend(['\\', c]),
            '\n' => escaped.push_str("\\n"),
            c if c.is_control() => {}
            c => escaped.push(c),
        }
    }
    escaped
}

/// A line with its end, cut into pieces that other programs can take; never within a character (RFC 5545, 3.1).
fn folded(line: &str) -> String {
    let mut folded = String::with_capacity(line.len() + 2);
    let mut used = 0;
    for c in line.chars() {
        if used + c.len_utf8() > LINE {
            folded.push_str("\r\n ");
            used = 1;
        }
        used += c.len_utf8();
        let _ = folded.write_char(c);
    }
    folded.push_str("\r\n");
    folded
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::duty::Duty;
    use super::*;
    use crate::ids::{RequestId, SeatId};

    fn site() -> Site {
        Site {
            public_url: "https://letters.example".into(),
            mail_domain: "letters.example".into(),
            contact: "staff@letters.example".into(),
        }
    }

    fn waits(institution: &str, duty: Duty) -> Waits {
        Waits {
            request: RequestId::fresh(),
            reference: "LOS-2026-0007".into(),
            title: "A secret title".into(),
            duty,
            due: "2026-03-12T23:00:00Z".parse().unwrap(),
            day: "2026-03-12".parse().unwrap(),
            is_late: false,
            seat: SeatId::fresh(),
            institution: institution.into(),
        }
    }

    /// The calendar as a program reads it: unfolded, value by value.
    fn read(calendar: &str) -> Vec<(String, String)> {
        let unfolded = calendar.replace("\r\n ", "");
        let unescaped = |value: &str| {
            let mut out = String::new();
            let mut chars = value.chars();
            while let Some(c) = chars.next() {
                match c {
                    '\\' => match chars.next() {
                        Some('n') => out.push('\n'),
                        Some(other) => out.push(other),
                        None => {}
                    },
                    other => out.push(other),
                }
            }
            out
        };
        let lines = unfolded.split("\r\n").filter(|line| !line.is_empty());
        lines
            .map(|line| line.split_once(':').map(|(name, value)| (name.to_owned(), unescaped(value))).unwrap())
            .collect()
    }

    fn value<'v>(read: &'v [(String, String)], name: &str) -> &'v str {
        read.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value)
    }

    #[test]
    fn a_thing_that_waits_is_an_event_of_the_last_day_to_do_it() {
        let one = waits("British Library", Duty::Review);
        let read = read(&calendar(std::slice::from_ref(&one), &site(), "2026-03-02T09:00:00Z".parse().unwrap()));
        assert_eq!(value(&read, "SUMMARY"), "LOS-2026-0007: Review");
        assert_eq!(value(&read, "DTSTART;VALUE=DATE"), "20260312");
        let link = format!("https://letters.example/requests/{}/review", one.request);
        let words = format!("For the seat of British Library, by the end of Thursday 12 March 2026.\n{link}");
        assert_eq!((value(&read, "DESCRIPTION"), value(&read, "URL")), (words.as_str(), link.as_str()));
    }

    #[test]
    fn what_a_request_is_about_stays_out_of_calendars() {
        let text = calendar(&[waits("British Library", Duty::Vote)], &site(), Instant::UNIX_EPOCH);
        assert!(!text.contains("secret"), "{text}");
    }

    #[test]
    fn an_event_keeps_its_name_when_the_declaration_is_made() {
        let before = waits("British Library", Duty::Declare);
        let after = Waits { duty: Duty::Review, ..before.clone() };
        let uid = |one: Waits| value(&read(&calendar(&[one], &site(), Instant::UNIX_EPOCH)), "UID").to_owned();
        assert_eq!(uid(before.clone()), uid(after));
        assert_ne!(uid(before.clone()), uid(Waits { duty: Duty::Vote, ..before }));
    }

    proptest! {
        #[test]
        fn any_name_comes_through_whole_and_every_line_is_short(name in "\\PC{0,200}") {
            let one = waits(&name, Duty::Review);
            let text = calendar(&[one], &site(), Instant::UNIX_EPOCH);
            prop_assert!(text.split("\r\n").all(|line| line.len() <= LINE));
            prop_assert!(!text.replace("\r\n", "").contains(['\r', '\n']));
            let read = read(&text);
            let words = format!("For the seat of {name}, by the end");
            prop_assert!(value(&read, "DESCRIPTION").starts_with(&words));
        }
    }
}
