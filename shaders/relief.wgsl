// Relief: light raking over the paint, then the colour grade (`crates/scene/src/render/relief.rs` and
// `crates/scene/src/render/grade.rs` do the same sums).
// Reads:  the canvas's colours and height of paint, a tile of the weave (of ±STEEPEST).
// Writes: the finished canvas.
// Cost:   seven loads for each canvas pixel in the window.

fn height(place: vec2i) -> f32 {
    let last = vec2i(i32(frame.canvas) - 1);
    return textureLoad(heights, clamp(place, vec2i(0), last), 0).r;
}

fn lit(place: vec2i) -> vec3f {
    let colour = textureLoad(colours, place, 0).rgb;
    let slope = vec2f(
        height(place + vec2i(1, 0)) - height(place - vec2i(1, 0)),
        height(place + vec2i(0, 1)) - height(place - vec2i(0, 1)),
    );
    let tile = vec2i(textureDimensions(weave));
    let thread = STEEPEST * textureLoad(weave, place % tile, 0).r;
    let bare = max(1.0 - height(place), 0.0);
    let tilt = dot(slope, relief.light) + thread * relief.weave * bare;
    let shade = tilt / (1.0 + abs(tilt));
    let gloss = max(shade - GLOSS_FROM, 0.0);
    return colour * (1.0 + SHADING * shade)
        + gloss * gloss * relief.gloss * (GLOSS_BASE + luma(colour));
}

fn graded(colour: vec3f) -> vec3f {
    let y = luma(colour);
    let inverse = 1.0 - y;
    let tint = inverse * inverse * grading.tints[0].rgb
        + 2.0 * y * inverse * grading.tints[1].rgb
        + y * y * grading.tints[2].rgb;
    let chroma = (colour - y) * grading.tone.x;
    let tinted = y + chroma + grading.tints[0].w * (tint - OWN_COLOUR * chroma);
    let toned = grading.tone.y * tinted + grading.tone.z;
    let bounded = clamp(toned, vec3f(grading.knees.x - 1.0), vec3f(2.0 - grading.tone.w));
    let over = max(bounded - grading.tone.w, vec3f(0.0));
    let shouldered = bounded - over * over * grading.knees.y;
    let below = max(1.0 - shouldered - grading.knees.x, vec3f(0.0));
    return clamp(shouldered + below * below * grading.knees.z, vec3f(0.0), vec3f(1.0));
}

@fragment
fn fragment(@builtin(position) pixel: vec4f) -> @location(0) vec4f {
    return vec4f(graded(lit(vec2i(pixel.xy))), 1.0);
}
