#include "coral.h"

#include "judge.h"

typedef enum { RELIEF, LUMINOUS, PRINT } Surface;

enum { SHADES = 5 };

typedef struct {
    Surface surface;
    Rgb shade[SHADES];          /* of the ground, the body by age, and the tips */
    float x, y, size, cos, sin; /* what of the reef is seen */
    float steep, gloss;
    float light_x, light_y, light_z;
    uint32_t noise;
    float drift; /* how far hues wander over the picture */
} Shot;

/* ---- drawn by lot ---- */

static void draw_shades(Random *random, Shot *shot) {
    float home = uniform(random), step = (float[]){0.05f, 0.1f, 0.33f, 0.5f, 0.17f}[below(random, 5)];
    bool dark_ground = shot->surface == LUMINOUS || chance(random, 0.7f);
    for (int i = 0; i < SHADES; i++) {
        float hue = home + step * (float)(i % 3) + gauss(random) * 0.03f, value = between(random, 0.55f, 1);
        shot->shade[i] = rgb_of_hsv(hue, between(random, 0.45f, 1), value);
    }
    float ground = home + (chance(random, 0.5f) ? 0.5f : between(random, -0.15f, 0.15f)),
          paleness = between(random, 0.05f, 0.5f);
    if (dark_ground)
        shot->shade[0] = rgb_of_hsv(ground, between(random, 0.6f, 1), between(random, 0.03f, 0.3f));
    else shot->shade[0] = rgb_of_hsv(ground, paleness, between(random, 0.8f, 1));
    if (chance(random, 0.4f)) shot->shade[SHADES - 1] = rgb_of_hsv(home + step, between(random, 0, 0.25f), 1);
}

static Shot draw_shot(Random *random) {
    Shot shot = {0};
    float u = uniform(random);
    shot.surface = u < 0.5f ? RELIEF : u < 0.75f ? LUMINOUS : PRINT;
    draw_shades(random, &shot);
    float angle = between(random, 0, TAU);
    shot.size = between(random, 0.5f, 1), shot.cos = fast_cos(angle), shot.sin = fast_sin(angle);
    shot.x = 0.5f + gauss(random) * 0.08f, shot.y = 0.5f + gauss(random) * 0.08f;
    shot.steep = between(random, 2.5f, 7), shot.gloss = between(random, 12, 90);
    float aside = between(random, 0, TAU), rise = between(random, 0.5f, 1.1f);
    shot.light_x = fast_cos(aside) * fast_cos(rise), shot.light_y = fast_sin(aside) * fast_cos(rise),
    shot.light_z = fast_sin(rise);
    shot.noise = (uint32_t)(random_bits(random) >> 32);
    shot.drift = chance(random, 0.5f) ? between(random, 0.1f, 0.5f) : between(random, 0, 0.08f);
    return shot;
}

/* ---- the reef between its cells ---- */

/* A cubic B-spline: smooth, as grown things are. */
static float between_cells(const float *field, int size, float x, float y) {
    float cx = floorf(x), cy = floorf(y), u = x - cx, v = y - cy, sum = 0;
    float wx[4] = {(1 - u) * (1 - u) * (1 - u), (3 * u - 6) * u * u + 4, ((3 - 3 * u) * u + 3) * u + 1,
                   u * u * u};
    float wy[4] = {(1 - v) * (1 - v) * (1 - v), (3 * v - 6) * v * v + 4, ((3 - 3 * v) * v + 3) * v + 1,
                   v * v * v};
    for (int j = 0; j < 4; j++) {
        const float *row = field + (((int)cy + j - 1 + 8 * size) % size) * size;
        for (int i = 0; i < 4; i++) sum += wx[i] * wy[j] * row[((int)cx + i - 1 + 8 * size) % size];
    }
    return sum / 36;
}

static void seen_field(const Reef *reef, const float *field, const Shot *shot, int fine, float *out) {
    for (int row = 0; row < fine; row++)
        for (int column = 0; column < fine; column++) {
            float u = (((float)column + 0.5f) / (float)fine - 0.5f) * shot->size,
                  v = (((float)row + 0.5f) / (float)fine - 0.5f) * shot->size;
            float x = shot->x + u * shot->cos - v * shot->sin, y = shot->y + u * shot->sin + v * shot->cos;
            out[(size_t)row * fine + column] =
                between_cells(field, reef->size, x * (float)reef->size - 0.5f, y * (float)reef->size - 0.5f);
        }
}

/* ---- light ---- */

static Rgb turned_hue(Rgb colour, float by) {
    float hue, saturation, value;
    hsv_of_rgb(colour, &hue, &saturation, &value);
    return rgb_of_hsv(hue + by, saturation, value);
}

/* Body colours by age: shades 1 to 3. */
static Rgb body_colour(const Shot *shot, float age) {
    float place = clamp(age, 0, 1) * 2;
    return place < 1 ? rgb_mixed(shot->shade[1], shot->shade[2], place)
                     : rgb_mixed(shot->shade[2], shot->shade[3], place - 1);
}

typedef struct {
    float coral, age, slope_x, slope_y, around; /* `around` is the coral nearby */
} Spot;

