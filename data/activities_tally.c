#include "data/activities_tally.h"

#include "geo/base/arena.h"
#include "geo/base/zone.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { KIND, AREA, FROM, FIRST };

static const char *const names[ACTIVITIES_TALLY_BYS] = {"none", "kind", "area", "month"};

const char *activities_tally_by_name(enum activities_tally_by by)
{
    return names[by];
}

struct folding {
    const struct activities_tally_filter *filter;
    struct arena *arena;
    struct activities_tally *total, *groups;
    size_t count;
};

static void write_month(int64_t ms, char *key, size_t size)
{
    time_t day = (time_t)zone_time_of(ms).day * 86400;
    struct tm tm;
    if (!gmtime_r(&day, &tm) || !strftime(key, size, "%Y-%m", &tm)) key[0] = '\0';
}

static void write_key(const struct folding *f, struct db_query *q, char *key, size_t size)
{
    if (f->filter->by == ACTIVITIES_TALLY_KIND)
        (void)snprintf(key, size, "%s", db_text(q, KIND));
    else if (f->filter->by == ACTIVITIES_TALLY_AREA)
        (void)snprintf(key, size, "%" PRId64, db_int(q, AREA));
    else
        write_month(db_int(q, FROM), key, size);
}

/* The group of the present row; NULL where there are none. */
static enum err group_of(struct folding *f, struct db_query *q, struct activities_tally **group)
{
    struct activities_tally fresh = {.key = ""};
    *group = NULL;
    if (f->filter->by == ACTIVITIES_TALLY_NONE) return ERR_OK;
    write_key(f, q, fresh.key, sizeof fresh.key);
    for (size_t i = 0; i < f->count; i++)
        if (strcmp(f->groups[i].key, fresh.key) == 0) {
            *group = &f->groups[i];
            return ERR_OK;
        }
    if (f->count == ACTIVITIES_TALLY_GROUPS) return ERR_LIMIT;
    f->groups[f->count] = fresh;
    *group = &f->groups[f->count++];
    return ERR_OK;
}

static void count_row(struct activities_tally *to, struct db_query *q)
{
    if (!to) return;
    to->activities++;
    to->signed_up += db_int(q, FIRST);
    to->attended += db_int(q, FIRST + 1);
    to->confirmed += db_int(q, FIRST + 2);
}

static enum err count_number(const struct folding *f, struct activities_tally *to,
                             struct db_query *q)
{
    if (!to) return ERR_OK;
    if (!to->numbers)
        to->numbers = arena_calloc(f->arena, ACTIVITIES_TALLY_NUMBERS, sizeof *to->numbers);
    if (!to->numbers) return ERR_NOMEM;
    for (size_t i = 0; i < to->number_count; i++)
        if (strcmp(to->numbers[i].code, db_text(q, FIRST)) == 0) {
            to->numbers[i].number += db_int(q, FIRST + 1);
            return ERR_OK;
        }
    if (to->number_count == ACTIVITIES_TALLY_NUMBERS) return ERR_LIMIT;
    const char *code = arena_strdup(f->arena, db_text(q, FIRST));
    if (!code) return ERR_NOMEM;
    to->numbers[to->number_count++] = (struct activities_tally_number){code, db_int(q, FIRST + 1)};
    return ERR_OK;
}

#define WANTED                                                                                     \
    "a.state NOT IN ('draft', 'cancelled') AND a.from_ms >= :from AND a.from_ms < :to AND (:kind " \
    "IS NULL OR a.kind = :kind) AND (:area = 0 OR a.area_id IN (WITH RECURSIVE below (id) AS "     \
    "(SELECT :area UNION SELECT x.id FROM areas x JOIN below ON x.parent_id = below.id) SELECT "   \
    "id FROM below)) "

static enum err prepare(struct db *db, const char *sql, const struct activities_tally_filter *f,
                        struct db_query **q)
{
    enum err e = db_prepare(db, sql, q);
    if (e) return e;
    db_bind_int(*q, ":from", f->from_ms);
    db_bind_int(*q, ":to", f->to_ms);
    db_bind_text(*q, ":kind", f->kind);
    db_bind_int(*q, ":area", f->area_id);
    return ERR_OK;
}

static enum err fold_activities(struct db *db, struct folding *f)
{
    struct activities_tally *group = NULL;
    struct db_query *q;
    bool row = false;
    enum err e = prepare(db,
                         "SELECT a.kind, a.area_id, a.from_ms, count(CASE WHEN s.state IN "
                         "('signed', 'attended', 'confirmed') THEN 1 END), count(CASE WHEN s.state "
                         "IN ('attended', 'confirmed') THEN 1 END), count(CASE s.state WHEN "
                         "'confirmed' THEN 1 END) FROM activities a LEFT JOIN activity_signups s "
                         "ON s.activity_id = a.id WHERE " WANTED "GROUP BY a.id",
                         f->filter, &q);
    if (e) return e;
    while (!(e = db_step(q, &row)) && row) {
        if ((e = group_of(f, q, &group))) break;
        count_row(f->total, q);
        count_row(group, q);
    }
    db_done(q);
    return e;
}

static enum err fold_numbers(struct db *db, struct folding *f)
{
    struct activities_tally *group = NULL;
    struct db_query *q;
    bool row = false;
    enum err e =
        prepare(db,
                "SELECT a.kind, a.area_id, a.from_ms, n.code, sum(n.number) FROM activities a JOIN "
                "activity_signups s ON s.activity_id = a.id JOIN activity_numbers n ON n.signup_id "
                "= s.id WHERE s.state = 'confirmed' AND " WANTED "GROUP BY a.id, n.code",
                f->filter, &q);
    if (e) return e;
    while (!(e = db_step(q, &row)) && row) {
        e = group_of(f, q, &group);
        if (!e) e = count_number(f, f->total, q);
        if (!e) e = count_number(f, group, q);
        if (e) break;
    }
    db_done(q);
    return e;
}

static int by_key(const void *a, const void *b)
{
    const struct activities_tally *x = a, *y = b;
    return strcmp(x->key, y->key);
}

/* Both statements see one state. */
static enum err read_both(struct db *db, void *user)
{
    struct folding *f = user;
    enum err e = fold_activities(db, f);
    return e ? e : fold_numbers(db, f);
}

enum err activities_tally_read(struct db *db, const struct activities_tally_filter *filter,
                               struct arena *arena, struct activities_tally *total,
                               const struct activities_tally **groups, size_t *count)
{
    *total = (struct activities_tally){.key = ""};
    struct folding f = {.filter = filter,
                        .arena = arena,
                        .total = total,
                        .groups = arena_calloc(arena, ACTIVITIES_TALLY_GROUPS, sizeof *f.groups)};
    if (!f.groups) return ERR_NOMEM;
    enum err e = db_read(db, read_both, &f);
    if (e) return e;
    qsort(f.groups, f.count, sizeof *f.groups, by_key);
    *groups = f.groups;
    *count = f.count;
    return ERR_OK;
}
