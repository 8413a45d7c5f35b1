// One layer of the generator: doubling, modulated convolution, demodulation, noise, bias,
// activation, and the layer's share of the picture.
//
// Reads    `kernels`  [C_OUT / 8, C_IN, TAPS, 8];
//          `numbers`  the layer's own: C_OUT biases at BIASES, at COLOUR_BIAS a four of three RGB
//                     biases and the parts of the colours before, noise [SIDE, SIDE] at NOISE, and
//                     [3, C_OUT] weights to RGB at COLOURS; each picture's, STYLE_STRIDE apart
//                     from STYLES on: C_IN factors at FACTORS, C_OUT gains at GAINS, and weights
//                     to RGB at COLOURS in place of the layer's own;
//          `before`   for each picture the layer before: features [C_IN / 4, FROM_SIDE, FROM_SIDE,
//                     4], at BEFORE_COLOURS its colours in parts [parts, FROM_SIDE, FROM_SIDE, 4].
//                     The first layer's map is already modulated, and has no colours.
// Writes   `after`    the same of this layer, in PARTS parts whose sum counts, without the range;
//          or, the last layer: `pixels` [SIDE, SIDE, 4] and `picture`, sRGB-encoded, 0 to 1.
// Costs    9 * C_IN * C_OUT * SIDE^2 multiply-adds a picture (transposed: 4) in one dispatch of
//          SIDE / TILE_X by SIDE / TILE_Y by PARTS * pictures workgroups. Features and colours
//          pass through memory once; the last layer's features never do.
//
// A template of `gan/gpu/text.rs`; offsets count fours. A workgroup makes TILE_X x TILE_Y pixels
// of CHANNELS channels, an invocation COLUMNS x ROWS pixels of FOURS fours of channels, in
// registers. The input channels pass through workgroup memory, DEPTH at a time, as a tile of the
// map before it is doubled: a quarter of what doubled pixels would take. Each invocation doubles
// what it needs in registers, at a tenth of the convolution's work. SLICES invocations share an
// invocation's input channels where there are too few pixels to occupy the card, and add up what
// they have at the end.

//@ if HALVES
// Four channels as 16-bit floats.
alias Four = vec2u;
//@ else
alias Four = vec4f;
//@ end

@group(0) @binding(0) var<storage, read> kernels: array<Four>;
@group(0) @binding(1) var<storage, read> numbers: array<vec4f>;
@group(0) @binding(2) var<storage, read> before: array<Four>;
//@ if FINISHES
@group(0) @binding(3) var<storage, read_write> pixels: array<vec4f>;
@group(0) @binding(4) var picture: texture_storage_2d_array<rgba16float, write>;
//@ else
@group(0) @binding(3) var<storage, read_write> after: array<Four>;
//@ end

// Numbers of a row of the tile: odd, so that rows begin in different banks of the memory.
const STRIDE = WIDE + 1u - WIDE % 2u;
const AREA = STRIDE * HIGH;
const TILE_AREA = TILE_X * TILE_Y;
const PLACES = TILE_AREA / (COLUMNS * ROWS);
const GROUPS = CHANNELS / 4u / FOURS;
const INVOCATIONS = PLACES * GROUPS * SLICES;
const PARTS = C_OUT / CHANNELS;

// The tile that the convolution sees: [DEPTH, HIGH, STRIDE].
var<workgroup> tile: array<f32, DEPTH * AREA>;
// The kernels for it, [DEPTH, TAPS, CHANNELS / 4]; at the end the slices' sums, then the colours.
var<workgroup> shelf: array<vec4f, SHELF>;

//@ if HALVES
fn opened(four: Four) -> vec4f {
    return vec4f(unpack2x16float(four.x), unpack2x16float(four.y));
}

fn closed(value: vec4f) -> Four {
    let finite = clamp(value, vec4f(-65504.0), vec4f(65504.0));
    return Four(pack2x16float(finite.xy), pack2x16float(finite.zw));
}

// Colours stay in 32 bits: two fours a pixel.
fn colour(at: u32) -> vec4f {
    return bitcast<vec4f>(vec4u(before[at], before[at + 1u]));
}
//@ else
fn opened(four: Four) -> vec4f {
    return four;
}

fn closed(value: vec4f) -> Four {
    return value;
}

