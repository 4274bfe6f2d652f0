//! The command line as an operator meets it: each test runs the program in a folder of its own, with no other settings
//! than its own.
#![allow(clippy::unwrap_used)]

use std::net::TcpListener;
use std::path::Path;
use std::process::Command;

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use letters::config::SETTINGS;
use letters::store::schema::audit_entries;
use letters::store::{DatabaseUrl, Store};
use tempfile::TempDir;

/// Without a signatory no letter can go out, which `check` says.
const SIGNED: &[(&str, &str)] = &[("SIGNATORY_NAME", "Alex Morgan")];

/// A folder that the program is started in, with its data in `data`.
struct Place(TempDir);

/// How a run of the program ended, and what it said.
#[derive(Debug)]
struct Ended {
    code: Option<i32>,
    said: String,
}

impl Place {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn run(&self, arguments: &[&str]) -> Ended {
        self.run_with(arguments, &[])
    }

    fn run_with(&self, arguments: &[&str], settings: &[(&str, &str)]) -> Ended {
        let mut command = Command::new(env!("CARGO_BIN_EXE_letters"));
        command.args(arguments).current_dir(self.0.path()).env_clear().envs(settings.iter().copied());
        let output = command.output().unwrap();
        let said = [output.stdout, output.stderr].map(|bytes| String::from_utf8(bytes).unwrap()).concat();
        Ended { code: output.status.code(), said }
    }

    fn write(&self, name: &str, text: impl AsRef<[u8]>) {
        let path = self.0.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }

    fn database(&self) -> std::path::PathBuf {
        self.0.path().join("data/letters.sqlite")
    }
}

impl Ended {
    /// It ended like this, having said each of `parts`.
    #[track_caller]
    fn with(self, code: i32, parts: &[&str]) -> Self {
        assert_eq!(self.code, Some(code), "{}", self.said);
        for part in parts {
            assert!(self.said.contains(part), "{part:?} is not in: {}", self.said);
        }
        self
    }
}

#[test]
fn all_faults_of_the_configuration_are_told_at_once_and_nothing_is_started() {
    let place = Place::new();
    place.write("letters.toml", "colour = \"blue\"\nmail_from = \"nobody\"\n");
    let settings = [("LISTEN", "somewhere"), ("PUBLIC_URL", "iiif.io"), ("DATABASE_URL", "mysql://x")];
    place
        .run_with(&["serve"], &settings)
        .with(2, &["nothing was started", "LISTEN:", "PUBLIC_URL:", "DATABASE_URL:", "MAIL_FROM:", "colour:"]);
    place.write("letters.toml", "listen = ");
    place.run_with(&["check"], &settings).with(2, &["letters.toml:", "LISTEN:", "PUBLIC_URL:", "DATABASE_URL:"]);
    assert!(!place.0.path().join("data").exists());
}

#[test]
fn what_is_wrong_with_the_seal_is_told_with_every_other_fault() {
    let place = Place::new();
    let wrong = [("LISTEN", "somewhere"), ("SEAL_FILE", "key.p12"), ("SEAL_PASSWORD", "secret")];
    place
        .run_with(&["serve"], &wrong)
        .with(2, &["nothing was started", "LISTEN:", "SEAL_FILE: key.p12 cannot be read"]);
    place.write("key.p12", "no key at all");
    place.run_with(&["check"], &wrong).with(2, &["LISTEN:", "SEAL_FILE: key.p12 is not a PKCS#12 file"]);
    let alone = [("SEAL_PASSWORD", "secret"), ("TIMESTAMP_URL", "https://stamps.example")];
    place.run_with(&["check"], &alone).with(2, &["SEAL_PASSWORD: means nothing", "TIMESTAMP_URL: starts with http://"]);

    let made = place.run(&["seal", "new", "trial.p12"]).with(0, &["not for real letters", "SEAL_FILE=trial.p12"]);
    assert!(!made.said.contains(std::fs::read_to_string(place.0.path().join("trial.p12.password")).unwrap().trim()));
    place.run(&["seal", "new", "trial.p12"]).with(1, &["trial.p12 cannot be written"]);
    let wrong = [("SEAL_FILE", "trial.p12"), ("SEAL_PASSWORD", "secret")];
    place.run_with(&["serve"], &wrong).with(2, &["SEAL_FILE: trial.p12 does not open with the password given"]);
    let right = [("SEAL_FILE", "trial.p12"), ("SEAL_PASSWORD_FILE", "trial.p12.password"), SIGNED[0]];
    place
        .run_with(&["check"], &right)
        .with(0, &["digitally signed by", "self-made, for trying out", "0 signed originals hold"]);
    place.run_with(&["check"], SIGNED).with(0, &["issued without a digital signature: SEAL_FILE is not set"]);
}

