#include "geo/place/hours_form.h"
#include "geo/place/hours_plain.h"

#include <stdlib.h>
#include <string.h>

enum { OPEN, CLOSED, OFF, UNKNOWN };
static const char *const state_names[] = {"open", "closed", "off", "unknown", NULL};

/* ---- rules ---- */

static void read_comment(struct hours_form *p, struct hours_rule *r)
{
    if (!hours_text_take(&p->in, '"')) return;
    const char *text = p->in.text + p->in.at, *end = strchr(text, '"');
    if (!end) {
        hours_text_fail(&p->in, "a quotation mark that ends the comment");
        return;
    }
    size_t len = (size_t)(end - text);
    r->comment = (uint16_t)p->comment_len;
    memcpy(p->comments + p->comment_len, text, len);
    p->comment_len += len;
    p->comments[p->comment_len++] = '\0';
    p->in.at += len + 1;
}

static bool read_modifier(struct hours_form *p, struct hours_rule *r)
{
    int word = hours_text_take_word(&p->in, state_names, 0);
    r->state = word == CLOSED || word == OFF ? HOURS_CLOSED
               : word == UNKNOWN             ? HOURS_UNKNOWN
                                             : HOURS_OPEN;
    read_comment(p, r);
    if (r->comment && word < 0) r->state = HOURS_UNKNOWN;
    return word >= 0 || r->comment;
}

static bool take_always(struct hours_form *p)
{
    if (hours_text_peek(&p->in) != '2' || strncmp(p->in.text + p->in.at, "24/7", 4) != 0)
        return false;
    p->in.at += 4;
    return true;
}

static void read_rule(struct hours_form *p, enum hours_kind kind)
{
    struct hours_rule r = {.kind = (uint8_t)kind, .span_first = (uint16_t)p->span_count};
    bool always = take_always(p);
    if (!always) {
        hours_days_read(p, &r);
        if (!p->in.failed) hours_times_read(p, &r);
    }
    bool told = !p->in.failed && read_modifier(p, &r);
    if (!always && !told && !r.span_count) {
        if (!hours_rule_dated(&r)) hours_text_fail(&p->in, "a rule");
        /* "Mo, 10:00-12:00" would be Monday all day, which nobody means. */
        if (hours_text_peek(&p->in) == ',') hours_text_fail(&p->in, "a time or a semicolon");
    }
    if (p->rule_count == HOURS_MAX_RULES) hours_text_fail(&p->in, "fewer rules");
    if (p->in.failed) return;
    p->rules[p->rule_count++] = r;
}

static void read_value(struct hours_form *p)
{
    enum hours_kind kind = HOURS_NORMAL;
    do {
        read_rule(p, kind);
        if (p->in.failed || !hours_text_peek(&p->in)) return;
        if (hours_text_take(&p->in, ';')) {
            kind = HOURS_NORMAL;
        } else if (hours_text_take(&p->in, ',')) {
            kind = kind == HOURS_FALLBACK ? HOURS_FALLBACK : HOURS_ADDITIONAL;
        } else if (strncmp(p->in.text + p->in.at, "||", 2) == 0) {
            p->in.at += 2;
            kind = HOURS_FALLBACK;
        } else {
            hours_text_fail(&p->in, "the end of the rule");
        }
    } while (!p->in.failed && (hours_text_peek(&p->in) || kind != HOURS_NORMAL));
}

/* ---- the block ---- */

static int compare_edges(const void *a, const void *b)
{
    return *(const uint16_t *)a - *(const uint16_t *)b;
}

static void set_edges(struct hours *h, size_t span_count)
{
    size_t n = 0;
    h->edges[n++] = 0;
    for (size_t i = 0; i < span_count; i++) {
        h->edges[n++] = h->spans[i].from % HOURS_MINUTES;
        h->edges[n++] = h->spans[i].to % HOURS_MINUTES;
    }
    qsort(h->edges, n, sizeof *h->edges, compare_edges);
    h->edge_count = 0;
    for (size_t i = 0; i < n; i++)
        if (!i || h->edges[i] != h->edges[i - 1]) h->edges[h->edge_count++] = h->edges[i];
}

static bool holds_daily(const struct hours_rule *r)
{
    bool all_week = r->has_weekdays && !r->both;
    for (unsigned d = 0; d < HOURS_WEEKDAYS; d++)
        all_week = all_week && r->nth[d] == HOURS_ALL_NTH;
    if (r->year_count || r->date_count || r->weeks) return false;
    return all_week || !hours_rule_dated(r);
}

/* Copies the arrays behind the head, those of the widest items first. */
static enum err pack(const struct hours_form *p, struct hours **hours)
{
    size_t rules = p->rule_count * sizeof *p->rules, years = p->year_count * sizeof *p->years;
    size_t dates = p->date_count * sizeof *p->dates, spans = p->span_count * sizeof *p->spans;
    size_t edges = (1 + 2 * p->span_count) * sizeof(uint16_t);
    struct hours *h = malloc(sizeof *h + rules + years + dates + spans + edges + p->comment_len);
    if (!h) return ERR_NOMEM;
    *h = (struct hours){.rule_count = (uint16_t)p->rule_count};
    h->rules = (struct hours_rule *)(h + 1);
    h->years = (struct hours_years *)(h->rules + p->rule_count);
    h->dates = (struct hours_dates *)(h->years + p->year_count);
    h->spans = (struct hours_span *)(h->dates + p->date_count);
    h->edges = (uint16_t *)(h->spans + p->span_count);
    h->comments = (char *)(h->edges + 1 + 2 * p->span_count);
    memcpy(h->rules, p->rules, rules);
    memcpy(h->years, p->years, years);
    memcpy(h->dates, p->dates, dates);
    memcpy(h->spans, p->spans, spans);
    memcpy(h->comments, p->comments, p->comment_len);
    set_edges(h, p->span_count);
    h->alike = true;
    for (size_t i = 0; i < p->rule_count; i++) {
        h->has_weekdays |= p->rules[i].has_weekdays;
        h->public_holidays |= p->rules[i].public_holidays;
        h->school_holidays |= p->rules[i].school_holidays;
        h->alike &= holds_daily(&p->rules[i]);
    }
    *hours = h;
    return ERR_OK;
}

enum err hours_parse(const char *text, size_t len, struct hours **hours, struct why *why)
{
    char plain[HOURS_PLAIN_SIZE];
    if (len > HOURS_MAX_TEXT)
        return err_say(why, ERR_FORMAT, "opening hours: longer than %d bytes", HOURS_MAX_TEXT);
    if (memchr(text, '\0', len)) return err_say(why, ERR_FORMAT, "opening hours: a NUL");
    hours_plain(text, len, plain);
    struct hours_form *p = calloc(1, sizeof *p);
    if (!p) return ERR_NOMEM;
    p->in.text = plain;
    p->in.why = why;
    p->comment_len = 1;
    read_value(p);
    enum err e = p->in.failed ? ERR_FORMAT : pack(p, hours);
    free(p);
    return e;
}
