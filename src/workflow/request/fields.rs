//! Every field of the request form in one table: the page, the check of answers, the error messages and the help all
//! read it. The checks themselves are in `form.rs`.

use crate::policy::expectations::Expectation;
use crate::worded;

worded! {
    /// A part of the form, with a page of its own.
    pub enum Section {
        /// Who asks.
        About = "about-you",
        /// To whom the proposal goes, and by when.
        Funder = "funder",
        /// What it is about.
        Project = "project",
        /// How it meets the expectations.
        Expectations = "expectations",
        /// What letter is wanted.
        Letter = "letter",
        /// Who else signs the proposal.
        CoSigners = "co-signers",
        /// Files that help; it has no fields.
        Attachments = "attachments",
        /// The last look before sending.
        Send = "check",
    }
}

impl Section {
    /// The parts that are filled in, in order.
    pub const FILLED: [Self; 6] =
        [Self::About, Self::Funder, Self::Project, Self::Expectations, Self::Letter, Self::CoSigners];
    /// All that comes before [`Section::Send`], which a question can reopen.
    pub const BEFORE_SENDING: [Self; 7] = [
        Self::About,
        Self::Funder,
        Self::Project,
        Self::Expectations,
        Self::Letter,
        Self::CoSigners,
        Self::Attachments,
    ];

    /// The section's heading.
    pub const fn title(self) -> &'static str {
        match self {
            Self::About => "About you",
            Self::Funder => "Funder and programme",
            Self::Project => "Project",
            Self::Expectations => "How the project meets the expectations",
            Self::Letter => "The letter",
            Self::CoSigners => "Co-signers",
            Self::Attachments => "Attachments",
            Self::Send => "Check your answers and send",
        }
    }

    /// One sentence on what to have at hand.
    pub const fn intro(self) -> &'static str {
        match self {
            Self::About => "Who is asking, who leads the project, and for which institution.",
            Self::Funder => "You find most of this in the text of the call.",
            Self::Project => "What the committee needs to know, and what the letter will name.",
            Self::Expectations => {
                "The committee judges every proposal by these six. Answer each in your own words. Where one does not \
                 apply, write “Not applicable because”, and why."
            }
            Self::Letter => "What the funder wants to see, and what we might say.",
            Self::CoSigners => "Others who sign the proposal with you. None is needed.",
            Self::Attachments => "Files that help the committee and whoever writes the letter. None is needed.",
            Self::Send => "Nothing is sent before you press the button at the end.",
        }
    }

    /// The section's fields, in the order of the form.
    pub fn fields(self) -> impl Iterator<Item = Field> {
        Field::ALL.iter().copied().filter(move |field| field.spec().section == self)
    }

    /// The section that follows on "Save and continue".
    pub fn next(self) -> Self {
        let mut after = Self::ALL.iter().copied().skip_while(move |section| *section != self).skip(1);
        after.next().unwrap_or(Self::Send)
    }
}

