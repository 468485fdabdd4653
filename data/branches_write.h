/* Making branches, changing and ending them. */
#ifndef YZ_DATA_BRANCHES_WRITE_H
#define YZ_DATA_BRANCHES_WRITE_H

#include "data/branches.h"

/* Holds names, text and fields against what a branch may have. ERR_INVALID: `*culprit` is the
 * member of the form that is wrong ("name", "fields/2/code"), in the arena. */
enum err branches_write_check(const struct branches_branch *branch,
                              const struct branches_form *form, struct arena *arena,
                              const char **culprit, struct why *why);

/* Each opens its own transaction; what is stored by then is in `*branch`. What is given is checked
 * by branches_write_check before. A form that differs from the one in force becomes the next
 * version of it; whether it is `alongside` is said once. ERR_INVALID: there is no such place of a
 * branch; ERR_CONFLICT: another was faster, or it was ended; ERR_NOTFOUND. */
enum err branches_write_create(struct db *db, int64_t by, const struct branches_form *form,
                               const struct answers_reply *reply, int64_t now_ms,
                               struct arena *arena, struct branches_branch *branch,
                               struct idempotency_answer *answer, struct why *why);
enum err branches_write_change(struct db *db, const struct branches_form *form, int64_t now_ms,
                               struct arena *arena, struct branches_branch *branch,
                               struct why *why);

/* Another code: QR codes that hang out lead nowhere from then on. */
enum err branches_write_renew(struct db *db, int64_t id, int64_t version, int64_t now_ms,
                              struct arena *arena, struct branches_branch *branch, struct why *why);

/* It ends, and with it every membership and application; what people answered is erased. */
enum err branches_write_end(struct db *db, int64_t by, int64_t id, int64_t version, int64_t now_ms,
                            struct why *why);

#endif
