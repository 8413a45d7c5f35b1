//! Pictures drawn by a graphics card on a surface of its own.
//!
//! The device is shared with those who paint, so no mistake made here may reach the context's list
//! of troubles, on which they give up: every call that can fail runs under error scopes.

use std::sync::Arc;

use winit::window::Window;

use super::fit::fit;
use super::presenter::{DrawnBy, Outcome, Presenter};
use crate::gpu::pipeline::{SAMPLER, SMOOTH_TEXTURE, begin};
use crate::gpu::shaders::Shader;
use crate::gpu::{GpuContext, extent};
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

const SHADERS: [Shader; 2] = [
    Shader::named("shared/fullscreen.wgsl"),
    Shader::named("window.wgsl"),
];
const LABEL: &str = "window";

/// Draws a window with a graphics card.
pub(super) struct Card {
    gpu: Arc<GpuContext>,
    window: Arc<Window>,
    surface: wgpu::Surface<'static>,
    configuration: wgpu::SurfaceConfiguration,
    /// Whether the surface has the size that `configuration` says.
    configured: bool,
    layout: wgpu::BindGroupLayout,
    pipeline: wgpu::RenderPipeline,
    sampler: wgpu::Sampler,
    held: Option<Held>,
    timeouts: u32,
}

/// The last picture, on the card.
struct Held {
    texture: wgpu::Texture,
    group: wgpu::BindGroup,
    /// Whether it is the painter's own.
    on_loan: bool,
}

impl Held {
    /// Pixels across and down.
    fn size(&self) -> [usize; 2] {
        [self.texture.width(), self.texture.height()].map(|side| side as usize)
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
        let (layout, pipeline) = gpu.watched(|| {
            let stages = wgpu::ShaderStages::VERTEX_FRAGMENT;
            let layout = gpu.layout(LABEL, stages, [(0, SMOOTH_TEXTURE), (1, SAMPLER)]);
            let module = gpu.module(LABEL, &SHADERS.map(|shader| shader.text()).concat());
            let pipeline = gpu.drawing(LABEL, &layout, &module, &[Some(format.into())]);
            (layout, pipeline)
        })?;
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
            layout,
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
        self.gpu.watched(|| {
            self.surface
                .configure(&self.gpu.device, &self.configuration);
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
            let next = self.gpu.watched(|| self.surface.get_current_texture())?;
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

    /// Takes `picture` in: where it is on this card, its own texture, else a copy.
    fn take(&mut self, picture: &Picture) -> Result<(), String> {
        let size = picture.size();
        let most = self.gpu.device.limits().max_texture_dimension_2d as usize;
        if size[0].max(size[1]) > most {
            return Err(format!("the picture is larger than {most} pixels"));
        }
        let format = self.picture_format();
        if let Some(texture) = picture.on_card(&self.gpu) {
            self.held = Some(self.hold(texture.clone(), format, true));
            return Ok(());
        }
        let fits = |held: &Held| held.size() == size && !held.on_loan;
        if !self.held.as_ref().is_some_and(fits) {
            let texture = self.gpu.device.create_texture(&wgpu::TextureDescriptor {
                label: Some("window's picture"),
                size: extent(size),
                mip_level_count: 1,
                sample_count: 1,
                dimension: wgpu::TextureDimension::D2,
                format,
                usage: wgpu::TextureUsages::TEXTURE_BINDING | wgpu::TextureUsages::COPY_DST,
                view_formats: &[],
            });
            self.held = Some(self.hold(texture, format, false));
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
            self.gpu.count_upload();
            self.gpu
                .queue
                .write_texture(texture, &pixels.rgba, row, extent);
        }
        Ok(())
    }

    /// A surface that encodes gets decoded colours, so that the bytes come out as they went in.
    fn picture_format(&self) -> wgpu::TextureFormat {
        if self.configuration.format.is_srgb() {
            wgpu::TextureFormat::Rgba8UnormSrgb
        } else {
            wgpu::TextureFormat::Rgba8Unorm
        }
    }

    /// Binds a picture, read in `format`.
    fn hold(&self, texture: wgpu::Texture, format: wgpu::TextureFormat, on_loan: bool) -> Held {
        let view = texture.create_view(&wgpu::TextureViewDescriptor {
            format: Some(format),
            ..Default::default()
        });
        let resources = [
            (0, wgpu::BindingResource::TextureView(&view)),
            (1, wgpu::BindingResource::Sampler(&self.sampler)),
        ];
        let group = self.gpu.bind(LABEL, &self.layout, resources);
        Held {
            texture,
            group,
            on_loan,
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
            let mut pass = begin(&mut encoder, LABEL, &[&view], false);
            if let Some(held) = &self.held {
                let part = fit(held.size().map(|side| side as u32), size);
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
        let shown = gpu.watched(|| {
            match picture {
                Some(picture) if fresh || self.held.is_none() => self.take(picture)?,
                Some(_) => {}
                None => self.held = None,
            }
            self.draw(&free.texture, size);
            self.window.pre_present_notify();
            gpu.queue.present(free);
            Ok(Outcome::Shown)
        });
        shown?
    }

    fn drawn_by(&self) -> DrawnBy {
        DrawnBy::Card
    }
}
