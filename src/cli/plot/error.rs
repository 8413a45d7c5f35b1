//! What can go wrong with a plot.

/// Why a plot could not be made.
#[derive(Debug, thiserror::Error)]
pub enum PlotError {
    /// The picture does not fit in memory.
    #[error("the plot could not be drawn, because its picture does not fit in memory")]
    Canvas,
    /// The type that the program carries is damaged.
    #[error("the plot could not be drawn, because the program's built-in type is damaged")]
    Type,
}
