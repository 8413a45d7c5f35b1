// Words: what is sung, brushed, burned or set into the picture (`crates/scene/src/render/letters/look.rs` does
// the same sums).
// Reads:  the picture; the mask of the words.
// Writes: the picture.
// Cost:   one load where no words are; else up to 12 of the mask, 21 of the picture and as many powers.

const BRUSHED = 1u;
const BURNED = 2u;

// Smooth noise with a lattice of unit pitch: 0 to 1, mean a half.
fn noise1(x: f32, seed: u32) -> f32 {
    let cell = floor(x);
    let part = x - cell;
    let t = part * part * (3.0 - 2.0 * part);
    let at = i32(cell);
    return unit(seed, u32(at)) * (1.0 - t) + unit(seed, u32(at + 1)) * t;
}

fn noise2(x: f32, y: f32, seed: u32) -> f32 {
    let cell = floor(y);
    let part = y - cell;
    let t = part * part * (3.0 - 2.0 * part);
    let at = i32(cell);
    let above = noise1(x, hash(seed ^ hash(u32(at))));
    let below = noise1(x, hash(seed ^ hash(u32(at + 1))));
    return above * (1.0 - t) + below * t;
}

// Coverage, narrow and wide blur, and the place in the text.
fn texel(place: vec2i) -> vec4f {
    if (any(place < vec2i(0)) || any(place >= vec2i(letters.mask))) {
        return vec4f(0.0);
    }
    let words = stencil[u32(place.y) * letters.mask.x + u32(place.x)];
    return vec4f(unpack4x8unorm(words.x).xyz, f32(words.y) / 65535.0);
}

fn touch(away: vec2f) -> vec4f {
    let at = letters.middle + away * letters.scale - 0.5;
    let corner = floor(at);
    let part = at - corner;
    let place = vec2i(corner);
    let upper = mix(texel(place), texel(place + vec2i(1, 0)), part.x);
    let lower = mix(texel(place + vec2i(0, 1)), texel(place + vec2i(1, 1)), part.x);
    return mix(upper, lower, part.y);
}

fn sung(when: f32) -> f32 {
    return clamp((letters.through * (1.0 + TURN) - when) / TURN, 0.0, 1.0);
}

fn own(place: vec2i) -> vec3f {
    return encoded(textureLoad(picture, place, 0).rgb);
}

// The mean of a few pixels about a place.
fn looked(place: vec2f) -> vec3f {
    let last = vec2f(frame.output) - 1.0;
    let half = 0.5 * letters.lattice;
    return 0.2 * (own(vec2i(clamp(place, vec2f(0.0), last)))
        + own(vec2i(clamp(place + vec2f(-half, -half), vec2f(0.0), last)))
        + own(vec2i(clamp(place + vec2f(half, -half), vec2f(0.0), last)))
        + own(vec2i(clamp(place + vec2f(-half, half), vec2f(0.0), last)))
        + own(vec2i(clamp(place + vec2f(half, half), vec2f(0.0), last))));
}

fn ground_at(pixel: vec2f) -> vec3f {
    let at = pixel / letters.lattice;
    let cell = floor(at);
    let part = at - cell;
    let first = cell * letters.lattice;
    let step = letters.lattice;
    let upper = mix(looked(first), looked(first + vec2f(step, 0.0)), part.x);
    let lower = mix(looked(first + vec2f(0.0, step)), looked(first + step), part.x);
    return mix(upper, lower, part.y);
}

fn shaded(colour: vec3f, ground: vec3f, halo: f32) -> vec3f {
    let dark = mix(SHADE.y, SHADE.x, smoothstep(0.15, 0.65, luma(ground)));
    return colour * (1.0 - dark * halo);
}

fn ink(ground: vec3f, been: f32, colour: f32) -> vec3f {
    let light = mix(INK.y, INK.x, been);
    return clamp(light + colour * (ground - luma(ground)), vec3f(0.0), vec3f(1.0));
}

fn plain(colour: vec3f, ground: vec3f, away: vec2f) -> vec3f {
    let mask = touch(away);
    let seen = letters.rise * (1.0 - letters.fall);
    let under = shaded(colour, ground, seen * mask.z);
    return mix(under, ink(ground, sung(mask.w), 0.25), seen * mask.x);
}

