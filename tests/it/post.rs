//! Life after issue: the physical copy, from the applicant's wish to the post and back.

use chrono::TimeDelta;
use letters::ids::RequestId;

use crate::harness::Page;
use crate::letter::read_back;
use crate::review::world::{APPLICANT, COLLEAGUE, Committee, PLAIN, STAFF, member};

/// Where the request says that the letter goes.
const ADDRESS: &[(&str, &str)] = &[("name", "Review panel"), ("address", "1 Main Street\nSpringfield\nUSA")];
/// How it was posted; the page puts today's day there.
const POSTING: &[(&str, &str)] =
    &[("carrier", "Example Post"), ("tracking", "EX 123"), ("link", "https://post.example/follow?n=123")];

impl Committee {
    fn issued(&self) -> RequestId {
        self.with_letter_for(self.request())
    }

    fn copy_page(&self, id: RequestId) -> Page {
        self.browser(APPLICANT).get(&format!("/requests/{id}/copy"))
    }

    fn ask(&self, id: RequestId) -> Page {
        self.browser(APPLICANT).submit(&self.copy_page(id), "/copy", ADDRESS)
    }

    fn posting(&self, id: RequestId) -> Page {
        self.browser(STAFF).get(&format!("/requests/{id}/posting"))
    }

    fn press(&self, id: RequestId, action: &str, values: &[(&str, &str)]) -> Page {
        self.browser(STAFF).submit(&self.posting(id), action, values)
    }

    fn label(&self, path: &str) -> Page {
        self.browser(STAFF).get(path)
    }

    fn status(&self, id: RequestId) -> String {
        self.browser(APPLICANT).get(&format!("/requests/{id}")).text()
    }

    /// The physical copies in the staff's queue: how many its choice counts, and whether `id` is listed.
    fn in_queue(&self, id: RequestId) -> (bool, bool) {
        let page = self.browser(STAFF).get("/queue?stage=to_post");
        (page.text().contains("Copies to be posted (1)"), page.has_link(&format!("/requests/{id}")))
    }
}

/// The token of any form on a page.
fn token(page: &Page) -> String {
    page.attribute("main input[name=form_token]", "value")
}

/// The size of the first page and how many there are, as poppler tells them; `None` where pdfinfo is not installed.
fn pages_of(pdf: &[u8]) -> Option<(String, usize)> {
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), pdf).unwrap();
    let told = String::from_utf8(std::process::Command::new("pdfinfo").arg(file.path()).output().ok()?.stdout).unwrap();
    let after = |key: &str| told.lines().find_map(|line| line.strip_prefix(key)).unwrap().trim().to_owned();
    Some((after("Page size:"), after("Pages:").parse().unwrap()))
}

