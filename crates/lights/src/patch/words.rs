//! The words of a patch: channels, what is shown, colours.

use super::lamps::{Channel, End, Heard, Shows};
use crate::colour::{Colour, Part, linear};
use crate::moment::{BANDS, PALETTE};
use serde_json::Value;

/// Parts of the picture that have a name: left, top, right, bottom.
const REGIONS: [(&str, [f32; 4]); 7] = [
    ("all", [0.0, 0.0, 1.0, 1.0]),
    ("left", [0.0, 0.0, 1.0 / 3.0, 1.0]),
    ("centre", [1.0 / 3.0, 0.0, 2.0 / 3.0, 1.0]),
    ("center", [1.0 / 3.0, 0.0, 2.0 / 3.0, 1.0]),
    ("right", [2.0 / 3.0, 0.0, 1.0, 1.0]),
    ("top", [0.0, 0.0, 1.0, 1.0 / 3.0]),
    ("bottom", [0.0, 2.0 / 3.0, 1.0, 1.0]),
];

/// Channels in one word, a letter each.
const LETTERS: [(char, Part); 6] = [
    ('d', Part::Dimmer),
    ('r', Part::Red),
    ('g', Part::Green),
    ('b', Part::Blue),
    ('w', Part::White),
    ('a', Part::Amber),
];

/// Colour of a lamp that shows a level, where none is given.
const WHITE: Colour = [1.0; 3];

/// A lamp's slots in their order; `bits` are 8 or 16 a channel.
///
/// # Errors
/// In a sentence, when there are none, or one is unknown or there twice.
pub(super) fn channels(value: &Value, bits: u8) -> Result<Vec<Channel>, String> {
    let wide = match bits {
        8 => false,
        16 => true,
        _ => return Err(format!("bits are 8 or 16 a channel, not {bits}")),
    };
    let mut channels = Vec::new();
    match value {
        Value::String(word) => {
            for letter in word.chars() {
                let found = LETTERS.iter().find(|(known, _)| *known == letter);
                let (_, part) = found.ok_or_else(|| {
                    format!(
                        "{letter} in the channels \"{word}\" is none: they are r, g, b, w, a and d (the dimmer), or a list such \
                         as [\"dimmer\", \"red\", \"green\", \"blue\", 0]"
                    )
                })?;
                channels.push(Channel::Coarse(*part));
                channels.extend(wide.then_some(Channel::Fine(*part)));
            }
        }
        Value::Array(list) => {
            for item in list {
                let one = channel(item)?;
                channels.push(one);
                if let Channel::Coarse(part) = one {
                    channels.extend(wide.then_some(Channel::Fine(part)));
                }
            }
        }
        other => {
            return Err(format!(
                "channels are a word such as \"rgbw\" or a list, not {other}"
            ));
        }
    }
    if channels.iter().all(|channel| channel.part().is_none()) {
        return Err("it has no channel that could show anything".to_owned());
    }
    for (n, one) in channels.iter().enumerate() {
        let (Channel::Coarse(part) | Channel::Fine(part)) = one else {
            continue;
        };
        if channels[..n].contains(one) {
            return Err(format!("its channel {} is there twice", part.name()));
        }
        if !channels.contains(&Channel::Coarse(*part)) {
            let name = part.name();
            return Err(format!(
                "its channel \"{name} fine\" needs one called \"{name}\""
            ));
        }
    }
    Ok(channels)
}

fn channel(item: &Value) -> Result<Channel, String> {
    let unknown = || {
        format!(
            "{item} is no channel: these are \"dimmer\", \"red\", \"green\", \"blue\", \"white\" and \"amber\", \"red fine\" and the like \
             for second bytes, and 0 to 255 for a channel that stays there"
        )
    };
    if let Some(number) = item.as_u64() {
        return u8::try_from(number)
            .map(Channel::Fixed)
            .map_err(|_| unknown());
    }
    let word = item.as_str().ok_or_else(unknown)?;
    let (name, fine) = word
        .strip_suffix(" fine")
        .map_or((word, false), |name| (name, true));
    let part = Part::ALL.into_iter().find(|part| part.name() == name);
    let made = if fine { Channel::Fine } else { Channel::Coarse };
    part.map(made).ok_or_else(unknown)
}

