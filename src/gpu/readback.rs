//! Bytes on their way from the card to memory.

use std::sync::mpsc::{Receiver, TryRecvError, channel};
use std::time::Duration;

use super::{GpuContext, extent};

/// What is brought.
pub enum Source<'a> {
    /// A texture of four bytes a pixel, whole.
    Texture(&'a wgpu::Texture),
    /// A buffer, whole.
    Buffer(&'a wgpu::Buffer),
}

/// Bytes that were asked for.
#[derive(Debug)]
pub struct Readback {
    staging: wgpu::Buffer,
    /// Bytes of a row, without and with what aligns it.
    row: [usize; 2],
    submission: wgpu::SubmissionIndex,
    mapped: Receiver<Result<(), wgpu::BufferAsyncError>>,
    /// Whether `mapped` has told.
    told: bool,
}

/// Longest that another thread takes to say what it has just learned of the card.
const TELLING: Duration = Duration::from_secs(10);

impl Readback {
    /// Begins to bring `source`, and does not wait. `staging` is a buffer that an earlier readback
    /// gave back, to be used again where it has the size.
    ///
    /// # Errors
    /// When the device is lost, or has no room.
    pub fn begin(
        gpu: &GpuContext,
        source: Source,
        staging: Option<wgpu::Buffer>,
    ) -> Result<Self, String> {
        let (row, rows) = match source {
            Source::Texture(texture) => (4 * texture.width() as usize, texture.height() as usize),
            Source::Buffer(buffer) => (buffer.size() as usize, 1),
        };
        let pitch = match source {
            Source::Texture(_) => row.next_multiple_of(wgpu::COPY_BYTES_PER_ROW_ALIGNMENT as usize),
            Source::Buffer(_) => row,
        };
        let size = (pitch * rows) as u64;
        gpu.watched(|| {
            let staging = staging.filter(|staging| staging.size() == size);
            let staging = staging.unwrap_or_else(|| {
                gpu.device.create_buffer(&wgpu::BufferDescriptor {
                    label: Some("readback"),
                    size,
                    usage: wgpu::BufferUsages::MAP_READ | wgpu::BufferUsages::COPY_DST,
                    mapped_at_creation: false,
                })
            });
            let mut encoder = gpu.device.create_command_encoder(&Default::default());
            match source {
                Source::Texture(texture) => encoder.copy_texture_to_buffer(
                    texture.as_image_copy(),
                    wgpu::TexelCopyBufferInfo {
                        buffer: &staging,
                        layout: wgpu::TexelCopyBufferLayout {
                            offset: 0,
                            bytes_per_row: Some(pitch as u32),
                            rows_per_image: None,
                        },
                    },
                    extent([texture.width() as usize, texture.height() as usize]),
                ),
                Source::Buffer(buffer) => {
                    encoder.copy_buffer_to_buffer(buffer, 0, &staging, 0, size);
                }
            }
            let (told, mapped) = channel();
            let submission = gpu.queue.submit([encoder.finish()]);
            staging.map_async(wgpu::MapMode::Read, .., move |result| {
                // Nobody may wait for it any more.
                let _ = told.send(result);
            });
            gpu.count_readback();
            Self {
                staging,
                row: [row, pitch],
                submission,
                mapped,
                told: false,
            }
        })
    }

    /// Whether the bytes have come, or nothing will. Never waits.
    pub fn has_come(&mut self, gpu: &GpuContext) -> bool {
        if self.told || gpu.lost().is_some() || gpu.device.poll(wgpu::PollType::Poll).is_err() {
            return true;
        }
        self.told = !matches!(self.mapped.try_recv(), Err(TryRecvError::Empty));
        self.told
    }

    /// Waits for the bytes; gives the staging buffer back with them.
    ///
    /// # Errors
    /// When the device is lost.
    pub fn finish(self, gpu: &GpuContext) -> Result<(Vec<u8>, wgpu::Buffer), String> {
        gpu.wait(&self.submission)?;
        let lost = |error: &dyn std::fmt::Display| gpu.lost().unwrap_or_else(|| error.to_string());
        // Whoever asks the card after it has done the work learns of it, on any thread, and tells.
        if !self.told {
            let told = self.mapped.recv_timeout(TELLING);
            told.map_err(|error| lost(&error))?
                .map_err(|error| lost(&error))?;
        }
        let range = self.staging.get_mapped_range(..);
        let range = range.map_err(|error| lost(&error))?;
        let [row, pitch] = self.row;
        let mut bytes = Vec::with_capacity(range.len() / pitch * row);
        for line in range.chunks_exact(pitch) {
            bytes.extend_from_slice(&line[..row]);
        }
        drop(range);
        self.staging.unmap();
        Ok((bytes, self.staging))
    }
}
