//! What becomes of a letter that is out: a later version takes its place, or two people take it back; whoever checks it
//! is told at once.

use letters::ids::RequestId;
use letters::workflow::stage::StageName;

use crate::harness::Page;
use crate::review::world::{APPLICANT, Committee, STAFF};
use crate::whole_story::TICKS;

const WHY: &str = "The title had a misprint.";

impl Committee {
    /// A request whose letter is out.
    fn with_letter(&self) -> RequestId {
        self.with_letter_for(self.request())
    }

    /// The same for this request.
    pub fn with_letter_for(&self, id: RequestId) -> RequestId {
        let id = self.adopt(id);
        self.release(id);
        self.letter_ready(id);
        self.let_go(id);
        assert_eq!(self.stage(id), StageName::Issued);
        id
    }

    /// The second person issues what waits.
    pub fn let_go(&self, id: RequestId) {
        let issued = self.colleague().submit(&self.second_look(id), "/letter/issue", TICKS);
        assert!(issued.text().contains("The letter is issued"), "{}", issued.text());
    }

    pub fn versions(&self, id: RequestId) -> Page {
        self.browser(STAFF).get(&format!("/requests/{id}/letter/versions"))
    }

    /// The code of the letter that is in force.
    pub fn code(&self, id: RequestId) -> String {
        use diesel::prelude::*;
        use letters::store::schema::letters;
        let code = self.world.store().read_now(move |view| {
            let code: Option<String> = letters::table
                .filter(letters::request_id.eq(id).and(letters::state.eq("issued")))
                .select(letters::code)
                .first(view.connection())?;
            Ok(code)
        });
        code.unwrap().unwrap()
    }

    pub fn verdict(&self, code: &str) -> Page {
        self.world.browser().get(&format!("/verify?code={code}"))
    }
}

#[test]
fn a_letter_whose_date_has_passed_is_looked_at_anew_without_changing_a_word() {
    let committee = Committee::new();
    let id = committee.adopted();
    committee.release(id);
    let check = committee.letter_ready(id);
    let staff = committee.browser(STAFF);
    let passed_on = staff.submit(&check, "/letter/pass-on", TICKS);
    assert!(!passed_on.has_form("/letter/pass-on"), "it waits for a colleague");
    committee.world.wait(chrono::TimeDelta::days(8));
    // Both can go on from the page: whoever wrote it passes it on with the new date, or the second issues it as it is.
    let own = committee.browser(STAFF).get(&format!("/requests/{id}/letter/check"));
    assert!(own.has_form("/letter/pass-on") && !own.text().contains("Waits for a second person"), "{}", own.text());
    committee.let_go(id);
    assert_eq!(committee.stage(id), StageName::Issued);
}

#[test]
fn a_later_version_takes_the_place_of_the_letter_when_it_is_issued() {
    let committee = Committee::new();
    let id = committee.with_letter();
    let first = committee.code(id);
    let applicant = committee.browser(APPLICANT);
    assert_eq!(applicant.get(&format!("/requests/{id}/letter.pdf")).status, 200);
    assert_eq!(committee.stage(id), StageName::Delivered);

    let staff = committee.browser(STAFF);
    let page = committee.versions(id);
    let refused = staff.submit(&page, "/letter/version", &[("version_reason", " ")]);
    assert_eq!(refused.status, 422, "{}", refused.text());
    let editor = staff.submit(&page, "/letter/version", &[("version_reason", WHY)]);
    assert!(editor.text().contains("A new version") && editor.text().contains("it takes the place of"));
    assert_eq!(committee.verdict(&first).first("main h2"), "This letter is genuine and in force", "still");
    let check = staff.submit(&editor, "/letter", &[("check", "yes")]);
    assert!(check.text().contains("-2"), "the new version has a number of its own: {}", check.text());
    committee.let_go(id);

    let second = committee.code(id);
    assert_ne!(first, second);
    let verdict = committee.verdict(&first);
    assert_eq!(verdict.first("main h2"), "A later version has taken this letter’s place");
    assert!(verdict.text().contains("it was replaced on"), "{}", verdict.text());
    assert_eq!(committee.verdict(&second).first("main h2"), "This letter is genuine and in force");
    assert_eq!(committee.stage(id), StageName::Issued, "the new one has not been downloaded yet");
    let mails = committee.told(APPLICANT, "letter-ready");
    assert!(mails.len() == 2 && mails[1].contains("takes the place of"), "{mails:?}");
    let page = committee.versions(id);
    assert!(page.text().contains("Superseded on") && page.text().contains(WHY), "{}", page.text());
}

