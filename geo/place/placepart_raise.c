#include "geo/place/placepart_raise.h"

#include "geo/base/jobs.h"
#include "geo/base/jsonw.h"
#include "geo/base/large.h"
#include "geo/place/placepart_trees.h"

#include <stdlib.h>
#include <string.h>

enum { PLACES_A_JOB = 1 << 15 };
enum { MOST_LON_E7 = 1800000000, MOST_LAT_E7 = 900000000 };

/* What is made when the columns are in order, by job. */
enum { RAISE_TREE, RAISE_IDS, RAISE_HOURS, RAISE_GROUPS };
enum { RAISE_JOBS = RAISE_GROUPS + PLACESET_CATEGORIES };
static const char *const job_names[] = {
    [RAISE_TREE] = "tree",
    [RAISE_IDS] = "ids",
    [RAISE_HOURS] = "opening hours",
    [RAISE_GROUPS] = "categories",
};

struct raising {
    const struct placepart_raw *raw;
    struct placepart *part;
    atomic_bool damaged; /* a column */
    uint32_t starts[PLACESET_CATEGORIES + 1];
    enum err failures[RAISE_JOBS];
};

/* --- columns --- */

/* Whether the texts of a place fill its bytes exactly. */
static bool texts_fit(const char *text, const char *end)
{
    if (end - text < PLACEPART_HEAD) return false;
    unsigned head = (unsigned char)text[0] | (unsigned)(unsigned char)text[1] << 8;
    bool plain = head >> PLACEPART_PLAIN & 1;
    text += PLACEPART_HEAD;
    if (head & ~(1u << PLACEPART_PLAIN) & ~0u << PLACESET_TEXTS) return false;
    for (; head & ((1u << PLACESET_TEXTS) - 1); head &= head - 1) {
        const char *nul = memchr(text, '\0', (size_t)(end - text));
        if (!nul || (plain && !jsonw_is_plain(text, (size_t)(nul - text)))) return false;
        text = nul + 1;
    }
    return text == end;
}

static bool place_fits(const struct placepart_raw *raw, uint32_t i)
{
    const struct placepart *part = raw->part;
    const struct placepart_more *more = &part->more[i];
    struct coord_e7 at = part->coords[i];
    size_t begin = more->texts, end = i + 1 < part->count ? more[1].texts : raw->text_bytes;
    uint64_t foreign = raw->amenities < 64 ? ~UINT64_C(0) << raw->amenities : 0;
    return (i > 0 ? more[-1].category <= more->category : begin == 0) &&
           more->category < raw->categories && !(more->amenities & foreign) &&
           at.lon_e7 >= -MOST_LON_E7 && at.lon_e7 <= MOST_LON_E7 && at.lat_e7 >= -MOST_LAT_E7 &&
           at.lat_e7 <= MOST_LAT_E7 && begin < end && end <= raw->text_bytes &&
           texts_fit(part->texts + begin, part->texts + end);
}

/* Checks some places, and sets the columns that stand in `more`, too. */
static void set_columns(void *user, size_t job)
{
    struct raising *r = user;
    struct placepart *part = r->part;
    uint32_t first = (uint32_t)job * PLACES_A_JOB;
    uint32_t end = part->count - first > PLACES_A_JOB ? first + PLACES_A_JOB : part->count;
    for (uint32_t i = first; i < end; i++) {
        const struct placepart_more *more = &part->more[i];
        if (!place_fits(r->raw, i)) {
            atomic_store(&r->damaged, true);
            return;
        }
        part->ids[i] = more->id;
        part->amenities[i] = more->amenities;
        part->categories[i] = more->category;
    }
}

static void find_starts(struct raising *r)
{
    uint32_t i = 0;
    for (unsigned c = 0; c <= PLACESET_CATEGORIES; c++) {
        while (i < r->part->count && r->part->categories[i] < c)
            i++;
        r->starts[c] = i;
    }
}

