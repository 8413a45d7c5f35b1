#include "nebulae.h"

typedef struct {
    float x, y, width, brightness; /* parts of the side; 1 is white */
    Rgb colour;
    bool rays;
} Star;

/* A disc, its halo, and rays if it is bright. A disc narrower than a pixel would come and go with the
 * raster: it is drawn wider, and as much dimmer. */
static void paint_star(const Sky *sky, Star star) {
    Scene *scene = sky->scene;
    int side = scene->side;
    float width = star.width * (float)side, wide = greater(width, 0.5f);
    float b = star.brightness * (width / wide) * (width / wide);
    float x = star.x * (float)side - 0.5f, y = star.y * (float)side - 0.5f;
    float far = wide * (4 + 2.5f * sqrtf(star.brightness)) + 1;
    int left = (int)greater(ceilf(x - far), 0), right = (int)lesser(floorf(x + far), (float)(side - 1));
    int top = (int)greater(ceilf(y - far), 0), bottom = (int)lesser(floorf(y + far), (float)(side - 1));
    float c = fast_cos(sky->turn), s = fast_sin(sky->turn), ray = 1 / (wide * (2 + 0.6f * star.brightness));
    for (int row = top; row <= bottom; row++)
        for (int column = left; column <= right; column++) {
            float dx = (float)column - x, dy = (float)row - y, d2 = dx * dx + dy * dy;
            float light =
                b * (fast_exp(-d2 / (2 * wide * wide)) + 0.012f * fast_exp(-sqrtf(d2) / (2.5f * wide)));
            if (star.rays) {
                float rx = fabsf(dx * c - dy * s), ry = fabsf(dx * s + dy * c);
                light += 0.1f * b *
                         (fast_exp(-2.2f * rx / wide - ry * ray) + fast_exp(-2.2f * ry / wide - rx * ray));
            }
            float core = 0.3f * b * fast_exp(-d2 / (1.2f * wide * wide));
            Rgb *pixel = &scene->picture[(size_t)row * side + column];
            *pixel = rgb_sum(*pixel, (Rgb){light * star.colour.r + core, light * star.colour.g + core,
                                           light * star.colour.b + core});
        }
}

void scatter_stars(const Sky *sky, int count, float width) {
    Random *random = &sky->scene->random;
    int side = sky->scene->side;
    for (int i = 0; i < count; i++) {
        float x = uniform(random), y = uniform(random), heat = uniform(random);
        float b = lesser(0.12f * fast_pow(uniform(random) + 1e-3f, -0.62f), 7);
        bool behind = chance(random, 0.65f) && sky->through;
        float seen = behind ? sky->through[(int)(y * (float)side) * side + (int)(x * (float)side)] : 1;
        Rgb warm = {1, 0.9f + 0.1f * heat, 0.75f + 0.35f * heat}, blue = {0.75f, 0.88f, 1.1f};
        paint_star(sky, (Star){x, y, width * (1 + 0.12f * b), b * seen, heat > 0.6f ? blue : warm, b > 2.2f});
    }
}

void star_cluster(const Sky *sky, float x, float y) {
    Random *random = &sky->scene->random;
    const Rgb blue = {0.8f, 0.9f, 1.15f};
    float brightness = between(random, 2, 7);
    paint_star(sky, (Star){x, y, between(random, 0.9f, 1.5f) / 288, brightness, blue, true});
    int others = below(random, 25);
    for (int i = 0; i < others; i++) {
        float dx = gauss(random) * 0.05f, dy = gauss(random) * 0.05f;
        paint_star(sky, (Star){x + dx, y + dy, 0.7f / 288, between(random, 0.2f, 1.8f), blue, false});
    }
}
