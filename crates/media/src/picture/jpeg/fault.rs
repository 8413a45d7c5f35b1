//! What can be wrong.

/// What is wrong with a picture's data.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// It ends before the picture does.
    Truncated,
    /// It cannot be the picture's.
    Damaged,
}
