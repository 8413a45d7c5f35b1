// View: the canvas through mirrors, warp, ripple, camera and vignette (`crates/scene/src/render/view` does the
// same sums).
// Reads:  the finished canvas.
// Writes: the picture.
// Cost:   eight sines, four loads and three powers for each output pixel.

const TAU = 6.28318530717959;

struct Wave {
    // Wave vector, pace, offset.
    shape: vec4f,
    amplitude: f32,
}

fn pushed(screen: vec2f, wave: Wave) -> f32 {
    let angle = dot(wave.shape.xy, screen) + wave.shape.z * view.phase + wave.shape.w;
    return wave.amplitude * sin(angle);
}

fn reflected(point: vec2f, mirror: vec2f) -> vec2f {
    return point - 2.0 * min(dot(point, mirror), 0.0) * mirror;
}

// Into the kaleidoscope's one sector.
fn folded(screen: vec2f) -> vec2f {
    var point = screen;
    for (var pair = 0u; pair < 3u; pair++) {
        point = reflected(point, view.mirrors[pair].xy);
        point = reflected(point, view.mirrors[pair].zw);
    }
    return point;
}

fn warped(screen: vec2f) -> vec2f {
    let across = pushed(screen, WAVES[0][0]) + pushed(screen, WAVES[0][1])
        + pushed(screen, WAVES[0][2]);
    let down = pushed(screen, WAVES[1][0]) + pushed(screen, WAVES[1][1])
        + pushed(screen, WAVES[1][2]);
    let distance = length(screen);
    let behind = (distance - view.ripple.y) / RIPPLE_LENGTH;
    let ripple = view.ripple.x * sin(TAU * behind) * exp(-behind * behind)
        / sqrt(distance * distance + RIPPLE_CORE);
    return screen + view.warp * vec2f(across, down) + screen * ripple;
}

fn load(place: vec2i) -> vec3f {
    return textureLoad(canvas, clamp(place, vec2i(0), vec2i(i32(frame.canvas) - 1)), 0).rgb;
}

fn seen(screen: vec2f) -> vec3f {
    let turn = view.turn;
    let moved = warped(folded(screen));
    let place = view.centre
        + vec2f(turn.x * moved.x - turn.y * moved.y, turn.y * moved.x + turn.x * moved.y);
    let unfolded = place - 2.0 * floor(place * 0.5);
    let inside = min(unfolded, 2.0 - unfolded) * f32(frame.canvas) - 0.5;
    let corner = vec2i(floor(inside));
    let part = inside - floor(inside);
    let upper = mix(load(corner), load(corner + vec2i(1, 0)), part.x);
    let lower = mix(load(corner + vec2i(0, 1)), load(corner + vec2i(1, 1)), part.x);
    return mix(upper, lower, part.y);
}

@fragment
fn fragment(@builtin(position) pixel: vec4f) -> @location(0) vec4f {
    let screen = pixel.xy * view.pixel - view.half;
    let corner = screen / view.half;
    let square = 0.5 * dot(corner, corner);
    let vignette = 1.0
        - CORNER * view.vignette * square * square * min(2.0 - square, 1.0 + square);
    return vec4f(linear(seen(screen) * vignette), 1.0);
}
