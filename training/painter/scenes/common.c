#include "common.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- random numbers ---- */

static uint64_t split_mix(uint64_t *x) {
    uint64_t z = *x += 0x9e3779b97f4a7c15ull;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ull;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebull;
    return z ^ (z >> 31);
}

Random random_of(uint64_t seed, uint64_t stream) {
    uint64_t x = seed;
    x = split_mix(&x) ^ stream * 0xd1b54a32d192ed03ull;
    Random random;
    random.state[0] = split_mix(&x);
    random.state[1] = split_mix(&x) | 1;
    return random;
}

static uint64_t rotated(uint64_t x, int by) { return x << by | x >> (64 - by); }

uint64_t random_bits(Random *random) {
    uint64_t a = random->state[0], b = random->state[1], sum = a + b;
    b ^= a;
    random->state[0] = rotated(a, 24) ^ b ^ (b << 16);
    random->state[1] = rotated(b, 37);
    return sum;
}

float uniform(Random *random) { return (float)(random_bits(random) >> 40) * (1 / 16777216.0f); }

float between(Random *random, float low, float high) { return low + (high - low) * uniform(random); }

float gauss(Random *random) {
    float length = sqrtf(-2 * fast_log(1 - uniform(random)));
    return length * fast_cos(TAU * uniform(random));
}

int below(Random *random, int count) { return (int)((random_bits(random) >> 33) % (uint64_t)count); }

bool chance(Random *random, float probability) { return uniform(random) < probability; }

void shuffle(Random *random, int *order, int count) {
    for (int i = count - 1; i > 0; i--) {
        int j = below(random, i + 1), kept = order[i];
        order[i] = order[j];
        order[j] = kept;
    }
}

/* ---- colours ---- */

Rgb rgb_of_hsv(float hue, float saturation, float value) {
    float h = fraction(hue) * 6;
    int sector = (int)h;
    float f = h - (float)sector, low = value * (1 - saturation);
    float falling = value * (1 - saturation * f), rising = value * (1 - saturation * (1 - f));
    switch (sector) {
    case 0: return (Rgb){value, rising, low};
    case 1: return (Rgb){falling, value, low};
    case 2: return (Rgb){low, value, rising};
    case 3: return (Rgb){low, falling, value};
    case 4: return (Rgb){rising, low, value};
    default: return (Rgb){value, low, falling};
    }
}

void hsv_of_rgb(Rgb c, float *hue, float *saturation, float *value) {
    float high = greater(c.r, greater(c.g, c.b)), low = lesser(c.r, lesser(c.g, c.b)), span = high - low;
    float h = 0;
    if (span > 0) {
        if (high == c.r) h = (c.g - c.b) / span;
        else if (high == c.g) h = 2 + (c.b - c.r) / span;
        else h = 4 + (c.r - c.g) / span;
    }
    *hue = fraction(h / 6);
    *saturation = high > 0 ? span / high : 0;
    *value = high;
}

Rgb rgb_of_hex(uint32_t hex) {
    return (Rgb){(float)(hex >> 16 & 255) / 255, (float)(hex >> 8 & 255) / 255, (float)(hex & 255) / 255};
}

/* ---- scratch memory ---- */

struct Block {
    Block *next;
    max_align_t start[];
};

void *scratch(Scene *scene, size_t count, size_t size) {
    Block *block = calloc(1, sizeof(Block) + count * size);
    if (!block) {
        fprintf(stderr, "scenes: There is not enough memory for a picture of side %d.\n", scene->side);
        exit(2);
    }
    block->next = scene->scratch;
    scene->scratch = block;
    return block->start;
}

void free_scratch(Scene *scene) {
    while (scene->scratch) {
        Block *next = scene->scratch->next;
        free(scene->scratch);
        scene->scratch = next;
    }
}

/* ---- noise ---- */

enum { HASH_X = 374761393, HASH_Y = 668265263 };
#define HASH_Z 2246822519u