#[test]
fn a_taken_port_is_said_plainly() {
    let place = Place::new();
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    place.run_with(&["serve"], &[("LISTEN", &address)]).with(
        1,
        &[&format!("{address} cannot be used; is another program serving there?"), "Set LISTEN to another port"],
    );
}

#[test]
fn a_file_that_is_no_database_is_refused_and_left_as_it_is() {
    let place = Place::new();
    let garbage = "This is no database. ".repeat(500);
    place.write("data/letters.sqlite", &garbage);
    for arguments in [&["serve"][..], &["migrate"], &["check"], &["staff", "invite", "sam@iiif.example"]] {
        let sentence = "the database data/letters.sqlite cannot be opened, and was left as it is";
        let ended = place.run_with(arguments, &[("LISTEN", "127.0.0.1:0")]).with(1, &[sentence, "not a database"]);
        assert_eq!(ended.said.lines().count(), 1, "{}", ended.said);
    }
    assert_eq!(std::fs::read_to_string(place.database()).unwrap(), garbage);
}

#[test]
fn a_fresh_folder_is_migrated_and_checked() {
    let place = Place::new();
    place.run(&["migrate"]).with(0, &["migrations were run"]);
    place.run(&["migrate"]).with(0, &["0 migrations were run"]);
    let checked = place.run_with(&["check"], SIGNED).with(0, &["every migration", "journals hold together"]);
    assert!(!checked.said.contains("WRONG"), "{}", checked.said);
    place.run(&["check"]).with(1, &["WRONG", "Nobody is named who signs"]);
}

#[test]
fn the_check_finds_an_entry_of_the_journal_that_was_altered() {
    let place = Place::new();
    place.run_with(&["check"], SIGNED).with(0, &[]);
    alter_the_journal(&place.database());
    place
        .run_with(&["check"], SIGNED)
        .with(1, &["WRONG  journals: the journal of members is broken at entry 1", "see above"]);
}

fn alter_the_journal(database: &Path) {
    let store = Store::open(&DatabaseUrl::Sqlite(database.to_owned())).unwrap();
    let of_members = audit_entries::table.filter(audit_entries::subject.eq("members"));
    let change = diesel::update(of_members).set(audit_entries::detail.eq("{}"));
    assert!(store.write_now(|tx| Ok(change.execute(tx.connection())?)).unwrap() > 0);
}

#[test]
fn an_import_shows_its_difference_and_applies_it_once_when_told_to() {
    let place = Place::new();
    place.write("new.yml", "- name: Library of the Upper Valley\n  uri: https://valley.example\n  iiifc: 3\n");
    let added = "+ Library of the Upper Valley";
    for _ in 0..2 {
        place.run(&["members", "import", "new.yml"]).with(0, &[added, "has left", "Nothing was changed", "--yes"]);
    }
    place.run(&["members", "import", "new.yml", "--yes"]).with(0, &[added, "Applied."]);
    let again = place.run(&["members", "import", "new.yml", "--yes"]).with(0, &["The file changes nothing."]);
    assert_eq!(again.said.lines().count(), 1, "{}", again.said);
}

