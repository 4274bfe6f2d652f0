//! Who may open and do what: every route of the service, for every kind of person, at every stage of a request. A route
//! without a row here fails the test. Whoever may not know of a request finds its reference and its text nowhere.

use std::collections::BTreeMap;

use diesel::prelude::*;
use letters::ids::RequestId;
use letters::store::schema::{audit_entries, outbox};

use crate::harness::{Browser, Page};
use crate::review::review;
use crate::review::world::{ALTERNATE, APPLICANT, Committee, PLAIN, STAFF, member};
use crate::whole_story::TICKS;

/// Who is let in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Door {
    /// Everybody; nothing of a request is behind it.
    Open,
    /// Whoever is signed in.
    SignedIn,
    /// The applicant whose request it is; to everybody else there is no such request, but to whom they share it with.
    Owner,
    /// The applicant, and whoever they let work on the request.
    Applicants,
    /// The applicant, and whoever they share the request with.
    Insiders,
    /// The same; staff and committee are led to their own page of it.
    InsidersOrOnward,
    /// The same, and staff.
    InsidersOrStaff,
    /// Members of the committee, for a seat that has no conflict with the request.
    Committee,
    /// Members of the committee, whatever they have to do with any request.
    Members,
    /// Members whose seat has no conflict with the request, and staff who act for no such seat.
    CommitteeOrStaff,
    /// Members and staff.
    MembersOrStaff,
    /// The applicant and whoever they share the request with, staff, and members whose seat has declared that it has no
    /// conflict with it.
    Discussion,
    /// The same without whoever may only look at the request.
    Writers,
    /// Staff who act for no seat that has a conflict with the request.
    StaffOn,
    /// Staff.
    Staff,
}

use Door::{
    Applicants, Committee as Seats, CommitteeOrStaff, Discussion, Insiders, InsidersOrOnward, InsidersOrStaff, Members,
    MembersOrStaff, Open, Owner, SignedIn, Staff as Office, StaffOn, Writers,
};

