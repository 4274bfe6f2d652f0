//! The words a new letter starts with, drafted from the request in the language that was chosen; they stand in
//! `templates/letter/words/`. Staff edit them before anything is issued.
//! The parts stand in the order a panel reads them: the support and its exact object, who writes, why this project,
//! what it undertakes, what the Consortium does, and how far the support goes (funders.md, "The letter").
//! What applicants wrote is quoted as theirs; the Consortium's own sentences promise nothing it was not asked for.

use askama::Template;
use chrono::NaiveDate;

use crate::members::institution::Membership;
use crate::refusal::Fault;
use crate::workflow::letter::house::wording::{Placeholder, fill};
use crate::workflow::letter::language::Language;
use crate::workflow::letter::prose::literal;
use crate::workflow::letter::text::{self, Addressee, Subject, line};
use crate::workflow::request::answers::LetterKind;
use crate::workflow::request::fields::Field;
use crate::workflow::request::raw::RawForm;

/// Words quoted from one answer: enough for what is specific, short enough for a letter of one page.
const QUOTED_WORDS: usize = 35;

/// What a draft is made from; all texts as the applicant wrote them, empty where there is nothing to say.
#[derive(Debug, Clone, Default)]
pub struct Facts {
    /// The language the letter is written in.
    pub language: Language,
    /// What the letter binds the Consortium to; support when nothing else was asked.
    pub kind: Option<LetterKind>,
    /// The project's title.
    pub title: String,
    /// The institution that applies.
    pub institution: String,
    /// Its membership on the day of the letter, if it has one.
    pub standing: Option<Membership>,
    /// The principal investigator.
    pub investigator: String,
    /// The funder.
    pub funder: String,
    /// The funder's programme.
    pub programme: String,
    /// The number or name of the call.
    pub call: String,
    /// Who reads the letter at the funder, by name or office.
    pub addressee: String,
    /// The addressee's postal address, one line per row.
    pub address: String,
    /// What the project does.
    pub summary: String,
    /// How the project relates to IIIF.
    pub relevance: String,
    /// What it adds to IIIF.
    pub enrichment: String,
    /// How the grantees take part in the community.
    pub participation: String,
    /// What the applicant would like the Consortium to say or do.
    pub points: String,
    /// The day of the committee's decision.
    pub decided_on: Option<NaiveDate>,
}

impl Facts {
    /// The facts in a request's form. The institution's name and standing, and the day of the decision, come from
    /// elsewhere.
    pub fn of(form: &RawForm) -> Self {
        let get = |field| form.get(field).to_owned();
        let title = form.get(Field::AddresseeTitle).trim();
        let address = form.get(Field::AddresseeAddress);
        Self {
            language: Language::default(),
            kind: form.get(Field::LetterKind).parse().ok(),
            title: get(Field::Title),
            institution: get(Field::InstitutionName),
            standing: None,
            investigator: get(Field::PiName),
            funder: get(Field::Funder),
            programme: get(Field::Programme),
            call: get(Field::CallNumber),
            addressee: get(Field::AddresseeName),
            address: if title.is_empty() { address.to_owned() } else { format!("{title}\n{address}") },
            summary: get(Field::Summary),
            relevance: get(Field::Relevance),
            enrichment: get(Field::Enrichment),
            participation: get(Field::Participation),
            points: get(Field::Points),
            decided_on: None,
        }
    }

    /// To whom a new letter goes: the addressee that was given, else the panel of the programme.
    pub fn addressee(&self) -> Addressee {
        let name = line(&self.addressee);
        let fixed = self.language.fixed();
        let salutation = match name.as_str() {
            "" => fixed.salutation.0.to_owned(),
            name if is_body(name) => fixed.salutation.1.to_owned(),
            name => format!("{}{name}", fixed.dear),
        };
        let first = if name.is_empty() { "Review panel".to_owned() } else { name };
        let mut lines = vec![first];
        let address = text::lines(&self.address);
        let around = if address.is_empty() { vec![line(&self.programme), line(&self.funder)] } else { address };
        for row in around {
            if !lines.contains(&row) {
                lines.push(row);
            }
        }
        lines.retain(|row| !row.is_empty());
        Addressee { lines, salutation }
    }

