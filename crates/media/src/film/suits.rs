//! Which codecs go with which files and sizes.

use std::path::Path;

use super::codec::extension;
use super::{Codec, EncodeError};

/// The most pixels of a picture, 8192x8192: a quarter of a gigabyte each, and several are
/// on their way at once.
const MOST_PIXELS: usize = 8192 * 8192;

/// The smallest side that every codec takes, pixels.
const SMALLEST: usize = 16;

/// Checks that `codec` can be written to a file of this name, and at this size.
///
/// # Errors
/// One sentence that says what would be right.
pub fn check(codec: Codec, path: &Path, width: usize, height: usize) -> Result<(), EncodeError> {
    let folder = codec == Codec::Png && (extension(path).is_none() || path.is_dir());
    let known = extension(path).is_some_and(|e| codec.extensions().contains(&e.as_str()));
    if !known && !folder {
        return Err(EncodeError::WrongContainer {
            path: path.to_path_buf(),
            codec,
        });
    }
    let grid = codec.grid();
    if width == 0 || height == 0 || !width.is_multiple_of(grid) || !height.is_multiple_of(grid) {
        return Err(EncodeError::OddSize {
            codec,
            width,
            height,
            grid,
        });
    }
    let (long, short) = codec.largest();
    if width.max(height) > long || width.min(height) > short || width.min(height) < SMALLEST {
        return Err(EncodeError::ImpossibleSize {
            codec,
            width,
            height,
            long,
            short,
        });
    }
    if width * height > MOST_PIXELS {
        return Err(EncodeError::TooManyPixels {
            width,
            height,
            most: MOST_PIXELS,
        });
    }
    Ok(())
}