/// Every route, and who is let in.
#[rustfmt::skip]
pub const ROWS: &[(&str, &str, Door)] = &[
    ("get", "/", Open), ("get", "/healthz", Open), ("get", "/styleguide", Open), ("post", "/styleguide", Open),
    ("get", "/sign-in", Open), ("post", "/sign-in", Open), ("get", "/sign-in/wait", Open), ("post", "/sign-in/resend", Open),
    ("post", "/sign-in/code", Open), ("get", "/sign-in/confirm", Open), ("post", "/sign-in/confirm", Open),
    ("get", "/s/{token}", Open), ("head", "/s/{token}", Open), ("post", "/sign-out", Open),
    ("get", "/account", SignedIn), ("post", "/account/name", SignedIn),
    ("post", "/account/sessions/end", SignedIn), ("post", "/account/sessions/end-others", SignedIn),
    ("get", "/demo", Open), ("get", "/demo/{who}", Open), ("post", "/demo/{who}", Open),
    ("get", "/invite", Open), ("post", "/invite", Open), ("get", "/invite/{token}", Open), ("head", "/invite/{token}", Open),

    ("get", "/members", Open), ("get", "/members.json", Open), ("get", "/members.csv", Open),
    ("get", "/members.jsonld", Open), ("get", "/members/institutions.yml", Open), ("head", "/members.json", Open),
    ("head", "/members.csv", Open), ("head", "/members.jsonld", Open), ("head", "/members/institutions.yml", Open),
    ("get", "/members/import", Office), ("post", "/members/import", Office),
    ("get", "/members/new", Office), ("post", "/members/new", Office),
    ("get", "/members/{institution}", Open),
    ("get", "/members/{institution}/merge", Office), ("post", "/members/{institution}/merge", Office),
    ("get", "/members/{institution}/edit", Office), ("post", "/members/{institution}/edit", Office),
    ("get", "/committee", Open), ("get", "/committee/{seat}", Office), ("post", "/committee/{seat}", Office),
    ("get", "/committee/officers", Office), ("post", "/committee/officers", Office), ("post", "/committee/officers/end", Office),
    ("get", "/committee/roster", Office), ("post", "/committee/roster", Office),
    ("get", "/committee/{seat}/give-up", Office), ("post", "/committee/{seat}/give-up", Office),
    ("get", "/committee/{seat}/fill", Office), ("post", "/committee/{seat}/fill", Office),
    ("get", "/committee.json", Open), ("get", "/committee.csv", Open), ("get", "/committee.jsonld", Open),
    ("get", "/committee/exec_terms.yml", Open), ("head", "/committee/exec_terms.yml", Open),
    ("head", "/committee.json", Open), ("head", "/committee.csv", Open), ("head", "/committee.jsonld", Open),
    ("get", "/faq.md", Open), ("head", "/faq.md", Open), ("get", "/faq/edit", Office), ("post", "/faq/edit", Office),
    ("get", "/faq", Open), ("get", "/policy", Open), ("get", "/policy/{setting}", Office), ("post", "/policy/{setting}", Office),
    ("get", "/funders", Open), ("get", "/suitability", Open),

    ("get", "/requests", SignedIn), ("post", "/requests", SignedIn), ("get", "/requests/new", SignedIn),
    ("get", "/requests/{id}", InsidersOrOnward),
    ("get", "/requests/{id}/edit/{section}", Applicants), ("post", "/requests/{id}/edit/{section}", Applicants),
    ("get", "/requests/{id}/attachments", Applicants), ("post", "/requests/{id}/attachments", Applicants),
    ("get", "/requests/{id}/attachments/{attachment}", Discussion), ("head", "/requests/{id}/attachments/{attachment}", Discussion),
    ("post", "/requests/{id}/attachments/{attachment}/take-off", Applicants), ("post", "/requests/{id}/attachments/{attachment}/put-back", Applicants),
    ("get", "/requests/{id}/check", Applicants), ("post", "/requests/{id}/check", Applicants), ("get", "/requests/{id}/sent", Insiders),
    ("get", "/requests/{id}/request.pdf", Discussion), ("head", "/requests/{id}/request.pdf", Discussion),
    ("get", "/requests/{id}/questions/{question}", Applicants), ("post", "/requests/{id}/questions/{question}", Applicants),
    ("get", "/requests/{id}/outcome", Applicants), ("post", "/requests/{id}/outcome", Applicants),
    ("get", "/requests/{id}/correct", Applicants), ("post", "/requests/{id}/correct", Applicants),
    ("get", "/requests/{id}/people", Insiders), ("post", "/requests/{id}/people", Owner), ("post", "/requests/{id}/people/remove", Owner),
    ("get", "/requests/{id}/withdraw", Owner), ("post", "/requests/{id}/withdraw", Owner),

    ("get", "/waiting", Members), ("post", "/waiting/calendar", Members), ("post", "/waiting/calendar/end", Members),
    ("post", "/waiting/daily", Members), ("get", "/calendar/{token}", Open), ("head", "/calendar/{token}", Open),
    ("get", "/participation", MembersOrStaff), ("get", "/participation.csv", MembersOrStaff),
    ("get", "/requests/{id}/review", Seats), ("post", "/requests/{id}/review", Seats), ("post", "/requests/{id}/conflict", Seats),
    ("post", "/requests/{id}/tally", Seats), ("post", "/requests/{id}/ballot", Seats), ("post", "/requests/{id}/objection", Seats),
    ("post", "/requests/{id}/question", Seats), ("post", "/requests/{id}/question/withdraw", Seats),
    ("get", "/requests/{id}/discussion", Discussion), ("post", "/requests/{id}/discussion", Writers),
    ("post", "/requests/{id}/discussion/confirm", Writers), ("post", "/requests/{id}/discussion/take-back", Writers),
    ("post", "/requests/{id}/institution", StaffOn),
    ("post", "/requests/{id}/ask", StaffOn), ("post", "/requests/{id}/withdraw-question", StaffOn),
    ("get", "/requests/{id}/record", CommitteeOrStaff),
    ("get", "/requests/{id}/motion", StaffOn), ("post", "/requests/{id}/admit", StaffOn), ("post", "/requests/{id}/reassign", StaffOn),
    ("post", "/requests/{id}/record-conflict", StaffOn), ("post", "/requests/{id}/dismiss-conflict", StaffOn),
    ("post", "/requests/{id}/withdraw-conflict", StaffOn), ("post", "/requests/{id}/record-ballot", StaffOn),
    ("post", "/requests/{id}/put-again", StaffOn), ("post", "/requests/{id}/reopen", StaffOn),
    ("post", "/requests/{id}/turn-down", StaffOn), ("post", "/requests/{id}/release", StaffOn),

    ("get", "/requests/{id}/letter", StaffOn), ("post", "/requests/{id}/letter", StaffOn),
    ("post", "/requests/{id}/letter/draft", StaffOn), ("get", "/requests/{id}/letter/preview.pdf", StaffOn),
    ("get", "/requests/{id}/letter/check", StaffOn), ("post", "/requests/{id}/letter/issue", StaffOn),
    ("post", "/requests/{id}/letter/call", StaffOn),
    ("get", "/requests/{id}/letter/proof.pdf", StaffOn), ("post", "/requests/{id}/letter/pass-on", StaffOn),
    ("get", "/requests/{id}/letter/versions", StaffOn), ("post", "/requests/{id}/letter/version", StaffOn),
    ("post", "/requests/{id}/letter/version/drop", StaffOn), ("post", "/requests/{id}/letter/revoke", StaffOn),
    ("post", "/requests/{id}/letter/revoke/confirm", StaffOn), ("post", "/requests/{id}/letter/revoke/drop", StaffOn),
    ("get", "/requests/{id}/letter/co-signers", StaffOn), ("post", "/requests/{id}/letter/co-signers", StaffOn),
    ("post", "/requests/{id}/letter/co-signers/ask", StaffOn), ("post", "/requests/{id}/letter/co-signers/remove", StaffOn),
    ("get", "/co-sign/{token}", Open), ("head", "/co-sign/{token}", Open), ("post", "/co-sign/{token}", Open),
    ("post", "/co-sign/{token}/decline", Open), ("get", "/co-sign/{token}/letter.pdf", Open),
    ("get", "/requests/{id}/letter.pdf", InsidersOrStaff), ("head", "/requests/{id}/letter.pdf", InsidersOrStaff),
    ("get", "/requests/{id}/letter-signed.pdf", InsidersOrStaff), ("head", "/requests/{id}/letter-signed.pdf", InsidersOrStaff),
    ("get", "/letters", Office), ("get", "/letters.csv", Office), ("get", "/letters.zip", Office),
    ("get", "/letters/house", Office), ("get", "/letters/house/edit", Office), ("post", "/letters/house/edit", Office),
    ("get", "/letters/house/change", Office), ("post", "/letters/house/change", Office),
    ("post", "/letters/house/change/drop", Office), ("get", "/letters/house/{which}/letter.pdf", Office),
    ("get", "/letters/wording", Office), ("get", "/letters/wording/{kind}/{language}", Office),
    ("post", "/letters/wording/{kind}/{language}", Office), ("get", "/letters/house/{which}/{picture}", Office), ("get", "/verify", Open), ("head", "/verify", Open),
    ("post", "/verify", Open), ("get", "/verify/certificate.pem", Open),
    ("get", "/requests/{id}/copy", Applicants), ("post", "/requests/{id}/copy", Applicants), ("post", "/requests/{id}/copy/take-back", Applicants),
    ("get", "/requests/{id}/posting", StaffOn), ("get", "/requests/{id}/posting/label.pdf", StaffOn),
    ("post", "/requests/{id}/posting/printed", StaffOn), ("post", "/requests/{id}/posting/posted", StaffOn),
    ("post", "/requests/{id}/posting/returned", StaffOn), ("post", "/requests/{id}/posting/again", StaffOn),
    ("get", "/queue/labels.pdf", Office),
    ("get", "/queue", MembersOrStaff), ("get", "/queue.csv", Office), ("get", "/year", Office), ("get", "/year.csv", Office),
    ("get", "/queue/chosen", Office), ("post", "/queue/chosen", Office), ("get", "/requests.zip", Office),
    ("post", "/queue/views", Office), ("post", "/queue/views/drop", Office),
    ("get", "/outbox", Office), ("get", "/outbox.csv", Office), ("get", "/outbox/{mail}", Office), ("get", "/outbox/{mail}/html", Office), ("post", "/outbox/{mail}/again", Office),
    ("post", "/outbox/{mail}/send", Office), ("post", "/outbox/{mail}/discard", Office),
    ("get", "/mails/held", Office), ("post", "/mails/held", Office),
    // Without a mail server the mailbox is where everybody reads their mail; with one it is not there.
    ("get", "/mailbox", Open), ("get", "/mailbox/{mail}", Open), ("get", "/mailbox/{mail}/html", Open),
];

