#include "server/command.h"

#include "data/changes.h"
#include "data/import_roads.h"
#include "server/store.h"

#include <inttypes.h>
#include <stdio.h>
#include <sys/stat.h>

static int run(int argc, char **argv);
const struct command command_build_roads = {
    "build-roads", "Builds the road file from the imported roads, for every profile.", run};

static void print_result(const struct import_roads_result *result, const char *path)
{
    const struct build_stats *roads = &result->roads;
    struct stat st;
    printf("ways: %" PRIu64 " kept, %" PRIu64 " that no profile can use\n", roads->ways_kept,
           roads->ways_dropped);
    printf("network: %" PRIu64 " junctions, %" PRIu64 " edges, %" PRIu64 " arcs, %" PRIu64
           " turns; %" PRIu64 " components, the largest with %.1f %% of the arcs\n",
           roads->nodes, roads->edges, roads->arcs, roads->turns, roads->components,
           roads->arcs ? 100.0 * (double)roads->largest_component_arcs / (double)roads->arcs : 0.0);
    printf("turn restrictions: %" PRIu64 " kept, %" PRIu64 " not understood\n",
           roads->restrictions_kept, roads->restrictions_dropped);
    if (roads->conditional_ignored)
        printf("conditional tags, which are not evaluated: %" PRIu64 "\n",
               roads->conditional_ignored);
    if (stat(path, &st) == 0) printf("%s: %.1f MB\n", path, (double)st.st_size / 1e6);
}

static enum err tell_server(struct db *db, void *user)
{
    (void)user;
    return changes_add(db, CHANGES_roads, 0, "built");
}

static enum err build(struct store *store, const struct config *config, const char *file,
                      const char *source, struct import_roads_result *result, struct why *why)
{
    char folder[PATH_MAX];
    struct profiles *profiles = NULL;
    struct command_bar bar;
    if (!file) file = datadir_path(store->dir, DATADIR_ROADS_OSM);
    enum err e = config_share(config, "profiles", folder, sizeof folder);
    if (!e) e = profiles_load_dir(folder, &profiles, why);
    if (!e) {
        command_bar_init(&bar);
        e = import_roads_run(file, profiles, datadir_path(store->dir, DATADIR_ROADS), source,
                             &bar.progress, result, why);
        command_bar_end(&bar);
    }
    if (e == ERR_NOTFOUND && file == datadir_path(store->dir, DATADIR_ROADS_OSM))
        err_say(why, e, "no roads were imported yet: run yizhan import osm FILE first");
    profiles_free(profiles);
    return e ? e : db_write(store->db, tell_server, NULL);
}

static int run(int argc, char **argv)
{
    struct command_common common = {0};
    const char *file = NULL, *source = "© OpenStreetMap contributors, ODbL 1.0";
    const struct option options[] = {
        {"FILE", NULL, "an OSM file instead of what import osm kept", false, &file, NULL},
        {"source", "TEXT", "whom to attribute (OpenStreetMap contributors)", false, &source, NULL},
        COMMAND_COMMON(common),
    };
    struct config config;
    struct store store;
    struct import_roads_result result;
    struct why why = {""};
    int end = command_begin(&command_build_roads, options, sizeof options / sizeof *options, argc,
                            argv, &common, &config);
    if (end >= 0) return end;
    enum err e = store_open(&store, &config, &why);
    if (!e) e = build(&store, &config, file, source, &result, &why);
    if (!e) print_result(&result, datadir_path(store.dir, DATADIR_ROADS));
    store_close(&store);
    return e ? command_fail(&command_build_roads, e, &why) : COMMAND_DONE;
}
