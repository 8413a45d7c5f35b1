//! The painter on a graphics card: WGSL compute, all layers in one submission.
//!
//! Weights are uploaded once. For each picture the CPU computes the [`Styles`], a few per cent of
//! the work, and uploads them (some 30 KB); the card does every convolution. The picture stays on
//! the card as a texture and a buffer, and is read back only by [`Generator::sample`].

use std::borrow::Cow;
use std::sync::{Arc, mpsc};

use wgpu::util::{BufferInitDescriptor, DeviceExt};

use super::cpu::{Isa, LANES, Styles, padded};
use super::model::{Activation, Edges, Layer, Model, Range, Rgb, Source};
use super::{Generator, Image, Latent, SampleError};
use crate::gpu::GpuContext;

const UPSAMPLE: &str = include_str!("../../shaders/generator_upsample.wgsl");
const BLOCK: &str = include_str!("../../shaders/generator_block.wgsl");
const RGB: &str = include_str!("../../shaders/generator_rgb.wgsl");
const PICTURE: &str = include_str!("../../shaders/generator_picture.wgsl");

/// Side of the tiles of `generator_block.wgsl`, where the picture is no smaller.
const TILE: usize = 8;
/// Side of the workgroups of the passes that have an invocation for each pixel.
const PIXEL_GROUP: usize = 8;
/// Bytes of a pixel of four f32.
const PIXEL_BYTES: usize = 16;

/// Paints on a graphics device.
pub struct GpuGenerator {
    gpu: Arc<GpuContext>,
    styles: Styles,
    /// Where the styles go on the card: all layers' factors and gains, one after the other.
    style_buffer: wgpu::Buffer,
    start_buffer: wgpu::Buffer,
    /// `style_buffer`'s contents on their way.
    upload: Vec<f32>,
    passes: Vec<Pass>,
    side: usize,
    pixels: wgpu::Buffer,
    readback: wgpu::Buffer,
    texture: wgpu::Texture,
}

/// One dispatch.
struct Pass {
    pipeline: wgpu::ComputePipeline,
    bindings: wgpu::BindGroup,
    workgroups: [u32; 3],
}

impl GpuGenerator {
    /// Uploads a model's weights and compiles its passes.
    ///
    /// # Errors
    /// When the device has too little memory or refuses a shader.
    pub fn new(gpu: Arc<GpuContext>, model: &Model) -> Result<Self, SampleError> {
        let ours = |layer: &Layer| {
            layer.source != Source::Transposed
                && layer.style.is_some()
                && layer.activation == Activation::Leaky
                && layer.noise.is_empty()
                && matches!(layer.rgb, Some(Rgb { style: None, .. }))
        };
        let known = (model.edges, model.range) == (Edges::Repeat, Range::Tanh);
        if !known || !model.layers.iter().all(ours) {
            let architecture = &model.info.architecture;
            return Err(SampleError(format!(
                "it does not paint with models of the kind {architecture}"
            )));
        }
        let device = &gpu.device;
        let memory = device.push_error_scope(wgpu::ErrorFilter::OutOfMemory);
        let validity = device.push_error_scope(wgpu::ErrorFilter::Validation);
        let generator = Self::build(Arc::clone(&gpu), model);
        let invalid = pollster::block_on(validity.pop());
        let full = pollster::block_on(memory.pop());
        match full.or(invalid) {
            Some(error) => Err(SampleError(error.to_string())),
            None => gpu
                .lost()
                .map_or(Ok(generator), |why| Err(SampleError(why))),
        }
    }

