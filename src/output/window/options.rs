//! What a new window looks like.

/// What a new window looks like.
#[derive(Clone, Debug, PartialEq)]
pub struct WindowOptions {
    /// What its title bar says.
    pub title: String,
    /// Width and height inside its frame, in logical pixels (a dense screen has more real ones).
    pub size: [u32; 2],
    /// The `Monitor::name` of the monitor to fill from the start.
    pub fullscreen_on: Option<String>,
}

impl Default for WindowOptions {
    fn default() -> Self {
        Self {
            title: "Synopsia".to_owned(),
            size: [1280, 720],
            fullscreen_on: None,
        }
    }
}
