//! What staff do with several requests at once: each for itself, once, and none that a conflict closes to them.

use std::io::{Cursor, Read};

use chrono::TimeDelta;
use diesel::prelude::*;
use letters::ids::RequestId;
use letters::store::schema::{audit_entries, seat_holders};
use letters::workflow::stage::StageName;

use crate::harness::{Browser, Page};
use crate::letter::read_back;
use crate::review::review;
use crate::review::world::{APPLICANT, Committee, PLAIN, STAFF, member};

/// The form of a list, sent with these requests chosen and this button pressed.
fn press(browser: &Browser, list: &Page, act: &str, ids: &[RequestId]) -> Page {
    let (target, mut fields) = list.form("/queue/chosen", &[("act", act)]);
    fields.retain(|(name, _)| name != "request");
    fields.extend(ids.iter().map(|id| ("request".to_owned(), id.to_string())));
    let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    browser.post(&target, &fields)
}

/// The line about a request on the page of what came of each.
fn line(page: &Page, reference: &str) -> String {
    let html = scraper::Html::parse_document(&page.body);
    let rows = scraper::Selector::parse("tbody tr").unwrap();
    let texts = html.select(&rows).map(|row| row.text().collect::<Vec<_>>().join(" "));
    let words = texts.map(|text| text.split_whitespace().collect::<Vec<_>>().join(" "));
    let found: Vec<String> = words.filter(|text| text.contains(reference)).collect();
    assert_eq!(found.len(), 1, "{reference}: {}", page.text());
    found[0].clone()
}

/// The names of the files in a ZIP, and the first of them.
fn unpacked(page: &Page) -> (Vec<String>, Vec<u8>) {
    assert_eq!((page.status, page.header("content-type")), (200, "application/zip"), "{}", page.text());
    let mut archive = zip::ZipArchive::new(Cursor::new(page.bytes.clone())).unwrap();
    let mut names: Vec<String> = archive.file_names().map(|name| name.unwrap().into_owned()).collect();
    names.sort();
    let mut first = Vec::new();
    archive.by_name(&names[0]).unwrap().read_to_end(&mut first).unwrap();
    (names, first)
}

impl Committee {
    fn written_to(&self, id: RequestId) -> i64 {
        let entries = audit_entries::table
            .filter(audit_entries::subject.eq(id.to_string()))
            .filter(audit_entries::what.eq("awaited-written-to"))
            .count();
        self.world.store().read_now(|view| Ok(entries.get_result(view.connection())?)).unwrap()
    }

    fn queue(&self) -> Page {
        self.browser(STAFF).get("/queue?stage=all")
    }

    /// Requests that wait for their seats, and their reviewers.
    fn under_review(&self, count: usize) -> Vec<RequestId> {
        let ids = (0..count).map(|_| self.request()).collect();
        self.world.see_to_duties();
        ids
    }

    /// A reviewer of the request asks its applicant a question.
    fn ask_about(&self, id: RequestId) {
        let browser = self.browser(&member(self.reviewers(id)[0]));
        let page = self.declare(&browser, id);
        let asked = browser.submit(&page, "/question", &[("question", "Why every map?")]);
        assert!(asked.text().contains("The question is asked"), "{}", asked.text());
    }

    /// A request that is not sent.
    fn draft(&self) -> RequestId {
        let owner = self.browser(APPLICANT);
        let path = owner.submit(&owner.get("/requests/new"), "/requests", &[]).path;
        path.split('/').nth(2).unwrap().parse().unwrap()
    }

    /// An issued letter of which a physical copy is asked for.
    fn with_copy(&self) -> RequestId {
        let id = self.with_letter_for(self.request());
        let owner = self.browser(APPLICANT);
        let page = owner.get(&format!("/requests/{id}/copy"));
        owner.submit(&page, "/copy", &[("name", "Review panel"), ("address", "1 Main Street")]);
        id
    }
}

