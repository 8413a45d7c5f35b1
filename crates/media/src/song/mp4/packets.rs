//! The packets of a compressed track, in the order in which its edit list plays them.

use std::fs::File;
use std::io::{self, BufReader, Read, Seek, SeekFrom};
use std::path::Path;

use symphonia::core::codecs::audio::AudioCodecParameters;
use symphonia::core::errors::Result;
use symphonia::core::packet::{Packet, PacketBuilder};
use symphonia::core::units::{Duration, Timestamp};

use super::super::aac;
use super::super::chunks::bytes_at;
use super::super::demuxed::{Packets, TRACK};
use super::table::{Sample, Span};

/// Decoded before an edit that begins within a track, so that overlaps and bit reservoirs are
/// filled, seconds.
const RUN_UP: u64 = 1;

/// A packet is no larger, bytes.
const LARGEST_PACKET: u32 = 16 << 20;

/// Packets that are looked at for spectral band replication.
const INSPECTED: usize = 24;

/// Whether AAC has spectral band replication that its description is silent about.
///
/// # Errors
/// When the file cannot be read.
pub(super) fn has_sbr(
    path: &Path,
    samples: &[Sample],
    params: &AudioCodecParameters,
) -> io::Result<bool> {
    let config = params.extra_data.as_deref().and_then(aac::Config::read);
    if config.is_none_or(|config| config.sbr.is_some()) {
        return Ok(false);
    }
    let mut file = File::open(path)?;
    let mut seen = Vec::new();
    for sample in samples.iter().take(INSPECTED) {
        seen.push(bytes_at(&mut file, sample.at, sample.bytes.into())?);
    }
    Ok(aac::has_sbr(seen.iter().map(Vec::as_slice)))
}

pub(super) struct Mp4Packets {
    file: BufReader<File>,
    samples: Vec<Sample>,
    spans: Vec<Span>,
    scale: u64,
    rate: u64,
    /// The span that is being played.
    span: usize,
    /// The next sample.
    next: usize,
    /// Frames handed out so far.
    played: u64,
}

impl Mp4Packets {
    /// # Errors
    /// When the file cannot be opened again.
    pub(super) fn new(
        path: &Path,
        samples: Vec<Sample>,
        mut spans: Vec<Span>,
        scale: u32,
        rate: u32,
    ) -> io::Result<Self> {
        if spans.is_empty() {
            spans.push(0..u64::MAX);
        }
        let mut packets = Self {
            file: BufReader::new(File::open(path)?),
            samples,
            spans,
            scale: scale.into(),
            rate: rate.into(),
            span: 0,
            next: 0,
            played: 0,
        };
        packets.begin_span();
        Ok(packets)
    }

    /// Frames that will be played in all. `packet` is what every packet decodes to, where they are
    /// alike: fragments do not always state it truly.
    pub(super) fn length(&self, packet: Option<u64>) -> u64 {
        let stated = self.samples.last().map_or(0, Sample::end);
        let counted = packet.map(|frames| {
            let frames = u128::from(frames) * self.samples.len() as u128;
            u64::try_from(frames * u128::from(self.scale) / u128::from(self.rate)).unwrap_or(0)
        });
        let end = counted.map_or(stated, |counted| counted.min(stated));
        let ticks = self.spans.iter().map(|span| {
            let end = span.end.min(end);
            end.saturating_sub(span.start)
        });
        self.frames(ticks.fold(0, u64::saturating_add))
    }

    /// Ticks as frames.
    fn frames(&self, ticks: u64) -> u64 {
        let frames = u128::from(ticks) * u128::from(self.rate) + u128::from(self.scale) / 2;
        u64::try_from(frames / u128::from(self.scale)).unwrap_or(u64::MAX)
    }

    fn begin_span(&mut self) {
        if let Some(span) = self.spans.get(self.span) {
            let from = span.start.saturating_sub(RUN_UP * self.scale);
            let first = self.samples.partition_point(|sample| sample.end() <= from);
            // A span beyond the track's end holds nothing, but the track is still one of sound.
            self.next = first.min(self.samples.len().saturating_sub(1));
        }
    }
}

impl Packets for Mp4Packets {
    fn next(&mut self) -> Result<Option<Packet>> {
        let (sample, span) = loop {
            let Some(span) = self.spans.get(self.span).cloned() else {
                return Ok(None);
            };
            match self.samples.get(self.next).copied() {
                Some(sample) if sample.start < span.end => break (sample, span),
                _ => {
                    self.span += 1;
                    self.begin_span();
                }
            }
        };
        self.next += 1;
        let mut data = Vec::new();
        self.file.seek(SeekFrom::Start(sample.at))?;
        let bytes = sample.bytes.min(LARGEST_PACKET);
        (&mut self.file).take(bytes.into()).read_to_end(&mut data)?;
        if (data.len() as u32) < bytes {
            return Err(io::Error::from(io::ErrorKind::UnexpectedEof).into());
        }
        let all = self.frames(sample.ticks.into());
        let before = self
            .frames(span.start.saturating_sub(sample.start))
            .min(all);
        let mut after = self.frames(sample.end().saturating_sub(span.end));
        // The last packet may decode to more than the table says.
        if self.next == self.samples.len() {
            after = 0;
        }
        let after = after.min(all - before);
        let at = Timestamp::new(self.played as i64);
        self.played += all - before - after;
        let packet = PacketBuilder::new()
            .track_id(TRACK)
            .pts(at)
            .dur(Duration::new(all - before - after))
            .trim_start(Duration::new(before))
            .trim_end(Duration::new(after))
            .data(data)
            .build();
        Ok(Some(packet))
    }
}
