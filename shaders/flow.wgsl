// Flow: the directions in which a painter would lead the brush (`crates/scene/src/render/flow.rs` says how).
// Reads:  a level of the image, the swirl of flat ground, two Gaussians.
// Writes: the field of directions; its tensor and two blurs of it on the way.
// Cost:   up to 33 loads for each cell in each of six steps.

fn place(x: u32, y: u32, side: u32) -> u32 {
    return min(y, side - 1u) * side + min(x, side - 1u);
}

// Products of central differences, in full scales per picture width.
fn measured(at: vec2u, level: vec2u) -> vec4f {
    let side = level.x;
    let left = level.y + place(max(at.x, 1u) - 1u, at.y, side);
    let right = level.y + place(at.x + 1u, at.y, side);
    let above = level.y + place(at.x, max(at.y, 1u) - 1u, side);
    let below = level.y + place(at.x, at.y + 1u, side);
    let scale = 0.5 * f32(side);
    let across = (levels[right].rgb - levels[left].rgb) * scale;
    let down = (levels[below].rgb - levels[above].rgb) * scale;
    return vec4f(dot(across, across), dot(across, down), dot(down, down), 0.0);
}

// A line of places around one, their edges held.
fn held(middle: u32, offset: u32, reach: u32, side: u32) -> u32 {
    return u32(clamp(i32(middle + offset) - i32(reach), 0, i32(side) - 1));
}

fn along(tensor: vec4f) -> vec2f {
    let sure = 1.0 / (tensor.x + tensor.z + FLAT);
    return vec2f((tensor.z - tensor.x) * sure, -2.0 * tensor.y * sure);
}

@compute @workgroup_size(8, 8)
fn main(@builtin(global_invocation_id) at: vec3u) {
    let level = level_at_most(FLOW_SIDE);
    let side = level.x;
    if (at.x >= side || at.y >= side) {
        return;
    }
    let cell = at.y * side + at.x;
    var sum = vec4f(0.0);
    switch step.x {
        case 0u: {
            tensor[cell] = measured(at.xy, level);
        }
        case 1u: {
            let reach = arrayLength(&near_kernel) / 2u;
            for (var k = 0u; k <= 2u * reach; k++) {
                sum += near_kernel[k] * tensor[at.y * side + held(at.x, k, reach, side)];
            }
            rows[cell] = sum;
        }
        case 2u: {
            let reach = arrayLength(&near_kernel) / 2u;
            for (var k = 0u; k <= 2u * reach; k++) {
                sum += near_kernel[k] * rows[held(at.y, k, reach, side) * side + at.x];
            }
            tensor[cell] = sum;
        }
        case 3u: {
            let reach = arrayLength(&far_kernel) / 2u;
            for (var k = 0u; k <= 2u * reach; k++) {
                sum += far_kernel[k] * tensor[at.y * side + held(at.x, k, reach, side)];
            }
            rows[cell] = sum;
        }
        case 4u: {
            let reach = arrayLength(&far_kernel) / 2u;
            for (var k = 0u; k <= 2u * reach; k++) {
                sum += far_kernel[k] * rows[held(at.y, k, reach, side) * side + at.x];
            }
            far[cell] = sum;
        }
        default: {
            let near = along(tensor[cell]);
            let wide = along(far[cell]);
            let rest = 1.0 - length(near);
            let flat_ground = rest * (1.0 - length(wide)) * SWIRL;
            field[cell] = near + rest * wide + flat_ground * ground[cell];
        }
    }
}
