/* What the members of the façade's documents are called on its pages. */
#ifndef YZ_SERVER_API_OGC_WORDS_H
#define YZ_SERVER_API_OGC_WORDS_H

#include "data/categories.h"
#include "server/api/ogc_page.h"

/* The label of a member, NULL: it has none but its own name. */
const char *ogc_words_label(const char *key, size_t len, enum ogc_lang lang);

/* The operator's label for a value of `category` or `amenities`; NULL for any other member, and for
 * a code that is not in the list. */
const char *ogc_words_value(const struct categories *words, const char *key, size_t key_len,
                            const char *value, size_t value_len, enum ogc_lang lang);

#endif
