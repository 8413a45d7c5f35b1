//! What subtitles have beside their text: tags, entities, and times between the words.

use super::time;

/// A piece of text, and the time at which it begins, where the text before it ends with one.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Piece {
    /// Seconds.
    pub(super) from: Option<f64>,
    pub(super) text: String,
}

/// Splits text at the times that stand in it between `open` and `close`; what else stands there is
/// kept as text.
pub(super) fn pieces(text: &str, open: char, close: char) -> Vec<Piece> {
    let mut pieces = vec![Piece {
        from: None,
        text: String::new(),
    }];
    let mut rest = text;
    while let Some(at) = rest.find(open) {
        let (before, tag) = rest.split_at(at);
        push(&mut pieces, before);
        let inside = &tag[open.len_utf8()..];
        let time = inside
            .split_once(close)
            .and_then(|(inside, after)| Some((time::seconds(inside)?, after)));
        match time {
            Some((from, after)) => {
                pieces.push(Piece {
                    from: Some(from),
                    text: String::new(),
                });
                rest = after;
            }
            None => {
                push(&mut pieces, &tag[..open.len_utf8()]);
                rest = inside;
            }
        }
    }
    push(&mut pieces, rest);
    pieces
}

fn push(pieces: &mut [Piece], text: &str) {
    if let Some(last) = pieces.last_mut() {
        last.text.push_str(text);
    }
}

/// Takes off HTML's tags and the braces of older subtitles; times in angle brackets stay.
pub(super) fn without_tags(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(['<', '{']) {
        let (before, tag) = rest.split_at(at);
        out.push_str(before);
        let after = match tag.strip_prefix('{') {
            Some(inside) => inside.starts_with('\\').then(|| after(tag, '}')).flatten(),
            None => {
                let is_name = |c: char| c.is_ascii_alphabetic() || "/!".contains(c);
                tag[1..]
                    .starts_with(is_name)
                    .then(|| after(tag, '>'))
                    .flatten()
            }
        };
        match after {
            Some(after) => rest = after,
            None => {
                out.push_str(&tag[..1]);
                rest = &tag[1..];
            }
        }
    }
    out.push_str(rest);
    out
}

fn after(tag: &str, close: char) -> Option<&str> {
    tag.split_once(close).map(|(_, after)| after)
}

/// The longest name of an entity.
const LONGEST_ENTITY: usize = 8;

/// The text with its entities (`&amp;`, `&#233;`, `&#xe9;`) as the characters that they are; what is
/// none stays.
pub(super) fn without_entities(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        let (before, entity) = rest.split_at(at);
        out.push_str(before);
        let end = entity
            .char_indices()
            .take(LONGEST_ENTITY + 2)
            .find(|(_, c)| *c == ';');
        let known = end.and_then(|(end, _)| Some((character(&entity[1..end])?, end)));
        match known {
            Some((c, end)) => {
                out.push(c);
                rest = &entity[end + 1..];
            }
            None => {
                out.push('&');
                rest = &entity[1..];
            }
        }
    }
    out.push_str(rest);
    out
}

fn character(name: &str) -> Option<char> {
    Some(match name {
        "amp" => '&',
        "lt" => '<',
        "gt" => '>',
        "quot" => '"',
        "apos" => '\'',
        "nbsp" => '\u{a0}',
        "lrm" => '\u{200e}',
        "rlm" => '\u{200f}',
        _ => {
            let number = name.strip_prefix('#')?;
            let code = match number.strip_prefix(['x', 'X']) {
                Some(hex) => u32::from_str_radix(hex, 16).ok()?,
                None => number.parse().ok()?,
            };
            char::from_u32(code).filter(|c| !c.is_control())?
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_go_and_what_only_looks_like_one_stays() {
        for (with, without) in [
            ("<i>one</i> two", "one two"),
            ("<font color=\"#fff\">one</font>", "one"),
            ("<v Anna>one</v><c.loud.red>two</c>", "onetwo"),
            ("{\\an8}one", "one"),
            ("I <3 you", "I <3 you"),
            ("a < b > c", "a < b > c"),
            ("{curly} <unclosed", "{curly} <unclosed"),
            ("<00:01.000>one", "<00:01.000>one"),
        ] {
            assert_eq!(without_tags(with), without);
        }
    }

    #[test]
    fn entities_become_what_they_are_and_what_is_none_stays() {
        for (with, without) in [
            ("Tom &amp; Jerry", "Tom & Jerry"),
            ("&lt;3 &#233;&#xe9;", "<3 éé"),
            ("&amp;lt;", "&lt;"),
            ("R&B; &nope; & &#0; &#xd800;", "R&B; &nope; & &#0; &#xd800;"),
            ("&ééééééééééé;", "&ééééééééééé;"),
        ] {
            assert_eq!(without_entities(with), without);
        }
    }
}
