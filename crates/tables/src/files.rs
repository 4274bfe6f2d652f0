//! The table of the files that belong to requests.

#![allow(missing_docs, reason = "diesel's macro makes items that cannot carry any; the migrations explain the columns")]

diesel::table! {
    attachments (id) {
        id -> Text,
        request_id -> Text,
        kind -> Text,
        name -> Text,
        format -> Text,
        size -> BigInt,
        sha256 -> Text,
        added_by -> Text,
        added_at -> Timestamp,
        sent_at -> Nullable<Timestamp>,
        dropped_at -> Nullable<Timestamp>,
        removed_at -> Nullable<Timestamp>,
    }
}
