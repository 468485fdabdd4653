/* What kinds of places there are and what they may offer: the operator's list
 * (data/categories/places.yaml), with the rules that find them among OSM's tags.
 *
 *     categories:
 *       - code: toilet              # what the API and the database say
 *         zh: 公共卫生间             # labels
 *         en: Public toilet
 *         aliases: [厕所, 公厕, wc]  # other words for it, in tables and in the search field
 *         named: false              # true: without a name it is no place (default false)
 *         icon: toilet              # for the map: a name of Mapbox's Maki, or else of Temaki
 *         colour: "#2563c9"         # of its dot on the map, "#rrggbb" in quotes; one is given by
 *                                   # its position in the list when left out
 *         sign: {zh: 厕, en: WC}    # on the dot, one or two characters for each language; the
 *                                   # label's first where left out
 *         osm:                      # rules; any one of them is enough
 *           - amenity: toilets      # all conditions of a rule must hold
 *             "!access": [private, no]
 *     amenities:
 *       - {code: wifi, zh: WiFi, en: Wi-Fi, osm: [{internet_access: [wlan, yes]}]}
 *
 * A condition is `key: value` or `key: [values]`: one of the values is the tag's, or one of the
 * values between its semicolons. In a key or a value `*` stands for any run of characters, so that
 * the value "*" asks for the key alone, and the key "socket:*" for any of them. `"!key"` turns a
 * condition round: the tag is missing or has none of the values;
 * `"!key": "*"`: it is missing. Categories are tried from the top; the first with a matching rule
 * wins. Amenities are tried all.
 *
 * Amenities have neither named, colour nor sign.
 *
 * An index is a position in the file; what is stored is the code. Read-only once loaded. */
#ifndef YZ_DATA_CATEGORIES_H
#define YZ_DATA_CATEGORIES_H

#include "data/osm_file.h"
#include "geo/base/err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct categories;

enum { CATEGORY_SIGN_SIZE = 2 * 4 + 1 };

/* One category or amenity; text borrowed from the list, never NULL. */
struct category {
    const char *code;
    const char *zh, *en; /* labels */
    const char *icon;    /* "" if none is given */
    bool named;          /* a place of it must have a name */
    /* Of a category; "" for an amenity. */
    const char *colour; /* #rrggbb */
    char sign_zh[CATEGORY_SIGN_SIZE], sign_en[CATEGORY_SIGN_SIZE];
};

/* Reads `path`: the file, or a folder that holds places.yaml. Mistakes are told as "file:line:
 * sentence". ERR_LIMIT above PLACESET_CATEGORIES or PLACESET_AMENITIES entries. */
enum err categories_load(const char *path, struct categories **categories, struct why *why);
/* The same from text; `name` stands for it in sentences. */
enum err categories_parse(const char *name, const char *text, size_t len,
                          struct categories **categories, struct why *why);
void categories_free(struct categories *categories);

size_t categories_count(const struct categories *categories);
size_t categories_amenity_count(const struct categories *categories);

/* Entry `i`, below the count. */
const struct category *categories_at(const struct categories *categories, size_t i);
const struct category *categories_amenity_at(const struct categories *categories, size_t i);

/* The index of a code, exactly as written; -1 if there is none. */
int categories_find(const struct categories *categories, const char *code);
int categories_amenity_find(const struct categories *categories, const char *code);

/* The index for a word a person wrote: a code, a label or an alias, ASCII letters of either case;
 * -1 if there is none. `word` need not end in NUL; space around it does not count. */
int categories_match(const struct categories *categories, const char *word, size_t len);
int categories_amenity_match(const struct categories *categories, const char *word, size_t len);

/* What entry `i` is called otherwise: its aliases, one after the other; NULL behind the last. */
const char *categories_alias(const struct categories *categories, size_t i, size_t k);
const char *categories_amenity_alias(const struct categories *categories, size_t i, size_t k);

/* Reads a list of amenities as a person writes it: words as above between spaces or any of , ; | /
 * 、 ， ； ／ and line ends. Adds their bits to `*amenities`; a word that is not known is
 * ERR_INVALID and named in `why`, the known ones are added all the same. */
enum err categories_read_amenities(const struct categories *categories, const char *text,
                                   uint64_t *amenities, struct why *why);

/* Their codes, separated by one space each: how they are stored, and what
 * categories_read_amenities reads back. */
enum { CATEGORIES_AMENITIES_SIZE = 64 * 33 };
void categories_write_amenities(const struct categories *categories, uint64_t amenities,
                                char text[CATEGORIES_AMENITIES_SIZE]);

/* The category for OSM tags, -1 if no rule matches. */
int categories_of_tags(const struct categories *categories, const struct osm_tags *tags);

/* The amenities for OSM tags: bit i is amenity i. */
uint64_t categories_amenities_of_tags(const struct categories *categories,
                                      const struct osm_tags *tags);

#endif
