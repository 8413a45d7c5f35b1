// Side and first pixel of the finest level of at most `most` pixels.
fn level_at_most(most: u32) -> vec2u {
    var side = max(frame.image, 1u);
    var start = 0u;
    while (side > max(most, 1u)) {
        start += side * side;
        side /= 2u;
    }
    return vec2u(side, start);
}

// Its colour at a point of the picture, bilinear, its edges held.
fn level_sample(level: vec2u, at: vec2f) -> vec3f {
    let side = level.x;
    let place = clamp(at * f32(side) - 0.5, vec2f(0.0), vec2f(f32(side - 1u)));
    let near = vec2u(place);
    let far = min(near + 1u, vec2u(side - 1u));
    let part = place - vec2f(near);
    let upper = level.y + near.y * side;
    let lower = level.y + far.y * side;
    let above = mix(levels[upper + near.x].rgb, levels[upper + far.x].rgb, part.x);
    let below = mix(levels[lower + near.x].rgb, levels[lower + far.x].rgb, part.x);
    return mix(above, below, part.y);
}
