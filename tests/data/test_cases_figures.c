#include "tests/data/store.h"

#include "data/cases_branch.h"
#include "data/cases_figures.h"
#include "data/cases_forget.h"
#include "data/cases_heat.h"
#include "geo/base/zone.h"
#include "geo/tile/mercator.h"

#include <math.h>

enum { CASES = 300, MOVES = 40 };
static const int64_t hour_ms = 3600000, start_ms = INT64_C(1790000000000); /* in September 2026 */

/* ---- a random life ---- */

static void make_areas(struct db *db)
{
    assert_ok(db_exec(
        db, "INSERT INTO areas (source, source_id, level, created_ms, updated_ms, geom) SELECT "
            "'t', v.column1, 8, 0, 0, ST_GeomFromText('MULTIPOLYGON(((0 0, 1 0, 1 1, 0 0)))', "
            "4326) FROM (VALUES ('1'), ('2'), ('3'), ('4'), ('5'), ('6'), ('7'), ('8'), ('9'), "
            "('10'), ('11')) v"));
}

static struct cases_case random_case(struct store *s, const char *kind, uint64_t *seed)
{
    static const char *const categories[] = {"lamp", "bin", "collapse"};
    struct cases_new fresh = store_report();
    fresh.kind = kind;
    fresh.category = categories[random_below(seed, 3)];
    if (strcmp(kind, "report") != 0)
        fresh.category = kinds_find(s->kinds, kind)->categories[0].code;
    fresh.area_id = random_below(seed, 12);
    fresh.now_ms = start_ms + (int64_t)random_below(seed, 90 * 24 * 60) * 60000;
    fresh.at = (struct coord){116.3 + random_unit(seed) * 0.1, 39.9 + random_unit(seed) * 0.1};
    return store_created(s, &fresh);
}

/* A move of the table, by one of those who may, with what it owes. Not all can be: then the case
 * stays as it is. */
static bool random_move(struct store *s, struct cases_case *c, const char *original, uint64_t *seed)
{
    const struct kinds_kind *kind = kinds_find(s->kinds, c->kind);
    const struct kinds_move *moves[64];
    unsigned char bytes[64];
    size_t n = 0;
    for (size_t i = 0; i < kind->move_count && n < 64; i++)
        if (strcmp(kind->states[kind->moves[i].from].code, c->state) == 0)
            moves[n++] = &kind->moves[i];
    if (!n) return false;
    const struct kinds_move *move = moves[random_below(seed, (uint32_t)n)];
    const struct kinds_state *to = &kind->states[move->to];
    bool opens = to->open && !kind->states[move->from].open;
    /* Most go on, and end there. */
    if ((opens || (!to->open && !to->step)) && random_below(seed, 16)) return false;
    const struct photos_clean photo = store_photo(bytes, random_next(seed));
    unsigned by = move->by;
    while (by & (by - 1))
        by &= by - 1; /* one of them */
    struct cases_acting acting = {.public_id = c->public_id,
                                  .to = kind->states[move->to].code,
                                  .version = c->version,
                                  .actor = {random_below(seed, 2) ? by : move->by & -move->by, 0},
                                  .reason = move->reason ? "x" : NULL,
                                  .duplicate_of = move->link ? original : NULL,
                                  .rating = move->rating ? 1 + (int)random_below(seed, 5) : 0,
                                  .unit = move->owner && random_below(seed, 8) ? "市政" : NULL,
                                  .photos = &photo,
                                  .photo_count = move->proof,
                                  .now_ms = c->updated_ms + random_below(seed, 200) * hour_ms / 8};
    if (move->deadline) acting.due_ms = acting.now_ms + (1 + random_below(seed, 99)) * hour_ms;
    struct cases_acted acted;
    struct why why = {""};
    if (cases_act(s->db, s->dir, s->kinds, &acting, NULL, &s->arena, &acted, &why)) return false;
    *c = acted.now;
    return true;
}

struct forget {
    int64_t id;
};
static enum err forget(struct db *db, void *user)
{
    int64_t photos;
    return cases_forget_all(db, ((struct forget *)user)->id, false, start_ms, &photos);
}

static enum err give_unit(struct store *s, struct cases_case *c, const char *unit)
{
    struct why why = {""};
    struct cases_acting acting = {.public_id = c->public_id,
                                  .verb = CASES_assigned,
                                  .version = c->version,
                                  .actor = {KINDS_ROLE(city_admin), 0},
                                  .unit = unit,
                                  .now_ms = c->updated_ms};
    return store_act(s->db, s->kinds, &acting, &s->arena, c, &why);
}

