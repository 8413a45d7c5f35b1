//! Bytes on their way from the card to memory.

use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use super::{GpuContext, extent};

/// What is brought.
#[derive(Clone, Copy)]
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
    submission: wgpu::SubmissionIndex,
    told: Receiver<()>,
}

/// Longest that another thread takes to hand on what it has just learned of the card.
const TELLING: Duration = Duration::from_secs(10);

impl Readback {
    /// Begins to bring `source`, and does not wait. `taken` gets the bytes from whichever thread is
    /// the first to ask the card after it has done that. `staging` is a buffer that an earlier
    /// readback [left](Self::left), to be used again where it has the size.
    ///
    /// # Errors
    /// When the device is lost, or has no room.
    pub fn begin(
        gpu: &GpuContext,
        source: Source,
        staging: Option<wgpu::Buffer>,
        taken: impl FnOnce(Result<Vec<u8>, String>) + Send + 'static,
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
        let (staging, submission) = gpu.watched(|| {
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
            copy(&mut encoder, source, &staging, pitch);
            let submission = gpu.queue.submit([encoder.finish()]);
            (staging, submission)
        })?;
        let (teller, told) = channel();
        let mapped = staging.clone();
        staging.map_async(wgpu::MapMode::Read, .., move |result| {
            let bytes = result.map_err(|error| error.to_string());
            taken(bytes.and_then(|()| unpacked(&mapped, row, pitch)));
            // Nobody may wait for it any more.
            let _ = teller.send(());
        });
        gpu.count_readback();
        Ok(Self {
            staging,
            submission,
            told,
        })
    }

    /// Waits until the bytes were taken.
    ///
    /// # Errors
    /// When the device is lost.
    pub fn wait(&self, gpu: &GpuContext) -> Result<(), String> {
        gpu.wait(&self.submission)?;
        let told = self.told.recv_timeout(TELLING);
        told.map_err(|error| gpu.lost().unwrap_or_else(|| error.to_string()))
    }

    /// The staging buffer of one that is over.
    pub fn left(self) -> Option<wgpu::Buffer> {
        self.told.try_recv().is_ok().then_some(self.staging)
    }
}

fn copy(encoder: &mut wgpu::CommandEncoder, source: Source, staging: &wgpu::Buffer, pitch: usize) {
    match source {
        Source::Texture(texture) => encoder.copy_texture_to_buffer(
            texture.as_image_copy(),
            wgpu::TexelCopyBufferInfo {
                buffer: staging,
                layout: wgpu::TexelCopyBufferLayout {
                    offset: 0,
                    bytes_per_row: Some(pitch as u32),
                    rows_per_image: None,
                },
            },
            extent([texture.width() as usize, texture.height() as usize]),
        ),
        Source::Buffer(buffer) => {
            encoder.copy_buffer_to_buffer(buffer, 0, staging, 0, staging.size());
        }
    }
}

/// The bytes of a mapped buffer without what aligns its rows; gives the buffer back to the card.
fn unpacked(staging: &wgpu::Buffer, row: usize, pitch: usize) -> Result<Vec<u8>, String> {
    let range = staging.get_mapped_range(..);
    let range = range.map_err(|error| error.to_string())?;
    let mut bytes = Vec::with_capacity(range.len() / pitch * row);
    for line in range.chunks_exact(pitch) {
        bytes.extend_from_slice(&line[..row]);
    }
    drop(range);
    staging.unmap();
    Ok(bytes)
}
