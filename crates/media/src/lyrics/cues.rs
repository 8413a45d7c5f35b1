//! Subtitles: SRT and WebVTT, which differ in little.

use super::markup::{pieces, without_entities, without_tags};
use super::sheet::{Content, Draft, Sheet};
use super::time;

/// Reads cues; what lies between them (numbers, names, notes, styles, regions) is passed over. `None` where
/// there are none.
pub(super) fn parse(text: &str) -> Option<Sheet> {
    let mut sheet = Sheet::default();
    let (mut cues, mut broken) = (Vec::new(), 0);
    let mut lines = text.lines().peekable();
    while let Some(line) = lines.next() {
        // A note may hold what looks like a cue.
        if line.trim_start().starts_with("NOTE") {
            while lines.next_if(|line| !line.trim().is_empty()).is_some() {}
            continue;
        }
        let Some((from, to)) = line.split_once("-->") else {
            continue;
        };
        let mut payload: Vec<&str> = Vec::new();
        while let Some(line) =
            lines.next_if(|line| !line.trim().is_empty() && !line.contains("-->"))
        {
            payload.push(line.trim());
        }
        // Where the empty line before the next cue is missing, that one's number was taken for text.
        let followed = lines.peek().is_some_and(|line| line.contains("-->"));
        if followed
            && payload
                .last()
                .is_some_and(|last| last.bytes().all(|b| b.is_ascii_digit()))
        {
            payload.pop();
        }
        // Behind the end stand settings.
        let to = to.split_whitespace().next().and_then(time::clock);
        match time::clock(from) {
            Some(from) => cues.push(cue(from, to, &payload.join("\n"))),
            None => broken += 1,
        }
    }
    if cues.is_empty() && !text.trim_start().starts_with("WEBVTT") {
        return None;
    }
    if broken > 0 {
        sheet.warn(match broken {
            1 => "one of the lyrics' cues has no time that can be read, and is left out".into(),
            _ => format!(
                "{broken} of the lyrics' cues have no time that can be read, and are left out"
            ),
        });
    }
    cues.retain(|cue| !cue.is_end());
    sheet.content = Content::Timed(cues);
    Some(sheet)
}

fn cue(from: f64, to: Option<f64>, payload: &str) -> Draft {
    let mut pieces = pieces(&without_tags(payload), '<', '>');
    for piece in &mut pieces {
        piece.text = without_entities(&piece.text);
    }
    Draft::new(from, to, &pieces)
}
