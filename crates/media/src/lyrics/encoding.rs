//! Bytes to text: which encoding a file is in, its bytes say.

/// What Windows-1252 has from 0x80 to 0x9f; where it has nothing, what Latin-1 has.
const WINDOWS: [char; 32] = [
    '€', '\u{81}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{8d}', 'Ž', '\u{8f}',
    '\u{90}', '‘', '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{9d}', 'ž', 'Ÿ',
];

/// Control characters among so many others make no text.
const MOST_CONTROL: f64 = 0.1;

/// The text of these bytes, with `\n` at the ends of its lines; and whether some of them meant nothing in the encoding
/// that they seem to be in. UTF-8 and UTF-16 of both orders, with a mark of it or without, else
/// Windows-1252, of which Latin-1 is a part. `None` where it is no text.
pub(super) fn text(bytes: &[u8]) -> Option<(String, bool)> {
    let text = match bytes {
        [0xef, 0xbb, 0xbf, rest @ ..] => String::from_utf8_lossy(rest).into_owned(),
        [0xff, 0xfe, rest @ ..] => utf16(rest, u16::from_le_bytes),
        [0xfe, 0xff, rest @ ..] => utf16(rest, u16::from_be_bytes),
        _ if mostly_nothing(bytes, 1) => utf16(bytes, u16::from_le_bytes),
        _ if mostly_nothing(bytes, 0) => utf16(bytes, u16::from_be_bytes),
        _ => match std::str::from_utf8(bytes) {
            Ok(text) => text.to_owned(),
            // One that was cut in its last character is UTF-8 all the same.
            Err(e) if e.error_len().is_none() && e.valid_up_to() > 0 => {
                String::from_utf8_lossy(bytes).into_owned()
            }
            Err(_) => bytes.iter().map(|&byte| windows(byte)).collect(),
        },
    };
    let damaged = text.contains(char::REPLACEMENT_CHARACTER);
    let odd = |c: &char| c.is_control() && !c.is_whitespace();
    let count = text.chars().filter(odd).count();
    if count as f64 > MOST_CONTROL * text.chars().count() as f64 {
        return None;
    }
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    Some((text.replace(|c| odd(&c), ""), damaged))
}

/// Whether every other byte from `first` on is mostly nought, as in UTF-16 of most languages.
fn mostly_nothing(bytes: &[u8], first: usize) -> bool {
    let half = bytes.iter().skip(first).step_by(2);
    let count = half.len();
    count > 1 && 2 * half.filter(|&&byte| byte == 0).count() > count
}

fn utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> String {
    let units = bytes.chunks_exact(2).map(|pair| unit([pair[0], pair[1]]));
    let chars = char::decode_utf16(units);
    chars
        .map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER))
        .collect()
}

fn windows(byte: u8) -> char {
    match byte {
        0x80..=0x9f => WINDOWS[usize::from(byte) - 0x80],
        _ => char::from(byte),
    }
}
