/* Rose windows: rings around a middle, each with as many panes, of one of a few shapes. */
#include "glass.h"

enum { MOST_RINGS = 6, RING_TINTS = 3 };

typedef enum { ROUNDEL, LEAF, ALSO_LEAF, QUATREFOIL, LOZENGE, ARCH, BULLSEYE, SHAPES } Shape;

typedef struct {
    float inner, outer; /* radii */
    int panes;
    float phase; /* angle of the first */
    int tints;   /* of neighbouring panes, in turn */
    Rgb tint[RING_TINTS];
    bool spokes;
    Shape shape; /* what is set into each pane */
    float size;  /* of it, in [0, 1] */
    Rgb inset[RING_TINTS];
    int insets; /* how many lie within each other */
    float step; /* from one to the next */
} Ring;

typedef struct {
    float zoom, x, y, turn; /* what of the window is seen */
    float lead;             /* half width */
    int rings;
    Ring ring[MOST_RINGS];
    bool one_sheet; /* all panes equally light */
    bool wall;      /* what is around: stone, or plain glazing */
    Rgb around;
    float mesh; /* of plain glazing */
    bool lozenges;
    uint32_t noise;
} Rose;

/* ---- drawn by lot ---- */

static Rgb any_tint(Random *random, const Tints *tints) { return tints->tint[below(random, tints->count)]; }

/* Three tints, all different as far as there are as many. */
static void three_tints(Random *random, const Tints *tints, Rgb *tint) {
    int order[MOST_TINTS];
    for (int i = 0; i < tints->count; i++) order[i] = i;
    shuffle(random, order, tints->count);
    for (int i = 0; i < RING_TINTS; i++) tint[i] = tints->tint[order[i % tints->count]];
}

static Ring draw_ring(Random *random, const Tints *tints, int number, int folds) {
    Ring ring = {.panes = folds};
    int more = below(random, 3);
    if (number > 0 && more == 2) ring.panes *= 2;
    if (chance(random, 0.25f) && number > 1) ring.panes = 2 * folds;
    ring.phase = chance(random, 0.5f) ? PI / (float)ring.panes : 0;
    ring.tints = (int[]){1, 2, 2, 3}[below(random, 4)];
    three_tints(random, tints, ring.tint);
    ring.spokes = chance(random, 0.6f) && number > 0;
    ring.shape = (Shape)below(random, SHAPES);
    if (number == 0) ring.shape = BULLSEYE;
    ring.size = uniform(random);
    three_tints(random, tints, ring.inset);
    ring.insets = 1 + chance(random, 0.8f);
    if (chance(random, 0.4f) && ring.insets == 2) ring.insets = 3;
    ring.step = between(random, 0.2f, 0.45f);
    return ring;
}

/* Radii that leave every ring some width. */
static void draw_rings(Random *random, const Tints *tints, Rose *rose) {
    int folds = (int[]){5, 6, 8, 8, 10, 12, 12, 16}[below(random, 8)];
    rose->rings = 3 + below(random, 3);
    float rim = between(random, 0.93f, 1), middle = between(random, 0.12f, 0.27f), width[MOST_RINGS],
          total = 0;
    for (int k = 1; k < rose->rings; k++) total += width[k] = between(random, 0.35f, 1);
    float radius = 0;
    for (int k = 0; k < rose->rings; k++) {
        rose->ring[k] = draw_ring(random, tints, k, folds);
        rose->ring[k].inner = radius;
        radius = k == 0 ? middle : radius + (rim - middle) * width[k] / total;
        rose->ring[k].outer = radius;
    }
}

static Rose rose_of(Random *random, const Tints *tints) {
    Rose rose = {0};
    bool whole = chance(random, 0.85f);
    float near = between(random, 0.45f, 0.66f), far = between(random, 0.68f, 1.12f);
    float dx = gauss(random) * 0.02f, dy = gauss(random) * 0.02f;
    float aside_x = between(random, -0.4f, 0.4f), aside_y = between(random, -0.4f, 0.4f);
    rose.zoom = whole ? far : near, rose.x = whole ? dx : aside_x, rose.y = whole ? dy : aside_y;
    rose.turn = between(random, 0, TAU);
    rose.lead = between(random, 1.1f, 2.1f) * 2 / 288;
    draw_rings(random, tints, &rose);
    rose.one_sheet = chance(random, 0.4f);
    rose.wall = chance(random, 0.5f);
    Rgb plain = rgb_scaled(any_tint(random, tints), 0.8f),
        stone = rgb_scaled((Rgb){0.03f, 0.03f, 0.04f}, between(random, 0.5f, 2));
    rose.around = rose.wall ? stone : plain;
    rose.mesh = between(random, 0.14f, 0.3f);
    rose.lozenges = chance(random, 0.5f);
    rose.noise = (uint32_t)(random_bits(random) >> 32);
    return rose;
}

/* ---- shapes as signed distances, negative inside ---- */

/* The lens between two arcs, `half` long and `wide` wide to each side of its middle. */
static float leaf(float x, float y, float half, float wide) {
    float arc = (half * half + wide * wide) / (2 * wide), off = arc - wide;
    return greater(hypotf(x, y - off), hypotf(x, y + off)) - arc;
}

static float quatrefoil(float x, float y, float size) {
    float nearest = lesser(lesser(hypotf(x - 0.8f * size, y), hypotf(x + 0.8f * size, y)),
                           lesser(hypotf(x, y - 0.8f * size), hypotf(x, y + 0.8f * size)));
    return nearest - 0.85f * size;
}

