// Glow: fades the light of past pictures and lays the new picture's own into it, in cells of 8 by
// 8 pixels (`src/render/trails.rs` says why nothing else may enter).
// Reads:  the picture without trails, the light so far (both rgba8unorm).
// Writes: the new light, and what of it is not the new picture's own (both rgba8unorm).
// Cost:   one load for each output pixel.

struct Frame {
    view: array<vec4f, 6>,
    tints: array<vec4f, 3>,
    tone: vec4f,
    knees: vec4f,
    relief: vec4f,
    // Canvas side, image side, trail decay of 65536, weave tile.
    sizes: vec4u,
}

@group(0) @binding(0) var<uniform> frame: Frame;
@group(0) @binding(1) var picture: texture_2d<f32>;
@group(0) @binding(2) var before: texture_2d<f32>;

struct Laid {
    @location(0) light: vec4f,
    @location(1) past: vec4f,
}

@vertex
fn vertex(@builtin(vertex_index) index: u32) -> @builtin(position) vec4f {
    return vec4f(f32(index / 2u) * 4.0 - 1.0, f32(index % 2u) * 4.0 - 1.0, 0.0, 1.0);
}

const CELL = 8;
const GLOW_FROM = 90.0;
const GLOW_FULL = 220.0;

fn bytes(colour: vec4f) -> vec3u {
    return vec3u(colour.rgb * 255.0 + 0.5);
}

@fragment
fn fragment(@builtin(position) cell: vec4f) -> Laid {
    let place = vec2i(cell.xy);
    let first = place * CELL;
    let end = min(first + CELL, vec2i(textureDimensions(picture)));
    var sum = vec3u(0u);
    for (var y = first.y; y < end.y; y++) {
        for (var x = first.x; x < end.x; x++) {
            sum += bytes(textureLoad(picture, vec2i(x, y), 0));
        }
    }
    let size = vec2u(end - first);
    let mean = vec3f(sum / (size.x * size.y));
    let y = dot(mean, vec3f(0.2126, 0.7152, 0.0722));
    let own = vec3u(mean * clamp((y - GLOW_FROM) / (GLOW_FULL - GLOW_FROM), 0.0, 1.0));
    let faded = (bytes(textureLoad(before, place, 0)) * frame.sizes.z) >> vec3u(16u);
    let light = max(faded, own);
    return Laid(vec4f(vec3f(light) / 255.0, 1.0), vec4f(vec3f(light - own) / 255.0, 1.0));
}
