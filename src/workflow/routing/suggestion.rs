//! What may be a conflict of interest of a seat with a request: a shared institution, a shared mail domain, the seat's
//! institution named as a partner or signing too. It is only suggested: a person confirms or dismisses it.

use crate::ids::{InstitutionId, SeatId};
use crate::members::institution::{folded, name_key};
use crate::people::address::Address;
use crate::worded;
use crate::workflow::phrase::and_list;
use crate::workflow::request::cosigners::CoSigner;

/// Providers that give anybody an address: sharing one says nothing. A short list of the large ones.
const PUBLIC_PROVIDERS: &[&str] = &[
    "126.com",
    "163.com",
    "aol.com",
    "fastmail.com",
    "gmail.com",
    "gmx.at",
    "gmx.ch",
    "gmx.com",
    "gmx.de",
    "gmx.net",
    "googlemail.com",
    "hotmail.co.uk",
    "hotmail.com",
    "hotmail.fr",
    "hotmail.it",
    "icloud.com",
    "laposte.net",
    "libero.it",
    "live.com",
    "mac.com",
    "mail.com",
    "mail.ru",
    "me.com",
    "msn.com",
    "orange.fr",
    "outlook.com",
    "pm.me",
    "posteo.de",
    "proton.me",
    "protonmail.com",
    "qq.com",
    "t-online.de",
    "wanadoo.fr",
    "web.de",
    "yahoo.co.jp",
    "yahoo.co.uk",
    "yahoo.com",
    "yahoo.de",
    "yahoo.fr",
    "yandex.ru",
];

/// Shorter names are too often words of their own.
const SHORTEST_NAME: usize = 8;

worded! {
    /// What a suggestion rests on.
    pub enum Ground {
        /// The request comes from the seat's own institution.
        SharedInstitution = "shared_institution",
        /// The applicant or the principal investigator writes from the mail domain of a person acting for the seat.
        MailDomain = "mail_domain",
        /// The request names the seat's institution.
        NamedPartner = "named_partner",
        /// Somebody of the seat's institution signs the proposal too.
        CoSigner = "co_signer",
    }
}

