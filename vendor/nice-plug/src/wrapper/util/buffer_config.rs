//! The buffer configuration, as the wrappers keep it for the audio thread.

use crossbeam::atomic::AtomicCell;
use nice_plug_core::audio_setup::{BufferConfig, ProcessMode};
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};

/// An `Option<BufferConfig>` that can be read without ever waiting, which an `AtomicCell` of that
/// size does while another one is being written. Only the main thread writes to it, and, if the
/// process mode changes between two blocks, the audio thread.
pub(crate) struct AtomicBufferConfig {
    is_set: AtomicBool,
    sample_rate: AtomicU32,
    has_min_buffer_size: AtomicBool,
    min_buffer_size: AtomicU32,
    max_buffer_size: AtomicU32,
    process_mode: AtomicCell<ProcessMode>,
}

impl AtomicBufferConfig {
    /// No configuration yet.
    pub fn new() -> Self {
        Self {
            is_set: AtomicBool::new(false),
            sample_rate: AtomicU32::new(0),
            has_min_buffer_size: AtomicBool::new(false),
            min_buffer_size: AtomicU32::new(0),
            max_buffer_size: AtomicU32::new(0),
            process_mode: AtomicCell::new(ProcessMode::Realtime),
        }
    }

    pub fn store(&self, config: BufferConfig) {
        self.sample_rate
            .store(config.sample_rate.to_bits(), Ordering::SeqCst);
        self.has_min_buffer_size
            .store(config.min_buffer_size.is_some(), Ordering::SeqCst);
        self.min_buffer_size
            .store(config.min_buffer_size.unwrap_or(0), Ordering::SeqCst);
        self.max_buffer_size
            .store(config.max_buffer_size, Ordering::SeqCst);
        self.process_mode.store(config.process_mode);
        self.is_set.store(true, Ordering::SeqCst);
    }

    pub fn load(&self) -> Option<BufferConfig> {
        self.is_set.load(Ordering::SeqCst).then(|| BufferConfig {
            sample_rate: f32::from_bits(self.sample_rate.load(Ordering::SeqCst)),
            min_buffer_size: self
                .has_min_buffer_size
                .load(Ordering::SeqCst)
                .then(|| self.min_buffer_size.load(Ordering::SeqCst)),
            max_buffer_size: self.max_buffer_size.load(Ordering::SeqCst),
            process_mode: self.process_mode.load(),
        })
    }
}
