/* The members of a branch as a file that offices read: who waits and who belongs, with what they
 * answered. */
#ifndef YZ_DATA_MEMBERSHIP_EXPORT_H
#define YZ_DATA_MEMBERSHIP_EXPORT_H

#include "data/memberships.h"
#include "data/ogr_format.h"

enum { MEMBERSHIP_EXPORT_MAX = 20000 /* rows */ };

/* Appends the file (CSV or XLSX): a row for each who waits or belongs, newest first; their
 * membership, state, moments and account, and a column for every field of the present form and of
 * the forms that they filled in, by its code; empty where `key` (SECRETS_KEY_BYTES) is another than
 * the one it was sealed with. ERR_LIMIT: too many, with a sentence. */
enum err membership_export_write(struct db *db, const struct branches_branch *branch,
                                 const unsigned char *key, enum ogr_format format,
                                 struct arena *arena, struct buf *out, struct why *why);

#endif
