//! Configuration: one table of settings, read from the environment and an optional TOML file; all faults are
//! reported at once, and secrets are never shown. The only reader of the process environment.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use crate::store::{DatabaseUrl, Secret};

/// One setting: how it is named, what it is when nobody sets it, and what it means.
#[derive(Debug)]
pub struct Setting {
    /// The environment variable; in the file it is the same name in lower case.
    pub name: &'static str,
    /// The value when nothing is set; empty: there is none.
    pub default: &'static str,
    /// What it means, in one sentence.
    pub help: &'static str,
}

/// Every setting there is. README and `--help` print this table.
pub const SETTINGS: &[Setting] = &[
    Setting { name: "LISTEN", default: "127.0.0.1:8080", help: "Address and port to serve on." },
    Setting {
        name: "PUBLIC_URL",
        default: "",
        help: "The address people type, without a slash at the end. Links in mails and letters begin with it; with https, cookies become Secure. Without it, `http://localhost` with the port of `LISTEN`.",
    },
    Setting { name: "DATA_FOLDER", default: "data", help: "Folder for the database, the keys and undelivered mail." },
    Setting {
        name: "DATABASE_URL",
        default: "",
        help: "sqlite://FILE or postgres://…; without it letters.sqlite in the data folder.",
    },
    Setting {
        name: "SMTP_URL",
        default: "",
        help: "smtps://user:password@host or smtp://host:port; without it mail is kept in the data folder and shown at /mailbox.",
    },
    Setting {
        name: "MAIL_FROM",
        default: "IIIF Consortium letters <letters@localhost>",
        help: "Sender of every mail; its domain also makes the Message-IDs.",
    },
    Setting { name: "CONTACT", default: "admin@iiif.io", help: "Address that pages and mails give for questions." },
    Setting {
        name: "MAIL_ALLOW",
        default: "",
        help: "Outside production: comma-separated addresses that may get real mail; all other mail is held back.",
    },
    Setting {
        name: "FONTS_FOLDER",
        default: "",
        help: "A folder with Noto Serif fonts for names in further scripts; on Debian /usr/share/fonts with fonts-noto-core and fonts-noto-cjk.",
    },
    Setting {
        name: "SIGNATORY_NAME",
        default: "",
        help: "The name of the person who signs the letters, until staff name one under \u{201c}Letterhead and signatory\u{201d}; without either no letter can be issued.",
    },
    Setting {
        name: "SIGNATORY_CAPACITY",
        default: "Managing Director, IIIF Consortium",
        help: "In what capacity they sign, as long as that name is used.",
    },
    Setting {
        name: "TRUSTED_PROXY",
        default: "",
        help: "Address of a proxy whose X-Forwarded-For is believed; without it the header means nothing.",
    },
    Setting {
        name: "SEAL_FILE",
        default: "",
        help: "The Consortium\u{2019}s key and certificate as a PKCS#12 file, ECDSA on P-256; without it letters are issued unsigned. `letters seal new FILE` makes one for trying out.",
    },
    Setting { name: "SEAL_PASSWORD", default: "", help: "The password of that file." },
    Setting {
        name: "SEAL_PASSWORD_FILE",
        default: "",
        help: "A file whose first line is that password, in place of SEAL_PASSWORD.",
    },
    Setting {
        name: "TIMESTAMP_URL",
        default: "",
        help: "http://… of a time-stamp service (RFC 3161), so that signatures can still be checked when the certificate has expired; its answers are signed, so it needs no https.",
    },
    Setting { name: "LOG", default: "info", help: "How much is logged: error, warn, info or debug." },
];