#[test]
fn what_was_imported_is_exported_to_the_letter_and_a_renaming_is_taken_over_when_told_to() {
    let place = Place::new();
    let shapes = include_str!("../../../tests/members/shapes.yml");
    place.write("institutions.yml", shapes);
    place.run(&["members", "import", "institutions.yml", "--yes"]).with(0, &["! Twice is on line ", "Applied."]);
    let exported = place.run(&["members", "export"]).with(0, &[]);
    assert_eq!(exported.said, shapes);
    let renamed = shapes.replace("Raw & Plain Library", "Raw and Simple Library");
    place.write("institutions.yml", &renamed);
    let offered = ["perhaps the new name of Raw & Plain Library", "--same", "Nothing was changed"];
    place.run(&["members", "import", "institutions.yml"]).with(0, &offered);
    let import = ["members", "import", "institutions.yml", "--yes", "--same"];
    place
        .run(&[&import[..], &["Raw and Simple Library=Nobody"]].concat())
        .with(1, &["No institution is called “Nobody”"]);
    let same = "Raw and Simple Library=Raw & Plain Library";
    place.run(&[&import[..], &[same]].concat()).with(0, &["0 added, 1 changed, 0 gone", "Applied."]);
    assert_eq!(place.run(&["members", "export"]).with(0, &[]).said, renamed);
    place.run(&["members", "export", "--format", "csv"]).with(0, &["Raw and Simple Library,community"]);
    place.run(&["members", "export", "--format", "jsonld"]).with(0, &["https://schema.org"]);
    let tomorrow = ["members", "import", "institutions.yml", "--from", "2999-01-01"];
    place.run(&tomorrow).with(1, &["2999-01-01 is a day to come"]);
}

#[test]
fn files_of_earlier_days_give_the_days_on_which_members_joined_and_left() {
    let place = Place::new();
    for (day, text) in [
        ("2019-05-01", "- name: Old Library\n  uri: https://old.example\n  iiifc: 2\n- name: Short Stay\n  iiifc: 4\n"),
        ("2021-05-01", "- name: New Library\n  uri: https://old.example/\n  iiifc: 3\n- name: Late\n  iiifc: 4\n"),
        ("2023-05-01", "- name: New Library\n  uri: https://old.example/\n  iiifc: 3\n- name: Late\n  iiifc: 3\n"),
    ] {
        place.write("institutions.yml", text);
        place.run(&["members", "import", "institutions.yml", "--yes", "--from", day]).with(0, &["Applied."]);
        assert_eq!(place.run(&["members", "export"]).with(0, &[]).said, text);
    }
    let list = |day: &str| {
        let said = place.run(&["members", "export", "--format", "csv", "--on", day]).with(0, &[]).said;
        said.lines().skip(1).map(|line| line.split(',').take(3).collect::<Vec<_>>().join(",")).collect::<Vec<_>>()
    };
    assert_eq!(list("2020-01-01"), ["Old Library,founding,2019-05-01", "Short Stay,associate,2019-05-01"]);
    assert_eq!(list("2021-05-01"), ["Late,associate,2021-05-01", "New Library,full,2021-05-01"]);
    assert_eq!(list("2023-05-01"), ["Late,full,2023-05-01", "New Library,full,2021-05-01"]);
}

#[test]
fn a_broken_file_of_members_is_refused_with_line_and_column() {
    let place = Place::new();
    place.write("broken.yml", "- name: One\n- name: Two\n  iiifc: [unclosed\n");
    for yes in [&[][..], &["--yes"]] {
        let ended = place.run(&[&["members", "import", "broken.yml"], yes].concat());
        ended.with(1, &["broken.yml cannot be imported: The file cannot be read at line ", ", column "]);
    }
    place.run(&["members", "import", "missing.yml"]).with(1, &["missing.yml cannot be read"]);
}

#[test]
fn an_invitation_is_printed_as_a_link() {
    let place = Place::new();
    let invited =
        place.run_with(&["staff", "invite", "sam@iiif.example"], &[("PUBLIC_URL", "https://letters.example")]);
    let invited = invited.with(0, &["sam@iiif.example", "72 hours"]);
    let link = invited.said.lines().last().unwrap();
    assert!(link.starts_with("https://letters.example/invite/"), "{link}");
    place.run(&["staff", "invite", "nobody"]).with(1, &["nobody: "]);
}

#[test]
fn the_help_lists_every_setting() {
    let help = Place::new().run(&["--help"]).with(0, &[]).said;
    let folded = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    for setting in SETTINGS {
        let default = if setting.default.is_empty() { String::new() } else { format!(" [{}]", setting.default) };
        let entry = folded(&format!("{}{default} {}", setting.name, setting.help));
        assert!(folded(&help).contains(&entry), "{entry} is not in {help}");
    }
}

