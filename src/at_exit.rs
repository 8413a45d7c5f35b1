//! What is done before the process ends.
//!
//! A host may quit without removing its plugins. Its threads, and ours with them, then end wherever
//! they are; and what was loaded, graphics drivers above all, is taken down under those that still
//! draw.

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

/// Has `work` done once when the process ends by itself, what was asked for last first, and before what
/// was loaded until now is taken down. The process waits for it, but not longer than `patience`.
pub(crate) fn at_exit(work: fn(), patience: Duration) {
    let mut works = WORKS.lock();
    works.retain(|&(other, _)| !std::ptr::fn_addr_eq(other, work));
    works.push((work, patience));
    drop(works);
    before_what_is_loaded();
}

/// Has all that was asked for done before what has been loaded meanwhile is taken down, too: to be
/// called when a driver has been.
pub(crate) fn before_what_is_loaded() {
    // SAFETY: the function stays where it is, as the library does (`build.rs`). Where the system has
    // no room for it, the process ends as it would have without.
    unsafe { atexit(do_all) };
}

/// Does all that was asked for. Of the times that it is registered, the first to come finds it.
extern "C" fn do_all() {
    // Nothing may unwind into the system's code, and nobody is left to be told.
    let _ = catch_unwind(|| {
        while let Some((work, patience)) = { WORKS.lock().pop() } {
            let (done, is_done) = bounded::<()>(1);
            let work = move || {
                work();
                drop(done);
            };
            if std::thread::Builder::new().spawn(work).is_ok() {
                let _ = is_done.recv_timeout(patience);
            }
        }
    });
}
