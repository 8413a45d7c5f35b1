//! Signals: what ends a command early, and what must not.
//!
//! Ctrl-C, a terminal that is closed, a request to terminate, a timer, a limit on the processor's time
//! (`ulimit -St`): whatever ends a process that does not answer it lets a film end where it is, and
//! other commands at once, but not while a table takes its place. Whoever started the program may have
//! it ignore any of them, as `nohup` does, and that stays so.

use std::sync::{Mutex, PoisonError};

/// What a command does when it is to end.
type Action = Box<dyn FnMut() + Send>;

static ACTION: Mutex<Option<Action>> = Mutex::new(None);

/// Looks out for signals; without [`on_interrupt`], each ends the program, which leaves nothing
/// half-written behind.
pub fn watch() {
    // Where no thread can be had for it, a signal ends the program as ever.
    #[cfg(unix)]
    {
        // SAFETY: to ignore a signal runs no code. A file that may not grow (`ulimit -f`) fails to be
        // written then, as on a full disk.
        unsafe { libc::signal(libc::SIGXFSZ, libc::SIG_IGN) };
        let _ = crate::output::on_end(|signal| {
            if !acted() {
                let _whole = crate::output::hold_tables();
                crate::output::end_by(signal);
            }
        });
    }
    #[cfg(not(unix))]
    let _ = ctrlc::set_handler(|| {
        if !acted() {
            let _whole = crate::output::hold_tables();
            std::process::exit(130);
        }
    });
}

/// Calls `action` for each signal that asks the program to end.
pub fn on_interrupt(action: impl FnMut() + Send + 'static) {
    let mut present = ACTION.lock().unwrap_or_else(PoisonError::into_inner);
    *present = Some(Box::new(action));
}

/// Does what the command does when it is to end, if anything.
fn acted() -> bool {
    let mut action = ACTION.lock().unwrap_or_else(PoisonError::into_inner);
    action.as_mut().map(|action| action()).is_some()
}
