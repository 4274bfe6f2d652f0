//! The two files of a letter: the flat one for the funder, and the signed original.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::Command;

use chrono::TimeDelta;
use diesel::prelude::*;
use letters::clock::Instant;
use letters::store::schema::{letters as letter_rows, seals};
use letters::workflow::letter::rules::fingerprint;
use letters::workflow::letter::seal::certificate::Certificate;
use letters::workflow::letter::seal::{password_file, write_new};
use letters::workflow::letter::store;
use letters::workflow::stage::StageName;
use tempfile::TempDir;

use crate::harness::{BEGINNING, Browser, Page, World};
use crate::letter::Supported;
use crate::whole_story::TICKS;

/// Holds the kept files against each other. (The motion of these worlds is made up, so not every record is looked at.)
fn holds(world: &World) {
    world.store().read_now(|view| store::check_hashes(view).and_then(|_| store::seals::check(view))).unwrap();
}

/// What is wrong with the signed originals, by the check that operators run.
fn wrong(world: &World) -> String {
    let findings = letters::check::records(world.store(), &world.app.depot);
    let about = |finding: &letters::check::Finding| finding.what == "signed originals";
    findings.into_iter().find(about).and_then(|finding| finding.wrong).unwrap_or_default()
}

/// A service with a key for trying out, and a request whose letter is drafted.
struct Office {
    world: World,
    request: Supported,
    staff: Browser,
    /// Who issues what the other one wrote.
    second: Browser,
    certificate: Certificate,
    folder: TempDir,
}

impl Office {
    /// The certificate is valid for ten days from the world's beginning.
    fn new() -> Self {
        Self::with(&[])
    }

    fn with(settings: &[(&str, &str)]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let (file, beginning) = (folder.path().join("seal.p12"), BEGINNING.parse::<Instant>().unwrap());
        let certificate = write_new(&file, (beginning - TimeDelta::days(1), beginning + TimeDelta::days(10))).unwrap();
        let password = password_file(&file);
        let mut all = vec![("SEAL_FILE", file.to_str().unwrap()), ("SEAL_PASSWORD_FILE", password.to_str().unwrap())];
        all.extend(settings);
        let world = World::with(&all);
        let request = Supported::new(&world);
        let (staff, second) = (world.signed_in("sam@people.example"), world.signed_in("kim@people.example"));
        let office = Self { world, request, staff, second, certificate, folder };
        office.staff.submit(&office.staff.get(&office.path("")), "/letter/draft", &[]);
        let passed_on = office.staff.submit(&office.staff.get(&office.path("/check")), "/letter/pass-on", TICKS);
        assert_eq!(passed_on.status, 200, "{}", passed_on.text());
        office
    }

    fn path(&self, end: &str) -> String {
        format!("/requests/{}/letter{end}", self.request.id)
    }

    fn check(&self) -> Page {
        self.second.get(&self.path("/check"))
    }

    fn issue(&self) -> Page {
        self.second.submit(&self.check(), "/letter/issue", TICKS)
    }

    fn kept(&self) -> (i64, i64) {
        let read = self.world.store().read_now(|view| {
            let letters = letter_rows::table.filter(letter_rows::issued_at.is_not_null()).count();
            Ok((letters.get_result(view.connection())?, seals::table.count().get_result(view.connection())?))
        });
        read.unwrap()
    }

    fn code(&self) -> String {
        let read = self.world.store().read_now(|view| {
            let code: Option<String> = letter_rows::table.select(letter_rows::code).first(view.connection())?;
            Ok(code.unwrap())
        });
        read.unwrap()
    }
}

