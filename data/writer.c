#include "data/writer.h"

#include "data/db_write.h"
#include "geo/base/clock.h"

#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

/* How long the writer waits for another process before it looks whether anybody still waits. */
enum { TURN_MS = 1000, SAID_SIZE = 256 };

/* Lives on the stack of who waits for it. */
struct job {
    enum err (*work)(struct db *db, void *user);
    void *user;
    enum { WAITS, RUNS, ENDED } state;
    enum err e;
    char said[SAID_SIZE];
    pthread_cond_t ended;
    struct job *next;
};

struct writer {
    pthread_mutex_t lock; /* of all below but the connection */
    pthread_cond_t came, left;
    struct job *first, *last; /* that wait */
    unsigned callers;         /* whether they wait or are on their way out */
    struct writer_counts counts;
    bool stopping;
    struct db *db; /* the thread's */
    pthread_t thread;
};

/* --- those who wait --- */

static void push(struct writer *w, struct job *job)
{
    if (w->last)
        w->last->next = job;
    else
        w->first = job;
    w->last = job;
}

static void give_up(struct writer *w, struct job *job)
{
    struct job *before = NULL;
    for (struct job *at = w->first; at != job; at = at->next)
        before = at;
    if (before)
        before->next = job->next;
    else
        w->first = job->next;
    if (w->last == job) w->last = before;
    job->state = ENDED;
    job->e = ERR_BUSY;
    (void)snprintf(job->said, sizeof job->said, "another writer did not finish in time");
    w->counts.failed++;
}

/* What runs uses the caller's memory: it is waited for, however long it takes. */
static void wait_for(struct writer *w, struct job *job)
{
    struct timespec until;
    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_sec += WRITER_WAIT_MS / 1000;
    while (job->state != ENDED)
        if (pthread_cond_timedwait(&job->ended, &w->lock, &until) == ETIMEDOUT) {
            if (job->state == WAITS) give_up(w, job);
            while (job->state != ENDED)
                pthread_cond_wait(&job->ended, &w->lock);
        }
}

static enum err run(void *user, enum err (*work)(struct db *db, void *user), void *work_user,
                    char *said, size_t size)
{
    struct writer *w = user;
    struct job job = {.work = work, .user = work_user};
    pthread_condattr_t monotonic;
    if (pthread_equal(pthread_self(), w->thread)) { /* it would wait for itself */
        (void)snprintf(said, size, "a write began inside another");
        return ERR_SYSTEM;
    }
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_cond_init(&job.ended, &monotonic);
    pthread_condattr_destroy(&monotonic);
    pthread_mutex_lock(&w->lock);
    w->callers++;
    if (w->stopping) {
        job.e = ERR_CANCELLED;
        (void)snprintf(job.said, sizeof job.said, "the server is stopping");
    } else {
        push(w, &job);
        pthread_cond_signal(&w->came);
        wait_for(w, &job);
    }
    if (--w->callers == 0) pthread_cond_signal(&w->left);
    pthread_mutex_unlock(&w->lock);
    pthread_cond_destroy(&job.ended);
    if (job.e) (void)snprintf(said, size, "%s", job.said);
    return job.e;
}

/* --- the thread --- */

static struct job *take(struct writer *w)
{
    pthread_mutex_lock(&w->lock);
    struct job *job = w->first;
    if (job) {
        w->first = job->next;
        if (!w->first) w->last = NULL;
        job->next = NULL;
        job->state = RUNS;
    }
    pthread_mutex_unlock(&w->lock);
    return job;
}

static void fail(struct writer *w, struct job *job, enum err e)
{
    job->e = e;
    (void)snprintf(job->said, sizeof job->said, "%s", db_error(w->db));
}

/* Tells all of a list, whose memory is theirs again from then on. */
static void tell(struct writer *w, struct job *jobs, enum err e)
{
    pthread_mutex_lock(&w->lock);
    if (jobs && !e) w->counts.commits++;
    while (jobs) {
        struct job *next = jobs->next;
        if (e && !jobs->e) fail(w, jobs, e);
        *(jobs->e ? &w->counts.failed : &w->counts.works) += 1;
        jobs->state = ENDED;
        pthread_cond_signal(&jobs->ended);
        jobs = next;
    }
    pthread_mutex_unlock(&w->lock);
}

/* The pieces of work of one transaction, as they came. */
static struct job *run_parts(struct writer *w)
{
    struct job *first = NULL, **end = &first, *job;
    int64_t until_ms = clock_ms() + WRITER_GROUP_MS;
    for (int n = 0; n < WRITER_GROUP && (!n || clock_ms() < until_ms); n++) {
        if (db_write_is_lost(w->db) || !(job = take(w))) break;
        enum err e = db_write_part(w->db, job->work, job->user);
        if (e) fail(w, job, e);
        *end = job;
        end = &job->next;
    }
    return first;
}

static void run_group(struct writer *w)
{
    struct job *jobs = NULL, **end = &jobs;
    enum err e = db_write_begin(w->db, TURN_MS);
    if (e == ERR_BUSY) return; /* they give up by themselves */
    if (!e) {
        jobs = run_parts(w);
        e = db_write_end(w->db);
    } else {
        while ((*end = take(w)))
            end = &(*end)->next;
    }
    tell(w, jobs, e);
}

static void *serve(void *user)
{
    struct writer *w = user;
    pthread_mutex_lock(&w->lock);
    while (w->first || !w->stopping) {
        if (!w->first) {
            pthread_cond_wait(&w->came, &w->lock);
            continue;
        }
        pthread_mutex_unlock(&w->lock);
        run_group(w);
        pthread_mutex_lock(&w->lock);
    }
    pthread_mutex_unlock(&w->lock);
    return NULL;
}

/* --- */

static void writer_free(struct writer *w)
{
    pthread_cond_destroy(&w->left);
    pthread_cond_destroy(&w->came);
    pthread_mutex_destroy(&w->lock);
    db_close(w->db);
    free(w);
}

enum err writer_start(struct db *db, struct writer **writer)
{
    struct writer *w = calloc(1, sizeof *w);
    if (!w) {
        db_close(db);
        return ERR_NOMEM;
    }
    w->db = db;
    pthread_mutex_init(&w->lock, NULL);
    pthread_cond_init(&w->came, NULL);
    pthread_cond_init(&w->left, NULL);
    if (pthread_create(&w->thread, NULL, serve, w)) {
        writer_free(w);
        return ERR_SYSTEM;
    }
    *writer = w;
    return ERR_OK;
}

void writer_stop(struct writer *writer)
{
    if (!writer) return;
    pthread_mutex_lock(&writer->lock);
    writer->stopping = true;
    pthread_cond_signal(&writer->came);
    pthread_mutex_unlock(&writer->lock);
    pthread_join(writer->thread, NULL);
    pthread_mutex_lock(&writer->lock);
    while (writer->callers)
        pthread_cond_wait(&writer->left, &writer->lock);
    pthread_mutex_unlock(&writer->lock);
    writer_free(writer);
}

void writer_serve(struct writer *writer, struct db *db)
{
    db_lead(db, &(struct db_door){run, writer});
}

void writer_count(struct writer *writer, struct writer_counts *counts)
{
    pthread_mutex_lock(&writer->lock);
    *counts = writer->counts;
    counts->inside = writer->callers;
    pthread_mutex_unlock(&writer->lock);
}
