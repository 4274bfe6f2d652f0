//! What a signed original must be: the flat file with a signature after it that any change breaks, for us and for other
//! programs.

use std::path::Path;
use std::process::Command;
use std::sync::{Arc, LazyLock};

use proptest::prelude::*;

use super::key::Unusable;
use super::*;
use crate::workflow::letter::pdf::Press;
use crate::workflow::letter::text::sample;

static FLAT: LazyLock<Vec<u8>> = LazyLock::new(|| {
    let typst = typesetter::Typst::new(None).unwrap();
    Press::new(Arc::new(typst)).print(&sample::letter()).unwrap().bytes
});
static KEY: LazyLock<Key> = LazyLock::new(|| Key::for_trying_out(at("2026-01-01"), at("2027-01-01")));
static SEALED: LazyLock<Sealed> = LazyLock::new(|| Sealer::new(KEY.clone(), None).seal(&FLAT, NOON(), false).unwrap());
const NOON: fn() -> Instant = || at("2026-03-02");

fn at(day: &str) -> Instant {
    format!("{day}T12:00:00Z").parse().unwrap()
}

fn verified(file: &[u8]) -> Result<Option<Instant>, Broken> {
    verify(file, &[], KEY.chain())
}

#[test]
fn the_signed_original_is_the_flat_file_with_a_signature_after_it() {
    assert!(SEALED.bytes.starts_with(&FLAT));
    assert_eq!(verify(&SEALED.bytes, &FLAT, KEY.chain()), Ok(None));
    assert_eq!((SEALED.certificate.clone(), SEALED.stamped_at), (KEY.chain()[0].fingerprint(), None));
    assert_eq!(Certificate::read_pem(&SEALED.chain).unwrap(), KEY.chain());
    let again = Sealer::new(KEY.clone(), None).seal(&FLAT, NOON(), true).unwrap();
    assert_eq!(again, *SEALED, "equal files have equal signatures");
    assert!(again.bytes.len() < FLAT.len() + 8_000, "{} bytes more", again.bytes.len() - FLAT.len());
}

#[test]
fn a_certificate_signs_only_while_it_is_valid() {
    let sealer = Sealer::new(KEY.clone(), None);
    for (day, says) in [("2027-01-02", "expired on 1 January 2027"), ("2025-12-31", "valid only from 1 January 2026")] {
        let refused = sealer.seal(&FLAT, at(day), false).unwrap_err();
        assert!(refused.to_string().contains(says), "{refused}");
    }
}

#[test]
fn a_file_with_something_after_it_or_of_another_key_or_letter_does_not_hold() {
    let mut longer = SEALED.bytes.clone();
    longer.push(b'\n');
    assert_eq!(verified(&longer), Err(Broken::Uncovered));
    assert_eq!(verified(&FLAT), Err(Broken::Uncovered));
    assert_eq!(verified(&SEALED.bytes[..SEALED.bytes.len() - 1]), Err(Broken::Uncovered));
    assert_eq!(verify(&SEALED.bytes, b"%PDF-1.4", KEY.chain()), Err(Broken::OtherFile));
    let other = Key::for_trying_out(at("2026-01-01"), at("2027-01-01"));
    assert_eq!(verify(&SEALED.bytes, &FLAT, other.chain()), Err(Broken::Changed));
    assert_eq!(verify(&SEALED.bytes, &FLAT, &[]), Err(Broken::Changed));
}

