//! The service is killed while a letter is issued, at one moment after another: the letter is issued once or not at all,
//! its number is not used again, and after a start everything holds.
#![allow(clippy::unwrap_used, clippy::panic)]

use std::fs;
use std::net::TcpListener;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use diesel::prelude::*;
use letters::ids::{LetterId, PersonId, RequestId};
use letters::store::schema::{audit_entries, letters as rows, outbox, persons, proofs};
use letters::store::{DatabaseUrl, Store};
use ureq::Agent;

/// After so many milliseconds the service is killed: from before the letter is sent to be issued until it is long out.
const MOMENTS: [u64; 4] = [0, 30, 90, 2_000];

/// A running demonstration.
struct Service {
    child: Child,
    address: String,
    agent: Agent,
}

impl Service {
    fn start(folder: &Path) -> Self {
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let listen = format!("127.0.0.1:{port}");
        let address = format!("http://localhost:{port}");
        let child = Command::new(env!("CARGO_BIN_EXE_letters"))
            .arg("demo")
            .current_dir(folder)
            .env_clear()
            .envs([("LISTEN", listen.as_str()), ("PUBLIC_URL", address.as_str()), ("LOG", "off")])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let agent: Agent = Agent::config_builder().http_status_as_error(false).build().into();
        let service = Self { child, address, agent };
        let patience = Instant::now() + Duration::from_secs(300);
        while service.agent.get(format!("{}/healthz", service.address)).call().is_err() {
            assert!(Instant::now() < patience, "the service did not start");
            thread::sleep(Duration::from_millis(50));
        }
        service
    }

    fn get(&self, path: &str) -> String {
        let mut answer = self.agent.get(format!("{}{path}", self.address)).call().unwrap();
        answer.body_mut().read_to_string().unwrap()
    }

    /// Sends a form; on its own thread, so that the service can be killed meanwhile. Whether an answer came.
    fn send(&self, path: &str, fields: Vec<(String, String)>) -> JoinHandle<bool> {
        let request = self.agent.post(format!("{}{path}", self.address)).header("origin", &self.address);
        thread::spawn(move || request.send_form(fields).is_ok())
    }

    fn walk_in(&self) {
        let page = self.get("/demo/staff");
        assert!(self.send("/demo/staff", form(&page, "/demo/staff")).join().unwrap());
    }

    fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

/// The fields of the form of `page` that is sent to an address ending in `action`, with every box ticked.
fn form(page: &str, action: &str) -> Vec<(String, String)> {
    let begin = page.match_indices("<form").map(|(at, _)| &page[at..]);
    let form = begin.map(|form| form.split("</form>").next().unwrap()).find(|form| {
        let tag = form.split('>').next().unwrap();
        attribute(tag, "action").is_some_and(|to| to.ends_with(action))
    });
    let form = form.unwrap_or_else(|| panic!("no form to {action} in {page}"));
    let inputs = form.split("<input").skip(1).map(|rest| rest.split('>').next().unwrap());
    let field = |tag: &str| Some((attribute(tag, "name")?, attribute(tag, "value").unwrap_or_default()));
    inputs.filter_map(field).collect()
}

fn attribute(tag: &str, name: &str) -> Option<String> {
    let (_, rest) = tag.split_once(&format!(" {name}=\""))?;
    Some(rest.split('"').next()?.to_owned())
}

fn open(folder: &Path) -> Store {
    Store::open(&DatabaseUrl::Sqlite(folder.join("data-demo/letters.sqlite"))).unwrap()
}

/// A letter that waits for a second person, who is made the one that signs in.
fn waiting(folder: &Path) -> (RequestId, LetterId) {
    let done = open(folder).write_now(|tx| {
        let (letter, request): (LetterId, RequestId) = rows::table
            .inner_join(proofs::table.on(proofs::letter_id.eq(rows::id)))
            .filter(rows::state.eq("draft"))
            .order(rows::id)
            .select((rows::id, rows::request_id))
            .first(tx.connection())?;
        let colleague: PersonId = persons::table
            .filter(persons::address.eq("colleague@demo.example"))
            .select(persons::id)
            .first(tx.connection())?;
        diesel::update(rows::table.find(letter)).set(rows::edited_by.eq(colleague)).execute(tx.connection())?;
        Ok((request, letter))
    });
    done.unwrap()
}

/// The state and number of the letter, and how often it was issued, announced, and its number given.
fn found(folder: &Path, letter: LetterId, request: RequestId) -> (String, [i64; 3]) {
    let read = open(folder).read_now(|view| {
        let (state, number): (String, Option<String>) =
            rows::table.find(letter).select((rows::state, rows::number)).first(view.connection())?;
        let about = audit_entries::subject.eq(request.to_string()).and(audit_entries::what.eq("letter-issued"));
        let issued = audit_entries::table.filter(about).count().get_result(view.connection())?;
        let announced = outbox::table
            .filter(outbox::subject.like("%letter of support is ready%"))
            .filter(outbox::request_id.eq(request))
            .count()
            .get_result(view.connection())?;
        let given = rows::table.filter(rows::number.eq(number)).count().get_result(view.connection())?;
        Ok((state, [issued, announced, given]))
    });
    read.unwrap()
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let (entry, to) = (entry.unwrap(), to.to_path_buf());
        let to = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &to);
        } else {
            fs::copy(entry.path(), to).unwrap();
        }
    }
}

#[test]
fn a_letter_is_issued_once_or_not_at_all_whenever_the_service_is_killed() {
    let told = tempfile::tempdir().unwrap();
    Service::start(told.path()).kill();

    let mut issued = 0;
    for after in MOMENTS {
        let place = tempfile::tempdir().unwrap();
        copy(told.path(), place.path());
        let (request, letter) = waiting(place.path());
        assert_eq!(found(place.path(), letter, request), ("draft".to_owned(), [0, 0, 0]));
        let service = Service::start(place.path());
        service.walk_in();
        let check = service.get(&format!("/requests/{request}/letter/check"));
        let issue = format!("/requests/{request}/letter/issue");
        let sent = service.send(&issue, form(&check, &issue));
        thread::sleep(Duration::from_millis(after));
        service.kill();
        sent.join().unwrap();

        let (state, counts) = found(place.path(), letter, request);
        match state.as_str() {
            "draft" => assert_eq!(counts, [0, 0, 0], "killed after {after} ms"),
            _ => assert_eq!((state.as_str(), counts), ("issued", [1, 1, 1]), "killed after {after} ms"),
        }
        issued += usize::from(state == "issued");

        // After a start it can be issued if it was not, and is not issued again if it was.
        let service = Service::start(place.path());
        service.walk_in();
        let check = service.get(&format!("/requests/{request}/letter/check"));
        assert_eq!(check.contains(&format!("{issue}\"")), state == "draft", "killed after {after} ms");
        if state == "draft" {
            assert!(service.send(&issue, form(&check, &issue)).join().unwrap());
        }
        service.kill();
        assert_eq!(found(place.path(), letter, request), ("issued".to_owned(), [1, 1, 1]), "killed after {after} ms");
        let checked = Command::new(env!("CARGO_BIN_EXE_letters"))
            .arg("check")
            .current_dir(place.path())
            .env_clear()
            .envs([("DATA_FOLDER", "data-demo"), ("SIGNATORY_NAME", "Alex Morgan")])
            .output()
            .unwrap();
        assert!(checked.status.success(), "{}", String::from_utf8_lossy(&checked.stdout));
    }
    assert!((1..MOMENTS.len()).contains(&issued), "some moments are before and some after: {issued}");
}
