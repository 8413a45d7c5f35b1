//! Text becomes a sheet, by what its content says it is.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use super::error::LyricsError;
use super::sheet::{Content, Sheet, append};
use super::{cues, encoding, lrc};

/// So much of a file is read, bytes: a song of a hundred minutes has a fiftieth of it.
const MOST: usize = 2 << 20;

/// Reads the lyrics at `path`, whatever their kind. What lies beyond two megabytes is left out, and told.
///
/// # Errors
/// When there are none: no file, no text, not a word.
pub fn read(path: &Path) -> Result<Sheet, LyricsError> {
    let io = |e| LyricsError::io(path, e);
    if path.is_dir() {
        return Err(LyricsError::Folder(path.to_path_buf()));
    }
    let mut bytes = Vec::new();
    let file = File::open(path).map_err(io)?;
    file.take(MOST as u64 + 1)
        .read_to_end(&mut bytes)
        .map_err(io)?;
    match Sheet::of(&bytes) {
        None => Err(LyricsError::NotText(path.to_path_buf())),
        Some(sheet) if sheet.is_empty() => Err(LyricsError::Empty(path.to_path_buf())),
        Some(sheet) => Ok(sheet),
    }
}

impl Sheet {
    /// The lyrics that these bytes are; `None` where they are no text.
    pub fn of(bytes: &[u8]) -> Option<Self> {
        let (text, damaged) = encoding::text(bytes)?;
        let mut sheet = Self::of_text(&text);
        if damaged && bytes.len() <= MOST {
            sheet.warn("some characters of the lyrics are damaged, and shown as �".into());
        }
        Some(sheet)
    }

    /// The lyrics that this text is, as far as two megabytes go.
    pub fn of_text(text: &str) -> Self {
        let mut text_read = &text[..text.floor_char_boundary(MOST)];
        if text_read.len() < text.len() {
            // Half a line has half a time.
            let whole = text_read.rfind('\n').map_or(text_read.len(), |end| end + 1);
            text_read = &text_read[..whole];
        }
        let mut sheet = Self::of_whole(text_read);
        if text_read.len() < text.len() {
            let most = MOST >> 20;
            sheet.warn(format!(
                "the lyrics are longer than {most} MB: what lies beyond is left out"
            ));
        }
        sheet
    }

    fn of_whole(text: &str) -> Self {
        if let Some(sheet) = cues::parse(text) {
            return sheet;
        }
        lrc::parse(text).unwrap_or_else(|| Self::plain(text))
    }

    /// Text without times. Headings in brackets are not sung.
    fn plain(text: &str) -> Self {
        let mut paragraphs = vec![Vec::new()];
        for line in text.lines() {
            let mut sung = String::new();
            append(&mut sung, line);
            let sung = sung.trim_end();
            let heading = sung.starts_with('[') && sung.ends_with(']');
            match paragraphs.last_mut() {
                Some(last) if !sung.is_empty() && !heading => last.push(sung.to_owned()),
                Some(last) if !last.is_empty() => paragraphs.push(Vec::new()),
                _ => {}
            }
        }
        paragraphs.retain(|lines| !lines.is_empty());
        Self {
            content: Content::Plain(paragraphs),
            ..Self::default()
        }
    }
}
