//! What a song's analysis looks like when it must fit a number of columns.

use crate::emotion::{CLASSES, Emotion};
use crate::signal::{AudioFrame, BANDS};

/// What was heard in the time of one column of pixels.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Column {
    /// Mean level of each band, 0 to 1.
    pub bands: [f32; BANDS],
    /// Loudest moment, LUFS.
    pub loudness: f32,
    /// Mean tempo where it is known, beats per minute; 0 where it is not.
    pub tempo: f32,
    /// Mean confidence in the beat, 0 to 1.
    pub beat_confidence: f32,
}

/// A beat.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct BeatMark {
    /// Seconds from the start.
    pub seconds: f64,
    /// Its number in the bar, 0 where a bar starts.
    pub in_bar: u8,
    /// 0 to 1.
    pub confidence: f32,
}

/// Replaces what is not a number by `otherwise` and keeps the rest within `low..=high`.
pub fn tame(value: f32, low: f32, high: f32, otherwise: f32) -> f32 {
    if value.is_finite() {
        value.clamp(low, high)
    } else {
        otherwise
    }
}

/// Spreads `frames` over `count` columns of `duration` seconds. A column that no frame ends in
/// shows the frame before it; before the first there is none.
pub fn columns(
    frames: &[AudioFrame],
    sample_rate: f64,
    duration: f64,
    count: usize,
) -> Vec<Option<Column>> {
    let mut columns = Vec::with_capacity(count);
    let mut next = 0;
    let mut last = None;
    for index in 0..count {
        let end = duration * (index + 1) as f64 / count as f64;
        let first = next;
        while next < frames.len() && seconds(&frames[next], sample_rate) <= end {
            next += 1;
        }
        if next > first {
            last = Some(column(&frames[first..next]));
        }
        columns.push(last);
    }
    columns
}

fn seconds(frame: &AudioFrame, sample_rate: f64) -> f64 {
    frame.position as f64 / sample_rate.max(1.0)
}

fn column(frames: &[AudioFrame]) -> Column {
    let count = frames.len() as f32;
    let mut column = Column {
        loudness: -70.0,
        ..Column::default()
    };
    let mut known = 0.0;
    for frame in frames {
        for (sum, &level) in column.bands.iter_mut().zip(&frame.bands) {
            *sum += tame(level, 0.0, 1.0, 0.0) / count;
        }
        column.loudness = column
            .loudness
            .max(tame(frame.loudness, -70.0, 10.0, -70.0));
        column.beat_confidence += tame(frame.beat.confidence, 0.0, 1.0, 0.0) / count;
        let tempo = tame(frame.beat.tempo, 0.0, 1000.0, 0.0);
        if tempo > 0.0 {
            column.tempo += tempo;
            known += 1.0;
        }
    }
    if known > 0.0 {
        column.tempo /= known;
    }
    column
}

/// Frames after a beat by which its number in the bar is known.
const NUMBER_KNOWN: usize = 6;

/// The beats of `frames`: where the count of beats passes a whole number.
pub fn beats(frames: &[AudioFrame], sample_rate: f64) -> Vec<BeatMark> {
    // On a stage its number in the bar is known a little after the beat.
    let known = |index: usize| {
        let later = &frames[(index + NUMBER_KNOWN).min(frames.len() - 1)];
        let is_same = later.beat.beats.floor() == frames[index].beat.beats.floor();
        if is_same { later } else { &frames[index] }
    };
    frames
        .windows(2)
        .enumerate()
        .filter(|(_, pair)| {
            pair[1].beat.beats.is_finite()
                && pair[0].beat.beats.is_finite()
                && pair[1].beat.beats.floor() > pair[0].beat.beats.floor()
        })
        .map(|(index, pair)| BeatMark {
            seconds: {
                // Between two frames, where the count passes a whole number.
                let [before, after] = [pair[0].beat.beats, pair[1].beat.beats];
                let share = (after.floor() - before) / (after - before);
                let [from, to] = [0, 1].map(|i| seconds(&pair[i], sample_rate));
                from + share * (to - from)
            },
            in_bar: known(index + 1).beat.in_bar,
            confidence: tame(pair[1].beat.confidence, 0.0, 1.0, 0.0),
        })
        .collect()
}

/// Tames `emotions`, and averages neighbours until at most `count` are left. Times are seconds.
pub fn emotions(rows: &[(f64, Emotion)], count: usize) -> Vec<(f64, Emotion)> {
    let size = rows.len().div_ceil(count.max(1)).max(1);
    rows.chunks(size)
        .map(|chunk| {
            let share = 1.0 / chunk.len() as f32;
            let mut mean = Emotion {
                valence: 0.0,
                arousal: 0.0,
                classes: [0.0; CLASSES],
                confidence: 0.0,
            };
            let mut time = 0.0;
            for (seconds, emotion) in chunk {
                time += seconds / chunk.len() as f64;
                mean.valence += share * tame(emotion.valence, -1.0, 1.0, 0.0);
                mean.arousal += share * tame(emotion.arousal, -1.0, 1.0, 0.0);
                mean.confidence += share * tame(emotion.confidence, 0.0, 1.0, 0.0);
                for (sum, &weight) in mean.classes.iter_mut().zip(&emotion.classes) {
                    *sum += share * tame(weight, 0.0, 1.0, 0.0);
                }
            }
            (time, mean)
        })
        .filter(|(time, _)| time.is_finite())
        .collect()
}

/// Mean weight of each class over the song; all 0 when nothing was felt.
pub fn shares(rows: &[(f64, Emotion)]) -> [f32; CLASSES] {
    let mean = emotions(rows, 1);
    let mut shares = mean
        .first()
        .map_or([0.0; CLASSES], |(_, mean)| mean.classes);
    let sum: f32 = shares.iter().sum();
    if sum > 0.0 {
        shares.iter_mut().for_each(|share| *share /= sum);
    }
    shares
}

/// The usual tempo: the median over the columns in which a beat was heard.
pub fn usual_tempo(columns: &[Option<Column>]) -> Option<f32> {
    let mut tempi: Vec<f32> = columns
        .iter()
        .flatten()
        .filter(|column| column.tempo > 0.0 && column.beat_confidence > 0.3)
        .map(|column| column.tempo)
        .collect();
    tempi.sort_by(f32::total_cmp);
    tempi.get(tempi.len() / 2).copied()
}

/// Distance between labels of a time axis so that about ten of them fit, seconds.
pub fn time_step(duration: f64) -> f64 {
    const STEPS: [f64; 15] = [
        0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 15.0, 30.0, 60.0, 120.0, 300.0, 600.0, 900.0, 1800.0,
    ];
    STEPS
        .into_iter()
        .find(|step| duration / step <= 12.0)
        .unwrap_or_else(|| (duration / 12.0 / 3600.0).ceil() * 3600.0)
}

/// A time as people write it: `0:07`, `3:42`, `1:02:03`; with a tenth where `step` needs one.
pub fn clock(seconds: f64, step: f64) -> String {
    let tenths = (seconds.max(0.0) * 10.0).round() as u64;
    let whole = tenths / 10;
    let (hours, minutes, rest) = (whole / 3600, whole / 60 % 60, whole % 60);
    let fraction = if step < 1.0 {
        format!(".{}", tenths % 10)
    } else {
        String::new()
    };
    if hours > 0 {
        format!("{hours}:{minutes:02}:{rest:02}{fraction}")
    } else {
        format!("{minutes}:{rest:02}{fraction}")
    }
}
