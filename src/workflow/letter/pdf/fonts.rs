//! The fonts of letters: those inside the program, and the ones that whoever runs the service adds for further scripts.

use std::fs;
use std::path::{Path, PathBuf};

use typst::text::FontInfo;
use typst_kit::fonts::{FontPath, FontStore, embedded};

use crate::refusal::Fault;

/// The families that letters are set in, the first that has a character wins. Only these are used, so that a folder with
/// other fonts does not change a letter. The first and the last are inside the program; Debian has the others in
/// `fonts-noto-core` and `fonts-noto-cjk`.
pub(super) const FAMILIES: [&str; 17] = [
    "Libertinus Serif",
    "Noto Serif",
    "Noto Naskh Arabic",
    "Noto Serif Hebrew",
    "Noto Serif Devanagari",
    "Noto Serif Bengali",
    "Noto Serif Tamil",
    "Noto Serif Thai",
    "Noto Serif Armenian",
    "Noto Serif Georgian",
    "Noto Serif Ethiopic",
    "Noto Serif Khmer",
    "Noto Serif Sinhala",
    "Noto Serif CJK JP",
    "Noto Serif CJK KR",
    "Noto Serif CJK SC",
    "New Computer Modern",
];

/// The fonts inside the program, and those of [`FAMILIES`] in `folder` and the folders in it. Only their names are read
/// here; a font is loaded when a letter first needs it.
///
/// # Errors
/// A fault when the folder cannot be read.
pub(super) fn load(folder: Option<&Path>) -> Result<FontStore, Fault> {
    let mut fonts = FontStore::new();
    fonts.extend(embedded());
    if let Some(folder) = folder {
        let unreadable = |error| Fault::because(format!("the fonts in {} cannot be read", folder.display()), error);
        let mut files = Vec::new();
        find(folder, &mut files).map_err(unreadable)?;
        // In the same order on every machine, so that the same letter is set in the same fonts.
        files.sort();
        for path in files {
            let data = fs::read(&path).map_err(unreadable)?;
            let faces = (0..).zip(FontInfo::iter(&data)).filter(|(_, face)| FAMILIES.contains(&face.family.as_str()));
            fonts.extend(faces.map(|(index, face)| (FontPath { path: path.clone(), index }, face)));
        }
    }
    Ok(fonts)
}

/// The font files in a folder whose names begin with one of our families'.
fn find(folder: &Path, files: &mut Vec<PathBuf>) -> std::io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            find(&path, files)?;
        } else if is_ours(&path) {
            files.push(path);
        }
    }
    Ok(())
}

/// Whether a file may hold one of our families, by its name: `NotoSerifCJK-Regular.ttc` holds several.
fn is_ours(path: &Path) -> bool {
    let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    let is_font = [".ttf", ".otf", ".ttc"].iter().any(|ending| name.ends_with(ending));
    is_font && (name.starts_with("NotoSerif") || name.starts_with("NotoNaskhArabic"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn without_a_folder_there_are_the_fonts_inside_the_program() {
        let fonts = load(None).unwrap();
        let families: Vec<&str> = fonts.book().families().map(|(name, _)| name).collect();
        assert!(families.contains(&"Libertinus Serif") && families.contains(&"New Computer Modern"), "{families:?}");
    }

    #[test]
    fn a_folder_that_is_not_there_is_a_fault_that_names_it() {
        let fault = load(Some(Path::new("/nowhere/fonts"))).err().unwrap();
        assert!(fault.to_string().contains("/nowhere/fonts"), "{fault}");
    }

    #[test]
    fn only_files_of_our_families_are_opened() {
        let is = |name: &str| is_ours(Path::new(name));
        assert!(is("/f/NotoSerifCJK-Regular.ttc") && is("NotoNaskhArabic-Bold.ttf"));
        assert!(!is("NotoSans-Regular.ttf") && !is("NotoSerif.txt") && !is("Comic.ttf"));
    }
}
