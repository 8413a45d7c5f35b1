/* What all looks share: a scene to paint, random numbers, colours, noise, blur.
 *
 * Places are given in parts of the picture's side, never in pixels, so that a seed paints the same
 * picture at every side. */
#ifndef SCENES_COMMON_H
#define SCENES_COMMON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "fastmath.h"

/* ---- random numbers (xoroshiro128+) ---- */

typedef struct {
    uint64_t state[2];
} Random;

/* Streams of one seed are independent of one another. */
Random random_of(uint64_t seed, uint64_t stream);
uint64_t random_bits(Random *random);
/* In [0, 1). */
float uniform(Random *random);
float between(Random *random, float low, float high);
/* Normally distributed, deviation 1. */
float gauss(Random *random);
/* A whole number in [0, count). */
int below(Random *random, int count);
bool chance(Random *random, float probability);
/* Puts `count` whole numbers into a random order. */
void shuffle(Random *random, int *order, int count);

/* A hash as a number in [0, 1): chance that depends on a place instead of an order. */
static inline uint32_t hash_of(uint32_t x) {
    x = (x ^ (x >> 16)) * 0x7feb352du;
    x = (x ^ (x >> 15)) * 0x846ca68bu;
    return x ^ (x >> 16);
}
static inline float hashed(uint32_t x) { return (float)(int32_t)(hash_of(x) >> 8) * (1 / 16777216.0f); }

/* ---- colours, each part in [0, 1] when shown ---- */

typedef struct {
    float r, g, b;
} Rgb;

Rgb rgb_of_hsv(float hue, float saturation, float value);
void hsv_of_rgb(Rgb colour, float *hue, float *saturation, float *value);
/* From 0xRRGGBB. */
Rgb rgb_of_hex(uint32_t hex);

static inline Rgb rgb_scaled(Rgb c, float by) { return (Rgb){c.r * by, c.g * by, c.b * by}; }
static inline Rgb rgb_sum(Rgb a, Rgb b) { return (Rgb){a.r + b.r, a.g + b.g, a.b + b.b}; }
static inline Rgb rgb_product(Rgb a, Rgb b) { return (Rgb){a.r * b.r, a.g * b.g, a.b * b.b}; }
static inline Rgb rgb_mixed(Rgb a, Rgb b, float t) {
    return (Rgb){mix(a.r, b.r, t), mix(a.g, b.g, t), mix(a.b, b.b, t)};
}
static inline float rgb_mean(Rgb c) { return (c.r + c.g + c.b) / 3; }

/* ---- a scene: one picture in the making ---- */

typedef struct Block Block;

typedef struct {
    uint64_t seed;
    int side;       /* pixels */
    Random random;  /* composition; must be drawn from in the same order at every side */
    Rgb *picture;   /* side * side, row by row */
    Block *scratch; /* freed as a whole once the picture is done, however it ended */
} Scene;

/* Paints scene->picture; false if the seed gave nothing worth showing. */
typedef bool Look(Scene *scene);

Look flames, marbling, nebulae, glass, ink, aurora, coral;

/* Zeroed memory that lives as long as the scene. Ends the program when there is none. */
void *scratch(Scene *scene, size_t count, size_t size);
void free_scratch(Scene *scene);

/* Into how many places a side of a pixel is divided. Fine lines need a raster that does not depend much
 * on the side, or small pictures would be brighter or darker. */
static inline int fineness(int side) { return side >= 256 ? 2 : (511 + side) / side; }

/* ---- gradient noise, about -0.7 to 0.7 ---- */

/* Rows of `count` places; z is one plane of a volume. Vectorised. */
void noise_row(uint32_t seed, const float *x, const float *y, float z, int count, float *out);
/* Octaves of it, each of about twice the frequency and half the height. */
void fbm_row(uint32_t seed, const float *x, const float *y, float z, int octaves, int count, float *out);
/* Octaves of sharp crests. */
void ridges_row(uint32_t seed, const float *x, const float *y, float z, int octaves, float sharpness,
                int count, float *out);
float fbm(uint32_t seed, float x, float y, float z, int octaves);

/* ---- filters ---- */

/* Gaussian blur in place of side * side places of `channels` floats; sigma in pixels. Edges are
 * continued outwards. */
void blur(Scene *scene, float *field, int side, int channels, float sigma);
/* The value below which `part` of the values lie; reorders them. */
float percentile(float *values, int count, float part);

#endif
