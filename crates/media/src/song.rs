//! Songs: files to samples, block by block.
//!
//! Most containers are read here into packets, Ogg and a few others by `symphonia`. Packets are
//! decoded by `symphonia`, Opus by `ropus`, Vorbis of more than two channels by `lewton`, FLAC of
//! more than 24 bits by `flac-codec`, and what none of them knows by ffmpeg, where it is installed.
//! Memory does not grow with the song, but for an MP4's index. What a file has wrong is repaired and
//! told ([`SongReader::warnings`]): a reader ends early rather than fail in the middle.

mod aac;
mod aiff;
mod caf;
mod chunks;
mod container;
mod decoder;
mod demuxed;
mod error;
mod ffmpeg;
mod flac;
mod foreign;
mod layout;
mod matroska;
mod mp4;
mod mpeg;
mod ogg;
mod opus;
mod pcm;
mod repairs;
mod source;
mod speakers;
mod step;
mod tags;
mod track;
mod vorbis;
mod wave;

use std::borrow::Cow;
use std::ops::RangeInclusive;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};

use symphonia::core::packet::Packet;
use symphonia::core::units::{TimeBase, Timestamp};

use self::container::Opened;
use self::demuxed::{Reader, TOLERATED_SHORTFALL};
pub use self::error::{FORMATS, SongError};
use self::layout::Arrangement;
use self::repairs::{Repairs, Stop};
use self::source::Source;
use synopsia_signal::Layout;

/// The sample rates that Synopsia hears, Hz.
pub const RATES: RangeInclusive<u32> = 8_000..=384_000;

/// A song being read.
pub struct SongReader {
    path: PathBuf,
    source: Source,
    /// What ffmpeg calls the container.
    container: Cow<'static, str>,
    rate: u32,
    channels: usize,
    /// How the source's channels become the song's.
    arrangement: Arrangement,
    /// Frames of the whole song, where the container says; some only estimate.
    length: Option<u64>,
    /// Where the container ends the song, in frames: what follows is the codec's padding.
    end: Option<u64>,
    /// Frames of the last packet that was decoded.
    usual: usize,
    /// Whether packets are compressed, and nobody has looked yet whether most are sound.
    may_be_damaged: bool,
    /// When the next packet should begin: where it begins later, something is missing.
    expected: Option<Timestamp>,
    /// When the first sound began, where packets say so truly.
    first: Option<Timestamp>,
    /// A packet that comes after a hole.
    waiting: Option<Packet>,
    /// Whether a seek lands on whole samples: PCM and FLAC.
    seeks_exactly: bool,
    /// The next frame, counted from the song's first; negative in the encoder's run-up.
    position: i64,
    /// Decoded frames still to drop: the encoder's run-up, or what `skip_to` skips.
    drop: u64,
    /// Decoded, repaired, not handed out yet; interleaved.
    block: Vec<f32>,
    /// Whether the stream has ended.
    ended: bool,
    repairs: Repairs,
}

/// One step of decoding.
enum Step {
    /// There may be a block of sound now.
    Done,
    /// The stream has ended, perhaps early.
    End(Option<Stop>),
}

impl SongReader {
    /// Opens the song at `path` and decodes its first block, so that its rate and channels are
    /// facts and not claims of a header.
    ///
    /// # Errors
    /// When there is nothing there that can be heard; each reason is a [`SongError`].
    pub fn open(path: impl AsRef<Path>) -> Result<Self, SongError> {
        let path = path.as_ref();
        // A panic on a malformed file is the library's bug and not the musician's problem.
        let open = || {
            catch_unwind(AssertUnwindSafe(|| Self::open_stream(path)))
                .unwrap_or_else(|_| Err(SongError::NotAudio(path.to_path_buf())))
        };
        let song = open()?;
        if song.may_be_damaged && open()?.turns_out_as_damage() {
            return Err(SongError::Damaged(path.to_path_buf()));
        }
        Ok(song)
    }

