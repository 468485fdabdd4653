/* A folder of files that an operator edits: every NAME.yaml, by name. */
#ifndef YZ_DATA_CONF_FOLDER_H
#define YZ_DATA_CONF_FOLDER_H

#include "geo/base/err.h"

#include <stddef.h>

/* Gives the path of each to `use`, until one fails. `what` ends the sentence of a folder that
 * cannot be read: "cannot read the folder F, where the kinds of cases are". `*count` (may be NULL):
 * how many there are. Hidden files and others are passed over. */
enum err conf_folder_each(const char *folder, const char *what,
                          enum err (*use)(void *user, const char *path, struct why *why),
                          void *user, size_t *count, struct why *why);

#endif
