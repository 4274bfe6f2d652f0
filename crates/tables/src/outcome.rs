//! The table of what became of proposals.

#![allow(missing_docs, reason = "diesel's macro makes items that cannot carry any; the migrations explain the columns")]

use crate::requests;

diesel::table! {
    outcomes (request_id) {
        request_id -> Text,
        asked_at -> Nullable<Timestamp>,
        answer -> Nullable<Text>,
        remark -> Text,
        answered_at -> Nullable<Timestamp>,
    }
}

diesel::allow_tables_to_appear_in_same_query!(requests, outcomes);
