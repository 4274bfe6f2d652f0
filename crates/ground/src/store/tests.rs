//! What the store promises: nothing half done, nothing twice, one failing job takes back only itself.

use super::*;

fn fresh() -> (tempfile::TempDir, Store) {
    let folder = tempfile::tempdir().unwrap();
    let url = DatabaseUrl::Sqlite(folder.path().join("test.sqlite"));
    migrate(&url).unwrap();
    let store = Store::open(&url).unwrap();
    (folder, store)
}

#[test]
fn migrations_run_up_down_and_up_again() {
    let folder = tempfile::tempdir().unwrap();
    let url = DatabaseUrl::Sqlite(folder.path().join("test.sqlite"));
    let all = migrate(&url).unwrap();
    assert!(!all.is_empty());
    assert!(is_current(&url).unwrap());
    revert_all(&url).unwrap();
    assert!(!is_current(&url).unwrap());
    assert_eq!(migrate(&url).unwrap(), all);
}

#[test]
fn a_failing_change_leaves_nothing_behind() {
    let (_folder, store) = fresh();
    let failed: Outcome<()> = store.write_now(|tx| {
        next_number(tx, "letters")?;
        Err(Refusal::busy().into())
    });
    assert!(failed.is_err());
    assert_eq!(store.write_now(|tx| next_number(tx, "letters")).unwrap(), 1);
}

#[test]
fn a_panicking_change_does_not_end_the_writer() {
    let (_folder, store) = fresh();
    let failed: Outcome<()> = store.write_now(|_| panic!("on purpose"));
    assert!(failed.is_err());
    assert_eq!(store.write_now(|tx| next_number(tx, "letters")).unwrap(), 1);
}

#[test]
fn eight_threads_get_four_hundred_different_numbers() {
    let (_folder, store) = fresh();
    let mut numbers: Vec<i64> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..8)
            .map(|_| {
                let store = store.clone();
                scope.spawn(move || {
                    (0..50).map(|_| store.write_now(|tx| next_number(tx, "letters")).unwrap()).collect::<Vec<_>>()
                })
            })
            .collect();
        threads.into_iter().flat_map(|thread| thread.join().unwrap()).collect()
    });
    numbers.sort_unstable();
    assert_eq!(numbers, (1..=400).collect::<Vec<i64>>());
}

#[test]
fn the_same_form_sent_twice_gets_the_first_answer() {
    let (_folder, store) = fresh();
    let now = "2026-03-01T12:00:00Z".parse().unwrap();
    let send = |target: &'static str| store.write_now(move |tx| once(tx, "token", now, |_| Ok(target.to_owned())));
    assert_eq!(send("/requests/1").unwrap(), "/requests/1");
    assert_eq!(send("/requests/2").unwrap(), "/requests/1");
}

#[test]
fn a_form_that_was_refused_can_be_sent_again() {
    let (_folder, store) = fresh();
    let now = "2026-03-01T12:00:00Z".parse().unwrap();
    let refused = store.write_now(move |tx| once(tx, "token", now, |_| Err(Refusal::busy().into())));
    assert!(refused.is_err());
    let sent = store.write_now(move |tx| once(tx, "token", now, |_| Ok("/done".to_owned())));
    assert_eq!(sent.unwrap(), "/done");
}

#[test]
fn a_reader_cannot_write() {
    use diesel::connection::SimpleConnection;
    let (_folder, store) = fresh();
    let tried = store.read_now(|view| Ok(view.connection().batch_execute("DELETE FROM counters")?));
    assert!(tried.is_err());
}
