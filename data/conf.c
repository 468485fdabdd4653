#include "data/conf.h"

#include "geo/base/arena.h"
#include "geo/base/file.h"
#include "geo/base/text.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <yaml.h>

enum { MAX_BYTES = 4 << 20, MAX_DEPTH = 32, MAX_NODES = 1 << 18 };

enum kind { SCALAR, LIST, MAP };

struct conf_node {
    enum kind kind;
    int line;
    const char *file;
    const char *key;  /* in a mapping */
    const char *text; /* of a scalar */
    struct conf_node *first, *last, *next;
    const struct conf_node **children; /* made when the node is closed */
    size_t count;
};

struct conf {
    struct arena arena;
    const char *name;
    struct conf_node *root;
    size_t nodes;
};

enum err conf_fail(const struct conf_node *node, struct why *why, const char *format, ...)
{
    char text[sizeof why->text];
    va_list args;
    va_start(args, format);
    (void)vsnprintf(text, sizeof text, format, args);
    va_end(args);
    return err_say(why, ERR_FORMAT, "%s:%d: %s", node->file, node->line, text);
}

struct reader {
    struct conf *conf;
    yaml_parser_t parser;
    struct why *why;
    struct conf_node *stack[MAX_DEPTH];
    int depth;
    const char *key; /* read, its value not yet */
};

static enum err complain(struct reader *r, const yaml_event_t *event, const char *what)
{
    return err_say(r->why, ERR_FORMAT, "%s:%zu: %s", r->conf->name, event->start_mark.line + 1,
                   what);
}

static enum err close_node(struct reader *r)
{
    struct conf_node *node = r->stack[--r->depth];
    if (!node->count) return ERR_OK;
    node->children = arena_alloc(&r->conf->arena, node->count * sizeof(struct conf_node *));
    if (!node->children) return ERR_NOMEM;
    size_t i = 0;
    for (struct conf_node *child = node->first; child; child = child->next)
        node->children[i++] = child;
    return ERR_OK;
}

/* Hangs a new node below the innermost open one. */
static enum err add(struct reader *r, const yaml_event_t *event, enum kind kind,
                    struct conf_node **added)
{
    struct conf *conf = r->conf;
    if (++conf->nodes > MAX_NODES) return complain(r, event, "the file has too many entries");
    struct conf_node *node = arena_calloc(&conf->arena, 1, sizeof *node);
    if (!node) return ERR_NOMEM;
    *node = (struct conf_node){.kind = kind, .file = conf->name, .key = r->key};
    node->line = (int)event->start_mark.line + 1;
    r->key = NULL;
    struct conf_node *parent = r->depth ? r->stack[r->depth - 1] : NULL;
    if (!parent) {
        conf->root = node;
    } else {
        if (parent->last)
            parent->last->next = node;
        else
            parent->first = node;
        parent->last = node;
        parent->count++;
    }
    *added = node;
    return ERR_OK;
}

static bool has_key(const struct conf_node *map, const char *key)
{
    for (const struct conf_node *child = map->first; child; child = child->next)
        if (strcmp(child->key, key) == 0) return true;
    return false;
}

static bool expects_key(const struct reader *r)
{
    return r->depth && r->stack[r->depth - 1]->kind == MAP && !r->key;
}

static enum err on_scalar(struct reader *r, const yaml_event_t *event)
{
    const char *bytes = (const char *)event->data.scalar.value;
    size_t len = event->data.scalar.length;
    if (!text_utf8_valid(bytes, len)) return complain(r, event, "text holds a NUL byte");
    const char *text = arena_strndup(&r->conf->arena, bytes, len);
    if (!text) return ERR_NOMEM;
    if (expects_key(r)) {
        if (has_key(r->stack[r->depth - 1], text))
            return err_say(r->why, ERR_FORMAT, "%s:%zu: \"%s\" is given twice", r->conf->name,
                           event->start_mark.line + 1, text);
        r->key = text;
        return ERR_OK;
    }
    struct conf_node *node;
    enum err e = add(r, event, SCALAR, &node);
    if (!e) node->text = text;
    return e;
}

static enum err on_open(struct reader *r, const yaml_event_t *event, enum kind kind)
{
    struct conf_node *node;
    if (expects_key(r)) return complain(r, event, "a key must be plain text");
    if (r->depth == MAX_DEPTH) return complain(r, event, "entries are nested too deeply");
    enum err e = add(r, event, kind, &node);
    if (!e) r->stack[r->depth++] = node;
    return e;
}

static enum err on_event(struct reader *r, const yaml_event_t *event)
{
    switch (event->type) {
    case YAML_SCALAR_EVENT:
        if (event->data.scalar.anchor || event->data.scalar.tag)
            return complain(r, event, "anchors and tags are not read");
        return on_scalar(r, event);
    case YAML_SEQUENCE_START_EVENT:
        if (event->data.sequence_start.anchor || event->data.sequence_start.tag)
            return complain(r, event, "anchors and tags are not read");
        return on_open(r, event, LIST);
    case YAML_MAPPING_START_EVENT:
        if (event->data.mapping_start.anchor || event->data.mapping_start.tag)
            return complain(r, event, "anchors and tags are not read");
        return on_open(r, event, MAP);
    case YAML_SEQUENCE_END_EVENT:
    case YAML_MAPPING_END_EVENT:
        return close_node(r);
    case YAML_ALIAS_EVENT:
        return complain(r, event, "aliases are not read");
    case YAML_DOCUMENT_START_EVENT:
        return r->conf->root ? complain(r, event, "a second document is not read") : ERR_OK;
    default:
        return ERR_OK;
    }
}

