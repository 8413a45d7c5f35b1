//! Where a track's samples lie, how long they last, and which are keys.

use super::boxes::{boxed, full_boxed};
use super::track::Samples;

/// The tables: `times` are runs of samples and the ticks of each.
pub(super) fn stbl(samples: &Samples, entry: &[u8], times: &[(u32, u32)]) -> Vec<u8> {
    let runs = |b: &mut Vec<u8>, runs: &[(u32, u32)]| {
        b.extend((runs.len() as u32).to_be_bytes());
        for (count, ticks) in runs {
            b.extend(count.to_be_bytes());
            b.extend(ticks.to_be_bytes());
        }
    };
    boxed(b"stbl", |stbl| {
        stbl.extend(full_boxed(b"stsd", 0, 0, |b| {
            b.extend(1u32.to_be_bytes());
            b.extend(entry);
        }));
        let times: Vec<_> = times.iter().copied().filter(|run| run.0 > 0).collect();
        stbl.extend(full_boxed(b"stts", 0, 0, |b| runs(b, &times)));
        if !samples.keys.is_empty() {
            stbl.extend(full_boxed(b"stss", 0, 0, |b| {
                b.extend((samples.keys.len() as u32).to_be_bytes());
                b.extend(samples.keys.iter().flat_map(|key| key.to_be_bytes()));
            }));
        }
        stbl.extend(stsc(samples));
        stbl.extend(full_boxed(b"stsz", 0, 0, |b| {
            b.extend([0; 4]);
            b.extend(samples.count().to_be_bytes());
            b.extend(samples.sizes.iter().flat_map(|size| size.to_be_bytes()));
        }));
        stbl.extend(full_boxed(b"co64", 0, 0, |b| {
            b.extend((samples.chunks.len() as u32).to_be_bytes());
            b.extend(
                samples
                    .chunks
                    .iter()
                    .flat_map(|chunk| chunk.0.to_be_bytes()),
            );
        }));
    })
}

/// How many samples each chunk holds, in runs of equal chunks.
fn stsc(samples: &Samples) -> Vec<u8> {
    let mut runs: Vec<[u32; 3]> = Vec::new();
    for (i, &(_, count)) in samples.chunks.iter().enumerate() {
        if runs.last().is_none_or(|run| run[1] != count) {
            runs.push([i as u32 + 1, count, 1]);
        }
    }
    full_boxed(b"stsc", 0, 0, |b| {
        b.extend((runs.len() as u32).to_be_bytes());
        b.extend(runs.iter().flatten().flat_map(|value| value.to_be_bytes()));
    })
}
