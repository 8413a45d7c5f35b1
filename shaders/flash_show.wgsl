// Flashes, limited: what is seen takes the picture's place.
// Reads:  what is seen.
// Writes: the finished picture, sRGB-encoded, 8 bits.
// Cost:   one load for each output pixel.

@fragment
fn fragment(@builtin(position) pixel: vec4f) -> @location(0) vec4f {
    let place = vec2u(pixel.xy);
    let pair = seen[place.y * frame.output.x + place.x];
    let colour = vec3u(pair.x & 0xffffu, pair.x >> 16u, pair.y);
    return vec4f(vec3f((colour + 128u) >> vec3u(8u)) / 255.0, 1.0);
}
