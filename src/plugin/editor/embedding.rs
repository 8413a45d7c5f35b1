//! When an embedded window may be mapped.
//!
//! The window library paces its drawing by the X server's answers to its questions for the next
//! vertical blank. A question from a window that cannot be seen yet is never answered, and it does
//! not ask twice: in a host that shows its own window only after the editor's (Ardour), the editor
//! would stay blank for ever. So an editor whose parent cannot be seen is mapped once it can.

use std::error::Error;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};
use x11rb::connection::Connection;
use x11rb::protocol::xproto::{ConnectionExt, MapState};
use x11rb::rust_connection::RustConnection;

/// How often, and for how long, it is seen whether the parent can be seen.
const PAUSE: Duration = Duration::from_millis(15);
const PATIENCE: Duration = Duration::from_secs(60);

/// A window that waits for its parent to be seen; dropped, it waits no more.
pub struct Waiting(Arc<AtomicBool>);

impl Drop for Waiting {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

/// Maps what `parent` embeds as soon as `parent` can be seen. `None` where that is now, or cannot
/// be told.
pub fn wait_for(parent: u32) -> Option<Waiting> {
    let (connection, _) = x11rb::connect(None).ok()?;
    if is_seen(&connection, parent).ok()? {
        return None;
    }
    let stop = Arc::new(AtomicBool::new(false));
    let stopped = Arc::clone(&stop);
    std::thread::Builder::new()
        .name("synopsia-embed".into())
        .spawn(move || {
            let start = Instant::now();
            while !stopped.load(Ordering::Relaxed) && start.elapsed() < PATIENCE {
                // A parent that is gone ends the wait.
                match is_seen(&connection, parent) {
                    Ok(true) => {
                        let _ = map_children(&connection, parent);
                        return;
                    }
                    Ok(false) => std::thread::sleep(PAUSE),
                    Err(_) => return,
                }
            }
        })
        .ok()?;
    Some(Waiting(stop))
}

fn is_seen(connection: &RustConnection, window: u32) -> Result<bool, Box<dyn Error>> {
    let attributes = connection.get_window_attributes(window)?.reply()?;
    Ok(attributes.map_state == MapState::VIEWABLE)
}

fn map_children(connection: &RustConnection, window: u32) -> Result<(), Box<dyn Error>> {
    for child in connection.query_tree(window)?.reply()?.children {
        connection.map_window(child)?;
    }
    connection.flush()?;
    Ok(())
}
