//! The staff's queue: what is in it, in which order, for whom, and how it is searched.

use chrono::TimeDelta;
use diesel::prelude::*;
use letters::ids::{PersonId, RequestId};
use letters::store::schema::requests;

use crate::harness::{Browser, World};

/// A request as the queue needs it; the steps that lead there have tests of their own.
struct Planted<'t> {
    reference: &'t str,
    title: &'t str,
    stage: &'t str,
    held: bool,
    /// From the world's beginning.
    deadline: TimeDelta,
    band: &'t str,
    funder: &'t str,
}

impl Default for Planted<'_> {
    fn default() -> Self {
        let deadline = TimeDelta::days(40);
        Self { reference: "", title: "Maps", stage: "submitted", held: false, deadline, band: "normal", funder: "NEH" }
    }
}

fn plant(world: &World, planted: &Planted<'_>) -> RequestId {
    let (id, now) = (RequestId::fresh(), world.now().naive_utc());
    let sent = planted.stage != "draft";
    let applicant: PersonId = world.person("anne@uni.example", "Anne").id;
    let search = [planted.reference, planted.title, "Anne", "University of Example", planted.funder];
    let search = search.map(str::to_lowercase).join("\n");
    let (reference, title, stage) = (planted.reference.to_owned(), planted.title.to_owned(), planted.stage.to_owned());
    let (band, funder, held) = (planted.band.to_owned(), planted.funder.to_owned(), planted.held);
    let deadline = now + planted.deadline;
    world
        .store()
        .write_now(move |tx| {
            let decided = stage == "decided";
            diesel::insert_into(requests::table)
                .values((
                    requests::id.eq(id),
                    requests::revision.eq(1_i64),
                    requests::reference.eq(sent.then_some(reference)),
                    requests::applicant_id.eq(applicant),
                    requests::stage.eq(stage),
                    requests::form.eq("{\"deadline_zone\":\"UTC\"}"),
                    requests::policy.eq(sent.then_some("{}")),
                    (requests::title.eq(title), requests::applicant_name.eq("Anne")),
                    (requests::institution_name.eq("University of Example"), requests::funder.eq(funder)),
                    (requests::programme.eq(""), requests::letter_kind.eq("support")),
                    (requests::deadline_at.eq(deadline), requests::deadline_words.eq("in the funder's words")),
                    requests::lead_band.eq(sent.then_some(band)),
                    requests::search_text.eq(search),
                    (requests::created_at.eq(now), requests::changed_at.eq(now)),
                    (requests::submitted_at.eq(sent.then_some(now)), requests::held.eq(held)),
                    (requests::routed_at.eq(now), requests::review_began_at.eq(now)),
                    (
                        requests::answer.eq(decided.then_some("supported")),
                        requests::decided_at.eq(decided.then_some(now)),
                    ),
                ))
                .execute(tx.connection())?;
            Ok(())
        })
        .unwrap();
    id
}

/// A few requests in different stages.
fn a_queue(world: &World) {
    let days = TimeDelta::days;
    for planted in [
        Planted { reference: "LOS-2026-0001", stage: "in_review", title: "Étude of maps", ..Planted::default() },
        Planted { reference: "LOS-2026-0002", held: true, deadline: days(9), band: "late", ..Planted::default() },
        Planted {
            reference: "LOS-2026-0003",
            deadline: days(20),
            band: "at_risk",
            funder: "DFG",
            ..Planted::default()
        },
        Planted { reference: "LOS-2026-0004", stage: "decided", deadline: days(60), ..Planted::default() },
        Planted { reference: "LOS-2026-0005", title: "=1+1", deadline: days(1), ..Planted::default() },
        Planted { title: "A draft nobody reads", stage: "draft", ..Planted::default() },
    ] {
        plant(world, &planted);
    }
}