static bool closings_fit(const struct placepart *part)
{
    const struct pool *reasons = &part->reasons;
    if (reasons->len && (reasons->bytes[0] || reasons->bytes[reasons->len - 1])) return false;
    for (uint32_t k = 0; k < part->closing_count; k++) {
        const struct placepart_closing *closing = &part->closings[k];
        if (closing->place >= part->count || (k > 0 && closing[-1].place >= closing->place) ||
            closing->reason >= (reasons->len ? reasons->len : 1))
            return false;
    }
    return true;
}

/* --- what follows from them --- */

/* The tree must have every place once. */
static enum err raise_tree(struct placepart *part)
{
    uint64_t *seen = calloc((size_t)part->count / 64 + 1, sizeof *seen);
    enum err e = seen ? ERR_OK : ERR_NOMEM;
    for (uint32_t k = 0; k < part->count && !e; k++) {
        uint32_t item = part->tree.items[k];
        if (item >= part->count || seen[item / 64] >> item % 64 & 1)
            e = ERR_FORMAT;
        else
            seen[item / 64] |= UINT64_C(1) << item % 64;
    }
    free(seen);
    if (!e) placepart_trees_all(part);
    return e;
}

/* Ids that ascend are all different, and so are the places that they are of. */
static enum err raise_ids(struct placepart *part, const uint32_t *by_id)
{
    for (uint32_t k = 0; k < part->count; k++) {
        if (by_id[k] >= part->count) return ERR_FORMAT;
        struct placepart_by_id entry = {part->ids[by_id[k]], by_id[k]};
        if (k > 0 && part->index[k - 1].id >= entry.id) return ERR_FORMAT;
        part->index[k] = entry;
    }
    return ERR_OK;
}

static const char *hours_of(const void *user, uint32_t i, enum openings_kind kind)
{
    struct place place = placepart_at(user, i);
    return kind == OPENINGS_STAFFED ? place.hours : place.hours_self;
}

static void raise_one(void *user, size_t job)
{
    struct raising *r = user;
    struct placepart *part = r->part;
    unsigned category = (unsigned)job - RAISE_GROUPS;
    r->failures[job] =
        job == RAISE_TREE  ? raise_tree(part)
        : job == RAISE_IDS ? raise_ids(part, r->raw->by_id)
        : job == RAISE_HOURS
            ? openings_renew(r->raw->hours, part->count, hours_of, part, &part->openings)
            : placepart_trees_group(part, category, r->starts[category], r->starts[category + 1]);
}

static enum err allocate(struct placepart *part)
{
    size_t n = (size_t)part->count + 1;
    part->categories = large_alloc(n * sizeof *part->categories);
    part->amenities = large_alloc(n * sizeof *part->amenities);
    part->ids = large_alloc(n * sizeof *part->ids);
    part->index = large_alloc(n * sizeof *part->index);
    return part->categories && part->amenities && part->ids && part->index ? ERR_OK : ERR_NOMEM;
}

enum err placepart_raise(const struct placepart_raw *raw, struct why *why)
{
    struct raising r = {.raw = raw, .part = raw->part};
    size_t jobs = raw->part->count / PLACES_A_JOB + 1;
    unsigned threads = jobs > 1 ? jobs_threads() : 1;
    enum err e = allocate(raw->part);
    if (e) return err_say(why, e, "no memory for %u places", raw->part->count);
    jobs_run(threads, jobs, set_columns, &r);
    if (atomic_load(&r.damaged) || (!raw->part->count && raw->text_bytes))
        return err_say(why, ERR_FORMAT, "the columns of the places are damaged");
    if (!closings_fit(raw->part))
        return err_say(why, ERR_FORMAT, "the closings of the places are damaged");
    find_starts(&r);
    jobs_run(threads, RAISE_JOBS, raise_one, &r);
    for (unsigned job = 0; job < RAISE_JOBS; job++)
        if (r.failures[job])
            return err_say(why, r.failures[job], "the %s of the places: %s",
                           job_names[job < RAISE_GROUPS ? job : RAISE_GROUPS],
                           err_text(r.failures[job]));
    return ERR_OK;
}
