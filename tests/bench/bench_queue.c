/* A data directory with very many cases, for what staff ask of them, and the yardstick:
 *
 *   bench_queue COUNT DATA SHARE
 *
 * One city (area 1) with 16 districts (2 to 17) of 10 sub-districts each (from 18 on). The cases of
 * a year walk through the moves of their kind; about half of them stay open, which is hard on a
 * queue. Prints how long SQLite itself takes to count them by a covering index, and to read every
 * row. */
#include "data/blobs.h"
#include "data/kinds.h"
#include "geo/base/clock.h"
#include "tests/bench/clusters.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { DISTRICTS = 16, AREAS = 1 + DISTRICTS * 11, DAYS = 365, MOVES = 40, ROUNDS = 7 };
static const int64_t hour_ms = 3600000;

struct filling {
    struct clusters clusters;
    const struct kinds_kind *kind;
    uint32_t count;
    int64_t now_ms;
    uint64_t random;
    char blob[SECRETS_HEX_SIZE];
};

/* A case on its way. */
struct walk {
    int64_t id, created_ms, at_ms, closed_ms, due_ms, duplicate_of;
    const struct kinds_category *category;
    const struct kinds_state *state;
    int rating;
};

/* SplitMix64 (Steele, Lea, Flood 2014). */
static uint32_t below(struct filling *f, uint32_t n)
{
    uint64_t z = (f->random += 0x9e3779b97f4a7c15u);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return (uint32_t)((z ^ (z >> 31)) % n);
}

static enum err add_areas(struct db *db)
{
    struct db_query *q;
    enum err e = ERR_OK;
    for (int id = 1; id <= AREAS && !e; id++) {
        int parent = id == 1 ? 0 : id <= 1 + DISTRICTS ? 1 : 2 + (id - 2 - DISTRICTS) / 10;
        char key[16];
        e = db_prepare(db,
                       "INSERT INTO areas (id, source, source_id, code, level, name, parent_id, "
                       "parent_given, created_ms, updated_ms, geom) VALUES (:id, 'bench', :key, "
                       ":key, :level, :key, NULLIF(:parent, 0), 1, 0, 0, "
                       "ST_GeomFromText('MULTIPOLYGON(((0 0, 1 0, 1 1, 0 0)))', 4326))",
                       &q);
        if (e) return e;
        (void)snprintf(key, sizeof key, "%d", 110000 + id);
        db_bind_int(q, ":id", id);
        db_bind_text(q, ":key", key);
        db_bind_int(q, ":level", id == 1 ? 4 : id <= 1 + DISTRICTS ? 6 : 8);
        db_bind_int(q, ":parent", parent);
        e = db_run(q, NULL);
    }
    return e;
}

static enum err add_event(struct db *db, const struct walk *w, const char *verb, const char *from,
                          const char *to, const char *actor)
{
    struct db_query *q;
    enum err e = db_prepare(db,
                            "INSERT INTO case_events (case_id, at_ms, verb, from_state, to_state, "
                            "actor, reason, due_ms) VALUES (:case, :at, :verb, :from, :to, :actor, "
                            "'', NULLIF(:due, 0))",
                            &q);
    if (e) return e;
    db_bind_int(q, ":case", w->id);
    db_bind_int(q, ":at", w->at_ms);
    db_bind_text(q, ":verb", verb);
    db_bind_text(q, ":from", from);
    db_bind_text(q, ":to", to);
    db_bind_text(q, ":actor", actor);
    db_bind_int(q, ":due", w->due_ms);
    return db_run(q, NULL);
}

/* Most go on, and few are opened again. */
static const struct kinds_move *pick(struct filling *f, const struct walk *w)
{
    const struct kinds_move *found[32];
    size_t n = 0;
    for (size_t i = 0; i < f->kind->move_count && n < 32; i++)
        if (&f->kind->states[f->kind->moves[i].from] == w->state) found[n++] = &f->kind->moves[i];
    const struct kinds_move *move = n ? found[below(f, (uint32_t)n)] : NULL;
    if (!move || (move->link && w->id < 2)) return NULL;
    const struct kinds_state *to = &f->kind->states[move->to];
    bool ends = !to->open && !to->step;
    bool back = to->paused || (to->open && (!w->state->open || to->step < w->state->step ||
                                            (to->step == w->state->step && to->step > 1)));
    return (ends && below(f, 20)) || (back && below(f, 8)) ? NULL : move;
}

