// Flashes, held: what is seen follows the picture by the share that was decided, cell by cell and smooth
// between them (`crates/scene/src/render/cpu/limiting.rs` does the same sums).
// Reads:  the picture, the shares.
// Writes: what is seen, 16 bits a channel.
// Cost:   one load and store for each output pixel, and four loads of shares.

fn share_at(x: u32, y: u32) -> u32 {
    return followed[y * CELLS.x + x];
}

fn between(one: u32, other: u32, part: u32) -> u32 {
    return (one * (256u - part) + other * part) >> 8u;
}

@compute @workgroup_size(8, 8)
fn main(@builtin(global_invocation_id) id: vec3u) {
    let pixel = id.xy;
    if (any(pixel >= frame.output)) {
        return;
    }
    var code = vec3u(textureLoad(picture, vec2i(pixel), 0).rgb * 255.0 + 0.5);
    code = (code * limits.light + 128u) >> vec3u(8u);
    let wanted = vec3i(code << vec3u(8u));
    let index = pixel.y * frame.output.x + pixel.x;

    let place = max((2u * pixel + 1u) * CELLS * 128u / frame.output, vec2u(128u)) - 128u;
    let first = min(place >> vec2u(8u), CELLS - 1u);
    let second = min(first + 1u, CELLS - 1u);
    let part = place & vec2u(255u);
    let left = between(share_at(first.x, first.y), share_at(first.x, second.y), part.y);
    let right = between(share_at(second.x, first.y), share_at(second.x, second.y), part.y);
    var share = between(left, right, part.x);
    if (limits.limited == 0u || limits.fresh != 0u) {
        share = WHOLE;
    }

    let pair = seen[index];
    let last = vec3i(vec3u(pair.x & 0xffffu, pair.x >> 16u, pair.y));
    let now = vec3u(last + (((wanted - last) * i32(share)) >> vec3u(12u)));
    seen[index] = vec2u(now.x | (now.y << 16u), now.z);
}
