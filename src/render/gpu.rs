//! Rendering on a graphics card: base coat, strokes, relief, view, and where there are trails,
//! glow and trails.
//!
//! The plan of a picture (which strokes, which view, which grade) is the processor's; what
//! [`CpuRenderer`](super::CpuRenderer) paints in bands, the card paints by blending a quad for
//! each stroke. With [`Quality::Light`] both show the same picture within rounding. Each shader
//! in `shaders/` says what it reads, writes and costs.

use std::sync::Arc;

use wgpu::util::DeviceExt;

use super::brush::marks;
use super::grade::Grading;
use super::relief::{Relief, Weave};
use super::sketch::Sketch;
use super::stroke::Stroke;
use super::view::View;
use super::{Picture, RenderError, Renderer, canvas_side, cpu, trails};
use crate::gan::Image;
use crate::gpu::GpuContext;
use crate::show::Scene;

/// How much paint a picture gets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Quality {
    /// What the processor paints: for software adapters.
    Light,
    /// A canvas finer than the output, and one more layer of fine strokes.
    Rich,
}

impl Quality {
    /// What the adapter of `context` can be trusted with.
    pub fn of(context: &GpuContext) -> Self {
        if context.is_software() {
            Self::Light
        } else {
            Self::Rich
        }
    }

    fn canvas_side(self, width: usize, height: usize) -> usize {
        match self {
            Self::Light => canvas_side(width, height),
            // A fifth of the paint's memory goes at 4K to what is seen of it: 4096 is enough.
            Self::Rich => (width.max(height) * 5).div_ceil(4).clamp(64, 4096),
        }
    }

    fn layers(self) -> usize {
        match self {
            Self::Light => cpu::LAYERS,
            Self::Rich => cpu::LAYERS + 1,
        }
    }
}

/// What all shaders know of a picture; each of them declares the same struct.
#[repr(C)]
#[derive(Clone, Copy, bytemuck::Pod, bytemuck::Zeroable)]
struct Frame {
    view: View,
    grading: Grading,
    relief: Relief,
    /// Canvas side, image side, trail decay of 65536, weave tile.
    sizes: [u32; 4],
}

const COLOUR: wgpu::TextureFormat = wgpu::TextureFormat::Rgba16Float;
const HEIGHT: wgpu::TextureFormat = wgpu::TextureFormat::R16Float;
const CANVAS: wgpu::TextureFormat = wgpu::TextureFormat::Rgb10a2Unorm;
const PICTURE: wgpu::TextureFormat = wgpu::TextureFormat::Rgba8Unorm;
const IMAGE: wgpu::TextureFormat = wgpu::TextureFormat::Rgba32Float;

/// Renders on a graphics card.
pub struct GpuRenderer {
    context: Arc<GpuContext>,
    sketch: Sketch,
    tile: usize,
    frame: wgpu::Buffer,
    strokes: wgpu::Buffer,
    colour: wgpu::TextureView,
    height: wgpu::TextureView,
    canvas: wgpu::TextureView,
    /// The picture without trails, and with them.
    fresh: wgpu::Texture,
    shown: wgpu::Texture,
    /// Light of past pictures in cells: each picture reads one and writes the other.
    lights: [wgpu::TextureView; 2],
    /// What of the light is not the newest picture's own.
    past: wgpu::TextureView,
    readback: wgpu::Buffer,
    /// Bytes of a row in `readback`.
    pitch: usize,
    base: wgpu::RenderPipeline,
    paint: Pass,
    relief: Pass,
    view: Pass,
    glow: wgpu::RenderPipeline,
    /// For reading either of `lights`.
    glow_groups: [wgpu::BindGroup; 2],
    trails: Pass,
    /// The image's texture, bound for the base coat; made anew when its size changes.
    image: Option<ImageTexture>,
    texels: Vec<f32>,
    /// Whether the newest light is the first of `lights`.
    first_is_newest: bool,
    /// Whether there is past light at all.
    has_past: bool,
}

struct Pass {
    pipeline: wgpu::RenderPipeline,
    group: wgpu::BindGroup,
}

struct ImageTexture {
    side: usize,
    texture: wgpu::Texture,
    group: wgpu::BindGroup,
}

