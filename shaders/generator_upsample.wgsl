// Bilinear upsampling by two, half-pixel centres, edges repeated (PyTorch's `interpolate`).
// Prepended to the passes that read a map of half their side.

// The two pixels that a pixel of the larger picture lies between, and how far from the first.
struct Between {
    first: u32,
    second: u32,
    part: f32,
}

fn between(at: u32, from_side: u32) -> Between {
    let half = at / 2u;
    if (at % 2u == 0u) {
        return Between(max(half, 1u) - 1u, half, 0.75);
    }
    return Between(half, min(half + 1u, from_side - 1u), 0.25);
}
