//! A model on a card: what stays the same from picture to picture, and the buffers that do not.

use std::borrow::Cow;
use std::sync::Arc;

use super::layer::{Storage, TOGETHER};
use super::plan::{Plan, kernels};
use super::template::{Constants, expand};
use super::tiling::{Tiling, candidates};
use crate::gan::model::Model;
use crate::gpu::GpuContext;
use crate::gpu::pipeline::{Binding, READ, WRITE};
use crate::gpu::shaders::Shader;

const LAYER: Shader = Shader::named("generator_layer.wgsl");
const PICTURE: Shader = Shader::named("generator_picture.wgsl");
/// Side of the workgroups of `generator_picture.wgsl`.
const PICTURE_GROUP: usize = 8;

/// A model's weights on a card, and how its passes are compiled.
pub(super) struct Card {
    pub gpu: Arc<GpuContext>,
    pub plan: Plan,
    /// Each layer's kernels.
    kernels: Vec<wgpu::Buffer>,
    /// The layers' own numbers, then each picture's.
    pub numbers: wgpu::Buffer,
    /// What a layer binds that hands its features on, and one that writes the picture.
    layouts: [wgpu::BindGroupLayout; 2],
    /// What the pass for the picture alone binds.
    picture_layout: wgpu::BindGroupLayout,
}

/// What a submission's layers write.
pub(super) struct Canvas {
    /// Read and written by turns.
    pub maps: [wgpu::Buffer; 2],
    /// `[pictures, side, side, 4]` f32.
    pub pixels: wgpu::Buffer,
    pub texture: wgpu::Texture,
}

/// One dispatch.
pub(super) struct Pass {
    pub pipeline: wgpu::ComputePipeline,
    pub bindings: wgpu::BindGroup,
    /// Workgroups for one picture; more pictures are more of them along z.
    pub workgroups: [u32; 3],
}

impl Pass {
    pub fn record(&self, compute: &mut wgpu::ComputePass, pictures: usize) {
        let [x, y, z] = self.workgroups;
        compute.set_pipeline(&self.pipeline);
        compute.set_bind_group(0, &self.bindings, &[]);
        compute.dispatch_workgroups(x, y, z * pictures as u32);
    }
}

impl Card {
    /// Uploads a model's weights for `pictures` at once.
    ///
    /// # Errors
    /// In a sentence, where a buffer would be larger than the device allows, or where its
    /// workgroups are too small for a layer.
    pub fn new(
        gpu: Arc<GpuContext>,
        model: &Model,
        storage: Storage,
        pictures: usize,
    ) -> Result<Self, String> {
        let device = &gpu.device;
        let limits = device.limits();
        if pictures > limits.max_texture_array_layers as usize {
            return Err(format!(
                "{pictures} pictures at once are more than the adapter's textures hold"
            ));
        }
        let plan = Plan::new(model, storage, pictures, &limits);
        check(&plan, &limits)?;
        let kernels = plan
            .layers
            .iter()
            .zip(&model.layers)
            .map(|(layer, source)| {
                let mut bytes = Vec::with_capacity(plan.kernels(layer));
                storage.encode(&kernels(layer, source), &mut bytes);
                gpu.filled("painter's kernels", &bytes)
            });
        let kernels = kernels.collect();
        let numbers = device.create_buffer(&wgpu::BufferDescriptor {
            label: Some("painter's numbers"),
            size: plan.numbers() as u64,
            usage: wgpu::BufferUsages::STORAGE | wgpu::BufferUsages::COPY_DST,
            mapped_at_creation: false,
        });
        let own = plan.own_numbers(&model.layers);
        gpu.queue
            .write_buffer(&numbers, 0, bytemuck::cast_slice(&own));
        let layouts = [
            layout(&gpu, [(0, READ), (1, READ), (2, READ), (3, WRITE)]),
            layout(
                &gpu,
                [(0, READ), (1, READ), (2, READ), (3, WRITE), (4, PAINTED)],
            ),
        ];
        let picture_layout = layout(&gpu, [(2, READ), (3, WRITE), (4, PAINTED)]);
        Ok(Self {
            kernels,
            numbers,
            layouts,
            picture_layout,
            plan,
            gpu,
        })
    }

    /// Makes the buffers that the layers write.
    pub fn canvas(&self) -> Canvas {
        let device = &self.gpu.device;
        let storage = wgpu::BufferUsages::STORAGE;
        let buffer = |size: usize, usage| {
            device.create_buffer(&wgpu::BufferDescriptor {
                label: Some("painter's canvas"),
                size: size as u64,
                usage,
                mapped_at_creation: false,
            })
        };
        let maps = self.plan.maps();
        Canvas {
            maps: maps.map(|size| buffer(size, storage | wgpu::BufferUsages::COPY_DST)),
            pixels: buffer(self.plan.pixels(), storage | wgpu::BufferUsages::COPY_SRC),
            texture: device.create_texture(&wgpu::TextureDescriptor {
                label: Some("painted pictures"),
                size: wgpu::Extent3d {
                    width: self.plan.side as u32,
                    height: self.plan.side as u32,
                    depth_or_array_layers: self.plan.pictures as u32,
                },
                mip_level_count: 1,
                sample_count: 1,
                dimension: wgpu::TextureDimension::D2,
                format: wgpu::TextureFormat::Rgba16Float,
                usage: wgpu::TextureUsages::STORAGE_BINDING | wgpu::TextureUsages::TEXTURE_BINDING,
                view_formats: &[],
            }),
        }
    }

