//! Whether a letter of the Consortium is the right thing to ask for, from three answers, before anybody fills in a form.
//! It decides nothing: the committee does, on the request itself.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::answers::LetterKind;
use super::fields::Field;
use super::raw::RawForm;
use super::rules::{Band, LeadTime};
use crate::funders::intake::Verdict;
use crate::plain;
use crate::policy::settings::Policy;
use crate::refusal::FieldErrors;
use crate::worded;
use crate::workday::read_date;

worded! {
    /// How a project has to do with IIIF (policy.md, expectation "relevance").
    pub enum Relation {
        /// It makes or uses what is published through IIIF.
        Content = "content",
        /// It makes software, specifications or training for IIIF.
        Making = "making",
        /// Perhaps; its plan does not say.
        Unsure = "unsure",
        /// Not at all.
        Nothing = "nothing",
    }
}

impl Relation {
    /// What the page offers.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Content => "It publishes content through IIIF, or uses such content",
            Self::Making => "It makes software, specifications, data or training for IIIF",
            Self::Unsure => "It may use IIIF, but the plan does not say how",
            Self::Nothing => "It has nothing to do with IIIF",
        }
    }
}

worded! {
    /// What is wanted.
    pub enum Wanted {
        /// A letter of support.
        Support = "support",
        /// A letter of commitment.
        Commitment = "commitment",
        /// A letter of collaboration.
        Collaboration = "collaboration",
        /// Something that the Consortium does not write.
        Other = "other",
    }
}

impl Wanted {
    /// The kind of letter, if it is one of ours.
    pub const fn kind(self) -> Option<LetterKind> {
        match self {
            Self::Support => Some(LetterKind::Support),
            Self::Commitment => Some(LetterKind::Commitment),
            Self::Collaboration => Some(LetterKind::Collaboration),
            Self::Other => None,
        }
    }

    /// What the page offers.
    pub fn label(self) -> &'static str {
        self.kind().map_or("Something else", LetterKind::label)
    }

    /// When to choose it.
    pub fn hint(self) -> &'static str {
        self.kind().map_or("A reference for a person, a letter of a single institution, or money.", LetterKind::hint)
    }
}

/// The names of the form's fields.
pub mod fields {
    /// How the project has to do with IIIF.
    pub const RELATION: &str = "relation";
    /// The funder's deadline.
    pub const DEADLINE: &str = "deadline";
    /// What is wanted.
    pub const WANTED: &str = "wanted";
    /// The funder's name, if it is known.
    pub const FUNDER: &str = "funder";
}

/// The three answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Answers {
    /// How the project has to do with IIIF.
    pub relation: Relation,
    /// The day of the funder's deadline.
    pub deadline: NaiveDate,
    /// What is wanted.
    pub wanted: Wanted,
}

/// Reads the answers.
///
/// # Errors
/// Every field that is wrong.
pub fn read<'f>(typed: impl Fn(&str) -> &'f str) -> Result<Answers, FieldErrors> {
    let mut errors = FieldErrors::default();
    let relation = typed(fields::RELATION).parse().unwrap_or_else(|_| {
        errors.add(fields::RELATION, "Choose what comes nearest to your project.");
        Relation::Unsure
    });
    let deadline = read_date(typed(fields::DEADLINE)).unwrap_or_else(|| {
        errors.add(fields::DEADLINE, "Enter the day of the funder’s deadline, for example 3 March 2027.");
        NaiveDate::default()
    });
    let wanted = typed(fields::WANTED).parse().unwrap_or_else(|_| {
        errors.add(fields::WANTED, "Choose what you need.");
        Wanted::Support
    });
    errors.unless_any(Answers { relation, deadline, wanted })
}

/// The longest name of a funder that is carried on.
const FUNDER_MOST: usize = 200;

/// What of the answers a request begins with: what the form asks too, and no more than can be read.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Carried {
    /// The kind of letter; empty when it is none of ours.
    wanted: String,
    /// The day of the deadline; empty without one.
    deadline: String,
    /// The funder; empty without one.
    funder: String,
}

