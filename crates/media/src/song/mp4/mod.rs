//! MP4, M4A and QuickTime: whole, fragmented, or cut off.
//!
//! The index is read at once (ISO/IEC 14496-12): where each packet lies, when it sounds, and which
//! parts of the track its edit list plays. Delays at the start are not played, as in ffmpeg.

mod boxes;
mod entry;
mod fragments;
mod packets;
mod table;

use std::fs::File;
use std::io;
use std::path::Path;

use symphonia::core::codecs::audio::well_known::{CODEC_ID_AAC, CODEC_ID_MP3};
use symphonia::core::formats::FormatReader;

use self::boxes::{Boxes, child, timescale};
use self::entry::Sound;
use self::packets::Mp4Packets;
use self::table::{Sample, Span};
use super::chunks::Fields;
use super::demuxed::Demuxed;
use super::mpeg;
use super::pcm::Pcm;

/// Frames in a packet of AAC.
const AAC_PACKET: u64 = 1024;

/// What an MP4 holds.
pub(super) enum Mp4 {
    /// A track that can be decoded here; where its edit list ends it, in frames.
    Stream {
        stream: Box<dyn FormatReader>,
        end: Option<u64>,
    },
    /// A track in a codec of this name.
    Foreign(String),
    /// Tracks, but none with sound.
    Silent,
    /// Sound that no index leads to.
    NoIndex,
}

/// One audio track.
struct Track {
    id: u32,
    /// Ticks a second, of the track.
    scale: u32,
    enabled: bool,
    sound: Sound,
    samples: Vec<Sample>,
    /// What is played, in ticks of the track; empty when it is all.
    spans: Vec<Span>,
}

/// Whether `start`, the beginning of a file, is one of an MP4 or a QuickTime movie.
pub(super) fn is_mp4(start: &[u8]) -> bool {
    matches!(
        start.get(4..8),
        Some(
            b"ftyp" | b"moov" | b"mdat" | b"wide" | b"free" | b"skip" | b"pnot" | b"styp" | b"moof"
        )
    )
}

/// Opens the sound of an MP4.
///
/// # Errors
/// When the file cannot be read.
pub(super) fn open(path: &Path) -> io::Result<Mp4> {
    let mut file = File::open(path)?;
    let boxes = Boxes::read(&mut file)?;
    let Some(moov) = &boxes.moov else {
        return Ok(Mp4::NoIndex);
    };
    let mut tracks = tracks(moov, boxes.quicktime);
    for track in &mut tracks {
        for moof in &boxes.moofs {
            fragments::append(moof, moov, track.id, &mut track.samples);
        }
    }
    // The track that ffmpeg takes: an enabled one before others, then the one with most channels.
    let best = tracks.into_iter().reduce(|best, next| {
        let rank = |track: &Track| (track.enabled, track.sound.channels());
        if rank(&next) > rank(&best) {
            next
        } else {
            best
        }
    });
    match best {
        None => Ok(Mp4::Silent),
        Some(track) => track.open(path, boxes.end),
    }
}

/// The audio tracks of `moov`.
fn tracks(moov: &[u8], quicktime: bool) -> Vec<Track> {
    let movie_scale = child(moov, b"mvhd").and_then(timescale).unwrap_or(1000);
    let traks = boxes::all(moov).filter(|(kind, _)| kind == b"trak");
    traks
        .filter_map(|(_, trak)| track(trak, movie_scale, quicktime))
        .collect()
}

fn track(trak: &[u8], movie_scale: u32, quicktime: bool) -> Option<Track> {
    let media = child(trak, b"mdia")?;
    // hdlr: version and flags, a reserved word, then the kind of track.
    if child(media, b"hdlr").and_then(|hdlr| hdlr.get(8..12)) != Some(b"soun") {
        return None;
    }
    let scale = timescale(child(media, b"mdhd")?)?;
    let table = child(child(media, b"minf")?, b"stbl")?;
    let header = Fields(child(trak, b"tkhd")?);
    let wide = header.u8(0)? == 1;
    let sound = entry::read(child(table, b"stsd")?, scale, quicktime);
    let samples = table::samples(table, &sound);
    let media_length = samples.last().map_or(0, Sample::end);
    let edits = child(trak, b"edts").and_then(|edts| child(edts, b"elst"));
    let mut spans = edits.map_or_else(Vec::new, |list| {
        table::spans(list, movie_scale, scale, media_length)
    });
    // The decoder's run-up is dropped, whether or not the edit list says so.
    if let Some(run_up) = sound.opus_run_up() {
        let run_up = u64::from(run_up) * u64::from(scale) / 48_000;
        match spans.first_mut() {
            Some(span) => span.start = span.start.max(run_up),
            None => spans.push(run_up..u64::MAX),
        }
    }
    Some(Track {
        id: header.be32(if wide { 20 } else { 12 })?,
        scale,
        enabled: header.be32(0)? & 1 == 1,
        sound,
        samples,
        spans,
    })
}

impl Track {
    fn open(self, path: &Path, file_end: u64) -> io::Result<Mp4> {
        match self.sound {
            Sound::Unknown(name) => Ok(Mp4::Foreign(name)),
            Sound::Pcm { sample, channels } => {
                let mut pcm = Pcm {
                    sample,
                    rate: self.scale,
                    channels,
                    pieces: Vec::new(),
                    promised: None,
                };
                let frame = pcm.frame_bytes();
                let promised = table::pieces(&self.samples, &self.spans, frame, file_end);
                (pcm.pieces, pcm.promised) = promised;
                Ok(match pcm.open(path)? {
                    Some(stream) => Mp4::Stream { stream, end: None },
                    None => Mp4::Foreign("PCM of an unusual width".into()),
                })
            }
            Sound::Coded { mut params, .. } => {
                if params.codec == CODEC_ID_MP3
                    && let Some(first) = self.samples.first()
                    && let Some(codec) = mpeg::codec_at(path, first.at)?
                {
                    params.codec = codec;
                }
                let rate = params.sample_rate.unwrap_or(self.scale);
                let aac = params.codec == CODEC_ID_AAC;
                if aac && packets::has_sbr(path, &self.samples, &params)? {
                    return Ok(Mp4::Foreign("HE-AAC".into()));
                }
                let edited = !self.spans.is_empty();
                let packets = Mp4Packets::new(path, self.samples, self.spans, self.scale, rate)?;
                let length = packets.length(aac.then_some(AAC_PACKET));
                Ok(Mp4::Stream {
                    stream: Demuxed::boxed(*params, Some(length), packets),
                    end: edited.then_some(length),
                })
            }
        }
    }
}
