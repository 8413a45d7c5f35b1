//! What a card made, in memory too, if somebody asks.

use std::fmt;
use std::sync::{Arc, OnceLock};

use parking_lot::Mutex;

use super::{GpuContext, Readback, Source};

/// A copy in memory of something on a card: brought once, when it is first wanted, for all who want
/// it.
pub struct Brought<T> {
    gpu: Arc<GpuContext>,
    /// What bytes mean.
    read: Arc<dyn Fn(Vec<u8>) -> T + Send + Sync>,
    coming: Mutex<Option<Readback>>,
    /// A buffer that an earlier copy came through.
    staging: Mutex<Option<wgpu::Buffer>>,
    copy: Arc<OnceLock<Result<T, String>>>,
}

impl<T: Send + Sync + 'static> Brought<T> {
    /// Nothing is brought yet from `gpu`; `read` says what it is in memory, on any thread.
    pub fn new(gpu: &Arc<GpuContext>, read: impl Fn(Vec<u8>) -> T + Send + Sync + 'static) -> Self {
        Self {
            gpu: Arc::clone(gpu),
            read: Arc::new(read),
            coming: Mutex::default(),
            staging: Mutex::default(),
            copy: Arc::default(),
        }
    }

    /// The card.
    pub fn gpu(&self) -> &Arc<GpuContext> {
        &self.gpu
    }

    /// What is on the card is going to be another: what was brought of it is no copy any more.
    pub fn forget(&mut self) {
        self.copy = Arc::default();
        let over = self.coming.get_mut().take();
        if let Some(left) = over.and_then(Readback::left) {
            *self.staging.get_mut() = Some(left);
        }
    }

    /// Begins to bring `source`, unless that has begun. Does not wait.
    pub fn fetch(&self, source: Source) {
        if self.copy.get().is_none() {
            self.begin(&mut self.coming.lock(), source);
        }
    }

    /// The copy if it has come. Never waits.
    pub fn fetched(&self) -> Option<&T> {
        if self.copy.get().is_none() {
            // What has come is taken when the card is asked.
            let _ = self.gpu.check();
        }
        self.copy.get()?.as_ref().ok()
    }

    /// The copy of `source`; waits for it.
    ///
    /// # Errors
    /// When the device is lost, or has no room to bring it.
    pub fn get(&self, source: Source) -> Result<&T, String> {
        if self.copy.get().is_none() {
            let mut coming = self.coming.lock();
            self.begin(&mut coming, source);
            if let Some(readback) = coming.as_ref().filter(|_| self.copy.get().is_none())
                && let Err(why) = readback.wait(&self.gpu)
            {
                let _ = self.copy.set(Err(why));
            }
        }
        let nothing = || Err("it was not brought from the card".to_owned());
        self.copy
            .get_or_init(nothing)
            .as_ref()
            .map_err(String::clone)
    }

    fn begin(&self, coming: &mut Option<Readback>, source: Source) {
        if coming.is_some() || self.copy.get().is_some() {
            return;
        }
        let (copy, read) = (Arc::clone(&self.copy), Arc::clone(&self.read));
        let taken = move |bytes: Result<Vec<u8>, String>| {
            let _ = copy.set(bytes.map(|bytes| read(bytes)));
        };
        match Readback::begin(&self.gpu, source, self.staging.lock().take(), taken) {
            Ok(readback) => *coming = Some(readback),
            Err(why) => {
                let _ = self.copy.set(Err(why));
            }
        }
    }
}

impl<T> fmt::Debug for Brought<T> {
    fn fmt(&self, formatter: &mut fmt::Formatter) -> fmt::Result {
        let come = self.copy.get().is_some();
        formatter
            .debug_struct("Brought")
            .field("come", &come)
            .finish()
    }
}