#[test]
fn no_byte_can_be_changed_in_five_thousand_places() {
    // Every place in the update, where the signature is, and the rest evenly over the letter itself.
    let update = SEALED.bytes.len() - FLAT.len();
    let places = (FLAT.len()..SEALED.bytes.len())
        .chain((0..FLAT.len()).step_by(FLAT.len() / 5_000_usize.saturating_sub(update).max(500)));
    let mut count = 0;
    for place in places {
        let mut changed = SEALED.bytes.clone();
        changed[place] ^= 1 << (place % 8);
        assert!(verified(&changed).is_err(), "byte {place} changed, and it still holds");
        count += 1;
    }
    assert!(count >= 5_000, "{count}");
    assert_eq!(verified(&SEALED.bytes), Ok(None));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]
    #[test]
    fn no_run_of_bytes_can_be_changed(place in 0..SEALED.bytes.len(), with in proptest::collection::vec(any::<u8>(), 1..40)) {
        let mut changed = SEALED.bytes.clone();
        changed.iter_mut().skip(place).zip(&with).for_each(|(byte, new)| *byte = *new);
        prop_assert!(changed == SEALED.bytes || verified(&changed).is_err());
    }
}

#[test]
fn a_key_file_opens_with_its_password_alone() {
    let file = KEY.to_file("correct horse \u{e9}");
    let read = Key::read(&file, "correct horse \u{e9}").unwrap();
    assert_eq!(read.chain(), KEY.chain());
    assert_eq!(read.sign(b"x"), KEY.sign(b"x"));
    assert_eq!(Key::read(&file, "wrong").unwrap_err(), Unusable::Password);
    assert_eq!(Key::read(b"not a key", "").unwrap_err(), Unusable::Malformed);
    assert_eq!(Key::read(&file[..file.len() - 1], "").unwrap_err(), Unusable::Malformed);
}

#[test]
fn a_certificate_for_trying_out_says_so() {
    let certificate = &KEY.chain()[0];
    assert!(certificate.subject.contains("not for real letters"), "{}", certificate.subject);
    assert!(certificate.is_for_trying_out() && certificate.is_self_made());
    assert_eq!(certificate.validity(), "1 January 2026 to 1 January 2027");
}

/// Runs a program in `folder`; its output and whether it succeeded. None where it is not installed.
fn run(folder: &Path, program: &str, arguments: &[&str]) -> Option<(String, bool)> {
    let Ok(ran) = Command::new(program).args(arguments).current_dir(folder).output() else {
        eprintln!("not checked: {program} is not installed");
        return None;
    };
    let said = [ran.stdout, ran.stderr].concat();
    Some((String::from_utf8_lossy(&said).into_owned(), ran.status.success()))
}

#[test]
fn openssl_reads_our_key_file_and_we_read_its() {
    let folder = tempfile::tempdir().unwrap();
    let openssl = |arguments: &str| run(folder.path(), "openssl", &arguments.split(' ').collect::<Vec<_>>());
    std::fs::write(folder.path().join("ours.p12"), KEY.to_file("pass")).unwrap();
    let Some((said, fine)) = openssl("pkcs12 -in ours.p12 -passin pass:pass -nodes -info") else { return };
    assert!(fine && said.contains("PRIVATE KEY") && said.contains("for trying out"), "{said}");

    let made = |arguments: &str| {
        let (said, fine) = openssl(arguments).unwrap();
        assert!(fine, "{arguments}: {said}");
    };
    made(
        "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -keyout ca.key -out ca.pem -nodes -subj /CN=Test-CA -days 10",
    );
    made("req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -keyout key.pem -out csr.pem -nodes -subj /O=IIIF/CN=Seal");
    made("x509 -req -in csr.pem -CA ca.pem -CAkey ca.key -CAcreateserial -out cert.pem -days 10");
    made("pkcs12 -export -inkey key.pem -in cert.pem -certfile ca.pem -out theirs.p12 -passout pass:pass");
    let read = |name: &str| Key::read(&std::fs::read(folder.path().join(name)).unwrap(), "pass");
    let key = read("theirs.p12").unwrap();
    let subjects: Vec<&str> = key.chain().iter().map(|certificate| certificate.subject.as_str()).collect();
    assert_eq!(subjects, ["Seal", "Test-CA"]);
    let now = key.chain()[0].from + chrono::TimeDelta::hours(1);
    let sealed = Sealer::new(key.clone(), None).seal(&FLAT, now, false).unwrap();
    assert_eq!(verify(&sealed.bytes, &FLAT, key.chain()), Ok(None));

    made("req -x509 -newkey rsa:2048 -keyout rsa.key -out rsa.pem -nodes -subj /CN=Rsa -days 10");
    made("pkcs12 -export -inkey rsa.key -in rsa.pem -out rsa.p12 -passout pass:pass");
    assert_eq!(read("rsa.p12").unwrap_err(), Unusable::Kind);
    made("pkcs12 -export -inkey key.pem -in ca.pem -out other.p12 -passout pass:pass -nocerts");
    assert_eq!(read("other.p12").unwrap_err(), Unusable::NoCertificate);
    if openssl("pkcs12 -export -legacy -inkey key.pem -in cert.pem -out old.p12 -passout pass:pass").unwrap().1 {
        assert_eq!(read("old.p12").unwrap_err(), Unusable::Legacy);
    }
}

