//! Why there is no window.

/// Why there is no window. Each message is one sentence for a performer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WindowError {
    /// No window system is running where the process can reach it.
    #[error("there is no display to open a window on")]
    NoDisplay,
    /// macOS gives windows to the main thread only, which is the host's.
    #[error(
        "on macOS a window of its own cannot be opened from inside a host, whose main thread alone may open windows: use the preview"
    )]
    MainThreadOnly,
    /// The window system is there but gives no window.
    #[error("the system gives no window: {0}")]
    Refused(String),
    /// The window system is there but silent.
    #[error("the window system did not answer within two seconds")]
    NoAnswer,
    /// The one event loop that a process can have is gone.
    #[error("no window can be opened until the program is started again: {0}")]
    LoopEnded(String),
}
