//! Libraries of the system that write to the terminal what the program says in a sentence of its own.

/// Keeps ALSA from it, on this thread and as long as the answer lives.
#[cfg(target_os = "linux")]
pub fn quiet_alsa() -> Option<impl Sized> {
    alsa::Output::local_error_handler().ok()
}

#[cfg(not(target_os = "linux"))]
pub fn quiet_alsa() -> Option<impl Sized> {
    None::<()>
}
