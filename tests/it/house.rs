//! Letterhead and signatory: tried out, looked at as a letter, put in force as versions that nobody changes.

use letters::audit::entry::Actor;
use letters::audit::store::{check_chain, history};
use letters::people::access::Role;
use letters::people::commands::grant;
use letters::workflow::letter::commands::house::JOURNAL;

use crate::harness::{Browser, Page, World};
use crate::letter::read_back;
use crate::members::staff;
use crate::review::world::{Committee, STAFF};
use crate::whole_story::TICKS;

const PNG: &[u8] = include_bytes!("../pictures/logo.png");
const JPEG: &[u8] = include_bytes!("../pictures/logo.jpg");

fn try_out(staff: &Browser, values: &[(&str, &str)], files: &[(&str, &str, &[u8])]) -> Page {
    staff.submit_files(&staff.get("/letters/house/edit"), "/letters/house/edit", values, files)
}

fn put_in_force(staff: &Browser, look: &Page) -> Page {
    staff.submit(look, "/letters/house/change", &[])
}

/// Somebody else of staff.
fn second(world: &World) -> Browser {
    const OTHER: &str = "other-staff@iiif.example";
    let (person, moment) = (world.person(OTHER, "Kim Colleague"), world.app.service.moment());
    world.store().write_now(move |tx| grant(tx, &moment, &person, Role::Staff, Actor::Service)).unwrap();
    world.signed_in(OTHER)
}

#[test]
fn a_fresh_house_is_the_one_of_the_configuration_and_can_be_looked_at() {
    let world = World::new();
    let staff = staff(&world);
    let page = staff.get("/letters/house");
    for fact in ["As it came, in force", "Robin Ashe", "Managing Director", "contrast on white 7.4:1"] {
        assert!(page.text().contains(fact), "{fact} is not in {}", page.text());
    }
    assert!(staff.get("/letters").has_link("/letters/house"), "it is found");
    let letter = staff.get("/letters/house/0/letter.pdf");
    assert_eq!((letter.status, letter.header("content-type")), (200, "application/pdf"));
    if let Some(text) = read_back(&letter.bytes) {
        assert!(text.contains("LOS-0000-0000") && text.contains("Limitation of endorsement."), "{text}");
        assert!(text.contains("Robin Ashe"), "{text}");
    }
    for (path, code) in [("/letters/house?version=3", 404), ("/letters/house/3/letter.pdf", 404)] {
        assert_eq!(staff.get(path).status, code, "{path}");
    }
    assert_eq!(staff.get("/letters/house/change").status, 404, "nobody is changing anything");
}

