//! Everything that can be used has a name that a screen reader says.

use super::super::app::App;
use super::bench::{Host, keep_presets_apart};
use crate::control::Control;
use crate::plugin::{EditorSetup, Project, Standalone};
use egui::accessibility::is_input;
use egui::accesskit::{Action, HasPopup};
use egui::{Role, Ui, UiBuilder, vec2};
use egui_kittest::Harness;
use egui_kittest::kittest::{AccessKitNode, NodeT, Queryable};
use nice_plug::context::PluginApi;
use nice_plug::context::gui::GuiContext;
use std::collections::BTreeSet;
use std::sync::Arc;

const APIS: [PluginApi; 2] = [PluginApi::Standalone, PluginApi::Clap];

/// An editor of that size.
fn editor(api: PluginApi, size: [u32; 2]) -> Harness<'static, App> {
    editor_of(Arc::default(), api, size)
}

/// The editor of a project.
pub fn editor_of(project: Arc<Project>, api: PluginApi, size: [u32; 2]) -> Harness<'static, App> {
    let host = Host {
        api,
        standalone: Standalone::new(Arc::clone(&project)),
        told: Arc::default(),
    };
    keep_presets_apart();
    let ctx = egui::Context::default();
    let mut app = App::new(project, Arc::default());
    app.open(&ctx, GuiContext::new(Arc::new(host)));
    let [width, height] = size.map(|side| side as f32);
    let mut harness = Harness::builder()
        .with_size(vec2(width, height))
        .with_context_setup(super::super::theme::dress)
        .build_ui_state(|ui, app: &mut App| app.frame(&mut whole(ui), false), app);
    harness.run();
    harness
}

/// The whole window: the harness leaves a margin.
pub fn whole(ui: &mut Ui) -> Ui {
    let window = ui.ctx().content_rect();
    let mut whole = ui.new_child(UiBuilder::new().max_rect(window));
    whole.set_clip_rect(window);
    whole
}

/// Whether anything can be done with it.
fn is_used(node: &AccessKitNode<'_>) -> bool {
    let data = node.data();
    let acts = [Action::Click, Action::Focus, Action::SetValue];
    is_input(node.role()) || acts.iter().any(|action| data.supports_action(*action))
}

/// Things that can be used and have no name, or that of another of their kind.
pub fn faults<State>(harness: &Harness<'_, State>) -> Vec<String> {
    let mut seen = BTreeSet::new();
    let mut faults = Vec::new();
    for node in harness.root().children_recursive() {
        let node = node.accesskit_node();
        // A bar that scrolls is its area's, and keys and wheel need none.
        if node.is_hidden() || !is_used(&node) || node.role() == Role::ScrollBar {
            continue;
        }
        let name = node.label().unwrap_or_default();
        // The library calls what has no name by its hint.
        let is_hint = node.data().description() == Some(name.as_str());
        let role = format!("{:?}", node.role());
        if name.trim().is_empty() || (is_hint && name.ends_with('.')) || role == "Unknown" {
            faults.push(format!("{role} {name:?} at {:?}", node.raw_bounds()));
        } else if !seen.insert((role.clone(), name.clone())) {
            faults.push(format!("there are two of {role} {name:?}"));
        }
    }
    faults
}

/// Names of the nodes that `wanted` is true of.
fn names(harness: &Harness<'_, App>, wanted: impl Fn(&AccessKitNode<'_>) -> bool) -> Vec<String> {
    let nodes = harness.root().children_recursive();
    let wanted = nodes.filter(|node| wanted(&node.accesskit_node()));
    wanted
        .map(|node| node.accesskit_node().label().unwrap_or_default())
        .collect()
}

#[track_caller]
fn check(harness: &Harness<'_, App>, screen: &str) {
    assert_eq!(faults(harness), Vec::<String>::new(), "{screen}");
}

#[test]
fn all_that_can_be_used_has_a_name_of_its_own_at_any_size_in_a_host_and_without() {
    for api in APIS {
        for size in [EditorSetup::SMALLEST, EditorSetup::LARGEST, [500, 300]] {
            let harness = editor(api, size);
            let used = names(&harness, is_used);
            assert!(used.len() > 30, "only {used:?} can be used");
            check(&harness, &format!("{api} at {size:?}"));
        }
    }
}

