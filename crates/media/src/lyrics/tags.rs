//! Lyrics inside songs: ID3's USLT and SYLT, Vorbis comments, MP4's `©lyr`, and whatever else of the
//! kind `symphonia` finds in a container's tags.

use std::fs::File;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

use symphonia::core::formats::FormatOptions;
use symphonia::core::formats::probe::Hint;
use symphonia::core::io::MediaSourceStream;
use symphonia::core::meta::{MetadataOptions, RawValue, StandardTag, Tag};

use super::sheet::Sheet;
use super::sylt::{self, Sylt};

/// What a song's tags hold of lyrics.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct InTags {
    /// The best of them: those with times before those without.
    pub sheet: Option<Sheet>,
    /// What was found there and cannot be used, a sentence each.
    pub warnings: Vec<String>,
}

/// Tags in which lyrics stand that `symphonia` does not know for lyrics.
const KEYS: [&str; 4] = [
    "SYNCEDLYRICS",
    "SYNCHRONIZEDLYRICS",
    "LYRICS",
    "UNSYNCEDLYRICS",
];

/// The lyrics in the tags of the song at `path`. A file that cannot be read has none: whoever reads its
/// sound says why.
pub fn inside(path: &Path) -> InTags {
    // A panic on a malformed file is the library's bug and not the musician's problem.
    catch_unwind(AssertUnwindSafe(|| of_tags(&tags(path)))).unwrap_or_default()
}

fn tags(path: &Path) -> Vec<Tag> {
    let Ok(file) = File::open(path) else {
        return Vec::new();
    };
    let probed = symphonia::default::get_probe().probe(
        &Hint::new(),
        MediaSourceStream::new(Box::new(file), Default::default()),
        FormatOptions::default(),
        MetadataOptions::default(),
    );
    let Ok(mut format) = probed else {
        return Vec::new();
    };
    let mut tags = Vec::new();
    let mut metadata = format.metadata();
    loop {
        if let Some(revision) = metadata.current() {
            tags.extend(revision.media.tags.iter().cloned());
            let tracks = revision.per_track.iter();
            tags.extend(tracks.flat_map(|track| track.metadata.tags.iter().cloned()));
        }
        if metadata.pop().is_none() {
            return tags;
        }
    }
}

fn of_tags(tags: &[Tag]) -> InTags {
    let mut found: Option<Sheet> = None;
    let mut in_frames = false;
    for tag in tags {
        let sheet = match (&tag.std, &tag.raw.value) {
            (Some(StandardTag::Lyrics(text)), _) => Sheet::of_text(text),
            (_, RawValue::Binary(body)) if tag.raw.key == "SYLT" => match sylt::parse(body) {
                Sylt::Sheet(sheet) => sheet,
                Sylt::InFrames => {
                    in_frames = true;
                    continue;
                }
                Sylt::Other => continue,
            },
            (_, RawValue::String(text)) if is_lyrics(&tag.raw.key) => Sheet::of_text(text),
            _ => continue,
        };
        let better = |best: &Sheet| sheet.is_timed() && !best.is_timed();
        if !sheet.is_empty() && found.as_ref().is_none_or(better) {
            found = Some(sheet);
        }
    }
    let mut warnings = Vec::new();
    if in_frames && found.as_ref().is_none_or(|sheet| !sheet.is_timed()) {
        warnings.push(
            "the song's tags hold lyrics whose times count MPEG frames, which Synopsia does not read".into(),
        );
    }
    InTags {
        sheet: found,
        warnings,
    }
}

fn is_lyrics(key: &str) -> bool {
    let name = key.rsplit(':').next().unwrap_or(key);
    KEYS.iter().any(|known| name.eq_ignore_ascii_case(known))
}
