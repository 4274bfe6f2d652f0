//! Two institutions of the list that are one: everything that refers to the one that goes refers to the other from then
//! on. Only here all of it is known: the list, the committee's seats, the requests.

pub mod commands;
pub mod pages;
