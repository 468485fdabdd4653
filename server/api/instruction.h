/* What a rider is told at a turn, in Chinese and English. */
#ifndef YZ_SERVER_API_INSTRUCTION_H
#define YZ_SERVER_API_INSTRUCTION_H

#include "geo/base/arena.h"
#include "geo/road/route.h"

enum instruction_lang { INSTRUCTION_ZH, INSTRUCTION_EN };
/* "zh", "en", NULL */
extern const char *const instruction_langs[];

/* The names that the API uses for these. */
const char *instruction_type(enum route_maneuver_type type);
const char *instruction_modifier(enum route_modifier modifier);
const char *instruction_mode(enum route_mode mode);

/* Whether a maneuver of this type has a modifier worth telling. */
bool instruction_has_modifier(const struct route_step *step);

/* A sentence for one step, in the arena; NULL when memory is out. */
const char *instruction_text(const struct route_step *step, enum instruction_lang lang,
                             struct arena *arena);

#endif
