/* Marbled paper: drops of colour on a bath, drawn out by tines, combs, waves and whirls (Lu, Jaffer,
 * Jin, Zhao, Mao: Mathematical marbling, 2012). Each place of the picture is followed back through all
 * that was done to the bath, to the drop it came from. */
#include "judge.h"

enum { MOST_STROKES = 1000, MOST_COLOURS = 8, FINE = 3, LANES = 96 };

/* Ink and paper that go together; 0 ends a shorter row. Black stands as 0x010101. */
static const uint32_t PALETTES[][MOST_COLOURS + 1] = {
    {0x0b132b, 0x1c2541, 0x3a506b, 0x5bc0be, 0xf2f4f3},
    {0xf5efe0, 0x1d1d1f, 0x7a1f2b, 0xc9a227, 0xe8d8b0},
    {0xfaf3e3, 0x14213d, 0x264e86, 0x6b9ac4, 0xd97b66},
    {0x2b0f54, 0xab1f65, 0xff4f69, 0xff8142, 0xffda45},
    {0xfdf6ec, 0x0f4c5c, 0xe36414, 0xfb8b24, 0x9a031e, 0x5f0f40},
    {0x03071e, 0x370617, 0x9d0208, 0xe85d04, 0xfaa307, 0xffe8a3},
    {0x081c15, 0x1b4332, 0x40916c, 0x95d5b2, 0xf1faee, 0xd8b04c},
    {0x10002b, 0x3c096c, 0x7b2cbf, 0xc77dff, 0xffd6ff},
    {0x001219, 0x005f73, 0x0a9396, 0x94d2bd, 0xe9d8a6, 0xee9b00, 0xca6702, 0x9b2226},
    {0xf8f9fa, 0x212529, 0x495057, 0xadb5bd, 0xc1121f},
    {0xfff1e6, 0xf08080, 0xf4978e, 0xffdab9, 0x6d597a, 0x355070},
    {0x1a1a2e, 0x16213e, 0x0f3460, 0xe94560, 0xf5f5f5},
    {0x2d00f7, 0x6a00f4, 0xb100e8, 0xf20089, 0xffb600},
    {0x003049, 0xd62828, 0xf77f00, 0xfcbf49, 0xeae2b7},
    {0xedf2fb, 0x0b2545, 0x13315c, 0x134074, 0x8da9c4},
    {0x240046, 0x5a189a, 0x9d4edd, 0xff6d00, 0xff9e00},
    {0x011627, 0x2ec4b6, 0xe71d36, 0xff9f1c, 0xfdfffc},
    {0x3d0814, 0x7d1128, 0xff2c55, 0xf7e7da, 0xc8963e},
    {0x022b3a, 0x1f7a8c, 0xbfdbf7, 0xe1e5f2, 0xdb5461},
    {0xe8e4d9, 0x2f3e46, 0x52796f, 0x84a98c, 0xbc6c25},
    {0x010101, 0x14213d, 0xfca311, 0xe5e5e5, 0xffffff},
    {0xfffcf2, 0x252422, 0x403d39, 0xeb5e28, 0xccc5b9},
    {0x0d1b2a, 0x415a77, 0xe0e1dd, 0xc44536, 0x772e25},
    {0xf7f0f5, 0x3f0d12, 0xa71d31, 0x8d775f, 0xd5bf86},
    {0x132a13, 0x31572c, 0x4f772d, 0x90a955, 0xecf39e},
    {0xcdb4db, 0xffc8dd, 0xffafcc, 0xbde0fe, 0x5465a8},
    {0x1b1b3a, 0x693668, 0xa74482, 0xf84aa7, 0xff3562, 0xfff0d9},
    {0xf4f1de, 0xe07a5f, 0x3d405b, 0x81b29a, 0xf2cc8f},
    {0x231942, 0x5e548e, 0x9f86c0, 0xe0b1cb, 0xf4e9ef},
    {0x0a0908, 0x22333b, 0xeae0d5, 0xc6ac8f, 0x5e503f},
    {0x00171f, 0x003459, 0x007ea7, 0x00a8e8, 0xffffff},
    {0xfefae0, 0x283618, 0x606c38, 0xdda15e, 0xbc6c25},
    {0xffffff, 0x10123a, 0x2a2f8f, 0x5f6fd9, 0xb9c6ff},
    {0x0b090a, 0x660708, 0xba181b, 0xe5383b, 0xf5f3f4},
};
enum { PALETTE_COUNT = sizeof PALETTES / sizeof *PALETTES };