static Rgb lit_relief(const Shot *shot, Spot s) {
    float high = smoothstep(0.05f, 0.33f, s.coral), nx = -s.slope_x * shot->steep,
          ny = -s.slope_y * shot->steep;
    float each = 1 / sqrtf(nx * nx + ny * ny + 1),
          facing = (nx * shot->light_x + ny * shot->light_y + shot->light_z) * each;
    float hx = shot->light_x, hy = shot->light_y, hz = shot->light_z + 1,
          half = 1 / sqrtf(hx * hx + hy * hy + hz * hz);
    float shine = fast_pow(greater((nx * hx + ny * hy + hz) * each * half, 0), shot->gloss);
    Rgb body = rgb_mixed(body_colour(shot, s.age), shot->shade[4], smoothstep(0.24f, 0.4f, s.coral));
    Rgb colour = rgb_mixed(shot->shade[0], body, smoothstep(0.06f, 0.2f, s.coral));
    float hollow = mix(0.45f, 1, smoothstep(-0.15f, 0.15f, s.coral - s.around));
    float light = (0.25f + 0.95f * greater(facing, 0)) * mix(hollow, 1, 0.4f * high);
    return rgb_sum(rgb_scaled(colour, light), rgb_scaled((Rgb){1, 1, 1}, 0.45f * shine * high));
}

/* Rims shine, bodies glow dimly. */
static Rgb lit_from_within(const Shot *shot, Spot s) {
    float rim = (s.coral - 0.17f) / 0.06f, body = smoothstep(0.1f, 0.35f, s.coral);
    Rgb colour = body_colour(shot, s.age);
    Rgb light = rgb_sum(rgb_scaled(colour, 1.1f * fast_exp(-rim * rim)),
                        rgb_scaled(shot->shade[4], 0.45f * body * body));
    return rgb_sum(rgb_scaled(shot->shade[0], 1 - 0.5f * body),
                   rgb_sum(light, rgb_scaled(colour, 0.5f * s.around)));
}

/* Flat inks, as of a silk screen. */
static Rgb printed(const Shot *shot, Spot s, float soft) {
    Rgb colour =
        rgb_mixed(shot->shade[0], body_colour(shot, s.age), smoothstep(0.14f - soft, 0.14f + soft, s.coral));
    return rgb_mixed(colour, shot->shade[4], smoothstep(0.27f - soft, 0.27f + soft, s.coral));
}

static Rgb light_of(const Shot *shot, Spot spot) {
    switch (shot->surface) {
    case RELIEF: return lit_relief(shot, spot);
    case LUMINOUS: return lit_from_within(shot, spot);
    default: return printed(shot, spot, 0.012f);
    }
}

static void paint_reef(Scene *scene, const Reef *reef, const Shot *shot) {
    int side = scene->side, fineness_ = fineness(side), fine = fineness_ * side;
    size_t count = (size_t)fine * fine;
    float *coral = scratch(scene, count, sizeof *coral), *age = scratch(scene, count, sizeof *age),
          *around = scratch(scene, count, sizeof *around);
    seen_field(reef, reef->coral, shot, fine, coral);
    seen_field(reef, reef->age, shot, fine, age);
    memcpy(around, coral, count * sizeof *coral);
    blur(scene, around, fine, 1, 0.018f * (float)fine);
    blur(scene, age, fine, 1, 0.012f * (float)fine);
    float per_cell = (float)fine / (shot->size * (float)reef->size);
    for (int y = 0; y < fine; y++)
        for (int x = 0; x < fine; x++) {
            size_t i = (size_t)y * fine + x, right = x + 1 < fine ? i + 1 : i,
                   under = y + 1 < fine ? i + (size_t)fine : i;
            Spot spot = {coral[i], age[i], (coral[right] - coral[i]) * per_cell,
                         (coral[under] - coral[i]) * per_cell, around[i]};
            Rgb *pixel = &scene->picture[(size_t)(y / fineness_) * side + x / fineness_];
            *pixel = rgb_sum(*pixel, rgb_scaled(light_of(shot, spot), 1 / (float)(fineness_ * fineness_)));
        }
}

/* Hues wander, light falls off to the edges, and what is bright shines over its border. */
static void finish(Scene *scene, const Shot *shot) {
    int side = scene->side;
    size_t parts = (size_t)side * side * 3;
    float *halo = scratch(scene, parts, sizeof *halo);
    float amount = shot->surface == LUMINOUS ? 0.7f : shot->surface == RELIEF ? 0.18f : 0;
    memcpy(halo, scene->picture, parts * sizeof *halo);
    blur(scene, halo, side, 3, 0.02f * (float)side);
    float *x = scratch(scene, (size_t)side * 3, sizeof *x), *y = x + side, *wander = y + side;
    for (int row = 0; row < side; row++) {
        float v = ((float)row + 0.5f) / (float)side;
        for (int i = 0; i < side; i++) x[i] = 1.6f * ((float)i + 0.5f) / (float)side, y[i] = 1.6f * v;
        fbm_row(shot->noise, x, y, 0.5f, 2, side, wander);
        for (int i = 0; i < side; i++) {
            size_t at = (size_t)row * side + i;
            float u = x[i] / 1.6f - 0.5f, w = v - 0.5f,
                  vignette = shot->surface == PRINT ? 1 : 1 - 0.8f * (u * u + w * w);
            Rgb c = rgb_sum(scene->picture[at],
                            rgb_scaled((Rgb){halo[3 * at], halo[3 * at + 1], halo[3 * at + 2]}, amount));
            scene->picture[at] = turned_hue(rgb_scaled(c, vignette), shot->drift * wander[i]);
        }
    }
}

bool coral(Scene *scene) {
    Reef reef = grow_reef(scene);
    Shot shot = draw_shot(&scene->random);
    paint_reef(scene, &reef, &shot);
    finish(scene, &shot);
    Figures figures = judge(scene);
    return figures.deviation > 0.09f && figures.detail > 0.4f;
}
