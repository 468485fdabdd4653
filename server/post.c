#include "server/post.h"

#include "server/inward.h"

#include <curl/curl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

enum { CONNECT_S = 5, KEEP_CONNECTIONS = 64 };

struct post {
    CURLM *multi;
    bool inside;
    struct letter *first;
};

struct letter {
    struct post *post;
    struct letter *previous, *next;
    CURL *easy;
    struct curl_slist *headers;
    void *user;
    size_t answered; /* bytes */
    char *answer;    /* they, where they are kept */
    bool keep;
    bool is_inward; /* it would have gone where it must not */
    char error[CURL_ERROR_SIZE];
};

enum err post_init(void)
{
    return curl_global_init(CURL_GLOBAL_DEFAULT) ? ERR_SYSTEM : ERR_OK;
}

void post_fini(void)
{
    curl_global_cleanup();
}

/* ---- addresses ---- */

static bool has_part(CURLU *url, CURLUPart part)
{
    char *text = NULL;
    bool there = curl_url_get(url, part, &text, 0) == CURLUE_OK && text && *text;
    curl_free(text);
    return there;
}

static enum err check_parts(CURLU *url, bool inside, struct why *why)
{
    char *scheme = NULL;
    if (curl_url_get(url, CURLUPART_SCHEME, &scheme, 0) || !scheme)
        return err_say(why, ERR_INVALID, "must begin with https://");
    bool taken = strcmp(scheme, "https") == 0 || (inside && strcmp(scheme, "http") == 0);
    curl_free(scheme);
    if (!taken) return err_say(why, ERR_INVALID, "must begin with https://");
    if (has_part(url, CURLUPART_USER) || has_part(url, CURLUPART_PASSWORD))
        return err_say(why, ERR_INVALID, "must not hold a user or a password");
    if (has_part(url, CURLUPART_FRAGMENT))
        return err_say(why, ERR_INVALID, "must not have a part behind #");
    return has_part(url, CURLUPART_HOST) ? ERR_OK : err_say(why, ERR_INVALID, "names no host");
}

enum err post_check(const char *url, bool inside, struct why *why)
{
    CURLU *parsed = curl_url();
    if (!parsed) return ERR_NOMEM;
    enum err e = strspn(url, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
                             "-._~:/?#[]@!$&'()*+,;=%") == strlen(url)
                     ? ERR_OK
                     : err_say(why, ERR_INVALID, "holds characters that addresses do not have");
    if (!e && curl_url_set(parsed, CURLUPART_URL, url, 0))
        e = err_say(why, ERR_INVALID, "is not an address");
    if (!e) e = check_parts(parsed, inside, why);
    curl_url_cleanup(parsed);
    return e;
}

/* The host's name has been looked up by now: whatever it was called, this is where it leads. */
static curl_socket_t on_open(void *user, curlsocktype purpose, struct curl_sockaddr *to)
{
    struct letter *letter = user;
    (void)purpose;
    if (!letter->post->inside && inward_is(&to->addr)) {
        letter->is_inward = true;
        return CURL_SOCKET_BAD;
    }
    return socket(to->family, to->socktype | SOCK_CLOEXEC, to->protocol);
}

/* NOLINTNEXTLINE(readability-non-const-parameter): as libcurl wants it */
static size_t on_answer(char *bytes, size_t size, size_t n, void *user)
{
    struct letter *letter = user;
    size_t before = letter->answered, more = size * n;
    letter->answered += more;
    if (letter->answered > POST_ANSWER_BYTES) return 0; /* which breaks it off */
    if (!letter->keep || !more) return more;
    char *longer = realloc(letter->answer, letter->answered);
    if (!longer) return 0;
    memcpy(longer + before, bytes, more);
    letter->answer = longer;
    return more;
}

/* ---- letters ---- */

enum err post_new(bool inside, struct post **post)
{
    struct post *fresh = calloc(1, sizeof *fresh);
    if (!fresh) return ERR_NOMEM;
    fresh->inside = inside;
    fresh->multi = curl_multi_init();
    if (!fresh->multi) {
        free(fresh);
        return ERR_NOMEM;
    }
    (void)curl_multi_setopt(fresh->multi, CURLMOPT_MAXCONNECTS, (long)KEEP_CONNECTIONS);
    *post = fresh;
    return ERR_OK;
}

static void letter_free(struct letter *letter)
{
    curl_easy_cleanup(letter->easy);
    curl_slist_free_all(letter->headers);
    free(letter->answer);
    free(letter);
}

static void take_out(struct letter *letter)
{
    struct post *post = letter->post;
    (void)curl_multi_remove_handle(post->multi, letter->easy);
    if (letter->previous)
        letter->previous->next = letter->next;
    else
        post->first = letter->next;
    if (letter->next) letter->next->previous = letter->previous;
}