/// Two batches as the website has them: a name as listed, one as people type it, and a place of an election to come.
const ROSTER: &str = "\
- name: Batch Y
  start: 2031
  term: 3
  members:
    - Yale University
    - Bibliothèque national of France
- name: Batch Z
  start: 2032
  term: 2
  members:
    - 2032 Election Seat 1     \n";

#[test]
fn a_roster_is_imported_once_its_names_are_known_and_the_second_time_changes_nothing() {
    let place = Place::new();
    place.write("exec_terms.yml", ROSTER);
    let import = ["committee", "import", "exec_terms.yml"];
    let shown = [
        "+ Yale University, 2032 to 2034",
        "“Bibliothèque national of France”",
        "The nearest: La Bibliothèque nationale de France",
    ];
    place.run(&import).with(0, &shown).with(0, &["--same", "Nothing was changed."]);
    place.run(&[&import[..], &["--yes"]].concat()).with(1, &["Some names in the file are no institution’s."]);

    let same = "Bibliothèque national of France=La Bibliothèque nationale de France";
    for (wrong, says) in [
        ("Somebody=Yale University", "“Somebody” is no name in the file."),
        ("Bibliothèque national of France=Bibliotheque de France", "The nearest: La Bibliothèque nationale de France"),
        ("no equals sign", "is not NAME=INSTITUTION"),
    ] {
        place.run(&[&import[..], &["--yes", "--same", wrong]].concat()).with(1, &[says]);
    }
    let told = ["+ La Bibliothèque nationale de France, 2032 to 2034", "+ a vacant seat, 2033 to 2034", "Applied."];
    place.run(&[&import[..], &["--yes", "--same", same]].concat()).with(0, &told);
    // The answer is remembered: nothing is asked and nothing changed any more.
    place.run(&[&import[..], &["--yes"]].concat()).with(0, &["The file changes nothing."]);
}

#[test]
fn a_broken_roster_is_refused_with_its_line_and_nothing_is_written() {
    let place = Place::new();
    for (text, says) in [
        (
            "- name: A\n  start: 2031\n  term: 40\n  members: [Yale University]\n",
            "line 3, column 9: term is a number of years",
        ),
        ("- name: A\n  start: 31\n  term: 3\n", "line 2, column 10: start is the year of the election"),
        ("- name: A\n  begin: 2031\n  term: 3\n", "line 2"),
        ("- name: [A\n", "line 1"),
    ] {
        place.write("broken.yml", text);
        place.run(&["committee", "import", "broken.yml", "--yes"]).with(1, &["broken.yml cannot be imported: ", says]);
    }
}

#[test]
fn the_questions_go_in_and_out_as_they_are_and_a_faulty_source_changes_nothing() {
    let place = Place::new();
    let first = place.run(&["faq", "export"]).with(0, &["{%", "## "]).said;
    let source = "# Questions\n\n## Why?\n\nBecause {{ \"so\" }}.\n";
    place.write("faq.md", source);
    place.run(&["faq", "import", "faq.md"]).with(0, &["Version 1 is in force."]);
    assert_eq!(place.run(&["faq", "export"]).said, source);
    place.write("wrong.md", "# Questions\n\n## Why?\n\n{% include header.html %}\n");
    let line = "line 5: the tag {% include %} is not known here.";
    place.run(&["faq", "import", "wrong.md"]).with(1, &["wrong.md cannot be imported", line]);
    place.run(&["faq", "import", "none.md"]).with(1, &["none.md cannot be read"]);
    assert_eq!(place.run(&["faq", "export"]).said, source);
    place.write("first.md", &first);
    place.run(&["faq", "import", "first.md"]).with(0, &["Version 2 is in force."]);
    assert_eq!(place.run(&["faq", "export"]).said, first);
    place.run_with(&["check"], SIGNED).with(0, &["journals hold together"]);
}

