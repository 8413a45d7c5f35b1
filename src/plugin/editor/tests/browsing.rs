//! The presets, looked through by keys and by hand.

use super::bench::{Bench, presets_alone};
use super::names::editor_of;
use crate::control::{Control, preset_called, presets, shelf, users_presets};
use crate::plugin::{EditorSetup, Project};
use egui::{Event, Key, Modifiers};
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable;
use nice_plug::context::PluginApi;
use std::sync::Arc;

const SIZE: [u32; 2] = EditorSetup::SMALLEST;

fn write(bench: &mut Bench, text: &str) {
    bench.frame(vec![Event::Text(text.to_owned())]);
}

fn click<T>(editor: &mut Harness<'_, T>, label: &str) {
    editor.get_by_label(label).click_accesskit();
    editor.run();
}

#[test]
fn presets_are_searched_chosen_and_left_by_keys_alone() {
    let _alone = presets_alone();
    let mut bench = Bench::new();
    bench.modifiers = Modifiers::COMMAND;
    bench.key(Key::F);
    bench.modifiers = Modifiers::NONE;
    bench.rest();
    write(&mut bench, "rose");
    bench.key(Key::Enter);
    assert_eq!(bench.project.preset(), "Rose window");
    bench.key(Key::ArrowRight);
    bench.key(Key::Enter);
    assert_eq!(bench.project.preset(), "Rose nebula");
    let nebulae = preset_called("Rose nebula").unwrap().settings();
    for setting in nebulae {
        let now = bench.project.params.plain(setting.control);
        assert!((now - setting.plain).abs() < 1e-3, "{setting:?} is {now}");
    }
    // Letters are the search's, and what cannot be found loads nothing.
    write(&mut bench, "b");
    assert!(!bench.project.params.is_on(Control::Blackout));
    bench.key(Key::Enter);
    assert_eq!(bench.project.preset(), "Rose nebula");
    assert!(bench.app.view().browser.open);
    bench.key(Key::Escape);
    assert!(
        bench.app.view().browser.open,
        "the first one clears the search"
    );
    bench.key(Key::Escape);
    assert!(!bench.app.view().browser.open);
    bench.key(Key::B);
    assert!(bench.project.params.is_on(Control::Blackout));
    bench.modifiers = Modifiers::COMMAND;
    for _ in 0..3 {
        bench.key(Key::Z);
    }
    assert_eq!(bench.project.preset(), "");
}

#[test]
fn a_look_is_saved_by_a_click_named_deleted_and_brought_back() {
    let _alone = presets_alone();
    let project = Arc::new(Project::default());
    project.set_preset("Club");
    project.params.set(Control::Trails, 0.8);
    let mut editor = editor_of(Arc::clone(&project), PluginApi::Standalone, SIZE);
    click(&mut editor, "Save preset");
    assert_eq!(project.preset(), "Club 2");
    let saved = preset_called("Club 2").unwrap();
    assert!((saved.look.trails - 0.8).abs() < 1e-3);
    assert_eq!(saved.painter.unwrap().model, "ink");
    assert!(saved.tags.contains(&"club".to_owned()));
    // Once more is the same one.
    project.params.set(Control::Trails, 0.3);
    click(&mut editor, "Save preset");
    assert!((preset_called("Club 2").unwrap().look.trails - 0.3).abs() < 1e-3);

    click(&mut editor, "Preset");
    click(&mut editor, "Rename");
    editor.event(Event::Text("Evening".to_owned()));
    editor.run();
    editor.key_press(Key::Enter);
    editor.run();
    assert_eq!(project.preset(), "Evening");
    assert!(presets().iter().all(|preset| preset.name != "Club 2"));
    let file = users_presets().unwrap().join("Evening.json");
    assert!(file.exists());
    click(&mut editor, "Delete");
    assert!(!file.exists() && preset_called("Evening").is_none());
    click(&mut editor, "Bring it back");
    assert!(file.exists() && preset_called("Evening").is_some());
    // What comes with Synopsia can be neither deleted nor named anew.
    editor.event(Event::Text("ember".to_owned()));
    editor.run();
    click(&mut editor, "Embers");
    assert!(editor.query_by_label("Delete").is_none());
    assert_eq!(project.live.status().problems, 0);
}

#[test]
fn a_star_makes_a_favourite_and_keys_walk_through_those_there_are() {
    let _alone = presets_alone();
    let project = Arc::new(Project::default());
    let mut editor = editor_of(Arc::clone(&project), PluginApi::Standalone, SIZE);
    click(&mut editor, "Preset");
    click(&mut editor, "Favourite: Club");
    click(&mut editor, "Favourite: Embers");
    assert_eq!(shelf().favourites, ["Club", "Embers"]);
    click(&mut editor, "Shelf: Favourites");
    assert!(editor.query_by_label("Charcoal").is_none());
    click(&mut editor, "Close the presets");
    for expected in ["Club", "Embers", "Club"] {
        editor.key_press(Key::K);
        editor.run();
        assert_eq!(project.preset(), expected);
    }
    editor.key_press_modifiers(Modifiers::SHIFT, Key::K);
    editor.run();
    assert_eq!(project.preset(), "Embers");
}

#[test]
fn chance_makes_a_look_that_is_taken_back_and_leaves_what_is_locked() {
    let project = Arc::new(Project::default());
    let mut editor = editor_of(Arc::clone(&project), PluginApi::Standalone, SIZE);
    let before = project.params.snapshot();
    click(&mut editor, "Preset");
    click(&mut editor, "Locks");
    click(&mut editor, "Picture");
    for _ in 0..4 {
        click(&mut editor, "Randomise");
    }
    let after = project.params.snapshot();
    assert_ne!(after.controls, before.controls);
    for control in crate::control::Group::Picture.controls() {
        assert_eq!(control.get(&after), control.get(&before), "{control:?}");
    }
    for _ in 0..4 {
        click(&mut editor, "Undo");
    }
    let back = project.params.snapshot();
    for control in Control::ALL {
        let [back, before] = [&back, &before].map(|all| control.get(all));
        assert!(
            (back - before).abs() < 1e-5,
            "{control:?}: {back}, not {before}"
        );
    }
}
