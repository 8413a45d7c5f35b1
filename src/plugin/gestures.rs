//! Controls that are moved neither by the host nor in its editor, but by a key of the output window:
//! the host is told of them as of an editor's gestures.

use super::params::SynopsiaParams;
use crate::control::{Control, Setting};
use nice_plug::context::PluginApi;
use nice_plug::context::gui::GuiContext;
use parking_lot::Mutex;
use std::sync::Arc;
use std::thread::{self, ThreadId};
use std::time::{Duration, Instant};

/// A host that has not come in that time is asked again.
const PATIENCE: Duration = Duration::from_millis(100);

/// Has [`Gestures::tell`] called on the host's main thread.
type Schedule = Arc<dyn Fn() + Send + Sync>;

/// The way to the host that is open beside the audio.
#[derive(Default)]
pub struct Gestures {
    /// And the host's main thread.
    schedule: Mutex<Option<(Schedule, ThreadId)>>,
    /// What the last editor told the host by. It leads there also when the editor is closed, and
    /// nowhere once the host has let go of the plugin.
    gui: Mutex<Option<GuiContext>>,
    /// What the host has not been told yet, with the normalised value that each was set to.
    untold: Mutex<Vec<(Control, f32)>>,
    /// When its main thread was asked for last.
    asked: Mutex<Option<Instant>>,
}

impl Gestures {
    /// From now on `schedule` has [`tell`](Self::tell) called on the host's main thread, which is this one.
    pub fn schedule_with(&self, schedule: impl Fn() + Send + Sync + 'static) {
        *self.schedule.lock() = Some((Arc::new(schedule), thread::current().id()));
    }

    /// Keeps what an editor tells its host by.
    pub fn keep(&self, gui: &GuiContext) {
        *self.gui.lock() = Some(gui.clone());
        if !self.untold.lock().is_empty() {
            self.ask();
        }
    }

    /// Sets a control at once, whatever the host is busy with, and has the host told.
    pub fn set(&self, params: &SynopsiaParams, setting: Setting) {
        params.set(setting.control, setting.plain);
        let mut untold = self.untold.lock();
        let first = untold.is_empty();
        untold.retain(|(control, _)| *control != setting.control);
        untold.push((setting.control, params.normalised(setting.control)));
        drop(untold);
        // Whoever comes for one takes all.
        let asked = *self.asked.lock();
        if first || asked.is_none_or(|at| at.elapsed() > PATIENCE) {
            self.ask();
        }
    }

    fn ask(&self) {
        *self.asked.lock() = Some(Instant::now());
        let Some((schedule, _)) = self.schedule.lock().clone() else {
            return;
        };
        // The host may be letting go of the plugin just now. Then whoever asks it last ends the
        // plugin, which waits for its threads: that must be none of them.
        let asked = thread::Builder::new()
            .name("synopsia-gesture".to_owned())
            .spawn(move || schedule());
        // Without a thread the host sees the value when it asks, and hears of it with the next one.
        drop(asked);
    }

    /// Tells the host which controls have been set. To be called on its main thread.
    pub fn tell(&self, params: &SynopsiaParams) {
        let Some(gui) = self.gui.lock().clone() else {
            return;
        };
        if !self.is_on_main_thread(&gui) {
            return;
        }
        let untold = std::mem::take(&mut *self.untold.lock());
        for (control, value) in untold {
            // Whoever has moved it since, the host or its editor, is the last hand.
            if params.normalised(control) != value {
                continue;
            }
            let param = params.pointer(control);
            // SAFETY: the parameter is the plugin's that the context belongs to.
            unsafe {
                gui.raw_begin_set_parameter(param);
                gui.raw_set_parameter_normalized(param, value);
                gui.raw_end_set_parameter(param);
            }
        }
    }

    /// On Linux a VST3 host lends its main thread to an open editor only; without one the framework
    /// calls from a thread of its own. What is to be told then waits for the next time.
    fn is_on_main_thread(&self, gui: &GuiContext) -> bool {
        let may_be_another = cfg!(target_os = "linux") && gui.plugin_api() == PluginApi::Vst3;
        let schedule = self.schedule.lock();
        let main = schedule.as_ref().map(|(_, main)| *main);
        !may_be_another || main == Some(thread::current().id())
    }
}
