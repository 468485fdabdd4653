/* The layout of a road file: a header, a table of sections, the sections, each at a multiple of
 * 64 bytes; little-endian. Private to the reader, the writer and their tests. */
#ifndef YZ_GEO_ROAD_GRAPH_FILE_H
#define YZ_GEO_ROAD_GRAPH_FILE_H

#include "geo/base/err.h"
#include "geo/road/network.h"

#include <stdint.h>

#if __BYTE_ORDER__ != __ORDER_LITTLE_ENDIAN__
#error "road files are mapped as they are, and they are little-endian"
#endif

#define GRAPH_FILE_MAGIC "YZROADS"
enum { GRAPH_FILE_VERSION = 2, GRAPH_FILE_ALIGN = 64 };

/* Name, type of its items, where struct network has them. The order is that of the file. */
#define GRAPH_FILE_SECTIONS(X)                                                                     \
    X(nodes, struct network_node)                                                                  \
    X(node_first, uint32_t)                                                                        \
    X(node_half, uint32_t)                                                                         \
    X(edges, struct network_edge)                                                                  \
    X(points, struct coord_e7)                                                                     \
    X(text, char)                                                                                  \
    X(half_arc, uint32_t)                                                                          \
    X(arc_half, uint32_t)                                                                          \
    X(turn_first, uint32_t)                                                                        \
    X(turn_to, uint32_t)                                                                           \
    X(turn_class, uint16_t)                                                                        \
    X(turn_forbid, uint16_t)                                                                       \
    X(profiles, struct network_profile)                                                            \
    X(time_ms, uint32_t)                                                                           \
    X(arc_flags, uint8_t)                                                                          \
    X(component, uint32_t)                                                                         \
    X(class_time_ms, uint32_t)                                                                     \
    X(class_cost_ms, uint32_t)                                                                     \
    X(order, uint32_t)                                                                             \
    X(tree_boxes, struct box_e7)                                                                   \
    X(tree_items, uint32_t)

enum graph_file_section {
#define GRAPH_FILE_ENUM(name, type) GRAPH_FILE_##name,
    GRAPH_FILE_SECTIONS(GRAPH_FILE_ENUM)
#undef GRAPH_FILE_ENUM
        GRAPH_FILE_SECTION_COUNT
};

struct graph_file_section_entry {
    uint64_t offset, count; /* from the start of the file; items */
    uint32_t item_size, zero;
};

/* `crc` covers everything behind it. */
struct graph_file_header {
    char magic[8];
    uint32_t version, crc;
    uint64_t file_size;
    int64_t built_at;
    uint32_t source; /* in the section text */
    uint32_t section_count, base_arc_count, zero;
    struct graph_file_section_entry sections[GRAPH_FILE_SECTION_COUNT];
};
enum { GRAPH_FILE_CRC_START = 16 };

/* Checks every offset, index and number in the arrays, so that a search needs no check of its own.
 * graph_check.c. */
enum err graph_check_network(const struct network *net, uint64_t text_len, uint64_t point_count,
                             struct why *why);

#endif