#[test]
fn a_version_that_was_begun_can_be_thrown_away() {
    let committee = Committee::new();
    let id = committee.with_letter();
    let staff = committee.browser(STAFF);
    let editor = staff.submit(&committee.versions(id), "/letter/version", &[("version_reason", WHY)]);
    let page = staff.submit(&editor, "/letter/version/drop", &[]);
    assert!(page.text().contains("The new version is thrown away"), "{}", page.text());
    assert_eq!(committee.verdict(&committee.code(id)).first("main h2"), "This letter is genuine and in force");
    let again = staff.submit(&editor, "/letter/version/drop", &[]);
    assert_eq!(again.status, 200, "the same form sent twice is answered as the first");
}

#[test]
fn a_letter_is_taken_back_by_two_people_and_whoever_checks_it_is_told_at_once() {
    let committee = Committee::new();
    let id = committee.with_letter();
    let code = committee.code(id);
    let (staff, colleague) = (committee.browser(STAFF), committee.colleague());
    let page = committee.versions(id);
    assert_eq!(staff.submit(&page, "/letter/revoke", &[("revoke_reason", "")]).status, 422);
    let page = staff.submit(&page, "/letter/revoke", &[("revoke_reason", "It was meant for another call.")]);
    assert!(page.text().contains("a colleague confirms it"), "{}", page.text());
    assert!(!page.has_form("/revoke/confirm"), "nobody confirms their own wish");
    assert_eq!(committee.verdict(&code).first("main h2"), "This letter is genuine and in force", "not yet");
    assert_eq!(committee.told("colleague@iiif.example", "letter-revocation").len(), 1);

    let token = page.body.split("form_token\" value=\"").nth(1).and_then(|rest| rest.split('"').next()).unwrap();
    let own = staff.post(&format!("/requests/{id}/letter/revoke/confirm"), &[("form_token", token)]);
    assert!(own.status == 409 && own.text().contains("somebody else of staff confirms"), "{}", own.text());

    let seen = colleague.get(&format!("/requests/{id}/letter"));
    let done = colleague.submit(&seen, "/revoke/confirm", &[]);
    assert!(done.text().contains("The letter is revoked"), "{}", done.text());
    assert_eq!(committee.stage(id), StageName::Revoked);
    let verdict = committee.verdict(&code);
    assert_eq!(verdict.first("main h2"), "This letter has been revoked");
    assert!(!verdict.text().contains("another call"), "the reason is not public");
    let mails = committee.told(APPLICANT, "letter-revoked");
    assert!(mails.len() == 1 && mails[0].contains("It was meant for another call."), "{mails:?}");
    let applicant = committee.browser(APPLICANT);
    let gone = applicant.get(&format!("/requests/{id}/letter.pdf"));
    assert!(gone.status == 404 && gone.text().contains("revoked"), "{}", gone.text());
    let status = applicant.get(&format!("/requests/{id}"));
    assert!(status.text().contains("Letter revoked") && !status.has_link(&format!("/requests/{id}/letter.pdf")));

    // What was taken back by mistake comes back as a new version.
    let editor = staff.submit(&committee.versions(id), "/letter/version", &[("version_reason", WHY)]);
    staff.submit(&editor, "/letter", &[("check", "yes")]);
    committee.let_go(id);
    assert_eq!(committee.stage(id), StageName::Issued);
    assert_eq!(committee.verdict(&code).first("main h2"), "This letter has been revoked", "for ever");
}

#[test]
fn a_wish_to_revoke_can_be_dropped_and_a_new_version_ends_it() {
    let committee = Committee::new();
    let id = committee.with_letter();
    let (staff, colleague) = (committee.browser(STAFF), committee.colleague());
    let wish = || staff.submit(&committee.versions(id), "/letter/revoke", &[("revoke_reason", WHY)]);
    wish();
    let seen = colleague.get(&format!("/requests/{id}/letter"));
    let kept = colleague.submit(&seen, "/revoke/drop", &[]);
    assert!(kept.text().contains("The letter stays in force"), "{}", kept.text());
    let late = colleague.submit(&seen, "/revoke/confirm", &[]);
    assert!(late.status == 409 && late.text().contains("Nobody has asked"), "{}", late.text());

    wish();
    let seen = colleague.get(&format!("/requests/{id}/letter"));
    let editor = staff.submit(&committee.versions(id), "/letter/version", &[("version_reason", WHY)]);
    staff.submit(&editor, "/letter", &[("check", "yes")]);
    committee.let_go(id);
    let late = colleague.submit(&seen, "/revoke/confirm", &[]);
    assert_eq!(late.status, 409, "the wish was about the version before: {}", late.text());
    assert_eq!(committee.stage(id), StageName::Issued);
}

