// One triangle that covers everything; `place` is 0 to 1 across and down what it covers.
struct Corner {
    @builtin(position) position: vec4f,
    @location(0) place: vec2f,
}

@vertex
fn vertex(@builtin(vertex_index) index: u32) -> Corner {
    let place = vec2f(f32(index / 2u), f32(index % 2u)) * 2.0;
    return Corner(vec4f(place.x * 2.0 - 1.0, 1.0 - place.y * 2.0, 0.0, 1.0), place);
}
