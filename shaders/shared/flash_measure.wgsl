// Relative luminance and redness of each cell of a picture: the mean of what `light_at` gives, which
// `keep` takes (`crates/scene/src/flashes/grid.rs`).
var<workgroup> sums: array<atomic<u32>, 2>;

fn measure(light: vec3u) -> vec2u {
    let weighed = light * LUMINANCE;
    let others = light.y + light.z;
    let redness = select(0u, light.x - others, light.x >= 4u * others);
    return vec2u((weighed.x + weighed.y + weighed.z) >> 16u, redness);
}

fn light_of(code: vec3u) -> vec3u {
    return vec3u(lights[code.x], lights[code.y], lights[code.z]);
}

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) cell: vec3u, @builtin(local_invocation_index) thread: u32) {
    // What a workgroup finds there is left from another.
    if (thread == 0u) {
        atomicStore(&sums[0], 0u);
        atomicStore(&sums[1], 0u);
    }
    workgroupBarrier();
    let first = cell.xy * frame.output / CELLS;
    let end = max((cell.xy + 1u) * frame.output / CELLS, first + 1u);
    let stride = max(frame.output / MEASURED, vec2u(1u));
    let count = (end - first + stride - 1u) / stride;
    var sum = vec2u(0u);
    for (var i = thread; i < count.x * count.y; i += 64u) {
        let place = first + vec2u(i % count.x, i / count.x) * stride;
        sum += measure(light_of(code_at(place)));
    }
    atomicAdd(&sums[0], sum.x);
    atomicAdd(&sums[1], sum.y);
    workgroupBarrier();
    if (thread == 0u) {
        let mean = vec2u(atomicLoad(&sums[0]), atomicLoad(&sums[1])) / (count.x * count.y);
        keep(cell.y * CELLS.x + cell.x, mean);
    }
}
