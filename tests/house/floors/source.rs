//! Rust source as tokens, without what only looks like code.

/// Words and signs of `text` in their order; comments, strings and characters are left out, and a
/// path's `::` is one sign.
pub fn tokens(text: &str) -> Vec<&str> {
    let mut found = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let length = skipped(rest);
        if length > 0 {
            rest = &rest[length..];
            continue;
        }
        let word = rest.find(|c: char| !is_word(c)).unwrap_or(rest.len());
        let length = if word > 0 {
            word
        } else if rest.starts_with("::") {
            2
        } else {
            first.len_utf8()
        };
        if !first.is_whitespace() {
            found.push(&rest[..length]);
        }
        rest = &rest[length..];
    }
    found
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

/// Bytes of a comment, a string or a character that `text` begins with; 0 where it does not.
fn skipped(text: &str) -> usize {
    if text.starts_with("//") {
        return text.find('\n').unwrap_or(text.len());
    }
    if text.starts_with("/*") {
        return comment(text);
    }
    let prefix = text.find(|c| !matches!(c, 'b' | 'c' | 'r')).unwrap_or(0);
    let raw = text[..prefix].ends_with('r');
    let body = &text[prefix..];
    let hashes = body.len() - body.trim_start_matches('#').len();
    if prefix <= 2 && body[hashes..].starts_with('"') && (raw || hashes == 0) {
        let start = prefix + hashes + 1;
        return start + string(&text[start..], raw, hashes);
    }
    if prefix <= 1 && !raw && body.starts_with('\'') {
        return character(body).map_or(0, |length| prefix + length);
    }
    0
}

/// Comments may hold others.
fn comment(text: &str) -> usize {
    let (mut depth, mut at) = (0, 0);
    while at < text.len() {
        let rest = &text[at..];
        let (step, change) = match () {
            () if rest.starts_with("/*") => (2, 1),
            () if rest.starts_with("*/") => (2, -1),
            () => (rest.chars().next().map_or(1, char::len_utf8), 0),
        };
        at += step;
        depth += change;
        if depth == 0 {
            break;
        }
    }
    at
}

/// Bytes to the end of a string whose quote has been opened.
fn string(text: &str, raw: bool, hashes: usize) -> usize {
    if raw {
        let end = format!("\"{}", "#".repeat(hashes));
        return text.find(&end).map_or(text.len(), |at| at + end.len());
    }
    let mut escaped = false;
    for (at, c) in text.char_indices() {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '"' => return at + 1,
            _ => {}
        }
    }
    text.len()
}

/// Bytes of a character in quotes; none for a lifetime.
fn character(text: &str) -> Option<usize> {
    let inside = text.strip_prefix('\'')?;
    if let Some(escape) = inside.strip_prefix('\\') {
        let from = escape.chars().next()?.len_utf8();
        return Some(2 + from + escape[from..].find('\'')? + 1);
    }
    let c = inside.chars().next()?;
    (inside[c.len_utf8()..].starts_with('\'')).then_some(2 + c.len_utf8())
}

#[test]
fn what_only_looks_like_code_is_no_code() {
    let text = r##"
        // use a::b;
        /* use /* c */ d; */
        fn f<'a>(x: &'a str) -> char { let _ = ("use \" e;", r#"use " f;"#, b'"', '\'', '"'); g::h() }
    "##;
    let words = tokens(text).join(" ");
    let wanted = "fn f < ' a > ( x : & ' a str ) - > char { let _ = ( , , , , ) ; g :: h ( ) }";
    assert_eq!(words, wanted);
}
