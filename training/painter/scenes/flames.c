#include "flames.h"

#include "judge.h"

enum { POINTS_PER_PLACE = 28, SURVEY_ROUNDS = 20, SURVEYED = SURVEY_ROUNDS * POOL, GRID = 48, SHADES = 256 };

/* Sum of the colours met at a place, and how many. */
typedef struct {
    float r, g, b, count;
} Met;

/* The square of the plane that is shown. */
typedef struct {
    float x, y, half, cos, sin;
} Frame;

static void draw_palette(Random *random, Met *palette) {
    int stops = 3 + below(random, 4), harmony = below(random, 7);
    Rgb stop[8];
    float home = uniform(random);
    for (int i = 0; i < stops; i++) {
        float hue = uniform(random), near = between(random, -1, 1);
        if (harmony == 0) hue = home + 0.09f * near;
        if (harmony == 1) hue = home + (float)(i % 2) * 0.5f + 0.05f * near;
        if (harmony == 2) hue = home + (float)(i % 3) / 3 + 0.04f * near;
        if (harmony == 3) hue = home + 0.22f * near;
        float saturation = between(random, 0.55f, 1), value = between(random, 0.6f, 1);
        if (chance(random, 0.2f)) saturation = between(random, 0.05f, 0.3f), value = 1;
        if (chance(random, 0.15f)) value = between(random, 0.2f, 0.5f);
        stop[i] = rgb_of_hsv(hue, saturation, value);
    }
    for (int i = 0; i < SHADES; i++) {
        float place = (float)i / (SHADES - 1) * (float)stops;
        int from = (int)place % stops;
        Rgb colour = rgb_mixed(stop[from], stop[(from + 1) % stops], smoothstep(0, 1, fraction(place)));
        palette[i] = (Met){colour.r, colour.g, colour.b, 1};
    }
}

/* Whether the points fill a fair part of the frame, and not all in one place. */
static bool is_spread(Scene *scene, const float *x, const float *y, Frame frame) {
    int *counts = scratch(scene, GRID * GRID, sizeof *counts), inside = 0, covered = 0;
    for (int i = 0; i < SURVEYED; i++) {
        float column = (x[i] - frame.x + frame.half) / (2 * frame.half) * GRID;
        float row = (y[i] - frame.y + frame.half) / (2 * frame.half) * GRID;
        if (column < 0 || row < 0 || column >= GRID || row >= GRID) continue;
        counts[(int)row * GRID + (int)column]++;
        inside++;
    }
    float entropy = 0; /* bits */
    for (int i = 0; i < GRID * GRID; i++) {
        if (!counts[i]) continue;
        float part = (float)counts[i] / (float)inside;
        entropy -= part * fast_log(part) * 1.44269504f;
        covered++;
    }
    float cover = (float)covered / (GRID * GRID);
    return cover > 0.16f && cover < 0.93f && entropy > 6.3f && (float)inside > 0.6f * SURVEYED;
}

/* Frames what a first walk met; false where that is thin, lost or everywhere. */
static bool find_frame(Scene *scene, Walk *walk, const Flame *flame, Frame *frame) {
    Random *random = &scene->random;
    float cut = between(random, 0.015f, 0.07f), margin = between(random, 0.5f, 0.62f),
          turn = between(random, 0, TAU);
    float *x = scratch(scene, SURVEYED, sizeof *x), *y = scratch(scene, SURVEYED, sizeof *y);
    float *order = scratch(scene, SURVEYED, sizeof *order);
    for (int i = 0; i < SURVEY_ROUNDS; i++) walk_on(walk, flame);
    for (int i = 0; i < SURVEY_ROUNDS; i++) {
        walk_on(walk, flame);
        memcpy(x + i * POOL, walk->shown.x, sizeof walk->shown.x);
        memcpy(y + i * POOL, walk->shown.y, sizeof walk->shown.y);
    }
    for (int i = 0; i < SURVEYED; i++)
        if (!is_moderate(x[i]) || !is_moderate(y[i])) x[i] = y[i] = 1e5f;
    memcpy(order, x, SURVEYED * sizeof *x);
    float left = percentile(order, SURVEYED, cut), right = percentile(order, SURVEYED, 1 - cut);
    memcpy(order, y, SURVEYED * sizeof *y);
    float top = percentile(order, SURVEYED, cut), bottom = percentile(order, SURVEYED, 1 - cut);
    float width = right - left, height = bottom - top;
    *frame = (Frame){(left + right) / 2, (top + bottom) / 2, greater(width, height) * margin, fast_cos(turn),
                     fast_sin(turn)};
    if (flame->symmetry > 1) {
        float far = greater(greater(fabsf(left), fabsf(right)), greater(fabsf(top), fabsf(bottom)));
        frame->x = frame->y = 0, frame->half = far * 1.08f;
    }
    if (flame->symmetry != 1) frame->cos = 1, frame->sin = 0;
    if (frame->half < 1e-3f || frame->half > 50) return false;
    if (lesser(width, height) < 0.2f * greater(width, height)) return false;
    return is_spread(scene, x, y, *frame);
}

/* Adds the points that are shown to the places of the frame. The last place takes those outside. */
static void count_points(const Points *points, Frame frame, const Met *palette, Met *places, int fine) {
    int place[POOL], shade[POOL];
    float scale = (float)fine / (2 * frame.half);
    int outside = fine * fine;
    for (int i = 0; i < POOL; i++) {
        float dx = points->x[i] - frame.x, dy = points->y[i] - frame.y;
        float column = (dx * frame.cos - dy * frame.sin + frame.half) * scale;
        float row = (dx * frame.sin + dy * frame.cos + frame.half) * scale;
        bool inside = is_moderate(column) & is_moderate(row) & (column >= 0) & (row >= 0) &
                      (column < (float)fine) & (row < (float)fine);
        int at = (int)(inside ? row : 0) * fine + (int)(inside ? column : 0);
        place[i] = inside ? at : outside;
        shade[i] = (int)(points->colour[i] * (SHADES - 0.01f));
    }
    for (int i = 0; i < POOL; i++) {
        Met *met = &places[place[i]];
        const Met *colour = &palette[shade[i]];
        met->r += colour->r, met->g += colour->g, met->b += colour->b, met->count += 1;
    }
}

