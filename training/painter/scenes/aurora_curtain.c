/* Curtains: ribbons that wind over the sky, each a net of light between its lower edge and its ragged
 * upper end. */
#include "aurora.h"

#include "plate.h"

enum { ALONG = 1200, UP = 48, MOST_CURTAINS = 5 };

typedef struct {
    float x, y; /* where it begins, over the ground */
    float heading, length;
    float bend, curl;     /* how far its heading swings, slowly and in small folds */
    float height, drape;  /* of its upper end, and how much that varies */
    float rays, contrast; /* how many it has, and how clearly */
    float fade;           /* how fast it dims upwards */
    float light;
    uint32_t noise;
    Rgb low, main, high;
} Curtain;

static Rgb hue_shifted(Rgb colour, float by) {
    float hue, saturation, value;
    hsv_of_rgb(colour, &hue, &saturation, &value);
    return rgb_of_hsv(hue + by, saturation, value);
}

static Curtain draw_curtain(Random *random, const Camera *camera, const Night *night, int number) {
    Curtain c = {.noise = (uint32_t)(random_bits(random) >> 32)};
    /* Over the middle of the view, or nearer, where a curtain hangs overhead. */
    float middle = 1.4f / (camera->sin / camera->cos + 0.25f) * between(random, 0.7f, 1.6f);
    float angle = gauss(random) * 0.7f;
    c.length = between(random, 2.5f, 7) * greater(middle, 0.6f) * 0.6f;
    c.heading = chance(random, 0.75f) ? angle : angle + PI / 2; /* across the view, or away from it */
    c.x = gauss(random) * 0.3f * middle - 0.5f * c.length * fast_cos(c.heading);
    c.y = middle * (1 + 0.15f * (float)number) - 0.5f * c.length * fast_sin(c.heading);
    c.bend = between(random, 0.3f, 2.4f), c.curl = chance(random, 0.5f) ? between(random, 0.5f, 3.5f) : 0.2f;
    c.height = between(random, 0.6f, 2.4f), c.drape = between(random, 0.2f, 0.9f);
    c.rays = between(random, 12, 90), c.contrast = between(random, 0.3f, 1);
    c.fade = between(random, 1.5f, 4.5f);
    c.light = number == 0 ? 1 : between(random, 0.25f, 1);
    float shift = gauss(random) * 0.035f;
    c.low = hue_shifted(night->low, shift), c.main = hue_shifted(night->main, shift),
    c.high = hue_shifted(night->high, shift);
    return c;
}

/* A line across the curtain, from its lower edge upwards, as the camera sees it. */
typedef struct {
    float x[UP], y[UP], depth[UP]; /* in parts of the side; depth below 0 lies behind the camera */
    float light;
} Fold;

static void see(const Camera *camera, float x, float y, float z, Fold *fold, int i) {
    float depth = y * camera->cos + z * camera->sin, above = z * camera->cos - y * camera->sin;
    float u = camera->length * x / depth, v = -camera->length * above / depth;
    fold->depth[i] = depth;
    fold->x[i] = 0.5f + u * camera->roll_cos - v * camera->roll_sin;
    fold->y[i] = 0.5f + u * camera->roll_sin + v * camera->roll_cos;
}

/* Heights above the lower edge, denser there. */
static float height_of(int i) {
    float t = (float)i / (UP - 1);
    return t * t;
}

/* How bright it is at a part of its height: a sharp edge below, fading above. */
static float profile(const Curtain *c, float part) {
    return smoothstep(0, 0.03f, part) * fast_exp(-c->fade * part) * smoothstep(1, 0.6f, part);
}

static Rgb colour_at(const Curtain *c, float part) {
    Rgb below = rgb_mixed(c->low, c->main, smoothstep(0.01f, 0.12f, part));
    return rgb_mixed(below, c->high, smoothstep(0.15f, 0.65f, part));
}

static void draw_fold(const Camera *camera, const Curtain *c, float x, float y, float s, Fold *fold) {
    float drape = 0.75f + c->drape * 1.4f * fbm(c->noise, 9 * s, 3.5f, 0.5f, 3),
          edge = 0.06f * fbm(c->noise, 14 * s, 8.5f, 0.5f, 2);
    float fine = fbm(c->noise, c->rays * s * c->length * 0.4f, 1.5f, 0.5f, 4),
          slow = fbm(c->noise, 5 * s, 5.5f, 0.5f, 2);
    float rays = fast_exp(3.2f * c->contrast * fine), glow = clamp(0.55f + 1.6f * slow, 0.04f, 1.6f);
    fold->light = c->light * rays * glow * smoothstep(0, 0.2f, s) * smoothstep(1, 0.8f, s);
    for (int i = 0; i < UP; i++)
        see(camera, x, y, 1 + edge + c->height * greater(drape, 0.2f) * height_of(i), fold, i);
}

