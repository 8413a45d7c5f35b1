/* Flames drawn by lot, and the walk of the points. */
#include "flames.h"

static Affine turned(float angle, float scale) {
    float c = scale * fast_cos(angle), s = scale * fast_sin(angle);
    return (Affine){c, -s, 0, s, c, 0};
}

/* One to three variations that together keep the plane about as large as it is. */
static void draw_parts(Random *random, Transform *transform, int parts) {
    float total = 0, wanted = between(random, 0.75f, 1.1f);
    transform->parts = parts;
    for (int i = 0; i < parts; i++) {
        Part *part = &transform->part[i];
        part->variation = VARIATIONS[below(random, VARIATION_COUNT)];
        part->weight = between(random, 0.25f, 1);
        total += part->weight;
        float p = between(random, 0.15f, 1), q = between(random, 0.5f, 1.4f);
        float curl_p = gauss(random) * 0.6f, curl_q = gauss(random) * 0.3f;
        bool curls = part->variation == curl;
        part->p = curls ? curl_p : p, part->q = curls ? curl_q : q;
    }
    for (int i = 0; i < parts; i++) transform->part[i].weight *= wanted / total;
}

static Transform draw_transform(Random *random) {
    Transform transform = {.weight = between(random, 0.3f, 1.2f)};
    float scale = between(random, 0.45f, 1.05f), angle = between(random, 0, TAU),
          shear = gauss(random) * 0.18f;
    float aspect = fast_exp(gauss(random) * 0.22f);
    transform.before = (Affine){
        scale * aspect * fast_cos(angle), -scale * fast_sin(angle + shear),         gauss(random) * 0.6f,
        scale * fast_sin(angle),          scale / aspect * fast_cos(angle + shear), gauss(random) * 0.6f};
    int parts = 1 + chance(random, 0.45f);
    draw_parts(random, &transform, parts + chance(random, 0.12f));
    transform.has_after = chance(random, 0.35f);
    float turn = between(random, 0, TAU);
    transform.after = turned(turn, between(random, 0.6f, 1.1f));
    transform.after.x = gauss(random) * 0.3f, transform.after.y = gauss(random) * 0.3f;
    return transform;
}

Flame flame_of(Random *random) {
    Flame flame = {0};
    float few = uniform(random) * uniform(random);
    flame.transforms = 2 + (int)(few * 4 + 0.4f);
    if (flame.transforms > MOST_TRANSFORMS) flame.transforms = MOST_TRANSFORMS;
    for (int i = 0; i < flame.transforms; i++) flame.transform[i] = draw_transform(random);
    float u = uniform(random);
    int folds = 2 + below(random, 5);
    flame.symmetry = u < 0.22f ? folds : u < 0.38f ? -1 : 1;
    flame.has_final = chance(random, 0.28f);
    flame.final.before = turned(0, 1);
    draw_parts(random, &flame.final, 1);
    flame.final.part[0].weight = 1;
    float start = uniform(random);
    for (int i = 0; i < flame.transforms; i++) {
        float spread = fraction(start + (float)i * 0.97f / (float)(flame.transforms - 1)),
              any = uniform(random);
        flame.transform[i].colour = chance(random, 0.25f) ? any : spread;
    }
    return flame;
}

/* Points [count] go through a transformation, in place. */
static void transform_points(const Transform *transform, float *restrict x, float *restrict y,
                             const float *restrict luck, int count) {
    float u[POOL], v[POOL];
    Affine a = transform->before;
    for (int i = 0; i < count; i++) {
        float along = a.xx * x[i] + a.xy * y[i] + a.x;
        y[i] = a.yx * x[i] + a.yy * y[i] + a.y;
        x[i] = along, u[i] = v[i] = 0;
    }
    for (int k = 0; k < transform->parts; k++) {
        Part part = transform->part[k];
        Bend bend = {x, y, luck, part.p, part.q, part.weight, count, u, v};
        part.variation(&bend);
    }
    a = transform->has_after ? transform->after : turned(0, 1);
    for (int i = 0; i < count; i++) {
        x[i] = a.xx * u[i] + a.xy * v[i] + a.x;
        y[i] = a.yx * u[i] + a.yy * v[i] + a.y;
    }
}

void walk_start(Walk *walk, uint64_t seed) {
    walk->random = random_of(seed, 1);
    walk->round = 0;
    for (int i = 0; i < POOL; i++) {
        walk->now.x[i] = between(&walk->random, -1, 1);
        walk->now.y[i] = between(&walk->random, -1, 1);
        walk->now.colour[i] = 0.5f;
    }
}

/* Points change places at random, so that those that went through the same transformation this time part
 * next time; without it a pool would walk as few points do. An odd stride meets each place once. */
static void mix_points(Walk *walk) {
    uint32_t stride = (uint32_t)random_bits(&walk->random) | 1,
             start = (uint32_t)(random_bits(&walk->random) >> 32);
    uint32_t salt = hash_of(start ^ walk->round++);
    for (uint32_t i = 0; i < POOL; i++) {
        uint32_t from = (i * stride + start) % POOL;
        walk->mixed.x[i] = walk->now.x[from];
        walk->mixed.y[i] = walk->now.y[from];
        walk->mixed.colour[i] = walk->now.colour[from];
        walk->luck[i] = hashed(i * 0x9e3779b9u + salt);
    }
}

/* A point that fled begins anew. */
static void catch_points(Walk *walk) {
    for (int i = 0; i < POOL; i++) {
        bool stays = is_moderate(walk->mixed.x[i]) & is_moderate(walk->mixed.y[i]);
        walk->now.x[i] = stays ? walk->mixed.x[i] : 2 * walk->luck[i] - 1;
        walk->now.y[i] = stays ? walk->mixed.y[i] : 2 * fraction(walk->luck[i] * 1024) - 1;
        walk->now.colour[i] = walk->mixed.colour[i];
    }
}

/* Where the points are seen: symmetric copies, then the final transformation. */
static void show_points(Walk *walk, const Flame *flame) {
    Points *shown = &walk->shown;
    for (int i = 0; i < POOL; i++) {
        float x = walk->now.x[i], y = walk->now.y[i], luck = fraction(walk->luck[i] * 512);
        if (flame->symmetry == -1) {
            shown->x[i] = luck < 0.5f ? x : -x;
            shown->y[i] = y;
        } else {
            float n = (float)flame->symmetry, angle = TAU * floorf(luck * n) / n;
            float c = fast_cos(angle), s = fast_sin(angle);
            shown->x[i] = x * c - y * s;
            shown->y[i] = x * s + y * c;
        }
        shown->colour[i] = walk->now.colour[i];
    }
    if (flame->has_final) transform_points(&flame->final, shown->x, shown->y, walk->luck, POOL);
}

void walk_on(Walk *walk, const Flame *flame) {
    mix_points(walk);
    float total = 0, sum = 0;
    for (int k = 0; k < flame->transforms; k++) total += flame->transform[k].weight;
    for (int k = 0, from = 0; k < flame->transforms; k++) {
        const Transform *transform = &flame->transform[k];
        sum += transform->weight;
        int to = k == flame->transforms - 1 ? POOL : (int)(sum / total * POOL);
        transform_points(transform, walk->mixed.x + from, walk->mixed.y + from, walk->luck + from, to - from);
        for (int i = from; i < to; i++)
            walk->mixed.colour[i] = (walk->mixed.colour[i] + transform->colour) * 0.5f;
        from = to;
    }
    catch_points(walk);
    show_points(walk, flame);
}
