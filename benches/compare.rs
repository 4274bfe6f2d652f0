//! The same letter set by this program and by other means, in one run, and the ratios of their times:
//! `cargo bench --bench compare [-- PYTHON]`. It runs what it finds of `chromium`, `typst` and WeasyPrint (in `PYTHON`, else in
//! `python3`) and says loudly what it could not run. WeasyPrint is asked for tagged PDF/A, as the letters here are.

#![allow(clippy::print_stdout, reason = "a measurement prints what it measured")]

mod sample;

use std::error::Error;
use std::fs;
use std::path::Path;
use std::process::Command;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use letters::workflow::letter::pdf::{Job, Press, Printed, Typesetter, Unprintable};
use letters::workflow::letter::text::LetterText;
use sample::{different, print, warm};

/// How often each is run; its median counts.
const RUNS: usize = 5;

type Answer<T> = Result<T, Box<dyn Error>>;

fn main() -> Answer<()> {
    warm();
    let folder = tempfile::tempdir()?;
    let letter = different();
    fs::write(folder.path().join("letter.html"), page(&letter))?;
    fs::write(folder.path().join("letter.css"), include_str!("letter.css"))?;
    faces(folder.path())?;
    let job = Taken::by(&letter)?;
    fs::write(folder.path().join("letter.typ"), &job.sheet)?;
    fs::write(folder.path().join("check.svg"), &job.pictures.check)?;

    let given = std::env::args().skip(1).find(|argument| !argument.starts_with("--"));
    let python = given.unwrap_or_else(|| "python3".to_owned());
    tell("WeasyPrint, warm", || weasyprint_warm(&python, folder.path()));
    let once = "import weasyprint; weasyprint.HTML('letter.html').write_pdf('weasyprint.pdf', pdf_variant='pdf/a-2a')";
    tell("WeasyPrint, a process for each letter", || processes(&python, &["-c", once], folder.path()));
    let chromium = [
        "--headless=new",
        "--no-sandbox",
        "--disable-gpu",
        "--no-pdf-header-footer",
        "--print-to-pdf=chromium.pdf",
        "letter.html",
    ];
    tell("Chromium, a process for each letter", || processes("chromium", &chromium, folder.path()));
    let typst = ["compile", "--pdf-standard", "a-2u,ua-1", "letter.typ", "typst.pdf"];
    tell("Typst's command line, a process for each letter", || processes("typst", &typst, folder.path()));
    Ok(())
}

/// Tells how long `other` takes beside this program, which is measured before and after it: a machine is not equally fast
/// all the time.
fn tell(what: &str, other: impl FnOnce() -> Answer<Duration>) {
    let own = || (0..200).map(|_| timed(|| drop(print(&different()))));
    let mut times: Vec<Duration> = own().collect();
    let took = other();
    times.extend(own());
    let own = median(times);
    match took {
        Ok(took) => {
            let ratio = took.as_secs_f64() / own.as_secs_f64();
            println!("{what}: {took:.1?}, {ratio:.0} times as long as this program, warm: {own:.1?}");
        }
        Err(why) => println!("{what}: NOT RUN: {why}"),
    }
}

fn timed(work: impl FnOnce()) -> Duration {
    let began = Instant::now();
    work();
    began.elapsed()
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort();
    times.get(times.len() / 2).copied().unwrap_or_default()
}

/// One process for each letter, after one that warms the system's own caches.
fn processes(program: &str, arguments: &[&str], folder: &Path) -> Answer<Duration> {
    let run = || -> Answer<Duration> {
        let began = Instant::now();
        let done = Command::new(program).args(arguments).current_dir(folder).output()?;
        if !done.status.success() {
            return Err(String::from_utf8_lossy(&done.stderr).lines().last().unwrap_or("it failed").to_owned().into());
        }
        Ok(began.elapsed())
    };
    run()?;
    Ok(median((0..RUNS).map(|_| run()).collect::<Answer<_>>()?))
}

