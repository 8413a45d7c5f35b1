// Window: the picture on the part of a window that it fills (the viewport).
// Reads:  the finished picture (rgba8unorm, or rgba8unorm-srgb for a surface that encodes again).
// Writes: the window's surface.
// Cost:   one filtered sample for each pixel.

@group(0) @binding(0) var picture: texture_2d<f32>;
@group(0) @binding(1) var bilinear: sampler;

struct Corner {
    @builtin(position) position: vec4f,
    @location(0) place: vec2f,
}

// One triangle that covers the viewport.
@vertex
fn vertex(@builtin(vertex_index) index: u32) -> Corner {
    let place = vec2f(f32(index / 2u) * 2.0, f32(index % 2u) * 2.0);
    return Corner(vec4f(place.x * 2.0 - 1.0, 1.0 - place.y * 2.0, 0.0, 1.0), place);
}

@fragment
fn fragment(corner: Corner) -> @location(0) vec4f {
    return vec4f(textureSample(picture, bilinear, corner.place).rgb, 1.0);
}
