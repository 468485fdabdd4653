#include "server/counting.h"

#include "data/votes_close.h"
#include "data/votes_electors.h"
#include "geo/base/clock.h"
#include "server/rounds.h"

#include <stdlib.h>

enum { LOOK_MS = 1000, AT_ONCE = 20, TOLD_AT_ONCE = 200, TOLD_LOOKS = 3600 };

struct counting {
    struct service *service;
    struct db *db; /* of the thread */
    struct arena arena;
    unsigned silent; /* looks for which no failure is told */
    struct rounds rounds;
};

/* One that cannot be counted holds up no other. */
static enum err close_due(struct counting *c, struct why *why)
{
    int64_t ids[AT_ONCE], after = 0;
    size_t count = AT_ONCE;
    enum err first = ERR_OK;
    while (count == AT_ONCE && rounds_wait(&c->rounds, 0)) {
        enum err e = votes_close_due(c->db, clock_utc_ms(), after, ids, AT_ONCE, &count);
        if (e) return first ? first : e;
        for (size_t i = 0; i < count && rounds_wait(&c->rounds, 0); i++) {
            e = votes_close(c->db, ids[i], c->service->seal_key, clock_utc_ms(), &c->arena,
                            first ? NULL : why);
            if (e && !first) first = e;
            after = ids[i];
            arena_reset(&c->arena);
        }
    }
    return first;
}

static enum err tell(struct counting *c)
{
    size_t count = TOLD_AT_ONCE;
    enum err e = ERR_OK;
    while (count && !e && rounds_wait(&c->rounds, 0)) {
        e = votes_electors_tell(c->db, clock_utc_ms(), TOLD_AT_ONCE, &c->arena, &count);
        arena_reset(&c->arena);
    }
    return e;
}

static enum err look(struct counting *c, struct why *why)
{
    struct service *s = c->service;
    enum err e = ERR_OK;
    if (!c->db) {
        e = datadir_database(s->dir, DB_READ, &c->db, why);
        if (e) return e;
        writer_serve(s->writer, c->db);
    }
    e = close_due(c, why);
    enum err then = tell(c);
    return e ? e : then;
}

static void *run(void *argument)
{
    struct counting *c = argument;
    while (rounds_wait(&c->rounds, LOOK_MS)) {
        struct why why = {""};
        enum err e = look(c, &why);
        if (e && !c->silent) {
            log_say(c->service->log, APP_LOG_ERROR, "votes are not counted: %s",
                    why.text[0] ? why.text : err_text(e));
            c->silent = TOLD_LOOKS;
        }
        c->silent -= c->silent > 0;
    }
    db_close(c->db);
    return NULL;
}

static void counting_free(struct counting *c)
{
    arena_fini(&c->arena);
    free(c);
}

enum err counting_start(struct service *service, struct counting **counting)
{
    struct counting *fresh = calloc(1, sizeof *fresh);
    if (!fresh) return ERR_NOMEM;
    fresh->service = service;
    arena_init(&fresh->arena, 0);
    if (rounds_start(&fresh->rounds, run, fresh)) {
        counting_free(fresh);
        return ERR_SYSTEM;
    }
    *counting = fresh;
    return ERR_OK;
}

void counting_stop(struct counting *counting)
{
    if (!counting) return;
    rounds_end(&counting->rounds);
    counting_free(counting);
}
