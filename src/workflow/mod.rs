//! How a request becomes a letter, step by step in running order.

pub mod history;
pub mod labels;
pub mod phrase;
pub mod stage;

pub mod request;
pub mod routing;

pub mod review;
pub mod waiting;

pub mod decision;
pub mod letter;

pub mod delivery;
