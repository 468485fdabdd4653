#include "server/log.h"

#include "geo/base/clock.h"
#include "geo/base/jsonw.h"

#include <errno.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { BUFFER_BYTES = 256 * 1024, LINE_BYTES = 1024 };

struct log {
    int fd;
    enum app_log_format format;
    enum app_log_level level;
    pthread_mutex_t lock;
    pthread_cond_t filled;
    char *filling, *writing; /* two buffers that change places */
    size_t used;
    uint64_t dropped;
    bool stopping, idle; /* idle: all is written */
    pthread_t thread;
};

static const char *const levels[] = {"error", "warn", "info", "debug"};

static void write_all(int fd, const char *bytes, size_t len)
{
    while (len) {
        ssize_t n = write(fd, bytes, len);
        if (n < 0 && errno == EINTR) continue;
        if (n <= 0) return; /* nobody reads any more; there is nobody to tell either */
        bytes += n;
        len -= (size_t)n;
    }
}

static void *drain(void *argument)
{
    struct log *log = argument;
    pthread_mutex_lock(&log->lock);
    while (!log->stopping || log->used) {
        if (!log->used) {
            log->idle = true;
            pthread_cond_wait(&log->filled, &log->lock);
            continue;
        }
        char *full = log->filling;
        size_t len = log->used;
        log->filling = log->writing;
        log->writing = full;
        log->used = 0;
        log->idle = false;
        pthread_mutex_unlock(&log->lock);
        write_all(log->fd, full, len);
        pthread_mutex_lock(&log->lock);
    }
    pthread_mutex_unlock(&log->lock);
    return NULL;
}

enum err log_start(int fd, enum app_log_format format, enum app_log_level level, struct log **log)
{
    struct log *fresh = calloc(1, sizeof *fresh);
    if (!fresh) return ERR_NOMEM;
    fresh->fd = fd;
    fresh->format = format;
    fresh->level = level;
    fresh->filling = malloc(BUFFER_BYTES);
    fresh->writing = malloc(BUFFER_BYTES);
    pthread_mutex_init(&fresh->lock, NULL);
    pthread_cond_init(&fresh->filled, NULL);
    if (fresh->filling && fresh->writing &&
        pthread_create(&fresh->thread, NULL, drain, fresh) == 0) {
        *log = fresh;
        return ERR_OK;
    }
    free(fresh->filling);
    free(fresh->writing);
    free(fresh);
    return ERR_NOMEM;
}

void log_flush(struct log *log, int patience_ms)
{
    const struct timespec nap = {.tv_nsec = 1000000};
    for (int waited = 0; waited < patience_ms; waited++) {
        pthread_mutex_lock(&log->lock);
        bool written = log->idle && !log->used;
        pthread_mutex_unlock(&log->lock);
        if (written) return;
        (void)nanosleep(&nap, NULL);
    }
}

void log_stop(struct log *log)
{
    if (!log) return;
    pthread_mutex_lock(&log->lock);
    log->stopping = true;
    pthread_cond_signal(&log->filled);
    pthread_mutex_unlock(&log->lock);
    pthread_join(log->thread, NULL);
    pthread_cond_destroy(&log->filled);
    pthread_mutex_destroy(&log->lock);
    free(log->filling);
    free(log->writing);
    free(log);
}

static void append(struct log *log, const char *line, size_t len)
{
    char lost[96];
    pthread_mutex_lock(&log->lock);
    if (log->used + len + sizeof lost > BUFFER_BYTES) {
        log->dropped++;
    } else {
        if (log->dropped) {
            const char *format =
                log->format == APP_LOG_JSON
                    ? "{\"level\":\"warn\",\"msg\":\"%llu log lines were dropped\"}\n"
                    : "level=warn msg=\"%llu log lines were dropped\"\n";
            int n = snprintf(lost, sizeof lost, format, (unsigned long long)log->dropped);
            memcpy(log->filling + log->used, lost, (size_t)n);
            log->used += (size_t)n;
            log->dropped = 0;
        }
        memcpy(log->filling + log->used, line, len);
        log->used += len;
        pthread_cond_signal(&log->filled);
    }
    pthread_mutex_unlock(&log->lock);
}

/* One field of a line, in the format chosen. In logfmt text is quoted as in JSON, which every
 * reader of logfmt takes. */
static void put_text(const struct log *log, struct jsonw *json, const char *key, const char *value)
{
    if (log->format == APP_LOG_JSON) {
        jsonw_key_string(json, key, value);
        return;
    }
    buf_printf(json->buf, "%s%s=", json->buf->len ? " " : "", key);
    json->need_comma = false;
    jsonw_string(json, value);
}

static void put_word(const struct log *log, struct jsonw *json, const char *key, const char *value)
{
    if (log->format == APP_LOG_JSON)
        jsonw_key_string(json, key, value);
    else
        buf_printf(json->buf, "%s%s=%s", json->buf->len ? " " : "", key, value);
}

static void put_number(const struct log *log, struct jsonw *json, const char *key, double value,
                       int decimals)
{
    if (log->format == APP_LOG_JSON) {
        jsonw_key_number(json, key, value, decimals);
        return;
    }
    buf_printf(json->buf, " %s=", key);
    json->need_comma = false;
    jsonw_number(json, value, decimals);
}

static void line_begin(const struct log *log, struct buf *buf, struct jsonw *json,
                       enum app_log_level level)
{
    char time[CLOCK_TEXT_SIZE];
    (void)clock_text(clock_utc_ms(), time);
    buf_init(buf, 4 * LINE_BYTES);
    jsonw_init(json, buf);
    if (log->format == APP_LOG_JSON) jsonw_object(json);
    put_word(log, json, "time", time);
    put_word(log, json, "level", levels[level]);
}

static void line_end(struct log *log, struct buf *buf, struct jsonw *json)
{
    if (log->format == APP_LOG_JSON) jsonw_object_end(json);
    buf_putc(buf, '\n');
    if (!buf->err) append(log, buf->bytes, buf->len);
    buf_fini(buf);
}

void log_request(struct log *log, const struct log_request *line)
{
    struct buf buf;
    struct jsonw json;
    enum app_log_level level = line->status < 500    ? APP_LOG_INFO
                               : line->status == 503 ? APP_LOG_WARN
                                                     : APP_LOG_ERROR;
    if (log->level < level) return;
    line_begin(log, &buf, &json, level);
    put_word(log, &json, "id", line->id);
    put_word(log, &json, "method", line->method);
    put_word(log, &json, "route", line->route);
    put_number(log, &json, "status", line->status, 0);
    put_number(log, &json, "ms", line->ms, 3);
    put_number(log, &json, "in", (double)line->bytes_in, 0);
    put_number(log, &json, "out", (double)line->bytes_out, 0);
    if (line->problem[0]) put_word(log, &json, "problem", line->problem);
    if (line->cause[0]) put_text(log, &json, "cause", line->cause);
    line_end(log, &buf, &json);
}

void log_say(struct log *log, enum app_log_level level, const char *format, ...)
{
    char text[LINE_BYTES];
    struct buf buf;
    struct jsonw json;
    va_list args;
    if (level > log->level) return;
    va_start(args, format);
    (void)vsnprintf(text, sizeof text, format, args);
    va_end(args);
    line_begin(log, &buf, &json, level);
    put_text(log, &json, "msg", text);
    line_end(log, &buf, &json);
}
