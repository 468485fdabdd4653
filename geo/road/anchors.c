#include "geo/road/anchors.h"

#include "geo/space/geodesic.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Places of points one after the other: those of the i-th are first[i] to first[i + 1]. */
struct places {
    uint32_t *first; /* one more than there are points */
    struct anchors_place *items;
    uint32_t count, room;
};

/* One profile's. Points keep the places that the file's own times gave them, also while closures
 * shut some: so they come back when the street does. */
struct fit {
    struct places own;   /* of all points */
    uint32_t *shut;      /* points some of whose own places are shut, ascending */
    struct places anew;  /* of these, in that order: what they have instead */
    struct rtree *trees; /* a group each */
    uint32_t shut_count;
};

struct anchors {
    const struct graph *graph;
    double radius_m;
    struct coord_e7 *points;
    struct anchors_group *groups;
    size_t group_count, profile_count;
    uint32_t count;
    struct fit fits[PROFILE_MAX];
};

static void fit_fini(struct fit *fit, size_t group_count)
{
    free(fit->own.first);
    free(fit->own.items);
    free(fit->shut);
    free(fit->anew.first);
    free(fit->anew.items);
    for (size_t g = 0; fit->trees && g < group_count; g++)
        rtree_fini(&fit->trees[g]);
    free(fit->trees);
}

void anchors_free(struct anchors *anchors)
{
    if (!anchors) return;
    for (size_t p = 0; p < anchors->profile_count; p++)
        fit_fini(&anchors->fits[p], anchors->group_count);
    free(anchors->points);
    free(anchors->groups);
    free(anchors);
}

uint32_t anchors_count(const struct anchors *anchors)
{
    return anchors->count;
}

const struct graph *anchors_graph(const struct anchors *anchors)
{
    return anchors->graph;
}

struct anchors_group anchors_group(const struct anchors *anchors, size_t group)
{
    return anchors->groups[group];
}

const struct rtree *anchors_tree(const struct anchors *anchors, unsigned profile, size_t group)
{
    return &anchors->fits[profile].trees[group];
}

static int by_number(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return (x > y) - (x < y);
}

const struct anchors_place *anchors_at(const struct anchors *anchors, unsigned profile, uint32_t i,
                                       size_t *count)
{
    const struct fit *fit = &anchors->fits[profile];
    const struct places *places = &fit->own;
    const uint32_t *shut =
        fit->shut_count ? bsearch(&i, fit->shut, fit->shut_count, sizeof i, by_number) : NULL;
    if (shut) {
        places = &fit->anew;
        i = (uint32_t)(shut - fit->shut);
    }
    *count = places->first[i + 1] - places->first[i];
    return places->items + places->first[i];
}

size_t anchors_ends(const struct anchors *anchors, const struct network_view *view, uint32_t i,
                    enum snap_role role, struct network_end ends[NETWORK_MAX_ENDS])
{
    size_t place_count, count = 0;
    unsigned profile = (unsigned)(view->profile - view->net->profiles);
    const struct anchors_place *places = anchors_at(anchors, profile, i, &place_count);
    for (size_t k = 0; k < place_count; k++)
        for (uint32_t direction = 0; direction < 2; direction++) {
            uint32_t arc = view->net->half_arc[places[k].edge << 1 | direction];
            if (arc == NETWORK_NONE || view->time_ms[arc] == NETWORK_NONE) continue;
            if (role == SNAP_VIA && !snap_serves(view, arc, role)) continue;
            double fraction = direction ? 1 - places[k].fraction : places[k].fraction;
            ends[count++] = (struct network_end){.arc = arc, .fraction = fraction};
        }
    return count;
}

_Static_assert(2 * SNAP_MAX_PLACES <= NETWORK_MAX_ENDS, "both directions of every place");

/* A point's places are appended, then closed off. */
static enum err add_place(struct places *places, const struct anchors_place *place)
{
    if (places->count == places->room) {
        if (places->room > UINT32_MAX / 2 - 8) return ERR_NOMEM;
        uint32_t room = places->room + places->room / 2 + 8;
        struct anchors_place *items = realloc(places->items, room * sizeof *items);
        if (!items) return ERR_NOMEM;
        places->items = items;
        places->room = room;
    }
    places->items[places->count++] = *place;
    return ERR_OK;
}

/* What all of one build share. */
struct building {
    struct anchors *made;
    const struct anchors_input *input;
    const struct anchors *before;
    const struct progress *progress;
    uint32_t *twin; /* [count]: the point of `before` at the same coordinate; NETWORK_NONE */
    struct heap heap;
};