worded! {
    /// A field of the form. The order is the form's.
    pub enum Field {
        /// The applicant's name.
        ApplicantName = "applicant_name",
        /// The applicant's role.
        ApplicantRole = "applicant_role",
        /// Where mail about the request goes.
        ContactEmail = "contact_email",
        /// The principal investigator's name.
        PiName = "pi_name",
        /// The principal investigator's e-mail address.
        PiEmail = "pi_email",
        /// The institution, picked from the list.
        Institution = "institution",
        /// The institution's name, typed when it is not on the list.
        InstitutionName = "institution_name",
        /// The funder's name.
        Funder = "funder",
        /// The programme's name.
        Programme = "programme",
        /// The call's web address.
        CallUrl = "call_url",
        /// The call's number.
        CallNumber = "call_number",
        /// To whom the letter is addressed.
        AddresseeName = "addressee_name",
        /// The addressee's title or office.
        AddresseeTitle = "addressee_title",
        /// The addressee's postal address.
        AddresseeAddress = "addressee_address",
        /// The deadline's date.
        DeadlineDate = "deadline_date",
        /// The deadline's time of day.
        DeadlineTime = "deadline_time",
        /// The deadline's zone.
        DeadlineZone = "deadline_zone",
        /// The day on which the letter is needed.
        NeededBy = "needed_by",
        /// The project's title.
        Title = "title",
        /// The project's summary.
        Summary = "summary",
        /// How much is asked of the funder.
        AmountBand = "amount_band",
        /// In which currency.
        Currency = "currency",
        /// Answer to the expectation of relevance.
        Relevance = "expectation_relevance",
        /// Answer to the expectation of conforming software.
        Conformance = "expectation_conformance",
        /// Answer to the expectation of enriching IIIF.
        Enrichment = "expectation_enrichment",
        /// Answer to the expectation of taking part.
        Participation = "expectation_participation",
        /// Answer to the expectation of community process.
        Process = "expectation_process",
        /// Answer to the expectation of discussing extensions.
        Extensions = "expectation_extensions",
        /// The kind of letter.
        LetterKind = "letter_kind",
        /// The language of the letter.
        LetterLanguage = "letter_language",
        /// What the letter might say.
        Points = "points",
        /// Who signs the proposal besides the applicant, one a line.
        CoSigners = "co_signers",
        /// The applicant knows that the letter may come too late.
        AtRisk = "at_risk_confirmed",
        /// The applicant has looked in the call, where the funder may not take the letter.
        FunderRules = "funder_rules_confirmed",
    }
}

/// What a field takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// One line of at most so many characters.
    Line(usize),
    /// Several lines of at most so many characters, and words where there is a limit.
    Text {
        /// Characters.
        most: usize,
        /// Words.
        words: Option<usize>,
    },
    /// An e-mail address.
    Email,
    /// A web address.
    WebAddress,
    /// A day.
    Date,
    /// A time of day.
    Time,
    /// A time zone.
    Zone,
    /// An institution from the list.
    Institution,
    /// A band of money.
    AmountBand,
    /// A currency.
    Currency,
    /// A kind of letter.
    LetterKind,
    /// A language that letters are written in.
    Language,
    /// People with their institutions, one a line.
    CoSigners,
    /// A confirmation.
    Tick,
}

/// All that is to say about a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Spec {
    /// Where it stands.
    pub section: Section,
    /// What the page calls it.
    pub label: &'static str,
    /// What a sentence calls it: "Enter *your name*".
    pub what: &'static str,
    /// What helps to fill it in; empty where nothing needs saying.
    pub hint: &'static str,
    /// What it takes.
    pub kind: Kind,
    /// Whether it may stay empty.
    pub optional: bool,
    /// The browser's autocomplete token (HTML standard, "Autofill").
    pub autocomplete: Option<&'static str>,
}

/// The longest web address taken.
pub const WEB_ADDRESS_MOST: usize = 500;
/// The most words in a summary.
pub const SUMMARY_WORDS: usize = 300;
/// The longest list of co-signers, in characters.
pub const CO_SIGNERS_MOST: usize = 2_000;
/// Shorter answers to an expectation say nothing.
pub const ANSWER_LEAST: usize = 20;

const fn asked(section: Section, label: &'static str, what: &'static str, kind: Kind) -> Spec {
    Spec { section, label, what, hint: "", kind, optional: false, autocomplete: None }
}

impl Spec {
    const fn hint(mut self, hint: &'static str) -> Self {
        self.hint = hint;
        self
    }

    const fn optional(mut self) -> Self {
        self.optional = true;
        self
    }

    const fn autocomplete(mut self, token: &'static str) -> Self {
        self.autocomplete = Some(token);
        self
    }
}

impl Field {
    /// Whether a new request can begin with what an earlier one has there. Days, and what was confirmed, hold for one
    /// request alone.
    pub fn is_reusable(self) -> bool {
        let is_day = matches!(self, Self::DeadlineDate | Self::DeadlineTime | Self::DeadlineZone | Self::NeededBy);
        !is_day && self.spec().section != Section::Send
    }

    /// The field that answers `expectation`.
    pub const fn answering(expectation: Expectation) -> Self {
        match expectation {
            Expectation::Relevance => Self::Relevance,
            Expectation::Conformance => Self::Conformance,
            Expectation::Enrichment => Self::Enrichment,
            Expectation::Participation => Self::Participation,
            Expectation::Process => Self::Process,
            Expectation::Extensions => Self::Extensions,
        }
    }

