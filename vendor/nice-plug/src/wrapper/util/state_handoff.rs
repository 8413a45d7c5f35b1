//! Hands plugin state from the GUI thread to the audio thread.

use crossbeam::queue::ArrayQueue;
use nice_plug_core::plugin::PluginState;
use parking_lot::Mutex;
use std::time::{Duration, Instant};

/// How long the GUI thread waits for the audio thread to process a block.
const PATIENCE: Duration = Duration::from_secs(1);

/// Lets the GUI thread have the audio thread restore a state object at the end of a block. The
/// object goes back to the GUI thread afterwards, which is where it's deallocated. The audio thread
/// neither locks nor waits.
pub(crate) struct StateHandoff {
    updated: ArrayQueue<PluginState>,
    restored: ArrayQueue<PluginState>,
    /// Held by the thread that is handing over a state, never by the audio thread.
    sending: Mutex<()>,
}

impl StateHandoff {
    pub fn new() -> Self {
        Self {
            updated: ArrayQueue::new(1),
            restored: ArrayQueue::new(1),
            sending: Mutex::new(()),
        }
    }

    /// Wait until the audio thread has restored the state. Gives it back if that does not happen,
    /// because the plugin is not processing (any more) or because the host does not call it.
    pub fn send(
        &self,
        state: PluginState,
        is_processing: impl Fn() -> bool,
    ) -> Result<(), PluginState> {
        if !is_processing() {
            return Err(state);
        }
        let _sending = self.sending.lock();
        self.updated.push(state)?;

        let now = Instant::now();
        loop {
            if self.restored.pop().is_some() {
                return Ok(());
            }
            // When there's nothing to take back then the audio thread is busy restoring it
            if (!is_processing() || now.elapsed() > PATIENCE)
                && let Some(state) = self.updated.pop()
            {
                return Err(state);
            }
            std::thread::sleep(Duration::from_millis(1));
        }
    }

    /// Restore the state that the GUI thread has sent, if any. Called on the audio thread.
    pub fn receive(&self, restore: impl FnOnce(&mut PluginState)) {
        if let Some(mut state) = self.updated.pop() {
            restore(&mut state);

            // There is always room, since only one state is handed over at a time
            let _ = self.restored.push(state);
        }
    }
}