#[test]
fn without_a_key_only_the_file_to_submit_is_made_and_everybody_is_told() {
    let world = World::new();
    let request = Supported::new(&world);
    let staff = world.signed_in("sam@people.example");
    let home = format!("/requests/{}/letter", request.id);
    staff.submit(&staff.get(&home), "/letter/draft", &[]);
    let check = staff.get(&format!("{home}/check"));
    assert!(check.text().contains("no key is set up, so only the file to submit is made"), "{}", check.text());
    staff.submit(&check, "/letter/pass-on", TICKS);
    let second = world.signed_in("kim@people.example");
    let issued = second.submit(&second.get(&format!("{home}/check")), "/letter/issue", TICKS);
    assert!(issued.text().contains("None: no key was set up when it was issued"), "{}", issued.text());
    assert!(!issued.has_link(&format!("{home}-signed.pdf")));
    let missing = staff.get(&format!("{home}-signed.pdf"));
    assert_eq!(missing.status, 404);
    assert!(missing.text().contains("issued without a digital signature") && missing.has_link(&format!("{home}.pdf")));
    assert_eq!(world.browser().get("/verify/certificate.pem").status, 404);
    let ada = world.signed_in("ada@people.example");
    assert!(!ada.get(&format!("/requests/{}", request.id)).text().contains("signed original"));
    holds(&world);
}

#[test]
fn staff_issue_a_signed_letter_and_its_applicant_takes_both_files() {
    let office = Office::new();
    let (world, certificate) = (&office.world, &office.certificate);
    let check = office.check();
    for told in [certificate.fingerprint().as_str(), "not for real letters", "self-made, for trying out"] {
        assert!(check.text().contains(told), "{told}: {}", check.text());
    }
    let looked_at = office.staff.get(&office.path("/proof.pdf"));
    let issued = office.issue();
    assert_eq!(issued.status, 200, "{}", issued.text());

    let ada = world.signed_in("ada@people.example");
    let status = ada.get(&format!("/requests/{}", office.request.id));
    assert!(status.text().contains("some funders refuse one"), "{}", status.text());
    let flat = ada.get(&office.path(".pdf"));
    let signed = ada.get(&office.path("-signed.pdf"));
    assert!(flat.bytes == looked_at.bytes, "the flat file is what was looked at");
    assert!(signed.bytes.starts_with(&flat.bytes) && signed.bytes.len() > flat.bytes.len());
    assert_eq!(signed.header("content-disposition"), "attachment; filename=\"IIIF_LOS-2026-0001-signed.pdf\"");
    assert_eq!(ada.head(&office.path("-signed.pdf")).status, 200);
    assert!(issued.text().contains(&fingerprint(&flat.bytes)) && issued.text().contains(&fingerprint(&signed.bytes)));
    assert_eq!(world.signed_in("eve@people.example").get(&office.path("-signed.pdf")).status, 404);
    let mails = world.mail_to("ada@people.example");
    let ready = mails.iter().find(|mail| mail.kind == "letter-ready").unwrap();
    assert!(ready.text.contains("Send the file to submit, not the signed original"), "{}", ready.text);

    let anyone = world.browser();
    let answer = anyone.get(&format!("/verify?code={}", office.code()));
    for told in [fingerprint(&flat.bytes), fingerprint(&signed.bytes), certificate.fingerprint()] {
        assert!(answer.text().contains(&told), "{told}: {}", answer.text());
    }
    assert!(answer.has_link("/verify/certificate.pem"));
    for file in [&flat.bytes, &signed.bytes] {
        let told = anyone.post_file("/verify", "file", file).first("main h2");
        assert_eq!(told, "This letter is genuine and in force");
    }
    let published = anyone.get("/verify/certificate.pem");
    assert_eq!(Certificate::read_pem(&published.body).unwrap(), std::slice::from_ref(certificate));

    let list = office.staff.get("/letters");
    let (_, picked) = list.form("/letters.zip", &[]);
    let id = &picked.iter().find(|(name, _)| name == "letter").unwrap().1;
    let zip = office.staff.get(&format!("/letters.zip?letter={id}"));
    let names = String::from_utf8_lossy(&zip.bytes);
    assert!(names.contains("IIIF_LOS-2026-0001.pdf") && names.contains("IIIF_LOS-2026-0001-signed.pdf"));
    holds(world);
}

