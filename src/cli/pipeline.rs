//! A film of a song: what was heard is composed, painted, rendered and encoded.
//!
//! One thread composes and paints, one renders, one encodes
//! ([`Stages::overlap`]).

use super::hear::Heard;
use super::progress::Progress;
use super::terminal::Failure;
use super::timeline::SongTimeline;
use crate::frame::{Halt, Rendered, StageTimes, Stages};
use crate::output::{Film, FilmSummary, Fps};
use crate::render::memory_frames;
use crate::show::{Board, Controls, Libretto, MoodLane, Scene};
use std::ops::Range;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

/// What became of a film.
pub struct Made {
    pub summary: FilmSummary,
    /// A hash of each frame, where they were asked for.
    pub hashes: Vec<String>,
}

/// What the threads share.
pub struct Pipeline {
    pub seed: u64,
    pub controls: Controls,
    /// What is sung.
    pub libretto: Arc<Libretto>,
    pub board: Arc<Board>,
    /// The mood as it is drawn.
    pub lane: Arc<MoodLane>,
    pub fps: Fps,
    /// The frames of the whole film that are wanted.
    pub wanted: Range<u64>,
    /// Whether to hash every frame.
    pub hashes: bool,
    pub work: StageTimes,
    /// Nanoseconds that encoding took.
    pub encoding: AtomicU64,
    /// Set when someone wants to stop early.
    pub interrupted: Arc<AtomicBool>,
    pub progress: Progress,
}

impl Pipeline {
    /// Paints, renders and encodes until the song or the wanted range ends, or someone interrupts.
    ///
    /// # Errors
    /// When a stage fails. Where that is not the film itself, nothing is put at the film's place.
    pub fn run(&self, song: &Heard, stages: Stages<'_>, film: Film) -> Result<Made, Failure> {
        let mut timeline = SongTimeline::new(self.seed, song, self.controls);
        timeline.sing(Arc::clone(&self.libretto));
        timeline.hang(Arc::clone(&self.board));
        timeline.draw(Arc::clone(&self.lane));
        let warm_up = memory_frames(&self.controls, self.fps.hz() as f32) as u64;
        let mut frames = self.wanted.start.saturating_sub(warm_up)..self.wanted.end;
        let dt = self.fps.seconds(1) as f32;
        let compose = || Ok(self.compose(&mut timeline, frames.next()));
        let encode = |rendered: &Rendered<'_, bool>| self.encode(film, rendered);
        let (made, painted) = stages.overlap(dt, &self.work, compose, encode);
        let made = made.map_err(Failure::from)??;
        painted?;
        made.ok_or_else(|| thread_failed("film"))
    }

    /// The scene of frame `n`, and whether it belongs to the film or only warms up the trails; none
    /// at the film's end.
    fn compose(&self, timeline: &mut SongTimeline<'_>, n: Option<u64>) -> Option<(Scene, bool)> {
        let interrupted = self.interrupted.load(Ordering::Relaxed);
        let n = n.filter(|_| !interrupted)?;
        let seconds = self.fps.seconds(n);
        let goes_on = timeline.hear_up_to(seconds);
        goes_on.then(|| (timeline.scene(seconds), n >= self.wanted.start))
    }

    /// Encodes what is `rendered`; no film where that broke off.
    fn encode(
        &self,
        mut film: Film,
        rendered: &Rendered<'_, bool>,
    ) -> Result<Option<Made>, Failure> {
        let mut frames = 0;
        let mut hashes = Vec::new();
        let mut cut_short = false;
        let mut failed = None;
        let is_whole = rendered.each(|picture, &shown| {
            if !shown {
                return true;
            }
            // A film that cannot go on says why when it is finished.
            let taken = StageTimes::clocked(&self.encoding, || film.picture(picture));
            cut_short = taken.is_err();
            if cut_short {
                return false;
            }
            if self.hashes {
                match picture.pixels() {
                    Ok(pixels) => hashes.push(format!("{:016x}", fnv(FNV, &pixels.rgba))),
                    Err(lost) => {
                        failed = Some(lost);
                        return false;
                    }
                }
            }
            frames += 1;
            self.progress.set(frames);
            true
        });
        if let Some(lost) = failed {
            return Err(lost.into());
        }
        if !cut_short && !is_whole {
            return Ok(None);
        }
        if frames == 0 && self.interrupted.load(Ordering::Relaxed) {
            return Err(too_early());
        }
        let summary = StageTimes::clocked(&self.encoding, || film.finish())?;
        Ok(Some(Made { summary, hashes }))
    }
}