/* Between two folds. Light is given by area seen, so that distance does not dim it. */
static void hang_between(const Plate *plate, const Curtain *c, const Fold *a, const Fold *b, float width) {
    float size = (float)plate->fine;
    for (int i = 0; i + 1 < UP; i++) {
        const float *depths[4] = {&a->depth[i], &b->depth[i], &a->depth[i + 1], &b->depth[i + 1]};
        float nearest = lesser(lesser(*depths[0], *depths[1]), lesser(*depths[2], *depths[3]));
        if (nearest < 0.2f) continue;
        float low = height_of(i), high = height_of(i + 1), middle = (low + high) / 2;
        Mesh mesh = {{a->x[i], b->x[i], a->x[i + 1], b->x[i + 1]},
                     {a->y[i], b->y[i], a->y[i + 1], b->y[i + 1]},
                     0,
                     0,
                     colour_at(c, middle)};
        for (int k = 0; k < 4; k++) mesh.x[k] = mesh.x[k] * size - 0.5f, mesh.y[k] = mesh.y[k] * size - 0.5f;
        float area = width * c->height * (high - low) / (nearest * nearest);
        mesh.mass = area * size * size * profile(c, middle) * (a->light + b->light) / 2;
        stain_mesh(plate, &mesh);
    }
}

static void hang_curtain(const Plate *plate, const Camera *camera, const Curtain *c) {
    Fold fold[2];
    float x = c->x, y = c->y, step = c->length / ALONG;
    for (int i = 0; i < ALONG; i++) {
        float s = (float)i / ALONG;
        float heading = c->heading + c->bend * 2 * fbm(c->noise, 1.7f * s * c->length, 0.5f, 2.5f, 2) +
                        c->curl * 2 * fbm(c->noise, 6 * s * c->length, 0.5f, 7.5f, 2);
        x += step * fast_cos(heading), y += step * fast_sin(heading);
        draw_fold(camera, c, x, y, s, &fold[i % 2]);
        if (i > 0) hang_between(plate, c, &fold[(i + 1) % 2], &fold[i % 2], step);
    }
}

/* Light gathers until it is white; `exposure` of it is about that of a single curtain. */
static void develop(Scene *scene, const Plate *plate, float exposure) {
    int fine = plate->fine, side = scene->side, fineness = fine / side;
    Rgb *light = scratch(scene, (size_t)side * side, sizeof *light),
        *halo = scratch(scene, (size_t)side * side, sizeof *halo);
    for (int y = 0; y < fine; y++)
        for (int x = 0; x < fine; x++) {
            Stain s = plate->sharp[(size_t)y * fine + x];
            size_t i = (size_t)(y / fineness) * side + x / fineness;
            light[i] =
                rgb_sum(light[i], rgb_scaled((Rgb){s.r, s.g, s.b}, exposure / (float)(fineness * fineness)));
        }
    memcpy(halo, light, (size_t)side * side * sizeof *light);
    blur(scene, &halo->r, side, 3, 0.045f * (float)side);
    for (int i = 0; i < side * side; i++) {
        Rgb c = rgb_sum(light[i], rgb_scaled(halo[i], 0.4f));
        float white = 0.12f * greater(rgb_mean(c) - 0.8f, 0);
        Rgb *pixel = &scene->picture[i];
        *pixel = rgb_sum(*pixel, (Rgb){1 - fast_exp(-c.r - white), 1 - fast_exp(-c.g - white),
                                       1 - fast_exp(-c.b - white)});
    }
}

static float exposure_of(Scene *scene, const Plate *plate, float bright) {
    size_t count = (size_t)plate->fine * plate->fine;
    float *mass = scratch(scene, count, sizeof *mass);
    int met = 0;
    for (size_t i = 0; i < count; i++)
        if (plate->sharp[i].mass > 1e-4f) mass[met++] = plate->sharp[i].mass;
    return met ? bright / greater(percentile(mass, met, 0.93f), 1e-6f) : 0;
}

void hang_curtains(Scene *scene, const Camera *camera, const Night *night) {
    Random *random = &scene->random;
    int curtains = 1 + below(random, MOST_CURTAINS);
    float bright = between(random, 1.2f, 2.6f);
    Plate plate = plate_of(scene);
    for (int i = 0; i < curtains; i++) {
        Curtain curtain = draw_curtain(random, camera, night, i);
        hang_curtain(&plate, camera, &curtain);
    }
    develop(scene, &plate, exposure_of(scene, &plate, bright));
}
