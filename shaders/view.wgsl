// View: the canvas through mirrors, warp, ripple, camera and vignette (`src/render/view.rs` does the
// same sums).
// Reads:  the finished canvas (rgb10a2unorm).
// Writes: the picture without trails (rgba8unorm, sRGB-encoded as everywhere).
// Cost:   eight sines and four loads for each output pixel.

struct Frame {
    // Heights per pixel, half width and half height in heights, warp;
    // turn and scale, centre; phase, ripple's height and radius, vignette;
    // normals of six mirrors, zero for none.
    view: array<vec4f, 6>,
    tints: array<vec4f, 3>,
    tone: vec4f,
    knees: vec4f,
    relief: vec4f,
    // Canvas side, image side, trail decay of 65536, weave tile.
    sizes: vec4u,
}

@group(0) @binding(0) var<uniform> frame: Frame;
@group(0) @binding(1) var canvas: texture_2d<f32>;

@vertex
fn vertex(@builtin(vertex_index) index: u32) -> @builtin(position) vec4f {
    return vec4f(f32(index / 2u) * 4.0 - 1.0, f32(index % 2u) * 4.0 - 1.0, 0.0, 1.0);
}

const TAU = 6.28318530717959;
const RIPPLE_LENGTH = 0.22;

fn wave(screen: vec2f, vector: vec2f, pace: f32, offset: f32) -> f32 {
    return sin(dot(vector, screen) + pace * frame.view[2].x + offset);
}

fn reflected(point: vec2f, mirror: vec2f) -> vec2f {
    return point - 2.0 * min(dot(point, mirror), 0.0) * mirror;
}

// Into the kaleidoscope's one sector.
fn folded(screen: vec2f) -> vec2f {
    var point = screen;
    for (var pair = 3u; pair < 6u; pair++) {
        point = reflected(point, frame.view[pair].xy);
        point = reflected(point, frame.view[pair].zw);
    }
    return point;
}

fn warped(screen: vec2f) -> vec2f {
    let across = 0.50 * wave(screen, vec2f(1.7, 5.3), 1.0, 0.0)
        + 0.30 * wave(screen, vec2f(-6.1, 4.7), -1.31, 1.9)
        + 0.20 * wave(screen, vec2f(7.9, 9.7), 1.73, 4.1);
    let down = 0.50 * wave(screen, vec2f(5.9, -1.3), -0.89, 0.7)
        + 0.30 * wave(screen, vec2f(4.3, 6.7), 1.17, 2.6)
        + 0.20 * wave(screen, vec2f(-9.1, 7.3), -1.61, 5.2);
    let distance = length(screen);
    let behind = (distance - frame.view[2].z) / RIPPLE_LENGTH;
    let ripple = frame.view[2].y * sin(TAU * behind) * exp(-behind * behind)
        / sqrt(distance * distance + 1e-3);
    return screen + frame.view[0].w * vec2f(across, down) + screen * ripple;
}

fn load(place: vec2i) -> vec3f {
    return textureLoad(canvas, clamp(place, vec2i(0), vec2i(i32(frame.sizes.x) - 1)), 0).rgb;
}

fn seen(screen: vec2f) -> vec3f {
    let turn = frame.view[1].xy;
    let moved = warped(folded(screen));
    let place = frame.view[1].zw
        + vec2f(turn.x * moved.x - turn.y * moved.y, turn.y * moved.x + turn.x * moved.y);
    let unfolded = place - 2.0 * floor(place * 0.5);
    let inside = min(unfolded, 2.0 - unfolded) * f32(frame.sizes.x) - 0.5;
    let corner = vec2i(floor(inside));
    let part = inside - floor(inside);
    let upper = mix(load(corner), load(corner + vec2i(1, 0)), part.x);
    let lower = mix(load(corner + vec2i(0, 1)), load(corner + vec2i(1, 1)), part.x);
    return mix(upper, lower, part.y);
}

@fragment
fn fragment(@builtin(position) pixel: vec4f) -> @location(0) vec4f {
    let screen = pixel.xy * frame.view[0].x - frame.view[0].yz;
    let corner = screen / frame.view[0].yz;
    let square = 0.5 * dot(corner, corner);
    let vignette = 1.0
        - 0.85 * frame.view[2].w * square * square * min(2.0 - square, 1.0 + square);
    return vec4f(seen(screen) * vignette, 1.0);
}
