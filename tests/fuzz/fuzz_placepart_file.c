/* A hostile file of places: read, and all of it used. The checksums and the size in the header are
 * put right first, so that what lies behind them is reached. */
#include "geo/base/file.h"
#include "geo/base/zip.h"
#include "geo/place/nearest.h"
#include "geo/place/placepart_file.h"
#include "geo/place/seek.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

static void mend(uint8_t *bytes, size_t len)
{
    struct placepart_file_header header;
    if (len < sizeof header) return;
    memcpy(&header, bytes, sizeof header);
    memcpy(header.magic, PLACEPART_FILE_MAGIC, sizeof header.magic);
    header.version = PLACEPART_FILE_VERSION;
    header.sample = placepart_file_sample;
    header.file_size = len;
    for (unsigned i = 0; i < PLACEPART_FILE_SECTION_COUNT; i++) {
        struct placepart_file_entry *entry = &header.sections[i];
        if (entry->offset > len || !entry->item_size ||
            entry->count > (len - entry->offset) / entry->item_size)
            continue;
        entry->crc = zip_crc32(0, bytes + entry->offset, entry->count * entry->item_size);
    }
    header.crc = zip_crc32(0, (const char *)&header + PLACEPART_FILE_CRC_START,
                           sizeof header - PLACEPART_FILE_CRC_START);
    memcpy(bytes, &header, sizeof header);
}

static bool count(void *user, uint32_t place)
{
    (void)place;
    ++*(uint32_t *)user;
    return true;
}

/* Every place is found in every way in which places are found. */
static void use(const struct placeset *set)
{
    const struct placepart *part = placeset_part(set, PLACESET_BASE);
    const struct placeset_moment moment = {hours_moment_of(NULL, 20000, 600), 1};
    struct lexicon *words = NULL;
    size_t bytes = 0;
    uint32_t found = 0;
    for (uint32_t i = 0; i < part->count; i++) {
        struct place place = placeset_at(set, i);
#define LENGTH(field) bytes += strlen(place.field);
        PLACEPART_TEXTS(LENGTH)
#undef LENGTH
        bytes += strlen(place.closed_reason);
        (void)placeset_state_at(set, i, &moment);
        if (placeset_by_id(set, place.id) != i) abort();
        if (!placeset_has_category(set, place.category)) abort();
    }
    placeset_search(set, (struct box_e7){INT32_MIN, INT32_MIN, INT32_MAX, INT32_MAX}, count,
                    &found);
    if (found != part->count || bytes > UINT32_MAX) abort();
    if (seek_read(part, NULL, &words) == ERR_OK) lexicon_free(words);
}

static void read_places(const char *path)
{
    struct placepart_file *file;
    struct placepart *part;
    struct placeset *set;
    struct why why = {""};
    if (placepart_file_open(path, &file, &why)) return;
    if (!placepart_file_read(file, PLACESET_CATEGORIES, PLACESET_AMENITIES, &part, &why) &&
        !placeset_of_base(part, &set)) {
        use(set);
        placeset_free(set);
    }
    placepart_file_close(file);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    char path[] = "/tmp/yizhan-fuzz-places-XXXXXX";
    int fd = mkstemp(path);
    uint8_t *copy = malloc(len ? len : 1);
    if (fd >= 0 && copy) {
        memcpy(copy, bytes, len);
        mend(copy, len);
        if (write(fd, copy, len) == (ssize_t)len) read_places(path);
    }
    if (fd >= 0) {
        close(fd);
        unlink(path);
    }
    free(copy);
    return 0;
}
