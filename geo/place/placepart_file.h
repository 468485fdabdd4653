/* A part of places in a file, as it lies in memory, so that the next start need not make it of
 * rows.
 *
 * The file is a header, then its sections, each at a multiple of 64 bytes and with a checksum of
 * its own, so that several threads can read it. It has what cannot be told from the rest: the trees
 * but for the order of their leaves, and columns that stand twice in memory, are made again, and
 * need then not be checked. It is for the program that wrote it, on the machine where it did: a
 * file of another is refused, and nothing is lost by that. */
#ifndef YZ_GEO_PLACE_PLACEPART_FILE_H
#define YZ_GEO_PLACE_PLACEPART_FILE_H

#include "geo/base/err.h"
#include "geo/base/progress.h"
#include "geo/place/placepart.h"

#define PLACEPART_FILE_MAGIC "YZPLACE"
enum { PLACEPART_FILE_VERSION = 1, PLACEPART_FILE_ALIGN = 64, PLACEPART_FILE_NOTE = 256 };

/* Name, type of its items. The order is that of the file; the longest come first, because threads
 * begin with them. */
#define PLACEPART_FILE_SECTIONS(X)                                                                 \
    X(texts, char)                                                                                 \
    X(more, struct placepart_more)                                                                 \
    X(coords, struct coord_e7)                                                                     \
    X(hours, uint32_t)                                                                             \
    X(items, uint32_t)                                                                             \
    X(by_id, uint32_t)                                                                             \
    X(closings, struct placepart_closing)                                                          \
    X(reasons, char)

enum placepart_file_section {
#define PLACEPART_FILE_ENUM(name, type) PLACEPART_FILE_##name,
    PLACEPART_FILE_SECTIONS(PLACEPART_FILE_ENUM)
#undef PLACEPART_FILE_ENUM
        PLACEPART_FILE_SECTION_COUNT
};

struct placepart_file_entry {
    uint64_t offset, count; /* from the start of the file; items */
    uint32_t item_size, crc;
};

/* `crc` covers what is behind it. */
struct placepart_file_header {
    char magic[8];
    uint32_t version, crc;
    uint64_t file_size;
    struct placepart_more sample; /* of known values: tells whether bits lie as they lie here */
    unsigned char note[PLACEPART_FILE_NOTE];
    struct placepart_file_entry sections[PLACEPART_FILE_SECTION_COUNT];
};
enum { PLACEPART_FILE_CRC_START = 16 };
extern const struct placepart_more placepart_file_sample;

/* Writes a part whose `first` is 0, and a note of at most PLACEPART_FILE_NOTE bytes with it: whole,
 * readable by its owner alone, and on the disk, or not at all. The disk gets it bit by bit, so that
 * others who write need not wait long, and only where that leaves room for them: ERR_FULL.
 * ERR_CANCELLED; as file_create, file_commit. */
enum err placepart_file_write(const char *path, const struct placepart *part, const void *note,
                              size_t note_len, const struct progress *progress, struct why *why);

struct placepart_file;

/* Opens a file and reads its header. ERR_NOTFOUND: there is none. What is no such file, one of
 * another program, or damaged is told in a sentence. placepart_file_close(NULL) does nothing. */
enum err placepart_file_open(const char *path, struct placepart_file **file, struct why *why);
void placepart_file_close(struct placepart_file *file);

/* PLACEPART_FILE_NOTE bytes; those that were not given are 0. Borrowed. */
const void *placepart_file_note(const struct placepart_file *file);
uint64_t placepart_file_count(const struct placepart_file *file); /* of places, as it says */

/* Reads the rest and checks all of it, so that whoever uses the part need not: that its categories
 * and amenities are below these numbers, too. The part has one reference and its `first` is 0. */
enum err placepart_file_read(const struct placepart_file *file, unsigned categories,
                             unsigned amenities, struct placepart **part, struct why *why);

#endif
