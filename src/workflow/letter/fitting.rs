//! A letter held against its funder's rules, one by one: what is known, what the letter has, and whether the two go
//! together. What a program cannot tell, a person looks at; what is not known stays unknown.

use chrono::{Months, NaiveDate};

use crate::funders::intake::{self, Verdict};
use crate::funders::profile::{Fact, Item, Kind, Profile, Route, Size, Test};
use crate::funders::words;
use crate::members::institution::folded;
use crate::plain;
use crate::refusal::FieldErrors;
use crate::workflow::letter::said;
use crate::workflow::letter::text::{LetterText, Paper};
use crate::workflow::phrase::counted;

/// The size of the letter's text, and that of its smallest print, in points.
const TYPE_PT: (f64, f64) = (11.0, 8.0);
/// The narrowest margin of the letter, in millimetres: where its text has room, and where it is set closely.
const MARGIN_MM: (f64, f64) = (15.0, 12.0);
/// The typeface of the letter.
const TYPEFACE: &str = "Libertinus Serif";
/// The longest file name that every portal takes without cutting it (funders.md, "Grants.gov").
const SURE_NAME: usize = 36;

/// How a rule and the letter go together. What stands first needs attention first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fit {
    /// They do not.
    Misfit,
    /// A person looks.
    Look,
    /// They do.
    Fits,
    /// The rule is not known.
    Unknown,
}

impl Fit {
    /// What a page says of it.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Misfit => "Does not fit",
            Self::Look => "Look yourself",
            Self::Fits => "Fits",
            Self::Unknown => "Not known",
        }
    }

    /// The tone of its badge.
    pub const fn tone(self) -> &'static str {
        match self {
            Self::Misfit => "bad",
            Self::Look => "warn",
            Self::Fits => "good",
            Self::Unknown => "",
        }
    }
}

/// One rule, held against the letter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Check {
    /// What it is about.
    pub what: &'static str,
    /// What the funder wants; empty when it is not known.
    pub known: String,
    /// What the letter has.
    pub has: String,
    /// How the two go together.
    pub fit: Fit,
}

/// The letter as far as rules ask about it.
#[derive(Debug, Clone, Copy)]
pub struct Letter<'a> {
    /// What it says.
    pub text: &'a LetterText,
    /// How many pages it has; `None` while it cannot be set.
    pub pages: Option<usize>,
    /// The size of its file in bytes.
    pub bytes: usize,
    /// What kind of letter was asked for.
    pub kind: Option<Kind>,
    /// Who leads the project.
    pub investigator: &'a str,
    /// The day of the funder's deadline.
    pub deadline: Option<NaiveDate>,
    /// What its file is called.
    pub file_name: &'a str,
}

/// Every rule of `profile` held against `letter`; what needs attention first stands first.
pub fn checks(profile: &Profile, letter: &Letter<'_>) -> Vec<Check> {
    let mut checks = form(profile, letter);
    checks.extend(sheet(profile, letter));
    checks.extend(file(profile, letter));
    checks.extend(content(profile, letter));
    checks.sort_by_key(|check| check.fit);
    checks
}

fn check(what: &'static str, known: impl Into<String>, has: impl Into<String>, fit: Fit) -> Check {
    Check { what, known: words::capital(&known.into()), has: has.into(), fit }
}

/// A rule of which a program can tell whether it is kept; unknown when it is not known.
fn told<T>(
    what: &'static str,
    rule: &Fact<T>,
    has: String,
    known: impl Fn(&T) -> String,
    fit: impl Fn(&T) -> Fit,
) -> Check {
    match rule {
        Fact::Known(rule) => check(what, known(rule), has, fit(rule)),
        Fact::Unknown => check(what, "", has, Fit::Unknown),
    }
}

const fn fits_if(fits: bool) -> Fit {
    if fits { Fit::Fits } else { Fit::Misfit }
}

/// Length, date, kind.
fn form(profile: &Profile, letter: &Letter<'_>) -> Vec<Check> {
    let (text, most) = (letter.text, |most: &usize| format!("At most {most}"));
    let pages = letter.pages.map_or("Not set yet".to_owned(), |pages| pages.to_string());
    let has_pages = |most: &usize| letter.pages.map_or(Fit::Look, |pages| fits_if(pages <= *most));
    let words = text.words();
    vec![
        kind(profile, letter),
        told("Pages", &profile.most_pages, pages, most, has_pages),
        told("Words", &profile.most_words, words.to_string(), most, |most| fits_if(words <= *most)),
        age(profile, letter),
        told("Date", &profile.dated, plain::day(text.date).to_string(), |_| "Needed".to_owned(), |_| Fit::Fits),
    ]
}

