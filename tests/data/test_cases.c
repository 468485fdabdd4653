#include "tests/data/store.h"

#include "data/blobs.h"
#include "data/changes.h"

#include <math.h>
#include <pthread.h>

TEST(a_case_comes_back_as_it_was_sent)
{
    struct store s = store_fresh();
    struct cases_new fresh = store_report();
    unsigned char a[64], b[64];
    struct photos_clean photos[] = {store_photo(a, 1), store_photo(b, 2)};
    struct cases_case c, read;
    const struct cases_event *events;
    size_t count = 0;
    fresh.photos = photos;
    fresh.photo_count = 2;
    fresh.address = "西长安街1号";
    c = store_created(&s, &fresh);
    assert_true(secrets_is_public_id(c.public_id));
    assert_ok(cases_get(s.db, c.public_id, &s.arena, &read));
    assert_string_equal(read.state, "submitted");
    assert_string_equal(read.category, "lamp");
    assert_string_equal(read.description, "路灯不亮");
    assert_string_equal(read.address, "西长安街1号");
    assert_true(read.has_position && read.at.lon == 116.375 && read.at.lat == 39.92);
    assert_true(read.accuracy_m == 12.5);
    assert_int_equal(read.version, 1);
    assert_int_equal(read.area_id, 0);
    assert_int_equal(read.photo_count, 2);
    char *bytes;
    size_t len;
    assert_ok(blobs_read(s.dir, read.photos[1].blobs[PHOTOS_LARGE], 1000, &bytes, &len, NULL));
    assert_int_equal(len, 64);
    assert_memory_equal(bytes, b, 64);
    free(bytes);
    assert_ok(cases_history(s.db, read.id, &s.arena, &events, &count));
    assert_int_equal(count, 1);
    assert_string_equal(events[0].from, "");
    assert_string_equal(events[0].to, "submitted");
    assert_string_equal(events[0].actor, "reporter");
    assert_err(cases_get(s.db, "2222222222222222222222", &s.arena, &read), ERR_NOTFOUND);
    store_close(&s);
    scratch_remove();
}

TEST(a_photo_leads_to_its_case)
{
    struct store s = store_fresh();
    struct cases_new fresh = store_report();
    unsigned char a[64];
    struct photos_clean photo = store_photo(a, 1);
    struct cases_photo found;
    struct cases_case of;
    fresh.photos = &photo;
    fresh.photo_count = 1;
    struct cases_case c = store_created(&s, &fresh);
    assert_ok(cases_photo(s.db, c.photos[0].public_id, &s.arena, &found, &of));
    assert_string_equal(found.blobs[PHOTOS_LARGE], c.photos[0].blobs[PHOTOS_LARGE]);
    assert_string_equal(of.public_id, c.public_id);
    assert_err(cases_photo(s.db, c.public_id, &s.arena, &found, &of), ERR_NOTFOUND);
    store_close(&s);
    scratch_remove();
}

TEST(what_is_wrong_with_a_new_case_is_named_and_leaves_nothing)
{
    struct store s = store_fresh();
    char long_text[4100];
    memset(long_text, 'a', sizeof long_text - 1);
    long_text[sizeof long_text - 1] = '\0';
    struct cases_new list[12];
    for (size_t i = 0; i < 12; i++)
        list[i] = store_report();
    list[0].kind = "nothing";
    list[1].category = "nothing";
    list[2].at.lon = 200;
    list[3].at.lat = (double)NAN;
    list[4].has_position = false;
    list[5].description = "\xFF";
    list[6].description = long_text;
    list[7].accuracy_m = (double)NAN;
    list[8].area_id = 77;
    list[9].description = "a\x01z";
    list[10].category = NULL;
    list[11].photo_count = 11;
    static const struct {
        enum err e;
        const char *sentence;
    } expected[12] = {
        {ERR_INVALID, "there is no kind of case \"nothing\""},
        {ERR_INVALID, "category: there is none \"nothing\""},
        {ERR_RANGE, "lon must be"},
        {ERR_RANGE, "lon must be"},
        {ERR_INVALID, "lon and lat are missing"},
        {ERR_INVALID, "description is not valid UTF-8"},
        {ERR_INVALID, "description is longer than 4000 characters"},
        {ERR_RANGE, "accuracy must be"},
        {ERR_INVALID, "the area or the reporter is not known"},
        {ERR_INVALID, "description holds a control character"},
        {ERR_INVALID, "category: there is none"},
        {ERR_LIMIT, "at most 10 photos"},
    };
    for (size_t i = 0; i < 12; i++) {
        struct cases_created made;
        struct why why = {""};
        assert_err(cases_create(s.db, s.dir, s.kinds, &list[i], NULL, &s.arena, &made, &why),
                   expected[i].e);
        assert_non_null(strstr(why.text, expected[i].sentence));
    }
    assert_int_equal(value_of(s.db, "SELECT count(*) FROM cases"), 0);
    assert_int_equal(value_of(s.db, "SELECT count(*) FROM changes"), 0);
    store_close(&s);
    scratch_remove();
}

