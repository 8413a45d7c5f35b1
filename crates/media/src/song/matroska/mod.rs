//! Matroska and WebM (RFC 9559): finished, cut off, or never told where they end.

mod codec;
mod elements;
mod packets;
mod segment;
mod track;

use std::fs::File;
use std::io;
use std::ops::Range;
use std::path::Path;

use symphonia::core::codecs::audio::well_known::{CODEC_ID_AAC, CODEC_ID_FLAC, CODEC_ID_OPUS};
use symphonia::core::formats::FormatReader;

use self::codec::Coded;
use self::elements::{Elements, float, number};
use self::packets::{Clock, MatroskaPackets};
use self::segment::{CLUSTER, DURATION, INFO, SEGMENT, TIMESTAMP_SCALE, TRACKS};
use self::track::Track;
use super::chunks::Fields;
use super::demuxed::{Demuxed, Packets};
use super::layout::FLAC_MASK;
use super::{aac, flac};

/// Packets that are looked at for spectral band replication.
const INSPECTED: usize = 24;

/// What a Matroska file holds.
pub(super) enum Matroska {
    /// A track that is decoded here, and the frames of run-up before its first sample.
    Stream {
        stream: Box<dyn FormatReader>,
        run_up: u32,
    },
    /// A track in a codec of this name.
    Foreign(String),
    /// Tracks, but none with sound.
    Silent,
    /// No list of tracks.
    NoIndex,
}

/// Opens the sound of a Matroska file.
///
/// # Errors
/// When the file cannot be read.
pub(super) fn open(path: &Path) -> io::Result<Matroska> {
    let mut elements = Elements::open(File::open(path)?)?;
    let (mut tracks, mut scale, mut duration) = (None, 1_000_000, None);
    let mut segment_end = u64::MAX;
    let first_cluster = loop {
        let Some(element) = elements.next()? else {
            break None;
        };
        match element.id {
            SEGMENT => {
                segment_end = element
                    .size
                    .map_or(u64::MAX, |size| element.body.saturating_add(size));
                elements.enter(&element);
            }
            CLUSTER => break Some(element.start),
            INFO => {
                let body = elements.body(&element)?;
                let stated = elements::all(&body).find(|(id, _)| *id == TIMESTAMP_SCALE);
                scale = stated.map_or(scale, |(_, body)| number(body).max(1));
                duration = elements::find(&body, DURATION).map(float);
            }
            TRACKS => tracks = Some(track::tracks(&elements.body(&element)?)),
            _ => {}
        }
    };
    let Some(tracks) = tracks else {
        return Ok(Matroska::NoIndex);
    };
    // The track that ffmpeg takes: a default one before others, then the one with most channels.
    let best = tracks.into_iter().reduce(|best, next| {
        let rank = |track: &Track| (track.default, track.channels);
        if rank(&next) > rank(&best) {
            next
        } else {
            best
        }
    });
    let Some(track) = best else {
        return Ok(Matroska::Silent);
    };
    let Some(first) = first_cluster else {
        return Ok(Matroska::Silent);
    };
    let clock = Clock {
        scale: scale.into(),
        end: duration.map(|ticks| (ticks * scale as f64) as i128),
    };
    track.open(path, first..segment_end, clock)
}

impl Track {
    /// Opens its sound, which lies in the bytes `sound`.
    fn open(self, path: &Path, sound: Range<u64>, clock: Clock) -> io::Result<Matroska> {
        let Some(prefix) = self.prefix.clone() else {
            return Ok(Matroska::Foreign("compressed once more".into()));
        };
        let params = match codec::read(&self) {
            Coded::Here(params) => params,
            Coded::Foreign(name) => return Ok(Matroska::Foreign(name)),
        };
        let rate = params.sample_rate.unwrap_or(0);
        let packets =
            || MatroskaPackets::new(path, sound.clone(), self.number, &prefix, (clock, rate));
        if params.codec == CODEC_ID_AAC {
            let silent_about_it =
                aac::Config::read(&self.private).is_some_and(|config| config.sbr.is_none());
            let mut packets = packets()?;
            let mut seen = Vec::new();
            while silent_about_it
                && seen.len() < INSPECTED
                && let Ok(Some(packet)) = packets.next()
            {
                seen.push(packet.data);
            }
            if aac::has_sbr(seen.iter().map(|data| &data[..])) {
                return Ok(Matroska::Foreign("HE-AAC".into()));
            }
        }
        let run_up = match &params.extra_data {
            Some(head) if params.codec == CODEC_ID_OPUS => Fields(head).le16(10),
            _ => None,
        };
        let flac = params.codec == CODEC_ID_FLAC;
        let mask = flac.then(|| flac::mask_in(&self.private)).flatten();
        let tag = mask.map(|mask| (FLAC_MASK, mask));
        Ok(Matroska::Stream {
            stream: Demuxed::tagged(*params, None, packets()?, tag),
            run_up: run_up.unwrap_or(0).into(),
        })
    }
}
