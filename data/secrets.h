/* libsodium's door: passwords, tokens, hashes, and ids that nobody can guess. */
#ifndef YZ_DATA_SECRETS_H
#define YZ_DATA_SECRETS_H

#include "geo/base/err.h"

#include <stdbool.h>
#include <stddef.h>

enum {
    SECRETS_HASH_BYTES = 32,     /* SHA-256 */
    SECRETS_HEX_SIZE = 65,       /* such a hash in hex, with its NUL */
    SECRETS_ID_SIZE = 23,        /* a public id and its NUL: 22 characters, 109 bits */
    SECRETS_TOKEN_SIZE = 49,     /* a token and its NUL: 4 of prefix, 44 characters, 218 bits */
    SECRETS_PASSWORD_SIZE = 128, /* a password's hash, as text with its parameters */
    SECRETS_PASSWORD_MIN = 10,
    SECRETS_PASSWORD_MAX = 1024
};

/* Once before all else, from one thread. ERR_SYSTEM when there is no randomness. */
enum err secrets_init(void);

/* An id for the world to see: drawn from the 31 characters 2-9 a-z without i, l, o, so that it can
 * be read out and typed, and nobody can guess another. */
void secrets_public_id(char id[SECRETS_ID_SIZE]);
bool secrets_is_public_id(const char *text);

/* A bearer token: a prefix of three letters and '_' that tells people and scanners what it is
 * ("yzs" a session, "yzk" a key), then random characters. Only its hash is stored. */
void secrets_token(const char *prefix, char token[SECRETS_TOKEN_SIZE]);

/* A random password that is easy to copy by hand: 20 characters, 99 bits, in groups of five. */
void secrets_password(char password[24]);

void secrets_sha256(const void *bytes, size_t len, unsigned char hash[SECRETS_HASH_BYTES]);
void secrets_hex(const unsigned char hash[SECRETS_HASH_BYTES], char hex[SECRETS_HEX_SIZE]);

/* Argon2id (RFC 9106) with libsodium's interactive cost: 64 MiB and about a tenth of a second, so
 * only on workers. ERR_NOMEM. */
enum err secrets_password_hash(const char *password, char hash[SECRETS_PASSWORD_SIZE]);
bool secrets_password_ok(const char *hash, const char *password);

/* Whether `n` bytes are equal, in a time that does not depend on where they differ. */
bool secrets_same(const void *a, const void *b, size_t n);

#endif
