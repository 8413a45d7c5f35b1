/* Nebulae: gas that shines in the light of a few lines, behind dust, among stars. Layer by layer, each a
 * plane of one volume of noise, light is added and what lies behind is dimmed. */
#include "nebulae.h"

#include "judge.h"

typedef enum { DIFFUSE, SHELL, FILAMENTS, GALAXY, PILLARS } Kind;

enum { MOST_GLOWS = 3 };

typedef struct {
    Kind kind;
    uint32_t noise;
    Rgb line[3], sky;               /* the colours that gas shines in; the night behind */
    float frequency, warp, x, y, z; /* of the noise, and where in it */
    float cos, sin, aspect;         /* how the gas is turned and stretched */
    int layers;
    float dust, threshold, contrast, ridges;
    int glows; /* hot stars that ionise the gas around */
    float glow_x[MOST_GLOWS], glow_y[MOST_GLOWS], glow[MOST_GLOWS];
    float middle_x, middle_y, extent; /* of the whole cloud */
    float radius, width;              /* of a shell */
    float tilt, arms, winding, disc;  /* of a galaxy */
} Nebula;

/* ---- drawn by lot ---- */

static Rgb jittered(Random *random, Rgb c) {
    c.r += gauss(random) * 0.04f, c.g += gauss(random) * 0.04f, c.b += gauss(random) * 0.04f;
    return (Rgb){greater(c.r, 0.02f), greater(c.g, 0.02f), greater(c.b, 0.02f)};
}

static void draw_colours(Random *random, Nebula *nebula) {
    /* Hue and saturation of three lines: as telescopes show hydrogen and oxygen, and as they don't. */
    static const float KNOWN[][3][2] = {
        {{0.02f, 0.85f}, {0.55f, 0.7f}, {0.11f, 0.7f}}, {{0.105f, 0.85f}, {0.5f, 0.75f}, {0.58f, 0.6f}},
        {{0.93f, 0.75f}, {0.63f, 0.7f}, {0.78f, 0.6f}}, {{0.6f, 0.75f}, {0.52f, 0.6f}, {0.09f, 0.5f}},
        {{0.05f, 0.9f}, {0.13f, 0.7f}, {0.98f, 0.8f}},
    };
    enum { KNOWN_COUNT = sizeof KNOWN / sizeof *KNOWN };
    int scheme = below(random, KNOWN_COUNT + 4);
    float home = uniform(random), away = between(random, 0.25f, 0.6f), near = between(random, -0.18f, 0.18f);
    float free[3][2] = {{home, between(random, 0.5f, 0.9f)},
                        {home + away, between(random, 0.45f, 0.85f)},
                        {home + near, between(random, 0.3f, 0.8f)}};
    for (int i = 0; i < 3; i++) {
        const float *line = scheme < KNOWN_COUNT ? KNOWN[scheme][i] : free[i];
        nebula->line[i] = jittered(random, rgb_of_hsv(line[0], line[1], 1));
    }
    float sky_hue = uniform(random);
    nebula->sky = rgb_of_hsv(sky_hue, 0.6f, between(random, 0.001f, 0.007f));
}

static Nebula nebula_of(Random *random) {
    Nebula n = {.noise = (uint32_t)(random_bits(random) >> 32)};
    float u = uniform(random);
    n.kind = u < 0.5f ? DIFFUSE : u < 0.62f ? SHELL : u < 0.76f ? FILAMENTS : u < 0.89f ? GALAXY : PILLARS;
    draw_colours(random, &n);
    n.frequency = between(random, 1.1f, 2.8f), n.warp = between(random, 0.35f, 1.25f);
    n.x = between(random, -50, 50), n.y = between(random, -50, 50), n.z = between(random, -50, 50);
    float angle = between(random, 0, TAU), aspect = between(random, 0.78f, 1.3f);
    n.cos = fast_cos(angle), n.sin = fast_sin(angle), n.aspect = n.kind == DIFFUSE ? aspect : 1;
    n.layers = 4 + below(random, 3);
    n.dust = between(random, 0.2f, 2.6f), n.threshold = between(random, -0.16f, 0.05f);
    n.contrast = between(random, 0.18f, 0.45f), n.ridges = between(random, 0, 1.3f);
    float crests = between(random, 1.4f, 2.4f);
    if (n.kind == FILAMENTS) n.ridges = crests, n.dust *= 0.4f;
    n.glows = 1 + below(random, MOST_GLOWS);
    for (int i = 0; i < n.glows; i++) {
        n.glow_x[i] = between(random, -0.6f, 0.6f), n.glow_y[i] = between(random, -0.6f, 0.6f);
        n.glow[i] = between(random, 0.05f, 0.5f);
    }
    n.extent = between(random, 0.7f, 1.9f);
    n.middle_x = between(random, -0.3f, 0.3f), n.middle_y = between(random, -0.3f, 0.3f);
    if (chance(random, 0.45f) && n.kind == DIFFUSE) n.extent = 9; /* beyond all edges */
    n.radius = between(random, 0.35f, 0.75f), n.width = between(random, 0.06f, 0.2f);
    n.tilt = between(random, 0.25f, 1), n.arms = chance(random, 0.33f) ? 4 : 2;
    n.winding = between(random, 2.2f, 5.5f), n.disc = between(random, 0.25f, 0.55f);
    return n;
}