fn colour(at: u32) -> vec4f {
    return before[at];
}
//@ end

//@ if COLOURED
// A pixel of the colours before: the sum of their parts.
fn colours_before(start: u32, at: vec2u) -> vec4f {
    let parts = u32(numbers[COLOUR_BIAS].w);
    var sum = vec4f(0.0);
    for (var part = 0u; part < parts; part++) {
        let pixel = (part * FROM_SIDE + at.y) * FROM_SIDE + at.x;
        sum += colour(start + pixel * COLOUR_FOURS);
    }
    return sum;
}

//@ if HALVED
// The same of colours of half the side, doubled: half-pixel centres, beyond the edges the last
// pixel again (PyTorch's `interpolate`) or zeros.
fn doubled_colours_before(start: u32, at: vec2u) -> vec4f {
    let near = at / 2u;
    let odd = at % 2u;
    let far = vec2i(near) + 2 * vec2i(odd) - 1;
    let last = vec2i(i32(FROM_SIDE) - 1);
    let kept = vec2u(clamp(far, vec2i(0), last));
    //@ if ZEROS
    let part = select(vec2f(0.0), vec2f(0.25), vec2i(kept) == far);
    //@ else
    let part = vec2f(0.25);
    //@ end
    let beside = colours_before(start, near) * 0.75
        + colours_before(start, vec2u(kept.x, near.y)) * part.x;
    let beyond = colours_before(start, vec2u(near.x, kept.y)) * 0.75
        + colours_before(start, kept) * part.x;
    return beside * 0.75 + beyond * part.y;
}
//@ end
//@ end