    /// What a new letter is about.
    pub fn subject(&self) -> Subject {
        let particulars = [
            (Subject::APPLICANT, &self.institution),
            (Subject::INVESTIGATOR, &self.investigator),
            ("Programme", &self.programme),
            ("Call", &self.call),
        ];
        let particulars = particulars.into_iter().map(|(label, value)| (label.to_owned(), line(value)));
        Subject { title: line(&self.title), particulars: particulars.filter(|(_, value)| !value.is_empty()).collect() }
    }

    /// The paragraphs of a new letter, in the words that the program brings along.
    ///
    /// # Errors
    /// A fault when the words cannot be put together.
    pub fn paragraphs(&self) -> Result<Vec<String>, Fault> {
        self.words().set()
    }

    /// The paragraphs of a new letter, in the staff's `own` words where there are such.
    ///
    /// # Errors
    /// A fault when the words cannot be put together.
    pub fn paragraphs_of(&self, own: Option<&str>) -> Result<Vec<String>, Fault> {
        let words = self.words();
        match own {
            Some(own) => Ok(text::paragraphs(&fill(own, |place| words.of(place)))),
            None => words.set(),
        }
    }

    /// Made-up facts, to show what a letter looks like.
    pub fn sample() -> Self {
        Self {
            title: "Scrolls in Motion".to_owned(),
            institution: "Example University Library".to_owned(),
            standing: Some(Membership::Full),
            investigator: "Dr Noor Jansen".to_owned(),
            funder: "National Heritage Fund".to_owned(),
            programme: "Shared Collections".to_owned(),
            summary: "We will photograph 912 painted handscrolls and publish them with transcriptions.".to_owned(),
            relevance: "Every scroll will be delivered through the Image and Presentation APIs.".to_owned(),
            enrichment: "About 14,000 images will be free for anyone to use.".to_owned(),
            participation: "Two of us will attend the community calls.".to_owned(),
            points: "Two webinars for the project\u{2019}s partners in its second year.".to_owned(),
            decided_on: NaiveDate::from_ymd_opt(2026, 2, 24),
            ..Self::default()
        }
    }

    fn words(&self) -> Words {
        // What others wrote stands as they wrote it: a star of theirs emphasises nothing.
        let name = |text: &str| literal(&line(text));
        let quoted = |answer: &str| literal(&excerpt(answer, QUOTED_WORDS));
        let funding = [name(&self.funder), name(&self.programme)].into_iter().filter(|name| !name.is_empty());
        Words {
            language: self.language,
            is_collaboration: self.kind == Some(LetterKind::Collaboration),
            is_commitment: self.kind == Some(LetterKind::Commitment),
            title: name(&self.title),
            institution: name(&self.institution),
            standing: self.standing.map_or("", |kind| self.language.standing(kind)).to_owned(),
            funder: name(&self.funder),
            funding: funding.collect::<Vec<_>>().join(", "),
            investigator: name(&self.investigator),
            decided: self.decided_on.map(|day| self.language.day(day)).unwrap_or_default(),
            summary: quoted(&self.summary),
            relevance: quoted(&self.relevance),
            enrichment: quoted(&self.enrichment),
            participation: quoted(&self.participation),
            points: literal(&text::paragraphs(&self.points).join("\n")),
        }
    }
}

/// The words that the program brings along for letters of this kind and language, with every placeholder in its place:
/// what staff begin with when they write their own.
///
/// # Errors
/// A fault when the words cannot be put together.
pub fn bundled_words(kind: LetterKind, language: Language) -> Result<String, Fault> {
    let words = Words {
        language,
        is_collaboration: kind == LetterKind::Collaboration,
        is_commitment: kind == LetterKind::Commitment,
        title: Placeholder::Title.written(),
        institution: Placeholder::Institution.written(),
        standing: Placeholder::Standing.written(),
        funder: Placeholder::Funder.written(),
        funding: Placeholder::Funding.written(),
        investigator: Placeholder::Investigator.written(),
        decided: Placeholder::Decided.written(),
        summary: Placeholder::Summary.written(),
        relevance: Placeholder::Relevance.written(),
        enrichment: Placeholder::Enrichment.written(),
        participation: Placeholder::Participation.written(),
        points: Placeholder::Points.written(),
    };
    Ok(words.set()?.join("\n\n"))
}

