#include "geo/road/graph.h"

#include "geo/base/file.h"
#include "geo/base/zip.h"
#include "geo/road/graph_file.h"

#include <stdlib.h>
#include <string.h>

struct graph {
    struct file_map map;
    const struct graph_file_header *header;
    struct network net;
    struct rtree tree;
};

static const char *const class_names[] = {
    "motorway",      "motorway_link",  "trunk",     "trunk_link",    "primary",      "primary_link",
    "secondary",     "secondary_link", "tertiary",  "tertiary_link", "unclassified", "residential",
    "living_street", "busway",         "service",   "cycleway",      "pedestrian",   "track",
    "footway",       "path",           "bridleway", "steps",         "corridor",     "platform",
    "elevator",      "ferry",          "road",
};

const char *graph_class_name(unsigned road_class)
{
    return road_class < sizeof class_names / sizeof *class_names ? class_names[road_class] : NULL;
}

static enum err check_header(const struct file_map *map, const char *path, struct why *why)
{
    const struct graph_file_header *header = (const void *)map->bytes;
    static const char remedy[] = "build it again with `yizhan build-roads`";
    if (map->size < sizeof header->magic ||
        memcmp(map->bytes, GRAPH_FILE_MAGIC, sizeof header->magic) != 0)
        return err_say(why, ERR_FORMAT, "%s is not a road file; %s", path, remedy);
    if (map->size < sizeof *header)
        return err_say(why, ERR_TRUNCATED, "%s ends within its header; %s", path, remedy);
    if (header->version != GRAPH_FILE_VERSION)
        return err_say(why, ERR_VERSION, "%s has version %u and this program reads version %d; %s",
                       path, header->version, GRAPH_FILE_VERSION, remedy);
    if (header->file_size != map->size)
        return err_say(why, ERR_TRUNCATED, "%s has %zu bytes and should have %llu; %s", path,
                       map->size, (unsigned long long)header->file_size, remedy);
    uint32_t crc =
        zip_crc32(0, map->bytes + GRAPH_FILE_CRC_START, map->size - GRAPH_FILE_CRC_START);
    if (crc != header->crc)
        return err_say(why, ERR_CHECKSUM, "%s is damaged: its checksum does not match; %s", path,
                       remedy);
    return ERR_OK;
}

static const size_t item_sizes[] = {
#define ITEM_SIZE(name, type) sizeof(type),
    GRAPH_FILE_SECTIONS(ITEM_SIZE)
#undef ITEM_SIZE
};
static const char *const section_names[] = {
#define SECTION_NAME(name, type) #name,
    GRAPH_FILE_SECTIONS(SECTION_NAME)
#undef SECTION_NAME
};

static enum err check_sections(const struct graph_file_header *header, size_t size, struct why *why)
{
    if (header->section_count != GRAPH_FILE_SECTION_COUNT)
        return err_say(why, ERR_FORMAT, "the road file has a wrong table of sections");
    for (size_t i = 0; i < GRAPH_FILE_SECTION_COUNT; i++) {
        const struct graph_file_section_entry *section = &header->sections[i];
        bool inside = section->offset <= size && section->offset % GRAPH_FILE_ALIGN == 0 &&
                      section->offset >= sizeof *header && section->item_size == item_sizes[i] &&
                      section->count <= (size - section->offset) / item_sizes[i];
        if (!inside || section->count >= UINT32_MAX)
            return err_say(why, ERR_FORMAT, "the road file's section %s lies outside the file",
                           section_names[i]);
    }
    return ERR_OK;
}

static void point_sections(struct graph *graph)
{
    const struct graph_file_section_entry *s = graph->header->sections;
    const unsigned char *bytes = graph->map.bytes;
    struct network *net = &graph->net;
#define NET_POINT(name) net->name = (const void *)(bytes + s[GRAPH_FILE_##name].offset);
    NET_POINT(nodes)
    NET_POINT(node_first)
    NET_POINT(node_half)
    NET_POINT(edges)
    NET_POINT(points)
    NET_POINT(text)
    NET_POINT(half_arc)
    NET_POINT(arc_half)
    NET_POINT(turn_first)
    NET_POINT(turn_to)
    NET_POINT(turn_class)
    NET_POINT(turn_forbid)
    NET_POINT(profiles)
    NET_POINT(time_ms)
    NET_POINT(arc_flags)
    NET_POINT(component)
    NET_POINT(class_time_ms)
    NET_POINT(class_cost_ms)
    NET_POINT(order)
#undef NET_POINT
}