/* A pointed arch that stands on `foot` and whose sides are straight up to `shoulder`. */
static float pointed_arch(float x, float y, float foot, float shoulder, float wide, float arc) {
    if (x <= shoulder) return greater(greater(fabsf(y) - wide, foot - x), x - shoulder - 1e-4f);
    return greater(hypotf(x - shoulder, y - (arc - wide)), hypotf(x - shoulder, y + (arc - wide))) - arc;
}

/* The shape set into a pane, at x along the ring's radius and y across. */
static float inset_distance(const Ring *ring, float x, float y, float half, float wide) {
    float middle = (ring->inner + ring->outer) / 2, off = x - middle, least = lesser(half, wide);
    switch (ring->shape) {
    case ROUNDEL: return hypotf(off, y) - least * mix(0.75f, 0.93f, ring->size);
    case LEAF:
    case ALSO_LEAF:
        return leaf(off, y, half * mix(0.9f, 1.02f, ring->size), lesser(wide * 0.85f, half * 0.75f));
    case QUATREFOIL: return quatrefoil(off, y, least * 0.5f);
    case LOZENGE: return (fabsf(off) / half + fabsf(y) / greater(wide, 1e-3f) - 0.95f) * least * 0.7f;
    case ARCH:
        return pointed_arch(x, y, ring->inner * 1.02f, middle - half * 0.2f, wide * 0.8f,
                            wide * mix(1.05f, 1.75f, ring->size));
    default:
        if (ring->inner == 0) return hypotf(x, y) - ring->outer * mix(0.5f, 0.8f, ring->size);
        return hypotf(off, y) - least * 0.55f;
    }
}

/* ---- placed ---- */

static void set_inset(Place *place, float distance, Rgb tint, uint32_t pane, float lead, float soft) {
    float inside = 1 - smoothstep(-soft, soft, distance);
    place->lead *= 1 - inside;
    place->colour = rgb_mixed(place->colour, tint, inside);
    if (distance < 0) place->pane = pane;
    lay_lead(place, distance, lead, soft);
}

static void place_in_ring(const Rose *rose, int number, float radius, float angle, float soft, Place *place) {
    const Ring *ring = &rose->ring[number];
    float sector = TAU / (float)ring->panes, turned = wrap(angle + ring->phase, TAU);
    int pane = (int)(turned / sector);
    float off = turned - ((float)pane + 0.5f) * sector;
    place->colour = ring->tint[pane % ring->tints % RING_TINTS];
    place->pane = (uint32_t)(number * 97 + pane + 1);
    if (number > 0) lay_lead(place, radius - ring->inner, rose->lead * 1.6f, soft);
    if (ring->spokes) lay_lead(place, radius * fast_sin(sector / 2 - fabsf(off)), rose->lead, soft);
    float half = (ring->outer - ring->inner) / 2, wide = (ring->inner + half) * fast_sin(sector / 2);
    float distance = inset_distance(ring, radius * fast_cos(off), radius * fast_sin(off), half, wide);
    float step = ring->step * (number > 0 ? lesser(half, greater(wide, 0.02f)) : 0.8f * ring->outer);
    for (int i = 0; i < ring->insets; i++) {
        static const float LEAD[] = {1, 0.8f, 0.7f}, DEEP[] = {0, 1, 1.7f};
        uint32_t id = (uint32_t)(((i + 1) * 997 + number) * 131 + pane);
        set_inset(place, distance + DEEP[i] * step, ring->inset[i], id, rose->lead * LEAD[i], soft);
    }
    lay_lead(place, radius - ring->outer, rose->lead * 1.6f, soft);
}

/* Plain glazing, or stone, and the rim of the rose. */
static void place_around(const Rose *rose, float x, float y, float beyond, float soft, Place *place) {
    place->colour = rose->around;
    place->stone = rose->wall;
    if (rose->wall) {
        lay_lead(place, beyond, rose->lead * 1.6f, soft);
        return;
    }
    float u = rose->lozenges ? (x + y) * 0.7071f : x, v = rose->lozenges ? (x - y) * 0.7071f : y;
    float column = u / rose->mesh, row = v / rose->mesh;
    float across =
        lesser(0.5f - fabsf(fraction(column) - 0.5f), 0.5f - fabsf(fraction(row) - 0.5f)) * rose->mesh;
    lay_lead(place, across, rose->lead, soft);
    lay_lead(place, beyond, rose->lead * 2.2f, soft);
    place->pane = (uint32_t)((int)floorf(column) * 31 + (int)floorf(row) * 5701 + 90000);
}

void rose_window(Scene *scene, const Tints *tints, Place *window, int size) {
    Rose rose = rose_of(&scene->random, tints);
    float soft = rose.zoom / (float)size, rim = rose.ring[rose.rings - 1].outer;
    for (int row = 0; row < size; row++)
        for (int column = 0; column < size; column++) {
            float x = (((float)column + 0.5f) / (float)size * 2 - 1) * rose.zoom + rose.x;
            float y = (((float)row + 0.5f) / (float)size * 2 - 1) * rose.zoom + rose.y;
            float radius = sqrtf(x * x + y * y);
            Place *place = &window[(size_t)row * size + column];
            *place = (Place){0};
            int number = 0;
            while (number < rose.rings && radius >= rose.ring[number].outer) number++;
            if (number < rose.rings)
                place_in_ring(&rose, number, radius, fast_atan2(y, x) + rose.turn, soft, place);
            else place_around(&rose, x, y, radius - rim, soft, place);
            if (rose.one_sheet) place->pane = 0;
        }
}
