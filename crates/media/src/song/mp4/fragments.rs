//! Movie fragments: what a live encoder writes instead of one index.

use super::super::chunks::Fields;
use super::boxes::{all, child};
use super::table::Sample;

/// Flags of a track fragment's header (ISO/IEC 14496-12, 8.8.7).
const BASE_OFFSET: u32 = 1;
const DESCRIPTION: u32 = 2;
const DURATION: u32 = 8;
const SIZE: u32 = 0x10;
const BASE_IS_MOOF: u32 = 0x2_0000;

/// Flags of a run (8.8.8).
const RUN_OFFSET: u32 = 1;
const RUN_FIRST_FLAGS: u32 = 4;
const RUN_DURATIONS: u32 = 0x100;
const RUN_SIZES: u32 = 0x200;
const RUN_FLAGS: u32 = 0x400;
const RUN_COMPOSITION: u32 = 0x800;

/// Appends what the fragment `(at, moof)` holds of a track.
pub(super) fn append(
    (at, moof): &(u64, Vec<u8>),
    moov: &[u8],
    track: u32,
    samples: &mut Vec<Sample>,
) {
    let mut last_end = *at;
    for (_, traf) in all(moof).filter(|(kind, _)| kind == b"traf") {
        let end = track_fragment((*at, last_end), traf, moov, track, samples);
        last_end = end.unwrap_or(last_end);
    }
}

/// Durations and sizes where a run does not state them.
fn defaults(moov: &[u8], track: u32) -> (u32, u32) {
    let extends = child(moov, b"mvex").unwrap_or_default();
    let found = all(extends)
        .filter(|(kind, _)| kind == b"trex")
        .map(|(_, body)| Fields(body))
        .find(|fields| fields.be32(4) == Some(track));
    found
        .and_then(|fields| Some((fields.be32(12)?, fields.be32(16)?)))
        .unwrap_or((0, 0))
}

/// Reads a `traf` of the fragment that begins at `moof`; where its data end in the file. The data
/// of the one before it ended at `last_end`.
fn track_fragment(
    (moof, last_end): (u64, u64),
    traf: &[u8],
    moov: &[u8],
    track: u32,
    samples: &mut Vec<Sample>,
) -> Option<u64> {
    let header = Fields(child(traf, b"tfhd")?);
    let (flags, id) = (header.be32(0)? & 0xff_ffff, header.be32(4)?);
    let (mut ticks, mut size) = defaults(moov, id);
    let mut at = 8;
    // Data count from the fragment's start, unless told otherwise, or from where the last ended.
    let mut base = if flags & BASE_IS_MOOF != 0 {
        moof
    } else {
        last_end
    };
    if flags & BASE_OFFSET != 0 {
        base = header.be64(at)?;
        at += 8;
    }
    if flags & DESCRIPTION != 0 {
        at += 4;
    }
    if flags & DURATION != 0 {
        ticks = header.be32(at)?;
        at += 4;
    }
    if flags & SIZE != 0 {
        size = header.be32(at)?;
    }
    let stated = child(traf, b"tfdt").and_then(|body| {
        let fields = Fields(body);
        match fields.u8(0)? {
            1 => fields.be64(4),
            _ => fields.be32(4).map(u64::from),
        }
    });
    let so_far = samples.last().map_or(0, Sample::end);
    let (mut start, mut at) = (stated.unwrap_or(so_far), base);
    for (_, run) in all(traf).filter(|(kind, _)| kind == b"trun") {
        let run = Fields(run);
        let (flags, count) = (run.be32(0)? & 0xff_ffff, run.be32(4)?);
        let mut field = 8;
        if flags & RUN_OFFSET != 0 {
            at = base.checked_add_signed((run.be32(field)? as i32).into())?;
            field += 4;
        }
        if flags & RUN_FIRST_FLAGS != 0 {
            field += 4;
        }
        let mut next = |there: u32| -> Option<Option<u32>> {
            if flags & there == 0 {
                return Some(None);
            }
            let value = run.be32(field)?;
            field += 4;
            Some(Some(value))
        };
        for _ in 0..count {
            let ticks = next(RUN_DURATIONS)?.unwrap_or(ticks);
            let bytes = next(RUN_SIZES)?.unwrap_or(size);
            next(RUN_FLAGS)?;
            next(RUN_COMPOSITION)?;
            if id == track {
                samples.push(Sample {
                    at,
                    bytes,
                    start,
                    ticks,
                });
            }
            at = at.checked_add(bytes.into())?;
            start = start.checked_add(ticks.into())?;
        }
    }
    Some(at)
}