/* Fills in pointers and counts, and checks that the counts of sections agree with each other. */
static enum err view_sections(struct graph *graph, struct why *why)
{
    const struct graph_file_header *header = graph->header;
    const struct graph_file_section_entry *s = header->sections;
    struct network *net = &graph->net;
    const unsigned char *bytes = graph->map.bytes;
    const struct box_e7 *tree_boxes = (const void *)(bytes + s[GRAPH_FILE_tree_boxes].offset);
    const uint32_t *tree_items = (const void *)(bytes + s[GRAPH_FILE_tree_items].offset);
#define NET_COUNT(name) s[GRAPH_FILE_##name].count
    net->node_count = (uint32_t)NET_COUNT(nodes);
    net->edge_count = (uint32_t)NET_COUNT(edges);
    net->half_count = (uint32_t)NET_COUNT(node_half);
    net->arc_count = (uint32_t)NET_COUNT(arc_half);
    net->base_arc_count = header->base_arc_count;
    net->turn_count = (uint32_t)NET_COUNT(turn_to);
    net->profile_count = (uint32_t)NET_COUNT(profiles);
    uint64_t profiles = net->profile_count, arcs = net->arc_count;
    if (!profiles || profiles > PROFILE_MAX || !net->edge_count || !arcs ||
        net->edge_count > INT32_MAX)
        return err_say(why, ERR_FORMAT, "the road file is empty or has too many profiles");
    net->class_count = (uint32_t)(NET_COUNT(class_time_ms) / profiles);
    bool agree = NET_COUNT(node_first) == (uint64_t)net->node_count + 1 &&
                 NET_COUNT(half_arc) == 2 * (uint64_t)net->edge_count &&
                 NET_COUNT(turn_first) == arcs + 1 && NET_COUNT(turn_class) == net->turn_count &&
                 NET_COUNT(turn_forbid) == net->turn_count &&
                 NET_COUNT(time_ms) == profiles * arcs && NET_COUNT(arc_flags) == profiles * arcs &&
                 NET_COUNT(component) == profiles * arcs &&
                 NET_COUNT(class_time_ms) == profiles * net->class_count &&
                 NET_COUNT(class_cost_ms) == profiles * net->class_count &&
                 NET_COUNT(order) == arcs && NET_COUNT(tree_items) == net->edge_count &&
                 NET_COUNT(tree_boxes) <= UINT32_MAX && net->base_arc_count <= arcs;
    if (!agree) return err_say(why, ERR_FORMAT, "the road file's sections do not fit together");
    point_sections(graph);
    enum err e = rtree_view(tree_boxes, (uint32_t)NET_COUNT(tree_boxes), tree_items,
                            net->edge_count, &graph->tree);
    if (e) return err_say(why, e, "the road file's tree of boxes is damaged");
    e = graph_check_network(net, NET_COUNT(text), NET_COUNT(points), why);
    if (!e && header->source >= NET_COUNT(text))
        e = err_say(why, ERR_FORMAT, "the road file's source lies outside its texts");
    return e;
#undef NET_COUNT
}

enum err graph_open(const char *path, struct graph **graph, struct why *why)
{
    struct graph *opened = calloc(1, sizeof *opened);
    if (!opened) return ERR_NOMEM;
    enum err e = file_map(path, &opened->map, why);
    if (!e) e = check_header(&opened->map, path, why);
    if (!e) {
        opened->header = (const void *)opened->map.bytes;
        e = check_sections(opened->header, opened->map.size, why);
    }
    if (!e) e = view_sections(opened, why);
    if (e) {
        graph_free(opened);
        return e;
    }
    *graph = opened;
    return ERR_OK;
}

void graph_free(struct graph *graph)
{
    if (!graph) return;
    rtree_fini(&graph->tree);
    file_unmap(&graph->map);
    free(graph);
}

const struct network *graph_network(const struct graph *graph)
{
    return &graph->net;
}

size_t graph_profile_count(const struct graph *graph)
{
    return graph->net.profile_count;
}

const char *graph_profile_name(const struct graph *graph, size_t profile)
{
    return graph->net.profiles[profile].name;
}

int graph_profile_find(const struct graph *graph, const char *name)
{
    for (uint32_t i = 0; i < graph->net.profile_count; i++)
        if (strcmp(graph->net.profiles[i].name, name) == 0) return (int)i;
    return -1;
}

size_t graph_edge_count(const struct graph *graph)
{
    return graph->net.edge_count;
}

struct graph_edge graph_edge_at(const struct graph *graph, uint32_t edge)
{
    const struct network *net = &graph->net;
    const struct network_edge *e = &net->edges[edge];
    return (struct graph_edge){.points = net->points + e->point_first,
                               .point_count = e->point_count,
                               .name = net->text + e->name,
                               .ref = net->text + e->ref,
                               .road_class = e->road_class,
                               .oneway = e->flags & NETWORK_ONEWAY,
                               .way_id = e->way_id};
}

const struct rtree *graph_edge_tree(const struct graph *graph)
{
    return &graph->tree;
}

const char *graph_source(const struct graph *graph)
{
    return graph->net.text + graph->header->source;
}

int64_t graph_built_at(const struct graph *graph)
{
    return graph->header->built_at;
}
