//! The editor without a window: what hands do to it, and what it tells a host.

mod bench;
mod browsing;
mod names;
mod props;
mod raster;
mod screens;

use super::view::View;
use crate::control::{Control, presets};
use crate::emotion::Ear;
use crate::plugin::{EditorSetup, Project, Standalone};
use bench::{Bench, Host, Told};
use egui::{Event, Key, Modifiers, PointerButton, pos2, vec2};
use egui_kittest::kittest::{NodeT, Queryable};
use nice_plug::context::PluginApi;
use nice_plug::context::gui::GuiContext;
use nice_plug::prelude::Params;
use std::sync::Arc;

const BLEND: usize = 1;

#[test]
fn a_drag_on_the_pad_sets_valence_and_arousal_in_one_gesture_each() {
    let mut bench = Bench::new();
    let pad = bench.plan().pad;
    let goal = pad.center() + vec2(0.25, -0.25) * pad.size();
    bench.drag(&[pad.center(), pad.center() + vec2(5.0, -5.0), goal]);
    let [valence, arousal] = bench.manual();
    assert!((0.45..0.65).contains(&valence), "valence is {valence}");
    assert!((0.45..0.65).contains(&arousal), "arousal is {arousal}");
    let told = bench.told();
    for control in [Control::Valence, Control::Arousal] {
        let param = bench.project.params.pointer(control);
        let own: Vec<_> = told
            .iter()
            .filter(|told| match told {
                Told::Begin(p) | Told::Set(p) | Told::End(p) => *p == param,
            })
            .collect();
        assert_eq!(own.first(), Some(&&Told::Begin(param)));
        assert_eq!(own.last(), Some(&&Told::End(param)));
        let between = &own[1..own.len() - 1];
        assert!(!between.is_empty());
        assert!(between.iter().all(|told| **told == Told::Set(param)));
    }
}

#[test]
fn what_was_dragged_is_taken_back_and_brought_back() {
    let mut bench = Bench::new();
    let pad = bench.plan().pad;
    bench.drag(&[pad.center(), pad.center() + vec2(40.0, 30.0)]);
    let moved = bench.manual();
    assert_ne!(moved, [0.0; 2]);
    bench.modifiers = Modifiers::COMMAND;
    bench.key(Key::Z);
    assert_eq!(bench.manual(), [0.0; 2]);
    bench.modifiers = Modifiers::COMMAND | Modifiers::SHIFT;
    bench.key(Key::Z);
    assert_eq!(bench.manual(), moved);
}

#[test]
fn shift_drags_the_target_finely() {
    let mut bench = Bench::new();
    let pad = bench.plan().pad;
    bench.modifiers = Modifiers::SHIFT;
    bench.drag(&[pad.center(), pad.center() + vec2(60.0, 0.0)]);
    let [valence, arousal] = bench.manual();
    assert!((0.03..0.2).contains(&valence), "valence is {valence}");
    assert_eq!(arousal, 0.0);
}

#[test]
fn a_double_click_on_the_pad_leads_back_to_the_centre() {
    let mut bench = Bench::new();
    let corner = bench.plan().pad.center() + vec2(40.0, 40.0);
    bench.click(corner);
    bench.rest();
    assert_ne!(bench.manual(), [0.0; 2]);
    bench.click(corner);
    bench.click(corner);
    assert_eq!(bench.manual(), [0.0; 2]);
}

#[test]
fn arrow_keys_move_the_target_that_was_clicked() {
    let mut bench = Bench::new();
    let centre = bench.plan().pad.center();
    bench.click(centre);
    bench.key(Key::ArrowRight);
    bench.key(Key::ArrowUp);
    let [valence, arousal] = bench.manual();
    assert!((valence - 0.05).abs() < 2e-3 && (arousal - 0.05).abs() < 2e-3);
}

#[test]
fn a_slider_is_dragged_reset_and_typed() {
    let mut bench = Bench::new();
    let row = bench.steering_row(BLEND);
    let blend = |bench: &Bench| bench.project.params.plain(Control::EmotionBlend);
    let usual = blend(&bench);
    bench.drag(&[row.center(), row.center() + vec2(0.25 * row.width(), 0.0)]);
    assert!((blend(&bench) - usual - 0.25).abs() < 0.05);
    bench.rest();
    bench.click(row.center());
    bench.click(row.center());
    assert_eq!(blend(&bench), usual);
    bench.rest();
    bench.press(row.center(), PointerButton::Secondary);
    bench.release(row.center(), PointerButton::Secondary);
    bench.frame(vec![Event::Text("12.5".to_owned())]);
    bench.key(Key::Enter);
    assert_eq!(blend(&bench), 0.125);
}

