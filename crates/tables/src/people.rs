//! The tables of people: accounts, roles, invitations, signing in.

diesel::table! {
    persons (id) {
        id -> Text,
        address -> Text,
        name -> Text,
        created_at -> Timestamp,
        disabled_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    roles (id) {
        id -> Text,
        person_id -> Text,
        role -> Text,
        since -> Timestamp,
        until -> Nullable<Timestamp>,
    }
}

diesel::table! {
    invites (id) {
        id -> Text,
        role -> Text,
        address -> Nullable<Text>,
        nonce -> Text,
        made_by -> Nullable<Text>,
        made_at -> Timestamp,
        expires_at -> Timestamp,
        used_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    sign_in_attempts (id) {
        id -> Text,
        browser_hash -> Text,
        address -> Text,
        next_key -> Text,
        nonce -> Text,
        created_at -> Timestamp,
        mail_accepted_at -> Nullable<Timestamp>,
        expires_at -> Timestamp,
        tries -> Integer,
        resends -> Integer,
        consumed_at -> Nullable<Timestamp>,
        consumed_how -> Nullable<Text>,
        prefix_hash -> Text,
        browser_family -> Text,
    }
}

diesel::table! {
    saved_views (person_id, name) {
        person_id -> Text,
        name -> Text,
        query -> Text,
        saved_at -> Timestamp,
    }
}

diesel::table! {
    web_sessions (id) {
        id -> Text,
        token_hash -> Text,
        previous_hash -> Nullable<Text>,
        person_id -> Text,
        level -> Text,
        created_at -> Timestamp,
        last_seen_at -> Timestamp,
        rotated_at -> Timestamp,
        expires_at -> Timestamp,
        revoked_at -> Nullable<Timestamp>,
        prefix_hash -> Text,
        browser_family -> Text,
    }
}

diesel::table! {
    budgets (id) {
        id -> Text,
        bucket -> Text,
        spent_at -> Timestamp,
    }
}

diesel::table! {
    co_applicants (request_id, person_id) {
        request_id -> Text,
        person_id -> Text,
        may_edit -> Bool,
        invited_by -> Text,
        invited_at -> Timestamp,
        removed_at -> Nullable<Timestamp>,
    }
}

diesel::allow_tables_to_appear_in_same_query!(persons, roles);
diesel::allow_tables_to_appear_in_same_query!(persons, co_applicants);
diesel::allow_tables_to_appear_in_same_query!(persons, web_sessions);
