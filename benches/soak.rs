//! Ten thousand different letters in one process, two at a time: how long one takes, how many a second, and whether the
//! process grows. `cargo bench --bench soak`

#![allow(clippy::print_stdout, reason = "a measurement prints what it measured")]

mod sample;

use std::error::Error;
use std::fs;
use std::thread;
use std::time::{Duration, Instant};

use sample::{different, print, warm};

/// Letters in all.
const LETTERS: usize = 10_000;
/// After so many the process has all it needs.
const SETTLED: usize = 1_000;
/// Letters at a time, as in the service.
const AT_ONCE: usize = 2;

fn main() -> Result<(), Box<dyn Error>> {
    warm();
    let (first, settled) = (run(SETTLED), resident()?);
    let began = Instant::now();
    let mut times = run(LETTERS - SETTLED);
    let (took, grown) = (began.elapsed(), resident()?);
    println!("letters a second, {AT_ONCE} at a time: {:.0}", times.len() as f64 / took.as_secs_f64());
    times.extend(first);
    times.sort();
    let at = |part: usize| times.get(times.len() * part / 100).copied().unwrap_or_default();
    println!("one letter, {AT_ONCE} at a time: median {:.1?}, 99 of 100 within {:.1?}", at(50), at(99));
    let percent = (grown as f64 / settled as f64 - 1.0) * 100.0;
    println!("memory: {settled} kB after {SETTLED} letters, {grown} kB after {LETTERS} ({percent:+.1} %)");
    let mut alone: Vec<Duration> = (0..500).map(|_| timed()).collect();
    alone.sort();
    let at = |part: usize| alone.get(alone.len() * part / 100).copied().unwrap_or_default();
    println!("one letter, alone: median {:.1?}, 99 of 100 within {:.1?}", at(50), at(99));
    Ok(())
}

fn timed() -> Duration {
    let letter = different();
    let began = Instant::now();
    print(&letter);
    began.elapsed()
}

fn run(letters: usize) -> Vec<Duration> {
    let one = || (0..letters / AT_ONCE).map(|_| timed()).collect::<Vec<_>>();
    thread::scope(|scope| {
        let threads: Vec<_> = (0..AT_ONCE).map(|_| scope.spawn(one)).collect();
        threads.into_iter().flat_map(|thread| thread.join().unwrap_or_default()).collect()
    })
}

/// The memory this process holds, in kB.
fn resident() -> Result<u64, Box<dyn Error>> {
    let status = fs::read_to_string("/proc/self/status")?;
    let row = status.lines().find_map(|row| row.strip_prefix("VmRSS:")).ok_or("the system does not say")?;
    Ok(row.trim().trim_end_matches(" kB").parse()?)
}
