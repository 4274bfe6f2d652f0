//! What may be a conflict of interest of a seat with a request: a shared institution, a shared mail domain, the seat's
//! institution named as a partner or signing too. It is only suggested: a person confirms or dismisses it.

use super::domain;
use crate::ids::{InstitutionId, SeatId};
use crate::members::institution::{folded, name_key};
use crate::people::address::Address;
use crate::worded;
use crate::workflow::phrase::and_list;
use crate::workflow::request::cosigners::CoSigner;

/// Shorter names are too often words of their own.
const SHORTEST_NAME: usize = 8;

worded! {
    /// What a suggestion rests on.
    pub enum Ground {
        /// The request comes from the seat's own institution.
        SharedInstitution = "shared_institution",
        /// The applicant or the principal investigator writes from a domain of the seat's institution.
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
    /// The institution's listed name.
    pub name: String,
    /// Other names that people know it by.
    pub aliases: Vec<String>,
    /// The addresses of the people who act for it.
    pub addresses: Vec<String>,
    /// Its website, if one is known.
    pub website: Option<String>,
}

impl SeatFacts {
    /// Every name the institution has, the listed one first.
    fn names(&self) -> impl Iterator<Item = &str> {
        std::iter::once(self.name.as_str()).chain(self.aliases.iter().map(String::as_str))
    }

    /// Whether it is called so.
    fn is_called(&self, typed: &str) -> bool {
        self.names().any(|name| name_key(name) == name_key(typed))
    }

    /// The name by which a text names it.
    fn named_in(&self, text: &str) -> Option<&str> {
        self.names().find(|name| names(text, name))
    }

    /// Its mail domains and the host of its website.
    fn domains(&self) -> Vec<String> {
        let mail = self.addresses.iter().filter_map(|address| domain_of(address));
        mail.chain(self.website.as_deref().and_then(domain::host)).collect()
    }
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
    let own = seat.domains();
    for (whose, address) in &request.addresses {
        let Some(theirs) = domain_of(address) else { continue };
        // The same domain says more than one above both.
        let shared = own.iter().filter_map(|own| domain::shared(own, &theirs)).max_by_key(|shared| shared.len());
        if let Some(shared) = shared
            && found.iter().all(|known| known.matter != theirs)
        {
            let reason = if seat.addresses.iter().any(|address| domain_of(address).as_deref() == Some(theirs.as_str()))
            {
                format!("{whose} has an address at {theirs}, as has a person who acts for the seat.")
            } else {
                format!("{whose} has an address at {theirs}, and {shared} is a domain of the seat’s institution.")
            };
            found.push(suggest(Ground::MailDomain, theirs, reason));
        }
    }
    let naming = request.texts.iter().find_map(|(place, text)| Some((place, seat.named_in(text)?)));
    if let Some((place, name)) = naming {
        let reason = if name == seat.name {
            format!("{place} names {name}.")
        } else {
            format!("{place} names {name}, which is {}.", seat.name)
        };
        found.push(suggest(Ground::NamedPartner, name_key(&seat.name), reason));
    }
    let is_of = |typed: &str| seat.is_called(typed) || seat.named_in(typed).is_some();
    let signing = request.co_signers.iter().filter(|one| is_of(&one.institution));
    let signing: Vec<&str> = signing.map(|one| one.name.as_str()).collect();
    if !signing.is_empty() {
        let verb = if signing.len() == 1 { "signs" } else { "sign" };
        let reason = format!("{} {verb} the proposal for {}.", and_list(&signing), seat.name);
        found.push(suggest(Ground::CoSigner, name_key(&seat.name), reason));
    }
    found
}

fn is_same_institution(request: &RequestFacts, seat: &SeatFacts) -> bool {
    let same_name = || !request.institution_name.is_empty() && seat.is_called(&request.institution_name);
    match request.institution {
        Some(institution) => institution == seat.institution,
        None => same_name(),
    }
}

/// The domain of an address in its canonical form.
fn domain_of(address: &str) -> Option<String> {
    address.parse().ok().map(|address: Address| address.domain().to_owned())
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
            aliases: Vec::new(),
            website: None,
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
    fn neither_another_domain_nor_a_broken_address_is_a_shared_one() {
        let seat = seat("Example Library", &["rep@uni.example", "rep@gmail.com"]);
        for address in ["a@myuni.example", "uni.example", "", "a@@uni.example", "a@example", "a@gmail.com"] {
            assert_eq!(suggestions(&from(address), &seat), [], "{address}");
        }
    }

    #[test]
    fn a_domain_beside_below_or_above_the_seat_s_own_is_suggested_and_so_is_its_website_s() {
        let mut library = seat("Example Library", &["rep@lib.uni.example"]);
        for address in ["a@uni.example", "a@maths.uni.example", "a@maps.lib.uni.example"] {
            let found = suggestions(&from(address), &library);
            assert_eq!(found.len(), 1, "{address}: {found:?}");
            assert!(found[0].reason.ends_with("uni.example is a domain of the seat’s institution."), "{found:?}");
        }
        library.addresses = vec!["rep@gmail.com".to_owned()];
        assert_eq!(grounds(&from("a@uni.example"), &library), []);
        library.website = Some("https://www.uni.example/library".to_owned());
        assert_eq!(grounds(&from("a@uni.example"), &library), [Ground::MailDomain]);
    }

    #[test]
    fn other_names_of_an_institution_are_its_names() {
        let mut library = seat("La Bibliothèque nationale de France", &[]);
        library.aliases = vec!["French National Library".to_owned(), "BnF".to_owned()];
        let found = suggestions(&saying("We work with the french national library."), &library);
        assert_eq!(
            found[0].reason,
            "The summary names French National Library, which is La Bibliothèque nationale de France."
        );
        assert_eq!(found[0].matter, name_key(&library.name), "dismissing it holds for every name");
        let own = RequestFacts { institution_name: "BNF".to_owned(), ..RequestFacts::default() };
        assert_eq!(grounds(&own, &library), [Ground::SharedInstitution]);
        let signers = vec![CoSigner { name: "Bo Ek".to_owned(), institution: "bnf".to_owned() }];
        assert_eq!(
            grounds(&RequestFacts { co_signers: signers, ..RequestFacts::default() }, &library),
            [Ground::CoSigner]
        );
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

    proptest! {
        #[test]
        fn a_public_provider_is_never_a_ground(provider in prop::sample::select(vec!["gmail.com", "hotmail.co.uk", "web.de"]), one in "[a-z]{1,8}", other in "[a-z]{1,8}") {
            let seat = seat("Example Library", &[&format!("{one}@{provider}")]);
            prop_assert_eq!(suggestions(&from(&format!("{other}@{}", provider.to_uppercase())), &seat), []);
        }

        #[test]
        fn any_other_name_is_as_good_as_the_listed_one(name in "[A-Z][a-z]{4,9} [A-Z][a-z]{4,9}", before in "[a-z ]{0,9} ") {
            let listed = seat(&name, &[]);
            let other = SeatFacts { name: "Quite Different".to_owned(), aliases: vec![name.clone()], ..listed.clone() };
            let request = saying(&format!("{before}{name}."));
            prop_assert_eq!(grounds(&request, &listed), [Ground::NamedPartner]);
            prop_assert_eq!(grounds(&request, &other), [Ground::NamedPartner]);
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
