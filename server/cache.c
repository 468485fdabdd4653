#include "server/cache.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

enum { SHARDS = 8, FIRST_BUCKETS = 64, MALLOC_BYTES = 16 };

struct cache_entry {
    struct cache_answer answer;
    atomic_uint references; /* who holds it, and the cache while it is in there */
    char bytes[];
};

/* A place in a shard's table; empty while its answer is being made. */
struct slot {
    struct cache_key key;
    struct cache_stamp stamp;
    struct cache_entry *entry;
    size_t cost;
    bool used;                 /* since the hand passed */
    struct slot *next;         /* in the bucket */
    struct slot *left, *right; /* round the clock */
};

struct shard {
    pthread_mutex_t lock;
    pthread_cond_t made;
    struct slot **buckets; /* `bucket_count` of them, a power of two */
    size_t bucket_count, count, bytes;
    struct slot *hand;
    uint64_t hits, misses, evictions;
};

struct cache {
    size_t shard_bytes;
    struct shard shards[SHARDS];
};

const struct cache_answer *cache_answer(const struct cache_entry *entry)
{
    return &entry->answer;
}

void cache_give_back(void *entry)
{
    struct cache_entry *e = entry;
    if (e && atomic_fetch_sub_explicit(&e->references, 1, memory_order_acq_rel) == 1) free(e);
}

static struct cache_entry *hold(struct cache_entry *entry)
{
    atomic_fetch_add_explicit(&entry->references, 1, memory_order_relaxed);
    return entry;
}

static struct cache_entry *entry_new(const struct cache_answer *answer)
{
    struct cache_entry *fresh = malloc(sizeof *fresh + answer->len);
    if (!fresh) return NULL;
    fresh->answer = *answer;
    fresh->answer.bytes = fresh->bytes;
    if (answer->len) memcpy(fresh->bytes, answer->bytes, answer->len);
    atomic_init(&fresh->references, 1);
    return fresh;
}

/* ---- a shard's table, under its lock --------------------------------------------------------- */

/* SplitMix64's finish (Steele, Lea, Flood 2014) over every word. */
static uint64_t hash_of(const struct cache_key *key)
{
    uint64_t h = 0;
    for (int i = 0; i < CACHE_KEY_WORDS; i++) {
        h = (h ^ key->words[i]) + 0x9e3779b97f4a7c15u;
        h = (h ^ (h >> 30)) * 0xbf58476d1ce4e5b9u;
        h = (h ^ (h >> 27)) * 0x94d049bb133111ebu;
        h ^= h >> 31;
    }
    return h;
}

static struct slot **bucket_of(struct shard *shard, uint64_t hash)
{
    return &shard->buckets[(hash / SHARDS) & (shard->bucket_count - 1)];
}

static struct slot *slot_find(struct shard *shard, const struct cache_key *key, uint64_t hash)
{
    struct slot *slot = *bucket_of(shard, hash);
    while (slot && memcmp(&slot->key, key, sizeof *key) != 0)
        slot = slot->next;
    return slot;
}

static bool is_of(const struct slot *slot, const struct cache_stamp *stamp)
{
    return memcmp(&slot->stamp, stamp, sizeof *stamp) == 0;
}

/* Twice the buckets when there are as many slots; without memory the chains grow instead. */
static void widen(struct shard *shard)
{
    size_t old_count = shard->bucket_count;
    struct slot **old = shard->buckets;
    struct slot **fresh = calloc(old_count * 2, sizeof(struct slot *));
    if (!fresh) return;
    shard->buckets = fresh;
    shard->bucket_count = old_count * 2;
    for (size_t i = 0; i < old_count; i++)
        for (struct slot *slot = old[i], *next; slot; slot = next) {
            struct slot **bucket = bucket_of(shard, hash_of(&slot->key));
            next = slot->next;
            slot->next = *bucket;
            *bucket = slot;
        }
    free(old);
}

/* An empty slot behind the hand, which comes to it last. */
static struct slot *slot_add(struct shard *shard, const struct cache_key *key, uint64_t hash,
                             const struct cache_stamp *stamp)
{
    struct slot *fresh = calloc(1, sizeof *fresh);
    if (!fresh) return NULL;
    if (shard->count >= shard->bucket_count) widen(shard);
    struct slot **bucket = bucket_of(shard, hash);
    *fresh = (struct slot){.key = *key, .stamp = *stamp, .next = *bucket};
    *bucket = fresh;
    if (shard->hand) {
        fresh->right = shard->hand;
        fresh->left = shard->hand->left;
        fresh->left->right = fresh->right->left = fresh;
    } else {
        shard->hand = fresh->left = fresh->right = fresh;
    }
    shard->count++;
    return fresh;
}

static void slot_remove(struct shard *shard, struct slot *slot)
{
    struct slot **at = bucket_of(shard, hash_of(&slot->key));
    while (*at != slot)
        at = &(*at)->next;
    *at = slot->next;
    if (shard->hand == slot) shard->hand = slot->right == slot ? NULL : slot->right;
    slot->left->right = slot->right;
    slot->right->left = slot->left;
    shard->bytes -= slot->cost;
    shard->count--;
    cache_give_back(slot->entry);
    free(slot);
}

