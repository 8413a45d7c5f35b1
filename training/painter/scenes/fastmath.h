/* Elementary functions without branches or tables, so that a compiler turns loops over them into
 * vector instructions, and so that a seed paints the same wherever the program runs (the C library's
 * own differ between versions and processors). Relative errors are below 1e-4, an angle's below
 * 2e-5: far less than a step of a picture's 255. */
#ifndef SCENES_FASTMATH_H
#define SCENES_FASTMATH_H

#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#define PI 3.14159265358979f
#define TAU 6.28318530717959f

static inline int32_t bits_of(float x) {
    int32_t bits;
    memcpy(&bits, &x, sizeof bits);
    return bits;
}

static inline float float_of(int32_t bits) {
    float x;
    memcpy(&x, &bits, sizeof x);
    return x;
}

/* Whether |x| is below a million; false for NaN, also where -ffast-math believes there is none. */
static inline bool is_moderate(float x) { return (bits_of(x) & 0x7fffffff) < 0x49742400; }

static inline float lesser(float a, float b) { return a < b ? a : b; }
static inline float greater(float a, float b) { return a > b ? a : b; }
static inline float clamp(float x, float low, float high) { return lesser(greater(x, low), high); }
static inline float mix(float a, float b, float t) { return a + (b - a) * t; }
static inline float fraction(float x) { return x - floorf(x); }
/* x modulo a positive period, in [0, period). */
static inline float wrap(float x, float period) { return x - period * floorf(x / period); }

/* 0 below `low`, 1 above `high`, smooth between; low may lie above high. */
static inline float smoothstep(float low, float high, float x) {
    float t = clamp((x - low) / (high - low), 0, 1);
    return t * t * (3 - 2 * t);
}

static inline float fast_sin(float x) {
    float turns = floorf(x * (1 / PI) + 0.5f);
    float r = x - turns * 3.140625f - turns * 9.67653589793e-4f, s = r * r;
    float sign = 1 - 2 * (turns - 2 * floorf(turns * 0.5f));
    float p = -2.3889859e-8f * s + 2.7525562e-6f;
    p = ((p * s - 1.9840874e-4f) * s + 8.3333310e-3f) * s - 0.16666667f;
    return sign * (r + r * s * p);
}

static inline float fast_cos(float x) { return fast_sin(x + PI / 2); }

static inline float fast_exp2(float x) {
    x = clamp(x, -126, 126);
    float whole = floorf(x), f = x - whole;
    float p = 1.8775767e-3f * f + 8.9893397e-3f;
    p = ((p * f + 5.5826318e-2f) * f + 0.24015361f) * f + 0.69315308f;
    return (p * f + 1) * float_of(((int32_t)whole + 127) << 23);
}

static inline float fast_exp(float x) { return fast_exp2(x * 1.44269504f); }

/* Of a positive number. */
static inline float fast_log(float x) {
    int32_t bits = bits_of(x) - 0x3f3504f3; /* the root of a half: mantissas lie around 1 */
    int32_t exponent = bits >> 23;
    float m = float_of((bits & 0x7fffff) + 0x3f3504f3);
    float s = (m - 1) / (m + 1), q = s * s;
    return (float)exponent * 0.69314718f + 2 * s * (1 + q * (0.33333333f + q * (0.2f + q * 0.14285714f)));
}

/* Of a base of at least 0. */
static inline float fast_pow(float base, float power) { return fast_exp(power * fast_log(base + 1e-30f)); }

static inline float fast_atan2(float y, float x) {
    float ax = fabsf(x), ay = fabsf(y);
    float a = lesser(ax, ay) / (greater(ax, ay) + 1e-30f), s = a * a;
    float p = -0.01172120f * s + 0.05265332f;
    p = ((p * s - 0.11643287f) * s + 0.19354346f) * s - 0.33262347f;
    float r = a * (p * s + 0.99997726f);
    r = ay > ax ? PI / 2 - r : r;
    r = x < 0 ? PI - r : r;
    return y < 0 ? -r : r;
}

#endif
