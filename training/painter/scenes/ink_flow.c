/* Kinematic turbulence: a sum of random waves in motion, with the energies that real turbulence has
 * (Fung, Hunt, Malik, Perkins: Kinematic simulation of homogeneous turbulence by unsteady random Fourier
 * modes, 1992). Nothing is solved, and it curls all the same. */
#include "ink.h"

enum { STEPS = 32 };

static float dot(Vec a, Vec b) { return a.x * b.x + a.y * b.y + a.z * b.z; }

static Vec any_direction(Random *random) {
    Vec v = {gauss(random), gauss(random), gauss(random)};
    float length = sqrtf(dot(v, v)) + 1e-6f;
    return (Vec){v.x / length, v.y / length, v.z / length};
}

/* A vector of the given length at right angles to a direction. */
static Vec across(Random *random, Vec direction, float length) {
    Vec v = any_direction(random);
    float along = dot(v, direction);
    v = (Vec){v.x - along * direction.x, v.y - along * direction.y, v.z - along * direction.z};
    float scale = length / (sqrtf(dot(v, v)) + 1e-6f);
    return (Vec){v.x * scale, v.y * scale, v.z * scale};
}

void draw_turbulence(Random *random, Flow *flow, float speed, float greatest, float least) {
    float energy = 0;
    for (int i = 0; i < MODES; i++) {
        float length = greatest * fast_pow(least / greatest, (float)i / (MODES - 1)), number = TAU / length;
        float strength =
            fast_pow(length, 0.333f); /* the law of five thirds, for lengths in a geometric row */
        Vec direction = any_direction(random);
        Mode *mode = &flow->mode[i];
        mode->wave = (Vec){direction.x * number, direction.y * number, direction.z * number};
        mode->cosine = across(random, direction, strength);
        mode->sine = across(random, direction, strength);
        mode->frequency = 2.5f * speed * fast_pow(number, 0.667f) * gauss(random);
        energy += strength * strength;
    }
    float scale = speed / sqrtf(energy);
    for (int i = 0; i < MODES; i++) {
        Vec *c = &flow->mode[i].cosine, *s = &flow->mode[i].sine;
        *c = (Vec){c->x * scale, c->y * scale, c->z * scale};
        *s = (Vec){s->x * scale, s->y * scale, s->z * scale};
    }
}

typedef struct {
    float x[KNOTS], y[KNOTS], z[KNOTS];
} Velocity;

static void add_mode(const Mode *mode, float time, float strength, const Net *net, Velocity *v) {
    Vec k = mode->wave, c = mode->cosine, s = mode->sine;
    float phase = mode->frequency * time;
    c = (Vec){c.x * strength, c.y * strength, c.z * strength};
    s = (Vec){s.x * strength, s.y * strength, s.z * strength};
    for (int i = 0; i < KNOTS; i++) {
        float angle = k.x * net->x[i] + k.y * net->y[i] + k.z * net->z[i] + phase;
        float cosine = fast_cos(angle), sine = fast_sin(angle);
        v->x[i] += c.x * cosine + s.x * sine;
        v->y[i] += c.y * cosine + s.y * sine;
        v->z[i] += c.z * cosine + s.z * sine;
    }
}

/* Of the stream function strength / 2 * rho^2 * exp(-(rho^2 + s^2) / radius^2), with s along the axis and
 * rho away from it: forwards in the middle, backwards outside. */
static void add_ring(const Ring *ring, float time, const Net *net, Velocity *v) {
    float come = ring->way * (1 - fast_exp(-ring->decay * time)) / (1 - fast_exp(-ring->decay));
    Vec a = ring->axis,
        c = {ring->start.x + a.x * come, ring->start.y + a.y * come, ring->start.z + a.z * come};
    float radius = ring->radius * (1 + ring->growth * time), narrow = 1 / (radius * radius);
    float strength = ring->strength * ring->way * ring->decay * fast_exp(-ring->decay * time) /
                     (1 - fast_exp(-ring->decay));
    for (int i = 0; i < KNOTS; i++) {
        float dx = net->x[i] - c.x, dy = net->y[i] - c.y, dz = net->z[i] - c.z;
        float s = dx * a.x + dy * a.y + dz * a.z, far = dx * dx + dy * dy + dz * dz, rho2 = far - s * s;
        float near = strength * fast_exp(-far * narrow);
        float along = near * (1 - rho2 * narrow), outwards = near * s * narrow;
        v->x[i] += along * a.x + outwards * (dx - s * a.x);
        v->y[i] += along * a.y + outwards * (dy - s * a.y);
        v->z[i] += along * a.z + outwards * (dz - s * a.z);
    }
}

void carry(Scene *scene, const Flow *flow, Net *net) {
    Velocity *v = scratch(scene, 1, sizeof *v);
    for (int step = 0; step < STEPS; step++) {
        float time = ((float)step + 0.5f) / STEPS, strength = smoothstep(-0.2f, flow->rise, time);
        for (int i = 0; i < KNOTS; i++)
            v->x[i] = flow->drift.x, v->y[i] = flow->drift.y, v->z[i] = flow->drift.z;
        for (int m = 0; m < MODES; m++) add_mode(&flow->mode[m], time, strength, net, v);
        for (int r = 0; r < flow->rings; r++) add_ring(&flow->ring[r], time, net, v);
        for (int i = 0; i < KNOTS; i++) {
            float moves = clamp(time * STEPS + 0.5f - net->birth[i] * STEPS, 0, 1) / STEPS;
            net->x[i] += moves * v->x[i], net->y[i] += moves * v->y[i], net->z[i] += moves * v->z[i];
        }
    }
}
