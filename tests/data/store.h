/* A data directory with a database, kinds and a tiny photo, as the tests of cases need them. */
#ifndef YZ_TESTS_DATA_STORE_H
#define YZ_TESTS_DATA_STORE_H

#include "tests/check.h"
#include "tests/data/template.h"
#include "tests/data/value.h"
#include "tests/scratch.h"

#include "data/cases_act.h"
#include "data/datadir.h"
#include "data/kinds.h"
#include "data/migrate.h"

#include <string.h>

struct store {
    struct datadir *dir;
    struct db *db;
    struct kinds *kinds;
    struct arena arena;
};

static inline struct store store_open(void)
{
    struct store s = {0};
    struct why why = {""};
    assert_ok(secrets_init());
    assert_ok(datadir_open(scratch_path, DATADIR_SERVE, &s.dir, &why));
    if (access(datadir_path(s.dir, DATADIR_DATABASE), F_OK))
        template_lay(datadir_path(s.dir, DATADIR_DATABASE));
    assert_ok(datadir_database(s.dir, DB_CREATE, &s.db, &why));
    assert_ok(kinds_load(HOUSE_ROOT "/data/kinds", NULL, &s.kinds, &why));
    arena_init(&s.arena, 0);
    return s;
}

static inline struct store store_fresh(void)
{
    scratch_make();
    return store_open();
}

static inline void store_close(struct store *s)
{
    arena_fini(&s->arena);
    kinds_free(s->kinds);
    db_close(s->db);
    datadir_close(s->dir);
    *s = (struct store){0};
}

/* What a cleaned photo looks like from outside; `mark` makes contents differ. The bytes are the
 * caller's, at least 64. */
static inline struct photos_clean store_photo(unsigned char bytes[64], uint64_t mark)
{
    struct photos_clean photo = {.format = "JPEG"};
    memset(bytes, 0x55, 64);
    memcpy(bytes, &mark, sizeof mark);
    photo.large = (struct photos_picture){bytes, 64, 8, 8};
    photo.middle = (struct photos_picture){bytes, 48, 6, 6};
    photo.small = (struct photos_picture){bytes, 32, 4, 4};
    secrets_sha256(bytes, 64, photo.original_hash);
    return photo;
}

static inline struct cases_new store_report(void)
{
    return (struct cases_new){.kind = "report",
                              .category = "lamp",
                              .has_position = true,
                              .at = {116.375, 39.92},
                              .accuracy_m = 12.5,
                              .description = "路灯不亮",
                              .now_ms = 1000};
}

/* Makes a case; nothing may be wrong with it. */
static inline struct cases_case store_created(struct store *s, const struct cases_new *fresh)
{
    struct cases_created made;
    struct why why = {""};
    enum err e = cases_create(s->db, s->dir, s->kinds, fresh, NULL, &s->arena, &made, &why);
    assert_string_equal(why.text, "");
    assert_ok(e);
    return made.made;
}

/* One act without photos and without a key, and how the case is then. */
static inline enum err store_act(struct db *db, const struct kinds *kinds,
                                 const struct cases_acting *acting, struct arena *arena,
                                 struct cases_case *now, struct why *why)
{
    struct cases_acted acted;
    enum err e = cases_act(db, NULL, kinds, acting, NULL, arena, &acted, why);
    if (!e) *now = acted.now;
    return e;
}

static inline enum err store_move(struct store *s, struct cases_case *c, const char *to,
                                  unsigned as, const char *reason, struct why *why)
{
    struct cases_acting acting = {.public_id = c->public_id,
                                  .to = to,
                                  .version = c->version,
                                  .actor = {as, 0},
                                  .reason = reason,
                                  .now_ms = c->updated_ms + 1};
    return store_act(s->db, s->kinds, &acting, &s->arena, c, why);
}

#endif
