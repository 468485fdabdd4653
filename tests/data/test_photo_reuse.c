#include "tests/data/store.h"

#include "data/photo_look.h"
#include "data/photo_reuse.h"
#include "geo/base/clock.h"

static struct cases_case sent(struct store *s, uint64_t mark, uint64_t look)
{
    unsigned char bytes[64];
    struct photos_clean photo = store_photo(bytes, mark);
    struct cases_new fresh = store_report();
    photo.has_look = true;
    photo.look = look;
    fresh.photos = &photo;
    fresh.photo_count = 1;
    return store_created(s, &fresh);
}

static size_t reused(struct store *s, const struct cases_case *c, struct photo_reuse **found)
{
    size_t count = 99;
    assert_ok(photo_reuse_find(s->db, c->id, &s->arena, found, &count));
    return count;
}

TEST(the_same_file_is_told_of_as_exact_and_one_that_looks_alike_as_similar)
{
    const uint64_t look = 0xfedcba9876543210;
    struct store s = store_fresh();
    struct photo_reuse *found = NULL;
    struct cases_case first = sent(&s, 1, look);
    assert_int_equal(reused(&s, &first, &found), 0);
    struct cases_case same = sent(&s, 1, look), alike = sent(&s, 2, look ^ 0x8000000100000001),
                      other = sent(&s, 3, ~look);
    assert_int_equal(reused(&s, &first, &found), 2);
    assert_true(found[0].is_exact && !found[1].is_exact);
    assert_string_equal(found[0].report, same.public_id);
    assert_string_equal(found[1].report, alike.public_id);
    assert_string_equal(found[0].photo, first.photos[0].public_id);
    assert_string_equal(found[0].kind, "report");
    assert_int_equal(reused(&s, &other, &found), 0);
    store_close(&s);
}

/* Photos of one case, with looks that lie around a few centres. */
static void fill(struct store *s, int64_t of, size_t count, uint64_t *looks)
{
    unsigned seed = 11;
    struct db_query *q;
    assert_ok(db_exec(s->db, "BEGIN"));
    for (size_t i = 0; i < count; i++) {
        uint64_t look = 0;
        char id[SECRETS_ID_SIZE];
        for (int part = 0; part < 4; part++)
            look = look << 16 | (uint64_t)(rand_r(&seed) & 65535);
        if (i % 50 == 0)
            for (int flips = rand_r(&seed) % 6, look_like = 0; look_like <= flips; look_like++)
                look = (look_like ? look : looks[0]) ^ UINT64_C(1) << rand_r(&seed) % 64;
        if (i) looks[i] = look;
        (void)snprintf(id, sizeof id, "%022zu", i);
        assert_ok(db_prepare(s->db,
                             "INSERT INTO photos (public_id, case_id, place, large, small, width, "
                             "height, original_hash, look, created_ms) SELECT :id, :case, :place, "
                             "large, small, 1, 1, zeroblob(32), :look, 1 FROM photos LIMIT 1",
                             &q));
        db_bind_text(q, ":id", id);
        db_bind_int(q, ":case", of);
        db_bind_int(q, ":place", (int64_t)i + 1);
        db_bind_int(q, ":look", (int64_t)looks[i]);
        assert_ok(db_run(q, NULL));
    }
    assert_ok(db_exec(s->db, "COMMIT"));
}

TEST(the_bands_find_what_a_look_at_every_photo_finds)
{
    enum { COUNT = 20000 };
    struct store s = store_fresh();
    struct photo_reuse *found = NULL;
    static uint64_t looks[COUNT];
    looks[0] = 0x0123456789abcdef;
    struct cases_case crowd = sent(&s, 1, 77);
    fill(&s, crowd.id, COUNT, looks);
    size_t near = 0, told = 0, asked = 0;
    unsigned seed = 5;
    for (size_t i = 0; i < COUNT; i += 500) {
        bool is_near = false;
        uint64_t mine = looks[i];
        for (size_t flips = i / 500 % 7; flips > 0; flips--)
            mine ^= UINT64_C(1) << rand_r(&seed) % 64;
        for (size_t k = 0; k < COUNT && !is_near; k++)
            is_near = photo_look_apart(looks[k], mine) <= PHOTO_LOOK_NEAR;
        struct cases_case one = sent(&s, 1000 + i, mine);
        size_t n = reused(&s, &one, &found);
        bool tells = false;
        for (size_t k = 0; k < n; k++)
            tells |= strcmp(found[k].report, crowd.public_id) == 0;
        near += is_near;
        told += tells;
        asked++;
        assert_int_equal(tells, is_near);
    }
    printf("%zu of %zu have one that looks alike\n", near, asked);
    assert_int_equal(near, told);
    assert_true(near > 5 && near < asked - 5);
    store_close(&s);
}

TEST(every_band_is_asked_by_its_index)
{
    static const char *const bands[] = {"look & 65535", "look >> 16 & 65535", "look >> 32 & 65535",
                                        "look >> 48 & 65535"};
    struct store s = store_fresh();
    for (int i = 0; i < 4; i++) {
        char sql[256], wanted[48];
        struct db_query *q;
        bool row = false;
        (void)snprintf(sql, sizeof sql,
                       "EXPLAIN QUERY PLAN SELECT case_id, look FROM photos WHERE look IS NOT NULL "
                       "AND %s = :band AND case_id <> :case",
                       bands[i]);
        (void)snprintf(wanted, sizeof wanted, "USING INDEX photos_look_%d", i);
        assert_ok(db_prepare(s.db, sql, &q));
        db_bind_int(q, ":band", 7);
        db_bind_int(q, ":case", 1);
        assert_ok(db_step(q, &row));
        assert_non_null(strstr(db_text(q, 3), wanted));
        db_done(q);
    }
    store_close(&s);
}

RUN(cmocka_unit_test(the_same_file_is_told_of_as_exact_and_one_that_looks_alike_as_similar),
    cmocka_unit_test(the_bands_find_what_a_look_at_every_photo_finds),
    cmocka_unit_test(every_band_is_asked_by_its_index))