#[derive(Template)]
#[template(path = "letter/words/words.txt", escape = "none")]
struct Words {
    language: Language,
    is_collaboration: bool,
    is_commitment: bool,
    title: String,
    institution: String,
    standing: String,
    funder: String,
    /// Funder and programme.
    funding: String,
    investigator: String,
    /// The day of the decision; empty when it is not known.
    decided: String,
    summary: String,
    relevance: String,
    enrichment: String,
    participation: String,
    points: String,
}

impl Words {
    /// The paragraphs.
    fn set(&self) -> Result<Vec<String>, Fault> {
        let words = self.render().map_err(|error| Fault::because("the words of a new letter", error))?;
        Ok(text::paragraphs(&words))
    }

    /// What is filled in for a placeholder.
    fn of(&self, place: Placeholder) -> &str {
        match place {
            Placeholder::Title => &self.title,
            Placeholder::Institution => &self.institution,
            Placeholder::Standing => &self.standing,
            Placeholder::Investigator => &self.investigator,
            Placeholder::Funder => &self.funder,
            Placeholder::Funding => &self.funding,
            Placeholder::Decided => &self.decided,
            Placeholder::Summary => &self.summary,
            Placeholder::Relevance => &self.relevance,
            Placeholder::Enrichment => &self.enrichment,
            Placeholder::Participation => &self.participation,
            Placeholder::Points => &self.points,
        }
    }

    /// `value`, or where there is none a `blank` to fill in.
    #[allow(clippy::unused_self, reason = "templates call functions as methods")]
    fn or<'v>(&self, value: &'v str, blank: &'v str) -> &'v str {
        if value.is_empty() { blank } else { value }
    }
}

/// The first whole sentences of `answer` within `most` words; a first sentence that is longer is cut and says so.
fn excerpt(answer: &str, most: usize) -> String {
    let flat = text::paragraphs(answer).join(" ").replace(['\u{201c}', '\u{201d}', '"'], "\u{2019}");
    let words: Vec<&str> = flat.split_whitespace().collect();
    if words.len() <= most {
        return words.join(" ");
    }
    let head: Vec<&str> = words.into_iter().take(most).collect();
    let sentence_end = head.iter().rposition(|word| word.ends_with(['.', '!', '?', '\u{3002}']));
    match sentence_end {
        Some(end) => head.into_iter().take(end + 1).collect::<Vec<_>>().join(" "),
        None => format!("{} \u{2026}", head.join(" ")),
    }
}

