//! The beat, the bands, and the two switches of a stage.

use super::button::Button;
use super::edits::Knob;
use super::icon::Icon;
use super::menu;
use super::shortcut::Shortcut;
use super::spoken;
use super::theme::{self, font, semi_bold};
use super::view::View;
use crate::control::Control;
use crate::live::{BeatWish, Clock, TempoSource};
use egui::{Align2, CursorIcon, Rect, Role, Sense, Stroke, Ui, pos2, vec2};
use std::sync::Arc;

/// The most beats of a bar that are drawn as dots.
const MOST_DOTS: usize = 12;

/// Shows them in `rect`.
pub fn show(view: &mut View, ui: &Ui, rect: Rect) {
    let end = switches(view, ui, rect);
    let start = beat(view, ui, rect);
    let meter = Rect::from_x_y_ranges(
        start + 12.0..=(end - 16.0).min(start + 172.0),
        rect.y_range(),
    );
    if meter.width() > 40.0 {
        bands(view, ui, meter.shrink2(vec2(0.0, 2.0)));
    }
}

/// Blackout, freeze and panic, at the right; answers where they begin.
fn switches(view: &mut View, ui: &Ui, rect: Rect) -> f32 {
    let project = Arc::clone(&view.project);
    let wide = 92.0;
    let at = |i: usize| {
        let right = rect.right() - i as f32 * (wide + theme::GAP);
        Rect::from_min_max(pos2(right - wide, rect.top()), pos2(right, rect.bottom()))
    };
    let is_on = |control| project.params.is_on(control);
    let (black, frozen) = (is_on(Control::Blackout), is_on(Control::Freeze));
    let in_host = view.is_in_host();
    let key = |shortcut: Shortcut| shortcut.words(in_host);
    let blackout = key(Shortcut::Blackout);
    let hint = &format!("No light at all, until it is pressed again. Key: {blackout}.");
    let pressed = Button::word("Blackout")
        .with_icon(Icon::Moon)
        .lit(black, theme::RED)
        .show(ui, at(0), "Blackout", hint);
    if pressed.clicked() {
        let knob = Knob::of(&project.params, Control::Blackout);
        view.edits.put(knob, 1.0 - knob.value());
    }
    let freeze = key(Shortcut::Freeze);
    let hint = &format!("The picture stays as it is, until it is pressed again. Key: {freeze}.");
    let pressed = Button::word("Freeze")
        .with_icon(Icon::Pause)
        .lit(frozen, theme::HEARD)
        .show(ui, at(1), "Freeze", hint);
    if pressed.clicked() {
        let knob = Knob::of(&project.params, Control::Freeze);
        view.edits.put(knob, 1.0 - knob.value());
    }
    let panic = Control::Panic.row();
    let pressed = Button::word(panic.name)
        .lit(is_on(Control::Panic), theme::RED)
        .show(ui, at(2), panic.name, panic.hint);
    if pressed.clicked() {
        let knob = Knob::of(&project.params, Control::Panic);
        view.edits.put(knob, 1.0 - knob.value());
    }
    at(2).left()
}