typedef enum { DROP, TINE, WAVE, WHIRL } Tool;

/* One stroke; lengths in parts of the bath. */
typedef struct {
    Tool tool;
    float x, y;     /* the middle of a drop or whirl, a place that a tine went through */
    float cos, sin; /* the direction of a tine or wave */
    float reach;    /* square of a drop's radius; a whirl's radius; how far a tine's pull falls to 1/e */
    float strength; /* how far a tine or wave carries; the angle of a whirl */
    float spacing;  /* of a comb's tines, 0 for one alone; a wave's radians per length */
    float phase;
    int colour;
} Stroke;

typedef struct {
    Random *random;
    Rgb colour[MOST_COLOURS];
    int colours, strokes;
    Stroke stroke[MOST_STROKES];
} Bath;

/* ---- tools ---- */

static Stroke *next_stroke(Bath *bath, Tool tool) {
    Stroke *stroke = &bath->stroke[bath->strokes < MOST_STROKES - 1 ? bath->strokes++ : MOST_STROKES - 1];
    *stroke = (Stroke){.tool = tool};
    return stroke;
}

static void drop(Bath *bath, float x, float y, float radius, int colour) {
    Stroke *stroke = next_stroke(bath, DROP);
    stroke->x = x, stroke->y = y, stroke->reach = radius * radius, stroke->colour = colour;
}

static void tine(Bath *bath, float x, float y, float angle, float strength, float reach, float spacing) {
    Stroke *stroke = next_stroke(bath, TINE);
    stroke->x = x, stroke->y = y, stroke->cos = fast_cos(angle), stroke->sin = fast_sin(angle);
    stroke->strength = strength, stroke->reach = reach, stroke->spacing = spacing;
}

static void wave(Bath *bath, float angle, float strength, float length, float phase) {
    Stroke *stroke = next_stroke(bath, WAVE);
    stroke->cos = fast_cos(angle), stroke->sin = fast_sin(angle);
    stroke->strength = strength, stroke->spacing = TAU / length, stroke->phase = phase;
}

static void whirl(Bath *bath, float x, float y, float radius, float angle) {
    Stroke *stroke = next_stroke(bath, WHIRL);
    stroke->x = x, stroke->y = y, stroke->reach = radius, stroke->strength = angle;
}

/* ---- what marblers do with them ---- */

static int any_colour(Bath *bath) { return below(bath->random, bath->colours); }

static void stones(Bath *bath, int count, float least, float greatest) {
    for (int i = 0; i < count; i++) {
        float radius = least * fast_pow(greatest / least, uniform(bath->random));
        float x = between(bath->random, -0.25f, 1.25f), y = between(bath->random, -0.25f, 1.25f);
        drop(bath, x, y, radius, any_colour(bath));
    }
}

static void tine_anywhere(Bath *bath, float angle, float strength, float reach, float spacing) {
    float x = uniform(bath->random), y = uniform(bath->random);
    tine(bath, x, y, angle, strength, reach, spacing);
}

static void gel_git(Bath *bath, float angle) {
    Random *random = bath->random;
    int passes = 1 + below(random, 3);
    for (int i = 0; i < passes; i++) {
        float strength = between(random, 0.12f, 0.4f) * (i % 2 ? 1 : -1),
              reach = between(random, 0.03f, 0.1f);
        tine_anywhere(bath, angle, strength, reach, between(random, 0.12f, 0.3f));
        if (!chance(random, 0.6f)) continue;
        strength = between(random, 0.1f, 0.35f), reach = between(random, 0.03f, 0.1f);
        tine_anywhere(bath, angle + PI / 2, strength, reach, between(random, 0.12f, 0.3f));
    }
}

