//! The structure of a song that has been heard to its end.

use super::boundaries::{bar_length, boundaries};
use super::cells::{Cell, Gatherer};
use super::echoes::shared;
use super::energy::{Usual, breaks, drops, mean};
use super::form::{Break, BuildUp, Drop, FormPoint, Mark, Section, SectionName};
use super::novelty::{Means, novelty};
use super::recurrence::kinds;
use super::scale::{Point, Scale};
use crate::frame::AudioFrame;

/// A silence that lasts as long is a section of its own, seconds.
const SILENCE_SECONDS: f64 = 4.0;

/// From this certainty of the beat on, lengths are counted in bars.
const CERTAIN: f32 = 0.25;

/// A drop or the end of a build-up that lies as near to where a section begins is there, beats.
const NEAR_BEATS: f64 = 2.1;

/// How a whole song is built: its sections, build-ups, drops and breaks.
///
/// ```
/// use synopsia_signal::{Analyser, StructureAnalyser};
///
/// let mut analyser = Analyser::new(48_000.0, 1)?;
/// let mut structure = StructureAnalyser::new(48_000.0);
/// let silence = vec![0.0; 8 * 48_000];
/// analyser.process_interleaved(&silence, |frame| {
///     let mut frame = *frame;
///     // As whoever listens for beats fills them in: ninety a minute.
///     frame.beat.beats = frame.position as f64 / 32_000.0;
///     structure.hear(&frame);
/// });
/// let structure = structure.finish();
/// assert_eq!(structure.sections.len(), 1);
/// assert!(structure.at(0.5).breathes);
/// # Ok::<(), synopsia_signal::AnalyserError>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Structure {
    /// In the order of time and without gaps, from the song's start to its end; one at least, but for
    /// a song of which nothing was heard.
    pub sections: Vec<Section>,
    /// In the order of time; none overlap.
    pub build_ups: Vec<BuildUp>,
    /// In the order of time.
    pub drops: Vec<Drop>,
    /// In the order of time; none overlap.
    pub breaks: Vec<Break>,
}

/// Hears a whole song, and then says how it is built.
///
/// What it keeps grows with the song, by about half a kilobyte a second, and so does the work at its
/// end, but for the sections of a song, which are each compared with each.
#[derive(Clone, Debug)]
pub struct StructureAnalyser {
    gatherer: Gatherer,
    cells: Vec<Cell>,
}

impl StructureAnalyser {
    /// For frames that count their positions in samples at `sample_rate` Hz.
    pub fn new(sample_rate: f64) -> Self {
        Self {
            gatherer: Gatherer::new(sample_rate),
            cells: Vec::new(),
        }
    }

    /// Takes the next frame; those that lie before the last one are left out.
    pub fn hear(&mut self, frame: &AudioFrame) {
        self.cells.extend(self.gatherer.hear(frame));
    }

    /// The structure of what was heard.
    pub fn finish(mut self) -> Structure {
        self.cells.extend(self.gatherer.finish());
        let (seconds, beats) = self.gatherer.end();
        Structure::of_cells(&self.cells, Mark { seconds, beats })
    }
}

impl Structure {
    /// The structure of a song whose frames are these, their positions being samples at `sample_rate`
    /// Hz.
    pub fn of(frames: &[AudioFrame], sample_rate: f64) -> Self {
        let mut analyser = StructureAnalyser::new(sample_rate);
        frames.iter().for_each(|frame| analyser.hear(frame));
        analyser.finish()
    }

    fn of_cells(cells: &[Cell], end: Mark) -> Self {
        if cells.is_empty() {
            return Self::default();
        }
        let sounding: Vec<Cell> = cells
            .iter()
            .filter(|cell| !cell.is_silent())
            .copied()
            .collect();
        let (usual, bar) = (Usual::of(&sounding), bar_length(cells));
        let mark = |at: usize| {
            cells.get(at).map_or(end, |cell| Mark {
                seconds: cell.seconds,
                beats: cell.beats,
            })
        };
        let scale = Scale::of(&sounding);
        let points: Vec<Point> = cells
            .iter()
            .map(|cell| scale.point(&cell.features))
            .collect();
        let sections = sections(cells, &points, &usual, bar, mark);
        let (drops, build_ups) = drops(cells, &usual, bar);
        // A section begins on the beat on which it does, but a drop is heard from the first kick on.
        let begin = |at: usize| {
            let near = |section: &&Section| {
                let (beats, here) = (section.begin.beats, mark(at).beats);
                (beats - here).abs() <= NEAR_BEATS
            };
            sections.iter().find(near).map_or(mark(at), |s| s.begin)
        };
        let drops = drops.iter().map(|found| Drop {
            at: begin(found.cell),
            strength: found.strength,
        });
        let build_ups = build_ups.iter().map(|found| BuildUp {
            begin: mark(found.cell - found.length),
            end: begin(found.cell),
            strength: found.strength.min(1.0),
        });
        let breaks = breaks(cells, &usual, bar)
            .into_iter()
            .map(|(from, to)| Break {
                begin: mark(from),
                end: mark(to),
            });
        let (build_ups, drops) = (build_ups.collect(), drops.collect());
        Self {
            sections,
            build_ups,
            drops,
            breaks: breaks.collect(),
        }
    }