/// The beat light, the tempo and the bar, at the left; answers where they end.
fn beat(view: &View, ui: &Ui, rect: Rect) -> f32 {
    let painter = ui.painter();
    let now = view.status.now;
    let middle = rect.center().y;
    let mut x = rect.left() + 8.0;
    let phase = now.map_or(1.0, |now| now.time.beats.rem_euclid(1.0) as f32);
    let heard = view
        .status
        .now
        .is_some_and(|now| now.tempo != TempoSource::None);
    let light = if heard { (1.0 - phase).powi(3) } else { 0.0 };
    painter.circle_filled(pos2(x, middle), 7.0, theme::CONTROL);
    painter.circle_filled(
        pos2(x, middle),
        5.0 + 2.0 * light,
        theme::faded(theme::HEARD, light),
    );
    x += 16.0;
    let tempo = match now {
        Some(now) if heard => format!("{:.1}", now.time.tempo),
        _ => "–".to_owned(),
    };
    let colour = if heard { theme::TEXT } else { theme::FAINT };
    let place = Rect::from_x_y_ranges(x..=x + 44.0, rect.y_range());
    theme::line(
        painter,
        place,
        Align2::LEFT_CENTER,
        tempo.as_str(),
        semi_bold(15.0),
        colour,
    );
    x += 48.0;
    let source = match now.map(|now| now.tempo) {
        Some(TempoSource::Host) => "bpm, host",
        Some(TempoSource::Tapped) => "bpm, tapped",
        Some(TempoSource::Heard) => "bpm, heard",
        Some(TempoSource::MidiClock) => "bpm, MIDI",
        Some(TempoSource::Link(peers)) => &format!("bpm, Link {peers}"),
        Some(TempoSource::None) | None => "bpm",
    };
    let place = Rect::from_x_y_ranges(x..=x + 66.0, rect.y_range());
    theme::line(
        painter,
        place,
        Align2::LEFT_CENTER,
        source,
        font(11.5),
        theme::LABEL,
    );
    x += 70.0;
    let beats = now.map_or(4.0, |now| now.time.beats_per_bar);
    let dots = (beats.ceil() as usize).clamp(1, MOST_DOTS);
    let current = now
        .filter(|_| heard)
        .map(|now| now.time.beats.rem_euclid(beats.max(1.0)) as usize);
    for dot in 0..dots {
        let place = pos2(x + 4.0 + 12.0 * dot as f32, middle);
        if current == Some(dot) {
            let colour = if dot == 0 { theme::TEXT } else { theme::HEARD };
            painter.circle_filled(place, 3.5, colour);
        } else {
            painter.circle_stroke(place, 3.0, Stroke::new(1.0, theme::FAINT));
        }
    }
    let end = x + 12.0 * dots as f32;
    let whole = Rect::from_x_y_ranges(rect.left()..=end, rect.y_range());
    asked(view, ui, whole, &format!("{tempo} {source}"));
    end
}

/// Opens what can be asked of the beat, of which that is said.
fn asked(view: &View, ui: &Ui, rect: Rect, said: &str) {
    let response = ui.interact(rect, ui.scope_id().with("beat"), Sense::click());
    spoken::name(&response, Role::Button, said);
    menu::show(&response, 240.0, |ui| wishes(view, ui));
    let problem = view.project.live.clock_problem();
    let hint = problem.unwrap_or("The beat, its tempo and whose it is, and the place in the bar.");
    response
        .on_hover_text(hint)
        .on_hover_cursor(CursorIcon::PointingHand);
}

/// What can be asked of the beat.
fn wishes(view: &View, ui: &mut Ui) {
    let live = &view.project.live;
    if !view.is_in_host() {
        for clock in Clock::ALL {
            if menu::item(ui, clock.name(), live.clock() == clock)
                && let Err(problem) = live.follow(clock)
            {
                live.report(problem);
            }
        }
        if let Some(problem) = live.clock_problem() {
            menu::note(ui, problem);
        }
        ui.separator();
    }
    for (word, wish) in [
        ("Tap the beat", BeatWish::Tap),
        ("Twice as fast", BeatWish::Double),
        ("Half as fast", BeatWish::Halve),
        ("A little earlier", BeatWish::Earlier),
        ("A little later", BeatWish::Later),
        ("Take all of that back", BeatWish::Release),
    ] {
        if menu::action(ui, word) {
            live.beat(wish);
        }
    }
}

/// How loud each band of the spectrum is.
fn bands(view: &View, ui: &Ui, rect: Rect) {
    let bands = view
        .status
        .now
        .map(|now| now.frame.bands)
        .unwrap_or_default();
    let wide = rect.width() / bands.len() as f32;
    for (i, level) in bands.into_iter().enumerate() {
        let left = rect.left() + i as f32 * wide;
        let slot = Rect::from_x_y_ranges(left..=left + wide - 2.0, rect.y_range());
        ui.painter().rect_filled(slot, 1, theme::CONTROL);
        let high = level.clamp(0.0, 1.0) * slot.height();
        let bar = slot.with_min_y(slot.bottom() - high);
        let colour = theme::faded(theme::HEARD, 0.45 + 0.55 * level);
        ui.painter().rect_filled(bar, 1, colour);
    }
    let response = ui.interact(rect, ui.scope_id().with("bands"), Sense::hover());
    spoken::name(&response, Role::Image, "Loudness of the bands");
    response.on_hover_text("How loud each band is, from bass (32 Hz) to treble (16 kHz).");
}
