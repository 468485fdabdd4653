/* Road networks drawn in the test itself.
 *
 *     static const char *const facts[] = {"way abc highway=residential name=Main",
 *                                         "way bd highway=service oneway=yes",
 *                                         "node b highway=traffic_signals",
 *                                         "limit no_left_turn abc b bd except=bicycle", NULL};
 *     struct drawing d = drawing_make("a--b--c\n"
 *                                     "   |   \n"
 *                                     "   d   \n", facts);
 *     assert_route(&d, "ebike", "ac", "abc");
 *
 * Letters and digits are nodes; lines are there for the reader. A column is 20 m wide, a row 40 m
 * high. A way is named by its nodes. The profiles are those that come with the program. */
#ifndef YZ_TESTS_ROAD_DRAWING_H
#define YZ_TESTS_ROAD_DRAWING_H

#include "data/profiles.h"
#include "geo/road/build.h"
#include "geo/road/network.h"
#include "geo/road/route.h"
#include "tests/check.h"

#include <ctype.h>
#include <math.h>
#include <string.h>
#include <unistd.h>

enum { DRAWING_WAYS = 64, DRAWING_TAGS = 12 };

struct drawing {
    char path[64];
    struct profiles *profiles;
    struct roads_keeper *keeper;
    struct roads *roads;       /* under no closures */
    const struct graph *graph; /* theirs */
    struct route_work *work;
    struct arena arena;
    struct coord at[128];
    bool there[128];
    char ways[DRAWING_WAYS][48]; /* nodes of each way; its id is its place + 1 */
    size_t way_count;
    struct build_stats stats;
    char shown[256];
};

static inline void drawing_parse(struct drawing *d, const char *picture)
{
    int column = 0, row = 0;
    for (const char *c = picture; *c; c++) {
        if (*c == '\n') {
            column = 0;
            row++;
            continue;
        }
        if (isalnum((unsigned char)*c)) {
            /* Whole units of 1e-7 degrees, so that points come back as they went in. */
            d->at[(int)*c] = (struct coord){(1163000000 + column * 2340) * 1e-7,
                                            (399000000 - row * 3600) * 1e-7};
            d->there[(int)*c] = true;
        }
        column++;
    }
}

/* "key=value key=value" in `text`, which is cut up. */
static inline size_t drawing_tags(char *text, struct profile_tag *tags)
{
    size_t count = 0;
    for (char *save = NULL, *tag = strtok_r(text, " ", &save); tag;
         tag = strtok_r(NULL, " ", &save)) {
        char *equals = strchr(tag, '=');
        assert_non_null(equals);
        *equals = '\0';
        assert_true(count < DRAWING_TAGS);
        tags[count++] = (struct profile_tag){tag, equals + 1};
    }
    return count;
}

static inline int64_t drawing_way_id(const struct drawing *d, const char *nodes)
{
    for (size_t i = 0; i < d->way_count; i++)
        if (strcmp(d->ways[i], nodes) == 0) return (int64_t)i + 1;
    return 999; /* a member that is not in the data */
}

static inline void drawing_way(struct drawing *d, struct build *build, const char *nodes,
                               const struct profile_tag *tags, size_t count)
{
    int64_t refs[48];
    struct coord at[48];
    size_t len = strlen(nodes);
    assert_true(len < 48 && d->way_count < DRAWING_WAYS);
    for (size_t i = 0; i < len; i++) {
        assert_true(d->there[(int)nodes[i]]);
        refs[i] = nodes[i];
        at[i] = d->at[(int)nodes[i]];
    }
    (void)snprintf(d->ways[d->way_count++], sizeof d->ways[0], "%s", nodes);
    assert_ok(build_way(build, (int64_t)d->way_count, refs, at, len, tags, count));
}

/* "no_left_turn FROM VIA... TO": a via of one letter is a node. */
static inline void drawing_limit(struct drawing *d, struct build *build, char *text)
{
    struct build_member members[8];
    struct profile_tag tags[DRAWING_TAGS] = {{"type", "restriction"}};
    char *words[10] = {NULL}, *rest = NULL;
    size_t count = 0, tag_count = 1;
    for (char *save = NULL, *word = strtok_r(text, " ", &save); word;
         word = strtok_r(NULL, " ", &save)) {
        if ((rest = strchr(word, '=')) != NULL) {
            *rest = '\0';
            tags[tag_count++] = (struct profile_tag){word, rest + 1};
        } else {
            words[count++] = word;
        }
    }
    assert_true(count >= 3);
    if (words[0] && strcmp(words[0], "-") != 0)
        tags[tag_count++] = (struct profile_tag){"restriction", words[0]};
    for (size_t i = 1; i < count; i++) {
        bool node = strlen(words[i]) == 1;
        members[i - 1] = (struct build_member){node ? 'n' : 'w',
                                               node ? words[i][0] : drawing_way_id(d, words[i]),
                                               i == 1           ? "from"
                                               : i + 1 == count ? "to"
                                                                : "via"};
    }
    assert_ok(build_restriction(build, 1, members, count - 1, tags, tag_count));
}

