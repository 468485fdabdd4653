#include "data/photo_pass.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static enum err find_key(struct db *db, char text[SECRETS_TOKEN_SIZE], bool *found)
{
    struct db_query *q;
    enum err e = db_prepare(db, "SELECT key FROM address_key", &q);
    if (e) return e;
    if (!(e = db_step(q, found)) && *found)
        (void)snprintf(text, SECRETS_TOKEN_SIZE, "%s", db_text(q, 0));
    db_done(q);
    return e;
}

/* Another may have been faster: its key counts. */
static enum err make_key(struct db *db, void *user)
{
    char *text = user;
    struct db_query *q;
    secrets_token("yza", text);
    enum err e = db_prepare(
        db, "INSERT INTO address_key (id, key) VALUES (1, :key) ON CONFLICT (id) DO NOTHING", &q);
    if (e) return e;
    db_bind_text(q, ":key", text);
    return db_run(q, NULL);
}

enum err photo_pass_key(struct db *db, struct photo_pass_key *key)
{
    struct photo_pass_key read = {""};
    bool found = false;
    enum err e = find_key(db, read.text, &found);
    if (!e && !found) {
        e = db_write(db, make_key, read.text);
        if (!e) e = find_key(db, read.text, &found);
    }
    if (e) return e;
    if (!found) return ERR_DB;
    *key = read;
    return ERR_OK;
}

int64_t photo_pass_until(int64_t now_ms)
{
    return (now_ms / 60000) * 60 + PHOTO_PASS_MS / 1000;
}

void photo_pass_sign(const struct photo_pass_key *key, const char *public_id, enum photos_size size,
                     int64_t until_s, char signature[SECRETS_HEX_SIZE])
{
    unsigned char mac[SECRETS_HASH_BYTES];
    char text[96];
    int n = snprintf(text, sizeof text, "photo %.22s %d %lld", public_id, (int)size,
                     (long long)until_s);
    secrets_hmac(key->text, text, (size_t)n, mac);
    secrets_hex(mac, signature);
}

bool photo_pass_ok(const struct photo_pass_key *key, const char *public_id, enum photos_size size,
                   const char *until, const char *signature, int64_t now_ms)
{
    char right[SECRETS_HEX_SIZE];
    size_t digits = until ? strspn(until, "0123456789") : 0;
    if (!signature || digits < 1 || digits > 12 || until[digits] ||
        strlen(signature) != SECRETS_HEX_SIZE - 1)
        return false;
    int64_t until_s = strtoll(until, NULL, 10);
    if (until_s * 1000 <= now_ms || until_s * 1000 > now_ms + PHOTO_PASS_MS) return false;
    photo_pass_sign(key, public_id, size, until_s, right);
    return secrets_same(right, signature, SECRETS_HEX_SIZE - 1);
}
