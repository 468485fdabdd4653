#include "server/api/api_once.h"

#include "geo/base/clock.h"

#include <string.h>

/* Keys of all who are not signed in are one heap, and the answers kept there hold secrets. Whoever
 * has the secret of a case has a heap of their own. A key that nobody guesses finds its answer from
 * wherever it comes, since a phone that sends again may have another address by then; any other
 * only from the address it came from, of which no more than a hash under the server's own key is
 * kept. */
static const char *scope_of(struct request *request, const struct tools *tools, const char *what,
                            const char *key)
{
    enum { KEY = SECRETS_KEY_BYTES, ADDRESS = sizeof request->address.bytes };
    const char *token = request->headers.case_token;
    unsigned char address[KEY + ADDRESS], hash[SECRETS_HASH_BYTES];
    char hex[SECRETS_HEX_SIZE];
    if (tools->actor)
        return arena_printf(request->arena, "%s %lld", what, (long long)tools->actor->id);
    if (!token && strlen(key) >= API_ONCE_GUESSED)
        return arena_printf(request->arena, "%s 0", what);
    memcpy(address, tools->service->seal_key, KEY);
    memcpy(address + KEY, request->address.bytes, ADDRESS);
    if (token)
        secrets_sha256(token, strlen(token), hash);
    else
        secrets_sha256(address, sizeof address, hash);
    secrets_hex(hash, hex);
    return arena_printf(request->arena, "%s 0 %s", what, hex);
}

enum err api_once_read(struct request *request, const struct tools *tools, const char *what,
                       const unsigned char hash[SECRETS_HASH_BYTES], const char *more,
                       struct idempotency *key)
{
    char hex[SECRETS_HEX_SIZE];
    *key = (struct idempotency){.key = request->headers.idempotency_key};
    if (!key->key) return ERR_OK;
    if (!idempotency_key_ok(key->key))
        return problem_say(request->problem, PROBLEM_PARAMETER, "Idempotency-Key",
                           "must be 1 to %d visible ASCII characters", IDEMPOTENCY_KEY_MAX);
    secrets_hex(hash, hex);
    const char *sent = arena_printf(request->arena, "%s %s", hex, more);
    key->scope = scope_of(request, tools, what, key->key);
    if (!sent || !key->scope) return problem_from_err(request->problem, ERR_NOMEM, NULL);
    secrets_sha256(sent, strlen(sent), key->body_hash);
    return ERR_OK;
}

enum err api_once_read_body(struct request *request, const struct tools *tools, const char *what,
                            const char *more, struct idempotency *key)
{
    unsigned char hash[SECRETS_HASH_BYTES];
    secrets_sha256(request->body, request->body_len, hash);
    return api_once_read(request, tools, what, hash, more, key);
}

enum err api_once_refuse(struct request *request)
{
    return problem_say(request->problem, PROBLEM_CONTENT, "Idempotency-Key",
                       "the key came before with other content; make up another one");
}

enum err api_once_answer(struct request *request, struct response *response, const char *folder,
                         const struct idempotency_answer *answer)
{
    (void)response_json(response);
    response->status = answer->status;
    buf_put(&response->body, answer->body, answer->len);
    response_header(response, "Location",
                    arena_printf(request->arena, "%s%s", folder, answer->subject));
    return ERR_OK;
}

enum err api_once_find(struct request *request, struct db *db, const struct idempotency *key,
                       struct idempotency_answer *kept, bool *done)
{
    *done = false;
    if (!key->key) return ERR_OK;
    enum err e = idempotency_find(db, key, clock_utc_ms(), request->arena, kept);
    if (e == ERR_NOTFOUND) return ERR_OK;
    if (e == ERR_CONFLICT) return api_once_refuse(request);
    *done = e == ERR_OK;
    return problem_from_err(request->problem, e, NULL);
}

enum err api_once_look_up(struct request *request, struct response *response, struct db *db,
                          const char *folder, const struct idempotency *key, bool *done)
{
    struct idempotency_answer kept;
    enum err e = api_once_find(request, db, key, &kept, done);
    return e || !*done ? e : api_once_answer(request, response, folder, &kept);
}
