// The finished picture, where the last layer's channels do not fit one workgroup of
// `generator_layer.wgsl`, which then leaves the colours in parts.
//
// Reads    `before`  for each picture at BEFORE_COLOURS the last layer's colours in parts [PARTS,
//                    SIDE, SIDE, 4], without the range.
// Writes   `pixels`  [pictures, SIDE, SIDE, 4], sRGB-encoded, 0 to 1, alpha 1;
//          `picture` the same as a texture of 16-bit floats.
// Costs    PARTS additions and three tanh or clamps a pixel; one dispatch, an invocation a pixel.
//
// A template of `gan/gpu/text.rs`.

//@ if HALVES
@group(0) @binding(2) var<storage, read> before: array<vec2u>;
//@ else
@group(0) @binding(2) var<storage, read> before: array<vec4f>;
//@ end
@group(0) @binding(3) var<storage, read_write> pixels: array<vec4f>;
@group(0) @binding(4) var picture: texture_storage_2d_array<rgba16float, write>;

@compute @workgroup_size(8, 8)
fn main(@builtin(global_invocation_id) at: vec3u) {
    if (at.x >= SIDE || at.y >= SIDE) {
        return;
    }
    let start = at.z * BEFORE_STRIDE + BEFORE_COLOURS;
    var sum = vec4f(0.0);
    for (var part = 0u; part < PARTS; part++) {
        let index = start + ((part * SIDE + at.y) * SIDE + at.x) * COLOUR_FOURS;
        //@ if HALVES
        sum += bitcast<vec4f>(vec4u(before[index], before[index + 1u]));
        //@ else
        sum += before[index];
        //@ end
    }
    //@ if CLAMPS
    let colour = clamp(sum.rgb, vec3f(-1.0), vec3f(1.0));
    //@ else
    // Some drivers' tanh overflows beyond about 40; it is one to the last bit from 10 on.
    let colour = tanh(clamp(sum.rgb, vec3f(-10.0), vec3f(10.0)));
    //@ end
    let pixel = vec4f(0.5 + 0.5 * colour, 1.0);
    pixels[(at.z * SIDE + at.y) * SIDE + at.x] = pixel;
    textureStore(picture, at.xy, at.z, pixel);
}
