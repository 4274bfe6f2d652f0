//! Many files in one ZIP, written one after the other.

use std::io::Write;

use zip::write::{SimpleFileOptions, StreamWriter};
use zip::{CompressionMethod, ZipWriter};

use crate::refusal::Fault;

/// A ZIP file that is being written.
pub struct Packing<W: Write>(ZipWriter<StreamWriter<W>>);

impl<W: Write> Packing<W> {
    /// One that goes to `to` as it is written.
    pub fn into(to: W) -> Self {
        Self(ZipWriter::new_stream(to))
    }

    /// Adds a file, which is packed already and so stored as it is.
    ///
    /// # Errors
    /// A fault when it cannot be written.
    pub fn add(&mut self, name: &str, bytes: &[u8]) -> Result<(), Fault> {
        let stored = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
        self.0.start_file(name, stored).map_err(unwritten)?;
        self.0.write_all(bytes).map_err(|error| unwritten(error.into()))
    }

    /// Ends the file.
    ///
    /// # Errors
    /// A fault when its end cannot be written.
    pub fn finish(self) -> Result<(), Fault> {
        self.0.finish().map(drop).map_err(unwritten)
    }
}

fn unwritten(error: zip::result::ZipError) -> Fault {
    Fault::because("the ZIP file cannot be written", error)
}

#[cfg(test)]
mod tests {
    use std::io::{Cursor, Read};

    use super::*;

    #[test]
    fn files_that_are_written_one_by_one_are_read_as_a_whole() {
        let mut whole = Vec::new();
        let mut packing = Packing::into(&mut whole);
        for (name, bytes) in [("a.pdf", &b"one"[..]), ("b.pdf", &[0; 1000])] {
            packing.add(name, bytes).unwrap();
        }
        packing.finish().unwrap();
        let mut read = zip::ZipArchive::new(Cursor::new(whole)).unwrap();
        let mut text = String::new();
        read.by_name("a.pdf").unwrap().read_to_string(&mut text).unwrap();
        assert_eq!((text.as_str(), read.by_name("b.pdf").unwrap().size()), ("one", 1000));
    }
}