/// What somebody is to a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Person {
    Anonymous,
    Owner,
    /// With whom the applicant shares the request, to work on it.
    CoEditor,
    /// With whom they share it, to look at it.
    CoViewer,
    OtherApplicant,
    FormerMember,
    Undeclared,
    Declared,
    Alternate,
    Conflicted,
    OwnInstitution,
    Staff,
    StaffInConflict,
}

const PEOPLE: [Person; 13] = [
    Person::Anonymous,
    Person::Owner,
    Person::CoEditor,
    Person::CoViewer,
    Person::OtherApplicant,
    Person::FormerMember,
    Person::Undeclared,
    Person::Declared,
    Person::Alternate,
    Person::Conflicted,
    Person::OwnInstitution,
    Person::Staff,
    Person::StaffInConflict,
];

const OTHER: &str = "other@elsewhere.example";
const EDITOR: &str = "editor@uni.example";
const VIEWER: &str = "viewer@uni.example";

impl Person {
    fn address(self) -> Option<String> {
        Some(match self {
            Self::Anonymous => return None,
            Self::Owner => APPLICANT.to_owned(),
            Self::CoEditor => EDITOR.to_owned(),
            Self::CoViewer => VIEWER.to_owned(),
            Self::OtherApplicant => OTHER.to_owned(),
            Self::FormerMember => member(13),
            Self::Undeclared => member(4),
            Self::Declared => member(5),
            Self::Alternate => ALTERNATE.to_owned(),
            Self::Conflicted => member(2),
            Self::OwnInstitution => member(3),
            Self::Staff => STAFF.to_owned(),
            Self::StaffInConflict => member(6),
        })
    }

