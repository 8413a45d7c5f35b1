//! Pictures drawn by a graphics card on a surface of its own.
//!
//! The device is shared with those who paint, so no mistake made here may reach the context's list
//! of troubles, on which they give up: every call that can fail runs under error scopes.

use std::sync::Arc;

use winit::window::Window;

use super::fit::fit;
use super::presenter::{DrawnBy, Outcome, Presenter};
use crate::gpu::GpuContext;
use crate::render::Picture;

/// Formats that show a picture's bytes as they are, then those that encode what was decoded.
const FORMATS: [wgpu::TextureFormat; 4] = [
    wgpu::TextureFormat::Bgra8Unorm,
    wgpu::TextureFormat::Rgba8Unorm,
    wgpu::TextureFormat::Bgra8UnormSrgb,
    wgpu::TextureFormat::Rgba8UnormSrgb,
];

/// How often in a row the surface may have no picture free before it is given up; each time holds
/// up all other windows for a second.
const MOST_TIMEOUTS: u32 = 3;

/// Draws a window with a graphics card.
pub(super) struct Card {
    gpu: Arc<GpuContext>,
    window: Arc<Window>,
    surface: wgpu::Surface<'static>,
    configuration: wgpu::SurfaceConfiguration,
    /// Whether the surface has the size that `configuration` says.
    configured: bool,
    pipeline: wgpu::RenderPipeline,
    sampler: wgpu::Sampler,
    held: Option<Held>,
    timeouts: u32,
}

/// The last picture, on the card.
struct Held {
    size: [usize; 2],
    texture: wgpu::Texture,
    group: wgpu::BindGroup,
}

/// Runs `work` and answers with the first error of the device meanwhile, if there was one.
fn watched<T>(
    device: &wgpu::Device,
    work: impl FnOnce() -> Result<T, String>,
) -> Result<T, String> {
    let memory = device.push_error_scope(wgpu::ErrorFilter::OutOfMemory);
    let validation = device.push_error_scope(wgpu::ErrorFilter::Validation);
    let internal = device.push_error_scope(wgpu::ErrorFilter::Internal);
    let done = work();
    let errors = [internal.pop(), validation.pop(), memory.pop()].map(pollster::block_on);
    match errors.into_iter().flatten().next() {
        Some(error) => Err(error.to_string()),
        None => done,
    }
}

impl Card {
    /// # Errors
    /// When the card cannot draw on this window, in words.
    pub(super) fn new(gpu: Arc<GpuContext>, window: &Arc<Window>) -> Result<Self, String> {
        if let Some(reason) = gpu.lost() {
            return Err(reason);
        }
        let surface = gpu
            .instance
            .create_surface(Arc::clone(window))
            .map_err(|error| error.to_string())?;
        let offered = surface.get_capabilities(&gpu.adapter);
        let format = FORMATS
            .into_iter()
            .find(|format| offered.formats.contains(format))
            .ok_or("it cannot draw on this display")?;
        // Neither tears. One thread draws all windows, so none may wait for its display: with
        // mailbox, none does. Pictures come at the painter's pace, not at the card's.
        let mailbox = wgpu::PresentMode::Mailbox;
        let present_mode = if offered.present_modes.contains(&mailbox) {
            mailbox
        } else {
            wgpu::PresentMode::Fifo
        };
        let opaque = wgpu::CompositeAlphaMode::Opaque;
        let alpha_mode = if offered.alpha_modes.contains(&opaque) {
            opaque
        } else {
            wgpu::CompositeAlphaMode::Auto
        };
        let configuration = wgpu::SurfaceConfiguration {
            usage: wgpu::TextureUsages::RENDER_ATTACHMENT,
            format,
            color_space: wgpu::SurfaceColorSpace::Auto,
            width: 1,
            height: 1,
            desired_maximum_frame_latency: 2,
            present_mode,
            alpha_mode,
            view_formats: Vec::new(),
        };
        let pipeline = watched(&gpu.device, || Ok(pipeline(&gpu.device, format)))?;
        let sampler = gpu.device.create_sampler(&wgpu::SamplerDescriptor {
            label: Some("window"),
            mag_filter: wgpu::FilterMode::Linear,
            min_filter: wgpu::FilterMode::Linear,
            ..Default::default()
        });
        Ok(Self {
            gpu,
            window: Arc::clone(window),
            surface,
            configuration,
            configured: false,
            pipeline,
            sampler,
            held: None,
            timeouts: 0,
        })
    }

