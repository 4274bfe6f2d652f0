//! The command line of the service.

use std::net::TcpListener;
use std::process::ExitCode;

use anyhow::Context;
use clap::{Parser, Subcommand};
use letters::app::App;
use letters::config::{Config, SETTINGS};

/// Letters of support for the IIIF Consortium.
#[derive(Parser)]
#[command(name = "letters", version, about, after_help = settings_help())]
struct Arguments {
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Subcommand)]
enum Command {
    /// Serve the pages (the default).
    Serve,
    /// Bring the database up to date.
    Migrate,
}

fn settings_help() -> String {
    let mut help = String::from("Settings (environment, or the same name in lower case in letters.toml):\n");
    for setting in SETTINGS {
        let default = if setting.default.is_empty() { String::new() } else { format!(" [{}]", setting.default) };
        help.push_str(&format!("  {}{default}\n      {}\n", setting.name, setting.help));
    }
    help
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let config = match Config::load() {
        Ok(config) => config,
        Err(faults) => {
            eprintln!("The configuration has faults; nothing was started.");
            for fault in faults {
                eprintln!("  {fault}");
            }
            return ExitCode::from(2);
        }
    };
    match run(&arguments.command.unwrap_or(Command::Serve), config) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(command: &Command, config: Config) -> anyhow::Result<()> {
    match command {
        Command::Serve => serve(config),
        Command::Migrate => {
            let done = letters::store::migrate(&config.database)?;
            eprintln!("{} migrations were run.", done.len());
            Ok(())
        }
    }
}

fn serve(config: Config) -> anyhow::Result<()> {
    tracing_subscriber::fmt()
        .with_env_filter(tracing_subscriber::EnvFilter::new(&config.log))
        .with_writer(std::io::stderr)
        .init();
    let listen = config.listen;
    let app = App::open(config)?;
    let listener = TcpListener::bind(listen).with_context(|| {
        format!("{listen} cannot be used; is another program serving there? Set LISTEN to another port")
    })?;
    eprintln!("Serving at {}", app.service.site.public_url);
    actix_web::rt::System::new().block_on(async move {
        let worker = app.worker()?.start();
        let served = app.serve(listener, 2)?.await;
        worker.stop().await;
        Ok(served?)
    })
}
