//! From a moment to the channels of all lamps.

use crate::colour::{Colour, Part, mix, saturated, separated};
use crate::flashing::Flashing;
use crate::moment::Moment;
use crate::patch::{Channel, End, Lamp, Patch};
use std::collections::BTreeMap;

/// The slots of universes.
pub(crate) type Frames = BTreeMap<u16, Box<[u8; 512]>>;

/// Seconds that a blackout takes.
const BLACKOUT: f64 = 0.5;

/// What is as close as this is there: half a step of a channel of 16 bits.
const THERE: f32 = 1.0 / 131_072.0;

/// A share that goes to where it is wanted at a steady pace.
#[derive(Clone, Copy, Debug, Default)]
struct Fade(f64);

impl Fade {
    fn toward(&mut self, wanted: bool, seconds: f64, whole: f64) -> f32 {
        let step = if whole > 0.0 { seconds / whole } else { 1.0 };
        self.0 = (self.0 + if wanted { step } else { -step }).clamp(0.0, 1.0);
        self.0 as f32
    }
}

#[derive(Clone, Debug, Default)]
struct Lit {
    smoothed: Colour,
    flashing: Flashing,
}

/// What is wanted of all lamps beside what they show.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Wanted {
    pub blackout: bool,
    pub end: bool,
}

/// The lamps as they are lit.
pub(crate) struct Rig<'a> {
    patch: &'a Patch,
    lit: Vec<Lit>,
    dark: Fade,
    ended: Fade,
    has_ended: bool,
    frames: Frames,
}

impl<'a> Rig<'a> {
    /// All of them dark.
    pub fn new(patch: &'a Patch) -> Self {
        let universes = patch.universes().into_iter();
        Self {
            patch,
            lit: vec![Lit::default(); patch.lamps.len()],
            dark: Fade::default(),
            ended: Fade::default(),
            has_ended: false,
            frames: universes
                .map(|universe| (universe, Box::new([0; 512])))
                .collect(),
        }
    }

    /// The universes, `seconds` after the last time.
    pub fn step(&mut self, moment: &Moment, wanted: Wanted, seconds: f64) -> &Frames {
        if wanted.end && self.patch.end == End::Keep {
            self.has_ended = true;
            return &self.frames;
        }
        let dark = self.dark.toward(wanted.blackout, seconds, BLACKOUT);
        let ended = self
            .ended
            .toward(wanted.end, seconds, self.patch.end_fade.as_secs_f64());
        let mut all_there = true;
        for (lamp, lit) in self.patch.lamps.iter().zip(&mut self.lit) {
            lit.smoothed = smoothed(lit.smoothed, lamp.light(moment), lamp, seconds);
            let mut light = mix(lit.smoothed, [0.0; 3], dark);
            match self.patch.end {
                End::Dark => light = mix(light, [0.0; 3], ended),
                End::Colour(colour) => light = mix(light, colour, ended),
                End::Keep => {}
            }
            let shown = lit.flashing.limited(capped(light, lamp.max), seconds);
            all_there &= shown == capped(light, lamp.max);
            if let Some(slots) = self.frames.get_mut(&lamp.universe) {
                lamp.write(shown, &mut slots[usize::from(lamp.address) - 1..lamp.end()]);
            }
        }
        self.has_ended = ended >= 1.0 && all_there;
        &self.frames
    }

    /// Whether all lamps have come to the end that was chosen.
    pub fn has_ended(&self) -> bool {
        self.has_ended
    }
}

/// `from` on its way to `to`: no hue is faster than another.
fn smoothed(from: Colour, to: Colour, lamp: &Lamp, seconds: f64) -> Colour {
    let luma = crate::colour::luma;
    let time = if luma(to) > luma(from) {
        lamp.attack
    } else {
        lamp.release
    };
    let share = if time > 0.0 {
        1.0 - (-seconds / time).exp()
    } else {
        1.0
    };
    let next = mix(from, to, share as f32);
    let is_there = next
        .iter()
        .zip(to)
        .all(|(next, to)| (next - to).abs() < THERE);
    if is_there { to } else { next }
}

/// The same hue, and no colour above `max`.
fn capped(light: Colour, max: f32) -> Colour {
    let most = light.into_iter().fold(0.0, f32::max);
    if most > max {
        light.map(|c| c * (max / most))
    } else {
        light
    }
}

impl Lamp {
    /// What it is to be, 0 to 1, before smoothing.
    fn light(&self, moment: &Moment) -> Colour {
        let shown = saturated(self.shows.colour(moment), self.saturation);
        let [dark, bright] = self.range;
        shown.map(|c| dark + (bright - dark) * (c * self.gain).clamp(0.0, 1.0))
    }

