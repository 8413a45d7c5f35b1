/* The land under the lights: ridges behind each other, trees, and water that mirrors the sky, or snow
 * that takes its colour. */
#include "aurora.h"

enum { MOST_RIDGES = 3, ACROSS = 4 };

typedef enum { WATER, SNOW } Ground;

/* Heights of a skyline above the horizon in parts of the side, ACROSS of them for each pixel. */
typedef struct {
    float *height;
    int count;
} Skyline;

static Skyline ridge(Scene *scene, float height, float frequency, float rough) {
    Random *random = &scene->random;
    uint32_t noise = (uint32_t)(random_bits(random) >> 32);
    float from = between(random, 0, 99);
    int count = scene->side * ACROSS;
    float *x = scratch(scene, (size_t)count * 3, sizeof *x), *y = x + count, *out = y + count;
    for (int i = 0; i < count; i++) x[i] = from + frequency * ((float)i + 0.5f) / (float)count, y[i] = 0.5f;
    if (rough > 0.5f) ridges_row(noise, x, y, 0.5f, 5, 1.2f, count, out);
    else fbm_row(noise, x, y, 0.5f, 4, count, out);
    for (int i = 0; i < count; i++)
        out[i] = height * (rough > 0.5f ? 1.3f * out[i] - 0.2f : 0.5f + 0.9f * out[i]);
    return (Skyline){out, count};
}

/* Conifers along a skyline: narrow, pointed, in groups. */
static void plant_trees(Scene *scene, Skyline line, float height) {
    Random *random = &scene->random;
    uint32_t noise = (uint32_t)(random_bits(random) >> 32);
    int trees = 60 + below(random, 160);
    float *ground = scratch(scene, (size_t)line.count, sizeof *ground);
    memcpy(ground, line.height, (size_t)line.count * sizeof *ground);
    for (int t = 0; t < trees; t++) {
        float x = uniform(random), size = height * between(random, 0.3f, 1) *
                                          smoothstep(-0.35f, 0.4f, fbm(noise, 5 * x, 0.5f, 0.5f, 2));
        float wide = size * between(random, 0.14f, 0.22f), ragged = uniform(random) * 99;
        int left = (int)((x - wide) * (float)line.count), right = (int)((x + wide) * (float)line.count) + 1;
        for (int i = left < 0 ? 0 : left; i < right && i < line.count; i++) {
            float off = fabsf(((float)i + 0.5f) / (float)line.count - x) / greater(wide, 1e-5f);
            float branch = 0.12f * fbm(noise, 9 * off + ragged, 4.5f, 0.5f, 2);
            float top = ground[i] + size * (fast_pow(greater(1 - off, 0), 1.5f) + (off < 0.9f ? branch : 0));
            line.height[i] = greater(line.height[i], top);
        }
    }
}

/* Paints all below the skyline. The colour is that of the horizon's sky, the darker the nearer. */
static void paint_ridge(Scene *scene, Skyline line, float horizon, Rgb colour) {
    int side = scene->side;
    for (int x = 0; x < side; x++)
        for (int y = 0; y < side; y++) {
            float above = horizon - ((float)y + 0.5f) / (float)side, cover = 0;
            if (above < -0.002f) break;
            for (int k = 0; k < ACROSS; k++)
                cover += clamp((line.height[x * ACROSS + k] - above) * (float)side + 0.5f, 0, 1) / ACROSS;
            Rgb *pixel = &scene->picture[(size_t)y * side + x];
            *pixel = rgb_mixed(*pixel, colour, cover);
        }
}

static Rgb sky_light(const Scene *scene, float horizon) {
    int rows = (int)(horizon * (float)scene->side), count = 0;
    Rgb sum = {0, 0, 0};
    for (int i = 0; i < rows * scene->side; i += 7, count++) sum = rgb_sum(sum, scene->picture[i]);
    return rgb_scaled(sum, 1 / (float)(count + 1));
}

