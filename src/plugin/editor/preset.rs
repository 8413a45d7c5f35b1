//! Looks that are loaded into the knobs.

use super::hands::{Hands, Knob};
use crate::live::{Preset, presets};
use crate::motion::Palette;
use crate::plugin::SynopsiaParams;

/// The knobs that a look sets, with their values in it.
fn values<'a>(params: &'a SynopsiaParams, preset: &Preset) -> Vec<(Knob<'a>, f32)> {
    let (motion, picture, look) = (&params.motion, &params.picture, &preset.look);
    let palette = Palette::ALL
        .iter()
        .position(|palette| *palette == look.palette);
    let plain = [
        (Knob::of(&motion.bars_per_keyframe), look.bars_per_keyframe),
        (Knob::of(&motion.beat_strength), look.beat_strength),
        (Knob::of(&motion.onset_push), look.onset_push),
        (Knob::of(&motion.bass_motion), look.bass_motion),
        (Knob::of(&motion.truncation), look.truncation),
        (Knob::of(&params.emotion.strength), look.mood_strength),
        (Knob::of(&picture.palette), palette.unwrap_or(0) as f32),
        (Knob::of(&picture.saturation), look.saturation),
        (Knob::of(&picture.brightness), look.brightness),
        (Knob::of(&picture.trails), look.trails),
        (Knob::of(&picture.brush), look.brush),
        (Knob::of(&picture.zoom), look.zoom),
        (Knob::of(&picture.rotation), look.rotation),
        (Knob::of(&picture.symmetry), f32::from(look.symmetry)),
    ];
    plain
        .into_iter()
        .map(|(knob, plain)| (knob, knob.place_of(plain)))
        .collect()
}

/// Loads a look into the knobs, and lets them be what is seen.
pub fn load(hands: &mut Hands, params: &SynopsiaParams, preset: &Preset) {
    let mut values = values(params, preset);
    values.push((Knob::of(&params.model.preset), 0.0));
    hands.put_all(&values, Some(&preset.name));
}

/// Whether the knobs no longer stand as in the preset of that name.
pub fn is_edited(params: &SynopsiaParams, name: &str) -> bool {
    let preset = presets().iter().find(|preset| preset.name == name);
    preset.is_some_and(|preset| {
        let mut values = values(params, preset).into_iter();
        values.any(|(knob, value)| (knob.value() - value).abs() > 1e-3)
    })
}

/// The preset that is `by` places after the one of that name; the first one where there is none.
pub fn neighbour(name: &str, by: isize) -> Option<&'static Preset> {
    let all = presets();
    let here = all.iter().position(|preset| preset.name == name);
    let next = match here {
        Some(here) => (here as isize + by).rem_euclid(all.len() as isize) as usize,
        None => 0,
    };
    all.get(next)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn walking_through_the_presets_leads_back_to_the_first() {
        let mut name = presets()[0].name.clone();
        for _ in 0..presets().len() {
            name.clone_from(&neighbour(&name, 1).unwrap().name);
        }
        assert_eq!(name, presets()[0].name);
        assert_eq!(
            neighbour(&name, -1).unwrap().name,
            presets().last().unwrap().name
        );
    }
}
