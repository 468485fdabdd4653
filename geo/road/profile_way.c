/* How a profile reads a way. The order of the questions: may one be here at all, ride, push; how
 * fast; in which direction. */
#include "geo/road/profile.h"

#include "geo/base/text.h"

#include <stdio.h>
#include <string.h>

/* A way's tags and the profile that reads them. */
struct reading {
    const struct profile *profile;
    const struct profile_tag *tags;
    size_t count;
    const char *highway;
};

static const char *tag(const struct reading *r, const char *key)
{
    return profile_tag_get(r->tags, r->count, key);
}

/* The access that one group of keys gives in a direction ("forward", "backward"); -1: silent. */
static int group_access(const struct reading *r, const struct profile_keys *keys,
                        const char *direction)
{
    for (size_t i = 0; i < keys->count; i++) {
        char key[80];
        (void)snprintf(key, sizeof key, "%s:%s", keys->items[i], direction);
        double access = profile_table_get(&r->profile->access, tag(r, key), -1);
        if (access < 0) access = profile_table_get(&r->profile->access, tag(r, keys->items[i]), -1);
        if (access >= 0) return (int)access;
    }
    return -1;
}

static bool matches(const struct reading *r, const struct profile_tag *list, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const char *value = tag(r, list[i].key);
        if (value && strcmp(value, list[i].value) == 0) return true;
    }
    return false;
}

/* "50" and "30 mph" in km/h; 0 for what is no number. */
static double read_maxspeed(const char *value)
{
    size_t len = value ? strspn(value, "0123456789.") : 0;
    double speed = 0;
    if (!value || !text_double(value, len, &speed) || speed <= 0) return 0;
    return strstr(value + len, "mph") ? speed * 1.609344 : speed;
}

static double limited(const struct reading *r, double kmh)
{
    for (size_t i = 0; i < r->profile->limit_count; i++) {
        const struct profile_keyed *limit = &r->profile->limits[i];
        double most = profile_table_get(&limit->table, tag(r, limit->key), kmh);
        if (most < kmh) kmh = most;
    }
    double most = r->profile->use_maxspeed ? read_maxspeed(tag(r, "maxspeed")) : 0;
    if (most > 0 && most < kmh) kmh = most;
    return kmh < r->profile->max_kmh ? kmh : r->profile->max_kmh;
}

/* Riding (or, on foot, walking), without regard to oneway. */
static struct profile_travel read_ride(const struct reading *r, const char *direction)
{
    const struct profile *p = r->profile;
    struct profile_travel none = {0, p->mode, PROFILE_YES};
    int own = group_access(r, &p->own_keys, direction);
    int access = own >= 0 ? own : group_access(r, &p->general_keys, direction);
    if (access < 0) access = PROFILE_YES;
    if (access == PROFILE_NO || access == PROFILE_DISMOUNT) return none;
    if (own < 0 && matches(r, p->forbid, p->forbid_count)) return none;
    double kmh = profile_table_get(&p->ride, r->highway, 0);
    if (own >= 0 && own < PROFILE_DISMOUNT) {
        double signed_kmh = profile_table_get(&p->ride_if_signed, r->highway, 0);
        if (signed_kmh > kmh) kmh = signed_kmh;
    }
    return (struct profile_travel){limited(r, kmh), p->mode, (enum profile_access)access};
}

static struct profile_travel read_push(const struct reading *r, const char *direction)
{
    const struct profile *p = r->profile;
    double kmh = profile_table_get(&p->push, r->highway, 0);
    int foot = group_access(r, &p->foot_keys, direction);
    if (foot < 0) foot = PROFILE_YES;
    if (foot == PROFILE_NO) kmh = 0;
    if (foot == PROFILE_DISMOUNT) foot = PROFILE_YES;
    return (struct profile_travel){kmh, ROUTE_PUSHING, (enum profile_access)foot};
}

