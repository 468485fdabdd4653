/* libyaml's door: the files that an operator edits (YAML 1.1), read into a tree whose every node
 * knows its line, so that a mistake is told as "profiles/ebike.yaml:12: speeds.residential: ...".
 *
 * Only plain data is read: mappings with text keys, sequences, scalars. Anchors, aliases and tags
 * are refused, and so are files over 4 MiB, depth over 32 and a key given twice. */
#ifndef YZ_DATA_CONF_H
#define YZ_DATA_CONF_H

#include "geo/base/err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct conf;      /* a file; owns its nodes */
struct conf_node; /* a mapping, a sequence or a scalar in it */

/* Reads a file, or `len` bytes of text that `name` stands for in messages. conf_free(NULL) is fine.
 */
enum err conf_load(const char *path, struct conf **conf, struct why *why);
enum err conf_parse(const char *name, const char *text, size_t len, struct conf **conf,
                    struct why *why);
void conf_free(struct conf *conf);

/* The top node; NULL when the file is empty. */
const struct conf_node *conf_root(const struct conf *conf);

bool conf_is_map(const struct conf_node *node);
bool conf_is_list(const struct conf_node *node);

/* Children of a mapping or sequence; 0 for NULL and for scalars. */
size_t conf_count(const struct conf_node *node);
/* Child `i`, and in a mapping its key. */
const struct conf_node *conf_at(const struct conf_node *node, size_t i);
const char *conf_key(const struct conf_node *node, size_t i);

/* The value of `key` in a mapping; NULL when it is missing or `node` is no mapping. */
const struct conf_node *conf_get(const struct conf_node *node, const char *key);

/* A scalar's text; NULL for NULL and for others. Borrowed from the file. */
const char *conf_text(const struct conf_node *node);
int conf_line(const struct conf_node *node);

/* Scalars as values. A missing node (NULL) leaves `*value`, which is thus the default, and is
 * ERR_OK; a wrong one is ERR_FORMAT or ERR_RANGE and is told with file, line and what is expected.
 */
enum err conf_string(const struct conf_node *node, const char **value, struct why *why);
enum err conf_number(const struct conf_node *node, double min, double max, double *value,
                     struct why *why);
enum err conf_int(const struct conf_node *node, int64_t min, int64_t max, int64_t *value,
                  struct why *why);
enum err conf_bool(const struct conf_node *node, bool *value,
                   struct why *why); /* true, false, yes, no */

/* ERR_OK when every key of the mapping is among the NULL-terminated `keys`; otherwise ERR_FORMAT,
 * naming the stranger and its line. */
enum err conf_keys(const struct conf_node *node, const char *const *keys, struct why *why);

/* Fails with "file:line: " and the formatted sentence. */
enum err conf_fail(const struct conf_node *node, struct why *why, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

#endif
