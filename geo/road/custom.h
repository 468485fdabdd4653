/* Customization: from a profile's times to a metric, and the repair of what a closure touches.
 *
 * Holds, for every link and side, the cheapest cost over lower vertices (basic customization) and
 * the cheapest of all (perfect customization); a link is needed when the two are equal. A change of
 * some arcs is carried up through the links whose cost it alters and down through those whose
 * perfect cost it alters, and through no others (J. Dibbelt, B. Strasser, D. Wagner, ACM JEA 21,
 * 2016, sections 5 and 6). */
#ifndef YZ_GEO_ROAD_CUSTOM_H
#define YZ_GEO_ROAD_CUSTOM_H

#include "geo/road/cch.h"
#include "geo/road/metric.h"

/* One profile's; changed by one thread at a time. Borrows the hierarchy. */
struct custom;

/* Customizes on up to `threads` threads, with the file's own times. ERR_NOMEM; ERR_LIMIT for a
 * hierarchy higher than METRIC_MAX_HEIGHT. */
enum err custom_new(const struct cch *cch, unsigned profile, unsigned threads,
                    struct custom **custom);
void custom_free(struct custom *custom);

/* Another time for one direction of an edge, copies included. */
struct custom_change {
    uint32_t arc;     /* a base arc that the profile travels */
    uint32_t time_ms; /* NETWORK_NONE: closed; otherwise no less than the file's */
};

/* From now on exactly these arcs have other times than the file's; whatever was changed before and
 * is not listed gets the file's back. Every arc at most once. Repairs what hangs on the
 * differences to before; above some share of all links it customizes anew instead. ERR_NOMEM: then
 * the customization is to be thrown away. */
enum err custom_set(struct custom *custom, const struct custom_change *changes, size_t count);

/* The metric of the present state; the caller becomes one of its owners. As long as no custom_set
 * changes anything it is the same one. Always ERR_OK: it has been made by then. */
enum err custom_metric(const struct custom *custom, struct metric **metric);

/* For the curious: links that the last custom_set had to look at. */
size_t custom_repaired(const struct custom *custom);

#endif
