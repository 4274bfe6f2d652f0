//! The words that new letters begin with: changed by staff for each kind and language, with placeholders that are
//! declared, as versions that nobody changes.

use letters::audit::store::{check_chain, history};
use letters::workflow::letter::commands::wording::JOURNAL;

use crate::harness::{Browser, Page, World};
use crate::members::staff;
use crate::review::world::{Committee, STAFF};

const ENGLISH: &str = "/letters/wording/support/en";
const OWN: &str =
    "We stand behind \u{201c}{title}\u{201d} of {institution}, decided on {decided}.\n\nIts call is {points}.";

fn send(staff: &Browser, form: &Page, text: &str, button: &str) -> Page {
    staff.submit(form, ENGLISH, &[("text", text), (button, "yes")])
}

fn edit(staff: &Browser, text: &str, button: &str) -> Page {
    send(staff, &staff.get(ENGLISH), text, button)
}

fn text_of(page: &Page) -> String {
    let (_, fields) = page.form(ENGLISH, &[]);
    fields.into_iter().find(|(name, _)| name == "text").unwrap().1
}

#[test]
fn staff_look_at_their_words_filled_in_before_new_letters_begin_with_them() {
    let committee = Committee::new();
    let (early, late) = (committee.adopted(), committee.adopted());
    for id in [early, late] {
        committee.release(id);
    }
    let staff = committee.browser(STAFF);
    let begin = |id| staff.submit(&staff.get(&format!("/requests/{id}/letter")), "/letter/draft", &[]);
    assert!(begin(early).body.contains("On behalf of the IIIF Consortium"));

    assert!(staff.get("/letters").has_link("/letters/wording") && staff.get("/letters/wording").has_link(ENGLISH));
    let seen = edit(&staff, OWN, "preview");
    assert!(
        seen.first("section.next").contains("We stand behind \u{201c}Scrolls in Motion\u{201d} of Example University")
    );
    assert!(staff.get("/letters/wording").count("tbody tr") >= 18);
    assert!(!staff.get("/letters/wording").text().contains("Your own words"), "nothing is in force yet");
    assert_eq!(send(&staff, &seen, OWN, "save").path, "/letters/wording");
    assert!(staff.get("/letters/wording").text().contains("Your own words since"));

    let letter = begin(late);
    assert!(letter.body.contains("We stand behind \u{201c}A fine project\u{201d}"), "{}", letter.text());
    assert!(letter.body.contains("[what, how much, and by when]"), "what the request does not say is a blank");
    let check = staff.submit(&letter, "/letter", &[("check", "yes")]);
    assert!(check.text().contains("a place to fill in, in square brackets"), "with which no letter goes out");
    assert!(staff.get(&format!("/requests/{early}/letter")).body.contains("On behalf of"), "what is begun stays");
    committee.world.check_records();
}

#[test]
fn a_text_with_faults_comes_back_with_each_of_them_and_the_limitation_is_none_of_it() {
    let world = World::new();
    let staff = staff(&world);
    for button in ["save", "preview"] {
        let back = edit(&staff, "We support {titel} of {institution}.", button);
        assert_eq!(back.status, 422);
        let error = back.first("#text-error");
        assert!(error.contains("{titel} is no placeholder") && error.contains("The text needs {title}"), "{error}");
        assert!(back.body.contains("We support {titel}"), "what was typed is kept");
    }
    let page = staff.get(ENGLISH);
    assert!(page.text().contains("Nothing in this letter speaks for any individual person"));
    assert!(!text_of(&page).contains("Nothing in this letter speaks"), "it is not part of what can be changed");
    for path in ["/letters/wording/praise/en", "/letters/wording/support/tlh", "/letters/wording/support/en?version=7"]
    {
        assert_eq!(staff.get(path).status, 404, "{path}");
    }
    assert!(world.store().read_now(|view| history(view, JOURNAL)).unwrap().is_empty());
}

#[test]
fn who_saves_second_is_told_and_every_version_comes_back() {
    let world = World::new();
    let staff = staff(&world);
    let bundled = text_of(&staff.get(ENGLISH));
    let (one, other) = (staff.get(ENGLISH), staff.get(ENGLISH));
    assert_eq!(send(&staff, &one, OWN, "save").path, "/letters/wording");
    let second = OWN.replace("stand behind", "vouch for");
    let late = send(&staff, &other, &second, "save");
    assert_eq!(late.status, 409);
    assert!(late.text().contains("Somebody else changed these words") && late.body.contains("vouch for"));
    assert_eq!(send(&staff, &late, &second, "save").path, "/letters/wording", "once seen, it is saved after the other");
    assert_eq!(text_of(&staff.get(&format!("{ENGLISH}?version=1"))).replace("\r\n", "\n"), OWN);

    assert_eq!(edit(&staff, &second, "save").path, "/letters/wording", "the same again changes nothing");
    let first = staff.get(&format!("{ENGLISH}?version=0"));
    assert_eq!(text_of(&first), bundled);
    send(&staff, &first, &bundled, "save");
    let page = staff.get(ENGLISH);
    assert!(page.text().contains("As it came, again since 2 March 2026, Sam Staff (in force)"), "{}", page.text());
    assert_eq!(world.store().read_now(|view| check_chain(view, JOURNAL)).unwrap(), Ok(3));
}
