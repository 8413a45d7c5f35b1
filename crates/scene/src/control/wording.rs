//! How a value is said, and what a person means by a text that is typed for one: in any case, with a
//! comma or a point, with or without the unit.

use super::models::{MODELS, model_index, model_name};
use super::presets::{numbered_name, preset_called, preset_number, presets, with_positions};
use super::words::{Counted, Words, is_named, plain};

impl Words {
    /// A plain value without its unit.
    pub fn text(&self, value: f32) -> String {
        match self {
            Self::Number(unit) => format!("{:.*}", unit.decimals, value * unit.scale),
            Self::Switch => if value > 0.5 { "On" } else { "Off" }.to_owned(),
            Self::Names { what, name_of } => {
                let place = value as usize;
                name_of(place).map_or_else(|| empty_place(what, place), str::to_owned)
            }
            Self::Models => {
                let place = value as usize;
                model_name(place).unwrap_or_else(|| empty_place("model", place))
            }
            Self::Presets => preset_text(value),
            Self::PresetNames => numbered_text(value as u16),
            Self::Count(counted) => match value as u16 {
                none if none == counted.none.0 => counted.none.1.to_owned(),
                1 => format!("1 {}", counted.one),
                many => format!("{many} {}", counted.many),
            },
        }
    }

    /// The plain value that is meant, which may be out of range; none where the text makes no sense.
    /// A number without a unit counts in the unit that is shown.
    pub fn read(&self, text: &str) -> Option<f32> {
        match self {
            Self::Number(unit) => Some(number(text, unit.typed)? / unit.scale),
            Self::Switch => switch(text).map(f32::from),
            Self::Names { what, name_of } => {
                let name_of = |place| name_of(place).map(str::to_owned);
                choice(text, what, name_of).map(|place| place as f32)
            }
            Self::Models => choice(text, "model", model_name)
                // A blend of looks gets a number when it is first asked for.
                .or_else(|| model_index(text.trim()))
                .map(|place| place as f32),
            Self::Presets => preset_position(text),
            Self::PresetNames => read_number(text).map(f32::from),
            Self::Count(counted) => count(text, counted).map(|count| count as f32),
        }
    }
}

/// The place of the choice that a text names, or whose number it says.
fn choice(text: &str, what: &str, name_of: impl Fn(usize) -> Option<String>) -> Option<usize> {
    let places = || (0..MODELS).filter_map(|place| Some((place, name_of(place)?)));
    let exact = places().find(|(_, name)| name == text);
    let found = exact.or_else(|| places().find(|(_, name)| is_named(text, name)));
    let place = found.map(|(place, _)| place);
    place.or_else(|| self::place(text, what))
}

/// A number, behind it one of `units` or none. What can be read as a number but is none, NaN and
/// infinity, is no number.
fn number(text: &str, units: &[&str]) -> Option<f32> {
    let text = plain(text).replace('\u{2212}', "-");
    let number = |text: &str| {
        let text = text.trim();
        let (sign, digits) = match text.strip_prefix(['+', '-']) {
            Some(digits) => (&text[..1], digits.trim_start()),
            None => ("", text),
        };
        let begins = digits.starts_with(|c: char| c.is_ascii_digit() || ".,".contains(c));
        let value = format!("{sign}{}", digits.replacen(',', ".", 1));
        let value = value.parse::<f32>().ok().filter(|value| value.is_finite());
        value.filter(|_| begins)
    };
    let without_unit = units.iter().filter_map(|unit| text.strip_suffix(unit));
    number(&text).or_else(|| without_unit.filter_map(number).next())
}

/// On or off.
fn switch(text: &str) -> Option<bool> {
    match &*plain(text) {
        "on" | "yes" | "true" | "1" => Some(true),
        "off" | "no" | "false" | "0" => Some(false),
        _ => None,
    }
}

/// How many there are.
fn count(text: &str, counted: &Counted) -> Option<i32> {
    let text = plain(text);
    let (none, word) = counted.none;
    if text == "none" || text == "off" || text == word {
        return Some(none.into());
    }
    let units = [counted.many, counted.one].into_iter();
    let number = units.filter_map(|unit| text.strip_suffix(unit)).next();
    number.unwrap_or(&text).trim().parse().ok()
}