static void comb(Bath *bath, float angle) {
    float spacing = between(bath->random, 0.028f, 0.07f), strength = between(bath->random, 0.08f, 0.22f);
    tine_anywhere(bath, angle, strength, spacing * between(bath->random, 0.18f, 0.4f), spacing);
}

static void whirls(Bath *bath, int count, float least, float greatest, float angle) {
    for (int i = 0; i < count; i++) {
        float x = between(bath->random, -0.1f, 1.1f), y = between(bath->random, -0.1f, 1.1f);
        float radius = between(bath->random, least, greatest);
        whirl(bath, x, y, radius, gauss(bath->random) * angle);
    }
}

static void waves(Bath *bath, int count, float least, float greatest) {
    for (int i = 0; i < count; i++) {
        float angle = between(bath->random, 0, PI), strength = between(bath->random, least, greatest);
        float length = between(bath->random, 0.22f, 0.75f);
        wave(bath, angle, strength, length, between(bath->random, 0, TAU));
    }
}

/* ---- the papers ---- */

/* Rings within rings, adrift. */
static void suminagashi(Bath *bath) {
    Random *random = bath->random;
    enum { MOST_MIDDLES = 6 };
    int middles = 2 + below(random, MOST_MIDDLES - 1), rings = 14 + below(random, 26);
    float x[MOST_MIDDLES], y[MOST_MIDDLES], radius = between(random, 0.03f, 0.06f);
    for (int i = 0; i < middles; i++)
        x[i] = between(random, 0.15f, 0.85f), y[i] = between(random, 0.15f, 0.85f);
    bool in_turn = chance(random, 0.55f);
    int ink = any_colour(bath), water = any_colour(bath);
    if (ink == water) water = (water + 1) % bath->colours;
    for (int ring = 0; ring < rings; ring++)
        for (int i = 0; i < middles; i++) {
            float dx = gauss(random) * 0.004f, dy = gauss(random) * 0.004f,
                  size = radius * between(random, 0.8f, 1.2f);
            int any = any_colour(bath);
            drop(bath, x[i] + dx, y[i] + dy, size, !in_turn ? any : ring % 2 ? ink : water);
        }
    whirls(bath, 5 + below(random, 8), 0.08f, 0.4f, 0.9f);
    waves(bath, 1 + below(random, 3), 0.01f, 0.05f);
    whirls(bath, 2 + below(random, 4), 0.05f, 0.16f, 0.6f);
}

static void stone_paper(Bath *bath) {
    Random *random = bath->random;
    int count = 90 + below(random, 260);
    stones(bath, count, 0.012f, between(random, 0.06f, 0.16f));
    if (chance(random, 0.6f)) whirls(bath, 2 + below(random, 4), 0.2f, 0.5f, 0.6f);
}

static void gel_git_paper(Bath *bath, float angle) {
    Random *random = bath->random;
    stones(bath, 80 + below(random, 120), 0.03f, 0.13f);
    gel_git(bath, angle);
    if (chance(random, 0.5f)) whirls(bath, 1 + below(random, 5), 0.1f, 0.35f, 0.8f);
}

static void nonpareil(Bath *bath, float angle) {
    Random *random = bath->random;
    stones(bath, 80 + below(random, 100), 0.03f, 0.12f);
    gel_git(bath, angle);
    comb(bath, angle + PI / 2);
    if (chance(random, 0.4f)) whirls(bath, 1 + below(random, 3), 0.1f, 0.3f, 0.7f);
}

static void peacock(Bath *bath, float angle) {
    Random *random = bath->random;
    stones(bath, 80 + below(random, 100), 0.03f, 0.12f);
    gel_git(bath, angle);
    comb(bath, angle + PI / 2);
    float length = between(random, 0.14f, 0.34f), strength = between(random, 0.03f, 0.08f);
    wave(bath, angle, strength, length, 0);
    if (chance(random, 0.6f)) wave(bath, angle, -strength, length, PI * between(random, 0.8f, 1.2f));
    if (!chance(random, 0.6f)) return;
    strength *= between(random, 0.5f, 1), length *= between(random, 0.7f, 1.4f);
    wave(bath, angle + PI / 2, strength, length, between(random, 0, TAU));
}

