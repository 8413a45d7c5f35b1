//! The edge at which a panic ends: behind it is the host.

use super::apology;
use super::keyboard::Keyboard;
#[cfg(all(unix, not(target_os = "macos")))]
use super::obey::obey;
use super::parts;
use super::screen::{self, Screen};
use super::theme;
use super::view::View;
#[cfg(all(unix, not(target_os = "macos")))]
use super::{standstill::Drawing, watch::Watch};
use crate::faults::{self, Part};
use crate::plugin::Project;
use egui::Ui;
use nice_plug::context::PluginApi;
use nice_plug::context::gui::GuiContext;
use nice_plug_egui::baseview::{HandlerError, WindowSize};
use nice_plug_egui::{Frame, NiceEguiApp};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::time::Duration;

/// From one frame to the next while nobody moves anything: about 30 a second.
const FRAME: Duration = Duration::from_millis(33);

/// The editor as its window runs it.
pub struct App {
    project: Arc<Project>,
    gui: Option<GuiContext>,
    view: Option<View>,
    /// Whether the view failed; it waits for its user to load it again.
    failed: bool,
    screen: Arc<Screen>,
    ctx: Option<egui::Context>,
    /// In a host.
    keyboard: Option<Keyboard>,
    #[cfg(all(unix, not(target_os = "macos")))]
    watch: Option<Watch>,
    #[cfg(all(unix, not(target_os = "macos")))]
    drawing: Option<Drawing>,
}

impl App {
    pub fn new(project: Arc<Project>, screen: Arc<Screen>) -> Self {
        Self {
            project,
            gui: None,
            view: None,
            failed: false,
            screen,
            ctx: None,
            keyboard: None,
            #[cfg(all(unix, not(target_os = "macos")))]
            watch: None,
            #[cfg(all(unix, not(target_os = "macos")))]
            drawing: None,
        }
    }

    /// Opens the view on a context.
    pub fn open(&mut self, ctx: &egui::Context, gui: GuiContext) {
        self.gui = Some(gui);
        self.failed = false;
        self.guard("open", |app| {
            theme::dress(ctx);
            app.load();
        });
    }

    #[cfg(test)]
    pub fn view(&mut self) -> &mut View {
        self.view.as_mut().expect("an open view")
    }

    fn load(&mut self) {
        if let Some(gui) = &self.gui {
            self.view = Some(View::new(Arc::clone(&self.project), gui.clone()));
        }
    }

    /// Draws one frame, of a window that is `seen` or not.
    pub fn frame(&mut self, ui: &mut Ui, seen: bool) {
        if seen {
            ui.ctx().request_repaint_after(FRAME);
        }
        if self.failed {
            self.guard("say what happened", |app| {
                if apology::show(ui) {
                    app.failed = false;
                    app.load();
                }
            });
            return;
        }
        self.guard("be drawn", |app| {
            faults::check(Part::Editor);
            app.obey();
            if let Some(view) = &mut app.view {
                view.look(seen);
                parts::show(view, ui);
            }
        });
    }

    /// Whether anybody can see the window, as far as can be told.
    #[cfg(all(unix, not(target_os = "macos")))]
    fn is_seen(&self) -> bool {
        self.watch.as_ref().is_none_or(Watch::is_seen)
    }

    #[cfg(not(all(unix, not(target_os = "macos"))))]
    fn is_seen(&self) -> bool {
        true
    }

    /// Does what was asked for by keys that came another way than the window's own.
    fn obey(&mut self) {
        #[cfg(all(unix, not(target_os = "macos")))]
        if let (Some(watch), Some(view)) = (&self.watch, &mut self.view) {
            for shortcut in watch.pressed() {
                obey(view, shortcut);
            }
        }
    }

    /// Writes down how large the window is.
    fn measure(&self, frame: &Frame) {
        let size = frame.baseview_window().size();
        self.screen.set(size.scale_factor, size.physical.into());
    }

