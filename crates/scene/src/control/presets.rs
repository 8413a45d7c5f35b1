//! Looks with a name.

mod broken;
mod file;
mod library;

pub use broken::BrokenPresets;
pub use library::{broken_presets, presets, read_preset, save_preset, users_presets};

use super::words::is_named;
use super::{Control, Controls, Mix, Snapshot};
use std::path::PathBuf;

/// A look: where the knobs of motion and picture stand. It leaves the emotion's steering alone.
#[derive(Clone, Debug, PartialEq)]
pub struct Preset {
    pub name: String,
    pub look: Controls,
    /// Its file; none where it came with the program.
    pub path: Option<PathBuf>,
    /// Whether it has a [position](Control::PresetPosition): those that come with the program do. Their
    /// order is part of saved projects; the user's come and go.
    pub has_position: bool,
}

/// The preset of exactly this name, or else of this one in any case, with or without hyphens.
pub fn preset_called(name: &str) -> Option<Preset> {
    let presets = presets();
    let exact = presets.iter().find(|preset| preset.name == name);
    let found = exact.or_else(|| presets.iter().find(|preset| is_named(name, &preset.name)));
    found.cloned()
}

/// The presets that have a position, in their order; the first is at 1.
pub fn with_positions(presets: &[Preset]) -> &[Preset] {
    let end = presets.iter().position(|preset| !preset.has_position);
    &presets[..end.unwrap_or(presets.len())]
}

impl Snapshot {
    /// The knobs as the preset position sets them.
    pub fn look(&self) -> Controls {
        look_at(&self.controls, self.preset)
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
}
