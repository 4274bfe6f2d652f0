//! A picture for the letter: a logo or a signature. Told by its content and not by its name; what does not draw
//! (descriptions, places, programs) is left out, so that nothing hidden goes out with a letter.

use std::sync::Arc;

use crate::plain::grouped;
use crate::worded;

/// The most bytes of a picture, as it was saved.
pub const MOST_BYTES: usize = 200_000;
/// The longest side in pixels; 2,000 are 17 cm in the finest print.
pub const LONGEST_SIDE: u32 = 2_000;
/// The shortest side in pixels.
const SHORTEST_SIDE: u32 = 16;

worded! {
    /// How a picture is kept, as the typesetter calls it.
    pub enum Format {
        /// Portable Network Graphics.
        Png = "png",
        /// JPEG.
        Jpeg = "jpg",
    }
}

impl Format {
    /// Its media type.
    pub const fn media_type(self) -> &'static str {
        match self {
            Self::Png => "image/png",
            Self::Jpeg => "image/jpeg",
        }
    }
}

/// A picture that a letter can show.
#[derive(Clone, PartialEq, Eq)]
pub struct Picture {
    /// How it is kept.
    pub format: Format,
    /// Its bytes, without anything that does not draw.
    pub bytes: Arc<[u8]>,
    /// Its width in pixels.
    pub width: u32,
    /// Its height in pixels.
    pub height: u32,
}

impl std::fmt::Debug for Picture {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Picture({}, {} by {}, {} bytes)", self.format, self.width, self.height, self.bytes.len())
    }
}

impl Picture {
    /// Reads a file of `size` bytes, of which `bytes` are the first.
    ///
    /// # Errors
    /// What is wrong with it, and what to do about it.
    pub fn read(bytes: &[u8], size: usize) -> Result<Self, String> {
        if size > MOST_BYTES {
            return Err(format!(
                "This file has {} kB, and {} kB is the most. Save it smaller: 800 pixels across are enough.",
                grouped(size.div_ceil(1_000)),
                MOST_BYTES / 1_000
            ));
        }
        let cut_off = "This picture is broken or cut off. Save it again, as PNG.";
        let (format, kept) = if bytes.starts_with(PNG) {
            (Format::Png, png(bytes))
        } else if bytes.starts_with(&[0xff, 0xd8, 0xff]) {
            (Format::Jpeg, jpeg(bytes)?)
        } else if looks_like_svg(bytes) {
            let why = "This is an SVG, which can carry programs, so it is not taken. Save it as PNG.";
            return Err(why.to_owned());
        } else {
            return Err("This is neither a PNG nor a JPEG. Save the picture as PNG.".to_owned());
        };
        let Kept { bytes, width, height } = kept.ok_or_else(|| cut_off.to_owned())?;
        let (short, long) = (width.min(height), width.max(height));
        if short < SHORTEST_SIDE || long > LONGEST_SIDE {
            return Err(format!(
                "This picture has {} by {} pixels. Each side may have {SHORTEST_SIDE} to {}.",
                grouped(width as usize),
                grouped(height as usize),
                grouped(LONGEST_SIDE as usize)
            ));
        }
        Ok(Self { format, bytes: bytes.into(), width, height })
    }

    /// The height in millimetres at which it is at most `width` by `height` millimetres.
    pub fn height_within(&self, width: f64, height: f64) -> f64 {
        height.min(width * f64::from(self.height) / f64::from(self.width))
    }
}

/// What is kept of a file.
struct Kept {
    bytes: Vec<u8>,
    width: u32,
    height: u32,
}

const PNG: &[u8] = b"\x89PNG\r\n\x1a\n";

/// A PNG with nothing but the chunks that draw it (PNG third edition, 5.6); `None` when it is broken.
fn png(file: &[u8]) -> Option<Kept> {
    let mut rest = file.strip_prefix(PNG)?;
    let mut kept = PNG.to_vec();
    let mut size = None;
    while let Some((length, _)) = rest.split_first_chunk::<4>() {
        let whole = 12_usize.checked_add(u32::from_be_bytes(*length) as usize)?;
        let (chunk, after) = rest.split_at_checked(whole)?;
        let kind = chunk.get(4..8)?;
        if kind == b"IHDR" {
            let (width, height) = (chunk.get(8..12)?, chunk.get(12..16)?);
            size = Some((u32::from_be_bytes(width.try_into().ok()?), u32::from_be_bytes(height.try_into().ok()?)));
        }
        // The header comes first.
        let (width, height) = size?;
        if matches!(kind, b"IHDR" | b"PLTE" | b"tRNS" | b"IDAT" | b"IEND") {
            kept.extend_from_slice(chunk);
        }
        if kind == b"IEND" {
            return Some(Kept { bytes: kept, width, height });
        }
        rest = after;
    }
    None
}