    /// Has things drawn as large as there is room for.
    fn fit(&mut self, ctx: &egui::Context, frame: &Frame) {
        let size = frame.baseview_window().size();
        let seen = screen::seen_part(size.physical.into(), self.room());
        let zoom = screen::zoom(seen, size.scale_factor, self.project.editor().scale);
        if (ctx.zoom_factor() - zoom).abs() > 1e-3 {
            ctx.set_zoom_factor(zoom);
        }
        if let Some(view) = &mut self.view {
            let point = ctx.pixels_per_point();
            view.room = Some(egui::vec2(seen[0] as f32, seen[1] as f32) / point);
        }
    }

    /// Width and height of what the host leaves to be seen, pixels.
    #[cfg(all(unix, not(target_os = "macos")))]
    fn room(&self) -> Option<[u32; 2]> {
        self.watch.as_ref().and_then(Watch::room)
    }

    #[cfg(not(all(unix, not(target_os = "macos"))))]
    fn room(&self) -> Option<[u32; 2]> {
        None
    }

    /// Settles with the window what belongs to its host.
    fn settle(&mut self, in_host: bool, frame: &mut Frame) {
        if in_host {
            Keyboard::leave_to_host(frame);
            self.keyboard = Some(Keyboard::default());
        }
        #[cfg(all(unix, not(target_os = "macos")))]
        {
            let window = frame.baseview_window();
            if let Some(id) = super::x11::window_id(window) {
                self.watch = Some(Watch::new(id, window.waker(), in_host));
                self.drawing = Some(Drawing::new(id, window.waker()));
            }
        }
    }

    /// Does something that may panic; the host never hears of it.
    pub fn guard(&mut self, what: &str, act: impl FnOnce(&mut Self)) {
        if catch_unwind(AssertUnwindSafe(|| act(self))).is_ok() {
            return;
        }
        let sentence = format!("the editor could not {what}; the music and the picture go on");
        self.project.live.report(sentence);
        self.failed = true;
        // What is held is let go of; whatever is left of a broken view is not worth a second panic.
        let view = self.view.take();
        if catch_unwind(AssertUnwindSafe(|| drop(view))).is_err() {
            self.project
                .live
                .report("the editor could not be put away completely");
        }
    }
}

impl NiceEguiApp for App {
    fn build(
        &mut self,
        ctx: egui::Context,
        gui: GuiContext,
        frame: &mut Frame,
    ) -> Result<(), HandlerError> {
        #[cfg(target_os = "linux")]
        super::pin::drivers();
        self.measure(frame);
        frame.set_resize_on_zoom(false);
        self.ctx = Some(ctx.clone());
        let in_host = gui.plugin_api() != PluginApi::Standalone;
        self.open(&ctx, gui);
        self.guard("be settled in its window", |app| app.settle(in_host, frame));
        Ok(())
    }

    fn ui(&mut self, ui: &mut Ui, frame: &mut Frame) {
        #[cfg(all(unix, not(target_os = "macos")))]
        if let Some(drawing) = &mut self.drawing {
            drawing.begin_frame();
        }
        self.fit(ui.ctx(), frame);
        let seen = self.is_seen();
        self.frame(ui, seen);
        if let Some(keyboard) = &mut self.keyboard {
            keyboard.follow(ui.ctx(), frame);
        }
    }

    fn resized(&mut self, size: WindowSize) {
        self.guard("be resized", |app| {
            let mut editor = app.project.editor();
            // Of how large things are drawn, the system's share is what ours leaves over.
            let zoom = app.ctx.as_ref().map_or(1.0, egui::Context::zoom_factor);
            let system = size.scale_factor / f64::from(zoom);
            let pixels = size.physical.into();
            app.screen.set(system, pixels);
            let point = system * f64::from(editor.scale);
            editor.size = pixels.map(|side| (f64::from(side) / point).round() as u32);
            app.project.set_editor(editor);
        });
    }

    fn editor_closed(&mut self) {
        self.guard("be closed", |app| {
            app.view = None;
            app.gui = None;
        });
    }
}

impl Drop for App {
    fn drop(&mut self) {
        self.guard("be put away", |app| app.view = None);
    }
}
