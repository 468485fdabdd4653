#include "data/cases_figures.h"

#include "data/cases_branch.h"
#include "data/cases_where.h"
#include "geo/base/zone.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { SLOTS = 4096, KEY = CASES_UNIT_MAX * 4 + 1, FIRST_SPANS = 4096, SATISFIED = 4 };

/* How long one case was in one step. */
struct span {
    uint32_t row, step;
    int64_t ms;
};

struct work {
    const struct kinds *kinds;
    const struct kinds_kind *kind;
    struct worktime worktime;
    enum cases_figures_by by;
    int64_t now_ms;
    struct arena *arena;
    struct cases_figures *total;
    struct cases_figures_row *rows;
    size_t count;
    uint32_t slots[SLOTS]; /* of rows by the hash of their keys, one more; 0: free */
    struct cases_branch branches;
    struct span *spans;
    size_t span_count, span_room;
    struct why *why;
};

/* What a case's row says; `due_first_ms` is its first event's. */
struct one {
    int64_t id;
    char key[KEY];
    char state[64];
    int64_t created_ms, closed_ms, due_first_ms;
    int64_t answer_by_ms, answered_ms, supports;
    struct cases_due due;
    int rating;
    struct cases_life life;
};

/* ---- rows ------------------------------------------------------------------------------------ */

/* FNV-1a. */
static uint32_t hash_of(const char *key)
{
    uint32_t h = 2166136261u;
    for (; *key; key++)
        h = (h ^ (unsigned char)*key) * 16777619u;
    return h;
}

/* Fewer rows than slots: there is always a free one. */
static enum err find_row(struct work *w, const char *key, uint32_t *row)
{
    uint32_t at = hash_of(key) % SLOTS;
    for (; w->slots[at]; at = (at + 1) % SLOTS)
        if (strcmp(w->rows[w->slots[at] - 1].key, key) == 0) {
            *row = w->slots[at] - 1;
            return ERR_OK;
        }
    if (w->count == CASES_FIGURES_ROWS)
        return err_say(w->why, ERR_LIMIT, "there are more than %d rows: ask for less of them",
                       CASES_FIGURES_ROWS);
    w->rows[w->count].key = arena_strdup(w->arena, key);
    if (!w->rows[w->count].key) return ERR_NOMEM;
    *row = (uint32_t)w->count++;
    w->slots[at] = *row + 1;
    return ERR_OK;
}

static int by_key(const void *a, const void *b)
{
    const char *x = ((const struct cases_figures_row *)a)->key;
    const char *y = ((const struct cases_figures_row *)b)->key;
    return strcmp(x, y);
}

/* Ids without zeros in front: the longer one is more. */
static int by_number(const void *a, const void *b)
{
    size_t x = strlen(((const struct cases_figures_row *)a)->key);
    size_t y = strlen(((const struct cases_figures_row *)b)->key);
    return x != y ? (x > y) - (x < y) : by_key(a, b);
}

/* ---- one case -------------------------------------------------------------------------------- */

/* By when staff should have taken it up; 0: there is no such time. */
static int64_t respond_by(const struct work *w, const struct one *c)
{
    int64_t by_ms = 0;
    if (!w->kind->respond_min) return c->due_first_ms;
    return worktime_due(&w->worktime, c->created_ms, w->kind->respond_min, &by_ms) ? 0 : by_ms;
}

/* Not later than that many minutes are never more of work, which spares looking at hours. */
static bool is_soon(const struct work *w, const struct one *c, int64_t at_ms)
{
    if (w->kind->respond_min && at_ms - c->created_ms <= w->kind->respond_min * 60000) return true;
    int64_t by_ms = respond_by(w, c);
    return !by_ms || at_ms <= by_ms;
}

static int64_t closed_at(const struct one *c)
{
    return c->closed_ms ? c->closed_ms : c->life.since_ms;
}

