/* Writes a network down as graph_file.h lays it out. */
#include "geo/road/build_work.h"

#include "geo/base/file.h"
#include "geo/base/zip.h"
#include "geo/road/graph_file.h"

#include <string.h>
#include <time.h>

static const char zeros[GRAPH_FILE_ALIGN];

struct section {
    const void *items;
    uint64_t count;
    size_t item_size;
};

static void list_sections(const struct build *b, struct section *s)
{
    const struct network *net = &b->net;
    uint64_t arcs = net->arc_count, per_arc = arcs * b->profile_count;
    uint64_t per_class = (uint64_t)net->class_count * b->profile_count;
    const struct network_edge *last = &net->edges[net->edge_count - 1];
    uint64_t points = (uint64_t)last->point_first + last->point_count;
    const uint64_t counts[GRAPH_FILE_SECTION_COUNT] = {
        [GRAPH_FILE_nodes] = net->node_count,
        [GRAPH_FILE_node_first] = (uint64_t)net->node_count + 1,
        [GRAPH_FILE_node_half] = net->half_count,
        [GRAPH_FILE_edges] = net->edge_count,
        [GRAPH_FILE_points] = points,
        [GRAPH_FILE_text] = b->text.len,
        [GRAPH_FILE_half_arc] = 2 * (uint64_t)net->edge_count,
        [GRAPH_FILE_arc_half] = arcs,
        [GRAPH_FILE_turn_first] = arcs + 1,
        [GRAPH_FILE_turn_to] = net->turn_count,
        [GRAPH_FILE_turn_class] = net->turn_count,
        [GRAPH_FILE_turn_forbid] = net->turn_count,
        [GRAPH_FILE_profiles] = b->profile_count,
        [GRAPH_FILE_time_ms] = per_arc,
        [GRAPH_FILE_arc_flags] = per_arc,
        [GRAPH_FILE_component] = per_arc,
        [GRAPH_FILE_class_time_ms] = per_class,
        [GRAPH_FILE_class_cost_ms] = per_class,
        [GRAPH_FILE_order] = arcs,
        [GRAPH_FILE_tree_boxes] = b->tree.box_count,
        [GRAPH_FILE_tree_items] = b->tree.item_count,
    };
    const void *tree_boxes = b->tree.boxes, *tree_items = b->tree.items;
#define SECTION_OF(name, type)                                                                     \
    s[GRAPH_FILE_##name] =                                                                         \
        (struct section){SECTION_##name, counts[GRAPH_FILE_##name], sizeof(type)};
#define SECTION_nodes         net->nodes
#define SECTION_node_first    net->node_first
#define SECTION_node_half     net->node_half
#define SECTION_edges         net->edges
#define SECTION_points        net->points
#define SECTION_text          b->text.bytes
#define SECTION_half_arc      net->half_arc
#define SECTION_arc_half      net->arc_half
#define SECTION_turn_first    net->turn_first
#define SECTION_turn_to       net->turn_to
#define SECTION_turn_class    net->turn_class
#define SECTION_turn_forbid   net->turn_forbid
#define SECTION_profiles      net->profiles
#define SECTION_time_ms       net->time_ms
#define SECTION_arc_flags     net->arc_flags
#define SECTION_component     net->component
#define SECTION_class_time_ms net->class_time_ms
#define SECTION_class_cost_ms net->class_cost_ms
#define SECTION_order         net->order
#define SECTION_tree_boxes    tree_boxes
#define SECTION_tree_items    tree_items
    GRAPH_FILE_SECTIONS(SECTION_OF)
}

static size_t padding(uint64_t bytes)
{
    return (size_t)(-bytes % GRAPH_FILE_ALIGN);
}

static void fill_header(const struct section *sections, struct graph_file_header *header)
{
    uint64_t offset = sizeof *header + padding(sizeof *header);
    uint32_t crc;
    for (size_t i = 0; i < GRAPH_FILE_SECTION_COUNT; i++) {
        uint64_t bytes = sections[i].count * sections[i].item_size;
        header->sections[i] = (struct graph_file_section_entry){offset, sections[i].count,
                                                                (uint32_t)sections[i].item_size, 0};
        offset += bytes + padding(bytes);
    }
    header->file_size = offset;
    crc = zip_crc32(0, (const char *)header + GRAPH_FILE_CRC_START,
                    sizeof *header - GRAPH_FILE_CRC_START);
    crc = zip_crc32(crc, zeros, padding(sizeof *header));
    for (size_t i = 0; i < GRAPH_FILE_SECTION_COUNT; i++) {
        uint64_t bytes = sections[i].count * sections[i].item_size;
        if (bytes) crc = zip_crc32(crc, sections[i].items, bytes);
        crc = zip_crc32(crc, zeros, padding(bytes));
    }
    header->crc = crc;
}

enum err build_write(struct build *build, const char *path, const char *source, struct why *why)
{
    struct section sections[GRAPH_FILE_SECTION_COUNT];
    struct graph_file_header header = {.magic = GRAPH_FILE_MAGIC,
                                       .version = GRAPH_FILE_VERSION,
                                       .built_at = (int64_t)time(NULL),
                                       .section_count = GRAPH_FILE_SECTION_COUNT,
                                       .base_arc_count = build->net.base_arc_count};
    struct file_out *out = NULL;
    enum err e = pool_put(&build->text, source, &header.source);
    if (e) return e;
    list_sections(build, sections);
    fill_header(sections, &header);
    e = file_create(path, &out, why);
    if (e) return e;
    /* Errors stick in `out` and are told by the commit. */
    (void)file_write(out, &header, sizeof header);
    (void)file_write(out, zeros, padding(sizeof header));
    for (size_t i = 0; i < GRAPH_FILE_SECTION_COUNT; i++) {
        size_t bytes = (size_t)(sections[i].count * sections[i].item_size);
        if (bytes) (void)file_write(out, sections[i].items, bytes);
        (void)file_write(out, zeros, padding(bytes));
    }
    return file_commit(out, why);
}