#[test]
fn every_control_that_a_musician_moves_is_there() {
    let mut harness = editor(PluginApi::Clap, EditorSetup::SMALLEST);
    let mut used = names(&harness, is_used);
    harness.get_by_label("Part: Words").click_accesskit();
    harness.run();
    check(&harness, "with the words' part");
    used.extend(names(&harness, is_used));
    // The host's own switch has a place in the host.
    let controls = Control::ALL.into_iter().filter(|c| *c != Control::Bypass);
    for name in controls.map(|control| control.row().name) {
        let is_it = |used: &String| used == name || used.starts_with(&format!("{name}: "));
        assert!(used.iter().any(is_it), "{name} is not among {used:?}");
    }
}

#[test]
fn each_line_of_each_menu_has_a_name_and_says_whether_it_is_chosen() {
    for api in APIS {
        let has_menu = |node: &AccessKitNode<'_>| node.data().has_popup() == Some(HasPopup::Menu);
        let menus = names(&editor(api, EditorSetup::default().size), has_menu);
        assert!(menus.len() >= 7, "only {menus:?} open a menu");
        for menu in menus {
            let mut harness = editor(api, EditorSetup::default().size);
            harness.get_by_label(&menu).click_accesskit();
            harness.run();
            let is_line = |node: &AccessKitNode<'_>| {
                matches!(node.role(), Role::MenuItem | Role::MenuItemRadio)
            };
            assert!(!names(&harness, is_line).is_empty(), "{menu} has no lines");
            let is_mute = |node: &AccessKitNode<'_>| {
                node.role() == Role::MenuItemRadio && node.toggled().is_none()
            };
            assert_eq!(names(&harness, is_mute), Vec::<String>::new(), "{menu}");
            check(&harness, &menu);
        }
    }
}

#[test]
fn the_field_in_which_a_value_is_typed_has_the_name_of_what_is_typed() {
    let is_slider = |node: &AccessKitNode<'_>| {
        node.role() == Role::Slider && node.data().supports_action(Action::Increment)
    };
    let mut harness = editor(PluginApi::Standalone, EditorSetup::default().size);
    for name in names(&harness, is_slider) {
        harness.get_by_label(&name).click_secondary();
        harness.run();
        let is_field = |node: &AccessKitNode<'_>| node.role() == Role::TextInput;
        assert_eq!(names(&harness, is_field), [name.as_str()]);
        check(&harness, &name);
        harness.key_press(egui::Key::Escape);
        harness.run();
    }
    harness.get_by_label("Seed").click_accesskit();
    harness.run();
    check(&harness, "the seed");
    harness.key_press(egui::Key::Escape);
    harness.run();
    harness.get_by_label("Preset").click_accesskit();
    harness.run();
    check(&harness, "the presets");
    harness.get_by_label("Save as").click_accesskit();
    harness.run();
    check(&harness, "a preset's name");
}

#[test]
fn a_screen_reader_steps_a_slider_and_hears_its_value_with_its_unit() {
    let mut harness = editor(PluginApi::Standalone, EditorSetup::default().size);
    let value = |harness: &Harness<'_, App>| harness.get_by_label("Trails").value();
    assert_eq!(value(&harness).as_deref(), Some("35.0 %"));
    harness.get_by_label("Trails").increment_accesskit();
    harness.run();
    let more = value(&harness).unwrap();
    let percent: f32 = more.trim_end_matches(" %").parse().unwrap();
    assert!((35.5..45.0).contains(&percent), "{more}");
    harness.get_by_label("Trails").decrement_accesskit();
    harness.run();
    assert_eq!(value(&harness).as_deref(), Some("35.0 %"));
}

#[test]
fn what_lies_over_the_editor_has_names_too() {
    let mut harness = editor(PluginApi::Standalone, EditorSetup::default().size);
    harness.get_by_label("About Synopsia").click_accesskit();
    harness.run();
    check(&harness, "about");
    harness
        .state_mut()
        .guard("be tested", |_| panic!("as it should"));
    harness.run();
    harness.get_by_label("Reload").click_accesskit();
    check(&harness, "the apology");
}