#[test]
fn whoever_is_awaited_has_a_mail_and_for_the_rest_it_is_said_who_acts() {
    let committee = Committee::new();
    let held = committee.held_request();
    let ids = committee.under_review(3);
    let (asked, reviewed, voted) = (ids[0], ids[1], ids[2]);
    committee.ask_about(asked);
    let reviewers = committee.reviewers(reviewed);
    let first = committee.browser(&member(reviewers[0]));
    let page = committee.declare(&first, reviewed);
    first.submit(&page, "/review", &review("support", ""));
    let second = committee.browser(&member(reviewers[1]));
    committee.declare(&second, reviewed);
    committee.call_tally(voted, 5);
    committee.vote(voted, &member(5), "yes", "");

    let staff = committee.browser(STAFF);
    let page = press(&staff, &committee.queue(), "write", &[held, asked, reviewed, voted]);
    assert_eq!(page.status, 200, "{}", page.text());
    assert!(page.text().contains("Done for 3 of 4 requests."), "{}", page.text());
    let name = |id| committee.reference(id);
    let why = "Not done It came late and waits for staff. Admit it, or turn it down.";
    assert!(line(&page, &name(held)).contains(why), "{}", line(&page, &name(held)));
    assert!(page.has_link(&format!("/requests/{held}")));
    assert!(line(&page, &name(asked)).contains("Done Written to the applicant."), "{}", line(&page, &name(asked)));
    let seats = line(&page, &name(reviewed));
    for n in 1..=13 {
        let is_awaited = reviewers[1..].contains(&n);
        assert_eq!(seats.contains(&format!("Institution {n:02}")), is_awaited, "{n}: {seats}");
    }
    assert!(!line(&page, &name(voted)).contains("Institution 05"), "it has voted");

    let mails = committee.told(APPLICANT, "awaited-answer");
    assert_eq!(mails.len(), 1);
    for words in [&name(asked), "A fine project", "Please answer our question by 9 March 2026.", "Read our question"] {
        assert!(mails[0].contains(words), "{words}: {}", mails[0]);
    }
    let site = committee.world.address().to_owned();
    assert_eq!(mails[0].matches(&site).count(), 1, "one link: {}", mails[0]);
    assert!(mails[0].contains(&format!("{site}/requests/{asked}\n")), "{}", mails[0]);
    let theirs = |seat: usize, id| -> Vec<String> {
        let mails = committee.told(&member(seat), "awaited-seat");
        mails.into_iter().filter(|mail| mail.contains(&committee.reference(id))).collect()
    };
    assert!(theirs(reviewers[0], reviewed).is_empty(), "its review is in");
    let declared = theirs(reviewers[1], reviewed);
    assert_eq!(declared.len(), 1);
    for words in ["What:         Review\n", "Institution", "By the end of: Thursday 12 March 2026", "/review\n"] {
        assert!(declared[0].contains(words), "{words}: {}", declared[0]);
    }
    assert_eq!(declared[0].matches(&site).count(), 1, "{}", declared[0]);
    assert!(theirs(reviewers[2], reviewed)[0].contains("Say whether there is a conflict of interest, then review"));
    assert!(theirs(7, voted)[0].contains("What:         Vote\n") && theirs(5, voted).is_empty());
    let sent = committee.world.mails();
    let thread = |mail: &letters::workflow::delivery::message::Outgoing| mail.thread.clone().unwrap().to_string();
    let mail = sent.iter().find(|mail| mail.subject.as_str().contains("Your answer is awaited")).unwrap();
    assert!(thread(mail).contains(asked.as_str()));
    assert_eq!([held, asked, reviewed, voted].map(|id| committee.written_to(id)), [0, 1, 1, 1]);
    let history = staff.get(&format!("/requests/{asked}/motion")).text();
    assert!(history.contains("Staff wrote to whoever the request waited for."), "{history}");
}

#[test]
fn the_same_form_twice_writes_once_and_so_does_anybody_within_a_day() {
    let committee = Committee::new();
    let ids = committee.under_review(2);
    let staff = committee.browser(STAFF);
    let list = committee.queue();
    let first = press(&staff, &list, "write", &ids);
    let again = press(&staff, &list, "write", &ids);
    assert!(again.text().contains("Done for 2 requests."), "{}", again.text());
    assert_eq!(line(&first, &committee.reference(ids[0])), line(&again, &committee.reference(ids[0])));
    let refused = press(&committee.colleague(), &committee.colleague().get("/queue"), "write", &ids);
    assert!(refused.text().contains("Nothing was done."), "{}", refused.text());
    assert!(refused.text().contains("The next mail can go out at 3 March 2026"), "{}", refused.text());
    assert_eq!(ids.iter().map(|id| committee.written_to(*id)).collect::<Vec<_>>(), [1, 1]);
    let seat = member(committee.reviewers(ids[0])[0]);
    let mails = committee.told(&seat, "awaited-seat").len();
    committee.world.wait(TimeDelta::hours(24));
    assert!(press(&committee.browser(STAFF), &committee.queue(), "write", &ids).text().contains("Done for 2"));
    assert_eq!(committee.told(&seat, "awaited-seat").len(), 2 * mails);
}

