//! The languages that letters are written in: what is fixed in each, and its dates. The words that a new letter starts
//! with are in `templates/letter/words/`.

use chrono::{Datelike, NaiveDate};

use crate::members::institution::Membership;
use crate::plain;
use crate::worded;

worded! {
    /// The language of a letter, as its tag (BCP 47).
    #[derive(Default)]
    pub enum Language {
        /// English.
        #[default]
        English = "en",
        /// French.
        French = "fr",
        /// German.
        German = "de",
        /// Spanish.
        Spanish = "es",
        /// Italian.
        Italian = "it",
        /// Japanese.
        Japanese = "ja",
    }
}

/// What a letter says in the same words each time. Nobody edits these.
#[derive(Debug, Clone, Copy)]
pub struct Fixed {
    /// What stands before and after the project's title in the heading.
    pub heading: (&'static str, &'static str),
    /// Before the letter's number.
    pub reference: &'static str,
    /// What the particulars are called: applicant, principal investigator, programme, call.
    pub particulars: [&'static str; 4],
    /// What stands after the salutation.
    pub after_salutation: &'static str,
    /// The close to a person by name, and to a body; with what stands after it.
    pub close: (&'static str, &'static str),
    /// The salutation of a body, and of an office.
    pub salutation: (&'static str, &'static str),
    /// What stands before a person's name in the salutation.
    pub dear: &'static str,
    /// The heading and the words of the limitation of endorsement (policy.md).
    pub limitation: (&'static str, &'static str),
    /// The question whether the letter is genuine, and what stands before and after the address of the page that checks it.
    pub check: (&'static str, &'static str, &'static str),
    /// Before the code.
    pub code: &'static str,
    /// On each page of several: before the number, before the page, and between the page and how many there are.
    pub page: (&'static str, &'static str, &'static str),
    /// What the square is, for those who do not see it.
    pub square: &'static str,
    /// The standing of members: core founding, founding, full, associate.
    pub standing: [&'static str; 4],
    /// The months; empty where they are numbers.
    months: [&'static str; 12],
}

impl Language {
    /// The language's own name.
    pub const fn label(self) -> &'static str {
        match self {
            Self::English => "English",
            Self::French => "Français",
            Self::German => "Deutsch",
            Self::Spanish => "Español",
            Self::Italian => "Italiano",
            Self::Japanese => "日本語",
        }
    }

    /// The country whose habits of typography hold.
    pub const fn region(self) -> &'static str {
        match self {
            Self::English => "GB",
            Self::French => "FR",
            Self::German => "DE",
            Self::Spanish => "ES",
            Self::Italian => "IT",
            Self::Japanese => "JP",
        }
    }

    /// Whether long words are divided at the end of a line. English lines are short of long words.
    pub const fn hyphenates(self) -> bool {
        !matches!(self, Self::English | Self::Japanese)
    }

    /// What is fixed in a letter in this language.
    pub const fn fixed(self) -> &'static Fixed {
        match self {
            Self::English => &ENGLISH,
            Self::French => &FRENCH,
            Self::German => &GERMAN,
            Self::Spanish => &SPANISH,
            Self::Italian => &ITALIAN,
            Self::Japanese => &JAPANESE,
        }
    }

    /// A date in words.
    pub fn day(self, date: NaiveDate) -> String {
        let (year, day) = (date.year(), date.day());
        let month = self.fixed().months.get(date.month0() as usize).copied().unwrap_or_default();
        match self {
            Self::English => plain::day(date).to_string(),
            Self::French => format!("{}{} {month} {year}", day, if day == 1 { "er" } else { "" }),
            Self::German => format!("{day}. {month} {year}"),
            Self::Spanish => format!("{day} de {month} de {year}"),
            Self::Italian => format!("{day}{} {month} {year}", if day == 1 { "º" } else { "" }),
            Self::Japanese => format!("{year}年{}月{day}日", date.month()),
        }
    }

    /// The heading of a letter about the project called `title`.
    pub fn heading(self, title: &str) -> String {
        let (before, after) = self.fixed().heading;
        format!("{before}{title}{after}")
    }

    /// A member's standing as the sentence goes on after its name; nothing for the community.
    pub fn standing(self, kind: Membership) -> &'static str {
        let [core, founding, full, associate] = self.fixed().standing;
        match kind {
            Membership::CoreFounding => core,
            Membership::Founding => founding,
            Membership::Full => full,
            Membership::Associate => associate,
            Membership::Community => "",
        }
    }
}

const fn english(kind: Membership) -> &'static str {
    match kind.standing() {
        Some(standing) => standing,
        None => "",
    }
}