static inline void drawing_fact(struct drawing *d, struct build *build, const char *fact)
{
    char text[256], *rest = text;
    struct profile_tag tags[DRAWING_TAGS];
    (void)snprintf(text, sizeof text, "%s", fact);
    const char *kind = strsep(&rest, " ");
    if (strcmp(kind, "limit") == 0) {
        drawing_limit(d, build, rest);
        return;
    }
    const char *nodes = strsep(&rest, " ");
    size_t count = rest ? drawing_tags(rest, tags) : 0;
    if (strcmp(kind, "node") == 0)
        assert_ok(build_node(build, nodes[0], tags, count));
    else
        drawing_way(d, build, nodes, tags, count);
}

/* With the profiles of another folder. */
static inline struct drawing drawing_make_for(const char *profiles, const char *picture,
                                              const char *const *facts)
{
    struct drawing d = {.path = "/tmp/yizhan-drawing-XXXXXX"};
    struct why why = {""};
    struct build *build;
    size_t count;
    int fd = mkstemp(d.path);
    assert_true(fd >= 0);
    close(fd);
    drawing_parse(&d, picture);
    assert_ok(profiles_load_dir(profiles, &d.profiles, &why));
    const struct profile *const *list = profiles_list(d.profiles, &count);
    assert_ok(build_new(list, count, &build));
    for (size_t i = 0; facts[i]; i++)
        drawing_fact(&d, build, facts[i]);
    assert_ok(build_finish(build, d.path, "a drawing", NULL, &d.stats, &why));
    build_free(build);
    assert_ok(roads_open(d.path, 1, NULL, &d.keeper, &why));
    assert_ok(roads_make(d.keeper, NULL, 0, &d.roads));
    d.graph = roads_graph(d.roads);
    assert_ok(route_work_new(&d.work));
    return d;
}

static inline struct drawing drawing_make(const char *picture, const char *const *facts)
{
    return drawing_make_for(HOUSE_ROOT "/data/profiles", picture, facts);
}

static inline void drawing_free(struct drawing *d)
{
    unlink(d->path);
    roads_free(d->roads);
    roads_keeper_free(d->keeper);
    route_work_free(d->work);
    profiles_free(d->profiles);
    arena_fini(&d->arena);
}

/* Finds a route over the nodes named by `points`. */
static inline enum err drawing_find(struct drawing *d, const char *profile, const char *points,
                                    struct route *route)
{
    struct coord at[16];
    size_t len = strlen(points), culprit = 0;
    for (size_t i = 0; i < len; i++)
        at[i] = d->at[(int)points[i]];
    struct route_query query = {.profile = (unsigned)graph_profile_find(d->graph, profile),
                                .points = at,
                                .point_count = len};
    return route_find(d->roads, d->work, &query, &d->arena, route, &culprit);
}

/* The nodes that a route passes, in order; "none" when there is no way. */
static inline const char *drawing_show(struct drawing *d, const char *profile, const char *points)
{
    struct route route;
    size_t len = 0;
    if (drawing_find(d, profile, points, &route)) return "none";
    for (size_t l = 0; l < route.leg_count; l++) {
        for (size_t i = 0; i < route.legs[l].point_count; i++) {
            struct coord at = route.legs[l].points[i];
            for (int c = 0; c < 128; c++) {
                bool here = d->there[c] && fabs(d->at[c].lon - at.lon) < 1e-8 &&
                            fabs(d->at[c].lat - at.lat) < 1e-8;
                if (here && (len == 0 || d->shown[len - 1] != c)) d->shown[len++] = (char)c;
            }
        }
    }
    d->shown[len] = '\0';
    return d->shown;
}

#define assert_route(d, profile, points, nodes)                                                    \
    assert_string_equal(drawing_show(d, profile, points), nodes)

/* Seconds of the fastest route, by the clock. */
static inline double drawing_seconds(struct drawing *d, const char *profile, const char *points)
{
    struct route route;
    assert_ok(drawing_find(d, profile, points, &route));
    return route.duration_s;
}

#endif