    /// Gives the surface the window's size.
    fn configure(&mut self, size: [u32; 2]) -> Result<(), String> {
        let most = self.gpu.device.limits().max_texture_dimension_2d;
        if size[0].max(size[1]) > most {
            return Err(format!("the window is larger than {most} pixels"));
        }
        [self.configuration.width, self.configuration.height] = size;
        watched(&self.gpu.device, || {
            self.surface
                .configure(&self.gpu.device, &self.configuration);
            Ok(())
        })?;
        self.configured = true;
        Ok(())
    }

    /// The next free picture of the surface; `None` when it has none for this window now.
    fn free(&mut self, size: [u32; 2]) -> Result<Option<wgpu::SurfaceTexture>, String> {
        if !self.configured || [self.configuration.width, self.configuration.height] != size {
            self.configure(size)?;
        }
        // A surface that has just been configured may be outdated again while a window is resized,
        // and is then drawn for the size that comes.
        for _ in 0..2 {
            let next = watched(&self.gpu.device, || Ok(self.surface.get_current_texture()))?;
            match next {
                wgpu::CurrentSurfaceTexture::Success(texture) => {
                    self.timeouts = 0;
                    return Ok(Some(texture));
                }
                wgpu::CurrentSurfaceTexture::Suboptimal(texture) => {
                    self.timeouts = 0;
                    self.configured = false;
                    return Ok(Some(texture));
                }
                wgpu::CurrentSurfaceTexture::Outdated => self.configure(size)?,
                wgpu::CurrentSurfaceTexture::Occluded => return Ok(None),
                wgpu::CurrentSurfaceTexture::Timeout => {
                    self.timeouts += 1;
                    return if self.timeouts < MOST_TIMEOUTS {
                        Ok(None)
                    } else {
                        Err("the display takes no more pictures from it".to_owned())
                    };
                }
                wgpu::CurrentSurfaceTexture::Lost => {
                    return Err("the window's surface was lost".to_owned());
                }
                wgpu::CurrentSurfaceTexture::Validation => {
                    return Err("the window's surface cannot be drawn on".to_owned());
                }
            }
        }
        Ok(None)
    }

    /// Brings `picture` to the card.
    fn upload(&mut self, picture: &Picture) -> Result<(), String> {
        let size = picture.size();
        let most = self.gpu.device.limits().max_texture_dimension_2d as usize;
        if size[0].max(size[1]) > most {
            return Err(format!("the picture is larger than {most} pixels"));
        }
        if self.held.as_ref().is_none_or(|held| held.size != size) {
            self.held = Some(self.hold(size));
        }
        let pixels = picture.pixels().map_err(|error| error.to_string())?;
        if let Some(held) = &self.held {
            let row = wgpu::TexelCopyBufferLayout {
                offset: 0,
                bytes_per_row: Some(4 * size[0] as u32),
                rows_per_image: None,
            };
            let texture = held.texture.as_image_copy();
            let extent = held.texture.size();
            self.gpu
                .queue
                .write_texture(texture, &pixels.rgba, row, extent);
        }
        Ok(())
    }