    fn build(gpu: Arc<GpuContext>, model: &Model) -> Self {
        let device = &gpu.device;
        let styles = Styles::new(model, Isa::available()[0]);
        let offsets = StyleOffsets::of(&model.layers);
        let storage = wgpu::BufferUsages::STORAGE;
        let buffer = |numbers: usize, usage| {
            device.create_buffer(&wgpu::BufferDescriptor {
                label: Some("painter"),
                size: (numbers * size_of::<f32>()) as u64,
                usage,
                mapped_at_creation: false,
            })
        };
        let style_buffer = buffer(offsets.end, storage | wgpu::BufferUsages::COPY_DST);
        let start_buffer = buffer(styles.map.len(), storage | wgpu::BufferUsages::COPY_DST);
        let side = model.info.resolution;
        let pixels = buffer(side * side * 4, storage | wgpu::BufferUsages::COPY_SRC);
        let readback = buffer(
            side * side * 4,
            wgpu::BufferUsages::MAP_READ | wgpu::BufferUsages::COPY_DST,
        );
        let texture = device.create_texture(&wgpu::TextureDescriptor {
            label: Some("painted picture"),
            size: wgpu::Extent3d {
                width: side as u32,
                height: side as u32,
                depth_or_array_layers: 1,
            },
            mip_level_count: 1,
            sample_count: 1,
            dimension: wgpu::TextureDimension::D2,
            format: wgpu::TextureFormat::Rgba16Float,
            usage: wgpu::TextureUsages::STORAGE_BINDING | wgpu::TextureUsages::TEXTURE_BINDING,
            view_formats: &[],
        });

        let mut passes = Vec::new();
        let mut map = start_buffer.clone();
        // The first block has no picture before it, and does not read this.
        let mut rgb = buffer(4, storage);
        for (i, block) in model.layers.iter().enumerate() {
            let shape = Shape::new(block);
            let features = buffer(shape.side * shape.side * shape.c_out, storage);
            passes.push(shape.convolution(
                device,
                block,
                &offsets.layers[i],
                [&map, &style_buffer, &features],
            ));
            let picture = buffer(shape.side * shape.side * 4, storage);
            passes.push(shape.colours(device, block, [&features, &rgb, &picture]));
            (map, rgb) = (features, picture);
        }
        passes.push(finished_picture(device, side, [&rgb, &pixels], &texture));
        Self {
            upload: Vec::with_capacity(offsets.end),
            gpu,
            styles,
            style_buffer,
            start_buffer,
            passes,
            side,
            pixels,
            readback,
            texture,
        }
    }

    /// Paints `latent` and leaves the picture on the card. Returns when the work is submitted;
    /// whatever is submitted to the same queue afterwards sees it finished.
    ///
    /// # Errors
    /// When the device is lost.
    pub fn paint(&mut self, latent: &Latent) -> Result<(), SampleError> {
        let encoder = self.encode(latent);
        self.submit(encoder)
    }

    /// The last picture: `side` by `side`, sRGB-encoded colours from 0 to 1 in 16-bit floats.
    pub fn texture(&self) -> &wgpu::Texture {
        &self.texture
    }

    /// The last picture as `[side, side, 4]` f32, sRGB-encoded, 0 to 1.
    pub fn buffer(&self) -> &wgpu::Buffer {
        &self.pixels
    }

    /// The device that it paints on.
    pub fn gpu(&self) -> &Arc<GpuContext> {
        &self.gpu
    }

    fn encode(&mut self, latent: &Latent) -> wgpu::CommandEncoder {
        self.styles.compute(latent);
        self.upload.clear();
        for (factors, gains) in self.styles.factors.iter().zip(&self.styles.gains) {
            self.upload.extend_from_slice(factors);
            self.upload.extend_from_slice(gains);
        }
        let queue = &self.gpu.queue;
        queue.write_buffer(&self.style_buffer, 0, bytemuck::cast_slice(&self.upload));
        queue.write_buffer(
            &self.start_buffer,
            0,
            bytemuck::cast_slice(&self.styles.map),
        );
        let mut encoder = self.gpu.device.create_command_encoder(&Default::default());
        let mut compute = encoder.begin_compute_pass(&Default::default());
        for pass in &self.passes {
            let [x, y, z] = pass.workgroups;
            compute.set_pipeline(&pass.pipeline);
            compute.set_bind_group(0, &pass.bindings, &[]);
            compute.dispatch_workgroups(x, y, z);
        }
        drop(compute);
        encoder
    }