TEST(an_address_may_stand_for_a_position)
{
    struct store s = store_fresh();
    struct cases_new fresh = store_report();
    fresh.has_position = false;
    fresh.address = "西四北大街";
    fresh.accuracy_m = -1;
    struct cases_case c = store_created(&s, &fresh);
    assert_false(c.has_position);
    assert_true(c.accuracy_m < 0);
    store_close(&s);
    scratch_remove();
}

/* --- sent twice --- */

static enum err render(void *user, const struct cases_case *made, const char *token,
                       struct buf *body)
{
    (void)token;
    (*(int *)user)++;
    buf_printf(body, "{\"id\":\"%s\"}", made->public_id);
    return ERR_OK;
}

TEST(a_request_sent_twice_makes_one_case_and_gets_the_first_answer)
{
    struct store s = store_fresh();
    struct cases_new fresh = store_report();
    struct cases_created first, second;
    struct why why = {""};
    int rendered = 0;
    struct cases_reply reply = {.request = {"POST /v1/reports anonymous", "k-1", {1}},
                                .status = 201,
                                .render = render,
                                .user = &rendered};
    assert_ok(cases_create(s.db, s.dir, s.kinds, &fresh, &reply, &s.arena, &first, &why));
    assert_false(first.replayed);
    assert_int_equal(first.answer.status, 201);
    assert_ok(cases_create(s.db, s.dir, s.kinds, &fresh, &reply, &s.arena, &second, &why));
    assert_true(second.replayed);
    assert_string_equal(second.answer.body, first.answer.body);
    assert_int_equal(rendered, 1);
    assert_int_equal(value_of(s.db, "SELECT count(*) FROM cases"), 1);

    reply.request.body_hash[0] = 2;
    assert_err(cases_create(s.db, s.dir, s.kinds, &fresh, &reply, &s.arena, &second, &why),
               ERR_CONFLICT);
    assert_non_null(strstr(why.text, "came before with another body"));
    reply.request.scope = "another sender";
    assert_ok(cases_create(s.db, s.dir, s.kinds, &fresh, &reply, &s.arena, &second, &why));
    reply.request.scope = "POST /v1/reports anonymous";
    fresh.now_ms += 24 * 3600 * (int64_t)1000; /* the first answer is forgotten by now */
    assert_ok(cases_create(s.db, s.dir, s.kinds, &fresh, &reply, &s.arena, &second, &why));
    assert_false(second.replayed);
    reply.request.key = "no spaces, please";
    assert_err(cases_create(s.db, s.dir, s.kinds, &fresh, &reply, &s.arena, &second, &why),
               ERR_INVALID);
    assert_int_equal(value_of(s.db, "SELECT count(*) FROM cases"), 3);
    store_close(&s);
    scratch_remove();
}

/* --- moving --- */

/* A photo of what was done, by staff. */
static void prove(struct store *s, struct cases_case *c)
{
    unsigned char bytes[64];
    struct photos_clean photo = store_photo(bytes, 77);
    struct cases_acted acted;
    const struct cases_acting written = {.public_id = c->public_id,
                                         .verb = CASES_written,
                                         .actor = {KINDS_ROLE(handler), 0},
                                         .photos = &photo,
                                         .photo_count = 1,
                                         .now_ms = c->updated_ms + 1};
    assert_ok(cases_act(s->db, s->dir, s->kinds, &written, NULL, &s->arena, &acted, NULL));
    assert_int_equal(acted.now.photo_count, c->photo_count + 1);
    assert_true(acted.now.photos[c->photo_count].by_staff);
    *c = acted.now;
}

