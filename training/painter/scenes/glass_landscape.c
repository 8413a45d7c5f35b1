/* Leaded landscapes: cells of a Voronoi diagram, evened out, coloured as bands of land and sky, as a slow
 * change, or freely. */
#include "glass.h"

enum { MOST_CELLS = 240, SAMPLES = 6000 };

typedef struct {
    int count;
    float x[MOST_CELLS], y[MOST_CELLS]; /* parts of the window */
    Rgb tint[MOST_CELLS];
    float stretch; /* cells are this much narrower than wide */
} Cells;

/* ---- cells ---- */

static int nearest(const Cells *cells, float x, float y) {
    int best = 0;
    float least = 1e9f;
    for (int i = 0; i < cells->count; i++) {
        float dx = x - cells->x[i], dy = y - cells->y[i], d = dx * dx + dy * dy;
        if (d < least) least = d, best = i;
    }
    return best;
}

/* Moves each cell's point to the middle of the cell (Lloyd), as random samples see it. */
static void even_out(Random *random, Cells *cells) {
    float x[MOST_CELLS] = {0}, y[MOST_CELLS] = {0};
    int met[MOST_CELLS] = {0};
    for (int i = 0; i < SAMPLES; i++) {
        float u = between(random, -0.15f, 1.15f), v = between(random, -0.15f, 1.15f);
        int cell = nearest(cells, u, v);
        x[cell] += u, y[cell] += v, met[cell]++;
    }
    for (int i = 0; i < cells->count; i++)
        if (met[i]) cells->x[i] = x[i] / (float)met[i], cells->y[i] = y[i] / (float)met[i];
}

static void draw_cells(Random *random, Cells *cells) {
    cells->count = (int)fast_exp(between(random, 3.8f, 5.43f));
    for (int i = 0; i < cells->count; i++) {
        cells->x[i] = between(random, -0.15f, 1.15f);
        cells->y[i] = between(random, -0.15f, 1.15f);
    }
    int rounds = 1 + below(random, 3);
    for (int i = 0; i < rounds; i++) even_out(random, cells);
    cells->stretch = fast_exp(gauss(random) * 0.35f);
}

/* ---- what they show ---- */

static void colour_bands(Random *random, const Tints *tints, Cells *cells) {
    float frequency = between(random, 3, 9), phase = between(random, 0, TAU),
          height = 0.16f * between(random, 0.3f, 1);
    for (int i = 0; i < cells->count; i++) {
        float band = cells->y[i] + height * fast_sin(cells->x[i] * frequency + phase);
        int tint = (int)clamp(band * (float)tints->count, 0, (float)(tints->count - 1));
        cells->tint[i] = tints->tint[tint];
    }
}

static void colour_gradient(Random *random, const Tints *tints, Cells *cells) {
    uint32_t seed = (uint32_t)(random_bits(random) >> 32);
    float value[MOST_CELLS], low = 1e9f, high = -1e9f, x = between(random, 0, 99), y = between(random, 0, 99);
    for (int i = 0; i < cells->count; i++) {
        value[i] = fbm(seed, x + 2 * cells->x[i], y + 2 * cells->y[i], 0.5f, 2);
        low = lesser(low, value[i]), high = greater(high, value[i]);
    }
    for (int i = 0; i < cells->count; i++) {
        float place = (value[i] - low) / (high - low + 1e-6f) * ((float)tints->count - 1.001f);
        int from = (int)place;
        cells->tint[i] = rgb_mixed(tints->tint[from], tints->tint[from + 1], fraction(place));
    }
}

static void colour_freely(Random *random, const Tints *tints, Cells *cells) {
    for (int i = 0; i < cells->count; i++) cells->tint[i] = tints->tint[below(random, tints->count)];
}

/* ---- placed ---- */

/* Distances to the two nearest points decide where a pane ends. `x` and `y` are stretched places. */
static void find_pane(const Cells *cells, float x, float y, int *cell, float *edge) {
    float first = 1e9f, second = 1e9f;
    int best = 0, next = 0;
    for (int i = 0; i < cells->count; i++) {
        float dx = x - cells->x[i] * cells->stretch, dy = y - cells->y[i] / cells->stretch,
              d = dx * dx + dy * dy;
        if (d >= second) continue;
        if (d < first) second = first, next = best, first = d, best = i;
        else second = d, next = i;
    }
    float apart = hypotf((cells->x[best] - cells->x[next]) * cells->stretch,
                         (cells->y[best] - cells->y[next]) / cells->stretch);
    *cell = best;
    *edge = (second - first) / (2 * apart + 1e-6f);
}

typedef struct {
    bool shines;
    float x, y, radius;
    Rgb tint;
} Sun;

static Sun draw_sun(Random *random) {
    Sun sun = {.shines = chance(random, 0.6f)};
    sun.x = between(random, 0.2f, 0.8f), sun.y = between(random, 0.12f, 0.48f),
    sun.radius = between(random, 0.07f, 0.2f);
    sun.tint = rgb_scaled((Rgb){1, 0.85f, 0.45f}, between(random, 1.2f, 1.9f));
    return sun;
}

static void place_sun(Sun sun, float x, float y, float lead, float soft, Place *place) {
    float distance = hypotf(x - sun.x, y - sun.y) - sun.radius;
    if (distance < 0) place->colour = sun.tint, place->lead *= 0.3f;
    lay_lead(place, distance, lead, soft);
}

void leaded_landscape(Scene *scene, const Tints *tints, Place *window, int size) {
    Random *random = &scene->random;
    Cells *cells = scratch(scene, 1, sizeof *cells);
    draw_cells(random, cells);
    int motif = below(random, 3);
    if (motif == 0) colour_bands(random, tints, cells);
    if (motif == 1) colour_gradient(random, tints, cells);
    if (motif == 2) colour_freely(random, tints, cells);
    Sun sun = draw_sun(random);
    sun.shines &= motif == 0;
    float lead = between(random, 1, 1.9f) / 288, soft = 0.5f / (float)size,
          sway = between(random, 0.02f, 0.1f);
    uint32_t noise = (uint32_t)(random_bits(random) >> 32);

    float *x = scratch(scene, (size_t)size * 4, sizeof *x), *y = x + size, *sway_x = y + size,
          *sway_y = sway_x + size;
    for (int row = 0; row < size; row++) {
        float v = ((float)row + 0.5f) / (float)size;
        for (int i = 0; i < size; i++) x[i] = 3 * ((float)i + 0.5f) / (float)size, y[i] = 3 * v;
        fbm_row(noise, x, y, 0.5f, 3, size, sway_x);
        fbm_row(noise, x, y, 9.5f, 3, size, sway_y);
        for (int i = 0; i < size; i++) {
            float u = ((float)i + 0.5f) / (float)size, edge;
            int cell;
            find_pane(cells, (u + sway * sway_x[i]) * cells->stretch, (v + sway * sway_y[i]) / cells->stretch,
                      &cell, &edge);
            Place *place = &window[(size_t)row * size + i];
            *place = (Place){.colour = cells->tint[cell], .pane = (uint32_t)cell + 3};
            lay_lead(place, edge, lead, soft);
            if (sun.shines) place_sun(sun, u, v, lead, soft, place);
        }
    }
}
