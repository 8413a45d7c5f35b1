// Grain: film grain over the picture (`crates/scene/src/render/passes/grain.rs` does the same sums).
// Reads:  the picture.
// Writes: the picture.
// Cost:   one load, up to twelve hashes and six powers for each output pixel.

// Four random numbers of a grain.
fn single(at: vec2u) -> vec4f {
    return unpack4x8unorm(hash(at.x ^ hash(at.y ^ hash(grain.tick)))) - 0.5;
}

fn between(pixel: vec2f) -> vec4f {
    if (grain.pitch >= 1.0) {
        return single(vec2u(pixel));
    }
    let place = pixel * grain.pitch;
    let corner = vec2u(place);
    let part = place - vec2f(corner);
    let upper = mix(single(corner), single(corner + vec2u(1u, 0u)), part.x);
    let lower = mix(single(corner + vec2u(0u, 1u)), single(corner + 1u), part.x);
    return mix(upper, lower, part.y);
}

@fragment
fn fragment(@builtin(position) pixel: vec4f) -> @location(0) vec4f {
    // As it is seen: an eye finds grain alike in light and shade there.
    let colour = encoded(textureLoad(picture, vec2i(pixel.xy), 0).rgb);
    let random = between(pixel.xy);
    let y = luma(colour);
    let depth = grain.amount * DEPTH * 4.0 * y * (1.0 - y);
    let tinge = vec3f(random.z, -0.5 * (random.z + random.w), random.w);
    let grained = colour + depth * (random.x + random.y + TINGE * tinge);
    return vec4f(linear(clamp(grained, vec3f(0.0), vec3f(1.0))), 1.0);
}
