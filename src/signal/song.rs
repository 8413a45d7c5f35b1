//! Songs: files to samples, block by block.
//!
//! Most containers are read here into packets, Ogg and a few others by `symphonia`. Packets are
//! decoded by `symphonia`, Opus by `ropus`, Vorbis of more than two channels by `lewton`, and what
//! none of them knows by ffmpeg, where it is installed. Memory does not grow with the song, but for
//! an MP4's index. What a file has wrong is repaired and told ([`SongReader::warnings`]): a reader
//! ends early rather than fail in the middle.

mod aac;
mod aiff;
mod caf;
mod chunks;
mod container;
mod demuxed;
mod error;
mod ffmpeg;
mod flac;
mod layout;
mod matroska;
mod mp4;
mod mpeg;
mod ogg;
mod opus;
mod pcm;
mod speakers;
mod tags;
mod vorbis;
mod wave;

use std::ops::RangeInclusive;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};

use symphonia::core::codecs::CodecParameters;
use symphonia::core::codecs::audio::well_known::{
    CODEC_ID_FLAC, CODEC_ID_MP1, CODEC_ID_MP2, CODEC_ID_MP3, CODEC_ID_OPUS, CODEC_ID_VORBIS,
};
use symphonia::core::codecs::audio::{AudioCodecParameters, AudioDecoder, AudioDecoderOptions};
use symphonia::core::errors::Error;
use symphonia::core::formats::{FormatReader, SeekMode, SeekTo, Track};
use symphonia::core::packet::Packet;
use symphonia::core::units::{TimeBase, Timestamp};

use self::container::{Opened, Reader};
pub use self::error::SongError;
use self::layout::Arrangement;
use self::opus::OpusPackets;
use self::vorbis::VorbisPackets;
use super::Layout;

/// The sample rates that Synopsia hears, Hz.
pub const RATES: RangeInclusive<u32> = 8_000..=384_000;

/// A sample beyond this magnitude (+60 dBFS) is not sound but noise in the file's bytes.
const LOUDEST: f32 = 1000.0;

/// A packet that claims to be longer is not replaced by as much silence, seconds.
const LONGEST_GAP: f64 = 1.0;

/// The longest hole in a stream without a known length that is filled with silence, seconds.
const LONGEST_HOLE: u64 = 60;

/// Packets that must be sound for a song to be believed to be one.
const WELL_BEGUN: u64 = 16;

/// Packets by which a song is judged that does not begin well.
const INSPECTED: u64 = 4096;

/// Frames that may be missing at the end before it is called truncated: what codecs pad.
const TOLERATED_SHORTFALL: u64 = 4096;

/// A song being read.
pub struct SongReader {
    path: PathBuf,
    stream: Box<dyn FormatReader>,
    track: u32,
    time_base: Option<TimeBase>,
    decoder: Decoder,
    rate: u32,
    channels: usize,
    /// How the decoder's channels become the song's.
    arrangement: Arrangement,
    /// Frames of the whole song, where the container says; some only estimate.
    length: Option<u64>,
    /// Where the container ends the song, in frames: what follows is the codec's padding.
    end: Option<u64>,
    /// Who reads the container, and so what its packets say.
    reader: Reader,
    /// What ffmpeg calls the container.
    container: &'static str,
    /// Whether packets are compressed, and nobody has looked yet whether most are sound.
    may_be_damaged: bool,
    /// Whether packets say to the frame when they begin.
    tells_time: bool,
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

/// What was wrong with the file so far.
#[derive(Clone, Debug, Default)]
struct Repairs {
    /// Samples that were no numbers, or absurdly large.
    not_sound: u64,
    /// Packets that could not be decoded, and where the first was, in frames.
    lost_packets: u64,
    first_lost: u64,
    /// Packets that could not be decoded before anything was heard.
    rubbish: u64,
    /// Whether parts were left out of the container.
    left_out: bool,
    /// Packets that were decoded.
    sound_packets: u64,
    /// Where reading had to stop for good, in frames, and why.
    stopped: Option<(u64, Stop)>,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Stop {
    Damaged,
    Truncated,
    FormatChanges,
}

enum Decoder {
    Symphonia(Box<dyn AudioDecoder>),
    Opus(Box<OpusPackets>),
    Vorbis(Box<VorbisPackets>),
}

/// One step of decoding.
enum Step {
    /// A block of sound is ready.
    Block,
    /// Nothing came of this packet.
    Nothing,
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
        let meta = std::fs::metadata(path).map_err(|e| SongError::io(path, e))?;
        if meta.is_dir() {
            return Err(SongError::Folder(path.to_path_buf()));
        }
        if meta.is_file() && meta.len() == 0 {
            return Err(SongError::Empty(path.to_path_buf()));
        }
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
            let Repairs {
                lost_packets,
                rubbish,
                sound_packets,
                ..
            } = self.repairs;
            let lost = lost_packets + rubbish;
            let enough = match lost {
                0 => sound_packets >= WELL_BEGUN,
                _ => lost + sound_packets >= INSPECTED,
            };
            sound.clear();
            if enough || !matches!(self.read(&mut sound), Ok(1..)) {
                return lost > sound_packets;
            }
        }
    }

