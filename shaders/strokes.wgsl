// Strokes: each a quad along its bent centre line, textured with what its brush leaves.
// Reads:  the strokes; the stamps (where each begins in a table of all) and their texels.
// Writes: the canvas's colours and height of paint, blended in order.
// Cost:   two loads for each covered canvas pixel; strokes overlap about eight times.

struct Touch {
    @builtin(position) position: vec4f,
    // Along and across the stroke, in picture widths.
    @location(0) local: vec2f,
    // Half-length, half-width, bend, opacity.
    @location(1) @interpolate(flat) shape: vec4f,
    @location(2) @interpolate(flat) colour: vec3f,
    @location(3) @interpolate(flat) thickness: f32,
    @location(4) @interpolate(flat) colour_step: vec3f,
    @location(5) @interpolate(flat) brush: u32,
}

struct Coat {
    @location(0) colour: vec4f,
    @location(1) height: vec4f,
}

@vertex
fn vertex(
    @builtin(vertex_index) index: u32,
    @builtin(instance_index) instance: u32,
) -> Touch {
    let stroke = strokes[instance];
    let corner = vec2f(f32(index % 2u), f32(index / 2u)) * 2.0 - 1.0;
    let aside = stroke.half_width + abs(stroke.bend) * stroke.half_length * stroke.half_length;
    let local = corner * vec2f(stroke.half_length, aside);
    let axis = stroke.axis;
    let place = stroke.centre + local.x * axis + local.y * vec2f(-axis.y, axis.x);
    let clip = vec2f(place.x * 2.0 - 1.0, 1.0 - place.y * 2.0);
    // What has no opacity has no corners on the canvas.
    let position = select(vec2f(2.0), clip, stroke.opacity > 0.0);
    return Touch(
        vec4f(position, 0.0, 1.0),
        local,
        vec4f(stroke.half_length, stroke.half_width, stroke.bend, stroke.opacity),
        stroke.colour,
        stroke.thickness,
        stroke.colour_step,
        stroke.brush,
    );
}

@fragment
fn fragment(touch: Touch) -> Coat {
    let across = touch.local.y - touch.shape.z * touch.local.x * touch.local.x;
    let u = clamp(touch.local.x / touch.shape.x, -1.0, 1.0);
    // The stamp is stored for one half; the other is the same, turned by 180°.
    let v = select(across, -across, u < 0.0) / touch.shape.y;
    let stamp = stamps[touch.brush];
    let size = vec2f(f32(stamp.columns), f32(stamp.rows));
    // Between two rows, so that a stroke that turns slowly does not have its bristles jump from pixel
    // to pixel.
    let cell = clamp(vec2f(abs(u), v * 0.5 + 0.5) * size - vec2f(0.0, 0.5), vec2f(0.0), size - 1.0);
    let upper = min(u32(cell.y), stamp.rows - 2u);
    let place = stamp.offset + upper * stamp.columns + u32(cell.x);
    let first = texels[place];
    let second = texels[place + stamp.columns];
    let mark = mix(
        vec2f(f32(first & 0xffffu), f32(first >> 16u)),
        vec2f(f32(second & 0xffffu), f32(second >> 16u)),
        cell.y - f32(upper),
    ) / 65535.0;
    let paint = mark.x * touch.shape.w;
    let height = mark.y * touch.thickness;
    return Coat(
        vec4f(touch.colour + u * touch.colour_step, paint),
        vec4f(height, 0.0, 0.0, paint),
    );
}
