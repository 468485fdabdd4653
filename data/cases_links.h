/* Cases that have to do with each other and are not the same: staff link them, and read them side
 * by side with those that are, or may be, the same. */
#ifndef YZ_DATA_CASES_LINKS_H
#define YZ_DATA_CASES_LINKS_H

#include "data/cases_work.h"

enum {
    CASES_LINKS_MAX = 50,       /* of one case */
    CASES_LINKS_DUPLICATES = 50 /* that are read, the newest */
};

/* What the verbs `linked` and `unlinked` do: both cases have an event with the other's id, without
 * it where the other is private, and the reason is kept with the link alone, so that it goes when
 * either case is forgotten. Inside db_write. ERR_CONFLICT with a sentence: they are linked already,
 * or are not; ERR_INVALID. */
enum err cases_links_add(struct db *db, struct cases_work *w);
enum err cases_links_remove(struct db *db, struct cases_work *w);

struct cases_link {
    struct cases_case other; /* with its photos */
    const char *reason;      /* of the link, or "" */
    int64_t at_ms, person;   /* since when, by whom; 0 */
};

/* Those that it is linked to, the oldest link first. */
enum err cases_links_of(struct db *db, int64_t case_id, struct arena *arena,
                        const struct cases_link **links, size_t *count);

/* Those that repeat it, the newest first, at most CASES_LINKS_DUPLICATES. */
enum err cases_links_duplicates(struct db *db, int64_t case_id, struct arena *arena,
                                const struct cases_link **links, size_t *count);

#endif
