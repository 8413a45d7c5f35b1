//! How times and emotions are read and written.

use crate::emotion::{CLASS_NAMES, Emotion};
use crate::signal::Section;

/// The three classes that an emotion is nearest to, with their shares.
pub(super) fn spell_classes(emotion: &Emotion) -> String {
    let mut classes: Vec<usize> = (0..CLASS_NAMES.len()).collect();
    classes.sort_by(|a, b| emotion.classes[*b].total_cmp(&emotion.classes[*a]));
    let classes: Vec<String> = (classes.iter().take(3))
        .map(|i| format!("{} {:.0} %", CLASS_NAMES[*i], 100.0 * emotion.classes[*i]))
        .collect();
    classes.join(", ")
}

/// Where an estimate lies on the scale of people's ratings.
pub(super) fn spell_estimate(estimate: &Emotion) -> String {
    let (valence, arousal) = (estimate.valence, estimate.arousal);
    format!("valence {valence:+.2}, arousal {arousal:+.2}, as people would rate it")
}

/// Most sections that are written out.
const MOST_SECTIONS: usize = 48;

/// A song's form: the names of its sections, each with its length in bars, or in seconds where no beat
/// is certain: `A8 B16 A8`, `A34s –12s`.
pub(super) fn spell_form(sections: &[Section]) -> String {
    let spelled = sections.iter().take(MOST_SECTIONS).map(|section| {
        let seconds = section.end.seconds - section.begin.seconds;
        match section.bars {
            Some(bars) => format!("{}{bars}", section.name),
            None => format!("{}{seconds:.0}s", section.name),
        }
    });
    let spelled: Vec<String> = spelled.collect();
    match sections.len().saturating_sub(MOST_SECTIONS) {
        0 => spelled.join(" "),
        more => format!("{} and {more} more", spelled.join(" ")),
    }
}

/// A moment written as a person writes it: `90`, `1:30`, `1:02:03.5`, with or without fraction.
pub(super) fn parse_time(text: &str) -> Result<f64, String> {
    let wrong = || format!("\"{text}\" is not a time; write seconds (90), 1:30 or 1:02:03.5");
    let mut seconds = 0.0;
    let parts: Vec<&str> = text.trim().trim_end_matches('s').split(':').collect();
    if parts.len() > 3 {
        return Err(wrong());
    }
    for (i, part) in parts.iter().enumerate() {
        let value: f64 = part.parse().map_err(|_| wrong())?;
        let sixty = i > 0 && value >= 60.0;
        let fraction = i + 1 < parts.len() && value.fract() != 0.0;
        if !value.is_finite() || value.is_sign_negative() || sixty || fraction {
            return Err(wrong());
        }
        seconds = seconds * 60.0 + value;
    }
    Ok(seconds)
}

/// From here on nobody reads a clock, seconds.
const LONGEST_CLOCK: f64 = 10_000.0 * 3600.0;

/// A duration as a person reads it: `0:07`, `3:05`, `1:02:03`.
pub(super) fn spell_time(seconds: f64) -> String {
    if seconds >= LONGEST_CLOCK {
        return format!("{:.0} hours and more", LONGEST_CLOCK / 3600.0);
    }
    let whole = seconds.max(0.0).round() as u64;
    let (hours, minutes, seconds) = (whole / 3600, whole / 60 % 60, whole % 60);
    if hours > 0 {
        format!("{hours}:{minutes:02}:{seconds:02}")
    } else {
        format!("{minutes}:{seconds:02}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::signal::{Mark, SectionName};

    #[test]
    fn times_are_read_as_people_write_them() {
        for (text, seconds) in [
            ("0", 0.0),
            ("90", 90.0),
            ("1.5", 1.5),
            ("1:30", 90.0),
            ("1:02:03.5", 3723.5),
        ] {
            assert_eq!(parse_time(text), Ok(seconds), "{text}");
        }
        for text in ["", "x", "-1", "1:60", "1:2:3:4", "inf", "nan", "1.5:00"] {
            assert!(parse_time(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_form_is_written_in_bars_and_without_a_beat_in_seconds() {
        let section = |name, bars, seconds| Section {
            name: SectionName(name),
            bars,
            end: Mark {
                seconds,
                ..Mark::default()
            },
            ..Section::default()
        };
        let song = [
            section(0, Some(8), 9.0),
            section(1, None, 33.6),
            section(u16::MAX, None, 5.0),
        ];
        assert_eq!(spell_form(&song), "A8 B34s –5s");
        assert_eq!(spell_form(&[]), "");
        let long = spell_form(&[song[0]; 700]);
        assert!(
            long.len() < 200 && long.ends_with("A8 and 652 more"),
            "{long}"
        );
    }

    #[test]
    fn durations_are_spelled_as_people_read_them() {
        assert_eq!(spell_time(7.2), "0:07");
        assert_eq!(spell_time(185.0), "3:05");
        assert_eq!(spell_time(3723.0), "1:02:03");
        assert_eq!(spell_time(1e300), "10000 hours and more");
    }
}