#[test]
fn a_physical_copy_is_asked_for_printed_posted_and_its_applicant_has_one_mail() {
    let committee = Committee::new();
    let id = committee.issued();
    let owner = committee.browser(APPLICANT);
    assert!(committee.status(id).contains("If the funder wants it on paper"));
    let page = committee.copy_page(id);
    let (_, fields) = page.form("/copy", &[]);
    let typed = |name: &str| fields.iter().find(|(known, _)| known == name).unwrap().1.clone();
    assert_eq!((typed("name").as_str(), typed("address").as_str()), ("Review panel", "1 Main Street"), "prefilled");

    let status = committee.ask(id);
    assert!(status.text().contains("Next, staff print it and post it"), "{}", status.text());
    let staff_mails = committee.told(STAFF, "copy-asked");
    assert!(staff_mails.len() == 1 && staff_mails[0].contains(&format!("/requests/{id}/posting")), "{staff_mails:?}");
    assert_eq!(committee.in_queue(id), (true, true));
    let queue = committee.browser(STAFF).get("/queue");
    assert!(queue.text().contains("Copy to be printed") && queue.has_link(&format!("/requests/{id}")), "it is open");
    let todo = committee.browser(STAFF).get(&format!("/requests/{id}/motion"));
    assert!(todo.text().contains("Print the physical copy") && todo.has_link(&format!("/requests/{id}/posting")));

    let page = committee.press(id, "/printed", &[]);
    assert!(page.text().contains("Post it") && page.has_form("/posted"), "{}", page.text());
    assert!(committee.status(id).contains("Next, they post it"));
    assert!(committee.browser(STAFF).get("/queue").text().contains("Copy to be posted"));
    let staff = committee.browser(STAFF);
    let wrong = staff.submit(
        &page,
        "/posted",
        &[("posted_on", "2027-01-01"), ("carrier", "Example Post"), ("tracking", "EX 123"), ("link", "post.example")],
    );
    assert_eq!(wrong.status, 422);
    for words in ["This day lies ahead", "Enter the address of the tracking page in full"] {
        assert!(wrong.text().contains(words), "{words}: {}", wrong.text());
    }
    assert!(wrong.body.contains("EX 123") && wrong.body.contains("2027-01-01"), "what was typed is kept");
    let today = committee.world.now().date_naive();
    let day = today.to_string();
    let right = [&[("posted_on", day.as_str())], POSTING].concat();
    let posted = staff.submit(&wrong, "/posted", &right);
    assert!(posted.text().contains("Nothing waits for staff"), "{}", posted.text());
    let again = staff.submit(&wrong, "/posted", &right);
    assert_eq!(again.status, 200, "the same form sent twice is answered as the first");

    let mails = committee.told(APPLICANT, "copy-posted");
    assert_eq!(mails.len(), 1, "once");
    let how = format!("{} with Example Post, tracking number EX 123", letters::plain::day(today));
    for words in [how.as_str(), "https://post.example/follow?n=123", "  USA\n"] {
        assert!(mails[0].contains(words), "{words}: {}", mails[0]);
    }
    assert!(committee.status(id).contains(&format!("The physical copy was posted on {how}")));
    let seen = owner.get(&format!("/requests/{id}/copy"));
    assert!(seen.has_link("https://post.example/follow?n=123"), "{}", seen.text());
    assert_eq!(committee.in_queue(id), (false, false));
    let history = committee.browser(STAFF).get(&format!("/requests/{id}/motion")).text();
    for words in ["asked for a physical copy", "physical copy was printed", "physical copy was posted"] {
        assert!(history.contains(words), "{words}: {history}");
    }
    let letter = committee.browser(STAFF).get(&format!("/requests/{id}/letter"));
    assert!(letter.has_link(&format!("/requests/{id}/posting")), "{}", letter.text());
}

#[test]
fn wrong_fields_come_back_at_once_and_what_was_typed_stays() {
    let committee = Committee::new();
    let id = committee.issued();
    let owner = committee.browser(APPLICANT);
    let page = committee.copy_page(id);
    let wrong = owner.submit(&page, "/copy", &[("name", " "), ("address", &"Line\n".repeat(9))]);
    assert_eq!(wrong.status, 422);
    assert!(wrong.text().contains("Enter the name.") && wrong.text().contains("8 lines at most"), "{}", wrong.text());
    assert!(wrong.body.contains("Line\nLine"), "kept");
    // What a label cannot hold is told while it can still be changed.
    let words = vec!["WWWW ".repeat(12); 8].join("\n");
    for (address, says) in [(words, "do not fit on the label"), ("W".repeat(100), "is wider than the label")] {
        let wrong = owner.submit(&page, "/copy", &[("name", "Panel"), ("address", &address)]);
        assert_eq!(wrong.status, 422, "{}", wrong.text());
        assert!(wrong.text().contains(says), "{}", wrong.text());
    }
    let unheard = owner.submit(&page, "/copy", &[("name", "\u{13000}\u{13001}"), ("address", "1 Main Street")]);
    assert_eq!(unheard.status, 422);
    assert!(unheard.text().contains("U+13000"), "{}", unheard.text());
    assert!(committee.told(STAFF, "copy-asked").is_empty(), "nothing was asked for");
}

#[test]
fn until_it_is_printed_the_applicant_changes_the_address_or_takes_the_wish_back() {
    let committee = Committee::new();
    let id = committee.issued();
    let owner = committee.browser(APPLICANT);
    committee.ask(id);
    let before = committee.posting(id);
    let page = committee.copy_page(id);
    assert!(page.text().contains("Change where it goes"), "{}", page.text());
    let late = owner.get(&format!("/requests/{id}/copy"));
    owner.submit(&page, "/copy", &[("name", "Marie"), ("address", "2 Side Street\nLyon")]);
    assert_eq!(committee.told(STAFF, "copy-asked").len(), 1, "staff have been told already");
    // Whoever printed the label before is told to print it anew.
    let refused = committee.browser(STAFF).submit(&before, "/printed", &[]);
    assert_eq!(refused.status, 409);
    assert!(refused.text().contains("given another address"), "{}", refused.text());
    assert!(refused.has_link(&format!("/requests/{id}/posting")));
    assert!(committee.posting(id).text().contains("2 Side Street"));

    let page = committee.copy_page(id);
    let status = owner.submit(&page, "/take-back", &[]);
    assert!(status.text().contains("No physical copy is posted") && status.text().contains("If the funder wants"));
    assert_eq!(committee.in_queue(id), (false, false));
    assert!(committee.posting(id).text().contains("The applicant took the wish back"));
    committee.ask(id);
    committee.press(id, "/printed", &[]);
    for (action, fields) in [("/take-back", vec![]), ("/copy", ADDRESS.to_vec())] {
        let refused = owner.submit(&late, action, &fields);
        assert_eq!(refused.status, 409, "{action}: {}", refused.text());
        assert!(refused.text().contains("is printed and goes into the post"), "{}", refused.text());
    }
    let page = committee.copy_page(id);
    assert!(!page.has_form("/copy") && !page.has_form("/take-back") && page.text().contains("write to"));
}