#[test]
fn the_roster_that_was_written_changes_nothing_when_it_is_taken_over_again() {
    let place = Place::new();
    let roster = place.run(&["committee", "export"]).with(0, &["  start: ", "  members:\n    - "]).said;
    place.write("exec_terms.yml", &roster);
    place.run(&["committee", "import", "exec_terms.yml"]).with(0, &["The file changes nothing."]);
    let year = place.run(&["committee", "export", "--on", "2024"]).with(0, &["  term: "]).said;
    assert!(year.len() < roster.len() && year.lines().all(|line| roster.contains(line)), "{year}");
    place.run(&["committee", "export", "--on", "someday"]).with(2, &["Enter a day or a year"]);
    place.write("exec_terms.yml", roster.replace("  term: 3", "  term: 4"));
    place.run(&["committee", "import", "exec_terms.yml", "--yes"]).with(0, &["Applied."]);
    let longer = place.run(&["committee", "export"]).said;
    assert!(longer.contains("  term: 4") && !longer.contains("  term: 3\n"), "{longer}");
}

/// Kills an import while `is_held` tells that it holds the list, from its first change to its last. A process that is
/// killed has no time to tidy up; the database does it.
fn kills_an_import(place: &Place, settings: &[(&str, &str)], mut is_held: impl FnMut() -> bool) {
    let before = place.run_with(&["members", "export"], settings).with(0, &["- name: "]).said;
    let entry = |n| format!("- name: Library {n}\n  uri: https://library{n}.example/\n  iiifc: 3\n");
    place.write("many.yml", (0..4_000).map(entry).collect::<String>());
    let mut command = Command::new(env!("CARGO_BIN_EXE_letters"));
    command.args(["members", "import", "many.yml", "--yes"]).current_dir(place.0.path()).env_clear();
    let mut import = command.envs(settings.iter().copied()).stderr(std::process::Stdio::null()).spawn().unwrap();
    let moment = std::time::Duration::from_millis(10);
    let mut is_written = || {
        (0..5).all(|_| {
            std::thread::sleep(moment);
            is_held()
        })
    };
    let mut was_caught = false;
    while import.try_wait().unwrap().is_none() && !was_caught {
        was_caught = is_written();
    }
    import.kill().unwrap();
    import.wait().unwrap();
    assert!(was_caught, "the import was over before it could be killed");
    assert_eq!(place.run_with(&["members", "export"], settings).said, before);
    place.run_with(&["check"], &[SIGNED, settings].concat()).with(0, &["journals hold together"]);
    let again = ["members", "import", "many.yml", "--yes"];
    place.run_with(&again, settings).with(0, &["4000 added", "Applied."]);
}

#[test]
fn an_import_that_is_killed_in_the_middle_changes_nothing() {
    let place = Place::new();
    place.run(&["migrate"]).with(0, &[]);
    let mut other = diesel::SqliteConnection::establish(&place.database().to_string_lossy()).unwrap();
    kills_an_import(&place, &[], || other.batch_execute("BEGIN IMMEDIATE; ROLLBACK;").is_err());
}

/// On the server that `TEST_POSTGRES_URL` names (without a database's name).
#[cfg(feature = "postgres")]
#[test]
fn an_import_on_postgresql_that_is_killed_in_the_middle_changes_nothing() {
    #[allow(clippy::disallowed_methods)]
    let Ok(server) = std::env::var("TEST_POSTGRES_URL") else { return };
    let name = format!("killed_{}", std::process::id());
    let mut first = diesel::PgConnection::establish(&format!("{server}/postgres")).unwrap();
    first.batch_execute(&format!("CREATE DATABASE {name}")).unwrap();
    let url = format!("{server}/{name}");
    let (place, settings) = (Place::new(), [("DATABASE_URL", url.as_str())]);
    place.run_with(&["migrate"], &settings).with(0, &[]);
    let mut other = diesel::PgConnection::establish(&url).unwrap();
    kills_an_import(&place, &settings, || {
        let is_free = "BEGIN; SELECT value FROM counters WHERE name = 'members' FOR UPDATE NOWAIT; ROLLBACK;";
        let is_held = other.batch_execute(is_free).is_err();
        other.batch_execute("ROLLBACK").unwrap();
        is_held
    });
    drop(other);
    first.batch_execute(&format!("DROP DATABASE {name} WITH (FORCE)")).unwrap();
}