static enum err snap_point(struct building *b, const struct network_view *view, uint32_t i,
                           struct places *places)
{
    struct snap_choice choice;
    struct snap_ground ground = {b->input->graph, *view, NULL, &b->heap};
    enum err e = snap_choose(&ground, coord_from_e7(b->input->points[i]), b->input->radius_m,
                             SNAP_END, NULL, &choice);
    for (size_t k = 0; !e && k < choice.main_count; k++) {
        const struct snap_place *found = &choice.main[k];
        struct anchors_place place = {
            .edge = found->edge, .at = coord_to_e7(found->at), .fraction = found->fraction};
        double off_m = chord_length_m(found->chord, chord_at(coord_from_e7(place.at)));
        place.off_m = nextafterf((float)off_m, INFINITY);
        e = add_place(places, &place);
    }
    return e;
}

static enum err copy_point(const struct places *from, uint32_t i, struct places *to)
{
    enum err e = ERR_OK;
    for (uint32_t k = from->first[i]; !e && k < from->first[i + 1]; k++)
        e = add_place(to, &from->items[k]);
    return e;
}

static bool is_open(const struct network_view *view, const struct places *places, uint32_t i)
{
    for (uint32_t k = places->first[i]; k < places->first[i + 1]; k++) {
        const uint32_t *arcs = &view->net->half_arc[places->items[k].edge << 1];
        if (!snap_serves(view, arcs[0], SNAP_END) && !snap_serves(view, arcs[1], SNAP_END))
            return false;
    }
    return true;
}

enum { REPORT_EVERY = 1024 };

static enum err find_own(struct building *b, unsigned profile)
{
    uint32_t count = b->input->count;
    struct places *own = &b->made->fits[profile].own;
    struct network_view file = network_view_of(graph_network(b->input->graph), profile);
    own->first = calloc((size_t)count + 1, sizeof *own->first);
    if (!own->first) return ERR_NOMEM;
    for (uint32_t i = 0; i < count; i++) {
        if (i % REPORT_EVERY == 0 && !progress_say(b->progress, "placing on roads", i, count))
            return ERR_CANCELLED;
        enum err e = b->twin[i] != NETWORK_NONE
                         ? copy_point(&b->before->fits[profile].own, b->twin[i], own)
                         : snap_point(b, &file, i, own);
        if (e) return e;
        own->first[i + 1] = own->count;
    }
    return ERR_OK;
}

/* A point all of whose own places are open has the same ones under the closures: whatever else is
 * open was passed over for them before. */
static enum err replace_shut(struct building *b, unsigned profile)
{
    struct fit *fit = &b->made->fits[profile];
    const struct network_view *view = &b->input->views[profile];
    for (uint32_t i = 0; i < b->input->count; i++)
        fit->shut_count += !is_open(view, &fit->own, i);
    fit->shut = malloc(((size_t)fit->shut_count + 1) * sizeof *fit->shut);
    fit->anew.first = calloc((size_t)fit->shut_count + 1, sizeof *fit->anew.first);
    if (!fit->shut || !fit->anew.first) return ERR_NOMEM;
    uint32_t k = 0;
    for (uint32_t i = 0; k < fit->shut_count; i++) {
        if (is_open(view, &fit->own, i)) continue;
        enum err e = snap_point(b, view, i, &fit->anew);
        if (e) return e;
        fit->shut[k++] = i;
        fit->anew.first[k] = fit->anew.count;
    }
    return ERR_OK;
}

static int32_t clamp(double value, int32_t most)
{
    return value > most ? most : value < -most ? -most : (int32_t)value;
}

/* The place, and where it is off its chord by more than a centimetre, all that is no farther: by
 * the scales of a plane that any search within 200 km may use. */
static struct box_e7 box_around(const struct anchors_place *place)
{
    const double unit_deg = 1e-7, band_deg = 2;
    struct coord_e7 at = place->at;
    struct box_e7 box = {at.lon_e7, at.lat_e7, at.lon_e7, at.lat_e7};
    if (place->off_m <= 0.01F) return box;
    struct geodesic_plane narrow =
        geodesic_plane_at(fmin(89, fabs(at.lat_e7 * unit_deg) + band_deg));
    double lon = ceil(place->off_m / narrow.m_per_lon_deg / unit_deg);
    double lat = ceil(place->off_m / geodesic_plane_at(0).m_per_lat_deg / unit_deg);
    return (struct box_e7){clamp(at.lon_e7 - lon, 1800000000), clamp(at.lat_e7 - lat, 900000000),
                           clamp(at.lon_e7 + lon, 1800000000), clamp(at.lat_e7 + lat, 900000000)};
}