/// What the service runs with.
#[derive(Debug, Clone)]
pub struct Config {
    /// Where to serve.
    pub listen: SocketAddr,
    /// What people type, without a slash at the end.
    pub public_url: String,
    /// Folder for database, keys and undelivered mail.
    pub data_folder: PathBuf,
    /// Where the database is.
    pub database: DatabaseUrl,
    /// The SMTP server, with its password; none: mail stays in the data folder.
    pub smtp: Option<Secret>,
    /// Sender of every mail.
    pub mail_from: String,
    /// Addresses that alone may get real mail; empty: everybody.
    pub mail_allow: Vec<String>,
    /// Address for questions.
    pub contact: String,
    /// Further fonts for letters; none: those inside the program.
    pub fonts_folder: Option<PathBuf>,
    /// Who signs the letters, and in what capacity.
    pub signatory: Signatory,
    /// What letters are signed with; none: they are issued unsigned.
    pub seal: Option<SealSettings>,
    /// A proxy whose word about the client's address is believed.
    pub trusted_proxy: Option<std::net::IpAddr>,
    /// How much is logged.
    pub log: String,
    /// Whether this is the demonstration with its fictional year.
    pub demo: bool,
}

/// Who signs the letters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signatory {
    /// The person's name; empty when nobody is set up to sign, and then no letter can be issued.
    pub name: String,
    /// The capacity in which they sign.
    pub capacity: String,
}

/// What letters are signed with, as files and addresses.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SealSettings {
    /// The PKCS#12 file.
    pub file: PathBuf,
    /// Its password.
    pub password: Secret,
    /// The time-stamp service, if one is asked.
    pub timestamp_url: Option<String>,
}

/// Looks for what is wrong with the seal, beyond what can be told from the settings alone.
pub type SealCheck<'c> = &'c dyn Fn(&SealSettings) -> Option<String>;

impl Config {
    /// Whether cookies are marked Secure and prefixed `__Host-`.
    pub fn is_https(&self) -> bool {
        self.public_url.starts_with("https://")
    }

    /// The same, for the demonstration: its own folder, an embedded database, no mail to anybody, no real signature.
    #[must_use]
    pub fn for_demonstration(mut self) -> Self {
        self.demo = true;
        if self.signatory.name.is_empty() {
            self.signatory.name = "Ines Castellan".to_owned();
        }
        self.smtp = None;
        self.seal = None;
        self.data_folder = self.data_folder.with_file_name(match self.data_folder.file_name() {
            Some(name) => format!("{}-demo", name.to_string_lossy()),
            None => "data-demo".to_owned(),
        });
        self.database = DatabaseUrl::Sqlite(self.data_folder.join("letters.sqlite"));
        self
    }

    /// An absolute link to a path of this service.
    pub fn link(&self, path: &str) -> String {
        format!("{}{path}", self.public_url)
    }

    /// The domain that makes Message-IDs: that of the sender.
    pub fn mail_domain(&self) -> &str {
        let address = self.mail_from.trim_end_matches('>');
        address.rsplit_once('@').map_or("localhost", |(_, domain)| domain)
    }

    /// Reads the settings from the environment, then the file named by `LETTERS_CONFIG` or `letters.toml` if there is
    /// one. A value in the environment wins. `seal_check` looks into the files that the seal's settings name.
    ///
    /// # Errors
    /// Every fault of the configuration, one line each.
    pub fn load(seal_check: SealCheck<'_>) -> Result<Self, Vec<String>> {
        let environment = SETTINGS
            .iter()
            .filter_map(|setting| read_environment(setting.name).map(|value| (setting.name.to_owned(), value)))
            .collect();
        let file = match read_environment("LETTERS_CONFIG") {
            Some(path) => read_file(Path::new(&path)),
            None if Path::new("letters.toml").exists() => read_file(Path::new("letters.toml")),
            None => Ok(BTreeMap::new()),
        };
        match file {
            Ok(file) => Self::read(&environment, &file, seal_check),
            Err(fault) => {
                let others = Self::read(&environment, &BTreeMap::new(), seal_check).err().unwrap_or_default();
                Err(std::iter::once(fault).chain(others).collect())
            }
        }
    }

    /// Makes a configuration of values by name; `first` wins over `second`.
    ///
    /// # Errors
    /// Every fault of the values, one line each.
    pub fn from_values(
        first: &BTreeMap<String, String>,
        second: &BTreeMap<String, String>,
    ) -> Result<Self, Vec<String>> {
        Self::read(first, second, &|_| None)
    }

