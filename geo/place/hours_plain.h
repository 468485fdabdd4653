/* Opening hours as people type them, in the letters that the grammar is written in: the punctuation
 * of other keyboards and word processors, and the Chinese of offices' tables ("周一至周五
 * 8:00-18:00， 法定节假日休息"). What stands in quotation marks stays as it is; what is not known
 * stays, too, and is then refused by whoever reads on. */
#ifndef YZ_GEO_PLACE_HOURS_PLAIN_H
#define YZ_GEO_PLACE_HOURS_PLAIN_H

#include "geo/place/hours.h"

enum { HOURS_PLAIN_SIZE = 3 * HOURS_MAX_TEXT + 1 };

/* Writes `len` bytes, at most HOURS_MAX_TEXT, with a NUL behind. No word becomes more than three
 * times as long, so that all fits. */
void hours_plain(const char *text, size_t len, char plain[HOURS_PLAIN_SIZE]);

#endif