#[test]
fn of_two_people_who_do_it_at_once_one_is_told_how_it_stands() {
    let committee = Committee::new();
    let id = committee.issued();
    committee.ask(id);
    let colleague = committee.colleague();
    let (mine, theirs) = (committee.posting(id), colleague.get(&format!("/requests/{id}/posting")));
    let staff = committee.browser(STAFF);
    std::thread::scope(|scope| {
        let one = scope.spawn(|| staff.submit(&mine, "/printed", &[]).status);
        let other = scope.spawn(|| colleague.submit(&theirs, "/printed", &[]).status);
        let mut statuses = [one.join().unwrap(), other.join().unwrap()];
        statuses.sort_unstable();
        assert_eq!(statuses, [200, 409]);
    });
    let (mine, theirs) = (committee.posting(id), colleague.get(&format!("/requests/{id}/posting")));
    std::thread::scope(|scope| {
        let one = scope.spawn(|| staff.submit(&mine, "/posted", POSTING).status);
        let other = scope.spawn(|| colleague.submit(&theirs, "/posted", POSTING).status);
        let mut statuses = [one.join().unwrap(), other.join().unwrap()];
        statuses.sort_unstable();
        assert_eq!(statuses, [200, 409]);
    });
    assert_eq!(committee.told(APPLICANT, "copy-posted").len(), 1);
    let late = colleague.submit(&theirs, "/posted", &[("carrier", "Another")]);
    assert!(late.status == 409 && late.text().contains("has been posted"), "{}", late.text());
    assert!(committee.told(COLLEAGUE, "copy-posted").is_empty());
}

#[test]
fn what_came_back_is_told_to_the_applicant_who_asks_again_and_staff_can_send_it_there_again() {
    let committee = Committee::new();
    let id = committee.issued();
    committee.ask(id);
    committee.press(id, "/printed", &[]);
    committee.press(id, "/posted", POSTING);
    assert_eq!(committee.press(id, "/returned", &[]).status, 422, "a remark is needed");
    let page = committee.press(id, "/returned", &[("remark", "Moved, no new address.")]);
    assert!(page.text().contains("The applicant looks at the address") && page.has_form("/again"), "{}", page.text());
    let mails = committee.told(APPLICANT, "copy-returned");
    assert!(mails.len() == 1 && mails[0].contains("Moved, no new address."), "{mails:?}");
    assert!(mails[0].contains(&format!("/requests/{id}/copy")), "{mails:?}");
    assert!(committee.status(id).contains("The physical copy came back. Next, you look at the address"));
    assert_eq!(committee.in_queue(id), (false, false), "it is the applicant's turn");

    let again = committee.posting(id);
    let owner = committee.browser(APPLICANT);
    let copy = committee.copy_page(id);
    assert!(copy.text().contains("Ask for it again") && copy.text().contains("Moved, no new address."));
    owner.submit(&copy, "/copy", &[("name", "Review panel"), ("address", "9 New Street")]);
    assert_eq!(committee.in_queue(id), (true, true));
    let late = committee.browser(STAFF).submit(&again, "/again", &[]);
    assert!(late.status == 409 && late.text().contains("not been printed yet"), "{}", late.text());
    committee.press(id, "/printed", &[]);
    committee.press(id, "/posted", POSTING);
    assert_eq!(committee.told(APPLICANT, "copy-posted").len(), 2, "one for each time it is posted");

    committee.press(id, "/returned", &[("remark", "Box full.")]);
    let page = committee.press(id, "/again", &[]);
    assert!(page.text().contains("Print the letter and its label") && page.text().contains("9 New Street"));
    assert!(page.text().contains("Moved, no new address.") && page.text().contains("Box full."), "{}", page.text());
    assert_eq!(committee.in_queue(id), (true, true));
}

