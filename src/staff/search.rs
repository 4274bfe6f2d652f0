//! The search of the queue: plain words, and search words such as `stage:review` or `due:<14d` that ask for one thing.

use chrono::{Days, NaiveDate, NaiveTime, TimeDelta};

use super::pile::Pile;
use crate::clock::Instant;
use crate::members::institution::folded;
use crate::worded;
use crate::workflow::request::answers::LetterKind;
use crate::workflow::request::rules::Band;
use crate::workflow::request::span::Span;

/// The most words and search words that count.
const MOST: usize = 12;

worded! {
    /// What a search word asks for.
    pub enum Key {
        /// A part of the queue.
        Stage = "stage",
        /// When the funder's deadline is.
        Due = "due",
        /// When the letter is needed.
        Needed = "needed",
        /// How much time there was when the request was sent.
        Lead = "lead",
        /// The funder.
        Funder = "funder",
        /// The kind of letter.
        Kind = "kind",
        /// Whose turn it is.
        Waiting = "waiting",
        /// What there is about the request.
        Has = "has",
    }
}

impl Key {
    /// Examples of what may follow the colon; the first is the one that the help shows. Of a funder or a seat it is any part
    /// of a name.
    pub const fn values(self) -> &'static [&'static str] {
        match self {
            Self::Stage => &[
                "review",
                "open",
                "held",
                "route",
                "waiting",
                "write",
                "post",
                "issued",
                "declined",
                "withdrawn",
                "all",
            ],
            Self::Due => &["<14d", "<7d", ">30d", "<2027-03-01"],
            Self::Needed => &["<7d", "<14d", ">30d", "<2027-03-01"],
            Self::Lead => &["late", "risk", "normal"],
            Self::Funder => &["neh"],
            Self::Kind => &["commitment", "support", "collaboration"],
            Self::Waiting => &["wales", "applicant"],
            Self::Has => &["conflict", "question"],
        }
    }

    /// What it takes, for whoever has typed something else.
    fn takes(self) -> String {
        match self {
            Self::Funder => "a part of a funder’s name, as in funder:neh".to_owned(),
            Self::Waiting => "a word of a seat’s name, as in waiting:wales, or applicant".to_owned(),
            _ => self.values().join(", "),
        }
    }

    /// What it finds, in words.
    pub const fn finds(self) -> &'static str {
        match self {
            Self::Stage => {
                "what stands there: review, open, held, route, waiting, write, post, issued, declined, withdrawn or all"
            }
            Self::Due => "a deadline within 14 days; later than 30 days with >30d; before a day with <2027-03-01",
            Self::Needed => "a letter that is needed within 7 days; as for due",
            Self::Lead => "how much time there was at sending: late, risk or normal",
            Self::Funder => "a funder by a part of its name, or by an abbreviation we know",
            Self::Kind => "the kind of letter: support, commitment or collaboration",
            Self::Waiting => "a review that is owed by a seat with this word in its name; or waiting:applicant",
            Self::Has => "a conflict of interest that was declared, or has:question for one that is open",
        }
    }
}

/// What completes a search: every search word with what it takes, the seats that may be waited for and the funders by their
/// names, and the institutions as words in quotation marks.
pub fn completions(seats: &[String], funders: &[String], institutions: &[String]) -> Vec<String> {
    let fixed = Key::ALL.iter().flat_map(|key| match key {
        Key::Funder => Vec::new(),
        Key::Waiting => vec![format!("{key}:applicant")],
        _ => key.values().iter().map(|value| format!("{key}:{value}")).collect(),
    });
    let named = |key: Key, names: &[String]| -> Vec<String> {
        names.iter().filter(|name| !name.is_empty()).map(|name| format!("{key}:{}", in_one_word(name, false))).collect()
    };
    let institutions = institutions.iter().filter(|name| !name.is_empty()).map(|name| in_one_word(name, true));
    fixed.chain(named(Key::Waiting, seats)).chain(named(Key::Funder, funders)).chain(institutions).collect()
}

