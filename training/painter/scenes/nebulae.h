/* Stars, before and behind what a nebula is made of. */
#ifndef SCENES_NEBULAE_H
#define SCENES_NEBULAE_H

#include "common.h"

typedef struct {
    Scene *scene;
    const float *through; /* how much of a star behind each pixel is seen; NULL: all */
    float turn;           /* angle of the rays that a telescope gives bright stars */
} Sky;

/* Stars everywhere, faint ones more often; lengths in parts of the side. */
void scatter_stars(const Sky *sky, int count, float width);
/* One bright star and young ones around it. */
void star_cluster(const Sky *sky, float x, float y);

#endif
