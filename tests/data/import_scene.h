/* A database with the tools of an import around it, for tests of what comes in and goes out. */
#ifndef YZ_TESTS_IMPORT_SCENE_H
#define YZ_TESTS_IMPORT_SCENE_H

#include "tests/check.h"
#include "tests/data/template.h"
#include "tests/scratch.h"

#include "data/import_ogr.h"
#include "data/migrate.h"
#include "data/places.h"
#include "geo/base/file.h"

#include <string.h>

struct scene {
    struct db *db;
    struct categories *categories;
    struct crs_context *crs;
    struct import_ogr_options options;
    struct import_report report;
    struct why why;
};

static inline void scene_init(struct scene *scene)
{
    char path[256];
    *scene = (struct scene){.why = {""}};
    scratch_make();
    template_lay(scratch_in(path, sizeof path, "a.db"));
    assert_ok(db_open(path, DB_CREATE, &scene->db, NULL));
    assert_ok(migrate_up(scene->db, NULL, &scene->why));
    assert_ok(categories_load(HOUSE_ROOT "/data/categories", &scene->categories, &scene->why));
    assert_ok(crs_context_new(&scene->crs));
    scene->options = (struct import_ogr_options){
        .categories = scene->categories, .crs_context = scene->crs, .source = "test"};
}

static inline void scene_fini(struct scene *scene)
{
    import_report_fini(&scene->report);
    crs_context_free(scene->crs);
    categories_free(scene->categories);
    db_close(scene->db);
    scratch_remove();
}

static inline enum err scene_import(struct scene *scene, enum import_ogr_kind kind,
                                    const struct import_ogr_input *input,
                                    const struct progress *progress)
{
    import_report_fini(&scene->report);
    import_report_init(&scene->report, 0);
    scene->why.text[0] = '\0';
    return import_ogr_run(scene->db, kind, input, &scene->options, progress, &scene->report,
                          &scene->why);
}

/* Places from text that is sent under a name. */
static inline enum err scene_send(struct scene *scene, const char *name, const void *bytes,
                                  size_t len)
{
    const struct import_ogr_input input = {.name = name, .bytes = bytes, .len = len};
    return scene_import(scene, IMPORT_OGR_PLACES, &input, NULL);
}

static inline void scene_why(const struct scene *scene, const char *words)
{
    if (!strstr(scene->why.text, words))
        fail_msg("\"%s\" does not say \"%s\"", scene->why.text, words);
}

static inline uint64_t scene_fate(const struct scene *scene, enum import_fate fate)
{
    return scene->report.fates[fate];
}

/* The line of the report for a row of the file. */
static inline const struct import_line *scene_line(const struct scene *scene, uint64_t line)
{
    for (size_t i = 0; i < scene->report.count; i++)
        if (scene->report.lines[i].line == line) return &scene->report.lines[i];
    fail_msg("line %llu is not in the report", (unsigned long long)line);
    return NULL;
}

/* The report as it is told, in new memory. */
static inline char *scene_told(const struct scene *scene)
{
    struct buf out;
    struct jsonw json;
    size_t len;
    buf_init(&out, SIZE_MAX);
    jsonw_init(&json, &out);
    jsonw_object(&json);
    import_report_write_json(&scene->report, &json);
    jsonw_object_end(&json);
    buf_putc(&out, '\0');
    assert_ok(out.err);
    return buf_take(&out, &len);
}

/* The first column of the first row of a query with an :id. */
static inline void scene_row(const struct scene *scene, const char *sql, const char *id,
                             const char *expected)
{
    struct db_query *q;
    bool row = false;
    assert_ok(db_prepare(scene->db, sql, &q));
    db_bind_text(q, ":id", id);
    assert_ok(db_step(q, &row));
    if (!row) fail_msg("%s is not there", id);
    assert_string_equal(db_text(q, 0), expected);
    db_done(q);
}

static inline int64_t scene_stored(const struct scene *scene)
{
    int64_t count = -1;
    assert_ok(places_count(scene->db, &count));
    return count;
}

#endif