static inline float fade(float t) { return t * t * t * (t * (t * 6 - 15) + 10); }

/* The random gradient of a corner of the lattice, times the way to it. Its three parts are ten bits
 * each of the corner's hash. */
static inline float slope(uint32_t corner, float x, float y, float z) {
    uint32_t h = (corner ^ (corner >> 13)) * 1274126177u;
    h = (h ^ (h >> 16)) * 2654435761u;
    float gx = (float)(int32_t)(h >> 22), gy = (float)(int32_t)(h >> 12 & 1023),
          gz = (float)(int32_t)(h >> 2 & 1023);
    return (gx - 511.5f) * x + (gy - 511.5f) * y + (gz - 511.5f) * z;
}

static inline float noise_at(uint32_t seed, float x, float y, float z) {
    float cell_x = floorf(x), cell_y = floorf(y), cell_z = floorf(z);
    x -= cell_x, y -= cell_y, z -= cell_z;
    uint32_t hx = (uint32_t)(int32_t)cell_x * HASH_X, hy = (uint32_t)(int32_t)cell_y * HASH_Y;
    uint32_t h = hx + hy + (uint32_t)(int32_t)cell_z * HASH_Z + seed;
    float u = fade(x), v = fade(y), w = fade(z);
    float front = mix(mix(slope(h, x, y, z), slope(h + HASH_X, x - 1, y, z), u),
                      mix(slope(h + HASH_Y, x, y - 1, z), slope(h + HASH_X + HASH_Y, x - 1, y - 1, z), u), v);
    h += HASH_Z;
    float back =
        mix(mix(slope(h, x, y, z - 1), slope(h + HASH_X, x - 1, y, z - 1), u),
            mix(slope(h + HASH_Y, x, y - 1, z - 1), slope(h + HASH_X + HASH_Y, x - 1, y - 1, z - 1), u), v);
    return mix(front, back, w) * (1.41421356f / 512);
}

void noise_row(uint32_t seed, const float *restrict x, const float *restrict y, float z, int count,
               float *restrict out) {
    for (int i = 0; i < count; i++) out[i] = noise_at(seed, x[i], y[i], z);
}

/* How octaves follow each other: place * LACUNARITY + SHIFT, so that their lattices do not meet. */
static const float LACUNARITY = 2.03f, SHIFT_X = 1.7f, SHIFT_Y = -2.3f, LACUNARITY_Z = 1.7f, SHIFT_Z = 0.9f;

void fbm_row(uint32_t seed, const float *restrict x, const float *restrict y, float z, int octaves, int count,
             float *restrict out) {
    float height = 0.5f, scale = 1, dx = 0, dy = 0;
    for (int i = 0; i < count; i++) out[i] = 0;
    for (int octave = 0; octave < octaves; octave++) {
        for (int i = 0; i < count; i++)
            out[i] += height * noise_at(seed, x[i] * scale + dx, y[i] * scale + dy, z);
        scale *= LACUNARITY, dx = dx * LACUNARITY + SHIFT_X, dy = dy * LACUNARITY + SHIFT_Y;
        z = z * LACUNARITY_Z + SHIFT_Z, height *= 0.52f;
    }
}

void ridges_row(uint32_t seed, const float *restrict x, const float *restrict y, float z, int octaves,
                float sharpness, int count, float *restrict out) {
    enum { CHUNK = 64 };
    for (int from = 0; from < count; from += CHUNK) {
        int n = count - from < CHUNK ? count - from : CHUNK;
        float before[CHUNK], height = 0.5f, scale = 1, dx = 0, dy = 0, plane = z;
        for (int i = 0; i < n; i++) before[i] = 1, out[from + i] = 0;
        for (int octave = 0; octave < octaves; octave++) {
            for (int i = 0; i < n; i++) {
                float crest = noise_at(seed, x[from + i] * scale + dx, y[from + i] * scale + dy, plane);
                crest = fast_pow(greater(1 - 1.9f * fabsf(crest), 0), sharpness);
                out[from + i] += height * crest * before[i];
                before[i] = crest;
            }
            scale *= LACUNARITY, dx = dx * LACUNARITY + SHIFT_X, dy = dy * LACUNARITY + SHIFT_Y;
            plane = plane * LACUNARITY_Z + SHIFT_Z, height *= 0.55f;
        }
    }
}

