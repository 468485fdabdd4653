#include "geo/road/build_work.h"

#include "geo/road/chord.h"
#include "geo/road/order.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

bool build_grow(void **items, size_t *size, size_t need, size_t item_size)
{
    if (need <= *size) return true;
    size_t grown = *size ? *size * 2 : 64;
    if (grown < need) grown = need;
    if (grown > SIZE_MAX / item_size) return false;
    void *bytes = realloc(*items, grown * item_size);
    if (!bytes) return false;
    *items = bytes;
    *size = grown;
    return true;
}

enum err build_new(const struct profile *const *profiles, size_t profile_count,
                   struct build **build)
{
    if (profile_count > PROFILE_MAX) return ERR_LIMIT;
    if (profile_count == 0) return ERR_INVALID;
    struct build *made = calloc(1, sizeof *made);
    if (!made) return ERR_NOMEM;
    made->profiles = profiles;
    made->profile_count = profile_count;
    if (!BUILD_ROOM(made->kinds, profile_count)) {
        build_free(made);
        return ERR_NOMEM;
    }
    memset(made->kinds.items, 0, profile_count * sizeof *made->kinds.items);
    made->kinds.count = profile_count;
    *build = made;
    return ERR_OK;
}

void build_free(struct build *build)
{
    if (!build) return;
    pool_fini(&build->text);
    free(build->refs.items);
    free(build->points.items);
    free(build->ways.items);
    free(build->travels.items);
    free(build->tagged.items);
    free(build->kinds.items);
    free(build->limits.items);
    free(build->members.items);
    free(build->turn_to.items);
    free(build->turn_class.items);
    free(build->turn_forbid.items);
    build_trie_free(build->trie);
    rtree_fini(&build->tree);
    arena_fini(&build->memory);
    free(build);
}

static uint32_t to_ms(double seconds)
{
    double ms = ceil(seconds * 1000);
    return ms <= 0 ? 0 : (uint32_t)fmin(ms, build_max_delay_ms);
}

/* The number of the kind whose profile row is `row`; a few dozen exist in a country. */
static enum err kind_of(struct build *build, const struct build_kind *row, uint16_t *kind)
{
    size_t width = build->profile_count;
    assert(width > 0);
    size_t count = build->kinds.count / width;
    for (size_t k = 0; k < count; k++) {
        const struct build_kind *have = &build->kinds.items[k * width];
        size_t p = 0;
        while (p < width && have[p].time_ms == row[p].time_ms &&
               have[p].cost_ms == row[p].cost_ms && have[p].blocked == row[p].blocked)
            p++;
        if (p == width) {
            *kind = (uint16_t)k;
            return ERR_OK;
        }
    }
    if (count >= UINT16_MAX / PROFILE_TURNS) return ERR_LIMIT;
    if (!BUILD_ROOM(build->kinds, width)) return ERR_NOMEM;
    memcpy(&build->kinds.items[count * width], row, width * sizeof *row);
    build->kinds.count += width;
    *kind = (uint16_t)count;
    return ERR_OK;
}

static uint8_t direction_of(const struct profile_tag *tags, size_t count)
{
    const char *value = profile_tag_get(tags, count, "traffic_signals:direction");
    if (!value) value = profile_tag_get(tags, count, "direction");
    return !value ? 0 : strcmp(value, "forward") == 0 ? 1 : strcmp(value, "backward") == 0 ? 2 : 0;
}

enum err build_node(struct build *build, int64_t id, const struct profile_tag *tags, size_t count)
{
    struct build_kind row[PROFILE_MAX] = {{0}};
    for (size_t p = 0; p < build->profile_count; p++) {
        struct profile_node node = {0};
        row[p].blocked = !profile_node_read(build->profiles[p], tags, count, &node);
        row[p].time_ms = to_ms(node.delay_s);
        row[p].cost_ms = row[p].time_ms + to_ms(node.reluctance_s);
    }
    uint16_t kind;
    enum err e = kind_of(build, row, &kind);
    if (e || kind == 0) return e;
    if (!BUILD_ROOM(build->tagged, 1)) return ERR_NOMEM;
    build->tagged.items[build->tagged.count++] =
        (struct build_tagged){id, kind, direction_of(tags, count)};
    return ERR_OK;
}

