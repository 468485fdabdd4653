/* The first line is what is searched for, the others are names and addresses of places. */
#include "geo/place/finder.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

static bool keep(void *user, uint32_t doc)
{
    (void)user;
    return doc % 7 != 6;
}

static bool rank(void *user, uint32_t doc, double limit, double *value)
{
    (void)user;
    *value = doc * 31 % 17;
    return *value <= limit;
}

static int64_t id_of(void *user, uint32_t doc)
{
    (void)user;
    return doc;
}

static uint64_t amenities_of(const void *user, uint32_t doc)
{
    (void)user;
    return doc;
}

/* Every second line is an address; a document ends with it. */
static struct lexicon *lexicon_of(const char *text, const char *end)
{
    struct lexicon_builder *builder;
    struct lexicon *lexicon = NULL;
    unsigned line = 0;
    if (lexicon_builder_new(&builder)) abort();
    for (; text < end; line++) {
        const char *stop = memchr(text, '\n', (size_t)(end - text));
        if (!stop) stop = end;
        if (line % 2) {
            if (lexicon_add_address(builder, text, (size_t)(stop - text))) abort();
            if (lexicon_end_doc(builder, line / 2 % LEXICON_CATEGORIES)) abort();
        } else if (lexicon_add_name(builder, text, (size_t)(stop - text))) {
            abort();
        }
        text = stop + (stop < end);
    }
    if (lexicon_build(builder, NULL, &lexicon)) abort();
    lexicon_builder_free(builder);
    return lexicon;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    const char *text = (const char *)bytes, *end = text + len;
    const char *line = len ? memchr(text, '\n', len) : NULL;
    struct phrase phrase;
    struct finder_hit hits[20];
    struct finder_work work = {.typos = NULL};
    uint32_t few = 0, many = 0;
    if (!line || phrase_read(text, (size_t)(line - text), &phrase, NULL)) return 0;
    struct lexicon *lexicon = lexicon_of(line + 1, end);
    const struct finder_docs docs = {.parts = {{lexicon, 0}, {lexicon, lexicon->doc_count}},
                                     .part_count = 2,
                                     .labels = lexicon,
                                     .keep = keep,
                                     .rank = rank,
                                     .id = id_of,
                                     .amenities = amenities_of};
    if (finder_find(&docs, &phrase, false, &work, hits, 20, &many)) abort();
    struct finder_hit best = hits[0];
    if (finder_find(&docs, &phrase, false, &work, hits, 1, &few)) abort();
    /* The best of many is the best of one. */
    if (few != (many > 0) || (few && (hits[0].doc != best.doc || hits[0].tier != best.tier)))
        abort();
    finder_work_fini(&work);
    lexicon_free(lexicon);
    return 0;
}
