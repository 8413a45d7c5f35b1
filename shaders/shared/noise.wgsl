// Random numbers without state, as in `crates/scene/src/render/noise.rs`.
fn hash(seed: u32) -> u32 {
    var x = seed ^ (seed >> 16u);
    x *= FIRST_MIX;
    x ^= x >> 15u;
    x *= SECOND_MIX;
    return x ^ (x >> 16u);
}

fn unit(seed: u32, stream: u32) -> f32 {
    return f32(hash(seed ^ hash(stream)) >> 8u) / 16777216.0;
}