static uint64_t count_conditional(const struct profile_tag *tags, size_t count)
{
    uint64_t found = 0;
    for (size_t i = 0; i < count; i++)
        if (strstr(tags[i].key, ":conditional")) found++;
    return found;
}

static uint8_t class_of(const struct profile_tag *tags, size_t count)
{
    const char *highway = profile_tag_get(tags, count, "highway");
    unsigned c = 0;
    while (graph_class_name(c) && strcmp(graph_class_name(c), highway ? highway : "ferry") != 0)
        c++;
    return (uint8_t)(graph_class_name(c) ? c : c - 1); /* the last is "road" */
}

static uint8_t flags_of(const struct profile_tag *tags, size_t count)
{
    const char *oneway = profile_tag_get(tags, count, "oneway");
    const char *junction = profile_tag_get(tags, count, "junction");
    const char *highway = profile_tag_get(tags, count, "highway");
    bool round =
        junction && (strcmp(junction, "roundabout") == 0 || strcmp(junction, "circular") == 0);
    bool one =
        oneway ? !strcmp(oneway, "yes") || !strcmp(oneway, "1") || !strcmp(oneway, "true") : round;
    bool link =
        highway && strlen(highway) > 5 && strcmp(highway + strlen(highway) - 5, "_link") == 0;
    return (uint8_t)((one ? NETWORK_ONEWAY : 0) | (round ? NETWORK_ROUNDABOUT : 0) |
                     (link ? NETWORK_LINK : 0));
}

static uint8_t travel_flags(const struct profile_travel *travel)
{
    return (uint8_t)((unsigned)travel->mode | (unsigned)travel->level << NETWORK_LEVEL_SHIFT);
}

/* Keeps what each profile makes of the way; false when none can use it. */
static bool read_travels(const struct build *build, const struct profile_tag *tags, size_t count,
                         double length_m, struct build_travel *travels)
{
    bool any = false;
    for (size_t p = 0; p < build->profile_count; p++) {
        struct profile_way way;
        travels[p] = (struct build_travel){0};
        if (!profile_way_read(build->profiles[p], tags, count, &way)) continue;
        double timed_kmh = way.duration_s > 0 ? length_m / way.duration_s * 3.6 : 0;
        /* A tagged duration goes before the usual speed, within what ships do. */
        if (timed_kmh > 0.1 && timed_kmh < 150) {
            if (way.forward.kmh > 0) way.forward.kmh = timed_kmh;
            if (way.backward.kmh > 0) way.backward.kmh = timed_kmh;
        }
        travels[p] = (struct build_travel){(float)way.forward.kmh, (float)way.backward.kmh,
                                           travel_flags(&way.forward), travel_flags(&way.backward)};
        any = true;
    }
    return any;
}

/* Appends the points of a way, each node once in a row; the number kept. */
static size_t add_points(struct build *build, const int64_t *refs, const struct coord *at,
                         size_t count, double *length_m)
{
    size_t kept = 0;
    struct chord_point before = {0};
    *length_m = 0;
    for (size_t i = 0; i < count; i++) {
        size_t end = build->refs.count + kept;
        if (!coord_valid(at[i]) || (kept && build->refs.items[end - 1] == refs[i])) continue;
        struct coord_e7 point = coord_to_e7(at[i]);
        struct chord_point here = chord_at(coord_from_e7(point));
        if (kept) *length_m += chord_length_m(before, here);
        before = here;
        build->refs.items[end] = refs[i];
        build->points.items[end] = point;
        kept++;
    }
    return kept;
}