    /// Where in its form the song is at a moment, seconds; before its start and after its end, what is
    /// there at its start and its end.
    pub fn at(&self, seconds: f64) -> FormPoint {
        let number = self
            .sections
            .partition_point(|s| s.begin.seconds <= seconds);
        let number = number.saturating_sub(1);
        let Some(section) = self.sections.get(number) else {
            return FormPoint::default();
        };
        let since = |mark: Mark| seconds - mark.seconds;
        let share = |begin: Mark, end: Mark| {
            let length = (end.seconds - begin.seconds).max(1e-6);
            (since(begin) / length).clamp(0.0, 1.0) as f32
        };
        let next = self.drops.partition_point(|d| d.at.seconds <= seconds);
        let last = next.checked_sub(1).map(|last| self.drops[last]);
        let building = self.build_ups.iter();
        let building = building.filter(|b| since(b.begin) >= 0.0 && since(b.end) < 0.0);
        let mut breaks = self.breaks.iter();
        FormPoint {
            section: number as u32,
            begin: section.begin.seconds,
            name: section.name,
            occurrence: section.occurrence,
            position: share(section.begin, section.end),
            energy: section.energy,
            build: building.map(|b| share(b.begin, b.end)).fold(0.0, f32::max),
            since_drop: last.map(|drop| since(drop.at) as f32),
            drop: last.map_or(0.0, |drop| drop.strength),
            until_drop: self.drops.get(next).map(|drop| -since(drop.at) as f32),
            breathes: section.name.is_silence()
                || breaks.any(|b| since(b.begin) >= 0.0 && since(b.end) < 0.0),
        }
    }
}

/// Runs of cells that sound, and runs of silence that last long enough to count.
fn stretches(cells: &[Cell]) -> Vec<(usize, usize, bool)> {
    let mut stretches: Vec<(usize, usize, bool)> = Vec::new();
    let mut at = 0;
    for run in cells.chunk_by(|a, b| a.is_silent() == b.is_silent()) {
        let end = at + run.len();
        let until = cells.get(end).map_or(f64::INFINITY, |next| next.seconds);
        let until = until.min(run[run.len() - 1].seconds + 1.0);
        let silent = run[0].is_silent() && until - run[0].seconds >= SILENCE_SECONDS;
        match stretches.last_mut() {
            Some(last) if last.2 == silent => last.1 = end,
            _ => stretches.push((at, end, silent)),
        }
        at = end;
    }
    stretches
}

fn sections(
    cells: &[Cell],
    points: &[Point],
    usual: &Usual,
    bar: f64,
    mark: impl Fn(usize) -> Mark,
) -> Vec<Section> {
    let means = Means::of(points);
    let (mut begins, mut silences) = (Vec::new(), Vec::new());
    let mut new = Vec::with_capacity(cells.len());
    let stretches = stretches(cells);
    for &(from, to, _) in &stretches {
        new.extend(novelty(&means, from, to));
    }
    let new = shared(points, &new);
    for (from, to, silent) in stretches {
        if silent {
            silences.push(from);
            begins.push(from);
        } else {
            let found = boundaries(&cells[from..to], &new[from..to], bar);
            begins.extend(found.into_iter().map(|begin| from + begin));
        }
    }
    let kinds = kinds(&means, &begins, cells.len());
    let named = named(&begins, &kinds, &silences);
    let ends = begins.iter().skip(1).copied().chain([cells.len()]);
    begins
        .iter()
        .zip(ends)
        .zip(named)
        .map(|((&from, to), (name, occurrence))| {
            let heard = &cells[from..to];
            let certain = mean(heard, |cell| cell.confidence) > CERTAIN;
            Section {
                begin: mark(from),
                end: mark(to),
                name,
                occurrence,
                bars: certain.then(|| (heard.len() as f64 / bar).round() as u32),
                energy: usual.energy(heard),
            }
        })
        .collect()
}

/// Names and numbers of sections, by their kinds; silences have none.
fn named(begins: &[usize], kinds: &[usize], silences: &[usize]) -> Vec<(SectionName, u32)> {
    let mut known: Vec<(usize, u32)> = Vec::new();
    let mut silent = 0;
    let name = |(begin, &kind): (&usize, &usize)| {
        if silences.contains(begin) {
            silent += 1;
            return (SectionName::SILENCE, silent - 1);
        }
        let number = known.iter().position(|known| known.0 == kind);
        let number = number.unwrap_or_else(|| {
            known.push((kind, 0));
            known.len() - 1
        });
        known[number].1 += 1;
        (SectionName(number as u16), known[number].1 - 1)
    };
    begins.iter().zip(kinds).map(name).collect()
}