float fbm(uint32_t seed, float x, float y, float z, int octaves) {
    float out;
    fbm_row(seed, &x, &y, z, octaves, 1, &out);
    return out;
}

/* ---- blur ---- */

/* A Gaussian as three box filters, whose fractional edges meet its variance exactly (Gwosdek,
 * Grewenig, Bruhn, Weickert: Theoretical foundations of Gaussian convolution by extended box
 * filtering, 2011). Its cost does not depend on sigma. */
typedef struct {
    int radius;
    float inner, edge; /* weights of the places within the radius, and of the two beyond */
} Box;

enum { PASSES = 3 };

static Box box_of(float sigma) {
    float variance = sigma * sigma / PASSES;
    float m = floorf(0.5f * sqrtf(12 * variance + 1) - 0.5f);
    float alpha = (2 * m + 1) * (m * (m + 1) - 3 * variance) / (6 * (variance - (m + 1) * (m + 1)));
    float width = 2 * m + 1 + 2 * alpha;
    return (Box){(int)m, 1 / width, alpha / width};
}

static int within(int i, int side) { return i < 0 ? 0 : i >= side ? side - 1 : i; }

/* One pass along the first axis of [side][lanes]: with lanes = a row it blurs columns. */
static void box_pass(const float *restrict from, float *restrict to, float *restrict sum, int side, int lanes,
                     Box box) {
    for (int k = 0; k < lanes; k++) sum[k] = 0;
    for (int i = -box.radius; i <= box.radius; i++)
        for (int k = 0; k < lanes; k++) sum[k] += from[within(i, side) * lanes + k];
    for (int i = 0; i < side; i++) {
        const float *left = from + (size_t)within(i - box.radius - 1, side) * lanes;
        const float *right = from + (size_t)within(i + box.radius + 1, side) * lanes;
        const float *leaving = from + (size_t)within(i - box.radius, side) * lanes;
        float *out = to + (size_t)i * lanes;
        for (int k = 0; k < lanes; k++) {
            out[k] = box.inner * sum[k] + box.edge * (left[k] + right[k]);
            sum[k] += right[k] - leaving[k];
        }
    }
}

static void blur_along(float *field, float *other, float *sum, int side, int lanes, Box box) {
    box_pass(field, other, sum, side, lanes, box);
    box_pass(other, field, sum, side, lanes, box);
    box_pass(field, other, sum, side, lanes, box);
    memcpy(field, other, (size_t)side * lanes * sizeof *field);
}

void blur(Scene *scene, float *field, int side, int channels, float sigma) {
    Box box = box_of(sigma);
    size_t row = (size_t)side * channels;
    float *other = scratch(scene, row * side + row, sizeof *other), *sum = other + row * side;
    for (int y = 0; y < side; y++) blur_along(field + y * row, other, sum, side, channels, box);
    blur_along(field, other, sum, side, (int)row, box);
}

/* ---- order statistics ---- */

float percentile(float *values, int count, float part) {
    int low = 0, high = count - 1, wanted = (int)(part * (float)(count - 1));
    while (low < high) { /* quickselect */
        float pivot = values[low + (high - low) / 2];
        int i = low, j = high;
        while (i <= j) {
            while (values[i] < pivot) i++;
            while (values[j] > pivot) j--;
            if (i <= j) {
                float kept = values[i];
                values[i++] = values[j];
                values[j--] = kept;
            }
        }
        if (wanted <= j) high = j;
        else if (wanted >= i) low = i;
        else break;
    }
    return values[wanted];
}
