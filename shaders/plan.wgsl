// Plan: the stroke at each place, led by the flow and dipped into the image (`crates/scene/src/render/stroke.rs`
// does the same sums and says why).
// Reads:  the places, the image's levels, the field of directions.
// Writes: a stroke for each place; one that is not seen has no opacity.
// Cost:   some thirty loads for each place.

fn direction(at: vec2f) -> vec2f {
    let side = u32(sqrt(f32(arrayLength(&field))) + 0.5);
    let point = clamp(at * f32(side) - 0.5, vec2f(0.0), vec2f(f32(side - 1u)));
    let near = vec2u(point);
    let far = min(near + 1u, vec2u(side - 1u));
    let part = point - vec2f(near);
    let above = mix(field[near.y * side + near.x], field[near.y * side + far.x], part.x);
    let below = mix(field[far.y * side + near.x], field[far.y * side + far.x], part.x);
    return mix(above, below, part.y);
}

// The unit vector at half the angle of `doubled`, whose length is `size`.
fn half_angle(doubled: vec2f, size: f32) -> vec2f {
    if (size < 1e-6) {
        return vec2f(1.0, 0.0);
    }
    let turned = doubled.x / size;
    let c = sqrt(max(0.5 * (1.0 + turned), 0.0));
    let s = sqrt(max(0.5 * (1.0 - turned), 0.0));
    return vec2f(c, select(s, -s, doubled.y < 0.0));
}

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) at: vec3u) {
    if (at.x >= brush.places) {
        return;
    }
    let here = places[at.x];
    let seed = here.seed;
    let middle = here.place;
    let pitch = 1.0 / f32(here.across);
    let doubled = direction(middle);
    let sure = length(doubled);
    let axis = half_angle(doubled, sure);
    let stretch = DAB + (1.0 - DAB) * smoothstep(SURE[0], SURE[1], sure);
    let size = SIZES[0] + SIZES[1] * unit(seed, SIZE_STREAM);
    let half_length = here.half_length * pitch * stretch * size;
    let half_width = here.half_width * pitch * size;

    let end = axis * half_length;
    let behind = direction(middle - end);
    let ahead = direction(middle + end);
    let turn = behind.x * ahead.y - behind.y * ahead.x;
    let most = MOST_BEND / half_length;
    let bend = clamp(turn / (4.0 * half_length), -most, most);

    let fine = level_at_most(2u * here.across);
    let colour = level_sample(fine, middle);
    let first = level_sample(fine, middle - DIP * end);
    let second = level_sample(fine, middle + DIP * end);
    let under = level_sample(level_at_most(here.across / 2u), middle);
    let apart = abs(colour - under);
    let detail = apart.r + apart.g + apart.b;
    var adds = 1.0;
    if (here.detail > 0.0) {
        adds = smoothstep(DETAIL[0] * here.detail, DETAIL[1] * here.detail, detail);
    }
    let least = here.least * 2.0 * unit(seed, OPACITY_STREAM);
    var opacity = (least + (1.0 - least) * adds) * brush.cover;
    let bold = clamp(colour + BOLD * (colour - under), vec3f(0.0), vec3f(1.0));
    let light = 1.0 + DIPS[0] * (unit(seed, LIGHT_STREAM) - 0.5);
    let dip = light + DIPS[1] * (vec3f(
        unit(seed, COLOUR_STREAM),
        unit(seed, COLOUR_STREAM + 1u),
        unit(seed, COLOUR_STREAM + 2u),
    ) - 0.5);

    let aside = half_width + abs(bend) * half_length * half_length;
    let reach = abs(axis) * half_length + abs(axis.yx) * aside;
    let seen = brush.seen;
    let outside = any(middle < seen.xy - reach) || any(middle > seen.zw + reach);
    if (outside || opacity < LEAST_OPACITY) {
        opacity = 0.0;
    }
    strokes[at.x] = Stroke(
        middle,
        axis,
        half_length,
        half_width,
        bend,
        opacity,
        bold * dip,
        here.thickness * (THICKNESS[0] + THICKNESS[1] * unit(seed, THICKNESS_STREAM))
            * brush.strength,
        (second - first) * 0.5 * dip,
        here.brush + hash(seed ^ BRUSH_STREAM) % BRUSHES,
    );
}
