// Base coat: the image, resampled with Lanczos's kernel of three lobes to the canvas.
// Reads:  the finest level of the image that the canvas can show.
// Writes: the canvas's colours and its height of paint, 0.
// Cost:   36 loads for each canvas pixel in the window.

struct Coat {
    @location(0) colour: vec4f,
    @location(1) height: vec4f,
}

const PI = 3.14159265358979;

fn lanczos(x: f32) -> f32 {
    let a = PI * x;
    let weight = 3.0 * sin(a) * sin(a / 3.0) / max(a * a, 1e-12);
    return select(weight, 1.0, abs(x) < 1e-4);
}

// The image goes on mirrored beyond its edges.
fn fold(place: i32, side: i32) -> i32 {
    let period = 2 * side;
    let folded = ((place % period) + period) % period;
    return min(folded, period - 1 - folded);
}

@fragment
fn fragment(@builtin(position) pixel: vec4f) -> Coat {
    let level = level_at_most(frame.canvas);
    let side = i32(level.x);
    let place = pixel.xy * (f32(side) / f32(frame.canvas)) - 0.5;
    let first = vec2i(floor(place)) - 2;
    var across: array<f32, 6>;
    var down: array<f32, 6>;
    var total = vec2f(0.0);
    for (var k = 0; k < 6; k++) {
        let distance = place - vec2f(first + k);
        across[k] = lanczos(distance.x);
        down[k] = lanczos(distance.y);
        total += vec2f(across[k], down[k]);
    }
    var colour = vec3f(0.0);
    for (var y = 0; y < 6; y++) {
        var row = vec3f(0.0);
        let line = level.y + u32(fold(first.y + y, side) * side);
        for (var x = 0; x < 6; x++) {
            row += across[x] * levels[line + u32(fold(first.x + x, side))].rgb;
        }
        colour += down[y] * row;
    }
    colour = clamp(colour / (total.x * total.y), vec3f(0.0), vec3f(1.0));
    return Coat(vec4f(colour, 1.0), vec4f(0.0));
}
