//! What is asked of the thread of the windows.

use std::sync::Arc;

use crossbeam_channel::Sender;

use super::shared::Shared;
use super::{Monitor, WindowError, WindowOptions};
use crate::gpu::GpuContext;
use crate::gpu::Prefer;

/// What handles ask of the loop; numbers name windows.
pub(super) enum Command {
    Open(Box<Order>),
    /// There is a new picture.
    Wake(u64),
    Gpu(u64, Option<Arc<GpuContext>>),
    Fullscreen(u64, Option<String>),
    LeaveFullscreen(u64),
    Close(u64),
    Monitors(Sender<Vec<Monitor>>),
}

/// A window to open.
pub(super) struct Order {
    pub(super) id: u64,
    pub(super) options: WindowOptions,
    pub(super) gpu: Option<Arc<GpuContext>>,
    pub(super) prefer: Prefer,
    pub(super) shared: Arc<Shared>,
    pub(super) reply: Sender<Result<(), WindowError>>,
}