static enum err step(struct db *db, struct filling *f, struct walk *w)
{
    const struct kinds_move *move = pick(f, w);
    if (!move) return ERR_OK;
    const struct kinds_state *to = &f->kind->states[move->to];
    int64_t at_ms = w->at_ms + (1 + below(f, 30)) * hour_ms;
    if (at_ms >= f->now_ms) return ERR_OK;
    const char *actor = move->by & KINDS_OFFICE ? "area_staff" : "reporter";
    w->at_ms = at_ms;
    if (w->state->open && !to->open) w->closed_ms = at_ms;
    if (to->open) w->closed_ms = 0;
    if (move->rating) w->rating = 1 + (int)below(f, 5);
    w->duplicate_of = move->link ? 1 + below(f, (uint32_t)w->id - 1) : 0;
    enum err e = add_event(db, w, "moved", w->state->code, to->code, actor);
    w->state = to;
    return e;
}

static enum err add_case(struct db *db, struct filling *f, const struct walk *w, int64_t area)
{
    char text[120], public_id[24];
    unsigned char wkb[21] = {1, 1, 0, 0, 0};
    unsigned unused;
    struct coord at = clusters_point(&f->clusters, &unused);
    struct db_query *q;
    enum err e = db_prepare(
        db,
        "INSERT INTO cases (id, public_id, kind, category, state, version, area_id, accuracy_m, "
        "address, description, created_ms, updated_ms, opened_ms, due_ms, unit, priority, geom) "
        "VALUES (:id, :public, :kind, :category, :state, 1, :area, :accuracy, :address, :text, "
        ":created, :created, :created, NULLIF(:due, 0), :unit, :priority, ST_GeomFromWKB(:wkb, "
        "4326))",
        &q);
    if (e) return e;
    (void)snprintf(public_id, sizeof public_id, "%022lld", (long long)w->id);
    db_bind_int(q, ":id", w->id);
    db_bind_text(q, ":public", public_id);
    db_bind_text(q, ":kind", f->kind->code);
    db_bind_text(q, ":category", w->category->code);
    db_bind_text(q, ":state", w->state->code);
    db_bind_int(q, ":area", area);
    db_bind_real(q, ":accuracy", 5 + below(f, 60));
    (void)snprintf(text, sizeof text, "第%u号院门前", below(f, 9999));
    db_bind_text(q, ":address", text);
    (void)snprintf(text, sizeof text, "第%lld件：路边的%s坏了，请来看看", (long long)w->id,
                   w->category->label.zh);
    db_bind_text(q, ":text", text);
    db_bind_int(q, ":created", w->created_ms);
    db_bind_int(q, ":due", w->due_ms);
    db_bind_text(q, ":unit", below(f, 3) ? "" : below(f, 2) ? "市政" : "园林");
    db_bind_int(q, ":priority", below(f, 10) ? 0 : 1 + below(f, 2));
    memcpy(wkb + 5, &at.lon, 8);
    memcpy(wkb + 13, &at.lat, 8);
    db_bind_blob(q, ":wkb", wkb, sizeof wkb);
    return db_run(q, NULL);
}

static enum err end_case(struct db *db, const struct walk *w)
{
    struct db_query *q;
    enum err e =
        db_prepare(db,
                   "UPDATE cases SET state = :state, updated_ms = :at, closed_ms = "
                   "NULLIF(:closed, 0), due_ms = NULLIF(:due, 0), left_min = NULLIF(:left, "
                   "0), rating = NULLIF(:rating, 0), duplicate_of = NULLIF(:link, 0) WHERE "
                   "id = :id",
                   &q);
    if (e) return e;
    db_bind_text(q, ":state", w->state->code);
    db_bind_int(q, ":at", w->at_ms);
    db_bind_int(q, ":closed", w->closed_ms);
    db_bind_int(q, ":due", w->state->paused ? 0 : w->due_ms);
    db_bind_int(q, ":left", w->state->paused ? 60 : 0);
    db_bind_int(q, ":rating", w->rating);
    db_bind_int(q, ":link", w->duplicate_of);
    db_bind_int(q, ":id", w->id);
    return db_run(q, NULL);
}

static enum err add_photo(struct db *db, const struct filling *f, int64_t id)
{
    unsigned char hash[SECRETS_HASH_BYTES];
    char public_id[24];
    struct db_query *q;
    enum err e = db_prepare(db,
                            "INSERT INTO photos (public_id, case_id, place, large, middle, small, "
                            "width, height, original_hash, created_ms) VALUES (:public, :case, 0, "
                            ":blob, :blob, :blob, 8, 8, :hash, 0)",
                            &q);
    if (e) return e;
    (void)snprintf(public_id, sizeof public_id, "%022lld", (long long)id);
    secrets_sha256(public_id, strlen(public_id), hash);
    db_bind_text(q, ":public", public_id);
    db_bind_int(q, ":case", id);
    db_bind_text(q, ":blob", f->blob);
    db_bind_blob(q, ":hash", hash, sizeof hash);
    return db_run(q, NULL);
}

