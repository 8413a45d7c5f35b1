//! Looks with a name.

use crate::show::Controls;
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

/// The look at a preset position: 0 is `own`, 1 the first preset; between two, both mixed.
pub(super) fn look_at(own: &Controls, position: f32) -> Controls {
    let last = presets().len();
    let position = position.clamp(0.0, last as f32);
    let at = |index: usize| match index.checked_sub(1) {
        Some(preset) => presets().get(preset).map_or(*own, |p| Controls {
            steering: own.steering,
            ..p.look
        }),
        None => *own,
    };
    let below = position.floor();
    let share = position - below;
    let (from, to) = (at(below as usize), at(position.ceil() as usize));
    from.mixed(&to, share)
}