static void live(struct store *s, const char *kind, uint64_t *seed)
{
    static const char *const units[] = {"市政", "园林", ""};
    char original[32] = "";
    for (int i = 0; i < CASES; i++) {
        struct cases_case c = random_case(s, kind, seed);
        if (random_below(seed, 2)) assert_ok(give_unit(s, &c, units[random_below(seed, 3)]));
        uint32_t moves = random_below(seed, MOVES);
        for (uint32_t m = 0; m < moves; m++)
            (void)random_move(s, &c, original, seed);
        struct forget one = {c.id};
        if (c.closed_ms && random_below(seed, 4) == 0) assert_ok(db_write(s->db, forget, &one));
        if (!c.duplicate_of[0] && random_below(seed, 3) == 0)
            (void)snprintf(original, sizeof original, "%s", c.public_id);
    }
}

/* ---- the same, plainly ---- */

struct plain {
    struct cases_case c;
    const struct cases_event *events;
    size_t count;
};

static bool is_moving(const struct cases_event *event)
{
    return strcmp(event->verb, "created") == 0 || strcmp(event->verb, "moved") == 0;
}

/* What an office does with a closed case is told by the code of its state here. */
static bool is(const struct plain *p, const char *codes)
{
    char code[80];
    (void)snprintf(code, sizeof code, " %s ", p->c.state);
    return strstr(codes, code) != NULL;
}

/* The time in a step, or -1 for one in which the case never was or still is. */
static double hours_in(const struct kinds_kind *kind, const struct plain *p, int step)
{
    double sum = 0;
    bool been = false, last_in = false;
    const struct cases_event *last = NULL;
    for (size_t i = 0; i <= p->count; i++) {
        const struct cases_event *event = i < p->count ? &p->events[i] : NULL;
        if (event && !is_moving(event)) continue;
        bool in = false;
        if (last) {
            const struct kinds_state *was = kinds_state(kind, last->to);
            in = step == 0 ? was->paused : was->open && !was->paused && was->step == step;
            if (step == 7)
                in = strcmp(last->to, "closed") == 0 && event && strcmp(event->to, "rated") == 0;
        }
        if (in && event) sum += (double)(event->at_ms - last->at_ms) / 3600000;
        been = been || (in && event);
        last_in = in;
        last = event ? event : last;
    }
    return been && !last_in ? sum : -1;
}

static void count_plainly(const struct kinds *kinds, const struct kinds_kind *kind,
                          const struct plain *p, int64_t now_ms, struct cases_figures *f)
{
    const struct worktime work = kinds_work(kinds, kind);
    const struct kinds_state *state = kinds_state(kind, p->c.state);
    bool solved = is(p, " closed rated "), refused = is(p, " rejected declined ");
    bool repeats = is(p, " duplicate "), withdrawn = is(p, " withdrawn "), adopted = false;
    bool late = state->open && p->c.due.due_ms && p->c.due.due_ms <= now_ms;
    int64_t taken = 0, due, ended = now_ms;
    bool reopened = false;
    for (size_t i = 0; i < p->count; i++) {
        const struct cases_event *event = &p->events[i];
        if (strcmp(event->verb, "moved") != 0) continue;
        bool office = strcmp(event->actor, "reporter") != 0 && strcmp(event->actor, "joiner") != 0;
        if (!taken && office) taken = event->at_ms;
        adopted |= strcmp(event->to, strcmp(kind->code, "opinion") ? "adopted" : "handling") == 0;
        reopened = reopened || strcmp(event->to, "reopened") == 0;
        if (!state->open) ended = event->at_ms;
    }
    if (p->c.closed_ms) ended = p->c.closed_ms;
    assert_ok(worktime_due(&work, p->c.created_ms, kind->respond_min, &due));
    f->received++;
    f->open += state->open;
    f->solved += solved;
    f->refused += refused;
    f->duplicates += repeats;
    f->withdrawn += withdrawn;
    f->overdue += late;
    f->paused += state->paused;
    f->taken_up += taken > 0;
    f->taken_up_in_time += taken && taken <= due;
    f->response_owed += taken ? 1 : ended > due;
    f->solution_owed += solved || refused || late;
    bool had_due = p->c.due.due_ms || p->c.due.left_min;
    f->on_time_owed += late || (solved && had_due);
    f->in_time += solved && had_due && (p->c.due.left_min || ended <= p->c.due.due_ms);
    f->rated += p->c.rating > 0;
    f->satisfied += p->c.rating >= 4;
    f->reopened += reopened;
    f->adopted += adopted && !repeats && !withdrawn;
    f->decided += (adopted && !repeats && !withdrawn) || solved || refused;
    f->supports += repeats ? 0 : p->c.supports;
    bool owed = p->c.answer_by_ms &&
                (p->c.answered_ms || p->c.answer_by_ms <= (withdrawn ? ended : now_ms));
    f->answer_owed += owed;
    f->answered_in_time += owed && p->c.answered_ms && p->c.answered_ms <= p->c.answer_by_ms;
}

