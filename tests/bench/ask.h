/* What bench_ask has to know of a protocol: how a question is put, and when its answer is whole. */
#ifndef YZ_TESTS_BENCH_ASK_H
#define YZ_TESTS_BENCH_ASK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { ASK_READ = 16384 };

/* What has come of an answer so far. */
struct ask_reply {
    char *bytes;
    size_t len, size;
    size_t seen;     /* up to here it has been understood */
    uint64_t wanted; /* of Redis: elements that are to come */
    bool begun, failed;
};

void ask_reply_reset(struct ask_reply *reply);
/* Room for ASK_READ more bytes behind those that are there. */
char *ask_reply_room(struct ask_reply *reply);

struct ask_protocol {
    const char *name;
    /* What is said first, step by step, each answered by itself: bytes to send, 0 when all is said;
     * NULL: nothing. */
    size_t (*greet)(char *to, size_t size, int step, const char *sql);
    size_t (*ask)(char *to, size_t size, const char *lon, const char *lat, const char *category);
    bool (*is_whole)(struct ask_reply *reply);
};

/* NULL for none of that name. */
const struct ask_protocol *ask_protocol(const char *name);

#endif