TEST(a_case_walks_the_whole_way_and_its_history_tells_it)
{
    static const struct {
        const char *to;
        enum kinds_actor as;
        const char *reason;
    } way[] = {
        {"accepted", KINDS_STAFF, ""},        {"filed", KINDS_STAFF, NULL},
        {"dispatched", KINDS_STAFF, ""},      {"returned", KINDS_STAFF, "属园林局"},
        {"accepted", KINDS_STAFF, ""},        {"filed", KINDS_STAFF, ""},
        {"dispatched", KINDS_STAFF, ""},      {"handling", KINDS_STAFF, ""},
        {"suspended", KINDS_STAFF, "等配件"}, {"handling", KINDS_STAFF, ""},
        {"handled", KINDS_STAFF, ""},         {"verifying", KINDS_STAFF, ""},
        {"closed", KINDS_STAFF, ""},          {"reopened", KINDS_REPORTER, "还是不亮"},
        {"accepted", KINDS_STAFF, ""},
    };
    enum { STEPS = sizeof way / sizeof way[0] };
    struct store s = store_fresh();
    struct cases_new fresh = store_report();
    struct cases_case c = store_created(&s, &fresh);
    const struct cases_event *events;
    size_t count = 0;
    struct why why = {""};
    for (size_t i = 0; i < STEPS; i++) {
        if (strcmp(way[i].to, "closed") == 0) {
            assert_err(store_move(&s, &c, "closed", KINDS_STAFF, "", &why), ERR_INVALID);
            assert_non_null(strstr(why.text, "a photo of what was done is owed"));
            prove(&s, &c);
        }
        assert_ok(store_move(&s, &c, way[i].to, way[i].as, way[i].reason, &why));
    }
    assert_int_equal(c.version, 1 + STEPS);
    assert_string_equal(c.state, "accepted");
    assert_ok(cases_history(s.db, c.id, &s.arena, &events, &count));
    assert_int_equal(count, 2 + STEPS);
    for (size_t i = 0, e = 0; i < STEPS; i++) {
        e += strcmp(events[i + 1].verb, "written") == 0;
        assert_string_equal(events[i + e + 1].from, i ? way[i - 1].to : "submitted");
        assert_string_equal(events[i + e + 1].to, way[i].to);
        assert_string_equal(events[i + e + 1].reason, way[i].reason ? way[i].reason : "");
        assert_true(events[i + e + 1].at_ms >= events[i + e].at_ms);
    }
    assert_int_equal(value_of(s.db, "SELECT count(*) FROM changes WHERE topic = 'cases'"),
                     2 + STEPS);
    store_close(&s);
    scratch_remove();
}

TEST(a_move_outside_the_table_without_its_reason_or_by_the_wrong_person_is_refused)
{
    static const struct {
        const char *to;
        enum kinds_actor as;
        enum err e;
        const char *sentence;
    } cases[] = {
        {"closed", KINDS_STAFF, ERR_CONFLICT, "a case that is submitted cannot become closed"},
        {"submitted", KINDS_STAFF, ERR_CONFLICT,
         "a case that is submitted cannot become submitted"},
        {"nowhere", KINDS_STAFF, ERR_INVALID, "there is no state \"nowhere\""},
        {"rejected", KINDS_STAFF, ERR_INVALID, "a reason is owed to make the case rejected"},
        {"duplicate", KINDS_STAFF, ERR_INVALID, "duplicate_of is owed"},
        {"accepted", KINDS_REPORTER, ERR_DENIED, "the reporter cannot make"},
        {"withdrawn", KINDS_STAFF, ERR_DENIED, "staff cannot make"},
    };
    struct store s = store_fresh();
    struct cases_new fresh = store_report();
    struct cases_case c = store_created(&s, &fresh);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct why why = {""};
        assert_err(store_move(&s, &c, cases[i].to, cases[i].as, "", &why), cases[i].e);
        assert_non_null(strstr(why.text, cases[i].sentence));
    }
    assert_int_equal(value_of(s.db, "SELECT version FROM cases"), 1);
    assert_int_equal(value_of(s.db, "SELECT count(*) FROM case_events"), 1);
    store_close(&s);
    scratch_remove();
}

