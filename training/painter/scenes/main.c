/* scenes: pictures without end, for painters to learn from. `scenes --help` says how. */
#include <errno.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common.h"

static const struct {
    const char *name;
    Look *look;
} LOOKS[] = {{"flames", flames}, {"marbling", marbling}, {"nebulae", nebulae}, {"glass", glass},
             {"ink", ink},       {"aurora", aurora},     {"coral", coral}};

enum { LOOK_COUNT = sizeof LOOKS / sizeof *LOOKS, LEAST_SIDE = 64, GREATEST_SIDE = 2048, PATIENCE = 1000 };

/* Leaves room for seeds to be counted upwards. */
static const uint64_t GREATEST_SEED = 1000000000000000000ull, GREATEST_COUNT = 1000000000ull;

static const char USAGE[] =
    "scenes LOOK --first SEED --count N --side S [--seeds FILE] [--ppm]\n"
    "scenes --list\n"
    "\n"
    "Writes N pictures to standard output, each S * S * 3 bytes: red, green, blue, row by row.\n"
    "The same seed and side are the same picture. Seeds whose picture would be flat, empty or\n"
    "overfull are left out and not counted.\n"
    "\n"
    "  --first SEED  the first seed (default 0)\n"
    "  --count N     how many pictures (default 1)\n"
    "  --side S      pixels, 64 to 2048 (default 256)\n"
    "  --seeds FILE  writes the seed of each picture into FILE, one a line\n"
    "  --ppm         writes PPM files, one behind the other, for looking at\n"
    "  --list        names the looks, one a line\n";

typedef struct {
    int look;
    uint64_t first, count;
    int side;
    const char *seeds; /* NULL: not wanted */
    bool ppm;
} Order;

static _Noreturn void fail(const char *sentence, ...) {
    va_list arguments;
    va_start(arguments, sentence);
    fputs("scenes: ", stderr);
    vfprintf(stderr, sentence, arguments);
    fputc('\n', stderr);
    exit(2);
}

static uint64_t number(const char *option, const char *text, uint64_t least, uint64_t greatest) {
    size_t digits = strspn(text, "0123456789");
    errno = 0;
    unsigned long long value = strtoull(text, NULL, 10);
    if (digits == 0 || text[digits] || errno || value < least || value > greatest)
        fail("%s takes a whole number from %llu to %llu, not \"%s\".", option, (unsigned long long)least,
             (unsigned long long)greatest, text);
    return value;
}

static int look_named(const char *name) {
    for (int i = 0; i < LOOK_COUNT; i++)
        if (!strcmp(LOOKS[i].name, name)) return i;
    fail("There is no look \"%s\"; scenes --list names them.", name);
}

static Order order_of(int count, char **arguments) {
    Order order = {-1, 0, 1, 256, NULL, false};
    for (int i = 1; i < count; i++) {
        const char *option = arguments[i];
        if (option[0] != '-') {
            if (order.look >= 0) fail("One look at a time, please: \"%s\" is one too many.", option);
            order.look = look_named(option);
            continue;
        }
        if (!strcmp(option, "--ppm")) {
            order.ppm = true;
            continue;
        }
        bool first = !strcmp(option, "--first"), pictures = !strcmp(option, "--count");
        bool side = !strcmp(option, "--side"), seeds = !strcmp(option, "--seeds");
        if (!first && !pictures && !side && !seeds)
            fail("There is no option %s; scenes --help tells those there are.", option);
        if (++i == count) fail("%s wants a value behind it.", option);
        if (first) order.first = number(option, arguments[i], 0, GREATEST_SEED);
        if (pictures) order.count = number(option, arguments[i], 1, GREATEST_COUNT);
        if (side) order.side = (int)number(option, arguments[i], LEAST_SIDE, GREATEST_SIDE);
        if (seeds) order.seeds = arguments[i];
    }
    if (order.look < 0) fail("Which look? scenes --list names them, scenes --help says more.");
    return order;
}

static void write_or_fail(const void *bytes, size_t count) {
    if (fwrite(bytes, 1, count, stdout) != count || fflush(stdout))
        fail("Standard output takes no more pictures (%s).", strerror(errno));
}

static void write_picture(const Scene *scene, unsigned char *bytes, bool ppm) {
    size_t parts = (size_t)scene->side * scene->side * 3;
    const float *values = &scene->picture->r;
    for (size_t i = 0; i < parts; i++) bytes[i] = (unsigned char)(clamp(values[i], 0, 1) * 255 + 0.5f);
    if (ppm) {
        char header[32];
        int length = snprintf(header, sizeof header, "P6\n%d %d\n255\n", scene->side, scene->side);
        write_or_fail(header, (size_t)length);
    }
    write_or_fail(bytes, parts);
}

/* Paints from `seed` on until a picture is accepted, and returns its seed. Nothing but the seed and the
 * side reaches a look, so that no picture depends on those before it. */
static uint64_t paint(Scene *scene, Look *look, uint64_t seed) {
    size_t bytes = (size_t)scene->side * scene->side * sizeof *scene->picture;
    for (int tries = 0; tries < PATIENCE; tries++, seed++) {
        scene->seed = seed;
        scene->random = random_of(seed, 0);
        memset(scene->picture, 0, bytes);
        bool accepted = look(scene);
        free_scratch(scene);
        if (accepted) return seed;
    }
    fail("None of %d seeds before %llu gave a picture.", PATIENCE, (unsigned long long)seed);
}

static void paint_all(Order order) {
    size_t pixels = (size_t)order.side * order.side;
    Scene scene = {.side = order.side, .picture = calloc(pixels, sizeof(Rgb))};
    unsigned char *bytes = malloc(pixels * 3);
    if (!scene.picture || !bytes) fail("There is not enough memory for a picture of side %d.", order.side);
    FILE *seeds = order.seeds ? fopen(order.seeds, "w") : NULL;
    if (order.seeds && !seeds) fail("%s cannot be written (%s).", order.seeds, strerror(errno));
    uint64_t seed = order.first;
    for (uint64_t i = 0; i < order.count; i++, seed++) {
        seed = paint(&scene, LOOKS[order.look].look, seed);
        write_picture(&scene, bytes, order.ppm);
        if (seeds && (fprintf(seeds, "%llu\n", (unsigned long long)seed) < 0 || fflush(seeds)))
            fail("%s cannot be written (%s).", order.seeds, strerror(errno));
    }
    if (seeds && fclose(seeds)) fail("%s cannot be written (%s).", order.seeds, strerror(errno));
    free(bytes);
    free(scene.picture);
}

int main(int count, char **arguments) {
#ifdef SIGPIPE
    signal(SIGPIPE, SIG_IGN); /* a reader that left is told of in a sentence, too */
#endif
    if (count == 2 && !strcmp(arguments[1], "--list")) {
        for (int i = 0; i < LOOK_COUNT; i++) {
            write_or_fail(LOOKS[i].name, strlen(LOOKS[i].name));
            write_or_fail("\n", 1);
        }
        return 0;
    }
    if (count == 2 && !strcmp(arguments[1], "--help")) {
        write_or_fail(USAGE, strlen(USAGE));
        return 0;
    }
    paint_all(order_of(count, arguments));
    return 0;
}
