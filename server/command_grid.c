#include "server/command.h"

#include "data/grids.h"
#include "server/store.h"

#include <inttypes.h>
#include <stdio.h>

static int run_list(int argc, char **argv);
static int run_remove(int argc, char **argv);

const struct command command_grid_list = {
    "grid list", "Lists the grids of weights that coverage can go by.", run_list};
const struct command command_grid_remove = {"grid remove", "Takes a grid of weights away.",
                                            run_remove};

static void print_grid(void *user, const struct grids_listed *grid)
{
    size_t *count = user;
    ++*count;
    printf("%-20s %9" PRIu64 " cells, %.15g in all, from %s\n", grid->name, grid->cells,
           grid->total, grid->file);
}

static int run_list(int argc, char **argv)
{
    struct command_common common = {0};
    const struct option options[] = {COMMAND_COMMON(common)};
    struct config config;
    struct store store;
    struct why why = {""};
    size_t count = 0;
    int end = command_begin(&command_grid_list, options, sizeof options / sizeof *options, argc,
                            argv, &common, &config);
    if (end >= 0) return end;
    enum err e = store_open(&store, &config, &why);
    if (!e) e = grids_list(store.db, print_grid, &count);
    if (!e && !count) puts("there is none: yizhan import grid brings one in");
    store_close(&store);
    return e ? command_fail(&command_grid_list, e, &why) : COMMAND_DONE;
}

static enum err take_away(struct db *db, void *user)
{
    return grids_remove(db, user);
}

static int run_remove(int argc, char **argv)
{
    struct command_common common = {0};
    const char *name = NULL;
    const struct option options[] = {
        {"NAME", NULL, "which", true, &name, NULL},
        COMMAND_COMMON(common),
    };
    struct config config;
    struct store store;
    struct why why = {""};
    int end = command_begin(&command_grid_remove, options, sizeof options / sizeof *options, argc,
                            argv, &common, &config);
    if (end >= 0) return end;
    enum err e = store_open(&store, &config, &why);
    if (!e) e = db_write(store.db, take_away, (void *)name);
    if (e == ERR_NOTFOUND) e = err_say(&why, e, "there is no grid \"%s\"", name);
    store_close(&store);
    return e ? command_fail(&command_grid_remove, e, &why) : COMMAND_DONE;
}