#[test]
fn a_typed_value_that_makes_no_sense_changes_nothing() {
    let mut bench = Bench::new();
    let row = bench.steering_row(BLEND);
    for text in ["", "loud", "NaN", "∞"] {
        bench.press(row.center(), PointerButton::Secondary);
        bench.release(row.center(), PointerButton::Secondary);
        bench.frame(vec![Event::Text(text.to_owned())]);
        bench.key(Key::Enter);
        let value = bench.project.params.plain(Control::EmotionBlend);
        assert!((0.0..=1.0).contains(&value), "{text:?} made {value}");
    }
}

#[test]
fn wheel_steps_that_follow_each_other_are_taken_back_together() {
    let mut bench = Bench::new();
    let row = bench.steering_row(BLEND);
    let usual = bench.project.params.plain(Control::EmotionBlend);
    for _ in 0..3 {
        bench.frame(vec![
            Event::PointerMoved(row.center()),
            Event::MouseWheel {
                unit: egui::MouseWheelUnit::Line,
                delta: vec2(0.0, 1.0),
                modifiers: Modifiers::NONE,
                phase: egui::TouchPhase::Move,
                source: egui::MouseWheelSource::Unknown,
            },
        ]);
    }
    assert!(bench.project.params.plain(Control::EmotionBlend) > usual);
    bench.modifiers = Modifiers::COMMAND;
    bench.key(Key::Z);
    assert_eq!(bench.project.params.plain(Control::EmotionBlend), usual);
}

#[test]
fn an_ear_is_chosen_from_its_menu_and_taken_back() {
    let project = Arc::new(Project::default());
    let size = EditorSetup::SMALLEST;
    let mut editor = names::editor_of(Arc::clone(&project), PluginApi::Clap, size);
    editor.get_by_label("Ear").click_accesskit();
    editor.run();
    assert!(editor.query_by_label("Default: research only").is_some());
    editor.get_by_label("Free for any use").click_accesskit();
    editor.run();
    assert_eq!(project.live.setup().ear, Ear::Free);
    let chosen = editor.get_by_label("Ear").accesskit_node().value();
    assert_eq!(chosen.as_deref(), Some("Free for any use"));
    editor.get_by_label("Undo").click_accesskit();
    editor.run();
    assert_eq!(project.live.setup().ear, Ear::Default);
}

#[test]
fn a_preset_is_loaded_into_the_knobs_and_taken_back() {
    let mut bench = Bench::new();
    let params = bench.project.param_map().into_iter();
    // SAFETY here and below: the parameters are `project`'s.
    let before = params.map(|(_, param, _)| unsafe { param.unmodulated_normalized_value() });
    let before: Vec<f32> = before.collect();
    let preset = &presets()[4];
    let gui = GuiContext::new(Arc::new(Standalone::new(Arc::clone(&bench.project))));
    let mut view = View::new(Arc::clone(&bench.project), gui);
    super::preset::load(&mut view.edits, &bench.project.params, preset);
    let look = bench.project.params.snapshot().look();
    assert_eq!(look.palette, preset.look.palette);
    assert!((look.beat_strength - preset.look.beat_strength).abs() < 1e-3);
    assert_eq!(bench.project.preset(), preset.name);
    assert!(!super::preset::is_edited(
        &bench.project.params,
        &preset.name
    ));
    view.edits.undo();
    for ((id, param, _), before) in bench.project.param_map().into_iter().zip(before) {
        let now = unsafe { param.unmodulated_normalized_value() };
        assert!((now - before).abs() < 1e-6, "{id} is {now}, was {before}");
    }
    assert_eq!(bench.project.preset(), "");
    bench.rest();
}

#[test]
fn a_touch_chooses_what_a_midi_knob_is_learned_for_and_moves_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let mut bench = Bench::new();
    let live = Arc::clone(&bench.project.live);
    live.open_midi(folder.path().join("midi.json"), false)
        .unwrap();
    let midi = live.midi().unwrap();
    bench.app.view().edits.teaching = Some(Arc::clone(&midi));
    let row = bench.steering_row(BLEND);
    bench.drag(&[row.center(), row.center() + vec2(40.0, 0.0)]);
    let blend = |bench: &Bench| bench.project.params.plain(Control::EmotionBlend);
    assert_eq!(blend(&bench), Control::EmotionBlend.usual());
    assert_eq!(midi.learning(), Some(Control::EmotionBlend));
    live.hear_midi("pads", &[0xb0, 21, 60]);
    live.hear_midi("pads", &[0xb0, 21, 61]);
    assert_eq!(midi.movers(Control::EmotionBlend), "CC 21");
    bench.app.view().edits.teaching = None;
    for value in 61..=100 {
        live.hear_midi("pads", &[0xb0, 21, value]);
    }
    assert!((blend(&bench) - 100.0 / 127.0).abs() < 2e-3);
    midi.forget(Control::EmotionBlend).unwrap();
    assert_eq!(midi.movers(Control::EmotionBlend), "");
}

