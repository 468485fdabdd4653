/* What writing down anything of our own asks first, in one sentence wherever it is asked: rewards,
 * offers, votes, activities and the like. */
#ifndef YZ_DATA_RECORD_H
#define YZ_DATA_RECORD_H

#include "geo/base/err.h"

#include <stddef.h>
#include <stdint.h>

/* ERR_INVALID with a sentence that begins with `name`; `text` is UTF-8, its length in characters.
 * What has a character has one that is seen (text_visible). */
enum err record_text(const char *name, const char *text, size_t min, size_t max, struct why *why);
enum err record_number(const char *name, int64_t number, int64_t min, int64_t max, struct why *why);

/* ERR_CONFLICT where `what` ("the reward") is at another version than its writer saw. */
enum err record_seen(const char *what, int64_t now, int64_t seen, struct why *why);

#endif
