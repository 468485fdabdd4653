#include "data/cases_sender.h"

#include "data/voices.h"

#include <string.h>

static void hash_token(const char *token, unsigned char hash[SECRETS_HASH_BYTES])
{
    secrets_sha256(token, strlen(token), hash);
}

/* Whether a query that asks for the case and the hash or the person finds somebody. */
static enum err found(struct db *db, const char *sql, int64_t case_id, const char *token,
                      int64_t person, bool *yes)
{
    unsigned char hash[SECRETS_HASH_BYTES] = {0};
    struct db_query *q;
    enum err e = db_prepare(db, sql, &q);
    if (e) return e;
    hash_token(token ? token : "", hash);
    db_bind_int(q, ":case", case_id);
    db_bind_blob(q, ":hash", hash, sizeof hash);
    db_bind_int(q, ":person", person);
    e = db_step(q, yes);
    db_done(q);
    return e;
}

enum err cases_sender_is(struct db *db, const struct cases_case *of, const char *token,
                         int64_t person, unsigned *as)
{
    bool sent = person && person == of->reporter, joined = false;
    enum err e = ERR_OK;
    *as = 0;
    if (!token && !person) return ERR_OK;
    if (!sent)
        e = found(db,
                  "SELECT 1 FROM cases WHERE id = :case AND (sender_hash = :hash OR (:person <> 0 "
                  "AND reporter_id = :person))",
                  of->id, token, person, &sent);
    if (!e)
        e = found(db,
                  "SELECT 1 FROM case_joins WHERE case_id = :case AND (hash = :hash OR (:person "
                  "<> 0 AND person_id = :person))",
                  of->id, token, person, &joined);
    if (!e) *as = (sent ? KINDS_REPORTER : 0u) | (joined ? KINDS_JOINER : 0u);
    return e;
}

enum err cases_sender_repeats(struct db *db, int64_t case_id, const char *token, int64_t person,
                              bool *yes)
{
    *yes = false;
    if (!token && !person) return ERR_OK;
    return found(db,
                 "SELECT 1 FROM cases d WHERE d.duplicate_of = :case AND (d.sender_hash = :hash OR "
                 "(:person <> 0 AND d.reporter_id = :person) OR EXISTS (SELECT 1 FROM case_joins j "
                 "WHERE j.case_id = d.id AND (j.hash = :hash OR (:person <> 0 AND j.person_id = "
                 ":person))))",
                 case_id, token, person, yes);
}

enum err cases_sender_give(struct db *db, int64_t case_id, char token[SECRETS_TOKEN_SIZE])
{
    unsigned char hash[SECRETS_HASH_BYTES];
    struct db_query *q;
    enum err e = db_prepare(db, "UPDATE cases SET sender_hash = :hash WHERE id = :case", &q);
    if (e) return e;
    secrets_token("yzr", token);
    hash_token(token, hash);
    db_bind_blob(q, ":hash", hash, sizeof hash);
    db_bind_int(q, ":case", case_id);
    return db_run(q, NULL);
}

enum err cases_sender_join(struct db *db, const struct cases_case *to, int64_t person,
                           const char *voice, int64_t now_ms, char token[SECRETS_TOKEN_SIZE])
{
    unsigned char hash[SECRETS_HASH_BYTES], heard[SECRETS_HASH_BYTES];
    struct db_query *q;
    bool hears = !person && voice;
    if (person && person == to->reporter) return ERR_CONFLICT;
    enum err e = hears ? voices_of(db, -to->id, voice, heard) : ERR_OK;
    if (!e)
        e = db_prepare(db,
                       "INSERT INTO case_joins (case_id, person_id, hash, voice, at_ms) VALUES "
                       "(:case, NULLIF(:person, 0), :hash, :voice, :now)",
                       &q);
    if (e) return e;
    secrets_token("yzj", token);
    hash_token(token, hash);
    db_bind_int(q, ":case", to->id);
    db_bind_int(q, ":person", person);
    db_bind_blob(q, ":hash", hash, sizeof hash);
    if (hears) db_bind_blob(q, ":voice", heard, sizeof heard);
    db_bind_int(q, ":now", now_ms);
    return db_run(q, NULL);
}
