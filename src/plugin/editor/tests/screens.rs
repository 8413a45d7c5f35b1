//! Golden pictures of the editor's screens at each scale, drawn without a window and without a card.

use super::super::plan::Plan;
use super::super::view::View;
use super::super::{apology, parts};
use super::bench::{Host, keep_presets_apart, presets_alone};
use super::names::{faults, whole};
use super::props::{draw_a_lane, hang};
use super::raster::Textures;
use crate::control::{Control, preset_called};
use crate::emotion::Emotion;
use crate::live::{Filming, HeardNow, Status, TempoSource};
use crate::plugin::{EditorSetup, Project, Standalone};
use crate::render::Pixels;
use crate::show::Felt;
use crate::signal::{AudioFrame, SongTime};
use egui::{Rect, Ui, vec2};
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable;
use golden::{Golden, Judge};
use nice_plug::context::PluginApi;
use nice_plug::context::gui::GuiContext;
use std::path::{Path, PathBuf};
use std::sync::Arc;

#[path = "../../../../tests/scenes/golden.rs"]
mod golden;

/// Pixels that a point is made of.
const SCALES: [f32; 3] = [1.0, 1.5, 2.0];

/// A screen of the editor.
struct Screen {
    name: &'static str,
    api: PluginApi,
    size: [u32; 2],
    /// How things are.
    status: fn() -> Status,
    /// What hands have done.
    prepare: fn(&mut Harness<'_, View>),
    draw: fn(&mut Ui, &mut View),
    /// What is to be seen of the whole: what no other screen shows.
    part: fn(Rect) -> Rect,
}

/// The whole as it is opened, where it is smallest.
const OPENED: Screen = Screen {
    name: "opened",
    api: PluginApi::Standalone,
    size: EditorSetup::SMALLEST,
    status: Status::default,
    prepare: |_| {},
    draw: |ui, view| parts::show(view, ui),
    part: |whole| whole,
};

const SCREENS: [Screen; 16] = [
    Screen {
        name: "filming",
        api: PluginApi::Clap,
        status: filming,
        prepare: play,
        ..OPENED
    },
    Screen {
        name: "playing",
        size: [1280, 760],
        status: playing,
        prepare: play,
        part: |whole| Plan::new(whole).pulse.union(Plan::new(whole).classes),
        ..OPENED
    },
    Screen {
        part: |whole| Plan::new(whole).pulse.union(Plan::new(whole).classes),
        ..OPENED
    },
    Screen {
        name: "menu",
        prepare: |editor| editor.get_by_label("Palette").click_accesskit(),
        part: |whole| Plan::new(whole).look,
        ..OPENED
    },
    Screen {
        name: "looks",
        prepare: |editor| {
            editor.get_by_label("Model").click_accesskit();
            editor.run();
            editor.state_mut().thumbnails.finish();
        },
        part: |whole| {
            let column = Plan::new(whole).look;
            column.with_max_y(column.top() + 170.0)
        },
        ..OPENED
    },
    Screen {
        name: "typing",
        prepare: |editor| {
            editor.get_by_label("Trails").click_secondary();
        },
        part: |whole| whole.intersect(Plan::new(whole).look.translate(vec2(0.0, 300.0))),
        ..OPENED
    },
    Screen {
        name: "words",
        prepare: |editor| editor.get_by_label("Part: Words").click_accesskit(),
        part: |whole| whole.intersect(Plan::new(whole).look.translate(vec2(0.0, 300.0))),
        ..OPENED
    },
    Screen {
        name: "pictures",
        size: [1280, 760],
        status: playing,
        prepare: |editor| {
            hang(editor);
            editor.get_by_label("Part: Pictures").click_accesskit();
        },
        part: |whole| whole.with_min_y(Plan::new(whole).pad.top() - 8.0),
        ..OPENED
    },
    Screen {
        name: "board",
        prepare: |editor| {
            hang(editor);
            editor.get_by_label("Part: Pictures").click_accesskit();
            editor.run();
            editor.get_by_label("Mood board").click_accesskit();
        },
        part: |whole| Plan::new(whole).look,
        ..OPENED
    },
    Screen {
        name: "dragging",
        status: playing,
        prepare: |editor| {
            play(editor);
            editor.input_mut().hovered_files = vec![egui::HoveredFile {
                path: Some("/pictures/sea.jpg".into()),
                ..egui::HoveredFile::default()
            }];
        },
        part: |whole| Plan::new(whole).preview,
        ..OPENED
    },
    Screen {
        name: "lane",
        size: [1280, 760],
        status: playing,
        prepare: |editor| {
            play(editor);
            draw_a_lane(editor);
        },
        part: |whole| {
            let preview = Plan::new(whole).preview;
            preview.with_min_y(preview.bottom() - 150.0)
        },
        ..OPENED
    },
    Screen {
        name: "learning",
        prepare: |editor| {
            let folder = tempfile::tempdir().expect("a folder");
            let view = editor.state_mut();
            let live = &view.project.live;
            let map = folder.path().join("midi.json");
            live.open_midi(map, false).expect("a map");
            let midi = live.midi().expect("MIDI");
            for (control, number) in [(Control::Trails, 21), (Control::Brush, 22)] {
                midi.learn(Some(control));
                for value in [60, 62] {
                    live.hear_midi("pads", &[0xb0, number, value]);
                }
            }
            midi.learn(Some(Control::Truncation));
            view.edits.teaching = Some(midi);
        },
        part: |whole| {
            let plan = Plan::new(whole);
            let right = plan.look.union(plan.top.with_min_x(plan.look.left()));
            right.with_max_y(plan.state.bottom())
        },
        ..OPENED
    },
    Screen {
        name: "presets",
        status: playing,
        prepare: |editor| {
            play(editor);
            look_through(editor, "");
        },
        // Pictures of pictures are large.
        part: |whole| whole.with_max_y(whole.top() + 330.0),
        ..OPENED
    },
    Screen {
        name: "search",
        prepare: |editor| look_through(editor, "still ink"),
        part: |whole| whole.with_max_y(Plan::new(whole).top.bottom() + 200.0),
        ..OPENED
    },
    Screen {
        name: "about",
        api: PluginApi::Vst3,
        prepare: |editor| editor.get_by_label("About Synopsia").click_accesskit(),
        part: |whole| Rect::from_center_size(whole.center(), vec2(420.0, 260.0)),
        ..OPENED
    },
    Screen {
        name: "stumbled",
        draw: |ui, _| {
            apology::show(ui);
        },
        part: |whole| Rect::from_center_size(whole.center(), vec2(300.0, 180.0)),
        ..OPENED
    },
];

/// Music that is happy, on the second beat of a bar.
fn playing() -> Status {
    let now = HeardNow {
        frame: AudioFrame {
            bands: [0.9, 0.75, 0.6, 0.66, 0.5, 0.42, 0.3, 0.12],
            ..AudioFrame::default()
        },
        time: SongTime {
            seconds: 6.4,
            song: 6.4,
            beats: 13.25,
            beats_per_bar: 4.0,
            tempo: 124.0,
        },
        tempo: TempoSource::Host,
        heard: Emotion::at(0.5, 0.45, 0.8),
        shown: Emotion::at(0.35, 0.3, 0.8),
        words: Some(Felt {
            point: [-0.6, -0.35],
            certainty: 0.9,
        }),
    };
    Status {
        fps: 60.0,
        picture: [1280, 720],
        adapter: "A graphics card of some name".to_owned(),
        painter: "Surreal paints on the graphics card".to_owned(),
        now: Some(now),
        ..Status::default()
    }
}

/// The same while a film is made, after something went wrong.
fn filming() -> Status {
    let path = PathBuf::from("/films/Three Weathers 2.mp4");
    let problem = "the song's folder is full, so the film ends here: /films/Three Weathers.mp4";
    Status {
        filming: Filming::Recording {
            path,
            seconds: 75.0,
        },
        problem: Some(problem.to_owned()),
        problems: 1,
        ..playing()
    }
}

/// A picture, a mood that has moved, and knobs that were turned.
fn play(editor: &mut Harness<'_, View>) {
    let view = editor.state_mut();
    view.shown = Some((Arc::new(test_card().into()), 1));
    let params = &view.project.params;
    params.set(Control::EmotionSource, 2.0);
    params.set(Control::Valence, -0.4);
    params.set(Control::Arousal, 0.55);
    params.set(Control::Freeze, 1.0);
    let Some(now) = view.status.now else {
        return;
    };
    for step in 0..=12 {
        let share = step as f32 / 12.0;
        let (valence, arousal) = (now.heard.valence - 1.0 + share, now.heard.arousal);
        let heard = Emotion::at(valence, arousal * (2.0 * share * share - 1.0), 0.8);
        editor.state_mut().status.now = Some(HeardNow { heard, ..now });
        editor.step();
    }
}

/// The presets, among which something is looked for, with one chosen.
fn look_through(editor: &mut Harness<'_, View>, text: &str) {
    let view = editor.state_mut();
    let preset = preset_called("Rose window").expect("a preset of ours");
    super::super::preset::load(&mut view.edits, &view.project.params, &preset);
    editor.get_by_label("Preset").click_accesskit();
    editor.run();
    editor
        .input_mut()
        .events
        .push(egui::Event::Text(text.to_owned()));
    editor.run();
}

/// Upright bars, and a corner that is another's in none that is turned.
fn test_card() -> Pixels {
    let (width, height) = (320, 180);
    let colours = [
        [188, 176, 150],
        [86, 122, 128],
        [196, 138, 84],
        [58, 66, 92],
        [150, 74, 66],
    ];
    let pixels = (0..width * height).flat_map(|i| {
        let (x, y) = (i % width, i / width);
        let bar = if x < 40 && y < 30 { 3 } else { x * 5 / width };
        let [red, green, blue] = colours[bar];
        [red, green, blue, 255]
    });
    Pixels {
        width,
        height,
        rgba: pixels.collect(),
    }
}

impl Screen {
    /// Opens it, where a point is `scale` pixels; where its textures are.
    fn open(&self, scale: f32) -> (Harness<'static, View>, Textures) {
        keep_presets_apart();
        let project = Arc::new(Project::default());
        let size = self.size;
        project.set_editor(EditorSetup { size, scale });
        let host = Host {
            api: self.api,
            standalone: Standalone::new(Arc::clone(&project)),
            told: Arc::default(),
        };
        let mut view = View::new(project, GuiContext::new(Arc::new(host)));
        view.status = (self.status)();
        let textures = Textures::default();
        let draw = self.draw;
        let mut harness = Harness::builder()
            .with_size(vec2(size[0] as f32, size[1] as f32))
            .with_pixels_per_point(scale)
            .with_context_setup(super::super::theme::dress)
            .renderer(textures.clone())
            .build_ui_state(move |ui, view: &mut View| draw(&mut whole(ui), view), view);
        (self.prepare)(&mut harness);
        settle(&mut harness);
        harness.remove_cursor();
        settle(&mut harness);
        (harness, textures)
    }
}

/// Runs until nothing moves any more; while files are dragged the next frame is always wanted.
fn settle(editor: &mut Harness<'_, View>) {
    match editor.input().hovered_files.is_empty() {
        true => drop(editor.run()),
        false => editor.run_steps(4),
    }
}

#[test]
fn every_screen_looks_as_it_did_when_it_was_blessed_at_each_scale() {
    let _alone = presets_alone();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/screens");
    let mut golden = Golden::new("screens", Judge::Squares);
    for screen in &SCREENS {
        for scale in SCALES {
            let (editor, textures) = screen.open(scale);
            let shapes = editor.output().shapes.clone();
            let drawn = editor.ctx.tessellate(shapes, scale);
            let part = (screen.part)(editor.ctx.content_rect());
            let picture = textures.draw(&drawn, (part * scale).round(), scale);
            let name = format!("{}-{}", screen.name, 100.0 * scale);
            let kept = folder.join(format!("{name}.png"));
            golden.compare(&name, &kept, &picture);
        }
    }
    golden.end();
}

#[test]
fn all_that_can_be_used_on_each_screen_has_a_name_of_its_own() {
    for screen in &SCREENS {
        let (editor, _) = screen.open(1.0);
        assert_eq!(faults(&editor), Vec::<String>::new(), "{}", screen.name);
    }
}