#[test]
fn staff_look_at_a_letter_before_they_put_a_change_in_force_and_have_every_version_back() {
    let world = World::new();
    let staff = staff(&world);
    let values = [("signatory", "Ines Castellan"), ("accent", "#8C2F22"), ("lines", "iiif.io\n\n 1 Example Street ")];
    let look = try_out(&staff, &values, &[("logo", "logo.png", PNG), ("signature", "scan.jpg", JPEG)]);
    assert_eq!(look.path, "/letters/house/change", "{}", look.text());
    assert_eq!(look.count("tbody tr"), 5, "{}", look.text());
    assert!(look.text().contains("#0f5c78 #8c2f22") && look.text().contains("iiif.io, 1 Example Street"));
    let preview = staff.get("/letters/house/change/letter.pdf");
    if let Some(text) = read_back(&preview.bytes) {
        assert!(text.contains("Ines Castellan") && text.contains("1 Example Street"), "{text}");
    }
    let other = second(&world);
    assert!(other.get("/letters/house").text().contains("Robin Ashe"), "nothing is in force yet");
    assert_eq!(other.get("/letters/house/change/letter.pdf").status, 404, "and only its author sees it");

    let done = put_in_force(&staff, &look);
    assert!(done.text().contains("Version 1, in force") && done.text().contains("Ines Castellan"), "{}", done.text());
    assert!(done.text().contains("2 March 2026, Sam Staff"), "since when, and by whom: {}", done.text());
    let (logo, signature) = (staff.get("/letters/house/1/logo"), staff.get("/letters/house/1/signature"));
    assert_eq!((logo.header("content-type"), signature.header("content-type")), ("image/png", "image/jpeg"));
    assert!(!logo.body.contains("hidden"), "what does not draw is left out");
    assert_eq!(staff.get("/letters/house/0/logo").status, 404);
    assert!(world.browser().get("/letters/house/1/signature").path.starts_with("/sign-in"));
    assert_eq!(world.signed_in("other@example.org").get("/letters/house/1/signature").status, 403);

    // A second version keeps the pictures but the one that is taken away; the first one is still there, and comes back.
    put_in_force(&staff, &try_out(&staff, &[("capacity", "Chair"), ("no_logo", "yes")], &[]));
    let page = staff.get("/letters/house");
    assert_eq!((page.count("img[src=\"/letters/house/2/signature\"]"), page.count("img[src$=logo]")), (1, 0));
    let first = staff.get("/letters/house?version=1");
    assert!(first.text().contains("Version 1, not in force") && first.text().contains("Managing Director"));
    let form = staff.get("/letters/house/edit?version=1");
    put_in_force(&staff, &staff.submit_files(&form, "/letters/house/edit", &[], &[]));
    let page = staff.get("/letters/house");
    assert!(page.text().contains("Version 3, in force") && page.count("img[src=\"/letters/house/3/logo\"]") == 1);
    let journal = world.store().read_now(|view| history(view, JOURNAL)).unwrap();
    assert_eq!(journal.iter().map(|entry| entry.what.as_str()).collect::<Vec<_>>(), ["house-changed"; 3]);
    assert_eq!(world.store().read_now(|view| check_chain(view, JOURNAL)).unwrap(), Ok(3));
    world.check_records();
}

#[test]
fn what_changes_nothing_adds_no_version_and_what_is_thrown_away_is_gone() {
    let world = World::new();
    let staff = staff(&world);
    let look = try_out(&staff, &[], &[]);
    assert!(look.text().contains("It is the same as what is in force."), "{}", look.text());
    assert_eq!(look.count("form[action$=change] input[name=seen]"), 0, "so there is nothing to put in force");
    let dropped = staff.submit(&look, "/letters/house/change/drop", &[]);
    assert_eq!(dropped.path, "/letters/house");
    assert_eq!(staff.get("/letters/house/change").status, 404);
}

#[test]
fn every_wrong_field_is_named_at_once_and_nothing_typed_is_lost() {
    let world = World::new();
    let staff = staff(&world);
    let values = [("name", ""), ("accent", "#ff9900"), ("signatory", ""), ("capacity", "Chair of the Board")];
    let svg: &[u8] = b"<svg xmlns=\"http://www.w3.org/2000/svg\"><script>alert(1)</script></svg>";
    let back = try_out(&staff, &values, &[("logo", "logo.png", svg), ("signature", "scan.png", PNG)]);
    assert_eq!(back.status, 422);
    for says in ["Enter the name.", "#ff9900 has a contrast of 2.1:1 on white", "an SVG", "Choose it once more"] {
        assert!(back.text().contains(says), "{says} is not in {}", back.text());
    }
    assert_eq!(back.count(".errors li"), 5, "{}", back.text());
    assert!(back.body.contains("Chair of the Board"));
    let mut broken = PNG.to_vec();
    let drawing = broken.windows(4).position(|kind| kind == b"IDAT").unwrap();
    broken[drawing + 10] ^= 0xff;
    for (field, file, says) in [
        ("logo", vec![0_u8; 1_500_000], "This file has 1,500 kB, and 200 kB is the most"),
        ("signature", b"GIF89a".to_vec(), "neither a PNG nor a JPEG"),
        ("signature", broken, "A letter cannot be set with this picture"),
    ] {
        let back = try_out(&staff, &[], &[(field, "picture.png", &file)]);
        assert_eq!(back.status, 422, "{says}");
        assert!(back.first(&format!("#{field}-error")).contains(says), "{}", back.text());
    }
    let back = try_out(&staff, &[("signatory", "\u{5c71}\u{7530} Taro")], &[]);
    assert!(back.first("#signatory-error").contains("no glyph for"), "{}", back.text());
    assert_eq!(staff.get("/letters/house/change").status, 404, "nothing was kept");
}