fn brushed(colour: vec3f, ground: vec3f, away: vec2f, place: vec2f) -> vec3f {
    let stray = STRAY.x * letters.line;
    let moved = away + stray * (vec2f(
        noise2(place.x * 2.3, place.y * 5.1, letters.seed),
        noise2(place.x * 2.3 + 17.0, place.y * 5.1 - 17.0, letters.seed),
    ) - 0.5);
    let mask = touch(moved);
    let along = place.y + 0.10 * noise2(place.x * 0.9, place.y * 1.3, letters.seed ^ 5u);
    let bristle = 0.6 * noise2(place.x * 0.8, along * 17.0, letters.seed ^ 9u)
        + 0.4 * noise2(place.x * 2.2, along * 41.0, letters.seed ^ 11u);
    let come = smoothstep(0.0, 0.15, letters.rise * 1.45 - mask.w - 0.3 * bristle);
    let worn = smoothstep(letters.fall * 1.3 - 0.3, letters.fall * 1.3, bristle + 0.001);
    let seen = come * worn;
    let load = mix(0.72, 1.0, smoothstep(0.22, 0.5, bristle));
    let paint = clamp(mask.x * load * seen, 0.0, 1.0);
    let step = 0.022 * letters.line;
    let lit = touch(moved + step).y - touch(moved - step).y;
    let ridge = lit + 0.5 * (bristle - 0.5);
    let tone = ink(ground, sung(mask.w), 0.75);
    let thick = clamp(tone * (0.97 + 0.2 * (bristle - 0.5)) + EDGE * 0.4 * ridge, vec3f(0.0), vec3f(1.0));
    let under = shaded(colour, ground, seen * mask.z);
    let thrown = max(-lit, 0.0) * EDGE * seen;
    return mix(under * (1.0 - thrown), thick, paint);
}

fn burned(colour: vec3f, ground: vec3f, away: vec2f, place: vec2f) -> vec3f {
    let rough = 0.6 * noise2(place.x * 3.1, place.y * 3.1, letters.seed)
        + 0.4 * noise2(place.x * 9.7, place.y * 9.7, letters.seed ^ 3u);
    let stray = STRAY.y * letters.line * (2.0 * rough - 1.0);
    let mask = touch(away + vec2f(stray, -stray));
    let front = letters.rise * 1.7 - 0.7 * mask.w - 0.6 * rough;
    let burnt = smoothstep(0.0, 0.3, front);
    let fresh = burnt * (1.0 - smoothstep(0.2, 0.7, front));
    let alive = smoothstep(letters.fall * 1.4 - 0.4, letters.fall * 1.4, rough + 0.001);
    let gone = 1.0 - letters.fall;
    let shimmer = noise2(place.x * 4.0, place.y * 4.0 - 0.11 * letters.tick, letters.seed ^ 7u);
    let heat = alive * burnt * (0.62 + 0.3 * letters.energy + 0.36 * shimmer);
    let scorched = shaded(colour, ground, burnt * gone * mask.z);
    let dim = 1.0 - smoothstep(0.3, 0.8, luma(ground));
    let around = GLOW * mask.z * heat * dim;
    let ember = letters.ember.rgb;
    let lit = mix(scorched, vec3f(1.0), around * ember * ember);
    let crust = mix(0.86, 0.28 * smoothstep(0.45, 0.65, rough), sung(mask.w));
    let rim = 4.0 * mask.y * (1.0 - mask.y);
    let glow = clamp(heat * mix(1.0 - crust, 1.0, 0.65 * rim * rim) + 0.5 * fresh, 0.0, 1.2);
    let hot = min(glow * (ember + 0.75 * glow * glow * (1.0 - ember)), vec3f(1.0));
    let letter = min(colour * CHAR + hot, vec3f(1.0));
    return mix(lit, letter, mask.x * burnt * gone);
}

@fragment
fn fragment(@builtin(position) pixel: vec4f) -> @location(0) vec4f {
    let there = textureLoad(picture, vec2i(pixel.xy), 0);
    let away = pixel.xy - letters.place;
    let reach = letters.middle / letters.scale + STRAY.x * letters.line;
    if (any(abs(away) > reach)) {
        return there;
    }
    let colour = encoded(there.rgb);
    let ground = ground_at(pixel.xy);
    let place = away / letters.line;
    var over: vec3f;
    switch letters.style {
        case BRUSHED: { over = brushed(colour, ground, away, place); }
        case BURNED: { over = burned(colour, ground, away, place); }
        default: { over = plain(colour, ground, away); }
    }
    return vec4f(linear(clamp(over, vec3f(0.0), vec3f(1.0))), 1.0);
}
