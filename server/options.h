/* A subcommand's options as a table: parsing, defaults' shape and `--help` come from the same rows.
 */
#ifndef YZ_SERVER_OPTIONS_H
#define YZ_SERVER_OPTIONS_H

#include "geo/base/err.h"

#include <stdbool.h>
#include <stddef.h>

/* One row. `--name VALUE`, `--name=VALUE`, or without a placeholder a bare `--name`. A row whose
 * name is in capitals ("FILE") is a positional argument, taken in the table's order; `required`
 * counts for both. Exactly one target is set. */
struct option {
    const char *name;
    const char *placeholder;
    const char *help;
    bool required;
    const char **text; /* set to the argument, borrowed from argv */
    bool *flag;
};

/* Reads `argv[1..]` into the targets; those not given keep their value. ERR_INVALID with a sentence
 * for a stranger, a missing value, one too many or one that is required. `*help` is set, and
 * nothing else checked, when --help or -h is among them. */
enum err options_parse(const struct option *options, size_t count, int argc, char **argv,
                       bool *help, struct why *why);

/* Prints "usage: yizhan COMMAND ..." and the rows to standard output. */
void options_print(const char *command, const char *summary, const struct option *options,
                   size_t count);

#endif