/// A name as one word of a search: in quotation marks where it has blanks, or `always`.
fn in_one_word(name: &str, always: bool) -> String {
    let name = name.replace(['"', '“', '”', '„'], " ");
    if always || name.contains(char::is_whitespace) { format!("\"{}\"", name.trim()) } else { name }
}

/// What is asked for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Search {
    /// Words that must all be found somewhere in a request, in small letters.
    pub words: Vec<String>,
    /// A part of the queue.
    pub stage: Option<Pile>,
    /// When the deadline is (UTC).
    pub due: Span<Instant>,
    /// The day on which the letter is needed.
    pub needed: Span<NaiveDate>,
    /// The lead-time band at sending.
    pub lead: Option<Band>,
    /// Parts of the funder's name, folded.
    pub funder: Vec<String>,
    /// The kind of letter.
    pub kind: Option<LetterKind>,
    /// Parts of the name of a seat that owes a review, folded.
    pub waiting: Vec<String>,
    /// Whether a question to the applicant is open.
    pub has_question: bool,
    /// Whether a seat has a conflict of interest.
    pub has_conflict: bool,
}

/// Reads a search. Words in quotation marks belong together and are no search word.
///
/// # Errors
/// Every search word that is none, each with what is possible instead.
pub fn read(typed: &str, now: Instant) -> Result<Search, Vec<String>> {
    let (mut search, mut faults) = (Search::default(), vec![]);
    for part in parts(typed).into_iter().take(MOST) {
        match part {
            Part::Word(word) => search.words.push(word.to_lowercase()),
            Part::Asks(key, value) => {
                if let Err(fault) = search.ask(&key, value.trim(), now) {
                    faults.push(fault);
                }
            }
        }
    }
    if faults.is_empty() { Ok(search) } else { Err(faults) }
}

impl Search {
    fn ask(&mut self, key: &str, value: &str, now: Instant) -> Result<(), String> {
        let keys = || Key::ALL.iter().map(|key| format!("{key}:")).collect::<Vec<_>>().join(", ");
        let Ok(key) = key.to_lowercase().parse::<Key>() else {
            return Err(format!(
                "“{key}:” is no search word. There are {}. To look for the text, put it in quotation marks.",
                keys()
            ));
        };
        let wrong = || Err(format!("“{key}:{value}” finds nothing. {key}: takes {}.", key.takes()));
        let folded_value = folded(value);
        if folded_value.is_empty() {
            return wrong();
        }
        match key {
            Key::Stage => match pile(&folded_value) {
                Some(pile) => self.stage = Some(pile),
                None => return wrong(),
            },
            Key::Due => match span(value, now.date_naive()) {
                Some(span) => {
                    // So many days are counted from this moment, a day from its midnight.
                    let time = if value.ends_with('d') { now.time() } else { NaiveTime::MIN };
                    let at = |day: NaiveDate| day.and_time(time).and_utc();
                    self.due = self.due.and(Span { after: span.after.map(at), before: span.before.map(at) });
                }
                None => return wrong(),
            },
            Key::Needed => match span(value, now.date_naive()) {
                Some(span) => self.needed = self.needed.and(span),
                None => return wrong(),
            },
            Key::Lead => match Band::ALL.iter().find(|band| band.as_str().contains(&folded_value)) {
                Some(band) => self.lead = Some(*band),
                None => return wrong(),
            },
            Key::Funder => self.funder.push(folded_value),
            Key::Kind => match LetterKind::ALL.iter().find(|kind| kind.as_str().starts_with(&folded_value)) {
                Some(kind) => self.kind = Some(*kind),
                None => return wrong(),
            },
            Key::Waiting if folded_value == "applicant" => self.has_question = true,
            Key::Waiting => self.waiting.push(folded_value),
            Key::Has => match folded_value.as_str() {
                "conflict" => self.has_conflict = true,
                "question" => self.has_question = true,
                _ => return wrong(),
            },
        }
        Ok(())
    }
}

