//! An editor without a window, and a host that writes down what it is told.

use super::super::app::App;
use super::super::feeling::steering_rows;
use super::super::plan::Plan;
use crate::control::{
    BrokenPresets, Control, keep_presets_in, set_favourite, shelf, users_presets,
};
use crate::plugin::{EditorSetup, Project, Standalone};
use egui::{Context, Event, Key, Modifiers, PointerButton, Pos2, RawInput, Rect, pos2, vec2};
use nice_plug::context::PluginApi;
use nice_plug::context::gui::{GuiContext, GuiContextInner};
use nice_plug::prelude::{ParamPtr, PluginState};
use parking_lot::{Mutex, MutexGuard};
use std::sync::{Arc, LazyLock};
use tempfile::TempDir;

/// What a host hears of a gesture.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Told {
    Begin(ParamPtr),
    Set(ParamPtr),
    End(ParamPtr),
}

/// A host that writes down what it is told.
pub struct Host {
    pub api: PluginApi,
    pub standalone: Standalone,
    pub told: Arc<Mutex<Vec<Told>>>,
}

// SAFETY: as for the one that is asked.
impl GuiContextInner for Host {
    fn plugin_api(&self) -> PluginApi {
        self.api
    }

    unsafe fn raw_begin_set_parameter(&self, param: ParamPtr) {
        self.told.lock().push(Told::Begin(param));
    }

    unsafe fn raw_set_parameter_normalized(&self, param: ParamPtr, normalized: f32) {
        self.told.lock().push(Told::Set(param));
        unsafe {
            self.standalone
                .raw_set_parameter_normalized(param, normalized);
        }
    }

    unsafe fn raw_end_set_parameter(&self, param: ParamPtr) {
        self.told.lock().push(Told::End(param));
    }

    fn get_state(&self) -> PluginState {
        self.standalone.get_state()
    }

    fn set_state(&self, state: PluginState) {
        self.standalone.set_state(state);
    }

    fn request_restart(&self) {}
}

/// Has presets be kept in a folder that goes with the process, and not among those of whoever runs the tests.
pub fn keep_presets_apart() {
    static FOLDER: LazyLock<TempDir> = LazyLock::new(|| tempfile::tempdir().expect("a folder"));
    keep_presets_in(FOLDER.path().to_owned());
}

/// Held by a test that saves presets, or to which it matters that there are none of the user's.
pub struct Alone(#[expect(dead_code, reason = "it is held")] MutexGuard<'static, ()>);

/// Waits until no other test does, and begins with an empty folder and without favourites.
pub fn presets_alone() -> Alone {
    static ALONE: Mutex<()> = Mutex::new(());
    keep_presets_apart();
    let alone = Alone(ALONE.lock());
    clear();
    alone
}

fn clear() {
    if let Some(folder) = users_presets() {
        let _ = std::fs::remove_dir_all(folder);
    }
    for name in &shelf().favourites {
        set_favourite(name, false).expect("a shelf");
    }
    let _ = BrokenPresets::default().refresh();
}

impl Drop for Alone {
    fn drop(&mut self) {
        clear();
    }
}

/// An editor in the hands of a test.
pub struct Bench {
    pub ctx: Context,
    pub app: App,
    pub project: Arc<Project>,
    pub told: Arc<Mutex<Vec<Told>>>,
    pub size: [u32; 2],
    pub time: f64,
    pub modifiers: Modifiers,
}

impl Bench {
    pub fn new() -> Self {
        keep_presets_apart();
        let project = Arc::new(Project::default());
        let told = Arc::default();
        let host = Host {
            api: PluginApi::Standalone,
            standalone: Standalone::new(Arc::clone(&project)),
            told: Arc::clone(&told),
        };
        let ctx = Context::default();
        let mut app = App::new(Arc::clone(&project), Arc::default());
        app.open(&ctx, GuiContext::new(Arc::new(host)));
        let mut bench = Self {
            ctx,
            app,
            project,
            told,
            size: EditorSetup::default().size,
            time: 0.0,
            modifiers: Modifiers::NONE,
        };
        bench.rest();
        bench
    }

    pub fn whole(&self) -> Rect {
        let [width, height] = self.size.map(|side| side as f32);
        Rect::from_min_size(pos2(0.0, 0.0), vec2(width, height))
    }

    pub fn frame(&mut self, mut events: Vec<Event>) {
        events.insert(0, Event::ModifiersChanged(self.modifiers));
        self.time += 0.02;
        let input = RawInput {
            screen_rect: Some(self.whole()),
            time: Some(self.time),
            events,
            ..RawInput::default()
        };
        let app = &mut self.app;
        let mut output = self.ctx.run_ui(input, |ui| app.frame(ui, false));
        output.textures_delta.clear();
        let shapes = std::mem::take(&mut output.shapes);
        self.ctx.tessellate(shapes, output.pixels_per_point);
    }

    /// Frames without events, until a click is no longer half of a double one.
    pub fn rest(&mut self) {
        self.frame(Vec::new());
        self.time += 1.0;
        self.frame(Vec::new());
    }

    pub fn button(&self, pos: Pos2, button: PointerButton, pressed: bool) -> Event {
        Event::PointerButton {
            pos,
            button,
            pressed,
            modifiers: self.modifiers,
        }
    }

    pub fn press(&mut self, at: Pos2, button: PointerButton) {
        self.frame(vec![Event::PointerMoved(at)]);
        self.frame(vec![self.button(at, button, true)]);
    }

    pub fn release(&mut self, at: Pos2, button: PointerButton) {
        self.frame(vec![self.button(at, button, false)]);
        self.frame(Vec::new());
    }

    pub fn click(&mut self, at: Pos2) {
        self.press(at, PointerButton::Primary);
        self.release(at, PointerButton::Primary);
    }

    pub fn drag(&mut self, way: &[Pos2]) {
        let (from, to) = (way[0], way[way.len() - 1]);
        self.press(from, PointerButton::Primary);
        for at in way {
            self.frame(vec![Event::PointerMoved(*at)]);
        }
        self.release(to, PointerButton::Primary);
    }

    pub fn key(&mut self, key: Key) {
        let event = |pressed| Event::Key {
            key,
            physical_key: None,
            pressed,
            repeat: false,
            modifiers: self.modifiers,
        };
        let (down, up) = (event(true), event(false));
        self.frame(vec![down]);
        self.frame(vec![up]);
    }

    pub fn plan(&self) -> Plan {
        Plan::new(self.whole())
    }

    /// The rows of the steering column: blend is the second.
    pub fn steering_row(&self, number: usize) -> Rect {
        let mut rows = steering_rows(self.plan().steering);
        (0..number).fold(rows.row(), |_, _| rows.row())
    }

    pub fn manual(&self) -> [f32; 2] {
        [Control::Valence, Control::Arousal].map(|control| self.project.params.plain(control))
    }

    pub fn told(&self) -> Vec<Told> {
        std::mem::take(&mut *self.told.lock())
    }
}
