/* Closures in the database: made, changed, ended, listed, and never lost. */
#include "tests/data/store.h"

#include "data/changes.h"
#include "data/closures.h"
#include "data/people.h"

#include <math.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

static const struct coord street[] = {{116.30, 39.90}, {116.31, 39.90}, {116.31, 39.91}};
static const struct coord block[] = {{116.30, 39.90},   {116.32, 39.90},   {116.32, 39.92},
                                     {116.30, 39.90},   {116.311, 39.902}, {116.315, 39.903},
                                     {116.312, 39.904}, {116.311, 39.902}};
static const size_t block_starts[] = {0, 4, 8};

static struct closures_write a_closure(int64_t person)
{
    return (struct closures_write){
        .terms = {.shape = {.kind = COVER_LINE, .points = street, .point_count = 3},
                  .factor = (double)INFINITY,
                  .profiles = "",
                  .from_ms = 1000,
                  .to_ms = 5000,
                  .reason = "积水"},
        .report = "",
        .person = person,
        .now_ms = 500};
}

static int64_t a_person(struct store *s)
{
    int64_t id;
    struct why why = {""};
    assert_ok(people_add(s->db, NULL, NULL, "wang", "王芳", NULL, &id, &why));
    return id;
}

static struct closures_closure made(struct store *s, const struct closures_write *write)
{
    struct closures_created created;
    struct why why = {""};
    enum err e = closures_create(s->db, write, NULL, &s->arena, &created, &why);
    assert_string_equal(why.text, "");
    assert_ok(e);
    return created.made;
}

static void assert_same_shape(const struct cover_shape *a, const struct cover_shape *b)
{
    assert_int_equal(a->kind, b->kind);
    assert_int_equal(a->point_count, b->point_count);
    assert_int_equal(a->ring_count, b->ring_count);
    assert_memory_equal(a->points, b->points, a->point_count * sizeof *a->points);
    for (size_t i = 0; a->ring_count && i <= a->ring_count; i++)
        assert_int_equal(a->ring_starts[i], b->ring_starts[i]);
    if (a->kind == COVER_DISC) assert_true(a->radius_m == b->radius_m);
}

TEST(a_closure_comes_back_as_it_went_in)
{
    struct store s = store_fresh();
    struct closures_write write = a_closure(a_person(&s));
    const struct cover_shape shapes[] = {
        write.terms.shape,
        {.kind = COVER_DISC, .points = street, .point_count = 1, .radius_m = 12.5},
        {.kind = COVER_POLYGON,
         .points = block,
         .point_count = 8,
         .ring_starts = block_starts,
         .ring_count = 2}};
    for (size_t i = 0; i < 3; i++) {
        struct closures_closure found;
        write.terms.shape = shapes[i];
        write.terms.factor = i == 1 ? 2.5 : (double)INFINITY;
        write.terms.profiles = i == 2 ? "ebike foot" : "";
        write.terms.to_ms = i == 1 ? INT64_MAX : 5000;
        struct closures_closure c = made(&s, &write);
        assert_ok(closures_get(s.db, c.public_id, &s.arena, &found));
        assert_same_shape(&found.terms.shape, &shapes[i]);
        assert_true(found.terms.factor == write.terms.factor);
        assert_string_equal(found.terms.profiles, write.terms.profiles);
        assert_string_equal(found.terms.reason, "积水");
        assert_int_equal(found.terms.from_ms, 1000);
        assert_int_equal(found.terms.to_ms, write.terms.to_ms);
        assert_int_equal(found.version, 1);
        assert_int_equal(found.created_by, write.person);
        assert_string_equal(found.report, "");
    }
    assert_err(
        closures_get(s.db, "22222222222222222222222", &s.arena, &(struct closures_closure){0}),
        ERR_NOTFOUND);
    store_close(&s);
    scratch_remove();
}

