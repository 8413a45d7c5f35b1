// Pyramid: the image made sound, and then halved, level after level.
// Reads:  the image.
// Writes: one level for each step, first the finest.
// Cost:   sixteen loads for each pixel of a level: five for each of the image.

// What is no number becomes black: neither `max` nor `clamp` promises that.
fn sound(value: f32) -> f32 {
    let nan = (bitcast<u32>(value) & 0x7fffffffu) > 0x7f800000u;
    return clamp(select(value, 0.0, nan), 0.0, 1.0);
}

fn tent(a: vec3f, b: vec3f, c: vec3f, d: vec3f) -> vec3f {
    return (a + 3.0 * (b + c) + d) * 0.125;
}

// Four lines of the level before around a line of this one.
fn taps(line: u32, side: u32) -> vec4u {
    let first = 2u * line;
    return vec4u(max(first, 1u) - 1u, first, first + 1u, min(first + 2u, side - 1u));
}

@compute @workgroup_size(8, 8)
fn main(@builtin(global_invocation_id) at: vec3u) {
    // Where the level before begins, its side; where this one begins, its side.
    let side = step.w;
    if (at.x >= side || at.y >= side) {
        return;
    }
    let to = step.z + at.y * side + at.x;
    if (step.y == 0u) {
        let colour = image[at.y * side + at.x];
        levels[to] = vec4f(sound(colour.r), sound(colour.g), sound(colour.b), 1.0);
        return;
    }
    let rows = step.x + step.y * taps(at.y, step.y);
    let columns = taps(at.x, step.y);
    var across: array<vec3f, 4>;
    for (var k = 0u; k < 4u; k++) {
        let x = columns[k];
        across[k] = tent(
            levels[rows.x + x].rgb,
            levels[rows.y + x].rgb,
            levels[rows.z + x].rgb,
            levels[rows.w + x].rgb,
        );
    }
    levels[to] = vec4f(tent(across[0], across[1], across[2], across[3]), 1.0);
}