/* ---- painted row by row ---- */

/* One row of the picture: places from -1 to 1, and what is known at each. */
typedef struct {
    int count;
    float y, z;
    float *x, *ys;        /* where */
    float *radius;        /* from the middle of the cloud */
    float *gas_x, *gas_y; /* places in the noise, warped */
    float *warp_x, *warp_y, *spare_x, *spare_y;
    float *density, *crest, *shell, *heat, *veil;
    float *envelope; /* how much of the gas there is, by the kind of nebula */
    float *glow;
    float *angle, *distance;                     /* in the plane of a galaxy */
    float *through, *through_red, *through_blue; /* how much light from behind comes through */
} Row;

static Row row_of(Scene *scene) {
    enum { FIELDS = 20 };
    size_t n = (size_t)scene->side;
    float *memory = scratch(scene, n * FIELDS, sizeof *memory);
    Row row = {.count = scene->side};
    float **field[FIELDS] = {&row.x,      &row.ys,     &row.radius,   &row.gas_x,   &row.gas_y,
                             &row.warp_x, &row.warp_y, &row.spare_x,  &row.spare_y, &row.density,
                             &row.crest,  &row.shell,  &row.heat,     &row.veil,    &row.envelope,
                             &row.glow,   &row.angle,  &row.distance, &row.through, &row.through_red};
    for (int i = 0; i < FIELDS; i++) *field[i] = memory + (size_t)i * n;
    row.through_blue = scratch(scene, n, sizeof *memory);
    return row;
}

static void begin_row(const Nebula *n, Row *row, int line) {
    row->y = ((float)line + 0.5f) / (float)row->count * 2 - 1;
    for (int i = 0; i < row->count; i++) {
        float x = ((float)i + 0.5f) / (float)row->count * 2 - 1, y = row->y;
        row->x[i] = x, row->ys[i] = y;
        float dx = x - n->middle_x, dy = y - n->middle_y;
        row->radius[i] = sqrtf(dx * dx + dy * dy);
        float along = x * n->cos - y * n->sin, across = (x * n->sin + y * n->cos) / n->tilt;
        row->distance[i] = sqrtf(along * along + across * across);
        row->angle[i] = fast_atan2(across, along);
        row->through[i] = row->through_red[i] = row->through_blue[i] = 1;
        float glow = 0;
        for (int k = 0; k < n->glows; k++) {
            float gx = x - n->glow_x[k], gy = y - n->glow_y[k];
            glow += n->glow[k] / (gx * gx + gy * gy + 0.06f);
        }
        row->glow[i] = glow / (1 + 0.5f * glow);
    }
}

/* Places times scale plus an offset, into the row's spare places. */
static void spare_places(Row *row, float scale, float x, float y) {
    for (int i = 0; i < row->count; i++) {
        row->spare_x[i] = row->gas_x[i] * scale + x;
        row->spare_y[i] = row->gas_y[i] * scale + y;
    }
}

/* Where a layer's gas is: places of the noise, carried along by slower noise. */
static void warp_row(const Nebula *n, Row *row, int layer) {
    float l = (float)layer;
    row->z = n->z + 0.37f * l;
    for (int i = 0; i < row->count; i++) {
        float px = (row->x[i] * n->cos - row->y * n->sin) * n->aspect,
              py = (row->x[i] * n->sin + row->y * n->cos) / n->aspect;
        row->gas_x[i] = px * n->frequency + n->x + 0.31f * l;
        row->gas_y[i] = py * n->frequency + n->y - 0.27f * l;
    }
    spare_places(row, 0.8f, 0, 0);
    fbm_row(n->noise, row->spare_x, row->spare_y, row->z + 11, 3, row->count, row->warp_x);
    spare_places(row, 0.8f, 7, -5);
    fbm_row(n->noise, row->spare_x, row->spare_y, row->z - 13, 3, row->count, row->warp_y);
    for (int i = 0; i < row->count; i++) {
        row->gas_x[i] += 2.2f * n->warp * row->warp_x[i];
        row->gas_y[i] += 2.2f * n->warp * row->warp_y[i];
    }
}

