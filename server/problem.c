#include "server/problem.h"

#include "geo/base/text.h"
#include "server/tree.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static const struct {
    int status;
    const char *type, *title, *osrm;
} kinds[] = {
#define PROBLEM_ROW(name, status, type, title, osrm) {status, type, title, osrm},
    PROBLEM_LIST(PROBLEM_ROW)
#undef PROBLEM_ROW
};

/* What each error means when a handler returns it without having said more itself. The flag tells
 * whether the sentence that came with it is about the client's input and may be shown. */
static const struct {
    enum problem_kind kind;
    bool show;
} from_err[ERR_COUNT] = {
    [ERR_OK] = {PROBLEM_NONE, false},
    [ERR_NOMEM] = {PROBLEM_UNAVAILABLE, false},
    [ERR_IO] = {PROBLEM_INTERNAL, false},
    [ERR_FULL] = {PROBLEM_STORAGE, false},
    [ERR_READONLY] = {PROBLEM_STORAGE, false},
    [ERR_NOTFOUND] = {PROBLEM_NOT_FOUND, true},
    [ERR_INVALID] = {PROBLEM_VALUE, true},
    [ERR_RANGE] = {PROBLEM_VALUE, true},
    [ERR_LIMIT] = {PROBLEM_TOO_LARGE, true},
    [ERR_FORMAT] = {PROBLEM_CONTENT, true},
    [ERR_VERSION] = {PROBLEM_INTERNAL, false},
    [ERR_CHECKSUM] = {PROBLEM_INTERNAL, false},
    [ERR_TRUNCATED] = {PROBLEM_CONTENT, true},
    [ERR_UNSUPPORTED] = {PROBLEM_MEDIA, true},
    [ERR_BUSY] = {PROBLEM_UNAVAILABLE, false},
    [ERR_LOCKED] = {PROBLEM_UNAVAILABLE, false},
    [ERR_CONFLICT] = {PROBLEM_CONFLICT, true},
    [ERR_DENIED] = {PROBLEM_FORBIDDEN, true},
    [ERR_UNREACHABLE] = {PROBLEM_NO_ROUTE, true},
    [ERR_NOSEGMENT] = {PROBLEM_NO_ROAD, true},
    [ERR_TIMEOUT] = {PROBLEM_UNAVAILABLE, false},
    [ERR_CANCELLED] = {PROBLEM_UNAVAILABLE, false},
    [ERR_DB] = {PROBLEM_INTERNAL, false},
    [ERR_SYSTEM] = {PROBLEM_INTERNAL, false},
};

void problem_tell(struct problem *problem, enum problem_kind kind, const char *parameter,
                  const char *format, ...)
{
    if (problem->kind != PROBLEM_NONE) return;
    va_list args;
    va_start(args, format);
    (void)vsnprintf(problem->detail, sizeof problem->detail, format, args);
    va_end(args);
    problem->kind = kind;
    if (parameter) (void)text_copy(problem->parameter, sizeof problem->parameter, parameter);
    if (kind == PROBLEM_UNAVAILABLE && !problem->retry_after_s) problem->retry_after_s = 1;
}

enum err problem_from_err(struct problem *problem, enum err e, const struct why *why)
{
    if (e == ERR_OK) return e;
    bool show = why && why->text[0] && from_err[e].show;
    if (why && !show && !problem->kind)
        (void)text_copy(problem->cause, sizeof problem->cause, why->text);
    problem_tell(problem, from_err[e].kind, NULL, "%s", show ? why->text : err_text(e));
    return e;
}

const char *problem_name(const struct problem *problem)
{
    return kinds[problem->kind].type;
}

int problem_status(const struct problem *problem, enum problem_shape shape)
{
    int status = kinds[problem->kind].status;
    bool plain = status == 413 || status == 414 || status == 429 || status == 431;
    if (shape == PROBLEM_OSRM && status > 400 && (status < 500 || status == 501) && !plain)
        return 400;
    /* GeoReport v2 knows 403 for keys, 404 for what is not there and 400 for what is wrong. */
    if (shape == PROBLEM_OPEN311 && status == 401) return 403;
    if (shape == PROBLEM_OPEN311 && status == 422) return 400;
    return status;
}

enum {
    MESSAGE_SIZE = sizeof((struct problem *)0)->parameter + sizeof((struct problem *)0)->detail + 2
};

/* The culprit and what is wrong with it, in a line. */
static void write_message(const struct problem *problem, char message[MESSAGE_SIZE])
{
    bool named = !problem->parameter[0] || strstr(problem->detail, problem->parameter);
    (void)snprintf(message, MESSAGE_SIZE, "%s%s%s", named ? "" : problem->parameter,
                   named ? "" : ": ", problem->detail);
}

void problem_write_tree(const struct problem *problem, struct tree *tree)
{
    char message[MESSAGE_SIZE];
    write_message(problem, message);
    tree_list(tree, "errors");
    tree_record(tree, "error");
    tree_int(tree, "code", problem_status(problem, PROBLEM_OPEN311));
    tree_text(tree, "description", message[0] ? message : kinds[problem->kind].title);
    tree_end(tree);
    tree_end(tree);
}

static void write_culprit(const struct problem *problem, struct jsonw *json)
{
    jsonw_key(json, "errors");
    jsonw_array(json);
    jsonw_object(json);
    jsonw_key_string(json, "parameter", problem->parameter);
    jsonw_key_string(json, "detail", problem->detail);
    jsonw_object_end(json);
    jsonw_array_end(json);
}

void problem_write(const struct problem *problem, enum problem_shape shape, const char *instance,
                   struct jsonw *json)
{
    char text[96];
    jsonw_object(json);
    if (shape == PROBLEM_OSRM) {
        char message[MESSAGE_SIZE];
        write_message(problem, message);
        jsonw_key_string(json, "code", kinds[problem->kind].osrm);
        jsonw_key_string(json, "message", message);
        jsonw_object_end(json);
        return;
    }
    (void)snprintf(text, sizeof text, "urn:yizhan:problem:%s", kinds[problem->kind].type);
    jsonw_key_string(json, "type", text);
    jsonw_key_string(json, "title", kinds[problem->kind].title);
    jsonw_key_int(json, "status", kinds[problem->kind].status);
    jsonw_key_string(json, "detail", problem->detail);
    if (instance) {
        (void)snprintf(text, sizeof text, "urn:yizhan:request:%s", instance);
        jsonw_key_string(json, "instance", text);
    }
    if (problem->parameter[0]) write_culprit(problem, json);
    if (problem->present) {
        jsonw_key(json, "present");
        jsonw_raw(json, problem->present, strlen(problem->present));
    }
    jsonw_object_end(json);
}
