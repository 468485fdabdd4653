/* A data directory of clustered places, put in by bulk, and what to ask of them:
 *
 *   bench_fill COUNT DATA QUERIES.txt POINTS.csv
 *
 * QUERIES: "lon lat category" a line; POINTS: "id,category,lon,lat" a line. */
#include "data/datadir.h"
#include "geo/base/clock.h"
#include "tests/bench/clusters.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const categories[CLUSTERS_CATEGORIES] = {"rest_station", "toilet", "fuel",
                                                            "charging"};

struct filling {
    struct clusters clusters;
    uint32_t count;
    FILE *points;
};

static enum err insert(struct db *db, uint32_t id, struct coord at, const char *category)
{
    struct db_query *q;
    char name[40], address[40], key[20];
    unsigned char wkb[21] = {1, 1, 0, 0, 0}; /* a little-endian point */
    enum err e = db_prepare(db,
                            "INSERT INTO places (id, source, source_id, category, name, address, "
                            "hours, created_ms, updated_ms, geom) VALUES (:id, 'bench', :key, "
                            ":category, :name, :address, 'Mo-Su 08:00-20:00', :now, :now, "
                            "ST_GeomFromWKB(:wkb, 4326))",
                            &q);
    if (e) return e;
    (void)snprintf(name, sizeof name, "站点%u", id);
    (void)snprintf(address, sizeof address, "第%u号", id);
    (void)snprintf(key, sizeof key, "%u", id);
    memcpy(wkb + 5, &at.lon, 8);
    memcpy(wkb + 13, &at.lat, 8);
    db_bind_int(q, ":id", id);
    db_bind_text(q, ":key", key);
    db_bind_text(q, ":category", category);
    db_bind_text(q, ":name", name);
    db_bind_text(q, ":address", address);
    db_bind_int(q, ":now", clock_utc_ms());
    db_bind_blob(q, ":wkb", wkb, sizeof wkb);
    return db_run(q, NULL);
}

static enum err fill(struct db *db, void *user)
{
    struct filling *f = user;
    enum err e = ERR_OK;
    for (uint32_t id = 1; id <= f->count && !e; id++) {
        unsigned category;
        struct coord at = clusters_point(&f->clusters, &category);
        e = insert(db, id, at, categories[category]);
        (void)fprintf(f->points, "%u,%s,%.6f,%.6f\n", id, categories[category], at.lon, at.lat);
    }
    return e;
}

static int write_queries(const struct clusters *clusters, const char *path)
{
    FILE *file = fopen(path, "w");
    if (!file) return 1;
    for (unsigned n = 0; n < CLUSTERS_QUERIES; n++) {
        unsigned category;
        struct coord at = clusters_query(clusters, n, &category);
        (void)fprintf(file, "%.6f %.6f %s\n", at.lon, at.lat, categories[category]);
    }
    return fclose(file) != 0;
}

int main(int argc, char **argv)
{
    struct filling f = {.count = argc == 5 ? (uint32_t)strtoul(argv[1], NULL, 10) : 0};
    struct datadir *dir = NULL;
    struct db *db = NULL;
    struct why why = {""};
    if (!f.count) return 2;
    clusters_init(&f.clusters);
    f.points = fopen(argv[4], "w");
    if (!f.points) return 1;
    enum err e = datadir_open(argv[2], DATADIR_VISIT, &dir, &why);
    if (!e) e = datadir_database(dir, DB_CREATE, &db, &why);
    if (!e && (e = db_write(db, fill, &f))) err_say(&why, e, "%s", db_error(db));
    db_close(db);
    datadir_close(dir);
    if (e) (void)fprintf(stderr, "bench_fill: %s\n", why.text);
    return fclose(f.points) != 0 || write_queries(&f.clusters, argv[3]) || e;
}
