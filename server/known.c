#include "server/known.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

/* As the buckets of limits: sets of a few, each set's shard with a lock. */
enum { SETS = 2048, WAYS = 4, SHARDS = 64 };
static const uint64_t good_ns = 600 * UINT64_C(1000000000);

struct entry {
    unsigned char hash[KNOWN_HASH_BYTES];
    int64_t person; /* 0: empty */
    uint64_t seen_ns;
};

struct known {
    pthread_mutex_t locks[SHARDS];
    struct entry entries[SETS][WAYS];
};

enum err known_new(struct known **known)
{
    struct known *fresh = calloc(1, sizeof *fresh);
    if (!fresh) return ERR_NOMEM;
    for (int i = 0; i < SHARDS; i++)
        pthread_mutex_init(&fresh->locks[i], NULL);
    *known = fresh;
    return ERR_OK;
}

void known_free(struct known *known)
{
    if (!known) return;
    for (int i = 0; i < SHARDS; i++)
        pthread_mutex_destroy(&known->locks[i]);
    free(known);
}

/* A hash is spread evenly as it is; nobody can aim at a set with a token that has to be good. */
static unsigned set_of(const unsigned char *hash)
{
    return (hash[0] | (unsigned)hash[1] << 8) % SETS;
}

static struct entry *find(struct known *known, unsigned set, const unsigned char *hash)
{
    for (int i = 0; i < WAYS; i++) {
        struct entry *e = &known->entries[set][i];
        if (e->person && memcmp(e->hash, hash, KNOWN_HASH_BYTES) == 0) return e;
    }
    return NULL;
}

static struct entry *oldest(struct known *known, unsigned set)
{
    struct entry *found = &known->entries[set][0];
    for (int i = 1; i < WAYS && found->person; i++) {
        struct entry *e = &known->entries[set][i];
        if (!e->person || e->seen_ns < found->seen_ns) found = e;
    }
    return found;
}

void known_note(struct known *known, const unsigned char hash[KNOWN_HASH_BYTES], int64_t person,
                uint64_t now_ns)
{
    unsigned set = set_of(hash);
    pthread_mutex_lock(&known->locks[set % SHARDS]);
    struct entry *e = find(known, set, hash);
    if (!e) e = oldest(known, set);
    memcpy(e->hash, hash, KNOWN_HASH_BYTES);
    e->person = person;
    e->seen_ns = now_ns;
    pthread_mutex_unlock(&known->locks[set % SHARDS]);
}

void known_forget(struct known *known, const unsigned char hash[KNOWN_HASH_BYTES])
{
    unsigned set = set_of(hash);
    pthread_mutex_lock(&known->locks[set % SHARDS]);
    struct entry *e = find(known, set, hash);
    if (e) e->person = 0;
    pthread_mutex_unlock(&known->locks[set % SHARDS]);
}

int64_t known_person(struct known *known, const unsigned char hash[KNOWN_HASH_BYTES],
                     uint64_t now_ns)
{
    unsigned set = set_of(hash);
    pthread_mutex_lock(&known->locks[set % SHARDS]);
    const struct entry *e = find(known, set, hash);
    /* Another thread may have noted it a moment after `now_ns`. */
    int64_t person = e && (now_ns < e->seen_ns || now_ns - e->seen_ns < good_ns) ? e->person : 0;
    pthread_mutex_unlock(&known->locks[set % SHARDS]);
    return person;
}