enum err build_way(struct build *build, int64_t id, const int64_t *refs, const struct coord *at,
                   size_t ref_count, const struct profile_tag *tags, size_t count)
{
    size_t width = build->profile_count;
    if (!profile_tag_get(tags, count, "highway") && !profile_tag_get(tags, count, "route"))
        return ERR_OK;
    if (build->refs.count + ref_count >= NETWORK_NONE) return ERR_LIMIT;
    if (!BUILD_ROOM(build->refs, ref_count) || !BUILD_ROOM(build->points, ref_count) ||
        !BUILD_ROOM(build->ways, 1) || !BUILD_ROOM(build->travels, width))
        return ERR_NOMEM;
    double length_m;
    size_t kept = add_points(build, refs, at, ref_count, &length_m);
    struct build_travel *travels = build->travels.items + build->travels.count;
    if (kept < 2 || !read_travels(build, tags, count, length_m, travels)) {
        build->stats.ways_dropped++;
        return ERR_OK;
    }
    struct build_way way = {.id = id,
                            .ref_first = (uint32_t)build->refs.count,
                            .ref_count = (uint32_t)kept,
                            .road_class = class_of(tags, count),
                            .flags = flags_of(tags, count)};
    enum err e = pool_put(&build->text, profile_tag_get(tags, count, "name"), &way.name);
    if (!e) e = pool_put(&build->text, profile_tag_get(tags, count, "ref"), &way.ref);
    if (e) return e;
    build->stats.conditional_ignored += count_conditional(tags, count);
    build->stats.ways_kept++;
    build->ways.items[build->ways.count++] = way;
    build->travels.count += width;
    build->refs.count += kept;
    build->points.count += kept;
    return ERR_OK;
}

/* Appends the members of one role and type; their number. */
static uint32_t add_members(struct build *build, const struct build_member *members, size_t count,
                            const char *role, char type)
{
    uint32_t added = 0;
    for (size_t i = 0; i < count; i++) {
        if (members[i].type != type || strcmp(members[i].role, role) != 0) continue;
        build->members.items[build->members.count++] = members[i].id;
        added++;
    }
    return added;
}

static void profile_masks(const struct build *build, const struct profile_tag *tags, size_t count,
                          uint16_t *no, uint16_t *only)
{
    *no = *only = 0;
    for (size_t p = 0; p < build->profile_count; p++) {
        const char *value = profile_restriction_read(build->profiles[p], tags, count);
        if (value && strncmp(value, "no_", 3) == 0) *no |= (uint16_t)(1u << p);
        if (value && strncmp(value, "only_", 5) == 0) *only |= (uint16_t)(1u << p);
    }
}

enum err build_restriction(struct build *build, int64_t id, const struct build_member *members,
                           size_t member_count, const struct profile_tag *tags, size_t count)
{
    (void)id;
    uint16_t no, only;
    build->stats.conditional_ignored += count_conditional(tags, count);
    profile_masks(build, tags, count, &no, &only);
    if (!BUILD_ROOM(build->members, 2 * member_count) || !BUILD_ROOM(build->limits, 2))
        return ERR_NOMEM;
    struct build_limit limit = {.member_first = (uint32_t)build->members.count};
    limit.from_count = add_members(build, members, member_count, "from", 'w');
    limit.via_count = add_members(build, members, member_count, "via", 'n');
    limit.via_node = limit.via_count > 0;
    uint32_t via_ways = add_members(build, members, member_count, "via", 'w');
    if (!limit.via_node) limit.via_count = via_ways;
    limit.to_count = add_members(build, members, member_count, "to", 'w');
    bool understood = (no || only) && limit.from_count && limit.to_count && limit.via_count &&
                      (!limit.via_node || (limit.via_count == 1 && via_ways == 0)) &&
                      (!only || limit.to_count == 1);
    if (!understood) {
        build->stats.restrictions_dropped++;
        build->members.count = limit.member_first;
        return ERR_OK;
    }
    if ((limit.mask = no) != 0) build->limits.items[build->limits.count++] = limit;
    limit.only = true;
    if ((limit.mask = only) != 0) build->limits.items[build->limits.count++] = limit;
    return ERR_OK;
}

static enum err rank_arcs(struct build *build, const struct progress *progress)
{
    uint32_t *order = arena_calloc(&build->memory, build->net.arc_count, sizeof *order);
    if (!order) return ERR_NOMEM;
    build->net.order = order;
    return order_make(&build->net, progress, order);
}

enum err build_finish(struct build *build, const char *path, const char *source,
                      const struct progress *progress, struct build_stats *stats, struct why *why)
{
    if (build->ways.count == 0)
        return err_say(why, ERR_INVALID, "the data holds no road that a profile can use");
    enum err e = build_edges(build, progress);
    if (!e) e = build_arcs(build);
    if (!e) e = build_limits(build);
    if (!e) e = build_turns(build, progress);
    if (!e) e = build_parts(build, progress);
    if (!e) e = rank_arcs(build, progress);
    if (!e) e = build_write(build, path, source, why);
    if (!e) *stats = build->stats;
    return e;
}
