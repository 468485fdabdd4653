#include "geo/place/hours_plain.h"

#include <assert.h>
#include <string.h>

struct word {
    const char *odd, *plain;
};

/* A word that begins as another one does stands before it. */
static const struct word words[] = {
    {"–", "-"},
    {"—", "-"},
    {"−", "-"},
    {"－", "-"},
    {"～", "-"},
    {"〜", "-"},
    {"~", "-"},
    {"：", ":"},
    {"；另加", ","},
    {"；", ";"},
    {"，", ","},
    {"＋", "+"},
    {"\t", " "},
    {"　", " "},
    {"。", ";"},
    {"（", ","},
    {"）", ""},
    {"营业时间:", ""},
    {"营业时间：", ""},
    {"开放时间:", ""},
    {"开放时间：", ""},
    {"服务时间:", ""},
    {"服务时间：", ""},
    {"全天24小时", " 00:00-24:00"},
    {"7×24小时", " 00:00-24:00"},
    {"7*24小时", " 00:00-24:00"},
    {"7x24小时", " 00:00-24:00"},
    {"24小时", " 00:00-24:00"},
    {"24 小时", " 00:00-24:00"},
    {"全天", " 00:00-24:00"},
    {"每天", " Mo-Su "},
    {"每日", " Mo-Su "},
    {"周末", " Sa,Su "},
    {"双休日", " Sa,Su "},
    {"法定节假日", " PH "},
    {"法定假日", " PH "},
    {"寒暑假", " SH "},
    {"不开放", " off"},
    {"不营业", " off"},
    {"休息", " off"},
    {"关闭", " off"},
    {"关门", " off"},
    {"闭馆", " off"},
    {"除外", " off"},
    {"开放", " open"},
    {"营业", " open"},
    {"日出", " sunrise"},
    {"日落", " sunset"},
    {"至", "-"},
    {"到", "-"},
    {"、", ","},
    {"及", ","},
    {"和", ","},
};

/* What may stand before the one character of a weekday: 周一, and in lists 周一至五, 周一、三. */
static const struct word before_weekday[] = {{"星期", " "}, {"礼拜", " "}, {"周", " "}, {"至", "-"},
                                             {"到", "-"},   {"、", ","},   {"-", "-"}};
static const struct word weekdays[] = {{"一", "Mo"}, {"二", "Tu"}, {"三", "We"}, {"四", "Th"},
                                       {"五", "Fr"}, {"六", "Sa"}, {"日", "Su"}, {"天", "Su"}};

/* Halves of the day say nothing new where the hour behind them can be meant in no other way. */
static const struct {
    const char *odd;
    unsigned least, most;
} halves[] = {{"上午", 1, 11},  {"早上", 1, 11},  {"早", 1, 11}, {"凌晨", 0, 11},
              {"下午", 12, 23}, {"晚上", 12, 24}, {"晚", 12, 24}};

static const char *const months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                     "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

struct plain {
    const char *text; /* what is left */
    size_t len, used;
    char *out;
};

static void put(struct plain *p, const char *text, size_t len)
{
    assert(p->used + len < HOURS_PLAIN_SIZE);
    memcpy(p->out + p->used, text, len);
    p->used += len;
}

static void pass(struct plain *p, size_t len)
{
    p->text += len;
    p->len -= len;
}

static bool begins(const char *text, size_t len, const char *word)
{
    size_t n = strlen(word);
    return n <= len && memcmp(text, word, n) == 0;
}

static bool take(struct plain *p, const char *word)
{
    if (!begins(p->text, p->len, word)) return false;
    pass(p, strlen(word));
    return true;
}

/* Digits at `text`; more than four are none. */
static size_t digits(const char *text, size_t len, unsigned *value)
{
    size_t n = 0;
    *value = 0;
    for (; n < len && text[n] >= '0' && text[n] <= '9'; n++)
        *value = n < 4 ? *value * 10 + (unsigned)(text[n] - '0') : 0;
    return n <= 4 ? n : 0;
}

/* The character of a weekday, but not that of 日出 and 日落. */
static bool take_day(struct plain *p, const char *before)
{
    if (begins(p->text, p->len, "日出") || begins(p->text, p->len, "日落")) return false;
    for (size_t i = 0; i < sizeof weekdays / sizeof *weekdays; i++) {
        if (!take(p, weekdays[i].odd)) continue;
        put(p, before, strlen(before));
        put(p, weekdays[i].plain, 2);
        return true;
    }
    return false;
}

