//! The threads of a film, and the channels between them.
//!
//! One thread hears ([`Hearing`]), one composes and paints, one renders, one encodes. Channels are
//! short, so memory stays flat however long the song is, and buffers go round.

use super::Failure;
use super::hear::Hearing;
use super::progress::Progress;
use super::stage::SongStage;
use crate::gan::{Generator, Image};
use crate::output::{Film, FilmSummary, Fps};
use crate::render::trails::memory_frames;
use crate::render::{Picture, Renderer};
use crate::show::{Controls, Scene};
use crossbeam_channel::{Receiver, Sender, bounded};
use std::ops::Range;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Instant;

/// Pictures that may wait between two threads.
const PICTURES_AHEAD: usize = 3;

/// Nanoseconds that each stage has worked, added up over frames.
#[derive(Debug, Default)]
pub struct Work {
    pub painting: AtomicU64,
    pub passes: AtomicU64,
    pub encoding: AtomicU64,
}

fn clocked<T>(total: &AtomicU64, work: impl FnOnce() -> T) -> T {
    let started = Instant::now();
    let result = work();
    total.fetch_add(started.elapsed().as_nanos() as u64, Ordering::Relaxed);
    result
}

/// One frame on its way from the painter to the encoder.
struct Frame {
    scene: Scene,
    image: Image,
    picture: Picture,
    /// Whether it belongs to the film, or only warms up the trails.
    shown: bool,
}

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
    pub fps: Fps,
    /// The frames of the whole film that are wanted.
    pub wanted: Range<u64>,
    /// Whether to hash every frame.
    pub hashes: bool,
    pub work: Work,
    /// Set when someone wants to stop early.
    pub interrupted: Arc<AtomicBool>,
    pub progress: Progress,
}

impl Pipeline {
    /// Paints, renders and encodes until the song or the wanted range ends, or someone interrupts.
    ///
    /// # Errors
    /// When a stage fails. Where that is not the film itself, nothing is put at the film's place.
    pub fn run(
        &self,
        hearing: &Hearing,
        generator: &mut dyn Generator,
        mut renderer: Box<dyn Renderer>,
        mut film: Film,
    ) -> Result<Made, Failure> {
        let (to_renderer, painted) = bounded::<Frame>(PICTURES_AHEAD);
        let (to_encoder, rendered) = bounded::<Frame>(PICTURES_AHEAD);
        let (recycle, spare) = bounded::<Frame>(2 * PICTURES_AHEAD + 3);
        // Set by the stages that have done all their work, before they hang up: a channel that
        // closes early must not pass for the end of the film.
        let (all_painted, all_rendered) = (&AtomicBool::new(false), &AtomicBool::new(false));
        std::thread::scope(|scope| {
            let rendering = scope.spawn(move || {
                let dt = self.fps.seconds(1) as f32;
                for mut frame in painted {
                    clocked(&self.work.passes, || {
                        renderer.render(&frame.scene, &frame.image, dt, &mut frame.picture)
                    })?;
                    if to_encoder.send(frame).is_err() {
                        break;
                    }
                }
                all_rendered.store(all_painted.load(Ordering::Acquire), Ordering::Release);
                Ok::<_, Failure>(())
            });
            let encoding = scope.spawn(move || {
                let mut frames = 0;
                let mut hashes = Vec::new();
                let mut cut_short = false;
                for frame in rendered {
                    if frame.shown {
                        // A film that cannot go on says why when it is finished.
                        let taken = clocked(&self.work.encoding, || film.picture(&frame.picture));
                        cut_short = taken.is_err();
                        if cut_short {
                            break;
                        }
                        if self.hashes {
                            let bytes = &frame.picture.pixels()?.rgba;
                            hashes.push(format!("{:016x}", fnv(FNV, bytes)));
                        }
                        frames += 1;
                        self.progress.set(frames);
                    }
                    // The painter may have gone; then nobody needs the buffers.
                    let _ = recycle.try_send(frame);
                }
                if !cut_short && !all_rendered.load(Ordering::Acquire) {
                    return Ok(None);
                }
                if frames == 0 && self.interrupted.load(Ordering::Relaxed) {
                    let sentence = "interrupted before the first picture, so there is no film";
                    return Err(Failure::Interrupted(sentence.into()));
                }
                let summary = clocked(&self.work.encoding, || film.finish())?;
                Ok::<_, Failure>(Some(Made { summary, hashes }))
            });
            let painting = self.paint(hearing, generator, &to_renderer, &spare);
            all_painted.store(painting.is_ok(), Ordering::Release);
            drop(to_renderer);
            let rendering = rendering
                .join()
                .unwrap_or_else(|_| Err(thread_failed("renderer")));
            let encoding = encoding
                .join()
                .unwrap_or_else(|_| Err(thread_failed("encoder")));
            let made = encoding?;
            rendering?;
            painting?;
            made.ok_or_else(|| thread_failed("film"))
        })
    }

    /// Composes and paints frame after frame as the song is heard.
    fn paint(
        &self,
        hearing: &Hearing,
        generator: &mut dyn Generator,
        to_renderer: &Sender<Frame>,
        spare: &Receiver<Frame>,
    ) -> Result<(), Failure> {
        let controls = self.controls;
        let mut stage = SongStage::new(self.seed, hearing);
        let half_life = controls.longest_trail();
        let warm_up = memory_frames(half_life, self.fps.hz() as f32) as u64;
        let first = self.wanted.start.saturating_sub(warm_up);
        for n in first..self.wanted.end {
            let seconds = self.fps.seconds(n);
            let interrupted = self.interrupted.load(Ordering::Relaxed);
            if interrupted || !stage.hear_up_to(seconds, &self.interrupted)? {
                break;
            }
            let scene = stage.scene(seconds, &controls);
            let shown = n >= self.wanted.start;
            let mut frame = match spare.try_recv() {
                Ok(used) => Frame {
                    scene,
                    shown,
                    ..used
                },
                Err(_) => Frame {
                    scene,
                    shown,
                    image: Image::default(),
                    picture: Picture::default(),
                },
            };
            clocked(&self.work.painting, || {
                generator.sample(&frame.scene.latent, &mut frame.image)
            })?;
            if to_renderer.send(frame).is_err() {
                break;
            }
        }
        Ok(())
    }
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
    use super::*;
    use crate::gan::{Latent, SampleError};
    use crate::output::{Codec, FilmSpec};
    use crate::render::RenderError;
    use std::path::{Path, PathBuf};

    struct Grey;

    impl Generator for Grey {
        fn side(&self) -> usize {
            4
        }

        fn sample(&mut self, _: &Latent, image: &mut Image) -> Result<(), SampleError> {
            *image = Image {
                side: 4,
                pixels: vec![0.5; 48],
            };
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
        let hearing = Hearing::of(&song).map_err(Failure::Failed)?;
        let fps: Fps = "20".parse()?;
        let spec = FilmSpec {
            force: true,
            ..FilmSpec::new(film, 32, 32, fps, Codec::H264)
        };
        let pipeline = Pipeline {
            seed: 1,
            controls: Controls::default(),
            fps,
            wanted: 0..20,
            hashes: false,
            work: Work::default(),
            interrupted: Arc::default(),
            progress: Progress::new(None, true),
        };
        let renderer = Box::new(Failing { left, panics });
        pipeline.run(&hearing, &mut Grey, renderer, Film::create(&spec, None)?)
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
