#include "server/api/ogc_page.h"

#include "server/api/api_base.h"
#include "server/api/api_page.h"
#include "server/api/ogc_html.h"
#include "server/negotiate.h"
#include "server/pages.h"

#include <string.h>

static const char *const languages[] = {"zh", "en", NULL};

enum { ADDRESS_BYTES = 4 * REQUEST_MAX_TARGET, HEADER_LINK_BYTES = 1024 };

/* Which of the forms, HTML being the last. */
static enum err choose_form(struct ogc_page *page)
{
    static const char *const words[] = {"json", "geojson", "html", NULL};
    static const char *const plain_words[] = {"json", "html", NULL};
    struct request *request = page->request;
    bool features = strcmp(page->form, OGC_PAGE_GEOJSON) == 0;
    const char *const offers[] = {page->form, OGC_PAGE_JSON, OGC_PAGE_HTML, NULL};
    int form = 0;
    if (request_query(request, "f")) {
        enum err e = request_word(request, "f", features ? words : plain_words, &form);
        if (e) return e;
        page->is_html = form == (features ? 2 : 1);
        page->type = page->is_html ? OGC_PAGE_HTML : page->form;
        return ERR_OK;
    }
    form = negotiate_media(request->headers.accept, offers);
    if (form < 0)
        return problem_say(request->problem, PROBLEM_ACCEPT, "Accept",
                           "there are %s and text/html; or say which with f", page->form);
    page->type = offers[form];
    page->is_html = form == 2;
    return ERR_OK;
}

enum err ogc_page_open(struct request *request, struct response *response, struct tools *tools,
                       const char *form, struct ogc_page *page)
{
    const char *base = api_base_url(request, tools);
    int lang = negotiate_language(request->headers.accept_language, languages);
    *page = (struct ogc_page){
        .request = request, .response = response, .tools = tools, .form = form, .title = ""};
    response_header(response, "Vary", "Accept, Accept-Language");
    enum err e = choose_form(page);
    if (!e) e = request_word(request, "lang", languages, &lang);
    if (e) return e;
    page->lang = (enum ogc_lang)lang;
    page->base = base ? arena_printf(request->arena, "%s/ogc", base) : NULL;
    page->json = response_json(response);
    return page->base ? ERR_OK : ERR_NOMEM;
}

const char *ogc_page_say(const struct ogc_page *page, const char *zh, const char *en)
{
    return page->lang == OGC_ZH ? zh : en;
}

void ogc_page_link_out(struct ogc_page *page, const char *rel, const char *type, const char *title,
                       const char *href)
{
    struct jsonw *json = page->json;
    jsonw_object(json);
    jsonw_key_string(json, "href", href);
    jsonw_key_string(json, "rel", rel);
    if (type) jsonw_key_string(json, "type", type);
    jsonw_key_string(json, "title", title);
    jsonw_object_end(json);
}

/* Media types without what a link need not say of HTML. */
static const char *link_type(const char *type)
{
    return type && strcmp(type, OGC_PAGE_HTML) == 0 ? "text/html" : type;
}

/* A browser asks for HTML unless the address says otherwise, and programs for JSON. */
void ogc_page_link(struct ogc_page *page, const char *rel, const char *type, const char *title,
                   const char *path)
{
    const char *lang = page->is_html ? request_query(page->request, "lang") : NULL;
    bool to_html = type && strcmp(type, OGC_PAGE_HTML) == 0;
    const char *form = to_html ? "f=html" : page->is_html && type ? "f=json" : "";
    const char *href = arena_printf(page->request->arena, "%s%s%s%s%s%s%s", page->base, path,
                                    *form || lang ? "?" : "", form, *form && lang ? "&" : "",
                                    lang ? "lang=" : "", lang ? lang : "");
    ogc_page_link_out(page, rel, link_type(type), title, href);
}

/* This document's address with other parameters in place of those named in `without`. */
static const char *own_address(struct ogc_page *page, const char *without, const char *words)
{
    struct buf out;
    const char *address = NULL;
    buf_init(&out, ADDRESS_BYTES);
    buf_puts(&out, page->base);
    buf_puts(&out, page->request->path + strlen("/ogc"));
    buf_putc(&out, '?');
    api_page_query(&out, page->request, without);
    buf_puts(&out, words);
    if (!out.err) address = arena_strndup(page->request->arena, out.bytes, out.len);
    buf_fini(&out);
    return address;
}

void ogc_page_links_self(struct ogc_page *page)
{
    const char *json = own_address(page, "f", "f=json"), *html = own_address(page, "f", "f=html");
    const char *this_zh = "本文档", *this_en = "This document";
    ogc_page_link_out(page, page->is_html ? "alternate" : "self",
                      page->is_html ? page->form : page->type,
                      ogc_page_say(page, page->is_html ? "本文档的 JSON 格式" : this_zh,
                                   page->is_html ? "This document as JSON" : this_en),
                      json);
    ogc_page_link_out(page, page->is_html ? "self" : "alternate", "text/html",
                      ogc_page_say(page, page->is_html ? this_zh : "本文档的网页格式",
                                   page->is_html ? this_en : "This document as HTML"),
                      html);
}

const char *ogc_page_link_turned(struct ogc_page *page, const char *rel, const char *words)
{
    bool forward = strcmp(rel, "next") == 0;
    const char *form = page->is_html                       ? "f=html&"
                       : request_query(page->request, "f") ? "f=json&"
                                                           : "";
    const char *turned = arena_printf(page->request->arena, "%s%s", form, words);
    const char *href = turned ? own_address(page, "f cursor offset", turned) : NULL;
    if (!href) return NULL;
    ogc_page_link_out(page, rel, link_type(page->type),
                      forward ? ogc_page_say(page, "下一页", "Next page")
                              : ogc_page_say(page, "上一页", "Previous page"),
                      href);
    /* Only so long a header as every client and every proxy takes. */
    if (strlen(href) <= HEADER_LINK_BYTES)
        response_header(page->response, "Link",
                        arena_printf(page->request->arena, "<%s>; rel=\"%s\"; type=\"%s\"", href,
                                     rel, link_type(page->type)));
    return href;
}

void ogc_page_link_license(struct ogc_page *page)
{
    ogc_page_link_out(page, "license", "text/html", "© OpenStreetMap contributors, ODbL 1.0",
                      "https://www.openstreetmap.org/copyright");
}

enum err ogc_page_close(struct ogc_page *page)
{
    struct response *response = page->response;
    struct buf html;
    response->no_etag = page->is_live;
    response->content_type = page->type;
    response_header(response, "Content-Language", languages[page->lang]);
    if (response->body.err || !page->is_html) return response->body.err;
    buf_init(&html, RESPONSE_MAX_BODY);
    ogc_html_write(page, response->body.bytes, response->body.len, &html);
    buf_fini(&response->body);
    response->body = html;
    pages_guard(response);
    return html.err;
}
