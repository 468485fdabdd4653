#include "server/command.h"

#include "data/retention.h"
#include "geo/base/clock.h"
#include "server/store.h"

#include <inttypes.h>
#include <stdio.h>

static int run_forget(int argc, char **argv);

const struct command command_forget = {
    "forget", "Forgets what cases are kept for no longer, as the server does once a day.",
    run_forget};

static enum err forget(struct store *store, const struct config *config, bool dry,
                       struct retention_counts *counts, struct why *why)
{
    struct kinds *kinds = NULL;
    struct command_bar bar;
    char path[PATH_MAX];
    enum err e = config_share(config, "kinds", path, sizeof path);
    if (!e) e = kinds_load(path, NULL, &kinds, why);
    if (e) return e;
    command_bar_init(&bar);
    e = retention_run(store->db, store->dir, kinds, clock_utc_ms(), dry, &bar.progress, counts,
                      why);
    command_bar_end(&bar);
    kinds_free(kinds);
    return e;
}

static int run_forget(int argc, char **argv)
{
    struct command_common common = {0};
    bool dry = false;
    const struct option options[] = {
        {"dry-run", NULL, "only count", false, NULL, &dry},
        COMMAND_COMMON(common),
    };
    struct config config;
    struct store store;
    struct retention_counts counts = {0};
    struct why why = {""};
    int end = command_begin(&command_forget, options, sizeof options / sizeof *options, argc, argv,
                            &common, &config);
    if (end >= 0) return end;
    enum err e = store_open(&store, &config, &why);
    if (!e) e = forget(&store, &config, dry, &counts, &why);
    store_close(&store);
    if (e) return command_fail(&command_forget, e, &why);
    printf("%" PRId64 " cases %s, %" PRId64 " photos %s\n", counts.cases,
           dry ? "would be anonymised" : "were anonymised", counts.photos,
           dry ? "would be deleted" : "were deleted");
    if (counts.changes) printf("%" PRId64 " rows of the outbox were taken away\n", counts.changes);
    return COMMAND_DONE;
}
