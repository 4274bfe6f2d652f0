//! The house rules, read from the source: who may import whom, and which file alone knows of what.
//! A breach prints the rule, its reason and the line. What a newcomer needs to know of them stands in `lib.rs`.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::string_slice, clippy::panic)]

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

/// Files that may break a rule: rule, file, reason. The list shrinks freely and grows only with a good reason.
const EXCEPTIONS: &[(&str, &str, &str)] = &[(
    "writes",
    "src/workflow/request/store.rs",
    "touch and advance are how every later step holds a request and moves it",
)];

/// The longest a file may be.
const LINES: usize = 450;

/// The steps in running order; a step imports itself and earlier ones. The discussion begins once a request is routed.
const STEPS: &[&str] =
    &["request", "routing", "discussion", "review", "waiting", "decision", "letter", "outcome", "post", "delivery"];

/// Concepts that the steps build on; they import nothing of the workflow but its sinks.
const GROUND: &[&str] = &["members", "committee", "policy", "funders", "people", "audit", "mail"];

/// How a path into the house begins.
const ROOTS: [&str; 3] = ["crate::", "super::", "ground::"];

/// Where the files of the house stand: the service, and what its workflow stands on.
const HOUSE: [&str; 2] = ["src", "crates/ground/src"];

/// What the stores of later steps read by: who is out of a request is said in one place.
const READING: &str = "workflow::request::store::recused";

/// What any command may write into: every change leaves its trace and queues its mail in its own transaction.
const SINKS: &[&str] = &["audit::record", "audit::store", "audit::entry", "mail::outbox", "mail::message"];

/// Which layer a file belongs to. The numbers say which way is down.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Layer {
    Base = 0,
    Pure = 1,
    Database = 2,
    Store = 3,
    Notices = 4,
    Commands = 5,
    Web = 6,
    Pages = 7,
    Top = 8,
}

/// A file without its comments and its tests.
struct Source {
    path: String,
    module: Vec<String>,
    lines: Vec<String>,
    length: usize,
    first: String,
}

/// A breach: rule, reason, place.
struct Breach {
    rule: &'static str,
    why: &'static str,
    path: String,
    at: String,
}

impl Source {
    fn new(path: &str, text: &str) -> Self {
        // A file of tests that stands beside its rules is compiled for tests alone; only its opening counts here.
        let end = if path.ends_with("_tests.rs") { "\n" } else { "#[cfg(test)]\nmod tests {" };
        let code = text.split(end).next().unwrap_or_default();
        let lines = code.lines().map(|line| match line.find("//") {
            Some(at) if !line[..at].ends_with(':') => line[..at].to_owned(),
            _ => line.to_owned(),
        });
        let stem =
            path.split_once("src/").map_or(path, |(_, inside)| inside).trim_end_matches(".rs").trim_end_matches("/mod");
        Self {
            path: path.to_owned(),
            module: stem.split('/').map(str::to_owned).collect(),
            lines: lines.collect(),
            length: text.lines().count(),
            first: text.lines().next().unwrap_or_default().to_owned(),
        }
    }

    /// The concept a file belongs to: the folder of a step, or the first folder.
    fn concept(&self) -> &str {
        let at = usize::from(self.module[0] == "workflow");
        self.module.get(at).map_or("", String::as_str)
    }

    /// Its layer, told by its name alone: a name not known here is a pure file. `mod.rs` only lists modules.
    fn layer(&self) -> Option<Layer> {
        let name = |name: &str| self.module.iter().skip(1).any(|part| part == name);
        Some(match self.module[0].as_str() {
            _ if self.path.ends_with("/mod.rs") && !name("store") && !name("pages") => return None,
            "lib" => return None,
            "clock" | "fingerprint" | "ids" | "refusal" | "words" | "config" | "moment" | "plain" | "table"
            | "workday" | "written" => Layer::Base,
            "store" => Layer::Database,
            "web" => Layer::Web,
            // The demonstration lives through a year as people would: by the commands of every step.
            "demo" => Layer::Top,
            _ if self.module.len() == 1 || name("worker") => Layer::Top,
            _ if name("pages") => Layer::Pages,
            _ if name("store") || name("outbox") || name("record") => Layer::Store,
            _ if name("commands") => Layer::Commands,
            // The words of mails and of a new letter stand in templates.
            _ if name("notices") || name("draft") => Layer::Notices,
            _ if name("transport") || name("pdf") || name("seal") || name("passkey") => Layer::Store,
            _ => Layer::Pure,
        })
    }
}

