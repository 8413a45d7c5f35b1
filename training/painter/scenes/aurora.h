/* Northern lights: a sky, and what lies under it. */
#ifndef SCENES_AURORA_H
#define SCENES_AURORA_H

#include "common.h"

/* The camera stands on the ground and looks up by `pitch`; heights and distances are in hundreds of
 * kilometres. */
typedef struct {
    float cos, sin; /* of the pitch */
    float length;   /* focal length in picture sides */
    float roll_cos, roll_sin;
    float horizon; /* part of the picture's height above it; over 1 where no land is seen */
} Camera;

/* The colours of a night. */
typedef struct {
    Rgb low, main, high; /* of a curtain: its lower edge, body and upper end */
    Rgb zenith, dusk;    /* of the sky above, and over the horizon */
} Night;

/* Curtains of light, added to scene->picture. */
void hang_curtains(Scene *scene, const Camera *camera, const Night *night);
/* Mountains, woods and water or snow below the sky that is painted already. */
void lay_land(Scene *scene, const Camera *camera, const Night *night);

#endif
