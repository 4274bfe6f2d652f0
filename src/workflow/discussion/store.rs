//! Posts as rows.

use chrono::NaiveDateTime;
use diesel::prelude::*;

use super::thread::Post;
use crate::clock::Instant;
use crate::ids::{PersonId, PostId, RequestId, SeatId};
use crate::refusal::Outcome;
use crate::store::schema::posts;
use crate::store::{Tx, View, impossible};

#[derive(Debug, Queryable, Selectable, Insertable)]
#[diesel(table_name = posts)]
struct Row {
    id: PostId,
    request_id: RequestId,
    person_id: PersonId,
    author: String,
    seat_id: Option<SeatId>,
    institution: String,
    audience: String,
    body: String,
    posted_at: NaiveDateTime,
    taken_back_at: Option<NaiveDateTime>,
}

/// Every post about a request, whoever it is for, oldest first. What a reader sees of them is said by
/// [`super::thread::Thread`].
///
/// # Errors
/// A fault of the database.
pub fn of(view: &mut View<'_>, request: RequestId) -> Outcome<Vec<Post>> {
    let rows: Vec<Row> = posts::table
        .filter(posts::request_id.eq(request))
        .order((posts::posted_at, posts::id))
        .select(Row::as_select())
        .load(view.connection())?;
    let post = |row: Row| {
        Ok(Post {
            id: row.id,
            request: row.request_id,
            person: row.person_id,
            author: row.author.parse().map_err(|error| impossible("posts", row.id, error))?,
            seat: row.seat_id,
            institution: row.institution,
            audience: row.audience.parse().map_err(|error| impossible("posts", row.id, error))?,
            body: row.body,
            posted_at: row.posted_at.and_utc(),
            taken_back_at: row.taken_back_at.map(|at| at.and_utc()),
        })
    };
    rows.into_iter().map(post).collect()
}

/// Adds a post. The request's row is held.
pub(super) fn add(tx: &mut Tx<'_>, post: &Post) -> Outcome<()> {
    let row = Row {
        id: post.id,
        request_id: post.request,
        person_id: post.person,
        author: post.author.to_string(),
        seat_id: post.seat,
        institution: post.institution.clone(),
        audience: post.audience.to_string(),
        body: post.body.clone(),
        posted_at: post.posted_at.naive_utc(),
        taken_back_at: None,
    };
    diesel::insert_into(posts::table).values(&row).execute(tx.connection())?;
    Ok(())
}

/// Notes that a post was taken back. The request's row is held.
pub(super) fn take_back(tx: &mut Tx<'_>, post: PostId, now: Instant) -> Outcome<()> {
    diesel::update(posts::table.find(post)).set(posts::taken_back_at.eq(now.naive_utc())).execute(tx.connection())?;
    Ok(())
}