/* The picture above the horizon upside down, broken by ripples that look coarser nearby. */
static void fill_water(Scene *scene, float horizon, Rgb deep, float rough) {
    /* A lens that is wider downwards than upwards, so that more than the lowest sky is mirrored. */
    float depth = between(&scene->random, 1, lesser(greater(0.95f * horizon / (1 - horizon), 1), 2.4f));
    int side = scene->side;
    uint32_t noise = (uint32_t)(random_bits(&scene->random) >> 32);
    float *x = scratch(scene, (size_t)side * 4, sizeof *x), *y = x + side, *up = y + side, *aside = up + side;
    float line = horizon * (float)side;
    for (int row = (int)line; row < side; row++) {
        float below = greater(((float)row + 0.5f - line) / (float)side, 0.3f / (float)side),
              far = 0.06f / (below + 0.012f);
        for (int i = 0; i < side; i++)
            x[i] = ((float)i / (float)side - 0.5f) * 14 * far + 50, y[i] = 34 * far;
        fbm_row(noise, x, y, 0.5f, 2, side, up);
        fbm_row(noise, x, y, 4.5f, 2, side, aside);
        for (int i = 0; i < side; i++) {
            float source = line - 1 - depth * below * (float)side * (1 + rough * 0.9f * up[i]) -
                           rough * 0.03f * (float)side * fabsf(up[i]);
            float column = clamp((float)i + rough * aside[i] * (0.02f + 0.08f * below) * (float)side, 0,
                                 (float)side - 1);
            source = clamp(source, 0, line - 1);
            Rgb seen = scene->picture[(size_t)source * side + (int)column];
            float mirror = mix(0.8f, 0.55f, smoothstep(0, 0.5f, below));
            scene->picture[(size_t)row * side + i] =
                rgb_sum(rgb_scaled(seen, mirror), rgb_scaled(deep, 1 - mirror));
        }
    }
}

static void fill_snow(Scene *scene, float horizon, Rgb light) {
    int side = scene->side;
    uint32_t noise = (uint32_t)(random_bits(&scene->random) >> 32);
    float *x = scratch(scene, (size_t)side * 3, sizeof *x), *y = x + side, *drift = y + side;
    for (int row = (int)(horizon * (float)side); row < side; row++) {
        float below = ((float)row + 0.5f) / (float)side - horizon, far = 0.8f / (greater(below, 0) + 0.04f);
        for (int i = 0; i < side; i++) x[i] = ((float)i / (float)side - 0.5f) * far + 50, y[i] = far;
        fbm_row(noise, x, y, 0.5f, 3, side, drift);
        for (int i = 0; i < side; i++)
            scene->picture[(size_t)row * side + i] =
                rgb_scaled(light, greater(1.15f + 1.3f * drift[i], 0.15f) * mix(1.1f, 0.6f, 2 * below));
    }
}

void lay_land(Scene *scene, const Camera *camera, const Night *night) {
    Random *random = &scene->random;
    Ground ground = chance(random, 0.78f) ? WATER : SNOW;
    int ridges = 1 + below(random, MOST_RIDGES);
    float peaks = between(random, 0.05f, 0.3f), rough = uniform(random), frequency = between(random, 0.8f, 3),
          trees = between(random, 0.03f, 0.16f);
    bool wooded = chance(random, 0.55f);
    Rgb light = sky_light(scene, camera->horizon), haze = rgb_mixed(night->dusk, light, 0.4f);
    for (int i = 0; i < ridges; i++) {
        float near = (float)(i + 1) / (float)ridges;
        Skyline line = ridge(scene, peaks * mix(1, 0.35f, near), frequency * mix(1, 2, near), rough);
        if (wooded && i == ridges - 1) plant_trees(scene, line, trees);
        paint_ridge(scene, line, camera->horizon, rgb_scaled(haze, mix(0.75f, 0.06f, near)));
    }
    if (ground == WATER)
        fill_water(scene, camera->horizon, rgb_scaled(night->zenith, 0.35f), between(random, 0.15f, 1));
    else fill_snow(scene, camera->horizon, rgb_mixed(rgb_scaled(light, 1.1f), rgb_scaled(haze, 0.9f), 0.3f));
}