static enum err read_events(struct reader *r)
{
    for (;;) {
        yaml_event_t event;
        if (!yaml_parser_parse(&r->parser, &event))
            return err_say(r->why, ERR_FORMAT, "%s:%zu: %s", r->conf->name,
                           r->parser.problem_mark.line + 1,
                           r->parser.problem ? r->parser.problem : "is not YAML");
        bool end = event.type == YAML_STREAM_END_EVENT;
        enum err e = on_event(r, &event);
        yaml_event_delete(&event);
        if (e || end) return e;
    }
}

enum err conf_parse(const char *name, const char *text, size_t len, struct conf **conf,
                    struct why *why)
{
    if (len > MAX_BYTES) return err_say(why, ERR_LIMIT, "%s is larger than 4 MiB", name);
    struct reader r = {.why = why};
    struct conf *made = calloc(1, sizeof *made);
    if (!made || !yaml_parser_initialize(&r.parser)) {
        free(made);
        return ERR_NOMEM;
    }
    arena_init(&made->arena, 0);
    made->name = arena_strdup(&made->arena, name);
    r.conf = made;
    yaml_parser_set_encoding(&r.parser, YAML_UTF8_ENCODING);
    yaml_parser_set_input_string(&r.parser, (const unsigned char *)text, len);
    enum err e = made->name ? read_events(&r) : ERR_NOMEM;
    yaml_parser_delete(&r.parser);
    if (e)
        conf_free(made);
    else
        *conf = made;
    return e;
}

enum err conf_load(const char *path, struct conf **conf, struct why *why)
{
    char *text;
    size_t len;
    enum err e = file_read(path, MAX_BYTES, &text, &len, why);
    if (e) return e;
    e = conf_parse(path, text, len, conf, why);
    free(text);
    return e;
}

void conf_free(struct conf *conf)
{
    if (!conf) return;
    arena_fini(&conf->arena);
    free(conf);
}

const struct conf_node *conf_root(const struct conf *conf)
{
    return conf->root;
}

bool conf_is_map(const struct conf_node *node)
{
    return node && node->kind == MAP;
}

bool conf_is_list(const struct conf_node *node)
{
    return node && node->kind == LIST;
}

size_t conf_count(const struct conf_node *node)
{
    return node ? node->count : 0;
}

const struct conf_node *conf_at(const struct conf_node *node, size_t i)
{
    return node->children[i];
}

const char *conf_key(const struct conf_node *node, size_t i)
{
    return node->children[i]->key;
}

const struct conf_node *conf_get(const struct conf_node *node, const char *key)
{
    if (!conf_is_map(node)) return NULL;
    for (size_t i = 0; i < node->count; i++)
        if (strcmp(node->children[i]->key, key) == 0) return node->children[i];
    return NULL;
}

const char *conf_text(const struct conf_node *node)
{
    return node && node->kind == SCALAR ? node->text : NULL;
}

int conf_line(const struct conf_node *node)
{
    return node->line;
}

static const char *shown_key(const struct conf_node *node)
{
    return node->key ? node->key : "entry";
}

static enum err expect(const struct conf_node *node, struct why *why, const char *what)
{
    return conf_fail(node, why, "%s must be %s", shown_key(node), what);
}

enum err conf_string(const struct conf_node *node, const char **value, struct why *why)
{
    if (!node) return ERR_OK;
    if (node->kind != SCALAR) return expect(node, why, "text");
    *value = node->text;
    return ERR_OK;
}

enum err conf_number(const struct conf_node *node, double min, double max, double *value,
                     struct why *why)
{
    double number;
    if (!node) return ERR_OK;
    if (node->kind != SCALAR || !text_double(node->text, strlen(node->text), &number))
        return expect(node, why, "a number");
    if (number < min || number > max)
        return conf_fail(node, why, "%s must be between %g and %g", shown_key(node), min, max);
    *value = number;
    return ERR_OK;
}

enum err conf_int(const struct conf_node *node, int64_t min, int64_t max, int64_t *value,
                  struct why *why)
{
    if (!node) return ERR_OK;
    if (node->kind != SCALAR || !text_int(node->text, strlen(node->text), min, max, value))
        return conf_fail(node, why, "%s must be a whole number between %lld and %lld",
                         shown_key(node), (long long)min, (long long)max);
    return ERR_OK;
}

enum err conf_bool(const struct conf_node *node, bool *value, struct why *why)
{
    static const char *const words[] = {"false", "true", "no", "yes"};
    if (!node) return ERR_OK;
    for (size_t i = 0; node->kind == SCALAR && i < 4; i++)
        if (strcmp(node->text, words[i]) == 0) {
            *value = i & 1;
            return ERR_OK;
        }
    return expect(node, why, "true or false");
}

enum err conf_keys(const struct conf_node *node, const char *const *keys, struct why *why)
{
    if (node && conf_count(node) && !conf_key(node, 0))
        return conf_fail(node, why,
                         "names with values are expected here (name: value), not a list");
    for (size_t i = 0; i < conf_count(node); i++) {
        const char *key = conf_key(node, i);
        size_t k = 0;
        while (key && keys[k] && strcmp(keys[k], key) != 0)
            k++;
        if (!key || !keys[k])
            return conf_fail(conf_at(node, i), why, "\"%s\" is not known here", key ? key : "");
    }
    return ERR_OK;
}