    fn read(
        first: &BTreeMap<String, String>,
        second: &BTreeMap<String, String>,
        seal_check: SealCheck<'_>,
    ) -> Result<Self, Vec<String>> {
        let mut values = Values { first, second, faults: Vec::new() };
        let data_folder = PathBuf::from(values.text("DATA_FOLDER"));
        let default_database = || DatabaseUrl::Sqlite(data_folder.join("letters.sqlite"));
        let listen = values
            .parsed("LISTEN", "is an address and a port, as 127.0.0.1:8080")
            .unwrap_or_else(|| SocketAddr::from(([127, 0, 0, 1], 8080)));
        let public_url = match values.text("PUBLIC_URL").trim_end_matches('/') {
            "" => format!("http://localhost:{}", listen.port()),
            given => given.to_owned(),
        };
        if !(public_url.starts_with("http://") || public_url.starts_with("https://")) {
            values.fault("PUBLIC_URL", "starts with http:// or https://");
        }
        let mail_from = values.text("MAIL_FROM");
        if !mail_from.contains('@') {
            values.fault("MAIL_FROM", "is an e-mail address, with or without a name");
        }
        let smtp = values.text("SMTP_URL");
        if !(smtp.is_empty() || smtp.starts_with("smtp://") || smtp.starts_with("smtps://")) {
            values.fault("SMTP_URL", "starts with smtp:// or smtps://");
        }
        let config = Self {
            listen,
            database: values.parsed_or_why("DATABASE_URL").unwrap_or_else(default_database),
            smtp: (!smtp.is_empty()).then(|| Secret::new(smtp)),
            mail_allow: values
                .text("MAIL_ALLOW")
                .split(',')
                .map(str::trim)
                .filter(|a| !a.is_empty())
                .map(str::to_owned)
                .collect(),
            contact: values.text("CONTACT"),
            fonts_folder: Some(values.text("FONTS_FOLDER")).filter(|path| !path.is_empty()).map(PathBuf::from),
            signatory: Signatory { name: values.text("SIGNATORY_NAME"), capacity: values.text("SIGNATORY_CAPACITY") },
            seal: values.seal(seal_check),
            trusted_proxy: values.parsed("TRUSTED_PROXY", "is an IP address"),
            log: values.text("LOG"),
            demo: false,
            public_url,
            data_folder: data_folder.clone(),
            mail_from,
        };
        values.unknown();
        if values.faults.is_empty() { Ok(config) } else { Err(values.faults) }
    }
}

/// The values given, and what is wrong with them so far.
struct Values<'v> {
    first: &'v BTreeMap<String, String>,
    second: &'v BTreeMap<String, String>,
    faults: Vec<String>,
}

impl Values<'_> {
    fn text(&self, name: &str) -> String {
        let default = || SETTINGS.iter().find(|setting| setting.name == name).map_or("", |setting| setting.default);
        let given = self.first.get(name).or_else(|| self.second.get(name));
        given.map_or_else(default, String::as_str).trim().to_owned()
    }

    fn parsed<T: std::str::FromStr>(&mut self, name: &str, is: &str) -> Option<T> {
        let text = self.text(name);
        if text.is_empty() {
            return None;
        }
        let parsed = text.parse().ok();
        if parsed.is_none() {
            self.fault(name, is);
        }
        parsed
    }

    fn parsed_or_why<T: std::str::FromStr<Err = String>>(&mut self, name: &str) -> Option<T> {
        let text = self.text(name);
        if text.is_empty() {
            return None;
        }
        text.parse().map_err(|why: String| self.faults.push(format!("{name}: {why}"))).ok()
    }

    /// What letters are signed with, looked at with `check`.
    fn seal(&mut self, check: SealCheck<'_>) -> Option<SealSettings> {
        let file = self.text("SEAL_FILE");
        let stamps = self.text("TIMESTAMP_URL");
        let (password, password_file) = (self.text("SEAL_PASSWORD"), self.text("SEAL_PASSWORD_FILE"));
        let before = self.faults.len();
        if !(stamps.is_empty() || stamps.starts_with("http://")) {
            self.fault("TIMESTAMP_URL", "starts with http:// (the answers are signed, so it needs no https)");
        }
        if file.is_empty() {
            for (name, value) in
                [("SEAL_PASSWORD", &password), ("SEAL_PASSWORD_FILE", &password_file), ("TIMESTAMP_URL", &stamps)]
            {
                if !value.is_empty() {
                    self.fault(name, "means nothing without SEAL_FILE");
                }
            }
            return None;
        }
        let password = match (password.is_empty(), password_file.is_empty()) {
            (false, false) => {
                self.fault("SEAL_PASSWORD_FILE", "takes the place of SEAL_PASSWORD; set one of the two");
                password
            }
            (_, true) => password,
            (true, false) => match std::fs::read_to_string(&password_file) {
                Ok(text) => text.lines().next().unwrap_or_default().to_owned(),
                Err(error) => {
                    self.fault("SEAL_PASSWORD_FILE", &format!("{password_file} cannot be read: {error}"));
                    String::new()
                }
            },
        };
        let timestamp_url = (!stamps.is_empty()).then_some(stamps);
        let settings = SealSettings { file: file.into(), password: Secret::new(password), timestamp_url };
        if self.faults.len() == before {
            self.faults.extend(check(&settings));
        }
        Some(settings)
    }

    fn fault(&mut self, name: &str, is: &str) {
        self.faults.push(format!("{name}: {is}"));
    }

    fn unknown(&mut self) {
        for name in self.second.keys().filter(|name| !SETTINGS.iter().any(|setting| setting.name == name.as_str())) {
            self.faults.push(format!("{}: there is no such setting", name.to_lowercase()));
        }
    }
}

