//! A pass, compiled for a card.

use crate::gpu::GpuContext;
use crate::gpu::pipeline::{Binding, READ, TEXTURE, UNIFORM, WRITE};
use crate::render::passes::{COLOUR, FINISHED, Kind, Pass, Read, Slot, Work, Write, shader, slots};

/// How a pass is run.
pub enum Pipeline {
    /// Draws.
    Draws(wgpu::RenderPipeline),
    /// Computes.
    Computes(wgpu::ComputePipeline),
}

/// A pass, ready to be recorded.
pub struct Compiled {
    /// What it is.
    pub pass: &'static Pass,
    /// What it binds, in the order of the numbers.
    pub slots: Vec<Slot>,
    /// How that is laid out.
    pub layout: wgpu::BindGroupLayout,
    /// How it is run.
    pub pipeline: Pipeline,
}

impl Compiled {
    /// Compiles a pass.
    pub fn new(gpu: &GpuContext, pass: &'static Pass) -> Self {
        let slots = slots(pass);
        let computes = matches!(pass.work, Work::Steps(_));
        let stages = if computes {
            wgpu::ShaderStages::COMPUTE
        } else {
            wgpu::ShaderStages::VERTEX_FRAGMENT
        };
        let layout = gpu.layout(pass.name, stages, (0..).zip(slots.iter().map(binding)));
        let module = gpu.module(pass.name, &shader(pass));
        let pipeline = if computes {
            Pipeline::Computes(gpu.computing(pass.name, &layout, &module))
        } else {
            let targets: Vec<_> = pass.writes.iter().map(target).collect();
            Pipeline::Draws(gpu.drawing(pass.name, &layout, &module, &targets))
        };
        Self {
            pass,
            slots,
            layout,
            pipeline,
        }
    }
}

fn binding(slot: &Slot) -> Binding {
    match slot {
        Slot::Frame | Slot::Step | Slot::Told(_) => UNIFORM,
        Slot::Read(Read::Now(resource)) if resource.element().is_some() => READ,
        Slot::Read(_) => TEXTURE,
        Slot::Computed(_) => WRITE,
    }
}

fn target(write: &Write) -> Option<wgpu::ColorTargetState> {
    let format = match write {
        Write::To(resource) | Write::Over(resource) => match resource.kind {
            Kind::Texture(format, _) | Kind::Pattern(format, _) => format,
            Kind::Buffer(..) | Kind::Table(..) | Kind::Image | Kind::Stencil => return None,
        },
        Write::Picture => COLOUR,
        Write::Finished => FINISHED,
    };
    Some(wgpu::ColorTargetState {
        format,
        blend: matches!(write, Write::Over(_)).then_some(wgpu::BlendState::ALPHA_BLENDING),
        write_mask: wgpu::ColorWrites::ALL,
    })
}
