/* Figures of a finished picture, by which looks reject their own failures. */
#ifndef SCENES_JUDGE_H
#define SCENES_JUDGE_H

#include "common.h"

typedef struct {
    float luminance; /* mean of all parts of all colours */
    float deviation; /* of the parts of the colours */
    float lit;       /* share of the picture that is not black */
    float detail;    /* share of places with an edge nearby */
    float flat;      /* share of places that are lit and have none */
    float hues;      /* 0: one hue, towards 1: all of them */
} Figures;

/* They are taken from a picture reduced to 64 x 64, so that a seed is judged alike at all sides. */
Figures judge(Scene *scene);

#endif