#[test]
fn two_who_issue_at_once_make_one_letter_with_one_signature() {
    let office = Office::new();
    let checks = [office.check(), office.check()];
    let pages = std::thread::scope(|scope| {
        let threads: Vec<_> = checks
            .iter()
            .map(|check| {
                let browser = office.second.same();
                scope.spawn(move || browser.submit(check, "/letter/issue", TICKS).status)
            })
            .collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect::<Vec<_>>()
    });
    assert!(pages.contains(&200) && pages.iter().all(|status| [200, 409].contains(status)), "{pages:?}");
    assert_eq!(office.kept(), (1, 1));
    let late = office.check();
    assert!(late.status == 409 && late.text().contains("already been issued"), "{}", late.text());
    assert!(late.has_link(&office.path("")));
    holds(&office.world);
}

#[test]
fn an_expired_certificate_signs_nothing_and_says_so() {
    let office = Office::new();
    let before = office.check();
    office.world.wait(TimeDelta::days(11));
    let second = office.world.signed_in("kim@people.example");
    let check = second.get(&office.path("/check"));
    assert!(check.text().contains("The certificate expired on 12 March 2026."), "{}", check.text());
    assert!(!check.has_form("/letter/issue"));
    let late = second.submit(&before, "/letter/issue", TICKS);
    assert!([403, 409].contains(&late.status), "{}", late.text());
    assert_eq!((office.kept(), office.request.stage(&office.world)), ((0, 0), StageName::Decided));
}

#[test]
fn a_signed_original_that_was_changed_is_named() {
    let office = Office::new();
    office.issue();
    let write = |change: fn(&mut Vec<u8>), honest: bool| {
        office
            .world
            .store()
            .write_now(move |tx| {
                let (mut pdf, sha256): (Vec<u8>, String) =
                    seals::table.select((seals::pdf, seals::sha256)).first(tx.connection())?;
                change(&mut pdf);
                let sha256 = if honest { fingerprint(&pdf) } else { sha256 };
                let values = (seals::pdf.eq(pdf), seals::sha256.eq(sha256));
                Ok(diesel::update(seals::table).set(values).execute(tx.connection())?)
            })
            .unwrap();
    };
    let flip = |pdf: &mut Vec<u8>| *pdf.iter_mut().nth_back(60).unwrap() ^= 1;
    assert_eq!(wrong(&office.world), "");
    write(flip, false);
    assert!(wrong(&office.world).contains("is not the file that was kept"), "{}", wrong(&office.world));
    write(|_| (), true);
    assert!(wrong(&office.world).contains("it was changed after it was signed"), "{}", wrong(&office.world));
    write(flip, true);
    assert_eq!(wrong(&office.world), "");
    write(|pdf| pdf.push(b'\n'), true);
    assert!(wrong(&office.world).contains("no signature that covers the whole file"), "{}", wrong(&office.world));
}

#[test]
fn when_no_time_stamp_is_to_be_had_staff_choose() {
    let nobody = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let office = Office::with(&[("TIMESTAMP_URL", &format!("http://{nobody}/stamps"))]);
    assert!(office.check().text().contains(&format!("time stamp from http://{nobody}/stamps")));
    assert!(!office.check().text().contains("Issue it without a time stamp"));
    let refused = office.issue();
    assert_eq!((refused.status, office.kept()), (422, (0, 0)), "{}", refused.text());
    assert!(refused.text().contains("The time-stamp service did not answer"), "{}", refused.text());
    let again = office.second.submit(&refused, "/letter/issue", &[]);
    assert_eq!((again.status, office.kept()), (422, (0, 0)), "the box is not ticked by itself");
    let issued = office.second.submit(&again, "/letter/issue", &[("unstamped", "yes")]);
    assert_eq!((issued.status, office.kept()), (200, (1, 1)), "{}", issued.text());
    assert!(issued.text().contains("can be checked until the certificate expires"), "{}", issued.text());
    holds(&office.world);
}

/// A time-stamp service as others run it, made of openssl; none where that is not installed.
struct Stamper {
    address: String,
    folder: PathBuf,
}