static void fill_row(const Nebula *n, Row *row) {
    fbm_row(n->noise, row->gas_x, row->gas_y, row->z, 6, row->count, row->density);
    if (n->ridges > 0.25f) {
        spare_places(row, 0.9f, 0, 0);
        ridges_row(n->noise, row->spare_x, row->spare_y, row->z + 3, 5, 2.2f, row->count, row->crest);
    }
    if (n->kind == SHELL) {
        for (int i = 0; i < row->count; i++) {
            row->spare_x[i] = 1.3f * row->x[i] + n->x;
            row->spare_y[i] = 1.3f * row->y + n->y;
        }
        fbm_row(n->noise, row->spare_x, row->spare_y, 0.3f * row->z, 3, row->count, row->shell);
    }
    spare_places(row, 0.45f, 31, -17);
    fbm_row(n->noise, row->spare_x, row->spare_y, 0.5f * row->z, 3, row->count, row->heat);
    spare_places(row, 0.7f, 57, 23);
    fbm_row(n->noise, row->spare_x, row->spare_y, row->z + 5, 5, row->count, row->veil);
}

/* How far along an arm of the galaxy a place lies, 1 on its crest. */
static inline float arm(const Nebula *n, const Row *row, int i, float shift) {
    float wound = row->angle[i] - n->winding * fast_log(row->distance[i] + 0.06f);
    return 0.5f + 0.5f * fast_cos(n->arms * wound + shift + 2.2f * row->warp_x[i]);
}

static void shape_row(const Nebula *n, Row *row) {
    for (int i = 0; i < row->count; i++) {
        float r = row->radius[i], m;
        switch (n->kind) {
        case SHELL: {
            float edge = n->radius + 0.34f * row->shell[i], off = (r - edge) / n->width;
            m = 1.3f * fast_exp(-off * off) + 0.35f * smoothstep(edge, 0.2f * edge, r);
            break;
        }
        case FILAMENTS: m = smoothstep(1.15f, 0.5f, r) * (0.35f + 0.8f * smoothstep(0.15f, 0.7f, r)); break;
        case GALAXY:
            m = 2.2f * fast_exp(-row->distance[i] / n->disc) *
                (0.18f + 1.1f * fast_pow(arm(n, row, i, 0), 2.2f)) *
                smoothstep(1.35f, 0.7f, row->distance[i]);
            break;
        case PILLARS: m = smoothstep(-0.9f, 0.7f, -row->y + 0.5f * row->warp_x[i]); break;
        default: m = r / n->extent, m = fast_exp(-m * m * m); break;
        }
        row->envelope[i] = m;
    }
}

/* Light of one layer through the dust before it, and the dust it adds. */
static void shine_row(const Nebula *n, Row *row, Rgb *out) {
    for (int i = 0; i < row->count; i++) {
        float d = row->density[i], m = row->envelope[i], glow = row->glow[i];
        float gas =
            smoothstep(n->threshold, n->threshold + n->contrast, d) * (0.55f + 0.9f * greater(d + 0.25f, 0));
        if (n->ridges > 0.25f)
            gas += n->ridges * 0.55f * row->crest[i] * row->crest[i] *
                   smoothstep(n->threshold - 0.2f, n->threshold + 0.25f, d);
        if (n->kind == GALAXY) gas = 0.7f * gas + 0.35f;
        gas *= m;
        float heat = clamp(2.4f * row->heat[i] + 0.5f, 0, 1), cold = 1 - heat;
        float first = cold * cold + 0.1f, second = heat * heat * (0.4f + 0.8f * glow),
              third = 1.8f * heat * cold;
        float light = 3.3f * gas * gas * (0.35f + 0.8f * glow) / (float)n->layers;
        const Rgb *c = n->line;
        out[i].r += row->through_red[i] * light * (c[0].r * first + c[1].r * second + c[2].r * third);
        out[i].g += row->through[i] * light * (c[0].g * first + c[1].g * second + c[2].g * third);
        out[i].b += row->through_blue[i] * light * (c[0].b * first + c[1].b * second + c[2].b * third);
        float thick = row->veil[i] + (n->kind == PILLARS ? 0.2f * m : 0);
        float dust = smoothstep(0.02f, 0.4f, thick) * n->dust * m * 0.55f;
        if (n->kind == GALAXY) {
            float lane = arm(n, row, i, 0.9f);
            dust *= lane * lane * lane;
        }
        row->through[i] *= fast_exp(-dust);
        row->through_red[i] *= fast_exp(-0.72f * dust); /* dust reddens */
        row->through_blue[i] *= fast_exp(-1.35f * dust);
    }
}