impl Carried {
    /// What can be carried on of what was typed.
    pub fn of<'f>(typed: impl Fn(&str) -> &'f str) -> Self {
        let wanted = typed(fields::WANTED).parse::<Wanted>().ok().filter(|wanted| wanted.kind().is_some());
        Self {
            wanted: wanted.map(|wanted| wanted.to_string()).unwrap_or_default(),
            deadline: read_date(typed(fields::DEADLINE)).map(|day| day.to_string()).unwrap_or_default(),
            funder: plain::line(typed(fields::FUNDER), FUNDER_MOST).unwrap_or_default(),
        }
    }

    /// Whether there is nothing to carry on.
    pub const fn is_empty(&self) -> bool {
        self.wanted.is_empty() && self.deadline.is_empty() && self.funder.is_empty()
    }

    /// The fields as a form sends them, by name.
    pub fn fields(&self) -> [(&'static str, &str); 3] {
        [(fields::WANTED, &self.wanted), (fields::DEADLINE, &self.deadline), (fields::FUNDER, &self.funder)]
    }

    /// As the form of the request has it.
    pub fn form(&self) -> RawForm {
        let mut form = RawForm::default();
        if let Some(kind) = self.kind() {
            form.set(Field::LetterKind, kind.as_str());
        }
        form.set(Field::DeadlineDate, self.deadline.as_str());
        form.set(Field::Funder, self.funder.as_str());
        form
    }

    /// What is carried on, key and value, as people read it.
    pub fn said(&self) -> Vec<(&'static str, String)> {
        let day = read_date(&self.deadline).map(|day| plain::day(day).to_string()).unwrap_or_default();
        let kind = self.kind().map(|kind| kind.label().to_owned()).unwrap_or_default();
        let said = [(Field::LetterKind, kind), (Field::DeadlineDate, day), (Field::Funder, self.funder.clone())];
        said.into_iter().filter(|(_, said)| !said.is_empty()).map(|(field, said)| (field.spec().label, said)).collect()
    }

    fn kind(&self) -> Option<LetterKind> {
        self.wanted.parse::<Wanted>().ok().and_then(Wanted::kind)
    }
}

/// What somebody is advised to do; the later, the worse.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Advice {
    /// Fill in the form.
    GoAhead,
    /// Write to staff first.
    TalkFirst,
    /// Look elsewhere.
    NotOurs,
}

/// The advice and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Judged {
    /// What to do.
    pub advice: Advice,
    /// Why, a sentence or two for each answer that matters.
    pub reasons: Vec<String>,
}

/// Judges the answers on the day `today`, by the policy in force and what is known of the funder.
pub fn judge(answers: Answers, funder: Verdict, policy: &Policy, today: NaiveDate) -> Judged {
    let parts = [relation(answers.relation), time(answers.deadline, policy, today), wanted(answers.wanted), of(funder)];
    let advice = parts.iter().flatten().map(|(advice, _)| *advice).max().unwrap_or(Advice::GoAhead);
    // What stands in the way comes first.
    let mut parts: Vec<_> = parts.into_iter().flatten().collect();
    parts.sort_by_key(|(advice, _)| std::cmp::Reverse(*advice));
    Judged { advice, reasons: parts.into_iter().map(|(_, why)| why).collect() }
}

type Part = Option<(Advice, String)>;

fn relation(relation: Relation) -> Part {
    let (advice, why) = match relation {
        Relation::Content | Relation::Making => (
            Advice::GoAhead,
            "The project has to do with IIIF. The form asks how it meets each of the six expectations.",
        ),
        Relation::Unsure => (
            Advice::TalkFirst,
            "The committee supports proposals that say what they do with IIIF. Talk with the community or with us while \
             you write yours.",
        ),
        Relation::Nothing => (
            Advice::NotOurs,
            "The Consortium supports only proposals that have to do with IIIF and serve its community.",
        ),
    };
    Some((advice, why.to_owned()))
}

fn time(deadline: NaiveDate, policy: &Policy, today: NaiveDate) -> Part {
    let days = deadline.signed_duration_since(today).num_days();
    if days < 0 {
        return Some((Advice::NotOurs, "The deadline has passed. A letter cannot help any more.".to_owned()));
    }
    let lead = LeadTime::of(days, policy);
    let advice = if lead.band == Band::Late { Advice::TalkFirst } else { Advice::GoAhead };
    Some((advice, lead.explanation(policy)))
}

fn wanted(wanted: Wanted) -> Part {
    match wanted {
        Wanted::Support | Wanted::Collaboration => None,
        Wanted::Commitment => Some((
            Advice::TalkFirst,
            "A letter of commitment promises time or resources. Agree with us on what we contribute before you ask for it."
                .to_owned(),
        )),
        Wanted::Other => Some((
            Advice::NotOurs,
            "The Consortium writes only in its own name, and gives no money. Ask the person or the institution whose word \
             you need."
                .to_owned(),
        )),
    }
}

