//! The one way by which the editor changes anything, and takes it back.

use crate::control::Control;
use crate::live::{Midi, Setup};
use crate::plugin::{Project, SynopsiaParams};
use nice_plug::context::PluginApi;
use nice_plug::context::gui::GuiContext;
use nice_plug::prelude::ParamPtr;
use std::marker::PhantomData;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// Edits that can be taken back.
const REMEMBERED: usize = 200;

/// Single steps of one knob that follow each other within this are one edit.
const ONE_MOVE: Duration = Duration::from_millis(800);

/// A control's parameter, by its normalised value, 0 to 1.
#[derive(Clone, Copy)]
pub struct Knob<'a> {
    pub control: Control,
    param: ParamPtr,
    lives: PhantomData<&'a ()>,
}

// SAFETY of all calls on `param`: it is of parameters that live as long as the knob.
impl<'a> Knob<'a> {
    pub fn of(params: &'a SynopsiaParams, control: Control) -> Self {
        Self {
            control,
            param: params.pointer(control),
            lives: PhantomData,
        }
    }

    /// Where it stands, before the host's modulation.
    pub fn value(self) -> f32 {
        unsafe { self.param.unmodulated_normalized_value() }
    }

    /// Where it stands untouched.
    pub fn usual(self) -> f32 {
        unsafe { self.param.default_normalized_value() }
    }

    /// The normalised place of a plain number.
    pub fn place_of(self, plain: f32) -> f32 {
        unsafe { self.param.preview_normalized(plain) }
    }

    /// A value as a plain number.
    pub fn plain(self, value: f32) -> f32 {
        unsafe { self.param.preview_plain(value) }
    }

    /// A value in words, with its unit.
    pub fn text(self, value: f32) -> String {
        unsafe { self.param.normalized_value_to_string(value, true) }
    }

    /// The value that somebody typed; none where it makes no sense.
    pub fn read(self, text: &str) -> Option<f32> {
        let value = unsafe { self.param.string_to_normalized_value(text.trim()) };
        value
            .filter(|value| value.is_finite())
            .map(|value| value.clamp(0.0, 1.0))
    }

    /// The next value up or down.
    pub fn step(self, from: f32, up: bool, fine: bool) -> f32 {
        unsafe {
            if up {
                self.param.next_normalized_step(from, fine)
            } else {
                self.param.previous_normalized_step(from, fine)
            }
        }
    }

    /// The nearest value that the parameter can have.
    pub fn snapped(self, value: f32) -> f32 {
        self.place_of(self.plain(value))
    }

    pub fn id(self) -> egui::Id {
        egui::Id::unique(("knob", self.param))
    }
}

/// One knob's way.
#[derive(Clone, Copy)]
struct Change {
    param: ParamPtr,
    from: f32,
    to: f32,
}

/// What one move of the hand changed.
#[derive(Clone)]
struct Edit {
    changes: Vec<Change>,
    /// The chosen preset's name, before and after.
    preset: Option<[String; 2]>,
    /// The setup, before and after.
    setup: Option<[Setup; 2]>,
    at: Instant,
    /// Whether the next step of the same knob belongs to it.
    open: bool,
}

/// Turns knobs, with the gestures that a host records, and remembers how they stood.
pub struct Edits {
    gui: GuiContext,
    project: Arc<Project>,
    /// Knobs that are held now.
    held: Vec<Change>,
    done: Vec<Edit>,
    undone: Vec<Edit>,
    /// While knobs of a MIDI device are learned: what is touched waits for one, and is not moved.
    pub teaching: Option<Arc<Midi>>,
    /// Controls that chance leaves alone.
    locked: Vec<Control>,
}

// SAFETY of the calls on `gui`: each parameter comes from `project`, or is refused by the context.
impl Edits {
    pub fn new(gui: GuiContext, project: Arc<Project>) -> Self {
        Self {
            gui,
            project,
            held: Vec::new(),
            done: Vec::new(),
            undone: Vec::new(),
            teaching: None,
            locked: Vec::new(),
        }
    }

    /// Has a MIDI device's knob be learned for a control, where that is what is done; whether it is.
    fn is_taught(&self, knob: Knob) -> bool {
        let teaching = self.teaching.as_ref();
        teaching
            .inspect(|midi| midi.learn(Some(knob.control)))
            .is_some()
    }

    /// Whether chance leaves a control alone.
    pub fn is_locked(&self, control: Control) -> bool {
        self.locked.contains(&control)
    }

    /// Has chance leave controls alone from now on, or no longer.
    pub fn lock(&mut self, controls: impl IntoIterator<Item = Control>, locked: bool) {
        for control in controls {
            self.locked.retain(|other| *other != control);
            if locked {
                self.locked.push(control);
            }
        }
    }

    pub fn api(&self) -> PluginApi {
        self.gui.plugin_api()
    }

