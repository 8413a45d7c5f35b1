//! Errors of the device, caught where they arise.
//!
//! The device is shared by all who paint, render and show, in all instances. What one of them asks
//! too much of it (memory above all) is that one's to answer for: caught here it never reaches
//! [`GpuContext::lost`], on which all the others give the device up.

use super::GpuContext;

impl GpuContext {
    /// What `work` makes, or the first thing that the device refused meanwhile: memory, a shader, a
    /// use of it. Scopes are the thread's own; what other threads do is not seen.
    ///
    /// # Errors
    /// In the device's words: what it refused, or why it is lost.
    pub fn watched<T>(&self, work: impl FnOnce() -> T) -> Result<T, String> {
        let memory = self.device.push_error_scope(wgpu::ErrorFilter::OutOfMemory);
        let validation = self.device.push_error_scope(wgpu::ErrorFilter::Validation);
        let internal = self.device.push_error_scope(wgpu::ErrorFilter::Internal);
        let made = work();
        let errors = [internal.pop(), validation.pop(), memory.pop()].map(pollster::block_on);
        match (errors.into_iter().flatten().next(), self.lost()) {
            (Some(error), _) => Err(error.to_string()),
            (None, Some(why)) => Err(why),
            (None, None) => Ok(made),
        }
    }
}