    /// Compiles layer `i` for a tiling that fits it.
    pub fn pipeline(&self, i: usize, tiling: &Tiling) -> wgpu::ComputePipeline {
        let layer = &self.plan.layers[i];
        let mut constants = self.plan.constants(i);
        tiling.constants(layer, &mut constants);
        let slope = layer.slope;
        let source = format!(
            "const SLOPE = {slope:?};\n{}",
            expand(&LAYER.text(), &constants)
        );
        let layout = &self.layouts[usize::from(layer.finishes)];
        compile(&self.gpu, layout, source)
    }

    /// What layer `i` reads and writes of `canvas`.
    pub fn bindings(&self, i: usize, canvas: &Canvas) -> wgpu::BindGroup {
        let finishes = self.plan.layers[i].finishes;
        let view = view(&canvas.texture);
        let [before, after] = [&canvas.maps[i % 2], &canvas.maps[(i + 1) % 2]];
        let after = if finishes { &canvas.pixels } else { after };
        let mut resources = vec![
            (0, self.kernels[i].as_entire_binding()),
            (1, self.numbers.as_entire_binding()),
            (2, before.as_entire_binding()),
            (3, after.as_entire_binding()),
        ];
        if finishes {
            resources.push((4, wgpu::BindingResource::TextureView(&view)));
        }
        let layout = &self.layouts[usize::from(finishes)];
        self.gpu.bind(LABEL, layout, resources)
    }

    /// The pass that makes the picture of the last layer's colours in `parts`; `None` where the
    /// last layer does so itself.
    pub fn picture(&self, parts: usize, canvas: &Canvas) -> Option<Pass> {
        let constants: Constants = self.plan.picture_constants(parts)?;
        let (gpu, layout) = (&self.gpu, &self.picture_layout);
        let view = view(&canvas.texture);
        let resources = [
            (
                2,
                canvas.maps[self.plan.layers.len() % 2].as_entire_binding(),
            ),
            (3, canvas.pixels.as_entire_binding()),
            (4, wgpu::BindingResource::TextureView(&view)),
        ];
        let groups = self.plan.side.div_ceil(PICTURE_GROUP) as u32;
        Some(Pass {
            pipeline: compile(gpu, layout, expand(&PICTURE.text(), &constants)),
            bindings: gpu.bind(LABEL, layout, resources),
            workgroups: [groups, groups, 1],
        })
    }

    /// Says to layer `i` in how many parts the layer before it leaves its colours.
    pub fn tell_parts(&self, i: usize, parts: usize) {
        let place = self.plan.parts_place(i);
        let parts = (parts as f32).to_le_bytes();
        self.gpu.queue.write_buffer(&self.numbers, place, &parts);
    }
}

/// Whether a device of these limits has room for a plan; else why not.
fn check(plan: &Plan, limits: &wgpu::Limits) -> Result<(), String> {
    let kernels = plan.layers.iter().map(|layer| plan.kernels(layer));
    let buffers = plan.maps().into_iter().chain(kernels);
    let largest = buffers.chain([plan.pixels(), plan.numbers()]).max();
    let allowed = limits
        .max_storage_buffer_binding_size
        .min(limits.max_buffer_size);
    if let Some(needed) = largest.filter(|&needed| needed as u64 > allowed) {
        return Err(format!(
            "it needs a buffer of {needed} bytes, and the adapter allows {allowed}"
        ));
    }
    if plan.side > limits.max_texture_dimension_2d as usize {
        let side = plan.side;
        return Err(format!(
            "its side of {side} is more than the adapter's textures have"
        ));
    }
    for layer in &plan.layers {
        let most = layer.c_out / TOGETHER * plan.pictures;
        if candidates(layer, limits, plan.pictures).is_empty()
            || most > limits.max_compute_workgroups_per_dimension as usize
        {
            return Err(format!(
                "its workgroups are too small or too few for a layer of side {}",
                layer.side
            ));
        }
    }
    Ok(())
}

fn view(texture: &wgpu::Texture) -> wgpu::TextureView {
    texture.create_view(&wgpu::TextureViewDescriptor {
        dimension: Some(wgpu::TextureViewDimension::D2Array),
        ..Default::default()
    })
}

/// The texture that the last layer writes.
const PAINTED: Binding = wgpu::BindingType::StorageTexture {
    access: wgpu::StorageTextureAccess::WriteOnly,
    format: wgpu::TextureFormat::Rgba16Float,
    view_dimension: wgpu::TextureViewDimension::D2Array,
};

/// What the room's passes are called where somebody looks at the card.
const LABEL: &str = "painter";

fn layout<const N: usize>(
    gpu: &GpuContext,
    bindings: [(u32, Binding); N],
) -> wgpu::BindGroupLayout {
    gpu.layout(LABEL, wgpu::ShaderStages::COMPUTE, bindings)
}

fn compile(
    gpu: &GpuContext,
    layout: &wgpu::BindGroupLayout,
    source: String,
) -> wgpu::ComputePipeline {
    let descriptor = wgpu::ShaderModuleDescriptor {
        label: Some(LABEL),
        source: wgpu::ShaderSource::Wgsl(Cow::Owned(source)),
    };
    // SAFETY: without wgpu's checks a shader must keep within its buffers and end its loops. The
    // two shaders' indices follow from constants alone: `Tiling::fits` holds for every tiling
    // that is compiled, `Plan` sizes every buffer from the same numbers, and workgroups beyond
    // the picture return. Every loop counts up to a constant, but for that over the parts of the
    // colours before, which `Card::tell_parts` sets to no more than `Plan` has room for.
    let module = unsafe {
        gpu.device
            .create_shader_module_trusted(descriptor, wgpu::ShaderRuntimeChecks::unchecked())
    };
    gpu.computing(LABEL, layout, &module)
}
