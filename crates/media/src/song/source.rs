//! Where a song's blocks come from: a container, the track of it that is heard, and its decoder.

use std::path::Path;

use symphonia::core::codecs::audio::AudioCodecParameters;
use symphonia::core::codecs::audio::well_known::CODEC_ID_FLAC;
use symphonia::core::errors::Result;
use symphonia::core::formats::{FormatReader, SeekMode, SeekTo, Track};
use symphonia::core::packet::Packet;
use symphonia::core::units::Timestamp;

use super::decoder::{Decoded, Decoder, trim};
use super::demuxed::Reader;
use super::error::SongError;
use super::ffmpeg;
use super::opus::OpusPackets;
use super::repairs::Stop;
use super::track::{audio_params, best_track, is_pcm};
use synopsia_signal::Layout;

/// A track and its decoder.
pub(super) struct Source {
    stream: Box<dyn FormatReader>,
    track: Track,
    decoder: Decoder,
    /// Who reads the container, and so what its packets say.
    reader: Reader,
}

impl Source {
    /// The best track of `stream`, whose file is at `path`.
    ///
    /// # Errors
    /// When it holds no sound, or none that can be decoded.
    pub(super) fn new(
        stream: Box<dyn FormatReader>,
        reader: Reader,
        path: &Path,
    ) -> std::result::Result<Self, SongError> {
        let Some(track) = best_track(&*stream).cloned() else {
            let unknown = stream.tracks().iter().any(|t| t.codec_params.is_none());
            return Err(match unknown {
                true => SongError::UnsupportedCodec(path.to_path_buf()),
                false => SongError::NoAudioTrack(path.to_path_buf()),
            });
        };
        let decoder = Decoder::new(&track, reader)
            .ok_or_else(|| SongError::UnsupportedCodec(path.to_path_buf()))?;
        Ok(Self {
            stream,
            track,
            decoder,
            reader,
        })
    }

    /// What ffmpeg makes of the file at `path`, a `container` in its names. `None` where ffmpeg is
    /// not installed or finds no sound.
    pub(super) fn through_ffmpeg(path: &Path, container: &str) -> Option<Self> {
        let stream = ffmpeg::open(path, container, "").ok()?;
        Self::new(stream, Reader::Ffmpeg, path).ok()
    }

    /// What the container says of the track.
    pub(super) fn track(&self) -> &Track {
        &self.track
    }

    /// Who reads the container.
    pub(super) fn reader(&self) -> Reader {
        self.reader
    }

    /// The decoder, where it is one of Opus.
    pub(super) fn opus(&self) -> Option<&OpusPackets> {
        match &self.decoder {
            Decoder::Opus(opus) => Some(opus),
            _ => None,
        }
    }

    /// Whether packets are compressed, and nobody has looked yet whether most are sound.
    pub(super) fn may_be_damaged(&self) -> bool {
        let looked_at = matches!(self.reader, Reader::Trusted | Reader::Ffmpeg);
        !looked_at && !self.params().is_some_and(is_pcm)
    }

    /// Whether packets hold whole frames, so that a seek can be exact: PCM and FLAC.
    pub(super) fn holds_whole_frames(&self) -> bool {
        self.params()
            .is_some_and(|params| params.codec == CODEC_ID_FLAC || is_pcm(params))
    }

    fn params(&self) -> Option<&AudioCodecParameters> {
        audio_params(&self.track)
    }

    /// Whether packets say to the frame when they begin.
    pub(super) fn tells_time(&self) -> bool {
        self.reader == Reader::Symphonia
            && matches!(self.stream.format_info().short_name, "flac" | "ogg")
    }

    /// How long `packet` says that it is, seconds; 0 where it does not.
    pub(super) fn seconds(&self, packet: &Packet) -> f64 {
        let base = self.track.time_base;
        base.and_then(|base| base.calc_duration(packet.dur))
            .map_or(0.0, |time| time.as_secs_f64())
    }

    /// The next packet of the track; `None` at the end.
    ///
    /// # Errors
    /// As [`FormatReader::next_packet`].
    pub(super) fn next_packet(&mut self) -> Result<Option<Packet>> {
        loop {
            match self.stream.next_packet()? {
                Some(packet) if packet.track_id != self.track.id => {}
                packet => return Ok(packet),
            }
        }
    }

    /// Decodes `packet` into `block`, which is empty: interleaved samples, those that are to be
    /// heard. `None` where it cannot be decoded.
    pub(super) fn decode(&mut self, packet: &Packet, block: &mut Vec<f32>) -> Option<Decoded> {
        let decoded = self.decoder.decode(packet, block)?;
        if !self.decoder.trims(self.reader) {
            trim(block, decoded.channels, packet);
        }
        Some(decoded)
    }

    /// The loudspeakers of what was decoded last.
    pub(super) fn delivered(&mut self) -> Layout {
        self.decoder.delivered(&mut *self.stream)
    }

    /// Goes to a packet at or before `time`, in the track's time base, and returns where it begins.
    ///
    /// # Errors
    /// As [`FormatReader::seek`]; it stays where it is.
    pub(super) fn seek(&mut self, time: i64) -> Result<i64> {
        let to = SeekTo::Timestamp {
            ts: Timestamp::new(time),
            track_id: self.track.id,
        };
        let at = self.stream.seek(SeekMode::Accurate, to)?;
        self.decoder.reset();
        Ok(at.actual_ts.get())
    }

    /// Goes on with the next link of a chained stream.
    ///
    /// # Errors
    /// Why it cannot.
    pub(super) fn next_link(&mut self) -> std::result::Result<(), Stop> {
        let track = best_track(&*self.stream).cloned();
        let track = track.ok_or(Stop::Damaged)?;
        self.decoder = Decoder::new(&track, self.reader).ok_or(Stop::FormatChanges)?;
        self.track = track;
        Ok(())
    }
}