TEST(every_change_is_in_the_history_and_in_the_outbox)
{
    struct store s = store_fresh();
    struct closures_write write = a_closure(a_person(&s));
    struct closures_closure c = made(&s, &write), ended;
    const struct closures_event *events;
    size_t count;
    unsigned topics;
    int64_t last = 0, before = 0;
    struct why why = {""};
    assert_ok(changes_last(s.db, &before));
    write.terms.factor = 3;
    write.terms.reason = "限速";
    write.now_ms = 700;
    assert_ok(closures_update(s.db, c.public_id, 1, &write, &s.arena, &c, &why));
    assert_int_equal(c.version, 2);
    assert_true(c.terms.factor == 3);
    assert_ok(closures_end(s.db, c.public_id, 2, write.person, 900, &s.arena, &ended, &why));
    assert_int_equal(ended.ended_ms, 900);
    assert_ok(closures_history(s.db, c.id, &s.arena, &events, &count));
    assert_int_equal(count, 3);
    assert_string_equal(events[0].verb, "created");
    assert_true(isinf(events[0].terms.factor));
    assert_string_equal(events[0].terms.reason, "积水");
    assert_same_shape(&events[0].terms.shape, &write.terms.shape);
    assert_string_equal(events[1].verb, "changed");
    assert_string_equal(events[1].terms.reason, "限速");
    assert_int_equal(events[1].at_ms, 700);
    assert_string_equal(events[2].verb, "ended");
    assert_int_equal(events[2].person, write.person);
    assert_ok(changes_since(s.db, before, &topics, &last));
    assert_int_equal(topics, 1u << CHANGES_closures);
    assert_int_equal(last, before + 2);
    assert_err(db_exec(s.db, "UPDATE closure_events SET reason = ''"), ERR_CONFLICT);
    assert_err(db_exec(s.db, "DELETE FROM closure_events"), ERR_CONFLICT);
    store_close(&s);
    scratch_remove();
}

TEST(whoever_saw_an_older_version_is_told_so)
{
    struct store s = store_fresh();
    struct closures_write write = a_closure(a_person(&s));
    struct closures_closure c = made(&s, &write), out = {0};
    struct why why = {""};
    assert_ok(closures_update(s.db, c.public_id, 1, &write, &s.arena, &out, &why));
    assert_err(closures_update(s.db, c.public_id, 1, &write, &s.arena, &out, &why), ERR_CONFLICT);
    assert_non_null(strstr(why.text, "version is 2"));
    assert_err(closures_end(s.db, c.public_id, 1, write.person, 9, &s.arena, &out, &why),
               ERR_CONFLICT);
    assert_ok(closures_end(s.db, c.public_id, 0, write.person, 800, &s.arena, &out, &why));
    assert_ok(closures_end(s.db, c.public_id, 0, write.person, 900, &s.arena, &out, &why));
    assert_int_equal(out.ended_ms, 800); /* the second time changed nothing */
    assert_int_equal(out.version, 3);
    assert_err(closures_update(s.db, c.public_id, 3, &write, &s.arena, &out, &why), ERR_CONFLICT);
    assert_non_null(strstr(why.text, "ended"));
    assert_err(closures_update(s.db, "nobody", 1, &write, &s.arena, &out, &why), ERR_NOTFOUND);
    store_close(&s);
    scratch_remove();
}

TEST(what_makes_no_sense_is_refused_by_name)
{
    struct store s = store_fresh();
    const struct closures_write good = a_closure(a_person(&s));
    static char long_text[4 * CLOSURES_REASON_MAX];
    struct coord many[CLOSURES_POINTS_MAX + 1] = {{1, 1}};
    memset(long_text, 'x', sizeof long_text - 1);
    for (int i = 0; i < 9; i++) {
        static const char *const names[] = {"to",       "factor", "factor", "geometry", "radius_m",
                                            "geometry", "reason", "report", "geometry"};
        struct closures_write bad = good;
        struct closures_created created;
        struct why why = {""};
        if (i == 0) bad.terms.to_ms = bad.terms.from_ms;
        if (i == 1) bad.terms.factor = 1;
        if (i == 2) bad.terms.factor = 101;
        if (i == 3) bad.terms.shape.point_count = 1;
        if (i == 4)
            bad.terms.shape = (struct cover_shape){
                .kind = COVER_DISC, .points = street, .point_count = 1, .radius_m = 6000};
        if (i == 5) {
            bad.terms.shape.points = many;
            bad.terms.shape.point_count = CLOSURES_POINTS_MAX + 1;
        }
        if (i == 6) bad.terms.reason = long_text;
        if (i == 7) bad.report = "nothing";
        if (i == 8) {
            bad.terms.shape.points = many; /* all in one place but the first */
            bad.terms.shape.point_count = 1;
        }
        enum err e = closures_create(s.db, &bad, NULL, &s.arena, &created, &why);
        assert_true(e == ERR_INVALID || e == ERR_RANGE);
        assert_memory_equal(why.text, names[i], strlen(names[i]));
    }
    assert_int_equal(value_of(s.db, "SELECT count(*) FROM closures"), 0);
    store_close(&s);
    scratch_remove();
}

