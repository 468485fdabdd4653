#include "data/secrets.h"

#include <fcntl.h>
#include <sodium.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

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

static void draw_groups(char *text, int groups)
{
    for (int group = 0; group < groups; group++) {
        draw(text + (ptrdiff_t)group * 6, 5);
        if (group + 1 < groups) text[group * 6 + 5] = '-';
    }
}

void secrets_password(char password[24])
{
    draw_groups(password, 4);
}

void secrets_recovery(char code[18])
{
    draw_groups(code, 3);
}

enum { CODE_CHARS = 12, CODE_GROUP = 4 };
_Static_assert(SECRETS_CODE_SIZE == CODE_CHARS + CODE_CHARS / CODE_GROUP, "groups and a NUL");

/* Sets the i-th character of a code, and the hyphen before a group. */
static void put_code(char *code, size_t i, char c)
{
    size_t at = i + i / CODE_GROUP;
    if (i && i % CODE_GROUP == 0) code[at - 1] = '-';
    code[at] = c;
    code[at + 1] = '\0';
}

void secrets_code(const unsigned char *key, const char *of, char code[SECRETS_CODE_SIZE])
{
    _Static_assert(2 * CODE_CHARS <= crypto_auth_hmacsha256_BYTES, "two bytes a character");
    unsigned char mac[crypto_auth_hmacsha256_BYTES];
    crypto_auth_hmacsha256_state state;
    crypto_auth_hmacsha256_init(&state, key, SECRETS_KEY_BYTES);
    crypto_auth_hmacsha256_update(&state, (const unsigned char *)"code ", 5);
    crypto_auth_hmacsha256_update(&state, (const unsigned char *)of, strlen(of));
    crypto_auth_hmacsha256_final(&state, mac);
    /* 65536 is 2 more than a multiple of 31: as good as even. */
    for (size_t i = 0; i < CODE_CHARS; i++)
        put_code(code, i, alphabet[(mac[2 * i] << 8 | mac[2 * i + 1]) % ALPHABET]);
    sodium_memzero(&state, sizeof state);
    sodium_memzero(mac, sizeof mac);
}

bool secrets_code_read(const char *typed, char code[SECRETS_CODE_SIZE])
{
    size_t n = 0;
    for (; *typed; typed++) {
        char c = *typed >= 'A' && *typed <= 'Z' ? (char)(*typed - 'A' + 'a') : *typed;
        if (c == ' ' || c == '-') continue;
        if (n == CODE_CHARS || !strchr(alphabet, c)) return false;
        put_code(code, n++, c);
    }
    return n == CODE_CHARS;
}

void secrets_random(void *bytes, size_t n)
{
    randombytes_buf(bytes, n);
}

enum { NONCE = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES };
_Static_assert(SECRETS_SEAL_BYTES == NONCE + crypto_aead_xchacha20poly1305_ietf_ABYTES,
               "a nonce and a tag");
_Static_assert(SECRETS_KEY_BYTES == crypto_aead_xchacha20poly1305_ietf_KEYBYTES, "its key");

void secrets_seal(const unsigned char *key, int64_t owner, const void *plain, size_t len,
                  unsigned char *sealed)
{
    randombytes_buf(sealed, NONCE);
    crypto_aead_xchacha20poly1305_ietf_encrypt(sealed + NONCE, NULL, plain, len,
                                               (const unsigned char *)&owner, sizeof owner, NULL,
                                               sealed, key);
}

enum err secrets_open(const unsigned char *key, int64_t owner, const unsigned char *sealed,
                      size_t sealed_len, void *plain)
{
    if (sealed_len < SECRETS_SEAL_BYTES) return ERR_CHECKSUM;
    return crypto_aead_xchacha20poly1305_ietf_decrypt(
               plain, NULL, NULL, sealed + NONCE, sealed_len - NONCE, (const unsigned char *)&owner,
               sizeof owner, sealed, key)
               ? ERR_CHECKSUM
               : ERR_OK;
}

