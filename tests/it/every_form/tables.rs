//! Whether anything was stored: what every table holds, as a digest.

use std::collections::BTreeMap;
use std::hash::{DefaultHasher, Hash, Hasher};

use diesel::prelude::*;
use diesel::sql_types::Text;
use letters::store::View;

use crate::harness::World;

/// Tables that say nothing of what people entered: who is signed in, how often somebody tried, which form was sent.
const PASSING: [&str; 5] =
    ["web_sessions", "sign_in_attempts", "budgets", "submit_tokens", "__diesel_schema_migrations"];

#[derive(QueryableByName)]
struct Line {
    #[diesel(sql_type = Text)]
    line: String,
}

fn lines(view: &mut View<'_>, sql: String) -> Vec<String> {
    let found: Vec<Line> = diesel::sql_query(sql).load(view.connection()).unwrap();
    found.into_iter().map(|found| found.line).collect()
}

fn hashed(said: impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    said.hash(&mut hasher);
    hasher.finish()
}

/// A digest of each table by its name.
pub fn digests(world: &World) -> BTreeMap<String, u64> {
    let is_on_server = world.is_on_server();
    let read = world.store().read_now(move |view| {
        let names = if is_on_server {
            "SELECT tablename::text AS line FROM pg_tables WHERE schemaname = 'public'"
        } else {
            "SELECT name AS line FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
        };
        let mut tables = lines(view, names.to_owned());
        tables.retain(|table| !PASSING.contains(&table.as_str()));
        assert!(tables.len() > 30, "{tables:?}");
        if is_on_server {
            // One question for all of them: each costs a way to the server and back.
            let all = tables.iter().map(|table| {
                format!(
                    "SELECT '{table} ' || coalesce(md5(string_agg(t::text, ';' ORDER BY t::text)), '') AS line FROM {table} t"
                )
            });
            let found = lines(view, all.collect::<Vec<_>>().join(" UNION ALL "));
            return Ok(found.iter().map(|line| line.split_once(' ').unwrap()).map(|(table, digest)| (table.to_owned(), hashed(digest))).collect());
        }
        let digest = |table: &String| -> (String, u64) {
            let columns = lines(view, format!("SELECT name AS line FROM pragma_table_info('{table}')"));
            let columns: Vec<String> = columns.iter().map(|column| format!("quote(\"{column}\")")).collect();
            let sql = format!("SELECT {} AS line FROM {table} ORDER BY 1", columns.join(" || ',' || "));
            (table.clone(), hashed(lines(view, sql)))
        };
        Ok(tables.iter().map(digest).collect())
    });
    read.unwrap()
}

/// The tables in which the two differ.
pub fn changed(before: &BTreeMap<String, u64>, after: &BTreeMap<String, u64>) -> Vec<String> {
    after.iter().filter(|(table, digest)| before.get(*table) != Some(*digest)).map(|(table, _)| table.clone()).collect()
}