#[test]
fn a_new_version_takes_an_open_wish_over_and_what_was_printed_is_printed_anew() {
    let committee = Committee::new();
    let id = committee.issued();
    committee.ask(id);
    let seen = committee.posting(id);
    let renew = |id| {
        let why = [("version_reason", "A misprint.")];
        let editor = committee.browser(STAFF).submit(&committee.versions(id), "/letter/version", &why);
        committee.browser(STAFF).submit(&editor, "/letter", &[("check", "yes")]);
        committee.let_go(id);
    };
    renew(id);
    assert_eq!(committee.in_queue(id), (true, true), "the wish goes on");
    let refused = committee.browser(STAFF).submit(&seen, "/printed", &[]);
    assert!(refused.status == 409 && refused.text().contains("print the new version"), "{}", refused.text());
    committee.press(id, "/printed", &[]);
    renew(id);
    let page = committee.posting(id);
    assert!(page.text().contains("The print no longer counts") && !page.has_form("/posted"), "{}", page.text());
    assert!(committee.browser(STAFF).get("/queue").text().contains("Copy to be printed"));
    committee.press(id, "/printed", &[]);
    committee.press(id, "/posted", POSTING);
    renew(id);
    assert!(committee.status(id).contains("The physical copy was posted"), "what is posted stays so");
    assert_eq!(committee.in_queue(id), (false, false));
}

#[test]
fn a_revoked_letter_ends_the_wish_for_good() {
    let committee = Committee::new();
    let id = committee.issued();
    committee.ask(id);
    committee.press(id, "/printed", &[]);
    let seen = committee.posting(id);
    committee.world.wait(TimeDelta::minutes(1));
    let wish = [("revoke_reason", "Sent in error.")];
    committee.browser(STAFF).submit(&committee.versions(id), "/letter/revoke", &wish);
    let page = committee.colleague().get(&format!("/requests/{id}/letter"));
    committee.colleague().submit(&page, "/revoke/confirm", &[]);

    let refused = committee.browser(STAFF).submit(&seen, "/posted", POSTING);
    assert_eq!(refused.status, 409);
    assert!(refused.text().contains("Do not post it"), "{}", refused.text());
    assert!(committee.posting(id).text().contains("Do not post it"));
    assert!(committee.status(id).contains("none is posted"));
    let page = committee.copy_page(id);
    assert!(page.status == 200 && !page.has_form("/copy"), "{}", page.text());
    let owner = committee.browser(APPLICANT);
    let form_token = token(&owner.get("/requests/new"));
    let asked =
        owner.post(&format!("/requests/{id}/copy"), &[&[("form_token", form_token.as_str())], ADDRESS].concat());
    assert!(asked.status == 409 && asked.text().contains("has been revoked"), "{}", asked.text());
    assert_eq!(committee.in_queue(id), (false, false));
    assert_eq!(committee.label(&format!("/requests/{id}/posting/label.pdf")).status, 404);

    // With a new letter the wish does not come back by itself; it can be asked for anew.
    committee.world.wait(TimeDelta::minutes(1));
    let why = [("version_reason", "Support stands.")];
    let editor = committee.browser(STAFF).submit(&committee.versions(id), "/letter/version", &why);
    committee.browser(STAFF).submit(&editor, "/letter", &[("check", "yes")]);
    committee.let_go(id);
    assert_eq!(committee.in_queue(id), (false, false));
    assert!(committee.copy_page(id).text().contains("There is a new letter"));
    committee.ask(id);
    assert_eq!(committee.in_queue(id), (true, true));
}

