//! Files that an applicant attaches: what is taken and refused, who reads them, what a question reopens, and what becomes
//! of files that belong to nothing.

use std::io::Write;
use std::path::PathBuf;

use chrono::TimeDelta;
use diesel::prelude::*;
use letters::store::schema::attachments;

use crate::harness::{Browser, Page, World};
use crate::request::filled;
use crate::review::world::{APPLICANT, Committee, STAFF, member};

const DOCX: &str = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";

/// A small PDF with this in its root.
pub fn pdf(entry: &str) -> Vec<u8> {
    let body = format!(
        "%PDF-1.7\n1 0 obj\n<</Type/Catalog/Pages 2 0 R{entry}>>\nendobj\n2 0 obj\n<</Type/Pages/Kids[]/Count 0>>\nendobj\n"
    );
    let table =
        "xref\n0 3\n0000000000 65535 f \n0000000009 00000 n \n0000000060 00000 n \ntrailer\n<</Size 3/Root 1 0 R>>";
    format!("{body}{table}\nstartxref\n{}\n%%EOF\n", body.len()).into_bytes()
}

fn docx(more: Option<&str>) -> Vec<u8> {
    let mut archive = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let stored = zip::write::SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
    let types = "<Types>wordprocessingml.document.main+xml</Types>";
    for (name, text) in
        [("[Content_Types].xml", types), ("word/document.xml", "<w/>")].into_iter().chain(more.map(|more| (more, "x")))
    {
        archive.start_file(name, stored).unwrap();
        archive.write_all(text.as_bytes()).unwrap();
    }
    archive.finish().unwrap().into_inner()
}

pub fn attach(browser: &Browser, path: &str, kind: &str, name: &str, bytes: &[u8]) -> Page {
    let page = browser.get(&format!("{path}/attachments"));
    assert_eq!(page.status, 200, "{}", page.text());
    browser.submit_files(&page, "/attachments", &[("kind", kind)], &[("file", name, bytes)])
}

/// Where a page leads to for a file of this name.
fn link(page: &Page, name: &str) -> String {
    let html = page.body.replace(['\n', '\r'], "");
    let before = html.split(&format!("><bdi>{name}</bdi></a>")).next().filter(|before| before.len() < html.len());
    let before = before.unwrap_or_else(|| panic!("no link to {name} in {}", page.text()));
    before.rsplit("href=\"").next().unwrap().trim_end_matches('"').to_owned()
}

fn send(browser: &Browser, path: &str) -> Page {
    let sent = browser.submit(&browser.get(&format!("{path}/check")), "/check", &[]);
    assert_eq!(sent.path, format!("{path}/sent"), "{}", sent.text());
    sent
}

/// The files in the depot of a world.
fn kept(world: &World) -> Vec<PathBuf> {
    let folder = world.app.service.config.data_folder.join("attachments");
    let folders = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).filter(|path| path.is_dir());
    folders.flat_map(|path| std::fs::read_dir(path).unwrap()).map(|entry| entry.unwrap().path()).collect()
}

/// A request with two files under review, for which the first reviewer's seat has declared.
struct Room {
    committee: Committee,
    path: String,
    seats: Vec<usize>,
}

impl Room {
    fn new() -> Self {
        let committee = Committee::new();
        let applicant = committee.browser(APPLICANT);
        let path = filled(&applicant);
        attach(&applicant, &path, "proposal", "Proposal.pdf", &pdf(""));
        attach(&applicant, &path, "call", "Call.txt", b"The text of the call");
        send(&applicant, &path);
        committee.world.see_to_duties();
        let id = path.rsplit('/').next().unwrap().parse().unwrap();
        let seats = committee.reviewers(id);
        committee.declare(&committee.browser(&member(seats[0])), id);
        Self { committee, path, seats }
    }

    fn get(&self, address: &str, rest: &str) -> Page {
        self.committee.browser(address).get(&format!("{}{rest}", self.path))
    }

    fn applicant(&self) -> std::sync::Arc<Browser> {
        self.committee.browser(APPLICANT)
    }

    /// Staff ask something that reopens the attachments; the page on which it is answered.
    fn reopen(&self) -> Page {
        let staff = self.committee.browser(STAFF);
        let fields = [("question", "Is this the newest draft?"), ("reopens", "attachments")];
        staff.submit(&self.get(STAFF, "/motion"), "/ask", &fields);
        self.question()
    }

