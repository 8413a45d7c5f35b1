#include "aurora.h"

#include "judge.h"
#include "nebulae.h"

/* As it is seen on Earth, green below and red or violet above; or in the colours of other worlds. */
static void draw_night(Random *random, Night *night) {
    /* Hues of the lower edge, the body and the upper end. */
    static const float KNOWN[][3] = {{0.9f, 0.38f, 0.8f},
                                     {0.33f, 0.4f, 0.98f},
                                     {0.42f, 0.45f, 0.72f},
                                     {0.3f, 0.36f, 0.6f},
                                     {0.85f, 0.93f, 0.7f}};
    enum { KNOWN_COUNT = sizeof KNOWN / sizeof *KNOWN };
    int scheme = below(random, KNOWN_COUNT + 3);
    float home = uniform(random), turn = (chance(random, 0.5f) ? 1 : -1) * between(random, 0.1f, 0.32f);
    float hue[3] = {home - turn * between(random, 0.2f, 0.8f), home, home + turn};
    for (int i = 0; i < 3 && scheme < KNOWN_COUNT; i++) hue[i] = KNOWN[scheme][i] + gauss(random) * 0.02f;
    night->low = rgb_of_hsv(hue[0], between(random, 0.5f, 0.9f), 1);
    night->main = rgb_of_hsv(hue[1], between(random, 0.65f, 1), 1);
    night->high = rgb_of_hsv(hue[2], between(random, 0.6f, 0.95f), between(random, 0.7f, 1));
    float sky = between(random, 0.5f, 0.78f),
          late = chance(random, 0.5f) ? between(random, 0.85f, 1.13f) : sky + gauss(random) * 0.06f;
    night->zenith = rgb_of_hsv(sky, between(random, 0.6f, 0.95f), between(random, 0.05f, 0.22f));
    night->dusk =
        rgb_of_hsv(late, between(random, 0.5f, 0.9f),
                   chance(random, 0.5f) ? between(random, 0.3f, 0.85f) : between(random, 0.1f, 0.3f));
}

static Camera draw_camera(Random *random) {
    float high = chance(random, 0.36f) ? between(random, 0.9f, 1.5f) : between(random, 0.15f, 0.55f);
    Camera camera = {fast_cos(high), fast_sin(high), between(random, 0.5f, 0.95f), 1, 0, 0};
    camera.horizon = 0.5f + camera.length * camera.sin / camera.cos;
    if (camera.horizon < 1) return camera;
    float roll = between(random, -0.6f, 0.6f); /* without a horizon nobody minds */
    camera.roll_cos = fast_cos(roll), camera.roll_sin = fast_sin(roll);
    return camera;
}

static void paint_sky(Scene *scene, const Camera *camera, const Night *night) {
    float bottom = lesser(camera->horizon, 1.2f);
    for (int y = 0; y < scene->side; y++) {
        float down = lesser(((float)y + 0.5f) / (float)scene->side / bottom, 1);
        Rgb colour = rgb_mixed(night->zenith, night->dusk, down * down * down);
        for (int x = 0; x < scene->side; x++) scene->picture[(size_t)y * scene->side + x] = colour;
    }
}

bool aurora(Scene *scene) {
    Random *random = &scene->random;
    Night night;
    draw_night(random, &night);
    Camera camera = draw_camera(random);
    paint_sky(scene, &camera, &night);
    Sky sky = {scene, NULL, PI / 4};
    scatter_stars(&sky, (int)fast_exp(between(random, 3.5f, 6.3f)), between(random, 0.4f, 0.65f) / 288);
    hang_curtains(scene, &camera, &night);
    if (camera.horizon < 0.97f) lay_land(scene, &camera, &night);
    Figures figures = judge(scene);
    return figures.deviation > 0.1f && figures.luminance > 0.12f && figures.detail > 0.3f;
}
