//! The graphics device, opened once and shared by the painter and the renderer.
//!
//! wgpu's own answer to an error that nobody caught is to abort the process, which inside a host
//! would take the music with it. Here every such error, and the loss of the device, is written
//! down instead; whoever draws asks [`GpuContext::lost`] and makes a new context.

mod brought;
pub mod pipeline;
mod readback;
mod scope;
pub mod shaders;
mod wait;

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use parking_lot::Mutex;

pub use brought::Brought;
pub use pipeline::extent;
pub use readback::{Readback, Source};

/// Which adapter to open.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Preference {
    /// The fastest adapter there is; a software one when there is no other.
    #[default]
    Fastest,
    /// A software adapter (lavapipe, llvmpipe, WARP), even where there is a graphics card.
    Software,
}

/// Who does what a graphics device and the processor both can: paint, render, present.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Prefer {
    /// A graphics card if there is one, else the processor: a software adapter is a program on the
    /// same processor, and slower at this than code made for it. By what the adapter is and never by
    /// a measurement, so that the same machine makes the same pictures.
    #[default]
    Auto,
    /// As `Auto`, but where both can be measured, the faster one.
    Fastest,
    /// The processor.
    Cpu,
    /// The graphics device, even a software one; the processor where there is none.
    Gpu,
}

/// An open device with its queue, and what is known about the adapter behind it.
#[derive(Debug)]
pub struct GpuContext {
    pub instance: wgpu::Instance,
    pub adapter: wgpu::Adapter,
    pub device: wgpu::Device,
    pub queue: wgpu::Queue,
    /// Name, kind and driver of the adapter.
    pub info: wgpu::AdapterInfo,
    /// What the device may use: all that the adapter has. Shaders of this crate keep within
    /// wgpu's default limits, sizes of pictures need not.
    pub limits: wgpu::Limits,
    /// The first error that nobody caught.
    trouble: Arc<Mutex<Option<String>>>,
    uploads: AtomicU64,
    readbacks: AtomicU64,
}

/// Pictures and images that crossed between memory and a card, since it was opened. What a pass is
/// told in numbers (uniforms, a network's styles) is no picture.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Copies {
    /// From memory to the card.
    pub uploads: u64,
    /// From the card to memory.
    pub readbacks: u64,
}

/// Why there is no graphics device.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum GpuError {
    #[error("no graphics adapter was found: {0}")]
    NoAdapter(String),
    #[error("the graphics adapter {adapter} could not be opened: {reason}")]
    NoDevice { adapter: String, reason: String },
}

/// Features that make painting faster or measurable where the adapter has them; nothing needs one.
const WELCOME: wgpu::Features = wgpu::Features::TIMESTAMP_QUERY
    .union(wgpu::Features::SHADER_F16)
    .union(wgpu::Features::FLOAT32_FILTERABLE);

impl GpuContext {
    /// Opens an adapter. `WGPU_BACKEND=vulkan|metal|dx12|gl` narrows the search.
    ///
    /// # Errors
    /// When the machine has no adapter of the wanted kind, or its driver refuses a device.
    pub fn new(preference: Preference) -> Result<Arc<Self>, GpuError> {
        Self::with_limits(preference, |limits| limits)
    }

    /// The same with less than the adapter has, so that tests see what happens where it is not
    /// enough.
    #[doc(hidden)]
    pub fn with_limits(
        preference: Preference,
        limited: impl FnOnce(wgpu::Limits) -> wgpu::Limits,
    ) -> Result<Arc<Self>, GpuError> {
        // OpenGL is asked only when nothing better answers: opening it on a machine without a
        // display prints complaints of its own.
        let found = find_adapter(preference, wgpu::Backends::PRIMARY);
        let (instance, adapter) =
            found.or_else(|_| find_adapter(preference, wgpu::Backends::all()))?;
        let info = adapter.get_info();
        let limits = limited(adapter.limits());
        let descriptor = wgpu::DeviceDescriptor {
            label: Some("synopsia"),
            required_features: adapter.features() & WELCOME,
            required_limits: limits.clone(),
            ..Default::default()
        };
        let (device, queue) =
            pollster::block_on(adapter.request_device(&descriptor)).map_err(|error| {
                GpuError::NoDevice {
                    adapter: info.name.clone(),
                    reason: error.to_string(),
                }
            })?;

        let trouble = Arc::new(Mutex::new(None));
        let note = Arc::clone(&trouble);
        device.on_uncaptured_error(Arc::new(move |error: wgpu::Error| {
            note.lock().get_or_insert_with(|| error.to_string());
        }));
        let note = Arc::clone(&trouble);
        device.set_device_lost_callback(move |reason, message| {
            // Dropping the device reports its loss too; nobody is left to be told then.
            note.lock()
                .get_or_insert_with(|| format!("{reason:?}: {message}"));
        });
        Ok(Arc::new(Self {
            instance,
            adapter,
            device,
            queue,
            info,
            limits,
            trouble,
            uploads: AtomicU64::new(0),
            readbacks: AtomicU64::new(0),
        }))
    }

