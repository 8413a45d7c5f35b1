#include "judge.h"

enum { REDUCED = 64, PLACES = REDUCED * REDUCED };

static const float LIT = 24 / 255.0f, EDGE = 8 / 255.0f, EVEN = 4.5f / 255, BRIGHT = 40 / 255.0f;

/* Means over the pixels that a place covers. */
static void reduce(const Scene *scene, Rgb *reduced) {
    int side = scene->side;
    for (int y = 0; y < REDUCED; y++)
        for (int x = 0; x < REDUCED; x++) {
            int left = x * side / REDUCED, right = ((x + 1) * side + REDUCED - 1) / REDUCED;
            int top = y * side / REDUCED, bottom = ((y + 1) * side + REDUCED - 1) / REDUCED;
            Rgb sum = {0, 0, 0};
            for (int j = top; j < bottom; j++)
                for (int i = left; i < right; i++) sum = rgb_sum(sum, scene->picture[(size_t)j * side + i]);
            reduced[y * REDUCED + x] = rgb_scaled(sum, 1 / (float)((right - left) * (bottom - top)));
        }
}

/* How much grey changes from a place to its right and lower neighbours, blurred a little. */
static float *edges(Scene *scene, const Rgb *reduced) {
    float *edge = scratch(scene, PLACES, sizeof *edge);
    for (int y = 0; y < REDUCED; y++)
        for (int x = 0; x < REDUCED; x++) {
            int i = y * REDUCED + x, right = x + 1 < REDUCED ? i + 1 : i,
                under = y + 1 < REDUCED ? i + REDUCED : i;
            float grey = rgb_mean(reduced[i]);
            edge[i] = fabsf(rgb_mean(reduced[right]) - grey) + fabsf(rgb_mean(reduced[under]) - grey);
        }
    blur(scene, edge, REDUCED, 1, 0.7f);
    return edge;
}

/* Circular variance of the hues, each weighing as much as it is seen. */
static float hue_variety(const Rgb *reduced) {
    float along = 0, across = 0, total = 1e-6f;
    for (int i = 0; i < PLACES; i++) {
        float hue, saturation, value;
        hsv_of_rgb(reduced[i], &hue, &saturation, &value);
        float weight = saturation * value;
        along += weight * fast_cos(TAU * hue), across += weight * fast_sin(TAU * hue), total += weight;
    }
    return 1 - sqrtf(along * along + across * across) / total;
}

Figures judge(Scene *scene) {
    Rgb *reduced = scratch(scene, PLACES, sizeof *reduced), mean = {0, 0, 0};
    reduce(scene, reduced);
    float *edge = edges(scene, reduced);
    Figures figures = {0};
    for (int i = 0; i < PLACES; i++) mean = rgb_sum(mean, rgb_scaled(reduced[i], 1.0f / PLACES));
    float variance = 0;
    for (int i = 0; i < PLACES; i++) {
        Rgb c = reduced[i], off = {c.r - mean.r, c.g - mean.g, c.b - mean.b};
        variance += (off.r * off.r + off.g * off.g + off.b * off.b) / (3.0f * PLACES);
        figures.lit += (greater(c.r, greater(c.g, c.b)) > LIT) / (float)PLACES;
        figures.detail += (edge[i] > EDGE) / (float)PLACES;
        figures.flat += (edge[i] < EVEN && rgb_mean(c) > BRIGHT) / (float)PLACES;
    }
    figures.luminance = rgb_mean(mean);
    figures.deviation = sqrtf(variance);
    figures.hues = hue_variety(reduced);
    return figures;
}
