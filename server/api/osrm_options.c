#include "server/api/osrm_options.h"

#include "geo/base/text.h"

#include <string.h>

static bool is_word(const char *item, size_t len, const char *word)
{
    return strlen(word) == len && memcmp(item, word, len) == 0;
}

static enum err read_flag(struct request *request, const char *name, bool *value)
{
    const char *text = request_query(request, name);
    if (!text) return ERR_OK;
    if (strcmp(text, "true") != 0 && strcmp(text, "false") != 0)
        return osrm_query_bad(request, name, "true or false");
    *value = text[0] == 't';
    return ERR_OK;
}

static enum err read_choice(struct request *request, const char *name, const char *const *words,
                            const char *expected, int *value)
{
    const char *text = request_query(request, name);
    for (int i = 0; text && words[i]; i++)
        if (strcmp(text, words[i]) == 0) {
            *value = i;
            return ERR_OK;
        }
    return text ? osrm_query_bad(request, name, expected) : ERR_OK;
}

static enum err read_positive(struct request *request, const char *name, double *value)
{
    const char *text = request_query(request, name);
    double number;
    if (!text) return ERR_OK;
    if (!text_double(text, strlen(text), &number) || number <= 0 || number > 1e6)
        return osrm_query_bad(request, name, "a number above 0, at most 1000000");
    *value = number;
    return ERR_OK;
}

static enum err read_annotations(struct request *request, struct osrm_query *q)
{
    static const struct {
        const char *name;
        unsigned bit;
    } known[] = {{"distance", OSRM_DISTANCE},
                 {"duration", OSRM_DURATION},
                 {"weight", OSRM_WEIGHT},
                 {"speed", OSRM_SPEED},
                 {"datasources", OSRM_DATASOURCES},
                 {"true", OSRM_ALL},
                 {"false", 0}};
    const char *rest = request_query(request, "annotations"), *item;
    size_t len;
    while (request_next(&rest, ',', &item, &len)) {
        size_t k = 0, count = sizeof known / sizeof *known;
        if (is_word(item, len, "nodes"))
            return problem_say(request->problem, PROBLEM_NOT_OFFERED, "annotations",
                               "Nodes cannot be told: the road file keeps no node ids");
        while (k < count && !is_word(item, len, known[k].name))
            k++;
        if (k == count)
            return osrm_query_bad(request, "annotations",
                                  "true, false, or of distance, duration, weight, speed and "
                                  "datasources, separated by commas");
        q->annotations |= known[k].bit;
    }
    return ERR_OK;
}

static enum err read_alternatives(struct request *request, struct osrm_query *q)
{
    const char *text = request_query(request, "alternatives");
    int64_t number = 0;
    if (!text || strcmp(text, "false") == 0) return ERR_OK;
    if (strcmp(text, "true") == 0)
        number = 1;
    else if (!text_int(text, strlen(text), 0, 100, &number))
        return osrm_query_bad(request, "alternatives", "true, false or a number");
    q->alternatives = (unsigned)(number < OSRM_MAX_ALTERNATIVES ? number : OSRM_MAX_ALTERNATIVES);
    return ERR_OK;
}

static enum err read_number(struct request *request, struct osrm_query *q)
{
    const char *text = request_query(request, "number");
    if (!text || text_int(text, strlen(text), 1, 100, &q->number)) return ERR_OK;
    return osrm_query_bad(request, "number", "a number from 1 to 100");
}

/* Streets of a kind that are left out. */
static enum err read_exclude(struct request *request, struct osrm_query *q)
{
    const char *rest = request_query(request, "exclude"), *item;
    size_t len;
    if (!rest || !*rest) return ERR_OK;
    while (request_next(&rest, ',', &item, &len)) {
        if (is_word(item, len, "steps"))
            q->no_steps = true;
        else if (is_word(item, len, "pushing"))
            q->no_pushing = true;
        else
            return problem_say(request->problem, PROBLEM_VALUE, "exclude",
                               "Exclude flag combination is not supported: there are steps and "
                               "pushing");
    }
    return ERR_OK;
}

/* Indices of coordinates, or "all", which is the default. */
static enum err read_indices(struct request *request, const char *name, size_t count,
                             struct osrm_choice *choice)
{
    const char *rest = request_query(request, name), *item;
    bool seen[ROUTE_MAX_POINTS] = {false};
    size_t len;
    int64_t index;
    choice->count = 0;
    if (!rest || strcmp(rest, "all") == 0) {
        for (size_t i = 0; i < count; i++)
            choice->items[choice->count++] = (uint8_t)i;
        return ERR_OK;
    }
    while (request_next(&rest, ';', &item, &len)) {
        if (!text_int(item, len, 0, (int64_t)count - 1, &index) || seen[index])
            return osrm_query_bad(request, name,
                                  "indices of coordinates, each once, separated by semicolons, or "
                                  "all");
        seen[index] = true;
        choice->items[choice->count++] = (uint8_t)index;
    }
    return ERR_OK;
}

