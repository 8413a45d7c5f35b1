/* Coloured ink in water: drops, jets, curtains and clouds, in light water, where ink swallows light, in
 * dark water, where it glows, or as thick paint under a lamp. */
#include "ink.h"

#include "judge.h"
#include "plate.h"

typedef enum { DROPS, JETS, CURTAINS, CLOUD, CROSSING } Motif;
typedef enum { STAIN, GLOW, PAINT } Medium;

enum { MOST_SOURCES = 4 };

/* Where one surface of ink comes from. */
typedef struct {
    Motif motif;
    Vec place, axis, side; /* side and z span the plane across the axis */
    float radius, length, span;
    int stripes; /* threads of thicker ink within it, 0 for none */
    bool stripes_along;
    float sharpness;
    Rgb first, last;
    bool fades_along; /* from the first to the last colour, or around */
    float amount;
} Source;

typedef struct {
    Medium medium;
    Rgb water, deep; /* in the middle and at the edges */
    float light_x, light_y;
    int sources;
    Source source[MOST_SOURCES];
    float focus; /* the depth that is sharp */
} Ink;

/* ---- drawn by lot ---- */

static Rgb any_ink(Random *random, float hue, Medium medium) {
    float saturation = between(random, 0.6f, 1), value = between(random, 0.75f, 1);
    if (medium == STAIN) value = between(random, 0.5f, 0.95f); /* thickness darkens it */
    if (chance(random, 0.12f)) saturation *= 0.2f;
    return rgb_of_hsv(hue, saturation, value);
}

static void draw_inks(Random *random, Ink *ink) {
    float home = uniform(random);
    int harmony = below(random, 5);
    float step = (float[]){0.04f, 0.08f, 0.5f, 0.333f, 0.15f}[harmony];
    for (int i = 0; i < ink->sources; i++) {
        Source *source = &ink->source[i];
        float hue = home + step * (float)i + gauss(random) * 0.02f;
        float turn =
            (chance(random, 0.5f) ? 1 : -1) * between(random, 0.04f, chance(random, 0.3f) ? 0.5f : 0.18f);
        source->first = any_ink(random, hue, ink->medium);
        source->last = any_ink(random, hue + turn, ink->medium);
    }
    /* Dark yellow and green look like mud: dark water is mostly blue to crimson. */
    float any = uniform(random), cool = between(random, 0.52f, 1),
          hue = chance(random, 0.4f) ? home + 0.5f : any, pale = between(random, 0.01f, 0.14f);
    if (ink->medium == STAIN) {
        ink->water = rgb_of_hsv(hue, pale, between(random, 0.9f, 1));
        ink->deep = rgb_of_hsv(hue + between(random, -0.1f, 0.1f), pale + between(random, 0.03f, 0.3f),
                               between(random, 0.6f, 0.92f));
    } else if (ink->medium == GLOW || chance(random, 0.5f)) {
        float light = chance(random, 0.4f) ? between(random, 0.15f, 0.4f) : between(random, 0.02f, 0.1f);
        if (chance(random, 0.85f)) hue = cool;
        ink->water = rgb_of_hsv(hue, between(random, 0.6f, 1), light);
        ink->deep = rgb_of_hsv(hue + between(random, -0.2f, 0.2f), 0.9f, light * between(random, 0, 0.4f));
    } else {
        float light = between(random, 0.6f, 1);
        ink->water = rgb_of_hsv(hue, between(random, 0.05f, 0.8f), light);
        ink->deep = rgb_of_hsv(hue + between(random, -0.15f, 0.15f), between(random, 0.3f, 0.95f),
                               light * between(random, 0.3f, 0.8f));
    }
}

static Vec direction_of(float angle) { return (Vec){fast_cos(angle), fast_sin(angle), 0}; }

