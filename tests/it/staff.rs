//! The staff's queue: what is in it, in which order, for whom, and how it is searched.

use chrono::TimeDelta;
use diesel::prelude::*;
use letters::ids::{PersonId, RequestId};
use letters::store::schema::requests;

use crate::harness::{Browser, World};
use crate::review::world::{Committee, STAFF, member};

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
        ("words=stage%3Areview", vec!["0001"]),
        ("words=stage%3Aroute+due%3A%3C9d&stage=held", vec!["0005"]),
        ("words=lead%3Arisk+funder%3Adf", vec!["0003"]),
        ("words=funder%3Adfg&funder=Another", vec![]),
        ("words=has%3Aconflict", vec![]),
        ("words=waiting%3Anobody", vec![]),
        ("stage=nonsense&band=x&after=y", vec!["0005", "0002", "0003", "0001", "0004"]),
    ] {
        assert_eq!(references(&browser, &format!("/queue?{query}")), found, "{query}");
    }
}

#[test]
fn a_search_word_that_is_none_is_told_with_what_is_possible() {
    let world = World::new();
    a_queue(&world);
    let browser = world.staff();
    let page = browser.get("/queue?words=maps+stge%3Areview&stage=held");
    assert_eq!(page.status, 422);
    let text = page.text();
    assert!(text.contains("“stge:” is no search word. There are stage:, due:,"), "{text}");
    assert!(page.first("title").starts_with("Error: "), "{}", page.first("title"));
    assert!(page.body.contains("value=\"maps stge:review\"") && !text.contains("LOS-2026-"), "{text}");
    assert_eq!(browser.get("/queue.csv?words=stge%3Areview").status, 422);
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

#[test]
fn a_year_is_read_at_a_glance_by_staff_alone_and_costs_the_same_however_full_it_is() {
    let world = World::new();
    let staff = world.staff();
    assert!(staff.get("/year").text().contains("No request was sent in this year."));
    a_queue(&world);
    let before = world.store().queries();
    let page = staff.get("/year");
    let cost = world.store().queries() - before;
    let text = page.text();
    assert!(text.contains("Requests of 2026") && text.contains("March 0 1 0 0 1 3 5"), "{text}");
    assert!(text.contains("March 3 1 1 5") && text.contains("The year 3 1 1 5 Share 60 % 20 % 20 %"), "{text}");
    assert!(text.contains("From sending to the reviewers 5 under an hour"), "{text}");
    assert_eq!((page.count("svg[role=img]"), page.count("svg rect[data-series=\"4\"]")), (4, 1));
    assert!(text.contains("No tallied vote has closed in this year."), "{text}");
    assert!(!text.contains("April"), "a month that has not begun is not in the table: {text}");
    for number in 10..60 {
        plant(&world, &Planted { reference: &format!("LOS-2026-00{number}"), ..Planted::default() });
    }
    let before = world.store().queries();
    assert!(staff.get("/year?of=1999").text().contains("March 0 1 0 0 1 53 55"), "the nearest year there is");
    assert_eq!(world.store().queries() - before, cost);
    world.wait(TimeDelta::days(365));
    let next = world.staff().get("/year");
    assert!(next.text().contains("Requests of 2027") && next.has_link("/year?of=2026"), "{}", next.text());
    assert_eq!(world.signed_in("bob@uni.example").get("/year").status, 403);
}

#[test]
fn staff_keep_a_question_under_a_name_and_drop_it() {
    let world = World::new();
    a_queue(&world);
    let staff = world.staff();
    let asked = staff.get("/queue?words=lead%3Arisk+funder%3Adf&stage=open");
    let nameless = staff.submit(&asked, "/queue/views", &[("view", "  ")]);
    assert_eq!(nameless.status, 422);
    assert!(nameless.text().contains("Enter the name of the view"), "{}", nameless.text());
    assert!(nameless.body.contains("value=\"lead:risk funder:df\"") && nameless.text().contains("LOS-2026-0003"));

    let kept = staff.submit(&nameless, "/queue/views", &[("view", "Risky & German")]);
    assert!(kept.text().contains("The view is kept."), "{}", kept.text());
    let link = "/queue?words=lead%3Arisk%20funder%3Adf&stage=open";
    assert!(kept.has_link(link) && references(&staff, link) == ["0003"]);
    staff.submit(&asked, "/queue/views", &[("view", "Risky & German")]);
    assert_eq!(staff.get("/queue").links().iter().filter(|href| *href == link).count(), 1, "one of a name");

    let dropped = staff.submit(&staff.get("/queue"), "/queue/views/drop", &[]);
    assert!(dropped.text().contains("The view is dropped.") && !dropped.has_link(link), "{}", dropped.text());
}

#[test]
fn the_search_is_completed_with_the_seats_funders_and_institutions_there_are() {
    let committee = Committee::new();
    let id = committee.request();
    let staff = committee.browser(STAFF);
    let offers = |browser: &Browser, term: &str| {
        let page = browser.get("/queue");
        page.body.contains(&format!("<option value=\"{}\">", term.replace('"', "&#34;")))
    };
    for term in [
        "waiting:\"Institution 07\"",
        "waiting:applicant",
        "funder:\"A funder\"",
        "\"University of Example\"",
        "stage:review",
    ] {
        assert!(offers(&staff, term), "{term}: {}", staff.get("/queue").first_raw("datalist"));
    }
    assert!(!offers(&staff, "waiting:wales") && !offers(&staff, "funder:neh"));
    committee.world.see_to_duties();
    let seat = committee.reviewers(id)[0];
    let found = staff.get(&format!("/queue?words=waiting:%22Institution%20{seat:02}%22"));
    assert!(found.text().contains("A fine project"), "{}", found.text());
    let wrong = staff.get("/queue?words=waiting:");
    assert!(
        wrong.text().contains("waiting: takes a word of a seat’s name, as in waiting:wales, or applicant."),
        "{}",
        wrong.text()
    );

    // What a conflict of interest closes is offered to nobody who acts for the seat.
    let browser = committee.browser(&member(seat));
    assert!(offers(&browser, "funder:\"A funder\""));
    let page = browser.get(&format!("/requests/{id}/review"));
    browser.submit(&page, "/conflict", &[("conflict", "conflict"), ("conflict_reason", "Our own project.")]);
    assert!(!offers(&browser, "funder:\"A funder\"") && !offers(&browser, "\"University of Example\""));
}