#[test]
fn of_two_who_write_and_print_at_once_each_request_is_done_for_one_of_them() {
    let committee = Committee::new();
    let copy = committee.with_copy();
    let ids = committee.under_review(4);
    let (staff, colleague) = (committee.browser(STAFF), committee.colleague());
    for (act, chosen) in [("write", ids.clone()), ("print", vec![copy])] {
        let (mine, theirs) = (staff.get("/queue?stage=all"), colleague.get("/queue?stage=all"));
        let turned: Vec<RequestId> = chosen.iter().rev().copied().collect();
        let pages = std::thread::scope(|scope| {
            let one = scope.spawn(|| press(&staff, &mine, act, &chosen));
            let other = scope.spawn(|| press(&colleague, &theirs, act, &turned));
            [one.join().unwrap(), other.join().unwrap()]
        });
        for id in &chosen {
            let lines = pages.each_ref().map(|page| line(page, &committee.reference(*id)));
            let refused = lines.iter().filter(|line| line.contains("Not done")).count();
            assert_eq!(refused, 1, "{act}: {lines:?}");
        }
    }
    assert_eq!(ids.iter().map(|id| committee.written_to(*id)).collect::<Vec<_>>(), [1; 4]);
}

#[test]
fn copies_are_marked_printed_as_they_were_shown_and_a_refusal_stops_no_other() {
    let committee = Committee::new();
    let (first, second) = (committee.with_copy(), committee.with_copy());
    let without = committee.request();
    let list = committee.queue();
    assert!(list.text().contains("Mark the copies printed"), "{}", list.text());
    let owner = committee.browser(APPLICANT);
    let page = owner.get(&format!("/requests/{first}/copy"));
    owner.submit(&page, "/copy", &[("name", "Marie"), ("address", "2 Side Street")]);
    let staff = committee.browser(STAFF);
    let page = press(&staff, &list, "print", &[first, without, second]);
    assert!(page.text().contains("Done for 1 of 3 requests."), "{}", page.text());
    let name = |id| committee.reference(id);
    assert!(line(&page, &name(first)).contains("given another address"), "{}", line(&page, &name(first)));
    assert!(line(&page, &name(without)).contains("Nobody has asked for a physical copy"));
    assert!(line(&page, &name(second)).contains("Done Printed. Next, post it. Say when it is posted"));
    let posting = |id| staff.get(&format!("/requests/{id}/posting"));
    assert!(posting(second).has_form("/posted") && posting(first).has_form("/printed"));
    assert!(press(&staff, &list, "print", &[second]).text().contains("printed and waits to be posted"));
    assert!(press(&staff, &committee.queue(), "print", &[first]).text().contains("Done for 1 request."));
}

#[test]
fn requests_and_letters_are_taken_in_one_file_and_what_has_no_letter_is_told() {
    let committee = Committee::new();
    let letter = committee.with_letter_for(committee.request());
    let other = committee.request();
    let staff = committee.browser(STAFF);
    let list = committee.queue();
    let taken = press(&staff, &list, "requests", &[letter, other]);
    assert!(taken.header("content-disposition").contains("IIIF_requests_"), "{}", taken.text());
    let (names, pdf) = unpacked(&taken);
    assert_eq!(names, [letter, other].map(|id| format!("request-{}.pdf", committee.reference(id))));
    if let Some(text) = read_back(&pdf) {
        assert!(text.contains("A fine project") && text.contains(&committee.reference(letter)), "{text}");
    }

    let page = press(&staff, &list, "letters", &[letter, other]);
    assert!(page.text().contains("1 of 2 requests can be taken."), "{}", page.text());
    assert!(line(&page, &committee.reference(letter)).ends_with("In the file"));
    let why = line(&page, &committee.reference(other));
    assert!(why.contains("Not in it It has no letter."), "{why}");
    let file = page.links().into_iter().find(|link| link.starts_with("/letters.zip")).unwrap();
    assert_eq!(unpacked(&staff.get(&file)).0.len(), 1);
    let alone = press(&staff, &list, "letters", &[letter]);
    assert_eq!(unpacked(&alone).0, unpacked(&staff.get(&file)).0);
    let none = press(&staff, &list, "letters", &[other]);
    assert!(none.status == 200 && none.text().contains("There is nothing to take."), "{}", none.text());
    assert_eq!(staff.get(&format!("/letters.zip?request={other}")).status, 404);
    for address in ["/requests.zip", "/requests.zip?request=nonsense"] {
        assert_eq!(staff.get(address).status, 422, "{address}");
    }
}

