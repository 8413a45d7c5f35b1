//! The editor as a host opens, sizes and closes it.

use super::app::App;
use super::screen::{SMALLEST_SCALE, Screen};
use crate::plugin::{EditorSetup, Project};
use nice_plug::context::PluginApi;
use nice_plug::context::gui::GuiContext;
use nice_plug::editor::dpi::{LogicalSize, NativeSize};
use nice_plug::editor::{
    Editor, EditorHandle, HostMethods, Modifiers, ParentWindowHandle, ResizeHint, SpawnedEditor,
    VirtualKeyCode,
};
use nice_plug_egui::{
    EguiEditor, EguiEditorHandle, EguiEditorState, EguiNiceSettings, RepaintNotifier, baseview,
    create_egui_editor,
};
use std::error::Error;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::time::Duration;

/// The largest scale that can be chosen.
const LARGEST_SCALE: f32 = 3.0;

/// Each frame asks for the next, and who watches the window for one that is missing; nobody need
/// look whether frames were asked for otherwise.
const NEVER: Duration = Duration::from_secs(24 * 3600);

/// How far a host may resize an editor of that scale, points of the system. It may make it smaller
/// than that scale wants: then things are drawn smaller.
fn resize_hint(scale: f32) -> ResizeHint {
    let size = |[width, height]: [u32; 2], scale: f32| {
        LogicalSize::new(width as f32 * scale, height as f32 * scale)
    };
    ResizeHint::resizable().with_min_max_logical_size(
        Some(size(EditorSetup::SMALLEST, SMALLEST_SCALE)),
        Some(size(EditorSetup::LARGEST, scale)),
    )
}

/// The editor of one project. Its size and scale are the project's, so that they are saved.
pub struct SynopsiaEditor {
    project: Arc<Project>,
    screen: Arc<Screen>,
}

impl SynopsiaEditor {
    pub fn new(project: Arc<Project>) -> Self {
        Self {
            project,
            screen: Arc::default(),
        }
    }
}

impl SynopsiaEditor {
    /// Opens the editor's window.
    fn open(
        &self,
        parent: Option<ParentWindowHandle>,
        wait_for_parent: bool,
        fallback_scale_factor: Option<f64>,
        gui: GuiContext,
        host: Option<HostMethods>,
    ) -> Result<SpawnedEditor<SynopsiaEditorHandle>, Box<dyn Error>> {
        if let Some(scale) = fallback_scale_factor {
            self.screen.suggest(scale);
        }
        // Without a host there is nobody to tell, and the context would keep the project for ever.
        if gui.plugin_api() != PluginApi::Standalone {
            self.project.gestures.keep(&gui);
        }
        let editor = self.project.editor();
        let [width, height] = editor.size.map(f64::from);
        let state = EguiEditorState::from_size(LogicalSize::new(width, height), editor.scale);
        let app = App::new(Arc::clone(&self.project), Arc::clone(&self.screen));
        let settings = EguiNiceSettings::new()
            .with_tile("Synopsia")
            .with_repaint_poll_interval(NEVER)
            .with_resize_hint(resize_hint(LARGEST_SCALE));
        let inner: EguiEditor<App> =
            create_egui_editor(state, RepaintNotifier::new(), settings, app)
                .ok_or("egui makes no editor")?;
        let spawned = inner.spawn(parent, wait_for_parent, fallback_scale_factor, gui, host)?;
        Ok(SpawnedEditor {
            handle: SynopsiaEditorHandle {
                inner: spawned.handle,
                project: Arc::clone(&self.project),
                screen: Arc::clone(&self.screen),
            },
            window: spawned.window,
        })
    }
}

impl Editor for SynopsiaEditor {
    type Handle = SynopsiaEditorHandle;

    fn spawn(
        &self,
        parent: Option<ParentWindowHandle>,
        wait_for_parent: bool,
        fallback_scale_factor: Option<f64>,
        gui: GuiContext,
        host: Option<HostMethods>,
    ) -> Result<SpawnedEditor<Self::Handle>, Box<dyn Error>> {
        let open = || self.open(parent, wait_for_parent, fallback_scale_factor, gui, host);
        let opened = catch_unwind(AssertUnwindSafe(open))
            .unwrap_or_else(|_| Err("the system has no room for its window".into()));
        if let Err(error) = &opened {
            self.project
                .live
                .report(format!("the editor could not be opened: {error}"));
        }
        opened
    }

    fn size(&self) -> NativeSize<u32> {
        // A host may have given it another size than was wanted.
        if let Some([width, height]) = self.screen.window()
            && !cfg!(target_os = "macos")
        {
            return NativeSize { width, height };
        }
        let editor = self.project.editor();
        let [width, height] = editor
            .size
            .map(|side| f64::from(side) * f64::from(editor.scale));
        NativeSize::from_size(LogicalSize::new(width, height).into(), self.screen.scale())
    }

    fn resize_hint(&self) -> ResizeHint {
        resize_hint(self.project.editor().scale)
    }
}

/// An open editor.
pub struct SynopsiaEditorHandle {
    inner: EguiEditorHandle,
    project: Arc<Project>,
    screen: Arc<Screen>,
}

impl Drop for SynopsiaEditorHandle {
    fn drop(&mut self) {
        self.screen.closed();
    }
}

impl EditorHandle for SynopsiaEditorHandle {
    type Window = baseview::Window;
    type Error = baseview::Error;

    fn run_until_closed(window: Self::Window) -> Result<(), Self::Error> {
        EguiEditorHandle::run_until_closed(window)
    }

    fn set_parent(
        &self,
        parent: ParentWindowHandle,
        window: &Self::Window,
    ) -> Result<(), Self::Error> {
        self.inner.set_parent(parent, window)
    }

    fn show(&self, window: &Self::Window) -> Result<(), Self::Error> {
        self.inner.show(window)
    }

    fn hide(&self, window: &Self::Window) -> Result<(), Self::Error> {
        self.inner.hide(window)
    }

    fn set_size(
        &self,
        new_size: NativeSize<u32>,
        window: &Self::Window,
    ) -> Result<(), Self::Error> {
        self.inner.set_size(new_size, window)
    }

    fn host_main_thread_callback(&self, window: &Self::Window) {
        self.inner.host_main_thread_callback(window);
    }

    fn adjust_size(
        &self,
        new_size: NativeSize<u32>,
        window: &Self::Window,
    ) -> Option<NativeSize<u32>> {
        let current = window.size();
        Some(resize_hint(self.project.editor().scale).adjust_size(
            new_size,
            NativeSize::from_logical_or_physical(current.logical, current.physical),
            current.scale_factor,
        ))
    }

    fn set_fallback_scale_factor(
        &self,
        scale_factor: f64,
        window: &Self::Window,
    ) -> Result<(), Self::Error> {
        self.inner.set_fallback_scale_factor(scale_factor, window)
    }

    fn on_virtual_key_from_host(
        &self,
        key_code: VirtualKeyCode,
        is_down: bool,
        modifiers: Modifiers,
    ) -> bool {
        self.inner
            .on_virtual_key_from_host(key_code, is_down, modifiers)
    }

    fn state_changed(&self) {
        self.inner.state_changed();
    }

    fn param_value_changed(&self, id: &str, normalized_value: f32) {
        self.inner.param_value_changed(id, normalized_value);
    }

    fn param_modulation_changed(&self, id: &str, modulation_offset: f32) {
        self.inner.param_modulation_changed(id, modulation_offset);
    }
}
