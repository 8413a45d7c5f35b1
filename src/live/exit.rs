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
        #[cfg(target_os = "linux")]
        signals::complete_films_first();
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

/// Signals that end a process which does not answer them.
#[cfg(target_os = "linux")]
mod signals {
    use std::ffi::c_int;
    use std::io::Read;
    use std::os::fd::IntoRawFd;
    use std::os::unix::net::UnixStream;
    use std::sync::atomic::{AtomicI32, Ordering};

    /// What a desktop sends when it shuts down, a terminal when it is closed, and a person.
    const ENDS: [c_int; 3] = [libc::SIGTERM, libc::SIGHUP, libc::SIGINT];

    /// Where a signal is written to, and whose signals are.
    static TOLD: AtomicI32 = AtomicI32::new(-1);
    static PROCESS: AtomicI32 = AtomicI32::new(0);

    /// Completes films before these signals end the process, where its host has left them alone.
    pub(super) fn complete_films_first() {
        let Ok((told, mut heard)) = UnixStream::pair() else {
            return;
        };
        let listener = std::thread::Builder::new().name("synopsia-signals".to_owned());
        let listening = listener.spawn(move || {
            let mut signal = [0];
            if heard.read_exact(&mut signal).is_ok() {
                super::complete_films();
                end_by(c_int::from(signal[0]));
            }
        });
        if listening.is_err() {
            return;
        }
        TOLD.store(told.into_raw_fd(), Ordering::Relaxed);
        // SAFETY: plain calls; the handler does only what handlers may do, and stays in memory.
        unsafe {
            PROCESS.store(libc::getpid(), Ordering::Relaxed);
            for signal in ENDS {
                let mut present: libc::sigaction = std::mem::zeroed();
                let known = libc::sigaction(signal, std::ptr::null(), &raw mut present) == 0;
                if known && present.sa_sigaction == libc::SIG_DFL {
                    let mut ours: libc::sigaction = std::mem::zeroed();
                    let handler: extern "C" fn(c_int) = on_signal;
                    ours.sa_sigaction = handler as usize;
                    ours.sa_flags = libc::SA_RESTART;
                    libc::sigaction(signal, &raw const ours, std::ptr::null_mut());
                }
            }
        }
    }

    extern "C" fn on_signal(signal: c_int) {
        // SAFETY: these functions may be called in a handler, and errno is left as it was.
        unsafe {
            let errno = libc::__errno_location();
            let before = *errno;
            // A child that the host has forked has no thread that listens.
            if libc::getpid() == PROCESS.load(Ordering::Relaxed) {
                let byte = signal as u8;
                libc::write(TOLD.load(Ordering::Relaxed), (&raw const byte).cast(), 1);
            } else {
                end_by(signal);
            }
            *errno = before;
        }
    }

    /// Ends this process as the signal would have.
    fn end_by(signal: c_int) {
        // SAFETY: plain calls.
        unsafe {
            libc::signal(signal, libc::SIG_DFL);
            libc::kill(libc::getpid(), signal);
        }
    }
}