#[test]
fn who_is_second_is_told_and_both_changes_are_kept_in_order() {
    let world = World::new();
    let (one, other) = (staff(&world), second(&world));
    let first = try_out(&one, &[("capacity", "Chair")], &[]);
    let late = try_out(&other, &[("signatory", "Ines Castellan")], &[]);
    put_in_force(&one, &first);
    let told = put_in_force(&other, &late);
    assert_eq!(told.status, 409);
    assert!(told.text().contains("Version 1 came into force while you were writing"), "{}", told.text());
    assert!(
        told.text().contains("2 March 2026, Sam Staff") && told.text().contains("Capacity Chair Managing Director")
    );
    let done = put_in_force(&other, &told);
    assert!(done.text().contains("Version 2, in force") && done.text().contains("Ines Castellan"), "{}", done.text());
    assert!(other.get("/letters/house?version=1").text().contains("Chair"), "the first is in the history");

    // The same page sent twice is one version; a page that is out of date is refused.
    let look = try_out(&one, &[("name", "IIIF")], &[]);
    try_out(&one.same(), &[("name", "IIIF-C")], &[]);
    assert_eq!(put_in_force(&one, &look).status, 409, "another window has other words");
    let look = one.get("/letters/house/change");
    for _ in 0..2 {
        assert!(put_in_force(&one, &look).text().contains("Version 3, in force"));
    }
}

#[test]
fn a_letter_keeps_the_house_it_was_passed_on_with_and_a_later_one_has_the_new() {
    let committee = Committee::new();
    let (early, late) = (committee.adopted(), committee.adopted());
    for id in [early, late] {
        committee.release(id);
    }
    let staff = committee.browser(STAFF);
    staff.submit(&committee.letter_ready(early), "/letter/pass-on", TICKS);
    let proof = staff.get(&format!("/requests/{early}/letter/proof.pdf")).bytes;
    assert!(proof.starts_with(b"%PDF"));
    put_in_force(&staff, &try_out(&staff, &[("signatory", "Ines Castellan")], &[("signature", "s.png", PNG)]));

    let check = committee.colleague().get(&format!("/requests/{early}/letter/check"));
    assert!(check.text().contains("Robin Ashe") && !check.text().contains("Ines Castellan"), "{}", check.text());
    let issued = committee.colleague().submit(&committee.second_look(early), "/letter/issue", TICKS);
    assert!(issued.text().contains("The letter is issued"), "{}", issued.text());
    assert!(staff.get(&format!("/requests/{early}/letter.pdf")).bytes == proof, "the very bytes that were passed on");
    assert!(staff.get(&format!("/requests/{early}/letter")).has_link("/letters/house?version=0"));

    let editor = staff.submit(&staff.get(&format!("/requests/{late}/letter")), "/letter/draft", &[]);
    assert!(editor.text().contains("It is signed by Ines Castellan"), "{}", editor.text());
    let check = staff.submit(&editor, "/letter", &[("check", "yes")]);
    // Somebody changes the house between looking and passing on: what was looked at is not what it would be now.
    put_in_force(&staff, &try_out(&staff, &[("capacity", "Chair")], &[]));
    assert_eq!(staff.submit(&check, "/letter/pass-on", TICKS).status, 409);
    let check = staff.get(&format!("/requests/{late}/letter/check"));
    assert!(check.text().contains("Ines Castellan, Chair"), "{}", check.text());
    staff.submit(&check, "/letter/pass-on", TICKS);
    committee.colleague().submit(&committee.second_look(late), "/letter/issue", TICKS);
    assert!(staff.get(&format!("/requests/{late}/letter")).has_link("/letters/house?version=2"));
    committee.world.check_records();
}
