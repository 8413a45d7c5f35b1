//! What is asked of `synopsia render`, and what that means for a song.

use super::super::board::BoardOption;
use super::super::controls::SettingParser;
use super::super::ear::EarOption;
use super::super::lane::LaneOption;
use super::super::lyrics::LyricsOption;
use super::super::presets::preset;
use super::super::terminal::Failure;
use super::super::words::{parse_time, spell_time};
use super::arguments::{FrameRange, Size, painters};
use super::names::{default_output, unknown_extension};
use crate::control::{Control, Controls, Preset, PresetPainter, Setting, Snapshot};
use crate::gan::Catalog;
use crate::gpu::Prefer;
use crate::media::song::FORMATS;
use crate::output::{Codec, FilmSpec, Fps};
use std::ops::Range;
use std::path::{Path, PathBuf};

/// Paint a film of a song.
///
/// Synopsia hears the song, estimates its emotion four times a second, and paints pictures that
/// move on its beats. The same song, seed and options give the same film, frame by frame, so a
/// film may be rendered in parts (--frames) and joined.
#[derive(Debug, clap::Args)]
pub struct Options {
    #[arg(help = format!("The song: {FORMATS}; a pipe, or - for standard input"))]
    pub(super) song: PathBuf,

    /// The film to write [default: the song's name with .mp4, in this folder;
    /// film.png for pictures].
    ///
    /// Its extension chooses how it is encoded: .mp4 H.264, .mov ProRes, .mkv FFV1. With film.png,
    /// frames are film_000000.png and so on, and the sound is film.wav (film_000300.wav for a part
    /// that begins with frame 300).
    #[arg(short, long, value_name = "FILE")]
    pub(super) output: Option<PathBuf>,

    /// Size of the film in pixels.
    #[arg(long, value_name = "WxH", default_value = "1280x720")]
    pub(super) size: Size,

    /// Frames a second: 30, 29.97, 60000/1001.
    #[arg(long, value_name = "N", default_value = "30")]
    pub(super) fps: Fps,

    /// What to paint: another seed is another walk through the same model [default: drawn from the
    /// song, so that each song has a film of its own].
    #[arg(long, value_name = "N")]
    pub(super) seed: Option<u64>,

    /// The look: a preset that `synopsia presets` lists, for example “Rose window”, or a preset's file.
    #[arg(long, value_name = "NAME|FILE", value_parser = preset)]
    pub(super) preset: Option<Preset>,

    /// Where a control stands, beyond the preset: trails=0.6, rotation=45°, palette=ember. May be
    /// given more than once; `synopsia controls` lists them.
    #[arg(long, value_name = "NAME=VALUE", value_parser = SettingParser, hide_possible_values = true)]
    pub(super) set: Vec<Setting>,

    /// What to paint with: a look that `synopsia models` lists, looks of one family in parts, as
    /// ink+flames or ink:3+flames:1, or a model file [default: the preset's painter, or else the first look].
    #[arg(long, value_name = "LOOK|FILE")]
    pub(super) model: Option<String>,

    #[command(flatten)]
    pub(super) hearing: EarOption,

    #[command(flatten)]
    pub(super) lyrics: LyricsOption,

    #[command(flatten)]
    pub(super) board: BoardOption,

    #[command(flatten)]
    pub(super) lane: LaneOption,

    /// Where in the song the film starts: 90, 1:30, 1:02:03.5.
    #[arg(long, value_name = "T", value_parser = parse_time, conflicts_with = "frames")]
    pub(super) from: Option<f64>,

    /// Where in the song the film ends.
    #[arg(long, value_name = "T", value_parser = parse_time, conflicts_with = "frames")]
    pub(super) to: Option<f64>,

    /// Only these frames of the whole film, the last one not included: 0..300.
    #[arg(long, value_name = "A..B")]
    pub(super) frames: Option<FrameRange>,

    /// How to encode: h264 and png need nothing; x264, h265, prores, hap and ffv1 need ffmpeg
    /// [default: by the output's extension].
    #[arg(long, value_name = "C")]
    pub(super) codec: Option<Codec>,

    /// Replace the output if it exists.
    #[arg(long)]
    pub(super) force: bool,

    /// Where to paint: auto takes a graphics card if there is one, else the processor. The parts of
    /// one film should be painted by the same.
    #[arg(long, value_name = "WHERE", default_value = "auto", value_parser = painters())]
    pub(super) painter: Prefer,

    /// Print what each stage cost.
    #[arg(long)]
    pub(super) stats: bool,

    /// Write a hash of every frame's pixels, one a line, to compare films with.
    #[arg(long, value_name = "FILE")]
    pub(super) hashes: Option<PathBuf>,
}

impl Options {
    /// Where the film of `song` goes, and how it is encoded.
    pub(super) fn output(&self, song: Option<&Path>) -> Result<(PathBuf, Codec), Failure> {
        let output = match &self.output {
            Some(output) => output.clone(),
            None => default_output(song, self.codec),
        };
        let codec = match self.codec {
            Some(codec) => codec,
            None => Codec::for_path(&output).ok_or_else(|| unknown_extension(&output))?,
        };
        Ok((output, codec))
    }

