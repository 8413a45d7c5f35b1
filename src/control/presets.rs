//! Looks with a name.

use super::{Control, Controls, Mix, Snapshot};
use serde::{Deserialize, Serialize};
use std::sync::LazyLock;

/// A look: where the knobs of motion and picture stand. It leaves the emotion's steering alone.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Preset {
    pub name: String,
    pub look: Controls,
}

/// The presets that come with the program, in the order of `plugin-assets/presets.json`. The order
/// is part of saved projects: new ones go to the end.
pub fn presets() -> &'static [Preset] {
    static PRESETS: LazyLock<Vec<Preset>> = LazyLock::new(|| {
        serde_json::from_str(include_str!("../../plugin-assets/presets.json")).unwrap_or_default()
    });
    &PRESETS
}

/// The look at a preset position: 0 is `own`, 1 the first preset; between two, both mixed. What no
/// preset says anything of stays `own`.
pub(super) fn look_at(own: &Controls, position: f32) -> Controls {
    let last = presets().len();
    let position = position.clamp(0.0, last as f32);
    let at = |index: usize| {
        let preset = index
            .checked_sub(1)
            .and_then(|preset| presets().get(preset));
        Snapshot::from(preset.map_or(*own, |preset| preset.look))
    };
    let below = position.floor();
    let share = position - below;
    let (from, to) = (at(below as usize), at(position.ceil() as usize));
    let mut mixed = Snapshot::from(*own);
    for control in Control::ALL {
        let (a, b) = (control.get(&from), control.get(&to));
        match control.row().mix {
            Mix::Between => control.set(&mut mixed, a + share * (b - a)),
            Mix::Nearer => control.set(&mut mixed, if share < 0.5 { a } else { b }),
            Mix::Own => {}
        }
    }
    mixed.controls
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_preset_is_within_range_and_has_its_own_name() {
        assert!(!presets().is_empty(), "the presets cannot be read");
        for preset in presets() {
            assert_eq!(preset.look, preset.look.clamped(), "{}", preset.name);
            let same = presets().iter().filter(|other| other.name == preset.name);
            assert_eq!(same.count(), 1, "{}", preset.name);
        }
    }

    #[test]
    fn a_position_between_two_looks_lies_between_them() {
        let own = Controls::default();
        assert_eq!(look_at(&own, 0.0), own);
        assert_eq!(look_at(&own, 2.0), presets()[1].look);
        assert_eq!(look_at(&own, 1e9), presets()[presets().len() - 1].look);
        let half = look_at(&own, 1.5);
        let (a, b) = (presets()[0].look.trails, presets()[1].look.trails);
        assert!((half.trails - 0.5 * (a + b)).abs() < 1e-6);
    }

    #[test]
    fn a_preset_leaves_the_steering_alone() {
        let mut own = Controls::default();
        own.steering.manual = [0.5, -0.5];
        for position in [0.5, 1.0, 3.7] {
            assert_eq!(look_at(&own, position).steering, own.steering);
        }
    }
}