fn references(browser: &Browser, path: &str) -> Vec<String> {
    let page = browser.get(path);
    assert_eq!(page.status, 200, "{path}: {}", page.text());
    let text = page.text();
    text.split_whitespace().filter(|word| word.starts_with("LOS-")).map(|word| word[9..].to_owned()).collect()
}

#[test]
fn staff_see_what_is_open_with_the_nearest_deadline_first_and_no_drafts() {
    let world = World::new();
    a_queue(&world);
    let browser = world.staff();
    assert_eq!(references(&browser, "/queue"), ["0005", "0002", "0003", "0001", "0004"]);
    let page = browser.get("/queue");
    let text = page.text();
    for words in ["tomorrow", "9 days", "20 days", "Held for staff", "In review", "Letter to be written", "At risk"] {
        assert!(text.contains(words), "{words} in {text}");
    }
    assert!(!text.contains("A draft nobody reads"));
    assert!(page.has_link("/letters"));
}

#[test]
fn the_queue_is_searched_and_filtered() {
    let world = World::new();
    a_queue(&world);
    let browser = world.staff();
    for (query, found) in [
        ("stage=held", vec!["0002"]),
        ("stage=under_review", vec!["0001"]),
        ("stage=to_route", vec!["0005", "0003"]),
        ("stage=to_write", vec!["0004"]),
        ("stage=issued", vec![]),
        ("stage=all", vec!["0004", "0001", "0003", "0002", "0005"]),
        ("band=at_risk", vec!["0003"]),
        ("band=late", vec!["0002"]),
        ("funder=DFG", vec!["0003"]),
        ("words=%C3%89TUDE+anne", vec!["0001"]),
        ("words=0003", vec!["0003"]),
        ("words=%25", vec![]),
        ("words=_", vec![]),
        ("stage=nonsense&band=x&after=y", vec!["0005", "0002", "0003", "0001", "0004"]),
    ] {
        assert_eq!(references(&browser, &format!("/queue?{query}")), found, "{query}");
    }
}

#[test]
fn a_long_queue_is_read_page_by_page_without_a_gap_or_a_repeat() {
    let world = World::new();
    for number in 0..120 {
        let reference = format!("LOS-2026-{number:04}");
        // Several share one deadline, so that the id decides their order.
        let deadline = TimeDelta::days(30 + number / 7);
        plant(&world, &Planted { reference: &reference, deadline, ..Planted::default() });
    }
    let browser = world.staff();
    for start in ["/queue", "/queue?stage=all"] {
        let (mut path, mut seen) = (start.to_owned(), Vec::new());
        loop {
            let page = browser.get(&path);
            seen.extend(references(&browser, &path));
            let Some(next) = page.links().into_iter().find(|link| link.contains("after=")) else { break };
            path = next;
        }
        assert_eq!(seen.len(), 120);
        seen.sort();
        seen.dedup();
        assert_eq!(seen.len(), 120, "{start}");
    }
}

#[test]
fn the_table_holds_what_the_queue_shows_and_no_formula() {
    let world = World::new();
    a_queue(&world);
    let table = world.staff().get("/queue.csv?stage=to_route");
    assert_eq!(table.header("content-type"), "text/csv; charset=utf-8");
    assert!(table.header("content-disposition").contains("requests-2026-03-02.csv"));
    let mut reader = csv::Reader::from_reader(table.body.trim_start_matches('\u{feff}').as_bytes());
    let rows: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
    assert_eq!(rows.len(), 2);
    assert_eq!((&rows[0][0], &rows[0][3], &rows[0][7]), ("LOS-2026-0005", "1", "'=1+1"));
}

#[test]
fn nobody_else_sees_the_queue() {
    let world = World::new();
    a_queue(&world);
    for path in ["/queue", "/queue.csv"] {
        assert_eq!(world.browser().get_only(path).status, 303, "{path}");
        assert_eq!(world.signed_in("bob@uni.example").get(path).status, 403, "{path}");
    }
}
