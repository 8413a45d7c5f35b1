// Base coat: the image, resampled with Lanczos's kernel of three lobes to the canvas.
// Reads:  the image (side * side, rgba32float, sRGB-encoded).
// Writes: the canvas's colours (rgba16float) and its height of paint, 0 (r16float).
// Cost:   36 loads for each canvas pixel in the window.

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
@group(0) @binding(1) var image: texture_2d<f32>;

struct Coat {
    @location(0) colour: vec4f,
    @location(1) height: vec4f,
}

@vertex
fn vertex(@builtin(vertex_index) index: u32) -> @builtin(position) vec4f {
    return vec4f(f32(index / 2u) * 4.0 - 1.0, f32(index % 2u) * 4.0 - 1.0, 0.0, 1.0);
}

const PI = 3.14159265358979;

fn lanczos(x: f32) -> f32 {
    let a = PI * x;
    let weight = 3.0 * sin(a) * sin(a / 3.0) / max(a * a, 1e-12);
    return select(weight, 1.0, abs(x) < 1e-4);
}

// The image goes on mirrored beyond its edges.
fn fold(place: i32, side: i32) -> i32 {
    let period = 2 * side;
    let folded = ((place % period) + period) % period;
    return min(folded, period - 1 - folded);
}

@fragment
fn fragment(@builtin(position) pixel: vec4f) -> Coat {
    let side = i32(frame.sizes.y);
    let place = pixel.xy * (f32(side) / f32(frame.sizes.x)) - 0.5;
    let first = vec2i(floor(place)) - 2;
    var across: array<f32, 6>;
    var down: array<f32, 6>;
    var total = vec2f(0.0);
    for (var k = 0; k < 6; k++) {
        let distance = place - vec2f(first + k);
        across[k] = lanczos(distance.x);
        down[k] = lanczos(distance.y);
        total += vec2f(across[k], down[k]);
    }
    var colour = vec3f(0.0);
    for (var y = 0; y < 6; y++) {
        var row = vec3f(0.0);
        let line = fold(first.y + y, side);
        for (var x = 0; x < 6; x++) {
            row += across[x] * textureLoad(image, vec2i(fold(first.x + x, side), line), 0).rgb;
        }
        colour += down[y] * row;
    }
    colour = clamp(colour / (total.x * total.y), vec3f(0.0), vec3f(1.0));
    return Coat(vec4f(colour, 1.0), vec4f(0.0));
}
