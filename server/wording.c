#include "server/wording.h"

#include "geo/place/seek.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

enum { GENTLE_NICE = 10 };

/* One base being read. */
struct reading {
    struct wording *wording;
    struct placepart *base; /* held */
    pthread_t thread;
    atomic_bool is_done, cancelled;
    bool gently;
    /* of the thread until it is done: */
    struct lexicon *words;
    enum err result;
};

struct wording {
    void (*done)(void *user);
    void *user;
    struct reading *reading; /* of `base`; NULL: it has been read, or there is none */
    struct placepart *base;  /* held, so that its address is its own */
};

/* ---- categories ---- */

static enum err add_word(struct lexicon_builder *builder, const char *word)
{
    return lexicon_add_name(builder, word, strlen(word));
}

static enum err add_entry(struct lexicon_builder *builder, const struct categories *categories,
                          size_t i, bool amenity)
{
    const struct category *entry =
        amenity ? categories_amenity_at(categories, i) : categories_at(categories, i);
    const char *(*alias)(const struct categories *, size_t, size_t) =
        amenity ? categories_amenity_alias : categories_alias;
    const char *word;
    enum err e = add_word(builder, entry->zh);
    if (!e) e = add_word(builder, entry->en);
    if (!e) e = add_word(builder, entry->code);
    if (!e) e = add_word(builder, entry->sign_zh);
    if (!e) e = add_word(builder, entry->sign_en);
    for (size_t k = 0; !e && (word = alias(categories, i, k)); k++)
        e = add_word(builder, word);
    return e;
}

enum err wording_labels(const struct categories *categories, struct lexicon **labels)
{
    struct lexicon_builder *builder;
    size_t count = categories_count(categories), amenities = categories_amenity_count(categories);
    enum err e = lexicon_builder_new(&builder);
    if (e) return e;
    for (size_t i = 0; i < LEXICON_CATEGORIES + amenities && !e; i++) {
        bool amenity = i >= LEXICON_CATEGORIES;
        if (amenity || i < count)
            e = add_entry(builder, categories, amenity ? i - LEXICON_CATEGORIES : i, amenity);
        if (!e) e = lexicon_end_doc(builder, 0);
    }
    if (!e) e = lexicon_build(builder, NULL, labels);
    lexicon_builder_free(builder);
    return e;
}

/* ---- areas ---- */

static enum err read_areas(const struct areaset *areas, struct lexicon **words)
{
    struct lexicon_builder *builder;
    enum err e = lexicon_builder_new(&builder);
    if (e) return e;
    for (size_t i = 0; i < areaset_count(areas) && !e; i++) {
        const struct area *area = areaset_at(areas, i);
        e = add_word(builder, area->name);
        if (!e) e = add_word(builder, area->name_en);
        if (!e) e = lexicon_end_doc(builder, 0);
    }
    if (!e) e = lexicon_build(builder, NULL, words);
    lexicon_builder_free(builder);
    return e;
}

/* ---- places ---- */

static bool go_on(void *user, const char *stage, uint64_t done, uint64_t total)
{
    struct reading *reading = user;
    (void)stage, (void)done, (void)total;
    return !atomic_load(&reading->cancelled);
}

static void *read_base(void *argument)
{
    struct reading *reading = argument;
    const struct progress progress = {go_on, reading};
    if (reading->gently) (void)setpriority(PRIO_PROCESS, 0, GENTLE_NICE); /* this thread alone */
    reading->result = seek_read(reading->base, &progress, &reading->words);
    atomic_store(&reading->is_done, true);
    reading->wording->done(reading->wording->user);
    return NULL;
}

/* Waits for the thread; gives what it read. */
static enum err end_reading(struct wording *w, struct lexicon **words)
{
    struct reading *reading = w->reading;
    w->reading = NULL;
    pthread_join(reading->thread, NULL);
    enum err e = reading->result;
    if (!e) *words = reading->words;
    placepart_release(reading->base);
    free(reading);
    return e;
}

static void stop_reading(struct wording *w)
{
    struct lexicon *words = NULL;
    if (!w->reading) return;
    atomic_store(&w->reading->cancelled, true);
    if (end_reading(w, &words) == ERR_OK) lexicon_free(words);
}

static enum err begin_reading(struct wording *w, struct placepart *base, bool gently)
{
    struct reading *fresh = calloc(1, sizeof *fresh);
    if (!fresh) return ERR_NOMEM;
    fresh->wording = w;
    fresh->base = placepart_hold(base);
    fresh->gently = gently;
    if (pthread_create(&fresh->thread, NULL, read_base, fresh)) {
        placepart_release(fresh->base);
        free(fresh);
        return ERR_SYSTEM;
    }
    w->reading = fresh;
    return ERR_OK;
}

enum err wording_new(void (*done)(void *user), void *user, struct wording **wording)
{
    struct wording *fresh = calloc(1, sizeof *fresh);
    if (!fresh) return ERR_NOMEM;
    fresh->done = done;
    fresh->user = user;
    *wording = fresh;
    return ERR_OK;
}

void wording_free(struct wording *wording)
{
    if (!wording) return;
    stop_reading(wording);
    placepart_release(wording->base);
    free(wording);
}

void wording_forget(struct wording *wording)
{
    stop_reading(wording);
    placepart_release(wording->base);
    wording->base = NULL;
}

static enum err follow_base(struct wording *w, const struct placeset *places, bool gently,
                            struct lexicon **words)
{
    struct placepart *base = (struct placepart *)placeset_part(places, PLACESET_BASE);
    if (w->base != base) {
        wording_forget(w);
        enum err e = begin_reading(w, base, gently);
        if (!e) w->base = placepart_hold(base);
        return e;
    }
    if (!w->reading || !atomic_load(&w->reading->is_done)) return ERR_OK;
    if (end_reading(w, words) == ERR_NOMEM) wording_forget(w);
    return ERR_OK;
}

enum err wording_follow(struct wording *wording, const struct snapshot *shown,
                        struct snapshot_parts *parts)
{
    const struct placeset *places = parts->places ? parts->places : shown->places;
    enum err e = ERR_OK;
    if (parts->places)
        e = seek_read(placeset_part(places, PLACESET_DELTA), NULL, &parts->words[PLACESET_DELTA]);
    if (!e && places)
        e = follow_base(wording, places, shown->places != NULL, &parts->words[PLACESET_BASE]);
    if (!e && parts->areas) e = read_areas(parts->areas, &parts->area_words);
    return e;
}
