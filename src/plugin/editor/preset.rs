//! Looks that are loaded into the knobs, and kept.

use super::edits::{Edits, Knob};
use super::pictures;
use super::view::View;
use crate::control::{
    Control, Draft, Preset, PresetPainter, Saved, Setting, bred, note_used, preset_called, presets,
    save_preset, shelf,
};
use crate::plugin::SynopsiaParams;
use std::collections::BTreeSet;

/// What the tags of a look of the user's own say at first.
const TAG: &str = "mine";

/// The knobs that a look sets, with their values in it.
fn values<'a>(params: &'a SynopsiaParams, settings: &[Setting]) -> Vec<(Knob<'a>, f32)> {
    let values = settings.iter().map(|Setting { control, plain }| {
        let knob = Knob::of(params, *control);
        (knob, knob.place_of(*plain))
    });
    values.collect()
}

/// Loads a look into the knobs, and lets them be what is seen.
pub fn load(edits: &mut Edits, params: &SynopsiaParams, preset: &Preset) {
    let values = values(params, &preset.settings());
    edits.put_all(&values, Some(&preset.name));
}

/// The same, for somebody who has chosen it, in the bars that a change takes: it is remembered as the last one, and what of
/// it cannot be had is said.
pub fn choose(view: &mut View, preset: &Preset) {
    let live = &view.project.live;
    match view.browser.bars {
        0 => load(&mut view.edits, &view.project.params, preset),
        bars => {
            live.glide_to(preset.clone(), bars.into());
            view.project.set_preset(&preset.name);
        }
    }
    if let Err(sentence) = note_used(&preset.name) {
        live.report(sentence);
    }
    if let Some(complaint) = preset.complaint() {
        live.report(complaint);
    }
}

/// Saves what is seen as a preset of the user's, with its picture.
///
/// # Errors
/// In a sentence; the preset that was chosen stays so.
pub fn save(view: &mut View, name: &str) -> Result<Saved, String> {
    let project = &view.project;
    let snapshot = project.params.snapshot();
    let tags = match preset_called(name) {
        // What it says of itself stays.
        Some(preset) if preset.path.is_some() => Vec::new(),
        _ => {
            let from = preset_called(&project.preset()).map(|preset| preset.tags);
            let tags: BTreeSet<_> = from.into_iter().flatten().collect();
            let others = tags.into_iter().filter(|tag| tag != TAG);
            [TAG.to_owned()].into_iter().chain(others).collect()
        }
    };
    let shown = view.shown.as_ref();
    let saved = save_preset(&Draft {
        name,
        look: snapshot.look(),
        painter: PresetPainter::of(&snapshot),
        tags,
        picture: shown.and_then(|(picture, _)| pictures::small(picture)),
    })?;
    project.set_preset(name);
    view.browser.pictures.forget(name);
    Ok(saved)
}

/// The name under which a click saves what is seen: that of the user's preset that was chosen, or one that nobody has.
pub fn name_to_save(chosen: &str) -> String {
    let own = preset_called(chosen).is_some_and(|preset| preset.path.is_some());
    if own {
        chosen.to_owned()
    } else {
        free_name(chosen)
    }
}

/// A name that no preset has, after one that may have.
pub fn free_name(name: &str) -> String {
    let base = match name.rsplit_once(' ') {
        Some((base, number)) if number.parse::<u32>().is_ok() => base,
        _ if name.is_empty() => "My look",
        _ => name,
    };
    let all = presets();
    let is_free = |name: &String| all.iter().all(|preset| preset.name != *name);
    let first = Some(base.to_owned()).filter(|_| name.is_empty());
    let numbered = (2..).map(|number: u32| format!("{base} {number}"));
    let mut names = first.into_iter().chain(numbered);
    names.find(is_free).unwrap_or_default()
}

/// Whether the knobs no longer stand as in the preset of that name.
pub fn is_edited(params: &SynopsiaParams, name: &str) -> bool {
    preset_called(name).is_some_and(|preset| {
        let settings = preset.settings();
        let mut values = values(params, &settings).into_iter();
        let of_it = |control| !matches!(control, Control::PresetPosition | Control::Morph);
        values.any(|(knob, value)| of_it(knob.control) && (knob.value() - value).abs() > 1e-3)
    })
}

/// Has chance make a look of those that there are; what is locked stays.
pub fn randomise(view: &mut View, seed: u64) {
    let settings = bred(&presets(), seed, |control| view.edits.is_locked(control));
    let mut values = values(&view.project.params, &settings);
    values.push((Knob::of(&view.project.params, Control::PresetPosition), 0.0));
    values.push((Knob::of(&view.project.params, Control::Morph), 0.0));
    view.edits.put_all(&values, Some(""));
}

/// The preset that is `by` places after the one that was chosen, among the favourites in the order in which they became
/// that; where there are not two, among all.
pub fn next_on_the_list(chosen: &str, by: isize) -> Option<Preset> {
    let shelf = shelf();
    let list: Vec<Preset> = shelf
        .favourites
        .iter()
        .filter_map(|name| preset_called(name).filter(|preset| preset.name == *name))
        .collect();
    if list.len() < 2 {
        return neighbour(chosen, by);
    }
    let here = list.iter().position(|preset| preset.name == chosen);
    let next = match here {
        Some(here) => (here as isize + by).rem_euclid(list.len() as isize) as usize,
        None => 0,
    };
    list.get(next).cloned()
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

    #[test]
    fn what_is_saved_by_a_click_takes_the_place_of_none_of_ours() {
        assert_eq!(name_to_save("Club"), "Club 2");
        assert_eq!(free_name("Club 2"), "Club 2");
        assert_eq!(free_name(""), "My look");
        assert_eq!(free_name("Route 66"), "Route 2");
    }
}