    fn question(&self) -> Page {
        let question = self.get(APPLICANT, "").links().into_iter().find(|link| link.contains("/questions/")).unwrap();
        self.applicant().get(&question)
    }
}

#[test]
fn files_are_attached_shown_to_all_who_read_the_request_and_come_back_as_they_were() {
    let committee = Committee::new();
    let applicant = committee.browser(APPLICANT);
    let path = filled(&applicant);
    assert!(applicant.get(&path).text().contains("None is needed. Optional"), "{}", applicant.get(&path).text());
    let before = applicant.get(&format!("{path}/attachments"));
    assert!(before.text().contains("PDF, DOCX or TXT; at most 10 MB each, and at most 5 files"), "{}", before.text());
    assert!(before.header("content-security-policy").contains("connect-src 'self'"));
    assert!(!applicant.get(&path).header("content-security-policy").contains("connect-src"));

    let files = [
        ("proposal", "../drafts/Pro\u{202e}posal <3>.PDF", pdf(""), "Proposal _3_.pdf", "application/pdf"),
        ("letter", "Entwurf für Sie.docx", docx(None), "Entwurf für Sie.docx", DOCX),
        ("call", "call", b"\xef\xbb\xbfAppel \xc3\xa0 projets\n".to_vec(), "call.txt", "text/plain; charset=utf-8"),
    ];
    for (kind, given, bytes, name, _) in &files {
        let page = attach(&applicant, &path, kind, given, bytes);
        assert_eq!((page.status, page.path.as_str()), (200, format!("{path}/attachments").as_str()), "{}", page.text());
        assert!(page.text().contains(&format!("“{name}” is attached.")), "{}", page.text());
    }
    assert!(applicant.get(&path).text().contains("3 files Completed"));
    let check = applicant.get(&format!("{path}/check"));
    assert!(check.text().contains("Draft proposal Proposal _3_.pdf PDF, "), "{}", check.text());
    send(&applicant, &path);
    committee.world.see_to_duties();
    let id = path.rsplit('/').next().unwrap().parse().unwrap();
    let seat = committee.browser(&member(committee.reviewers(id)[0]));
    let pages = [
        (applicant.clone(), applicant.get(&path)),
        (seat.clone(), committee.declare(&seat, id)),
        (committee.browser(STAFF), committee.browser(STAFF).get(&format!("{path}/motion"))),
    ];
    for (browser, page) in pages {
        for (_, _, bytes, name, kind) in &files {
            let link = link(&page, name);
            let file = browser.get_only(&link);
            assert!(file.status == 200 && file.bytes == *bytes, "{name}: {}", file.status);
            let header = |name| file.header(name);
            assert_eq!(header("content-type"), *kind);
            assert_eq!((header("x-content-type-options"), header("cache-control")), ("nosniff", "private, no-store"));
            assert!(
                header("content-disposition").starts_with("attachment; filename=\""),
                "{}",
                header("content-disposition")
            );
            assert!(header("content-security-policy").starts_with("sandbox; default-src 'none'"));
            assert_eq!(
                (header("content-length"), header("content-encoding")),
                (bytes.len().to_string().as_str(), "identity")
            );
            let head = browser.head(&link);
            assert_eq!(
                (head.status, head.bytes.len(), head.header("content-length")),
                (200, 0, header("content-length"))
            );
            for purpose in ["image", "iframe", "script", "embed", "object", "style"] {
                assert_eq!(browser.get_with(&link, &[("sec-fetch-dest", purpose)]).status, 403, "{purpose}");
            }
        }
    }
    let gzip = applicant.get_with(&link(&applicant.get(&path), "call.txt"), &[("accept-encoding", "gzip")]);
    assert_eq!(gzip.header("content-encoding"), "identity", "it is sent as it is");
    let page = applicant.get(&format!("{path}/attachments"));
    assert_eq!(page.status, 409, "it was sent: {}", page.text());
    assert!(committee.browser(STAFF).get(&format!("{path}/motion")).text().contains("A file was attached."));
}

