//! A sheet and a song become lyrics: every line gets a beginning and an end.

use std::ops::Range;

use super::sheet::{Content, Draft, Sheet};
use super::time::spelled;
use super::{Line, Lyrics, Timing};

/// What is known of the song that lyrics are for.
#[derive(Clone, Copy, Debug, Default)]
pub struct Song<'a> {
    /// Its length, seconds.
    pub seconds: Option<f64>,
    /// Where it may be sung ([`sung_parts`](super::sung_parts)): in order, none overlap.
    pub sung: &'a [Range<f64>],
}

/// A line that nothing follows within so many seconds is followed by music without words.
const LONGEST: f64 = 8.0;
/// The shortest that such a line is shown, seconds.
const SHORTEST: f64 = 3.0;
/// Seconds in which a character is sung slowly.
const SLOW: f64 = 0.15;
/// The least seconds of a line or a last word.
const LEAST: f64 = 0.3;
/// By so many seconds a song may differ from what its lyrics say and still be theirs.
const TOLERATED: f64 = 15.0;
/// What a breath after a line, and a pause after a paragraph, take of a song, in characters.
const BREATH: usize = 6;
const PAUSE: usize = 16;

impl Sheet {
    /// The lyrics of a song. Text without times needs the song's length, or it has no lines.
    pub fn fit(&self, song: &Song) -> Lyrics {
        let mut warnings = self.warnings.clone();
        let (lines, timing) = match &self.content {
            Content::Timed(drafts) => (timed(drafts, &mut warnings), Timing::Given),
            Content::Plain(text) => (spread(text, song), Timing::Guessed),
        };
        if lines.is_empty() && !self.is_empty() {
            warnings.push(
                "the lyrics have no times, and where they may be sung is not known: write them as LRC".into(),
            );
        }
        warnings.extend(mismatch(&lines, self.length, song.seconds));
        Lyrics {
            lines,
            timing,
            warnings,
        }
    }
}

/// What speaks against these being the song's lyrics.
fn mismatch(lines: &[Line], stated: Option<f64>, seconds: Option<f64>) -> Vec<String> {
    let mut said = Vec::new();
    let Some(seconds) = seconds else { return said };
    let end = spelled(seconds);
    if let Some(stated) = stated.filter(|stated| (stated - seconds).abs() > TOLERATED) {
        let stated = spelled(stated);
        said.push(format!(
            "the lyrics are for a song of {stated}, and this one lasts {end}: they may be another's"
        ));
    }
    let beyond = lines.iter().filter(|line| line.from >= seconds).count();
    match beyond {
        0 => {}
        1 => said.push(format!("one line of the lyrics begins after the song's end at {end}")),
        _ if beyond == lines.len() => said.push(format!(
            "all lines of the lyrics begin after the song's end at {end}: they may be another song's"
        )),
        _ => said.push(format!("{beyond} lines of the lyrics begin after the song's end at {end}")),
    }
    said
}

/// Lines in order, each with an end, from lines in any.
fn timed(drafts: &[Draft], warnings: &mut Vec<String>) -> Vec<Line> {
    if !drafts.is_sorted_by(|a, b| a.from <= b.from) && !is_repeated(drafts) {
        warnings.push("the times of the lyrics are out of order, and are sorted".into());
    }
    if drafts.iter().any(|draft| draft.from < 0.0) {
        warnings.push("some lyrics would begin before the song does, and begin with it".into());
    }
    if drafts.iter().any(|d| d.to.is_some_and(|to| to <= d.from)) {
        warnings.push("some lyrics would end before they begin: their ends are guessed".into());
    }
    let mut sorted: Vec<&Draft> = drafts.iter().collect();
    sorted.sort_by(|a, b| a.from.total_cmp(&b.from));
    let mut lines = Vec::with_capacity(sorted.len());
    let mut strays = false;
    // From the last to the first: each knows what comes next.
    let (mut here, mut next) = (f64::INFINITY, f64::INFINITY);
    for draft in sorted.into_iter().rev() {
        if draft.from < here {
            next = here;
            here = draft.from;
        }
        if !draft.is_end() {
            lines.push(line(draft, next, &mut strays));
        }
    }
    lines.reverse();
    if strays {
        warnings.push(
            "some words of the lyrics have times outside of their lines', and are moved into them"
                .into(),
        );
    }
    lines
}

