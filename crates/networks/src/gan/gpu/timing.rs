//! How long a card takes for some dispatches.

use std::sync::mpsc;
use std::time::Instant;

use crate::gpu::GpuContext;

/// Measures by the card's own clock where it has one that can be trusted, else by waiting for it.
pub(super) struct Stopwatch {
    clock: Option<Clock>,
}

/// Two time stamps and their way back.
struct Clock {
    stamps: wgpu::QuerySet,
    resolved: wgpu::Buffer,
    readback: wgpu::Buffer,
    /// Seconds of a tick.
    period: f64,
}

impl Clock {
    fn new(gpu: &GpuContext) -> Self {
        let device = &gpu.device;
        let buffer = |usage| {
            device.create_buffer(&wgpu::BufferDescriptor {
                label: Some("time stamps"),
                size: 16,
                usage: usage | wgpu::BufferUsages::COPY_DST,
                mapped_at_creation: false,
            })
        };
        Self {
            stamps: device.create_query_set(&wgpu::QuerySetDescriptor {
                label: Some("time stamps"),
                ty: wgpu::QueryType::Timestamp,
                count: 2,
            }),
            resolved: buffer(wgpu::BufferUsages::QUERY_RESOLVE | wgpu::BufferUsages::COPY_SRC),
            readback: buffer(wgpu::BufferUsages::MAP_READ),
            period: f64::from(gpu.queue.get_timestamp_period()) * 1e-9,
        }
    }
}

impl Stopwatch {
    pub fn new(gpu: &GpuContext) -> Self {
        let features = gpu.device.features();
        // Lavapipe stamps a pass before its threads have done it.
        let trusted = !gpu.is_software() && features.contains(wgpu::Features::TIMESTAMP_QUERY);
        Self {
            clock: trusted.then(|| Clock::new(gpu)),
        }
    }

    /// Submits what `record` records and returns the seconds that it took.
    ///
    /// # Errors
    /// When the device is lost.
    pub fn time(
        &self,
        gpu: &GpuContext,
        record: impl FnOnce(&mut wgpu::ComputePass),
    ) -> Result<f64, String> {
        let mut encoder = gpu.device.create_command_encoder(&Default::default());
        let stamps = self.clock.as_ref().map(|clock| &clock.stamps);
        let mut compute = encoder.begin_compute_pass(&wgpu::ComputePassDescriptor {
            label: Some("timed"),
            timestamp_writes: stamps.map(|query_set| wgpu::ComputePassTimestampWrites {
                query_set,
                beginning_of_pass_write_index: Some(0),
                end_of_pass_write_index: Some(1),
            }),
        });
        record(&mut compute);
        drop(compute);
        if let Some(clock) = &self.clock {
            encoder.resolve_query_set(&clock.stamps, 0..2, &clock.resolved, 0);
            encoder.copy_buffer_to_buffer(&clock.resolved, 0, &clock.readback, 0, 16);
        }
        let start = Instant::now();
        let submission = gpu.queue.submit([encoder.finish()]);
        let Some(clock) = &self.clock else {
            gpu.wait(&submission)?;
            return Ok(start.elapsed().as_secs_f64());
        };
        let (send, receive) = mpsc::channel();
        let told = move |mapped| drop(send.send(mapped));
        clock.readback.map_async(wgpu::MapMode::Read, .., told);
        gpu.wait(&submission)?;
        let waited = start.elapsed().as_secs_f64();
        let mapped = receive.recv().map_err(|error| error.to_string())?;
        mapped.map_err(|error| error.to_string())?;
        let view = clock.readback.get_mapped_range(..);
        let view = view.map_err(|error| error.to_string())?;
        let stamps: &[u64] = bytemuck::cast_slice(&view);
        let ticks = stamps[1].saturating_sub(stamps[0]);
        drop(view);
        clock.readback.unmap();
        Ok(if ticks == 0 {
            waited
        } else {
            ticks as f64 * clock.period
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gpu::Preference;

    /// Lavapipe has a clock, only too early a one.
    #[test]
    fn both_ways_to_measure_give_a_time() {
        let gpu = GpuContext::new(Preference::Software).unwrap();
        let clock = Some(Clock::new(&gpu));
        for stopwatch in [Stopwatch::new(&gpu), Stopwatch { clock }] {
            let seconds = stopwatch.time(&gpu, |_| {}).unwrap();
            assert!((0.0..10.0).contains(&seconds), "{seconds}");
        }
        assert_eq!(gpu.lost(), None);
    }
}
