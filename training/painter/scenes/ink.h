/* Ink in water: surfaces of ink, carried along by whirling water. */
#ifndef SCENES_INK_H
#define SCENES_INK_H

#include "common.h"

/* A surface of ink as a net of ALONG * AROUND knots. */
enum { ALONG = 288, AROUND = 128, KNOTS = ALONG * AROUND, MODES = 24, MOST_RINGS = 5 };

typedef struct {
    float x, y, z;
} Vec;

/* Lengths are about those of the picture, whose side is 1; a scene lasts a time of 1. */
typedef struct {
    float x[KNOTS], y[KNOTS], z[KNOTS];
    float birth[KNOTS]; /* when it leaves its source and begins to move */
    float mass[KNOTS];
} Net;

/* One wave of the turbulence: `cosine` and `sine` are at right angles to `wave`, so that water neither
 * gathers nor thins anywhere. */
typedef struct {
    Vec wave, cosine, sine;
    float frequency;
} Mode;

/* A vortex ring, as a falling drop makes one: it travels along its axis and wears off. */
typedef struct {
    Vec start, axis;
    float way, decay; /* how far it comes; how early it slows */
    float radius, growth, strength;
} Ring;

typedef struct {
    Mode mode[MODES];
    float rise; /* turbulence has its full strength from here on */
    int rings;
    Ring ring[MOST_RINGS];
    Vec drift; /* of the water as a whole */
} Flow;

/* Turbulence of root mean square speed `speed`, with eddies between two lengths. */
void draw_turbulence(Random *random, Flow *flow, float speed, float greatest, float least);
/* Lets the water carry the knots from time 0 to 1. */
void carry(Scene *scene, const Flow *flow, Net *net);

#endif
