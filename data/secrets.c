#include "data/secrets.h"

#include <sodium.h>
#include <string.h>

/* No i, l, o, 0, 1: nothing that is mistaken for another when it is read out. */
static const char alphabet[] = "23456789abcdefghjkmnpqrstuvwxyz";

enum { ALPHABET = sizeof alphabet - 1 };
_Static_assert(ALPHABET == 31, "the bits promised in the header are those of 31 characters");

enum err secrets_init(void)
{
    return sodium_init() < 0 ? ERR_SYSTEM : ERR_OK;
}

static void draw(char *text, size_t n)
{
    for (size_t i = 0; i < n; i++)
        text[i] = alphabet[randombytes_uniform(ALPHABET)];
    text[n] = '\0';
}

void secrets_public_id(char id[SECRETS_ID_SIZE])
{
    draw(id, SECRETS_ID_SIZE - 1);
}

bool secrets_is_public_id(const char *text)
{
    size_t n = strnlen(text, SECRETS_ID_SIZE);
    return n == SECRETS_ID_SIZE - 1 && strspn(text, alphabet) == n;
}

void secrets_token(const char *prefix, char token[SECRETS_TOKEN_SIZE])
{
    memcpy(token, prefix, 3);
    token[3] = '_';
    draw(token + 4, SECRETS_TOKEN_SIZE - 5);
}

void secrets_password(char password[24])
{
    for (int group = 0; group < 4; group++) {
        draw(password + (ptrdiff_t)group * 6, 5);
        if (group < 3) password[group * 6 + 5] = '-';
    }
}

void secrets_sha256(const void *bytes, size_t len, unsigned char hash[SECRETS_HASH_BYTES])
{
    _Static_assert(SECRETS_HASH_BYTES == crypto_hash_sha256_BYTES, "SHA-256");
    crypto_hash_sha256(hash, bytes ? bytes : (const void *)"", len);
}

void secrets_hex(const unsigned char hash[SECRETS_HASH_BYTES], char hex[SECRETS_HEX_SIZE])
{
    sodium_bin2hex(hex, SECRETS_HEX_SIZE, hash, SECRETS_HASH_BYTES);
}

enum err secrets_password_hash(const char *password, char hash[SECRETS_PASSWORD_SIZE])
{
    _Static_assert(SECRETS_PASSWORD_SIZE >= crypto_pwhash_STRBYTES, "room for libsodium's text");
    char made[crypto_pwhash_STRBYTES];
    if (crypto_pwhash_str_alg(made, password, strlen(password), crypto_pwhash_OPSLIMIT_INTERACTIVE,
                              crypto_pwhash_MEMLIMIT_INTERACTIVE,
                              crypto_pwhash_ALG_ARGON2ID13) != 0)
        return ERR_NOMEM;
    memcpy(hash, made, sizeof made);
    return ERR_OK;
}

bool secrets_password_ok(const char *hash, const char *password)
{
    return crypto_pwhash_str_verify(hash, password, strlen(password)) == 0;
}

bool secrets_same(const void *a, const void *b, size_t n)
{
    return sodium_memcmp(a, b, n) == 0;
}
