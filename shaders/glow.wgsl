// Glow: fades the light of past pictures and lays the new picture's own into it, in square cells
// (`crates/scene/src/render/trails.rs` says why nothing else may enter).
// Reads:  the picture without trails, the light so far.
// Writes: the new light, and what of it is not the new picture's own.
// Cost:   one load and three powers for each output pixel.

struct Laid {
    @location(0) light: vec4f,
    @location(1) past: vec4f,
}

fn bytes(colour: vec3f) -> vec3u {
    return vec3u(colour * 255.0 + 0.5);
}

@fragment
fn fragment(@builtin(position) cell: vec4f) -> Laid {
    let place = vec2i(cell.xy);
    let first = place * i32(CELL);
    let end = min(first + i32(CELL), vec2i(frame.output));
    var sum = vec3u(0u);
    for (var y = first.y; y < end.y; y++) {
        for (var x = first.x; x < end.x; x++) {
            sum += bytes(encoded(textureLoad(picture, vec2i(x, y), 0).rgb));
        }
    }
    let size = vec2u(end - first);
    let mean = vec3f(sum / (size.x * size.y));
    let share = clamp((luma(mean) - GLOW_FROM) / (GLOW_FULL - GLOW_FROM), 0.0, 1.0);
    let own = vec3u(mean * share);
    let before = bytes(textureLoad(past_light, place, 0).rgb);
    let light = max((before * fading.decay) >> vec3u(16u), own);
    return Laid(vec4f(vec3f(light) / 255.0, 1.0), vec4f(vec3f(light - own) / 255.0, 1.0));
}