#[test]
fn what_is_not_taken_is_refused_in_words_and_the_rest_stays() {
    let committee = Committee::new();
    let applicant = committee.browser(APPLICANT);
    let path = filled(&applicant);
    attach(&applicant, &path, "letter", "Letter.txt", b"Dear all");
    let locked = String::from_utf8(pdf("")).unwrap().replace("/Root", "/Encrypt<<>>/Root");
    let cases: [(&str, Vec<u8>, &str); 9] = [
        ("x.pdf", pdf("/Names<</J#61vaScript 2 0 R>>"), "This PDF holds a program (JavaScript)"),
        ("x.pdf", pdf("/OpenAction<</S/Launch>>"), "This PDF holds a command that starts a program"),
        ("x.pdf", locked.into_bytes(), "locked with a password"),
        ("x.pdf", pdf("")[..80].to_vec(), "broken, cut off"),
        ("x.docx", docx(Some("word/vbaProject.bin")), "macros"),
        ("x.pdf", b"\x89PNG\r\n\x1a\n".to_vec(), "This is neither a PDF, a Word document (DOCX) nor plain text (TXT)."),
        ("x.txt", b"Bj\xf6rk".to_vec(), "not in UTF-8"),
        ("x.txt", Vec::new(), "This file is empty"),
        ("x.txt", vec![b'a'; (10 << 20) + 1], "This file is larger than 10 MB"),
    ];
    for (name, bytes, says) in cases {
        let page = attach(&applicant, &path, "call", name, &bytes);
        assert_eq!(page.status, 422, "{says}: {}", page.text());
        assert!(page.first("#file-error").contains(says) && page.first(".errors").contains(says), "{}", page.text());
        assert_eq!(page.attribute("select#kind option[selected]", "value"), "call", "what was chosen stays");
        assert!(page.title().starts_with("Error: ") && page.text().contains("Letter.txt"), "{}", page.text());
        assert!(page.header("content-security-policy").contains("connect-src 'self'"));
    }
    let page = applicant.get(&format!("{path}/attachments"));
    let page = applicant.submit_files(&page, "/attachments", &[], &[]);
    assert!(page.first("#kind-error").contains("Choose what the file is."), "{}", page.text());
    assert!(page.first("#file-error").contains("Choose a file."), "both at once: {}", page.text());
    let again = attach(&applicant, &path, "other", "Same.txt", b"Dear all");
    assert!(again.first("#file-error").contains("attached already, as “Letter.txt”"), "{}", again.text());
    // Ten MB are taken, to the byte.
    assert_eq!(attach(&applicant, &path, "call", "Long.txt", &vec![b'a'; 10 << 20]).status, 200);
    // A form that shows nothing of ours is not read at all.
    let foreign = applicant.post_file(&format!("{path}/attachments"), "file", &pdf(""));
    assert_eq!(foreign.status, 403, "{}", foreign.text());
    let plain = applicant.submit(&applicant.get(&format!("{path}/attachments")), "/attachments", &[("kind", "call")]);
    assert_eq!((plain.status, plain.first("#file-error").contains("Choose a file.")), (422, true));
    let left = kept(&committee.world);
    assert!(left.iter().all(|path| !path.to_string_lossy().contains("arriving")), "{left:?}");
}

#[test]
fn two_at_once_do_not_pass_five_files_and_one_form_sent_twice_attaches_one() {
    let committee = Committee::new();
    let applicant = committee.browser(APPLICANT);
    let path = filled(&applicant);
    for n in 0..3 {
        attach(&applicant, &path, "other", &format!("{n}.txt"), format!("Number {n}").as_bytes());
    }
    let page = applicant.get(&format!("{path}/attachments"));
    let four =
        |page: &Page| applicant.submit_files(page, "/attachments", &[("kind", "call")], &[("file", "4.txt", b"four")]);
    assert_eq!((four(&page).status, four(&page).status), (200, 200));
    assert_eq!(applicant.get(&format!("{path}/attachments")).count(".files li"), 4, "the second sending did nothing");

    let answers: Vec<u16> = std::thread::scope(|scope| {
        let send = |n: usize| {
            let (browser, path) = (applicant.same(), path.clone());
            scope.spawn(move || attach(&browser, &path, "other", "five.txt", format!("five {n}").as_bytes()).status)
        };
        let sent: Vec<_> = (0..4).map(send).collect();
        sent.into_iter().map(|one| one.join().unwrap()).collect()
    });
    assert_eq!(answers.iter().filter(|status| **status == 200).count(), 1, "{answers:?}");
    let page = applicant.get(&format!("{path}/attachments"));
    assert_eq!((page.count(".files li"), page.has_form("/attachments")), (5, false));
    assert!(page.text().contains("5 files, which is the most"), "{}", page.text());

    // With one removed there is room again; a second press of the button is answered like the first.
    let action = format!("{}/take-off", link(&page, "0.txt"));
    let removed = applicant.submit(&page, &action, &[]);
    assert!(removed.text().contains("“0.txt” is removed.") && removed.has_form("/attachments"), "{}", removed.text());
    assert_eq!(applicant.submit(&page, &action, &[]).status, 200);
    assert_eq!(applicant.get(&link(&page, "0.txt")).status, 404);
}

