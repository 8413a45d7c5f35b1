//! What passes read and write, on the card.

use std::collections::BTreeMap;

use wgpu::util::DeviceExt;

use crate::gpu::{GpuContext, extent};
use crate::render::passes::{Kind, Resource, Sizes};

/// A resource on the card.
enum Held {
    /// The newest, and for whoever looks back the one before.
    Textures([wgpu::TextureView; 2]),
    Buffer(wgpu::Buffer),
}

/// All resources of a renderer.
#[derive(Default)]
pub struct Stock {
    held: BTreeMap<&'static str, ([usize; 3], Held)>,
}

impl Stock {
    /// Makes a resource for `sizes`, unless it is there. A texture that passes look back at is
    /// there twice.
    pub fn fit(&mut self, gpu: &GpuContext, resource: &Resource, sizes: &Sizes, looked_back: bool) {
        let measure = measure(resource, sizes);
        let fits = |(held, _): &([usize; 3], Held)| *held == measure;
        if self.held.get(resource.name).is_some_and(fits) {
            return;
        }
        if let Some(made) = make(gpu, resource, sizes, looked_back) {
            self.held.insert(resource.name, (measure, made));
        }
    }

    /// A texture as it is now.
    pub fn texture(&self, resource: &Resource) -> &wgpu::TextureView {
        &self.textures(resource)[0]
    }

    /// A texture as the picture before left it.
    pub fn past(&self, resource: &Resource) -> &wgpu::TextureView {
        &self.textures(resource)[1]
    }

    fn textures(&self, resource: &Resource) -> &[wgpu::TextureView; 2] {
        match self.held.get(resource.name) {
            Some((_, Held::Textures(textures))) => textures,
            _ => panic!("no texture {} was made", resource.name),
        }
    }

    /// A buffer.
    pub fn buffer(&self, resource: &Resource) -> &wgpu::Buffer {
        match self.held.get(resource.name) {
            Some((_, Held::Buffer(buffer))) => buffer,
            _ => panic!("no buffer {} was made", resource.name),
        }
    }

    /// What is there of a texture becomes what the picture before left.
    pub fn turn(&mut self, resource: &Resource) {
        if let Some((_, Held::Textures(textures))) = self.held.get_mut(resource.name) {
            textures.swap(0, 1);
        }
    }
}

/// What a resource is made for; while that stays the same, it does.
fn measure(resource: &Resource, sizes: &Sizes) -> [usize; 3] {
    match &resource.kind {
        Kind::Texture(_, size) => {
            let [width, height] = size(sizes);
            [width, height, 0]
        }
        Kind::Buffer(_, count) => [count(sizes), 0, 0],
        Kind::Table(..) | Kind::Pattern(..) => [sizes.canvas, sizes.image, sizes.layers],
        Kind::Image | Kind::Stencil => [0; 3],
    }
}

fn make(gpu: &GpuContext, resource: &Resource, sizes: &Sizes, looked_back: bool) -> Option<Held> {
    let label = Some(resource.name);
    let usage = wgpu::BufferUsages::STORAGE;
    match &resource.kind {
        Kind::Texture(format, size) => {
            let make = || drawn(gpu, resource.name, size(sizes), *format);
            let first = make();
            let second = if looked_back { make() } else { first.clone() };
            Some(Held::Textures([first, second]))
        }
        Kind::Pattern(format, contents) => {
            let (size, texels) = contents(sizes);
            let usage = wgpu::TextureUsages::TEXTURE_BINDING;
            let order = wgpu::util::TextureDataOrder::LayerMajor;
            let description = description(resource.name, size, *format, usage);
            let device = &gpu.device;
            let texture = device.create_texture_with_data(&gpu.queue, &description, order, &texels);
            let view = texture.create_view(&Default::default());
            Some(Held::Textures([view.clone(), view]))
        }
        Kind::Buffer(element, count) => {
            let description = wgpu::BufferDescriptor {
                label,
                size: (element.size * count(sizes).max(1)) as u64,
                usage: usage | wgpu::BufferUsages::COPY_SRC,
                mapped_at_creation: false,
            };
            Some(Held::Buffer(gpu.device.create_buffer(&description)))
        }
        Kind::Table(_, contents) => Some(Held::Buffer(gpu.filled(resource.name, &contents(sizes)))),
        Kind::Image | Kind::Stencil => None,
    }
}

/// A texture that passes draw and read.
pub fn drawn(
    gpu: &GpuContext,
    name: &'static str,
    size: [usize; 2],
    format: wgpu::TextureFormat,
) -> wgpu::TextureView {
    let usage = wgpu::TextureUsages::RENDER_ATTACHMENT | wgpu::TextureUsages::TEXTURE_BINDING;
    let description = description(name, size, format, usage);
    let texture = gpu.device.create_texture(&description);
    texture.create_view(&Default::default())
}

fn description(
    name: &'static str,
    size: [usize; 2],
    format: wgpu::TextureFormat,
    usage: wgpu::TextureUsages,
) -> wgpu::TextureDescriptor<'static> {
    wgpu::TextureDescriptor {
        label: Some(name),
        size: extent(size),
        mip_level_count: 1,
        sample_count: 1,
        dimension: wgpu::TextureDimension::D2,
        format,
        usage,
        view_formats: &[],
    }
}
