//! The open editor, as the wrappers keep it.

use fragile::Fragile;
use nice_plug_core::editor::{EditorHandle, SpawnedEditor};
use parking_lot::Mutex;
use std::error::Error;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// The open editor, if there is one.
///
/// No lock is held while the editor's or the host's code runs, so either may call back, and a panic
/// in the editor's code ends here, since behind the wrapper's functions is the host. The editor can
/// only be reached from the thread it was opened on; elsewhere it is as if there was none.
pub(crate) struct EditorWindow<H: EditorHandle> {
    window: Mutex<Option<SharedEditor<H>>>,
    /// Set while the editor is being opened and as long as it is open.
    is_taken: AtomicBool,
}

/// Shared with the calls that are using it: when it is closed from one of them, it lives until
/// that call has returned.
type SharedEditor<H> = Arc<Fragile<SpawnedEditor<H>>>;

impl<H: EditorHandle> Default for EditorWindow<H> {
    fn default() -> Self {
        Self {
            window: Mutex::new(None),
            is_taken: AtomicBool::new(false),
        }
    }
}

impl<H: EditorHandle> EditorWindow<H> {
    pub fn is_open(&self) -> bool {
        self.window.lock().is_some()
    }

    /// Opens an editor using `spawn`. Says why if that does not work or if one is open already.
    pub fn open(
        &self,
        spawn: impl FnOnce() -> Result<SpawnedEditor<H>, Box<dyn Error>>,
    ) -> Result<(), String> {
        if self.is_taken.swap(true, Ordering::SeqCst) {
            return Err(String::from("it is open already"));
        }

        let result = match catch_unwind(AssertUnwindSafe(spawn)) {
            Ok(Ok(editor)) => {
                #[allow(clippy::arc_with_non_send_sync)]
                let editor = Arc::new(Fragile::new(editor));
                *self.window.lock() = Some(editor);
                return Ok(());
            }
            Ok(Err(err)) => err.to_string(),
            Err(_) => String::from("it panicked"),
        };
        self.is_taken.store(false, Ordering::SeqCst);

        Err(result)
    }

    /// Uses the editor. Returns `None` if there is none that can be used from here, and if it
    /// panicked.
    pub fn with<R>(&self, use_editor: impl FnOnce(&SpawnedEditor<H>) -> R) -> Option<R> {
        // Checked under the lock, so that no other thread ever owns a share of the editor
        let editor = match &*self.window.lock() {
            Some(editor) if editor.is_valid() => Arc::clone(editor),
            _ => return None,
        };

        catch_unwind(AssertUnwindSafe(move || use_editor(editor.get()))).ok()
    }

    /// Closes the editor. Returns `false` if it was not open.
    pub fn close(&self) -> bool {
        let Some(editor) = self.window.lock().take() else {
            return false;
        };

        if editor.is_valid() {
            if catch_unwind(AssertUnwindSafe(move || drop(editor))).is_err() {
                crate::nice_error!("The editor panicked while it was being closed");
            }
        } else {
            // Most windowing systems do not allow closing a window from another thread
            crate::nice_error!("The host closed the editor from another thread, leaking it");
            std::mem::forget(editor);
        }
        self.is_taken.store(false, Ordering::SeqCst);

        true
    }
}

impl<H: EditorHandle> Drop for EditorWindow<H> {
    fn drop(&mut self) {
        self.close();
    }
}
