// Strokes: each a quad along its bent centre line, textured with what its brush leaves.
// Reads:  one instance for each stroke; the marks (a table of all brushes) and where each begins.
// Writes: the canvas's colours (rgba16float) and height of paint (r16float), blended in order.
// Cost:   one load for each covered canvas pixel; strokes overlap about eight times.

// Where a mark begins in the table, its columns and rows.
struct Mark {
    offset: u32,
    columns: u32,
    rows: u32,
    spare: u32,
}

@group(0) @binding(0) var<storage, read> marks: array<Mark>;
@group(0) @binding(1) var<storage, read> texels: array<u32>;

struct Stroke {
    @location(0) place: vec4f,
    // Half-length, half-width, bend, opacity.
    @location(1) shape: vec4f,
    @location(2) colour: vec3f,
    @location(3) thickness: f32,
    @location(4) colour_step: vec3f,
    @location(5) brush: u32,
}

struct Touch {
    @builtin(position) position: vec4f,
    // Along and across the stroke, in picture widths.
    @location(0) local: vec2f,
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
fn vertex(@builtin(vertex_index) index: u32, stroke: Stroke) -> Touch {
    let corner = vec2f(f32(index % 2u), f32(index / 2u)) * 2.0 - 1.0;
    let aside = stroke.shape.y + abs(stroke.shape.z) * stroke.shape.x * stroke.shape.x;
    let local = corner * vec2f(stroke.shape.x, aside);
    let axis = stroke.place.zw;
    let place = stroke.place.xy + local.x * axis + local.y * vec2f(-axis.y, axis.x);
    let clip = vec2f(place.x * 2.0 - 1.0, 1.0 - place.y * 2.0);
    return Touch(
        vec4f(clip, 0.0, 1.0),
        local,
        stroke.shape,
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
    // The mark is stored for one half; the other is the same, turned by 180°.
    let v = select(across, -across, u < 0.0) / touch.shape.y;
    let mark = marks[touch.brush];
    let size = vec2f(f32(mark.columns), f32(mark.rows));
    let cell = clamp(vec2f(abs(u), v * 0.5 + 0.5) * size, vec2f(0.0), size - 1.0);
    let texel = texels[mark.offset + u32(cell.y) * mark.columns + u32(cell.x)];
    let paint = f32(texel & 0xffffu) / 65535.0 * touch.shape.w;
    let height = f32(texel >> 16u) / 65535.0 * touch.thickness;
    return Coat(
        vec4f(touch.colour + u * touch.colour_step, paint),
        vec4f(height, 0.0, 0.0, paint),
    );
}
