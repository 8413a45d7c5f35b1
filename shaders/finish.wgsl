// Finish: light becomes what screens and films are sent.
// Reads:  the picture.
// Writes: the finished picture, sRGB-encoded, 8 bits.
// Cost:   one load and three powers for each output pixel.

@fragment
fn fragment(@builtin(position) pixel: vec4f) -> @location(0) vec4f {
    return vec4f(encoded(textureLoad(picture, vec2i(pixel.xy), 0).rgb), 1.0);
}
