// Luma of a colour.
fn luma(colour: vec3f) -> f32 {
    return dot(colour, LUMA);
}

// Linear light as sRGB encodes it (IEC 61966-2-1), and back.
fn encoded(light: vec3f) -> vec3f {
    let curve = 1.055 * pow(max(light, vec3f(0.0)), vec3f(1.0 / 2.4)) - 0.055;
    return select(curve, 12.92 * light, light <= vec3f(0.0031308));
}

fn linear(colour: vec3f) -> vec3f {
    let curve = pow((max(colour, vec3f(0.0)) + 0.055) / 1.055, vec3f(2.4));
    return select(curve, colour / 12.92, colour <= vec3f(0.04045));
}
