//! What the minutes say of a motion besides what its record holds: when there are any, and its times.

use crate::clock::Instant;
use crate::refusal::Refusal;
use crate::workday::in_zone_and_utc;
use crate::workflow::review::motion::{Cause, Motion, MotionStage, MotionState};

/// Refuses minutes before there is something to record: `last` is the latest motion about the request.
///
/// # Errors
/// A refusal while there is no motion or the last one is open.
pub fn must_have_closed(last: Option<&Motion>) -> Result<(), Refusal> {
    match last {
        None => {
            Err(Refusal::conflict("no-motion", "The committee was not asked about this request: there is no record."))
        }
        Some(motion) if motion.state.is_open() => {
            let sentence = "The motion is still open. There is a record as soon as it has closed.";
            Err(Refusal::conflict("motion-open", sentence))
        }
        Some(_) => Ok(()),
    }
}

/// The times of a motion that opened at `opened`, in order, each in the Consortium's zone and in UTC.
pub fn times(motion: &Motion, opened: Instant) -> Vec<(&'static str, String)> {
    let (call, closed) = match motion.state {
        MotionState::Consensus => (None, None),
        MotionState::Tally(call) => (Some(call), None),
        MotionState::Adopted { at, .. } | MotionState::Lapsed { at } => (None, Some(at)),
        MotionState::Counted { call, at, .. } => (Some(call), Some(at)),
    };
    let mut times = vec![("Motion opened", opened)];
    // A question that is put again is put to the vote at once.
    if call.is_none_or(|call| !matches!(call.cause, Cause::PutAgain | Cause::Reopened)) {
        times.push(("Consensus period until", motion.terms.until));
        times.push(("Reviews due", motion.terms.reviews_due));
    }
    times.extend(
        call.iter().flat_map(|call| [("Vote called", call.at), ("Vote open until, at the latest", call.closes)]),
    );
    times.extend(closed.map(|at| ("Motion closed", at)));
    times.into_iter().map(|(what, at)| (what, in_zone_and_utc(at, motion.rule.zone))).collect()
}

/// Why no answer follows from a motion that closed at this stage.
pub const fn no_answer(stage: MotionStage) -> &'static str {
    match stage {
        MotionStage::NoQuorum => "None: the vote had no quorum and decided nothing. Staff can put the question again.",
        MotionStage::Lapsed => "None: the request was withdrawn.",
        MotionStage::Consensus | MotionStage::Tally => "None yet: the motion is open.",
        MotionStage::Adopted | MotionStage::Carried | MotionStage::NotCarried => "Not prepared yet.",
    }
}