    /// Room for a picture of `size` pixels.
    fn hold(&self, size: [usize; 2]) -> Held {
        // A surface that encodes gets decoded colours, so that the bytes come out as they went in.
        let format = if self.configuration.format.is_srgb() {
            wgpu::TextureFormat::Rgba8UnormSrgb
        } else {
            wgpu::TextureFormat::Rgba8Unorm
        };
        let texture = self.gpu.device.create_texture(&wgpu::TextureDescriptor {
            label: Some("window's picture"),
            size: wgpu::Extent3d {
                width: size[0] as u32,
                height: size[1] as u32,
                depth_or_array_layers: 1,
            },
            mip_level_count: 1,
            sample_count: 1,
            dimension: wgpu::TextureDimension::D2,
            format,
            usage: wgpu::TextureUsages::TEXTURE_BINDING | wgpu::TextureUsages::COPY_DST,
            view_formats: &[],
        });
        let view = texture.create_view(&wgpu::TextureViewDescriptor::default());
        let group = self
            .gpu
            .device
            .create_bind_group(&wgpu::BindGroupDescriptor {
                label: Some("window"),
                layout: &self.pipeline.get_bind_group_layout(0),
                entries: &[
                    wgpu::BindGroupEntry {
                        binding: 0,
                        resource: wgpu::BindingResource::TextureView(&view),
                    },
                    wgpu::BindGroupEntry {
                        binding: 1,
                        resource: wgpu::BindingResource::Sampler(&self.sampler),
                    },
                ],
            });
        Held {
            size,
            texture,
            group,
        }
    }

    /// Draws what is held, on black.
    fn draw(&self, target: &wgpu::Texture, size: [u32; 2]) {
        let view = target.create_view(&wgpu::TextureViewDescriptor::default());
        let mut encoder = self
            .gpu
            .device
            .create_command_encoder(&wgpu::CommandEncoderDescriptor::default());
        {
            let mut pass = encoder.begin_render_pass(&wgpu::RenderPassDescriptor {
                label: Some("window"),
                color_attachments: &[Some(wgpu::RenderPassColorAttachment {
                    view: &view,
                    depth_slice: None,
                    resolve_target: None,
                    ops: wgpu::Operations {
                        load: wgpu::LoadOp::Clear(wgpu::Color::BLACK),
                        store: wgpu::StoreOp::Store,
                    },
                })],
                ..Default::default()
            });
            if let Some(held) = &self.held {
                let part = fit(held.size.map(|side| side as u32), size);
                let [left, top, width, height] =
                    [part.left, part.top, part.width, part.height].map(|x| x as f32);
                pass.set_viewport(left, top, width, height, 0.0, 1.0);
                pass.set_pipeline(&self.pipeline);
                pass.set_bind_group(0, &held.group, &[]);
                pass.draw(0..3, 0..1);
            }
        }
        self.gpu.queue.submit([encoder.finish()]);
    }
}

/// The pass of `shaders/window.wgsl` on a surface of `format`.
fn pipeline(device: &wgpu::Device, format: wgpu::TextureFormat) -> wgpu::RenderPipeline {
    let module = device.create_shader_module(wgpu::ShaderModuleDescriptor {
        label: Some("window"),
        source: wgpu::ShaderSource::Wgsl(include_str!("../../../shaders/window.wgsl").into()),
    });
    device.create_render_pipeline(&wgpu::RenderPipelineDescriptor {
        label: Some("window"),
        layout: None,
        vertex: wgpu::VertexState {
            module: &module,
            entry_point: Some("vertex"),
            compilation_options: Default::default(),
            buffers: &[],
        },
        fragment: Some(wgpu::FragmentState {
            module: &module,
            entry_point: Some("fragment"),
            compilation_options: Default::default(),
            targets: &[Some(format.into())],
        }),
        primitive: wgpu::PrimitiveState::default(),
        depth_stencil: None,
        multisample: wgpu::MultisampleState::default(),
        multiview_mask: None,
        cache: None,
    })
}

impl Presenter for Card {
    fn present(
        &mut self,
        picture: Option<&Picture>,
        fresh: bool,
        size: [u32; 2],
    ) -> Result<Outcome, String> {
        if let Some(reason) = self.gpu.lost() {
            return Err(reason);
        }
        let Some(free) = self.free(size)? else {
            return Ok(Outcome::NotNow);
        };
        let gpu = Arc::clone(&self.gpu);
        watched(&gpu.device, || {
            match picture {
                Some(picture) if fresh || self.held.is_none() => self.upload(picture)?,
                Some(_) => {}
                None => self.held = None,
            }
            self.draw(&free.texture, size);
            self.window.pre_present_notify();
            gpu.queue.present(free);
            Ok(Outcome::Shown)
        })
    }

    fn drawn_by(&self) -> DrawnBy {
        DrawnBy::Card
    }
}
