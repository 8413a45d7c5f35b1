//! Colours of light, and what a lamp's channels make of them.

/// Red, green and blue, linear light; 1 is all that a lamp has.
pub type Colour = [f32; 3];

/// Shares of luminance (ITU-R BT.709).
const LUMA: Colour = [0.2126, 0.7152, 0.0722];

/// Green of an amber LED, whose red is 1.
const AMBER_GREEN: f32 = 0.5;

/// Luminance.
pub(crate) fn luma(colour: Colour) -> f32 {
    colour.iter().zip(LUMA).map(|(c, share)| c * share).sum()
}

/// The light of an sRGB value.
pub(crate) fn linear(srgb: f32) -> f32 {
    if srgb <= 0.040_45 {
        srgb / 12.92
    } else {
        ((srgb + 0.055) / 1.055).powf(2.4)
    }
}

/// From `a` to `b`.
pub(crate) fn mix(a: Colour, b: Colour, share: f32) -> Colour {
    std::array::from_fn(|n| a[n] + (b[n] - a[n]) * share)
}

/// Tense, glad, sad and calm: the corners of the circumplex, as light.
const TENSE: Colour = [1.0, 0.02, 0.04];
const GLAD: Colour = [1.0, 0.50, 0.03];
const SAD: Colour = [0.02, 0.08, 0.75];
const CALM: Colour = [0.03, 0.60, 0.22];

/// The light of the calmest mood; the most aroused one has all.
const CALMEST: f32 = 0.3;

/// A mood (valence, arousal, -1 to 1) as light: from blue, sad and still, by green to gold with valence, to red with tension;
/// brighter the more aroused it is. Neutral moods are the mixture of all.
pub(crate) fn of_mood([valence, arousal]: [f32; 2]) -> Colour {
    let [glad, awake] = [valence, arousal].map(|x| (x.clamp(-1.0, 1.0) + 1.0) / 2.0);
    let colour = mix(mix(SAD, CALM, glad), mix(TENSE, GLAD, glad), awake);
    // Mixed colours are as bright as pure ones.
    let most = colour.into_iter().fold(0.0, f32::max);
    colour.map(|c| c / most * (CALMEST + (1.0 - CALMEST) * awake))
}

/// More or less colourful, at the same luminance.
pub(crate) fn saturated(colour: Colour, by: f32) -> Colour {
    mix([luma(colour); 3], colour, by)
}

/// What a channel of a lamp is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Part {
    Dimmer,
    Red,
    Green,
    Blue,
    White,
    Amber,
}

impl Part {
    pub const ALL: [Self; 6] = [
        Self::Dimmer,
        Self::Red,
        Self::Green,
        Self::Blue,
        Self::White,
        Self::Amber,
    ];

    pub fn name(self) -> &'static str {
        match self {
            Self::Dimmer => "dimmer",
            Self::Red => "red",
            Self::Green => "green",
            Self::Blue => "blue",
            Self::White => "white",
            Self::Amber => "amber",
        }
    }
}