const ENGLISH: Fixed = Fixed {
    heading: ("Letter of support for “", "”"),
    reference: "Our reference",
    particulars: ["Applicant", "Principal investigator", "Programme", "Call"],
    after_salutation: ",",
    close: ("Yours sincerely,", "Yours faithfully,"),
    salutation: ("Dear members of the review panel", "Dear Sir or Madam"),
    dear: "Dear ",
    limitation: (
        "Limitation of endorsement.",
        "The IIIF Consortium gives this support in its own name, as an organisation. Nothing in this letter speaks for any \
         individual person or for any single member institution.",
    ),
    check: ("Is this letter genuine?", "Scan the square, or enter the code at ", "."),
    code: "Code",
    page: ("Letter ", ", page ", " of "),
    square: "QR code that opens the page for checking this letter",
    standing: [
        english(Membership::CoreFounding),
        english(Membership::Founding),
        english(Membership::Full),
        english(Membership::Associate),
    ],
    months: [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ],
};

const FRENCH: Fixed = Fixed {
    heading: ("Lettre de soutien au projet «\u{a0}", "\u{a0}»"),
    reference: "Notre référence",
    particulars: ["Demandeur", "Responsable du projet", "Programme", "Appel"],
    after_salutation: ",",
    close: (
        "Je vous prie d’agréer l’expression de mes salutations distinguées.",
        "Je vous prie d’agréer l’expression de mes salutations distinguées.",
    ),
    salutation: ("Mesdames et Messieurs les membres du jury", "Madame, Monsieur"),
    dear: "",
    limitation: (
        "Portée du soutien.",
        "Le Consortium IIIF apporte ce soutien en son propre nom, en tant qu’organisation. Rien dans cette lettre n’engage \
         une personne en particulier ni l’un de ses établissements membres.",
    ),
    check: ("Cette lettre est-elle authentique\u{202f}?", "Scannez le carré ou saisissez le code à l’adresse ", "."),
    code: "Code",
    page: ("Lettre ", ", page ", " sur "),
    square: "Code QR qui ouvre la page de vérification de cette lettre",
    standing: [
        "membre fondateur principal du Consortium IIIF",
        "membre fondateur du Consortium IIIF",
        "membre de plein droit du Consortium IIIF",
        "membre associé du Consortium IIIF",
    ],
    months: [
        "janvier",
        "février",
        "mars",
        "avril",
        "mai",
        "juin",
        "juillet",
        "août",
        "septembre",
        "octobre",
        "novembre",
        "décembre",
    ],
};

const GERMAN: Fixed = Fixed {
    heading: ("Unterstützungsschreiben für „", "“"),
    reference: "Unser Zeichen",
    particulars: ["Antragstellende Einrichtung", "Projektleitung", "Programm", "Ausschreibung"],
    after_salutation: ",",
    close: ("Mit freundlichen Grüßen", "Mit freundlichen Grüßen"),
    salutation: ("Sehr geehrte Mitglieder der Jury", "Sehr geehrte Damen und Herren"),
    dear: "Guten Tag ",
    limitation: (
        "Reichweite der Unterstützung.",
        "Das IIIF-Konsortium gewährt diese Unterstützung im eigenen Namen, als Organisation. Nichts in diesem Schreiben \
         spricht für eine einzelne Person oder eine einzelne Mitgliedseinrichtung.",
    ),
    check: ("Ist dieses Schreiben echt?", "Scannen Sie das Quadrat, oder geben Sie den Code ein unter ", "."),
    code: "Code",
    page: ("Schreiben ", ", Seite ", " von "),
    square: "QR-Code, der die Seite zum Prüfen dieses Schreibens öffnet",
    standing: [
        "Kern- und Gründungsmitglied des IIIF-Konsortiums",
        "Gründungsmitglied des IIIF-Konsortiums",
        "Vollmitglied des IIIF-Konsortiums",
        "assoziiertes Mitglied des IIIF-Konsortiums",
    ],
    months: [
        "Januar",
        "Februar",
        "März",
        "April",
        "Mai",
        "Juni",
        "Juli",
        "August",
        "September",
        "Oktober",
        "November",
        "Dezember",
    ],
};

const SPANISH: Fixed = Fixed {
    heading: ("Carta de apoyo a «", "»"),
    reference: "Nuestra referencia",
    particulars: ["Solicitante", "Responsable del proyecto", "Programa", "Convocatoria"],
    after_salutation: ":",
    close: ("Atentamente,", "Atentamente,"),
    salutation: ("Estimados miembros de la comisión evaluadora", "Estimados señores"),
    dear: "A la atención de ",
    limitation: (
        "Alcance del apoyo.",
        "El Consorcio IIIF presta este apoyo en nombre propio, como organización. Nada en esta carta habla en nombre de una \
         persona concreta ni de una institución miembro en particular.",
    ),
    check: ("¿Es auténtica esta carta?", "Escanee el cuadrado o introduzca el código en ", "."),
    code: "Código",
    page: ("Carta ", ", página ", " de "),
    square: "Código QR que abre la página para comprobar esta carta",
    standing: [
        "miembro fundador principal del Consorcio IIIF",
        "miembro fundador del Consorcio IIIF",
        "miembro de pleno derecho del Consorcio IIIF",
        "miembro asociado del Consorcio IIIF",
    ],
    months: [
        "enero",
        "febrero",
        "marzo",
        "abril",
        "mayo",
        "junio",
        "julio",
        "agosto",
        "septiembre",
        "octubre",
        "noviembre",
        "diciembre",
    ],
};

