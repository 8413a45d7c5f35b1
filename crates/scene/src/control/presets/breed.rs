//! Looks that chance makes of those that there are.

use super::look::mixed;
use super::preset::Preset;
use crate::control::{Control, Group, Setting, Snapshot};
use crate::motion::Hash;

/// What is drawn together, as it belongs together: each of these comes from one preset, or from two.
const PARTS: [Group; 5] = [
    Group::Emotion,
    Group::Motion,
    Group::Form,
    Group::Picture,
    Group::Model,
];

/// Keeps these draws apart from others of the same seed.
const STREAM: u64 = 0x6272_6565_6400_0000;

/// Where controls are to stand for a new look, which `seed` repeats: each group comes from one of `presets`, and half of the
/// time lies between two of them. What `is_locked` stays as it is.
///
/// A look that is drawn knob by knob is ugly more often than not; each of these parts was found good by somebody.
pub fn bred(presets: &[Preset], seed: u64, is_locked: impl Fn(Control) -> bool) -> Vec<Setting> {
    let mut bred = Vec::new();
    for (place, group) in PARTS.into_iter().enumerate() {
        let mut hash = Hash::new(seed, STREAM, place as i64);
        let with_it: Vec<&Preset> = presets
            .iter()
            .filter(|preset| group != Group::Model || preset.painter.is_some())
            .collect();
        let [one, two, share] = [(); 3].map(|()| hash.uniform());
        let drawn = |chance: f64| with_it.get((chance * with_it.len() as f64) as usize);
        let (Some(one), Some(two)) = (drawn(one), drawn(two)) else {
            continue;
        };
        let share = (2.0 * share - 1.0).max(0.0) as f32;
        let settings = match group {
            // Between two painters nobody knows what lies.
            Group::Model => one
                .painter
                .iter()
                .flat_map(|painter| painter.settings())
                .collect(),
            _ => between(one, two, share, group),
        };
        bred.extend(settings.into_iter().filter(|set| !is_locked(set.control)));
    }
    bred
}

/// The controls of a group in a look that is as much `two` as `share` says.
fn between(one: &Preset, two: &Preset, share: f32, group: Group) -> Vec<Setting> {
    let mixed = Snapshot::from(mixed(&one.look, &two.look, share));
    let controls = group.controls().filter(|control| control.is_of_a_look());
    let set = |control: Control| Setting {
        control,
        plain: control.get(&mixed),
    };
    controls.map(set).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::control::presets;

    #[test]
    fn a_seed_is_a_look_and_what_is_locked_is_left_alone() {
        let presets = presets();
        let all = bred(&presets, 7, |_| false);
        assert_eq!(all, bred(&presets, 7, |_| false));
        let looks: Vec<Vec<Setting>> = (0..40)
            .map(|seed| bred(&presets, seed, |_| false))
            .collect();
        for (i, look) in looks.iter().enumerate() {
            assert!(!looks[..i].contains(look), "{i} is another one again");
            for Setting { control, plain } in look {
                assert_eq!(control.row().values.clamp(*plain), *plain, "{control:?}");
                assert!(control.is_of_a_look() || control.row().group == Group::Model);
            }
        }
        let said = |control: Control| looks.iter().flatten().any(|set| set.control == control);
        for control in Control::ALL.into_iter().filter(|c| c.is_of_a_look()) {
            assert!(said(control), "{control:?} is never drawn");
        }
        let kept =
            |control: Control| control == Control::Palette || control.row().group == Group::Model;
        let locked = bred(&presets, 7, kept);
        assert!(locked.iter().all(|set| !kept(set.control)));
        let rest: Vec<Setting> = all.into_iter().filter(|set| !kept(set.control)).collect();
        assert_eq!(locked, rest);
        assert_eq!(bred(&[], 7, |_| false), []);
    }
}
