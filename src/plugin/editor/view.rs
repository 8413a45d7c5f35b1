//! The editor's parts, and where they are.

use super::edits::Edits;
use super::pad::Trail;
use super::preview::Preview;
use super::tasks::Tasks;
use super::{about, feeling, look, pad, preview, pulse, state, theme, top};
use crate::control::Control;
use crate::live::Status;
use crate::plugin::{EditorSetup, Project};
use egui::{Rect, Sense, Stroke, Ui, pos2, vec2};
use nice_plug::context::PluginApi;
use nice_plug::context::gui::GuiContext;
use std::path::PathBuf;
use std::sync::Arc;

use super::edits::Knob;
use super::shortcut::{self, Shortcut};

/// Heights of the bars at the top, below the preview and at the bottom.
const TOP: f32 = 48.0;
const PULSE: f32 = 28.0;
const STATE: f32 = 26.0;

/// Rows of the steering column, from which the height of the part about emotion follows.
const STEERING_ROWS: f32 = 7.0;

/// An open editor.
pub struct View {
    pub project: Arc<Project>,
    pub edits: Edits,
    /// How things are in this frame.
    pub status: Status,
    pub preview: Preview,
    pub trail: Trail,
    pub tasks: Tasks,
    pub about: bool,
    /// Problems that were seen, the time since the newest was, and those that were put away.
    pub problems: u64,
    pub alarmed: f64,
    pub dismissed: u64,
    /// The film whose place was read.
    pub film_seen: Option<PathBuf>,
    /// What the host leaves to be seen of the window, points, where it may be less than all.
    pub room: Option<egui::Vec2>,
}

/// Where the parts are.
pub struct Plan {
    pub top: Rect,
    pub preview: Rect,
    pub pulse: Rect,
    pub pad: Rect,
    pub steering: Rect,
    pub classes: Rect,
    pub look: Rect,
    pub state: Rect,
}

impl Plan {
    pub fn new(whole: Rect) -> Self {
        let margin = theme::MARGIN;
        let (left, right) = (whole.left() + margin, whole.right() - margin);
        let top = Rect::from_x_y_ranges(left..=right, whole.top()..=whole.top() + TOP);
        let state = Rect::from_x_y_ranges(
            left..=whole.right(),
            whole.bottom() - STATE..=whole.bottom(),
        );
        let body = top.bottom()..=state.top() - 6.0;
        let wide = (0.27 * whole.width()).clamp(236.0, 320.0).round();
        let look = Rect::from_x_y_ranges(right - wide..=right, body.clone());
        let main = Rect::from_x_y_ranges(left..=look.left() - margin, body);
        let least = STEERING_ROWS * (theme::ROW + theme::GAP) - theme::GAP;
        let high = (0.3 * main.height()).clamp(least, 1.4 * least).round();
        let feeling = main.with_min_y(main.bottom() - high);
        let pulse = Rect::from_x_y_ranges(
            main.x_range(),
            feeling.top() - margin - PULSE..=feeling.top() - margin,
        );
        let preview = main.with_max_y(pulse.top() - 8.0);
        let pad = feeling.with_max_x(feeling.left() + high);
        let rest = feeling.with_min_x(pad.right() + margin);
        let half = (0.54 * (rest.width() - margin)).round();
        let steering = rest.with_max_x(rest.left() + half);
        let classes = rest.with_min_x(steering.right() + margin);
        Self {
            top,
            preview,
            pulse,
            pad,
            steering,
            classes,
            look,
            state,
        }
    }
}

/// Rows of controls, from the top of a rectangle down.
pub struct Rows {
    rect: Rect,
    y: f32,
    /// How high things are, of their usual height.
    share: f32,
}

/// The rows of `rect`.
pub fn rows(rect: Rect) -> Rows {
    Rows {
        rect,
        y: rect.top(),
        share: 1.0,
    }
}

impl Rows {
    /// The next control's place.
    pub fn row(&mut self) -> Rect {
        let row = self.space(theme::ROW);
        self.y += self.share * theme::GAP;
        row
    }

    /// The same, less high: of things that are `high` in all, as many as there are fit.
    pub fn squeezed_to_fit(self, high: f32) -> Self {
        let share = (self.rect.height() / high).min(1.0);
        Self { share, ..self }
    }

    /// A place of that height.
    pub fn space(&mut self, height: f32) -> Rect {
        let place = Rect::from_min_size(
            pos2(self.rect.left(), self.y),
            vec2(self.rect.width(), self.share * height),
        );
        self.y += self.share * height;
        place
    }
}

