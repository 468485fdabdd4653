#include "server/api/ogc_html.h"

#include "geo/base/text.h"
#include "server/api/ogc_words.h"

#include <string.h>

enum { DEPTH_MAX = 24, COLUMNS_MAX = 40 };

/* A stretch of the document. */
struct slice {
    const char *at, *end;
};

struct writing {
    struct buf *out;
    const struct ogc_page *page;
    int depth;
};

static void put_value(struct writing *w, struct slice key, struct slice value);

/* --- reading what jsonw wrote: no white space, well-formed --- */

static struct slice as_slice(const char *text)
{
    return (struct slice){text, text + strlen(text)};
}

static bool same(struct slice a, const char *word)
{
    size_t len = (size_t)(a.end - a.at);
    return strlen(word) == len && memcmp(a.at, word, len) == 0;
}

static const char *string_end(const char *at, const char *end)
{
    for (at++; at < end && *at != '"'; at++)
        if (*at == '\\') at++;
    return at < end ? at + 1 : end;
}

static const char *value_end(const char *at, const char *end)
{
    int depth = 0;
    while (at < end) {
        if (*at == '"') {
            at = string_end(at, end);
        } else if (*at == '{' || *at == '[') {
            depth++;
            at++;
        } else if (*at == '}' || *at == ']') {
            if (depth == 0) return at;
            depth--;
            at++;
        } else if (*at == ',' && depth == 0) {
            return at;
        } else {
            at++;
        }
        if (depth == 0 && (at == end || strchr(",]}", *at))) return at;
    }
    return end;
}

/* What is inside of the brackets of an object or array. */
static struct slice inside(struct slice value)
{
    return (struct slice){value.at + 1, value.end - 1};
}

static bool next_item(struct slice *rest, struct slice *item)
{
    if (rest->at < rest->end && *rest->at == ',') rest->at++;
    if (rest->at >= rest->end) return false;
    item->at = rest->at;
    item->end = rest->at = value_end(rest->at, rest->end);
    return item->end > item->at; /* a bracket that closes nothing ends it */
}

/* The key without its quotes. */
static bool next_member(struct slice *rest, struct slice *key, struct slice *value)
{
    if (rest->at < rest->end && *rest->at == ',') rest->at++;
    if (rest->at >= rest->end || *rest->at != '"') return false;
    const char *end = string_end(rest->at, rest->end);
    *key = (struct slice){rest->at + 1, end - 1};
    if (end >= rest->end || *end != ':') return false;
    value->at = end + 1;
    value->end = rest->at = value_end(end + 1, rest->end);
    return true;
}

static bool member(struct slice object, const char *name, struct slice *found)
{
    struct slice rest = inside(object), key;
    while (next_member(&rest, &key, found))
        if (same(key, name)) return true;
    return false;
}

/* --- writing --- */

static void put(struct writing *w, const char *html)
{
    buf_puts(w->out, html);
}

static void put_char(struct buf *out, char c)
{
    static const char *const names[] = {"&amp;", "&lt;", "&gt;", "&quot;", "&#39;"};
    const char *special = "&<>\"'", *found = c ? strchr(special, c) : NULL;
    if (found)
        buf_puts(out, names[found - special]);
    else
        buf_putc(out, c);
}

static void put_text(struct writing *w, struct slice text)
{
    for (const char *at = text.at; at < text.end; at++)
        put_char(w->out, *at);
}

/* A JSON string: jsonw escapes quotes, backslashes and controls, nothing else. */
static void put_string(struct writing *w, struct slice value)
{
    struct slice text = inside(value);
    for (const char *at = text.at; at < text.end; at++) {
        bool escaped = *at == '\\';
        at += escaped;
        if (!escaped || (at < text.end && (*at == '"' || *at == '\\' || *at == '/'))) {
            put_char(w->out, *at);
        } else {
            buf_putc(w->out, ' ');
            if (*at == 'u') at += 4;
        }
    }
}

static void put_word(struct writing *w, struct slice key)
{
    const char *label = ogc_words_label(key.at, (size_t)(key.end - key.at), w->page->lang);
    put_text(w, label ? as_slice(label) : key);
}

static void put_label(struct writing *w, struct slice key)
{
    if (w->page->as_named)
        put_text(w, key);
    else
        put_word(w, key);
}

static void put_scalar(struct writing *w, struct slice key, struct slice value)
{
    if (*value.at != '"') {
        put_text(w, value);
        return;
    }
    struct slice code = inside(value);
    const char *word =
        ogc_words_value(w->page->tools->service->categories, key.at, (size_t)(key.end - key.at),
                        code.at, (size_t)(code.end - code.at), w->page->lang);
    if (word)
        put_text(w, as_slice(word));
    else
        put_string(w, value);
}