#[test]
fn whoever_may_not_read_the_request_learns_of_no_file() {
    let room = Room::new();
    let committee = &room.committee;
    let file = link(&room.get(APPLICANT, ""), "Proposal.pdf");
    let [out, silent] = [member(room.seats[1]), member(room.seats[2])];
    let page = room.get(&out, "/review");
    assert!(!page.body.contains("Proposal.pdf"), "not before the declaration: {}", page.text());
    committee.browser(&out).submit(&page, "/conflict", &[("conflict", "conflict"), ("conflict_reason", "My project.")]);
    let refused = committee.browser(&out).get(&file);
    assert_eq!((refused.status, refused.first("h1").as_str()), (403, "Not for you to do"));
    for rest in ["/review", "/motion", "/discussion", "/record", "", "/attachments"] {
        let page = room.get(&out, rest);
        assert!(!page.body.contains("Proposal.pdf") && !page.body.contains("ttachments"), "{rest}: {}", page.text());
    }
    assert_eq!(committee.browser(&silent).get(&file).status, 403, "it declares first");
    assert_eq!(committee.world.signed_in("other@example.org").get(&file).status, 404);
    assert!(committee.world.browser().get_only(&file).header("location").starts_with("/sign-in"));
    // The file of one request is none of another.
    let other = committee.request();
    let elsewhere = format!("/requests/{other}/attachments/{}", file.rsplit('/').next().unwrap());
    assert_eq!(room.applicant().get(&elsewhere).status, 404);
    assert_eq!(committee.browser(STAFF).get(&elsewhere).status, 404);
}

#[test]
fn a_draft_and_its_files_are_nobody_elses_business() {
    let committee = Committee::new();
    let applicant = committee.browser(APPLICANT);
    let path = filled(&applicant);
    let page = attach(&applicant, &path, "proposal", "Proposal.pdf", &pdf(""));
    let file = link(&page, "Proposal.pdf");
    for address in [STAFF.to_owned(), member(3)] {
        assert_eq!(committee.browser(&address).get(&file).status, 404, "{address}");
    }
    // Thrown away, it is gone for the applicant too.
    applicant.submit(&applicant.get(&format!("{path}/withdraw")), "/withdraw", &[]);
    assert_eq!(applicant.get(&file).status, 404);
}

#[test]
fn a_question_reopens_the_files_and_others_see_the_change_with_the_answer() {
    let room = Room::new();
    let applicant = room.applicant();
    let question = room.reopen();
    assert!(question.text().contains("Attachments Not changed"), "{}", question.text());
    let at = question.links().into_iter().find(|link| link.contains("/attachments?back=")).unwrap();
    let page = applicant.get(&at);
    let old = link(&page, "Proposal.pdf");
    let page = applicant.submit(&page, &format!("{old}/take-off"), &[]);
    assert!(page.text().contains("will be removed when you send your answer"), "{}", page.text());
    assert!(page.text().contains("Proposal.pdf To be removed"), "{}", page.text());
    let back = applicant.submit(&page, &format!("{old}/put-back"), &[]);
    assert!(back.text().contains("“Proposal.pdf” stays."), "{}", back.text());
    let page = applicant.submit(&back, &format!("{old}/take-off"), &[]);
    let page = applicant.submit_files(
        &page,
        "/attachments",
        &[("kind", "proposal")],
        &[("file", "Second.pdf", &pdf("/Lang(en)"))],
    );
    let new = link(&page, "Second.pdf");
    assert!(page.text().contains("Second.pdf New") && page.path == at, "{}: {}", page.path, page.text());
    let staff = room.committee.browser(STAFF);
    assert_eq!((staff.get(&new).status, staff.get(&old).status), (404, 200), "nothing has changed for others");
    assert!(
        !room.get(STAFF, "/motion").body.contains("Second.pdf") && !room.get(APPLICANT, "").body.contains("Second.pdf")
    );

    let question = room.question();
    assert!(question.text().contains("Attachments Changed"), "{}", question.text());
    let stale = question.form(&question.path, &[("answer", "Here.")]);
    applicant.submit_files(&applicant.get(&at), "/attachments", &[("kind", "other")], &[("file", "More.txt", b"More")]);
    let fields: Vec<(&str, &str)> = stale.1.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    assert_eq!(applicant.post(&stale.0, &fields).status, 409, "what is sent was looked at");
    let question = room.question();
    let done = applicant.submit(&question, &question.path, &[("answer", "Now it is.")]);
    assert!(done.text().contains("Your answer was sent."), "{}", done.text());

    assert_eq!((staff.get(&new).status, staff.get(&old).status), (200, 404));
    let says = "removed by the applicant with an answer on 2 March 2026.";
    for page in [room.get(STAFF, "/motion"), room.get(&member(room.seats[0]), "/review"), room.get(APPLICANT, "")] {
        assert!(page.text().contains("Proposal.pdf PDF, ") && page.text().contains(says), "{}", page.text());
        assert!(page.text().contains("Added with an answer on 2 March 2026."), "{}", page.text());
    }
    assert_eq!(applicant.get(&format!("{}/attachments", room.path)).status, 409, "it is closed again");
}

