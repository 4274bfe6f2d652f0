//! The command line of the service. What the commands do is told elsewhere; here they are named and their answers
//! printed.

use std::fmt::Write as _;
use std::io::Write as _;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::{Context, anyhow};
use clap::{Parser, Subcommand};
use letters::app::{self, App};
use letters::check;
use letters::clock::{Clock as _, SystemClock};
use letters::committee::commands::roster::{self, Answer};
use letters::committee::span::Span;
use letters::config::{Config, SETTINGS};
use letters::members::commands::import::{self, Wish};
use letters::members::difference::Said;
use letters::people::address::Address;
use letters::people::pages::walk_in::WALK_INS;
use letters::refusal::Failure;
use letters::workflow::letter::seal::{self, Sealer};
use letters::{committee, demo, faq, members};
use typesetter::Typst;

/// Letters of support for the IIIF Consortium: request, review, vote, issue and verify.
#[derive(Parser)]
#[command(name = "letters", version, about, after_help = settings_help())]
struct Arguments {
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Subcommand)]
enum Command {
    /// Serve the pages (the default)
    Serve,
    /// Serve a demonstration with a fictional year, on a data folder of its own
    Demo,
    /// Bring the database up to date
    Migrate,
    /// Check configuration, database, templates, fonts and invariants
    Check,
    /// The Consortium's members
    #[command(subcommand)]
    Members(Members),
    /// The Executive Committee's seats
    #[command(subcommand)]
    Committee(Committee),
    /// The page of questions and answers
    #[command(subcommand)]
    Faq(Faq),
    /// The Consortium's staff
    #[command(subcommand)]
    Staff(Staff),
    /// The key that letters are signed with
    #[command(subcommand)]
    Seal(Seal),
}

#[derive(Subcommand)]
enum Seal {
    /// Make a key with a self-made certificate for trying out, not for real letters, and a file with its password
    New {
        /// The PKCS#12 file to make
        file: PathBuf,
    },
}

#[derive(Subcommand)]
enum Members {
    /// Show what an institutions.yml would change, and with --yes apply it
    Import {
        /// The file
        file: PathBuf,
        /// Apply the changes
        #[arg(long)]
        yes: bool,
        /// Whose new name a name in the file is; once for each
        #[arg(long, value_name = "NAME=INSTITUTION")]
        same: Vec<String>,
        /// A name in the file that is nobody's new name, though the website is another institution's; once for each
        #[arg(long, value_name = "NAME")]
        new: Vec<String>,
        /// From which day on the file holds, for a file of an earlier day [default: today]
        #[arg(long, value_name = "YYYY-MM-DD")]
        from: Option<chrono::NaiveDate>,
    },
    /// Write the list to standard output
    Export {
        /// As what
        #[arg(long, value_enum, default_value_t = Format::Yml)]
        format: Format,
        /// As it stands on this day [default: today]
        #[arg(long, value_name = "YYYY-MM-DD")]
        on: Option<chrono::NaiveDate>,
    },
}

/// As what a list is written.
#[derive(Clone, Copy, clap::ValueEnum)]
enum Format {
    /// The website's institutions.yml: the last imported one with what has changed since
    Yml,
    /// For spreadsheets
    Csv,
    /// For programs
    Json,
    /// Linked data of schema.org
    Jsonld,
}

#[derive(Subcommand)]
enum Committee {
    /// Show what an exec_terms.yml would change and which names it cannot place, and with --yes apply it
    Import {
        /// The file
        file: PathBuf,
        /// Apply the changes
        #[arg(long)]
        yes: bool,
        /// Whose name a name in the file is; once for each. It is remembered as another name of the institution
        #[arg(long, value_name = "NAME=INSTITUTION")]
        same: Vec<String>,
    },
    /// Write the roster to standard output, as the website's exec_terms.yml
    Export {
        /// Only the terms of this day or year [default: all]
        #[arg(long, value_name = "YYYY-MM-DD|YYYY")]
        on: Option<Span>,
    },
}