/// What of a request can point to a conflict.
#[derive(Debug, Clone, Default)]
pub struct RequestFacts {
    /// The institution that asks, when it is one we know.
    pub institution: Option<InstitutionId>,
    /// Its name.
    pub institution_name: String,
    /// Whose addresses they are, in words, and the addresses as typed.
    pub addresses: Vec<(&'static str, String)>,
    /// Where a partner may be named, in words, and what was typed there.
    pub texts: Vec<(&'static str, String)>,
    /// Who signs the proposal besides the applicant.
    pub co_signers: Vec<CoSigner>,
}

/// What of a seat can point to a conflict.
#[derive(Debug, Clone)]
pub struct SeatFacts {
    /// The seat.
    pub seat: SeatId,
    /// Its institution.
    pub institution: InstitutionId,
    /// The institution's name.
    pub name: String,
    /// The addresses of the people who act for it.
    pub addresses: Vec<String>,
}

/// What may be a conflict of interest of a seat.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Suggestion {
    /// The seat.
    pub seat: SeatId,
    /// What it rests on.
    pub ground: Ground,
    /// The institution or mail domain that is shared or named. With the ground it tells a suggestion from every other
    /// one of the seat, so that dismissing one leaves the others.
    pub matter: String,
    /// Why, as the rest of a sentence: "This may be a conflict: …".
    pub reason: String,
}

/// What may be a conflict of interest of `seat` with `request`, each thing once.
pub fn suggestions(request: &RequestFacts, seat: &SeatFacts) -> Vec<Suggestion> {
    let suggest = |ground, matter: String, reason| Suggestion { seat: seat.seat, ground, matter, reason };
    let mut found = Vec::new();
    if is_same_institution(request, seat) {
        let reason = "the request comes from the seat’s own institution.".to_owned();
        found.push(suggest(Ground::SharedInstitution, name_key(&seat.name), reason));
    }
    let seat_domains: Vec<String> = seat.addresses.iter().filter_map(|address| domain(address)).collect();
    for (whose, address) in &request.addresses {
        let Some(domain) = domain(address).filter(|domain| seat_domains.contains(domain)) else { continue };
        if found.iter().all(|known| known.matter != domain) {
            let reason = format!("{whose} has an address at {domain}, as has a person who acts for the seat.");
            found.push(suggest(Ground::MailDomain, domain, reason));
        }
    }
    let naming = request.texts.iter().find(|(_, text)| names(text, &seat.name));
    if let Some((place, _)) = naming {
        let reason = format!("{place} names {}.", seat.name);
        found.push(suggest(Ground::NamedPartner, name_key(&seat.name), reason));
    }
    let signing = request.co_signers.iter().filter(|one| is_of(&one.institution, &seat.name));
    let signing: Vec<&str> = signing.map(|one| one.name.as_str()).collect();
    if !signing.is_empty() {
        let verb = if signing.len() == 1 { "signs" } else { "sign" };
        let reason = format!("{} {verb} the proposal for {}.", and_list(&signing), seat.name);
        found.push(suggest(Ground::CoSigner, name_key(&seat.name), reason));
    }
    found
}

/// Whether a co-signer's institution is `institution`, or a part of it that names it.
fn is_of(typed: &str, institution: &str) -> bool {
    name_key(typed) == name_key(institution) || names(typed, institution)
}

fn is_same_institution(request: &RequestFacts, seat: &SeatFacts) -> bool {
    let same_name =
        || !request.institution_name.is_empty() && name_key(&request.institution_name) == name_key(&seat.name);
    match request.institution {
        Some(institution) => institution == seat.institution,
        None => same_name(),
    }
}

/// The domain of an address in its canonical form, unless anybody can have an address there.
fn domain(address: &str) -> Option<String> {
    let address: Address = address.parse().ok()?;
    let domain = address.domain();
    (!PUBLIC_PROVIDERS.contains(&domain)).then(|| domain.to_owned())
}

/// Whether a text names an institution: its name as whole words, whatever the case, the accents and the leading "the".
fn names(text: &str, institution: &str) -> bool {
    let name = name_key(institution);
    name.chars().count() >= SHORTEST_NAME && format!(" {} ", folded(text)).contains(&format!(" {name} "))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn seat(name: &str, addresses: &[&str]) -> SeatFacts {
        SeatFacts {
            seat: SeatId::fresh(),
            institution: InstitutionId::fresh(),
            name: name.to_owned(),
            addresses: addresses.iter().map(|address| (*address).to_owned()).collect(),
        }
    }

    fn from(address: &str) -> RequestFacts {
        RequestFacts { addresses: vec![("The applicant", address.to_owned())], ..RequestFacts::default() }
    }

    fn saying(text: &str) -> RequestFacts {
        RequestFacts { texts: vec![("The summary", text.to_owned())], ..RequestFacts::default() }
    }

    fn grounds(request: &RequestFacts, seat: &SeatFacts) -> Vec<Ground> {
        suggestions(request, seat).into_iter().map(|found| found.ground).collect()
    }

    #[test]
    fn a_shared_mail_domain_is_suggested_once_in_words() {
        let seat = seat("Example Library", &["rep@bücher.example", "other@lib.example"]);
        let mut request = from("Marie@XN--bcher-kva.example");
        request.addresses.push(("The principal investigator", "pi@bücher.example".to_owned()));
        let found = suggestions(&request, &seat);
        assert_eq!(found.len(), 1, "{found:?}");
        assert_eq!((found[0].seat, found[0].ground), (seat.seat, Ground::MailDomain));
        assert_eq!(found[0].matter, "xn--bcher-kva.example");
        assert!(found[0].reason.starts_with("The applicant has an address at xn--bcher-kva.example"));
    }

    #[test]
    fn neither_a_subdomain_nor_a_broken_address_is_a_shared_domain() {
        let seat = seat("Example Library", &["rep@uni.example"]);
        for address in ["a@lib.uni.example", "a@myuni.example", "uni.example", "", "a@@uni.example"] {
            assert_eq!(suggestions(&from(address), &seat), [], "{address}");
        }
    }

    #[test]
    fn a_partner_is_named_whatever_the_case_the_accents_and_the_article() {
        let library = seat("The Bibliothèque Générale", &[]);
        for text in
            ["With the BIBLIOTHEQUE generale.", "(Bibliothe\u{300}que\nGénérale)", "our partner: bibliothèque générale"]
        {
            assert_eq!(grounds(&saying(text), &library), [Ground::NamedPartner], "{text}");
        }
        for text in ["a bibliothèque", "Bibliothèque Générales", "xBibliothèque Générale", "Bibliothèque très Générale"]
        {
            assert_eq!(grounds(&saying(text), &library), [], "{text}");
        }
        assert_eq!(
            suggestions(&saying("x Bibliotheque Generale"), &library)[0].reason,
            "The summary names The Bibliothèque Générale."
        );
    }

    #[test]
    fn co_signers_of_the_seat_s_institution_are_told_together_and_others_are_not() {
        let signer = |name: &str, institution: &str| CoSigner { name: name.into(), institution: institution.into() };
        let request = RequestFacts {
            co_signers: vec![
                signer("Bo Ek", "the GETTY"),
                signer("Ida Berg", "Another Library"),
                signer("Grace Hopper", "The Getty"),
            ],
            ..RequestFacts::default()
        };
        let found = suggestions(&request, &seat("The Getty", &[]));
        assert_eq!(found.len(), 1, "{found:?}");
        assert_eq!((found[0].ground, found[0].matter.as_str()), (Ground::CoSigner, "getty"));
        assert_eq!(found[0].reason, "Bo Ek and Grace Hopper sign the proposal for The Getty.");
        let part = RequestFacts { co_signers: vec![signer("Bo Ek", "Maps, Example Library")], ..request };
        assert_eq!(grounds(&part, &seat("Example Library", &[])), [Ground::CoSigner]);
        assert_eq!(suggestions(&part, &seat("Library of Maps", &[])), []);
    }

    #[test]
    fn a_name_of_fewer_than_eight_characters_is_never_found() {
        assert_eq!(grounds(&saying("We work with The Getty and Artstor."), &seat("The Getty", &[])), []);
        assert_eq!(grounds(&saying("We work with The Getty and Artstor."), &seat("Artstor", &[])), []);
        assert_eq!(grounds(&saying("Cornells it is"), &seat("Cornells", &[])), [Ground::NamedPartner]);
    }

    #[test]
    fn the_own_institution_is_known_by_its_id_and_without_one_by_its_name() {
        let library = seat("Example Library", &[]);
        let mut request =
            RequestFacts { institution_name: "The example LIBRARY".to_owned(), ..RequestFacts::default() };
        assert_eq!(grounds(&request, &library), [Ground::SharedInstitution]);
        request.institution = Some(library.institution);
        assert_eq!(grounds(&request, &library), [Ground::SharedInstitution]);
        request.institution = Some(InstitutionId::fresh());
        assert_eq!(grounds(&request, &library), [], "another one of the same name");
    }

    #[test]
    fn the_list_of_providers_is_in_order_and_in_canonical_form() {
        assert!(PUBLIC_PROVIDERS.is_sorted());
        for provider in PUBLIC_PROVIDERS {
            let address: Address = format!("a@{provider}").parse().unwrap();
            assert_eq!(address.domain(), *provider);
        }
    }

    proptest! {
        #[test]
        fn a_public_provider_is_never_a_ground(which in 0..PUBLIC_PROVIDERS.len(), one in "[a-z]{1,8}", other in "[a-z]{1,8}") {
            let provider = PUBLIC_PROVIDERS[which];
            let seat = seat("Example Library", &[&format!("{one}@{provider}")]);
            prop_assert_eq!(suggestions(&from(&format!("{other}@{}", provider.to_uppercase())), &seat), []);
        }

        #[test]
        fn a_name_is_found_between_any_words_and_inside_no_other_word(before in r"(\PC{0,20}[ ,(])?", after in r"([ ,.)]\PC{0,20})?", letter in "[a-zé]") {
            let library = seat("Example Library", &[]);
            let found = |text: &str| !suggestions(&saying(text), &library).is_empty();
            let (between, ahead, behind) =
                (format!("{before}Example Library{after}"), format!("{letter}Example Library"), format!("Example Library{letter}"));
            prop_assert!(found(&between), "{}", between);
            prop_assert!(!found(&ahead), "{}", ahead);
            prop_assert!(!found(&behind), "{}", behind);
        }

        #[test]
        fn whatever_is_suggested_is_about_the_seat_that_was_asked_for(text in r"\PC{0,60}", address in "[a-z]{1,3}@[ab]\\.example") {
            let library = seat("Example Library", &["rep@a.example"]);
            let request = RequestFacts { texts: saying(&text).texts, ..from(&address) };
            let found = suggestions(&request, &library);
            prop_assert!(found.iter().all(|one| one.seat == library.seat));
            let shares = found.iter().any(|one| one.ground == Ground::MailDomain);
            prop_assert_eq!(shares, address.ends_with("@a.example"));
        }
    }
}
