//! What a card made, in memory too, if somebody asks.

use std::sync::{Arc, OnceLock};

use parking_lot::Mutex;

use super::{GpuContext, Readback, Source};

/// A copy in memory of something on a card: brought once, when it is first wanted, for all who want
/// it.
#[derive(Debug)]
pub struct Brought<T> {
    gpu: Arc<GpuContext>,
    coming: Mutex<Coming>,
    copy: OnceLock<Result<T, String>>,
}

#[derive(Debug)]
enum Coming {
    /// Nobody has asked. There may be a buffer from before.
    Not(Option<wgpu::Buffer>),
    Yes(Readback),
    Failed(String),
}

impl<T> Brought<T> {
    /// Nothing is brought yet from `gpu`.
    pub fn new(gpu: &Arc<GpuContext>) -> Self {
        Self {
            gpu: Arc::clone(gpu),
            coming: Mutex::new(Coming::Not(None)),
            copy: OnceLock::new(),
        }
    }

    /// The card.
    pub fn gpu(&self) -> &Arc<GpuContext> {
        &self.gpu
    }

    /// What is on the card is going to be another: what was brought of it is no copy any more.
    pub fn forget(&mut self) {
        self.copy = OnceLock::new();
        let coming = self.coming.get_mut();
        if !matches!(coming, Coming::Not(_)) {
            *coming = Coming::Not(None);
        }
    }

    /// Begins to bring `source`, unless that has begun. Does not wait.
    pub fn fetch(&self, source: Source) {
        if self.copy.get().is_none() {
            self.begin(&mut self.coming.lock(), source);
        }
    }

    /// The copy if it has come, made by `read` of all its bytes. Never waits, neither for the card
    /// nor for another who does.
    pub fn fetched(&self, read: impl FnOnce(Vec<u8>) -> T) -> Option<&T> {
        if self.copy.get().is_none() {
            let mut coming = self.coming.try_lock()?;
            let has_come = match &mut *coming {
                Coming::Not(_) => false,
                Coming::Yes(readback) => readback.has_come(&self.gpu),
                Coming::Failed(_) => true,
            };
            if has_come {
                let _ = self.copy.set(self.finish(&mut coming, read));
            }
        }
        self.copy.get()?.as_ref().ok()
    }

    /// The copy of `source`, made by `read` of all its bytes.
    ///
    /// # Errors
    /// When the device is lost, or has no room to bring it.
    pub fn get(&self, source: Source, read: impl FnOnce(Vec<u8>) -> T) -> Result<&T, String> {
        let mut coming = self.coming.lock();
        let copy = self.copy.get_or_init(|| {
            self.begin(&mut coming, source);
            self.finish(&mut coming, read)
        });
        copy.as_ref().map_err(String::clone)
    }

    fn begin(&self, coming: &mut Coming, source: Source) {
        if let Coming::Not(staging) = coming {
            *coming = match Readback::begin(&self.gpu, source, staging.take()) {
                Ok(readback) => Coming::Yes(readback),
                Err(why) => Coming::Failed(why),
            };
        }
    }

    fn finish(&self, coming: &mut Coming, read: impl FnOnce(Vec<u8>) -> T) -> Result<T, String> {
        match std::mem::replace(coming, Coming::Not(None)) {
            Coming::Yes(readback) => {
                let (bytes, staging) = readback.finish(&self.gpu)?;
                *coming = Coming::Not(Some(staging));
                Ok(read(bytes))
            }
            Coming::Failed(why) => Err(why),
            Coming::Not(_) => Err("nothing was fetched".to_owned()),
        }
    }
}