#[allow(clippy::disallowed_methods, reason = "the one place that reads the process environment")]
fn read_environment(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.trim().is_empty())
}

fn read_file(path: &Path) -> Result<BTreeMap<String, String>, String> {
    let text = std::fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))?;
    let table: toml::Table = text.parse().map_err(|error| format!("{}: {error}", path.display()))?;
    let plain = |value: &toml::Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    Ok(table.iter().map(|(name, value)| (name.to_uppercase(), plain(value))).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn values(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
        pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    }

    #[test]
    fn nothing_set_is_enough() {
        let config = Config::from_values(&values(&[]), &values(&[])).unwrap();
        assert_eq!(config.listen.to_string(), "127.0.0.1:8080");
        assert_eq!(config.database, DatabaseUrl::Sqlite(PathBuf::from("data/letters.sqlite")));
        assert_eq!(config.mail_domain(), "localhost");
        assert_eq!(config.public_url, "http://localhost:8080");
        let elsewhere = Config::from_values(&values(&[("LISTEN", "127.0.0.1:9000")]), &values(&[])).unwrap();
        assert_eq!(elsewhere.public_url, "http://localhost:9000", "the first link that is printed leads somewhere");
    }

    #[test]
    fn all_faults_are_reported_at_once() {
        let given = values(&[("LISTEN", "somewhere"), ("PUBLIC_URL", "iiif.io"), ("DATABASE_URL", "mysql://x")]);
        let faults = Config::from_values(&given, &values(&[("COLOUR", "blue")])).unwrap_err();
        assert_eq!(faults.len(), 4, "{faults:?}");
    }

    #[test]
    fn the_environment_wins_over_the_file() {
        let config = Config::from_values(&values(&[("CONTACT", "a@x.org")]), &values(&[("CONTACT", "b@x.org")]));
        assert_eq!(config.unwrap().contact, "a@x.org");
    }

    #[test]
    fn the_readme_lists_every_setting_as_it_is() {
        let readme = include_str!("../../../README.md");
        for Setting { name, default, help } in SETTINGS {
            let default = if default.is_empty() { String::new() } else { format!("`{default}`") };
            let row = format!("| `{name}` | {default} | {help} |");
            assert!(readme.contains(&row), "the README lacks this row:\n{row}");
        }
    }

    #[test]
    fn nobody_signs_unless_they_are_named_and_the_demonstration_makes_somebody_up() {
        let config = Config::from_values(&values(&[]), &values(&[])).unwrap();
        assert_eq!(config.signatory.name, "");
        assert!(!config.for_demonstration().signatory.name.is_empty());
    }

    #[test]
    fn a_password_is_not_shown() {
        let config = Config::from_values(&values(&[("SMTP_URL", "smtps://u:hush@host")]), &values(&[])).unwrap();
        assert!(!format!("{config:?}").contains("hush"));
    }
}