/* 周一, and 周六日 for 周六、周日. */
static bool take_weekday(struct plain *p)
{
    for (size_t i = 0; i < sizeof before_weekday / sizeof *before_weekday; i++) {
        struct plain ahead = *p;
        if (!take(&ahead, before_weekday[i].odd)) continue;
        if (!take_day(&ahead, before_weekday[i].plain)) continue;
        while (take_day(&ahead, ","))
            ;
        *p = ahead;
        return true;
    }
    return false;
}

static bool take_half(struct plain *p)
{
    for (size_t i = 0; i < sizeof halves / sizeof *halves; i++) {
        unsigned hour;
        size_t n = strlen(halves[i].odd);
        if (!begins(p->text, p->len, halves[i].odd)) continue;
        if (!digits(p->text + n, p->len - n, &hour)) continue;
        if (hour < halves[i].least || hour > halves[i].most) continue;
        pass(p, n);
        return true;
    }
    return false;
}

/* 9点, 9点半, 9点30分: what stands behind the hour. */
static void end_hour(struct plain *p)
{
    unsigned minutes;
    if (take(p, "半")) {
        put(p, ":30", 3);
        return;
    }
    size_t n = digits(p->text, p->len, &minutes);
    if (n == 2) {
        put(p, ":", 1);
        put(p, p->text, n);
        pass(p, n);
        (void)take(p, "分");
        return;
    }
    (void)take(p, "整");
    put(p, ":00", 3);
}

/* What a number counts, where a Chinese word behind it says so: 年, 日, 点; the number is put. */
static void take_unit(struct plain *p)
{
    if (take(p, "点") || take(p, "时"))
        end_hour(p);
    else if (take(p, "年") || take(p, "日") || take(p, "号"))
        put(p, " ", 1);
}

static bool take_number(struct plain *p)
{
    unsigned value;
    size_t n = digits(p->text, p->len, &value);
    if (!n) return false;
    const char *number = p->text;
    pass(p, n);
    if (value >= 1 && value <= 12 && take(p, "月")) {
        put(p, months[value - 1], 3);
        put(p, " ", 1);
        return true;
    }
    put(p, number, n);
    take_unit(p);
    return true;
}

/* 次日 2:00 is 26:00. */
static bool take_next_day(struct plain *p)
{
    struct plain ahead = *p;
    unsigned hour;
    if (!take(&ahead, "次日") && !take(&ahead, "第二天")) return false;
    while (take(&ahead, " "))
        ;
    (void)take_half(&ahead);
    size_t n = digits(ahead.text, ahead.len, &hour);
    if (!n || n > 2 || hour > 24) return false;
    *p = ahead;
    pass(p, n);
    const char later[] = {(char)('0' + (hour + 24) / 10), (char)('0' + (hour + 24) % 10)};
    put(p, later, sizeof later);
    take_unit(p);
    return true;
}

/* "周一至周日（含法定节假日）9:00-17:00"; behind the times it would be a rule without any. */
static bool take_included(struct plain *p)
{
    unsigned value;
    struct plain ahead = *p;
    if (!take(&ahead, "（含法定节假日）") && !take(&ahead, "(含法定节假日)")) return false;
    while (take(&ahead, " "))
        ;
    if (!digits(ahead.text, ahead.len, &value)) return false;
    *p = ahead;
    put(p, ",PH ", 4);
    return true;
}

static bool take_word(struct plain *p)
{
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        if (!take(p, words[i].odd)) continue;
        put(p, words[i].plain, strlen(words[i].plain));
        return true;
    }
    return false;
}

void hours_plain(const char *text, size_t len, char plain[HOURS_PLAIN_SIZE])
{
    struct plain p = {.text = text, .len = len, .out = plain};
    bool quoted = false;
    while (p.len) {
        quoted ^= *p.text == '"';
        if (!quoted && (take_weekday(&p) || take_next_day(&p) || take_half(&p) ||
                        take_included(&p) || take_word(&p) || take_number(&p)))
            continue;
        put(&p, p.text, 1);
        pass(&p, 1);
    }
    plain[p.used] = '\0';
}