static struct box_e7 box_of(const struct anchors *anchors, unsigned profile, uint32_t i)
{
    size_t count;
    const struct anchors_place *places = anchors_at(anchors, profile, i, &count);
    struct box_e7 box =
        box_around(count ? places : &(struct anchors_place){.at = anchors->points[i]});
    for (size_t k = 1; k < count; k++) {
        struct box_e7 more = box_around(&places[k]);
        if (more.min_lon < box.min_lon) box.min_lon = more.min_lon;
        if (more.max_lon > box.max_lon) box.max_lon = more.max_lon;
        if (more.min_lat < box.min_lat) box.min_lat = more.min_lat;
        if (more.max_lat > box.max_lat) box.max_lat = more.max_lat;
    }
    return box;
}

static enum err plant(struct building *b, unsigned profile)
{
    struct anchors *made = b->made;
    struct fit *fit = &made->fits[profile];
    struct box_e7 *boxes = malloc(((size_t)made->count + 1) * sizeof *boxes);
    fit->trees = calloc(made->group_count + 1, sizeof *fit->trees);
    enum err e = boxes && fit->trees ? ERR_OK : ERR_NOMEM;
    for (size_t g = 0; !e && g < made->group_count; g++) {
        struct anchors_group group = made->groups[g];
        for (uint32_t k = 0; k < group.count; k++)
            boxes[k] = box_of(made, profile, group.first + k);
        e = rtree_build(boxes, group.count, &fit->trees[g]);
    }
    free(boxes);
    return e;
}

static uint32_t hash(struct coord_e7 at)
{
    uint64_t both = (uint64_t)(uint32_t)at.lon_e7 << 32 | (uint32_t)at.lat_e7;
    return (uint32_t)(both * 0x9e3779b97f4a7c15u >> 32);
}

static bool same(struct coord_e7 a, struct coord_e7 b)
{
    return a.lon_e7 == b.lon_e7 && a.lat_e7 == b.lat_e7;
}

/* A table with open addressing, at most half full, over the points of `before`. */
static enum err find_twins(struct building *b)
{
    const struct anchors *before = b->before;
    uint32_t count = b->input->count, mask = 1;
    b->twin = malloc(((size_t)count + 1) * sizeof *b->twin);
    if (!b->twin) return ERR_NOMEM;
    memset(b->twin, 0xff, (size_t)count * sizeof *b->twin);
    if (!before || !before->count) return ERR_OK;
    while (mask / 2 < before->count)
        mask = mask << 1 | 1;
    uint32_t *table = malloc(((size_t)mask + 1) * sizeof *table);
    if (!table) return ERR_NOMEM;
    memset(table, 0xff, ((size_t)mask + 1) * sizeof *table);
    for (uint32_t i = 0; i < before->count; i++) {
        uint32_t slot = hash(before->points[i]) & mask;
        while (table[slot] != NETWORK_NONE && !same(before->points[table[slot]], before->points[i]))
            slot = (slot + 1) & mask;
        table[slot] = i;
    }
    for (uint32_t i = 0; i < count; i++) {
        uint32_t slot = hash(b->input->points[i]) & mask;
        while (table[slot] != NETWORK_NONE &&
               !same(before->points[table[slot]], b->input->points[i]))
            slot = (slot + 1) & mask;
        b->twin[i] = table[slot];
    }
    free(table);
    return ERR_OK;
}

static enum err copy_input(const struct anchors_input *input, struct anchors *made)
{
    made->graph = input->graph;
    made->radius_m = input->radius_m;
    made->count = input->count;
    made->group_count = input->group_count;
    made->profile_count = graph_profile_count(input->graph);
    made->points = calloc((size_t)input->count + 1, sizeof *made->points);
    made->groups = calloc(input->group_count + 1, sizeof *made->groups);
    if (!made->points || !made->groups) return ERR_NOMEM;
    if (input->count) memcpy(made->points, input->points, input->count * sizeof *made->points);
    for (size_t g = 0; g < input->group_count; g++)
        made->groups[g] = input->groups[g];
    return ERR_OK;
}

enum err anchors_build(const struct anchors_input *input, const struct anchors *before,
                       const struct progress *progress, struct anchors **anchors)
{
    struct building b = {
        .made = calloc(1, sizeof *b.made), .input = input, .before = before, .progress = progress};
    if (!b.made) return ERR_NOMEM;
    assert(!before || (before->graph == input->graph && before->radius_m == input->radius_m));
    enum err e = copy_input(input, b.made);
    if (!e) e = find_twins(&b);
    for (unsigned p = 0; !e && p < b.made->profile_count; p++) {
        e = find_own(&b, p);
        if (!e) e = replace_shut(&b, p);
        if (!e) e = plant(&b, p);
    }
    free(b.twin);
    heap_fini(&b.heap);
    if (e) {
        anchors_free(b.made);
        return e;
    }
    *anchors = b.made;
    return ERR_OK;
}