/// What a place of a choice is called where nothing has that number: `no model 7`.
fn empty_place(what: &str, number: usize) -> String {
    format!("no {what} {}", number + 1)
}

/// The place, from 0, that a text says by its number, or as [`empty_place`] does.
fn place(text: &str, what: &str) -> Option<usize> {
    let text = plain(text);
    let number = text.strip_prefix(&*empty_place(what, 0).replace(" 1", " "));
    number
        .unwrap_or(&text)
        .parse::<usize>()
        .ok()?
        .checked_sub(1)
}

/// What is said where no preset is meant.
const NOTHING: &str = "Nothing";

/// A preset's number in words: its name.
fn numbered_text(number: u16) -> String {
    match number {
        0 => NOTHING.to_owned(),
        // The empty place of that number, counted from 1.
        number => {
            numbered_name(number).unwrap_or_else(|| empty_place("preset", (number - 1).into()))
        }
    }
}

/// The number of the preset that a text names, or that it says.
fn read_number(text: &str) -> Option<u16> {
    if is_named(text, NOTHING) {
        return Some(0);
    }
    let named = preset_called(text.trim()).and_then(|preset| preset_number(&preset.name));
    named.or_else(|| u16::try_from(place(text, "preset")? + 1).ok())
}

/// A preset position in words: `Own look`, `Aurora`, `Aurora > Ember 40 %`.
fn preset_text(position: f32) -> String {
    let presets = presets();
    let presets = with_positions(&presets);
    let name = |index: usize| match index.checked_sub(1) {
        None => "Own look".to_owned(),
        Some(preset) => match presets.get(preset).or(presets.last()) {
            Some(preset) => preset.name.clone(),
            None => "Own look".to_owned(),
        },
    };
    let below = position.floor();
    let share = ((position - below) * 100.0).round();
    let (from, to) = (name(below as usize), name(below as usize + 1));
    if share == 0.0 || from == to {
        from
    } else {
        format!("{from} > {to} {share:.0} %")
    }
}

/// The preset position that [`preset_text`], or a number, says.
fn preset_position(text: &str) -> Option<f32> {
    let presets = presets();
    let presets = with_positions(&presets);
    let named = |name: &str| {
        if is_named(name, "Own look") {
            return Some(0.0);
        }
        let preset = presets
            .iter()
            .position(|preset| is_named(name, &preset.name))?;
        Some(preset as f32 + 1.0)
    };
    if let Some((from, rest)) = text.split_once('>') {
        let share = rest.trim().trim_end_matches('%').trim();
        let share = number(share.rsplit(' ').next()?, &[])?;
        return Some(named(from)? + share / 100.0);
    }
    named(text).or_else(|| number(text, &[]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_read_with_comma_or_point_and_with_or_without_its_unit() {
        let degrees = ["degrees", "deg", "\u{b0}"];
        for text in [
            "45",
            "45,0",
            "45.0",
            "+45",
            " 45 deg",
            "45\u{b0}",
            "45 DEGREES",
        ] {
            assert_eq!(number(text, &degrees), Some(45.0), "{text}");
        }
        assert_eq!(number("\u{2212}0,5", &[]), Some(-0.5));
        for text in [
            "",
            "-",
            "deg",
            "NaN",
            "inf",
            "-infinity",
            "1,000,000",
            "4 5",
            "45 %",
            "e5",
        ] {
            assert_eq!(number(text, &degrees), None, "{text}");
        }
    }

    #[test]
    fn an_empty_place_is_named_and_found_by_its_number() {
        assert_eq!(empty_place("model", 6), "no model 7");
        assert_eq!(place("No Model 7", "model"), Some(6));
        assert_eq!(place("7", "model"), Some(6));
        for text in ["0", "no model 0", "no palette 7", "no model", "-1"] {
            assert_eq!(place(text, "model"), None, "{text}");
        }
    }

    #[test]
    fn presets_are_found_in_any_case() {
        let presets = presets();
        let (first, second) = (&presets[0].name, &presets[1].name);
        assert_eq!(preset_position(&first.to_uppercase()), Some(1.0));
        let between = format!("{} > {} 40 %", first.to_lowercase(), second);
        assert_eq!(preset_position(&between), Some(1.4));
        assert_eq!(preset_position("own LOOK"), Some(0.0));
        assert_eq!(preset_position("1,5"), Some(1.5));
    }
}
