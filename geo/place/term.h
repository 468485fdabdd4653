/* One word of a query, and how well a text has it.
 *
 * A term is a run of characters. It is laid along a text's units from where one of them begins: a
 * character of a sign's own stands for itself; letters stand for a sign as one of its readings in
 * whole, as its initial (the first letter, or zh, ch, sh), or, at the term's end, as the reading's
 * beginning; letters and digits stand for a word in whole or, at the term's end, for its beginning.
 * Separators of the text do not count. So 公厕 is found by 公厕, 厕, gongce, gongc, gce, gc and
 * 公c, and "7-Eleven" by 7eleven. */
#ifndef YZ_GEO_PLACE_TERM_H
#define YZ_GEO_PLACE_TERM_H

#include "geo/place/units.h"

/* How well, best first. The first six are of names, and of the words for a category. */
enum term_tier {
    TERM_WHOLE,    /* it is the whole name, in characters or spelled out */
    TERM_START,    /* the name begins with it */
    TERM_WORD,     /* a word in the name does */
    TERM_INSIDE,   /* it begins inside a run of signs */
    TERM_INITIALS, /* the name or a word in it begins with it, some syllables as initials */
    TERM_INNER,    /* likewise inside */
    TERM_OFFERED,  /* something that the place offers begins with it */
    TERM_TYPO,     /* as TERM_WORD or TERM_INSIDE, but for typing errors (see typo.h) */
    TERM_ADDRESS,  /* the address has it, anywhere, not as initials */
    TERM_NONE
};

enum { TERM_MAX = 60 };

struct term {
    uint32_t chars[TERM_MAX]; /* folded */
    uint8_t count;
};

/* What of a term the units so far have taken up: bit i of `full` or `initials` that its first i
 * characters are; by initials if one was needed for that. */
struct term_state {
    uint64_t full, initials;
    bool found_full, found_initials; /* all of it has been found */
};

static inline struct term_state term_start(void)
{
    return (struct term_state){.full = 1};
}

/* What is left of a state after one more unit; what was found stays found. */
void term_step(const struct term *term, const struct unit *unit, struct term_state *state);

/* Whether more units could make more of it. */
static inline bool term_is_open(const struct term *term, const struct term_state *state)
{
    return (state->full | state->initials) & ((UINT64_C(1) << term->count) - 1);
}

/* What a state is worth that began at the text's first unit, at a gap, or neither; `ended`: the
 * text has no more units than were taken. */
enum term_tier term_worth(const struct term *term, const struct term_state *state, bool first,
                          bool gap, bool ended);

/* The tier of what begins at unit `at` of a text of `count` units; `state` is what has come of the
 * `taken` units from there on. */
enum term_tier term_follow(const struct term *term, struct term_state state,
                           const struct unit *units, size_t count, size_t at, size_t taken);

/* The best tier of a name: of all its units. TERM_NONE where it is not found. */
enum term_tier term_in(const struct term *term, const struct unit *units, size_t count);

#endif