    /// Whether the request is theirs, or they may work on it for its applicant.
    const fn is_applicant(self) -> bool {
        matches!(self, Self::Owner | Self::CoEditor)
    }

    /// Whether they read it as its applicant does.
    const fn is_insider(self) -> bool {
        self.is_applicant() || matches!(self, Self::CoViewer)
    }

    const fn is_member(self) -> bool {
        matches!(
            self,
            Self::Undeclared
                | Self::Declared
                | Self::Alternate
                | Self::Conflicted
                | Self::OwnInstitution
                | Self::StaffInConflict
        )
    }

    const fn is_staff(self) -> bool {
        matches!(self, Self::Staff | Self::StaffInConflict)
    }

    /// Whether the person has nothing to do with the request, so that how far it has come makes no difference to them.
    const fn is_outsider(self) -> bool {
        matches!(self, Self::Anonymous | Self::OtherApplicant | Self::FormerMember)
    }

    /// Whether the person's seat is out of the request, once it is with the committee.
    const fn is_out(self) -> bool {
        matches!(self, Self::Conflicted | Self::OwnInstitution | Self::StaffInConflict)
    }
}

/// How far a request has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stage {
    Draft,
    Held,
    /// Under review, with a tallied vote on.
    Tally,
    Released,
    Issued,
    Withdrawn,
}

const STAGES: [Stage; 6] = [Stage::Draft, Stage::Held, Stage::Tally, Stage::Released, Stage::Issued, Stage::Withdrawn];

impl Stage {
    /// Whether outsiders are looked at too: once before it is sent, once while it is open, once when it is over.
    const fn is_tried_by_outsiders(self) -> bool {
        matches!(self, Self::Draft | Self::Tally | Self::Issued)
    }

    /// Whether conflicts have been declared at it.
    const fn has_conflicts(self) -> bool {
        !matches!(self, Self::Draft | Self::Held)
    }
}

/// Whether somebody is let in at a door. What they find behind it may still be that the time for it is over.
const fn lets_in(door: Door, person: Person, stage: Stage) -> bool {
    let out = stage.has_conflicts() && person.is_out();
    match door {
        Door::Open => true,
        Door::SignedIn => !matches!(person, Person::Anonymous),
        Door::Owner => matches!(person, Person::Owner),
        Door::Applicants => person.is_applicant(),
        Door::Insiders => person.is_insider(),
        // The page that members and staff are led to asks about conflicts.
        Door::InsidersOrOnward => person.is_insider() || person.is_member() || person.is_staff(),
        Door::InsidersOrStaff => person.is_insider() || (person.is_staff() && !out),
        Door::Committee => person.is_member() && !out,
        Door::Members => person.is_member(),
        // As long as a seat can declare, it does so first.
        Door::CommitteeOrStaff => {
            let undeclared = matches!(person, Person::Undeclared) && matches!(stage, Stage::Tally);
            (person.is_member() || person.is_staff()) && !out && !undeclared
        }
        Door::Discussion | Door::Writers => {
            let declared = matches!(person, Person::Declared | Person::Alternate) && stage.has_conflicts();
            let reads = matches!(person, Person::CoViewer) && matches!(door, Door::Discussion);
            person.is_applicant() || reads || declared || (person.is_staff() && !out)
        }
        Door::MembersOrStaff => person.is_member() || person.is_staff(),
        Door::StaffOn => person.is_staff() && !out,
        Door::Staff => person.is_staff(),
    }
}