/* `waypoints=`: every coordinate begins and ends a leg here. */
static enum err read_waypoints(struct request *request, const struct osrm_query *q)
{
    struct osrm_choice all;
    if (!request_query(request, "waypoints")) return ERR_OK;
    enum err e = read_indices(request, "waypoints", q->point_count, &all);
    if (e || all.count == q->point_count) return e;
    return problem_say(request->problem, PROBLEM_NOT_OFFERED, "waypoints",
                       "Every coordinate begins or ends a leg; silent ones are not offered");
}

/* `pairs=before,after;…`: an extension. */
static enum err read_pairs(struct request *request, struct osrm_query *q)
{
    const char *rest = request_query(request, "pairs"), *item;
    int64_t last = (int64_t)q->point_count - 1, before, after;
    size_t len;
    while (request_next(&rest, ';', &item, &len)) {
        const char *comma = memchr(item, ',', len);
        size_t first = comma ? (size_t)(comma - item) : 0;
        if (q->pair_count == OSRM_MAX_PAIRS || !comma || !text_int(item, first, 0, last, &before) ||
            !text_int(comma + 1, len - first - 1, 0, last, &after) || before == after)
            return osrm_query_bad(request, "pairs",
                                  "at most 32 of before,after: two indices of coordinates, "
                                  "separated by semicolons");
        q->pairs[q->pair_count++] = (struct trip_pair){(uint8_t)before, (uint8_t)after};
    }
    return ERR_OK;
}

static enum err read_trip(struct request *request, struct osrm_query *q)
{
    static const char *const sources[] = {"any", "first", NULL};
    static const char *const destinations[] = {"any", "last", NULL};
    enum err e = read_flag(request, "roundtrip", &q->roundtrip);
    if (!e) e = read_choice(request, "source", sources, "any or first", &q->source_first);
    if (!e)
        e = read_choice(request, "destination", destinations, "any or last", &q->destination_last);
    return e ? e : read_pairs(request, q);
}

static enum err read_table(struct request *request, struct osrm_query *q)
{
    static const char *const coordinates[] = {"input", "snapped", NULL};
    enum err e = read_indices(request, "sources", q->point_count, &q->sources);
    if (!e) e = read_indices(request, "destinations", q->point_count, &q->destinations);
    if (!e) e = read_positive(request, "fallback_speed", &q->fallback_speed);
    if (!e) e = read_positive(request, "scale_factor", &q->scale_factor);
    if (!e)
        e = read_choice(request, "fallback_coordinate", coordinates, "input or snapped",
                        &q->fallback_snapped);
    return e;
}

static enum err read_common(struct request *request, struct osrm_query *q)
{
    static const char *const snappings[] = {"default", "any", NULL};
    static const char *const formats[] = {"json", NULL};
    int snapping = 0, format = 0;
    bool hints = true;
    enum err e = read_choice(request, "snapping", snappings, "default or any", &snapping);
    if (!e) e = read_choice(request, "format", formats, "json", &format);
    if (!e) e = read_flag(request, "generate_hints", &hints);
    if (!e) e = read_flag(request, "skip_waypoints", &q->skip_waypoints);
    q->no_hints = !hints;
    return e ? e : read_exclude(request, q);
}

static enum err read_route(struct request *request, struct osrm_query *q)
{
    static const char *const overviews[] = {"simplified", "full", "false", NULL};
    static const char *const geometries[] = {"geojson", "polyline", "polyline6", NULL};
    static const char *const straights[] = {"default", "false", "true", NULL};
    int straight = 0;
    enum err e =
        read_choice(request, "overview", overviews, "simplified, full or false", &q->overview);
    if (!e)
        e = read_choice(request, "geometries", geometries, "polyline, polyline6 or geojson",
                        &q->geometries);
    if (!e)
        e = read_choice(request, "continue_straight", straights, "default, true or false",
                        &straight);
    if (!e) e = read_flag(request, "steps", &q->steps);
    if (!e) e = read_annotations(request, q);
    if (!e) e = read_alternatives(request, q);
    if (!e) e = read_waypoints(request, q);
    q->continue_straight = straight == 2;
    return e;
}

enum err osrm_options_read(struct request *request, struct osrm_query *query)
{
    enum err e = read_common(request, query);
    if (!e) e = read_route(request, query);
    if (!e) e = read_number(request, query);
    if (!e) e = read_table(request, query);
    if (!e) e = read_trip(request, query);
    return e;
}
