//! The service, put together: built once by `main`, and once by every test.

use std::fs;
use std::io::Write;
use std::net::TcpListener;
use std::path::Path;
use std::sync::Arc;

use actix_web::dev::Server;
use actix_web::{HttpServer, middleware, web};
use tracing_actix_web::TracingLogger;

use crate::clock::{Clock, Instant, SystemClock};
use crate::committee;
use crate::config::Config;
use crate::ids::nonce;
use crate::members;
use crate::moment::Site;
use crate::people;
use crate::people::address::Address;
use crate::people::token::TokenKey;
use crate::refusal::{Failure, Fault, Outcome};
use crate::routes;
use crate::store::{self, Store, Tx};
use crate::verify::pages::Checks;
use crate::web::guard::guard;
use crate::web::kept::Kept;
use crate::web::log::ByRoute;
use crate::web::service::Service;
use crate::web::turns::Turns;
use crate::workflow::decision::commands as decide;
use crate::workflow::delivery::commands::held;
use crate::workflow::delivery::guard::AllowList;
use crate::workflow::delivery::message::NotAHeader;
use crate::workflow::delivery::transport::Transport;
use crate::workflow::delivery::worker::{Duty, Worker};
use crate::workflow::letter::commands::co_signers;
use crate::workflow::letter::pages::printing::Printing;
use crate::workflow::letter::pdf::{Press, Typesetter};
use crate::workflow::letter::seal::Sealer;
use crate::workflow::outcome::commands as outcome;
use crate::workflow::request::store::depot::Depot;
use crate::workflow::waiting::commands::{self as waiting, duties};

/// The service, ready to be served.
#[derive(Clone)]
pub struct App {
    /// What every page is handed.
    pub service: web::Data<Service>,
    /// The typesetter itself, for what is no letter.
    pub typesetter: web::Data<dyn Typesetter>,
    /// The press that letters are set with.
    pub printing: web::Data<Printing>,
    /// How often letters were checked from where.
    pub checks: web::Data<Checks>,
    /// Where attachments are kept.
    pub depot: web::Data<Depot>,
}

/// What falls due by the clock.
const DUTIES: &[Duty] = &[
    Duty { name: "committee", act: decide::tick },
    Duty { name: "daily mail", act: waiting::tick },
    Duty { name: "co-signers", act: co_signers::tick },
    Duty { name: "outcomes", act: outcome::tick },
    Duty { name: "held mails", act: held::tick },
];

impl App {
    /// Prepares the data folder, brings the database up to date and opens it; `typesetter` sets the letters.
    ///
    /// # Errors
    /// A fault that says what could not be opened or made.
    pub fn open(config: Config, typesetter: Arc<dyn Typesetter>) -> Result<Self, Fault> {
        Self::open_at(config, typesetter, Arc::new(SystemClock))
    }

    /// As `open`, with the time given by `clock`.
    ///
    /// # Errors
    /// A fault that says what could not be opened or made.
    pub fn open_at(config: Config, typesetter: Arc<dyn Typesetter>, clock: Arc<dyn Clock>) -> Result<Self, Fault> {
        migrate(&config)?;
        let key = load_key(&config.data_folder.join("service.key"))?;
        let store = Store::open(&config.database)?;
        load_bundled(&store, clock.now())?;
        let sealer = config.seal.as_ref().map(Sealer::open).transpose().map_err(Fault::new)?;
        let site = Site {
            public_url: config.public_url.clone(),
            mail_domain: config.mail_domain().to_owned(),
            contact: config.contact.clone(),
        };
        let turns = Arc::new(Turns::default());
        let printing = Printing::new(Press::new(Arc::clone(&typesetter)), sealer, Arc::clone(&turns));
        let depot = Depot::new(config.data_folder.join("attachments"));
        let service = Service {
            site: Arc::new(site),
            store,
            clock,
            key,
            count_duties: duties::count,
            kept: Kept::default(),
            turns,
            config,
        };
        Ok(Self {
            service: web::Data::new(service),
            typesetter: web::Data::from(typesetter),
            printing: web::Data::new(printing),
            checks: web::Data::default(),
            depot: web::Data::new(depot),
        })
    }

    /// The link with which the first member of staff sets up their account; none once there is one. It is good for 72
    /// hours, once, and takes the place of an earlier one.
    ///
    /// # Errors
    /// A fault of the database.
    pub fn first_staff_link(&self) -> Outcome<Option<String>> {
        let (moment, key) = (self.service.moment(), self.service.key.clone());
        let made = self.service.store.write_now(move |tx| people::commands::first_staff_link(tx, &moment, &key))?;
        Ok(made.map(|path| self.service.site.link(&path)))
    }

