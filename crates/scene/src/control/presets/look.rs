//! The look that is seen: that of the knobs, or of the presets between which they lie.

use super::library::{presets, with_positions};
use super::numbers::numbered;
use super::preset::Preset;
use crate::control::{Control, Controls, Mix, Snapshot};

/// A look that is as much `to` as `share` says, 0 to 1. What no preset says anything of stays.
pub(super) fn mixed(from: &Controls, to: &Controls, share: f32) -> Controls {
    let (from, to) = (Snapshot::from(*from), Snapshot::from(*to));
    let mut mixed = from;
    for control in Control::ALL {
        let (a, b) = (control.get(&from), control.get(&to));
        match control.row().mix {
            // To the last bit where it has arrived.
            Mix::Between if share == 1.0 => control.set(&mut mixed, b),
            Mix::Between => control.set(&mut mixed, a + share * (b - a)),
            Mix::Nearer => control.set(&mut mixed, if share < 0.5 { a } else { b }),
            Mix::Own => {}
        }
    }
    mixed.controls
}

impl Snapshot {
    /// The knobs as the preset position sets them, on the way to what they morph to.
    pub fn look(&self) -> Controls {
        let look = look_at(&self.controls, self.preset);
        match self.goal() {
            None => look,
            Some((preset, share)) => mixed(&look, &preset.look, share),
        }
    }

    /// The preset that it morphs to, and how far it has got.
    pub(super) fn goal(&self) -> Option<(Preset, f32)> {
        let preset = numbered(self.morph_to).filter(|_| self.morph > 0.0)?;
        Some((preset, self.morph.min(1.0)))
    }
}

/// The look at a preset position: 0 is `own`, 1 the first preset; between two, both mixed. What no
/// preset says anything of stays `own`.
fn look_at(own: &Controls, position: f32) -> Controls {
    let presets = presets();
    let presets = with_positions(&presets);
    let position = position.clamp(0.0, presets.len() as f32);
    let at = |index: usize| {
        let preset = index.checked_sub(1).and_then(|preset| presets.get(preset));
        // The steering is never a preset's.
        preset.map_or(*own, |preset| mixed(own, &preset.look, 1.0))
    };
    let below = position.floor();
    let (from, to) = (at(below as usize), at(position.ceil() as usize));
    mixed(&from, &to, position - below)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::control::preset_number;

    fn morph(to: &str, share: f32) -> Snapshot {
        Snapshot {
            morph_to: preset_number(to).unwrap(),
            morph: share,
            ..Snapshot::default()
        }
    }

    #[test]
    fn a_position_between_two_looks_lies_between_them() {
        let own = Controls::default();
        assert_eq!(look_at(&own, 0.0), own);
        assert_eq!(look_at(&own, 2.0), presets()[1].look);
        assert_eq!(
            look_at(&own, 1e9),
            with_positions(&presets()).last().unwrap().look
        );
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

    #[test]
    fn a_look_that_has_morphed_all_the_way_is_the_preset_and_half_way_lies_between() {
        let club = presets()
            .iter()
            .find(|preset| preset.name == "Club")
            .cloned()
            .unwrap();
        let own = Controls::default();
        assert_eq!(morph("Club", 0.0).look(), own);
        assert_eq!(morph("Club", 1.0).look(), club.look);
        let half = morph("Club", 0.5).look();
        assert!((half.trails - 0.5 * (own.trails + club.look.trails)).abs() < 1e-6);
        let nobody = Snapshot {
            morph: 1.0,
            ..Snapshot::default()
        };
        assert_eq!(nobody.look(), own);
    }
}
