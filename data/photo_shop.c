#include "data/photo_shop.h"

#include "data/photo_child.h"
#include "data/photo_hand.h"
#include "data/photo_jail.h"
#include "geo/base/clock.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <time.h>

enum {
    DEADLINE_MS = 20000, /* for one picture, from its first byte to the last of the answer */
    PATIENCE_S = 60,     /* for a child to be free */
    /* The processor time after which a child is replaced: what is left of its life to another
       picture must not be less than a picture is given. */
    WORN_MS = (PHOTO_JAIL_CPU_S - PHOTO_HAND_CPU_S - 5) * 1000
};

/* A picture; lives on the stack of who waits for it. */
struct job {
    struct photo_wire_task task;
    const void *bytes;
    struct photos_clean *clean;
    struct why *why;
    enum err e;
    enum { JOB_WAITS, JOB_TAKEN, JOB_DONE } state;
    struct job *next;
};

struct photo_shop {
    pthread_mutex_t lock;
    pthread_cond_t work, done;
    struct job *first, **last;
    const char *word;
    atomic_llong deadline_ms, worn_ms;
    bool is_stopping;
    unsigned hand_count;
    pthread_t hands[PHOTO_SHOP_HANDS_MAX];
};

/* --- a thread for each child: a child dies with the thread that started it --- */

static struct job *take_job(struct photo_shop *shop)
{
    struct job *job = shop->first;
    if (!job) return NULL;
    shop->first = job->next;
    if (!shop->first) shop->last = &shop->first;
    job->state = JOB_TAKEN;
    return job;
}

/* One that is ready; a fresh one where that of before is not. */
static enum err get_ready(const struct photo_shop *shop, struct photo_child *child, struct why *why)
{
    if (photo_child_is_sound(child) && !photo_child_ready(child, why) &&
        photo_child_is_sound(child)) /* it said hello, and may have ended since */
        return ERR_OK;
    enum err e = photo_child_start(child, shop->word, why);
    return e ? e : photo_child_ready(child, why);
}

static void run(struct photo_shop *shop, struct photo_child *child, struct job *job)
{
    struct why why = {""};
    job->e = get_ready(shop, child, &why);
    if (!job->e)
        job->e = photo_child_ask(child, &job->task, job->bytes,
                                 clock_ms() + atomic_load(&shop->deadline_ms), job->clean, &why);
    if (job->why && job->e) *job->why = why;
}

static void *work(void *argument)
{
    struct photo_shop *shop = argument;
    struct photo_child child = {0};
    unsigned done = 0;
    pthread_mutex_lock(&shop->lock);
    while (!shop->is_stopping) {
        struct job *job = take_job(shop);
        if (!job) {
            pthread_cond_wait(&shop->work, &shop->lock);
            continue;
        }
        pthread_mutex_unlock(&shop->lock);
        run(shop, &child, job);
        if (++done % PHOTO_SHOP_LIFE == 0 ||
            photo_child_cpu_ms(&child) > atomic_load(&shop->worn_ms))
            photo_child_end(&child);
        pthread_mutex_lock(&shop->lock);
        job->state = JOB_DONE;
        pthread_cond_broadcast(&shop->done);
    }
    pthread_mutex_unlock(&shop->lock);
    photo_child_end(&child);
    return NULL;
}

/* --- the shop --- */

static void init(struct photo_shop *shop, const char *word)
{
    pthread_condattr_t monotonic;
    *shop = (struct photo_shop){.word = word, .last = &shop->first};
    atomic_init(&shop->deadline_ms, DEADLINE_MS);
    atomic_init(&shop->worn_ms, WORN_MS);
    pthread_mutex_init(&shop->lock, NULL);
    pthread_cond_init(&shop->work, NULL);
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_cond_init(&shop->done, &monotonic);
    pthread_condattr_destroy(&monotonic);
}

