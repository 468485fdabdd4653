/* The subcommands of `yizhan`: one table in main.c, one file a group of them. */
#ifndef YZ_SERVER_COMMAND_H
#define YZ_SERVER_COMMAND_H

#include "geo/base/progress.h"
#include "server/config.h"
#include "server/options.h"

/* Exit codes that scripts can use. */
enum command_exit {
    COMMAND_DONE = 0,
    COMMAND_FAILED = 1,  /* it was tried and failed; one sentence on standard error */
    COMMAND_MISUSED = 2, /* the words of the call are off */
    COMMAND_FOUND = 3    /* `check` found something to mend */
};

/* `argv[0]` is the command's own name ("import osm"). Returns an enum command_exit. */
struct command {
    const char *name, *summary;
    int (*run)(int argc, char **argv);
};

extern const struct command command_serve, command_import_osm, command_import_places,
    command_import_areas, command_import_grid, command_grid_list, command_grid_remove,
    command_export_places, command_export_areas, command_export_cases, command_build_roads,
    command_user_add, command_user_password, command_user_list, command_user_disable,
    command_user_totp_reset, command_key_add, command_check, command_forget, command_photo_worker;

/* The options every command has; `rows` of the command's own come behind them. */
struct command_common {
    const char *config_file, *data, *share;
};
#define COMMAND_COMMON(common)                                                                     \
    {"data", "FOLDER", "the data folder (/var/lib/yizhan)", false, &(common).data, NULL},          \
        {"config", "FILE", "a yizhan.yaml", false, &(common).config_file, NULL},                   \
    {                                                                                              \
        "share", "FOLDER", "categories, kinds, profiles (beside the program)", false,              \
            &(common).share, NULL                                                                  \
    }

/* Parses the options and makes the configuration. Returns -1 to go on, otherwise the exit code:
 * after
 * --help, or with the sentence printed. */
int command_begin(const struct command *command, const struct option *options, size_t count,
                  int argc, char **argv, const struct command_common *common,
                  struct config *config);

/* Prints "yizhan import osm: SENTENCE" (the list's sentence when `why` is empty); COMMAND_FAILED.
 */
int command_fail(const struct command *command, enum err e, const struct why *why);

/* A progress bar on standard error: redrawn on a terminal, a line every few seconds elsewhere,
 * nothing for work that is over in a moment. SIGINT asks the work to stop. */
struct command_bar {
    struct progress progress;
    const char *stage;
    double started_s, shown_s;
    bool drawn;
};
void command_bar_init(struct command_bar *bar);
/* Ends the line the bar stands in. */
void command_bar_end(struct command_bar *bar);

#endif
