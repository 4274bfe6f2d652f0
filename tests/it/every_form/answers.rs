//! Pages that come only as an answer: a form that comes back, a look before the last button. They are kept as files, one
//! of each, for the browser tests to hold against axe and the rules of HTML as they do every page that has an address.

use std::path::PathBuf;
use std::{env, fs};

use super::form::row_of;
use crate::harness::Page;

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("answers")
}

/// The pages are the same on both databases, and a run on PostgreSQL leaves alone what the one on SQLite has kept.
fn kept_by_another_run() -> bool {
    env::var_os("TEST_POSTGRES_URL").is_some()
}

/// Takes away what an earlier run has kept.
pub fn begin() {
    if kept_by_another_run() {
        return;
    }
    let _ = fs::remove_dir_all(folder());
    fs::create_dir_all(folder()).unwrap();
}

/// Keeps the page, in place of another answer of the same status of the same form.
pub fn keep(page: &Page) {
    if kept_by_another_run() || !page.header("content-type").starts_with("text/html") {
        return;
    }
    let row = row_of("post", &page.path).or_else(|| row_of("get", &page.path)).unwrap();
    // Each part of the form is a page of its own.
    let part = page.path.rsplit('/').next().unwrap().split('?').next().unwrap();
    let name = row.replace("{section}", part).replace(|c: char| !c.is_ascii_alphanumeric(), "-");
    fs::write(folder().join(format!("{}{name}.html", page.status)), &page.body).unwrap();
}
