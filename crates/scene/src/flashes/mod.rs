//! Whether pictures flash more than eyes should see, and how slowly they must follow then.
//!
//! A flash is a pair of opposing changes, by WCAG 2.3.1 and ITU-R BT.1702-3, of relative luminance or of
//! saturated red ([`limits`] has the numbers, and which of the two is stricter). A picture is measured
//! in cells of a coarse [`grid`]. For each cell a [`Judge`] keeps the changes of the last second that were
//! *shown*, and those that are *wanted*. Where more would be shown than three flashes a second allow, on more than a
//! quarter of any field of ten degrees, cells of that field are held: what is seen there follows
//! the pictures slowly, as a mean over some seconds, until they are calm again. Nothing stands still for
//! long, nothing goes black, and where nothing flashes too often a picture passes bit for bit.
//!
//! There is no clock, no thread and no card in here, and all sums are of whole numbers: the same pictures at
//! the same times are held in the same way on the processor and on any card (`shaders/flash_*.wgsl` do
//! what is done here, and are told the same constants).

mod area;
mod cell;
pub mod grid;
mod judge;
pub mod limits;
mod tracker;

pub use area::{WINDOW_PLACES, WINDOWS_ACROSS};
pub use cell::Cell;
pub use judge::{Judge, micros};
