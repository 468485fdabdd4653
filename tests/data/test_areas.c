#include "tests/check.h"
#include "tests/data/template.h"
#include "tests/data/value.h"
#include "tests/scratch.h"

#include "data/areas.h"
#include "data/migrate.h"

#include <string.h>

static struct db *fresh(void)
{
    char path[128];
    struct db *db = NULL;
    scratch_make();
    template_lay(scratch_in(path, sizeof path, "a.db"));
    assert_ok(db_open(path, DB_CREATE, &db, NULL));
    assert_ok(migrate_up(db, NULL, NULL));
    return db;
}

static void gone(struct db *db)
{
    db_close(db);
    scratch_remove();
}

/* A square as WKB; freed with free(). */
static unsigned char *square(double lon, double lat, double side, size_t *len)
{
    const struct coord points[] = {
        {lon, lat}, {lon + side, lat}, {lon + side, lat + side}, {lon, lat + side}, {lon, lat}};
    const size_t starts[] = {0, 5};
    struct polygon *polygon = NULL;
    unsigned char *wkb = NULL;
    assert_ok(polygon_from_rings(points, starts, 1, &polygon, NULL));
    assert_ok(polygon_to_wkb(polygon, &wkb, len));
    polygon_free(polygon);
    return wkb;
}

struct squares {
    struct {
        const char *id, *code, *name;
        int level;
        double lon, lat, side;
    } list[6];
    size_t count;
    bool prune;
    struct areas_counts counts;
    struct why why;
};

static enum err bring(struct db *db, void *user)
{
    struct squares *s = user;
    int64_t ids[6];
    enum err e = ERR_OK;
    for (size_t i = 0; i < s->count && !e; i++) {
        struct areas_row row = {.source = "t",
                                .source_id = s->list[i].id,
                                .level = s->list[i].level,
                                .code = s->list[i].code,
                                .name = s->list[i].name};
        unsigned char *wkb = square(s->list[i].lon, s->list[i].lat, s->list[i].side, &row.wkb_len);
        row.wkb = wkb;
        e = areas_put(db, &row, &s->counts, &ids[i], &s->why);
        free(wkb);
    }
    if (!e && s->prune) e = areas_prune(db, "t", ids, s->count, &s->counts);
    if (!e) e = areas_link(db);
    return e ? e : areas_import_end(db, &s->counts);
}

/* A district of two halves, and a neighbour with the name of one of them. */
static const struct squares city = {
    .list = {{"d", "110102", "西城区", 6, 0, 0, 2},
             {"w", "110102001", "西长安街街道", 8, 0, 0, 1},
             {"e", "110102003", "新街口街道", 8, 1, 0, 1},
             {"x", "", "新街口街道", 8, 5, 5, 1}},
    .count = 4,
};

TEST(areas_come_back_with_their_parents_and_find_points)
{
    struct db *db = fresh();
    struct squares s = city;
    struct areaset *set = NULL;
    const struct area *area = NULL;
    struct why why = {""};
    assert_ok(db_write(db, bring, &s));
    assert_int_equal(s.counts.added, 4);
    assert_ok(areas_load(db, &set, &why));
    assert_int_equal(areaset_count(set), 4);
    assert_ok(areaset_locate(set, (struct coord){1.5, 0.5}, 10, &area));
    assert_string_equal(area->name, "新街口街道");
    assert_string_equal(area->code, "110102003");
    assert_int_equal(area->parent_id, 1);
    assert_ok(areaset_locate(set, (struct coord){0.5, 1.5}, 10, &area));
    assert_string_equal(area->name, "西城区");
    assert_int_equal(area->parent_id, 0);
    areaset_free(set);
    gone(db);
}

TEST(the_same_areas_twice_change_nothing_and_a_moved_border_is_a_change)
{
    struct db *db = fresh();
    struct squares s = city;
    assert_ok(db_write(db, bring, &s));
    memset(&s.counts, 0, sizeof s.counts);
    assert_ok(db_write(db, bring, &s));
    assert_int_equal(s.counts.unchanged, 4);
    assert_int_equal(value_of(db, "SELECT count(*) FROM changes"), 1);
    s.list[2].side = 0.9;
    memset(&s.counts, 0, sizeof s.counts);
    assert_ok(db_write(db, bring, &s));
    assert_int_equal(s.counts.changed, 1);
    assert_int_equal(s.counts.unchanged, 3);
    assert_int_equal(value_of(db, "SELECT count(*) FROM changes"), 2);
    gone(db);
}