TEST(who_saw_an_old_version_is_told_that_another_was_faster)
{
    struct store s = store_fresh();
    struct cases_new fresh = store_report();
    struct cases_case mine = store_created(&s, &fresh), theirs = mine;
    struct why why = {""};
    assert_ok(store_move(&s, &mine, "accepted", KINDS_STAFF, "", &why));
    assert_err(store_move(&s, &theirs, "rejected", KINDS_STAFF, "x", &why), ERR_CONFLICT);
    assert_non_null(strstr(why.text, "somebody else was faster"));
    mine.public_id = "2222222222222222222222";
    assert_err(store_move(&s, &mine, "filed", KINDS_STAFF, "", &why), ERR_NOTFOUND);
    store_close(&s);
    scratch_remove();
}

static enum err mark(struct store *s, const struct cases_case *c, const char *of, struct why *why)
{
    struct cases_case moved;
    struct cases_acting moving = {.public_id = c->public_id,
                                  .to = "duplicate",
                                  .version = c->version,
                                  .actor = {KINDS_STAFF, 0},
                                  .duplicate_of = of,
                                  .now_ms = 2000};
    return store_act(s->db, s->kinds, &moving, &s->arena, &moved, why);
}

TEST(a_duplicate_names_an_original_that_repeats_nothing_itself)
{
    struct store s = store_fresh();
    struct cases_new fresh = store_report();
    struct cases_case a = store_created(&s, &fresh), b = store_created(&s, &fresh),
                      c = store_created(&s, &fresh);
    struct cases_case read;
    struct why why = {""};
    assert_err(mark(&s, &a, a.public_id, &why), ERR_INVALID);
    assert_err(mark(&s, &a, "2222222222222222222222", &why), ERR_INVALID);
    assert_ok(mark(&s, &b, a.public_id, &why));
    assert_ok(cases_get(s.db, b.public_id, &s.arena, &read));
    assert_string_equal(read.state, "duplicate");
    assert_string_equal(read.duplicate_of, a.public_id);
    assert_err(mark(&s, &c, b.public_id, &why), ERR_INVALID);
    assert_non_null(strstr(why.text, "name that one"));
    store_close(&s);
    scratch_remove();
}

/* --- two at once --- */

struct racer {
    struct store *s;
    const struct cases_case *seen;
    enum err e;
};

static void *race(void *user)
{
    struct racer *r = user;
    struct db *db = NULL;
    struct arena arena = {0};
    struct cases_case moved;
    struct cases_acting moving = {.public_id = r->seen->public_id,
                                  .to = "accepted",
                                  .version = r->seen->version,
                                  .actor = {KINDS_STAFF, 0},
                                  .now_ms = 2000};
    r->e = datadir_database(r->s->dir, DB_WRITE, &db, NULL);
    if (!r->e) r->e = store_act(db, r->s->kinds, &moving, &arena, &moved, NULL);
    db_close(db);
    arena_fini(&arena);
    return NULL;
}

TEST(of_many_who_move_a_case_at_once_one_wins)
{
    enum { RACERS = 6 };
    struct store s = store_fresh();
    struct cases_new fresh = store_report();
    struct cases_case c = store_created(&s, &fresh);
    struct racer racers[RACERS];
    pthread_t threads[RACERS];
    int won = 0;
    for (int i = 0; i < RACERS; i++) {
        racers[i] = (struct racer){&s, &c, ERR_OK};
        assert_int_equal(pthread_create(&threads[i], NULL, race, &racers[i]), 0);
    }
    for (int i = 0; i < RACERS; i++) {
        pthread_join(threads[i], NULL);
        won += racers[i].e == ERR_OK;
        if (racers[i].e) assert_err(racers[i].e, ERR_CONFLICT);
    }
    assert_int_equal(won, 1);
    store_close(&s);
    scratch_remove();
}

RUN(cmocka_unit_test(a_case_comes_back_as_it_was_sent), cmocka_unit_test(a_photo_leads_to_its_case),
    cmocka_unit_test(what_is_wrong_with_a_new_case_is_named_and_leaves_nothing),
    cmocka_unit_test(an_address_may_stand_for_a_position),
    cmocka_unit_test(a_request_sent_twice_makes_one_case_and_gets_the_first_answer),
    cmocka_unit_test(a_case_walks_the_whole_way_and_its_history_tells_it),
    cmocka_unit_test(a_move_outside_the_table_without_its_reason_or_by_the_wrong_person_is_refused),
    cmocka_unit_test(who_saw_an_old_version_is_told_that_another_was_faster),
    cmocka_unit_test(a_duplicate_names_an_original_that_repeats_nothing_itself),
    cmocka_unit_test(of_many_who_move_a_case_at_once_one_wins))
