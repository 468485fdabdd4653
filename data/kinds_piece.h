/* The small things that files of kinds are made of, each read with its mistakes told. */
#ifndef YZ_DATA_KINDS_PIECE_H
#define YZ_DATA_KINDS_PIECE_H

#include "data/conf.h"
#include "data/kinds.h"
#include "geo/base/arena.h"

/* A kind on its way in. */
struct kinds_reader {
    struct arena *arena; /* for what is kept */
    struct kinds_kind *kind;
    int64_t radius_m; /* of categories that have none */
    struct why *why;
};

/* A text that must be there; a code (a-z 0-9 _); both labels. */
enum err kinds_piece_text(const struct kinds_reader *r, const struct conf_node *map,
                          const char *key, const char **text);
enum err kinds_piece_code(const struct kinds_reader *r, const struct conf_node *map,
                          const char *key, const char **code);
enum err kinds_piece_label(const struct kinds_reader *r, const struct conf_node *map,
                           struct kinds_label *label);

/* A list with at least one entry, all of them mappings with no other keys than these. */
enum err kinds_piece_list(const struct kinds_reader *r, const struct conf_node *map,
                          const char *key, const char *const *keys, const struct conf_node **list);

/* "30min", "2h", "7d": minutes that are worked, hours, or days as long as a usual one. Untouched
 * where there is none. */
enum err kinds_piece_span(const struct kinds_reader *r, const struct conf_node *map,
                          const char *key, int64_t *minutes);

/* Words of a short list as bits, added to `*bits`; the table ends with a NULL. */
struct kinds_word {
    const char *word;
    unsigned bits;
};
enum err kinds_piece_words(const struct kinds_reader *r, const struct conf_node *list,
                           const struct kinds_word *words, unsigned *bits);

/* Zeroed memory for a list. */
enum err kinds_piece_room(const struct kinds_reader *r, size_t count, size_t size, void **list);

#endif
