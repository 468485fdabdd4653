/* libsodium's door: passwords, tokens, hashes, and ids that nobody can guess. */
#ifndef YZ_DATA_SECRETS_H
#define YZ_DATA_SECRETS_H

#include "geo/base/err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    SECRETS_HASH_BYTES = 32,     /* SHA-256 */
    SECRETS_HEX_SIZE = 65,       /* such a hash in hex, with its NUL */
    SECRETS_ID_SIZE = 23,        /* a public id and its NUL: 22 characters, 109 bits */
    SECRETS_TOKEN_SIZE = 49,     /* a token and its NUL: 4 of prefix, 44 characters, 218 bits */
    SECRETS_PASSWORD_SIZE = 128, /* a password's hash, as text with its parameters */
    SECRETS_KEY_BYTES = 32,
    SECRETS_SEAL_BYTES = 40, /* that sealing adds: a nonce and a tag */
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
 * ("yzs" a session, "yzk" a key, "yzw" what signs for a webhook), then random characters. Only its
 * hash is stored. */
void secrets_token(const char *prefix, char token[SECRETS_TOKEN_SIZE]);

/* A random password that is easy to copy by hand: 20 characters, 99 bits, in groups of five. */
void secrets_password(char password[24]);

/* A code for when a device is lost: 15 characters, 74 bits, in groups of five. */
void secrets_recovery(char code[18]);

/* A code to be typed at a counter: 12 characters, 59 bits, in groups of four. It follows from the
 * key (SECRETS_KEY_BYTES) and what it is of, so that it need not be kept to be told again. */
enum { SECRETS_CODE_SIZE = 15 };
void secrets_code(const unsigned char *key, const char *of, char code[SECRETS_CODE_SIZE]);
/* Such a code as somebody typed it: blanks, hyphens and capitals do not matter. False: it is none.
 */
bool secrets_code_read(const char *typed, char code[SECRETS_CODE_SIZE]);

void secrets_random(void *bytes, size_t n);

/* Encrypts `len` bytes under a key so that they open for this `owner` alone; `sealed` has
 * SECRETS_SEAL_BYTES more (XChaCha20-Poly1305). */
void secrets_seal(const unsigned char *key, int64_t owner, const void *plain, size_t len,
                  unsigned char *sealed);
/* `sealed_len` bytes of such. ERR_CHECKSUM: another key, another owner, or other bytes. */
enum err secrets_open(const unsigned char *key, int64_t owner, const unsigned char *sealed,
                      size_t sealed_len, void *plain);

/* The key in a file, SECRETS_KEY_BYTES of it; one that is missing is made, for its owner alone to
 * read. ERR_FORMAT with a sentence where it is something else. */
enum err secrets_key_file(const char *path, unsigned char *key, struct why *why);

void secrets_sha256(const void *bytes, size_t len, unsigned char hash[SECRETS_HASH_BYTES]);
void secrets_hex(const unsigned char hash[SECRETS_HASH_BYTES], char hex[SECRETS_HEX_SIZE]);

/* HMAC-SHA-256 (RFC 2104) of `len` bytes by a key that is text. */
void secrets_hmac(const char *key, const void *bytes, size_t len,
                  unsigned char mac[SECRETS_HASH_BYTES]);

/* HMAC-SHA-256 by a key of SECRETS_KEY_BYTES, apart for each `purpose`: another key, a code, or the
 * hash of what could be guessed. */
void secrets_keyed(const unsigned char *key, const char *purpose, const void *bytes, size_t len,
                   unsigned char mac[SECRETS_HASH_BYTES]);

/* Evenly spread in [0, 1). */
double secrets_chance(void);

/* Argon2id (RFC 9106) with libsodium's interactive cost: 64 MiB and about a tenth of a second, so
 * only on workers. ERR_NOMEM. Built with SECRETS_ARE_CHEAP, as sanitized programs are, which serve
 * tests alone, it is the least that libsodium takes. */
enum err secrets_password_hash(const char *password, char hash[SECRETS_PASSWORD_SIZE]);
bool secrets_password_ok(const char *hash, const char *password);

/* A hash that no password matches, and that takes as long to check as those that are made. */
extern const char secrets_password_of_nobody[];

/* Whether `n` bytes are equal, in a time that does not depend on where they differ. */
bool secrets_same(const void *a, const void *b, size_t n);

#endif
