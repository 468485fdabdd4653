#include "tests/data/activities_scene.h"

#include "data/pictures_see.h"

/* A post from 1000 until 2000, an activity, and the deed of somebody who took part. */
static struct fair scene(int64_t *whose)
{
    struct fair f = fair_open();
    struct activities_activity a = fair_publish(&f, 0, 0);
    *whose = scene_rider(&f.c, "wang");
    struct signups_signup s = fair_join(&f, a.id, *whose);
    const struct signups_verdict v = {.public_id = s.public_id,
                                      .activity = a.id,
                                      .version = s.version,
                                      .by = f.staff,
                                      .confirmed = true,
                                      .reason = "",
                                      .now_ms = f.c.now_ms};
    assert_ok(signups_attend_judge(f.c.s.db, &f.rules, &v, &f.c.s.arena, &s, NULL));
    assert_ok(db_exec(f.c.s.db,
                      "INSERT INTO posts (id, version, kind, title, pinned, draft, from_ms, "
                      "until_ms, rank, created_ms, updated_ms) VALUES (1, 1, 'news', 'a', 0, 0, "
                      "1000, 2000, 1000, 0, 0);INSERT INTO activity_deeds (id, version, signup_id, "
                      "words, agreed_ms, created_ms, updated_ms) VALUES (1, 1, 1, 'a', 1, 0, 0)"));
    return f;
}

/* What shows it, and what is done to that, decide; nothing that was noted when it was claimed. */
TEST(a_picture_is_shown_to_everybody_as_long_as_what_shows_it_is)
{
    static const struct {
        const char *sql;
        enum pictures_owner owner;
        int64_t now_ms;
        bool by_all;
    } rows[] = {
        {NULL, PICTURES_post, 999, false},
        {NULL, PICTURES_post, 1000, true},
        {NULL, PICTURES_post, 1999, true},
        {NULL, PICTURES_post, 2000, false},
        {"UPDATE posts SET draft = 1", PICTURES_post, 1500, false},
        {"UPDATE posts SET draft = 0, removed_ms = 1", PICTURES_post, 1500, false},
        {NULL, PICTURES_deed, 1500, false},
        {"UPDATE activity_deeds SET published_ms = 1", PICTURES_deed, 1500, true},
        {"UPDATE activity_deeds SET published_ms = NULL", PICTURES_deed, 1500, false},
        {NULL, PICTURES_activity, 1500, true},
        {"UPDATE activities SET state = 'closed'", PICTURES_activity, 1500, true},
        {"UPDATE activities SET state = 'cancelled', reason = 'a'", PICTURES_activity, 1500, true},
        {"INSERT INTO activities (id, version, kind, state, title, from_ms, to_ms, until_ms, "
         "seats, points, created_by, created_ms, updated_ms) SELECT 2, 1, kind, 'draft', title, "
         "from_ms, to_ms, until_ms, seats, points, created_by, 0, 0 FROM activities",
         PICTURES_activity, 1500, false},
        {NULL, PICTURES_offer, 1500, false}, /* it is gone */
        {NULL, PICTURES_reward, 1500, false},
    };
    int64_t whose = 0, id = 1;
    struct fair f = scene(&whose);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct pictures_seen seen = {.whose = -1};
        if (rows[i].sql) assert_ok(db_exec(f.c.s.db, rows[i].sql));
        if (rows[i].sql && strncmp(rows[i].sql, "INSERT", 6) == 0) id = 2;
        const struct pictures_picture p = {.owner = rows[i].owner, .owner_id = id};
        assert_ok(pictures_see(f.c.s.db, &p, rows[i].now_ms, &seen));
        if (seen.by_all != rows[i].by_all) fail_msg("row %zu", i);
        assert_int_equal(seen.whose, rows[i].owner == PICTURES_deed ? whose : 0);
    }
    fair_close(&f);
}

RUN(cmocka_unit_test(a_picture_is_shown_to_everybody_as_long_as_what_shows_it_is))
