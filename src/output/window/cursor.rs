//! The mouse over the window: it goes out of sight on a stage, and two clicks are one wish.

use std::time::{Duration, Instant};

/// How long a cursor that rests is seen in full screen.
const LINGERS: Duration = Duration::from_secs(2);
/// Two presses closer than this in time, and in place (pixels along each axis), are a double click.
const DOUBLE_CLICK: Duration = Duration::from_millis(400);
const DOUBLE_CLICK_REACH: f64 = 6.0;

/// Where the mouse is and what it did last.
#[derive(Debug)]
pub(super) struct Cursor {
    place: [f64; 2],
    moved: Instant,
    pressed: Option<(Instant, [f64; 2])>,
    hidden: bool,
}

impl Cursor {
    pub(super) fn new(now: Instant) -> Self {
        Self {
            place: [0.0; 2],
            moved: now,
            pressed: None,
            hidden: false,
        }
    }

    /// It is at `place` now. Some systems say so again and again of a cursor that rests.
    pub(super) fn moved(&mut self, place: [f64; 2], now: Instant) {
        if self.place != place {
            self.place = place;
            self.moved = now;
        }
    }

    /// The full screen was entered or left: the cursor is seen for a while.
    pub(super) fn wake(&mut self, now: Instant) {
        self.moved = now;
    }

    /// Its button was pressed; whether that was the second press of a double click.
    pub(super) fn pressed(&mut self, now: Instant) -> bool {
        let double = self.pressed.is_some_and(|(when, [x, y])| {
            now.duration_since(when) <= DOUBLE_CLICK
                && (self.place[0] - x).abs() <= DOUBLE_CLICK_REACH
                && (self.place[1] - y).abs() <= DOUBLE_CLICK_REACH
        });
        // A third press begins anew.
        self.pressed = (!double).then_some((now, self.place));
        double
    }

    /// When it is to be hidden, if nothing happens until then.
    pub(super) fn hides_at(&self, fullscreen: bool) -> Option<Instant> {
        (fullscreen && !self.hidden).then(|| self.moved + LINGERS)
    }

    /// Whether it must be hidden (`Some(true)`) or shown now, where it is not already.
    pub(super) fn change(&mut self, fullscreen: bool, now: Instant) -> Option<bool> {
        let hide = fullscreen && now >= self.moved + LINGERS;
        (hide != self.hidden).then(|| {
            self.hidden = hide;
            hide
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MOMENT: Duration = Duration::from_millis(100);

    #[test]
    fn a_resting_cursor_hides_in_full_screen_only_and_comes_back_when_moved() {
        let start = Instant::now();
        let mut cursor = Cursor::new(start);
        assert_eq!(cursor.change(false, start + 2 * LINGERS), None);
        assert_eq!(cursor.hides_at(false), None);
        assert_eq!(cursor.hides_at(true), Some(start + LINGERS));
        assert_eq!(cursor.change(true, start + MOMENT), None);
        assert_eq!(cursor.change(true, start + LINGERS), Some(true));
        assert_eq!(cursor.change(true, start + LINGERS + MOMENT), None);
        assert_eq!(cursor.hides_at(true), None);
        cursor.moved([5.0, 5.0], start + 2 * LINGERS);
        assert_eq!(cursor.change(true, start + 2 * LINGERS), Some(false));
        cursor.moved([5.0, 5.0], start + 3 * LINGERS);
        assert_eq!(cursor.change(true, start + 3 * LINGERS), Some(true));
        assert_eq!(cursor.change(false, start + 3 * LINGERS), Some(false));
    }

    #[test]
    fn two_presses_close_in_time_and_place_are_a_double_click_and_a_third_is_not() {
        let start = Instant::now();
        // It need not have moved since the window opened under it.
        let mut cursor = Cursor::new(start);
        assert!(!cursor.pressed(start));
        assert!(cursor.pressed(start + MOMENT));
        assert!(!cursor.pressed(start + 2 * MOMENT));
        assert!(!cursor.pressed(start + 2 * MOMENT + 2 * DOUBLE_CLICK));
        cursor.moved([90.0, 50.0], start);
        assert!(!cursor.pressed(start + 3 * MOMENT + 2 * DOUBLE_CLICK));
    }
}
