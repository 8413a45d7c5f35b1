//! Signals: what ends a command early, and what must not.
//!
//! Ctrl-C, a terminal that is closed, a request to terminate and a limit on the processor's time
//! (`ulimit -St`) let a film end where it is. Whoever started the program may have it ignore any of
//! them, as `nohup` does, and that stays so. `Ctrl-\` ends it at once.

/// Calls `action` for each Ctrl-C, closed terminal or request to terminate that is not ignored.
///
/// # Errors
/// When the system takes no handler; each then ends the program, as it would without.
pub fn on_interrupt(action: impl FnMut() + Send + 'static) -> Result<(), ctrlc::Error> {
    #[cfg(unix)]
    let ignored = ignored();
    ctrlc::set_handler(action)?;
    #[cfg(unix)]
    for signal in ignored {
        ignore(signal);
    }
    #[cfg(unix)]
    {
        let handler: extern "C" fn(libc::c_int) = terminate;
        // SAFETY: the handler does nothing but raise a signal, which a handler may.
        unsafe { libc::signal(libc::SIGXCPU, handler as libc::sighandler_t) };
    }
    Ok(())
}

/// Makes of a signal a request to terminate.
#[cfg(unix)]
extern "C" fn terminate(_: libc::c_int) {
    // SAFETY: raising a signal is safe in a handler.
    unsafe { libc::raise(libc::SIGTERM) };
}

/// Has a file that may not grow (`ulimit -f`) fail to be written, as on a full disk, where the
/// system would end the program.
pub fn survive_full_disks() {
    #[cfg(unix)]
    ignore(libc::SIGXFSZ);
}

/// Which of the signals that [`on_interrupt`] is for were ignored when the program was started.
#[cfg(unix)]
fn ignored() -> Vec<libc::c_int> {
    let mut signals = vec![libc::SIGINT, libc::SIGTERM, libc::SIGHUP];
    signals.retain(|signal| {
        let mut action = std::mem::MaybeUninit::<libc::sigaction>::zeroed();
        // SAFETY: without a new action the system only writes the present one, which has room.
        unsafe {
            libc::sigaction(*signal, std::ptr::null(), action.as_mut_ptr()) == 0
                && action.assume_init().sa_sigaction == libc::SIG_IGN
        }
    });
    signals
}

#[cfg(unix)]
fn ignore(signal: libc::c_int) {
    // SAFETY: to ignore a signal runs no code.
    unsafe { libc::signal(signal, libc::SIG_IGN) };
}