/* Until `bytes` more fit, or nothing is left but what is being made. */
static void make_room(struct cache *cache, struct shard *shard, size_t bytes)
{
    size_t steps = 2 * shard->count;
    while (shard->hand && shard->bytes + bytes > cache->shard_bytes && steps-- > 0) {
        struct slot *slot = shard->hand;
        if (slot->used || !slot->entry) {
            slot->used = false;
            shard->hand = slot->right;
            continue;
        }
        slot_remove(shard, slot);
        shard->evictions++;
    }
}

/* ---- what is asked for ----------------------------------------------------------------------- */

static struct shard *shard_lock(struct cache *cache, uint64_t hash)
{
    struct shard *shard = &cache->shards[hash % SHARDS];
    pthread_mutex_lock(&shard->lock);
    return shard;
}

static struct cache_entry *take(struct shard *shard, struct slot *slot)
{
    slot->used = true;
    shard->hits++;
    return hold(slot->entry);
}

struct cache_entry *cache_find(struct cache *cache, const struct cache_key *key,
                               const struct cache_stamp *stamp)
{
    uint64_t hash = hash_of(key);
    struct shard *shard = shard_lock(cache, hash);
    struct slot *slot = slot_find(shard, key, hash);
    struct cache_entry *entry =
        slot && slot->entry && is_of(slot, stamp) ? take(shard, slot) : NULL;
    pthread_mutex_unlock(&shard->lock);
    return entry;
}

struct cache_entry *cache_claim(struct cache *cache, const struct cache_key *key,
                                const struct cache_stamp *stamp)
{
    uint64_t hash = hash_of(key);
    struct shard *shard = shard_lock(cache, hash);
    struct cache_entry *entry = NULL;
    struct slot *slot;
    while ((slot = slot_find(shard, key, hash)) && !slot->entry && is_of(slot, stamp))
        pthread_cond_wait(&shard->made, &shard->lock);
    if (slot && slot->entry && is_of(slot, stamp)) {
        entry = take(shard, slot);
    } else {
        shard->misses++;
        if (slot && slot->entry) { /* made of what is no longer so */
            slot_remove(shard, slot);
            slot = NULL;
        }
        /* One that is being made of something else stays, and what comes of this is not kept. */
        if (!slot) (void)slot_add(shard, key, hash, stamp);
    }
    pthread_mutex_unlock(&shard->lock);
    return entry;
}

/* The claimed slot gets its entry, or goes. */
static void settle(struct cache *cache, struct shard *shard, struct slot *slot,
                   struct cache_entry *entry)
{
    size_t cost = entry ? sizeof *slot + sizeof *entry + entry->answer.len + 2 * MALLOC_BYTES : 0;
    if (!entry || cost > cache->shard_bytes / 2) {
        slot_remove(shard, slot);
        return;
    }
    make_room(cache, shard, cost);
    slot->entry = hold(entry);
    slot->cost = cost;
    shard->bytes += cost;
}

struct cache_entry *cache_fulfil(struct cache *cache, const struct cache_key *key,
                                 const struct cache_stamp *stamp, const struct cache_answer *answer)
{
    uint64_t hash = hash_of(key);
    struct cache_entry *entry = answer ? entry_new(answer) : NULL;
    struct shard *shard = shard_lock(cache, hash);
    struct slot *slot = slot_find(shard, key, hash);
    if (slot && !slot->entry && is_of(slot, stamp)) settle(cache, shard, slot, entry);
    pthread_cond_broadcast(&shard->made);
    pthread_mutex_unlock(&shard->lock);
    return entry;
}

/* ---- the whole ------------------------------------------------------------------------------- */

enum err cache_new(size_t max_bytes, struct cache **cache)
{
    struct cache *fresh = calloc(1, sizeof *fresh);
    if (!fresh) return ERR_NOMEM;
    fresh->shard_bytes = max_bytes / SHARDS;
    enum err e = ERR_OK;
    for (int i = 0; i < SHARDS; i++) {
        struct shard *shard = &fresh->shards[i];
        pthread_mutex_init(&shard->lock, NULL);
        pthread_cond_init(&shard->made, NULL);
        shard->bucket_count = FIRST_BUCKETS;
        shard->buckets = calloc(FIRST_BUCKETS, sizeof(struct slot *));
        if (!shard->buckets) e = ERR_NOMEM;
    }
    if (e)
        cache_free(fresh);
    else
        *cache = fresh;
    return e;
}

void cache_free(struct cache *cache)
{
    if (!cache) return;
    for (int i = 0; i < SHARDS; i++) {
        struct shard *shard = &cache->shards[i];
        while (shard->hand)
            slot_remove(shard, shard->hand);
        free(shard->buckets);
        pthread_cond_destroy(&shard->made);
        pthread_mutex_destroy(&shard->lock);
    }
    free(cache);
}

void cache_figures(struct cache *cache, struct cache_figures *figures)
{
    *figures = (struct cache_figures){.max_bytes = cache->shard_bytes * SHARDS};
    for (int i = 0; i < SHARDS; i++) {
        struct shard *shard = &cache->shards[i];
        pthread_mutex_lock(&shard->lock);
        figures->hits += shard->hits;
        figures->misses += shard->misses;
        figures->evictions += shard->evictions;
        figures->bytes += shard->bytes;
        figures->entries += shard->count;
        pthread_mutex_unlock(&shard->lock);
    }
}
