/* The part of building a lexicon that sets its postings. */
#ifndef YZ_GEO_PLACE_LEXICON_POST_H
#define YZ_GEO_PLACE_LEXICON_POST_H

#include "geo/place/lexicon.h"
#include "geo/place/lexicon_codes.h"

/* Sets signs, keys and postings from the texts, which have words by their final numbers.
 * ERR_NOMEM. */
enum err lexicon_post(struct lexicon *lexicon);

#endif