static size_t listed(struct store *s, enum closures_state state, int64_t now_ms)
{
    const struct closures_filter filter = {.state = state, .now_ms = now_ms, .limit = 100};
    const struct closures_closure *list;
    size_t count;
    bool more;
    assert_ok(closures_list(s->db, &filter, &s->arena, &list, &count, &more));
    for (size_t i = 0; i < count && state != CLOSURES_ALL; i++)
        assert_int_equal(closures_state_of(&list[i], now_ms), state);
    return count;
}

TEST(lists_tell_planned_active_and_ended_apart)
{
    struct store s = store_fresh();
    struct closures_write write = a_closure(a_person(&s)); /* from 1000 to 5000 */
    struct closures_closure by_hand, out;
    struct why why = {""};
    (void)made(&s, &write);
    write.terms.to_ms = INT64_MAX;
    (void)made(&s, &write);
    by_hand = made(&s, &write);
    assert_ok(closures_end(s.db, by_hand.public_id, 0, write.person, 600, &s.arena, &out, &why));
    const struct {
        int64_t now_ms;
        size_t planned, active, ended;
    } expected[] = {{999, 2, 0, 1}, {1000, 0, 2, 1}, {4999, 0, 2, 1}, {5000, 0, 1, 2}};
    for (size_t i = 0; i < 4; i++) {
        assert_int_equal(listed(&s, CLOSURES_PLANNED, expected[i].now_ms), expected[i].planned);
        assert_int_equal(listed(&s, CLOSURES_ACTIVE, expected[i].now_ms), expected[i].active);
        assert_int_equal(listed(&s, CLOSURES_ENDED, expected[i].now_ms), expected[i].ended);
        assert_int_equal(listed(&s, CLOSURES_ALL, expected[i].now_ms), 3);
        const struct closures_closure *live;
        size_t count;
        assert_ok(closures_load(s.db, expected[i].now_ms, &s.arena, &live, &count));
        assert_int_equal(count, expected[i].planned + expected[i].active);
    }
    store_close(&s);
    scratch_remove();
}

TEST(lists_come_in_pages_by_box_and_by_report)
{
    struct store s = store_fresh();
    struct closures_write write = a_closure(a_person(&s));
    struct cases_new fresh = store_report();
    struct cases_case report = store_created(&s, &fresh);
    struct coord there[] = {{10, 50}, {10.1, 50}};
    size_t seen = 0;
    for (int i = 0; i < 7; i++) {
        write.report = i == 3 ? report.public_id : "";
        write.terms.shape.points = i < 5 ? street : there;
        write.terms.shape.point_count = i < 5 ? 3 : 2;
        write.now_ms = 500 + i / 2; /* several in one millisecond */
        (void)made(&s, &write);
    }
    struct closures_filter filter = {.state = CLOSURES_ALL, .limit = 2};
    const struct closures_closure *list;
    size_t count = 0;
    int64_t last_id = INT64_MAX;
    for (bool more = true; more; filter.has_after = true) {
        assert_ok(closures_list(s.db, &filter, &s.arena, &list, &count, &more));
        for (size_t i = 0; i < count; i++, seen++) {
            assert_true(list[i].id < last_id);
            last_id = list[i].id;
        }
        filter.after_created_ms = list[count - 1].created_ms;
        filter.after_id = list[count - 1].id;
    }
    assert_int_equal(seen, 7);
    bool more;
    filter = (struct closures_filter){.state = CLOSURES_ALL,
                                      .limit = 9,
                                      .has_box = true,
                                      .box = {116.305, 39.895, 116.4, 39.905}};
    assert_ok(closures_list(s.db, &filter, &s.arena, &list, &count, &more));
    assert_int_equal(count, 5);
    filter.has_box = false;
    filter.report = report.public_id;
    assert_ok(closures_list(s.db, &filter, &s.arena, &list, &count, &more));
    assert_int_equal(count, 1);
    assert_string_equal(list[0].report, report.public_id);
    store_close(&s);
    scratch_remove();
}

static enum err render(void *user, const struct closures_closure *closure, struct buf *body)
{
    int *rendered = user;
    ++*rendered;
    buf_puts(body, closure->public_id);
    return ERR_OK;
}