fn kind(profile: &Profile, letter: &Letter<'_>) -> Check {
    let known = profile.kinds.known().map(|kinds| words::kinds(kinds)).unwrap_or_default();
    let (what, has) = ("Kind of letter", letter.kind.map_or("not said", Kind::words));
    match letter.kind.map(|kind| intake::verdict(profile, kind, letter.text.date)) {
        Some(Verdict::Fits) => check(what, known, has, Fit::Fits),
        Some(Verdict::Doubtful(why) | Verdict::Refused(why)) => check(what, why, has, Fit::Misfit),
        Some(Verdict::Unknown) | None => check(what, known, has, Fit::Unknown),
    }
}

/// The letter is dated before the deadline and is not too old then.
fn age(profile: &Profile, letter: &Letter<'_>) -> Check {
    let date = letter.text.date;
    let Some(deadline) = letter.deadline else {
        return check("Age of the letter", "", "the day of the deadline is not known", Fit::Unknown);
    };
    let has = format!("dated {}; the deadline is {}", plain::day(date), plain::day(deadline));
    let in_time = date <= deadline;
    let by = |months: u32| date.checked_add_months(Months::new(months)).is_some_and(|last| deadline <= last);
    match &profile.oldest_months {
        _ if !in_time => check("Age of the letter", "Dated by the deadline", has, Fit::Misfit),
        Fact::Known(months) => {
            let known = format!("At most {} at the deadline", counted(*months, "month"));
            check("Age of the letter", known, has, fits_if(by(*months)))
        }
        Fact::Unknown => check("Age of the letter", "", has, Fit::Unknown),
    }
}

/// Paper and print.
fn sheet(profile: &Profile, letter: &Letter<'_>) -> Vec<Check> {
    let paper = letter.text.paper;
    let same = |size: &Size| matches!((size, paper), (Size::A4, Paper::A4) | (Size::UsLetter, Paper::UsLetter));
    let larger = |size: &Size| format!("No larger than {}", size.words());
    let print = format!("{} point; letterhead and small print down to {}", TYPE_PT.0, TYPE_PT.1);
    let type_fits = |least: &f64| match *least {
        least if least <= TYPE_PT.1 => Fit::Fits,
        least if least <= TYPE_PT.0 => Fit::Look,
        _ => Fit::Misfit,
    };
    let margins = format!("at least {} mm, or {} mm where the text is set closely", MARGIN_MM.0, MARGIN_MM.1);
    let margin_fits = |least: &f64| match *least {
        least if least <= MARGIN_MM.1 => Fit::Fits,
        least if least <= MARGIN_MM.0 => Fit::Look,
        _ => Fit::Misfit,
    };
    let signed = &letter.text.signed_by;
    let signature = [&profile.signature_taken, &profile.signature_refused].map(|fact| fact.known().cloned());
    let mut checks = vec![
        told("Paper", &profile.paper, paper.label().to_owned(), larger, |size| fits_if(same(size))),
        told("Size of type", &profile.smallest_type_pt, print, |least| format!("At least {least} point"), type_fits),
        told("Typeface", &profile.typeface, TYPEFACE.to_owned(), String::clone, |_| Fit::Look),
        told("Margins", &profile.margin_mm, margins, |least| format!("At least {least} mm"), margin_fits),
        told("Letterhead", &profile.letterhead, "it has one".to_owned(), |_| "Needed".to_owned(), |_| Fit::Fits),
    ];
    if profile.signed.known().is_some() || signature.iter().any(Option::is_some) {
        let [taken, refused] = signature;
        let refused = refused.map(|refused| format!("not: {refused}"));
        let known: Vec<String> = taken.into_iter().chain(refused).collect();
        let known = if known.is_empty() { "Needed".to_owned() } else { known.join("; ") };
        checks.push(check("Signature", known, format!("the printed name {}", signed.name), Fit::Look));
    }
    let signer = format!("{}, {}", signed.name, signed.capacity);
    let look = |what, rule: &Fact<String>, has: String| rule.known().map(|known| check(what, known, has, Fit::Look));
    checks.extend(look("Who signs", &profile.signer, signer));
    checks.extend(look("Addressee", &profile.addressee, letter.text.addressee.lines.join(", ")));
    checks.extend(look("Prescribed text", &profile.fixed_text, "its own text".to_owned()));
    checks.extend(profile.language.known().map(|known| {
        let own = letter.text.language.name();
        let fit = match known.contains(own) {
            true if known.starts_with(own) => Fit::Fits,
            // Another language first, or a translation beside it: a person decides.
            true => Fit::Look,
            false if known.contains("translation") => Fit::Look,
            false => Fit::Misfit,
        };
        check("Language", known, own, fit)
    }));
    checks
}

