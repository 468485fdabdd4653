/* The two obfuscated systems of Chinese maps: GCJ-02 (AMap, Tencent, WeChat, every printed map of
 * China) and BD-09 (Baidu, which shifts GCJ-02 once more).
 *
 * Neither is published by its owner; the formulas are the ones found in 2010 and in use everywhere
 * since, as written down in "Restrictions on geographic data in China" (Wikipedia) and in the
 * source of wuyongzheng/wgs-04-to-mars, googollee/eviltransform and hujiulong/gcoord.
 *
 * Both shift only inside the well-known rectangle 72.004-137.8347 E, 0.8293-55.8271 N; outside it
 * they are WGS 84. Taken literally that tears the map: the shift ends abruptly, so that two points
 * share an image on one side of an edge and none is left on the other. So the shift fades out
 * within the last 0.02 degrees inside the rectangle, which lies more than a degree from China on
 * all sides: the map is continuous, every point of the world has exactly one image, and back is
 * always back.
 *
 * All functions are pure, take valid coordinates and give valid ones. */
#ifndef YZ_GEO_SPACE_CHINA_H
#define YZ_GEO_SPACE_CHINA_H

#include "geo/space/coord.h"

/* Whether GCJ-02 shifts this point: inside the rectangle. */
bool china_covers(struct coord wgs84);

struct coord china_gcj02_from_wgs84(struct coord wgs84);

/* By fixed-point iteration until it stands still: errs by less than a micrometre. One step, as
 * often seen, would err by up to 4.4 m. */
struct coord china_wgs84_from_gcj02(struct coord gcj02);

struct coord china_bd09_from_gcj02(struct coord gcj02);

/* By fixed-point iteration likewise; the usual closed formula errs by about half a metre. */
struct coord china_gcj02_from_bd09(struct coord bd09);

#endif