fn of(funder: Verdict) -> Part {
    match funder {
        Verdict::Fits | Verdict::Unknown => None,
        Verdict::Doubtful(why) => Some((Advice::GoAhead, format!("{why} Look in the call before you ask."))),
        Verdict::Refused(why) => Some((Advice::TalkFirst, why)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn judged(relation: Relation, deadline: &str, wanted: Wanted, funder: Verdict) -> Judged {
        let answers = Answers { relation, deadline: day(deadline), wanted };
        judge(answers, funder, &Policy::default(), day("2026-03-02"))
    }

    #[test]
    fn the_worst_answer_decides_and_is_told_first() {
        use Advice::{GoAhead, NotOurs, TalkFirst};
        let refused = || Verdict::Refused("It takes no such letter.".to_owned());
        for (relation, deadline, wanted, funder, advice, first) in [
            (Relation::Content, "2026-03-30", Wanted::Support, Verdict::Unknown, GoAhead, "has to do with IIIF"),
            (Relation::Making, "2026-03-29", Wanted::Collaboration, Verdict::Fits, GoAhead, "has to do with IIIF"),
            (Relation::Content, "2026-03-16", Wanted::Support, Verdict::Fits, GoAhead, "has to do with IIIF"),
            (Relation::Content, "2026-03-15", Wanted::Support, Verdict::Fits, TalkFirst, "in 13 days"),
            (Relation::Content, "2026-03-01", Wanted::Support, Verdict::Fits, NotOurs, "has passed"),
            (Relation::Unsure, "2026-05-01", Wanted::Support, Verdict::Fits, TalkFirst, "say what they do with IIIF"),
            (Relation::Nothing, "2026-03-15", Wanted::Support, Verdict::Fits, NotOurs, "only proposals"),
            (Relation::Content, "2026-05-01", Wanted::Commitment, Verdict::Fits, TalkFirst, "Agree with us"),
            (Relation::Content, "2026-05-01", Wanted::Other, Verdict::Fits, NotOurs, "in its own name"),
            (Relation::Content, "2026-05-01", Wanted::Support, refused(), TalkFirst, "It takes no such letter"),
        ] {
            let judged = judged(relation, deadline, wanted, funder);
            assert_eq!(judged.advice, advice, "{relation} {deadline} {wanted}");
            assert!(judged.reasons[0].contains(first), "{:?}", judged.reasons);
        }
    }

    #[test]
    fn a_deadline_at_risk_says_so_and_is_no_reason_to_stop() {
        let judged = judged(Relation::Content, "2026-03-20", Wanted::Support, Verdict::Unknown);
        assert_eq!(judged.advice, Advice::GoAhead);
        assert!(judged.reasons.iter().any(|why| why.contains("may not be ready in time")), "{:?}", judged.reasons);
    }

    #[test]
    fn what_can_be_read_is_carried_into_the_form_and_nothing_else() {
        let carried = |wanted: &'static str, deadline: &'static str, funder: &'static str| {
            Carried::of(move |name| match name {
                fields::WANTED => wanted,
                fields::DEADLINE => deadline,
                fields::FUNDER => funder,
                _ => "",
            })
        };
        let form = carried("commitment", "3 March 2027", " Example Endowment ").form();
        let filled = [Field::LetterKind, Field::DeadlineDate, Field::Funder].map(|field| form.get(field));
        assert_eq!(filled, ["commitment", "2027-03-03", "Example Endowment"]);
        assert_eq!(carried("commitment", "2027-03-03", "").said().len(), 2);
        for nothing in [carried("other", "31/31/2027", "a\u{202e}b"), carried("", "", "")] {
            assert!(nothing.is_empty() && nothing.said().is_empty(), "{nothing:?}");
        }
        assert!(carried("support", "", &"x".repeat(201).leak()[..]).form().get(Field::Funder).is_empty());
    }

    #[test]
    fn everything_missing_is_named_at_once() {
        let errors = read(|_| "").unwrap_err();
        let named: Vec<_> = errors.iter().map(|error| error.field.as_str()).collect();
        assert_eq!(named, [fields::RELATION, fields::DEADLINE, fields::WANTED]);
    }
}