@compute @workgroup_size(INVOCATIONS)
fn main(
    @builtin(workgroup_id) workgroup: vec3u,
    @builtin(local_invocation_index) invocation: u32,
) {
    let place = invocation % PLACES;
    let group = invocation / PLACES % GROUPS;
    let slice = invocation / (PLACES * GROUPS);
    let x = place % (TILE_X / COLUMNS) * COLUMNS;
    let y = place / (TILE_X / COLUMNS) * ROWS;
    let corner = workgroup.xy * vec2u(TILE_X, TILE_Y);
    let part = workgroup.z % PARTS;
    let painted = workgroup.z / PARTS;
    let style = STYLES + painted * STYLE_STRIDE;
    let map = painted * BEFORE_STRIDE;

    //@ if HALVED
    let origin = vec2i(corner / 2u) - 1;
    let window = y / 2u * STRIDE + x / 2u;
    //@ else
    let origin = vec2i(corner) - 1;
    let window = y * STRIDE + x;
    //@ end
    //@ if REPEATS
    // Beyond the doubled map's edges the convolution sees zeros.
    let left = select(1.0, 0.0, corner.x + x == 0u);
    let right = select(1.0, 0.0, corner.x + x + COLUMNS == SIDE);
    let top = select(1.0, 0.0, corner.y + y == 0u);
    let bottom = select(1.0, 0.0, corner.y + y + ROWS == SIDE);
    //@ end

    //@ for Y ROWS, X COLUMNS, F FOURS
    var sum{Y}_{X}_{F} = vec4f(0.0);
    //@ end
    for (var first = 0u; first < C_IN; first += DEPTH) {
        workgroupBarrier();
        for (var n = invocation; n < DEPTH / 4u * WIDE * HIGH; n += INVOCATIONS) {
            let four = n / (WIDE * HIGH);
            let column = n % WIDE;
            let row = n / WIDE % HIGH;
            var at = origin + vec2i(i32(column), i32(row));
            //@ if REPEATS
            at = clamp(at, vec2i(0), vec2i(i32(FROM_SIDE) - 1));
            let seen = true;
            //@ else
            let seen = all(at >= vec2i(0)) && all(at < vec2i(i32(FROM_SIDE)));
            //@ end
            var value = vec4f(0.0);
            if (seen) {
                let channel = first / 4u + four;
                let index = (channel * FROM_SIDE + u32(at.y)) * FROM_SIDE + u32(at.x);
                value = opened(before[map + index]);
                //@ if MODULATED
                value *= numbers[style + FACTORS + channel];
                //@ end
            }
            //@ for K 4
            tile[(four * 4u + {K}u) * AREA + row * STRIDE + column] = value[{K}];
            //@ end
        }
        for (var n = invocation; n < DEPTH * TAPS * (CHANNELS / 4u); n += INVOCATIONS) {
            // Kernels lie in memory in eights of channels.
            let four = n % (CHANNELS / 4u);
            let tap = n / (CHANNELS / 4u);
            let start = ((part * (CHANNELS / 8u) + four / 2u) * C_IN + first) * TAPS * 2u;
            shelf[n] = opened(kernels[start + tap * 2u + four % 2u]);
        }
        workgroupBarrier();
        for (var channel = slice; channel < DEPTH; channel += SLICES) {
            let seen = channel * AREA + window;
            //@ if DOUBLED
            // The pixels before doubling, doubled along rows, then along columns.
            //@ for R ROWS/2+2
            //@ for C COLUMNS/2+2
            let source{R}_{C} = tile[seen + {R}u * STRIDE + {C}u];
            //@ end
            //@ for C COLUMNS/2+1
            let slope{R}_{C} = source{R}_{C+1} - source{R}_{C};
            var wide{R}_{2*C} = fma(slope{R}_{C}, 0.25, source{R}_{C});
            var wide{R}_{2*C+1} = fma(slope{R}_{C}, -0.25, source{R}_{C+1});
            //@ end
            //@ if REPEATS
            wide{R}_0 *= left;
            wide{R}_{COLUMNS+1} *= right;
            //@ end
            //@ end
            //@ for C COLUMNS+2
            //@ for R ROWS/2+1
            let fall{R}_{C} = wide{R+1}_{C} - wide{R}_{C};
            var pixel{2*R}_{C} = fma(fall{R}_{C}, 0.25, wide{R}_{C});
            var pixel{2*R+1}_{C} = fma(fall{R}_{C}, -0.25, wide{R+1}_{C});
            //@ end
            //@ if REPEATS
            pixel0_{C} *= top;
            pixel{ROWS+1}_{C} *= bottom;
            //@ end
            //@ end
            //@ else
            //@ for R SEEN_ROWS, C SEEN_COLUMNS
            let pixel{R}_{C} = tile[seen + {R}u * STRIDE + {C}u];
            //@ end
            //@ end
            let kernel = channel * TAPS * (CHANNELS / 4u) + group * FOURS;
            //@ if TRANSPOSED
            // Each pixel of a pair sees two pixels of a line, through every other tap.
            //@ for V 4, U 4, F FOURS
            let weight{V}_{U}_{F} = shelf[kernel + {15-4*V-U}u * (CHANNELS / 4u) + {F}u];
            //@ for Y ROWS/2, X COLUMNS/2
            sum{2*Y+V%2}_{2*X+U%2}_{F} = fma(
                vec4f(pixel{Y+V%2+V/2}_{X+U%2+U/2}),
                weight{V}_{U}_{F},
                sum{2*Y+V%2}_{2*X+U%2}_{F},
            );
            //@ end
            //@ end
            //@ else
            //@ for V 3, U 3, F FOURS
            let weight{V}_{U}_{F} = shelf[kernel + {3*V+U}u * (CHANNELS / 4u) + {F}u];
            //@ for Y ROWS, X COLUMNS
            sum{Y}_{X}_{F} = fma(vec4f(pixel{Y+V}_{X+U}), weight{V}_{U}_{F}, sum{Y}_{X}_{F});
            //@ end
            //@ end
            //@ end
        }
    }

    //@ if SLICES-1
    // The upper half of the slices hands its sums to the lower half, until one is left.
    let own = invocation % (PLACES * GROUPS);
    for (var others = SLICES / 2u; others > 0u; others /= 2u) {
        let row = PLACES * GROUPS * others;
        let from_slice = slice % others * (PLACES * GROUPS) + own;
        workgroupBarrier();
        if (slice >= others && slice < 2u * others) {
            //@ for Y ROWS, X COLUMNS, F FOURS
            shelf[{Y*COLUMNS*FOURS+X*FOURS+F}u * row + from_slice] = sum{Y}_{X}_{F};
            //@ end
        }
        workgroupBarrier();
        if (slice < others) {
            //@ for Y ROWS, X COLUMNS, F FOURS
            sum{Y}_{X}_{F} += shelf[{Y*COLUMNS*FOURS+X*FOURS+F}u * row + from_slice];
            //@ end
        }
    }
    //@ end

    //@ if RGB
    workgroupBarrier();
    //@ end
    if (slice == 0u) {
        //@ if NOISY
        //@ for Y ROWS, X COLUMNS
        let cell{Y}_{X} = (corner.y + y + {Y}u) * SIDE + corner.x + x + {X}u;
        let noise{Y}_{X} = numbers[NOISE + cell{Y}_{X} / 4u][cell{Y}_{X} % 4u];
        //@ end
        //@ end
        //@ if RGB
        //@ if STYLED
        let weights = style + COLOURS;
        //@ else
        let weights = COLOURS;
        //@ end
        //@ for Y ROWS, X COLUMNS
        var share{Y}_{X} = vec4f(0.0);
        //@ end
        //@ end
        //@ for F FOURS
        let out{F} = part * (CHANNELS / 4u) + group * FOURS + {F}u;
        let gain{F} = numbers[style + GAINS + out{F}];
        let bias{F} = numbers[BIASES + out{F}];
        //@ if RGB
        let red{F} = numbers[weights + out{F}];
        let green{F} = numbers[weights + C_OUT / 4u + out{F}];
        let blue{F} = numbers[weights + C_OUT / 2u + out{F}];
        //@ end
        //@ for Y ROWS, X COLUMNS
        var linear{Y}_{X}_{F} = fma(sum{Y}_{X}_{F}, gain{F}, bias{F});
        //@ if NOISY
        linear{Y}_{X}_{F} += noise{Y}_{X};
        //@ end
        let value{Y}_{X}_{F} = max(linear{Y}_{X}_{F}, SLOPE * linear{Y}_{X}_{F});
        //@ if RGB
        share{Y}_{X} += vec4f(
            dot(value{Y}_{X}_{F}, red{F}),
            dot(value{Y}_{X}_{F}, green{F}),
            dot(value{Y}_{X}_{F}, blue{F}),
            0.0,
        );
        //@ end
        //@ unless FINISHES
        after[painted * AFTER_STRIDE
            + (out{F} * SIDE + corner.y + y + {Y}u) * SIDE
            + corner.x + x + {X}u] = closed(value{Y}_{X}_{F});
        //@ end
        //@ end
        //@ end
        //@ if RGB
        //@ for Y ROWS, X COLUMNS
        shelf[(group * TILE_Y + y + {Y}u) * TILE_X + x + {X}u] = share{Y}_{X};
        //@ end
        //@ end
    }
    //@ if HUED
    //@ if RGB
    workgroupBarrier();
    //@ end
    for (var n = invocation; n < TILE_AREA; n += INVOCATIONS) {
        let at = corner + vec2u(n % TILE_X, n / TILE_X);
        var sum = vec4f(0.0);
        //@ if RGB
        for (var other = 0u; other < GROUPS; other++) {
            sum += shelf[other * TILE_AREA + n];
        }
        //@ end
        if (part == 0u) {
            sum += vec4f(numbers[COLOUR_BIAS].rgb, 0.0);
            //@ if COLOURED
            //@ if HALVED
            sum += doubled_colours_before(map + BEFORE_COLOURS, at);
            //@ else
            sum += colours_before(map + BEFORE_COLOURS, at);
            //@ end
            //@ end
        }
        //@ if FINISHES
        //@ if CLAMPS
        let tone = clamp(sum.rgb, vec3f(-1.0), vec3f(1.0));
        //@ else
        // Some drivers' tanh overflows beyond about 40; it is one to the last bit from 10 on.
        let tone = tanh(clamp(sum.rgb, vec3f(-10.0), vec3f(10.0)));
        //@ end
        let pixel = vec4f(0.5 + 0.5 * tone, 1.0);
        pixels[(painted * SIDE + at.y) * SIDE + at.x] = pixel;
        textureStore(picture, at, painted, pixel);
        //@ else
        let index = painted * AFTER_STRIDE + AFTER_COLOURS
            + ((part * SIDE + at.y) * SIDE + at.x) * COLOUR_FOURS;
        //@ if HALVES
        let bits = bitcast<vec4u>(sum);
        after[index] = bits.xy;
        after[index + 1u] = bits.zw;
        //@ else
        after[index] = sum;
        //@ end
        //@ end
    }
    //@ end
}
