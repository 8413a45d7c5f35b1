//! Where a system keeps what belongs to its user.

use std::env;
use std::path::PathBuf;

/// The folder that `variable` names (one of the XDG base directories); where it is not set, the one
/// that `windows` names, and elsewhere the one at `mac` or `unix` in the user's home.
pub(crate) fn of_user(variable: &str, windows: &str, mac: &str, unix: &str) -> Option<PathBuf> {
    let home = |rest: &str| Some(env::home_dir()?.join(rest));
    if let Some(folder) = named_by(variable) {
        Some(folder)
    } else if cfg!(windows) {
        named_by(windows)
    } else if cfg!(target_os = "macos") {
        home(mac)
    } else {
        home(unix)
    }
}

/// The folder of the user's data.
pub(crate) fn of_user_data() -> Option<PathBuf> {
    of_user(
        "XDG_DATA_HOME",
        "APPDATA",
        "Library/Application Support",
        ".local/share",
    )
}

/// The folder that a variable of the environment names, if it is set and not empty.
pub(crate) fn named_by(variable: &str) -> Option<PathBuf> {
    let value = env::var_os(variable).filter(|value| !value.is_empty());
    value.map(PathBuf::from)
}