static Source draw_source(Random *random, Motif motif, int number, int count) {
    Source s = {.motif = motif};
    float place = count > 1 ? (float)number / (float)(count - 1) - 0.5f : 0,
          angle = PI / 2 + gauss(random) * 0.12f;
    s.place = (Vec){place * between(random, 0.25f, 0.8f), gauss(random) * 0.08f, gauss(random) * 0.1f};
    s.radius = between(random, 0.02f, 0.07f);
    s.length = between(random, 0.5f, 1.1f);
    if (motif == DROPS) s.radius = between(random, 0.05f, 0.14f);
    if (motif == CLOUD) s.radius = between(random, 0.1f, 0.3f), s.place.x *= 0.6f, s.length = 0;
    if (motif == CURTAINS) s.radius = between(random, 0.3f, 0.7f), s.place.y = place * 0.5f, s.length *= 0.7f;
    if (motif == CROSSING) {
        angle = TAU * (float)number / (float)count + gauss(random) * 0.2f;
        s.place = (Vec){-0.5f * fast_cos(angle), -0.5f * fast_sin(angle), gauss(random) * 0.05f};
    }
    s.axis = direction_of(angle), s.side = direction_of(angle + PI / 2);
    s.span = between(random, 0.5f, 0.95f);
    bool threads = chance(random, 0.45f);
    s.stripes = threads ? 3 + below(random, 22) : 0;
    s.stripes_along = chance(random, 0.4f);
    s.sharpness = between(random, 1, 6);
    s.fades_along = chance(random, 0.6f);
    s.amount = between(random, 0.6f, 1.4f);
    return s;
}

static Ink ink_of(Random *random, Flow *flow) {
    Ink ink = {0};
    float u = uniform(random);
    ink.medium = u < 0.34f ? STAIN : u < 0.68f ? GLOW : PAINT;
    Motif motif = (Motif)below(random, 5);
    ink.sources = 1 + below(random, motif == CLOUD ? 3 : MOST_SOURCES);
    if (motif == CROSSING && ink.sources < 2) ink.sources = 2;
    for (int i = 0; i < ink.sources; i++) ink.source[i] = draw_source(random, motif, i, ink.sources);
    draw_inks(random, &ink);
    ink.light_x = between(random, -0.7f, 0.7f), ink.light_y = between(random, -0.9f, 0.1f);
    ink.focus = gauss(random) * 0.1f;

    float speed = between(random, 0.3f, 0.85f);
    draw_turbulence(random, flow, motif == CLOUD ? speed + 0.2f : speed, between(random, 0.5f, 1.3f),
                    between(random, 0.06f, 0.2f));
    flow->rise = between(random, 0.1f, 0.6f);
    flow->rings = motif == CURTAINS || motif == CLOUD ? 0 : ink.sources;
    for (int i = 0; i < flow->rings; i++) {
        const Source *s = &ink.source[i];
        float radius =
            motif == DROPS ? s->radius * between(random, 0.9f, 1.4f) : s->radius * between(random, 1.5f, 3);
        flow->ring[i] = (Ring){s->place,
                               s->axis,
                               s->length,
                               between(random, 0.3f, 2.5f),
                               radius,
                               between(random, 0.3f, 1.5f),
                               between(random, 0.9f, 1.6f)};
    }
    return ink;
}

/* ---- surfaces ---- */

/* Where a knot starts, how thick its ink is and when it leaves. u and v run from 0 to 1. */
static void start_knot(const Source *s, float u, float v, Net *net, int knot) {
    float along = 0, aside, depth, angle = TAU * v, birth = 0, mass = 1;
    switch (s->motif) {
    case DROPS:
    case CLOUD: /* a sphere */
        along = -s->radius * fast_cos(PI * u), mass = fast_sin(PI * u);
        aside = s->radius * fast_sin(PI * u) * fast_cos(angle),
        depth = s->radius * fast_sin(PI * u) * fast_sin(angle);
        birth = s->motif == DROPS ? (1 - u) * (1 - s->span) * 0.6f : 0;
        break;
    case CURTAINS: /* a line that ink leaves for all the time */
        aside = 2 * s->radius * (v - 0.5f), depth = 0.15f * s->radius * fast_sin(3 * v),
        birth = s->span * (1 - u);
        mass = fast_sin(PI * v);
        break;
    default: /* a ring that ink leaves for all the time */
        aside = s->radius * fast_cos(angle), depth = s->radius * fast_sin(angle), birth = s->span * (1 - u);
    }
    net->x[knot] = s->place.x + along * s->axis.x + aside * s->side.x;
    net->y[knot] = s->place.y + along * s->axis.y + aside * s->side.y;
    net->z[knot] = s->place.z + depth;
    net->birth[knot] = birth;
    float stripe = 0.5f + 0.5f * fast_cos(TAU * (float)s->stripes * (s->stripes_along ? u : v));
    net->mass[knot] = s->amount * mass * (s->stripes ? 0.08f + fast_pow(stripe, s->sharpness) : 1);
}