const ITALIAN: Fixed = Fixed {
    heading: ("Lettera di sostegno a «", "»"),
    reference: "Nostro riferimento",
    particulars: ["Richiedente", "Responsabile del progetto", "Programma", "Bando"],
    after_salutation: ",",
    close: ("Distinti saluti,", "Distinti saluti,"),
    salutation: ("Gentili membri della commissione", "Gentili Signore e Signori"),
    dear: "Alla cortese attenzione di ",
    limitation: (
        "Portata del sostegno.",
        "Il Consorzio IIIF dà questo sostegno a nome proprio, come organizzazione. Nulla in questa lettera parla a nome di \
         una singola persona o di una singola istituzione membro.",
    ),
    check: ("Questa lettera è autentica?", "Inquadrate il quadrato, o inserite il codice su ", "."),
    code: "Codice",
    page: ("Lettera ", ", pagina ", " di "),
    square: "Codice QR che apre la pagina per verificare questa lettera",
    standing: [
        "membro fondatore principale del Consorzio IIIF",
        "membro fondatore del Consorzio IIIF",
        "membro a pieno titolo del Consorzio IIIF",
        "membro associato del Consorzio IIIF",
    ],
    months: [
        "gennaio",
        "febbraio",
        "marzo",
        "aprile",
        "maggio",
        "giugno",
        "luglio",
        "agosto",
        "settembre",
        "ottobre",
        "novembre",
        "dicembre",
    ],
};

const JAPANESE: Fixed = Fixed {
    heading: ("「", "」への支援状"),
    reference: "整理番号",
    particulars: ["申請機関", "研究代表者", "プログラム", "公募"],
    after_salutation: "",
    close: ("敬具", "敬具"),
    salutation: ("審査委員各位", "ご担当者様"),
    dear: "拝啓 ",
    limitation: (
        "支援の範囲",
        "この支援は、IIIFコンソーシアムが組織として自らの名において行うものです。本状は、特定の個人または特定の会員機関の支援を示すものではありません。",
    ),
    check: ("本状の真正性の確認", "二次元コードを読み取るか、次のページでコードを入力してください: ", ""),
    code: "コード",
    page: ("支援状 ", "　", " / "),
    square: "本状を確認するページを開く二次元コード",
    standing: [
        "IIIFコンソーシアム中核創立会員",
        "IIIFコンソーシアム創立会員",
        "IIIFコンソーシアム正会員",
        "IIIFコンソーシアム準会員",
    ],
    months: [""; 12],
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_written_as_each_language_writes_them() {
        let (first, other) = ("2026-03-01".parse().unwrap(), "2026-12-24".parse().unwrap());
        let both = |language: Language| (language.day(first), language.day(other));
        let expected = [
            (Language::English, "1 March 2026", "24 December 2026"),
            (Language::French, "1er mars 2026", "24 décembre 2026"),
            (Language::German, "1. März 2026", "24. Dezember 2026"),
            (Language::Spanish, "1 de marzo de 2026", "24 de diciembre de 2026"),
            (Language::Italian, "1º marzo 2026", "24 dicembre 2026"),
            (Language::Japanese, "2026年3月1日", "2026年12月24日"),
        ];
        for (language, first, other) in expected {
            assert_eq!(both(language), (first.to_owned(), other.to_owned()), "{language}");
        }
    }

    #[test]
    fn the_limitation_says_what_the_policy_says() {
        for fact in ["IIIF Consortium", "organisation", "individual", "member institution"] {
            assert!(Language::English.fixed().limitation.1.contains(fact), "{fact}");
        }
    }

    #[test]
    fn every_language_says_the_limitation_the_code_and_every_standing() {
        for language in Language::ALL {
            let fixed = language.fixed();
            assert!(fixed.limitation.1.contains("IIIF"), "{language}");
            for text in fixed.particulars.iter().chain(&fixed.standing).chain([&fixed.code, &fixed.square]) {
                assert!(!text.is_empty(), "{language}");
            }
            assert!(fixed.standing.iter().all(|standing| standing.contains("IIIF")), "{language}");
            assert_eq!(language.standing(Membership::Community), "");
        }
    }
}
