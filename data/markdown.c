#include "data/markdown.h"

#include "geo/base/text.h"

#include <cmark.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

static const int options = CMARK_OPT_VALIDATE_UTF8 | CMARK_OPT_SAFE;

static enum err parse(const char *text, size_t len, cmark_node **root)
{
    *root = cmark_parse_document(text, len, options);
    return *root ? ERR_OK : ERR_NOMEM;
}

/* ---- what may be linked to ------------------------------------------------------------------- */

bool markdown_is_web(const char *url)
{
    size_t scheme = strncasecmp(url, "https://", 8) == 0  ? 8
                    : strncasecmp(url, "http://", 7) == 0 ? 7
                                                          : 0;
    if (!scheme || !url[scheme] || strchr("/?#", url[scheme])) return false;
    for (const char *c = url; *c; c++)
        if (*c <= ' ' || *c > '~') return false;
    return true;
}

/* The id of a picture of ours in "/v1/pictures/ID", "…/middle" or "…/thumb". */
static bool picture_of(const char *url, char id[SECRETS_ID_SIZE])
{
    static const char folder[] = "/v1/pictures/";
    if (strncmp(url, folder, sizeof folder - 1) != 0) return false;
    const char *rest = url + sizeof folder - 1;
    size_t n = strcspn(rest, "/");
    if (n != SECRETS_ID_SIZE - 1) return false;
    memcpy(id, rest, n);
    id[n] = '\0';
    bool known = !rest[n] || strcmp(rest + n, "/middle") == 0 || strcmp(rest + n, "/thumb") == 0;
    return known && secrets_is_public_id(id);
}

static bool may_stay(cmark_node *node, const struct markdown_pictures *pictures)
{
    const char *url = cmark_node_get_url(node);
    char id[SECRETS_ID_SIZE];
    if (!url) return false;
    bool is_link = cmark_node_get_type(node) == CMARK_NODE_LINK;
    if (is_link && markdown_is_web(url)) return true;
    return picture_of(url, id) && (is_link || (pictures && pictures->may(pictures->user, id)));
}

/* ---- cleaning -------------------------------------------------------------------------------- */

/* What is in it stays in its place. */
static void unwrap(cmark_node *node)
{
    for (cmark_node *child; (child = cmark_node_first_child(node));) {
        cmark_node_unlink(child);
        cmark_node_insert_before(node, child);
    }
    cmark_node_free(node);
}

/* A tree may be changed at the end of a node, and at a leaf: the iterator is past them by then. */
static enum err clean(cmark_node *root, const struct markdown_pictures *pictures)
{
    cmark_iter *iter = cmark_iter_new(root);
    if (!iter) return ERR_NOMEM;
    for (cmark_event_type event; (event = cmark_iter_next(iter)) != CMARK_EVENT_DONE;) {
        cmark_node *node = cmark_iter_get_node(iter);
        switch (cmark_node_get_type(node)) {
        case CMARK_NODE_HTML_BLOCK:
        case CMARK_NODE_HTML_INLINE:
            cmark_node_free(node);
            break;
        case CMARK_NODE_CODE_BLOCK: /* else a class of somebody's choice */
            (void)cmark_node_set_fence_info(node, "");
            break;
        case CMARK_NODE_LINK:
        case CMARK_NODE_IMAGE:
            if (event == CMARK_EVENT_EXIT && !may_stay(node, pictures)) unwrap(node);
            break;
        default:
            break;
        }
    }
    cmark_iter_free(iter);
    return ERR_OK;
}

enum err markdown_html(const char *text, size_t len, const struct markdown_pictures *pictures,
                       struct buf *html)
{
    cmark_node *root;
    enum err e = parse(text, len, &root);
    if (e) return e;
    e = clean(root, pictures);
    char *made = e ? NULL : cmark_render_html(root, options);
    if (!e && !made) e = ERR_NOMEM;
    if (!e) {
        buf_put(html, made, strlen(made));
        e = html->err;
    }
    free(made);
    cmark_node_free(root);
    return e;
}

/* ---- words ----------------------------------------------------------------------------------- */

struct saying {
    struct buf *words;
    size_t left;
    bool blank, any; /* a blank is owed before the next word; there was one */
};

/* Characters up to the bound, white space as single blanks. */
static void say(struct saying *s, const char *text)
{
    size_t len = strlen(text), step;
    for (size_t i = 0; i < len && s->left; i += step) {
        step = text_utf8_len(text + i, len - i);
        if (!step) step = 1;
        if (strchr(" \t\r\n", text[i])) {
            s->blank = true;
            continue;
        }
        if (s->blank && s->any) {
            buf_putc(s->words, ' ');
            s->left--;
        }
        s->blank = false;
        if (s->left <= 1) {
            if (s->left) buf_put(s->words, "…", strlen("…"));
            s->left = 0;
            break;
        }
        buf_put(s->words, text + i, step);
        s->any = true;
        s->left--;
    }
}

enum err markdown_words(const char *text, size_t len, size_t max, struct buf *words)
{
    struct saying s = {.words = words, .left = max};
    cmark_node *root;
    enum err e = parse(text, len, &root);
    if (e) return e;
    cmark_iter *iter = cmark_iter_new(root);
    if (!iter) e = ERR_NOMEM;
    while (!e && cmark_iter_next(iter) != CMARK_EVENT_DONE) {
        cmark_node *node = cmark_iter_get_node(iter);
        cmark_node_type type = cmark_node_get_type(node);
        if (type == CMARK_NODE_TEXT || type == CMARK_NODE_CODE || type == CMARK_NODE_CODE_BLOCK)
            say(&s, cmark_node_get_literal(node));
        else if (type <= CMARK_NODE_LAST_BLOCK || type == CMARK_NODE_SOFTBREAK ||
                 type == CMARK_NODE_LINEBREAK)
            s.blank = true;
    }
    if (iter) cmark_iter_free(iter);
    cmark_node_free(root);
    return e ? e : words->err;
}

/* ---- checking -------------------------------------------------------------------------------- */

/* Of lists, quotations and emphasis, which all have a beginning and an end. */
static size_t depth_of(cmark_iter *iter)
{
    size_t depth = 0, deepest = 0;
    for (cmark_event_type event; (event = cmark_iter_next(iter)) != CMARK_EVENT_DONE;) {
        cmark_node_type type = cmark_node_get_type(cmark_iter_get_node(iter));
        if (type != CMARK_NODE_BLOCK_QUOTE && type != CMARK_NODE_LIST && type != CMARK_NODE_EMPH &&
            type != CMARK_NODE_STRONG)
            continue;
        if (event == CMARK_EVENT_EXIT)
            depth--;
        else if (++depth > deepest)
            deepest = depth;
    }
    return deepest;
}

enum err markdown_check(const char *text, size_t len, struct why *why)
{
    cmark_node *root;
    if (text_utf8_count(text, len) > MARKDOWN_MAX)
        return err_say(why, ERR_LIMIT, "must have at most %d characters", MARKDOWN_MAX);
    enum err e = parse(text, len, &root);
    if (e) return e;
    cmark_iter *iter = cmark_iter_new(root);
    size_t depth = iter ? depth_of(iter) : 0;
    if (!iter) e = ERR_NOMEM;
    if (iter) cmark_iter_free(iter);
    cmark_node_free(root);
    if (!e && depth > MARKDOWN_DEPTH)
        return err_say(why, ERR_LIMIT, "nests lists, quotations and emphasis more than %d deep",
                       MARKDOWN_DEPTH);
    return e;
}