impl GpuRenderer {
    /// A renderer of pictures of `width` by `height` pixels (at least one of each).
    ///
    /// # Errors
    /// When the card has no textures of that size, or is lost.
    pub fn new(
        context: Arc<GpuContext>,
        width: usize,
        height: usize,
        quality: Quality,
    ) -> Result<Self, RenderError> {
        let size = [width.max(1), height.max(1)];
        let most = context.limits.max_texture_dimension_2d as usize;
        if size[0].max(size[1]) > most {
            return Err(RenderError::TooLarge {
                width,
                height,
                most,
            });
        }
        let side = quality.canvas_side(size[0], size[1]).min(most);
        let sketch = Sketch::new(size, side, quality.layers());
        let device = &context.device;

        let frame = device.create_buffer(&wgpu::BufferDescriptor {
            label: Some("frame"),
            size: size_of::<Frame>() as u64,
            usage: wgpu::BufferUsages::UNIFORM | wgpu::BufferUsages::COPY_DST,
            mapped_at_creation: false,
        });
        let strokes = device.create_buffer(&wgpu::BufferDescriptor {
            label: Some("strokes"),
            size: (sketch.most_strokes() * size_of::<Stroke>()) as u64,
            usage: wgpu::BufferUsages::VERTEX | wgpu::BufferUsages::COPY_DST,
            mapped_at_creation: false,
        });
        let colour = target(device, "colour", [side; 2], COLOUR);
        let height = target(device, "height", [side; 2], HEIGHT);
        let canvas = target(device, "canvas", [side; 2], CANVAS);
        let fresh = target(device, "picture without trails", size, PICTURE);
        let shown = target(device, "picture", size, PICTURE);
        let cells = size.map(|pixels| pixels.div_ceil(trails::CELL));
        let [light, other_light, past] = ["light", "other light", "past"].map(|label| {
            let texture = target(device, label, cells, PICTURE);
            texture.create_view(&Default::default())
        });
        let lights = [light, other_light];
        let [colour, height, canvas] =
            [colour, height, canvas].map(|texture| texture.create_view(&Default::default()));
        let pitch = (size[0] * 4).next_multiple_of(wgpu::COPY_BYTES_PER_ROW_ALIGNMENT as usize);
        let readback = device.create_buffer(&wgpu::BufferDescriptor {
            label: Some("readback"),
            size: (pitch * size[1]) as u64,
            usage: wgpu::BufferUsages::MAP_READ | wgpu::BufferUsages::COPY_DST,
            mapped_at_creation: false,
        });

        let [mark_places, mark_texels] = mark_buffers(device, side, quality.layers());
        let weave = Weave::new(side);
        let weave_texture = weave_texture(&context, &weave, side);

        let fills = [COLOUR, HEIGHT].map(|format| Some(format.into()));
        let base = pipeline(
            device,
            "base",
            wgpu::include_wgsl!("../../shaders/base.wgsl"),
            &[],
            &fills,
        );
        let over = |format| {
            Some(wgpu::ColorTargetState {
                format,
                blend: Some(wgpu::BlendState::ALPHA_BLENDING),
                write_mask: wgpu::ColorWrites::ALL,
            })
        };
        let paint = pipeline(
            device,
            "strokes",
            wgpu::include_wgsl!("../../shaders/strokes.wgsl"),
            &[Some(wgpu::VertexBufferLayout {
                array_stride: size_of::<Stroke>() as u64,
                step_mode: wgpu::VertexStepMode::Instance,
                attributes: &wgpu::vertex_attr_array![
                    0 => Float32x4, 1 => Float32x4, 2 => Float32x3, 3 => Float32, 4 => Float32x3,
                    5 => Uint32
                ],
            })],
            &[over(COLOUR), over(HEIGHT)],
        );
        let paint = Pass {
            group: bind(
                device,
                &paint,
                &[
                    mark_places.as_entire_binding(),
                    mark_texels.as_entire_binding(),
                ],
            ),
            pipeline: paint,
        };
        let relief = pipeline(
            device,
            "relief",
            wgpu::include_wgsl!("../../shaders/relief.wgsl"),
            &[],
            &[Some(CANVAS.into())],
        );
        let picture_of = wgpu::BindingResource::TextureView;
        let relief = Pass {
            group: bind(
                device,
                &relief,
                &[
                    frame.as_entire_binding(),
                    picture_of(&colour),
                    picture_of(&height),
                    picture_of(&weave_texture),
                ],
            ),
            pipeline: relief,
        };
        let view = pipeline(
            device,
            "view",
            wgpu::include_wgsl!("../../shaders/view.wgsl"),
            &[],
            &[Some(PICTURE.into())],
        );
        let view = Pass {
            group: bind(
                device,
                &view,
                &[frame.as_entire_binding(), picture_of(&canvas)],
            ),
            pipeline: view,
        };
        let glow = pipeline(
            device,
            "glow",
            wgpu::include_wgsl!("../../shaders/glow.wgsl"),
            &[],
            &[PICTURE, PICTURE].map(|format| Some(format.into())),
        );
        let fresh_view = fresh.create_view(&Default::default());
        let glow_groups = lights.each_ref().map(|light| {
            let resources = [
                frame.as_entire_binding(),
                picture_of(&fresh_view),
                picture_of(light),
            ];
            bind(device, &glow, &resources)
        });
        let trails = pipeline(
            device,
            "trails",
            wgpu::include_wgsl!("../../shaders/trails.wgsl"),
            &[],
            &[Some(PICTURE.into())],
        );
        let trails = Pass {
            group: bind(
                device,
                &trails,
                &[picture_of(&fresh_view), picture_of(&past)],
            ),
            pipeline: trails,
        };
        let renderer = Self {
            sketch,
            tile: weave.tile,
            frame,
            strokes,
            colour,
            height,
            canvas,
            fresh,
            shown,
            lights,
            past,
            readback,
            pitch,
            base,
            paint,
            relief,
            view,
            glow,
            glow_groups,
            trails,
            image: None,
            texels: Vec::new(),
            first_is_newest: true,
            has_past: false,
            context,
        };
        renderer.check()?;
        Ok(renderer)
    }