    /// Its slots for a light.
    fn write(&self, light: Colour, slots: &mut [u8]) {
        let has = |part| self.channels.contains(&Channel::Coarse(part));
        let levels = separated(light, has);
        let value = |part: Part| levels[part as usize].clamp(0.0, 1.0).powf(1.0 / self.gamma);
        for (slot, channel) in slots.iter_mut().zip(&self.channels) {
            *slot = match *channel {
                Channel::Fixed(value) => value,
                Channel::Coarse(part) if self.channels.contains(&Channel::Fine(part)) => {
                    wide(value(part))[0]
                }
                Channel::Coarse(part) => (value(part) * 255.0).round() as u8,
                Channel::Fine(part) => wide(value(part))[1],
            };
        }
    }
}

/// Both bytes of a value, 0 to 1.
fn wide(value: f32) -> [u8; 2] {
    ((f64::from(value) * 65_535.0).round() as u16).to_be_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::moment::{Levels, SmallPicture};

    /// A patch of one lamp at address 1 of universe 1.
    fn patch(channels: &str, shows: &str, more: &str) -> Patch {
        let text = format!(
            r#"{{"end_ms": 500, "lamps": [{{"universe": 1, "address": 1, "channels": {channels}, "shows": {shows}{more}}}]}}"#
        );
        Patch::read(&text, "it").unwrap()
    }

    const AT_ONCE: &str = r#", "attack_ms": 0, "release_ms": 0"#;

    fn plain(colour: Colour) -> Moment {
        Moment {
            picture: SmallPicture::plain(colour),
            ..Moment::default()
        }
    }

    /// The first slots after one step.
    fn shown<const N: usize>(patch: &Patch, moment: &Moment) -> [u8; N] {
        let mut rig = Rig::new(patch);
        let frames = rig.step(moment, Wanted::default(), 0.025);
        std::array::from_fn(|n| frames[&1][n])
    }

    #[test]
    fn each_lamp_shows_what_its_patch_says() {
        let mut moment = plain([1.0, 0.5, 0.0]);
        moment.palette = [[0.0; 3], [0.0, 0.0, 1.0], [1.0; 3]];
        moment.mood = [-1.0, -1.0];
        moment.levels = Levels {
            bands: std::array::from_fn(|n| n as f32 / 10.0),
            beat: 0.8,
            onset: 2.0,
            loudness: f32::NAN,
        };
        let rgb = |shows: &str, more: &str| {
            shown(
                &patch(r#""rgb""#, shows, &(AT_ONCE.to_owned() + more)),
                &moment,
            )
        };
        assert_eq!(rgb(r#""left""#, ""), [255, 128, 0]);
        assert_eq!(
            rgb(r#"{"region": [0.2, 0.2, 0.3, 0.9]}"#, ""),
            [255, 128, 0]
        );
        assert_eq!(rgb(r#"{"palette": 2}"#, ""), [0, 0, 255]);
        let [red, green, blue] = rgb(r#""mood""#, "");
        assert!(
            blue > 40 && red < 10 && green < 20,
            "sad and still is blue: {red} {green} {blue}"
        );
        assert_eq!(rgb(r#"{"band": 6}"#, ""), [128; 3]);
        assert_eq!(rgb(r#""beat""#, r##", "colour": "#ff0000""##), [204, 0, 0]);
        assert_eq!(rgb(r#""onset""#, ""), [255; 3]);
        assert_eq!(rgb(r#""loudness""#, ""), [0; 3]);
        assert_eq!(rgb(r#""left""#, r#", "gain": 0.5"#), [128, 64, 0]);
        assert_eq!(rgb(r#""left""#, r#", "max": 0.5"#), [128, 64, 0]);
        assert_eq!(rgb(r#""left""#, r#", "range": [0.2, 0.6]"#), [153, 102, 51]);
        assert_eq!(rgb(r#""left""#, r#", "gamma": 2"#), [255, 180, 0]);
        let [red, green, blue] = rgb(r#""left""#, r#", "saturation": 0"#);
        assert!(
            red == green && green == blue && red > 100,
            "{red} {green} {blue}"
        );
    }

    #[test]
    fn channels_are_written_in_their_order_with_fixed_ones_and_second_bytes() {
        let list = r#"[200, "dimmer", "blue", "green", "red", "red fine", 3]"#;
        let moment = plain([0.25, 0.5, 0.0]);
        let slots = shown(&patch(list, r#""all""#, AT_ONCE), &moment);
        // The dimmer has the brightness, and the colours what is left of it: red a half, of 16 bits.
        assert_eq!(slots, [200, 128, 0, 255, 128, 0, 3]);
        let wide = shown(
            &patch(r#""rgb""#, r#""all""#, &format!(r#"{AT_ONCE}, "bits": 16"#)),
            &moment,
        );
        let [red, green, blue] = [0, 2, 4].map(|n| u16::from_be_bytes([wide[n], wide[n + 1]]));
        let _: [u8; 6] = wide;
        assert_eq!([red, green, blue], [16_384, 32_768, 0]);
    }

    #[test]
    fn attack_and_release_are_times_whatever_the_rate() {
        let patch = patch(
            r#""rgb""#,
            r#""all""#,
            r#", "bits": 16, "attack_ms": 100, "release_ms": 400"#,
        );
        let level = |frames: &Frames| {
            f64::from(u16::from_be_bytes([frames[&1][0], frames[&1][1]])) / 65_535.0
        };
        for steps in [1, 4, 40, 400] {
            let mut rig = Rig::new(&patch);
            let mut after = |light: f32, seconds: f64| {
                let mut last = 0.0;
                for _ in 0..steps {
                    last = level(rig.step(
                        &plain([light; 3]),
                        Wanted::default(),
                        seconds / f64::from(steps),
                    ));
                }
                last
            };
            let risen = after(1.0, 0.1);
            assert!(
                (risen - (1.0 - (-1.0_f64).exp())).abs() < 1e-3,
                "{steps}: {risen}"
            );
            let fallen = after(0.0, 0.4);
            assert!(
                (fallen - risen * (-1.0_f64).exp()).abs() < 1e-3,
                "{steps}: {fallen}"
            );
            assert_eq!(after(0.0, 20.0), 0.0);
        }
    }

    #[test]
    fn a_blackout_fades_in_half_a_second_and_back() {
        let patch = patch(r#""rgb""#, r#""all""#, AT_ONCE);
        let mut rig = Rig::new(&patch);
        let mut after = |blackout, steps| {
            let wanted = Wanted {
                blackout,
                end: false,
            };
            (0..steps)
                .map(|_| rig.step(&plain([1.0; 3]), wanted, 0.025)[&1][0])
                .last()
                .unwrap()
        };
        assert_eq!(after(false, 1), 255);
        let half = after(true, 10);
        assert!((126..=129).contains(&half), "{half}");
        assert_eq!(after(true, 10), 0);
        assert_eq!(after(false, 20), 255);
    }

    #[test]
    fn the_end_is_the_one_that_was_chosen() {
        let with = |end| Patch {
            end,
            ..patch(r#""rgb""#, r#""all""#, AT_ONCE)
        };
        for (end, expected) in [
            (End::Dark, [0, 0, 0]),
            (End::Keep, [255, 0, 51]),
            (End::Colour([0.4, 0.2, 0.0]), [102, 51, 0]),
        ] {
            let patch = with(end);
            let mut rig = Rig::new(&patch);
            let moment = plain([1.0, 0.0, 0.2]);
            rig.step(&moment, Wanted::default(), 0.025);
            assert!(!rig.has_ended());
            let mut steps = 0;
            while !rig.has_ended() && steps < 100 {
                rig.step(
                    &moment,
                    Wanted {
                        blackout: false,
                        end: true,
                    },
                    0.025,
                );
                steps += 1;
            }
            assert!(steps <= 21, "{end:?} took {steps}");
            assert_eq!(rig.frames[&1][..3], expected);
        }
    }

    #[test]
    fn a_lamp_on_a_band_that_strobes_is_held_and_still_comes_to_its_end() {
        let patch = patch(r#""d""#, r#"{"band": 1}"#, AT_ONCE);
        let mut rig = Rig::new(&patch);
        let mut moment = Moment::default();
        let mut slots = Vec::new();
        for n in 0..200 {
            moment.levels.bands[0] = f32::from(n % 4 < 2);
            slots.push(rig.step(&moment, Wanted::default(), 0.025)[&1][0]);
        }
        let jumps = |slots: &[u8]| {
            slots
                .windows(2)
                .filter(|w| w[0].abs_diff(w[1]) > 25)
                .count()
        };
        for second in slots.chunks(40) {
            assert!(jumps(second) <= 7, "{second:?}");
        }
        let mut steps = 0;
        while !rig.has_ended() && steps < 100 {
            rig.step(
                &moment,
                Wanted {
                    blackout: false,
                    end: true,
                },
                0.025,
            );
            steps += 1;
        }
        assert!(rig.has_ended() && rig.frames[&1][0] == 0, "{steps}");
    }
}