/* A file that a crash left empty counts as missing. */
enum err secrets_key_file(const char *path, unsigned char *key, struct why *why)
{
    int file = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, S_IRUSR | S_IWUSR);
    if (file < 0) return err_say(why, ERR_IO, "%s cannot be opened", path);
    ssize_t n = read(file, key, SECRETS_KEY_BYTES);
    enum err e = ERR_OK;
    if (n == 0) {
        randombytes_buf(key, SECRETS_KEY_BYTES);
        if (write(file, key, SECRETS_KEY_BYTES) != SECRETS_KEY_BYTES || fsync(file) != 0)
            e = err_say(why, ERR_IO, "%s cannot be written", path);
    } else if (n != SECRETS_KEY_BYTES) {
        e = err_say(why, ERR_FORMAT,
                    "%s is not a key of %d bytes: put back the one of your backup, or remove the "
                    "file and let everybody with a second factor set it up anew (user totp-reset)",
                    path, SECRETS_KEY_BYTES);
    }
    (void)close(file);
    return e;
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

void secrets_hmac(const char *key, const void *bytes, size_t len,
                  unsigned char mac[SECRETS_HASH_BYTES])
{
    _Static_assert(SECRETS_HASH_BYTES == crypto_auth_hmacsha256_BYTES, "HMAC-SHA-256");
    crypto_auth_hmacsha256_state state; /* takes keys of every length */
    crypto_auth_hmacsha256_init(&state, (const unsigned char *)key, strlen(key));
    crypto_auth_hmacsha256_update(&state, bytes, len);
    crypto_auth_hmacsha256_final(&state, mac);
    sodium_memzero(&state, sizeof state);
}

void secrets_keyed(const unsigned char *key, const char *purpose, const void *bytes, size_t len,
                   unsigned char mac[SECRETS_HASH_BYTES])
{
    _Static_assert(SECRETS_KEY_BYTES == crypto_auth_hmacsha256_KEYBYTES, "its key");
    crypto_auth_hmacsha256_state state;
    crypto_auth_hmacsha256_init(&state, key, SECRETS_KEY_BYTES);
    /* With its NUL, so that no purpose is the beginning of another. */
    crypto_auth_hmacsha256_update(&state, (const unsigned char *)purpose, strlen(purpose) + 1);
    if (len) crypto_auth_hmacsha256_update(&state, bytes, len);
    crypto_auth_hmacsha256_final(&state, mac);
    sodium_memzero(&state, sizeof state);
}

double secrets_chance(void)
{
    return randombytes_random() * 0x1.0p-32;
}

#ifdef SECRETS_ARE_CHEAP
#ifdef __has_feature
#define HAS_FEATURE(name) __has_feature(name)
#else
#define HAS_FEATURE(name) 0
#endif
#if !defined __SANITIZE_ADDRESS__ && !defined __SANITIZE_THREAD__ &&                               \
    !HAS_FEATURE(address_sanitizer) && !HAS_FEATURE(thread_sanitizer)
#error "a program without a sanitizer may be shipped: its passwords must cost who guesses them"
#endif
#define COST "m=8,t=1,p=1"
enum { MEMORY = crypto_pwhash_argon2id_MEMLIMIT_MIN, PASSES = crypto_pwhash_argon2id_OPSLIMIT_MIN };
#else
#define COST "m=65536,t=2,p=1"
enum {
    MEMORY = crypto_pwhash_argon2id_MEMLIMIT_INTERACTIVE,
    PASSES = crypto_pwhash_argon2id_OPSLIMIT_INTERACTIVE
};
#endif

const char secrets_password_of_nobody[] = "$argon2id$v=19$" COST "$AAAAAAAAAAAAAAAAAAAAAA$"
                                          "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

enum err secrets_password_hash(const char *password, char hash[SECRETS_PASSWORD_SIZE])
{
    _Static_assert(SECRETS_PASSWORD_SIZE >= crypto_pwhash_STRBYTES, "room for libsodium's text");
    char made[crypto_pwhash_STRBYTES];
    if (crypto_pwhash_str_alg(made, password, strlen(password), PASSES, MEMORY,
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