static void swirled(Bath *bath, float angle) {
    Random *random = bath->random;
    stones(bath, 60 + below(random, 150), 0.02f, 0.14f);
    whirls(bath, 6 + below(random, 12), 0.06f, 0.38f, 1.2f);
    if (chance(random, 0.5f)) {
        float strength = between(random, 0.1f, 0.4f);
        tine_anywhere(bath, angle, strength, between(random, 0.03f, 0.12f), 0);
    }
    waves(bath, below(random, 3), 0.015f, 0.05f);
}

/* Flowers: rings that a needle drew to the middle, petal by petal. */
static void ebru(Bath *bath) {
    Random *random = bath->random;
    stones(bath, 120 + below(random, 120), 0.01f, 0.06f);
    int flowers = 1 + below(random, 4);
    for (int i = 0; i < flowers; i++) {
        float x = between(random, 0.2f, 0.8f), y = between(random, 0.2f, 0.8f),
              radius = between(random, 0.08f, 0.2f);
        int rings = 3 + below(random, 4), petals = 5 + below(random, 6);
        for (int k = 0; k < rings; k++) drop(bath, x, y, radius * (1 - 0.16f * (float)k), any_colour(bath));
        for (int k = 0; k < petals; k++) {
            float angle = TAU * (float)k / (float)petals;
            tine(bath, x + fast_cos(angle) * 0.3f, y + fast_sin(angle) * 0.3f, angle + PI,
                 between(random, 0.05f, 0.09f), 0.018f, 0);
        }
    }
    if (chance(random, 0.6f)) whirls(bath, 1 + below(random, 3), 0.15f, 0.4f, 0.5f);
}

static void fill_bath(Bath *bath) {
    float angle = between(bath->random, 0, PI), u = uniform(bath->random);
    if (u < 0.22f) suminagashi(bath);
    else if (u < 0.27f) stone_paper(bath);
    else if (u < 0.45f) gel_git_paper(bath, angle);
    else if (u < 0.57f) nonpareil(bath, angle);
    else if (u < 0.69f) peacock(bath, angle);
    else if (u < 0.92f) swirled(bath, angle);
    else ebru(bath);
}

static void choose_colours(Bath *bath) {
    const uint32_t *palette = PALETTES[below(bath->random, PALETTE_COUNT)];
    while (palette[bath->colours]) bath->colours++;
    int order[MOST_COLOURS];
    for (int i = 0; i < bath->colours; i++) order[i] = i;
    shuffle(bath->random, order, bath->colours); /* so that the ground changes */
    for (int i = 0; i < bath->colours; i++) {
        Rgb c = rgb_of_hex(palette[order[i]]);
        c.r += gauss(bath->random) * 0.025f, c.g += gauss(bath->random) * 0.025f,
            c.b += gauss(bath->random) * 0.025f;
        bath->colour[i] = (Rgb){clamp(c.r, 0, 1), clamp(c.g, 0, 1), clamp(c.b, 0, 1)};
    }
}

/* ---- following places back ---- */

/* A run of places, and the colour that was found for each; -1 as long as there is none. */
typedef struct {
    float x[LANES], y[LANES];
    int colour[LANES];
} Places;

static void undo_drop(Places *at, const Stroke *s) {
    for (int i = 0; i < LANES; i++) {
        float dx = at->x[i] - s->x, dy = at->y[i] - s->y, d2 = dx * dx + dy * dy + 1e-12f;
        int found = (at->colour[i] < 0) & (d2 < s->reach) ? s->colour : at->colour[i];
        float closer = sqrtf(greater(1 - s->reach / d2, 0)); /* a drop pushes aside as much as it is */
        at->x[i] = s->x + dx * closer, at->y[i] = s->y + dy * closer;
        at->colour[i] = found;
    }
}

