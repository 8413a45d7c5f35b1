//! What an adapter can do at most, measured by two kernels that do nothing else.

use std::error::Error;
use std::time::Instant;

use synopsia::gpu::GpuContext;

/// Sixteen independent chains of fours, which hide the latency of an addition.
const ARITHMETIC: &str = "
@group(0) @binding(0) var<storage, read> before: array<vec4<NUMBER>>;
@group(0) @binding(1) var<storage, read_write> after: array<vec4<NUMBER>>;

@compute @workgroup_size(256)
fn main(@builtin(global_invocation_id) at: vec3u) {
    let x = before[at.x % 64u];
    let y = before[at.x % 32u];
    CHAINS_DECLARED
    for (var i = 0u; i < ROUNDSu; i++) {
        CHAINS_ADVANCED
    }
    after[at.x] = CHAINS_ADDED;
}
";
const CHAINS: usize = 16;
const ADVANCES: usize = 512;
const INVOCATIONS: usize = 256 * 4096;

const COPYING: &str = "
@group(0) @binding(0) var<storage, read> before: array<vec4f>;
@group(0) @binding(1) var<storage, read_write> after: array<vec4f>;

@compute @workgroup_size(256)
fn main(@builtin(global_invocation_id) at: vec3u) {
    let index = at.y * 256u * 65535u + at.x;
    if (index < arrayLength(&before)) {
        after[index] = before[index];
    }
}
";
/// More than any cache holds, within what every device binds.
const COPIED: u64 = 128 << 20;
/// A measurement takes at least this long, in seconds.
const LONG_ENOUGH: f64 = 0.05;

/// Floating-point operations a second, in fused multiply-adds of 16 or 32 bits.
pub fn arithmetic(gpu: &GpuContext, halves: bool) -> Result<f64, Box<dyn Error>> {
    let (number, bytes) = if halves { ("f16", 8) } else { ("f32", 16) };
    let each = |line: &dyn Fn(usize) -> String| (0..CHAINS).map(line).collect::<String>();
    let added: Vec<_> = (0..CHAINS).map(|i| format!("a{i}")).collect();
    let source = ARITHMETIC
        .replace("NUMBER", number)
        .replace("ROUNDS", &ADVANCES.to_string())
        .replace(
            "CHAINS_DECLARED",
            &each(&|i| format!("var a{i} = x * {number}({i});\n")),
        )
        .replace(
            "CHAINS_ADVANCED",
            &each(&|i| format!("a{i} = fma(a{i}, x, y);\n")),
        )
        .replace("CHAINS_ADDED", &added.join(" + "));
    let enable = if halves { "enable f16;\n" } else { "" };
    // A software adapter would take seconds for what a card does in no time.
    let groups = if gpu.is_software() { 16 } else { 4096 };
    let size = (INVOCATIONS * bytes) as u64;
    let seconds = measure(gpu, &(enable.to_owned() + &source), size, [groups, 1])?;
    let invocations = groups as usize * 256;
    Ok((invocations * ADVANCES * CHAINS * 4 * 2) as f64 / seconds)
}

/// Bytes a second that are read and written.
pub fn copying(gpu: &GpuContext) -> Result<f64, Box<dyn Error>> {
    let size = COPIED.min(gpu.limits.max_storage_buffer_binding_size);
    let groups = (size / 16).div_ceil(256) as u32;
    let rows = groups.div_ceil(65535);
    let seconds = measure(gpu, COPYING, size, [groups.min(65535), rows])?;
    Ok(2.0 * size as f64 / seconds)
}

/// Seconds of a dispatch between two buffers of `size` bytes: the least of several measurements.
fn measure(
    gpu: &GpuContext,
    source: &str,
    size: u64,
    groups: [u32; 2],
) -> Result<f64, Box<dyn Error>> {
    let device = &gpu.device;
    let module = device.create_shader_module(wgpu::ShaderModuleDescriptor {
        label: Some("peak"),
        source: wgpu::ShaderSource::Wgsl(source.into()),
    });
    let pipeline = device.create_compute_pipeline(&wgpu::ComputePipelineDescriptor {
        label: Some("peak"),
        layout: None,
        module: &module,
        entry_point: Some("main"),
        compilation_options: Default::default(),
        cache: None,
    });
    let buffers = [0, 1].map(|_| {
        device.create_buffer(&wgpu::BufferDescriptor {
            label: Some("peak"),
            size,
            usage: wgpu::BufferUsages::STORAGE,
            mapped_at_creation: false,
        })
    });
    let bindings = device.create_bind_group(&wgpu::BindGroupDescriptor {
        label: Some("peak"),
        layout: &pipeline.get_bind_group_layout(0),
        entries: &[0, 1].map(|binding| wgpu::BindGroupEntry {
            binding,
            resource: buffers[binding as usize].as_entire_binding(),
        }),
    });
    let run = |times: usize| -> Result<f64, Box<dyn Error>> {
        let mut encoder = device.create_command_encoder(&Default::default());
        let mut compute = encoder.begin_compute_pass(&Default::default());
        compute.set_pipeline(&pipeline);
        compute.set_bind_group(0, &bindings, &[]);
        for _ in 0..times {
            compute.dispatch_workgroups(groups[0], groups[1], 1);
        }
        drop(compute);
        let start = Instant::now();
        gpu.queue.submit([encoder.finish()]);
        device.poll(wgpu::PollType::wait_indefinitely())?;
        match gpu.lost() {
            Some(why) => Err(why.into()),
            None => Ok(start.elapsed().as_secs_f64()),
        }
    };
    run(1)?;
    let mut times = 1;
    while run(times)? < LONG_ENOUGH {
        times *= 2;
    }
    let mut least = f64::INFINITY;
    for _ in 0..3 {
        least = least.min(run(times)? / times as f64);
    }
    Ok(least)
}
