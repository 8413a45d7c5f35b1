//! What the end of the process finds.
//!
//! A host may quit without removing its plugins. What a film needs to be one is written last, and
//! drivers are taken down while pictures are painted with them: so films are completed before, and
//! nothing paints any more. The same goes for films in a host that is told to end by a signal of which
//! it has made nothing of its own; drivers are not taken down then.

use crate::at_exit::at_exit;
use std::sync::Once;
use std::time::Duration;

/// How long the end of the process waits for films.
const FILMS: Duration = Duration::from_secs(60);

/// How long it waits for a picture.
const PICTURE: Duration = Duration::from_secs(5);

/// Has `complete_films` complete those of all instances when the process ends by itself, or is told to.
pub(super) fn complete_films_at_exit(complete_films: fn()) {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        at_exit(complete_films, FILMS);
        // Where there is no thread for it, films end as they did before.
        #[cfg(target_os = "linux")]
        let _ = crate::output::on_end(move |signal| {
            complete_films();
            crate::output::end_by(signal);
        });
    });
}

/// Has `stop_painting` stop all instances when the process ends by itself.
pub(super) fn stop_painting_at_exit(stop_painting: fn()) {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| at_exit(stop_painting, PICTURE));
}