    fn open_stream(path: &Path) -> Result<Self, SongError> {
        let Opened {
            stream,
            end,
            reader: container,
            container: name,
            run_up,
            damaged,
        } = container::open(path)?;
        let Some(track) = container::best_track(&*stream).cloned() else {
            return Err(
                if stream.tracks().iter().any(|t| t.codec_params.is_none()) {
                    SongError::UnsupportedCodec(path.to_path_buf())
                } else {
                    SongError::NoAudioTrack(path.to_path_buf())
                },
            );
        };
        let Some(params) = audio_params(&track) else {
            return Err(SongError::NoAudioTrack(path.to_path_buf()));
        };
        let decoder = Decoder::new(&track, container)
            .ok_or_else(|| SongError::UnsupportedCodec(path.to_path_buf()))?;
        // Symphonia's decoders trim their run-up themselves.
        let opus_run_up = match &decoder {
            Decoder::Opus(opus) if container == Reader::Symphonia => opus.pre_skip(),
            _ => run_up,
        };
        let whole_frames = params.codec == CODEC_ID_FLAC || is_pcm(params);
        let mut reader = Self {
            path: path.to_path_buf(),
            stream,
            track: track.id,
            time_base: track.time_base,
            decoder,
            rate: 0,
            channels: 0,
            arrangement: Arrangement::of(Layout::usual(0)),
            length: None,
            end,
            reader: container,
            container: name,
            may_be_damaged: container != Reader::Trusted && !is_pcm(params),
            tells_time: false,
            expected: None,
            first: None,
            waiting: None,
            seeks_exactly: false,
            position: 0,
            drop: 0,
            block: Vec::new(),
            ended: false,
            repairs: Repairs::default(),
        };
        reader.tells_time = container == Reader::Symphonia
            && matches!(reader.stream.format_info().short_name, "flac" | "ogg");
        reader.fill();
        reader.repairs.left_out = damaged;
        reader.fill_beginning();
        if reader.rate == 0 {
            return Err(SongError::NoSamples(reader.path));
        }
        if !RATES.contains(&reader.rate) {
            return Err(SongError::Rate {
                path: reader.path,
                rate: reader.rate,
            });
        }
        reader.length = match reader.end {
            Some(end) => Some(end),
            None if length_is_guessed(&track) => None,
            // Ogg counts the run-up of Opus as part of the song (RFC 7845, section 4).
            None => reader
                .length_of(&track)
                .map(|all| all.saturating_sub(opus_run_up.into())),
        };
        // A length of nought beside sound is one that was not written down.
        reader.length = reader.length.filter(|&length| length > 0);
        let run_up = opus_run_up;
        reader.seeks_exactly =
            whole_frames && run_up == 0 && track.time_base == TimeBase::try_from_recip(reader.rate);
        reader.position = -i64::from(run_up);
        reader.drop = run_up.into();
        reader.apply_drop();
        Ok(reader)
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
        let name = self.path.display();
        let mut said = Vec::new();
        let repairs = &self.repairs;
        if repairs.not_sound > 0 {
            said.push(format!(
                "{name} holds {} samples that are not sound (NaN, infinite or absurdly large): they are silent here",
                repairs.not_sound
            ));
        }
        if repairs.lost_packets > 0 {
            said.push(format!(
                "{name} is damaged in {} places, first at {}: there is silence instead",
                repairs.lost_packets,
                self.clock(repairs.first_lost)
            ));
        }
        if repairs.left_out && repairs.lost_packets == 0 {
            said.push(format!("{name} is damaged: some of its sound is missing"));
        }
        if let Some((at, stop)) = repairs.stopped {
            let at = self.clock(at);
            said.push(match stop {
                Stop::Damaged => format!("{name} is damaged after {at}: it is used up to there"),
                Stop::Truncated => format!("{name} is truncated at {at}: it is used up to there"),
                Stop::FormatChanges => format!(
                    "{name} changes its sample rate or channels at {at}: it is used up to there"
                ),
            });
        }
        said
    }

