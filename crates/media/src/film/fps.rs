//! Frame rates as fractions, so that a two-hour film keeps time to the sample.

use std::fmt;
use std::str::FromStr;

/// Pictures per second, as a reduced fraction.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Fps {
    num: u32,
    den: u32,
}

/// The fastest film, pictures per second.
const FASTEST: u64 = 1000;

/// The slowest film, seconds per picture: each comes with all its sound at once.
const SLOWEST: u64 = 10;

/// Television's rates are written with two decimals and mean these thousandths of 1001.
const NTSC: [(&str, u32); 6] = [
    ("23.976", 24_000),
    ("23.98", 24_000),
    ("29.97", 30_000),
    ("47.952", 48_000),
    ("59.94", 60_000),
    ("119.88", 120_000),
];

/// A text that is no frame rate.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "{0:?} is no frame rate: write pictures per second, such as 30, 29.97 or 30000/1001 (0.1 to 1000)"
)]
pub struct FpsError(String);

impl Fps {
    /// `num / den` pictures per second; `None` unless that is 0.1 to 1000.
    pub fn new(num: u32, den: u32) -> Option<Self> {
        let (wide_num, wide_den) = (u64::from(num), u64::from(den));
        if den == 0 || wide_num > FASTEST * wide_den || wide_num * SLOWEST < wide_den {
            return None;
        }
        let divisor = gcd(num, den);
        Some(Self {
            num: num / divisor,
            den: den / divisor,
        })
    }

    /// The fraction's upper part.
    pub fn num(self) -> u32 {
        self.num
    }

    /// The fraction's lower part.
    pub fn den(self) -> u32 {
        self.den
    }

    /// Pictures per second.
    pub fn hz(self) -> f64 {
        f64::from(self.num) / f64::from(self.den)
    }

    /// When picture `frame` is shown, seconds from the film's start.
    pub fn seconds(self, frame: u64) -> f64 {
        frame as f64 * f64::from(self.den) / f64::from(self.num)
    }

    /// The samples of sound at `rate` Hz that belong to the first `frames` pictures, rounded to
    /// the nearest; exact for any length of film.
    pub fn samples(self, frames: u64, rate: u32) -> u64 {
        let (num, den) = (u128::from(self.num), u128::from(self.den));
        let samples = (u128::from(frames) * den * u128::from(rate) + num / 2) / num;
        u64::try_from(samples).unwrap_or(u64::MAX)
    }
}

impl FromStr for Fps {
    type Err = FpsError;

    /// Reads `30`, `12.5`, `29.97` (television's 30000/1001) or `30000/1001`.
    fn from_str(text: &str) -> Result<Self, FpsError> {
        parse(text.trim()).ok_or_else(|| FpsError(text.to_string()))
    }
}

fn parse(text: &str) -> Option<Fps> {
    if let Some((_, num)) = NTSC.iter().find(|(name, _)| *name == text) {
        return Fps::new(*num, 1001);
    }
    if let Some((num, den)) = text.split_once('/') {
        return Fps::new(num.trim().parse().ok()?, den.trim().parse().ok()?);
    }
    let Some((whole, decimals)) = text.split_once('.') else {
        return Fps::new(text.parse().ok()?, 1);
    };
    let den = 10u32.checked_pow(u32::try_from(decimals.len()).ok()?)?;
    let whole: u32 = whole.parse().ok()?;
    let part: u32 = decimals.parse().ok()?;
    Fps::new(whole.checked_mul(den)?.checked_add(part)?, den)
}

impl fmt::Display for Fps {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.den, NTSC.iter().find(|(_, num)| *num == self.num)) {
            (1, _) => write!(f, "{}", self.num),
            (1001, Some((name, _))) => f.write_str(name),
            _ => write!(f, "{}/{}", self.num, self.den),
        }
    }
}

fn gcd(a: u32, b: u32) -> u32 {
    if b == 0 { a } else { gcd(b, a % b) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_shown_is_read_back() {
        for text in [
            "30",
            "29.97",
            "23.976",
            "25/2",
            "30000/1001",
            "60",
            "1000",
            "1/10",
        ] {
            let fps: Fps = text.parse().unwrap();
            assert_eq!(fps.to_string().parse::<Fps>(), Ok(fps), "{text}");
        }
        assert_eq!("12.5".parse(), Ok(Fps { num: 25, den: 2 }));
        assert_eq!(
            "29.97".parse(),
            Ok(Fps {
                num: 30_000,
                den: 1001
            })
        );
    }

    #[test]
    fn nonsense_is_refused() {
        for text in [
            "",
            "0",
            "-1",
            "1/0",
            "0/0",
            "1001",
            "fast",
            "30.",
            ".5",
            "1e3",
            "nan",
            "0.09",
            "1/4294967295",
        ] {
            assert!(text.parse::<Fps>().is_err(), "{text}");
        }
    }

    #[test]
    fn ten_hours_at_29_97_keep_time_to_the_sample() {
        let fps: Fps = "29.97".parse().unwrap();
        // 30000 pictures last exactly 1001 seconds.
        assert_eq!(fps.samples(30_000 * 36, 44_100), 1001 * 36 * 44_100);
        assert_eq!(fps.samples(1, 48_000), 1602);
    }
}