    fn check(&self) -> Result<(), RenderError> {
        self.context
            .lost()
            .map_or(Ok(()), |reason| Err(RenderError::Lost(reason)))
    }

    /// Sends the image to the card.
    fn upload(&mut self) {
        let ground = self.sketch.ground();
        let side = ground.side;
        let device = &self.context.device;
        let image = match self.image.take() {
            Some(image) if image.side == side => image,
            _ => {
                let texture = device.create_texture(&wgpu::TextureDescriptor {
                    label: Some("image"),
                    size: extent([side; 2]),
                    mip_level_count: 1,
                    sample_count: 1,
                    dimension: wgpu::TextureDimension::D2,
                    format: IMAGE,
                    usage: wgpu::TextureUsages::TEXTURE_BINDING | wgpu::TextureUsages::COPY_DST,
                    view_formats: &[],
                });
                let view = texture.create_view(&Default::default());
                let resources = [
                    self.frame.as_entire_binding(),
                    wgpu::BindingResource::TextureView(&view),
                ];
                let group = bind(device, &self.base, &resources);
                ImageTexture {
                    side,
                    texture,
                    group,
                }
            }
        };
        let [red, green, blue] = &ground.planes;
        self.texels.clear();
        for ((red, green), blue) in red.iter().zip(green).zip(blue) {
            self.texels.extend([*red, *green, *blue, 1.0]);
        }
        self.context.queue.write_texture(
            image.texture.as_image_copy(),
            bytemuck::cast_slice(&self.texels),
            wgpu::TexelCopyBufferLayout {
                offset: 0,
                bytes_per_row: Some((side * 16) as u32),
                rows_per_image: None,
            },
            extent([side; 2]),
        );
        self.image = Some(image);
    }

    /// Records the passes and the copy to `readback`. Light fades by `decay` of 65536.
    fn record(&self, decay: u32) -> wgpu::CommandBuffer {
        let mut encoder = self
            .context
            .device
            .create_command_encoder(&Default::default());
        let [left, top, right, bottom] = self.sketch.window.map(|edge| edge as u32);
        let canvas = [self.colour.clone(), self.height.clone()];
        {
            let mut pass = begin(&mut encoder, "paint", &canvas.each_ref());
            pass.set_scissor_rect(left, top, right - left, bottom - top);
            if let Some(image) = &self.image {
                pass.set_pipeline(&self.base);
                pass.set_bind_group(0, &image.group, &[]);
                pass.draw(0..3, 0..1);
            }
            pass.set_pipeline(&self.paint.pipeline);
            pass.set_bind_group(0, &self.paint.group, &[]);
            pass.set_vertex_buffer(0, self.strokes.slice(..));
            pass.draw(0..4, 0..self.sketch.strokes.len() as u32);
        }
        {
            let mut pass = begin(&mut encoder, "relief", &[&self.canvas]);
            pass.set_scissor_rect(left, top, right - left, bottom - top);
            pass.set_pipeline(&self.relief.pipeline);
            pass.set_bind_group(0, &self.relief.group, &[]);
            pass.draw(0..3, 0..1);
        }
        {
            let fresh = self.fresh.create_view(&Default::default());
            let mut pass = begin(&mut encoder, "view", &[&fresh]);
            pass.set_pipeline(&self.view.pipeline);
            pass.set_bind_group(0, &self.view.group, &[]);
            pass.draw(0..3, 0..1);
        }
        if decay > 0 {
            let [read, write] = if self.first_is_newest { [0, 1] } else { [1, 0] };
            if !self.has_past {
                begin(&mut encoder, "forget", &[&self.lights[read]]);
            }
            let mut pass = begin(&mut encoder, "glow", &[&self.lights[write], &self.past]);
            pass.set_pipeline(&self.glow);
            pass.set_bind_group(0, &self.glow_groups[read], &[]);
            pass.draw(0..3, 0..1);
            drop(pass);
            let shown = self.shown.create_view(&Default::default());
            let mut pass = begin(&mut encoder, "trails", &[&shown]);
            pass.set_pipeline(&self.trails.pipeline);
            pass.set_bind_group(0, &self.trails.group, &[]);
            pass.draw(0..3, 0..1);
        }
        let shown = if decay > 0 { &self.shown } else { &self.fresh };
        encoder.copy_texture_to_buffer(
            shown.as_image_copy(),
            wgpu::TexelCopyBufferInfo {
                buffer: &self.readback,
                layout: wgpu::TexelCopyBufferLayout {
                    offset: 0,
                    bytes_per_row: Some(self.pitch as u32),
                    rows_per_image: None,
                },
            },
            extent(self.sketch.size),
        );
        encoder.finish()
    }

