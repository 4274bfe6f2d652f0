//! The tables of mails: the outbox, and which kinds staff look at first.

#![allow(missing_docs, reason = "diesel's macro makes items that cannot carry any; the migrations explain the columns")]

diesel::table! {
    outbox (id) {
        id -> Text,
        kind -> Text,
        request_id -> Nullable<Text>,
        attempt_id -> Nullable<Text>,
        co_signer_id -> Nullable<Text>,
        to_address -> Text,
        to_name -> Text,
        subject -> Text,
        text_body -> Text,
        html_body -> Nullable<Text>,
        message_id -> Text,
        thread_id -> Nullable<Text>,
        state -> Text,
        tries -> Integer,
        created_at -> Timestamp,
        not_before -> Timestamp,
        expires_at -> Nullable<Timestamp>,
        leased_until -> Nullable<Timestamp>,
        sent_at -> Nullable<Timestamp>,
        last_reply -> Nullable<Text>,
        links -> Nullable<Text>,
        revision -> Integer,
    }
}

diesel::table! {
    held_kinds (kind) {
        kind -> Text,
        held_by -> Text,
        held_at -> Timestamp,
    }
}
