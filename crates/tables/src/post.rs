//! The table of physical copies of letters.

#![allow(missing_docs, reason = "diesel's macro makes items that cannot carry any; the migrations explain the columns")]

use crate::requests;

diesel::table! {
    copies (request_id, number) {
        request_id -> Text,
        number -> Integer,
        name -> Text,
        address -> Text,
        asked_at -> Timestamp,
        taken_back_at -> Nullable<Timestamp>,
        letter_id -> Nullable<Text>,
        printed_at -> Nullable<Timestamp>,
        posted_on -> Nullable<Date>,
        posted_at -> Nullable<Timestamp>,
        carrier -> Text,
        tracking -> Text,
        link -> Text,
        returned_at -> Nullable<Timestamp>,
        remark -> Text,
    }
}

diesel::allow_tables_to_appear_in_same_query!(requests, copies);
