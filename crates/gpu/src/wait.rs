//! Waiting for the card, never longer than a card that works may take.

use std::time::{Duration, Instant};

use super::GpuContext;

/// Longest that one submission may take. A driver gives up work that hangs in two to ten seconds,
/// and says so; one that does not must not hold a host that removes a plugin.
const PATIENCE: Duration = Duration::from_secs(10);
/// The same for an adapter that is a program: it shares the processor with everything else.
const SOFTWARE_PATIENCE: Duration = Duration::from_secs(120);
/// Longest that a device may take to say that it is lost.
const CONFIRMING: Duration = Duration::from_secs(1);
/// Longest that another thread may take to hand on that the device is lost, once that was asked.
const TELLING: Duration = Duration::from_millis(100);
/// Longest single wait: the device keeps a lock meanwhile for which whoever frees something waits.
const SLICE: Duration = Duration::from_millis(5);

impl GpuContext {
    /// Waits until the card has done a submission and everything before it.
    ///
    /// # Errors
    /// When the device is lost. A card that does not answer in the time that any of its work may
    /// take counts as lost, for all who use it.
    pub fn wait(&self, submission: &wgpu::SubmissionIndex) -> Result<(), String> {
        let patience = if self.is_software() {
            SOFTWARE_PATIENCE
        } else {
            PATIENCE
        };
        self.wait_at_most(submission, patience)
    }

    /// Whether the device is still there, asked when its work has failed. One that is destroyed says so
    /// only when nothing is left to do, and to whichever thread asks first, so both are waited for, for a
    /// moment at most.
    ///
    /// # Errors
    /// Why it is lost.
    pub fn confirm(&self) -> Result<(), String> {
        let end = Instant::now() + CONFIRMING;
        let mut told = None;
        loop {
            let polled = self.device.poll(wgpu::PollType::Wait {
                submission_index: None,
                timeout: Some(SLICE),
            });
            match (self.lost(), polled) {
                (Some(why), _) => return Err(why),
                (None, Err(wgpu::PollError::Timeout)) if Instant::now() < end => {}
                (None, Ok(_)) if told.get_or_insert_with(Instant::now).elapsed() < TELLING => {
                    std::thread::sleep(Duration::from_millis(1));
                }
                (None, Ok(_) | Err(wgpu::PollError::Timeout)) => return Ok(()),
                (None, Err(error)) => return Err(self.note(error.to_string())),
            }
        }
    }

    fn wait_at_most(
        &self,
        submission: &wgpu::SubmissionIndex,
        patience: Duration,
    ) -> Result<(), String> {
        let end = Instant::now() + patience;
        loop {
            if let Some(why) = self.lost() {
                return Err(why);
            }
            let polled = self.device.poll(wgpu::PollType::Wait {
                submission_index: Some(submission.clone()),
                timeout: Some(SLICE.min(patience)),
            });
            match polled {
                Ok(_) => return self.lost().map_or(Ok(()), Err),
                Err(wgpu::PollError::Timeout) if Instant::now() < end => {}
                Err(wgpu::PollError::Timeout) => return Err(self.give_up(patience)),
                Err(error) => return Err(self.note(error.to_string())),
            }
        }
    }

    /// Lets nobody wait for this device again. Closing it would wait, too, and without an end, so
    /// it stays open for as long as the process lives.
    fn give_up(&self, patience: Duration) -> String {
        std::mem::forget((self.device.clone(), self.queue.clone()));
        self.note(format!(
            "{} has not answered for {} seconds",
            self.info.name,
            patience.as_secs_f32()
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Preference;

    /// Workgroups of it. There are many, for lavapipe ends a loop after 65,536 turns.
    const GROUPS: u32 = 400;

    /// Work that takes lavapipe a good part of a second.
    fn long_work(gpu: &GpuContext) -> wgpu::SubmissionIndex {
        let source = "@group(0) @binding(0) var<storage, read_write> sums: array<u32>;
            @compute @workgroup_size(64)
            fn main(@builtin(global_invocation_id) at: vec3u) {
                var sum = at.x;
                for (var k = 0u; k < 1000000000u; k++) { sum = sum * 1664525u + k; }
                sums[at.x] = sum;
            }";
        let module = gpu
            .device
            .create_shader_module(wgpu::ShaderModuleDescriptor {
                label: None,
                source: wgpu::ShaderSource::Wgsl(source.into()),
            });
        let pipeline = gpu
            .device
            .create_compute_pipeline(&wgpu::ComputePipelineDescriptor {
                label: None,
                layout: None,
                module: &module,
                entry_point: Some("main"),
                compilation_options: Default::default(),
                cache: None,
            });
        let sums = gpu.device.create_buffer(&wgpu::BufferDescriptor {
            label: None,
            size: 4 * 64 * u64::from(GROUPS),
            usage: wgpu::BufferUsages::STORAGE,
            mapped_at_creation: false,
        });
        let group = gpu.device.create_bind_group(&wgpu::BindGroupDescriptor {
            label: None,
            layout: &pipeline.get_bind_group_layout(0),
            entries: &[wgpu::BindGroupEntry {
                binding: 0,
                resource: sums.as_entire_binding(),
            }],
        });
        let mut encoder = gpu.device.create_command_encoder(&Default::default());
        let mut pass = encoder.begin_compute_pass(&Default::default());
        pass.set_pipeline(&pipeline);
        pass.set_bind_group(0, &group, &[]);
        pass.dispatch_workgroups(GROUPS, 1, 1);
        drop(pass);
        gpu.queue.submit([encoder.finish()])
    }

    #[test]
    fn a_card_that_does_not_answer_is_given_up_and_nobody_waits_for_it_again() {
        let gpu = GpuContext::new(Preference::Software).unwrap();
        let submission = long_work(&gpu);
        let start = Instant::now();
        let error = gpu.wait_at_most(&submission, Duration::from_millis(1));
        assert!(
            error
                .as_ref()
                .is_err_and(|why| why.contains("has not answered")),
            "{error:?}"
        );
        assert_eq!(gpu.lost(), error.err(), "everybody is told");
        assert!(gpu.wait(&submission).is_err());
        // Nor does whoever lets go of it.
        drop(gpu);
        let waited = start.elapsed();
        assert!(waited < Duration::from_secs(2), "{waited:?}");
    }

    #[test]
    fn a_device_that_went_while_it_worked_is_lost_for_all_as_soon_as_it_is_waited_for() {
        let gpu = GpuContext::new(Preference::Software).unwrap();
        // It says that it is gone when this is done; until then it takes nothing on.
        long_work(&gpu);
        gpu.device.destroy();
        let refused = gpu.queue.submit([]);
        let why = gpu.wait(&refused).expect_err("it was never taken on");
        assert!(
            why.contains("not been returned by a successful submission"),
            "{why}"
        );
        assert_eq!(gpu.lost(), Some(why));
    }

    #[test]
    fn work_that_is_done_in_time_is_waited_for() {
        let gpu = GpuContext::new(Preference::Software).unwrap();
        let encoder = gpu.device.create_command_encoder(&Default::default());
        let submission = gpu.queue.submit([encoder.finish()]);
        assert_eq!(gpu.wait(&submission), Ok(()));
        assert_eq!(gpu.lost(), None);
    }
}
