//! Where in the window the picture goes.

/// A part of the window, pixels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Part {
    pub(super) left: u32,
    pub(super) top: u32,
    pub(super) width: u32,
    pub(super) height: u32,
}

/// Bars thinner than this in all, pixels, are not drawn: the picture is stretched over them by
/// less than the eye sees, and no line of black is left at a projector's edge.
const THINNEST_BARS: u32 = 2;

/// The largest part of a window of `window` pixels that has the shape of a picture of `picture`
/// pixels, in its middle. None of the sizes is zero.
pub(super) fn fit(picture: [u32; 2], window: [u32; 2]) -> Part {
    let [across, down] = [0, 1].map(|axis| f64::from(window[axis]) / f64::from(picture[axis]));
    let scale = across.min(down);
    let [width, height] = [0, 1].map(|axis| {
        let exact = (f64::from(picture[axis]) * scale).round() as u32;
        if exact + THINNEST_BARS >= window[axis] {
            window[axis]
        } else {
            exact.max(1)
        }
    });
    Part {
        left: (window[0] - width) / 2,
        top: (window[1] - height) / 2,
        width,
        height,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn part(left: u32, top: u32, width: u32, height: u32) -> Part {
        Part {
            left,
            top,
            width,
            height,
        }
    }

    #[test]
    fn the_shape_is_kept_and_the_bars_are_even() {
        assert_eq!(fit([160, 90], [1600, 1200]), part(0, 150, 1600, 900));
        assert_eq!(fit([160, 90], [3000, 900]), part(700, 0, 1600, 900));
        assert_eq!(fit([1920, 1080], [960, 540]), part(0, 0, 960, 540));
        assert_eq!(fit([100, 100], [101, 500]), part(0, 199, 101, 101));
    }

    #[test]
    fn a_bar_of_a_pixel_is_not_drawn() {
        assert_eq!(fit([1920, 1080], [1366, 768]), part(0, 0, 1366, 768));
    }

    #[test]
    fn every_part_lies_within_its_window() {
        let sides = [1, 2, 3, 7, 64, 1080, 1921, 16384];
        for picture in sides.iter().flat_map(|&w| sides.map(|h| [w, h])) {
            for window in sides.iter().flat_map(|&w| sides.map(|h| [w, h])) {
                let part = fit(picture, window);
                assert!(part.width >= 1 && part.left + part.width <= window[0]);
                assert!(part.height >= 1 && part.top + part.height <= window[1]);
                assert!(part.width == window[0] || part.height == window[1]);
            }
        }
    }
}