impl From<Halt<Self>> for Failure {
    fn from(halt: Halt<Self>) -> Self {
        match halt {
            Halt::Composing(failure) => failure,
            Halt::Painting(error) => error.into(),
            Halt::Rendering(error) => error.into(),
            Halt::Panicked(part) => thread_failed(part),
        }
    }
}

/// Somebody interrupts before there is a film.
pub fn too_early() -> Failure {
    Failure::Interrupted("interrupted before the first picture, so there is no film".into())
}

fn thread_failed(name: &str) -> Failure {
    Failure::Failed(format!("the {name} failed unexpectedly; there is no film"))
}

/// The hash of nothing.
pub const FNV: u64 = 0xCBF2_9CE4_8422_2325;

/// FNV-1a over eight-byte words, folded, that goes on from `hash`: blocks of whole words hash to the
/// same as all of them at once.
pub fn fnv(mut hash: u64, bytes: &[u8]) -> u64 {
    for chunk in bytes.chunks(8) {
        let mut word = [0; 8];
        word[..chunk.len()].copy_from_slice(chunk);
        hash = (hash ^ u64::from_le_bytes(word)).wrapping_mul(0x0000_0100_0000_01B3);
        hash ^= hash >> 32;
    }
    hash
}

#[cfg(test)]
mod tests {
    use super::super::hear::{Beats, Hearing};
    use super::*;
    use crate::emotion::Ear;
    use crate::gan::{Generator, Image, Latent, SampleError};
    use crate::output::{Codec, FilmSpec};
    use crate::render::{Limiter, Picture, RenderError, Renderer};
    use std::path::{Path, PathBuf};

    struct Grey;

    impl Generator for Grey {
        fn side(&self) -> usize {
            4
        }

        fn sample(&mut self, _: &Latent, image: &mut Image) -> Result<(), SampleError> {
            *image = Image::new(4, vec![0.5; 48]);
            Ok(())
        }
    }

    /// Renders some pictures and then loses its device, or panics.
    struct Failing {
        left: u32,
        panics: bool,
    }

    impl Renderer for Failing {
        fn render(
            &mut self,
            _: &Scene,
            _: &Image,
            _: f32,
            picture: &mut Picture,
        ) -> Result<(), RenderError> {
            if self.left == 0 {
                assert!(!self.panics, "a renderer's fault");
                return Err(RenderError::Lost("unplugged".into()));
            }
            self.left -= 1;
            picture.pixels_mut([32, 32]).rgba.fill(128);
            Ok(())
        }

        fn reset(&mut self) {}
    }

    fn run(film: &Path, left: u32, panics: bool) -> Result<Made, Failure> {
        let song = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/media/tone.flac");
        let hearing = Hearing::of(&song, Ear::default(), Beats::Whole).map_err(Failure::Failed)?;
        let song = hearing.whole(&AtomicBool::new(false), |_| ());
        let song = song.map_err(Failure::Failed)?.unwrap();
        let fps: Fps = "20".parse()?;
        let spec = FilmSpec {
            force: true,
            ..FilmSpec::new(film, 32, 32, fps, Codec::H264)
        };
        let pipeline = Pipeline {
            seed: 1,
            controls: Controls::default(),
            libretto: Arc::default(),
            lane: Arc::default(),
            board: Arc::default(),
            fps,
            wanted: 0..20,
            hashes: false,
            work: StageTimes::default(),
            encoding: AtomicU64::default(),
            interrupted: Arc::default(),
            progress: Progress::new(None, true),
        };
        let stages = Stages {
            painter: &mut Grey,
            renderer: &mut Failing { left, panics },
            limiter: &mut Limiter::default(),
            shares: None,
        };
        pipeline.run(&song, stages, Film::create(&spec, None)?)
    }

    #[test]
    fn a_stage_that_fails_publishes_no_film_and_keeps_the_old_one() {
        let folder = tempfile::tempdir().unwrap();
        let film = folder.path().join("film.mp4");
        std::fs::write(&film, "loved").unwrap();
        for panics in [false, true] {
            assert!(run(&film, 7, panics).is_err());
            assert!(
                std::fs::read(&film).unwrap() == b"loved",
                "the old film was replaced"
            );
            assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
        }
        assert!(
            run(&film, u32::MAX, false).is_ok(),
            "the same film without the fault"
        );
        assert!(std::fs::read(&film).unwrap() != b"loved");
    }
}