/// The folder with a letter's two files, its certificate, and signed originals with one byte changed.
fn on_disk(sealed: &Sealed) -> (tempfile::TempDir, Vec<String>) {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, bytes: &[u8]| std::fs::write(folder.path().join(name), bytes).unwrap();
    write("flat.pdf", &FLAT);
    write("signed.pdf", &sealed.bytes);
    write("certificate.pem", sealed.chain.as_bytes());
    let end = sealed.bytes.len();
    let hole = sealed.bytes.windows(13).rposition(|window| window == b"/Contents <30").unwrap() + 11;
    let mut broken = Vec::new();
    for place in [20, FLAT.len() / 2, FLAT.len() - 400, hole + 700, end - 100] {
        let mut changed = sealed.bytes.clone();
        changed[place] = if changed[place] == b'1' { b'2' } else { b'1' };
        assert!(verified(&changed).is_err());
        broken.push(format!("broken-{place}.pdf"));
        write(broken.last().unwrap(), &changed);
    }
    (folder, broken)
}

#[test]
fn poppler_and_qpdf_find_the_signature_valid_and_notice_a_change() {
    let (folder, broken) = on_disk(&SEALED);
    if let Some((said, _)) = run(folder.path(), "pdfsig", &["signed.pdf"]) {
        assert!(said.contains("Signature Validation: Signature is Valid."), "{said}");
        assert!(said.contains("ETSI.CAdES.detached") && said.contains("Total document signed"), "{said}");
        for name in &broken {
            let (said, _) = run(folder.path(), "pdfsig", &[name]).unwrap();
            assert!(!said.contains("Signature is Valid"), "{name}: {said}");
        }
    }
    if let Some((said, fine)) = run(folder.path(), "qpdf", &["--check", "signed.pdf"]) {
        assert!(fine && !said.to_lowercase().contains("warning"), "{said}");
    }
    if let Some((said, _)) = run(folder.path(), "pdfinfo", &["signed.pdf"]) {
        let holds = |line: &str| said.split_whitespace().collect::<Vec<_>>().join(" ").contains(line);
        assert!(holds("Tagged: yes") && holds("Form: AcroForm") && holds("Encrypted: no"), "{said}");
    }
}

#[test]
fn pikepdf_and_pyhanko_find_both_files_as_they_should_be() {
    #[allow(clippy::disallowed_methods, reason = "tests/run says where it has installed them")]
    let Ok(python) = std::env::var("TEST_PDF_PYTHON") else {
        eprintln!("not checked: pikepdf and pyHanko; tests/run installs them");
        return;
    };
    let (folder, broken) = on_disk(&SEALED);
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/pdf/check.py");
    let mut arguments = vec![script, "flat.pdf", "signed.pdf", "certificate.pem", "2027-01-01T12:00:00+00:00"];
    arguments.extend(broken.iter().map(String::as_str));
    let (said, fine) = run(folder.path(), &python, &arguments).unwrap();
    assert!(fine && said.trim_end().ends_with("fine"), "{said}");
}
