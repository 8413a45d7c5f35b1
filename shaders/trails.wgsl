// Trails: the light of past pictures over the new one.
// Reads:  the picture without trails, the past's light in cells.
// Writes: the picture.
// Cost:   five loads and six powers for each output pixel.

fn load(cell: vec2i) -> vec3f {
    return textureLoad(past, clamp(cell, vec2i(0), vec2i(textureDimensions(past)) - 1), 0).rgb;
}

@fragment
fn fragment(@builtin(position) pixel: vec4f) -> @location(0) vec4f {
    let place = pixel.xy / f32(CELL) - 0.5;
    let corner = vec2i(floor(place));
    let part = place - floor(place);
    let upper = mix(load(corner), load(corner + vec2i(1, 0)), part.x);
    let lower = mix(load(corner + vec2i(0, 1)), load(corner + vec2i(1, 1)), part.x);
    let light = mix(upper, lower, part.y) * STRENGTH;
    // Screened as it is seen, which is how the processor does it.
    let fresh = encoded(textureLoad(picture, vec2i(pixel.xy), 0).rgb);
    return vec4f(linear(fresh + light * (1.0 - fresh)), 1.0);
}
