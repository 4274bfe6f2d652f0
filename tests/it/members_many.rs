//! Many members: no page costs more queries for them, an import is all or nothing, and whoever reads meanwhile sees one
//! list or the other.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicBool, Ordering};

use letters::members::commands::JOURNAL;
use letters::members::commands::import::{Wish, import};
use letters::refusal::{Failure, Fault};

use crate::harness::{Browser, World};

/// A file of so many institutions, some with other kinds than others.
fn file(count: usize, mark: &str) -> String {
    let entry = |n: usize| {
        format!(
            "- name: Library {mark}{n:03}\n  uri: https://{mark}{n}.example/\n  iiifc: {}\n  colour: green\n",
            n % 4 + 1
        )
    };
    (0..count).map(entry).collect()
}

fn take_over(world: &World, text: String) {
    let now = world.now();
    world.store().write_now(move |tx| import(tx, &text, &Wish::default(), None, now)).unwrap();
}

/// How many queries a page costs.
fn cost(world: &World, browser: &Browser, path: &str) -> u64 {
    let before = world.store().queries();
    assert_eq!(browser.get(path).status, 200, "{path}");
    world.store().queries() - before
}

#[test]
fn no_page_costs_more_queries_for_500_than_for_146() {
    let world = World::new();
    let browser = world.browser();
    let paths = [
        "/members",
        "/faq",
        "/members.json",
        "/members.csv",
        "/members.jsonld",
        "/members/institutions.yml",
        "/committee",
    ];
    let costs = |one: &str| {
        // Once afresh, and once with what is in memory.
        let pages: Vec<&str> = paths.iter().copied().chain([one]).collect();
        pages
            .into_iter()
            .flat_map(|path| [cost(&world, &browser, path), cost(&world, &browser, path)])
            .collect::<Vec<_>>()
    };
    let first = || browser.get("/members?q=library").links().into_iter().find(|link| link.len() == 45).unwrap();
    take_over(&world, file(146, "a"));
    let few = first();
    take_over(&world, file(145, "a"));
    let few = costs(&few);
    take_over(&world, file(500, "a"));
    let many = first();
    take_over(&world, file(499, "a"));
    let many = costs(&many);
    assert_eq!(few, many);
    assert!(few.iter().max() <= Some(&12), "{few:?}");
    assert_eq!(browser.get("/members").count("tbody tr"), 499);
}

#[test]
fn with_500_members_whoever_has_a_page_or_the_data_is_told_so_until_it_changes() {
    let world = World::new();
    let browser = world.browser();
    take_over(&world, file(500, "a"));
    let mut tags = Vec::new();
    for path in ["/members", "/faq", "/members.json", "/members.csv", "/members.jsonld", "/members/institutions.yml"] {
        let page = browser.get(path);
        let tag = page.header("etag").to_owned();
        let before = world.store().queries();
        let again = browser.get_with(path, &[("if-none-match", &tag)]);
        assert_eq!((again.status, again.bytes.len()), (304, 0), "{path}");
        let cost = world.store().queries() - before;
        assert!(cost <= 3, "{path}: {cost}");
        tags.push((path, tag));
    }
    take_over(&world, file(499, "a"));
    for (path, tag) in tags {
        assert_eq!(browser.get_with(path, &[("if-none-match", &tag)]).status, 200, "{path}");
    }
}

#[test]
fn an_import_that_does_not_come_to_its_end_changes_nothing() {
    let world = World::new();
    let browser = world.browser();
    let shown = || ["/members.json", "/members/institutions.yml", "/faq"].map(|path| browser.get(path).text());
    let journal = || world.store().read_now(|view| letters::audit::store::history(view, JOURNAL)).unwrap().len();
    let before = (shown(), journal());
    let now = world.now();
    // Everything is written by then, and the machine stops before the transaction is over.
    let ended = world.store().write_now(move |tx| {
        import(tx, &file(60, "b"), &Wish::default(), None, now)?;
        Err::<(), Failure>(Fault::new("the power went off").into())
    });
    assert!(matches!(ended, Err(Failure::Fault(_))));
    assert_eq!((shown(), journal()), before);
    // What was taken back is no obstacle to the same file.
    take_over(&world, file(60, "b"));
    assert!(browser.get("/members").text().contains("Library b001"));
    world.check_records();
}

#[test]
fn whoever_reads_during_imports_sees_one_list_or_the_other() {
    let world = World::new();
    take_over(&world, file(40, "a"));
    let is_over = AtomicBool::new(false);
    let looks = || {
        let browser = world.browser();
        let mut seen = BTreeSet::new();
        while !is_over.load(Ordering::Relaxed) {
            let list: serde_json::Value = serde_json::from_str(&browser.get("/members.json").body).unwrap();
            let names: Vec<&str> =
                list["institutions"].as_array().unwrap().iter().map(|one| one["name"].as_str().unwrap()).collect();
            let marks: BTreeSet<&str> = names.iter().map(|name| &name[8..9]).collect();
            assert_eq!(marks.len(), 1, "a list of both: {names:?}");
            seen.insert((names.len(), marks.into_iter().collect::<String>()));
            assert_eq!(browser.get("/faq").status, 200);
        }
        seen
    };
    let seen = std::thread::scope(|scope| {
        let readers = [scope.spawn(looks), scope.spawn(looks)];
        for _ in 0..4 {
            take_over(&world, file(90, "b"));
            take_over(&world, file(40, "a"));
        }
        is_over.store(true, Ordering::Relaxed);
        readers.map(|reader| reader.join().unwrap()).into_iter().flatten().collect::<BTreeSet<_>>()
    });
    let either: BTreeSet<_> = [(40, "a".to_owned()), (90, "b".to_owned())].into();
    assert!(seen.is_subset(&either), "{seen:?}");
}
