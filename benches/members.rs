//! How long a list of 20,000 institutions takes to be taken over into an empty database, to be taken over again, and to
//! be given back; and what a page of 500 takes: `cargo bench --bench members`.

use std::sync::atomic::{AtomicUsize, Ordering};

use chrono::NaiveDate;
use letters::clock::{Clock as _, SystemClock};
use letters::members::commands::import::{Wish, import};
use letters::members::listing::{Filter, listing};
use letters::members::{export, store as members, website};
use letters::store::{DatabaseUrl, Store, migrate};
use tempfile::TempDir;

/// Many times as many as there are.
const MANY: usize = 20_000;
/// As many as there may be one day.
const SOME: usize = 500;

static NUMBER: AtomicUsize = AtomicUsize::new(1);

fn main() {
    divan::main();
}

/// A file of so many institutions, as the website writes it.
fn file(count: usize) -> String {
    let entry = |n| {
        let kind = ["1", "2", "3", "4", ""].get(n % 5).copied().unwrap_or_default();
        format!(
            "- name: University Library of Example Town {n} & Sons\n  uri: https://library{n}.example/\n  iiifc: {kind}\n  \
             logo: assets/uploads/logos/library_{n}.svg\n"
        )
    };
    (0..count).map(entry).collect()
}

/// A database of its own, empty.
fn empty() -> (TempDir, Store) {
    let folder = tempfile::tempdir().unwrap_or_else(|error| unreachable!("{error}"));
    let number = NUMBER.fetch_add(1, Ordering::Relaxed);
    let url = DatabaseUrl::Sqlite(folder.path().join(format!("{number}.sqlite")));
    migrate(&url).unwrap_or_else(|fault| unreachable!("{fault}"));
    let store = Store::open(&url).unwrap_or_else(|fault| unreachable!("{fault}"));
    (folder, store)
}

fn take_over(store: &Store, text: String) -> usize {
    let now = SystemClock.now();
    let done = store.write_now(move |tx| import(tx, &text, &Wish::default(), None, now));
    done.map(|difference| difference.added.len()).unwrap_or_else(|failure| unreachable!("{failure:?}"))
}

fn filled(count: usize) -> (TempDir, Store) {
    let (folder, store) = empty();
    take_over(&store, file(count));
    (folder, store)
}

/// Into an empty database, one transaction.
#[divan::bench(args = [SOME, MANY], sample_count = 5, sample_size = 1)]
fn taken_over(bencher: divan::Bencher<'_, '_>, count: usize) {
    bencher.with_inputs(|| (empty(), file(count))).bench_values(|((folder, store), text)| {
        assert_eq!(take_over(&store, text), count, "all are new");
        (folder, store)
    });
}

/// The same file again, which changes nothing.
#[divan::bench(args = [SOME, MANY], sample_count = 5, sample_size = 1)]
fn taken_over_again(bencher: divan::Bencher<'_, '_>, count: usize) {
    let (_folder, store) = filled(count);
    bencher.with_inputs(|| file(count)).bench_values(|text| take_over(&store, text));
}

/// The file given back as it came.
#[divan::bench(args = [SOME, MANY], sample_count = 5, sample_size = 1)]
fn given_back(bencher: divan::Bencher<'_, '_>, count: usize) {
    let (_folder, store) = filled(count);
    let day = SystemClock.now().date_naive();
    bencher.bench(|| {
        let read = store.read_now(|view| Ok((members::all(view)?, members::file::last(view)?)));
        let (all, last) = read.unwrap_or_else(|failure| unreachable!("{failure:?}"));
        website::file(&all, last.as_ref(), day)
    });
}

/// What the page of members and its JSON are made of, once the list is in memory.
#[divan::bench(args = [SOME, MANY], sample_count = 50)]
fn listed(bencher: divan::Bencher<'_, '_>, count: usize) {
    let (_folder, store) = filled(count);
    let all = store.read_now(members::all).unwrap_or_else(|failure| unreachable!("{failure:?}"));
    let on: NaiveDate = SystemClock.now().date_naive();
    let filter = Filter { on, kind: None, letter: None, words: "library town".to_owned() };
    bencher
        .bench(|| (listing(&all, &filter).fitting, export::json(&all, on).map(|text| text.len()).unwrap_or_default()));
}
