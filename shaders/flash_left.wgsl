// Flashes, measured: the cells of the picture that is shown.
// Reads:  what is seen, the light of each code.
// Writes: luminance and redness of each cell.
// Cost:   up to 640 by 360 loads.

fn code_at(place: vec2u) -> vec3u {
    let pixel = seen[place.y * frame.output.x + place.x];
    let colour = vec3u(pixel.x & 0xffffu, pixel.x >> 16u, pixel.y);
    return (colour + 128u) >> vec3u(8u);
}

fn keep(place: u32, mean: vec2u) {
    left[place] = mean;
}
