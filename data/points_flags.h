/* What speaks against the points of a report, for a person to look at: none of it is a verdict, and
 * nothing happens by itself. It is found when somebody asks, from the reports themselves, and is
 * kept nowhere: it would be a track of where somebody was. */
#ifndef YZ_DATA_POINTS_FLAGS_H
#define YZ_DATA_POINTS_FLAGS_H

#include "data/kinds.h"
#include "data/photo_reuse.h"
#include "data/points.h"

enum {
    POINTS_FLAGS_KMH = 100,      /* between two reports, in a straight line */
    POINTS_FLAGS_APART_M = 1000, /* less is what a position may be off */
    POINTS_FLAGS_TRAVEL_S = 6 * 3600,
    POINTS_FLAGS_ACCURACY_M = 100,
    POINTS_FLAGS_BURST = 5, /* reports and joins */
    POINTS_FLAGS_BURST_S = 600
};

struct points_flags {
    const struct photo_reuse *reused; /* photos that are other reports', too */
    size_t reused_count;
    struct points_travel { /* from the report before; `report` NULL: none that is implausible */
        const char *report, *kind;
        int64_t area_id;
        double distance_m, seconds, kmh;
    } travel;
    double accuracy_m; /* poor; 0: it is not */
    int64_t burst;     /* so many within POINTS_FLAGS_BURST_S up to it; 0: not many */
    bool settled;      /* the points are made good by now */
};

/* Of an entry of a case that began to wait. In the arena. `*any`: there is one. Cases of a private
 * kind are left out of all of it: where and when somebody asked for help is nobody's evidence. */
enum err points_flags_find(struct db *db, const struct kinds *kinds,
                           const struct points_entry *award, struct arena *arena,
                           struct points_flags *flags, bool *any);

#endif
