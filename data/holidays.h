/* Public holidays as an operator edits them: a YAML file a country, data/holidays/cn.yaml, which
 * explains itself. */
#ifndef YZ_DATA_HOLIDAYS_H
#define YZ_DATA_HOLIDAYS_H

#include "geo/base/err.h"
#include "geo/place/hours.h"

#include <stddef.h>

struct holidays; /* read-only once loaded; shared by all threads */

/* Reads `code`.yaml of a folder. Mistakes are told with file and line: a day that no calendar has,
 * one given twice, a year given twice or out of order, a worked day that is no weekend's.
 * holidays_free(NULL) is fine. */
enum err holidays_load(const char *folder, const char *code, struct holidays **holidays,
                       struct why *why);
/* The same from text; `name` stands for the file in messages. */
enum err holidays_parse(const char *name, const char *text, size_t len, struct holidays **holidays,
                        struct why *why);
void holidays_free(struct holidays *holidays);

/* What opening hours ask; borrowed. */
const struct hours_calendar *holidays_calendar(const struct holidays *holidays);

#endif
