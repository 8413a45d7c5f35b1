#include "coral.h"

enum { MARGIN = 1, LOOK_EVERY = 16 };

/* Feeding and dying of known patterns: branches, mazes, fingerprints, holes, cells that divide, worms. */
static const float PATTERNS[][2] = {
    {0.0545f, 0.062f}, {0.029f, 0.057f}, {0.037f, 0.060f},  {0.039f, 0.058f},  {0.0367f, 0.0649f},
    {0.046f, 0.063f},  {0.030f, 0.062f}, {0.034f, 0.0565f}, {0.058f, 0.0625f}, {0.025f, 0.060f},
};
enum { PATTERN_COUNT = sizeof PATTERNS / sizeof *PATTERNS };

/* Cells per step; beyond 0.25 neighbours overshoot each other. */
static const float SPREAD = 0.19f;

/* All fields have a margin, so that a cell finds its neighbours without looking for the edge. */
typedef struct {
    int size, stride;
    float *food, *coral, *next_food, *next_coral;
    float *feed, *die;
    float *along_x, *along_y, *along_xy; /* how substances spread, by direction */
} Pool;

static Pool pool_of(Scene *scene, int size) {
    Pool pool = {.size = size, .stride = size + 2 * MARGIN};
    float **field[] = {&pool.food, &pool.coral,   &pool.next_food, &pool.next_coral, &pool.feed,
                       &pool.die,  &pool.along_x, &pool.along_y,   &pool.along_xy};
    for (size_t i = 0; i < sizeof field / sizeof *field; i++)
        *field[i] = scratch(scene, (size_t)pool.stride * pool.stride, sizeof(float));
    return pool;
}

static size_t cell(const Pool *pool, int x, int y) {
    return (size_t)(y + MARGIN) * pool->stride + x + MARGIN;
}

/* ---- conditions ---- */

/* A value from 0 to 1 that changes slowly over the pool, in one of several ways. */
typedef struct {
    int kind;
    float x, y, angle, scale;
    uint32_t noise;
} Trend;

static Trend draw_trend(Random *random) {
    Trend t = {below(random, 4),        between(random, 0.2f, 0.8f), between(random, 0.2f, 0.8f),
               between(random, 0, TAU), between(random, 1.2f, 3),    0};
    t.noise = (uint32_t)(random_bits(random) >> 32);
    return t;
}

static float trend_at(const Trend *t, float u, float v) {
    float dx = u - t->x, dy = v - t->y;
    switch (t->kind) {
    case 0: return 0;
    case 1: return smoothstep(0.05f, 0.6f, sqrtf(dx * dx + dy * dy));
    case 2: return smoothstep(-0.5f, 0.5f, dx * fast_cos(t->angle) + dy * fast_sin(t->angle));
    default: return smoothstep(-0.25f, 0.25f, fbm(t->noise, t->scale * u, t->scale * v, 0.5f, 2));
    }
}

/* Substances may spread faster along a direction, which turns over the pool: stripes follow it. */
static void draw_conditions(Random *random, Pool *pool) {
    const float *one = PATTERNS[below(random, PATTERN_COUNT)],
                *other = PATTERNS[below(random, PATTERN_COUNT)];
    Trend trend = draw_trend(random);
    bool directed = chance(random, 0.5f), around = chance(random, 0.4f);
    float stretch = directed ? between(random, 0.25f, 0.6f) : 0, home = between(random, 0, PI),
          swing = between(random, 0.5f, 3);
    float scale = between(random, 1, 2.5f), middle_x = between(random, 0.3f, 0.7f),
          middle_y = between(random, 0.3f, 0.7f);
    float lean = chance(random, 0.5f) ? PI / 2 : between(random, 0, PI);
    uint32_t noise = (uint32_t)(random_bits(random) >> 32);
    for (int y = 0; y < pool->size; y++)
        for (int x = 0; x < pool->size; x++) {
            float u = ((float)x + 0.5f) / (float)pool->size, v = ((float)y + 0.5f) / (float)pool->size,
                  t = trend_at(&trend, u, v);
            size_t i = cell(pool, x, y);
            pool->feed[i] = mix(one[0], other[0], t), pool->die[i] = mix(one[1], other[1], t);
            float angle = around ? fast_atan2(v - middle_y, u - middle_x) + lean : home;
            angle += directed ? swing * fbm(noise, scale * u, scale * v, 0.5f, 2) : 0;
            float c = fast_cos(2 * angle), s = fast_sin(2 * angle);
            pool->along_x[i] = SPREAD * (1 + stretch * c), pool->along_y[i] = SPREAD * (1 - stretch * c);
            pool->along_xy[i] = SPREAD * stretch * s / 2; /* twice, of differences over four cells */
        }
}

/* ---- seeds ---- */

static void sow(Random *random, Pool *pool, float u, float v, float radius) {
    int reach = (int)(radius * (float)pool->size) + 1, mx = (int)(u * (float)pool->size),
        my = (int)(v * (float)pool->size);
    for (int y = my - reach; y <= my + reach; y++)
        for (int x = mx - reach; x <= mx + reach; x++) {
            float dx = (float)(x - mx), dy = (float)(y - my), far = radius * (float)pool->size;
            if (dx * dx + dy * dy > far * far) continue;
            size_t i = cell(pool, (x + 4 * pool->size) % pool->size, (y + 4 * pool->size) % pool->size);
            pool->coral[i] = between(random, 0.3f, 0.5f), pool->food[i] = 0.5f;
        }
}

