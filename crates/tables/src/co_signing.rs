//! The tables of co-signers: how they are asked, and who they are.

#![allow(missing_docs, reason = "diesel's macro makes items that cannot carry any; the migrations explain the columns")]

use crate::letters;

diesel::table! {
    co_signings (letter_id) {
        letter_id -> Text,
        way -> Text,
        last_day -> Date,
        revision -> BigInt,
        asked_by -> Text,
        asked_at -> Timestamp,
    }
}

diesel::table! {
    co_signers (id) {
        id -> Text,
        letter_id -> Text,
        place -> Integer,
        name -> Text,
        address -> Text,
        organisation -> Text,
        needed -> Bool,
        nonce -> Text,
        asked_at -> Nullable<Timestamp>,
        reminded_at -> Nullable<Timestamp>,
        answered_at -> Nullable<Timestamp>,
        signed_name -> Nullable<Text>,
        signed_capacity -> Nullable<Text>,
        reason -> Nullable<Text>,
    }
}

diesel::allow_tables_to_appear_in_same_query!(letters, co_signers, co_signings);
