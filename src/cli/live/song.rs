//! A song on its way to a sound card.

use crate::media::song::SongReader;
use crate::signal::{Resampler, StereoDownmix};
use rtrb::{Consumer, Producer, RingBuffer};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use synopsia_signal::FixedSync;

/// Seconds of the song that are decoded ahead.
const AHEAD_SECONDS: f64 = 1.0;

/// Frames that are resampled at once, about.
const CHUNK: usize = 1024;

/// A frame of a song.
#[derive(Clone, Copy, Debug, Default)]
pub struct Played {
    /// Left and right.
    pub sound: [f32; 2],
    /// Frames since the song's beginning, at the sound card's rate; none of silence that stands for what is late.
    pub at: Option<u64>,
}

impl Played {
    /// Seconds since the song's beginning, at so many frames a second.
    pub fn seconds(&self, rate: u32) -> Option<f64> {
        self.at.map(|at| at as f64 / f64::from(rate))
    }
}

/// The decoder's end of a song that plays: a thread fills the ring, the sound card empties it.
pub struct Player {
    /// What is to be played.
    pub frames: Consumer<Played>,
    stop: Arc<AtomicBool>,
    thread: Option<std::thread::JoinHandle<()>>,
}

impl Player {
    /// Starts to decode the song at `path` for a sound card at `rate` Hz. What goes wrong later is
    /// given to `report`.
    ///
    /// # Errors
    /// When the song cannot be read, in one sentence.
    pub fn start(
        path: &Path,
        rate: u32,
        looped: bool,
        report: impl Fn(String) + Send + 'static,
    ) -> Result<Self, String> {
        let song = SongReader::open(path).map_err(|e| e.to_string())?;
        let (ring, frames) = RingBuffer::new((AHEAD_SECONDS * f64::from(rate)) as usize);
        let stop = Arc::new(AtomicBool::new(false));
        let mut feed = Feed {
            path: path.to_path_buf(),
            rate,
            ring,
            at: 0,
            stop: Arc::clone(&stop),
        };
        let thread = std::thread::Builder::new()
            .name("synopsia-song".into())
            .spawn(move || {
                if let Err(problem) = feed.play(song, looped) {
                    report(problem);
                }
            })
            .map_err(|e| format!("no thread could be started to play the song: {e}"))?;
        Ok(Self {
            frames,
            stop,
            thread: Some(thread),
        })
    }
}

impl Drop for Player {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
        if let Some(thread) = self.thread.take() {
            // What it had to say it has reported.
            let _ = thread.join();
        }
    }
}

struct Feed {
    path: PathBuf,
    rate: u32,
    ring: Producer<Played>,
    /// Frames of the song that were handed on.
    at: u64,
    stop: Arc<AtomicBool>,
}

impl Feed {
    fn play(&mut self, mut song: SongReader, looped: bool) -> Result<(), String> {
        loop {
            self.play_once(song)?;
            if !looped || self.stop.load(Ordering::Relaxed) {
                return Ok(());
            }
            song = SongReader::open(&self.path).map_err(|e| e.to_string())?;
        }
    }

    fn play_once(&mut self, mut song: SongReader) -> Result<(), String> {
        self.at = 0;
        let downmix = StereoDownmix::new(song.layout());
        let mut resampler = match song.rate() {
            rate if rate == self.rate => None,
            rate => {
                let resampler = Resampler::new(rate, self.rate, 2, CHUNK, FixedSync::Input);
                Some(resampler.map_err(|e| e.to_string())?)
            }
        };
        let (mut samples, mut stereo) = (Vec::new(), Vec::new());
        loop {
            samples.clear();
            stereo.clear();
            let count = song.read(&mut samples).map_err(|e| e.to_string())?;
            downmix.mix_interleaved(&samples, &mut stereo);
            let ends = count == 0;
            match &mut resampler {
                None => self.push(&stereo),
                Some(resampler) => {
                    let mut resampled = resampler.push(&stereo, |made| self.push(made));
                    if ends && resampled.is_ok() {
                        resampled = resampler.flush(|made| self.push(made));
                    }
                    resampled.map_err(|e| e.to_string())?;
                }
            }
            if ends || self.stop.load(Ordering::Relaxed) {
                return Ok(());
            }
        }
    }

    /// Waits for room and hands on.
    fn push(&mut self, stereo: &[f32]) {
        for frame in stereo.chunks_exact(2) {
            let played = Played {
                sound: [frame[0], frame[1]],
                at: Some(self.at),
            };
            self.at += 1;
            while self.ring.push(played).is_err() {
                if self.stop.load(Ordering::Relaxed) {
                    return;
                }
                std::thread::sleep(Duration::from_millis(5));
            }
        }
    }
}
