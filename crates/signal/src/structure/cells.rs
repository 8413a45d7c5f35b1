//! What is heard of each beat: the grain in which a song's structure is sought.

use crate::frame::{AudioFrame, BANDS, CHROMA, PARTS};

/// Levels of the spectrum's shape: parts of the bands by twos.
const SHAPE: usize = BANDS * PARTS / 2;

/// Numbers of a cell: the spectrum's shape and level, onsets by band, pitch classes.
pub(super) const FEATURES: usize = SHAPE + 1 + BANDS + CHROMA;

/// Where each group of numbers ends, and what it counts.
pub(super) const GROUPS: [Group; 4] = [
    Group::new(0, SHAPE, 1.0, 0.10),
    Group::new(SHAPE, 1, 0.5, 0.01),
    Group::new(SHAPE + 1, BANDS, 0.5, 0.02),
    Group::new(SHAPE + 1 + BANDS, CHROMA, 1.0, 0.03),
];

/// Numbers that are measured on one scale.
#[derive(Clone, Copy)]
pub(super) struct Group {
    pub(super) first: usize,
    pub(super) count: usize,
    /// Its weight beside the others.
    pub(super) weight: f32,
    /// Least variance: what varies less is as good as still.
    pub(super) still: f32,
}

impl Group {
    const fn new(first: usize, count: usize, weight: f32, still: f32) -> Self {
        Self {
            first,
            count,
            weight,
            still,
        }
    }

    pub(super) fn of<'a>(&self, features: &'a [f32; FEATURES]) -> &'a [f32] {
        &features[self.first..self.first + self.count]
    }
}

pub(super) const CHROMA_GROUP: Group = GROUPS[3];

/// Levels are counted in tens of decibels down from full scale to this.
const FLOOR: f32 = -7.0;

/// Below the loudest part by this, tens of decibels, the spectrum's shape is not heard.
const MASKED: f32 = 5.0;

/// A cell below this level is silent, tens of decibels.
const SILENT: f32 = -6.0;

/// Tempo at which cells are as long as beats, beats per minute; beyond it they are half or twice as
/// long, so that a tracker that goes over to half the tempo does not change the grain.
const GRAIN_TEMPO: (f64, f64) = (72.0, 156.0);

/// Hops until the window has left what was before a beat.
const DELAY: u32 = 2;

/// Longest cell, seconds, whatever becomes of the count of beats.
const LONGEST: f64 = 2.0;

/// What was heard between two beats.
#[derive(Clone, Copy, Debug)]
pub(super) struct Cell {
    /// Where it begins, seconds.
    pub(super) seconds: f64,
    /// The count of beats there.
    pub(super) beats: f64,
    /// Whether a beat begins with it that begins a bar; how certain, 0 to 1.
    pub(super) downbeat: f32,
    /// Mean certainty of the beat, 0 to 1.
    pub(super) confidence: f32,
    /// The numbers in which cells are compared.
    pub(super) features: [f32; FEATURES],
    /// Mean level of the bass, 0 to 1.
    pub(super) bass: f32,
    /// Mean level above 2 kHz, 0 to 1.
    pub(super) treble: f32,
    /// Mean power, tens of decibels from full scale.
    pub(super) level: f32,
    /// Mean onset strength.
    pub(super) density: f32,
    /// Mean onset strength below 150 Hz or so: kick and bass.
    pub(super) low_density: f32,
    /// Mean flatness, 0 to 1.
    pub(super) flatness: f32,
}

impl Cell {
    pub(super) fn is_silent(&self) -> bool {
        self.level < SILENT
    }
}

/// Sums over the hops of a cell.
#[derive(Clone, Copy, Debug)]
struct Sums {
    hops: f32,
    shape: [f32; SHAPE],
    power: f32,
    onsets: [f32; BANDS],
    chroma: [f32; CHROMA],
    rest: [f32; 6],
}

impl Sums {
    const NONE: Self = Self {
        hops: 0.0,
        shape: [0.0; SHAPE],
        power: 0.0,
        onsets: [0.0; BANDS],
        chroma: [0.0; CHROMA],
        rest: [0.0; 6],
    };

    fn hear(&mut self, frame: &AudioFrame) {
        self.hops += 1.0;
        let (pairs, _) = frame.parts.as_chunks::<2>();
        for (sum, pair) in self.shape.iter_mut().zip(pairs) {
            let power = tame(pair[0]) + tame(pair[1]);
            self.power += power;
            *sum += decibels(power);
        }
        for (sum, &onset) in self.onsets.iter_mut().zip(&frame.onsets) {
            *sum += tame(onset);
        }
        for (sum, &energy) in self.chroma.iter_mut().zip(&frame.chroma) {
            *sum += tame(energy);
        }
        let low = tame(frame.onsets[0]).max(tame(frame.onsets[1]));
        let rest = [
            frame.beat.confidence,
            frame.bass.level,
            frame.treble.level,
            frame.onset,
            low,
            frame.flatness,
        ];
        for (sum, value) in self.rest.iter_mut().zip(rest) {
            *sum += tame(value);
        }
    }

    fn features(&self, level: f32) -> [f32; FEATURES] {
        let share = 1.0 / self.hops.max(1.0);
        let mut features = [0.0; FEATURES];
        let (shape, others) = features.split_at_mut(SHAPE);
        let loudest = self.shape.iter().fold(f32::MIN, |a, &b| a.max(b)) * share;
        for (feature, sum) in shape.iter_mut().zip(self.shape) {
            *feature = (sum * share).max(loudest - MASKED);
        }
        let mean = shape.iter().sum::<f32>() / SHAPE as f32;
        shape.iter_mut().for_each(|x| *x -= mean);
        others[0] = level;
        for (feature, sum) in others[1..].iter_mut().zip(self.onsets) {
            *feature = sum * share;
        }
        let length = self.chroma.iter().map(|x| x * x).sum::<f32>().sqrt();
        for (feature, sum) in others[1 + BANDS..].iter_mut().zip(self.chroma) {
            *feature = sum / length.max(1e-6);
        }
        features
    }
}