    /// Waits for the picture and copies it out.
    fn fetch(&self, picture: &mut Picture) -> Result<(), RenderError> {
        let lost = |error: &dyn std::fmt::Display| RenderError::Lost(error.to_string());
        let slice = self.readback.slice(..);
        slice.map_async(wgpu::MapMode::Read, |_| ());
        self.context
            .device
            .poll(wgpu::PollType::wait_indefinitely())
            .map_err(|error| lost(&error))?;
        self.check()?;
        // A mapping that failed shows here: there is no range then.
        let range = slice.get_mapped_range().map_err(|error| lost(&error))?;
        let row = self.sketch.size[0] * 4;
        let pixels = picture.pixels_mut(self.sketch.size);
        for (from, to) in range.chunks(self.pitch).zip(pixels.rgba.chunks_mut(row)) {
            to.copy_from_slice(&from[..row]);
        }
        drop(range);
        self.readback.unmap();
        Ok(())
    }
}

impl Renderer for GpuRenderer {
    fn render(
        &mut self,
        scene: &Scene,
        image: &Image,
        dt: f32,
        picture: &mut Picture,
    ) -> Result<(), RenderError> {
        self.check()?;
        self.sketch.draw(scene, image);
        self.upload();
        let decay = trails::decay(scene.trails, dt);
        let frame = Frame {
            view: self.sketch.view,
            grading: self.sketch.grading,
            relief: self.sketch.relief,
            sizes: [
                self.sketch.side as u32,
                self.sketch.ground().side as u32,
                decay,
                self.tile as u32,
            ],
        };
        let queue = &self.context.queue;
        queue.write_buffer(&self.frame, 0, bytemuck::bytes_of(&frame));
        queue.write_buffer(&self.strokes, 0, bytemuck::cast_slice(&self.sketch.strokes));
        queue.submit([self.record(decay)]);
        self.first_is_newest = !self.first_is_newest;
        self.has_past = decay > 0;
        self.fetch(picture)
    }

    fn reset(&mut self) {
        self.has_past = false;
    }
}

fn extent([width, height]: [usize; 2]) -> wgpu::Extent3d {
    wgpu::Extent3d {
        width: width as u32,
        height: height as u32,
        depth_or_array_layers: 1,
    }
}

/// A texture that passes draw to and read from.
fn target(
    device: &wgpu::Device,
    label: &str,
    size: [usize; 2],
    format: wgpu::TextureFormat,
) -> wgpu::Texture {
    device.create_texture(&wgpu::TextureDescriptor {
        label: Some(label),
        size: extent(size),
        mip_level_count: 1,
        sample_count: 1,
        dimension: wgpu::TextureDimension::D2,
        format,
        usage: wgpu::TextureUsages::RENDER_ATTACHMENT
            | wgpu::TextureUsages::TEXTURE_BINDING
            | wgpu::TextureUsages::COPY_SRC,
        view_formats: &[],
    })
}

