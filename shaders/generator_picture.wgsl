// The finished picture, for a renderer's sampler and for reading back.
//
// Reads    `rgb`     [SIDE, SIDE, 4], before tanh.
// Writes   `pixels`  [SIDE, SIDE, 4], sRGB-encoded, 0 to 1, alpha 1;
//          `picture` the same as a texture of 16-bit floats.
// Costs    three tanh a pixel; one dispatch, an invocation a pixel.
//
// The constants in capitals are prepended.

@group(0) @binding(0) var<storage, read> rgb: array<vec4f>;
@group(0) @binding(1) var<storage, read_write> pixels: array<vec4f>;
@group(0) @binding(2) var picture: texture_storage_2d<rgba16float, write>;

@compute @workgroup_size(8, 8)
fn main(@builtin(global_invocation_id) at: vec3u) {
    if (at.x >= SIDE || at.y >= SIDE) {
        return;
    }
    let index = at.y * SIDE + at.x;
    // Some drivers' tanh overflows beyond about 40; it is one to the last bit from 10 on.
    let colour = tanh(clamp(rgb[index].rgb, vec3f(-10.0), vec3f(10.0)));
    let pixel = vec4f(0.5 + 0.5 * colour, 1.0);
    pixels[index] = pixel;
    textureStore(picture, at.xy, pixel);
}
