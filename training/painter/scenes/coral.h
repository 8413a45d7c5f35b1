/* Corals: two substances that spread and react, one feeding on the other, until stripes, spots and
 * branches stand (Gray and Scott 1984; Pearson: Complex patterns in a simple system, 1993). */
#ifndef SCENES_CORAL_H
#define SCENES_CORAL_H

#include "common.h"

enum { MOST_CELLS = 208 };

/* Grown on a torus of `size` * `size` cells. */
typedef struct {
    int size;
    float *coral; /* how much of the second substance there is, 0 to about 0.4 */
    float *age;   /* when the coral reached a cell: 0 at first, 1 never or last */
} Reef;

Reef grow_reef(Scene *scene);

#endif
