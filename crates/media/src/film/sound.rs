//! The sound of a film, as long as the pictures last: a stretch of a song, or what comes in while
//! the film is made.

use crossbeam_channel::Receiver;
use synopsia_signal::FixedSync;

use super::EncodeError;
use crate::song::{SongError, SongReader};
use synopsia_signal::{Layout, Resampler, Speaker, StereoDownmix};

/// What a film's sound is made of.
pub struct Sound {
    source: Source,
    /// Frames left until the stretch ends.
    left: Option<u64>,
    /// Read and not taken yet; interleaved.
    ahead: Vec<f32>,
}

enum Source {
    Song(Box<SongReader>),
    Arriving {
        rate: u32,
        layout: Layout,
        samples: Receiver<Vec<f32>>,
    },
}

impl Sound {
    /// `song` from `from` to `to`, in seconds; without `to`, to its end.
    ///
    /// # Errors
    /// When the song can no longer be opened.
    pub fn new(mut song: SongReader, from: f64, to: Option<f64>) -> Result<Self, SongError> {
        song.skip_to(from)?;
        let rate = f64::from(song.rate());
        let left = to.map(|to| {
            let end = (to * rate).round() as u64;
            end.saturating_sub(song.position())
        });
        Ok(Self {
            source: Source::Song(Box::new(song)),
            left,
            ahead: Vec::new(),
        })
    }

    /// Sound at `rate` Hz that arrives while the film is made: `samples` are interleaved, whole
    /// frames of `channels` channels. What has not arrived when its picture is given is silence, so
    /// the sound has to be `sound_ahead` of the pictures (the film says how much that is).
    pub fn arriving(rate: u32, channels: usize, samples: Receiver<Vec<f32>>) -> Self {
        Self {
            source: Source::Arriving {
                rate,
                layout: Layout::usual(channels),
                samples,
            },
            left: None,
            ahead: Vec::new(),
        }
    }

    /// Frames per second, Hz.
    pub fn rate(&self) -> u32 {
        match &self.source {
            Source::Song(song) => song.rate(),
            Source::Arriving { rate, .. } => *rate,
        }
    }

    /// Channels.
    pub fn channels(&self) -> usize {
        self.layout().count()
    }

    /// The loudspeakers that the channels are for.
    pub fn layout(&self) -> &Layout {
        match &self.source {
            Source::Song(song) => song.layout(),
            Source::Arriving { layout, .. } => layout,
        }
    }

    /// Seconds of sound that are left, if that is known.
    pub fn seconds(&self) -> Option<f64> {
        let rate = f64::from(self.rate());
        let song = match &self.source {
            Source::Song(song) => song
                .duration()
                .map(|all| (all - song.position() as f64 / rate).max(0.0)),
            Source::Arriving { .. } => None,
        };
        let range = self.left.map(|frames| frames as f64 / rate);
        match (song, range) {
            (Some(song), Some(range)) => Some(song.min(range)),
            (song, range) => song.or(range),
        }
    }

    /// What was repaired while reading, one sentence each.
    pub fn warnings(&self) -> Vec<String> {
        match &self.source {
            Source::Song(song) => song.warnings(),
            Source::Arriving { .. } => Vec::new(),
        }
    }

    /// Appends exactly `frames` frames to `out`; silence where the stretch has ended.
    fn take(&mut self, frames: usize, out: &mut Vec<f32>) -> Result<(), SongError> {
        let channels = self.channels();
        let wanted = frames * channels;
        while self.ahead.len() < wanted {
            let old = self.ahead.len();
            let mut read = match &mut self.source {
                Source::Song(song) => song.read(&mut self.ahead)? as u64,
                Source::Arriving { samples, .. } => match samples.try_recv() {
                    Ok(arrived) => {
                        self.ahead.extend(&arrived);
                        if arrived.is_empty() {
                            continue;
                        }
                        (arrived.len() / channels) as u64
                    }
                    Err(_) => 0,
                },
            };
            if let Some(left) = &mut self.left {
                read = read.min(*left);
                *left -= read;
                self.ahead.truncate(old + read as usize * channels);
            }
            if read == 0 {
                self.ahead.resize(wanted, 0.0);
            }
        }
        out.extend(self.ahead.drain(..wanted));
        Ok(())
    }
}

/// What an encoder can take.
#[derive(Clone, Copy, Debug)]
pub struct Accepts {
    /// Sample rates, Hz, ascending; empty for any.
    pub rates: &'static [u32],
    /// The most channels whose loudspeakers it can name; 2 for mono and stereo alone. What has more,
    /// or others, is mixed down to stereo.
    pub channels: usize,
    /// Whether it also takes channels of which nobody knows what they are for.
    pub nameless: bool,
}

/// The loudspeakers that have a name in films: WAV's.
const NAMED: u64 = 0x3_ffff;

impl Accepts {
    /// What becomes of sound for these loudspeakers.
    fn layout_of(&self, sound: &Layout) -> Layout {
        let named = sound.mask().is_some_and(|mask| mask & !NAMED == 0);
        let nameless = sound
            .speakers()
            .iter()
            .all(|speaker| *speaker == Speaker::Unknown);
        let fits = sound.count() <= self.channels && (named || self.nameless && nameless);
        match sound.is_plain() {
            true => Layout::usual(sound.count()),
            false if self.channels > 2 && fits => sound.clone(),
            false => Layout::usual(2),
        }
    }
}