    /// The film at `output`, from picture number `first` on.
    pub(super) fn film(&self, output: &Path, codec: Codec, first: u64) -> FilmSpec {
        let Size { width, height } = self.size;
        FilmSpec {
            force: self.force,
            first_picture: first,
            ..FilmSpec::new(output, width, height, self.fps, codec)
        }
    }

    /// The frames of the whole film that are wanted.
    pub(super) fn wanted(&self, song: &Path, duration: Option<f64>) -> Result<Range<u64>, Failure> {
        let failed = |sentence: String| Err(Failure::Failed(sentence));
        let song = song.display();
        if let Some(FrameRange(range)) = &self.frames {
            let start = range.start;
            if duration.is_some_and(|d| self.fps.seconds(start) >= d) {
                return failed(format!("{song} ends before frame {start}"));
            }
            return Ok(range.clone());
        }
        let frame = |seconds: f64| (seconds * self.fps.hz()).round() as u64;
        let from = self.from.unwrap_or(0.0);
        if let Some(to) = self.to {
            let (begin, end) = (spell_moment(from), spell_moment(to));
            if to <= from {
                return failed(format!("--to {end} is not after --from {begin}"));
            }
            if frame(to) <= frame(from) {
                let fps = self.fps;
                return failed(format!(
                    "{begin} to {end} is too short for a frame at {fps} frames a second"
                ));
            }
        }
        if let Some(duration) = duration.filter(|d| from >= *d) {
            let (from, end) = (spell_moment(from), spell_time(duration));
            return failed(format!("{song} ends at {end}, before --from {from}"));
        }
        Ok(frame(from)..self.to.map_or(u64::MAX, frame))
    }
}

/// What a film is painted with: the model that was asked for, or else the preset's painter.
pub(in crate::cli) fn painter(model: Option<&String>, preset: Option<&Preset>) -> String {
    let painter = preset.and_then(|preset| preset.painter.as_ref());
    let painter = || painter.map(PresetPainter::in_parts);
    let named = model.cloned().or_else(painter);
    named.unwrap_or_else(|| Catalog::default_name().to_owned())
}

/// Where the controls stand in a film.
///
/// # Errors
/// When one of `set` is not for films, in a sentence.
pub(in crate::cli) fn controls(
    preset: Option<&Preset>,
    set: &[Setting],
) -> Result<Controls, Failure> {
    let look = preset.map_or_else(Controls::default, |preset| preset.look);
    let mut all = Snapshot::from(look);
    for setting in set {
        let id = setting.control.row().id;
        let instead = match setting.control {
            Control::Model => "choose the model with --model",
            Control::BlendWith | Control::BlendAmount => {
                "blend looks with --model, as ink:3+flames:1"
            }
            Control::Blackout | Control::Freeze | Control::Bypass => "that is for playing live",
            _ => {
                setting.apply(&mut all);
                continue;
            }
        };
        let sentence = format!("{id} cannot be set for a film: {instead}");
        return Err(Failure::Failed(sentence));
    }
    Ok(all.look())
}

/// A moment that was asked for, to the millisecond.
fn spell_moment(seconds: f64) -> String {
    if seconds.fract() == 0.0 {
        return spell_time(seconds);
    }
    let exact = format!("{seconds:.3}");
    match exact.trim_end_matches('0').trim_end_matches('.') {
        "0" => "less than 0.001 s".to_owned(),
        short => format!("{short} s"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A command line of this command alone.
    #[derive(clap::Parser)]
    struct Line {
        #[command(flatten)]
        options: Options,
    }

    #[test]
    fn parts_that_hold_no_frame_are_refused_for_what_is_wrong_with_them() {
        let wanted = |args: &str| {
            let line = format!("render song {args}");
            let line = <Line as clap::Parser>::parse_from(line.split(' '));
            let wanted = line.options.wanted(Path::new("song"), Some(4.0));
            wanted.map_err(|failure| format!("{failure:?}"))
        };
        let refused = |args: &str, words: &str| {
            let said = wanted(args).unwrap_err();
            assert!(said.contains(words), "{args}: {said}");
        };
        refused("--fps 0.1 --to 1", "too short for a frame");
        refused("--from 1.2 --to 1.21", "1.2 s to 1.21 s is too short");
        refused(
            "--from 1.4 --to 1.2",
            "--to 1.2 s is not after --from 1.4 s",
        );
        refused("--to 0", "--to 0:00 is not after --from 0:00");
        refused("--to 1e-300", "0:00 to less than 0.001 s is too short");
        refused("--from 1e300", "before --from 10000 hours and more");
        refused("--from 9", "ends at 0:04, before --from 0:09");
        assert_eq!(wanted("--fps 0.1 --to 6"), Ok(0..1));
        assert_eq!(wanted("--from 1 --to 2"), Ok(30..60));
    }
}