static void paint_gas(Scene *scene, const Nebula *n, float *through) {
    Row row = row_of(scene);
    for (int line = 0; line < scene->side; line++) {
        Rgb *out = scene->picture + (size_t)line * scene->side;
        begin_row(n, &row, line);
        for (int i = 0; i < row.count; i++) out[i] = n->sky;
        for (int layer = 0; layer < n->layers; layer++) {
            warp_row(n, &row, layer);
            fill_row(n, &row);
            shape_row(n, &row);
            shine_row(n, &row, out);
        }
        if (n->kind == GALAXY) {
            for (int i = 0; i < row.count; i++) {
                float r = row.distance[i];
                float core =
                    1.6f * fast_exp(-r * r / (0.012f + 0.02f * n->tilt)) + 0.7f * fast_exp(-r / 0.16f);
                out[i] = rgb_sum(out[i], rgb_scaled((Rgb){1, 0.88f, 0.68f}, core));
            }
        }
        memcpy(through + (size_t)line * scene->side, row.through, scene->side * sizeof *through);
    }
}

/* ---- exposure ---- */

/* To a drawn mean brightness, lights pressed together as on a plate; a grain of half a step hides bands. */
static void develop(Scene *scene, const Nebula *n) {
    Random *random = &scene->random;
    int pixels = scene->side * scene->side;
    float mean = 0;
    for (int line = 0; line < scene->side; line++) {
        float row = 0;
        for (int i = 0; i < scene->side; i++) row += rgb_mean(scene->picture[line * scene->side + i]);
        mean += row / (float)pixels;
    }
    float bright = between(random, 0.16f, 0.30f), dim = between(random, 0.10f, 0.2f);
    float gain = n->kind == GALAXY || n->kind == SHELL ? dim / (mean + 0.015f) : bright / (mean + 0.02f);
    gain = lesser(gain, 14);
    float saturation = between(random, 1.05f, 1.45f);
    float *value = &scene->picture->r;
    for (int i = 0; i < pixels; i++) {
        float light = gain * rgb_mean(scene->picture[i]), x = 3.2f * light;
        float squeeze = fast_log(x + sqrtf(x * x + 1)) / 2.2f / (light + 1e-6f);
        for (int k = 0; k < 3; k++) {
            float z = greater((light + (gain * value[3 * i + k] - light) * saturation) * squeeze, 0);
            z = fast_pow(lesser(z / (1 + 0.25f * z * z * z), 1), 0.87f);
            value[3 * i + k] = z + (hashed((uint32_t)(3 * i + k) ^ n->noise) - 0.5f) / 255;
        }
    }
}

static void add_stars(Scene *scene, const Nebula *n, const float *through) {
    bool upright = chance(&scene->random, 0.5f);
    Sky sky = {scene, through, upright ? 0 : PI / 4};
    float width = between(&scene->random, 0.55f, 0.8f) / 288;
    scatter_stars(&sky, (int)fast_exp(between(&scene->random, 3.6f, 6.4f)), width);
    for (int i = 0; i < n->glows; i++)
        if (n->kind != GALAXY && chance(&scene->random, 0.7f))
            star_cluster(&sky, (n->glow_x[i] + 1) / 2, (n->glow_y[i] + 1) / 2);
}

bool nebulae(Scene *scene) {
    Nebula nebula = nebula_of(&scene->random);
    float *through = scratch(scene, (size_t)scene->side * scene->side, sizeof *through);
    paint_gas(scene, &nebula, through);
    add_stars(scene, &nebula, through);
    develop(scene, &nebula);
    Figures figures = judge(scene);
    return figures.deviation > 0.06f && figures.lit > 0.12f && figures.luminance < 0.6f;
}