/// The table of all marks: where each begins, and its texels.
fn mark_buffers(device: &wgpu::Device, side: usize, layers: usize) -> [wgpu::Buffer; 2] {
    let mut places: Vec<[u32; 4]> = Vec::new();
    let mut texels = Vec::new();
    for mark in marks(side, layers) {
        places.push([
            texels.len() as u32,
            mark.columns as u32,
            mark.rows as u32,
            0,
        ]);
        texels.extend(mark.texels);
    }
    let buffer = |label, contents| {
        device.create_buffer_init(&wgpu::util::BufferInitDescriptor {
            label: Some(label),
            contents,
            usage: wgpu::BufferUsages::STORAGE,
        })
    };
    [
        buffer("places of marks", bytemuck::cast_slice(&places)),
        buffer("marks", bytemuck::cast_slice(&texels)),
    ]
}

/// One tile of the weave, as the relief shader reads it.
fn weave_texture(context: &GpuContext, weave: &Weave, side: usize) -> wgpu::TextureView {
    let tile = weave.tile;
    // A canvas narrower than a tile shows only its beginning.
    let width = tile.min(side);
    let texels: Vec<i8> = (0..tile)
        .flat_map(|y| weave.row(y, 0, width).iter())
        .map(|slope| (slope / 1.5 * 127.0).round() as i8)
        .collect();
    let texture = context.device.create_texture_with_data(
        &context.queue,
        &wgpu::TextureDescriptor {
            label: Some("weave"),
            size: extent([width, tile]),
            mip_level_count: 1,
            sample_count: 1,
            dimension: wgpu::TextureDimension::D2,
            format: wgpu::TextureFormat::R8Snorm,
            usage: wgpu::TextureUsages::TEXTURE_BINDING,
            view_formats: &[],
        },
        wgpu::util::TextureDataOrder::LayerMajor,
        bytemuck::cast_slice(&texels),
    );
    texture.create_view(&Default::default())
}

/// A pipeline of a shader's `vertex` and `fragment`. With vertex buffers it draws strips of
/// four (quads), without them one triangle that covers everything.
fn pipeline(
    device: &wgpu::Device,
    label: &str,
    shader: wgpu::ShaderModuleDescriptor,
    buffers: &[Option<wgpu::VertexBufferLayout>],
    targets: &[Option<wgpu::ColorTargetState>],
) -> wgpu::RenderPipeline {
    let module = device.create_shader_module(shader);
    device.create_render_pipeline(&wgpu::RenderPipelineDescriptor {
        label: Some(label),
        layout: None,
        vertex: wgpu::VertexState {
            module: &module,
            entry_point: Some("vertex"),
            compilation_options: Default::default(),
            buffers,
        },
        primitive: wgpu::PrimitiveState {
            topology: wgpu::PrimitiveTopology::TriangleStrip,
            ..Default::default()
        },
        depth_stencil: None,
        multisample: Default::default(),
        fragment: Some(wgpu::FragmentState {
            module: &module,
            entry_point: Some("fragment"),
            compilation_options: Default::default(),
            targets,
        }),
        multiview_mask: None,
        cache: None,
    })
}

/// Binds `resources` as numbers 0 and on of a pipeline's group 0.
fn bind(
    device: &wgpu::Device,
    pipeline: &wgpu::RenderPipeline,
    resources: &[wgpu::BindingResource],
) -> wgpu::BindGroup {
    let entries: Vec<_> = (0..)
        .zip(resources)
        .map(|(binding, resource)| wgpu::BindGroupEntry {
            binding,
            resource: resource.clone(),
        })
        .collect();
    device.create_bind_group(&wgpu::BindGroupDescriptor {
        label: None,
        layout: &pipeline.get_bind_group_layout(0),
        entries: &entries,
    })
}

/// Begins a pass that overwrites `targets`.
fn begin<'a>(
    encoder: &'a mut wgpu::CommandEncoder,
    label: &str,
    targets: &[&wgpu::TextureView],
) -> wgpu::RenderPass<'a> {
    let attachments: Vec<_> = targets
        .iter()
        .map(|view| {
            Some(wgpu::RenderPassColorAttachment {
                view,
                depth_slice: None,
                resolve_target: None,
                ops: wgpu::Operations {
                    load: wgpu::LoadOp::Clear(wgpu::Color::BLACK),
                    store: wgpu::StoreOp::Store,
                },
            })
        })
        .collect();
    encoder.begin_render_pass(&wgpu::RenderPassDescriptor {
        label: Some(label),
        color_attachments: &attachments,
        depth_stencil_attachment: None,
        timestamp_writes: None,
        occlusion_query_set: None,
        multiview_mask: None,
    })
}