impl Stamper {
    fn start(folder: &Path) -> Option<Self> {
        let openssl = |arguments: &str| {
            let ran = Command::new("openssl").args(arguments.split(' ')).current_dir(folder).output().ok()?;
            assert!(ran.status.success(), "{arguments}: {}", String::from_utf8_lossy(&ran.stderr));
            Some(())
        };
        let Some(()) = openssl("version") else {
            eprintln!("not checked: openssl is not installed");
            return None;
        };
        let settings = "[req]\ndistinguished_name = name\n[name]\n[tsa]\ndefault_tsa = one\n[one]\nserial = serial\n\
             signer_cert = stamper.pem\nsigner_key = stamper.key\ncerts = root.pem\nsigner_digest = sha256\n\
             default_policy = 1.2.3.4\ndigests = sha256\n[root]\nbasicConstraints = critical,CA:TRUE\n\
             keyUsage = critical,keyCertSign\nsubjectKeyIdentifier = hash\n[stamper]\n\
             extendedKeyUsage = critical,timeStamping\nkeyUsage = critical,digitalSignature\n";
        std::fs::write(folder.join("tsa.cnf"), settings).unwrap();
        std::fs::write(folder.join("serial"), "01\n").unwrap();
        openssl(
            "req -x509 -config tsa.cnf -extensions root -newkey rsa:2048 -nodes -keyout root.key -out root.pem -subj /CN=Stamp-Root -days 30",
        )?;
        openssl("req -config tsa.cnf -newkey rsa:2048 -nodes -keyout stamper.key -out stamper.csr -subj /CN=Stamper")?;
        openssl(
            "x509 -req -in stamper.csr -CA root.pem -CAkey root.key -CAcreateserial -extfile tsa.cnf -extensions stamper -out stamper.pem -days 30",
        )?;
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let stamper =
            Self { address: format!("http://{}/", listener.local_addr().unwrap()), folder: folder.to_owned() };
        let folder = folder.to_owned();
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let mut stream = stream.unwrap();
                let mut reader = BufReader::new(stream.try_clone().unwrap());
                let (mut line, mut length) = (String::new(), 0);
                while reader.read_line(&mut line).unwrap() > 2 {
                    if let Some(value) = line.to_lowercase().strip_prefix("content-length:") {
                        length = value.trim().parse().unwrap();
                    }
                    line.clear();
                }
                let mut question = vec![0; length];
                reader.read_exact(&mut question).unwrap();
                std::fs::write(folder.join("question"), question).unwrap();
                let made = Command::new("openssl")
                    .args(["ts", "-reply", "-config", "tsa.cnf", "-queryfile", "question", "-out", "answer"])
                    .current_dir(&folder)
                    .status();
                assert!(made.unwrap().success());
                let answer = std::fs::read(folder.join("answer")).unwrap();
                let head = "HTTP/1.1 200 OK\r\ncontent-type: application/timestamp-reply\r\nconnection: close\r\n";
                write!(stream, "{head}content-length: {}\r\n\r\n", answer.len()).unwrap();
                stream.write_all(&answer).unwrap();
            }
        });
        Some(stamper)
    }
}

#[test]
fn a_time_stamped_letter_can_still_be_checked_when_the_certificate_has_expired() {
    let stamps = tempfile::tempdir().unwrap();
    let Some(stamper) = Stamper::start(stamps.path()) else { return };
    let office = Office::with(&[("TIMESTAMP_URL", &stamper.address)]);
    let issued = office.issue();
    assert_eq!(issued.status, 200, "{}", issued.text());
    assert!(issued.text().contains("can still be checked when the certificate has expired"), "{}", issued.text());
    let signed = office.staff.get(&office.path("-signed.pdf"));
    office.world.wait(TimeDelta::days(400));
    holds(&office.world);

    let folder = office.folder.path();
    std::fs::write(folder.join("signed.pdf"), &signed.bytes).unwrap();
    std::fs::write(folder.join("certificate.pem"), office.certificate.pem()).unwrap();
    #[allow(clippy::disallowed_methods)]
    let Ok(python) = std::env::var("TEST_PDF_PYTHON") else {
        eprintln!("not checked: pyHanko; tests/run installs it");
        return;
    };
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/pdf/stamped.py");
    let root = stamper.folder.join("root.pem");
    let ran = Command::new(python)
        .args([script, "signed.pdf", "certificate.pem", root.to_str().unwrap()])
        .current_dir(folder)
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&ran.stdout).into_owned() + &String::from_utf8_lossy(&ran.stderr);
    assert!(ran.status.success() && said.trim_end().ends_with("fine"), "{said}");
}