static enum err fill_case(struct db *db, struct filling *f, int64_t id)
{
    const struct kinds_kind *kind = f->kind;
    struct walk w = {.id = id, .state = &kind->states[kind->first_state]};
    int64_t year_ms = DAYS * 24 * hour_ms;
    int64_t area = 2 + DISTRICTS + below(f, AREAS - DISTRICTS - 1);
    do
        w.category = &kind->categories[below(f, (uint32_t)kind->category_count)];
    while (w.category->phone);
    w.created_ms = w.at_ms = f->now_ms - year_ms + year_ms / f->count * id;
    w.due_ms = w.created_ms + (w.category->deadline_min * 4 + 60) * 60000;
    enum err e = add_case(db, f, &w, area);
    if (!e) e = add_event(db, &w, "created", "", w.state->code, "reporter");
    if (!e) e = add_photo(db, f, id);
    for (int i = 0; i < MOVES && !e; i++)
        e = step(db, f, &w);
    return e ? e : end_case(db, &w);
}

static enum err fill(struct db *db, void *user)
{
    struct filling *f = user;
    enum err e = add_areas(db);
    if (!e) e = blobs_keep(db, f->blob, 5, f->now_ms);
    for (int64_t id = 1; id <= f->count && !e; id++)
        e = fill_case(db, f, id);
    return e;
}

static int by_size(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* The median of some rounds, in milliseconds. */
static enum err time_of(struct db *db, const char *sql, double *ms)
{
    double rounds[ROUNDS];
    for (int i = 0; i < ROUNDS; i++) {
        struct db_query *q;
        bool row = true;
        uint64_t began_ns = clock_ns();
        enum err e = db_prepare(db, sql, &q);
        if (e) return e;
        while (!(e = db_step(q, &row)) && row)
            ;
        db_done(q);
        if (e) return e;
        rounds[i] = (double)(clock_ns() - began_ns) / 1e6;
    }
    qsort(rounds, ROUNDS, sizeof *rounds, by_size);
    *ms = rounds[ROUNDS / 2];
    return ERR_OK;
}

static enum err measure(struct db *db)
{
    double count_ms, rows_ms, events_ms;
    enum err e = time_of(db, "SELECT count(*) FROM cases WHERE created_ms > 0", &count_ms);
    if (!e) e = time_of(db, "SELECT count(*) FROM cases WHERE address = ''", &rows_ms);
    if (!e) e = time_of(db, "SELECT count(*) FROM case_events WHERE reason = 'x'", &events_ms);
    if (!e)
        printf("{\"sqlite_covering_count_ms\": %.2f, \"sqlite_read_every_case_ms\": %.2f, "
               "\"sqlite_read_every_event_ms\": %.2f}\n",
               count_ms, rows_ms, events_ms);
    return e;
}

int main(int argc, char **argv)
{
    struct filling f = {.count = argc == 4 ? (uint32_t)strtoul(argv[1], NULL, 10) : 0,
                        .now_ms = clock_utc_ms(),
                        .random = 1};
    struct datadir *dir = NULL;
    struct db *db = NULL;
    struct kinds *kinds = NULL;
    struct why why = {""};
    char folder[512];
    if (!f.count) return 2;
    (void)snprintf(folder, sizeof folder, "%s/kinds", argv[3]);
    clusters_init(&f.clusters);
    enum err e = secrets_init();
    if (!e) e = kinds_load(folder, NULL, &kinds, &why);
    if (!e) e = datadir_open(argv[2], DATADIR_VISIT, &dir, &why);
    if (!e) e = datadir_database(dir, DB_CREATE, &db, &why);
    if (!e) e = blobs_put(dir, "photo", 5, f.blob, &why);
    f.kind = e ? NULL : kinds_find(kinds, "report");
    if (!e && (e = db_write(db, fill, &f))) err_say(&why, e, "%s", db_error(db));
    if (!e) e = measure(db);
    db_close(db);
    datadir_close(dir);
    kinds_free(kinds);
    if (e) (void)fprintf(stderr, "bench_queue: %s\n", why.text);
    return e != ERR_OK;
}
