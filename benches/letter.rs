//! How long one letter takes to set, warm, when every letter is a different one, and how long its signature takes on top:
//! `cargo bench --bench letter`.

mod sample;

use chrono::{DateTime, TimeDelta};
use letters::workflow::letter::seal::Sealer;
use letters::workflow::letter::seal::key::Key;
use sample::{different, print, warm};

fn main() {
    warm();
    divan::main();
}

/// A letter on A4, one page.
#[divan::bench(sample_count = 300, threads = [1, 2])]
fn one_page(bencher: divan::Bencher<'_, '_>) {
    bencher.with_inputs(different).bench_refs(|letter| print(letter));
}

/// The signed original of a letter that is set already.
#[divan::bench(sample_count = 1000)]
fn signature(bencher: divan::Bencher<'_, '_>) {
    let from = DateTime::UNIX_EPOCH;
    let sealer = Sealer::new(Key::for_trying_out(from, from + TimeDelta::days(1)), None);
    bencher
        .with_inputs(|| print(&different()).bytes)
        .bench_refs(|flat| sealer.seal(flat, from, false).unwrap_or_else(|why| unreachable!("{why}")));
}