/// Every path that begins with one of `ROOTS`, from the root of its crate, with the line it stands on. The two crates are
/// one house: no module of one has its name in the other.
fn imports(source: &Source) -> Vec<(usize, Vec<String>)> {
    let mut found = Vec::new();
    let text = source.lines.join("\n");
    for root in ROOTS {
        for (at, _) in text.match_indices(root) {
            let before = text[..at].chars().next_back();
            if before.is_some_and(|c| c.is_alphanumeric() || c == '_' || c == ':' || c == '$') {
                continue;
            }
            let mut base = if root == "super::" { source.module.clone() } else { Vec::new() };
            let mut rest = &text[at..];
            while let Some(after) = rest.strip_prefix("super::") {
                base.pop();
                rest = after;
            }
            rest = ["crate::", "ground::"].iter().find_map(|root| rest.strip_prefix(root)).unwrap_or(rest);
            let line = text[..at].matches('\n').count();
            let mut paths = Vec::new();
            tree(&base, rest, &mut paths);
            found.extend(paths.into_iter().map(|path| (line, path)));
        }
    }
    found
}

/// Spreads `a::{b, c::d}` under `base` into one path for each name; gives back what follows.
fn tree<'a>(base: &[String], text: &'a str, paths: &mut Vec<Vec<String>>) -> &'a str {
    let text = text.trim_start();
    if let Some(mut rest) = text.strip_prefix('{') {
        loop {
            rest = rest.trim_start_matches(|c: char| c.is_whitespace() || c == ',');
            if rest.is_empty() || rest.starts_with('}') {
                return rest.strip_prefix('}').unwrap_or(rest);
            }
            let after = tree(base, rest, paths);
            rest =
                if after.len() < rest.len() { after } else { &rest[rest.chars().next().map_or(1, char::len_utf8)..] };
        }
    }
    let end = text.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(text.len());
    let (name, rest) = text.split_at(end);
    let mut path = base.to_vec();
    path.extend((!name.is_empty() && name != "self").then(|| name.to_owned()));
    match rest.strip_prefix("::") {
        Some(deeper) if !name.is_empty() => tree(&path, deeper, paths),
        _ => {
            paths.push(path);
            rest
        }
    }
}

/// The file that a path leads into: the longest module that is one, or the module of the ground that this one passes on.
fn target<'a>(sources: &'a [Source], path: &[String]) -> Option<&'a Source> {
    let at = |n: usize| sources.iter().find(|source| source.module == path[..n]).map(|source| (n, source));
    let (n, found) = (1..=path.len()).rev().find_map(at)?;
    let passed_on = imports(found).into_iter().find(|(line, inside)| {
        found.lines[*line].starts_with("pub use ground::")
            && path.get(n).is_some_and(|name| inside.last() == Some(name))
    });
    passed_on.and_then(|(_, inside)| target(sources, &inside)).or(Some(found))
}

/// Whether `from` may import `to`; else the rule and its reason.
fn may_import(from: &Source, to: &Source) -> Result<(), (&'static str, &'static str)> {
    use Layer::{Base, Commands, Database, Notices, Pages, Pure, Store, Top, Web};
    let (Some(above), Some(below)) = (from.layer(), to.layer()) else { return Ok(()) };
    let own = from.concept() == to.concept();
    let sink = SINKS.iter().any(|sink| to.module.join("::").ends_with(sink));
    let layers = match (above, below) {
        (_, Base) | (Top, _) | (Web, Web) | (Database, Database) => true,
        // Web knows the rules of people and of the journal, and the web sessions, but no step; it sends no mail.
        (Web, Pure | Database | Store) => from_ground(to) && to.concept() != "mail",
        (Base | Web | Database, _) => false,
        (Notices | Commands, _) if sink => true,
        (Pure | Store | Notices, Pure) => true,
        (Pure, _) => false,
        (Store, Database) => true,
        (Store, Store) => own || to.module.join("::") == READING,
        (Store, _) => false,
        (Notices, Notices) => own,
        (Notices, _) => false,
        (Commands, Notices) => own,
        (Commands, Pure | Database | Store | Commands) => true,
        (Commands, _) => false,
        (Pages, Commands | Pages) => own,
        (Pages, Pure | Database | Store | Web) => true,
        (Pages, _) => false,
    };
    if !layers {
        return Err(("layers", "arrows point down only, and a concept's commands and pages are its own"));
    }
    let step =
        |source: &Source| STEPS.iter().position(|step| source.module[0] == "workflow" && *step == source.concept());
    match (step(from), step(to)) {
        _ if sink || above >= Web => Ok(()),
        (Some(later), Some(earlier)) if earlier > later => Err((
            "order",
            "request < routing < discussion < review < waiting < decision < letter < outcome < post < delivery: a step knows \
             only earlier ones",
        )),
        (None, _) if GROUND.contains(&from.concept()) && !from_ground(to) => {
            Err(("ground", "members, committee, policy, funders, people, audit and mail know nothing of the workflow"))
        }
        _ => Ok(()),
    }
}