static void undo_tine(Places *at, const Stroke *s) {
    float spacing = s->spacing > 0 ? s->spacing : 1e6f, pull = -1 / s->reach;
    for (int i = 0; i < LANES; i++) {
        float away = fabsf((at->y[i] - s->y) * s->cos - (at->x[i] - s->x) * s->sin);
        away = wrap(away, spacing);
        away = lesser(away, spacing - away);
        float by = s->strength * fast_exp(away * pull);
        at->x[i] -= by * s->cos, at->y[i] -= by * s->sin;
    }
}

static void undo_wave(Places *at, const Stroke *s) {
    for (int i = 0; i < LANES; i++) {
        float across = at->y[i] * s->cos - at->x[i] * s->sin;
        float by = s->strength * fast_sin(across * s->spacing + s->phase);
        at->x[i] -= by * s->cos, at->y[i] -= by * s->sin;
    }
}

static void undo_whirl(Places *at, const Stroke *s) {
    float narrow = 1 / (s->reach * s->reach);
    for (int i = 0; i < LANES; i++) {
        float dx = at->x[i] - s->x, dy = at->y[i] - s->y;
        float angle = -s->strength * fast_exp(-(dx * dx + dy * dy) * narrow);
        float c = fast_cos(angle), sine = fast_sin(angle);
        at->x[i] = s->x + dx * c - dy * sine, at->y[i] = s->y + dx * sine + dy * c;
    }
}

static bool all_found(const Places *at) {
    int found = 0;
    for (int i = 0; i < LANES; i++) found += at->colour[i] >= 0;
    return found == LANES;
}

static void follow_back(const Bath *bath, Places *at) {
    for (int i = 0; i < LANES; i++) at->colour[i] = -1;
    for (int k = bath->strokes - 1; k >= 0; k--) {
        const Stroke *stroke = &bath->stroke[k];
        switch (stroke->tool) {
        case DROP: undo_drop(at, stroke); break;
        case TINE: undo_tine(at, stroke); break;
        case WAVE: undo_wave(at, stroke); break;
        case WHIRL: undo_whirl(at, stroke); break;
        }
        if (k % 8 == 0 && all_found(at)) return;
    }
    for (int i = 0; i < LANES; i++)
        if (at->colour[i] < 0) at->colour[i] = 0; /* the bare ground */
}

/* The sheet of paper on the bath. */
typedef struct {
    float x, y, size;
} Sheet;

/* Each pixel is the mean of FINE * FINE places. */
static void take_print(Scene *scene, const Bath *bath, Sheet sheet) {
    int side = scene->side, fine = FINE * side;
    Places at;
    for (int y = 0; y < fine; y++) {
        Rgb *row = scene->picture + (size_t)(y / FINE) * side;
        float v = sheet.y + sheet.size * ((float)y + 0.5f) / (float)fine;
        for (int from = 0; from < fine; from += LANES) {
            for (int i = 0; i < LANES; i++) {
                at.x[i] = sheet.x + sheet.size * ((float)(from + i) + 0.5f) / (float)fine;
                at.y[i] = v;
            }
            follow_back(bath, &at);
            for (int i = 0; i < LANES && from + i < fine; i++) {
                Rgb *pixel = &row[(from + i) / FINE];
                *pixel = rgb_sum(*pixel, rgb_scaled(bath->colour[at.colour[i]], 1.0f / (FINE * FINE)));
            }
        }
    }
}

bool marbling(Scene *scene) {
    Bath *bath = scratch(scene, 1, sizeof *bath);
    bath->random = &scene->random;
    choose_colours(bath);
    fill_bath(bath);
    float size = between(&scene->random, 0.75f, 1.15f);
    Sheet sheet = {0.5f - size / 2 + between(&scene->random, -0.1f, 0.1f),
                   0.5f - size / 2 + between(&scene->random, -0.1f, 0.1f), size};
    take_print(scene, bath, sheet);
    Figures figures = judge(scene);
    return figures.deviation > 0.085f && figures.detail > 0.3f;
}
