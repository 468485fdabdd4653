#include "server/limit.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

/* Sets of a few buckets, each set's shard with a lock that is held for some nanoseconds. */
enum { SETS = 4096, WAYS = 4, SHARDS = 64 };

static const char *const names[LIMIT_CLASSES] = {[LIMIT_READ] = "\"read\";",
                                                 [LIMIT_WRITE] = "\"write\";",
                                                 [LIMIT_SIGN_IN] = "\"sign-in\";",
                                                 [LIMIT_LONG] = "\"long\";",
                                                 [LIMIT_OWN_WRITE] = "\"write\";"};

struct bucket {
    struct request_address address;
    uint64_t seen_ns;            /* 0: empty */
    float tokens[LIMIT_CLASSES]; /* as of seen_ns */
};

struct limit {
    unsigned per_minute[LIMIT_CLASSES];
    char policies[LIMIT_CLASSES][LIMIT_TEXT_SIZE];
    uint64_t seed; /* so that nobody can aim at one set */
    pthread_mutex_t locks[SHARDS];
    struct bucket buckets[SETS][WAYS];
};

enum err limit_new(const unsigned per_minute[LIMIT_CLASSES], struct limit **limit)
{
    struct limit *fresh = calloc(1, sizeof *fresh);
    if (!fresh) return ERR_NOMEM;
    for (int i = 0; i < LIMIT_CLASSES; i++) {
        fresh->per_minute[i] = per_minute[i];
        (void)snprintf(fresh->policies[i], LIMIT_TEXT_SIZE, "%sq=%u;w=60", names[i], per_minute[i]);
    }
    for (int i = 0; i < SHARDS; i++)
        pthread_mutex_init(&fresh->locks[i], NULL);
    if (getrandom(&fresh->seed, sizeof fresh->seed, 0) != sizeof fresh->seed) {
        limit_free(fresh);
        return ERR_SYSTEM;
    }
    *limit = fresh;
    return ERR_OK;
}

void limit_free(struct limit *limit)
{
    if (!limit) return;
    for (int i = 0; i < SHARDS; i++)
        pthread_mutex_destroy(&limit->locks[i]);
    free(limit);
}

struct request_address limit_account(int64_t person)
{
    struct request_address address = {{0xff}};
    memcpy(address.bytes + 8, &person, sizeof person);
    return address;
}

static uint64_t mix(uint64_t x)
{
    x ^= x >> 32;
    x *= 0xd6e8feb86659fd93u;
    x ^= x >> 32;
    return x * 0xd6e8feb86659fd93u;
}

static unsigned set_of(const struct limit *limit, const struct request_address *address)
{
    uint64_t a, b;
    memcpy(&a, address->bytes, 8);
    memcpy(&b, address->bytes + 8, 8);
    return (unsigned)((mix(mix(a ^ limit->seed) ^ b) >> 20) % SETS);
}

static struct bucket *bucket_of(struct limit *limit, unsigned set,
                                const struct request_address *address)
{
    struct bucket *oldest = &limit->buckets[set][0];
    for (int i = 0; i < WAYS; i++) {
        struct bucket *b = &limit->buckets[set][i];
        if (b->seen_ns && memcmp(&b->address, address, sizeof *address) == 0) return b;
        if (b->seen_ns < oldest->seen_ns) oldest = b;
    }
    oldest->address = *address;
    oldest->seen_ns = 0;
    return oldest;
}

static void refill(const struct limit *limit, struct bucket *b, uint64_t now_ns)
{
    float minutes = b->seen_ns && now_ns > b->seen_ns ? (float)(now_ns - b->seen_ns) / 60e9f : 0;
    for (int i = 0; i < LIMIT_CLASSES; i++) {
        float full = (float)limit->per_minute[i];
        float tokens = b->seen_ns ? b->tokens[i] + minutes * full : full;
        b->tokens[i] = tokens < full ? tokens : full;
    }
    b->seen_ns = now_ns ? now_ns : 1;
}

bool limit_take(struct limit *limit, enum limit_class class, const struct request_address *address,
                uint64_t now_ns, struct limit_state *state)
{
    unsigned quota = limit->per_minute[class];
    *state =
        (struct limit_state){.policy = limit->policies[class], .quota = quota, .remaining = quota};
    if (quota == LIMIT_NONE) return true;
    unsigned set = set_of(limit, address);
    pthread_mutex_lock(&limit->locks[set % SHARDS]);
    struct bucket *b = bucket_of(limit, set, address);
    refill(limit, b, now_ns);
    bool taken = b->tokens[class] >= 1;
    if (taken) b->tokens[class] -= 1;
    state->remaining = (unsigned)b->tokens[class];
    if (!taken) state->wait_s = (unsigned)((1 - b->tokens[class]) * 60 / (float)quota) + 1;
    pthread_mutex_unlock(&limit->locks[set % SHARDS]);
    return taken;
}

static char *put_text(char *to, const char *text)
{
    while (*text)
        *to++ = *text++;
    return to;
}

static char *put_number(char *to, unsigned value)
{
    char digits[12], *end = digits + sizeof digits, *at = end;
    do {
        *--at = (char)('0' + value % 10);
    } while (value /= 10);
    memcpy(to, at, (size_t)(end - at));
    return to + (end - at);
}

/* Every answer has one, so it is put together by hand instead of printed. */
void limit_text(enum limit_class class, const struct limit_state *state, char text[LIMIT_TEXT_SIZE])
{
    char *end = put_text(text, names[class]);
    end = put_number(put_text(end, "r="), state->remaining);
    end = put_number(put_text(end, ";t="), state->wait_s ? state->wait_s : 60);
    *end = '\0';
}