/// One process that sets the letter again and again.
fn weasyprint_warm(python: &str, folder: &Path) -> Answer<Duration> {
    let program = format!(
        "import time, weasyprint\n\
         def once():\n    began = time.perf_counter()\n    weasyprint.HTML('letter.html').write_pdf('warm.pdf', pdf_variant='pdf/a-2a')\n    \
         return time.perf_counter() - began\n\
         once(); once()\n\
         print(sorted(once() for _ in range({RUNS}))[{RUNS} // 2])"
    );
    let done = Command::new(python).args(["-c", &program]).current_dir(folder).output()?;
    let said = String::from_utf8_lossy(&done.stdout);
    let seconds = said
        .trim()
        .parse()
        .map_err(|_| String::from_utf8_lossy(&done.stderr).lines().last().unwrap_or_default().to_owned())?;
    Ok(Duration::from_secs_f64(seconds))
}

/// A typesetter that keeps what it is handed and sets nothing.
#[derive(Debug, Default)]
struct Taken(Mutex<Option<Job>>);

impl Taken {
    fn by(letter: &LetterText) -> Answer<Job> {
        let taken = Arc::new(Self::default());
        let _ = Press::new(taken.clone()).print(letter);
        let job = taken.0.lock().unwrap_or_else(PoisonError::into_inner).take();
        job.ok_or_else(|| "nothing was handed over".into())
    }
}

impl Typesetter for Taken {
    fn set(&self, job: &Job) -> Result<Printed, Unprintable> {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(job.clone());
        Err(Unprintable::Broken("it is only taken".to_owned()))
    }
}

/// The letter as a page of HTML, with the same words in the same places and faces.
fn page(letter: &LetterText) -> String {
    let rows = |lines: &[String]| lines.iter().map(|line| escaped(line)).collect::<Vec<_>>().join("<br>");
    let facts: String = letter
        .particulars()
        .iter()
        .map(|(label, value)| format!("<tr><td>{}<td>{}</tr>", escaped(label), escaped(value)))
        .collect();
    let body: String = letter.paragraphs.iter().map(|text| format!("<p>{}</p>", escaped(text))).collect();
    let fixed = letter.language.fixed();
    format!(
        "<!doctype html><html lang=en-GB><meta charset=utf-8><title>{title}</title><meta name=author content='{name}'>\
         <link rel=stylesheet href=letter.css><header class=row><div class='row near'><div class=mark><i></i><i></i><i></i></div>\
         <div><div class=name>{name}</div><div class=quiet>{full}</div></div></div><div class='quiet right'>{lines}</div></header><hr>\
         <div class='row top'><p>{to}</p><p class=right>{date}<br><span class=quiet>{reference} {number}</span></p></div>\
         <h1>{title}</h1><table>{facts}</table><p>{salutation},</p>{body}<p>{close}</p><p class=signature><b>{signer}</b><br>{capacity}</p>\
         <footer class='row top quiet'><div><p><b>{}</b> {}</p><p><b>{}</b> {}{address}{}</p><p>{} <b class=code>{code}</b></p></div>\
         <img src=check.svg alt='{square}'></footer></html>",
        fixed.limitation.0,
        fixed.limitation.1,
        fixed.check.0,
        fixed.check.1,
        fixed.check.2,
        fixed.code,
        title = escaped(&letter.title()),
        name = escaped(&letter.letterhead.name),
        full = escaped(&letter.letterhead.full_name),
        lines = rows(&letter.letterhead.lines),
        to = rows(&letter.addressee.lines),
        date = letter.language.day(letter.date),
        reference = fixed.reference,
        number = escaped(&letter.number),
        salutation = escaped(&letter.addressee.salutation),
        close = letter.close(),
        signer = escaped(&letter.signed_by.name),
        capacity = escaped(&letter.signed_by.capacity),
        address = letter.verification.short_address(),
        code = letter.verification.code,
        square = fixed.square,
    )
}

/// Puts the faces of the letter into `folder`.
fn faces(folder: &Path) -> Answer<()> {
    for name in ["LibertinusSerif-Regular", "LibertinusSerif-Semibold"] {
        // “SemiboldItalic” is another face than “Semibold”.
        let named = |font: &&[u8]| {
            font.windows(name.len() + 1).any(|at| at.starts_with(name.as_bytes()) && !at.ends_with(b"I"))
        };
        let face = typst_assets::fonts().find(named).ok_or("a face of the letter is missing")?;
        fs::write(folder.join(format!("{name}.otf")), face)?;
    }
    Ok(())
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;")
}
