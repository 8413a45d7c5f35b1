//! The lyrics that a command goes by: a file that is named, one beside the song, or the song's own tags.

use super::input::Input;
use super::terminal::Failure;
use super::words::spell_time;
use crate::media::lyrics::{self, Lyrics, Sheet, Song, Timing};
use crate::show::Libretto;
use std::path::{Path, PathBuf};

/// Which lyrics.
#[derive(Clone, Debug, clap::Args)]
pub(super) struct LyricsOption {
    /// What is sung: LRC (with times of words, too), SRT, WebVTT, or plain text, which is spread over the song by
    /// guess [default: song.lrc, song.srt or song.vtt beside the song, else what its tags hold].
    #[arg(long, value_name = "FILE", conflicts_with = "no_lyrics")]
    pub(super) lyrics: Option<PathBuf>,

    /// Look for no lyrics.
    #[arg(long)]
    no_lyrics: bool,
}

/// Lyrics that were found.
pub(super) struct Found {
    sheet: Sheet,
    /// In which file, where it is not the song's own.
    path: Option<PathBuf>,
}

/// What looking for lyrics came to.
#[derive(Default)]
pub(super) struct Search {
    pub(super) found: Option<Found>,
    /// What was there and cannot be used, a sentence each.
    pub(super) warnings: Vec<String>,
}

impl LyricsOption {
    /// Looks for the lyrics of `song`.
    ///
    /// # Errors
    /// When those that were named cannot be read. Others that cannot be are told of, and done without.
    pub(super) fn find(&self, song: &Input) -> Result<Search, Failure> {
        let mut search = Search::default();
        if self.no_lyrics {
            return Ok(search);
        }
        if let Some(path) = &self.lyrics {
            search.found = Some(read(path)?);
            return Ok(search);
        }
        if let Some(path) = song.name().and_then(lyrics::beside) {
            match read(&path) {
                Ok(found) => search.found = Some(found),
                Err(error) => search.warnings.push(error.to_string()),
            }
        }
        if search.found.is_none() {
            let tags = lyrics::inside(song.path());
            search.warnings.extend(tags.warnings);
            search.found = tags.sheet.map(|sheet| Found { sheet, path: None });
        }
        Ok(search)
    }
}

fn read(path: &Path) -> Result<Found, lyrics::LyricsError> {
    Ok(Found {
        sheet: lyrics::read(path)?,
        path: Some(path.to_path_buf()),
    })
}

impl Search {
    /// What is sung in a song, and what is to be said of that, a sentence each.
    pub(super) fn libretto(&self, song: &Song) -> (Libretto, Vec<String>) {
        let mut said = self.warnings.clone();
        let Some(found) = &self.found else {
            return (Libretto::default(), said);
        };
        let lyrics = found.fit(song);
        let libretto = Libretto::new(&lyrics);
        said.push(found.describe(&lyrics));
        said.extend(lyrics.warnings);
        (libretto, said)
    }

    /// The file that is read.
    pub(super) fn path(&self) -> Option<&Path> {
        self.found.as_ref()?.path.as_deref()
    }
}

impl Found {
    /// Where they were found.
    pub(super) fn origin(&self) -> String {
        let path = self.path.as_ref();
        path.map_or_else(
            || "the song's tags".into(),
            |path| path.display().to_string(),
        )
    }

    /// The lyrics of a song that is so long and may be sung there.
    pub(super) fn fit(&self, song: &Song) -> Lyrics {
        self.sheet.fit(song)
    }

    /// What was found, in a sentence.
    pub(super) fn describe(&self, lyrics: &Lyrics) -> String {
        let origin = self.origin();
        let lines = match lyrics.lines.len() {
            1 => "one line".to_owned(),
            count => format!("{count} lines"),
        };
        let words = lyrics.lines.iter().any(|line| !line.words.is_empty());
        match (lyrics.timing, words) {
            (Timing::Guessed, _) => {
                format!(
                    "lyrics: {lines} from {origin}, without times: where they are sung is a guess"
                )
            }
            (Timing::Given, true) => {
                format!("lyrics: {lines} from {origin}, with the times of words")
            }
            (Timing::Given, false) => format!("lyrics: {lines} from {origin}"),
        }
    }
}

/// A moment of a song to a tenth of a second, as `1:02.5`.
pub(super) fn spell_moment(seconds: f64) -> String {
    let tenths = (seconds * 10.0).round() / 10.0;
    let tenth = (tenths * 10.0).round() as u64 % 10;
    format!("{}.{tenth}", spell_time(tenths.floor()))
}