    /// Takes hold of knobs, to turn them together.
    pub fn grab(&mut self, knobs: &[Knob]) {
        self.release();
        if knobs.first().is_some_and(|knob| self.is_taught(*knob)) {
            return;
        }
        for knob in knobs {
            unsafe { self.gui.raw_begin_set_parameter(knob.param) };
            let value = knob.value();
            self.held.push(Change {
                param: knob.param,
                from: value,
                to: value,
            });
        }
    }

    /// Turns a knob that is held.
    pub fn turn(&mut self, knob: Knob, value: f32) {
        let held = self.held.iter_mut().find(|turn| turn.param == knob.param);
        let Some(turn) = held.filter(|turn| value.is_finite() && turn.to != value) else {
            return;
        };
        turn.to = value.clamp(0.0, 1.0);
        unsafe {
            self.gui.raw_set_parameter_normalized(turn.param, turn.to);
        }
    }

    /// Lets go.
    pub fn release(&mut self) {
        let changes = std::mem::take(&mut self.held);
        for turn in &changes {
            unsafe { self.gui.raw_end_set_parameter(turn.param) };
        }
        self.remember(changes, None, None, false);
    }

    /// Turns one knob a step; steps that follow each other are taken back together.
    pub fn nudge(&mut self, knob: Knob, value: f32) {
        self.release();
        if self.is_taught(knob) {
            return;
        }
        let turn = Change {
            param: knob.param,
            from: knob.value(),
            to: value,
        };
        self.set(turn.param, value);
        if let Some(last) = self.done.last_mut()
            && last.open
            && last.at.elapsed() < ONE_MOVE
            && let [one] = last.changes.as_mut_slice()
            && one.param == turn.param
        {
            one.to = value;
            last.at = Instant::now();
            self.undone.clear();
            return;
        }
        self.remember(vec![turn], None, None, true);
    }

    /// Sets one knob.
    pub fn put(&mut self, knob: Knob, value: f32) {
        if self.is_taught(knob) {
            return;
        }
        self.put_all(&[(knob, value)], None);
    }

    /// Sets many knobs as one edit, and the name of the preset that they came from.
    pub fn put_all(&mut self, values: &[(Knob, f32)], preset: Option<&str>) {
        self.release();
        let mut changes = Vec::new();
        for (knob, to) in values {
            let from = knob.value();
            if (from - to).abs() > 1e-6 {
                self.set(knob.param, *to);
                changes.push(Change {
                    param: knob.param,
                    from,
                    to: *to,
                });
            }
        }
        let preset = preset.map(|name| [self.project.preset(), name.to_owned()]);
        if let Some([_, name]) = &preset {
            self.project.set_preset(name);
        }
        self.remember(changes, preset, None, false);
    }

    /// Changes what is settled beside the knobs.
    pub fn settle(&mut self, change: impl FnOnce(&mut Setup)) {
        self.release();
        let before = self.project.live.setup();
        let mut after = before.clone();
        change(&mut after);
        let after = after.clamped();
        if before != after {
            self.project.live.set_setup(after.clone());
            self.remember(Vec::new(), None, Some([before, after]), false);
        }
    }

    pub fn can_undo(&self) -> bool {
        !self.done.is_empty()
    }

    pub fn can_redo(&self) -> bool {
        !self.undone.is_empty()
    }

    pub fn undo(&mut self) {
        self.release();
        if let Some(edit) = self.done.pop() {
            for turn in edit.changes.iter().rev() {
                self.set(turn.param, turn.from);
            }
            self.restore(&edit, 0);
            self.undone.push(edit);
        }
    }

    pub fn redo(&mut self) {
        self.release();
        if let Some(edit) = self.undone.pop() {
            for turn in &edit.changes {
                self.set(turn.param, turn.to);
            }
            self.restore(&edit, 1);
            self.done.push(edit);
        }
    }

    /// Puts back what stood beside the knobs before (0) or after (1) an edit.
    fn restore(&self, edit: &Edit, side: usize) {
        if let Some(names) = &edit.preset {
            self.project.set_preset(&names[side]);
        }
        if let Some(setups) = &edit.setup {
            self.project.live.set_setup(setups[side].clone());
        }
    }

    fn set(&self, param: ParamPtr, value: f32) {
        unsafe {
            self.gui.raw_begin_set_parameter(param);
            self.gui.raw_set_parameter_normalized(param, value);
            self.gui.raw_end_set_parameter(param);
        }
    }

    fn remember(
        &mut self,
        mut changes: Vec<Change>,
        preset: Option<[String; 2]>,
        setup: Option<[Setup; 2]>,
        open: bool,
    ) {
        changes.retain(|turn| turn.from != turn.to);
        let preset = preset.filter(|[before, after]| before != after);
        if changes.is_empty() && preset.is_none() && setup.is_none() {
            return;
        }
        self.undone.clear();
        if self.done.len() == REMEMBERED {
            self.done.remove(0);
        }
        self.done.push(Edit {
            changes,
            preset,
            setup,
            at: Instant::now(),
            open,
        });
    }
}

impl Drop for Edits {
    fn drop(&mut self) {
        self.release();
    }
}