/// Whether the person may know that the request is there at all.
const fn may_know(person: Person, stage: Stage) -> bool {
    match person {
        Person::Owner | Person::CoEditor | Person::CoViewer => true,
        Person::Anonymous | Person::OtherApplicant | Person::FormerMember => false,
        // A draft is nobody's business but the applicant's.
        _ => !(matches!(stage, Stage::Draft) || (stage.has_conflicts() && person.is_out())),
    }
}

/// The routes of the service, as its source lists them: method and path.
fn routes() -> Vec<(&'static str, &'static str)> {
    let source = include_str!("../../src/routes.rs");
    let listed = source.split(".route(\"").skip(1).map(|rest| {
        let (path, rest) = rest.split_once('"').unwrap();
        let method = rest.trim_start_matches([',', ' ', '\n']).split('(').next().unwrap();
        (method, path)
    });
    listed.collect()
}

/// A service in which a request has come to each stage, and everybody is signed in.
struct Town {
    committee: Committee,
    browsers: BTreeMap<Person, (std::sync::Arc<Browser>, String)>,
}

impl Town {
    fn new() -> Self {
        let committee = Committee::new();
        committee.make_staff(&member(6));
        Self { committee, browsers: BTreeMap::new() }
    }

    /// A request at this stage, which its applicant shares.
    fn request_at(&self, stage: Stage) -> RequestId {
        let id = self.unshared_at(stage);
        let owner = self.committee.browser(APPLICANT);
        for (address, level) in [(EDITOR, "edit"), (VIEWER, "view")] {
            let page = owner.get(&format!("/requests/{id}/people"));
            let shared = owner.submit(&page, "/people", &[("address", address), ("level", level)]);
            assert!(shared.text().contains(address), "{}", shared.text());
        }
        id
    }

    /// A request of the institution of seat 3, from which seats 2 and 6 step out.
    fn unshared_at(&self, stage: Stage) -> RequestId {
        let committee = &self.committee;
        match stage {
            Stage::Draft => {
                let owner = committee.browser(APPLICANT);
                let path = owner.submit(&owner.get("/requests/new"), "/requests", &[]).path;
                return path.split('/').nth(2).unwrap().parse().unwrap();
            }
            Stage::Held => return committee.held_request(),
            _ => {}
        }
        let id = committee.request_with(PLAIN, Some(3));
        committee.world.see_to_duties();
        for seat in [2, 6] {
            let browser = committee.browser(&member(seat));
            let page = browser.get(&format!("/requests/{id}/review"));
            browser.submit(&page, "/conflict", &[("conflict", "conflict"), ("conflict_reason", "My project.")]);
        }
        for seat in [5, 1] {
            committee.declare(&committee.browser(&member(seat)), id);
        }
        match stage {
            Stage::Tally => committee.call_tally(id, 5),
            Stage::Released | Stage::Issued => self.carry(id, stage),
            Stage::Withdrawn => {
                let owner = committee.browser(APPLICANT);
                let page = owner.get(&format!("/requests/{id}/withdraw"));
                owner.submit(&page, "/withdraw", &[("reason", "Changed plans.")]);
            }
            Stage::Draft | Stage::Held => {}
        }
        id
    }