/* Who waits no longer than staff may take has no answer owed yet, nor has who gave up before. */
static void count_response(const struct work *w, const struct one *c, enum cases_outcome outcome,
                           struct cases_figures *f)
{
    int64_t taken_ms = c->life.taken_up_ms;
    f->taken_up += taken_ms != 0;
    int64_t closed_ms = outcome == CASES_OPEN ? w->now_ms : closed_at(c);
    bool soon = is_soon(w, c, taken_ms ? taken_ms : closed_ms);
    f->taken_up_in_time += taken_ms && soon;
    f->response_owed += taken_ms || !soon;
}

static void count_open(const struct work *w, const struct one *c, struct cases_figures *f)
{
    enum cases_due_state due =
        cases_due_at(&c->due, kinds_state(w->kind, c->state), w->now_ms, w->now_ms);
    f->open++;
    f->paused += c->life.state && c->life.state->paused;
    f->overdue += due == CASES_DUE_OVERDUE;
    f->solution_owed += due == CASES_DUE_OVERDUE;
    f->on_time_owed += due == CASES_DUE_OVERDUE;
}

/* A deadline that waited when the case was closed was kept. */
static void count_solved(const struct one *c, struct cases_figures *f)
{
    f->solved++;
    f->solution_owed++;
    if (!c->due.due_ms && !c->due.left_min) return;
    f->on_time_owed++;
    f->in_time += c->due.left_min || closed_at(c) <= c->due.due_ms;
}

/* An answer is owed to whom waited for it long enough, or had it; not to who gave up before. */
static void count_answer(const struct work *w, const struct one *c, enum cases_outcome outcome,
                         struct cases_figures *f)
{
    int64_t until_ms = outcome == CASES_WITHDRAWN ? closed_at(c) : w->now_ms;
    if (!c->answer_by_ms || !(c->answered_ms || c->answer_by_ms <= until_ms)) return;
    f->answer_owed++;
    f->answered_in_time += c->answered_ms && c->answered_ms <= c->answer_by_ms;
}

static void count_decision(const struct one *c, enum cases_outcome outcome, struct cases_figures *f)
{
    bool counts = outcome != CASES_DUPLICATE && outcome != CASES_WITHDRAWN;
    f->adopted += counts && c->life.adopted;
    f->decided += counts && (c->life.adopted || outcome != CASES_OPEN);
    if (outcome != CASES_DUPLICATE) f->supports += c->supports;
}

static void count(const struct work *w, const struct one *c, struct cases_figures *f)
{
    enum cases_outcome outcome = cases_life_outcome(w->kind, c->state);
    f->received++;
    f->refused += outcome == CASES_REFUSED;
    f->solution_owed += outcome == CASES_REFUSED;
    f->duplicates += outcome == CASES_DUPLICATE;
    f->withdrawn += outcome == CASES_WITHDRAWN;
    if (outcome == CASES_OPEN) count_open(w, c, f);
    if (outcome == CASES_SOLVED) count_solved(c, f);
    f->reopened += c->life.reopened > 0;
    f->rated += c->rating > 0;
    f->satisfied += c->rating >= SATISFIED;
    count_response(w, c, outcome, f);
    count_answer(w, c, outcome, f);
    count_decision(c, outcome, f);
}

static enum err add_span(struct work *w, struct span span)
{
    if (w->span_count == w->span_room) {
        size_t room = w->span_room ? 2 * w->span_room : FIRST_SPANS;
        struct span *grown = realloc(w->spans, room * sizeof *grown);
        if (!grown) return ERR_NOMEM;
        w->spans = grown;
        w->span_room = room;
    }
    w->spans[w->span_count++] = span;
    return ERR_OK;
}

