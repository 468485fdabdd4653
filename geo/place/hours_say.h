/* Opening hours as a sentence for people, in Chinese or English: "周一至周五 08:00–18:00；
 * 法定节假日休息", "Mon–Fri 08:00–18:00; closed on public holidays". */
#ifndef YZ_GEO_PLACE_HOURS_SAY_H
#define YZ_GEO_PLACE_HOURS_SAY_H

#include "geo/base/buf.h"
#include "geo/place/hours.h"

enum hours_tongue { HOURS_ZH, HOURS_EN, HOURS_TONGUES };

/* Appends what the whole value says, rule by rule in its own order, never nothing; comments in
 * their own language. What fails sticks in `out`. `hours` NULL appends that the hours are not
 * certain. */
void hours_say(const struct hours *hours, enum hours_tongue tongue, struct buf *out);

#endif
