//! A new request begins with the answers of an earlier one, never with its days, declarations or files.

use crate::attachments::{attach, pdf};
use crate::harness::World;
use crate::request::filled;

#[test]
fn a_new_request_begins_with_the_answers_of_an_earlier_one_but_for_its_days() {
    let world = World::new();
    let browser = world.signed_in("ada@people.example");
    let start = browser.get("/requests/new");
    assert!(!start.text().contains("Begin with"), "there is nothing to begin with");
    let path = filled(&browser);
    attach(&browser, &path, "proposal", "Proposal.pdf", &pdf(""));
    assert!(!browser.get("/requests/new").text().contains("Begin with"), "a draft is no earlier request");
    browser.submit(&browser.get(&format!("{path}/check")), "/check", &[]);

    let id = path.rsplit('/').next().unwrap();
    let again = format!("/requests/new?from={id}");
    assert!(browser.get(&path).has_link(&again));
    let start = browser.get(&again);
    assert!(start.text().contains("LOS-2026-0001, Maps for all"), "{}", start.text());
    let draft = browser.submit(&start, "/requests", &[]);
    assert_ne!(draft.path, path);
    let form = |section: &str| browser.get(&format!("{}/edit/{section}", draft.path));
    assert_eq!(form("project").attribute("#title", "value"), "Maps for all");
    assert_eq!(form("about-you").attribute("#pi_name", "value"), "Grace Hopper");
    let funder = form("funder");
    assert_eq!(funder.attribute("#funder", "value"), "Example Endowment");
    for day in ["#deadline_date", "#deadline_time", "#needed_by"] {
        assert_eq!(funder.attribute(day, "value"), "", "{day}");
    }
    let check = browser.get(&format!("{}/check", draft.path));
    assert!(check.text().contains("No files"), "{}", check.text());
    assert!(!check.has_form("/check") || check.text().contains("deadline"), "it cannot be sent as it is");

    let empty = browser.submit(&browser.get(&again), "/requests", &[("from", "")]);
    let project = browser.get(&format!("{}/edit/project", empty.path));
    assert_eq!(project.attribute("#title", "value"), "");
}

#[test]
fn nobody_begins_with_the_answers_of_others() {
    let world = World::new();
    let ada = world.signed_in("ada@people.example");
    let path = filled(&ada);
    ada.submit(&ada.get(&format!("{path}/check")), "/check", &[]);
    let id = path.rsplit('/').next().unwrap();
    let other = world.signed_in("other@people.example");
    let (action, mut fields) = other.get("/requests/new").form_to_post("/requests", &[]);
    for from in [id, "00000000-0000-7000-8000-000000000000", "nonsense"] {
        fields.retain(|(name, _)| name != "from");
        fields.push(("from".to_owned(), from.to_owned()));
        let pairs: Vec<_> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        let refused = other.post(&action, &pairs);
        assert_eq!(refused.status, 404, "{from}");
        assert!(!refused.text().contains("Maps for all"));
    }
}
