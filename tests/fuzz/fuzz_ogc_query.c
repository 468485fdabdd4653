/* The address of a list of features: "places?bbox=…" or "areas?…". What is read is then looked for.
 */
#include "geo/place/tally.h"
#include "server/api/ogc_query.h"
#include "server/api/ogc_table.h"
#include "tests/server/ogc_fixture.h"

#include <stdint.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

/* What the search takes for granted. */
static void check(const struct ogc_query *q)
{
    if (q->limit < 1 || q->limit > OGC_LIMIT_MAX) abort();
    if (q->time.from_ms > q->time.to_ms) abort();
    for (size_t i = 0; i < q->wanted.box_count; i++) {
        const struct box *box = &q->wanted.boxes[i];
        if (!(box->min_lon >= -180 && box->max_lon <= 180)) abort();
        if (!(box->min_lat >= -90 && box->max_lat <= 90)) abort();
    }
    if (strncmp(q->crs_uri, "http://www.opengis.net/def/crs/", 31) != 0) abort();
}

static void search(const struct ogc_query *q)
{
    struct tally tally = tally_count(q->snapshot->places, &q->wanted.filter, q->after_id);
    if (tally.before > tally.matched) abort();
    if (tally_skip(q->snapshot->places, &q->wanted.filter, tally.matched) == INT64_MAX) abort();
    for (size_t i = 0; i < areaset_count(q->snapshot->areas); i++)
        (void)ogc_query_wants_area(q, i);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    static struct ogc_fixture fixture; /* of all inputs */
    if (!fixture.places) ogc_fixture_init(&fixture, 40);
    struct arena arena = {0};
    struct problem problem = {0};
    struct request request = {.arena = &arena, .problem = &problem};
    char *target = arena_printf(&arena, "/%.*s", (int)len, (const char *)bytes);
    if (target && !request_parse(&request, target)) {
        struct ogc_query query;
        request.args[0] = (struct request_pair){"collection", request.path + 1};
        request.arg_count = 1;
        const struct ogc_collection *collection = ogc_collection_named(&request);
        if (collection && !ogc_query_read(&request, &fixture.tools, collection, &query)) {
            check(&query);
            search(&query);
        } else if (!problem.kind) {
            abort();
        }
    }
    arena_fini(&arena);
    return 0;
}
