// One block of the generator: upsampling, modulated 3x3 convolution, demodulation, activation.
//
// Reads    `map`      [FROM_SIDE, FROM_SIDE, C_IN], the features of the block before, or the
//                     first map, which comes at full side and already modulated;
//          `weights`  [C_OUT / CHANNELS, C_IN, 3, 3, CHANNELS], the kernels;
//          `biases`   [C_OUT], times the activation's gain;
//          `styles`   this picture's numbers: C_IN factors at FACTORS, C_OUT gains at GAINS.
// Writes   `features` [SIDE, SIDE, C_OUT].
// Costs    9 * C_IN * C_OUT * SIDE^2 multiply-adds; one dispatch of SIDE / TILE squared by
//          C_OUT / CHANNELS workgroups, 12.4 KB of workgroup memory each at the most.
//
// Channels are the fastest index everywhere, in fours; offsets count fours. The constants in
// capitals and `between` are prepended. A workgroup makes TILE x TILE pixels of CHANNELS channels,
// an invocation four columns by two rows of four channels, so that each number that it reads from
// workgroup memory serves several multiplications.

@group(0) @binding(0) var<storage, read> map: array<vec4f>;
@group(0) @binding(1) var<storage, read> weights: array<vec4f>;
@group(0) @binding(2) var<storage, read> biases: array<vec4f>;
@group(0) @binding(3) var<storage, read> styles: array<vec4f>;
@group(0) @binding(4) var<storage, read_write> features: array<vec4f>;

// Input channels in workgroup memory at once.
const DEPTH = 8u;
// A tile with the border that the convolution sees.
const WIDE = TILE + 2u;
const AREA = WIDE * WIDE;
const COLUMNS = 4u;
const ROWS = 2u;
// Fours of channels of a workgroup.
const FOURS = CHANNELS / 4u;
const INVOCATIONS = TILE / COLUMNS * (TILE / ROWS) * FOURS;

var<workgroup> pixels: array<f32, DEPTH * AREA>;
var<workgroup> kernels: array<vec4f, DEPTH * 9u * FOURS>;

// Four channels of pixel (x, y) of the upsampled, modulated map; zero beyond its edges.
fn upsampled(x: i32, y: i32, four: u32) -> vec4f {
    if (x < 0 || y < 0 || x >= i32(SIDE) || y >= i32(SIDE)) {
        return vec4f(0.0);
    }
    if (FROM_SIDE == SIDE) {
        return map[(u32(y) * SIDE + u32(x)) * (C_IN / 4u) + four];
    }
    let row = between(u32(y), FROM_SIDE);
    let column = between(u32(x), FROM_SIDE);
    let above = mix(
        map[(row.first * FROM_SIDE + column.first) * (C_IN / 4u) + four],
        map[(row.first * FROM_SIDE + column.second) * (C_IN / 4u) + four],
        column.part,
    );
    let below = mix(
        map[(row.second * FROM_SIDE + column.first) * (C_IN / 4u) + four],
        map[(row.second * FROM_SIDE + column.second) * (C_IN / 4u) + four],
        column.part,
    );
    return mix(above, below, row.part) * styles[FACTORS + four];
}

fn finish(x: u32, y: u32, four: u32, sum: vec4f) {
    let value = sum * styles[GAINS + four] + biases[four];
    features[(y * SIDE + x) * (C_OUT / 4u) + four] = max(value, SLOPE * value);
}

@compute @workgroup_size(INVOCATIONS)
fn main(
    @builtin(workgroup_id) workgroup: vec3u,
    @builtin(local_invocation_index) invocation: u32,
) {
    let four = invocation % FOURS;
    let place = invocation / FOURS;
    let x = place % (TILE / COLUMNS) * COLUMNS;
    let y = place / (TILE / COLUMNS) * ROWS;
    let corner = workgroup.xy * TILE;

    var a0 = vec4f(0.0);
    var a1 = vec4f(0.0);
    var a2 = vec4f(0.0);
    var a3 = vec4f(0.0);
    var b0 = vec4f(0.0);
    var b1 = vec4f(0.0);
    var b2 = vec4f(0.0);
    var b3 = vec4f(0.0);
    for (var first = 0u; first < C_IN; first += DEPTH) {
        workgroupBarrier();
        for (var n = invocation; n < AREA * DEPTH / 4u; n += INVOCATIONS) {
            let pixel = n / (DEPTH / 4u);
            let depth = n % (DEPTH / 4u);
            let at = vec2i(corner) + vec2i(i32(pixel % WIDE), i32(pixel / WIDE)) - 1;
            let value = upsampled(at.x, at.y, first / 4u + depth);
            pixels[(depth * 4u + 0u) * AREA + pixel] = value.x;
            pixels[(depth * 4u + 1u) * AREA + pixel] = value.y;
            pixels[(depth * 4u + 2u) * AREA + pixel] = value.z;
            pixels[(depth * 4u + 3u) * AREA + pixel] = value.w;
        }
        let start = (workgroup.z * C_IN + first) * 9u * FOURS;
        for (var n = invocation; n < DEPTH * 9u * FOURS; n += INVOCATIONS) {
            kernels[n] = weights[start + n];
        }
        workgroupBarrier();
        for (var c = 0u; c < DEPTH; c++) {
            for (var tap = 0u; tap < 3u; tap++) {
                let upper = c * AREA + (y + tap) * WIDE + x;
                let p0 = pixels[upper];
                let p1 = pixels[upper + 1u];
                let p2 = pixels[upper + 2u];
                let p3 = pixels[upper + 3u];
                let p4 = pixels[upper + 4u];
                let p5 = pixels[upper + 5u];
                let lower = upper + WIDE;
                let q0 = pixels[lower];
                let q1 = pixels[lower + 1u];
                let q2 = pixels[lower + 2u];
                let q3 = pixels[lower + 3u];
                let q4 = pixels[lower + 4u];
                let q5 = pixels[lower + 5u];
                let kernel = (c * 9u + tap * 3u) * FOURS + four;
                let w0 = kernels[kernel];
                let w1 = kernels[kernel + FOURS];
                let w2 = kernels[kernel + 2u * FOURS];
                a0 += p0 * w0 + p1 * w1 + p2 * w2;
                a1 += p1 * w0 + p2 * w1 + p3 * w2;
                a2 += p2 * w0 + p3 * w1 + p4 * w2;
                a3 += p3 * w0 + p4 * w1 + p5 * w2;
                b0 += q0 * w0 + q1 * w1 + q2 * w2;
                b1 += q1 * w0 + q2 * w1 + q3 * w2;
                b2 += q2 * w0 + q3 * w1 + q4 * w2;
                b3 += q3 * w0 + q4 * w1 + q5 * w2;
            }
        }
    }

    let out = workgroup.z * FOURS + four;
    let at = corner + vec2u(x, y);
    finish(at.x, at.y, out, a0);
    finish(at.x + 1u, at.y, out, a1);
    finish(at.x + 2u, at.y, out, a2);
    finish(at.x + 3u, at.y, out, a3);
    finish(at.x, at.y + 1u, out, b0);
    finish(at.x + 1u, at.y + 1u, out, b1);
    finish(at.x + 2u, at.y + 1u, out, b2);
    finish(at.x + 3u, at.y + 1u, out, b3);
}