/// Whether times are out of order only because lines are written once for each time they are sung.
fn is_repeated(drafts: &[Draft]) -> bool {
    let first = drafts
        .chunk_by(|a, b| a.text == b.text && !a.is_end())
        .filter_map(|same| same.first());
    first.is_sorted_by(|a, b| a.from <= b.from)
}

/// A line before whose end the next one begins at `next`.
fn line(draft: &Draft, next: f64, strays: &mut bool) -> Line {
    let from = draft.from.max(0.0);
    let last_word = draft.words.last().map_or(from, |word| word.from + LEAST);
    let guessed = if next - from <= LONGEST {
        next
    } else {
        next.min(last_word.max(from) + held(&draft.text))
    };
    let given = draft.to.filter(|to| *to > draft.from);
    let to = given.unwrap_or(guessed.max(last_word)).max(from + LEAST);
    let mut words = draft.words.clone();
    let mut earliest = from;
    for word in &mut words {
        // Before the song, all begin with it.
        *strays |= draft.from >= 0.0 && !(earliest..=to).contains(&word.from);
        word.from = word.from.clamp(earliest, to);
        earliest = word.from;
    }
    let mut latest = to;
    for word in words.iter_mut().rev() {
        word.to = word.to.clamp(word.from, latest.max(word.from));
        latest = word.from;
    }
    Line {
        from,
        to,
        text: draft.text.clone(),
        words,
    }
}

/// Seconds for which a line is sung that nothing follows soon.
fn held(text: &str) -> f64 {
    (SLOW * text.chars().count() as f64).clamp(SHORTEST, LONGEST)
}

/// Spreads text over the parts of a song that may be sung, each line by its length.
fn spread(paragraphs: &[Vec<String>], song: &Song) -> Vec<Line> {
    let whole = song.seconds.filter(|s| s.is_finite() && *s > 0.0);
    let whole = whole.map(|seconds| 0.0..seconds);
    let is_part = |part: &&Range<f64>| {
        part.start.is_finite() && part.end > part.start && part.end.is_finite()
    };
    let mut parts: Vec<Range<f64>> = song.sung.iter().filter(is_part).cloned().collect();
    if parts.is_empty() {
        parts.extend(whole);
    }
    let weight = |line: &String| line.chars().count() + BREATH;
    let sung: usize = paragraphs.iter().flatten().map(weight).sum();
    let all = sung + PAUSE * paragraphs.len().saturating_sub(1);
    let seconds: f64 = parts.iter().map(|part| part.end - part.start).sum();
    if parts.is_empty() || all == 0 {
        return Vec::new();
    }
    let place = |at: usize| place(&parts, seconds * at as f64 / all as f64);
    let (mut lines, mut at) = (Vec::new(), 0);
    for paragraph in paragraphs {
        for text in paragraph {
            let end = at + weight(text);
            let ((first, from), (last, to)) = (place(at), place(end));
            // One that would go on behind a pause is sung where the longer part of it is.
            let (from, to) = if first == last {
                (from, to)
            } else if parts[first].end - from >= to - parts[last].start {
                (from, parts[first].end)
            } else {
                (parts[last].start, to)
            };
            let to = to.min(from + held(text)).max(from + LEAST);
            lines.push(Line {
                from,
                to,
                text: text.clone(),
                words: Vec::new(),
            });
            at = end;
        }
        at += PAUSE;
    }
    lines
}

/// Where one is after so many seconds of the parts: in which, and when.
fn place(parts: &[Range<f64>], seconds: f64) -> (usize, f64) {
    let mut left = seconds;
    let last = parts.len() - 1;
    for (i, part) in parts.iter().enumerate() {
        let length = part.end - part.start;
        if left < length || i == last {
            return (i, part.start + left.min(length));
        }
        left -= length;
    }
    (last, parts[last].end)
}