/// The file: its name, size and inner parts.
fn file(profile: &Profile, letter: &Letter<'_>) -> Vec<Check> {
    let footer = letter.pages.is_some_and(|pages| pages > 1);
    let headers = if footer { "a footer with number and page" } else { "none; the letterhead is part of the page" };
    let allowed = |are: &bool| if *are { "Allowed" } else { "Not allowed" }.to_owned();
    let megabytes = letter.bytes.div_ceil(1024 * 1024);
    let links = match letter.text.links() {
        0 => "none; addresses are printed as text".to_owned(),
        1 => "the address for checking the letter can be followed".to_owned(),
        links => format!("{links} addresses can be followed"),
    };
    let mut checks = vec![
        name(profile, letter.file_name),
        told(
            "Kind of file",
            &profile.file_types,
            "PDF".to_owned(),
            |types| types.join(", ").to_uppercase(),
            |types| fits_if(types.iter().any(|kind| kind == "pdf")),
        ),
        told(
            "Size of the file",
            &profile.most_megabytes,
            format!("{} kB", letter.bytes.div_ceil(1024)),
            |most| format!("At most {most} MB"),
            |most| fits_if(megabytes <= *most),
        ),
        told("Links", &profile.links, links, allowed, |may| fits_if(*may || letter.text.links() == 0)),
        told("Page headers and footers", &profile.headers, headers.to_owned(), allowed, |may| fits_if(*may || !footer)),
    ];
    checks.extend(profile.flat.known().map(|_| {
        check("Form fields and annotations", "None: the file is flat", "see the file that goes out", Fit::Look)
    }));
    checks.extend(profile.encryption.known().map(|may| check("Encryption", allowed(may), "none", Fit::Fits)));
    let portal = |route: &Route| match route {
        Route::Upload => None,
        Route::WriterPortal => Some("We fill in the funder’s form ourselves; this letter is not uploaded"),
        Route::WithPartnerForm => Some("It goes with a form that we fill in as the partner"),
    };
    checks.extend(
        profile.route.known().and_then(portal).map(|known| check("How it is sent", known, "a file", Fit::Look)),
    );
    checks
}

fn name(profile: &Profile, name: &str) -> Check {
    let mut known = Vec::new();
    known.extend(profile.file_name_form.known().map(|form| form.replace("{surname}", "surname")));
    known.extend(profile.file_name_set.known().map(|_| "plain letters, digits, hyphens and underscores".to_owned()));
    known.extend(profile.file_name_most.known().map(|most| format!("at most {most} characters")));
    if known.is_empty() {
        return check("Name of the file", "", name, Fit::Unknown);
    }
    let short = profile.file_name_most.known().is_none_or(|most| name.chars().count() <= *most);
    let formed = profile.file_name_form.known().is_none_or(|form| {
        form.split_once("{surname}").is_none_or(|(before, after)| name.starts_with(before) && name.ends_with(after))
    });
    check("Name of the file", known.join("; "), name, fits_if(short && formed && is_plain_name(name)))
}

/// Whether a file's name is one that every known portal takes: plain letters and digits, hyphens, underscores, single
/// spaces, and `.pdf` (funders.md).
pub fn is_plain_name(name: &str) -> bool {
    let Some(stem) = name.strip_suffix(".pdf") else { return false };
    stem.split(' ')
        .all(|word| !word.is_empty() && word.bytes().all(|c| c.is_ascii_alphanumeric() || b"-_".contains(&c)))
        && stem.starts_with(|first: char| first.is_ascii_alphanumeric())
}

/// What the letter's file is called: as the funder prescribes, else by `usual`, the Consortium's own way.
pub fn file_name(profile: Option<&Profile>, investigator: &str, usual: String) -> String {
    let form = profile.and_then(|profile| profile.file_name_form.known());
    let name = folded(investigator);
    let surname: String =
        name.split(' ').next_back().unwrap_or_default().chars().filter(char::is_ascii_alphanumeric).collect();
    match form.and_then(|form| form.split_once("{surname}")) {
        Some((before, after)) if !surname.is_empty() => {
            let room = SURE_NAME.saturating_sub(before.len() + after.len());
            format!("{before}{}{after}", surname.chars().take(room).collect::<String>())
        }
        _ => usual,
    }
}