/// A JPEG with nothing but the segments that draw it (ITU-T T.81, annex B); `None` when it is broken.
fn jpeg(file: &[u8]) -> Result<Option<Kept>, String> {
    let mut kept = vec![0xff, 0xd8];
    let mut rest = file.get(2..).unwrap_or_default();
    let mut size = None;
    while let Some(([0xff, marker], after)) = rest.split_first_chunk::<2>() {
        // Between its parts there may be any number of fill bytes.
        if *marker == 0xff {
            rest = rest.get(1..).unwrap_or_default();
            continue;
        }
        if *marker == 0xd9 {
            kept.extend_from_slice(&[0xff, 0xd9]);
            return Ok(size.map(|(width, height)| Kept { bytes: kept, width, height }));
        }
        let Some((length, _)) = after.split_first_chunk::<2>() else { return Ok(None) };
        let Some((segment, after)) = rest.split_at_checked(2 + usize::from(u16::from_be_bytes(*length))) else {
            return Ok(None);
        };
        let mut drawn: &[u8] = &[];
        match marker {
            0xc0..=0xc2 => match segment.get(4..10) {
                Some([8, h1, h2, w1, w2, 1 | 3]) => {
                    size = Some((u16::from_be_bytes([*w1, *w2]).into(), u16::from_be_bytes([*h1, *h2]).into()));
                }
                _ => return Err("This JPEG is made for a printing press (CMYK). Save it as PNG.".to_owned()),
            },
            0xc3 | 0xc5..=0xc7 | 0xc9..=0xcb | 0xcd..=0xcf => {
                return Err("This is a rare kind of JPEG. Save the picture as PNG.".to_owned());
            }
            0xda => drawn = after.get(..scan(after)).unwrap_or_default(),
            _ => {}
        }
        // Of what applications add, only how colours are meant is kept: JFIF and Adobe.
        if !matches!(marker, 0xe1..=0xed | 0xef | 0xfe) {
            kept.extend_from_slice(segment);
            kept.extend_from_slice(drawn);
        }
        rest = after.get(drawn.len()..).unwrap_or_default();
    }
    Ok(None)
}

/// How long the drawing at the beginning of `data` is: up to the next marker that is no restart and no stuffed byte.
fn scan(data: &[u8]) -> usize {
    let is_end = |pair: &[u8]| matches!(pair, [0xff, next] if !matches!(next, 0x00 | 0xd0..=0xd7 | 0xff));
    data.windows(2).position(is_end).unwrap_or(data.len())
}

fn looks_like_svg(bytes: &[u8]) -> bool {
    let start = String::from_utf8_lossy(bytes.get(..bytes.len().min(1_000)).unwrap_or_default()).to_lowercase();
    start.contains("<svg") || start.trim_start_matches('\u{feff}').trim_start().starts_with("<?xml")
}

/// Small pictures for tests, each with a description inside.
#[cfg(test)]
pub mod sample {
    /// 120 by 40 pixels.
    pub const PNG: &[u8] = include_bytes!("../../../../tests/pictures/logo.png");
    /// The same.
    pub const JPEG: &[u8] = include_bytes!("../../../../tests/pictures/logo.jpg");
    /// The same, drawn in several passes.
    pub const PROGRESSIVE: &[u8] = include_bytes!("../../../../tests/pictures/progressive.jpg");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_png_and_a_jpeg_are_told_by_their_content() {
        let png = Picture::read(sample::PNG, sample::PNG.len()).unwrap();
        assert_eq!((png.format, png.width, png.height), (Format::Png, 120, 40));
        let jpeg = Picture::read(sample::JPEG, sample::JPEG.len()).unwrap();
        assert_eq!((jpeg.format, jpeg.width, jpeg.height), (Format::Jpeg, 120, 40));
    }

    #[test]
    fn what_does_not_draw_is_left_out() {
        for file in [sample::PNG, sample::JPEG, sample::PROGRESSIVE] {
            assert!(String::from_utf8_lossy(file).contains("hidden"), "the sample has a description");
            let picture = Picture::read(file, file.len()).unwrap();
            assert!(!String::from_utf8_lossy(&picture.bytes).contains("hidden"));
            assert!(Picture::read(&picture.bytes, picture.bytes.len()).unwrap() == picture, "and nothing else is");
        }
    }

    #[test]
    fn what_follows_the_picture_in_its_file_is_left_out() {
        for file in [sample::PNG, sample::JPEG] {
            let more = [file, b"<script>alert(1)</script>"].concat();
            assert!(Picture::read(&more, more.len()).unwrap() == Picture::read(file, file.len()).unwrap());
        }
    }

    #[test]
    fn a_picture_that_is_cut_off_anywhere_is_refused_or_drawn_to_there() {
        for file in [sample::PNG, sample::JPEG, sample::PROGRESSIVE] {
            for end in 0..file.len() - 1 {
                assert!(Picture::read(&file[..end], end).is_err(), "{end}");
            }
        }
    }

    #[test]
    fn what_is_no_picture_is_refused_in_words() {
        let huge = {
            let mut bytes = sample::PNG.to_vec();
            bytes[16..20].copy_from_slice(&60_000_u32.to_be_bytes());
            bytes
        };
        let cmyk = {
            let mut bytes = sample::JPEG.to_vec();
            let at = bytes.windows(2).position(|pair| pair == [0xff, 0xc0]).unwrap();
            bytes[at + 9] = 4;
            bytes
        };
        for (bytes, size, says) in [
            (b"<svg xmlns=\"http://www.w3.org/2000/svg\"/>".as_slice(), 41, "SVG"),
            (b"\xef\xbb\xbf<?xml version=\"1.0\"?><svg/>", 30, "SVG"),
            (b"GIF89a", 6, "neither a PNG nor a JPEG"),
            (b"%PDF-1.7", 8, "neither a PNG nor a JPEG"),
            (sample::PNG, 4_100_000, "This file has 4,100 kB, and 200 kB is the most"),
            (&huge, huge.len(), "60,000 by 40 pixels"),
            (&cmyk, cmyk.len(), "CMYK"),
        ] {
            let why = Picture::read(bytes, size).unwrap_err();
            assert!(why.contains(says), "{why}");
        }
    }

    #[test]
    fn a_picture_keeps_its_shape_within_its_place() {
        let picture = Picture::read(sample::PNG, sample::PNG.len()).unwrap();
        assert!((picture.height_within(60.0, 12.0) - 12.0).abs() < 1e-9);
        assert!((picture.height_within(30.0, 12.0) - 10.0).abs() < 1e-9);
    }
}