static void start_net(const Source *source, Net *net) {
    for (int i = 0; i < ALONG; i++)
        for (int j = 0; j < AROUND; j++)
            start_knot(source, (float)i / (ALONG - 1), (float)j / (AROUND - 1), net, i * AROUND + j);
}

/* What moves a surface beside the common flow: a jet is pushed, a curtain sinks. */
static Flow flow_for(const Flow *flow, const Source *s) {
    Flow own = *flow;
    float push = s->motif == DROPS || s->motif == CLOUD ? 0 : s->length;
    own.drift = (Vec){push * s->axis.x, push * s->axis.y, 0};
    return own;
}

/* ---- the view ---- */

typedef struct {
    float x, y, half, cos, sin;
} View;

static inline void seen(View view, float x, float y, float z, float *u, float *v) {
    float near = 1 / (1 + 0.35f * z), dx = (x - view.x) * near, dy = (y - view.y) * near;
    *u = (dx * view.cos - dy * view.sin) / (2 * view.half) + 0.5f;
    *v = (dx * view.sin + dy * view.cos) / (2 * view.half) + 0.5f;
}

/* Frames most of the ink, more or less closely; gravity may point anywhere. */
static View draw_view(Scene *scene, Net *const *net, int count) {
    Random *random = &scene->random;
    float cut = between(random, 0.01f, 0.08f), margin = between(random, 0.36f, 0.58f);
    float turn = chance(random, 0.45f) ? 0 : chance(random, 0.4f) ? PI : between(random, 0, TAU);
    float off_x = gauss(random) * 0.04f, off_y = gauss(random) * 0.04f;
    enum { EVERY = 16 };
    int total = 0;
    float *x = scratch(scene, (size_t)count * KNOTS / EVERY, sizeof *x),
          *y = scratch(scene, (size_t)count * KNOTS / EVERY, sizeof *y);
    for (int k = 0; k < count; k++)
        for (int i = 0; i < KNOTS; i += EVERY, total++)
            x[total] = net[k]->x[i + i / 64 % EVERY], y[total] = net[k]->y[i + i / 64 % EVERY];
    float left = percentile(x, total, cut), right = percentile(x, total, 1 - cut);
    float top = percentile(y, total, cut), bottom = percentile(y, total, 1 - cut);
    float size = mix(greater(right - left, bottom - top), lesser(right - left, bottom - top), 0.25f);
    View view = {(left + right) / 2, (top + bottom) / 2, size * margin, fast_cos(turn), fast_sin(turn)};
    view.x += size * off_x, view.y += size * off_y;
    return view;
}

/* ---- ink on the picture ---- */

static void stain_net(Scene *scene, const Plate *plate, const Source *source, const Net *net, View view,
                      float focus) {
    float *x = scratch(scene, KNOTS * 2, sizeof *x), *y = x + KNOTS;
    float size = (float)plate->fine;
    float scale = size * size / KNOTS / 8; /* mass by place does not depend on how many there are */
    for (int i = 0; i < KNOTS; i++) {
        seen(view, net->x[i], net->y[i], net->z[i], &x[i], &y[i]);
        x[i] = x[i] * size - 0.5f, y[i] = y[i] * size - 0.5f;
    }
    for (int i = 0; i + 1 < ALONG; i++)
        for (int j = 0; j + 1 < AROUND; j++) {
            int knot = i * AROUND + j, corner[4] = {knot, knot + 1, knot + AROUND, knot + AROUND + 1};
            Mesh mesh = {.blurred = smoothstep(0.08f, 0.45f, fabsf(net->z[knot] - focus))};
            for (int k = 0; k < 4; k++) {
                mesh.x[k] = x[corner[k]], mesh.y[k] = y[corner[k]];
                mesh.mass += net->mass[corner[k]] * scale / 4;
            }
            float place =
                source->fades_along ? (float)i / ALONG : 0.5f - 0.5f * fast_cos(TAU * (float)j / AROUND);
            mesh.colour = rgb_mixed(source->first, source->last, place);
            stain_mesh(plate, &mesh);
        }
}

/* ---- light ---- */