/// A part of what was typed.
enum Part {
    Word(String),
    Asks(String, String),
}

/// Takes apart what was typed: at blanks outside quotation marks, and at the first colon after letters alone.
fn parts(typed: &str) -> Vec<Part> {
    let mut parts = vec![];
    let (mut key, mut text, mut quoted, mut began_quoted) = (None, String::new(), false, false);
    let mut letters = typed.chars().chain([' ']).peekable();
    while let Some(letter) = letters.next() {
        // A web address is a word.
        let opens_address = letters.peek() == Some(&'/');
        match letter {
            '"' | '“' | '”' | '„' => {
                began_quoted |= text.is_empty();
                quoted = !quoted;
            }
            ':' if !quoted && !began_quoted && !opens_address && key.is_none() && is_word(&text) => {
                key = Some(std::mem::take(&mut text))
            }
            blank if blank.is_whitespace() && !quoted => {
                match key.take() {
                    Some(key) => parts.push(Part::Asks(key, std::mem::take(&mut text))),
                    None if !text.is_empty() => parts.push(Part::Word(std::mem::take(&mut text))),
                    None => {}
                }
                began_quoted = false;
            }
            other => text.push(other),
        }
    }
    // A quotation mark that was never closed takes in the rest.
    match key {
        Some(key) => parts.push(Part::Asks(key, text.trim_end().to_owned())),
        None if !text.trim().is_empty() => parts.push(Part::Word(text.trim_end().to_owned())),
        None => {}
    }
    parts
}

fn is_word(text: &str) -> bool {
    !text.is_empty() && text.chars().all(char::is_alphabetic)
}

/// The pile that is called so, or the only one with the word in its name.
fn pile(typed: &str) -> Option<Pile> {
    let spelled = |pile: &Pile| pile.as_str().replace('_', " ");
    let mut fitting = Pile::ALL.iter().filter(|pile| spelled(pile) == typed);
    if let Some(pile) = fitting.next() {
        return Some(*pile);
    }
    let mut fitting = Pile::ALL.iter().filter(|pile| spelled(pile).contains(typed));
    fitting.next().filter(|_| fitting.next().is_none()).copied()
}

