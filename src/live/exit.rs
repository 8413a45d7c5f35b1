//! Films are completed when the process ends.
//!
//! A host may quit without removing its plugins. Its threads, and ours with them, then end wherever
//! they are; what a film needs to be one is written last. The same goes for a host that is told to
//! end by a signal of which it has made nothing of its own.

use crate::at_exit::at_exit;
use std::sync::Once;
use std::time::Duration;

/// How long the end of the process waits for films.
const PATIENCE: Duration = Duration::from_secs(60);

/// Has `complete_films` complete those of all instances when the process ends by itself, or is told to.
pub(super) fn complete_films_at_exit(complete_films: fn()) {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        at_exit(complete_films, PATIENCE);
        // Where there is no thread for it, films end as they did before.
        #[cfg(target_os = "linux")]
        let _ = crate::output::on_end(move |signal| {
            complete_films();
            crate::output::end_by(signal);
        });
    });
}
