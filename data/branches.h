/* Branches of the union (工会): what they are called, where they are, and the form that who joins
 * one fills in. A form has the text that is consented to and the fields that are asked; it is never
 * changed, but another takes its place. The branch's code is what its QR code leads to. */
#ifndef YZ_DATA_BRANCHES_H
#define YZ_DATA_BRANCHES_H

#include "data/answers.h"
#include "data/secrets.h"

enum {
    BRANCHES_NAME_MAX = 60, /* characters, all of these */
    BRANCHES_CONSENT_MAX = 5000,
    BRANCHES_LABEL_MAX = 60,
    BRANCHES_CODE_MAX = 30, /* of a field: a-z 0-9 _ */
    BRANCHES_FIELDS_MAX = 20,
    BRANCHES_CHOICES_MAX = 30,
    BRANCHES_CHOICE_MAX = 60
};

#define BRANCHES_TYPES(X) X(name) X(phone) X(text) X(number) X(date) X(choice)
enum branches_type {
#define BRANCHES_TYPE(name) BRANCHES_##name,
    BRANCHES_TYPES(BRANCHES_TYPE)
#undef BRANCHES_TYPE
        BRANCHES_TYPE_COUNT
};
const char *branches_type_name(enum branches_type type);

struct branches_field {
    const char *code, *label, *label_en;
    enum branches_type type;
    bool required;
    const char *const *choices; /* of a choice */
    size_t choice_count;
};

struct branches_form {
    int64_t version;
    const char *consent;
    const struct branches_field *fields;
    size_t field_count;
};

struct branches_branch {
    int64_t id, version;
    const char *name, *name_en;
    int64_t area_id;  /* 0: the whole city's */
    int64_t place_id; /* 0: none */
    bool alongside;   /* who belongs to it may belong to others, too */
    int64_t form;     /* the version that is filled in now */
    char code[SECRETS_ID_SIZE];
    int64_t ended_ms; /* 0: it goes on */
    int64_t created_ms, updated_ms;
};

/* ERR_NOTFOUND. Texts are in the arena. */
enum err branches_find(struct db *db, int64_t id, struct arena *arena,
                       struct branches_branch *found);
/* By what its QR code has; an ended branch is found, too. */
enum err branches_find_code(struct db *db, const char *code, struct arena *arena,
                            struct branches_branch *found);
/* A form of a branch. ERR_NOTFOUND. */
enum err branches_form(struct db *db, int64_t branch, int64_t version, struct arena *arena,
                       struct branches_form *form);

/* Newest first, behind the id `before` (0: from the newest). */
struct branches_filter {
    bool ended;      /* those that ended, too */
    int64_t area_id; /* and all below it; 0: all */
    int64_t before;
    size_t limit;
};
enum err branches_list(struct db *db, const struct branches_filter *filter, struct arena *arena,
                       const struct branches_branch **list, size_t *count, bool *more);

#endif