enum err photo_shop_new(const char *word, unsigned hands, struct photo_shop **shop)
{
    struct photo_shop *fresh = malloc(sizeof *fresh);
    unsigned n = hands ? hands : PHOTO_SHOP_HANDS;
    if (!fresh) return ERR_NOMEM;
    init(fresh, word);
    for (; fresh->hand_count < n && fresh->hand_count < PHOTO_SHOP_HANDS_MAX; fresh->hand_count++)
        if (pthread_create(&fresh->hands[fresh->hand_count], NULL, work, fresh)) {
            photo_shop_free(fresh);
            return ERR_SYSTEM;
        }
    *shop = fresh;
    return ERR_OK;
}

void photo_shop_free(struct photo_shop *shop)
{
    if (!shop) return;
    pthread_mutex_lock(&shop->lock);
    shop->is_stopping = true;
    pthread_cond_broadcast(&shop->work);
    pthread_mutex_unlock(&shop->lock);
    for (unsigned i = 0; i < shop->hand_count; i++)
        pthread_join(shop->hands[i], NULL);
    pthread_cond_destroy(&shop->work);
    pthread_cond_destroy(&shop->done);
    pthread_mutex_destroy(&shop->lock);
    free(shop);
}

void photo_shop_hurry(struct photo_shop *shop, int64_t deadline_ms)
{
    atomic_store(&shop->deadline_ms, deadline_ms);
}

void photo_shop_wear(struct photo_shop *shop, int64_t worn_ms)
{
    atomic_store(&shop->worn_ms, worn_ms);
}

/* --- one picture --- */

static void drop_job(struct photo_shop *shop, struct job *job)
{
    struct job **at = &shop->first;
    while (*at != job)
        at = &(*at)->next;
    *at = job->next;
    if (!job->next) shop->last = at;
}

/* Waits for a child to be free, and then, for as long as it takes, until it is done. */
static enum err wait_for(struct photo_shop *shop, struct job *job)
{
    struct timespec until;
    int rc = 0;
    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_sec += PATIENCE_S;
    pthread_mutex_lock(&shop->lock);
    *shop->last = job;
    shop->last = &job->next;
    pthread_cond_signal(&shop->work);
    while (job->state == JOB_WAITS && rc == 0)
        rc = pthread_cond_timedwait(&shop->done, &shop->lock, &until);
    bool is_late = job->state == JOB_WAITS;
    if (is_late) drop_job(shop, job);
    while (!is_late && job->state != JOB_DONE)
        pthread_cond_wait(&shop->done, &shop->lock);
    pthread_mutex_unlock(&shop->lock);
    if (!is_late) return job->e;
    return err_say(job->why, ERR_BUSY, "too many photos are waiting: send it again later");
}

static enum err bring(struct photo_shop *shop, const void *bytes, size_t len,
                      const struct photos_region *regions, size_t count, struct photos_clean *clean,
                      struct why *why)
{
    struct job job = {.bytes = bytes, .clean = clean, .why = why};
    bool taken = false;
    if (len > photos_defaults.max_bytes)
        return err_say(why, ERR_LIMIT, "the photo has %zu bytes, at most %zu are taken", len,
                       photos_defaults.max_bytes);
    enum err e = photo_wire_ask(len, regions, count, photos_defaults.timeout_ms, &job.task);
    if (e) return err_say(why, e, "1 to %d regions of the photo are taken", PHOTOS_REGIONS);
    e = wait_for(shop, &job);
    if (e) return e;
    clean->format = photos_format(bytes, len, &taken);
    secrets_sha256(bytes, len, clean->original_hash);
    return ERR_OK;
}

enum err photo_shop_clean(struct photo_shop *shop, const void *bytes, size_t len,
                          struct photos_clean *clean, struct why *why)
{
    return bring(shop, bytes, len, NULL, 0, clean, why);
}

enum err photo_shop_blur(struct photo_shop *shop, const void *bytes, size_t len,
                         const struct photos_region *regions, size_t count,
                         struct photos_clean *clean, struct why *why)
{
    if (count == 0)
        return err_say(why, ERR_INVALID, "1 to %d regions of the photo are taken", PHOTOS_REGIONS);
    return bring(shop, bytes, len, regions, count, clean, why);
}