static enum err end_case(struct work *w, const struct one *c)
{
    uint32_t row = 0;
    enum err e = ERR_OK;
    if (!c->id) return ERR_OK;
    if (w->total->received == CASES_FIGURES_MAX)
        return err_say(w->why, ERR_LIMIT, "there are more than %d cases: ask for less of them",
                       CASES_FIGURES_MAX);
    count(w, c, w->total);
    if (w->by) {
        e = find_row(w, c->key, &row);
        if (!e) count(w, c, &w->rows[row].figures);
    }
    for (uint32_t step = 0; step <= CASES_LIFE_STEPS && !e; step++)
        if (cases_life_left(&c->life, (int)step))
            e = add_span(
                w, (struct span){row, step, step ? c->life.spent_ms[step] : c->life.paused_ms});
    return e;
}

/* ---- reading --------------------------------------------------------------------------------- */

enum {
    ID,
    AT,
    FROM,
    TO,
    ACTOR,
    DUE_THEN,
    STATE,
    CATEGORY,
    AREA,
    UNIT,
    CREATED,
    CLOSED,
    DUE,
    LEFT,
    RATING,
    ANSWER_BY,
    ANSWERED,
    SUPPORTS
};

static void write_sql(struct cases_where_sql *sql, const struct cases_where *where)
{
    cases_where_add(
        sql, "SELECT c.id, e.at_ms, e.from_state, e.to_state, e.actor, e.due_ms, c.state, "
             "c.category, c.area_id, c.unit, c.created_ms, c.closed_ms, c.due_ms, c.left_min, "
             "c.rating, c.answer_by_ms, c.answered_ms, c.supports FROM cases c LEFT JOIN "
             "case_events e ON e.case_id = c.id AND e.verb IN "
             "('created', 'moved') WHERE TRUE");
    cases_where_write(sql, where);
    cases_where_add(sql, " ORDER BY c.id, e.id");
}

static void write_month(int64_t ms, char key[KEY])
{
    time_t day = (time_t)zone_time_of(ms).day * 86400;
    struct tm tm;
    if (!gmtime_r(&day, &tm) || !strftime(key, KEY, "%Y-%m", &tm)) key[0] = '\0';
}

static void write_area(int64_t area, char key[KEY])
{
    if (area) (void)snprintf(key, KEY, "%lld", (long long)area);
}

static void write_key(const struct work *w, struct db_query *q, char key[KEY])
{
    key[0] = '\0';
    switch (w->by) {
    case CASES_BY_AREA:
        write_area(db_int(q, AREA), key);
        break;
    case CASES_BY_BRANCH:
        write_area(cases_branch_of(&w->branches, db_int(q, AREA)), key);
        break;
    case CASES_BY_CATEGORY:
        (void)snprintf(key, KEY, "%s", db_text(q, CATEGORY));
        break;
    case CASES_BY_MONTH:
        write_month(db_int(q, CREATED), key);
        break;
    case CASES_BY_UNIT:
        (void)snprintf(key, KEY, "%s", db_text(q, UNIT));
        break;
    case CASES_BY_NONE:
        break;
    }
}

static void begin_case(const struct work *w, struct db_query *q, struct one *c)
{
    *c = (struct one){.id = db_int(q, ID),
                      .created_ms = db_int(q, CREATED),
                      .closed_ms = db_int(q, CLOSED),
                      .due_first_ms = db_int(q, DUE_THEN),
                      .due = {db_int(q, DUE), db_int(q, LEFT)},
                      .rating = (int)db_int(q, RATING),
                      .answer_by_ms = db_int(q, ANSWER_BY),
                      .answered_ms = db_int(q, ANSWERED),
                      .supports = db_int(q, SUPPORTS)};
    (void)snprintf(c->state, sizeof c->state, "%s", db_text(q, STATE));
    write_key(w, q, c->key);
    cases_life_begin(&c->life, w->kind);
}

static enum err read_all(struct work *w, struct db_query *q)
{
    struct one c = {0};
    bool row = false;
    enum err e;
    while (!(e = db_step(q, &row)) && row) {
        if (db_int(q, ID) != c.id) {
            if ((e = end_case(w, &c))) return e;
            begin_case(w, q, &c);
        }
        if (!db_is_null(q, AT))
            cases_life_add(&c.life, db_int(q, AT), db_text(q, FROM), db_text(q, TO),
                           db_text(q, ACTOR));
    }
    return e ? e : end_case(w, &c);
}

