//! A container that is read here, in the shape that symphonia's have.

use std::fs::File;
use std::io::{self, Cursor, Read, Seek, SeekFrom};
use std::path::Path;

use symphonia::core::codecs::CodecParameters;
use symphonia::core::codecs::audio::AudioCodecParameters;
use symphonia::core::common::FourCc;
use symphonia::core::errors::{Error, Result, SeekErrorKind};
use symphonia::core::formats::{
    FormatId, FormatInfo, FormatReader, MediaInfo, SeekMode, SeekTo, SeekedTo, Track,
};
use symphonia::core::io::{MediaSource, MediaSourceStream};
use symphonia::core::meta::{
    Metadata, MetadataBuilder, MetadataId, MetadataInfo, MetadataLog, RawTag, Tag,
};
use symphonia::core::packet::Packet;
use symphonia::core::units::{TimeBase, Timestamp};

const FORMAT: FormatInfo = FormatInfo {
    format: FormatId::new(FourCc::new(*b"SYNO")),
    short_name: "synopsia",
    long_name: "Read by Synopsia",
};

const METADATA: MetadataInfo = MetadataInfo {
    metadata: MetadataId::new(FourCc::new(*b"SYNO")),
    short_name: FORMAT.short_name,
    long_name: FORMAT.long_name,
};

/// The one track of a container that is read here.
pub(super) const TRACK: u32 = 0;

/// Frames that may be missing at the end before it is called truncated: what codecs pad.
pub(super) const TOLERATED_SHORTFALL: u64 = 4096;

/// Who reads a container.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reader {
    /// Synopsia: packets tell what of them is to be heard.
    Here,
    /// The same, and it was looked at whether most of it is sound.
    Trusted,
    /// ffmpeg, which decodes, too.
    Ffmpeg,
    Symphonia,
}

/// Where the packets of one audio track come from. Their times are in frames.
pub(super) trait Packets: Send + Sync {
    /// The next packet; `None` at the end.
    fn next(&mut self) -> Result<Option<Packet>>;

    /// Goes to the packet that holds `frame` and returns its first frame. `None` where one has to
    /// read up to there.
    fn seek(&mut self, _frame: u64) -> Option<u64> {
        None
    }
}

/// One audio track and its packets.
pub(super) struct Demuxed<P> {
    tracks: [Track; 1],
    media: MediaInfo,
    metadata: MetadataLog,
    packets: P,
}

impl<P: Packets + 'static> Demuxed<P> {
    /// A track of `length` frames, where that is known.
    pub(super) fn boxed(
        params: AudioCodecParameters,
        length: Option<u64>,
        packets: P,
    ) -> Box<dyn FormatReader> {
        Self::tagged(params, length, packets, None)
    }

    /// The same, with a tag: its name and value.
    pub(super) fn tagged(
        params: AudioCodecParameters,
        length: Option<u64>,
        packets: P,
        tag: Option<(&str, String)>,
    ) -> Box<dyn FormatReader> {
        let mut metadata = MetadataLog::default();
        if let Some((name, value)) = tag {
            let mut revision = MetadataBuilder::new(METADATA);
            revision.add_tag(Tag::new(RawTag::new(name, value)));
            metadata.push(revision.build());
        }
        let mut track = Track::new(TRACK);
        if let Some(base) = params.sample_rate.and_then(TimeBase::try_from_recip) {
            track.with_time_base(base);
        }
        track.with_codec_params(CodecParameters::Audio(params));
        track.num_frames = length;
        // What is to be dropped, the packets say: nothing about it is a guess.
        (track.delay, track.padding) = (Some(0), Some(0));
        Box::new(Self {
            media: MediaInfo::from_track(&track),
            tracks: [track],
            metadata,
            packets,
        })
    }
}

impl<P: Packets> FormatReader for Demuxed<P> {
    fn format_info(&self) -> &FormatInfo {
        &FORMAT
    }

    fn media_info(&self) -> &MediaInfo {
        &self.media
    }

    fn metadata(&mut self) -> Metadata<'_> {
        self.metadata.metadata()
    }

    fn tracks(&self) -> &[Track] {
        &self.tracks
    }

    fn next_packet(&mut self) -> Result<Option<Packet>> {
        self.packets.next()
    }

    fn seek(&mut self, _mode: SeekMode, to: SeekTo) -> Result<SeekedTo> {
        let unseekable = || Error::SeekError(SeekErrorKind::Unseekable);
        let SeekTo::Timestamp { ts, .. } = to else {
            return Err(unseekable());
        };
        let frame = u64::try_from(ts.get()).map_err(|_| unseekable())?;
        let actual = self.packets.seek(frame).ok_or_else(unseekable)?;
        Ok(SeekedTo {
            track_id: TRACK,
            required_ts: ts,
            actual_ts: Timestamp::new(actual as i64),
        })
    }

    fn into_inner<'s>(self: Box<Self>) -> MediaSourceStream<'s>
    where
        Self: 's,
    {
        // The file stays with the packets: nobody asks for it.
        MediaSourceStream::new(Box::new(Cursor::new([])), Default::default())
    }
}

/// Part of a file, as if it were a file of its own.
pub(super) struct Section {
    file: File,
    start: u64,
    length: u64,
    at: u64,
}

impl Section {
    /// The bytes `start..end` of the file at `path`.
    ///
    /// # Errors
    /// When it cannot be opened.
    pub(super) fn open(path: &Path, start: u64, end: u64) -> io::Result<Self> {
        let mut file = File::open(path)?;
        file.seek(SeekFrom::Start(start))?;
        Ok(Self {
            file,
            start,
            length: end.saturating_sub(start),
            at: 0,
        })
    }
}

impl Read for Section {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let left = usize::try_from(self.length - self.at).unwrap_or(usize::MAX);
        let most = out.len().min(left);
        let read = self.file.read(&mut out[..most])?;
        self.at += read as u64;
        Ok(read)
    }
}

impl Seek for Section {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let at = match to {
            SeekFrom::Start(at) => Some(at),
            SeekFrom::End(by) => self.length.checked_add_signed(by),
            SeekFrom::Current(by) => self.at.checked_add_signed(by),
        };
        let at = at.ok_or(io::ErrorKind::InvalidInput)?.min(self.length);
        self.file.seek(SeekFrom::Start(self.start + at))?;
        self.at = at;
        Ok(at)
    }
}

impl MediaSource for Section {
    fn is_seekable(&self) -> bool {
        true
    }

    fn byte_len(&self) -> Option<u64> {
        Some(self.length)
    }
}