static Rgb water_at(const Ink *ink, float u, float v) {
    float x = 2 * u - 1 - ink->light_x, y = 2 * v - 1 - ink->light_y;
    return rgb_mixed(ink->water, ink->deep, smoothstep(0, 2.2f, sqrtf(x * x + y * y)));
}

/* What is seen of ink of one colour and thickness before water. `lamp` is how much its surface faces the lamp. */
static Rgb light_of(const Ink *ink, Rgb water, Rgb colour, float thickness, float lamp) {
    switch (ink->medium) {
    case STAIN: {
        Rgb c = {fast_pow(colour.r + 0.02f, thickness), fast_pow(colour.g + 0.02f, thickness),
                 fast_pow(colour.b + 0.02f, thickness)};
        return rgb_product(water, c);
    }
    case GLOW: {
        float light = 1 - fast_exp(-0.9f * thickness), white = greater(light - 0.75f, 0) * 1.6f;
        return rgb_sum(rgb_scaled(water, 1 - 0.6f * light),
                       rgb_sum(rgb_scaled(colour, light * 1.15f), (Rgb){white, white, white}));
    }
    default:
        return rgb_mixed(water, rgb_scaled(colour, clamp(0.78f + lamp, 0.15f, 1.3f)),
                         1 - fast_exp(-1.3f * thickness));
    }
}

static void develop(Scene *scene, const Ink *ink, const Plate *plate, float exposure) {
    int fine = plate->fine, side = scene->side, fineness = fine / side;
    size_t count = (size_t)fine * fine;
    join_focus(scene, plate, 0.012f);
    float *relief = scratch(scene, count, sizeof *relief);
    for (size_t i = 0; i < count; i++) relief[i] = fast_log(1 + exposure * plate->sharp[i].mass);
    blur(scene, relief, fine, 1, 0.012f * (float)fine);
    for (int y = 0; y < fine; y++)
        for (int x = 0; x < fine; x++) {
            size_t i = (size_t)y * fine + x;
            Stain s = plate->sharp[i];
            float each = 1 / greater(s.mass, 1e-9f), right = relief[x + 1 < fine ? i + 1 : i],
                  under = relief[y + 1 < fine ? i + (size_t)fine : i];
            float slope = (right - relief[i]) * ink->light_x + (under - relief[i]) * ink->light_y;
            Rgb water = water_at(ink, ((float)x + 0.5f) / (float)fine, ((float)y + 0.5f) / (float)fine);
            Rgb light = light_of(ink, water, (Rgb){s.r * each, s.g * each, s.b * each}, exposure * s.mass,
                                 -slope * (float)fine * 0.022f);
            Rgb *pixel = &scene->picture[(size_t)(y / fineness) * side + x / fineness];
            *pixel = rgb_sum(*pixel, rgb_scaled(light, 1 / (float)(fineness * fineness)));
        }
}

/* Such that the thicker parts of the ink have a drawn thickness. */
static float expose(Scene *scene, const Plate *plate) {
    size_t count = (size_t)plate->fine * plate->fine;
    float *mass = scratch(scene, count, sizeof *mass), thick = between(&scene->random, 1.2f, 4);
    int stained = 0;
    for (size_t i = 0; i < count; i++)
        if (plate->sharp[i].mass + plate->soft[i].mass > 1e-4f)
            mass[stained++] = plate->sharp[i].mass + plate->soft[i].mass;
    return stained ? thick / greater(percentile(mass, stained, 0.9f), 1e-6f) : 0;
}

bool ink(Scene *scene) {
    Flow *flow = scratch(scene, 1, sizeof *flow);
    Ink ink = ink_of(&scene->random, flow);
    Net *net[MOST_SOURCES];
    for (int i = 0; i < ink.sources; i++) {
        net[i] = scratch(scene, 1, sizeof *net[i]);
        start_net(&ink.source[i], net[i]);
        Flow own = flow_for(flow, &ink.source[i]);
        carry(scene, &own, net[i]);
    }
    View view = draw_view(scene, net, ink.sources);
    Plate plate = plate_of(scene);
    for (int i = 0; i < ink.sources; i++) stain_net(scene, &plate, &ink.source[i], net[i], view, ink.focus);
    develop(scene, &ink, &plate, expose(scene, &plate));
    Figures figures = judge(scene);
    return figures.deviation > 0.08f && figures.detail > 0.36f;
}