/* All over; in a few places; symmetric around the middle; or along a line that winds. */
static void sow_all(Random *random, Pool *pool) {
    int kind = below(random, 4), count = 40 + below(random, 90), few = 1 + below(random, 6),
        folds = 3 + below(random, 10);
    float turn = between(random, 0, TAU), far = between(random, 0.08f, 0.4f),
          sway = between(random, 0.05f, 0.25f);
    if (kind == 0)
        for (int i = 0; i < count; i++) {
            float u = uniform(random), v = uniform(random);
            sow(random, pool, u, v, between(random, 0.02f, 0.04f));
        }
    if (kind == 1)
        for (int i = 0; i < few; i++) {
            float u = between(random, 0.15f, 0.85f), v = between(random, 0.15f, 0.85f);
            sow(random, pool, u, v, between(random, 0.03f, 0.14f));
        }
    if (kind == 2)
        for (int ring = 1; ring <= 2; ring++)
            for (int i = 0; i < folds; i++) {
                float angle = turn + TAU * (float)i / (float)folds;
                sow(random, pool, 0.5f + far * (float)ring / 2 * fast_cos(angle),
                    0.5f + far * (float)ring / 2 * fast_sin(angle), 0.04f);
            }
    if (kind == 3)
        for (int i = 0; i < 60; i++) {
            float along = (float)i / 60;
            sow(random, pool, along, 0.5f + sway * fast_sin(TAU * along * (float)few + turn), 0.025f);
        }
}

/* ---- growth ---- */

/* Fills the margins from the opposite edges. */
static void close_torus(const Pool *pool, float *field) {
    int n = pool->size, s = pool->stride;
    for (int y = 1; y <= n; y++) field[y * s] = field[y * s + n], field[y * s + n + 1] = field[y * s + 1];
    memcpy(field, field + n * s, (size_t)s * sizeof *field);
    memcpy(field + (n + 1) * s, field + s, (size_t)s * sizeof *field);
}

static inline float spread(const float *f, int s, float x, float y, float xy) {
    return x * (f[-1] + f[1] - 2 * f[0]) + y * (f[-s] + f[s] - 2 * f[0]) +
           xy * (f[s + 1] + f[-s - 1] - f[s - 1] - f[1 - s]);
}

static void grow_row(const Pool *pool, int y) {
    int s = pool->stride;
    size_t from = cell(pool, 0, y);
    const float *restrict food = pool->food + from, *restrict coral = pool->coral + from;
    const float *restrict feed = pool->feed + from, *restrict die = pool->die + from;
    const float *restrict ax = pool->along_x + from, *restrict ay = pool->along_y + from,
                          *restrict axy = pool->along_xy + from;
    float *restrict next_food = pool->next_food + from, *restrict next_coral = pool->next_coral + from;
    for (int i = 0; i < pool->size; i++) {
        float f = food[i], c = coral[i], eaten = f * c * c;
        next_food[i] = f + spread(food + i, s, ax[i], ay[i], axy[i]) - eaten + feed[i] * (1 - f);
        next_coral[i] =
            c + 0.5f * spread(coral + i, s, ax[i], ay[i], axy[i]) + eaten - (feed[i] + die[i]) * c;
    }
}

static void grow_once(Pool *pool) {
    close_torus(pool, pool->food);
    close_torus(pool, pool->coral);
    for (int y = 0; y < pool->size; y++) grow_row(pool, y);
    float *food = pool->food, *coral = pool->coral;
    pool->food = pool->next_food, pool->next_food = food;
    pool->coral = pool->next_coral, pool->next_coral = coral;
}

static void note_age(const Pool *pool, float *age, float now) {
    for (int y = 0; y < pool->size; y++)
        for (int x = 0; x < pool->size; x++)
            if (age[y * pool->size + x] > now && pool->coral[cell(pool, x, y)] > 0.15f)
                age[y * pool->size + x] = now;
}

Reef grow_reef(Scene *scene) {
    Random *random = &scene->random;
    int size = 112 + 8 * below(random, 1 + (MOST_CELLS - 112) / 8),
        steps = (int)fast_exp(between(random, 7.2f, 8.2f));
    Pool pool = pool_of(scene, size);
    for (int i = 0; i < pool.stride * pool.stride; i++) pool.food[i] = 1;
    draw_conditions(random, &pool);
    sow_all(random, &pool);
    Reef reef = {size, scratch(scene, (size_t)size * size, sizeof(float)),
                 scratch(scene, (size_t)size * size, sizeof(float))};
    for (int i = 0; i < size * size; i++) reef.age[i] = 1;
    for (int step = 0; step < steps; step++) {
        if (step % LOOK_EVERY == 0) note_age(&pool, reef.age, (float)step / (float)steps);
        grow_once(&pool);
    }
    for (int y = 0; y < size; y++)
        memcpy(reef.coral + (size_t)y * size, pool.coral + cell(&pool, 0, y), (size_t)size * sizeof(float));
    return reef;
}