    /// The expectation that the field answers, if it is one of those.
    pub fn expectation(self) -> Option<Expectation> {
        Expectation::ALL.iter().copied().find(|expectation| Self::answering(*expectation) == self)
    }

    /// All that is to say about the field.
    pub const fn spec(self) -> Spec {
        match self {
            Self::ApplicantName
            | Self::ApplicantRole
            | Self::ContactEmail
            | Self::PiName
            | Self::PiEmail
            | Self::Institution
            | Self::InstitutionName => self.about_you(),
            Self::Title | Self::Summary | Self::AmountBand | Self::Currency => self.project(),
            Self::Relevance => answer(Expectation::Relevance),
            Self::Conformance => answer(Expectation::Conformance),
            Self::Enrichment => answer(Expectation::Enrichment),
            Self::Participation => answer(Expectation::Participation),
            Self::Process => answer(Expectation::Process),
            Self::Extensions => answer(Expectation::Extensions),
            Self::LetterKind => asked(Section::Letter, "Kind of letter", "the kind of letter", Kind::LetterKind)
                .hint("If the call names a kind, choose that one."),
            Self::LetterLanguage => asked(Section::Letter, "Language of the letter", "the language", Kind::Language)
                .hint("Look in the call. What you wrote is quoted as it is.")
                .optional(),
            Self::Points => {
                let kind = Kind::Text { most: 2_000, words: None };
                asked(Section::Letter, "Points for the letter", "the points for the letter", kind)
                    .hint("Facts that would help: work we have done together, numbers, what the funder asks letters to say. We write the letter in our own words.")
                    .optional()
            }
            Self::CoSigners => asked(
                Section::CoSigners,
                "Who signs the proposal besides you",
                "the list of those who sign",
                Kind::CoSigners,
            )
            .hint("One person a line: the name, a comma, the institution. It helps us to find reviewers without a conflict of interest.")
            .optional(),
            Self::AtRisk => asked(Section::Send, "Time is short", "that time is short", Kind::Tick),
            Self::FunderRules => {
                asked(Section::Send, "What the funder takes", "that the call takes the letter", Kind::Tick)
            }
            _ => self.funder(),
        }
    }

    const fn about_you(self) -> Spec {
        const S: Section = Section::About;
        match self {
            Self::ApplicantName => asked(S, "Your name", "your name", Kind::Line(120)).autocomplete("name"),
            Self::ApplicantRole => asked(S, "Your role", "your role", Kind::Line(120))
                .hint("For example, grants officer or head of digital collections.")
                .autocomplete("organization-title"),
            Self::ContactEmail => asked(S, "Your e-mail address", "your e-mail address", Kind::Email)
                .hint("Where the committee and staff reach you. Our own mails go to the address you sign in with.")
                .autocomplete("email"),
            Self::PiName => asked(S, "Principal investigator", "the principal investigator’s name", Kind::Line(120))
                .hint("Who leads the project. This may be you. The letter names this person."),
            Self::PiEmail => asked(
                S,
                "Principal investigator’s e-mail address",
                "the principal investigator’s e-mail address",
                Kind::Email,
            ),
            Self::Institution => asked(S, "Institution", "your institution", Kind::Institution).hint(
                "Choose the institution that applies for the grant. If it is not on the list, type its name below.",
            ),
            _ => asked(S, "Institution that is not on the list", "the institution’s name", Kind::Line(200))
                .hint("Any institution may ask. It does not have to be a member of the Consortium.")
                .autocomplete("organization"),
        }
    }