static int by_size(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static void key_of(const struct plain *p, enum cases_figures_by by, char key[64])
{
    int64_t day = p->c.created_ms / hour_ms + 8; /* Shanghai's clocks */
    time_t seconds = (time_t)(day * 3600);
    struct tm tm;
    (void)snprintf(key, 64, "%s",
                   by == CASES_BY_CATEGORY ? p->c.category
                   : by == CASES_BY_UNIT   ? p->c.unit
                                           : "");
    if (by == CASES_BY_AREA && p->c.area_id)
        (void)snprintf(key, 64, "%lld", (long long)p->c.area_id);
    if (by == CASES_BY_MONTH && gmtime_r(&seconds, &tm)) (void)strftime(key, 64, "%Y-%m", &tm);
}

static void same(const struct kinds *kinds, const struct kinds_kind *kind,
                 const struct plain *plain, size_t n, enum cases_figures_by by, const char *key,
                 int64_t now_ms, const struct cases_figures *got)
{
    struct cases_figures want = {0};
    double *hours = calloc(n, sizeof *hours);
    char own[64];
    assert_non_null(hours);
    for (size_t i = 0; i < n; i++) {
        key_of(&plain[i], by, own);
        if (!key || strcmp(own, key) == 0) count_plainly(kinds, kind, &plain[i], now_ms, &want);
    }
    for (int step = 0; step <= CASES_LIFE_STEPS; step++) {
        size_t m = 0;
        for (size_t i = 0; i < n; i++) {
            key_of(&plain[i], by, own);
            double h = hours_in(kind, &plain[i], step);
            if (h >= 0 && (!key || strcmp(own, key) == 0)) hours[m++] = h;
        }
        qsort(hours, m, sizeof *hours, by_size);
        double median = m ? (hours[(m - 1) / 2] + hours[m / 2]) / 2 : 0;
        assert_int_equal(got->median_of[step], m);
        assert_true(fabs(got->median_h[step] - median) < 1e-6);
    }
    memcpy(want.median_h, got->median_h, sizeof want.median_h);
    memcpy(want.median_of, got->median_of, sizeof want.median_of);
    assert_memory_equal(&want, got, sizeof want);
    free(hours);
}

static struct plain *read_plainly(struct store *s, const char *kind, size_t *n)
{
    const struct cases_case *cases;
    struct plain *plain = calloc(2 * CASES, sizeof *plain);
    bool more = true;
    assert_non_null(plain);
    struct cases_filter filter = {.kind = kind, .limit = 500};
    assert_ok(cases_list(s->db, &filter, s->kinds, &s->arena, &cases, n, &more));
    assert_false(more);
    for (size_t i = 0; i < *n; i++) {
        plain[i].c = cases[i];
        assert_ok(cases_history(s->db, cases[i].id, &s->arena, &plain[i].events, &plain[i].count));
    }
    return plain;
}

static void hold(struct store *s, const char *code)
{
    const struct kinds_kind *kind = kinds_find(s->kinds, code);
    size_t n = 0, count, sum;
    struct why why = {""};
    int64_t now_ms = start_ms + 100 * 24 * hour_ms;
    struct plain *plain = read_plainly(s, code, &n);
    assert_int_equal(n, CASES);
    for (int by = CASES_BY_NONE; by <= CASES_BY_UNIT; by++) {
        struct cases_figures total;
        const struct cases_figures_row *rows;
        const struct cases_filter filter = {.kind = code};
        assert_ok(cases_figures_find(s->db, &filter, s->kinds, (enum cases_figures_by)by, now_ms,
                                     &s->arena, &total, &rows, &count, &why));
        same(s->kinds, kind, plain, n, CASES_BY_NONE, NULL, now_ms, &total);
        assert_int_equal(total.received, total.open + total.solved + total.refused +
                                             total.duplicates + total.withdrawn);
        if (!by)
            printf("%s: %d solved, %d overdue, %d rated, %d reopened\n", code, (int)total.solved,
                   (int)total.overdue, (int)total.rated, (int)total.reopened);
        assert_true(total.solved > 0 && total.overdue > 0 && total.rated > 0);
        sum = 0;
        for (size_t i = 0; i < count; i++) {
            same(s->kinds, kind, plain, n, (enum cases_figures_by)by, rows[i].key, now_ms,
                 &rows[i].figures);
            sum += (size_t)rows[i].figures.received;
        }
        assert_int_equal(sum, by ? n : 0);
    }
    free(plain);
}

TEST(figures_are_those_of_a_plain_recomputation_over_random_lives)
{
    uint64_t seed = random_seed();
    struct store s = store_fresh();
    struct why why = {""};
    assert_ok(zone_use("Asia/Shanghai", &why));
    make_areas(s.db);
    live(&s, "report", &seed);
    live(&s, "opinion", &seed);
    live(&s, "proposal", &seed);
    hold(&s, "report");
    hold(&s, "opinion");
    hold(&s, "proposal");
    store_close(&s);
    scratch_remove();
}

TEST(rows_come_in_order_and_filters_narrow_them)
{
    struct store s = store_fresh();
    struct cases_figures total;
    const struct cases_figures_row *rows;
    size_t count;
    struct why why = {""};
    static const int64_t areas[] = {10, 2, 0, 2};
    make_areas(s.db);
    for (size_t i = 0; i < 4; i++) {
        struct cases_new fresh = store_report();
        fresh.area_id = areas[i];
        fresh.now_ms = start_ms + (int64_t)i;
        store_created(&s, &fresh);
    }
    struct cases_filter filter = {.kind = "report"};
    assert_ok(cases_figures_find(s.db, &filter, s.kinds, CASES_BY_AREA, start_ms, &s.arena, &total,
                                 &rows, &count, &why));
    assert_int_equal(count, 3);
    assert_string_equal(rows[0].key, "");
    assert_string_equal(rows[1].key, "2");
    assert_int_equal(rows[1].figures.received, 2);
    assert_string_equal(rows[2].key, "10");
    filter.created_from_ms = start_ms + 1;
    filter.created_before_ms = start_ms + 3;
    assert_ok(cases_figures_find(s.db, &filter, s.kinds, CASES_BY_NONE, start_ms, &s.arena, &total,
                                 &rows, &count, &why));
    assert_int_equal(total.received, 2);
    assert_int_equal(count, 0);
    filter = (struct cases_filter){.kind = "report", .areas_limited = true};
    assert_ok(cases_figures_find(s.db, &filter, s.kinds, CASES_BY_UNIT, start_ms, &s.arena, &total,
                                 &rows, &count, &why));
    assert_int_equal(total.received, 0);
    filter = (struct cases_filter){.kind = "castle"};
    assert_err(cases_figures_find(s.db, &filter, s.kinds, CASES_BY_NONE, start_ms, &s.arena, &total,
                                  &rows, &count, &why),
               ERR_NOTFOUND);
    store_close(&s);
    scratch_remove();
}

TEST(the_branches_of_an_area_answer_for_it_and_for_what_lies_below)
{
    static const int64_t areas[] = {2, 5, 7, 9, 0};
    struct store s = store_fresh();
    struct cases_figures total;
    const struct cases_figures_row *rows;
    const struct cases_branch_name *names;
    const struct cases_filter filter = {.kind = "report"};
    struct why why = {""};
    size_t count;
    make_areas(s.db);
    assert_ok(db_exec(s.db, "UPDATE areas SET parent_id = 2 WHERE id = 5"));
    assert_ok(db_exec(s.db, "UPDATE areas SET parent_id = 5 WHERE id = 7"));
    assert_ok(db_exec(
        s.db, "INSERT INTO branches (version, name, area_id, alongside, form, code, created_ms, "
              "updated_ms) SELECT 1, column1, column2, 0, 1, substr(column1 || "
              "'2222222222222222222222', 1, 22), 1, 1 FROM (VALUES ('a', 2), ('b', 2), ('c', 7), "
              "('d', NULL))"));
    for (size_t i = 0; i < sizeof areas / sizeof *areas; i++) {
        struct cases_new fresh = store_report();
        fresh.area_id = areas[i];
        fresh.now_ms = start_ms + (int64_t)i;
        store_created(&s, &fresh);
    }
    assert_ok(cases_figures_find(s.db, &filter, s.kinds, CASES_BY_BRANCH, start_ms, &s.arena,
                                 &total, &rows, &count, &why));
    assert_int_equal(count, 3);
    assert_string_equal(rows[0].key, "");
    assert_int_equal(rows[0].figures.received, 2);
    assert_string_equal(rows[1].key, "2");
    assert_int_equal(rows[1].figures.received, 2);
    assert_string_equal(rows[2].key, "7");
    assert_ok(cases_branch_names(s.db, 2, &s.arena, &names, &count));
    assert_int_equal(count, 2);
    assert_string_equal(names[1].name, "b");
    assert_ok(cases_branch_names(s.db, 0, &s.arena, &names, &count));
    assert_int_equal(count, 1);
    assert_ok(db_exec(s.db, "UPDATE branches SET ended_ms = 2 WHERE name = 'c'"));
    assert_ok(cases_figures_find(s.db, &filter, s.kinds, CASES_BY_BRANCH, start_ms, &s.arena,
                                 &total, &rows, &count, &why));
    assert_int_equal(count, 2);
    assert_int_equal(rows[1].figures.received, 3);
    store_close(&s);
    scratch_remove();
}

TEST(squares_count_every_case_once_wherever_the_box_ends)
{
    uint64_t seed = random_seed();
    struct store s = store_fresh();
    const struct cases_heat_square *squares;
    size_t count;
    enum { N = 200 };
    struct coord at[N];
    for (size_t i = 0; i < N; i++) {
        struct cases_new fresh = store_report();
        fresh.at = at[i] =
            (struct coord){116.3 + random_unit(&seed) * 0.2, 39.8 + random_unit(&seed) * 0.2};
        store_created(&s, &fresh);
    }
    const struct cases_filter filter = {.kind = "report"};
    for (int round = 0; round < 50; round++) {
        double x = 116.25 + random_unit(&seed) * 0.2, y = 39.75 + random_unit(&seed) * 0.2;
        const struct box box = {x, y, x + random_unit(&seed) * 0.2, y + random_unit(&seed) * 0.2};
        uint32_t side = 1 + random_below(&seed, CASES_HEAT_SIDE);
        uint32_t zoom = cases_heat_zoom(box, side);
        int64_t least = 1 + random_below(&seed, 3);
        assert_true(zoom <= CASES_HEAT_ZOOM);
        assert_ok(
            cases_heat_find(s.db, &filter, s.kinds, box, zoom, least, &s.arena, &squares, &count));
        assert_true(count <= (size_t)side * side);
        size_t told = 0;
        for (size_t i = 0; i < count; i++) {
            int64_t n = 0;
            for (size_t j = 0; j < N; j++) {
                const struct mercator_grid g = mercator_grid(at[j]);
                n += (uint64_t)g.x >> (32 - zoom) == squares[i].x &&
                     (uint64_t)g.y >> (32 - zoom) == squares[i].y;
            }
            assert_int_equal(n, squares[i].count);
            assert_true(n >= least);
            told += (size_t)n;
        }
        for (size_t j = 0; j < N && least == 1; j++)
            if (at[j].lon >= box.min_lon && at[j].lon <= box.max_lon && at[j].lat >= box.min_lat &&
                at[j].lat <= box.max_lat) {
                bool found = false;
                const struct mercator_grid g = mercator_grid(at[j]);
                for (size_t i = 0; i < count && !found; i++)
                    found = (uint64_t)g.x >> (32 - zoom) == squares[i].x &&
                            (uint64_t)g.y >> (32 - zoom) == squares[i].y;
                assert_true(found);
            }
        assert_true(told <= N);
    }
    const struct box world = {-180, -90, 180, 90};
    assert_ok(cases_heat_find(s.db, &filter, s.kinds, world, cases_heat_zoom(world, 1), 1, &s.arena,
                              &squares, &count));
    assert_int_equal(count, 1);
    assert_int_equal(squares[0].count, N);
    assert_err(cases_heat_find(s.db, &filter, s.kinds, world, 10, 1, &s.arena, &squares, &count),
               ERR_RANGE);
    store_close(&s);
    scratch_remove();
}

RUN(cmocka_unit_test(figures_are_those_of_a_plain_recomputation_over_random_lives),
    cmocka_unit_test(rows_come_in_order_and_filters_narrow_them),
    cmocka_unit_test(the_branches_of_an_area_answer_for_it_and_for_what_lies_below),
    cmocka_unit_test(squares_count_every_case_once_wherever_the_box_ends))