/// What it says.
fn content(profile: &Profile, letter: &Letter<'_>) -> Vec<Check> {
    let body = said::Body::of(&letter.text.paragraphs, &letter.text.subject.title);
    let must = profile.must_say.iter().map(|item| must_say(item, &body, letter));
    let must_not = profile.must_not_say.iter().map(|item| must_not_say(item, &body));
    let mut checks: Vec<Check> = must.chain(must_not).collect();
    if profile.must_not_say.iter().any(|item| item.test == Some(Test::OneSentence)) {
        // Nobody can edit the limitation out (policy.md), and the funder has no room for it: a person decides.
        checks.push(check(
            "Limitation of endorsement",
            "No place for anything beyond the one sentence",
            "a heading “Letter of support”, the limitation of endorsement, and the code for checking, as in every letter",
            Fit::Misfit,
        ));
    }
    checks
}

fn must_say(item: &Item, body: &said::Body, letter: &Letter<'_>) -> Check {
    let found = |is: bool| if is { ("the text says it", Fit::Fits) } else { ("the text does not say it", Fit::Misfit) };
    let (has, fit) = match item.test {
        Some(Test::PiName) => found(body.has(letter.investigator)),
        Some(Test::Title) => found(body.has(&letter.text.subject.title)),
        Some(Test::IfSelected) => found(body.is_conditional()),
        Some(Test::Intent) => found(body.has_any(&["intent", "intend", "intends"])),
        Some(Test::Pointer) => found(body.has_any(&["project description", "facilities"])),
        Some(Test::Commitment) if body.commits() => ("the text promises something; see that it is concrete", Fit::Look),
        Some(Test::Commitment) => ("the text promises nothing", Fit::Misfit),
        _ => ("see the text", Fit::Look),
    };
    check("What it must say", &item.what, has, fit)
}

fn must_not_say(item: &Item, body: &said::Body) -> Check {
    let found = |words: Vec<&str>| match words.as_slice() {
        [] => ("the text does not".to_owned(), Fit::Fits),
        words => (format!("the text says: {}", words.join(", ")), Fit::Misfit),
    };
    let (has, fit) = match item.test {
        Some(Test::NoPraise) => found(body.praise()),
        Some(Test::NoRecommendation) => found(body.recommendation()),
        Some(Test::OneSentence) => {
            let sentences = body.sentences();
            (counted(u32::try_from(sentences).unwrap_or(u32::MAX), "sentence"), fits_if(sentences == 1))
        }
        _ => ("see the text".to_owned(), Fit::Look),
    };
    check("What it must not say", &item.what, has, fit)
}

/// What staff confirm: that they held the letter against the text of the call, and why it goes out although something
/// does not fit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Typed<'a> {
    /// Whether the box was ticked.
    pub ticked: bool,
    /// The reason to go on.
    pub reason: &'a str,
}

/// The form's fields.
pub mod fields {
    /// The letter was held against the call.
    pub const CALL_CHECKED: &str = "call_checked";
    /// Why it goes out although something does not fit.
    pub const REASON: &str = "call_reason";
}

/// The longest reason, in characters.
const REASON_MOST: usize = 1_000;

/// The reason to go on, empty where none is needed: nothing of `checks` is a misfit.
///
/// # Errors
/// Every field that is wrong.
pub fn read(checks: &[Check], typed: Typed<'_>) -> Result<String, FieldErrors> {
    let mut errors = FieldErrors::default();
    if !typed.ticked {
        errors.add(fields::CALL_CHECKED, "Hold the letter against the text of the call, then tick this box.");
    }
    let misfit = checks.iter().any(|check| check.fit == Fit::Misfit);
    let reason = match plain::text(typed.reason, REASON_MOST) {
        Ok(reason) if misfit => reason,
        Err(plain::Flaw::Empty) if misfit => {
            errors
                .add(fields::REASON, "Something does not fit. Say why the letter goes out all the same, or change it.");
            String::new()
        }
        Err(flaw) if misfit => {
            errors.add(fields::REASON, flaw.sentence("the reason"));
            String::new()
        }
        _ => String::new(),
    };
    errors.unless_any(reason)
}

#[cfg(test)]
#[path = "fitting_tests.rs"]
mod tests;
