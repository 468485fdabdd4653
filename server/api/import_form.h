/* The form of an import: a file and how to read it, as multipart/form-data. */
#ifndef YZ_SERVER_API_IMPORT_FORM_H
#define YZ_SERVER_API_IMPORT_FORM_H

#include "data/import_ogr.h"
#include "data/secrets.h"
#include "server/tools.h"

enum { IMPORT_FORM_BYTES = 20 << 20 }; /* of the file */

struct import_form {
    enum import_ogr_kind kind;
    struct import_ogr_input input;
    struct import_ogr_options options; /* but for what the caller may and the report's seal */
    struct import_columns_map map;
    unsigned char digest[SECRETS_HASH_BYTES]; /* of the file and every field but dry_run */
};

/* Reads the request's body into the arena and the form. Fields: kind, source, crs, category, level,
 * map, encoding, layer, and yes or no (true, false) for dry_run (yes when left out), strict,
 * keep_missing, allow_shrink. Notes what is wrong with which. */
enum err import_form_read(struct request *request, struct tools *tools, struct import_form *form);

#endif