    fn submit(&self, encoder: wgpu::CommandEncoder) -> Result<(), SampleError> {
        self.gpu.queue.submit([encoder.finish()]);
        self.gpu.lost().map_or(Ok(()), |why| Err(SampleError(why)))
    }
}

impl Generator for GpuGenerator {
    fn side(&self) -> usize {
        self.side
    }

    fn sample(&mut self, latent: &Latent, image: &mut Image) -> Result<(), SampleError> {
        let mut encoder = self.encode(latent);
        let size = self.pixels.size();
        encoder.copy_buffer_to_buffer(&self.pixels, 0, &self.readback, 0, size);
        self.submit(encoder)?;

        let lost = |error: &dyn std::fmt::Display| {
            SampleError(self.gpu.lost().unwrap_or_else(|| error.to_string()))
        };
        let (send, receive) = mpsc::channel();
        self.readback
            .map_async(wgpu::MapMode::Read, .., move |mapped| {
                // The receiver is gone only if waiting failed, which is reported there.
                let _ = send.send(mapped);
            });
        let device = &self.gpu.device;
        device
            .poll(wgpu::PollType::wait_indefinitely())
            .map_err(|error| lost(&error))?;
        let mapped = receive.recv().map_err(|error| lost(&error))?;
        mapped.map_err(|error| lost(&error))?;
        let view = self
            .readback
            .get_mapped_range(..)
            .map_err(|error| lost(&error))?;
        image.side = self.side;
        image.pixels.clear();
        for pixel in view.chunks_exact(PIXEL_BYTES) {
            let colours = pixel.chunks_exact(4).take(3);
            image
                .pixels
                .extend(colours.map(|c| f32::from_le_bytes([c[0], c[1], c[2], c[3]])));
        }
        drop(view);
        self.readback.unmap();
        Ok(())
    }
}

/// Where each layer's factors and gains lie in the style buffer, in numbers.
struct StyleOffsets {
    /// Factors, gains.
    layers: Vec<[usize; 2]>,
    end: usize,
}

impl StyleOffsets {
    fn of(blocks: &[Layer]) -> Self {
        let mut end = 0;
        let layers = blocks
            .iter()
            .map(|block| {
                let factors = end;
                let gains = factors + padded(block.c_in);
                end = gains + padded(block.c_out);
                [factors, gains]
            })
            .collect();
        Self { layers, end }
    }
}

/// The sizes that a block's shaders are compiled for.
struct Shape {
    c_in: usize,
    c_out: usize,
    side: usize,
    from_side: usize,
}

impl Shape {
    fn new(block: &Layer) -> Self {
        Self {
            c_in: padded(block.c_in),
            c_out: padded(block.c_out),
            side: block.side,
            from_side: block.source.input_side(block.side),
        }
    }

    /// Output channels of a workgroup: two vectors of lanes where they divide the channels.
    fn channels(&self) -> usize {
        if self.c_out.is_multiple_of(2 * LANES) {
            2 * LANES
        } else {
            LANES
        }
    }

    fn tile(&self) -> usize {
        TILE.min(self.side)
    }

    /// Shader text: the constants, then the upsampling, then `shader`.
    fn source(&self, shader: &str, offsets: &[usize; 2]) -> String {
        let constants = [
            ("C_IN", self.c_in),
            ("C_OUT", self.c_out),
            ("SIDE", self.side),
            ("FROM_SIDE", self.from_side),
            ("TILE", self.tile()),
            ("CHANNELS", self.channels()),
            ("FACTORS", offsets[0] / 4),
            ("GAINS", offsets[1] / 4),
        ];
        let mut source = format!("const SLOPE = {:?};\n", Activation::Leaky.slope());
        for (name, value) in constants {
            source += &format!("const {name} = {value}u;\n");
        }
        source + UPSAMPLE + shader
    }

