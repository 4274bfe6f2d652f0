//! A profile in words: what is known, what is not, how well and from when.

use super::profile::{Evidence, Fact, Item, Kind, NameSet, Profile, Route, Size, Stance};

/// One rule of a profile, in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rule {
    /// What it is about.
    pub what: &'static str,
    /// What it says; `None` when it is not known.
    pub says: Option<String>,
}

impl Kind {
    /// The kind in the middle of a sentence.
    pub const fn words(self) -> &'static str {
        match self {
            Self::Support => "a letter of support",
            Self::Commitment => "a letter of commitment",
            Self::Collaboration => "a letter of collaboration",
            Self::HostCommitment => "the host institution’s own commitment",
            Self::OwnEndorsement => "the applying institution’s own endorsement",
            Self::PartnerForm => "a form that the partner fills in",
            Self::OwnerPermission => "a permission of whoever owns the material",
            Self::Recommendation => "a recommendation of a person",
        }
    }
}

impl Size {
    /// What people call it.
    pub const fn words(self) -> &'static str {
        match self {
            Self::A4 => "A4",
            Self::UsLetter => "US Letter",
        }
    }
}

/// Kinds as a list: "a letter of support or a letter of commitment".
pub fn kinds(kinds: &[Kind]) -> String {
    let words: Vec<&str> = kinds.iter().map(|kind| kind.words()).collect();
    listed(&words, "or")
}

/// "A", "A and B", "A, B and C"; `last` stands before the last one.
fn listed<T: AsRef<str>>(words: &[T], last: &str) -> String {
    let words: Vec<&str> = words.iter().map(AsRef::as_ref).collect();
    match words.as_slice() {
        [first @ .., end] if !first.is_empty() => format!("{} {last} {end}", first.join(", ")),
        words => words.concat(),
    }
}

/// The text with a capital letter in front.
pub fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

