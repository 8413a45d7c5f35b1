//! What every pass of a card is made of: a shader, what it binds, a pipeline.

use super::GpuContext;

/// What a pass binds under one number, from 0 up in their order.
pub type Binding = wgpu::BindingType;

/// A texture that is read pixel by pixel.
pub const TEXTURE: Binding = wgpu::BindingType::Texture {
    sample_type: wgpu::TextureSampleType::Float { filterable: false },
    view_dimension: wgpu::TextureViewDimension::D2,
    multisampled: false,
};
/// A texture that is read between its pixels, and how it is.
pub const SMOOTH_TEXTURE: Binding = wgpu::BindingType::Texture {
    sample_type: wgpu::TextureSampleType::Float { filterable: true },
    view_dimension: wgpu::TextureViewDimension::D2,
    multisampled: false,
};
/// A filtering sampler.
pub const SAMPLER: Binding = wgpu::BindingType::Sampler(wgpu::SamplerBindingType::Filtering);
/// Numbers that are the same for the whole pass.
pub const UNIFORM: Binding = buffer(wgpu::BufferBindingType::Uniform);
/// A buffer that is read.
pub const READ: Binding = buffer(wgpu::BufferBindingType::Storage { read_only: true });
/// A buffer that is written.
pub const WRITE: Binding = buffer(wgpu::BufferBindingType::Storage { read_only: false });

const fn buffer(ty: wgpu::BufferBindingType) -> Binding {
    wgpu::BindingType::Buffer {
        ty,
        has_dynamic_offset: false,
        min_binding_size: None,
    }
}

/// Size of a texture of one layer.
pub fn extent([width, height]: [usize; 2]) -> wgpu::Extent3d {
    wgpu::Extent3d {
        width: width as u32,
        height: height as u32,
        depth_or_array_layers: 1,
    }
}

impl GpuContext {
    /// A shader's module.
    pub fn module(&self, label: &str, source: &str) -> wgpu::ShaderModule {
        self.device
            .create_shader_module(wgpu::ShaderModuleDescriptor {
                label: Some(label),
                source: wgpu::ShaderSource::Wgsl(source.into()),
            })
    }

    /// The layout of a pass's one group, for `stages`: each binding with its number.
    pub fn layout(
        &self,
        label: &str,
        stages: wgpu::ShaderStages,
        bindings: impl IntoIterator<Item = (u32, Binding)>,
    ) -> wgpu::BindGroupLayout {
        let entries: Vec<_> = bindings
            .into_iter()
            .map(|(binding, ty)| wgpu::BindGroupLayoutEntry {
                binding,
                visibility: stages,
                ty,
                count: None,
            })
            .collect();
        self.device
            .create_bind_group_layout(&wgpu::BindGroupLayoutDescriptor {
                label: Some(label),
                entries: &entries,
            })
    }

    /// What a pass reads and writes: a resource for each number of its layout.
    pub fn bind<'a>(
        &self,
        label: &str,
        layout: &wgpu::BindGroupLayout,
        resources: impl IntoIterator<Item = (u32, wgpu::BindingResource<'a>)>,
    ) -> wgpu::BindGroup {
        let entries: Vec<_> = resources
            .into_iter()
            .map(|(binding, resource)| wgpu::BindGroupEntry { binding, resource })
            .collect();
        self.device.create_bind_group(&wgpu::BindGroupDescriptor {
            label: Some(label),
            layout,
            entries: &entries,
        })
    }

    /// A buffer of these bytes, which passes read. (wgpu's own way to fill one panics where there is
    /// no room for it.)
    pub fn filled(&self, label: &str, contents: &[u8]) -> wgpu::Buffer {
        let buffer = self.device.create_buffer(&wgpu::BufferDescriptor {
            label: Some(label),
            size: contents.len() as u64,
            usage: wgpu::BufferUsages::STORAGE | wgpu::BufferUsages::COPY_DST,
            mapped_at_creation: false,
        });
        self.queue.write_buffer(&buffer, 0, contents);
        buffer
    }

    /// A pass that draws with a module's `vertex` and `fragment`: strips of three corners, which
    /// cover everything, or of four.
    pub fn drawing(
        &self,
        label: &str,
        layout: &wgpu::BindGroupLayout,
        module: &wgpu::ShaderModule,
        targets: &[Option<wgpu::ColorTargetState>],
    ) -> wgpu::RenderPipeline {
        let layout = self.pipeline_layout(label, layout);
        self.device
            .create_render_pipeline(&wgpu::RenderPipelineDescriptor {
                label: Some(label),
                layout: Some(&layout),
                vertex: wgpu::VertexState {
                    module,
                    entry_point: Some("vertex"),
                    compilation_options: Default::default(),
                    buffers: &[],
                },
                primitive: wgpu::PrimitiveState {
                    topology: wgpu::PrimitiveTopology::TriangleStrip,
                    ..Default::default()
                },
                depth_stencil: None,
                multisample: Default::default(),
                fragment: Some(wgpu::FragmentState {
                    module,
                    entry_point: Some("fragment"),
                    compilation_options: Default::default(),
                    targets,
                }),
                multiview_mask: None,
                cache: None,
            })
    }

    /// A pass that computes with a module's `main`. All of its workgroups' memory must be written
    /// before it is read: it does not begin with zeros.
    pub fn computing(
        &self,
        label: &str,
        layout: &wgpu::BindGroupLayout,
        module: &wgpu::ShaderModule,
    ) -> wgpu::ComputePipeline {
        let layout = self.pipeline_layout(label, layout);
        self.device
            .create_compute_pipeline(&wgpu::ComputePipelineDescriptor {
                label: Some(label),
                layout: Some(&layout),
                module,
                entry_point: Some("main"),
                compilation_options: wgpu::PipelineCompilationOptions {
                    zero_initialize_workgroup_memory: false,
                    ..Default::default()
                },
                cache: None,
            })
    }

    fn pipeline_layout(&self, label: &str, layout: &wgpu::BindGroupLayout) -> wgpu::PipelineLayout {
        self.device
            .create_pipeline_layout(&wgpu::PipelineLayoutDescriptor {
                label: Some(label),
                bind_group_layouts: &[Some(layout)],
                immediate_size: 0,
            })
    }
}

/// Begins a drawing that overwrites `targets`, or goes on with what they hold.
pub fn begin<'a>(
    encoder: &'a mut wgpu::CommandEncoder,
    label: &str,
    targets: &[&wgpu::TextureView],
    goes_on: bool,
) -> wgpu::RenderPass<'a> {
    let load = if goes_on {
        wgpu::LoadOp::Load
    } else {
        wgpu::LoadOp::Clear(wgpu::Color::BLACK)
    };
    let attachments: Vec<_> = targets
        .iter()
        .map(|view| {
            Some(wgpu::RenderPassColorAttachment {
                view,
                depth_slice: None,
                resolve_target: None,
                ops: wgpu::Operations {
                    load,
                    store: wgpu::StoreOp::Store,
                },
            })
        })
        .collect();
    encoder.begin_render_pass(&wgpu::RenderPassDescriptor {
        label: Some(label),
        color_attachments: &attachments,
        ..Default::default()
    })
}
