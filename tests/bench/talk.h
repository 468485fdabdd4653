/* One connection that is kept, and what a series of answers took: for benchmarks that send. */
#ifndef YZ_TESTS_BENCH_TALK_H
#define YZ_TESTS_BENCH_TALK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Zeroed but for the port: connects when first used, and again when it was closed. */
struct talk {
    uint16_t port; /* on 127.0.0.1 */
    int fd;        /* 0: none */
    char *bytes;   /* the answer */
    size_t size;
};

struct talk_part {
    const void *bytes;
    size_t len;
};

/* Sends the parts one after the other and reads the whole answer: its status, or 0. */
int talk_ask(struct talk *talk, const struct talk_part *parts, size_t count);
void talk_end(struct talk *talk);

/* How long answers took, in microseconds. Of one thread. */
struct talk_times {
    uint32_t *us;
    size_t count, room;
    size_t failed;
};

void talk_note(struct talk_times *times, uint64_t began_ns);
/* Takes those of another into it, whose memory is freed. */
void talk_merge(struct talk_times *times, struct talk_times *more);
/* Sorts, and tells what a share (0 to 1) of them took at most, in milliseconds. */
double talk_quantile(struct talk_times *times, double share);

#endif
