/* How many photos a second children clean, as a server has them do it: bench_photos [SECONDS]. The
 * photo is one of 1600 x 1200 pixels and about 200 kB, made here. */
#include "data/photo_hand.h"
#include "data/photo_shop.h"
#include "geo/base/clock.h"
#include "tests/bench/snaps.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

struct bench {
    struct photo_shop *shop;
    const void *bytes;
    size_t len;
    int64_t end_ms;
    atomic_int done, failed;
};

static void *bring(void *argument)
{
    struct bench *bench = argument;
    while (clock_ms() < bench->end_ms) {
        struct photos_clean clean = {0};
        if (photo_shop_clean(bench->shop, bench->bytes, bench->len, &clean, NULL)) {
            atomic_fetch_add(&bench->failed, 1);
            continue;
        }
        atomic_fetch_add(&bench->done, 1);
        photos_clean_fini(&clean);
    }
    return NULL;
}

/* Processor time of all children that have ended, in milliseconds. */
static double spent_ms(void)
{
    struct rusage used;
    (void)getrusage(RUSAGE_CHILDREN, &used);
    return (double)(used.ru_utime.tv_sec + used.ru_stime.tv_sec) * 1e3 +
           (double)(used.ru_utime.tv_usec + used.ru_stime.tv_usec) / 1e3;
}

/* `*each_ms`: processor time of a picture, with its share of starting the children. */
static double per_second(const void *bytes, size_t len, unsigned hands, int seconds,
                         double *each_ms)
{
    struct bench bench = {.bytes = bytes, .len = len};
    struct photos_clean clean = {0};
    pthread_t threads[PHOTO_SHOP_HANDS_MAX];
    double before_ms = spent_ms();
    if (photo_shop_new("photo-worker", hands, &bench.shop)) return 0;
    for (unsigned i = 0; i < hands; i++) /* children that are there */
        if (!photo_shop_clean(bench.shop, bytes, len, &clean, NULL)) photos_clean_fini(&clean);
    int64_t from_ms = clock_ms();
    bench.end_ms = from_ms + 1000 * seconds;
    for (unsigned i = 0; i < hands; i++)
        if (pthread_create(&threads[i], NULL, bring, &bench)) return 0;
    for (unsigned i = 0; i < hands; i++)
        (void)pthread_join(threads[i], NULL);
    double took_s = (double)(clock_ms() - from_ms) / 1000;
    photo_shop_free(bench.shop);
    *each_ms = (spent_ms() - before_ms) / (atomic_load(&bench.done) + (int)hands);
    return atomic_load(&bench.failed) ? 0 : atomic_load(&bench.done) / took_s;
}

int main(int argc, char **argv)
{
    struct why why = {""};
    struct snaps snaps = {0};
    if (argc > 1 && strcmp(argv[1], "photo-worker") == 0) {
        (void)photo_hand_work(STDIN_FILENO, argv[0], &why);
        _exit(0);
    }
    int seconds = argc > 1 ? (int)strtol(argv[1], NULL, 10) : 10;
    if (seconds < 1 || secrets_init() || !snaps_make(argv[0], 1, &snaps)) {
        fputs("bench_photos: there is nothing to clean\n", stderr);
        return 1;
    }
    double each_ms = 0;
    const void *bytes = snaps.photos[0].bytes;
    size_t len = snaps.photos[0].len;
    double two = per_second(bytes, len, 2, seconds, &each_ms);
    double one = per_second(bytes, len, 1, seconds, &each_ms);
    printf("photos: %d x %d, %zu bytes: %.1f a second by one child, %.1f by two; %.0f ms of "
           "processor time each\n",
           SNAPS_WIDTH, SNAPS_HEIGHT, len, one, two, each_ms);
    snaps_free(&snaps);
    return one > 0 && two > 0 ? 0 : 1;
}