/// `<14d`, `>30d`, `<2027-03-01`, `>2027-03-01`, or a day alone. What is later than a day begins after it.
fn span(typed: &str, today: NaiveDate) -> Option<Span<NaiveDate>> {
    let (sign, rest) = match typed.strip_prefix(['<', '>']) {
        Some(rest) => (typed.chars().next()?, rest.strip_prefix('=').unwrap_or(rest)),
        None => ('=', typed),
    };
    let named: Option<NaiveDate> = rest.parse().ok();
    let counted = || rest.strip_suffix('d')?.parse::<u16>().ok();
    let day = match named {
        Some(day) => day,
        None => today.checked_add_days(Days::new(counted()?.into()))?,
    };
    let next = day.checked_add_signed(TimeDelta::days(1))?;
    let before = day.pred_opt()?;
    Some(match (sign, named.is_some()) {
        ('<', _) => Span { after: None, before: Some(day) },
        ('>', true) => Span { after: Some(next), before: None },
        ('>', false) => Span { after: Some(day), before: None },
        (_, true) => Span { after: Some(before), before: Some(next) },
        (_, false) => Span { after: Some(today.pred_opt()?), before: Some(day) },
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const NOW: &str = "2026-11-23T12:00:00Z";

    fn read(typed: &str) -> Result<Search, Vec<String>> {
        super::read(typed, NOW.parse().unwrap())
    }

    fn found(typed: &str) -> Search {
        read(typed).unwrap_or_else(|faults| panic!("{typed}: {faults:?}"))
    }

    fn at(text: &str) -> Option<Instant> {
        Some(text.parse().unwrap())
    }

    #[test]
    fn words_and_search_words_are_told_apart() {
        let search = found("maps stage:review due:<14d funder:neh waiting:wales has:conflict Étude");
        assert_eq!(search.words, ["maps", "étude"]);
        assert_eq!((search.stage, search.has_conflict, search.has_question), (Some(Pile::UnderReview), true, false));
        assert_eq!(search.due, Span { after: None, before: at("2026-12-07T12:00:00Z") });
        assert_eq!((search.funder, search.waiting), (vec!["neh".to_owned()], vec!["wales".to_owned()]));
        assert_eq!(
            found(r#"funder:"Mellon Foundation" "stage:x" https://a.example"#),
            Search {
                funder: vec!["mellon foundation".into()],
                words: vec!["stage:x".into(), "https://a.example".into()],
                ..Search::default()
            }
        );
        assert_eq!(found("waiting:applicant").has_question, found("has:question").has_question);
    }

    #[test]
    fn a_time_is_counted_from_now_or_named_and_the_narrower_of_two_counts() {
        assert_eq!(found("due:>30d").due, Span { after: at("2026-12-23T12:00:00Z"), before: None });
        assert_eq!(found("due:<2026-12-01").due, Span { after: None, before: at("2026-12-01T00:00:00Z") });
        assert_eq!(found("due:<9d due:<14d").due.before, found("due:<9d").due.before);
        let day = |text: &str| Some(text.parse().unwrap());
        assert_eq!(found("needed:2026-12-01").needed, Span { after: day("2026-11-30"), before: day("2026-12-02") });
        assert_eq!(
            found("needed:>7d needed:<14d").needed,
            Span { after: day("2026-11-30"), before: day("2026-12-07") }
        );
    }

    #[test]
    fn what_is_no_search_word_says_what_is_possible() {
        let faults = read("stge:review due:soon lead: has:money stage:w").unwrap_err();
        assert_eq!(faults.len(), 5, "{faults:?}");
        assert!(faults[0].starts_with("“stge:” is no search word. There are stage:, due:, needed:"), "{}", faults[0]);
        assert!(faults[1].contains("due: takes <14d, <7d"), "{}", faults[1]);
    }

    #[test]
    fn what_is_offered_is_what_there_is_and_finds_it() {
        let names = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
        let offered = completions(
            &names(&["Yale", "National Library of Wales"]),
            &names(&["The “Mellon” Fund", ""]),
            &names(&["Example"]),
        );
        for term in [
            "waiting:Yale",
            "waiting:\"National Library of Wales\"",
            "funder:\"The  Mellon  Fund\"",
            "\"Example\"",
            "stage:review",
        ] {
            assert!(offered.iter().any(|one| one == term), "{term}: {offered:?}");
        }
        assert!(!offered.iter().any(|one| one.contains("wales") || one.contains("neh")), "no example is offered");
        assert_eq!(found("waiting:\"National Library of Wales\"").waiting, ["national library of wales"]);
        for term in offered {
            assert_ne!(found(&term), Search::default(), "{term}");
        }
        let told = |typed| read(typed).unwrap_err().remove(0);
        assert!(
            told("waiting:").ends_with("waiting: takes a word of a seat’s name, as in waiting:wales, or applicant.")
        );
        assert!(told("funder:").ends_with("funder: takes a part of a funder’s name, as in funder:neh."));
    }

    #[test]
    fn every_value_that_the_help_names_is_one() {
        for key in Key::ALL {
            for value in key.values() {
                assert_ne!(found(&format!("{key}:{value}")), Search::default(), "{key}:{value}");
            }
        }
    }

    proptest! {
        #[test]
        fn no_typing_breaks_the_search_and_plain_words_stay(typed in ".{0,80}", plain in "[a-z]{1,9}") {
            let _ = read(&typed);
            let _ = read(&format!("due:{typed} needed:<{typed}"));
            prop_assert_eq!(found(&plain).words, vec![plain]);
        }
    }
}
