/* The kinds of what partner merchants offer, as an operator's data (data/offers/kinds.yaml). */
#ifndef YZ_DATA_OFFERS_KINDS_H
#define YZ_DATA_OFFERS_KINDS_H

#include "data/kinds.h"

enum { OFFERS_KINDS_MAX = 32, OFFERS_KINDS_CODE_MAX = 40 };

struct offers_kind {
    const char *code; /* a-z 0-9 _ */
    struct kinds_label label;
};

struct offers_kinds; /* read-only once loaded; shared by all threads */

/* Reads kinds.yaml of a folder. Mistakes are told with file and line. ERR_NOTFOUND: there is no
 * such file. offers_kinds_free(NULL) is fine. */
enum err offers_kinds_load(const char *folder, struct offers_kinds **kinds, struct why *why);
/* The same from text; `name` stands for the file in messages. */
enum err offers_kinds_parse(const char *name, const char *text, size_t len,
                            struct offers_kinds **kinds, struct why *why);
void offers_kinds_free(struct offers_kinds *kinds);

/* Of NULL there are none. */
size_t offers_kinds_count(const struct offers_kinds *kinds);
const struct offers_kind *offers_kinds_at(const struct offers_kinds *kinds, size_t i);
/* NULL where there is none. */
const struct offers_kind *offers_kinds_find(const struct offers_kinds *kinds, const char *code);

#endif
