#include "geo/place/openings.h"

#include <stdlib.h>
#include <string.h>

/* Indices of compiled hours: staffed, self. */
struct ways_in {
    uint32_t hours[OPENINGS_KINDS];
};

#define NOT_SAID UINT32_MAX

struct openings {
    struct hours **compiled; /* NULL where the text cannot be read: unknown */
    size_t compiled_count;
    struct ways_in *places;
};

/* From a text's address to its number, by open addressing. */
struct numbering {
    const char **texts; /* [mask + 1]: NULL is free */
    uint32_t *numbers;
    size_t mask;
};

void openings_free(struct openings *openings)
{
    if (!openings) return;
    for (size_t i = 0; i < openings->compiled_count; i++)
        hours_free(openings->compiled[i]);
    free(openings->compiled);
    free(openings->places);
    free(openings);
}

static enum err compile(struct openings *openings, const char *text, uint32_t *number)
{
    struct hours *hours = NULL;
    enum err e = hours_parse(text, strlen(text), &hours, NULL);
    if (e == ERR_NOMEM) return e;
    *number = (uint32_t)openings->compiled_count;
    openings->compiled[openings->compiled_count++] = hours;
    return ERR_OK;
}

static enum err number_of(struct openings *openings, struct numbering *n, const char *text,
                          uint32_t *number)
{
    size_t slot = (size_t)((uintptr_t)text * UINT64_C(0x9e3779b97f4a7c15) >> 32) & n->mask;
    *number = NOT_SAID;
    if (!*text) return ERR_OK;
    while (n->texts[slot] && n->texts[slot] != text)
        slot = (slot + 1) & n->mask;
    if (!n->texts[slot]) {
        enum err e = compile(openings, text, &n->numbers[slot]);
        if (e) return e;
        n->texts[slot] = text;
    }
    *number = n->numbers[slot];
    return ERR_OK;
}

static enum err fill(struct openings *openings, const struct openings_texts *texts, size_t count)
{
    struct numbering n = {.mask = 15};
    while (n.mask / 4 < count)
        n.mask = n.mask << 1 | 1;
    n.texts = calloc(n.mask + 1, sizeof *n.texts);
    n.numbers = calloc(n.mask + 1, sizeof *n.numbers);
    enum err e = n.texts && n.numbers ? ERR_OK : ERR_NOMEM;
    for (size_t i = 0; !e && i < count; i++) {
        e = number_of(openings, &n, texts[i].staffed, &openings->places[i].hours[0]);
        if (!e) e = number_of(openings, &n, texts[i].self, &openings->places[i].hours[1]);
    }
    free(n.texts);
    free(n.numbers);
    return e;
}

static struct openings *make_room(size_t count)
{
    struct openings *made = calloc(1, sizeof *made);
    if (!made) return NULL;
    made->compiled = calloc(OPENINGS_KINDS * count + 1, sizeof(struct hours *));
    made->places = calloc(count + 1, sizeof *made->places);
    if (made->compiled && made->places) return made;
    openings_free(made);
    return NULL;
}

enum err openings_new(const struct openings_texts *texts, size_t count, struct openings **openings)
{
    struct openings *made = make_room(count);
    enum err e = made ? fill(made, texts, count) : ERR_NOMEM;
    if (e)
        openings_free(made);
    else
        *openings = made;
    return e;
}

const uint32_t *openings_numbers(const struct openings *openings)
{
    return openings->places->hours;
}

enum err openings_renew(const uint32_t *numbers, size_t count,
                        const char *(*text)(const void *user, uint32_t place,
                                            enum openings_kind kind),
                        const void *user, struct openings **openings)
{
    struct openings *made = make_room(count);
    enum err e = made ? ERR_OK : ERR_NOMEM;
    for (size_t i = 0; !e && i < OPENINGS_KINDS * count; i++) {
        enum openings_kind kind = i % OPENINGS_KINDS;
        uint32_t number = numbers[i], place = (uint32_t)(i / OPENINGS_KINDS);
        made->places[place].hours[kind] = number;
        if (number == NOT_SAID || number < made->compiled_count) continue;
        e = number > made->compiled_count ? ERR_FORMAT
                                          : compile(made, text(user, place, kind), &number);
    }
    if (e)
        openings_free(made);
    else
        *openings = made;
    return e;
}

enum hours_state openings_at(const struct openings *openings, uint32_t place,
                             const struct hours_moment *moment)
{
    const uint32_t *hours = openings->places[place].hours;
    bool unknown = hours[0] == NOT_SAID && hours[1] == NOT_SAID;
    for (size_t i = 0; i < 2; i++) {
        if (hours[i] == NOT_SAID) continue;
        enum hours_state state = hours_at(openings->compiled[hours[i]], moment, NULL);
        if (state == HOURS_OPEN) return state;
        unknown = unknown || state == HOURS_UNKNOWN;
    }
    return unknown ? HOURS_UNKNOWN : HOURS_CLOSED;
}

bool openings_hours(const struct openings *openings, uint32_t place, enum openings_kind kind,
                    const struct hours **hours)
{
    const uint32_t number = openings->places[place].hours[kind];
    if (number == NOT_SAID) return false;
    *hours = openings->compiled[number];
    return true;
}
