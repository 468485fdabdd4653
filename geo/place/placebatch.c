#include "geo/place/placebatch.h"

#include "geo/base/jsonw.h"
#include "geo/base/large.h"

#include <stdlib.h>
#include <string.h>

enum { ROWS = 16, TEXT_BYTES = 4096, TEXT_EXPECTED = 64 };

void placebatch_fini(struct placebatch *batch)
{
    free(batch->rows);
    free(batch->texts);
    free(batch->closings);
    pool_fini(&batch->hours);
    *batch = (struct placebatch){0};
}

enum err placebatch_expect(struct placebatch *batch, size_t rows)
{
    if (rows > INT32_MAX) return ERR_LIMIT;
    if (rows <= batch->size) return ERR_OK;
    size_t bytes = rows * sizeof *batch->rows;
    struct placebatch_row *grown = batch->rows ? realloc(batch->rows, bytes) : large_alloc(bytes);
    if (!grown) return ERR_NOMEM;
    batch->rows = grown;
    batch->size = (uint32_t)rows;
    if (!batch->texts && (batch->texts = large_alloc(rows * TEXT_EXPECTED)))
        batch->text_size = rows * TEXT_EXPECTED; /* memory that is not written to costs nothing */
    return ERR_OK;
}

/* Whole seconds that fit; a time before 1970 or after 2106 is none. */
static uint32_t seconds_of(int64_t ms)
{
    return ms > 0 && ms / 1000 <= UINT32_MAX ? (uint32_t)(ms / 1000) : 0;
}

static enum err make_text_room(struct placebatch *batch, size_t bytes)
{
    size_t need = batch->text_bytes + bytes,
           size = batch->text_size ? batch->text_size : TEXT_BYTES;
    if (need > UINT32_MAX) return ERR_LIMIT;
    if (need <= batch->text_size) return ERR_OK;
    while (size < need)
        size *= 2;
    char *grown = realloc(batch->texts, size);
    if (!grown) return ERR_NOMEM;
    batch->texts = grown;
    batch->text_size = size;
    return ERR_OK;
}

static enum err add_texts(struct placebatch *batch, const struct place *place, uint32_t *at)
{
#define TEXT(field) place->field,
    const char *const texts[PLACESET_TEXTS] = {PLACEPART_TEXTS(TEXT)};
#undef TEXT
    size_t lengths[PLACESET_TEXTS], sum = PLACEPART_HEAD;
    unsigned head = 0;
    bool plain = true;
    for (size_t t = 0; t < PLACESET_TEXTS; t++) {
        lengths[t] = texts[t] ? strlen(texts[t]) : 0;
        if (!lengths[t]) continue;
        head |= 1u << t;
        plain = plain && jsonw_is_plain(texts[t], lengths[t]);
        sum += lengths[t] + 1;
    }
    enum err e = make_text_room(batch, sum);
    if (e) return e;
    char *to = batch->texts + batch->text_bytes;
    head |= (unsigned)plain << PLACEPART_PLAIN;
    *to++ = (char)(head & 0xff);
    *to++ = (char)(head >> 8);
    for (size_t t = 0; t < PLACESET_TEXTS; t++)
        if (lengths[t]) {
            memcpy(to, texts[t], lengths[t] + 1);
            to += lengths[t] + 1;
        }
    *at = (uint32_t)batch->text_bytes;
    batch->text_bytes += sum;
    return ERR_OK;
}

/* Neighbours are often open alike: then nothing is looked up. */
static enum err put_hours(struct placebatch *batch, const char *text, int which,
                          struct placebatch_row *row)
{
    const struct placebatch_row *last = batch->count ? &batch->rows[batch->count - 1] : row;
    if (text && strcmp(pool_get(&batch->hours, last->hours[which]), text) == 0) {
        row->hours[which] = last->hours[which];
        return ERR_OK;
    }
    return pool_put(&batch->hours, text, &row->hours[which]);
}

static enum err add_closing(struct placebatch *batch, const struct place *place)
{
    struct placepart_closing closing = {
        .place = batch->count, .from_ms = place->closed_from_ms, .to_ms = place->closed_to_ms};
    if (!closing.to_ms) return ERR_OK;
    if (batch->closing_count == batch->closing_size) {
        uint32_t size = batch->closing_size ? batch->closing_size * 2 : ROWS;
        struct placepart_closing *grown = realloc(batch->closings, size * sizeof *grown);
        if (!grown) return ERR_NOMEM;
        batch->closings = grown;
        batch->closing_size = size;
    }
    enum err e = pool_put(&batch->hours, place->closed_reason, &closing.reason);
    if (!e) batch->closings[batch->closing_count++] = closing;
    return e;
}

static unsigned smaller(uint32_t a, unsigned b)
{
    return a < b ? a : b;
}

enum { MOST_CAPACITY = (1 << 24) - 1 }; /* its bits in the row */

enum err placebatch_add(struct placebatch *batch, const struct place *place)
{
    if (!coord_valid(place->at) || place->category >= PLACESET_CATEGORIES) return ERR_RANGE;
    struct placebatch_row row = {
        .at = coord_to_e7(place->at),
        .more = {.id = place->id,
                 .amenities = place->amenities,
                 .version = place->version,
                 .capacity = smaller(place->capacity, MOST_CAPACITY) & MOST_CAPACITY,
                 .category = place->category & (PLACESET_CATEGORIES - 1),
                 .doubted = place->doubted & 1,
                 .by_staff = place->by_staff & 1,
                 .confirmed_s = seconds_of(place->confirmed_ms)}};
    enum err e = ERR_OK;
    if (batch->count == batch->size)
        e = placebatch_expect(batch, batch->size ? (size_t)batch->size * 2 : ROWS);
    if (!e) e = put_hours(batch, place->hours, 0, &row);
    if (!e) e = put_hours(batch, place->hours_self, 1, &row);
    if (!e) e = add_texts(batch, place, &row.more.texts);
    if (!e) e = add_closing(batch, place);
    if (!e) batch->rows[batch->count++] = row;
    return e;
}
