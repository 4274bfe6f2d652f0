//! The words a new letter starts with, drafted from the request. Staff edit them before anything is issued.
//! The parts stand in the order a panel reads them: the support and its exact object, who writes, why this project,
//! what it undertakes, what the Consortium does, and how far the support goes (funders.md, "The letter").
//! What applicants wrote is quoted as theirs; the Consortium's own sentences promise nothing it was not asked for.

use chrono::NaiveDate;

use crate::plain;
use crate::workflow::letter::text::{self, Addressee, Subject, line};
use crate::workflow::request::answers::LetterKind;
use crate::workflow::request::fields::Field;
use crate::workflow::request::raw::RawForm;

/// Words quoted from one answer: enough for what is specific, short enough for a letter of one page.
const QUOTED_WORDS: usize = 35;

/// What a draft is made from; all texts as the applicant wrote them, empty where there is nothing to say.
#[derive(Debug, Clone, Default)]
pub struct Facts {
    /// What the letter binds the Consortium to; support when nothing else was asked.
    pub kind: Option<LetterKind>,
    /// The project's title.
    pub title: String,
    /// The institution that applies.
    pub institution: String,
    /// Its standing in words, "a Full Member of the IIIF Consortium"; empty for one that is not a member.
    pub standing: String,
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
            kind: form.get(Field::LetterKind).parse().ok(),
            title: get(Field::Title),
            institution: get(Field::InstitutionName),
            standing: String::new(),
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
        let salutation = match name.as_str() {
            "" => "Dear members of the review panel".to_owned(),
            name if is_body(name) => "Dear Sir or Madam".to_owned(),
            name => format!("Dear {name}"),
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

    /// The paragraphs of a new letter.
    pub fn paragraphs(&self) -> Vec<String> {
        if self.kind == Some(LetterKind::Collaboration) {
            return vec![self.intent()];
        }
        let own_part = if self.kind == Some(LetterKind::Commitment) { self.commitment() } else { OPEN_DOOR.to_owned() };
        let drafted =
            [self.support(), WRITER.to_owned(), self.reasons(), self.legacy(), UNDERTAKING.to_owned(), own_part];
        drafted.into_iter().chain([CLOSE.to_owned()]).filter(|paragraph| !paragraph.is_empty()).collect()
    }

    fn support(&self) -> String {
        let title = line(&self.title);
        let proposer = match (line(&self.institution).as_str(), line(&self.standing).as_str()) {
            ("", _) => "the applicants propose".to_owned(),
            (institution, "") => format!("{institution} proposes"),
            (institution, standing) => format!("{institution}, {standing}, proposes"),
        };
        let funding =
            [line(&self.funder), line(&self.programme)].map(Some).map(|name| name.filter(|name| !name.is_empty()));
        let funding = funding.into_iter().flatten().collect::<Vec<_>>().join(", ");
        let target = if funding.is_empty() { String::new() } else { format!(" for funding ({funding})") };
        let lead = match line(&self.investigator).as_str() {
            "" => String::new(),
            name => format!(", with {name} as principal investigator"),
        };
        let decided = self.decided_on.map(|day| format!(" on {}", plain::day(day))).unwrap_or_default();
        format!(
            "On behalf of the IIIF Consortium I am writing in support of \u{201c}{title}\u{201d}, which {proposer}{target}{lead}. \
             The Consortium\u{2019}s Executive Committee examined the proposal against the six expectations of its published policy \
             and decided{decided} to endorse it."
        )
    }

    fn reasons(&self) -> String {
        quoting(&[
            ("The proposal describes its purpose in these words:", &self.summary),
            ("Its bearing on IIIF is direct:", &self.relevance),
        ])
    }

    fn legacy(&self) -> String {
        quoting(&[
            ("What it will leave for others is specific:", &self.enrichment),
            ("The applicants will also take part in the community\u{2019}s work:", &self.participation),
        ])
    }

    fn commitment(&self) -> String {
        match text::paragraphs(&self.points).join("\n").as_str() {
            "" => "If the project is funded, the Consortium will contribute [what, how much, and by when].".to_owned(),
            points => format!("If the project is funded, the Consortium will contribute as follows.\n{points}"),
        }
    }

    fn intent(&self) -> String {
        let or =
            |value: &str, blank: &str| Some(line(value)).filter(|text| !text.is_empty()).unwrap_or(blank.to_owned());
        format!(
            "If the proposal submitted by {} entitled \u{201c}{}\u{201d} is selected for funding by {}, it is the intent of \
             the IIIF Consortium to collaborate and/or commit resources as detailed in the Project Description or the \
             Facilities, Equipment and Other Resources section of the proposal.",
            or(&self.investigator, "[principal investigator]"),
            line(&self.title),
            or(&self.funder, "[funder]"),
        )
    }
}

const WRITER: &str = "IIIF, the International Image Interoperability Framework, is a family of open standards with which \
    libraries, archives, museums and universities publish images and audiovisual material, so that anyone can view, compare, \
    cite and annotate them wherever they are held. The Consortium sustains these specifications and the community that \
    writes them.";

const UNDERTAKING: &str = "The applicants have undertaken that software within the scope of the specifications will comply \
    with them as written, and that they will work through the community\u{2019}s open processes. The requirements for any \
    extension will be discussed in its regular channels first, so that the result serves every implementer.";

const OPEN_DOOR: &str = "If the project is funded, the Consortium offers it the community\u{2019}s calls and groups for \
    testing plans and presenting results, and will make finished work known to its members. This letter commits no funds and \
    no staff time.";

const CLOSE: &str = "Our endorsement concerns the proposal as described to us; should its scope change materially, we ask to \
    be told. I will gladly answer questions about it.";

/// Sentences that each introduce a quotation; those with nothing to quote are left out.
fn quoting(parts: &[(&str, &str)]) -> String {
    let quoted = parts.iter().filter_map(|(introduction, answer)| {
        let words = excerpt(answer, QUOTED_WORDS);
        (!words.is_empty()).then(|| format!("{introduction} \u{201c}{words}\u{201d}"))
    });
    quoted.collect::<Vec<_>>().join(" ")
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

    fn facts() -> Facts {
        Facts {
            title: "Scrolls in Motion".into(),
            institution: "Example University".into(),
            standing: "a Full Member of the IIIF Consortium".into(),
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
        let paragraphs = facts().paragraphs();
        assert!(paragraphs[0].starts_with(
            "On behalf of the IIIF Consortium I am writing in support of \u{201c}Scrolls in Motion\u{201d}, which Example University, \
             a Full Member of the IIIF Consortium, proposes for funding (National Heritage Fund, Shared Collections), with \
             Dr Noor Jansen as principal investigator."
        ));
        assert!(paragraphs[0].ends_with("decided on 2 March 2026 to endorse it."));
    }

    #[test]
    fn an_institution_that_is_no_member_is_given_no_standing() {
        let text = Facts { standing: String::new(), ..facts() }.paragraphs().join(" ");
        assert!(text.contains("Example University proposes"));
        assert!(!text.contains("Member of the IIIF Consortium"));
    }

    #[test]
    fn the_applicants_words_are_quoted_as_theirs_in_whole_sentences() {
        let long = "This is the first sentence. ".to_owned() + &"And a second one that goes on ".repeat(20);
        assert_eq!(excerpt(&long, 45), "This is the first sentence.");
        assert_eq!(excerpt(&"word ".repeat(60), 3), "word word word \u{2026}");
        assert!(facts().paragraphs()[2].contains("\u{201c}We will photograph 900 painted scrolls."));
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
        let words: usize = full.paragraphs().iter().map(|text| text.split_whitespace().count()).sum();
        assert!((250..=400).contains(&words), "{words} words");
    }

    #[test]
    fn only_a_letter_of_commitment_promises_what_was_asked_for() {
        let points = "Two webinars in 2027.".to_owned();
        let support = Facts { points: points.clone(), ..facts() };
        assert!(!support.paragraphs().join(" ").contains("webinars"));
        let commitment = Facts { kind: Some(LetterKind::Commitment), points, ..facts() };
        assert!(commitment.paragraphs().join(" ").contains("Two webinars in 2027."));
    }

    #[test]
    fn a_letter_of_collaboration_is_one_sentence() {
        let paragraphs = Facts { kind: Some(LetterKind::Collaboration), ..facts() }.paragraphs();
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
}
