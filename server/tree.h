/* An answer that is described once and written as JSON or as XML: records of named values and lists
 * of them, as Open311 has them. */
#ifndef YZ_SERVER_TREE_H
#define YZ_SERVER_TREE_H

#include "geo/base/jsonw.h"

#include <stdbool.h>
#include <stdint.h>

enum { TREE_DEPTH = 8 };

/* Borrows the buffer. Names are trusted text that is a name in XML and plain in JSON. */
struct tree {
    struct buf *buf;
    struct jsonw json;
    bool is_xml;
    size_t depth;
    struct {
        const char *name;
        bool is_list;
    } open[TREE_DEPTH];
};

/* The content type of either format; static. */
const char *tree_type(bool is_xml);

void tree_begin(struct tree *tree, bool is_xml, struct buf *buf);

/* A list: an array, an element of elements. A record: an object, an element. Within a list, and at
 * the root, JSON has no use for the name. Each ends with tree_end. */
void tree_list(struct tree *tree, const char *name);
void tree_record(struct tree *tree, const char *name);
void tree_end(struct tree *tree);

/* Values. Text that is NULL is null, and an empty element. */
void tree_text(struct tree *tree, const char *name, const char *text);
void tree_int(struct tree *tree, const char *name, int64_t value);
void tree_bool(struct tree *tree, const char *name, bool value);
void tree_number(struct tree *tree, const char *name, double value, int decimals);

#endif