    fn convolution(
        &self,
        device: &wgpu::Device,
        block: &Layer,
        offsets: &[usize; 2],
        [map, styles, features]: [&wgpu::Buffer; 3],
    ) -> Pass {
        let channels = self.channels();
        let mut weights = vec![0.0f32; self.c_out * self.c_in * 9];
        let mut biases = vec![0.0f32; self.c_out];
        for output in 0..block.c_out {
            biases[output] = block.bias[output] * block.activation.gain();
            for input in 0..block.c_in {
                let kernel = &block.weights[(output * block.c_in + input) * 9..][..9];
                let start = (output / channels * self.c_in + input) * 9 * channels;
                for (tap, weight) in kernel.iter().enumerate() {
                    weights[start + tap * channels + output % channels] = *weight;
                }
            }
        }
        let (weights, biases) = (upload(device, &weights), upload(device, &biases));
        let tiles = (self.side / self.tile()) as u32;
        let workgroups = [tiles, tiles, (self.c_out / channels) as u32];
        let buffers =
            [map, &weights, &biases, styles, features].map(wgpu::Buffer::as_entire_binding);
        pass(device, self.source(BLOCK, offsets), &buffers, workgroups)
    }

    fn colours(
        &self,
        device: &wgpu::Device,
        block: &Layer,
        [features, before, rgb]: [&wgpu::Buffer; 3],
    ) -> Pass {
        let mut weights = vec![0.0f32; 3 * self.c_out + 4];
        if let Some(rgb) = &block.rgb {
            for (colour, row) in rgb.dense.weight.chunks_exact(block.c_out).enumerate() {
                weights[colour * self.c_out..][..block.c_out].copy_from_slice(row);
            }
            weights[3 * self.c_out..][..3].copy_from_slice(&rgb.dense.bias);
        }
        let weights = upload(device, &weights);
        let buffers = [features, &weights, before, rgb].map(wgpu::Buffer::as_entire_binding);
        pass(
            device,
            self.source(RGB, &[0, 0]),
            &buffers,
            pixel_groups(self.side),
        )
    }
}

/// The pass that turns the last layer's sum into the picture.
fn finished_picture(
    device: &wgpu::Device,
    side: usize,
    buffers: [&wgpu::Buffer; 2],
    texture: &wgpu::Texture,
) -> Pass {
    let source = format!("const SIDE = {side}u;\n{PICTURE}");
    let view = texture.create_view(&Default::default());
    let [rgb, pixels] = buffers.map(wgpu::Buffer::as_entire_binding);
    let resources = [rgb, pixels, wgpu::BindingResource::TextureView(&view)];
    pass(device, source, &resources, pixel_groups(side))
}

/// Workgroups of a pass that has an invocation for each pixel.
fn pixel_groups(side: usize) -> [u32; 3] {
    let groups = side.div_ceil(PIXEL_GROUP) as u32;
    [groups, groups, 1]
}

fn upload(device: &wgpu::Device, numbers: &[f32]) -> wgpu::Buffer {
    device.create_buffer_init(&BufferInitDescriptor {
        label: Some("painter's weights"),
        contents: bytemuck::cast_slice(numbers),
        usage: wgpu::BufferUsages::STORAGE,
    })
}

/// Compiles `source` and binds `resources` in order.
fn pass(
    device: &wgpu::Device,
    source: String,
    resources: &[wgpu::BindingResource],
    workgroups: [u32; 3],
) -> Pass {
    let module = device.create_shader_module(wgpu::ShaderModuleDescriptor {
        label: Some("painter"),
        source: wgpu::ShaderSource::Wgsl(Cow::Owned(source)),
    });
    let pipeline = device.create_compute_pipeline(&wgpu::ComputePipelineDescriptor {
        label: Some("painter"),
        layout: None,
        module: &module,
        entry_point: Some("main"),
        compilation_options: Default::default(),
        cache: None,
    });
    let entries: Vec<_> = resources
        .iter()
        .enumerate()
        .map(|(binding, resource)| wgpu::BindGroupEntry {
            binding: binding as u32,
            resource: resource.clone(),
        })
        .collect();
    let bindings = device.create_bind_group(&wgpu::BindGroupDescriptor {
        label: Some("painter"),
        layout: &pipeline.get_bind_group_layout(0),
        entries: &entries,
    });
    Pass {
        pipeline,
        bindings,
        workgroups,
    }
}