/// Whether a file is no step's.
fn from_ground(source: &Source) -> bool {
    source.module.first().is_some_and(|first| first != "workflow")
}

/// A word that only some files may hold.
struct Word {
    rule: &'static str,
    why: &'static str,
    words: &'static [&'static str],
    home: fn(&Source) -> bool,
}

const WORDS: &[Word] = &[
    Word {
        rule: "databases",
        why: "that there are two databases is the business of store/ alone",
        words: &["SqliteConnection", "PgConnection", "diesel::sqlite", "diesel::pg", "diesel::r2d2", "libsqlite3_sys"],
        home: |source| source.module[0] == "store",
    },
    Word {
        rule: "lettre",
        why: "how mail is sent is known to one file",
        words: &["lettre::"],
        home: |source| source.path == "src/workflow/delivery/transport.rs",
    },
    Word {
        rule: "seal",
        why: "keys, signatures and certificates are known to one folder",
        words: &["p256::", "ring::digest", "ring::pbkdf2", "ring::signature", "aes::", "ureq::"],
        home: |source| source.path.starts_with("src/workflow/letter/seal/"),
    },
    Word {
        rule: "webauthn",
        why: "passkeys are known to one file",
        words: &["webauthn_rs"],
        home: |source| source.path == "crates/ground/src/people/passkey.rs",
    },
    Word {
        rule: "actix",
        why: "what the service does must not depend on HTTP",
        words: &["actix_web"],
        home: |source| source.layer().is_none_or(|layer| layer >= Layer::Web),
    },
    Word {
        rule: "clock",
        why: "time is a parameter: only the clock asks the computer",
        words: &["Utc::now", "Local::now", "SystemTime::now"],
        home: |source| source.path == "crates/ground/src/clock.rs",
    },
    Word {
        rule: "environment",
        why: "configuration is read in one place, so that all its faults are reported at once",
        words: &["env::var", "std::env", "env::args"],
        home: |source| source.path == "crates/ground/src/config.rs",
    },
    Word {
        rule: "chance",
        why: "ids and nonces are made in one place",
        words: &["getrandom", "Uuid::new", "Uuid::now", "thread_rng"],
        home: |source| source.path == "crates/ground/src/ids.rs",
    },
    Word {
        rule: "pure",
        why: "rules are functions of their arguments: no database, HTTP, files, chance or threads",
        words: &[
            "diesel",
            "tokio",
            "askama",
            "std::fs",
            "TcpStream",
            "TcpListener",
            "UdpSocket",
            "std::thread",
            "File::open",
            "::fresh()",
            "nonce(",
        ],
        home: |source| source.layer() != Some(Layer::Pure),
    },
    Word {
        rule: "synchronous",
        why: "a command runs inside an open transaction and waits for nothing",
        words: &["async fn", "async move", "async {", "async |"],
        home: |source| {
            !matches!(source.layer(), Some(Layer::Pure | Layer::Store | Layer::Commands | Layer::Notices))
                || source.path == "src/workflow/delivery/transport.rs"
        },
    },
    Word {
        rule: "proofs",
        why: "permission is a value that only people/access.rs makes",
        words: &["Voter {", "Chair {", "Staff {", "Applicant {", "Insider {", "Owner {"],
        home: |source| source.concept() == "people",
    },
];

/// The table that a line writes, if it does.
fn written(line: &str) -> Option<&str> {
    let call =
        ["insert_into(", "diesel::update(", "diesel::delete("].iter().find_map(|call| line.split(call).nth(1))?;
    let path = call.split(|c: char| !c.is_alphanumeric() && c != '_' && c != ':').next()?;
    path.strip_suffix("::table")?.rsplit("::").next()
}