#[test]
fn nothing_of_this_is_possible_before_a_letter_is_out() {
    let committee = Committee::new();
    let id = committee.adopted();
    committee.release(id);
    let staff = committee.browser(STAFF);
    assert_eq!(committee.versions(id).status, 404);
    let page = staff.get(&format!("/requests/{id}/letter"));
    let token = page.body.split("form_token\" value=\"").nth(1).and_then(|rest| rest.split('"').next()).unwrap();
    for (path, field) in [("version", "version_reason"), ("revoke", "revoke_reason")] {
        let refused = staff.post(&format!("/requests/{id}/letter/{path}"), &[("form_token", token), (field, WHY)]);
        assert_eq!(refused.status, 409, "{path}: {}", refused.text());
    }
    for path in ["version/drop", "revoke/confirm", "revoke/drop"] {
        let refused = staff.post(&format!("/requests/{id}/letter/{path}"), &[("form_token", token)]);
        assert_eq!(refused.status, 409, "{path}: {}", refused.text());
    }
}

#[test]
fn a_file_is_compared_byte_for_byte_and_never_kept() {
    let committee = Committee::new();
    let id = committee.with_letter();
    let file = committee.browser(STAFF).get(&format!("/requests/{id}/letter.pdf")).bytes;
    let funder = committee.world.browser();
    let says = |bytes: &[u8]| funder.post_file("/verify", "file", bytes).first("main h2");
    assert_eq!(says(&file), "This letter is genuine and in force");
    // One flipped bit anywhere, one byte more or less: another file.
    for place in [0, file.len() / 2, file.len() - 1] {
        let mut altered = file.clone();
        altered[place] ^= 1;
        assert_eq!(says(&altered), "This file is not one that the Consortium issued", "{place}");
    }
    assert_eq!(says(&file[..file.len() - 1]), "This file is not one that the Consortium issued");
    // A browser that hashes the file itself sends only the hash.
    let sha256 = letters::workflow::letter::rules::fingerprint(&file);
    let by_hash = funder.get(&format!("/verify?sha256={}", sha256.to_uppercase()));
    assert_eq!(by_hash.first("main h2"), "This letter is genuine and in force");
    assert!(by_hash.text().contains("byte for byte, what was issued"), "{}", by_hash.text());
    assert_eq!(by_hash.header("x-robots-tag"), "noindex, nofollow");

    let nothing = funder.post_file("/verify", "file", b"");
    assert!(nothing.status == 422 && nothing.text().contains("Choose the PDF file"), "{}", nothing.text());
    assert_eq!(funder.post_file("/verify", "other", &file).status, 422);
    assert_eq!(funder.post("/verify", &[("file", "x")]).status, 422);
    let large = funder.post_file("/verify", "file", &vec![b'a'; (10 << 20) + 1]);
    assert!(large.status == 422 && large.text().contains("larger than 10 MB"), "{}", large.text());
}

#[test]
fn a_download_that_broke_off_goes_on_and_is_noted_once() {
    let committee = Committee::new();
    let id = committee.with_letter();
    let path = format!("/requests/{id}/letter.pdf");
    let applicant = committee.browser(APPLICANT);
    let whole = applicant.get(&path);
    let tag = whole.header("etag").to_owned();
    assert_eq!(whole.header("accept-ranges"), "bytes");
    let rest = applicant.get_with(&path, &[("range", "bytes=1000-"), ("if-range", &tag)]);
    let length = whole.bytes.len();
    assert_eq!((rest.status, rest.header("content-range")), (206, &*format!("bytes 1000-{}/{length}", length - 1)));
    assert!(rest.bytes == whole.bytes[1000..]);
    assert_eq!(applicant.get_with(&path, &[("range", "bytes=9999999-")]).status, 416);
    let head = applicant.head(&path);
    assert_eq!((head.status, head.header("content-length")), (200, &*length.to_string()));
    let subject = id.to_string();
    let journal = committee.world.store().read_now(|view| letters::audit::store::history(view, &subject)).unwrap();
    assert_eq!(journal.iter().filter(|entry| entry.what == "letter-downloaded").count(), 1);
}
