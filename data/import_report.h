/* What an import did, or would do, line by line: the same for a dry run and the run after it. */
#ifndef YZ_DATA_IMPORT_REPORT_H
#define YZ_DATA_IMPORT_REPORT_H

#include "data/import_columns.h"
#include "data/ogr_format.h"
#include "geo/base/arena.h"
#include "geo/base/jsonw.h"

#include <stdbool.h>
#include <stdint.h>

/* What becomes of a row: its word, the same in every form of the report. */
#define IMPORT_FATES(X)                                                                            \
    X(created)                                                                                     \
    X(updated)                                                                                     \
    X(unchanged)                                                                                   \
    X(refused)                                                                                     \
    X(duplicate) /* an earlier row has its id */                                                   \
    X(vanished)  /* no row: the source had it before, and it is marked so */
enum import_fate {
#define IMPORT_FATE_ENUM(name) IMPORT_FATE_##name,
    IMPORT_FATES(IMPORT_FATE_ENUM)
#undef IMPORT_FATE_ENUM
        IMPORT_FATE_COUNT
};
const char *import_fate_name(enum import_fate fate);

/* A field that an update changes. */
struct import_change {
    const char *field, *from, *to;
};

struct import_line {
    enum import_fate fate;
    uint64_t line; /* the row of a table (of the file, its header counts), else the feature's number
                      from 1; 0 for what has vanished */
    uint64_t other;               /* duplicate: the earlier line */
    int64_t id;                   /* of the place or area, where there was one before; else 0 */
    const char *source_id, *name; /* "" where the row did not get so far */
    const char *note; /* refused: why; else what of it was not taken or is worth knowing; "" */
    const struct import_change *changes;
    size_t change_count;
};

enum { IMPORT_REPORT_LINES = 10000, IMPORT_REPORT_NAME = 64, IMPORT_REPORT_NAMES = 1000 };

struct import_report {
    /* of the file */
    bool known; /* it could be opened, so that the rest of these is true */
    enum ogr_format format;
    char encoding[16], layer[IMPORT_REPORT_NAME], crs[32];
    char other_layers[IMPORT_REPORT_NAMES];
    uint64_t header_line;                                   /* of a table; else 0 */
    char columns[IMPORT_COLUMNS_COUNT][IMPORT_REPORT_NAME]; /* of each field, "" if none */
    char unused[IMPORT_REPORT_NAMES];                       /* the other columns, ", " between */
    /* exact, however many lines are kept */
    uint64_t rows, fates[IMPORT_FATE_COUNT];
    uint64_t notes;  /* rows that were taken but for a part of them */
    uint64_t mended; /* areas whose invalid outline was repaired */
    uint64_t untold; /* cells of a grid: they are taken without lines */
    char error[320]; /* why nothing was imported; "" if it was */
    /* kept: of refused and duplicate, of taken and of vanished lines each the first `limit` */
    struct import_line *lines;
    size_t count, size, limit;
    size_t kept[3];
    struct arena arena;
};

/* An empty report that keeps up to `limit` lines of each sort (0: IMPORT_REPORT_LINES), fewer where
 * what they say is very long: 1600 bytes for each of `limit` in all. */
void import_report_init(struct import_report *report, size_t limit);
void import_report_fini(struct import_report *report);

/* Counts a line, and keeps a copy while there is room. ERR_NOMEM. */
enum err import_report_add(struct import_report *report, const struct import_line *line);

/* Puts the lines in order: as in the file, then what has vanished. */
void import_report_sort(struct import_report *report);

/* Rows that are in the database now. */
uint64_t import_report_taken(const struct import_report *report);
/* Whether every line that there was has been kept. */
bool import_report_is_whole(const struct import_report *report);

/* The report as members of a JSON object that the caller has begun: file, columns, totals, lines;
 * docs/openapi.yaml has the shape. */
void import_report_write_json(const struct import_report *report, struct jsonw *json);

/* The lines as CSV for a spreadsheet: UTF-8 with byte order mark, CRLF, a header; no cell is a
 * formula. */
void import_report_write_csv(const struct import_report *report, struct buf *out);

/* Appends a cell as CSV has it (RFC 4180). A spreadsheet would run text that begins with = + - @,
 * tab or return as a formula; such a cell, unless it is a number, gets an apostrophe in front. */
void import_report_cell(struct buf *out, const char *text);

#endif
