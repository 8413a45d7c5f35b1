// Relief: light raking over the paint, then the colour grade (`src/render/relief.rs` and
// `src/render/grade.rs` do the same sums).
// Reads:  the canvas's colours and height of paint, a tile of the weave (r8snorm, of ±1.5).
// Writes: the finished canvas (rgb10a2unorm).
// Cost:   seven loads for each canvas pixel in the window.

struct Frame {
    view: array<vec4f, 6>,
    // Tints of shadows, middles and lights; how far to go in the first one's w.
    tints: array<vec4f, 3>,
    // Saturation, gain, offset, shoulder.
    tone: vec4f,
    // Toe, inverse widths of shoulder and toe.
    knees: vec4f,
    // Light to the right and down, weave, gloss.
    relief: vec4f,
    // Canvas side, image side, trail decay of 65536, weave tile.
    sizes: vec4u,
}

@group(0) @binding(0) var<uniform> frame: Frame;
@group(0) @binding(1) var colours: texture_2d<f32>;
@group(0) @binding(2) var heights: texture_2d<f32>;
@group(0) @binding(3) var weave: texture_2d<f32>;

@vertex
fn vertex(@builtin(vertex_index) index: u32) -> @builtin(position) vec4f {
    return vec4f(f32(index / 2u) * 4.0 - 1.0, f32(index % 2u) * 4.0 - 1.0, 0.0, 1.0);
}

fn luma(colour: vec3f) -> f32 {
    return dot(colour, vec3f(0.2126, 0.7152, 0.0722));
}

fn height(place: vec2i) -> f32 {
    let last = vec2i(i32(frame.sizes.x) - 1);
    return textureLoad(heights, clamp(place, vec2i(0), last), 0).r;
}

fn lit(place: vec2i) -> vec3f {
    let colour = textureLoad(colours, place, 0).rgb;
    let slope = vec2f(
        height(place + vec2i(1, 0)) - height(place - vec2i(1, 0)),
        height(place + vec2i(0, 1)) - height(place - vec2i(0, 1)),
    );
    let thread = 1.5 * textureLoad(weave, place % vec2i(i32(frame.sizes.w)), 0).r;
    let bare = max(1.0 - height(place), 0.0);
    let tilt = dot(slope, frame.relief.xy) + thread * frame.relief.z * bare;
    let shade = tilt / (1.0 + abs(tilt));
    let gloss = max(shade - 0.25, 0.0);
    return colour * (1.0 + 0.5 * shade) + gloss * gloss * frame.relief.w * (0.15 + luma(colour));
}

fn graded(colour: vec3f) -> vec3f {
    let y = luma(colour);
    let inverse = 1.0 - y;
    let tint = inverse * inverse * frame.tints[0].rgb
        + 2.0 * y * inverse * frame.tints[1].rgb
        + y * y * frame.tints[2].rgb;
    let chroma = (colour - y) * frame.tone.x;
    let toned = frame.tone.y * (y + chroma + frame.tints[0].w * (tint - 0.5 * chroma)) + frame.tone.z;
    let bounded = clamp(toned, vec3f(frame.knees.x - 1.0), vec3f(2.0 - frame.tone.w));
    let over = max(bounded - frame.tone.w, vec3f(0.0));
    let shouldered = bounded - over * over * frame.knees.y;
    let below = max(1.0 - shouldered - frame.knees.x, vec3f(0.0));
    return clamp(shouldered + below * below * frame.knees.z, vec3f(0.0), vec3f(1.0));
}

@fragment
fn fragment(@builtin(position) pixel: vec4f) -> @location(0) vec4f {
    return vec4f(graded(lit(vec2i(pixel.xy))), 1.0);
}
