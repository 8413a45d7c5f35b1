/* A plate on which surfaces leave as much light, or ink, as they have where they are seen: where they
 * fold or stand edgewise it gathers, as in smoke and silk. */
#ifndef SCENES_PLATE_H
#define SCENES_PLATE_H

#include "common.h"

/* Sums at a place: colour times mass, and mass. */
typedef struct {
    float r, g, b, mass;
} Stain;

typedef struct {
    int fine;            /* places per side; a multiple of the picture's pixels */
    Stain *sharp, *soft; /* what is in focus, and what is not */
} Plate;

/* A small four-cornered part of a surface, its corners in places of the plate. */
typedef struct {
    float x[4], y[4];
    float mass, blurred; /* its whole mass; how much of it is out of focus, in [0, 1] */
    Rgb colour;
} Mesh;

/* An empty one. */
Plate plate_of(Scene *scene);
void stain_mesh(const Plate *plate, const Mesh *mesh);
/* Blurs what is out of focus, sigma in parts of the side, and adds it to what is sharp. */
void join_focus(Scene *scene, const Plate *plate, float sigma);

#endif
