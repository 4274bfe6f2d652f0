//! Moments at which the forms of the service are on show. A new form of a page that is listed in the matrix is found at
//! the moment at which it shows; one that shows at a moment of its own needs that moment here.

use std::sync::Arc;

use chrono::TimeDelta;
use diesel::prelude::*;
use letters::ids::{MailId, RequestId};
use letters::store::schema::{outbox, requests};
use letters::workflow::delivery::retry::Reply;

use super::walk::{Tried, Walk, Who};
use crate::attachments::{attach, pdf};
use crate::harness::Page;
use crate::held_mails::{held, hold};
use crate::institutions::found;
use crate::request::filled;
use crate::review::review;
use crate::review::world::{APPLICANT, PLAIN, STAFF, member};
use crate::whole_story::{TICKS, ask};

/// The stories; each has a database of its own.
pub const ALL: [fn(&Tried); 4] = [around, from_draft_to_review, from_vote_to_answer, from_letter_to_post];

/// Begins a batch with names of which the last is nobody's.
const ROSTER: &str =
    "- name: Batch Y\n  start: 2031\n  term: 3\n  members:\n    - Yale University\n    - The BNF of Paris\n";
/// The applicant writes from the domain of seat 3, and has typed an institution that sounds like that of seat 7.
const TELLING: [(&str, &str); 2] = [
    (r#""contact_email":"marie@uni.example""#, r#""contact_email":"marie@seat03.example""#),
    ("University of Example", "Institution 07 of Example"),
];
/// So near that it is at risk.
const SHORT: &[(&str, &str)] = &[("deadline_date", "2026-03-24"), ("needed_by", "2026-03-22")];

/// What is about no request.
fn around(tried: &Tried) {
    let mut walk = Walk::new(tried);
    let committee = &walk.committee;
    committee.make_chair(&member(13));
    let staff = committee.browser(STAFF);
    let institution = found(&staff, "wellcome").rsplit('/').next().unwrap().to_owned();
    let seat = committee.seat(2).to_string();
    walk.acts(&member(3));
    walk.look_around(&[
        ("{institution}", &institution),
        ("{seat}", &seat),
        ("{kind}", "support"),
        ("{language}", "en"),
    ]);
    signing_in(&mut walk);
    members_and_committee(&mut walk, &institution);
    letterhead_and_mails(&mut walk);
    for setting in ["quorum", "own_institution", "reason_against", "zone"] {
        walk.open(Who::Staff, &format!("/policy/{setting}"));
    }

    let asked = "/queue?stage=all&words=fine";
    let queue = walk.open(Who::Staff, asked);
    walk.browser(Who::Staff).submit(&queue, "/queue/views", &[("view", "Fine ones")]);
    walk.open(Who::Staff, asked);
    let member = walk.browser(Who::Member);
    for (action, values) in [("/waiting/calendar", &[][..]), ("/waiting/daily", &[])] {
        member.submit(&member.get("/waiting"), action, values);
    }
    walk.open(Who::Member, "/waiting");
    walk.try_hidden_fields();
    vacant_seat(&mut walk);
}

fn signing_in(walk: &mut Walk<'_>) {
    let world = &walk.committee.world;
    let browser = Arc::new(world.browser());
    let address = "new@uni.example";
    let wait = browser.submit(&browser.get("/sign-in"), "/sign-in", &[("address", address)]);
    let confirm = browser.get(&world.sign_in_mail(address).link(world));
    let invited = Arc::new(world.browser());
    let invite = invited.get(&world.app.invite_staff("second@iiif.example".parse().unwrap()).unwrap());
    world.wait(TimeDelta::minutes(2));
    world.sign_in(&world.browser(), STAFF);
    walk.page_in(&browser, &wait);
    walk.page_in(&browser, &confirm);
    walk.page_in(&invited, &invite);
    walk.open(Who::Staff, "/account");
}

fn members_and_committee(walk: &mut Walk<'_>, institution: &str) {
    let staff = walk.browser(Who::Staff);
    let other = found(&staff, "yale").rsplit('/').next().unwrap().to_owned();
    walk.open(Who::Staff, &format!("/members/{institution}/merge?with={other}"));

    let file = staff.get("/members/institutions.yml").body;
    let file = file.replacen("- name: Yale University", "- name: Yale University and others", 1);
    let look = staff.submit(&staff.get("/members/import"), "/members/import", &[("file", &file)]);
    walk.page(Who::Staff, &look);
    let look = staff.submit(&staff.get("/committee/roster"), "/committee/roster", &[("file", ROSTER)]);
    walk.page(Who::Staff, &look);
}

fn vacant_seat(walk: &mut Walk<'_>) {
    let staff = walk.browser(Who::Staff);
    let seat = walk.committee.seat(1);
    let page = walk.open(Who::Staff, &format!("/committee/{seat}/give-up"));
    let typed = [("notice", "2026-02-01"), ("from", "2026-03-03"), ("reason", "It merges with another library.")];
    staff.submit(&page, "/give-up", &typed);
    walk.committee.world.wait(TimeDelta::days(2));
    let list = walk.browser(Who::Staff).get("/committee");
    let fill = list.links().into_iter().find(|link| link.ends_with("/fill")).unwrap();
    walk.open(Who::Staff, &fill);
}

fn letterhead_and_mails(walk: &mut Walk<'_>) {
    let staff = walk.browser(Who::Staff);
    let edit = staff.get("/letters/house/edit");
    let look = staff.submit_files(&edit, "/letters/house/edit", &[("signatory", "Ines Castellan")], &[]);
    walk.page(Who::Staff, &look);

    hold(&staff, &["request-question"]);
    let committee = &walk.committee;
    let id = committee.request();
    committee.world.see_to_duties();
    let seat = member(committee.reviewers(id)[0]);
    let reviewer = committee.browser(&seat);
    committee.declare(&reviewer, id);
    ask(&reviewer, &format!("/requests/{id}/review"), "How many of them?");
    committee.world.post.answer_next(Reply::Permanent("550 no such mailbox".to_owned()));
    committee.world.deliver();
    let mail = held(committee)[0];
    let failed = outbox::table.filter(outbox::state.eq("failed")).select(outbox::id);
    let failed: MailId = committee.world.store().read_now(|view| Ok(failed.first(view.connection())?)).unwrap();
    for mail in [mail, failed] {
        walk.open(Who::Staff, &format!("/outbox/{mail}"));
    }
}

/// A draft, a request that is held, and one under review with everything that can be open about it.
fn from_draft_to_review(tried: &Tried) {
    let mut walk = Walk::new(tried);
    let committee = &walk.committee;
    let applicant = committee.browser(APPLICANT);
    let empty = applicant.submit(&applicant.get("/requests/new"), "/requests", &[]).path;
    let draft = filled(&applicant);
    attach(&applicant, &draft, "proposal", "Proposal.pdf", &pdf(""));
    crate::request::save(&applicant, &draft, "funder", SHORT);
    let held = committee.held_request();
    for path in [empty, draft.clone()] {
        walk.look_at(path.split('/').nth(2).unwrap().parse().unwrap(), &[]);
    }
    walk.open(Who::Applicant, "/requests/new");
    walk.look_at(held, &["/motion"]);
    reopened(&mut walk, &draft);
    under_review(&mut walk);
}

/// A question has reopened parts of what was sent.
fn reopened(walk: &mut Walk<'_>, draft: &str) {
    let committee = &walk.committee;
    let applicant = walk.browser(Who::Applicant);
    let ticks = [("at_risk_confirmed", "yes")];
    let sent = applicant.submit(&applicant.get(&format!("{draft}/check")), "/check", &ticks);
    assert_eq!(sent.path, format!("{draft}/sent"), "{}", sent.text());
    committee.world.see_to_duties();
    let staff = walk.browser(Who::Staff);
    let question = [("question", "Is this the newest?"), ("reopens", "attachments")];
    staff.submit(&staff.get(&format!("{draft}/motion")), "/ask", &question);
    let status = applicant.get(draft);
    let question = status.links().into_iter().find(|link| link.contains("/questions/")).unwrap();
    let page = walk.open(Who::Applicant, &question);
    let files = page.links().into_iter().find(|link| link.contains("/attachments?back=")).unwrap();
    let page = walk.open(Who::Applicant, &files);
    let off = walk.browser(Who::Applicant).submit(&page, "/take-off", &[]);
    walk.page(Who::Applicant, &off);
    walk.look_at(draft.split('/').nth(2).unwrap().parse().unwrap(), &["/motion", "/edit/{section}"]);
}

fn under_review(walk: &mut Walk<'_>) {
    let committee = &walk.committee;
    let form = TELLING.iter().fold(PLAIN.to_owned(), |form, (from, to)| form.replace(from, to));
    let id = committee.request_with(Box::leak(form.into_boxed_str()), None);
    let long = "An open edition of every letter that the last harbour master wrote ".repeat(3);
    let names = (requests::title.eq(long.trim_end().to_owned()), requests::applicant_name.eq("שרה אלח׳טיב"));
    let change = diesel::update(requests::table.find(id)).set((names, requests::institution_name.eq("جامعة المثال")));
    committee.world.store().write_now(move |tx| Ok(change.execute(tx.connection())?)).unwrap();
    committee.make_chair(&member(13));
    committee.world.see_to_duties();
    let reviewers = committee.reviewers(id);
    let path = |rest: &str| format!("/requests/{id}/{rest}");
    let owner = committee.browser(APPLICANT);
    owner.submit(&owner.get(&path("people")), "/people", &[("address", "editor@uni.example"), ("level", "edit")]);
    let first = committee.browser(&member(reviewers[0]));
    let page = committee.declare(&first, id);
    ask(&first, &path("review"), "How many of them?");
    first.submit(&page, "/review", &review("object", "It commits to nothing."));
    let room = first.get(&path("discussion"));
    first.submit(&room, "/discussion", &[("audience", "committee"), ("body", "What do you think?")]);
    let look = first.submit(&room, "/discussion", &[("audience", "applicant"), ("body", "Tell us more.")]);
    let out = (1..=13).rev().find(|seat| !reviewers.contains(seat)).unwrap();
    let gone = committee.browser(&member(out));
    let declared = [("conflict", "conflict"), ("conflict_reason", "My project.")];
    gone.submit(&gone.get(&path("review")), "/conflict", &declared);

    walk.open(Who::Staff, "/queue?stage=all");
    walk.acts(&member(reviewers[0]));
    walk.page(Who::Member, &look);
    walk.look_at(id, &[]);
    walk.acts(&member(reviewers[1]));
    walk.look_at(id, &["/review"]);
    walk.committee.declare(&walk.browser(Who::Member), id);
    walk.look_at(id, &["/review"]);
    let applicant = walk.browser(Who::Applicant);
    let form = walk.open(Who::Applicant, &path("correct"));
    let look = applicant.submit(&form, "/correct", SHORT);
    walk.page(Who::Applicant, &look);
}

/// A vote, a vote without a quorum, an answer that is prepared, and one that is released.
fn from_vote_to_answer(tried: &Tried) {
    let mut walk = Walk::new(tried);
    let committee = &walk.committee;
    let (carried, without) = (committee.request(), committee.request());
    committee.world.see_to_duties();
    committee.call_tally(carried, 5);
    committee.call_tally(without, 5);
    walk.acts(&member(5));
    walk.look_at(carried, &["/review", "/motion"]);
    for seat in 1..=7 {
        walk.committee.vote(carried, &member(seat), "no", "It is too vague.");
    }
    walk.look_at(carried, &["/motion"]);
    let staff = walk.browser(Who::Staff);
    let typed = [("reasons", "It is too vague."), ("would_change", "Say more.")];
    staff.submit(&staff.get(&format!("/requests/{carried}/motion")), "/release", &typed);
    walk.look_at(carried, &["/motion"]);
    walk.committee.world.wait(TimeDelta::days(9));
    walk.committee.world.see_to_duties();
    walk.look_at(without, &["/motion"]);
}

/// A letter from its beginning over its release to the copy on paper.
fn from_letter_to_post(tried: &Tried) {
    let mut walk = Walk::new(tried);
    let form = PLAIN.replace("A funder", "NSF").replace("A programme", "Cyberinfrastructure");
    let committee = &walk.committee;
    let (plain, known) = (committee.request(), committee.request_with(Box::leak(form.into_boxed_str()), None));
    let funder = (requests::funder.eq("NSF"), requests::programme.eq("Cyberinfrastructure"));
    let change = diesel::update(requests::table.find(known)).set(funder);
    committee.world.store().write_now(|tx| Ok(change.execute(tx.connection())?)).unwrap();
    walk.committee.adopt(plain);
    walk.look_at(plain, &["/motion"]);
    walk.committee.release(plain);
    walk.look_at(plain, &["/motion", "/letter"]);
    walk.committee.adopt(known);
    walk.committee.release(known);
    for id in [plain, known] {
        walk.committee.letter_ready(id);
    }
    walk.look_at(known, &["/letter", "/letter/check"]);
    let staff = walk.browser(Who::Staff);
    let list = walk.open(Who::Staff, &format!("/requests/{known}/letter/co-signers"));
    staff.submit(&list, "/co-signers", &[("name", "Ada"), ("address", "ada@museum.example")]);
    let list = walk.open(Who::Staff, &list.path);
    let day = (walk.committee.world.now() + TimeDelta::days(14)).date_naive().to_string();
    staff.submit(&list, "/ask", &[("way", "together"), ("last_day", &day)]);
    let mails = walk.committee.world.mails();
    let mail = mails.iter().rfind(|mail| mail.to.address() == "ada@museum.example").unwrap();
    let at = mail.text.find("/co-sign/").unwrap();
    walk.open(Who::Visitor, mail.text[at..].split_whitespace().next().unwrap());
    walk.look_at(known, &["/co-signers"]);
    out(&mut walk, plain);
}

/// The letter goes out and is printed and posted; it is revised, and taken back.
fn out(walk: &mut Walk<'_>, id: RequestId) {
    walk.look_at(id, &["/letter/check"]);
    let staff = walk.browser(Who::Staff);
    let check = staff.get(&format!("/requests/{id}/letter/check"));
    staff.submit(&check, "/letter/pass-on", TICKS);
    walk.look_at(id, &["/letter/check"]);
    walk.committee.let_go(id);
    walk.look_at(id, &[]);
    let path = |rest: &str| format!("/requests/{id}/{rest}");
    let address = [("name", "Review panel"), ("address", "1 Main Street\nSpringfield\nUSA")];
    let press = |walk: &Walk<'_>, who, page: &str, action: &str, values: &[(&str, &str)]| -> Page {
        let browser = walk.browser(who);
        let done = browser.submit(&browser.get(&path(page)), action, values);
        assert_eq!(done.status, 200, "{action}: {}", done.text());
        done
    };
    press(walk, Who::Applicant, "copy", "/copy", &address);
    walk.look_at(id, &["/copy", "/posting"]);
    for (action, values) in [("/printed", &[][..]), ("/posted", &[]), ("/returned", &[("remark", "Moved.")])] {
        press(walk, Who::Staff, "posting", action, values);
        walk.look_at(id, &["/posting"]);
    }
    press(walk, Who::Staff, "letter/versions", "/letter/version", &[("version_reason", "A misprint.")]);
    walk.look_at(id, &["/letter"]);
    press(walk, Who::Staff, "letter", "/version/drop", &[]);
    press(walk, Who::Staff, "letter/versions", "/revoke", &[("revoke_reason", "Another proposal.")]);
    walk.look_at(id, &["/letter/versions"]);
}