    /// Whether the adapter is a program on the CPU rather than a graphics card.
    pub fn is_software(&self) -> bool {
        self.info.device_type == wgpu::DeviceType::Cpu
    }

    /// Why this context can no longer be trusted: its device was lost, or an error (out of
    /// memory, a driver's fault) went uncaught. `None` while all is well.
    pub fn lost(&self) -> Option<String> {
        self.trouble.lock().clone()
    }

    /// Looks whether the device is still there, and lets it tell of work that it has done. Never
    /// waits.
    ///
    /// # Errors
    /// Why it is lost.
    pub fn check(&self) -> Result<(), String> {
        // A device that is gone is told of when it is asked, and not before.
        let polled = self.device.poll(wgpu::PollType::Poll);
        match (self.lost(), polled) {
            (Some(why), _) => Err(why),
            (None, Err(error)) => Err(self.note(error.to_string())),
            (None, Ok(_)) => Ok(()),
        }
    }

    /// Writes down why this context can no longer be trusted, and answers with what stands there.
    fn note(&self, why: String) -> String {
        self.trouble.lock().get_or_insert(why).clone()
    }

    /// How many pictures have crossed so far.
    pub fn copies(&self) -> Copies {
        Copies {
            uploads: self.uploads.load(Ordering::Relaxed),
            readbacks: self.readbacks.load(Ordering::Relaxed),
        }
    }

    /// Whoever sends a picture to the card says so.
    pub fn count_upload(&self) {
        self.uploads.fetch_add(1, Ordering::Relaxed);
    }

    fn count_readback(&self) {
        self.readbacks.fetch_add(1, Ordering::Relaxed);
    }
}

/// The best adapter of some backends; `WGPU_BACKEND` narrows them.
fn find_adapter(
    preference: Preference,
    backends: wgpu::Backends,
) -> Result<(wgpu::Instance, wgpu::Adapter), GpuError> {
    let instance = instance(wgpu::Backends::from_env().unwrap_or(backends));
    let options = wgpu::RequestAdapterOptions {
        power_preference: wgpu::PowerPreference::HighPerformance,
        force_fallback_adapter: preference == Preference::Software,
        ..Default::default()
    };
    let adapter = pollster::block_on(instance.request_adapter(&options))
        .map_err(|error| GpuError::NoAdapter(error.to_string()))?;
    Ok((instance, adapter))
}

/// The process's instance of some backends. It is never dropped: with the last one the system
/// would unload the drivers, and crash each thread that ends later and has used one.
fn instance(backends: wgpu::Backends) -> wgpu::Instance {
    static INSTANCES: Mutex<Vec<(wgpu::Backends, wgpu::Instance)>> = Mutex::new(Vec::new());
    let mut instances = INSTANCES.lock();
    if let Some((_, instance)) = instances.iter().find(|(of, _)| *of == backends) {
        return instance.clone();
    }
    let mut descriptor = wgpu::InstanceDescriptor::new_without_display_handle();
    descriptor.backends = backends;
    let instance = wgpu::Instance::new(descriptor);
    instances.push((backends, instance.clone()));
    instance
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every test machine has lavapipe (`mesa-vulkan-drivers`); without any adapter this fails
    /// and says so.
    fn context() -> Arc<GpuContext> {
        GpuContext::new(Preference::Software).unwrap_or_else(|error| {
            panic!("{error}. Install mesa-vulkan-drivers (Debian, Ubuntu) to test shaders")
        })
    }

    #[test]
    fn a_lost_device_is_reported_and_nothing_aborts() {
        let gpu = context();
        assert!(gpu.is_software());
        assert_eq!(gpu.lost(), None);
        gpu.device.destroy();
        let _ = gpu.device.poll(wgpu::PollType::wait_indefinitely());
        assert!(gpu.lost().is_some());
    }

    #[test]
    fn an_uncaught_error_is_written_down_and_nothing_aborts() {
        let gpu = context();
        let _ = gpu
            .device
            .create_shader_module(wgpu::ShaderModuleDescriptor {
                label: None,
                source: wgpu::ShaderSource::Wgsl("not a shader".into()),
            });
        assert!(gpu.lost().is_some());
    }
}
