/* Road profiles as an operator edits them: one YAML file each in a folder. The files that come with
 * the program (data/profiles/) explain every key. */
#ifndef YZ_DATA_PROFILES_H
#define YZ_DATA_PROFILES_H

#include "geo/base/err.h"
#include "geo/road/profile.h"

#include <stddef.h>

/* All profiles of a folder. */
struct profiles;

/* Reads every *.yaml of a folder in the order of their names. ERR_NOTFOUND when there is none,
 * ERR_LIMIT above PROFILE_MAX, ERR_CONFLICT for a name given twice; a mistake in a file is told
 * with its name and line. */
enum err profiles_load_dir(const char *dir, struct profiles **profiles, struct why *why);
void profiles_free(struct profiles *profiles);

/* The profiles as build_new wants them; borrowed. */
const struct profile *const *profiles_list(const struct profiles *profiles, size_t *count);

/* Reads one profile from `len` bytes of YAML, which messages call `name`, into `*profile`; the
 * caller ends it with profile_fini. */
enum err profiles_parse(const char *name, const char *text, size_t len, struct profile *profile,
                        struct why *why);

#endif
