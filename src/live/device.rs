//! The one graphics device of the process.

use crate::gpu::{GpuContext, GpuError, Preference};
use parking_lot::Mutex;
use std::sync::{Arc, Weak};

static DEVICE: Mutex<Weak<GpuContext>> = Mutex::new(Weak::new());

/// The device that all instances share: opened when the first needs it, made anew when it was
/// lost, closed when the last lets go of it.
///
/// # Errors
/// When the machine has no adapter that can be opened.
pub(super) fn shared() -> Result<Arc<GpuContext>, GpuError> {
    let mut device = DEVICE.lock();
    if let Some(context) = device.upgrade().filter(|context| context.lost().is_none()) {
        return Ok(context);
    }
    let context = GpuContext::new(Preference::Fastest)?;
    *device = Arc::downgrade(&context);
    Ok(context)
}
