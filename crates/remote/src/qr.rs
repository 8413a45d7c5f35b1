//! An address for a camera to read.

use qrcodegen::{QrCode, QrCodeEcc};

/// Light modules around it, as ISO/IEC 18004 asks for.
const QUIET: i32 = 4;

/// A QR code.
pub struct Qr(QrCode);

impl Qr {
    /// The code of a text; none where that is too long.
    pub fn new(text: &str) -> Option<Self> {
        QrCode::encode_text(text, QrCodeEcc::Medium).ok().map(Self)
    }

    /// Modules on a side, with the quiet zone.
    pub fn side(&self) -> usize {
        (self.0.size() + 2 * QUIET) as usize
    }

    /// Whether the module of that column and row is dark.
    pub fn is_dark(&self, column: usize, row: usize) -> bool {
        let inside = |at: usize| i32::try_from(at).unwrap_or(i32::MAX) - QUIET;
        self.0.get_module(inside(column), inside(row))
    }

    /// In half blocks, two rows a line. With `colours` it is dark on light on any terminal (by ANSI escapes);
    /// without, where that writes light on dark.
    pub fn in_blocks(&self, colours: bool) -> String {
        let mut text = String::new();
        for row in (0..self.side()).step_by(2) {
            text += if colours { "\x1b[97;40m" } else { "" };
            for column in 0..self.side() {
                // What is drawn is the light.
                let light = [row, row + 1].map(|row| !self.is_dark(column, row));
                text.push(match light {
                    [true, true] => '█',
                    [true, false] => '▀',
                    [false, true] => '▄',
                    [false, false] => ' ',
                });
            }
            text += if colours { "\x1b[0m\n" } else { "\n" };
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_square_with_a_quiet_zone_and_the_blocks_are_its_modules() {
        let qr = Qr::new("http://192.168.1.20:7700/#123456").unwrap();
        let side = qr.side();
        let is_quiet = |column, row| !qr.is_dark(column, row);
        assert!((0..side).all(|at| is_quiet(at, 0) && is_quiet(3, at) && is_quiet(at, side - 1)));
        // The corner of a finder pattern.
        assert!(qr.is_dark(4, 4) && !qr.is_dark(5, 5) && qr.is_dark(6, 6));
        let blocks = qr.in_blocks(false);
        let lines: Vec<Vec<char>> = blocks.lines().map(|line| line.chars().collect()).collect();
        assert_eq!(lines.len(), side.div_ceil(2));
        for (row, line) in lines.iter().enumerate() {
            assert_eq!(line.len(), side);
            for (column, block) in line.iter().enumerate() {
                let upper = matches!(block, '█' | '▀');
                assert_eq!(upper, !qr.is_dark(column, 2 * row));
            }
        }
        assert!(qr.in_blocks(true).contains("\x1b[0m"));
        assert!(Qr::new(&"x".repeat(5000)).is_none());
    }
}
