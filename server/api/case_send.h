/* A case that somebody sends with photos, once for each Idempotency-Key. */
#ifndef YZ_SERVER_API_CASE_SEND_H
#define YZ_SERVER_API_CASE_SEND_H

#include "data/cases.h"
#include "server/api/photo_form.h"
#include "server/response.h"

/* Cleans the form's photos, stores the case and answers 201 with it, or gives the answer that the
 * same request had before. `fresh` is all of the case but its photos and its reporter; `what` is
 * method and path, under which answers are kept. */
enum err case_send(struct request *request, struct response *response, struct tools *tools,
                   const char *what, const struct photo_form *form, const struct cases_new *fresh);

/* The same but for how the answer is written, and the key that it is kept under: for another wire
 * format. `again`: the answer that the same request had has been written already. */
struct case_sending {
    const struct photo_form *form;
    struct idempotency key; /* by api_once_read */
    struct cases_new fresh; /* its photos and its reporter are filled in */
    enum err (*render)(void *user, const struct cases_case *made, const char *token,
                       struct buf *body); /* of struct cases_reply */
    void *user;
    struct cases_created created;
    bool again;
};
enum err case_send_store(struct request *request, struct response *response, struct tools *tools,
                         struct case_sending *sending);
/* Writes status, Location and the answer: the kept one, or what `render` makes. */
enum err case_send_answer(struct request *request, struct response *response,
                          struct case_sending *sending);

/* Whoever sends, told apart from others by person or address ("person 7"), in the arena; NULL when
 * memory is out. It is only ever kept as a hash (data/voices.h). */
const char *case_send_who(const struct request *request, const struct tools *tools);

#endif
