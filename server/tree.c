#include "server/tree.h"

#include "geo/base/xmlw.h"

#include <assert.h>
#include <string.h>

const char *tree_type(bool is_xml)
{
    return is_xml ? "text/xml; charset=utf-8" : "application/json";
}

void tree_begin(struct tree *tree, bool is_xml, struct buf *buf)
{
    *tree = (struct tree){.buf = buf, .is_xml = is_xml};
    jsonw_init(&tree->json, buf);
    if (is_xml) xmlw_begin(buf);
}

/* What comes before a value. */
static void name_it(struct tree *tree, const char *name)
{
    if (tree->is_xml)
        xmlw_open(tree->buf, name);
    else if (tree->depth && !tree->open[tree->depth - 1].is_list)
        jsonw_key(&tree->json, name);
}

static void enter(struct tree *tree, const char *name, bool is_list)
{
    assert(tree->depth < TREE_DEPTH);
    name_it(tree, name);
    tree->open[tree->depth].name = name;
    tree->open[tree->depth++].is_list = is_list;
    if (tree->is_xml) return;
    if (is_list)
        jsonw_array(&tree->json);
    else
        jsonw_object(&tree->json);
}

void tree_list(struct tree *tree, const char *name)
{
    enter(tree, name, true);
}

void tree_record(struct tree *tree, const char *name)
{
    enter(tree, name, false);
}

void tree_end(struct tree *tree)
{
    assert(tree->depth > 0);
    tree->depth--;
    if (tree->is_xml)
        xmlw_close(tree->buf, tree->open[tree->depth].name);
    else if (tree->open[tree->depth].is_list)
        jsonw_array_end(&tree->json);
    else
        jsonw_object_end(&tree->json);
}

void tree_text(struct tree *tree, const char *name, const char *text)
{
    name_it(tree, name);
    if (!tree->is_xml) {
        jsonw_string(&tree->json, text);
        return;
    }
    if (text) xmlw_text(tree->buf, text, strlen(text));
    xmlw_close(tree->buf, name);
}

/* Numbers are written alike; in XML each stands alone, with no comma to come. */
static void end_plain(struct tree *tree, const char *name)
{
    if (!tree->is_xml) return;
    tree->json.need_comma = false;
    xmlw_close(tree->buf, name);
}

void tree_int(struct tree *tree, const char *name, int64_t value)
{
    name_it(tree, name);
    jsonw_int(&tree->json, value);
    end_plain(tree, name);
}

void tree_bool(struct tree *tree, const char *name, bool value)
{
    name_it(tree, name);
    jsonw_bool(&tree->json, value);
    end_plain(tree, name);
}

void tree_number(struct tree *tree, const char *name, double value, int decimals)
{
    name_it(tree, name);
    jsonw_number(&tree->json, value, decimals);
    end_plain(tree, name);
}
