//! How large the editor is on the screen, and how large things are drawn in it.
//!
//! What the user chose is a wish: a host may not resize its window, and may show less of it than
//! there is. Everything is drawn as large as was chosen where there is room for that, and smaller
//! where there is not, so that nothing is cut.

use crate::plugin::EditorSetup;
use parking_lot::Mutex;

/// The smallest scale that can be chosen: no window need be larger than this makes it.
pub const SMALLEST_SCALE: f32 = 0.75;

/// The smallest share of the chosen scale at which anything can be read.
const LEAST_SHARE: f32 = 0.35;

/// The screen as the editor finds it.
#[derive(Debug, Default)]
pub struct Screen(Mutex<Found>);

#[derive(Debug, Default)]
struct Found {
    /// Pixels that the system makes of a point, once that is known.
    scale: Option<f64>,
    /// Width and height of the open editor's window, pixels.
    window: Option<[u32; 2]>,
}

impl Screen {
    /// An editor is open, with a window of that size.
    pub fn set(&self, scale: f64, window: [u32; 2]) {
        let mut found = self.0.lock();
        found.window = Some(window);
        if scale.is_finite() && scale > 0.0 {
            found.scale = Some(scale);
        }
    }

    /// A host says what the system's scale is; it need not know.
    pub fn suggest(&self, scale: f64) {
        if scale.is_finite() && scale > 0.0 && system_scale().is_none() {
            self.0.lock().scale = Some(scale);
        }
    }

    pub fn closed(&self) {
        self.0.lock().window = None;
    }

    /// Width and height of the open editor's window, pixels.
    pub fn window(&self) -> Option<[u32; 2]> {
        self.0.lock().window
    }

    /// Pixels that the system makes of a point. It is asked before there is a window: a host makes
    /// its own one as large as the editor says that it will be.
    pub fn scale(&self) -> f64 {
        let mut found = self.0.lock();
        if found.window.is_none()
            && let Some(scale) = system_scale()
        {
            found.scale = Some(scale);
        }
        found.scale.unwrap_or(1.0)
    }
}

/// What the desktop's settings say, as the window library reads them.
#[cfg(all(unix, not(target_os = "macos")))]
fn system_scale() -> Option<f64> {
    /// Dots an inch at which a point is a pixel.
    const USUAL: f64 = 96.0;
    let (connection, _) = x11rb::connect(None).ok()?;
    let settings = x11rb::resource_manager::new_from_default(&connection).ok()?;
    let dots: u32 = settings.get_value("Xft.dpi", "").ok().flatten()?;
    Some(f64::from(dots) / USUAL).filter(|scale| *scale > 0.0)
}

/// Elsewhere the window library asks the window.
#[cfg(not(all(unix, not(target_os = "macos"))))]
fn system_scale() -> Option<f64> {
    None
}

/// The magnification at which the whole editor is in `room` pixels: the `chosen` one or less.
/// `system` is how many pixels the system makes of a point.
pub fn zoom(room: [u32; 2], system: f64, chosen: f32) -> f32 {
    let share = |i: usize| {
        let least = f64::from(EditorSetup::SMALLEST[i]) * system * f64::from(chosen);
        (f64::from(room[i]) / least) as f32
    };
    chosen * share(0).min(share(1)).clamp(LEAST_SHARE, 1.0)
}

/// What can be seen of a `window`, pixels, where its host has `room` for it. A host that has next
/// to none has not laid out its window yet.
pub fn seen_part(window: [u32; 2], room: Option<[u32; 2]>) -> [u32; 2] {
    let Some(room) = room else {
        return window;
    };
    let enough = |i: usize| room[i] as f32 >= LEAST_SHARE * EditorSetup::SMALLEST[i] as f32;
    if enough(0) && enough(1) {
        [window[0].min(room[0]), window[1].min(room[1])]
    } else {
        window
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_fits_into_a_window_of_any_size_and_is_as_large_as_was_chosen_where_it_can_be() {
        let smallest = EditorSetup::SMALLEST.map(|side| side as f32);
        for system in [1.0, 1.5, 2.0] {
            for chosen in [0.75, 1.0, 1.25, 2.0, 3.0] {
                for room in [[820, 560], [1040, 680], [1560, 1020], [4000, 3000]] {
                    let zoom = zoom(room, system, chosen);
                    assert!(zoom <= chosen);
                    let points = room.map(|side| side as f32 / (system as f32 * zoom));
                    let fits = (0..2).all(|i| points[i] >= smallest[i] - 0.1);
                    assert!(
                        fits || zoom <= 1.01 * LEAST_SHARE * chosen,
                        "{room:?} at {zoom}"
                    );
                    let roomy = (0..2).all(|i| points[i] > smallest[i] + 0.1);
                    assert!(!roomy || zoom == chosen, "{room:?} at {zoom} of {chosen}");
                }
            }
        }
    }

    #[test]
    fn what_a_host_cuts_off_is_not_counted_once_it_has_laid_out_its_window() {
        assert_eq!(seen_part([1300, 850], None), [1300, 850]);
        assert_eq!(seen_part([1300, 850], Some([1040, 900])), [1040, 850]);
        assert_eq!(seen_part([1300, 850], Some([1, 1])), [1300, 850]);
    }
}
