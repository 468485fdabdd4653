#include "tests/bench/ask.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void ask_reply_reset(struct ask_reply *reply)
{
    *reply = (struct ask_reply){.bytes = reply->bytes, .size = reply->size};
}

char *ask_reply_room(struct ask_reply *reply)
{
    if (reply->size - reply->len < ASK_READ) {
        reply->size = reply->size * 2 + ASK_READ;
        reply->bytes = realloc(reply->bytes, reply->size);
        if (!reply->bytes) exit(1);
    }
    return reply->bytes + reply->len;
}

/* --- HTTP/1.1 --- */

static size_t http_ask(char *to, size_t size, const char *lon, const char *lat,
                       const char *category)
{
    return (size_t)snprintf(to, size,
                            "GET /v1/places?near=%s,%s&category=%s&radius=5000&limit=10 "
                            "HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n",
                            lon, lat, category);
}

static bool http_is_whole(struct ask_reply *reply)
{
    static const char length[] = "\r\nContent-Length: ";
    const char *end = memmem(reply->bytes, reply->len, "\r\n\r\n", 4);
    if (!end) return false;
    const char *at = memmem(reply->bytes, (size_t)(end - reply->bytes), length, sizeof length - 1);
    size_t head = (size_t)(end - reply->bytes) + 4;
    reply->failed = memcmp(reply->bytes, "HTTP/1.1 200", 12) != 0;
    return at && reply->len >= head + strtoul(at + sizeof length - 1, NULL, 10);
}

/* --- Redis: RESP 2 --- */

static size_t redis_ask(char *to, size_t size, const char *lon, const char *lat,
                        const char *category)
{
    const char *const words[] = {"GEOSEARCH", category, "FROMLONLAT", lon,     lat,  "BYRADIUS",
                                 "5000",      "m",      "ASC",        "COUNT", "10", "WITHDIST"};
    const size_t count = sizeof words / sizeof *words;
    size_t n = (size_t)snprintf(to, size, "*%zu\r\n", count);
    for (size_t i = 0; i < count; i++)
        n += (size_t)snprintf(to + n, size - n, "$%zu\r\n%s\r\n", strlen(words[i]), words[i]);
    return n;
}

static bool redis_is_whole(struct ask_reply *reply)
{
    if (!reply->begun) reply->wanted = 1;
    reply->begun = true;
    while (reply->wanted) {
        const char *line = reply->bytes + reply->seen;
        const char *end = memmem(line, reply->len - reply->seen, "\r\n", 2);
        if (!end) return false;
        size_t next = (size_t)(end - reply->bytes) + 2;
        long number = strtol(line + 1, NULL, 10);
        if (line[0] == '$' && number >= 0) next += (size_t)number + 2;
        if (next > reply->len) return false;
        reply->failed = reply->failed || line[0] == '-';
        reply->wanted += line[0] == '*' && number > 0 ? (uint64_t)number : 0;
        reply->wanted--;
        reply->seen = next;
    }
    return true;
}

/* --- PostgreSQL: frontend/backend protocol 3.0 --- */

static const char *const categories[] = {"rest_station", "toilet", "fuel", "charging"};
enum { CATEGORIES = sizeof categories / sizeof *categories };

struct message {
    char *bytes;
    size_t len, start;
};

static void put(struct message *m, const void *bytes, size_t n)
{
    memcpy(m->bytes + m->len, bytes, n);
    m->len += n;
}

static void put_text(struct message *m, const char *text)
{
    put(m, text, strlen(text) + 1);
}

static void put_number(struct message *m, uint32_t number, size_t bytes)
{
    uint32_t big = htonl(number);
    put(m, (const char *)&big + sizeof big - bytes, bytes);
}

static void begin(struct message *m, char type)
{
    if (type) put(m, &type, 1);
    m->start = m->len;
    put_number(m, 0, 4);
}

static void end(struct message *m)
{
    uint32_t big = htonl((uint32_t)(m->len - m->start));
    memcpy(m->bytes + m->start, &big, sizeof big);
}

static void sync_message(struct message *m)
{
    begin(m, 'S');
    end(m);
}

static size_t postgres_greet(char *to, size_t size, int step, const char *sql)
{
    struct message m = {.bytes = to};
    const char *hole = strstr(sql, "CATEGORY");
    if (step > CATEGORIES || !hole || strlen(sql) + 200 > size) return 0;
    if (step == 0) {
        begin(&m, 0);
        put_number(&m, 196608, 4);
        put_text(&m, "user");
        put_text(&m, "bench");
        put_text(&m, "database");
        put_text(&m, "postgres");
        put(&m, "", 1);
        end(&m);
        return m.len;
    }
    begin(&m, 'P');
    put_text(&m, categories[step - 1]);
    put(&m, sql, (size_t)(hole - sql));
    put(&m, categories[step - 1], strlen(categories[step - 1]));
    put_text(&m, hole + strlen("CATEGORY"));
    put_number(&m, 0, 2);
    end(&m);
    sync_message(&m);
    return m.len;
}

static size_t postgres_ask(char *to, size_t size, const char *lon, const char *lat,
                           const char *category)
{
    struct message m = {.bytes = to};
    const char *const values[] = {lon, lat};
    if (strlen(lon) + strlen(lat) + strlen(category) + 64 > size) return 0;
    begin(&m, 'B');
    put_text(&m, ""); /* the unnamed portal */
    put_text(&m, category);
    put_number(&m, 0, 2); /* all values as text */
    put_number(&m, 2, 2);
    for (size_t i = 0; i < 2; i++) {
        put_number(&m, (uint32_t)strlen(values[i]), 4);
        put(&m, values[i], strlen(values[i]));
    }
    put_number(&m, 0, 2);
    end(&m);
    begin(&m, 'E');
    put_text(&m, "");
    put_number(&m, 0, 4);
    end(&m);
    sync_message(&m);
    return m.len;
}

static bool postgres_is_whole(struct ask_reply *reply)
{
    while (reply->len - reply->seen >= 5) {
        const char *message = reply->bytes + reply->seen;
        uint32_t big;
        memcpy(&big, message + 1, sizeof big);
        size_t bytes = (size_t)ntohl(big) + 1;
        if (reply->len - reply->seen < bytes) return false;
        reply->failed = reply->failed || message[0] == 'E';
        reply->seen += bytes;
        if (message[0] == 'Z') return true;
    }
    return false;
}

const struct ask_protocol *ask_protocol(const char *name)
{
    static const struct ask_protocol protocols[] = {
        {"http", NULL, http_ask, http_is_whole},
        {"redis", NULL, redis_ask, redis_is_whole},
        {"postgres", postgres_greet, postgres_ask, postgres_is_whole}};
    for (size_t i = 0; i < sizeof protocols / sizeof *protocols; i++)
        if (strcmp(protocols[i].name, name) == 0) return &protocols[i];
    return NULL;
}