/* Numbers in one line; what is longer below one another. */
static void put_array(struct writing *w, struct slice key, struct slice value)
{
    struct slice rest = inside(value), item;
    bool first = true, numbers = rest.at == rest.end || !strchr("\"{[", *rest.at);
    if (!numbers) put(w, "<ul>");
    while (next_item(&rest, &item)) {
        if (numbers && !first) put(w, ", ");
        if (!numbers) put(w, "<li>");
        put_value(w, key, item);
        if (!numbers) put(w, "</li>");
        first = false;
    }
    if (!numbers) put(w, "</ul>");
}

static void put_links(struct writing *w, struct slice links)
{
    struct slice rest = inside(links), link, href, title, rel, type;
    put(w, "<ul class=\"links\">");
    while (next_item(&rest, &link)) {
        if (!member(link, "href", &href) || !member(link, "rel", &rel) ||
            !member(link, "title", &title))
            continue;
        put(w, "<li><a rel=\"");
        put_string(w, rel);
        put(w, "\" href=\"");
        put_string(w, href);
        put(w, "\">");
        put_string(w, title);
        put(w, "</a> <small>");
        put_string(w, rel);
        if (member(link, "type", &type)) {
            put(w, ", ");
            put_string(w, type);
        }
        put(w, "</small></li>");
    }
    put(w, "</ul>");
}

/* Coordinates of a point in a line; those of an outline to be unfolded. */
static void put_geometry(struct writing *w, struct slice geometry)
{
    struct slice type, coordinates;
    if (*geometry.at != '{' || !member(geometry, "type", &type) ||
        !member(geometry, "coordinates", &coordinates)) {
        put_text(w, geometry);
        return;
    }
    bool is_long = coordinates.end - coordinates.at > 100;
    if (is_long) put(w, "<details><summary>");
    put_string(w, type);
    put(w, is_long ? "</summary><code>" : " ");
    put_text(w, coordinates);
    if (is_long) put(w, "</code></details>");
}

/* The properties that any of these features has, in the order of their first appearance. */
static size_t find_columns(struct slice features, struct slice columns[COLUMNS_MAX])
{
    struct slice rest = inside(features), feature, properties, key, value;
    size_t count = 0;
    while (next_item(&rest, &feature)) {
        if (!member(feature, "properties", &properties)) continue;
        properties = inside(properties);
        while (next_member(&properties, &key, &value)) {
            size_t i = 0, len = (size_t)(key.end - key.at);
            while (i < count && ((size_t)(columns[i].end - columns[i].at) != len ||
                                 memcmp(columns[i].at, key.at, len) != 0))
                i++;
            if (i == count && count < COLUMNS_MAX) columns[count++] = key;
        }
    }
    return count;
}

/* The address of a feature's own page. */
static void put_item_link(struct writing *w, struct slice id)
{
    const struct request *request = w->page->request;
    const char *lang = request_query(request, "lang");
    put(w, "<a href=\"");
    put_text(w, as_slice(w->page->base));
    put_text(w, as_slice(request->path + strlen("/ogc")));
    put(w, "/");
    put_text(w, id);
    put(w, lang ? "?lang=" : "");
    put_text(w, as_slice(lang ? lang : ""));
    put(w, "\">");
    put_text(w, id);
    put(w, "</a>");
}

static void put_feature_row(struct writing *w, struct slice feature, const struct slice *columns,
                            size_t count)
{
    struct slice id, geometry, properties, rest, key, value;
    put(w, "<tr><td>");
    if (member(feature, "id", &id)) put_item_link(w, id);
    put(w, "</td>");
    bool some = member(feature, "properties", &properties);
    for (size_t i = 0; i < count; i++) {
        put(w, "<td>");
        rest = some ? inside(properties) : (struct slice){"", ""};
        while (next_member(&rest, &key, &value))
            if (key.end - key.at == columns[i].end - columns[i].at &&
                memcmp(key.at, columns[i].at, (size_t)(key.end - key.at)) == 0)
                put_value(w, key, value);
        put(w, "</td>");
    }
    put(w, "<td>");
    if (member(feature, "geometry", &geometry)) put_geometry(w, geometry);
    put(w, "</td></tr>");
}

static void put_features(struct writing *w, struct slice features)
{
    struct slice columns[COLUMNS_MAX], rest = inside(features), feature;
    size_t count = find_columns(features, columns);
    if (rest.at == rest.end) {
        put(w, ogc_page_say(w->page, "没有符合条件的要素", "No feature is selected"));
        return;
    }
    put(w, "<table class=\"features\"><thead><tr><th>");
    put_label(w, as_slice("id"));
    put(w, "</th>");
    for (size_t i = 0; i < count; i++) {
        put(w, "<th>");
        put_label(w, columns[i]);
        put(w, "</th>");
    }
    put(w, "<th>");
    put_label(w, as_slice("geometry"));
    put(w, "</th></tr></thead><tbody>");
    while (next_item(&rest, &feature))
        put_feature_row(w, feature, columns, count);
    put(w, "</tbody></table>");
}