/// What a lamp shows; `colour` is that of a level.
///
/// # Errors
/// In a sentence, when nothing is called so, or is to have a colour that has its own.
pub(super) fn shows(value: &Value, colour: Option<&str>) -> Result<Shows, String> {
    let unknown = || {
        format!(
            "{value} is nothing that could be shown: \"left\", \"centre\", \"right\", \"top\", \"bottom\", \"all\", {{\"region\": [left, top, right, \
             bottom]}} from 0 to 1, {{\"palette\": 1}} to {PALETTE}, \"mood\", {{\"band\": 1}} to {BANDS}, \"beat\", \"onset\" and \"loudness\" are"
        )
    };
    let shown = match value {
        Value::String(word) => word_shown(word).ok_or_else(unknown)?,
        Value::Object(map) if map.len() == 1 => {
            let (key, value) = map.iter().next().ok_or_else(unknown)?;
            let number = |most: usize| {
                let number = value.as_u64().and_then(|n| usize::try_from(n).ok());
                number
                    .filter(|n| (1..=most).contains(n))
                    .map(|n| n - 1)
                    .ok_or_else(unknown)
            };
            match key.as_str() {
                "region" => Shows::Region(region(value)?),
                "palette" => Shows::Palette(number(PALETTE)?),
                "band" => Shows::Level(Heard::Band(number(BANDS)?), WHITE),
                _ => return Err(unknown()),
            }
        }
        _ => return Err(unknown()),
    };
    match (shown, colour) {
        (Shows::Level(heard, _), Some(colour)) => Ok(Shows::Level(heard, hex(colour)?)),
        (_, Some(_)) => Err(format!(
            "what it shows ({value}) has a colour already: \"colour\" is for bands, beat, onset and loudness"
        )),
        (shown, None) => Ok(shown),
    }
}

fn word_shown(word: &str) -> Option<Shows> {
    let level = |heard| Some(Shows::Level(heard, WHITE));
    match word {
        "mood" => Some(Shows::Mood),
        "beat" => level(Heard::Beat),
        "onset" => level(Heard::Onset),
        "loudness" => level(Heard::Loudness),
        _ => {
            let region = REGIONS.iter().find(|(name, _)| *name == word);
            region.map(|(_, part)| Shows::Region(*part))
        }
    }
}

fn region(value: &Value) -> Result<[f32; 4], String> {
    let wrong = || {
        format!(
            "the region {value} is none: left, top, right and bottom go from 0 to 1, left before right and top before bottom"
        )
    };
    let numbers = value.as_array().ok_or_else(wrong)?;
    let numbers: Option<Vec<f64>> = numbers.iter().map(Value::as_f64).collect();
    let part: [f64; 4] = numbers.ok_or_else(wrong)?.try_into().map_err(|_| wrong())?;
    let [left, top, right, bottom] = part;
    let inside = part.iter().all(|x| (0.0..=1.0).contains(x));
    if inside && right - left >= 1e-3 && bottom - top >= 1e-3 {
        Ok(part.map(|x| x as f32))
    } else {
        Err(wrong())
    }
}

/// A colour as on web pages, in linear light.
///
/// # Errors
/// When it is none.
pub(super) fn hex(text: &str) -> Result<Colour, String> {
    let number = text.strip_prefix('#').filter(|digits| digits.len() == 6);
    let number = number.filter(|digits| digits.bytes().all(|byte| byte.is_ascii_hexdigit()));
    let number = number.and_then(|digits| u32::from_str_radix(digits, 16).ok());
    let number = number.ok_or_else(|| format!("\"{text}\" is no colour: \"#ff8000\" is orange"))?;
    Ok([16, 8, 0].map(|shift| linear(f32::from((number >> shift) as u8) / 255.0)))
}

/// What lamps do in the end.
///
/// # Errors
/// When it is neither a word for that nor a colour.
pub(super) fn end(text: &str) -> Result<End, String> {
    match text {
        "dark" => Ok(End::Dark),
        "keep" => Ok(End::Keep),
        colour => hex(colour).map(End::Colour).map_err(|_| {
            format!("\"{text}\" is no end: \"dark\", \"keep\" and a colour such as \"#ffb060\" are")
        }),
    }
}