fn breaches(sources: &[Source]) -> Vec<Breach> {
    let mut found = Vec::new();
    let mut breach = |rule, why, source: &Source, at: String| {
        found.push(Breach { rule, why, path: source.path.clone(), at });
    };
    let mut writers: Vec<(&str, &Source)> = Vec::new();
    for source in sources {
        let place = |line: usize| format!("{}: {}", line + 1, source.lines[line].trim());
        if !source.first.starts_with("//! ") {
            breach("opening", "the first line says what a file is for", source, place(0));
        }
        if source.length > LINES {
            breach("length", "a file is read in one go", source, format!("{} lines", source.length));
        }
        for (line, path) in imports(source) {
            let Some(to) = target(sources, &path).filter(|to| to.path != source.path) else { continue };
            if let Err((rule, why)) = may_import(source, to) {
                breach(rule, why, source, format!("{} (imports {})", place(line), to.path));
            }
        }
        for (number, line) in source.lines.iter().enumerate() {
            for word in WORDS.iter().filter(|word| !(word.home)(source)) {
                if word.words.iter().any(|word| line.contains(word)) {
                    breach(word.rule, word.why, source, place(number));
                }
            }
            let is_store = matches!(source.layer(), Some(Layer::Store | Layer::Database));
            if let Some(table) = written(line) {
                let other = writers.iter().find(|(written, by)| *written == table && by.path != source.path);
                if !is_store || other.is_some() {
                    let also = other.map_or(String::new(), |(_, by)| format!(" (also written by {})", by.path));
                    let why = "a table is written by one file, the store.rs of its concept";
                    breach("tables", why, source, place(number) + &also);
                }
                writers.push((table, source));
            }
            if is_store && line.trim_start().starts_with("pub fn") && line.contains("&mut Tx") {
                let why = "a write is pub(super): other concepts change a table through its commands";
                if !SINKS.iter().any(|sink| source.module.join("::").ends_with(sink)) && source.module[0] != "store" {
                    breach("writes", why, source, place(number));
                }
            }
        }
    }
    found
}

fn files(folder: &Path, into: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("the folder is readable") {
        let path = entry.expect("the entry is readable").path();
        if path.is_dir() {
            files(&path, into);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            into.push(path);
        }
    }
}

#[test]
fn the_house_rules_hold() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut paths = Vec::new();
    for part in HOUSE {
        files(&root.join(part), &mut paths);
    }
    paths.sort();
    let sources: Vec<Source> = paths
        .iter()
        .map(|path| {
            let text = fs::read_to_string(path).expect("the file is readable");
            Source::new(&path.strip_prefix(root).expect("it lies in the project").to_string_lossy(), &text)
        })
        .collect();
    let found = breaches(&sources);
    let excused =
        |breach: &Breach| EXCEPTIONS.iter().any(|(rule, path, _)| (*rule, *path) == (breach.rule, &breach.path));
    let mut report = String::new();
    for breach in found.iter().filter(|breach| !excused(breach)) {
        let _ = writeln!(report, "{}: {}\n    {}:{}", breach.rule, breach.why, breach.path, breach.at);
    }
    for (rule, path, _) in EXCEPTIONS {
        if !found.iter().any(|breach| (breach.rule, breach.path.as_str()) == (*rule, *path)) {
            let _ = writeln!(report, "exceptions: {path} keeps the rule {rule:?} now: take it off the list");
        }
    }
    assert!(report.is_empty(), "\n{report}");
}

#[test]
fn the_crates_beside_the_service_are_read_in_one_go_and_say_what_they_are_for() {
    let mut paths = Vec::new();
    files(&Path::new(env!("CARGO_MANIFEST_DIR")).join("crates"), &mut paths);
    assert!(!paths.is_empty());
    for path in paths {
        let text = fs::read_to_string(&path).expect("the file is readable");
        assert!(text.starts_with("//! "), "{}: the first line says what a file is for", path.display());
        assert!(text.lines().count() <= LINES, "{}: a file is read in one go", path.display());
    }
}

/// Whoever depends on the typesetter is compiled after it, and it takes longer than everything else together.
#[test]
fn the_service_is_compiled_beside_the_typesetter_and_not_after_it() {
    for (manifest, may) in [
        ("Cargo.toml", false),
        ("crates/ground/Cargo.toml", false),
        ("crates/sheets/Cargo.toml", false),
        ("crates/cli/Cargo.toml", true),
    ] {
        let text = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(manifest)).expect("it is readable");
        let used = text.split("[dependencies]").nth(1).and_then(|rest| rest.split("\n[").next()).expect("it has some");
        let waits = used.lines().any(|line| line.starts_with("typesetter") || line.starts_with("typst"));
        assert_eq!(waits, may, "{manifest}");
    }
}