/// A finite number, not below nothing and not beyond reason.
fn tame(value: f32) -> f32 {
    if value.is_finite() {
        value.clamp(0.0, 1e4)
    } else {
        0.0
    }
}

/// Tens of decibels from full scale.
fn decibels(power: f32) -> f32 {
    power.max(1e-7).log10().max(FLOOR)
}

/// Where a beat was passed.
#[derive(Clone, Copy, Debug)]
struct Edge {
    seconds: f64,
    beats: f64,
    downbeat: f32,
}

/// Gathers frames into cells.
#[derive(Clone, Debug)]
pub(super) struct Gatherer {
    sample_rate: f64,
    /// Seconds and count of beats of the last frame.
    last: Option<(f64, f64)>,
    /// Cells a beat: 1/2, 1 or 2; and where in two beats a long cell begins.
    cells_a_beat: f64,
    shift: f64,
    /// Where the cell that is being heard began.
    edge: Edge,
    /// Where it ended, and hops since.
    passed: Option<(Edge, u32)>,
    sums: Sums,
}

impl Gatherer {
    pub(super) fn new(sample_rate: f64) -> Self {
        Self {
            sample_rate: sample_rate.max(1.0),
            last: None,
            cells_a_beat: 1.0,
            shift: 0.0,
            edge: Edge {
                seconds: 0.0,
                beats: 0.0,
                downbeat: 0.0,
            },
            passed: None,
            sums: Sums::NONE,
        }
    }

    /// Takes the next frame; the cell that it completes. Frames out of order are left out.
    pub(super) fn hear(&mut self, frame: &AudioFrame) -> Option<Cell> {
        let seconds = frame.position as f64 / self.sample_rate;
        let (before, counted) = self.last.unwrap_or_default();
        if self.last.is_some() && seconds <= before {
            return None;
        }
        // A count that stands still or is none goes on at two a second.
        let beats = if frame.beat.beats.is_finite() && frame.beat.beats > counted {
            frame.beat.beats
        } else {
            counted + 2.0 * (seconds - before)
        };
        self.last = Some((seconds, beats));

        let mut done = None;
        if let Some((edge, hops)) = self.passed {
            if hops + 1 >= DELAY {
                done = self.close(edge);
                self.passed = None;
            } else {
                self.passed = Some((edge, hops + 1));
            }
        }
        self.sums.hear(frame);
        let step = self.step(frame, (before, counted), (seconds, beats));
        if self.passed.is_none() {
            self.passed = step.map(|edge| (edge, 0));
        }
        done
    }

    /// The edge between two cells that was passed between two frames.
    fn step(&mut self, frame: &AudioFrame, from: (f64, f64), to: (f64, f64)) -> Option<Edge> {
        let beat = to.1.floor() > from.1.floor();
        let bar = beat && frame.beat.in_bar == 0;
        if beat {
            let tempo = f64::from(frame.beat.tempo) * self.cells_a_beat;
            if tempo < GRAIN_TEMPO.0 && self.cells_a_beat < 2.0 {
                self.cells_a_beat *= 2.0;
            } else if tempo > GRAIN_TEMPO.1 && self.cells_a_beat > 0.5 {
                self.cells_a_beat *= 0.5;
            }
        }
        let cell = |beats: f64| beats * self.cells_a_beat + self.shift;
        if bar && frame.beat.confidence > 0.3 && cell(to.1.floor()).fract() != 0.0 {
            self.shift = 0.5 - self.shift;
        }
        let cell = |beats: f64| beats * self.cells_a_beat + self.shift;
        let (was, is) = (cell(from.1), cell(to.1));
        let late = to.0 - self.edge.seconds > LONGEST;
        if is.floor() <= was.floor() && !late {
            return None;
        }
        let share = if is > was && !late {
            ((is.floor() - was) / (is - was)).clamp(0.0, 1.0)
        } else {
            1.0
        };
        Some(Edge {
            seconds: from.0 + share * (to.0 - from.0),
            beats: from.1 + share * (to.1 - from.1),
            downbeat: if bar {
                tame(frame.beat.confidence)
            } else {
                0.0
            },
        })
    }

    /// What has been heard since the last cell, if anything.
    pub(super) fn finish(&mut self) -> Option<Cell> {
        let (seconds, beats) = self.last?;
        self.close(Edge {
            seconds,
            beats,
            downbeat: 0.0,
        })
    }

    /// Seconds and count of beats of the last frame.
    pub(super) fn end(&self) -> (f64, f64) {
        self.last.unwrap_or_default()
    }

    fn close(&mut self, next: Edge) -> Option<Cell> {
        let (edge, sums) = (self.edge, self.sums);
        self.edge = next;
        self.sums = Sums::NONE;
        if sums.hops == 0.0 {
            return None;
        }
        let level = decibels(sums.power / sums.hops);
        let [confidence, bass, treble, density, low_density, flatness] =
            sums.rest.map(|sum| sum / sums.hops);
        Some(Cell {
            seconds: edge.seconds,
            beats: edge.beats,
            downbeat: edge.downbeat,
            confidence,
            features: sums.features(level),
            bass,
            treble,
            level,
            density,
            low_density,
            flatness,
        })
    }
}