/// Whether the addressee is an office or a panel and not a person.
fn is_body(name: &str) -> bool {
    const BODIES: [&str; 11] = [
        "panel",
        "committee",
        "office",
        "board",
        "council",
        "programme",
        "program",
        "foundation",
        "division",
        "department",
        "team",
    ];
    name.split(|letter: char| !letter.is_alphanumeric()).any(|word| BODIES.contains(&word.to_lowercase().as_str()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::workflow::letter::house::wording;

    fn facts() -> Facts {
        Facts {
            title: "Scrolls in Motion".into(),
            institution: "Example University".into(),
            standing: Some(Membership::Full),
            investigator: "Dr Noor Jansen".into(),
            funder: "National Heritage Fund".into(),
            programme: "Shared Collections".into(),
            summary: "We will photograph 900 painted scrolls. They will be published as IIIF manifests.".into(),
            relevance: "Every scroll is delivered through the Image API.".into(),
            decided_on: NaiveDate::from_ymd_opt(2026, 3, 2),
            ..Facts::default()
        }
    }

    #[test]
    fn the_first_paragraph_names_the_project_the_standing_the_programme_and_the_decision() {
        let paragraphs = facts().paragraphs().unwrap();
        assert!(paragraphs[0].starts_with(
            "On behalf of the IIIF Consortium I am writing in support of \u{201c}Scrolls in Motion\u{201d}, which Example University, \
             a Full Member of the IIIF Consortium, proposes for funding (National Heritage Fund, Shared Collections), with \
             Dr Noor Jansen as principal investigator."
        ));
        assert!(paragraphs[0].ends_with("decided on 2 March 2026 to endorse it."));
    }

    #[test]
    fn an_institution_that_is_no_member_is_given_no_standing() {
        let text = Facts { standing: None, ..facts() }.paragraphs().unwrap().join(" ");
        assert!(text.contains("Example University proposes"));
        assert!(!text.contains("Member of the IIIF Consortium"));
    }

    #[test]
    fn the_applicants_words_are_quoted_as_theirs_in_whole_sentences() {
        let long = "This is the first sentence. ".to_owned() + &"And a second one that goes on ".repeat(20);
        assert_eq!(excerpt(&long, 45), "This is the first sentence.");
        assert_eq!(excerpt(&"word ".repeat(60), 3), "word word word \u{2026}");
        assert!(facts().paragraphs().unwrap()[2].contains("\u{201c}We will photograph 900 painted scrolls."));
    }

    #[test]
    fn a_draft_leaves_room_for_one_page() {
        let answer = "The project does one certain thing for many people in several places every day. ".repeat(6);
        let full = Facts {
            summary: answer.clone(),
            relevance: answer.clone(),
            enrichment: answer.clone(),
            participation: answer,
            ..facts()
        };
        let words: usize = full.paragraphs().unwrap().iter().map(|text| text.split_whitespace().count()).sum();
        assert!((250..=400).contains(&words), "{words} words");
    }

    #[test]
    fn only_a_letter_of_commitment_promises_what_was_asked_for() {
        let points = "Two webinars in 2027.".to_owned();
        let support = Facts { points: points.clone(), ..facts() };
        assert!(!support.paragraphs().unwrap().join(" ").contains("webinars"));
        let commitment = Facts { kind: Some(LetterKind::Commitment), points, ..facts() };
        assert!(commitment.paragraphs().unwrap().join(" ").contains("Two webinars in 2027."));
    }

    #[test]
    fn a_letter_of_collaboration_is_one_sentence() {
        let paragraphs = Facts { kind: Some(LetterKind::Collaboration), ..facts() }.paragraphs().unwrap();
        assert_eq!(paragraphs.len(), 1);
        assert!(paragraphs[0].contains("is selected for funding by National Heritage Fund"));
    }

    #[test]
    fn without_an_addressee_the_letter_goes_to_the_review_panel() {
        let addressee = facts().addressee();
        assert_eq!(addressee.lines, ["Review panel", "Shared Collections", "National Heritage Fund"]);
        assert_eq!(addressee.salutation, "Dear members of the review panel");
    }

    #[test]
    fn a_person_is_greeted_by_name_and_an_office_is_not() {
        let to = |name: &str| Facts { addressee: name.into(), ..facts() }.addressee().salutation;
        assert_eq!(to("Dr Ada Okafor"), "Dear Dr Ada Okafor");
        assert_eq!(to("Grants Office"), "Dear Sir or Madam");
    }

    #[test]
    fn the_words_that_staff_begin_with_make_the_letter_that_the_program_would_make() {
        for language in Language::ALL.iter().copied() {
            for kind in LetterKind::ALL.iter().copied() {
                let own = bundled_words(kind, language).unwrap();
                assert_eq!(wording::read(kind, &own).as_ref(), Ok(&own), "{language} {kind}");
                let facts = Facts { kind: Some(kind), language, ..Facts::sample() };
                let paragraphs = facts.paragraphs_of(Some(&own)).unwrap();
                assert_eq!(paragraphs, facts.paragraphs().unwrap(), "{language} {kind}");
            }
        }
    }

    #[test]
    fn a_letter_is_drafted_in_every_language_for_every_kind() {
        for language in Language::ALL.iter().copied() {
            for kind in LetterKind::ALL.iter().copied() {
                let facts = Facts { language, kind: Some(kind), ..facts() };
                let text = facts.paragraphs().unwrap().join("\n\n");
                for fact in ["Scrolls in Motion", "National Heritage Fund", "Dr Noor Jansen"] {
                    assert!(text.contains(fact), "{language} {kind}: {fact} is not in {text}");
                }
                if kind != LetterKind::Collaboration {
                    assert!(text.contains(language.standing(Membership::Full)), "{language} {kind}: {text}");
                    assert!(text.contains(&language.day(facts.decided_on.unwrap())), "{language} {kind}: {text}");
                }
                assert!(!text.contains("{{") && !text.contains("  "), "{language} {kind}: {text}");
            }
        }
    }
}
