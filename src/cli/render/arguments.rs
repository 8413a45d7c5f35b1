//! How what is given to `synopsia render` is read.

use crate::gpu::Prefer;
use clap::builder::{PossibleValuesParser, TypedValueParser};
use std::ops::{Range, RangeInclusive};
use std::str::FromStr;

/// Size of a film, pixels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::cli) struct Size {
    pub(super) width: usize,
    pub(super) height: usize,
}

impl Size {
    /// Across and down.
    pub(in crate::cli) fn sides(self) -> [usize; 2] {
        [self.width, self.height]
    }
}

/// Sides that a film may have, in pixels.
const SIDES: RangeInclusive<usize> = 16..=16_384;

impl FromStr for Size {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let sides = text.split_once(['x', 'X', '×']);
        let sides = sides.and_then(|(w, h)| Some((w.parse().ok()?, h.parse().ok()?)));
        match sides {
            Some((width, height)) if SIDES.contains(&width) && SIDES.contains(&height) => {
                Ok(Self { width, height })
            }
            Some(_) => Err(format!(
                "sides may have {} to {} pixels",
                SIDES.start(),
                SIDES.end()
            )),
            None => Err("write it as 1280x720".into()),
        }
    }
}

/// A range of frame numbers; the end is open when it is missing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct FrameRange(pub(super) Range<u64>);

impl FromStr for FrameRange {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || "write it as 0..300 (or 300.. for all that follow)".to_string();
        let (start, end) = text.split_once("..").ok_or_else(wrong)?;
        let start = start.parse().map_err(|_| wrong())?;
        let end = if end.is_empty() {
            u64::MAX
        } else {
            end.parse().map_err(|_| wrong())?
        };
        if start >= end {
            return Err(format!("{start}..{end} holds no frame"));
        }
        Ok(Self(start..end))
    }
}

/// Reads who is to paint.
pub(super) fn painters() -> impl TypedValueParser<Value = Prefer> {
    PossibleValuesParser::new(["auto", "cpu", "gpu"]).map(|name| match name.as_str() {
        "cpu" => Prefer::Cpu,
        "gpu" => Prefer::Gpu,
        _ => Prefer::Auto,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_and_frame_ranges_are_read_as_people_write_them() {
        assert_eq!(
            "1280x720".parse(),
            Ok(Size {
                width: 1280,
                height: 720
            })
        );
        assert_eq!("300..600".parse(), Ok(FrameRange(300..600)));
        assert_eq!("300..".parse(), Ok(FrameRange(300..u64::MAX)));
        for text in ["", "720", "0x0", "1280x", "99999x10", "-1x5"] {
            assert!(text.parse::<Size>().is_err(), "{text}");
        }
        for text in ["", "5", "5..5", "6..5", "a..b", "-1..3"] {
            assert!(text.parse::<FrameRange>().is_err(), "{text}");
        }
    }
}
