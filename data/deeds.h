/* Deeds (事迹): what who took part, or staff, tell of it. One is shown when its owner agreed to
 * these words and staff published them; whoever changes the words, the name or the pictures takes
 * the other's word back. */
#ifndef YZ_DATA_DEEDS_H
#define YZ_DATA_DEEDS_H

#include "data/activities_write.h"
#include "data/signups.h"

enum { DEEDS_WORDS_MAX = 2000, DEEDS_NAME_MAX = 40 /* characters */ };

struct deeds_deed {
    int64_t id, version;
    int64_t signup, activity, person;
    char signup_id[SECRETS_ID_SIZE];
    const char *kind, *title; /* of the activity */
    int64_t area_id;          /* the same */
    int64_t from_ms;          /* the same */
    const char *words;
    const char *name;                /* that its owner chose to be shown with it, or "" */
    int64_t agreed_ms, published_ms; /* 0: not */
    int64_t created_ms, updated_ms;
    const struct pictures_picture *pictures;
    size_t picture_count;
};

/* ERR_NOTFOUND. Texts are in the arena. */
enum err deeds_find(struct db *db, int64_t id, struct arena *arena, struct deeds_deed *found);
/* Of a sign-up. ERR_NOTFOUND. */
enum err deeds_of(struct db *db, int64_t signup, struct arena *arena, struct deeds_deed *found);

/* Newest first, behind the id `before` (0: from the newest). Lists of numbers are JSON arrays as
 * text; NULL: all. */
struct deeds_filter {
    bool unpublished;  /* those that are not published, else those that are */
    const char *kind;  /* of activity; NULL: all */
    int64_t activity;  /* 0: all */
    int64_t person;    /* all of theirs, published or not; 0: everybody's */
    int64_t area_id;   /* and all below it; 0: all */
    const char *areas; /* and within these and all below them */
    int64_t before;
    size_t limit;
};
enum err deeds_list(struct db *db, const struct deeds_filter *filter, struct arena *arena,
                    const struct deeds_deed **list, size_t *count, bool *more);

/* Writes the deed of a confirmed sign-up, or writes it anew. By its owner: who agrees, or not yet;
 * by staff: its owner is told, and has to agree. Either way it is published (again) by staff
 * afterwards, but where its owner only agrees to words and name that are there. Opens its own
 * transaction; ERR_CONFLICT: another was faster, the sign-up is not confirmed, or the kind has no
 * deeds; ERR_INVALID names the field. */
struct deeds_writing {
    int64_t signup;
    int64_t version;       /* that was seen; 0: there is none yet */
    bool by_owner, agreed; /* agreed: only by the owner */
    const char *words;
    const char *name;                     /* by the owner; NULL: as it was */
    const struct activities_shown *shown; /* pictures; NULL: as they are */
    int64_t now_ms;
};
enum err deeds_write(struct db *db, const struct activity_kinds *kinds,
                     const struct deeds_writing *writing, struct arena *arena,
                     struct deeds_deed *deed, struct why *why);

/* Deletes it, with its pictures, which blobs_doomed_erase takes from the disk. */
enum err deeds_delete(struct db *db, int64_t signup, int64_t version, struct why *why);

/* Publishes one that its owner agreed to, of a sign-up that is confirmed (ERR_CONFLICT: one of both
 * is not so), or takes it off. */
struct deeds_publishing {
    int64_t id, version, by;
    bool published;
    int64_t now_ms;
};
enum err deeds_publish(struct db *db, const struct deeds_publishing *publishing,
                       struct arena *arena, struct deeds_deed *deed, struct why *why);

/* Inside db_write: deletes all of somebody's, with their pictures, before they are forgotten; and
 * takes off that of a sign-up which is not confirmed any more. */
enum err deeds_forget(struct db *db, int64_t person);
enum err deeds_take_off(struct db *db, int64_t signup, int64_t now_ms);

#endif