    /// A link with which the person with this address becomes staff. It is good for 72 hours, once.
    ///
    /// # Errors
    /// A fault of the database.
    pub fn invite_staff(&self, address: Address) -> Outcome<String> {
        let (moment, key) = (self.service.moment(), self.service.key.clone());
        let invite = move |tx: &mut Tx<'_>| people::commands::invite_staff(tx, &moment, &key, &address, None);
        Ok(self.service.site.link(&self.service.store.write_now(invite)?))
    }

    /// The worker that sends the service's mail, by SMTP or into the data folder. Call it inside a Tokio runtime.
    ///
    /// # Errors
    /// A fault that says what about the mail settings cannot be used.
    pub fn worker(&self) -> Result<Worker, Fault> {
        let config = &self.service.config;
        let transport = match &config.smtp {
            Some(address) => Transport::smtp(address.reveal()),
            None => Transport::folder(config.data_folder.join("mail")),
        };
        self.worker_with(transport.map_err(|error| Fault::because("mail cannot be sent", error))?)
    }

    /// As `worker`, by another way out.
    ///
    /// # Errors
    /// A fault that says what about the mail settings cannot be used.
    pub fn worker_with(&self, transport: Transport) -> Result<Worker, Fault> {
        let Service { config, store, clock, site, key, .. } = &**self.service;
        let unusable = |name: &str, error: Box<dyn std::error::Error + Send + Sync>| {
            Fault::because(format!("the setting {name} cannot be used"), error)
        };
        let allow = AllowList::parse(&config.mail_allow.join(","));
        let allow = allow.map_err(|error| unusable("MAIL_ALLOW", error.into()))?;
        Ok(Worker {
            store: store.clone(),
            clock: Arc::clone(clock),
            site: Arc::clone(site),
            key: key.clone(),
            from: config.mail_from.parse().map_err(|error: NotAHeader| unusable("MAIL_FROM", error.into()))?,
            transport,
            allow: (!config.mail_allow.is_empty()).then_some(allow),
            duties: DUTIES,
            depot: Depot::clone(&self.depot),
        })
    }

    /// Serves on `listener` until told to stop.
    ///
    /// # Errors
    /// A fault when the listener cannot be used.
    pub fn serve(&self, listener: TcpListener, workers: usize) -> Result<Server, Fault> {
        let app = self.clone();
        let server = HttpServer::new(move || {
            actix_web::App::new()
                .app_data(app.service.clone())
                .app_data(app.typesetter.clone())
                .app_data(app.printing.clone())
                .app_data(app.checks.clone())
                .app_data(app.depot.clone())
                .app_data(web::PayloadConfig::new(2 << 20))
                .configure(routes::routes)
                .wrap(middleware::from_fn(guard))
                .wrap(middleware::Compress::default())
                .wrap(TracingLogger::<ByRoute>::new())
        })
        .workers(workers)
        .shutdown_timeout(10)
        .listen(listener)
        .map_err(|error| Fault::because("the service cannot listen", error))?;
        Ok(server.run())
    }
}

/// Prepares the data folder and brings the database up to date; the names of the migrations that were run.
///
/// # Errors
/// A fault that says what could not be opened or made.
pub fn migrate(config: &Config) -> Result<Vec<String>, Fault> {
    fs::create_dir_all(&config.data_folder).map_err(|error| {
        Fault::because(format!("the data folder {} cannot be made", config.data_folder.display()), error)
    })?;
    store::migrate(&config.database)
}

/// What the program brings along for its first start; nothing once there is data.
fn load_bundled(store: &Store, now: Instant) -> Result<(), Fault> {
    let load = move |tx: &mut Tx<'_>| {
        members::commands::load_bundled(tx, now)?;
        committee::commands::load_bundled(tx, now)
    };
    store.write_now(load).map(|_| ()).map_err(|failure| match failure {
        Failure::Fault(fault) => Fault::because("the members and seats cannot be loaded", fault),
        _ => Fault::new("the members and seats cannot be loaded"),
    })
}

/// The key in the file at `path`; the first start makes it, readable by its owner alone.
fn load_key(path: &Path) -> Result<TokenKey, Fault> {
    let unreadable =
        |error: std::io::Error| Fault::because(format!("the key file {} cannot be used", path.display()), error);
    if !path.exists() {
        let mut options = fs::OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let mut file = options.open(path).map_err(unreadable)?;
        file.write_all(&nonce::<32>()).and_then(|()| file.sync_all()).map_err(unreadable)?;
    }
    let bytes = fs::read(path).map_err(unreadable)?;
    let bytes =
        bytes.try_into().map_err(|_| Fault::new(format!("the key file {} is not 32 bytes long", path.display())))?;
    Ok(TokenKey::new(bytes))
}