TEST(a_district_that_comes_after_its_parts_becomes_their_parent_and_a_given_parent_stays)
{
    struct db *db = fresh();
    struct squares s = {.list = {{"city", "11", "北京市", 4, -5, -5, 20},
                                 {"w", "110102001", "西长安街街道", 8, 0, 0, 1},
                                 {"e", "110102003", "新街口街道", 8, 1, 0, 1}},
                        .count = 3};
    struct squares late = {.list = {{"d", "110102", "西城区", 6, 0, 0, 2}}, .count = 1};
    assert_ok(db_write(db, bring, &s));
    assert_int_equal(value_of(db, "SELECT count(*) FROM areas WHERE parent_id = 1"), 2);
    assert_ok(db_exec(db, "UPDATE areas SET parent_given = 1 WHERE id = 3"));
    assert_ok(db_write(db, bring, &late));
    assert_int_equal(value_of(db, "SELECT parent_id FROM areas WHERE source_id = 'd'"), 1);
    assert_int_equal(value_of(db, "SELECT parent_id FROM areas WHERE id = 2"), 4);
    assert_int_equal(value_of(db, "SELECT parent_id FROM areas WHERE id = 3"), 1);
    gone(db);
}

TEST(an_area_that_its_source_no_longer_has_is_marked)
{
    struct db *db = fresh();
    struct squares s = city;
    struct areaset *set = NULL;
    assert_ok(db_write(db, bring, &s));
    s.count = 3;
    s.prune = true;
    assert_ok(db_write(db, bring, &s));
    assert_int_equal(s.counts.vanished, 1);
    assert_ok(areas_load(db, &set, NULL));
    assert_int_equal(areaset_count(set), 3);
    areaset_free(set);
    assert_int_equal(value_of(db, "SELECT count(*) FROM areas"), 4);
    gone(db);
}

TEST(an_area_is_found_by_code_or_by_a_name_that_only_it_has)
{
    struct db *db = fresh();
    struct squares s = city;
    int64_t id = 0;
    assert_ok(db_write(db, bring, &s));
    assert_ok(areas_find(db, "110102003", &id));
    assert_int_equal(id, 3);
    assert_ok(areas_find(db, "西城区", &id));
    assert_int_equal(id, 1);
    assert_err(areas_find(db, "新街口街道", &id), ERR_CONFLICT);
    assert_err(areas_find(db, "nowhere", &id), ERR_NOTFOUND);
    assert_err(areas_find(db, "", &id), ERR_NOTFOUND);
    gone(db);
}

TEST(what_is_no_area_is_refused_with_a_sentence)
{
    struct db *db = fresh();
    struct areas_counts counts = {0};
    struct why why = {""};
    size_t len;
    unsigned char *wkb = square(0, 0, 1, &len);
    struct areas_row rows[4];
    for (int i = 0; i < 4; i++)
        rows[i] = (struct areas_row){
            .source = "t", .source_id = "1", .level = 8, .name = "a", .wkb = wkb, .wkb_len = len};
    rows[0].level = 1;
    rows[1].name = "\xFF";
    rows[2].wkb_len = len / 2;
    rows[3].source = NULL;
    static const char *const sentences[] = {"level 1", "name is not valid UTF-8",
                                            "the geometry is no multipolygon",
                                            "source and source_id"};
    for (int i = 0; i < 4; i++) {
        assert_int_not_equal(areas_put(db, &rows[i], &counts, NULL, &why), ERR_OK);
        assert_non_null(strstr(why.text, sentences[i]));
    }
    assert_int_equal(counts.added, 0);
    free(wkb);
    gone(db);
}

TEST(no_areas_at_all_are_an_empty_set)
{
    struct db *db = fresh();
    struct areaset *set = NULL;
    assert_ok(areas_load(db, &set, NULL));
    assert_int_equal(areaset_count(set), 0);
    areaset_free(set);
    gone(db);
}

RUN(cmocka_unit_test(areas_come_back_with_their_parents_and_find_points),
    cmocka_unit_test(the_same_areas_twice_change_nothing_and_a_moved_border_is_a_change),
    cmocka_unit_test(
        a_district_that_comes_after_its_parts_becomes_their_parent_and_a_given_parent_stays),
    cmocka_unit_test(an_area_that_its_source_no_longer_has_is_marked),
    cmocka_unit_test(an_area_is_found_by_code_or_by_a_name_that_only_it_has),
    cmocka_unit_test(what_is_no_area_is_refused_with_a_sentence),
    cmocka_unit_test(no_areas_at_all_are_an_empty_set))
