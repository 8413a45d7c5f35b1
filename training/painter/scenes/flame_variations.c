/* The variations: how a flame's transformations bend the plane. Their names are those of the paper. */
#include "flames.h"

/* These are formulas, one a line, which a formatter takes for one statement. */
/* clang-format off */

/* A variation as the place (u, v) that a point comes to; r, r2 and angle are its polar coordinates, angle
 * counted from the x axis and turn from the y axis, luck and luck2 two random numbers. */
#define VARIATION(name, ...)                                                                           \
    void name(const Bend *bend) {                                                                      \
        const float *restrict xs = bend->x, *restrict ys = bend->y, *restrict lucks = bend->luck;      \
        float *restrict us = bend->u, *restrict vs = bend->v;                                          \
        const float p = bend->p, q = bend->q, weight = bend->weight;                                   \
        const int count = bend->count;                                                                 \
        (void)p, (void)q;                                                                              \
        for (int i = 0; i < count; i++) {                                                              \
            const float x = xs[i], y = ys[i], luck = lucks[i], luck2 = fraction(luck * 4096);          \
            const float r2 = x * x + y * y + 1e-12f, r = sqrtf(r2);                                    \
            const float turn = fast_atan2(x, y), angle = fast_atan2(y, x);                             \
            (void)luck2, (void)r, (void)turn, (void)angle;                                             \
            float u, v;                                                                                \
            __VA_ARGS__                                                                                \
            us[i] += weight * u, vs[i] += weight * v;                                                  \
        }                                                                                              \
    }

static inline float wave(float x) { return fast_sin(x); }
static inline float cowave(float x) { return fast_cos(x); }

/* How many copies lie around the origin, of which luck takes one (julian and juliascope). */
static inline float branches(float p) { return floorf(2 + 6 * p); }

static VARIATION(linear, u = x; v = y;)
static VARIATION(sinusoidal, u = wave(x); v = wave(y);)
static VARIATION(spherical, u = x / r2; v = y / r2;)
static VARIATION(swirl, float s = wave(r2), c = cowave(r2); u = x * s - y * c; v = x * c + y * s;)
static VARIATION(horseshoe, u = (x - y) * (x + y) / r; v = 2 * x * y / r;)
static VARIATION(polar, u = turn / PI; v = r - 1;)
static VARIATION(handkerchief, u = r * wave(turn + r); v = r * cowave(turn - r);)
static VARIATION(heart, u = r * wave(turn * r); v = -r * cowave(turn * r);)
static VARIATION(disc, u = turn / PI * wave(PI * r); v = turn / PI * cowave(PI * r);)
static VARIATION(spiral, u = (cowave(turn) + wave(r)) / r; v = (wave(turn) - cowave(r)) / r;)
static VARIATION(hyperbolic, u = wave(turn) / r; v = r * cowave(turn);)
static VARIATION(diamond, u = wave(turn) * cowave(r); v = cowave(turn) * wave(r);)
static VARIATION(ex, float a = wave(turn + r), b = cowave(turn - r); a = a * a * a * r; b = b * b * b * r;
                 u = a + b; v = a - b;)
static VARIATION(julia, float a = turn / 2 + (luck < 0.5f ? 0 : PI), s = sqrtf(r); u = s * cowave(a); v = s * wave(a);)
static VARIATION(bent, u = x >= 0 ? x : 2 * x; v = y >= 0 ? y : y / 2;)
static VARIATION(fisheye, float s = 2 / (r + 1); u = s * x; v = s * y;)
static VARIATION(exponential, float e = fast_exp(lesser(x - 1, 3)); u = e * cowave(PI * y); v = e * wave(PI * y);)
static VARIATION(power, float s = fast_pow(r, wave(turn)); u = s * cowave(turn); v = s * wave(turn);)
static VARIATION(cosine, float e = fast_exp(clamp(y, -4, 4)), d = 1 / e; u = cowave(PI * x) * (e + d) / 2;
                 v = -wave(PI * x) * (e - d) / 2;)
static VARIATION(rings, float c = p * p + 1e-6f, s = wrap(r + c, 2 * c) - c + r * (1 - c); u = s * cowave(turn);
                 v = s * wave(turn);)
static VARIATION(fan, float t = PI * p * p + 1e-6f, a = turn + (wrap(turn + q, t) > t / 2 ? -t / 2 : t / 2);
                 u = r * cowave(a); v = r * wave(a);)
static VARIATION(bubble, float s = 4 / (r2 + 4); u = s * x; v = s * y;)
static VARIATION(cylinder, u = wave(x); v = y;)
VARIATION(curl, float re = 1 + p * x + q * (x * x - y * y), im = p * y + 2 * q * x * y;
          float s = 1 / (re * re + im * im + 1e-9f); u = s * (x * re + y * im); v = s * (y * re - x * im);)
static VARIATION(julian, float n = branches(p), a = (angle + TAU * floorf(luck * n)) / n;
                 float s = fast_pow(r, q / n); u = s * cowave(a); v = s * wave(a);)
static VARIATION(blade, float a = r * luck * p * 1.2f; u = x * (cowave(a) + wave(a)); v = x * (cowave(a) - wave(a));)
static VARIATION(juliascope, float n = branches(p);
                 float a = ((luck2 < 0.5f ? angle : -angle) + TAU * floorf(luck * n)) / n;
                 float s = fast_pow(r, q / n); u = s * cowave(a); v = s * wave(a);)
static VARIATION(halo, float s = 0.6f / (fabsf(r2 - 1) + 0.3f); u = s * x; v = s * y;)

Variation *const VARIATIONS[] = {
    linear,    linear,  sinusoidal, spherical, spherical,   swirl,  horseshoe, polar,  handkerchief, heart,      disc,
    spiral,    hyperbolic, diamond, ex,        julia,       julia,  julia,     bent,   fisheye,      exponential, power,
    cosine,    rings,   fan,        bubble,    cylinder,    curl,   curl,      julian, julian,       julian,     blade,
    juliascope, juliascope, halo,   diamond,   disc,        swirl,  spherical, bubble, bubble,       curl,
};
const int VARIATION_COUNT = sizeof VARIATIONS / sizeof *VARIATIONS;
