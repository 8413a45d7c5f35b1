//! Where a song may be sung.

use std::ops::Range;

use synopsia_signal::Structure;

/// Share of the loudest section's energy below which a section counts as quiet.
const QUIET: f32 = 0.35;

/// A first or last section that lasts less than this share of the song is its intro or outro.
const EDGE: f64 = 0.15;

/// Shorter parts hold no line, seconds.
const SHORTEST: f64 = 4.0;

/// The parts of a song over which text without times is spread, in seconds, in order: its sections
/// without its intro, its outro, what is quiet and its breaks. This hears no voice: it is a guess by
/// the song's form, no more.
pub fn sung_parts(structure: &Structure) -> Vec<Range<f64>> {
    let sections = &structure.sections;
    let Some((first, last)) = sections.first().zip(sections.last()) else {
        return Vec::new();
    };
    let song = last.end.seconds - first.begin.seconds;
    let loudest = sections
        .iter()
        .fold(0.0f32, |most, section| most.max(section.energy));
    let mut parts: Vec<Range<f64>> = Vec::new();
    for (i, section) in sections.iter().enumerate() {
        let (begin, end) = (section.begin.seconds, section.end.seconds);
        let at_edge = i == 0 || i + 1 == sections.len();
        let edge = sections.len() > 2 && at_edge && end - begin < EDGE * song;
        if edge || section.energy < QUIET * loudest {
            continue;
        }
        match parts.last_mut() {
            Some(part) if part.end >= begin => part.end = end,
            _ => parts.push(begin..end),
        }
    }
    for pause in &structure.breaks {
        let (begin, end) = (pause.begin.seconds, pause.end.seconds);
        let without = |part: Range<f64>| {
            [
                part.start..part.end.min(begin),
                part.start.max(end)..part.end,
            ]
        };
        parts = parts.into_iter().flat_map(without).collect();
    }
    parts.retain(|part| part.end - part.start >= SHORTEST);
    parts.sort_by(|a, b| a.start.total_cmp(&b.start));
    parts
}
