//! Signals that end a process, told to a thread that may take its time: a film is completed first.

use std::ffi::c_int;
use std::io::{self, Read};
use std::mem::zeroed;
use std::os::fd::IntoRawFd;
use std::os::unix::net::UnixStream;
use std::ptr::null;
use std::sync::atomic::{AtomicBool, AtomicI32, Ordering};

/// Signals that end a process which does not answer them, but for those of a crash. They come from
/// people, terminals, desktops that shut down, timers and limits.
const ENDS: [c_int; 11] = [
    libc::SIGHUP,
    libc::SIGINT,
    libc::SIGQUIT,
    libc::SIGTERM,
    libc::SIGUSR1,
    libc::SIGUSR2,
    libc::SIGPIPE,
    libc::SIGALRM,
    libc::SIGVTALRM,
    libc::SIGPROF,
    libc::SIGXCPU,
];

/// Where a signal is written to, and whose signals are.
static TOLD: AtomicI32 = AtomicI32::new(-1);
static PROCESS: AtomicI32 = AtomicI32::new(0);

/// Has a thread call `action` with each signal that would end the process. Whoever answers or
/// ignores a signal already goes on to do so, and whoever called this first is the one who is told.
///
/// # Errors
/// When the system has no thread or no pipe for it; signals end the process as ever then.
pub(crate) fn on_end(mut action: impl FnMut(c_int) + Send + 'static) -> io::Result<()> {
    static TAKEN: AtomicBool = AtomicBool::new(false);
    if TAKEN.swap(true, Ordering::SeqCst) {
        return Ok(());
    }
    let (told, mut heard) = UnixStream::pair()?;
    // A handler must not wait; of thousands of signals some may be lost.
    told.set_nonblocking(true)?;
    let listener = std::thread::Builder::new().name("synopsia-signals".to_owned());
    listener.spawn(move || {
        let mut signal = [0];
        while heard.read_exact(&mut signal).is_ok() {
            action(c_int::from(signal[0]));
        }
    })?;
    TOLD.store(told.into_raw_fd(), Ordering::Relaxed);
    // SAFETY: a plain call.
    PROCESS.store(unsafe { libc::getpid() }, Ordering::Relaxed);
    ends().for_each(|signal| answer_by(signal, on_signal));
    // A file that may not grow (`ulimit -f`) is a full disk, and no reason to end.
    answer_by(libc::SIGXFSZ, let_it_pass);
    Ok(())
}

/// Ends this process as the signal would have.
pub(crate) fn end_by(signal: c_int) {
    // SAFETY: plain calls, which a handler may make, too.
    unsafe {
        libc::signal(signal, libc::SIG_DFL);
        libc::kill(libc::getpid(), signal);
    }
}

#[cfg(any(target_os = "linux", target_os = "android"))]
fn ends() -> impl Iterator<Item = c_int> {
    let more = [libc::SIGIO, libc::SIGPWR, libc::SIGSTKFLT];
    let real_time = libc::SIGRTMIN()..=libc::SIGRTMAX();
    ENDS.into_iter().chain(more).chain(real_time)
}

#[cfg(not(any(target_os = "linux", target_os = "android")))]
fn ends() -> impl Iterator<Item = c_int> {
    ENDS.into_iter()
}

/// Sets `handler` for a signal that nobody has claimed.
fn answer_by(signal: c_int, handler: extern "C" fn(c_int)) {
    // SAFETY: plain calls with structures that are there; the handlers do only what handlers may
    // do, and stay in memory.
    unsafe {
        let mut present: libc::sigaction = zeroed();
        let known = libc::sigaction(signal, null(), &raw mut present) == 0;
        if known && present.sa_sigaction == libc::SIG_DFL {
            let mut ours: libc::sigaction = zeroed();
            ours.sa_sigaction = handler as usize;
            ours.sa_flags = libc::SA_RESTART;
            libc::sigaction(signal, &raw const ours, std::ptr::null_mut());
        }
    }
}

extern "C" fn on_signal(signal: c_int) {
    // SAFETY: these functions may be called in a handler, and errno is left as it was.
    unsafe {
        let errno = errno();
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

extern "C" fn let_it_pass(_: c_int) {}

/// Where this thread's last error number is.
unsafe fn errno() -> *mut c_int {
    // SAFETY: a plain call.
    unsafe {
        #[cfg(target_vendor = "apple")]
        return libc::__error();
        #[cfg(not(target_vendor = "apple"))]
        return libc::__errno_location();
    }
}
