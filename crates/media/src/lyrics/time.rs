//! Times as lyrics write them.

/// No song is longer, seconds.
const LONGEST: f64 = 1e6;

/// Seconds of `[hh:]mm:ss[.fraction]`, with a sign or without, the fraction behind a point, a comma or,
/// in LRC of old, a second colon. `None` where it is no time.
pub(super) fn seconds(text: &str) -> Option<f64> {
    if let Some((clock, hundredths)) = text.trim().rsplit_once(':')
        && clock.contains(':')
        && hundredths.len() == 2
    {
        return self::clock(&format!("{clock}.{hundredths}"));
    }
    clock(text)
}

/// The same where three numbers are always hours, minutes and seconds.
pub(super) fn clock(text: &str) -> Option<f64> {
    let text = text.trim();
    let (sign, text) = match text.strip_prefix('-') {
        Some(rest) => (-1.0, rest),
        None => (1.0, text.strip_prefix('+').unwrap_or(text)),
    };
    let (whole, fraction) = text.split_once(['.', ',']).unwrap_or((text, ""));
    let parts: Vec<&str> = whole.split(':').collect();
    if !(2..=3).contains(&parts.len()) {
        return None;
    }
    let mut total = 0.0;
    for part in parts {
        total = total * 60.0 + number(part)?;
    }
    if !fraction.is_empty() {
        total += number(fraction)? / 10f64.powi(fraction.len() as i32);
    }
    (total <= LONGEST).then_some(sign * total)
}

/// A number of up to nine digits and nothing else.
fn number(digits: &str) -> Option<f64> {
    let whole = (1..10).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit());
    whole.then(|| digits.parse().ok()).flatten()
}

/// Seconds as a person reads them: `3:05`.
pub(super) fn spelled(seconds: f64) -> String {
    let whole = seconds.max(0.0).round() as u64;
    format!("{}:{:02}", whole / 60, whole % 60)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read_in_every_way_they_are_written() {
        for (text, expected) in [
            ("00:12.34", 12.34),
            ("0:12", 12.0),
            ("01:02.5", 62.5),
            ("01:02.500", 62.5),
            ("01:02,500", 62.5),
            ("01:02:50", 62.5),
            ("00:01:02.500", 62.5),
            ("00:01:02,500", 62.5),
            ("100:00", 6000.0),
            ("-00:01.50", -1.5),
            ("00:75.00", 75.0),
            (" 00:01.00 ", 1.0),
        ] {
            let read = seconds(text);
            assert!(
                read.is_some_and(|read| (read - expected).abs() < 1e-9),
                "{text}: {read:?}"
            );
        }
        let wrong = [
            "",
            ":",
            "1",
            "a:b",
            "1:",
            ":1",
            "1:2:3:4",
            "1:1.x",
            "9999999999:00",
            "1:-1",
            "99999999:00",
            "nan:inf",
            "1:1.1234567890",
        ];
        for text in wrong {
            assert_eq!(seconds(text), None, "{text}");
        }
        assert_eq!(clock("00:01:02"), Some(62.0), "subtitles have hours");
    }
}
