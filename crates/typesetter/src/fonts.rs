//! The fonts of documents: those inside the program, and the ones that whoever runs the service adds for further scripts.

use std::fs;
use std::path::{Path, PathBuf};

use sheets::FAMILIES;
use typst::text::FontInfo;
use typst_kit::fonts::{FontPath, FontStore, embedded};

/// The fonts inside the program, and those of [`FAMILIES`] in `folder` and the folders in it. Only their names are read
/// here; a font is loaded when a document first needs it.
///
/// # Errors
/// Which folder cannot be read, and why.
pub(crate) fn load(folder: Option<&Path>) -> Result<FontStore, String> {
    let mut fonts = FontStore::new();
    fonts.extend(embedded());
    if let Some(folder) = folder {
        let unreadable = |error| format!("the fonts in {} cannot be read: {error}", folder.display());
        let mut files = Vec::new();
        find(folder, &mut files).map_err(unreadable)?;
        // In the same order on every machine, so that the same document is set in the same fonts.
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
    fn a_folder_that_is_not_there_is_named() {
        let why = load(Some(Path::new("/nowhere/fonts"))).err().unwrap();
        assert!(why.contains("/nowhere/fonts"), "{why}");
    }

    #[test]
    fn only_files_of_our_families_are_opened() {
        let is = |name: &str| is_ours(Path::new(name));
        assert!(is("/f/NotoSerifCJK-Regular.ttc") && is("NotoNaskhArabic-Bold.ttf"));
        assert!(!is("NotoSans-Regular.ttf") && !is("NotoSerif.txt") && !is("Comic.ttf"));
    }
}