/* "PT1H20M", "01:20", "01:20:30" and "80" (minutes) in seconds; 0 for what is none of these. */
static double read_duration(const char *value)
{
    double total = 0, part = 0;
    if (!value) return 0;
    bool iso = strncmp(value, "PT", 2) == 0;
    int parts = 0;
    if (iso) value += 2;
    for (; *value; parts++) {
        size_t len = strspn(value, "0123456789.");
        if (!len || !text_double(value, len, &part)) return 0;
        char unit = value[len];
        if (iso)
            total += part * (unit == 'H' ? 3600 : unit == 'M' ? 60 : unit == 'S' ? 1 : 0);
        else
            total = total * 60 + part;
        value += len + (unit != '\0');
    }
    return iso || parts == 3 ? total : total * 60;
}

static bool read_ferry(const struct reading *r, struct profile_way *way)
{
    const struct profile *p = r->profile;
    int own = group_access(r, &p->own_keys, "forward");
    int access = own >= 0 ? own : group_access(r, &p->general_keys, "forward");
    if (p->ferry_kmh <= 0 || access == PROFILE_NO) return false;
    double kmh = p->ferry_kmh < p->max_kmh ? p->ferry_kmh : p->max_kmh;
    struct profile_travel travel = {kmh, ROUTE_FERRY, PROFILE_YES};
    struct profile_oneway open = profile_way_oneway(p, r->tags, r->count);
    way->forward = way->backward = travel;
    if (!open.forward) way->forward.kmh = 0;
    if (!open.backward) way->backward.kmh = 0;
    way->duration_s = read_duration(tag(r, "duration"));
    return open.forward || open.backward;
}

struct profile_oneway profile_way_oneway(const struct profile *profile,
                                         const struct profile_tag *tags, size_t count)
{
    static const struct {
        const char *value;
        struct profile_oneway open;
    } meanings[] = {
        {"yes", {true, false}},
        {"true", {true, false}},
        {"1", {true, false}},
        {"forward", {true, false}},
        {"-1", {false, true}},
        {"reverse", {false, true}},
        {"backward", {false, true}},
        {"no", {true, true}},
        {"false", {true, true}},
        {"0", {true, true}},
        {"alternating", {true, true}},
        {"reversible", {false, false}}, /* by the hour: not knowable here */
    };
    struct reading r = {profile, tags, count, NULL};
    for (size_t i = 0; i < profile->oneway_keys.count; i++) {
        const char *value = tag(&r, profile->oneway_keys.items[i]);
        for (size_t m = 0; value && m < sizeof meanings / sizeof *meanings; m++) {
            if (strcmp(value, meanings[m].value) != 0) continue;
            struct profile_oneway open = meanings[m].open;
            if (open.forward != open.backward &&
                matches(&r, profile->contraflow, profile->contraflow_count))
                open.forward = open.backward = true;
            return open;
        }
    }
    const char *junction = tag(&r, "junction"), *highway = tag(&r, "highway");
    bool round = junction && (!strcmp(junction, "roundabout") || !strcmp(junction, "circular"));
    bool motorway = highway && !strcmp(highway, "motorway");
    return (struct profile_oneway){true, !(profile->implied_oneway && (round || motorway))};
}

/* One pushes where one may not ride, also against a one-way street, but not round a roundabout. */
static struct profile_travel read_direction(const struct reading *r, const char *direction,
                                            bool open)
{
    struct profile_travel ride = read_ride(r, direction);
    if (open && ride.kmh > 0) return ride;
    if (!open && tag(r, "junction")) return (struct profile_travel){0};
    return read_push(r, direction);
}

bool profile_way_read(const struct profile *profile, const struct profile_tag *tags, size_t count,
                      struct profile_way *way)
{
    struct reading r = {profile, tags, count, profile_tag_get(tags, count, "highway")};
    struct profile_way read = {0};
    if (!r.highway) {
        const char *route = tag(&r, "route");
        if (!route || strcmp(route, "ferry") != 0 || !read_ferry(&r, &read)) return false;
        *way = read;
        return true;
    }
    struct profile_oneway open = profile_way_oneway(profile, tags, count);
    read.forward = read_direction(&r, "forward", open.forward);
    read.backward = read_direction(&r, "backward", open.backward);
    if (read.forward.kmh <= 0 && read.backward.kmh <= 0) return false;
    *way = read;
    return true;
}
