//! What is done before the process ends.
//!
//! A host may quit without removing its plugins. Its threads, and ours with them, then end wherever
//! they are.

use crossbeam_channel::bounded;
use parking_lot::Mutex;
use std::ffi::c_int;
use std::panic::catch_unwind;
use std::time::Duration;

unsafe extern "C" {
    fn atexit(function: extern "C" fn()) -> c_int;
}

/// What is to be done, and how long the end of the process waits for it.
type Work = (fn(), Duration);

static WORKS: Mutex<Vec<Work>> = Mutex::new(Vec::new());

/// Has `work` done when the process ends by itself, what was asked for last first, and before what was
/// loaded until now is taken down. The process waits for it, but not longer than `patience`.
pub(crate) fn at_exit(work: fn(), patience: Duration) {
    WORKS.lock().push((work, patience));
    // SAFETY: the function stays where it is, as the library does (`build.rs`). Where the system has
    // no room for it, the process ends as it would have without.
    unsafe { atexit(do_last) };
}

extern "C" fn do_last() {
    // Nothing may unwind into the system's code, and nobody is left to be told.
    let _ = catch_unwind(|| {
        let Some((work, patience)) = WORKS.lock().pop() else {
            return;
        };
        let (done, is_done) = bounded::<()>(1);
        let work = move || {
            work();
            drop(done);
        };
        if std::thread::Builder::new().spawn(work).is_ok() {
            let _ = is_done.recv_timeout(patience);
        }
    });
}
