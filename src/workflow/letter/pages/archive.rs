//! Many letters in one ZIP, written while it is sent: one letter is in memory at a time.

use std::io::Write;

use crate::refusal::Outcome;
use crate::store::Store;
use crate::web::pieces::{InPieces, in_pieces};
use crate::workflow::letter::rules;
use crate::workflow::letter::store::{self, Issued};
use crate::workflow::packing::Packing;

/// Begins to write the archive of `letters`.
pub(super) fn stream(store: Store, letters: Vec<Issued>) -> InPieces {
    in_pieces("an archive of letters", move |to| write(&store, &letters, to))
}

fn write(store: &Store, letters: &[Issued], to: impl Write) -> Outcome<()> {
    let mut archive = Packing::into(to);
    for letter in letters {
        let bytes = store.read_now(|view| store::bytes(view, letter.id))?;
        archive.add(&rules::file_name(&letter.register.number), &bytes)?;
        if let Some(signed) = store.read_now(|view| store::seals::bytes(view, letter.id))? {
            archive.add(&rules::signed_name(&letter.register.number), &signed)?;
        }
    }
    Ok(archive.finish()?)
}