static enum err read_cases(struct work *w, struct db *db, const struct cases_filter *filter)
{
    struct cases_where_sql sql = {.len = 0};
    struct cases_where where;
    struct db_query *q;
    enum err e = cases_where_init(&where, filter, w->kinds, w->arena);
    if (e) return e;
    write_sql(&sql, &where);
    e = db_prepare(db, sql.text, &q);
    if (e) return e;
    cases_where_bind(q, &where);
    e = read_all(w, q);
    db_done(q);
    return e;
}

/* ---- medians --------------------------------------------------------------------------------- */

static int by_step(const void *a, const void *b)
{
    const struct span *x = a, *y = b;
    if (x->step != y->step) return (x->step > y->step) - (x->step < y->step);
    return (x->ms > y->ms) - (x->ms < y->ms);
}

static int by_row(const void *a, const void *b)
{
    const struct span *x = a, *y = b;
    return x->row != y->row ? (x->row > y->row) - (x->row < y->row) : by_step(a, b);
}

/* Of spans in order; of an even count the mean of the two in the middle. */
static void set_median(struct cases_figures *f, const struct span *spans, size_t n)
{
    size_t low = (n - 1) / 2, high = n / 2;
    f->median_h[spans[0].step] = (double)(spans[low].ms + spans[high].ms) / 2 / 3600000;
    f->median_of[spans[0].step] = (int64_t)n;
}

static void set_medians(struct work *w)
{
    if (!w->span_count) return;
    qsort(w->spans, w->span_count, sizeof *w->spans, by_step);
    for (size_t i = 0, end; i < w->span_count; i = end) {
        for (end = i; end < w->span_count && w->spans[end].step == w->spans[i].step;)
            end++;
        set_median(w->total, &w->spans[i], end - i);
    }
    if (!w->by) return;
    qsort(w->spans, w->span_count, sizeof *w->spans, by_row);
    for (size_t i = 0, end; i < w->span_count; i = end) {
        for (end = i; end < w->span_count && w->spans[end].row == w->spans[i].row &&
                      w->spans[end].step == w->spans[i].step;)
            end++;
        set_median(&w->rows[w->spans[i].row].figures, &w->spans[i], end - i);
    }
}

static bool is_area(enum cases_figures_by by)
{
    return by == CASES_BY_AREA || by == CASES_BY_BRANCH;
}

enum err cases_figures_find(struct db *db, const struct cases_filter *filter,
                            const struct kinds *kinds, enum cases_figures_by by, int64_t now_ms,
                            struct arena *arena, struct cases_figures *total,
                            const struct cases_figures_row **rows, size_t *count_of,
                            struct why *why)
{
    struct cases_figures all = {0};
    struct work *w = arena_calloc(arena, 1, sizeof *w);
    if (!w) return ERR_NOMEM;
    w->kinds = kinds;
    w->kind = kinds_find(kinds, filter->kind);
    w->by = by;
    w->now_ms = now_ms;
    w->arena = arena;
    w->total = &all;
    w->rows = arena_calloc(arena, by ? CASES_FIGURES_ROWS : 1, sizeof *w->rows);
    w->why = why;
    if (!w->rows) return ERR_NOMEM;
    if (!w->kind) return ERR_NOTFOUND;
    w->worktime = kinds_work(kinds, w->kind);
    enum err e = by == CASES_BY_BRANCH ? cases_branch_read(db, arena, &w->branches) : ERR_OK;
    if (!e) e = read_cases(w, db, filter);
    if (!e) set_medians(w);
    free(w->spans);
    if (e) return e;
    qsort(w->rows, w->count, sizeof *w->rows, is_area(by) ? by_number : by_key);
    *total = all;
    *rows = w->rows;
    *count_of = w->count;
    return ERR_OK;
}