    /// The committee carries it by vote, and staff release the answer; at the end they issue the letter.
    fn carry(&self, id: RequestId, stage: Stage) {
        let committee = &self.committee;
        committee.call_tally(id, 5);
        for seat in [1, 5, 7, 8, 9, 10, 11] {
            committee.vote(id, &member(seat), "yes", "");
        }
        let staff = committee.browser(STAFF);
        staff.submit(&staff.get(&format!("/requests/{id}/motion")), "/release", &[]);
        if stage == Stage::Issued {
            let editor = staff.submit(&staff.get(&format!("/requests/{id}/letter")), "/letter/draft", &[]);
            let check = staff.submit(&editor, "/letter", &[("check", "yes")]);
            staff.submit(&check, "/letter/pass-on", TICKS);
            committee.colleague().submit(&committee.second_look(id), "/letter/issue", TICKS);
        }
    }

    /// Everybody signs in; the seat of the former member has ended by then.
    fn sign_in(&mut self) {
        self.committee.end_term(13);
        for person in PEOPLE {
            let browser = match person.address() {
                Some(address) => self.committee.browser(&address),
                None => std::sync::Arc::new(self.committee.world.browser()),
            };
            let page = browser.get("/verify");
            let page = if page.body.contains("form_token") { page } else { browser.get("/sign-in") };
            let token = page.body.split("name=\"form_token\" value=\"").nth(1).and_then(|rest| rest.split('"').next());
            let token = token.unwrap_or_else(|| panic!("{person:?}: {}", page.body)).to_owned();
            self.browsers.insert(person, (browser, token));
        }
    }

    /// How many changes and mails there are.
    fn traces(&self) -> (i64, i64) {
        let read = self.committee.world.store().read_now(|view| {
            Ok((
                audit_entries::table.count().get_result(view.connection())?,
                outbox::table.count().get_result(view.connection())?,
            ))
        });
        read.unwrap()
    }

    fn ask(&self, person: Person, method: &str, path: &str) -> Page {
        let (browser, token) = &self.browsers[&person];
        match method {
            "get" => browser.get_only(path),
            "head" => browser.head(path),
            _ => browser.post_only(path, &[("form_token", token)]),
        }
    }
}

fn filled(path: &str, id: RequestId) -> String {
    let some = RequestId::fresh().to_string();
    let path = path
        .replace("{id}", id.as_str())
        .replace("{section}", "project")
        .replace("{who}", "staff")
        .replace("{setting}", "quorum");
    let path = path.replace("{token}", &"A".repeat(64));
    ["{question}", "{institution}", "{seat}", "{mail}", "{which}", "{picture}", "{kind}", "{language}", "{attachment}"]
        .iter()
        .fold(path, |path, name| path.replace(name, &some))
}

#[test]
fn every_route_has_a_row_and_every_row_a_route() {
    let routes = routes();
    assert!(routes.len() > 80, "{routes:?}");
    for (method, path) in &routes {
        assert!(ROWS.iter().any(|row| (row.0, row.1) == (*method, *path)), "no row for {method} {path}");
    }
    for (method, path, _) in ROWS {
        assert!(routes.contains(&(method, path)), "no route for the row {method} {path}");
    }
}

/// Nobody sees or changes what is not theirs while a request stands there.
fn each_door_is_shut_or_open(stage: Stage) {
    let mut town = Town::new();
    // What a database is does not change who may do what: a server, which is slower, shows it for some stages.
    if town.committee.world.is_on_server() && !stage.is_tried_by_outsiders() {
        return;
    }
    let id = town.request_at(stage);
    town.sign_in();
    let mut wrong = Vec::new();
    let rows = ROWS.iter().filter(|row| row.1.contains("{id}") || stage == Stage::Draft);
    for (method, path, door) in rows {
        let before = town.traces();
        for person in PEOPLE.into_iter().filter(|person| !person.is_outsider() || stage.is_tried_by_outsiders()) {
            let may = lets_in(*door, person, stage);
            // What a person may do is shown by the tests of each command; here it would change the request.
            if may && *method == "post" {
                continue;
            }
            let page = town.ask(person, method, &filled(path, id));
            let at = format!("{method} {path} for {person:?} at {stage:?}: {}", page.status);
            wrong.extend(fault_of(&page, *door, may).map(|fault| format!("{at}, {fault}")));
            if path.contains("{id}") && !may_know(person, stage) && tells(&page, &town.committee.reference(id)) {
                wrong.push(format!("{at}, and it tells of the request"));
            }
        }
        if *method == "post" && before != town.traces() {
            wrong.push(format!("{method} {path} at {stage:?} left a trace"));
        }
    }
    assert!(wrong.is_empty(), "{} of:\n{}", wrong.len(), wrong.join("\n"));
}

