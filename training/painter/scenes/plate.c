#include "plate.h"

Plate plate_of(Scene *scene) {
    int fine = fineness(scene->side) * scene->side;
    size_t count = (size_t)fine * fine;
    return (Plate){fine, scratch(scene, count, sizeof(Stain)), scratch(scene, count, sizeof(Stain))};
}

/* Adds to the four places around (x, y). */
static inline void stain_place(Stain *places, int fine, float x, float y, Stain ink) {
    if (!(x >= 0 && y >= 0 && x < (float)(fine - 1) && y < (float)(fine - 1))) return;
    int column = (int)x, row = (int)y;
    float fx = x - (float)column, fy = y - (float)row;
    Stain *at = &places[(size_t)row * fine + column], *to[4] = {at, at + 1, at + fine, at + fine + 1};
    float weight[4] = {(1 - fx) * (1 - fy), fx * (1 - fy), (1 - fx) * fy, fx * fy};
    for (int i = 0; i < 4; i++) {
        Stain *stain = to[i];
        float w = weight[i];
        stain->r += w * ink.r, stain->g += w * ink.g, stain->b += w * ink.b, stain->mass += w * ink.mass;
    }
}

static bool is_outside(const Mesh *mesh, float size) {
    const float *x = mesh->x, *y = mesh->y;
    return (x[0] < 0 && x[1] < 0 && x[2] < 0 && x[3] < 0) || (y[0] < 0 && y[1] < 0 && y[2] < 0 && y[3] < 0) ||
           (x[0] > size && x[1] > size && x[2] > size && x[3] > size) ||
           (y[0] > size && y[1] > size && y[2] > size && y[3] > size);
}

/* As many samples as the mesh covers places. They lie evenly: jitter would be seen as grain. */
void stain_mesh(const Plate *plate, const Mesh *mesh) {
    const float *x = mesh->x, *y = mesh->y, DENSITY = 0.5f; /* of the sum of opposite edges */
    const float most = greater(48, (float)plate->fine / 10);
    if (is_outside(mesh, (float)plate->fine)) return;
    float along = hypotf(x[2] - x[0], y[2] - y[0]) + hypotf(x[3] - x[1], y[3] - y[1]);
    float around = hypotf(x[1] - x[0], y[1] - y[0]) + hypotf(x[3] - x[2], y[3] - y[2]);
    int n = (int)lesser(along * DENSITY + 1, most), m = (int)lesser(around * DENSITY + 1, most);
    float mass = mesh->mass / (float)(n * m), dither = 0.5f;
    Stain ink = {mesh->colour.r * mass, mesh->colour.g * mass, mesh->colour.b * mass, mass};
    for (int i = 0; i < n; i++)
        for (int j = 0; j < m; j++) {
            float s = ((float)i + 0.5f) / (float)n, t = ((float)j + 0.5f) / (float)m;
            float at_x = mix(mix(x[0], x[1], t), mix(x[2], x[3], t), s);
            float at_y = mix(mix(y[0], y[1], t), mix(y[2], y[3], t), s);
            dither = fraction(dither + 0.618034f);
            stain_place(dither < mesh->blurred ? plate->soft : plate->sharp, plate->fine, at_x, at_y, ink);
        }
}

void join_focus(Scene *scene, const Plate *plate, float sigma) {
    int fine = plate->fine;
    blur(scene, &plate->soft->r, fine, 4, sigma * (float)fine);
    for (size_t i = 0; i < (size_t)fine * fine; i++) {
        Stain *sharp = &plate->sharp[i], soft = plate->soft[i];
        sharp->r += soft.r, sharp->g += soft.g, sharp->b += soft.b, sharp->mass += soft.mass;
    }
}
