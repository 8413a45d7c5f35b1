//! The one graphics device of the process.

use crate::at_exit::before_what_is_loaded;
use crate::faults;
use crate::gpu::{GpuContext, GpuError, Prefer, Preference};
use parking_lot::Mutex;
use std::sync::{Arc, Weak};

static DEVICE: Mutex<Weak<GpuContext>> = Mutex::new(Weak::new());

/// The device that all instances share: opened when the first needs it, made anew when it was
/// lost, closed when the last lets go of it.
///
/// # Errors
/// When the machine has no adapter that can be opened.
pub(crate) fn shared() -> Result<Arc<GpuContext>, GpuError> {
    let mut device = DEVICE.lock();
    if let Some(context) = device.upgrade().filter(|context| context.lost().is_none()) {
        return Ok(context);
    }
    faults::refuse_device()?;
    let context = GpuContext::new(Preference::Fastest)?;
    before_what_is_loaded();
    *device = Arc::downgrade(&context);
    Ok(context)
}

/// The device that all instances share, unless the processor is to do it all.
///
/// # Errors
/// As [`shared`]; and when the processor is to do it.
pub(super) fn wanted(prefer: Prefer) -> Result<Arc<GpuContext>, GpuError> {
    match prefer {
        Prefer::Cpu => Err(GpuError::NoAdapter(
            "the processor was asked for".to_owned(),
        )),
        _ => shared(),
    }
}

/// Takes the process's graphics device away, as a driver does that crashes; false where there is
/// none. `for_good` leaves it without another one.
#[doc(hidden)]
pub fn lose_device(for_good: bool) -> bool {
    faults::set_no_device(for_good);
    let open = DEVICE.lock().upgrade();
    open.is_some_and(|gpu| {
        gpu.device.destroy();
        true
    })
}
