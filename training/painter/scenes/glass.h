/* Stained glass: panes of coloured glass between strips of lead, with the sun behind. */
#ifndef SCENES_GLASS_H
#define SCENES_GLASS_H

#include "common.h"

enum { MOST_TINTS = 8 };

typedef struct {
    int count;
    Rgb tint[MOST_TINTS];
} Tints;

/* One place of a window. */
typedef struct {
    Rgb colour;
    float lead;    /* 1 under lead */
    uint32_t pane; /* each is a little lighter or darker than the next */
    bool stone;    /* a wall around the window, through which nothing shines */
} Place;

/* Each fills `size` * `size` places. */
void rose_window(Scene *scene, const Tints *tints, Place *window, int size);
void leaded_landscape(Scene *scene, const Tints *tints, Place *window, int size);

/* Lead along the line where `distance` is 0; soft by half a place to each side. */
static inline void lay_lead(Place *place, float distance, float half_width, float soft) {
    place->lead = greater(place->lead, 1 - smoothstep(half_width - soft, half_width + soft, fabsf(distance)));
}

#endif