#[test]
fn files_that_belong_to_nothing_are_taken_away_after_a_day_and_never_while_one_is_being_kept() {
    let committee = Committee::new();
    let (world, applicant) = (&committee.world, committee.browser(APPLICANT));
    let (path, other) = (filled(&applicant), filled(&applicant));
    attach(&applicant, &path, "call", "Both.txt", b"in both requests");
    attach(&applicant, &other, "call", "Again.txt", b"in both requests");
    let page = attach(&applicant, &path, "call", "Gone.txt", b"to be removed");
    assert_eq!(kept(world).len(), 2, "the same bytes are one file");
    applicant.submit(&page, &format!("{}/take-off", link(&page, "Gone.txt")), &[]);
    let page = applicant.get(&format!("{path}/attachments"));
    applicant.submit(&page, &format!("{}/take-off", link(&page, "Both.txt")), &[]);
    world.wait(TimeDelta::hours(25));
    let busy = world.app.depot.busy().unwrap();
    world.see_to_duties();
    assert_eq!(kept(world).len(), 2, "somebody keeps a file at this moment");
    drop(busy);
    world.see_to_duties();
    assert_eq!(kept(world).len(), 1, "the one that the other request has stays");
    let rows = attachments::table.count();
    assert_eq!(world.store().read_now(|view| Ok(rows.get_result::<i64>(view.connection())?)).unwrap(), 1);
    let applicant = committee.browser(APPLICANT);
    let page = applicant.get(&format!("{other}/attachments"));
    assert_eq!(applicant.get(&link(&page, "Again.txt")).bytes, b"in both requests");
}

#[test]
fn a_file_that_is_missing_or_changed_is_a_fault_and_the_check_tells_which() {
    let committee = Committee::new();
    let applicant = committee.browser(APPLICANT);
    let path = filled(&applicant);
    let page = attach(&applicant, &path, "call", "Call.txt", b"The text of the call");
    let [file] = kept(&committee.world).try_into().unwrap();
    let wrong = || {
        let findings = letters::check::records(committee.world.store(), &committee.world.app.depot);
        findings.into_iter().find_map(|finding| finding.wrong.filter(|_| finding.what == "attachments"))
    };
    assert_eq!(wrong(), None);
    std::fs::write(&file, b"The text of the Call").unwrap();
    assert!(wrong().unwrap().ends_with(" has changed"));
    std::fs::remove_file(&file).unwrap();
    assert!(wrong().unwrap().ends_with(" is missing"));
    let gone = applicant.get(&link(&page, "Call.txt"));
    assert_eq!((gone.status, gone.first("h1").as_str()), (500, "Something broke on our side"));
    // Whoever attaches the same bytes again heals it.
    let other = filled(&applicant);
    attach(&applicant, &other, "call", "Call.txt", b"The text of the call");
    assert_eq!((wrong(), applicant.get(&link(&page, "Call.txt")).status), (None, 200));
}
