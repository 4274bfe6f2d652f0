//! How a request becomes a letter, step by step in running order; `discussion` goes along with all of them.

pub mod history;
pub mod labels;
pub mod language;
pub mod packing;
pub mod phrase;
pub mod stage;
pub mod turn;

pub mod request;
pub mod routing;

pub mod discussion;

pub mod review;
pub mod waiting;

pub mod decision;
pub mod letter;
pub mod outcome;
pub mod post;

pub mod delivery;
