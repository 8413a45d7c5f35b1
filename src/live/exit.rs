//! Films are completed when the process ends.
//!
//! A host may quit without removing its plugins. Its threads, and ours with them, then end wherever
//! they are; what a film needs to be one is written last. The same goes for a host that is told to
//! end by a signal of which it has made nothing of its own.

use super::instance::instances;
use crossbeam_channel::bounded;
use std::ffi::c_int;
use std::panic::catch_unwind;
use std::sync::Once;
use std::time::Duration;

/// How long the end of the process waits for films.
const PATIENCE: Duration = Duration::from_secs(60);

unsafe extern "C" {
    fn atexit(function: extern "C" fn()) -> c_int;
}

/// Has the films of all instances completed when the process ends by itself, or is told to.
pub(super) fn complete_films_at_exit() {
    static ONCE: Once = Once::new();
    // SAFETY: the function stays where it is, as the library does (`build.rs`). Where the system
    // has no room for it, films end as they did before.
    ONCE.call_once(|| {
        unsafe { atexit(at_exit) };
        // Where there is no thread for it, films end as they did before.
        #[cfg(target_os = "linux")]
        let _ = crate::output::on_end(|signal| {
            complete_films();
            crate::output::end_by(signal);
        });
    });
}

extern "C" fn at_exit() {
    // Nothing may unwind into the system's code, and nobody is left to be told.
    let _ = catch_unwind(|| {
        let (done, is_done) = bounded::<()>(1);
        let work = move || {
            complete_films();
            drop(done);
        };
        if std::thread::Builder::new().spawn(work).is_ok() {
            let _ = is_done.recv_timeout(PATIENCE);
        }
    });
}

/// Ends what is being filmed, and waits until the films are at their places.
fn complete_films() {
    for live in instances().iter().filter_map(std::sync::Weak::upgrade) {
        live.finish_films();
    }
}
