//! The mask of the words that are seen, on the card.

use crate::gpu::GpuContext;
use crate::render::letters::{Letters, Stencil};
use crate::show::Scene;

/// The mask, and its copy on the card.
pub struct CardStencil {
    stencil: Stencil,
    buffer: wgpu::Buffer,
    /// How often the mask had changed when it was copied.
    copied: u64,
}

impl CardStencil {
    /// No words yet.
    pub fn new(gpu: &GpuContext) -> Self {
        Self {
            stencil: Stencil::default(),
            buffer: room(gpu, 1),
            copied: 0,
        }
    }

    /// Sets the words of a scene of `size` pixels, and brings them to the card where they have changed.
    pub fn set(&mut self, gpu: &GpuContext, scene: &Scene, size: [usize; 2]) -> Option<Letters> {
        let letters = self.stencil.set(scene, size)?;
        if self.copied != self.stencil.changes() {
            let bytes: &[u8] = bytemuck::cast_slice(&self.stencil.mask().texels);
            if self.buffer.size() < bytes.len() as u64 {
                self.buffer = room(gpu, bytes.len());
            }
            gpu.queue.write_buffer(&self.buffer, 0, bytes);
            gpu.count_upload();
            self.copied = self.stencil.changes();
        }
        Some(letters)
    }

    /// The copy.
    pub fn buffer(&self) -> &wgpu::Buffer {
        &self.buffer
    }
}

/// A buffer of at least so many bytes: one that grows a little each time would be made for each line.
fn room(gpu: &GpuContext, bytes: usize) -> wgpu::Buffer {
    gpu.device.create_buffer(&wgpu::BufferDescriptor {
        label: Some("words"),
        size: bytes.next_power_of_two().max(8) as u64,
        usage: wgpu::BufferUsages::STORAGE | wgpu::BufferUsages::COPY_DST,
        mapped_at_creation: false,
    })
}
