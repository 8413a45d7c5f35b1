//! LRC: `[mm:ss.xx]` before each line, and in its enhanced form `<mm:ss.xx>` before each word.

use super::markup::{Piece, pieces};
use super::sheet::{Content, Draft, Sheet};
use super::time;

/// Reads LRC; `None` where no line has a time.
pub(super) fn parse(text: &str) -> Option<Sheet> {
    let mut sheet = Sheet::default();
    let mut lines: Vec<Draft> = Vec::new();
    let (mut offset, mut timeless) = (0.0, 0);
    for line in text.lines() {
        let (times, rest) = leading_times(line);
        let Some(&first) = times.first() else {
            match tag(rest) {
                Some(("offset", value)) => match value.parse::<f64>() {
                    Ok(ms) if ms.is_finite() => offset = ms / 1000.0,
                    _ => sheet.warn(format!(
                        "the lyrics' offset, {value:?}, is no number of milliseconds"
                    )),
                },
                Some(("length", value)) => sheet.length = time::seconds(value),
                Some(_) => {}
                None => timeless += usize::from(go_on(&mut lines, rest)),
            }
            continue;
        };
        let draft = Draft::new(first, None, &sung(rest));
        lines.extend(times.iter().map(|time| draft.later(time - first)));
    }
    if lines.is_empty() {
        return None;
    }
    // As players have it: a positive offset brings the words up earlier.
    if offset != 0.0 {
        lines = lines.iter().map(|line| line.later(-offset)).collect();
    }
    if timeless > 0 {
        sheet.warn(match timeless {
            1 => "one line of the lyrics has no time, and comes with the one before it".into(),
            _ => format!(
                "{timeless} lines of the lyrics have no time, and come with those before them"
            ),
        });
    }
    sheet.content = Content::Timed(lines);
    Some(sheet)
}

/// The times that a line begins with, and what follows them.
fn leading_times(line: &str) -> (Vec<f64>, &str) {
    let (mut times, mut rest) = (Vec::new(), line.trim());
    while let Some((inside, after)) = rest.strip_prefix('[').and_then(|tag| tag.split_once(']'))
        && let Some(time) = time::seconds(inside)
    {
        times.push(time);
        rest = after.trim_start();
    }
    (times, rest)
}

/// What a line that is a tag says of the song, `[key:value]`.
fn tag(line: &str) -> Option<(&str, &str)> {
    let inside = line.strip_prefix('[')?.strip_suffix(']')?;
    let (key, value) = inside.split_once(':')?;
    let named = !key.is_empty()
        && key
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b"_#".contains(&b));
    named.then(|| (key, value.trim()))
}

/// Adds a line without a time to the one before it, and says whether there was something to add, and a
/// line to add it to.
fn go_on(lines: &mut [Draft], text: &str) -> bool {
    let heading = text.starts_with('[') && text.ends_with(']');
    match lines.last_mut() {
        Some(last) if !text.is_empty() && !heading && !last.is_end() => {
            last.text = format!("{}\n{text}", last.text);
            true
        }
        _ => false,
    }
}

/// What is sung, and where words have times, in pieces.
fn sung(text: &str) -> Vec<Piece> {
    let enhanced = pieces(text, '<', '>');
    if enhanced.len() > 1 {
        return enhanced;
    }
    pieces(text, '[', ']')
}