/* Features stand above all else that is said of them. */
static void put_object(struct writing *w, struct slice value)
{
    struct slice rest = inside(value), key, of;
    bool has_features = member(value, "features", &of) && *of.at == '[';
    if (has_features) put_features(w, of);
    put(w, "<table>");
    while (next_member(&rest, &key, &of)) {
        if (has_features && same(key, "features")) continue;
        put(w, "<tr><th>");
        put_label(w, key);
        put(w, "</th><td>");
        put_value(w, key, of);
        put(w, "</td></tr>");
    }
    put(w, "</table>");
}

static void put_value(struct writing *w, struct slice key, struct slice value)
{
    if (value.at >= value.end || w->depth >= DEPTH_MAX) {
        if (!w->out->err) w->out->err = ERR_FORMAT;
        return;
    }
    w->depth++;
    if (same(key, "links") && *value.at == '[')
        put_links(w, value);
    else if (same(key, "geometry"))
        put_geometry(w, value);
    else if (*value.at == '{')
        put_object(w, value);
    else if (*value.at == '[')
        put_array(w, key, value);
    else
        put_scalar(w, key, value);
    w->depth--;
}

/* Where this page lies: a link for each part of its path. */
static void put_crumbs(struct writing *w)
{
    const char *path = w->page->request->path + 1, *lang = request_query(w->page->request, "lang");
    const char *rest = path, *part;
    size_t len;
    put(w, "<nav>");
    while (request_next(&rest, '/', &part, &len)) {
        if (!len) continue;
        struct slice whole = {path + strlen("ogc"), part + len};
        if (part != path) put(w, " / ");
        put(w, "<a href=\"");
        put_text(w, as_slice(w->page->base));
        put_text(w, whole);
        put(w, lang ? "?lang=" : "");
        put_text(w, as_slice(lang ? lang : ""));
        put(w, "\">");
        put_word(w, (struct slice){part, part + len});
        put(w, "</a>");
    }
    put(w, "</nav>");
}

/* Relative, so that it is of the same origin by whatever name the page was asked for. */
static void put_way_to_style(struct writing *w)
{
    int depth = -2; /* of the page's folder below /ogc/ */
    for (const char *at = w->page->request->path; *at; at++)
        depth += *at == '/';
    if (depth < 0) put(w, "ogc/");
    for (; depth > 0; depth--)
        put(w, "../");
}

void ogc_html_write(const struct ogc_page *page, const char *json, size_t len, struct buf *out)
{
    struct writing w = {out, page, 0};
    if (len < 2 || json[0] != '{' || json[len - 1] != '}') {
        out->err = ERR_FORMAT;
        return;
    }
    put(&w, "<!doctype html>\n<html lang=\"");
    put(&w, ogc_page_say(page, "zh-CN", "en"));
    put(&w, "\">\n<head><meta charset=\"utf-8\">"
            "<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\"><title>");
    put_text(&w, as_slice(page->title));
    put(&w, "</title><link rel=\"stylesheet\" href=\"");
    put_way_to_style(&w);
    put(&w, "style.css\"></head>\n<body>\n");
    put_crumbs(&w);
    put(&w, "\n<h1>");
    put_text(&w, as_slice(page->title));
    put(&w, "</h1>\n");
    put_object(&w, (struct slice){json, json + len});
    put(&w, "\n</body>\n</html>\n");
}

enum err ogc_html_style(struct request *request, struct response *response, struct tools *tools)
{
    static const char style[] =
        "body{font:16px/1.5 system-ui,sans-serif;margin:1rem auto;max-width:80rem;padding:0 1rem;"
        "color:#1c2430;background:#fff}nav,small{color:#5a6472}a{color:#1257b0}"
        "h1{font-size:1.5rem;margin:.5rem 0}table{border-collapse:collapse}"
        "th,td{text-align:left;vertical-align:top;padding:.25rem .75rem .25rem 0;"
        "border-bottom:1px solid #dde2e8;overflow-wrap:break-word}"
        "th{font-weight:600;white-space:nowrap}ul{list-style:none;margin:0;padding:0}"
        ".features{display:block;overflow-x:auto;margin-bottom:1rem}.features td{max-width:20rem}"
        "code{font-size:.8rem;overflow-wrap:anywhere}"
        "@media(prefers-color-scheme:dark){body{color:#e4e8ee;background:#161a20}a{color:#7db4ff}"
        "nav,small{color:#9aa5b4}th,td{border-color:#333b46}}\n";
    (void)tools;
    (void)request;
    buf_put(&response->body, style, sizeof style - 1);
    response->content_type = "text/css; charset=utf-8";
    response_header(response, "Cache-Control", "public, max-age=3600");
    return response->body.err;
}
