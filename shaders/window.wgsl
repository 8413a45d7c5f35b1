// Window: the picture on the part of a window that it fills (the viewport).
// Reads:  the finished picture (rgba8unorm, or rgba8unorm-srgb for a surface that encodes again).
// Writes: the window's surface.
// Cost:   one filtered sample for each pixel.

@group(0) @binding(0) var picture: texture_2d<f32>;
@group(0) @binding(1) var bilinear: sampler;

@fragment
fn fragment(corner: Corner) -> @location(0) vec4f {
    return vec4f(textureSample(picture, bilinear, corner.place).rgb, 1.0);
}