/// What each of a lamp's parts has to give (in the order of [`Part::ALL`]), so that together they are `colour`. What white
/// and amber LEDs can do is theirs; with a dimmer, colours are as bright as they can be. A lamp without colours has luminance.
pub(crate) fn separated(colour: Colour, has: impl Fn(Part) -> bool) -> [f32; 6] {
    let mut colour = colour.map(|c| c.clamp(0.0, 1.0));
    let has_colours = [Part::Red, Part::Green, Part::Blue].into_iter().any(&has);
    if !has_colours {
        let level = luma(colour);
        let rest = if has(Part::Dimmer) {
            f32::from(level > 0.0)
        } else {
            level
        };
        return [level, 0.0, 0.0, 0.0, rest, rest];
    }
    let mut dimmer = 1.0;
    if has(Part::Dimmer) {
        dimmer = colour.into_iter().fold(0.0, f32::max);
        if dimmer > 0.0 {
            colour = colour.map(|c| c / dimmer);
        }
    }
    let mut white = 0.0;
    if has(Part::White) {
        white = colour.into_iter().fold(1.0, f32::min);
        colour = colour.map(|c| c - white);
    }
    let mut amber = 0.0;
    if has(Part::Amber) {
        amber = colour[0].min(colour[1] / AMBER_GREEN);
        colour[0] -= amber;
        colour[1] -= amber * AMBER_GREEN;
    }
    let [red, green, blue] = colour.map(|c| c.max(0.0));
    [dimmer, red, green, blue, white, amber]
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is seen of parts: each LED's light, times the dimmer.
    fn seen([dimmer, red, green, blue, white, amber]: [f32; 6]) -> Colour {
        let colour = [
            red + white + amber,
            green + white + AMBER_GREEN * amber,
            blue + white,
        ];
        colour.map(|c| c * dimmer)
    }

    fn some_colours() -> impl Iterator<Item = Colour> {
        (0..1000).map(|n| [n % 10, n / 10 % 10, n / 100].map(|level| level as f32 / 9.0))
    }

    #[test]
    fn however_a_lamp_is_made_its_parts_together_are_the_colour() {
        use Part::{Amber, Blue, Dimmer, Green, Red, White};
        let lamps: [&[Part]; 5] = [
            &[Red, Green, Blue],
            &[Red, Green, Blue, White],
            &[Red, Green, Blue, Amber],
            &[Red, Green, Blue, White, Amber],
            &[Dimmer, Red, Green, Blue, White, Amber],
        ];
        for lamp in lamps {
            for colour in some_colours() {
                let parts = separated(colour, |part| lamp.contains(&part));
                let seen = seen(parts);
                assert!(parts.iter().all(|part| (0.0..=1.0).contains(part)));
                let same = seen.iter().zip(colour).all(|(a, b)| (a - b).abs() < 1e-5);
                assert!(same, "{lamp:?}: {colour:?} became {parts:?}");
                for (part, level) in Part::ALL.into_iter().zip(parts).skip(1) {
                    assert!(lamp.contains(&part) || level == 0.0, "{part:?} of {lamp:?}");
                }
            }
        }
    }

    #[test]
    fn white_is_given_to_the_white_led_and_gold_to_the_amber_one() {
        let all = |_: Part| true;
        assert_eq!(separated([0.5; 3], all), [0.5, 0.0, 0.0, 0.0, 1.0, 0.0]);
        let gold = separated([1.0, 0.5, 0.0], all);
        assert_eq!(gold, [1.0, 0.0, 0.0, 0.0, 0.0, 1.0]);
    }

    #[test]
    fn lamps_without_colours_have_the_luminance() {
        let lum = luma([0.2, 0.4, 0.8]);
        let dimmer = separated([0.2, 0.4, 0.8], |part| part == Part::Dimmer);
        assert_eq!(dimmer[0], lum);
        let white = separated([0.2, 0.4, 0.8], |part| part == Part::White);
        assert_eq!(white[4], lum);
        let both = |part| matches!(part, Part::White | Part::Dimmer);
        let [dimmer, .., white, _] = separated([0.2, 0.4, 0.8], both);
        assert_eq!(dimmer * white, lum);
    }

    #[test]
    fn moods_differ_and_arousal_is_brightness() {
        let corners = [[-1.0, 1.0], [1.0, 1.0], [-1.0, -1.0], [1.0, -1.0]].map(of_mood);
        for (n, one) in corners.iter().enumerate() {
            for other in &corners[n + 1..] {
                let apart: f32 = one.iter().zip(other).map(|(a, b)| (a - b).abs()).sum();
                assert!(apart > 0.25, "{one:?} and {other:?}");
            }
        }
        for valence in [-1.0, 0.0, 1.0] {
            let brightest =
                |arousal: f32| of_mood([valence, arousal]).into_iter().fold(0.0, f32::max);
            assert!(
                (0..20)
                    .all(|n| brightest(n as f32 / 10.0 - 0.9) > brightest(n as f32 / 10.0 - 1.0))
            );
        }
        assert_eq!(of_mood([9.0, 9.0]), of_mood([1.0, 1.0]));
    }
}
