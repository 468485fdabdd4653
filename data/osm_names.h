/* What people read about a place, from its OSM tags: names, address, telephone, hours. */
#ifndef YZ_DATA_OSM_NAMES_H
#define YZ_DATA_OSM_NAMES_H

#include "data/osm_file.h"
#include "geo/base/arena.h"
#include "geo/base/err.h"

#include <stdint.h>

/* Text is never NULL; it is borrowed from the tags or lies in the arena. */
struct osm_names {
    const char *name;    /* name:zh, name:zh-Hans, name, official_name, brand:zh or brand */
    const char *name_en; /* name:en, int_name or brand:en; "" when it equals the name */
    const char *names;   /* other names (alt_name, official_name, old_name, short_name, loc_name and
                            name, each with :zh and :en too) between semicolons, at most 1000
                            bytes of whole ones */
    int64_t capacity;    /* of people, seats or vehicles; 0: not said, or no number */
    const char *address; /* addr:full, or made of the parts */
    const char *phone;   /* phone, contact:phone, mobile or contact:mobile */
    const char *hours;   /* opening_hours, as it is */
    const char *hours_self; /* opening_hours:self_service, as it is */
};

/* An address whose parts are in Chinese runs from the large to the small without gaps
 * (北京市西城区北门大街8号), any other from the small to the large with commas (8 North Street,
 * Xicheng, Beijing). ERR_NOMEM. */
enum err osm_names_read(const struct osm_tags *tags, struct arena *arena, struct osm_names *names);

/* Name and English name alone, without brands: for areas, which have none. */
void osm_names_of_area(const struct osm_tags *tags, const char **name, const char **name_en);

#endif
