#include "data/member_card.h"

#include "data/guesses.h"

#include <stdio.h>
#include <string.h>

enum { DIGITS = 16, HALF = 100000000, QUARTER = 10000, ROUNDS = 8, NUMBER_TRIES = 100 };

/* ---- codes ----------------------------------------------------------------------------------- */

static int64_t step_of(int64_t now_ms)
{
    return now_ms / (MEMBER_CARD_STEP_S * (int64_t)1000);
}

/* Eight digits of a keyed hash; 2^64 is so much more than 10^8 that they are as good as even. */
static int64_t digits_of(const unsigned char *key, const char *purpose, const char *of,
                         int64_t step)
{
    unsigned char mac[SECRETS_HASH_BYTES];
    char text[64];
    uint64_t number = 0;
    int n = snprintf(text, sizeof text, "%s %lld", of, (long long)step);
    secrets_keyed(key, purpose, text, (size_t)n, mac);
    for (size_t i = 0; i < sizeof number; i++)
        number = number << 8 | mac[i];
    return (int64_t)(number % HALF);
}

/* What a round adds to the half that it does not look at. */
static int64_t round_of(const unsigned char *key, int round, int64_t half, int64_t step)
{
    char of[32];
    (void)snprintf(of, sizeof of, "%d %lld", round, (long long)half);
    return digits_of(key, "card number", of, step) % QUARTER;
}

/* The number of a card as it stands in a code, and back: a Feistel network over its two halves, the
 * step in every round, so that what one card's number became says nothing of another's. */
static int64_t hide(const unsigned char *key, int64_t card, int64_t step)
{
    int64_t a = card / QUARTER, b = card % QUARTER;
    for (int round = 0; round < ROUNDS; round++) {
        int64_t next = (a + round_of(key, round, b, step)) % QUARTER;
        a = b;
        b = next;
    }
    return a * QUARTER + b;
}

static int64_t unhide(const unsigned char *key, int64_t hidden, int64_t step)
{
    int64_t a = hidden / QUARTER, b = hidden % QUARTER;
    for (int round = ROUNDS - 1; round >= 0; round--) {
        int64_t before = (b - round_of(key, round, a, step) + QUARTER) % QUARTER;
        b = a;
        a = before;
    }
    return a * QUARTER + b;
}

void member_card_code(const unsigned char *key, const struct memberships_membership *m,
                      int64_t now_ms, char code[MEMBER_CARD_SIZE], int64_t *until_ms)
{
    int64_t step = step_of(now_ms);
    int64_t first = hide(key, m->card, step);
    int64_t second = digits_of(key, "card code", m->public_id, step);
    (void)snprintf(code, MEMBER_CARD_SIZE, "%04u-%04u-%04u-%04u",
                   (unsigned)(first / QUARTER) % QUARTER, (unsigned)(first % QUARTER) % QUARTER,
                   (unsigned)(second / QUARTER) % QUARTER, (unsigned)(second % QUARTER) % QUARTER);
    *until_ms = (step + 1) * MEMBER_CARD_STEP_S * (int64_t)1000;
}

/* Two numbers of eight digits. */
static bool read_code(const char *typed, int64_t halves[2])
{
    size_t n = 0;
    halves[0] = halves[1] = 0;
    for (; *typed; typed++) {
        if (*typed == ' ' || *typed == '-') continue;
        if (n == DIGITS || *typed < '0' || *typed > '9') return false;
        halves[n / 8] = halves[n / 8] * 10 + (*typed - '0');
        n++;
    }
    return n == DIGITS;
}

enum err member_card_number(struct db *db, int64_t *number)
{
    for (int i = 0; i < NUMBER_TRIES; i++) {
        struct db_query *q;
        bool row = true;
        int64_t drawn = (int64_t)(secrets_chance() * HALF);
        enum err e = db_prepare(db, "SELECT 1 FROM memberships WHERE card = :card", &q);
        if (e) return e;
        db_bind_int(q, ":card", drawn);
        e = db_step(q, &row);
        db_done(q);
        if (e) return e;
        if (row) continue;
        *number = drawn;
        return ERR_OK;
    }
    return ERR_LIMIT;
}

/* ---- checking -------------------------------------------------------------------------------- */

/* Whose code of this half minute it is. */
static enum err find_of_step(struct db *db, const struct member_card_check *check,
                             const int64_t halves[2], int64_t step, struct arena *arena,
                             struct memberships_membership *found)
{
    int64_t card = unhide(check->key, halves[0], step);
    enum err e = memberships_find_card(db, card, arena, found);
    if (e) return e;
    int64_t owed = digits_of(check->key, "card code", found->public_id, step);
    return secrets_same(&owed, &halves[1], sizeof owed) ? ERR_OK : ERR_NOTFOUND;
}

static enum err find(struct db *db, const struct member_card_check *check, struct arena *arena,
                     struct memberships_membership *found, struct why *why)
{
    int64_t halves[2], now = step_of(check->now_ms);
    if (!read_code(check->code, halves))
        return err_say(why, ERR_NOTFOUND, "that is no code of a card: it has %d digits", DIGITS);
    for (int age = 0; age <= MEMBER_CARD_LATE; age++) {
        enum err e = find_of_step(db, check, halves, now - age, arena, found);
        if (!e && age <= MEMBER_CARD_SKEW) return ERR_OK;
        if (!e) return err_say(why, ERR_CONFLICT, "the code is too old: ask for the one now");
        if (e != ERR_NOTFOUND) return e;
    }
    return err_say(why, ERR_NOTFOUND, "no card has this code");
}

enum err member_card_find(struct db *db, const struct member_card_check *check, struct arena *arena,
                          struct memberships_membership *found, struct why *why)
{
    char who[40];
    int64_t until_ms = 0;
    (void)snprintf(who, sizeof who, "card:%lld", (long long)check->by);
    enum err e = guesses_locked(db, who, check->now_ms, &until_ms);
    if (e) return e;
    if (until_ms)
        return err_say(why, ERR_LIMIT, "too many codes were wrong: try again in %d minutes",
                       GUESSES_LOCK_MIN);
    e = find(db, check, arena, found, why);
    if (e && e != ERR_NOTFOUND) return e;
    enum err counted = guesses_count(db, who, check->now_ms, !e);
    return counted ? counted : e;
}

struct verifying {
    const struct member_card_check *check;
    struct arena *arena;
    struct memberships_membership *found;
    enum err verdict; /* while the guess is kept */
    struct why *why;
};

static enum err verify(struct db *db, void *user)
{
    struct verifying *v = user;
    v->verdict = member_card_find(db, v->check, v->arena, v->found, v->why);
    bool told = v->verdict == ERR_NOTFOUND || v->verdict == ERR_CONFLICT || v->verdict == ERR_LIMIT;
    return told ? ERR_OK : v->verdict;
}

enum err member_card_verify(struct db *db, const struct member_card_check *check,
                            struct arena *arena, struct memberships_membership *found,
                            struct why *why)
{
    struct verifying v = {check, arena, found, ERR_OK, why};
    enum err e = db_write(db, verify, &v);
    return e ? e : v.verdict;
}
