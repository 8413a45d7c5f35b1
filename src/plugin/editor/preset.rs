//! Looks that are loaded into the knobs.

use super::edits::{Edits, Knob};
use crate::control::{Control, Preset, Snapshot, preset_called, presets, save_preset};
use crate::plugin::{Project, SynopsiaParams};

/// The knobs that a look sets, with their values in it.
fn values<'a>(params: &'a SynopsiaParams, preset: &Preset) -> Vec<(Knob<'a>, f32)> {
    let look = Snapshot::from(preset.look);
    let controls = Control::ALL.into_iter().filter(|c| c.is_of_a_look());
    controls
        .map(|control| {
            let knob = Knob::of(params, control);
            (knob, knob.place_of(control.get(&look)))
        })
        .collect()
}

/// Loads a look into the knobs, and lets them be what is seen.
pub fn load(edits: &mut Edits, params: &SynopsiaParams, preset: &Preset) {
    let mut values = values(params, preset);
    values.push((Knob::of(params, Control::PresetPosition), 0.0));
    edits.put_all(&values, Some(&preset.name));
}

/// Saves what is seen as a preset of the user's.
///
/// # Errors
/// In a sentence; the preset that was chosen stays so.
pub fn save(project: &Project, name: &str) -> Result<(), String> {
    save_preset(name, &project.params.snapshot().look())?;
    project.set_preset(name);
    Ok(())
}

/// Whether the knobs no longer stand as in the preset of that name.
pub fn is_edited(params: &SynopsiaParams, name: &str) -> bool {
    preset_called(name).is_some_and(|preset| {
        let mut values = values(params, &preset).into_iter();
        values.any(|(knob, value)| (knob.value() - value).abs() > 1e-3)
    })
}

/// The preset that is `by` places after the one of that name; the first one where there is none.
pub fn neighbour(name: &str, by: isize) -> Option<Preset> {
    let all = presets();
    let here = all.iter().position(|preset| preset.name == name);
    let next = match here {
        Some(here) => (here as isize + by).rem_euclid(all.len() as isize) as usize,
        None => 0,
    };
    all.get(next).cloned()
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
