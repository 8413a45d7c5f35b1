/* Fractal flames: points that jump for ever between a few transformations of the plane, and how often
 * each place is met (Draves and Reckase: The fractal flame algorithm, 2003). */
#ifndef SCENES_FLAMES_H
#define SCENES_FLAMES_H

#include "common.h"

/* Points move together, so that one transformation acts on many in vector instructions. */
enum { POOL = 2048, MOST_TRANSFORMS = 5, MOST_PARTS = 3 };

/* A variation bends points (x, y) [count] to (u, v), adding `weight` times where each comes to.
 * `luck` has a random number in [0, 1) for each. p and q are its own parameters. */
typedef struct {
    const float *x, *y, *luck;
    float p, q, weight;
    int count;
    float *u, *v;
} Bend;
typedef void Variation(const Bend *bend);

/* All of them, the more pleasing ones more than once: to be drawn from evenly. */
extern Variation *const VARIATIONS[];
extern const int VARIATION_COUNT;
/* Its parameters are drawn from another range. */
Variation curl;

typedef struct {
    float xx, xy, x, yx, yy, y;
} Affine;

typedef struct {
    Variation *variation;
    float weight, p, q;
} Part;

typedef struct {
    float weight, colour; /* how often it is chosen, and the place in the palette it pulls to */
    Affine before, after;
    bool has_after;
    int parts;
    Part part[MOST_PARTS];
} Transform;

typedef struct {
    int transforms;
    Transform transform[MOST_TRANSFORMS], final;
    bool has_final; /* bends what is shown, not where the points go on */
    int symmetry;   /* 1: none, n: of rotation, -1: mirrored */
} Flame;

Flame flame_of(Random *random);

typedef struct {
    float x[POOL], y[POOL], colour[POOL];
} Points;

typedef struct {
    Points now, mixed, shown;
    float luck[POOL];
    uint32_t round;
    Random random;
} Walk;

void walk_start(Walk *walk, uint64_t seed);
/* All points jump once; walk->shown is where they are seen. */
void walk_on(Walk *walk, const Flame *flame);

#endif