impl Profile {
    /// Whether the funder takes letters, as a sentence.
    pub const fn stance(&self) -> &'static str {
        match self.taken {
            Fact::Known(Stance::Required) => "A proposal needs letters.",
            Fact::Known(Stance::Allowed) => "Letters may be sent with a proposal.",
            Fact::Known(Stance::Conditional) => "Letters are taken only in some cases.",
            Fact::Known(Stance::NotListed) => "Letters of others are not among the parts of a proposal.",
            Fact::Known(Stance::Prohibited) => "No letters are taken.",
            Fact::Unknown => "Whether letters are taken is not known. The call says.",
        }
    }

    /// How well the profile is known, and from when.
    pub fn basis(&self) -> String {
        let of = self.as_of.map_or("without a date".to_owned(), |date| format!("of {date}"));
        match self.evidence {
            Evidence::Official => format!("From the funder’s own text, {of}."),
            Evidence::OfficialOld => format!("From an older text of the funder’s own, {of}. It may have changed."),
            Evidence::Secondary => format!("From others who repeat the rule, {of}; not from the funder itself."),
            Evidence::Nothing => "Nothing was found about letters.".to_owned(),
        }
    }

    /// Every rule on letters, known or not, in the order in which a writer needs them.
    pub fn rules(&self) -> Vec<Rule> {
        let mut rules = self.rules_of_the_letter();
        rules.extend(self.rules_of_the_file());
        rules
    }

    /// The rules that are known.
    pub fn known(&self) -> Vec<(&'static str, String)> {
        self.rules().into_iter().filter_map(|rule| Some((rule.what, rule.says?))).collect()
    }

    /// What is not known, as a list in a sentence; empty when everything is.
    pub fn not_known(&self) -> String {
        let unknown = self.rules().into_iter().filter(|rule| rule.says.is_none());
        let mut words: Vec<String> = unknown.map(|rule| rule.what.to_owned()).collect();
        for word in words.iter_mut().skip(1) {
            word.replace_range(..1, &word.chars().take(1).collect::<String>().to_lowercase());
        }
        listed(&words, "and")
    }

    fn rules_of_the_letter(&self) -> Vec<Rule> {
        let rule = |what, says: Option<String>| Rule { what, says: says.map(|says| capital(&says)) };
        let must = |does: &bool, yes: &str, no: &str| if *does { yes.to_owned() } else { no.to_owned() };
        vec![
            rule("Kind of letter", self.kinds.known().map(|known| kinds(known))),
            rule("Number of letters", self.most_letters.known().map(|most| format!("At most {most}"))),
            rule("Pages", self.most_pages.known().map(|most| format!("At most {most}"))),
            rule("Words", self.most_words.known().map(|most| format!("At most {most}"))),
            rule("Paper", self.paper.known().map(|size| format!("No larger than {}", size.words()))),
            rule("Size of type", self.smallest_type_pt.known().map(|points| format!("At least {points} point"))),
            rule("Typeface", self.typeface.known().cloned()),
            rule("Margins", self.margin_mm.known().map(|wide| format!("At least {wide} mm"))),
            rule("Letterhead", self.letterhead.known().map(|does| must(does, "Needed", "Not needed"))),
            rule("Date on the letter", self.dated.known().map(|does| must(does, "Needed", "Not needed"))),
            rule("Age of the letter", self.oldest_months.known().map(|most| format!("At most {most} months"))),
            rule("Signature", self.signature()),
            rule("Who signs", self.signer.known().cloned()),
            rule("Addressee", self.addressee.known().cloned()),
            rule("Language", self.language.known().cloned()),
            rule("Prescribed text", self.fixed_text.known().cloned()),
            rule("What it must say", items(&self.must_say)),
            rule("What it must not say", items(&self.must_not_say)),
        ]
    }

    fn rules_of_the_file(&self) -> Vec<Rule> {
        let rule = |what, says: Option<String>| Rule { what, says: says.map(|says| capital(&says)) };
        let taken = |are: &bool| if *are { "Allowed".to_owned() } else { "Not allowed".to_owned() };
        let deadline = self.deadline_time.known().map(|time| match self.deadline_zone.known() {
            Some(zone) => format!("{time}, {}", zone.replace('_', " ")),
            None => time.clone(),
        });
        vec![
            rule("Kind of file", self.file_types.known().map(|types| listed(types, "or").to_uppercase())),
            rule("Size of the file", self.most_megabytes.known().map(|most| format!("At most {most} MB"))),
            rule("Name of the file", self.file_name()),
            rule("Links", self.links.known().map(taken)),
            rule("Page headers and footers", self.headers.known().map(taken)),
            rule(
                "Form fields and annotations",
                self.flat.known().map(|flat| if *flat { "None: the file is flat" } else { "Allowed" }.to_owned()),
            ),
            rule("Encryption", self.encryption.known().map(taken)),
            rule(
                "Several letters",
                self.merged.known().map(|merged| if *merged { "In one file" } else { "Each its own file" }.to_owned()),
            ),
            rule("How it is sent", self.route.known().map(|route| route.words().to_owned())),
            rule("Time of the deadline", deadline),
            rule(
                "Who can read it",
                self.public.known().map(|public| if *public { "Everybody" } else { "The funder" }.to_owned()),
            ),
        ]
    }

    fn signature(&self) -> Option<String> {
        let needed = self.signed.known().map(|does| if *does { "Needed" } else { "Not needed" }.to_owned());
        let taken = self.signature_taken.known().map(|taken| format!("taken: {taken}"));
        let refused = self.signature_refused.known().map(|refused| format!("not taken: {refused}"));
        let said: Vec<String> = [needed, taken, refused].into_iter().flatten().collect();
        if said.is_empty() { None } else { Some(said.join("; ")) }
    }

    fn file_name(&self) -> Option<String> {
        let form = self.file_name_form.known().map(|form| form.replace("{surname}", "surname"));
        let set = self.file_name_set.known().map(|NameSet::Plain| {
            "letters and digits without accents, hyphens, underscores, one space at a time, then .pdf".to_owned()
        });
        let most = self.file_name_most.known().map(|most| format!("at most {most} characters"));
        let said: Vec<String> = [form, set, most].into_iter().flatten().collect();
        if said.is_empty() { None } else { Some(said.join("; ")) }
    }
}

impl Route {
    const fn words(self) -> &'static str {
        match self {
            Self::Upload => "You upload it with your proposal",
            Self::WriterPortal => "Whoever writes it acts in the funder’s own system; you upload nothing",
            Self::WithPartnerForm => "You upload it together with a form that the partner fills in",
        }
    }
}

fn items(items: &[Item]) -> Option<String> {
    let said: Vec<&str> = items.iter().map(|item| item.what.as_str()).collect();
    if said.is_empty() { None } else { Some(said.join("; ")) }
}

#[cfg(test)]
mod tests {
    use super::super::bundled::funders;

    #[test]
    fn what_is_not_known_is_said_and_never_shown_as_no_limit() {
        let neh = funders().unwrap().get("neh").unwrap();
        assert!(neh.stance().contains("not known"));
        assert!(neh.not_known().contains("pages, words, paper"), "{}", neh.not_known());
        assert!(neh.known().iter().any(|(what, says)| *what == "Name of the file" && says.contains("50 characters")));
        assert!(!neh.known().iter().any(|(what, _)| *what == "Pages"));
    }

    #[test]
    fn a_rule_is_either_known_or_listed_as_not_known() {
        for profile in &funders().unwrap().profiles {
            let unknown = profile.rules().iter().filter(|rule| rule.says.is_none()).count();
            assert_eq!(profile.known().len() + unknown, profile.rules().len(), "{}", profile.id);
        }
    }

    #[test]
    fn how_well_it_is_known_and_from_when_is_said() {
        let nsf = funders().unwrap().get("nsf").unwrap();
        assert_eq!(nsf.basis(), "From others who repeat the rule, of May 2024; not from the funder itself.");
        assert!(funders().unwrap().get("nhprc").unwrap().basis().contains("without a date"));
    }
}