impl View {
    pub fn new(project: Arc<Project>, gui: GuiContext) -> Self {
        Self {
            film_seen: project.live.status().last_film,
            edits: Edits::new(gui, Arc::clone(&project)),
            project,
            status: Status::default(),
            preview: Preview::default(),
            trail: Trail::default(),
            tasks: Tasks::default(),
            about: false,
            problems: 0,
            alarmed: 0.0,
            dismissed: 0,
            room: None,
        }
    }

    /// Whether there is a host. There the keyboard is the host's: the editor has it only while
    /// somebody types into one of its text fields, and beyond that hears of nothing but its
    /// [shortcuts](super::shortcut), with the modifiers that hosts leave alone. No control may take
    /// the keyboard on a click.
    pub fn is_in_host(&self) -> bool {
        self.edits.api() != PluginApi::Standalone
    }

    /// Draws one frame. A window in which nothing could be read scrolls. Nothing is painted for
    /// a window that is not `seen`.
    pub fn show(&mut self, ui: &mut Ui, seen: bool) {
        if seen {
            self.project.live.look();
        }
        self.status = self.project.live.status();
        self.keys(ui);
        let mut room = ui.max_rect();
        ui.painter().rect_filled(room, 0, theme::GROUND);
        if let Some(seen) = self.room {
            room.max = room.max.min(room.min + seen);
        }
        let [width, height] = EditorSetup::SMALLEST.map(|side| side as f32);
        // A pixel more or less is a matter of rounding.
        if room.width() >= width - 1.0 && room.height() >= height - 1.0 {
            self.parts(ui, room);
        } else {
            egui::ScrollArea::both().auto_shrink(false).show(ui, |ui| {
                let size = room.size().max(vec2(width, height));
                let (whole, _) = ui.allocate_exact_size(size, Sense::hover());
                self.parts(ui, whole);
            });
        }
        about::show(self, ui);
    }

    fn parts(&mut self, ui: &mut Ui, whole: Rect) {
        let plan = Plan::new(whole);
        let line = Stroke::new(1.0, theme::LINE);
        ui.painter().hline(whole.x_range(), plan.state.top(), line);
        top::show(self, ui, plan.top);
        preview::show(self, ui, plan.preview);
        pulse::show(self, ui, plan.pulse);
        pad::show(self, ui, plan.pad);
        feeling::steering(self, ui, plan.steering);
        feeling::classes(self, ui, plan.classes);
        look::show(self, ui, plan.look);
        state::show(self, ui, plan.state);
    }

    /// Follows the keys that belong to no control.
    fn keys(&mut self, ui: &Ui) {
        if ui.ctx().text_edit_focused() {
            return;
        }
        for shortcut in shortcut::pressed(ui.ctx(), self.is_in_host()) {
            self.obey(shortcut);
        }
    }

    /// Does what a key asks for.
    pub fn obey(&mut self, shortcut: Shortcut) {
        let project = Arc::clone(&self.project);
        let turn = |control, edits: &mut Edits| {
            let knob = Knob::of(&project.params, control);
            edits.put(knob, 1.0 - knob.value());
        };
        match shortcut {
            Shortcut::Undo => self.edits.undo(),
            Shortcut::Redo => self.edits.redo(),
            Shortcut::Blackout => turn(Control::Blackout, &mut self.edits),
            Shortcut::Freeze => turn(Control::Freeze, &mut self.edits),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_part_overlaps_another_or_leaves_the_window_at_any_size() {
        let sizes = [
            EditorSetup::SMALLEST,
            [1040, 680],
            [1600, 700],
            EditorSetup::LARGEST,
        ];
        for [width, height] in sizes {
            let whole = Rect::from_min_size(pos2(0.0, 0.0), vec2(width as f32, height as f32));
            let plan = Plan::new(whole);
            let parts = [
                plan.top,
                plan.preview,
                plan.pulse,
                plan.pad,
                plan.steering,
                plan.classes,
                plan.look,
                plan.state,
            ];
            for (i, part) in parts.iter().enumerate() {
                assert!(
                    whole.contains_rect(*part),
                    "{width}x{height}: part {i} is {part:?}"
                );
                assert!(
                    part.width() > 90.0 && part.height() > 20.0,
                    "part {i} is {part:?}"
                );
                for (j, other) in parts.iter().enumerate().skip(i + 1) {
                    let shared = part.intersect(*other);
                    let apart = shared.width() <= 0.0 || shared.height() <= 0.0;
                    assert!(apart, "{width}x{height}: parts {i} and {j} overlap");
                }
            }
        }
    }
}