#[test]
fn the_label_is_one_small_page_that_bears_name_address_and_reference_and_taking_it_changes_nothing() {
    let committee = Committee::new();
    let id = committee.issued();
    let path = format!("/requests/{id}/posting/label.pdf");
    let none = committee.label(&path);
    assert!(none.status == 404 && none.has_link(&format!("/requests/{id}/posting")), "{}", none.text());
    let owner = committee.browser(APPLICANT);
    let evil = "#panic(\"no\") $1$ *x* `y`\n[Springfield] @a\nÉtats-Unis";
    owner.submit(&committee.copy_page(id), "/copy", &[("name", "Ms O’Neill & <Co>"), ("address", evil)]);
    let label = committee.label(&path);
    assert_eq!((label.status, label.header("content-type")), (200, "application/pdf"));
    let reference = committee.reference(id);
    assert_eq!(label.header("content-disposition"), format!("attachment; filename=\"address-label-{reference}.pdf\""));
    if let Some(text) = read_back(&label.bytes) {
        for words in ["Ms O’Neill & <Co>", "#panic(\"no\") $1$ *x* `y`", "[Springfield] @a", "États-Unis", &reference]
        {
            assert!(text.contains(words), "{words}: {text}");
        }
        assert!(
            text.contains("IIIF Consortium") && !text.contains("iiif.io"),
            "the sender, who may get it back: {text}"
        );
    }
    if let Some((size, pages)) = pages_of(&label.bytes) {
        // 99.1 × 67.7 mm in points.
        assert!(size.starts_with("280.9") && size.contains("x 191.9") && pages == 1, "{size}, {pages}");
    }
    assert!(committee.posting(id).has_form("/printed"), "taking the label notes nothing");
    // Eight lines fit in smaller type.
    let rows = (1..=8).map(|n| format!("{n} Avenue de la République, bâtiment B")).collect::<Vec<_>>().join("\n");
    let status = owner.submit(&committee.copy_page(id), "/copy", &[("name", "Panel"), ("address", &rows)]);
    assert_eq!(status.status, 200, "{}", status.text());
    let label = committee.label(&path);
    if let Some((_, pages)) = pages_of(&label.bytes) {
        assert_eq!(pages, 1);
    }
    if let Some(text) = read_back(&label.bytes) {
        assert!(text.contains("8 Avenue de la République"), "{text}");
    }
}

#[test]
fn all_labels_that_wait_are_one_file_for_staff_without_those_closed_to_them() {
    let committee = Committee::new();
    assert_eq!(committee.label("/queue/labels.pdf").status, 404);
    let of_seat = committee.with_letter_for(committee.request_with(PLAIN, Some(2)));
    let ids = [of_seat, committee.issued(), committee.issued()];
    for (id, name) in ids.iter().zip(["Ada", "Bea", "Cleo"]) {
        let owner = committee.browser(APPLICANT);
        owner.submit(&committee.copy_page(*id), "/copy", &[("name", name), ("address", "1 Main Street")]);
    }
    committee.press(ids[1], "/printed", &[]);
    let queue = committee.browser(STAFF).get("/queue?stage=to_post");
    assert!(queue.text().contains("Copies to be posted (3)") && queue.has_link("/queue/labels.pdf"));
    let labels = committee.label("/queue/labels.pdf");
    let today = committee.world.now().date_naive();
    let name = format!("attachment; filename=\"address-labels-{today}.pdf\"");
    assert_eq!(labels.header("content-disposition"), name);
    if let (Some(text), Some((_, pages))) = (read_back(&labels.bytes), pages_of(&labels.bytes)) {
        assert!(pages == 3 && ["Ada", "Bea", "Cleo"].iter().all(|name| text.contains(name)), "{pages}: {text}");
    }
    // A member of staff who acts for the seat of the applicant's institution sees and prints the others alone.
    let both = member(2);
    committee.make_staff(&both);
    let browser = committee.browser(&both);
    assert!(browser.get("/queue?stage=to_post").text().contains("Copies to be posted (2)"));
    let labels = browser.get("/queue/labels.pdf");
    if let Some(text) = read_back(&labels.bytes) {
        assert!(!text.contains("Ada") && text.contains("Bea"), "{text}");
    }
    assert_eq!(browser.get(&format!("/requests/{}/posting", ids[0])).status, 403);
    // Other members see nothing of it in their list.
    let members = committee.browser(&member(1)).get("/queue");
    assert!(!members.text().contains("Copies to be posted"), "{}", members.text());
}

#[test]
fn it_is_nobody_elses_and_nothing_before_the_letter() {
    let committee = Committee::new();
    let id = committee.adopted();
    let early = committee.copy_page(id);
    assert_eq!(early.status, 409);
    assert!(early.text().contains("Once it is issued") && early.has_link(&format!("/requests/{id}")));
    let staff = committee.posting(id);
    assert!(staff.status == 404 && staff.text().contains("no letter yet"), "{}", staff.text());
    let other = committee.browser(&member(1)).get(&format!("/requests/{id}/copy"));
    assert_eq!(other.status, 404, "a member is not the applicant");
    assert_eq!(committee.browser(&member(1)).get(&format!("/requests/{id}/posting")).status, 403);
    assert_eq!(committee.browser(APPLICANT).get(&format!("/requests/{id}/posting")).status, 403);
}