    /// Whether more packets cannot be decoded than can. One that begins well is believed.
    fn turns_out_as_damage(mut self) -> bool {
        let mut sound = Vec::new();
        loop {
            let damaged = self.repairs.outweigh_sound();
            let judged = self.repairs.suffice_to_judge();
            sound.clear();
            if judged || !matches!(self.read(&mut sound), Ok(1..)) {
                return damaged;
            }
        }
    }

    fn open_stream(path: &Path) -> Result<Self, SongError> {
        let Opened {
            stream,
            end,
            reader,
            container,
            run_up,
            damaged,
        } = container::open(path)?;
        let source = Source::new(stream, reader, path)?;
        // Symphonia's decoders trim their run-up themselves.
        let mut run_up = match source.opus() {
            Some(opus) if reader == Reader::Symphonia => opus.pre_skip(),
            _ => run_up,
        };
        let mut song = Self::unread(path, source, container);
        song.end = end;
        song.fill();
        // What a decoder here takes for nonsense from its first packet on, ffmpeg may know: MP2 in
        // mono beyond 192 kbit/s, which the standard forbids and encoders write.
        if song.rate == 0
            && song.repairs.is_all_rubbish()
            && let Some(source) = Source::through_ffmpeg(path, &song.container)
        {
            song = Self::unread(path, source, song.container);
            run_up = 0;
            song.fill();
        }
        song.repairs.left_out = damaged;
        song.fill_beginning();
        if song.rate == 0 {
            return Err(SongError::NoSamples(song.path));
        }
        if !RATES.contains(&song.rate) {
            return Err(SongError::Rate {
                path: song.path,
                rate: song.rate,
            });
        }
        let (track, whole_frames) = (song.source.track(), song.source.holds_whole_frames());
        // Ogg counts the run-up of Opus as part of the song (RFC 7845, section 4).
        let stated = track::length(track, song.rate).map(|all| all.saturating_sub(run_up.into()));
        // A length of nought beside sound is one that was not written down.
        let length = song.end.or(stated).filter(|&length| length > 0);
        song.seeks_exactly =
            whole_frames && run_up == 0 && track.time_base == TimeBase::try_from_recip(song.rate);
        song.length = length;
        song.position = -i64::from(run_up);
        song.drop = run_up.into();
        song.apply_drop();
        // The run-up may be all that there is, and an edit list may begin where the sound has ended.
        while song.block.is_empty() && !song.ended {
            song.fill();
            song.apply_drop();
        }
        if song.block.is_empty() || song.end == Some(0) {
            return Err(SongError::NoSamples(song.path));
        }
        Ok(song)
    }

    /// A song of which nothing was decoded yet.
    fn unread(path: &Path, source: Source, container: Cow<'static, str>) -> Self {
        Self {
            path: path.to_path_buf(),
            may_be_damaged: source.may_be_damaged(),
            source,
            container,
            rate: 0,
            channels: 0,
            arrangement: Arrangement::of(Layout::usual(0)),
            length: None,
            end: None,
            usual: 0,
            expected: None,
            first: None,
            waiting: None,
            seeks_exactly: false,
            position: 0,
            drop: 0,
            block: Vec::new(),
            ended: false,
            repairs: Repairs::default(),
        }
    }

    /// Frames per second, Hz.
    pub fn rate(&self) -> u32 {
        self.rate
    }

    /// Channels, at least one.
    pub fn channels(&self) -> usize {
        self.channels
    }

    /// The loudspeakers that the channels are for, in the order of ffmpeg's channel mask, and WAV's,
    /// where they are known.
    pub fn layout(&self) -> &Layout {
        self.arrangement.layout()
    }

    /// Length in seconds where the container knows it, to the sample. `None` for streams that were
    /// piped to disk, raw AAC, and MP3 without its encoder's header.
    pub fn duration(&self) -> Option<f64> {
        self.length
            .map(|frames| frames as f64 / f64::from(self.rate))
    }