TEST(a_request_sent_twice_makes_one_closure)
{
    struct store s = store_fresh();
    struct closures_write write = a_closure(a_person(&s));
    int rendered = 0;
    struct closures_reply reply = {.request = {"POST /v1/closures 1", "key", {1}},
                                   .status = 201,
                                   .render = render,
                                   .user = &rendered};
    struct closures_created first, again;
    struct why why = {""};
    assert_ok(closures_create(s.db, &write, &reply, &s.arena, &first, &why));
    assert_ok(closures_create(s.db, &write, &reply, &s.arena, &again, &why));
    assert_true(again.replayed && !first.replayed);
    assert_string_equal(first.answer.body, again.answer.body);
    assert_int_equal(rendered, 1);
    reply.request.body_hash[0] = 2;
    assert_err(closures_create(s.db, &write, &reply, &s.arena, &again, &why), ERR_CONFLICT);
    assert_int_equal(value_of(s.db, "SELECT count(*) FROM closures"), 1);
    store_close(&s);
    scratch_remove();
}

/* --- kill -9 --- */

enum { ROUNDS = 10, MOST = 20000 };
static char acknowledged[MOST][SECRETS_ID_SIZE];

/* Makes closures for ever; an id goes down the pipe after, and only after, it was acknowledged. */
static void child(int pipe, int64_t person)
{
    struct datadir *dir = NULL;
    struct db *db = NULL;
    struct arena arena = {0};
    if (secrets_init() || datadir_open(scratch_path, DATADIR_VISIT, &dir, NULL) ||
        datadir_database(dir, DB_WRITE, &db, NULL))
        _exit(2);
    for (;; arena_reset(&arena)) {
        struct closures_write fresh = a_closure(person);
        struct closures_created created;
        if (closures_create(db, &fresh, NULL, &arena, &created, NULL)) _exit(3);
        if (write(pipe, created.made.public_id, SECRETS_ID_SIZE) != SECRETS_ID_SIZE) _exit(4);
    }
}

TEST(no_acknowledged_closure_is_lost_by_kill_9)
{
    uint64_t seed = random_seed();
    struct store s = store_fresh();
    int64_t person = a_person(&s);
    size_t count = 0;
    store_close(&s);
    for (int round = 0; round < ROUNDS; round++) {
        int ends[2], status;
        assert_int_equal(pipe(ends), 0);
        pid_t pid = fork();
        assert_true(pid >= 0);
        if (pid == 0) child(ends[1], person);
        close(ends[1]);
        for (size_t first = count;
             read(ends[0], acknowledged[count], SECRETS_ID_SIZE) == SECRETS_ID_SIZE;) {
            assert_true(++count < MOST);
            if (count != first + 1) continue;
            struct timespec nap = {.tv_nsec = (long)random_below(&seed, 50000000)};
            nanosleep(&nap, NULL);
            assert_int_equal(kill(pid, SIGKILL), 0);
        }
        assert_int_equal(waitpid(pid, &status, 0), pid);
        assert_true(WIFSIGNALED(status));
        close(ends[0]);
    }
    s = store_open();
    for (size_t i = 0; i < count; i++) {
        struct closures_closure found;
        const struct closures_event *events;
        size_t n;
        assert_ok(closures_get(s.db, acknowledged[i], &s.arena, &found));
        assert_ok(closures_history(s.db, found.id, &s.arena, &events, &n));
        assert_int_equal(n, 1);
        arena_reset(&s.arena);
    }
    assert_true(count >= ROUNDS);
    assert_int_equal(value_of(s.db, "SELECT count(*) FROM closure_events"),
                     value_of(s.db, "SELECT count(*) FROM closures"));
    store_close(&s);
    scratch_remove();
}

RUN(cmocka_unit_test(a_closure_comes_back_as_it_went_in),
    cmocka_unit_test(every_change_is_in_the_history_and_in_the_outbox),
    cmocka_unit_test(whoever_saw_an_older_version_is_told_so),
    cmocka_unit_test(what_makes_no_sense_is_refused_by_name),
    cmocka_unit_test(lists_tell_planned_active_and_ended_apart),
    cmocka_unit_test(lists_come_in_pages_by_box_and_by_report),
    cmocka_unit_test(a_request_sent_twice_makes_one_closure),
    cmocka_unit_test(no_acknowledged_closure_is_lost_by_kill_9))