/// Sound in the shape that an encoder takes: resampled and mixed down where it must be.
pub struct Feed {
    sound: Sound,
    layout: Layout,
    /// How the sound comes to that layout; none where it has it.
    downmix: Option<StereoDownmix>,
    resample: Option<Resample>,
    raw: Vec<f32>,
    mixed: Vec<f32>,
    /// Frames handed out.
    given: u64,
}

struct Resample {
    resampler: Resampler,
    rate: u32,
    /// Resampled and not taken yet; interleaved.
    ready: Vec<f32>,
    /// Frames of the filter's delay that are still to be dropped.
    delay: usize,
}

/// Frames that are resampled at once.
const RESAMPLED_AT_ONCE: usize = 1024;

impl Feed {
    /// # Errors
    /// When the song's rate cannot be brought to one that is accepted.
    pub fn new(sound: Sound, accepts: Accepts) -> Result<Self, EncodeError> {
        let rate = sound.rate();
        let layout = accepts.layout_of(sound.layout());
        let kept = sound.layout().is_plain() || *sound.layout() == layout;
        let downmix = (!kept).then(|| StereoDownmix::new(sound.layout()));
        let channels = layout.count();
        let resample = match nearest_rate(rate, accepts.rates) {
            same if same == rate => None,
            other => {
                let (at_once, sync) = (RESAMPLED_AT_ONCE, FixedSync::Input);
                let resampler = Resampler::new(rate, other, channels, at_once, sync)
                    .map_err(|e| EncodeError::Encoder(e.to_string()))?;
                Some(Resample {
                    delay: resampler.delay(),
                    resampler,
                    rate: other,
                    ready: Vec::new(),
                })
            }
        };
        Ok(Self {
            sound,
            layout,
            downmix,
            resample,
            raw: Vec::new(),
            mixed: Vec::new(),
            given: 0,
        })
    }

    /// Hz.
    pub fn rate(&self) -> u32 {
        self.resample
            .as_ref()
            .map_or(self.sound.rate(), |resample| resample.rate)
    }

    pub(super) fn channels(&self) -> usize {
        self.layout.count()
    }

    /// The loudspeakers that the channels are for.
    pub fn layout(&self) -> &Layout {
        &self.layout
    }

    pub(super) fn seconds(&self) -> Option<f64> {
        self.sound.seconds()
    }

    /// Frames of the sound that must be there beyond those that are taken, for the resampler's
    /// delay and the chunks that it takes and gives.
    pub fn ahead(&self) -> u64 {
        self.resample.as_ref().map_or(0, |resample| {
            let delay = resample.resampler.delay() as f64;
            let delay = delay * f64::from(self.sound.rate()) / f64::from(resample.rate);
            4 * (delay.ceil() as u64).max(resample.resampler.chunk() as u64)
        })
    }

    pub fn warnings(&self) -> Vec<String> {
        self.sound.warnings()
    }

    /// Appends interleaved samples to `out` until `total` frames were given since the start.
    ///
    /// # Errors
    /// When the song fails.
    pub fn up_to(&mut self, total: u64, out: &mut Vec<f32>) -> Result<(), EncodeError> {
        let frames = total.saturating_sub(self.given) as usize;
        self.given += frames as u64;
        if self.resample.is_none() {
            self.mix(frames)?;
            out.append(&mut self.mixed);
            return Ok(());
        }
        let wanted = frames * self.channels();
        while self
            .resample
            .as_ref()
            .is_some_and(|r| r.ready.len() < wanted)
        {
            self.resample_more()?;
        }
        if let Some(resample) = &mut self.resample {
            out.extend(resample.ready.drain(..wanted));
        }
        Ok(())
    }

    fn resample_more(&mut self) -> Result<(), EncodeError> {
        let Some(frames) = self.resample.as_ref().map(|r| r.resampler.wanted()) else {
            return Ok(());
        };
        self.mix(frames)?;
        let channels = self.channels();
        if let Some(resample) = &mut self.resample {
            let Resample { ready, delay, .. } = resample;
            let take = |made: &[f32]| {
                let skipped = (*delay).min(made.len() / channels);
                *delay -= skipped;
                ready.extend_from_slice(&made[skipped * channels..]);
            };
            let resampled = resample.resampler.push(&self.mixed, take);
            resampled.map_err(|e| EncodeError::Encoder(e.to_string()))?;
        }
        self.mixed.clear();
        Ok(())
    }

    /// Takes `frames` from the song into `mixed`.
    fn mix(&mut self, frames: usize) -> Result<(), EncodeError> {
        self.raw.clear();
        self.sound.take(frames, &mut self.raw)?;
        self.mixed.clear();
        match &self.downmix {
            None => self.mixed.extend_from_slice(&self.raw),
            Some(downmix) => downmix.mix_interleaved(&self.raw, &mut self.mixed),
        }
        Ok(())
    }
}

/// The accepted rate to resample to: the same one, else one of the same family (multiples of
/// 11025 or of 8000 Hz) so that the ratio is simple, else the highest.
fn nearest_rate(rate: u32, accepted: &[u32]) -> u32 {
    if accepted.is_empty() || accepted.contains(&rate) {
        return rate;
    }
    let family = accepted
        .iter()
        .rev()
        .find(|&&other| rate.is_multiple_of(other) && other >= 32_000);
    family.or(accepted.last()).copied().unwrap_or(rate)
}
