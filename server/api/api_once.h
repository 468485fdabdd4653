/* Requests that make something and may be sent twice: `Idempotency-Key`, at the door. */
#ifndef YZ_SERVER_API_API_ONCE_H
#define YZ_SERVER_API_API_ONCE_H

#include "data/idempotency.h"
#include "server/response.h"
#include "server/tools.h"

/* Reads the header; `key->key` stays NULL where there is none. The content is `hash`, of what was
 * sent, and `more`, what else the answer hangs on (the reference systems of both). `what` is method
 * and path; keys of different callers are apart: people, holders of a Case-Token, and of those
 * who are neither and have keys shorter than API_ONCE_GUESSED, addresses. */
enum { API_ONCE_GUESSED = 16 /* characters, below which a key may be guessed */ };
enum err api_once_read(struct request *request, const struct tools *tools, const char *what,
                       const unsigned char hash[SECRETS_HASH_BYTES], const char *more,
                       struct idempotency *key);

/* The same for a body that is not read part by part. */
enum err api_once_read_body(struct request *request, const struct tools *tools, const char *what,
                            const char *more, struct idempotency *key);

/* Notes that the key came before with other content; ERR_CONFLICT of the store means that. */
enum err api_once_refuse(struct request *request);

/* Gives an answer again; `folder` ("/v1/reports/") and its subject make the Location. */
enum err api_once_answer(struct request *request, struct response *response, const char *folder,
                         const struct idempotency_answer *answer);

/* ERR_OK with *done where the request had an answer before, which is in *kept; a key that came
 * before with other content is refused. Without a key nothing is looked for. */
enum err api_once_find(struct request *request, struct db *db, const struct idempotency *key,
                       struct idempotency_answer *kept, bool *done);
/* The same, and gives that answer again. */
enum err api_once_look_up(struct request *request, struct response *response, struct db *db,
                          const char *folder, const struct idempotency *key, bool *done);

#endif