void post_free(struct post *post)
{
    if (!post) return;
    for (struct letter *letter = post->first, *next; letter; letter = next) {
        next = letter->next;
        (void)curl_multi_remove_handle(post->multi, letter->easy);
        letter_free(letter);
    }
    (void)curl_multi_cleanup(post->multi);
    free(post);
}

static bool add_headers(struct letter *letter, const struct post_letter *from)
{
    for (size_t i = 0; i < POST_HEADERS_MAX && from->headers[i]; i++) {
        struct curl_slist *longer = curl_slist_append(letter->headers, from->headers[i]);
        if (!longer) return false;
        letter->headers = longer;
    }
    return true;
}

static bool set_up(struct letter *letter, const struct post_letter *from)
{
    CURL *easy = letter->easy;
    CURLcode bad = curl_easy_setopt(easy, CURLOPT_URL, from->url);
    bad |= curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR,
                            letter->post->inside ? "http,https" : "https");
    if (from->body) {
        bad |= curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)from->len);
        bad |= curl_easy_setopt(easy, CURLOPT_COPYPOSTFIELDS, from->body);
    }
    bad |= curl_easy_setopt(easy, CURLOPT_HTTPHEADER, letter->headers);
    bad |= curl_easy_setopt(easy, CURLOPT_USERAGENT, "Yizhan");
    bad |= curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L);
    bad |= curl_easy_setopt(easy, CURLOPT_PROXY, "");
    bad |= curl_easy_setopt(easy, CURLOPT_TIMEOUT, (long)POST_PATIENCE_S);
    bad |= curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT, (long)CONNECT_S);
    bad |= curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    /* A name that nobody answers for is not waited for longer than that: the others would, too. */
    bad |= curl_easy_setopt(easy, CURLOPT_QUICK_EXIT, 1L);
    bad |= curl_easy_setopt(easy, CURLOPT_OPENSOCKETFUNCTION, on_open);
    bad |= curl_easy_setopt(easy, CURLOPT_OPENSOCKETDATA, letter);
    bad |= curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, on_answer);
    bad |= curl_easy_setopt(easy, CURLOPT_WRITEDATA, letter);
    bad |= curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, letter->error);
    bad |= curl_easy_setopt(easy, CURLOPT_PRIVATE, letter);
    return bad == CURLE_OK;
}

enum err post_send(struct post *post, const struct post_letter *letter)
{
    struct letter *copy = calloc(1, sizeof *copy);
    if (!copy) return ERR_NOMEM;
    copy->post = post;
    copy->user = letter->user;
    copy->keep = letter->keep;
    copy->easy = curl_easy_init();
    if (!copy->easy || !add_headers(copy, letter) || !set_up(copy, letter) ||
        curl_multi_add_handle(post->multi, copy->easy)) {
        letter_free(copy);
        return ERR_NOMEM;
    }
    copy->next = post->first;
    if (copy->next) copy->next->previous = copy;
    post->first = copy;
    return ERR_OK;
}

/* An answer that is broken off because it is long has a status all the same. */
static void judge(const struct letter *letter, CURLcode result, struct post_outcome *outcome)
{
    long status = 0;
    *outcome = (struct post_outcome){.user = letter->user};
    (void)curl_easy_getinfo(letter->easy, CURLINFO_RESPONSE_CODE, &status);
    bool answered = result == CURLE_OK || (result == CURLE_WRITE_ERROR && status);
    if (answered) {
        outcome->status = (int)status;
        if (result == CURLE_OK) outcome->answer = letter->answer;
        outcome->answer_len = outcome->answer ? letter->answered : 0;
        return;
    }
    const char *error = letter->is_inward
                            ? "the host lies on a private network, which is not called"
                        : letter->error[0] ? letter->error
                                           : curl_easy_strerror(result);
    (void)snprintf(outcome->error, sizeof outcome->error, "%.*s", POST_ERROR_SIZE - 1, error);
}

enum err post_run(struct post *post, int wait_ms,
                  void (*done)(void *context, const struct post_outcome *outcome), void *context)
{
    int running = 0, left = 0;
    if (curl_multi_poll(post->multi, NULL, 0, wait_ms, NULL) ||
        curl_multi_perform(post->multi, &running))
        return ERR_SYSTEM;
    for (CURLMsg *message; (message = curl_multi_info_read(post->multi, &left));) {
        struct letter *letter = NULL;
        struct post_outcome outcome;
        if (message->msg != CURLMSG_DONE) continue;
        CURLcode result = message->data.result;
        (void)curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, (char **)&letter);
        judge(letter, result, &outcome);
        take_out(letter);
        done(context, &outcome);
        letter_free(letter);
    }
    return ERR_OK;
}

void post_wake(struct post *post)
{
    (void)curl_multi_wakeup(post->multi);
}
