//! Sample tables and edit lists: where each packet lies, and when it is heard.

use std::ops::Range;

use super::super::chunks::Fields;
use super::boxes::child;
use super::entry::Sound;

/// One packet of a track; in uncompressed sound, one chunk of frames.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Sample {
    /// Where it lies in the file, bytes.
    pub(super) at: u64,
    pub(super) bytes: u32,
    /// When it begins and how long it takes, in ticks of the track.
    pub(super) start: u64,
    pub(super) ticks: u32,
}

impl Sample {
    pub(super) fn end(&self) -> u64 {
        self.start + u64::from(self.ticks)
    }
}

/// A part of a track that is played, in its ticks.
pub(super) type Span = Range<u64>;

/// The entries of a table: version, flags and `count_at` the number of them, then `size` bytes each.
fn entries(table: &[u8], header: usize, size: usize) -> impl Iterator<Item = Fields<'_>> {
    let count = Fields(table).be32(header - 4).unwrap_or(0) as usize;
    let body = table.get(header..).unwrap_or_default();
    body.chunks_exact(size).take(count).map(Fields)
}

/// All samples of a sample table.
pub(super) fn samples(table: &[u8], sound: &Sound) -> Vec<Sample> {
    let offsets: Vec<u64> = match (child(table, b"stco"), child(table, b"co64")) {
        (Some(table), _) => entries(table, 8, 4)
            .filter_map(|entry| entry.be32(0))
            .map(u64::from)
            .collect(),
        (None, Some(table)) => entries(table, 8, 8)
            .filter_map(|entry| entry.be64(0))
            .collect(),
        _ => Vec::new(),
    };
    let chunks = child(table, b"stsc").unwrap_or_default();
    let runs: Vec<(u32, u32)> = entries(chunks, 8, 12)
        .filter_map(|entry| Some((entry.be32(0)?, entry.be32(4)?)))
        .collect();
    // How many samples each chunk holds.
    let mut run = 0;
    let per_chunk = offsets.iter().enumerate().map(|(chunk, &at)| {
        while runs
            .get(run + 1)
            .is_some_and(|next| next.0 as usize <= chunk + 1)
        {
            run += 1;
        }
        (at, runs.get(run).map_or(0, |run| run.1))
    });
    match sound {
        Sound::Pcm { sample, channels } => {
            let frame = sample.bytes * channels.count() as u32;
            let mut start = 0;
            let chunks = per_chunk.map(|(at, frames)| {
                let sample = Sample {
                    at,
                    bytes: frames.saturating_mul(frame),
                    start,
                    ticks: frames,
                };
                start += u64::from(frames);
                sample
            });
            chunks.collect()
        }
        _ => coded_samples(table, per_chunk),
    }
}

fn coded_samples(table: &[u8], chunks: impl Iterator<Item = (u64, u32)>) -> Vec<Sample> {
    let mut sizes = sizes(table);
    let mut times = entries(child(table, b"stts").unwrap_or_default(), 8, 8)
        .filter_map(|entry| Some((entry.be32(0)?, entry.be32(4)?)));
    let (mut left, mut ticks, mut start) = (0, 0, 0);
    let mut samples = Vec::new();
    for (mut at, count) in chunks {
        for _ in 0..count {
            let Some(bytes) = sizes.next() else {
                return samples;
            };
            while left == 0 {
                // A table that is too short goes on as it ended.
                (left, ticks) = times.next().unwrap_or((u32::MAX, ticks));
            }
            left -= 1;
            samples.push(Sample {
                at,
                bytes,
                start,
                ticks,
            });
            at = at.saturating_add(bytes.into());
            start += u64::from(ticks);
        }
    }
    samples
}

/// The size of each sample: all alike, or a list of them.
fn sizes(table: &[u8]) -> Box<dyn Iterator<Item = u32> + '_> {
    if let Some(compact) = child(table, b"stz2") {
        let (bits, count) = (
            compact.get(7).copied().unwrap_or(0),
            Fields(compact).be32(8),
        );
        let body = compact.get(12..).unwrap_or_default();
        let count = count.unwrap_or(0) as usize;
        return match bits {
            4 => Box::new(
                body.iter()
                    .flat_map(|byte| [u32::from(byte >> 4), u32::from(byte & 15)])
                    .take(count),
            ),
            8 => Box::new(body.iter().map(|&byte| byte.into()).take(count)),
            _ => Box::new(
                body.chunks_exact(2)
                    .map(|two| u16::from_be_bytes([two[0], two[1]]).into())
                    .take(count),
            ),
        };
    }
    let table = child(table, b"stsz").unwrap_or_default();
    let fields = Fields(table);
    match fields.be32(4) {
        Some(size) if size > 0 => Box::new(std::iter::repeat_n(
            size,
            fields.be32(8).unwrap_or(0) as usize,
        )),
        _ => Box::new(entries(table, 12, 4).filter_map(|entry| entry.be32(0))),
    }
}

/// The parts that an edit list plays, of a track of `length` ticks. An empty edit only delays.
pub(super) fn spans(list: &[u8], movie_scale: u32, scale: u32, length: u64) -> Vec<Span> {
    let wide = list.first() == Some(&1);
    let tick = u64::from(scale).div_ceil(movie_scale.into());
    let edits = entries(list, 8, if wide { 20 } else { 12 }).filter_map(|entry| {
        let (duration, start) = match wide {
            true => (entry.be64(0)?, entry.be64(8)? as i64),
            false => (entry.be32(0)?.into(), (entry.be32(4)? as i32).into()),
        };
        let start = u64::try_from(start).ok()?;
        let ticks = u128::from(duration) * u128::from(scale);
        let ticks = (ticks + u128::from(movie_scale) / 2) / u128::from(movie_scale);
        let mut end = start.saturating_add(u64::try_from(ticks).unwrap_or(u64::MAX));
        // An edit without a length goes on to the end; and the movie's clock is a coarse one.
        if duration == 0 || end.abs_diff(length) <= tick {
            end = if length > 0 {
                length.max(start)
            } else {
                u64::MAX
            };
        }
        Some(start..end)
    });
    edits.collect()
}

/// Where the frames of `spans` lie in a file of `file_end` bytes, for uncompressed sound of
/// `frame` bytes a frame; and how many frames there would be, where some are missing.
pub(super) fn pieces(
    samples: &[Sample],
    spans: &[Span],
    frame: u64,
    file_end: u64,
) -> (Vec<Range<u64>>, Option<u64>) {
    let everything = 0..u64::MAX;
    let spans = match spans {
        [] => std::slice::from_ref(&everything),
        spans => spans,
    };
    let (mut pieces, mut promised, mut there) = (Vec::<Range<u64>>::new(), 0, 0);
    for span in spans {
        for sample in samples {
            let (from, to) = (sample.start.max(span.start), sample.end().min(span.end));
            if from >= to {
                continue;
            }
            promised += to - from;
            let start = sample.at + (from - sample.start) * frame;
            let whole = file_end.saturating_sub(start) / frame.max(1);
            let frames = whole.min(to - from);
            there += frames;
            let piece = start..start + frames * frame;
            match pieces.last_mut() {
                Some(last) if last.end == piece.start => last.end = piece.end,
                _ if frames > 0 => pieces.push(piece),
                _ => {}
            }
        }
    }
    (pieces, (there < promised).then_some(promised))
}