    /// The file being read.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Frames handed out or skipped so far.
    pub fn position(&self) -> u64 {
        self.position.max(0) as u64
    }

    /// Appends one block of interleaved samples to `out` and returns its frames; 0 at the end of
    /// the song. Samples are finite; full scale is 1, and a float file may go beyond it.
    ///
    /// # Errors
    /// None at present: what is damaged is repaired or ends the song, and
    /// [`warnings`](Self::warnings) tells.
    pub fn read(&mut self, out: &mut Vec<f32>) -> Result<usize, SongError> {
        while self.block.is_empty() && !self.ended {
            self.fill();
            self.apply_drop();
        }
        let mut frames = (self.block.len() / self.channels) as u64;
        if let Some(end) = self.end {
            frames = frames.min(end.saturating_sub(self.position()));
        }
        if frames == 0 && !self.block.is_empty() {
            self.block.clear();
            self.ended = true;
        }
        out.extend_from_slice(&self.block[..frames as usize * self.channels]);
        self.block.clear();
        self.position += frames as i64;
        Ok(frames as usize)
    }

    /// Moves to `seconds` from the song's start, to the sample. Beyond the end, the song is over.
    ///
    /// # Errors
    /// When going back and the file can no longer be opened.
    pub fn skip_to(&mut self, seconds: f64) -> Result<(), SongError> {
        let target = (seconds.max(0.0) * f64::from(self.rate)).round() as i64;
        if target < self.position {
            *self = Self::open(&self.path)?;
        }
        if self.seeks_exactly && target.saturating_sub(self.position) > i64::from(self.rate) {
            self.seek(target);
        }
        // The position lies before whatever is still to be dropped, the run-up too.
        self.drop = target.saturating_sub(self.position).max(0) as u64;
        self.apply_drop();
        while self.drop > 0 && !self.ended {
            self.fill();
            self.apply_drop();
        }
        Ok(())
    }

    /// One sentence for each thing that was repaired so far; complete once the song has ended.
    pub fn warnings(&self) -> Vec<String> {
        self.repairs.warnings(&self.path, self.rate)
    }

    /// Drops what is to be dropped of the decoded frames.
    fn apply_drop(&mut self) {
        let frames = (self.block.len() / self.channels.max(1)) as u64;
        let now = self.drop.min(frames);
        self.block.drain(..now as usize * self.channels);
        self.drop -= now;
        self.position += now as i64;
    }

    /// Seeks to a packet at or before `target`, a frame; stays where it is if that fails.
    fn seek(&mut self, target: i64) {
        let source = &mut self.source;
        match catch_unwind(AssertUnwindSafe(|| source.seek(target))) {
            Ok(Ok(at)) => {
                self.block.clear();
                (self.expected, self.waiting) = (None, None);
                self.drop = 0;
                self.position = at;
            }
            // Beyond the end: decoding on finds out.
            Ok(Err(_)) => {}
            Err(_) => self.stop(Stop::Damaged),
        }
    }

    /// Decodes until there is a block or the song has ended.
    fn fill(&mut self) {
        while self.block.is_empty() && !self.ended {
            match catch_unwind(AssertUnwindSafe(|| self.step())) {
                Ok(Step::Done) => {}
                Ok(Step::End(None)) => {
                    self.ended = true;
                    let short = self
                        .length
                        .is_some_and(|length| self.position() + TOLERATED_SHORTFALL < length);
                    // Where the container is read here, its reader knows what is missing.
                    if short && self.source.reader() == Reader::Symphonia {
                        self.stop(Stop::Truncated);
                    }
                }
                Ok(Step::End(Some(stop))) => self.stop(stop),
                Err(_) => {
                    self.block.clear();
                    self.stop(Stop::Damaged);
                }
            }
        }
    }

    fn stop(&mut self, why: Stop) {
        self.ended = true;
        self.repairs.stop(self.position(), why);
    }
}
