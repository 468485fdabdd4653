#include "server/washing.h"

#include "server/rounds.h"

#include <stdlib.h>

enum { LOOK_MS = 1000, PATIENCE_LOOKS = 300 };

struct washing {
    struct service *service;
    struct db *db;            /* of the thread */
    unsigned in_vain, failed; /* looks since the log was last empty; of them, since one went well */
    struct rounds rounds;
};

static enum err look(struct washing *w, bool *done, struct why *why)
{
    enum err e = ERR_OK;
    if (!w->db) e = datadir_database(w->service->dir, DB_WRITE, &w->db, why);
    if (!e && (e = db_wash(w->db, done))) (void)err_say(why, e, "%s", db_error(w->db));
    if (!e) return ERR_OK;
    db_close(w->db);
    w->db = NULL;
    return e;
}

static void tell(const struct washing *w, enum err e, const struct why *why)
{
    log_say(w->service->log, e ? APP_LOG_ERROR : APP_LOG_WARN,
            "what was deleted may still stand in the database's log: %s",
            e ? why->text : "somebody has been reading or writing for minutes");
}

static void *run(void *argument)
{
    struct washing *w = argument;
    while (rounds_wait(&w->rounds, LOOK_MS)) {
        struct why why = {""};
        bool done = false;
        enum err e = look(w, &done, &why);
        w->in_vain = done ? 0 : w->in_vain + 1;
        w->failed = e ? w->failed + 1 : 0;
        bool is_news = e ? w->failed % PATIENCE_LOOKS == 1 : w->in_vain % PATIENCE_LOOKS == 0;
        if (!done && is_news) tell(w, e, &why);
    }
    db_close(w->db);
    return NULL;
}

enum err washing_start(struct service *service, struct washing **washing)
{
    struct washing *fresh = calloc(1, sizeof *fresh);
    if (!fresh) return ERR_NOMEM;
    fresh->service = service;
    if (rounds_start(&fresh->rounds, run, fresh)) {
        free(fresh);
        return ERR_SYSTEM;
    }
    *washing = fresh;
    return ERR_OK;
}

void washing_stop(struct washing *washing)
{
    if (!washing) return;
    rounds_end(&washing->rounds);
    free(washing);
}