#[derive(Subcommand)]
enum Faq {
    /// Put a source in force, Markdown with Liquid as the website has it; a faulty one is refused with its line
    Import {
        /// The file
        file: PathBuf,
    },
    /// Write the source in force to standard output
    Export,
}

#[derive(Subcommand)]
enum Staff {
    /// Make a one-time link, good for 72 hours, with which somebody becomes staff
    Invite {
        /// Their e-mail address
        address: String,
    },
}

fn settings_help() -> String {
    let mut help = String::from("Settings (environment, or the same name in lower case in letters.toml):\n");
    for setting in SETTINGS {
        let default = if setting.default.is_empty() { String::new() } else { format!(" [{}]", setting.default) };
        let _ = writeln!(help, "  {}{default}\n      {}", setting.name, setting.help);
    }
    help
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    // It comes before the settings, which may name the file that is yet to be made.
    if let Some(Command::Seal(Seal::New { file })) = &arguments.command {
        return told(new_seal(file));
    }
    let mut config = match Config::load(&Sealer::fault) {
        Ok(config) => config,
        Err(faults) => {
            eprintln!("The configuration has faults; nothing was started.");
            for fault in faults {
                eprintln!("  {fault}");
            }
            return ExitCode::from(2);
        }
    };
    let command = arguments.command.unwrap_or(Command::Serve);
    if matches!(command, Command::Demo) {
        config = config.for_demonstration();
    }
    told(run(&command, config))
}

