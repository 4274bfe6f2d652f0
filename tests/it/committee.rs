//! The committee as people and staff see it: officers, seats given up and filled, the list for any day, and what its
//! institutions have to do with a request.

use crate::review::world::{Committee, STAFF, member};

/// Two people of institutions with a seat sign the proposal too, and one of another.
const SIGNED: &str = r#"{"title":"A fine project","summary":"A secret summary",
    "co_signers":"Grace Hopper, institution 04\r\nBo Ek, Museum of Art\r\nIda Berg, The Institution 04"}"#;

#[test]
fn a_seat_whose_people_sign_the_proposal_may_have_a_conflict_and_everybody_reads_who_signs() {
    let committee = Committee::new();
    let id = committee.request_with(SIGNED, None);
    committee.world.see_to_duties();
    let motion = committee.browser(STAFF).get(&format!("/requests/{id}/motion"));
    assert_eq!(motion.count("form[action$='/dismiss-conflict']"), 1, "{}", motion.text());
    let words = "Institution 04 may have a conflict: Grace Hopper and Ida Berg sign the proposal for Institution 04.";
    assert!(motion.text().contains(words), "{}", motion.text());
    let review = committee.declare(&committee.browser(&member(2)), id);
    assert!(review.text().contains("Bo Ek, Museum of Art"), "{}", review.text());
}
