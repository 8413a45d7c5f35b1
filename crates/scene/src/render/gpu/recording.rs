//! Recording one pass.

use super::compiled::{Compiled, Pipeline};
use super::stock::Stock;
use crate::gpu::GpuContext;
use crate::gpu::pipeline::begin;
use crate::render::passes::{Kind, Moment, Pass, Read, Sizes, Slot, Work, Write};

/// What passes are told stands in one buffer, each of it at a multiple of this: more than any card
/// asks for.
const PLACE: usize = 256;

/// What a picture's passes bind.
pub struct Bound<'a> {
    /// The card.
    pub gpu: &'a GpuContext,
    /// All but what follows.
    pub stock: &'a Stock,
    /// The generator's image.
    pub image: &'a wgpu::Buffer,
    /// The mask of the words that are seen.
    pub stencil: &'a wgpu::Buffer,
    /// What the last pass writes.
    pub finished: &'a wgpu::TextureView,
    /// What passes are told.
    pub numbers: &'a wgpu::Buffer,
    /// The picture so far...
    pub read: &'a wgpu::TextureView,
    /// ...and the one to come.
    pub written: &'a wgpu::TextureView,
}

/// Room for all that these passes are told.
pub fn numbers(gpu: &GpuContext, passes: &[Compiled], sizes: &Sizes) -> wgpu::Buffer {
    let places = passes.iter().map(|compiled| {
        let steps = match compiled.pass.work {
            // As many as the largest image that is likely has; more find no room and are an error.
            Work::Steps(steps) => steps(&Sizes {
                image: 1 << 14,
                ..*sizes
            })
            .len(),
            _ => 0,
        };
        steps + compiled.pass.told.len()
    });
    let places: usize = 1 + places.sum::<usize>();
    gpu.device.create_buffer(&wgpu::BufferDescriptor {
        label: Some("numbers"),
        size: (places * PLACE) as u64,
        usage: wgpu::BufferUsages::UNIFORM | wgpu::BufferUsages::COPY_DST,
        mapped_at_creation: false,
    })
}

/// Where in the buffer something stands that passes are told.
#[derive(Clone, Copy)]
struct Range {
    at: usize,
    size: usize,
}

/// Puts numbers behind those that are there.
fn put(bytes: &mut Vec<u8>, write: impl FnOnce(&mut Vec<u8>)) -> Range {
    let at = bytes.len().next_multiple_of(PLACE);
    bytes.resize(at, 0);
    write(bytes);
    Range {
        at,
        size: bytes.len() - at,
    }
}

/// The first of what passes are told: what all know.
pub fn tell(frame: &[u8], told: &mut Vec<u8>) {
    put(told, |bytes| bytes.extend_from_slice(frame));
}

/// Records a pass. What it is told goes to the end of `told`.
pub fn record(
    encoder: &mut wgpu::CommandEncoder,
    compiled: &Compiled,
    moment: &Moment,
    bound: &mut Bound,
    told: &mut Vec<u8>,
) {
    let of_the_pass = compiled.pass.told.iter();
    let numbers = of_the_pass.map(|one| put(told, |bytes| one.put(moment, bytes)));
    let numbers: Vec<Range> = numbers.collect();
    match &compiled.pipeline {
        Pipeline::Computes(pipeline) => {
            let Work::Steps(steps) = compiled.pass.work else {
                return;
            };
            let mut compute = encoder.begin_compute_pass(&wgpu::ComputePassDescriptor {
                label: Some(compiled.pass.name),
                timestamp_writes: None,
            });
            compute.set_pipeline(pipeline);
            for step in steps(&moment.sizes) {
                let place = put(told, |bytes| {
                    bytes.extend_from_slice(bytemuck::bytes_of(&step.numbers));
                });
                let group = bound.group(compiled, &numbers, Some(place));
                compute.set_bind_group(0, &group, &[]);
                let [x, y, z] = step.workgroups;
                compute.dispatch_workgroups(x, y, z);
            }
        }
        Pipeline::Draws(pipeline) => {
            let group = bound.group(compiled, &numbers, None);
            draw(encoder, compiled.pass, pipeline, &group, moment, bound);
        }
    }
}

/// Draws what a pass draws.
fn draw(
    encoder: &mut wgpu::CommandEncoder,
    pass: &Pass,
    pipeline: &wgpu::RenderPipeline,
    group: &wgpu::BindGroup,
    moment: &Moment,
    bound: &mut Bound,
) {
    let targets = pass.writes.iter().map(|write| match write {
        Write::To(resource) | Write::Over(resource) => bound.stock.texture(resource),
        Write::Picture => bound.written,
        Write::Finished => bound.finished,
    });
    let targets: Vec<_> = targets.collect();
    let mut writes = pass.writes.iter();
    let goes_on = writes.any(|write| matches!(write, Write::Over(_)));
    let mut drawing = begin(encoder, pass.name, &targets, goes_on);
    if !matches!(pass.work, Work::Fill) {
        let [left, top, right, bottom] = moment.framing.window.map(|edge| edge as u32);
        drawing.set_scissor_rect(left, top, right - left, bottom - top);
    }
    drawing.set_pipeline(pipeline);
    drawing.set_bind_group(0, group, &[]);
    match pass.work {
        Work::Strips(count) => drawing.draw(0..4, 0..count(&moment.sizes) as u32),
        _ => drawing.draw(0..3, 0..1),
    }
    drop(drawing);
    let mut writes = pass.writes.iter();
    if writes.any(|write| matches!(write, Write::Picture)) {
        std::mem::swap(&mut bound.read, &mut bound.written);
    }
}

impl Bound<'_> {
    /// What a pass binds: its numbers lie in these places, those of its step in that one.
    fn group(
        &self,
        compiled: &Compiled,
        numbers: &[Range],
        step: Option<Range>,
    ) -> wgpu::BindGroup {
        let frame = Range {
            at: 0,
            size: size_of::<crate::render::passes::Frame>(),
        };
        let uniform = |range: Range| {
            wgpu::BindingResource::Buffer(wgpu::BufferBinding {
                buffer: self.numbers,
                offset: range.at as u64,
                size: wgpu::BufferSize::new(range.size as u64),
            })
        };
        let texture = wgpu::BindingResource::TextureView;
        let resources = compiled.slots.iter().map(|slot| match slot {
            Slot::Frame => uniform(frame),
            Slot::Step => uniform(step.unwrap_or(frame)),
            Slot::Told(index) => uniform(numbers[*index]),
            Slot::Read(Read::Picture) => texture(self.read),
            Slot::Read(Read::Past(resource)) => texture(self.stock.past(resource)),
            Slot::Read(Read::Now(resource)) | Slot::Computed(resource) => match resource.kind {
                Kind::Texture(..) | Kind::Pattern(..) => texture(self.stock.texture(resource)),
                Kind::Buffer(..) | Kind::Table(..) => {
                    self.stock.buffer(resource).as_entire_binding()
                }
                Kind::Image => self.image.as_entire_binding(),
                Kind::Stencil => self.stencil.as_entire_binding(),
            },
        });
        let name = compiled.pass.name;
        self.gpu.bind(name, &compiled.layout, (0..).zip(resources))
    }
}