#[test]
fn each_rule_notices_a_breach() {
    let fine = [
        ("src/workflow/request/store.rs", "//! x\npub fn find(view: &mut View) {}\n"),
        ("src/workflow/request/commands.rs", "//! x\nuse super::{rules, store};\nuse crate::clock::Instant;\n"),
        ("src/workflow/request/rules.rs", "//! x\n// diesel is not named here: tokio\n"),
        ("src/workflow/review/rules.rs", "//! x\nuse crate::workflow::request::rules;\n"),
        ("src/workflow/review/pages.rs", "//! x\nuse crate::workflow::request::store;\n"),
        ("src/workflow/delivery/mod.rs", "//! x\npub use ground::mail::outbox;\n"),
        ("crates/ground/src/mail/outbox.rs", "//! x\n"),
        ("src/workflow/stage.rs", "//! x\n"),
        ("crates/ground/src/members/store.rs", "//! x\nuse crate::store::Tx;\n"),
        ("crates/ground/src/store/mod.rs", "//! x\n"),
        ("crates/ground/src/clock.rs", "//! x\n"),
        ("crates/ground/src/web/frame.rs", "//! x\n"),
    ];
    let with = |path: &str, text: &str| {
        let planted = fine.iter().filter(|(other, _)| *other != path).copied().chain([(path, text)]);
        let sources: Vec<Source> = planted.map(|(path, text)| Source::new(path, text)).collect();
        breaches(&sources).into_iter().map(|breach| breach.rule).collect::<Vec<_>>()
    };
    assert_eq!(with("crates/ground/src/people/address.rs", "//! x\n"), [""; 0]);
    for (rule, path, text) in [
        ("opening", "crates/ground/src/people/address.rs", "use std::fmt;\n"),
        ("layers", "src/workflow/request/rules.rs", "//! x\nuse super::store;\n"),
        ("layers", "src/workflow/review/pages.rs", "//! x\nuse crate::{clock, workflow::{request::commands}};\n"),
        ("layers", "src/workflow/review/store.rs", "//! x\nfn f() { crate::members::store::all() }\n"),
        ("layers", "crates/ground/src/web/form.rs", "//! x\nuse crate::workflow::request::rules;\n"),
        ("layers", "crates/ground/src/web/form.rs", "//! x\nuse crate::mail::outbox;\n"),
        ("layers", "src/workflow/request/notices.rs", "//! x\nuse super::store;\n"),
        ("layers", "src/workflow/request/rules.rs", "//! x\nuse ground::members::store;\n"),
        ("layers", "src/workflow/request/rules.rs", "//! x\nuse crate::workflow::delivery::outbox::queue;\n"),
        ("layers", "crates/ground/src/clock.rs", "//! x\nuse crate::workflow::request::rules;\n"),
        ("order", "src/workflow/request/commands.rs", "//! x\nuse crate::workflow::review::rules::tally;\n"),
        ("ground", "crates/ground/src/committee/rules.rs", "//! x\nuse crate::workflow::request::rules;\n"),
        ("ground", "crates/ground/src/funders/words.rs", "//! x\nuse crate::workflow::stage::Stage;\n"),
        ("databases", "crates/ground/src/members/store.rs", "//! x\nuse diesel::PgConnection;\n"),
        ("lettre", "src/workflow/request/notices.rs", "//! x\nuse lettre::Message;\n"),
        ("actix", "src/workflow/request/commands.rs", "//! x\nuse actix_web::web;\n"),
        ("clock", "src/workflow/request/commands.rs", "//! x\nlet now = Utc::now();\n"),
        ("pure", "src/workflow/request/rules.rs", "//! x\nuse diesel::prelude::*;\n"),
        ("synchronous", "src/workflow/request/commands.rs", "//! x\npub async fn submit() {}\n"),
        ("proofs", "src/workflow/review/commands.rs", "//! x\nlet voter = Voter { seat };\n"),
        ("tables", "crates/ground/src/members/commands.rs", "//! x\ninsert_into(institutions::table)\n"),
        ("writes", "crates/ground/src/members/store.rs", "//! x\npub fn add(tx: &mut Tx) {}\n"),
    ] {
        assert_eq!(with(path, text), [rule], "{text:?} in {path}");
    }
    let long = "//! x\n".repeat(LINES + 1);
    assert_eq!(with("crates/ground/src/people/address.rs", &long), ["length"]);
    let twice = "//! x\ndiesel::insert_into(schema::seats::table)\ndiesel::update(seats::table)\n";
    assert_eq!(with("crates/ground/src/committee/store.rs", twice), [""; 0]);
    let sources = [
        Source::new("crates/ground/src/members/store.rs", twice),
        Source::new("crates/ground/src/committee/store.rs", twice),
    ];
    assert_eq!(breaches(&sources).iter().map(|breach| breach.rule).collect::<Vec<_>>(), ["tables", "tables"]);
}
