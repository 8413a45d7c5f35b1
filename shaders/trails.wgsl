// Trails: the light of past pictures over the new one.
// Reads:  the picture without trails, the past's light in cells of 8 by 8 pixels (rgba8unorm).
// Writes: the picture (rgba8unorm).
// Cost:   five loads for each output pixel.

@group(0) @binding(0) var picture: texture_2d<f32>;
@group(0) @binding(1) var past: texture_2d<f32>;

@vertex
fn vertex(@builtin(vertex_index) index: u32) -> @builtin(position) vec4f {
    return vec4f(f32(index / 2u) * 4.0 - 1.0, f32(index % 2u) * 4.0 - 1.0, 0.0, 1.0);
}

const CELL = 8.0;
const STRENGTH = 0.8;

fn load(cell: vec2i) -> vec3f {
    return textureLoad(past, clamp(cell, vec2i(0), vec2i(textureDimensions(past)) - 1), 0).rgb;
}

@fragment
fn fragment(@builtin(position) pixel: vec4f) -> @location(0) vec4f {
    let place = pixel.xy / CELL - 0.5;
    let corner = vec2i(floor(place));
    let part = place - floor(place);
    let upper = mix(load(corner), load(corner + vec2i(1, 0)), part.x);
    let lower = mix(load(corner + vec2i(0, 1)), load(corner + vec2i(1, 1)), part.x);
    let light = mix(upper, lower, part.y) * STRENGTH;
    let fresh = textureLoad(picture, vec2i(pixel.xy), 0).rgb;
    return vec4f(fresh + light * (1.0 - fresh), 1.0);
}