    /// `1:23.4`.
    fn clock(&self, frames: u64) -> String {
        let seconds = frames as f64 / f64::from(self.rate.max(1));
        let minutes = (seconds / 60.0).floor();
        format!("{minutes:.0}:{:04.1}", seconds - minutes * 60.0)
    }

    /// Frames in `track`, as its container says.
    fn length_of(&self, track: &Track) -> Option<u64> {
        if let Some(frames) = track.num_frames {
            return Some(frames);
        }
        let base = track.time_base?;
        let seconds = base.calc_duration(track.duration?)?.as_secs_f64();
        Some((seconds * f64::from(self.rate)).round() as u64)
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
        let to = SeekTo::Timestamp {
            ts: Timestamp::new(target),
            track_id: self.track,
        };
        let stream = &mut self.stream;
        let sought = catch_unwind(AssertUnwindSafe(|| stream.seek(SeekMode::Accurate, to)));
        match sought {
            Ok(Ok(at)) => {
                if let Decoder::Symphonia(decoder) = &mut self.decoder {
                    decoder.reset();
                }
                self.block.clear();
                (self.expected, self.waiting) = (None, None);
                self.drop = 0;
                self.position = at.actual_ts.get();
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
                Ok(Step::Block | Step::Nothing) => {}
                Ok(Step::End(None)) => {
                    self.ended = true;
                    let short = self
                        .length
                        .is_some_and(|length| self.position() + TOLERATED_SHORTFALL < length);
                    // Where the container is read here, its reader knows what is missing.
                    if short && self.reader == Reader::Symphonia {
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
        self.repairs.stopped.get_or_insert((self.position(), why));
    }

    /// Decodes the next packet into `block`.
    fn step(&mut self) -> Step {
        if let Some(packet) = self.waiting.take() {
            return self.decode(&packet);
        }
        let packet = match self.stream.next_packet() {
            Ok(Some(packet)) => packet,
            Ok(None) => return Step::End(None),
            // A chained Ogg starts its next song.
            Err(Error::ResetRequired) => return self.next_in_chain(),
            // A stream that was piped to disk promises no length and ends where it ends. Ogg marks
            // its last page, and what is read here knows what is missing.
            Err(Error::IoError(e)) if e.kind() == std::io::ErrorKind::UnexpectedEof => {
                let marks_its_end = self.reader != Reader::Symphonia || self.tells_time;
                let missing = marks_its_end || self.length.is_some();
                return Step::End(missing.then_some(Stop::Truncated));
            }
            Err(Error::Unsupported(_)) => return self.format_changes(),
            Err(_) => return Step::End(Some(Stop::Damaged)),
        };
        if packet.track_id != self.track {
            return Step::Nothing;
        }
        if self.fill_hole(&packet) {
            self.waiting = Some(packet);
            return Step::Block;
        }
        self.decode(&packet)
    }

    /// Puts silence into the block where something is missing before `packet`, so that what
    /// follows stays in time; whether there was such a hole.
    fn fill_hole(&mut self, packet: &Packet) -> bool {
        let due = self.expected.filter(|_| self.rate != 0);
        self.expected = match self.tells_time {
            true => packet.pts.checked_add(packet.block_dur()),
            false => None,
        };
        let missing = due.and_then(|due| packet.pts.duration_from(due));
        let missing = missing.map_or(0, |missing| missing.get());
        let most = match self.length {
            Some(length) => length.saturating_sub(self.position()),
            None => LONGEST_HOLE * u64::from(self.rate),
        };
        let frames = missing.min(most);
        if frames > 0 {
            self.note_loss();
            self.block.resize(frames as usize * self.channels, 0.0);
        }
        frames > 0
    }

    /// Puts silence before the first block where the container's first packets were left out.
    fn fill_beginning(&mut self) {
        let late = self.first.filter(|_| self.tells_time);
        let late = late.map_or(0, |first| first.get().max(0) as usize);
        let late = late.min((LONGEST_HOLE * u64::from(self.rate)) as usize);
        if self.repairs.left_out && late > 0 {
            self.note_loss();
            let silence = vec![0.0; late * self.channels];
            self.block.splice(..0, silence);
        }
    }

    /// Decodes `packet` into the block.
    fn decode(&mut self, packet: &Packet) -> Step {
        let decoded = match &mut self.decoder {
            Decoder::Symphonia(decoder) => match decoder.decode(packet) {
                Ok(sound) => {
                    let spec = sound.spec();
                    let (rate, channels) = (spec.rate(), spec.channels().count());
                    sound.copy_to_vec_interleaved(&mut self.block);
                    Some((rate, channels))
                }
                Err(_) => None,
            },
            Decoder::Opus(opus) => {
                let channels = opus.channels();
                match opus.decode(&packet.data) {
                    Ok(sound) => {
                        self.block.extend_from_slice(sound);
                        Some((opus::RATE, channels))
                    }
                    Err(_) => None,
                }
            }
            Decoder::Vorbis(vorbis) => {
                let (rate, channels) = (vorbis.rate(), vorbis.layout().count());
                match vorbis.decode(&packet.data) {
                    Ok(sound) => {
                        self.block.extend_from_slice(sound);
                        Some((rate, channels))
                    }
                    Err(_) => None,
                }
            }
        };
        match decoded {
            Some((rate, channels)) => {
                self.repairs.sound_packets += 1;
                if self.rate == 0 && channels > 0 && !self.block.is_empty() {
                    (self.rate, self.channels) = (rate, channels);
                    self.arrangement = Arrangement::of(self.delivered());
                    let sound = (self.block.len() / channels) as i64;
                    let end = packet.pts.checked_add(packet.block_dur());
                    self.first = end.map(|end| Timestamp::new(end.get() - sound));
                }
                if !self.decoder_trims() {
                    trim(&mut self.block, channels, packet);
                }
                if self.rate != 0 && (rate, channels) != (self.rate, self.channels) {
                    let empty = self.block.is_empty();
                    self.block.clear();
                    return if empty {
                        Step::Nothing
                    } else {
                        self.format_changes()
                    };
                }
                self.repair();
                self.arrangement.arrange(&mut self.block);
            }
            None => self.lose(packet),
        }
        if self.block.is_empty() {
            Step::Nothing
        } else {
            Step::Block
        }
    }

    /// The loudspeakers of what the decoder has just handed out.
    fn delivered(&mut self) -> Layout {
        match &self.decoder {
            Decoder::Opus(opus) => opus.layout().clone(),
            Decoder::Vorbis(vorbis) => vorbis.layout().clone(),
            Decoder::Symphonia(decoder) => {
                let codec = decoder.codec_params().codec;
                let tagged = layout::of_tags(codec, self.channels, &mut *self.stream);
                let decoded = decoder.last_decoded();
                tagged.unwrap_or_else(|| layout::delivered(codec, decoded.spec().channels()))
            }
        }
    }

    /// Whether the decoder itself drops what packets say is not to be heard.
    fn decoder_trims(&self) -> bool {
        match &self.decoder {
            Decoder::Symphonia(decoder) => {
                let vorbis = decoder.codec_params().codec == CODEC_ID_VORBIS;
                vorbis || self.reader == Reader::Symphonia
            }
            _ => false,
        }
    }

    /// Silences what is no sound.
    fn repair(&mut self) {
        for sample in &mut self.block {
            if sample.is_nan() || sample.abs() > LOUDEST {
                *sample = 0.0;
                self.repairs.not_sound += 1;
            }
        }
    }

    /// Puts silence in the place of a packet that could not be decoded, so that what follows
    /// stays in time.
    fn lose(&mut self, packet: &Packet) {
        self.block.clear();
        if self.rate == 0 {
            // Nothing was heard yet: not a gap in the song but rubbish before it.
            self.repairs.rubbish += 1;
            return;
        }
        self.note_loss();
        let seconds = self
            .time_base
            .and_then(|base| base.calc_duration(packet.dur))
            .map_or(0.0, |time| time.as_secs_f64());
        let frames = (seconds.min(LONGEST_GAP) * f64::from(self.rate)).round() as usize;
        self.block.resize(frames * self.channels, 0.0);
    }

    /// What follows has another rate or other channels: ffmpeg, where it is installed, converts it.
    fn format_changes(&mut self) -> Step {
        let through_ffmpeg = self.reader == Reader::Trusted;
        let opened = match through_ffmpeg {
            true => None,
            false => ffmpeg::open(&self.path, self.container, "").ok(),
        };
        let Some(stream) = opened else {
            return Step::End(Some(Stop::FormatChanges));
        };
        let track = stream.tracks().first().cloned();
        let decoder = track.and_then(|track| Decoder::new(&track, Reader::Trusted));
        let Some(decoder) = decoder else {
            return Step::End(Some(Stop::FormatChanges));
        };
        (self.stream, self.decoder, self.reader) = (stream, decoder, Reader::Trusted);
        (self.track, self.tells_time, self.seeks_exactly) = (demuxed::TRACK, false, false);
        (self.length, self.end, self.expected) = (None, None, None);
        self.drop += self.position();
        self.position = 0;
        Step::Nothing
    }

    fn note_loss(&mut self) {
        if self.repairs.lost_packets == 0 {
            self.repairs.first_lost = self.position();
        }
        self.repairs.lost_packets += 1;
    }

    /// Goes on with the next link of a chained stream, if it sounds like the one before.
    fn next_in_chain(&mut self) -> Step {
        let Some(track) = container::best_track(&*self.stream).cloned() else {
            return Step::End(Some(Stop::Damaged));
        };
        let Some(decoder) = Decoder::new(&track, self.reader) else {
            return self.format_changes();
        };
        if let Decoder::Opus(opus) = &decoder {
            self.drop += u64::from(opus.pre_skip());
            self.position -= i64::from(opus.pre_skip());
            self.arrangement = Arrangement::of(opus.layout().clone());
        }
        self.decoder = decoder;
        self.track = track.id;
        self.time_base = track.time_base;
        // What the first link's header promised was its own length.
        (self.length, self.end) = (None, None);
        self.expected = None;
        Step::Nothing
    }
}

impl Decoder {
    fn new(track: &Track, reader: Reader) -> Option<Self> {
        let params = audio_params(track)?;
        if params.codec == CODEC_ID_OPUS {
            return OpusPackets::new(params.extra_data.as_deref()?)
                .map(|opus| Self::Opus(Box::new(opus)));
        }
        if params.codec == CODEC_ID_VORBIS
            && let Some(vorbis) = VorbisPackets::new(params.extra_data.as_deref()?)
        {
            return Some(Self::Vorbis(Box::new(vorbis)));
        }
        // Gapless decoding ends the song at its length, which must not be a guess. Vorbis drops
        // its first packet, which is half of an overlap.
        let gapless = params.codec == CODEC_ID_VORBIS
            || reader == Reader::Symphonia && !length_is_guessed(track);
        let options = AudioDecoderOptions::default().gapless(gapless);
        symphonia::default::get_codecs()
            .make_audio_decoder(params, &options)
            .ok()
            .map(Self::Symphonia)
    }
}

/// Drops from `block` what `packet` says is not to be heard.
fn trim(block: &mut Vec<f32>, channels: usize, packet: &Packet) {
    let samples = |frames: u64| frames as usize * channels;
    let end = block.len().saturating_sub(samples(packet.trim_end.get()));
    block.truncate(end);
    block.drain(..samples(packet.trim_start.get()).min(end));
}

fn audio_params(track: &Track) -> Option<&AudioCodecParameters> {
    match track.codec_params.as_ref()? {
        CodecParameters::Audio(params) => Some(params),
        _ => None,
    }
}

/// Whether the demuxer has guessed the length of `track` from its first few packets: an MPEG audio
/// file without a header frame by its encoder.
fn length_is_guessed(track: &Track) -> bool {
    let mpeg = [CODEC_ID_MP1, CODEC_ID_MP2, CODEC_ID_MP3];
    track.delay.is_none()
        && track.padding.is_none()
        && audio_params(track).is_some_and(|params| mpeg.contains(&params.codec))
}

/// Whether every frame stands alone, so that a seek is exact.
fn is_pcm(params: &AudioCodecParameters) -> bool {
    symphonia::default::get_codecs()
        .get_audio_decoder(params.codec)
        .is_some_and(|decoder| decoder.codec.info.short_name.starts_with("pcm_"))
}
