#include "data/cases_blur.h"

#include "data/blobs_doomed.h"
#include "data/cases_rows.h"
#include "data/changes.h"
#include "data/photo_files.h"

#include <stdio.h>
#include <string.h>

struct work {
    const struct cases_blurring *blurring;
    const struct datadir *dir;
    struct arena *arena;
    struct photo_files files;
    int64_t photo_id, case_id;
    char case_public[SECRETS_ID_SIZE];
    const char *old[PHOTOS_SIZES];
    struct cases_case now;
    struct why *why;
};

static enum err find(struct db *db, struct work *w)
{
    struct db_query *q;
    bool row = false;
    int64_t version = 0;
    enum err e = db_prepare(db,
                            "SELECT p.id, p.case_id, c.public_id, c.version, p.large, p.middle, "
                            "p.small FROM photos p JOIN cases c ON c.id = p.case_id WHERE "
                            "p.public_id = :public",
                            &q);
    if (e) return e;
    db_bind_text(q, ":public", w->blurring->photo);
    if (!(e = db_step(q, &row)) && row) {
        w->photo_id = db_int(q, 0);
        w->case_id = db_int(q, 1);
        (void)snprintf(w->case_public, sizeof w->case_public, "%s", db_text(q, 2));
        version = db_int(q, 3);
        for (int i = 0; i < PHOTOS_SIZES && !e; i++)
            if (!(w->old[i] = arena_strdup(w->arena, db_text(q, 4 + i)))) e = ERR_NOMEM;
    }
    db_done(q);
    if (e) return e;
    if (!row) return err_say(w->why, ERR_NOTFOUND, "there is no such photo");
    if (version != w->blurring->version)
        return err_say(w->why, ERR_CONFLICT,
                       "somebody else was faster: the case is at version %lld now, not at version "
                       "%lld",
                       (long long)version, (long long)w->blurring->version);
    if (strcmp(w->old[PHOTOS_LARGE], w->blurring->large) != 0)
        return err_say(w->why, ERR_CONFLICT, "somebody else blurred the photo meanwhile");
    return ERR_OK;
}

static enum err replace(struct db *db, const struct work *w)
{
    const struct photos_clean *clean = w->blurring->clean;
    struct db_query *q;
    enum err e = photo_files_keep(db, w->dir, clean, &w->files, w->blurring->now_ms);
    if (!e)
        e = db_prepare(db,
                       "UPDATE photos SET public_id = :public, large = :large, middle = :middle, "
                       "small = :small, width = :width, height = :height WHERE id = :id",
                       &q);
    if (e) return e;
    db_bind_text(q, ":public", w->files.public_id);
    db_bind_text(q, ":large", w->files.blobs[PHOTOS_LARGE]);
    db_bind_text(q, ":middle", w->files.blobs[PHOTOS_MIDDLE]);
    db_bind_text(q, ":small", w->files.blobs[PHOTOS_SMALL]);
    db_bind_int(q, ":width", clean->large.width);
    db_bind_int(q, ":height", clean->large.height);
    db_bind_int(q, ":id", w->photo_id);
    return db_run(q, NULL);
}

static enum err raise_version(struct db *db, const struct work *w)
{
    struct db_query *q;
    enum err e = db_prepare(
        db, "UPDATE cases SET version = version + 1, updated_ms = :now WHERE id = :id", &q);
    if (e) return e;
    db_bind_int(q, ":now", w->blurring->now_ms);
    db_bind_int(q, ":id", w->case_id);
    return db_run(q, NULL);
}

static enum err write_down(struct db *db, const struct work *w)
{
    const struct cases_event event = {.verb = "blurred",
                                      .at_ms = w->blurring->now_ms,
                                      .from = w->now.state,
                                      .to = w->now.state,
                                      .person = w->blurring->actor.person,
                                      .seen = CASES_STAFF,
                                      .due_ms = w->now.due.due_ms};
    return cases_rows_event(db, w->case_id, &event, w->blurring->actor.as);
}

static enum err blur(struct db *db, void *user)
{
    struct work *w = user;
    enum err e = find(db, w);
    if (!e) e = cases_get(db, w->case_public, w->arena, &w->now);
    if (!e) e = write_down(db, w);
    if (!e) e = replace(db, w);
    if (!e) e = photo_files_doom(db, w->old);
    if (!e) e = raise_version(db, w);
    if (!e) e = changes_add(db, CHANGES_cases, w->case_id, "blurred");
    return e ? e : cases_get(db, w->case_public, w->arena, &w->now);
}

enum err cases_blur(struct db *db, const struct datadir *dir, const struct cases_blurring *blurring,
                    struct arena *arena, struct cases_case *blurred, struct why *why)
{
    struct why said = {""};
    struct work w = {.blurring = blurring, .dir = dir, .arena = arena, .why = &said};
    enum err e = photo_files_put(dir, blurring->clean, 1, &w.files, &said);
    if (!e) e = db_write(db, blur, &w);
    if (e) photo_files_take_back(db, dir, &w.files, 1);
    if (e && !said.text[0]) (void)err_say(&said, e, "cannot store it: %s", db_error(db));
    if (e) return err_say(why, e, "%s", said.text);
    *blurred = w.now;
    (void)blobs_doomed_erase(db, dir, NULL, why);
    return ERR_OK;
}