/// Tells what went wrong, if anything did.
fn told(outcome: anyhow::Result<()>) -> ExitCode {
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(command: &Command, config: Config) -> anyhow::Result<()> {
    match command {
        Command::Serve | Command::Demo => serve(config),
        Command::Migrate => {
            let done = app::migrate(&config)?;
            eprintln!("{} migrations were run.", done.len());
            Ok(())
        }
        Command::Check => check(config),
        Command::Members(Members::Import { file, yes, same, new, from }) => {
            import_members(config, file, *yes, same, new, *from)
        }
        Command::Members(Members::Export { format, on }) => export_members(config, *format, *on),
        Command::Committee(Committee::Import { file, yes, same }) => import_roster(config, file, *yes, same),
        Command::Committee(Committee::Export { on }) => export_roster(config, *on),
        Command::Faq(Faq::Import { file }) => import_faq(config, file),
        Command::Faq(Faq::Export) => export_faq(config),
        Command::Staff(Staff::Invite { address }) => invite_staff(config, address),
        Command::Seal(Seal::New { file }) => new_seal(file),
    }
}

/// The service with Typst as its typesetter, and the fonts of the configuration.
fn open(config: Config) -> anyhow::Result<App> {
    let typst = Typst::new(config.fonts_folder.as_deref()).map_err(|why| anyhow!(why))?;
    Ok(App::open(config, Arc::new(typst))?)
}

fn serve(mut config: Config) -> anyhow::Result<()> {
    tracing_subscriber::fmt()
        .with_env_filter(tracing_subscriber::EnvFilter::new(&config.log))
        .with_writer(std::io::stderr)
        .init();
    let listen = config.listen;
    let listener = TcpListener::bind(listen).with_context(|| {
        format!("{listen} cannot be used; is another program serving there? Set LISTEN to another port")
    })?;
    if config.demo {
        config.seal = Some(demo::seal(&config.data_folder, SystemClock.now())?);
    }
    let app = open(config)?;
    greet(&app)?;
    actix_web::rt::System::new().block_on(async move {
        let worker = app.worker()?.start();
        let served = app.serve(listener, 2)?.await;
        worker.stop().await;
        Ok(served?)
    })
}

/// Says where the service is and how to get in the first time.
fn greet(app: &App) -> anyhow::Result<()> {
    let service = &app.service;
    if service.config.demo {
        eprintln!("Telling the fictional year (once) …");
        demo::fill(app).map_err(plain)?;
        eprintln!("The demonstration is at {}. Sign in as", service.site.public_url);
        for (word, who, _) in WALK_INS {
            eprintln!("  {}  {who}", service.site.link(&format!("/demo/{word}")));
        }
        return Ok(());
    }
    eprintln!("Serving at {}", service.site.public_url);
    if let Some(why) = app.printing.sealer().and_then(|sealer| sealer.wrong_at(service.clock.now())) {
        eprintln!("No letter can be issued: {why} Set SEAL_FILE to a file with a valid certificate.");
    }
    if let Some(link) = app.first_staff_link().map_err(plain)? {
        eprintln!("There is no staff yet. Open this link to set up the first account (good for 72 hours, once):");
        eprintln!("  {link}");
    }
    Ok(())
}

fn check(config: Config) -> anyhow::Result<()> {
    let app = open(config)?;
    let mut all_fine = true;
    for finding in check::run(&app) {
        match finding.wrong {
            None => eprintln!("ok     {}", finding.what),
            Some(wrong) => {
                all_fine = false;
                eprintln!("WRONG  {}: {wrong}", finding.what);
            }
        }
    }
    if all_fine { Ok(()) } else { Err(anyhow!("Something is wrong; see above.")) }
}

fn import_members(
    config: Config,
    file: &PathBuf,
    yes: bool,
    same: &[String],
    new: &[String],
    from: Option<chrono::NaiveDate>,
) -> anyhow::Result<()> {
    let text = std::fs::read_to_string(file).with_context(|| format!("{} cannot be read", file.display()))?;
    let app = open(config)?;
    let (now, store) = (app.service.clock.now(), &app.service.store);
    let same = answers(same)?;
    let same = store.read_now(|view| {
        same.into_iter()
            .map(|(name, called)| Ok((name, members::store::called(view, &called)?)))
            .collect::<Result<_, _>>()
    });
    let said = Said { same: same.map_err(plain)?, new: new.to_vec() };
    let wish = Wish { said, from, ..Wish::default() };
    let difference = if yes {
        store.write_now(move |tx| import::import(tx, &text, &wish, None, now))
    } else {
        store.read_now(|view| import::difference(view, &text, &wish, now))
    };
    let difference = difference.map_err(plain).with_context(|| format!("{} cannot be imported", file.display()))?;
    if difference.is_empty() {
        difference.remarks.iter().for_each(|remark| eprintln!("! {remark}"));
    } else {
        eprintln!("{difference}");
    }
    if difference.added.iter().any(|added| !added.perhaps.is_empty()) {
        eprintln!("Say who was renamed, each with --same \"NAME=INSTITUTION\".");
    }
    match (difference.is_empty(), yes) {
        (true, _) => eprintln!("The file changes nothing."),
        (false, true) => eprintln!("Applied."),
        (false, false) => eprintln!("Nothing was changed. Apply this with --yes."),
    }
    Ok(())
}

/// The parts of each NAME=INSTITUTION.
fn answers(typed: &[String]) -> anyhow::Result<Vec<Answer>> {
    let answer = |typed: &String| {
        let (name, institution) = typed.split_once('=')?;
        Some((name.trim().to_owned(), institution.trim().to_owned()))
    };
    typed
        .iter()
        .map(|typed| answer(typed).with_context(|| format!("--same {typed:?} is not NAME=INSTITUTION")))
        .collect()
}

fn export_members(config: Config, format: Format, on: Option<chrono::NaiveDate>) -> anyhow::Result<()> {
    let app = open(config)?;
    let on = on.unwrap_or_else(|| app.service.clock.now().date_naive());
    let read = app.service.store.read_now(|view| Ok((members::store::all(view)?, members::store::file::last(view)?)));
    let (all, file) = read.map_err(plain)?;
    let all = members::former_name::on_day(&all, on);
    let bytes = match format {
        Format::Yml => members::website::file(&all, file.as_ref(), on).into_bytes(),
        Format::Csv => members::export::csv(&all, on)?,
        Format::Json => members::export::json(&all, on)?.into_bytes(),
        Format::Jsonld => members::export::json_ld(&all, on)?.into_bytes(),
    };
    std::io::stdout().write_all(&bytes).context("standard output cannot be written to")
}

fn import_roster(config: Config, file: &PathBuf, yes: bool, same: &[String]) -> anyhow::Result<()> {
    let text = std::fs::read_to_string(file).with_context(|| format!("{} cannot be read", file.display()))?;
    let answers = answers(same)?;
    let app = open(config)?;
    let (now, store) = (app.service.clock.now(), &app.service.store);
    let context = || format!("{} cannot be imported", file.display());
    let read = store.read_now(|view| Ok((roster::preview(view, &text, &answers)?, members::store::names(view)?)));
    let (plan, names) = read.map_err(plain).with_context(context)?;
    for line in plan.in_words(&names.into_iter().collect()) {
        eprintln!("{line}");
    }
    for unmatched in &plan.unmatched {
        eprintln!("? {unmatched}");
    }
    if !plan.unmatched.is_empty() {
        eprintln!("Say whose these names are, each with --same \"NAME=INSTITUTION\", or add the institution first.");
    }
    match (plan.is_empty(), yes) {
        (true, _) => eprintln!("The file changes nothing."),
        (false, false) => eprintln!("Nothing was changed. Apply this with --yes."),
        (false, true) => {
            let write = move |tx: &mut letters::store::Tx<'_>| roster::import(tx, &text, &answers, None, now);
            store.write_now(write).map_err(plain).with_context(context)?;
            eprintln!("Applied.");
        }
    }
    Ok(())
}

fn export_roster(config: Config, on: Option<Span>) -> anyhow::Result<()> {
    let read = |view: &mut letters::store::View<'_>| Ok((committee::store::seats(view)?, members::store::all(view)?));
    let (seats, institutions) = open(config)?.service.store.read_now(read).map_err(plain)?;
    let text = committee::website::roster(&seats, &institutions, on);
    std::io::stdout().write_all(text.as_bytes()).context("standard output cannot be written to")
}

fn import_faq(config: Config, file: &PathBuf) -> anyhow::Result<()> {
    let text = std::fs::read_to_string(file).with_context(|| format!("{} cannot be read", file.display()))?;
    let app = open(config)?;
    let now = app.service.clock.now();
    let saved = app.service.store.write_now(move |tx| faq::commands::save(tx, &text, None, None, now));
    let number = saved.map_err(plain).with_context(|| format!("{} cannot be imported", file.display()))?;
    eprintln!("Version {number} is in force.");
    Ok(())
}

fn export_faq(config: Config) -> anyhow::Result<()> {
    let latest = open(config)?.service.store.read_now(faq::store::latest).map_err(plain)?;
    let text = latest.map_or_else(|| faq::BUNDLED.to_owned(), |(_, text)| text);
    std::io::stdout().write_all(text.as_bytes()).context("standard output cannot be written to")
}

fn invite_staff(config: Config, address: &str) -> anyhow::Result<()> {
    let address: Address = address.parse().map_err(|why| anyhow!("{address}: {why}"))?;
    let link = open(config)?.invite_staff(address.clone()).map_err(plain)?;
    eprintln!("Give this link to {address} and to nobody else. It works once, for 72 hours:\n{link}");
    Ok(())
}

fn new_seal(file: &Path) -> anyhow::Result<()> {
    let now = SystemClock.now();
    let certificate = seal::write_new(file, (now, now + chrono::TimeDelta::days(365)))?;
    eprintln!("{} holds a key and a self-made certificate, valid {}:", file.display(), certificate.validity());
    eprintln!("  {}", certificate.subject);
    eprintln!("  SHA-256 {}", certificate.fingerprint());
    eprintln!("To sign letters with it, set");
    eprintln!("  SEAL_FILE={}", file.display());
    eprintln!("  SEAL_PASSWORD_FILE={}", seal::password_file(file).display());
    Ok(())
}

/// A failure as the command line tells it.
fn plain(failure: Failure) -> anyhow::Error {
    match failure {
        Failure::Fields(errors) => {
            anyhow!(errors.iter().map(|error| error.message.clone()).collect::<Vec<_>>().join("\n"))
        }
        Failure::Refusal(refusal) => anyhow!(refusal.sentence),
        Failure::Fault(fault) => fault.into(),
    }
}
