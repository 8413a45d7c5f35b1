// A block's share of the picture, on top of the upsampled picture so far.
//
// Reads    `features` [SIDE, SIDE, C_OUT], what the block made;
//          `weights`  [3, C_OUT], then one four whose first three are the biases;
//          `before`   [SIDE / 2, SIDE / 2, 4], the picture so far (unused at the first block).
// Writes   `rgb`      [SIDE, SIDE, 4], before tanh, fourth number zero.
// Costs    3 * C_OUT * SIDE^2 multiply-adds; one dispatch, an invocation a pixel.
//
// The constants in capitals and `between` are prepended.

@group(0) @binding(0) var<storage, read> features: array<vec4f>;
@group(0) @binding(1) var<storage, read> weights: array<vec4f>;
@group(0) @binding(2) var<storage, read> before: array<vec4f>;
@group(0) @binding(3) var<storage, read_write> rgb: array<vec4f>;

const FOURS = C_OUT / 4u;

@compute @workgroup_size(8, 8)
fn main(@builtin(global_invocation_id) at: vec3u) {
    if (at.x >= SIDE || at.y >= SIDE) {
        return;
    }
    let pixel = at.y * SIDE + at.x;
    var sum = weights[3u * FOURS];
    for (var four = 0u; four < FOURS; four++) {
        let value = features[pixel * FOURS + four];
        sum += vec4f(
            dot(value, weights[four]),
            dot(value, weights[FOURS + four]),
            dot(value, weights[2u * FOURS + four]),
            0.0,
        );
    }
    if (FROM_SIDE < SIDE) {
        let row = between(at.y, FROM_SIDE);
        let column = between(at.x, FROM_SIDE);
        let above = mix(
            before[row.first * FROM_SIDE + column.first],
            before[row.first * FROM_SIDE + column.second],
            column.part,
        );
        let below = mix(
            before[row.second * FROM_SIDE + column.first],
            before[row.second * FROM_SIDE + column.second],
            column.part,
        );
        sum += mix(above, below, row.part);
    }
    rgb[pixel] = sum;
}