#[test]
fn nothing_chosen_and_too_much_bring_the_same_list_back() {
    let committee = Committee::new();
    let ids = committee.under_review(2);
    let staff = committee.browser(STAFF);
    let list = staff.get("/queue?words=project&stage=under_review");
    assert_eq!(list.count("main input[type=checkbox][name=request]"), 0, "the search finds nothing");
    let list = staff.get("/queue?stage=under_review");
    let page = press(&staff, &list, "write", &[]);
    assert_eq!(page.status, 422);
    assert!(page.title().starts_with("Error: ") && page.text().contains("Choose at least one request."));
    assert_eq!(page.attribute("#request", "aria-describedby"), "request-error");
    assert_eq!(page.attribute("select[name=stage] option[selected]", "value"), "under_review");
    let unpressed = press(&staff, &list, "burn", &[ids[1]]);
    assert_eq!((unpressed.status, unpressed.count("input[name=request][checked]")), (422, 1), "the choice is kept");
    let many: Vec<RequestId> = (0..51).map(|_| RequestId::fresh()).collect();
    let page = press(&staff, &list, "write", &many);
    assert!(page.status == 422 && page.text().contains("at most 50 requests"), "{}", page.text());
    assert_eq!(ids.iter().map(|id| committee.written_to(*id)).sum::<i64>(), 0);
    assert_eq!(staff.get("/queue/chosen").path, "/queue");
}

#[test]
fn what_a_conflict_closes_is_not_there_and_members_choose_nothing() {
    let committee = Committee::new();
    let id = committee.request_with(PLAIN, Some(3));
    let other = committee.request();
    committee.world.see_to_duties();
    for seat in [3, 6] {
        committee.make_staff(&member(seat));
    }
    let torn = committee.browser(&member(6));
    let page = torn.get(&format!("/requests/{id}/review"));
    torn.submit(&page, "/conflict", &[("conflict", "conflict"), ("conflict_reason", "My project.")]);
    for seat in [3, 6] {
        let browser = committee.browser(&member(seat));
        let list = browser.get("/queue");
        let name = committee.reference(id);
        assert!(!list.text().contains(&name) && list.text().contains(&committee.reference(other)), "{}", list.text());
        let unknown = RequestId::fresh();
        let draft = committee.draft();
        let page = press(&browser, &list, "write", &[id, unknown, draft]);
        assert!(page.text().contains("Nothing was done.") && !page.text().contains(&name), "{}", page.text());
        assert_eq!(page.text().matches("There is no such request among those that you see.").count(), 3);
        let page = press(&browser, &list, "letters", &[id, unknown]);
        assert_eq!(page.text().matches("There is no such request among those that you see.").count(), 2);
        assert_eq!(browser.get(&format!("/requests.zip?request={id}")).status, 404);
    }
    assert_eq!((committee.written_to(id), committee.stage(id)), (0, StageName::Routed));
    let member = committee.browser(&member(7));
    let list = member.get("/queue");
    assert!(!list.has_form("/queue/chosen") && list.text().contains(&committee.reference(other)), "{}", list.text());
}

#[test]
fn a_held_mail_to_the_applicant_is_looked_at_first_and_a_seat_without_anybody_is_told() {
    let committee = Committee::new();
    let asked = committee.under_review(1)[0];
    committee.ask_about(asked);
    let staff = committee.browser(STAFF);
    let kinds = staff.get("/mails/held");
    staff.submit(&kinds, "/mails/held", &[("kind", "awaited-answer")]);
    let page = press(&staff, &committee.queue(), "write", &[asked]);
    assert!(page.text().contains("Staff look at the mail before it goes out."), "{}", page.text());
    assert!(!committee.world.mails().iter().any(|mail| mail.subject.as_str().contains("Your answer is awaited")));

    let id = committee.under_review(1)[0];
    let yesterday = committee.world.now().date_naive() - chrono::Days::new(1);
    let gone = diesel::update(seat_holders::table).set(seat_holders::until.eq(yesterday));
    committee.world.store().write_now(|tx| Ok(gone.execute(tx.connection())?)).unwrap();
    let page = press(&staff, &committee.queue(), "write", &[id]);
    assert!(page.text().contains("Nobody acts for the seats that are awaited."), "{}", page.text());
    assert!(page.has_link("/committee") && committee.written_to(id) == 0, "{}", page.text());
}