    const fn funder(self) -> Spec {
        const S: Section = Section::Funder;
        match self {
            Self::Funder => asked(S, "Funder", "the funder", Kind::Line(200))
                .hint("For example, National Endowment for the Humanities."),
            Self::Programme => asked(S, "Programme", "the programme", Kind::Line(200))
                .hint("For example, Humanities Collections and Reference Resources."),
            Self::CallUrl => asked(S, "Web address of the call", "the web address of the call", Kind::WebAddress)
                .hint("The page on which the funder describes the call. If there is none, give its number instead."),
            Self::CallNumber => asked(S, "Number of the call", "the number of the call", Kind::Line(100))
                .hint("For example, 20260210-PW. Leave it empty when the web address says it all.")
                .optional(),
            Self::AddresseeName => asked(S, "Addressee", "the addressee", Kind::Line(200))
                .hint("To whom the letter is written: a person, or a body such as “Review panel”."),
            Self::AddresseeTitle => asked(S, "Addressee’s title or office", "the addressee’s title", Kind::Line(200))
                .hint("For example, Program Officer, Division of Preservation and Access.")
                .optional(),
            Self::AddresseeAddress => {
                asked(S, "Addressee’s postal address", "the postal address", Kind::Text { most: 500, words: None })
                    .hint("As it should stand on the letter, one line below the other.")
            }
            Self::DeadlineDate => asked(S, "Date of the funder’s deadline", "the date of the deadline", Kind::Date)
                .hint("When your whole application must be with the funder. For example, 3 March 2027."),
            Self::DeadlineTime => asked(S, "Time of the deadline", "the time of the deadline", Kind::Time)
                .hint("On the 24-hour clock, for example 17:00. If the funder names only the day, enter 23:59."),
            Self::DeadlineZone => asked(S, "Time zone of the deadline", "the time zone", Kind::Zone)
                .hint("The clocks that the funder goes by, usually those of its own city."),
            _ => asked(S, "Day on which you need the letter", "the day on which you need the letter", Kind::Date)
                .hint("Leave yourself time to put the application together. For example, 24 February 2027."),
        }
    }

    const fn project(self) -> Spec {
        const S: Section = Section::Project;
        match self {
            Self::Title => asked(S, "Title of the project", "the title of the project", Kind::Line(200))
                .hint("Exactly as in the application. The letter repeats it."),
            Self::Summary => {
                let kind = Kind::Text { most: 3_000, words: Some(SUMMARY_WORDS) };
                asked(S, "Summary", "the summary", kind)
                    .hint("What you will do, for whom, and what will be there at the end.")
            }
            Self::AmountBand => asked(S, "Amount you ask the funder for", "the amount", Kind::AmountBand)
                .hint("Roughly. It helps the committee and does not appear in the letter.")
                .optional(),
            _ => asked(S, "Currency", "the currency", Kind::Currency)
                .hint("The code of three letters, for example EUR, GBP or USD.")
                .optional()
                .autocomplete("transaction-currency"),
        }
    }
}

/// The field that answers an expectation.
const fn answer(expectation: Expectation) -> Spec {
    let kind = Kind::Text { most: 2_000, words: None };
    asked(Section::Expectations, expectation.question(), expectation.title(), kind).hint(expectation.example())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_field_stands_in_its_section_in_the_order_of_the_form() {
        let sections: Vec<Section> = Field::ALL.iter().map(|field| field.spec().section).collect();
        assert!(sections.is_sorted(), "{sections:?}");
        assert_eq!(Section::About.fields().count(), 7);
        assert_eq!(Section::Funder.fields().count(), 11);
        assert_eq!(Section::Project.fields().count(), 4);
        assert_eq!(Section::Expectations.fields().count(), 6);
        assert_eq!(Section::Attachments.fields().count(), 0);
    }

    #[test]
    fn every_expectation_has_its_field() {
        for &expectation in Expectation::ALL {
            assert_eq!(Field::answering(expectation).expectation(), Some(expectation));
            assert_eq!(Field::answering(expectation).as_str(), format!("expectation_{expectation}"));
        }
    }

    #[test]
    fn labels_are_told_apart() {
        let mut labels: Vec<&str> = Field::ALL.iter().map(|field| field.spec().label).collect();
        labels.sort_unstable();
        let all = labels.len();
        labels.dedup();
        assert_eq!(labels.len(), all);
    }

    #[test]
    fn each_section_leads_to_the_next_and_the_last_to_the_check() {
        assert_eq!(Section::About.next(), Section::Funder);
        assert_eq!(Section::Letter.next(), Section::CoSigners);
        assert_eq!(Section::CoSigners.next(), Section::Attachments);
        assert_eq!(Section::Attachments.next(), Section::Send);
        assert_eq!(Section::Send.next(), Section::Send);
    }
}