#[test]
fn the_songs_mood_is_drawn_with_the_mouse_and_taken_back() {
    let mut bench = Bench::new();
    let preview = bench.plan().preview;
    bench.click(preview.right_bottom() - vec2(48.0, 17.0));
    assert!(bench.app.view().lane.open);
    let [from, to] = [0.25, 0.75].map(|share| {
        pos2(
            preview.left() + share * preview.width(),
            preview.bottom() - 40.0,
        )
    });
    bench.drag(&[from, from.lerp(to, 0.5), to]);
    let drawn = |bench: &Bench| bench.project.live.setup().drawn.drawn.clone();
    let [line] = &drawn(&bench)[..] else {
        panic!("one line: {:?}", drawn(&bench));
    };
    // A song that nobody has heard yet is shown as a minute.
    let [first, last] = line.span();
    assert!(
        (first - 15.0).abs() < 1.0 && (last - 45.0).abs() < 1.0,
        "{line:?}"
    );
    assert!((-0.7..0.7).contains(&line.at(30.0)));
    bench.modifiers = Modifiers::COMMAND;
    bench.key(Key::Z);
    assert!(drawn(&bench).is_empty());
}

#[test]
fn a_key_switches_the_light_off_and_on() {
    let mut bench = Bench::new();
    bench.key(Key::B);
    assert!(bench.project.params.snapshot().blackout);
    bench.key(Key::B);
    assert!(!bench.project.params.snapshot().blackout);
    bench.key(Key::Space);
    assert!(bench.project.params.snapshot().freeze);
}

#[test]
fn a_key_of_the_output_window_is_a_gesture_unless_the_host_was_the_last_hand() {
    let project = Arc::new(Project::default());
    let told = Arc::default();
    let host = Host {
        api: PluginApi::Standalone,
        standalone: Standalone::new(Arc::clone(&project)),
        told: Arc::clone(&told),
    };
    let (main_thread, asked) = crossbeam_channel::unbounded();
    project.gestures.schedule_with(move || {
        main_thread.send(()).unwrap();
    });
    project.gestures.keep(&GuiContext::new(Arc::new(host)));
    let called_back = || {
        let patience = std::time::Duration::from_secs(60);
        asked.recv_timeout(patience).unwrap();
        project.gestures.tell(&project.params);
        std::mem::take(&mut *told.lock())
    };
    let param = project.params.pointer(Control::Blackout);
    for on in [true, false] {
        project.live.press("b");
        // At once, whenever the host comes to hear of it.
        assert_eq!(project.params.is_on(Control::Blackout), on);
        let expected = [Told::Begin(param), Told::Set(param), Told::End(param)];
        assert_eq!(called_back(), expected);
        assert_eq!(project.params.is_on(Control::Blackout), on);
    }
    project.live.press("b");
    project.params.set(Control::Blackout, 0.0);
    assert_eq!(called_back(), []);
    assert!(!project.params.is_on(Control::Blackout));
}

#[test]
fn an_editor_that_closes_lets_go_of_what_is_held() {
    let mut bench = Bench::new();
    let pad = bench.plan().pad;
    bench.press(pad.center(), PointerButton::Primary);
    bench.frame(vec![Event::PointerMoved(pad.center() + vec2(9.0, 9.0))]);
    let told = Arc::clone(&bench.told);
    drop(bench);
    let told = told.lock();
    let count = |kind: fn(&Told) -> bool| told.iter().filter(|told| kind(told)).count();
    assert_eq!(count(|told| matches!(told, Told::Begin(_))), 2);
    assert_eq!(count(|told| matches!(told, Told::End(_))), 2);
}

#[test]
fn nothing_panics_at_any_size_or_scale() {
    let sizes = [
        EditorSetup::SMALLEST,
        EditorSetup::LARGEST,
        [EditorSetup::SMALLEST[0], EditorSetup::LARGEST[1]],
        [200, 100],
        [1, 1],
    ];
    for size in sizes {
        let mut bench = Bench::new();
        bench.size = size;
        for scale in [0.75, 2.0, 3.0] {
            bench.ctx.set_zoom_factor(scale);
            bench.rest();
            bench.click(bench.whole().center());
        }
        assert_eq!(bench.project.live.status().problems, 0, "at {size:?}");
    }
}