/* How counts become light: logarithmically, as an eye sees. */
typedef struct {
    float scale, white, gamma, vibrancy;
} Exposure;

/* Exposes by the density below which nearly all places lie; false where few places were met at all. */
static bool expose(Scene *scene, const Met *places, int fine, Exposure *exposure) {
    Random *random = &scene->random;
    float density = between(random, 0.12f, 0.5f) * 40, bright = between(random, 1.0f, 1.6f);
    exposure->gamma = 1 / between(random, 1.7f, 2.4f), exposure->vibrancy = between(random, 0.75f, 1);
    exposure->scale = density / POINTS_PER_PLACE;
    float *met = scratch(scene, (size_t)fine * fine, sizeof *met);
    int count = 0;
    for (int i = 0; i < fine * fine; i++)
        if (places[i].count > 0) met[count++] = places[i].count;
    if (count < fine * fine / 40) return false;
    exposure->white = fast_log(1 + exposure->scale * percentile(met, count, 0.985f)) / bright;
    return exposure->white > 0;
}

static inline float lit_part(float mean, float light, float even, Exposure exposure) {
    float apart = fast_pow(mean * light, exposure.gamma);
    return mix(apart, mean * even, exposure.vibrancy);
}

static void develop(Scene *scene, const Met *places, int fine, Exposure exposure) {
    int fineness = fine / scene->side;
    for (int y = 0; y < fine; y++)
        for (int x = 0; x < fine; x++) {
            Met met = places[(size_t)y * fine + x];
            float each = 1 / greater(met.count, 1e-6f),
                  density = fast_log(1 + exposure.scale * met.count) / exposure.white;
            float light = lesser(density, 1.6f), even = fast_pow(light, exposure.gamma);
            float gain = (1 + 0.25f * greater(density - 1, 0)) / (float)(fineness * fineness);
            Rgb *pixel = &scene->picture[(size_t)(y / fineness) * scene->side + x / fineness];
            pixel->r += gain * lit_part(met.r * each, light, even, exposure);
            pixel->g += gain * lit_part(met.g * each, light, even, exposure);
            pixel->b += gain * lit_part(met.b * each, light, even, exposure);
        }
}

/* Spreads the hues: with the light, and across the picture, so that no flame is of one colour. */
static void recolour(Scene *scene) {
    Random *random = &scene->random;
    float by_light = between(random, 0.10f, 0.34f) * (chance(random, 0.5f) ? 1 : -1);
    float by_radius = between(random, -0.25f, 0.25f), by_place = between(random, -0.15f, 0.15f);
    float angle = between(random, 0, TAU), fresh = between(random, 1, 1.25f);
    float whole = chance(random, 0.15f) ? 0.3f : 1;
    int side = scene->side;
    float *light = scratch(scene, (size_t)side * side, sizeof *light);
    for (int i = 0; i < side * side; i++) {
        Rgb c = scene->picture[i];
        light[i] = lesser(greater(c.r, greater(c.g, c.b)), 1);
    }
    blur(scene, light, side, 1, 2.0f / 288 * (float)side);
    for (int y = 0; y < side; y++)
        for (int x = 0; x < side; x++) {
            int i = y * side + x;
            Rgb c = scene->picture[i];
            c = (Rgb){clamp(c.r, 0, 1), clamp(c.g, 0, 1), clamp(c.b, 0, 1)};
            float u = ((float)x + 0.5f) / (float)side, v = ((float)y + 0.5f) / (float)side, hue, saturation,
                  value;
            float radius = 2 * sqrtf((u - 0.5f) * (u - 0.5f) + (v - 0.5f) * (v - 0.5f));
            float shift = by_light * light[i] + by_radius * radius +
                          by_place * (fast_cos(angle) * u + fast_sin(angle) * v);
            hsv_of_rgb(c, &hue, &saturation, &value);
            saturation = lesser(saturation * fresh + (value > 0.12f ? 0.03f : 0), 1);
            scene->picture[i] = rgb_of_hsv(hue + whole * shift, saturation, value);
        }
}

bool flames(Scene *scene) {
    Flame flame = flame_of(&scene->random);
    Met palette[SHADES];
    draw_palette(&scene->random, palette);
    Walk *walk = scratch(scene, 1, sizeof *walk);
    walk_start(walk, scene->seed);
    Frame frame;
    if (!find_frame(scene, walk, &flame, &frame)) return false;

    int fine = fineness(scene->side) * scene->side;
    Met *places = scratch(scene, (size_t)fine * fine + 1, sizeof *places);
    int rounds = (int)((int64_t)fine * fine * POINTS_PER_PLACE / POOL);
    for (int i = 0; i < rounds; i++) {
        walk_on(walk, &flame);
        count_points(&walk->shown, frame, palette, places, fine);
    }
    Exposure exposure;
    if (!expose(scene, places, fine, &exposure)) return false;
    develop(scene, places, fine, exposure);
    recolour(scene);
    Figures figures = judge(scene);
    return figures.lit > 0.2f && figures.luminance > 0.05f && figures.luminance < 0.62f &&
           figures.detail > 0.2f && figures.flat < 0.35f;
}
