#include "tests/check.h"
#include "tests/scratch.h"

#include "data/db.h"
#include "geo/base/zip.h"
#include "server/basemap.h"

#include <pthread.h>
#include <stdatomic.h>
#include <string.h>

enum { FILES = 4, THREADS = 4, SWAPS = 40 };

static char path[128], made[FILES][128];
static struct why why;

/* A file with one tile, which says the same as the file's name. */
static void make_file(int number)
{
    struct db *db;
    struct db_query *q;
    struct buf packed;
    char name[16], sql[400];
    (void)snprintf(name, sizeof name, "file %d", number);
    (void)scratch_in(made[number], sizeof made[number], name);
    (void)snprintf(sql, sizeof sql,
                   "CREATE TABLE metadata (name TEXT, value TEXT); CREATE TABLE tiles (zoom_level "
                   "INTEGER, tile_column INTEGER, tile_row INTEGER, tile_data BLOB); INSERT INTO "
                   "metadata VALUES ('name', '%s'), ('json', '{\"vector_layers\": [{\"id\": "
                   "\"water\", \"fields\": {}}]}')",
                   name);
    assert_ok(db_open(made[number], DB_CREATE, &db, &why));
    assert_ok(db_exec(db, sql));
    buf_init(&packed, 1000);
    assert_ok(zip_gzip(name, strlen(name), 6, &packed));
    assert_ok(db_prepare(db, "INSERT INTO tiles VALUES (0, 0, 0, :data)", &q));
    db_bind_blob(q, ":data", packed.bytes, packed.len);
    assert_ok(db_run(q, NULL));
    assert_ok(db_exec(db, "PRAGMA journal_mode = DELETE"));
    buf_fini(&packed);
    db_close(db);
}

/* Puts a copy of a file where the base map lies, whole. */
static void put_file(int number)
{
    char copy[160], bytes[4096];
    size_t n;
    (void)snprintf(copy, sizeof copy, "%s.new", path);
    FILE *from = fopen(made[number], "rb"), *to = fopen(copy, "wb");
    assert_true(from && to);
    while ((n = fread(bytes, 1, sizeof bytes, from)) > 0)
        assert_int_equal(fwrite(bytes, 1, n, to), n);
    (void)fclose(from);
    (void)fclose(to);
    assert_int_equal(rename(copy, path), 0);
}

static struct basemap *begin(struct log **log)
{
    struct basemap *basemap;
    scratch_make();
    (void)scratch_in(path, sizeof path, "basemap.mbtiles");
    for (int i = 0; i < FILES; i++)
        make_file(i);
    assert_ok(log_start(STDERR_FILENO, APP_LOG_LOGFMT, APP_LOG_ERROR, log));
    assert_ok(basemap_new(path, *log, &basemap));
    return basemap;
}

static void end(struct basemap *basemap, struct log *log)
{
    basemap_free(basemap);
    log_stop(log);
    scratch_remove();
}

static void read_name(struct basemap *basemap, struct basemap_reader *reader, char name[16])
{
    struct buf packed, plain;
    buf_init(&packed, 1000);
    buf_init(&plain, 1000);
    assert_ok(basemap_tile(basemap, reader, 0, 0, 0, &packed));
    assert_ok(zip_gunzip(packed.bytes, packed.len, &plain));
    (void)snprintf(name, 16, "%.*s", (int)plain.len, plain.bytes);
    buf_fini(&packed);
    buf_fini(&plain);
}

TEST(a_file_is_found_when_it_comes_changes_and_goes)
{
    struct log *log;
    struct basemap *basemap = begin(&log);
    struct basemap_reader reader = {0};
    struct buf out;
    char name[16];
    buf_init(&out, 1000);
    basemap_look(basemap);
    assert_int_equal(basemap_number(basemap), 0);
    assert_null(basemap_enter(basemap));
    assert_err(basemap_tile(basemap, &reader, 0, 0, 0, &out), ERR_NOTFOUND);
    for (int i = 0; i < FILES; i++) {
        put_file(i);
        basemap_look(basemap);
        basemap_look(basemap); /* the same again */
        assert_int_equal(basemap_number(basemap), i + 1);
        read_name(basemap, &reader, name);
        const struct basemap_sheet *sheet = basemap_enter(basemap);
        assert_string_equal(basemap_info(sheet)->name, name);
        assert_int_equal(name[5], '0' + i);
        basemap_leave(basemap, sheet);
    }
    const struct basemap_sheet *held = basemap_enter(basemap);
    assert_int_equal(remove(path), 0);
    basemap_look(basemap);
    assert_int_equal(basemap_number(basemap), 0);
    assert_err(basemap_tile(basemap, &reader, 0, 0, 0, &out), ERR_NOTFOUND);
    assert_string_equal(basemap_info(held)->name, "file 3"); /* who holds it keeps it */
    basemap_leave(basemap, held);
    basemap_reader_fini(&reader);
    buf_fini(&out);
    end(basemap, log);
}

struct crowd {
    struct basemap *basemap;
    atomic_bool stop;
};

static void *keep_reading(void *argument)
{
    struct crowd *crowd = argument;
    struct basemap_reader reader = {0};
    while (!atomic_load(&crowd->stop)) {
        char name[16];
        read_name(crowd->basemap, &reader, name);
        assert_memory_equal(name, "file ", 5);
        const struct basemap_sheet *sheet = basemap_enter(crowd->basemap);
        assert_memory_equal(basemap_info(sheet)->name, "file ", 5);
        basemap_leave(crowd->basemap, sheet);
    }
    basemap_reader_fini(&reader);
    return NULL;
}

TEST(readers_go_on_while_files_come_and_go)
{
    struct log *log;
    struct crowd crowd = {.basemap = begin(&log)};
    pthread_t threads[THREADS];
    put_file(0);
    basemap_look(crowd.basemap);
    for (int i = 0; i < THREADS; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, keep_reading, &crowd), 0);
    for (int i = 0; i < SWAPS; i++) {
        put_file(i % FILES);
        basemap_look(crowd.basemap);
    }
    atomic_store(&crowd.stop, true);
    for (int i = 0; i < THREADS; i++)
        assert_int_equal(pthread_join(threads[i], NULL), 0);
    end(crowd.basemap, log);
}

RUN(cmocka_unit_test(a_file_is_found_when_it_comes_changes_and_goes),
    cmocka_unit_test(readers_go_on_while_files_come_and_go))
