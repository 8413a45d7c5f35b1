#include "glass.h"

#include "judge.h"

static const uint32_t JEWELS[] = {
    0x12268c, 0x1e50be, 0x50a0eb, 0x960c1c, 0xd21c28, 0xf05a28, 0xfaaa28, 0xffd76e, 0x0c6e3c, 0x28a05a,
    0x78c86e, 0x5a1e82, 0x963cb4, 0xd25aaa, 0xf596aa, 0x10748c, 0x3cbec8, 0xfaf0d2, 0xe1e8fa, 0x783c14,
};
enum { JEWEL_COUNT = sizeof JEWELS / sizeof *JEWELS };

static void add_tints(Random *random, Tints *tints, const int *jewels, int of, int count) {
    int order[JEWEL_COUNT];
    for (int i = 0; i < of; i++) order[i] = jewels ? jewels[i] : i;
    shuffle(random, order, of);
    for (int i = 0; i < count && i < of && tints->count < MOST_TINTS; i++) {
        Rgb c = rgb_of_hex(JEWELS[order[i]]);
        c.r += gauss(random) * 0.03f, c.g += gauss(random) * 0.03f, c.b += gauss(random) * 0.03f;
        tints->tint[tints->count++] = (Rgb){clamp(c.r, 0.01f, 1), clamp(c.g, 0.01f, 1), clamp(c.b, 0.01f, 1)};
    }
}

/* Of all jewels; cold ones; warm ones; or deep blue against warm. */
static Tints draw_tints(Random *random) {
    static const int COLD[] = {0, 1, 2, 15, 16, 18, 11, 12}, WARM[] = {3, 4, 5, 6, 7, 17, 13, 14, 19};
    static const int DEEP[] = {0, 1, 2, 11, 15}, FIERY[] = {3, 4, 6, 7, 17};
    Tints tints = {0};
    int count = 4 + below(random, 4), half = count / 2 > 2 ? count / 2 : 2;
    switch (below(random, 4)) {
    case 0: add_tints(random, &tints, NULL, JEWEL_COUNT, count); break;
    case 1: add_tints(random, &tints, COLD, 8, count); break;
    case 2: add_tints(random, &tints, WARM, 9, count); break;
    default:
        add_tints(random, &tints, DEEP, 5, half);
        add_tints(random, &tints, FIERY, 5, count - half > 2 ? count - half : 2);
    }
    return tints;
}

/* The sun behind the window, and how even the glass is. */
typedef struct {
    float x, y, width, dim, bright;
    float unlike; /* how far panes of one tint differ */
    float mottle; /* frequency of clouds in the glass */
    uint32_t noise;
} Light;

static Light draw_light(Random *random) {
    Light light = {.x = between(random, 0.1f, 0.9f), .y = between(random, 0.1f, 0.9f)};
    light.width = between(random, 0.35f, 0.8f), light.dim = between(random, 0.45f, 0.8f),
    light.bright = between(random, 0.4f, 0.8f);
    light.unlike = between(random, 0.25f, 0.7f), light.mottle = between(random, 6, 13);
    light.noise = (uint32_t)(random_bits(random) >> 32);
    return light;
}

/* Light through a row of places; adds their part to the row of pixels. */
static void shine_through(const Light *light, const Place *places, float v, const float *mottle,
                          const float *streak, int size, int fine, Rgb *pixels) {
    for (int i = 0; i < size; i++) {
        Place place = places[i];
        float dx = ((float)i + 0.5f) / (float)size - light->x, dy = v - light->y;
        float sun =
            light->dim + light->bright * fast_exp(-(dx * dx + dy * dy) / (2 * light->width * light->width));
        float glass =
            1 + 0.35f * mottle[i] + (hashed(place.pane * 2654435761u + light->noise) - 0.5f) * light->unlike;
        float seen = place.stone ? sun * (1 + 0.8f * mottle[i]) : sun * glass * (1 + 0.16f * streak[i]);
        seen *= (1 - 0.97f * place.lead) / (float)(fine * fine);
        pixels[i / fine] = rgb_sum(pixels[i / fine], rgb_scaled(place.colour, seen));
    }
}

static void paint_window(Scene *scene, const Light *light, const Place *window, int size) {
    enum { FIELDS = 6 };
    int fine = size / scene->side;
    float *memory = scratch(scene, (size_t)size * FIELDS, sizeof *memory), *field[FIELDS];
    for (int i = 0; i < FIELDS; i++) field[i] = memory + (size_t)i * size;
    float *x = field[0], *y = field[1], *fine_x = field[2], *fine_y = field[3], *mottle = field[4],
          *streak = field[5];
    for (int row = 0; row < size; row++) {
        float v = ((float)row + 0.5f) / (float)size;
        for (int i = 0; i < size; i++) {
            float u = ((float)i + 0.5f) / (float)size;
            x[i] = light->mottle * u, y[i] = light->mottle * v;
            fine_x[i] = 16 * u, fine_y[i] = 130 * v; /* streaks, as glass is drawn out */
        }
        fbm_row(light->noise, x, y, 0.5f, 4, size, mottle);
        noise_row(light->noise, fine_x, fine_y, 7.5f, size, streak);
        shine_through(light, window + (size_t)row * size, v, mottle, streak, size, fine,
                      scene->picture + (size_t)(row / fine) * scene->side);
    }
}

/* Bright glass outshines the lead around it. */
static void bloom_and_expose(Scene *scene) {
    size_t parts = (size_t)scene->side * scene->side * 3;
    float *value = &scene->picture->r;
    float *near = scratch(scene, parts, sizeof *near), *far = scratch(scene, parts, sizeof *far);
    memcpy(near, value, parts * sizeof *value);
    memcpy(far, value, parts * sizeof *value);
    blur(scene, near, scene->side, 3, 5.0f / 288 * (float)scene->side);
    blur(scene, far, scene->side, 3, 16.0f / 288 * (float)scene->side);
    for (size_t i = 0; i < parts; i++)
        value[i] = 1 - fast_exp(-1.45f * greater(value[i] + 0.28f * near[i] + 0.14f * far[i], 0));
}

bool glass(Scene *scene) {
    Random *random = &scene->random;
    int size = fineness(scene->side) * scene->side;
    Place *window = scratch(scene, (size_t)size * size, sizeof *window);
    Tints tints = draw_tints(random);
    Light light = draw_light(random);
    if (chance(random, 0.66f)) rose_window(scene, &tints, window, size);
    else leaded_landscape(scene, &tints, window, size);
    paint_window(scene, &light, window, size);
    bloom_and_expose(scene);
    Figures figures = judge(scene);
    return figures.deviation > 0.09f && figures.detail > 0.3f;
}