/// One test for each stage, so that they run side by side.
mod nobody_sees_or_changes_what_is_not_theirs {
    use super::{Stage, each_door_is_shut_or_open};

    #[test]
    fn in_a_draft() {
        each_door_is_shut_or_open(Stage::Draft);
    }

    #[test]
    fn while_it_is_held() {
        each_door_is_shut_or_open(Stage::Held);
    }

    #[test]
    fn while_it_is_voted_on() {
        each_door_is_shut_or_open(Stage::Tally);
    }

    #[test]
    fn when_the_answer_is_released() {
        each_door_is_shut_or_open(Stage::Released);
    }

    #[test]
    fn when_the_letter_is_issued() {
        each_door_is_shut_or_open(Stage::Issued);
    }

    #[test]
    fn when_it_is_withdrawn() {
        each_door_is_shut_or_open(Stage::Withdrawn);
    }
}

/// What is wrong with an answer, by its status alone.
fn fault_of(page: &Page, door: Door, may: bool) -> Option<&'static str> {
    let is_shut = match page.status {
        303 => page.header("location").starts_with("/sign-in"),
        403 | 404 => true,
        _ => false,
    };
    match page.status {
        500.. => Some("a fault"),
        403 if may && door != Open => Some("though it is open"),
        _ if !may && !is_shut => Some("though it is shut"),
        _ => None,
    }
}

fn tells(page: &Page, reference: &str) -> bool {
    page.body.contains("A secret summary") || (!reference.is_empty() && page.body.contains(reference))
}

/// Lists, counts, search and exports, which are about no one request.
#[test]
fn no_list_tells_of_a_request_that_somebody_may_not_know_of() {
    let mut town = Town::new();
    let requests: Vec<(Stage, RequestId)> = STAGES.iter().map(|stage| (*stage, town.request_at(*stage))).collect();
    town.sign_in();
    let searches =
        ["/queue?words=fine", "/queue?stage=all", "/queue.csv?stage=all", "/outbox?state=queued", "/outbox?state=held"];
    // The mailbox stands for everybody's own, where there is no mail server.
    let lists = ROWS.iter().filter(|row| row.0 == "get" && !row.1.contains('{') && !row.1.starts_with("/mailbox"));
    for path in lists.map(|row| row.1).chain(searches) {
        for person in PEOPLE {
            let page = town.ask(person, "get", path);
            for (stage, id) in requests.iter().filter(|(stage, _)| !may_know(person, *stage)) {
                let reference = town.committee.reference(*id);
                assert!(!tells(&page, &reference), "{path} tells {person:?} of the request at {stage:?}");
            }
        }
    }
    // It is not for want of anything to list.
    assert!(town.ask(Person::Staff, "get", "/queue?stage=all").body.contains("LOS-2026-"));
}

#[test]
fn a_request_of_somebody_else_is_answered_like_one_that_does_not_exist() {
    let mut town = Town::new();
    let id = town.request_at(Stage::Tally);
    town.sign_in();
    let made_up = RequestId::fresh();
    for (method, path, _) in ROWS.iter().filter(|row| row.1.contains("{id}")) {
        for person in [Person::OtherApplicant, Person::FormerMember] {
            let (real, none) =
                (town.ask(person, method, &filled(path, id)), town.ask(person, method, &filled(path, made_up)));
            let what = |page: &Page| (page.status, page.header("location").replace(made_up.as_str(), id.as_str()));
            assert_eq!(what(&real), what(&none), "{method} {path} for {person:?}");
            assert_eq!(real.first("h1"), none.first("h1"), "{method} {path} for {person:?}");
        }
    }
}

/// The reviewers' own view of the same rule: a review is never shown before one's own declaration.
#[test]
fn before_its_declaration_a_seat_reads_who_asks_and_nothing_of_what() {
    let committee = Committee::new();
    let id = committee.request();
    committee.world.see_to_duties();
    let seat = committee.reviewers(id)[0];
    let other = committee.reviewers(id)[1];
    let browser = committee.browser(&member(other));
    let page = committee.declare(&browser, id);
    browser.submit(&page, "/review", &review("support", ""));
    let page = committee.browser(&member(seat)).get(&format!("/requests/{id}/review"));
    assert!(page.text().contains("A fine project") && page.text().contains("University of Example"), "{}", page.text());
    assert!(!page.body.contains("A secret summary"), "{}", page.text());
}
