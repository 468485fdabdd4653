#include "data/import_columns.h"

#include "geo/base/buf.h"
#include "geo/base/text.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

enum { WORDS = 20, NAME_BYTES = 64, HEADER_WORDS = 2 };

/* In order of preference, as normalise() leaves them. */
static const char *const words[IMPORT_COLUMNS_COUNT][WORDS] = {
    [IMPORT_COLUMNS_id] = {"id", "sourceid", "uid", "编号", "站点编号", "点位编号", "唯一标识",
                           "osmid", "osmrelationid", "gid", "fid", "objectid"},
    [IMPORT_COLUMNS_name] = {"namezh", "name", "名称", "站点名称", "驿站名称", "点位名称",
                             "地点名称", "商户名称", "单位名称", "街道名称", "中文名称", "title",
                             "标题", "站点", "驿站", "全称", "简称", "街道"},
    [IMPORT_COLUMNS_name_en] = {"nameen", "englishname", "英文名称", "英文名", "英文"},
    [IMPORT_COLUMNS_names] = {"names", "othernames", "altname", "altnames", "alias", "aliases",
                              "别名", "其他名称", "曾用名", "又名", "俗称"},
    [IMPORT_COLUMNS_category] = {"category", "类别", "类型", "分类", "种类", "场所类型", "站点类型",
                                 "设施类型", "cat", "kind", "type"},
    [IMPORT_COLUMNS_lon] = {"lon", "lng", "longitude", "long", "经度", "东经", "x", "坐标x",
                            "x坐标"},
    [IMPORT_COLUMNS_lat] = {"lat", "latitude", "纬度", "北纬", "y", "坐标y", "y坐标"},
    [IMPORT_COLUMNS_wkt] = {"wkt", "geometry", "geom", "thegeom", "经纬度", "坐标", "位置坐标",
                            "经纬度坐标", "lonlat", "lnglat", "coordinates", "location"},
    [IMPORT_COLUMNS_address] = {"address", "addr", "地址", "详细地址", "站点地址", "所在地址",
                                "具体位置", "位置", "地点", "具体地址"},
    [IMPORT_COLUMNS_phone] = {"phone", "telephone", "tel", "mobile", "电话", "联系电话", "服务电话",
                              "联系方式", "手机", "手机号"},
    [IMPORT_COLUMNS_hours] = {"hours", "openinghours", "营业时间", "开放时间", "服务时间",
                              "有人值守时间", "值守时间", "工作时间", "时间"},
    [IMPORT_COLUMNS_hours_self] = {"hoursself", "selfservicehours", "自助时间", "自助服务时间",
                                   "自助开放时间", "扫码时间", "扫码进入时间"},
    [IMPORT_COLUMNS_amenities] = {"amenities", "facilities", "services", "设施", "服务设施",
                                  "配套设施", "便利设施", "设备", "服务内容", "服务项目"},
    [IMPORT_COLUMNS_capacity] = {"capacity", "容量", "座位数", "座位数量", "席位", "席位数",
                                 "床位数", "可容纳人数", "容纳人数", "车位数", "充电桩数",
                                 "厕位数"},
    [IMPORT_COLUMNS_code] = {"adcode", "code", "gbcode", "代码", "区划代码", "行政区划代码",
                             "行政代码", "国标码", "编码"},
    [IMPORT_COLUMNS_level] = {"adminlevel", "level", "级别", "层级", "行政级别", "等级"},
    [IMPORT_COLUMNS_weight] = {"weight", "population", "pop", "people", "orders", "count", "value",
                               "权重", "人口", "人口数", "常住人口", "人数", "订单", "订单量",
                               "订单数", "单量", "数量", "值"},
};

const char *import_columns_name(enum import_column field)
{
    static const char *const names[] = {
#define IMPORT_COLUMNS_TEXT(name) #name,
        IMPORT_COLUMNS(IMPORT_COLUMNS_TEXT)
#undef IMPORT_COLUMNS_TEXT
    };
    return names[field];
}

static bool opens_bracket(const char *c)
{
    return *c == '(' || *c == '[' || strncmp(c, "（", 3) == 0 || strncmp(c, "【", 3) == 0;
}

/* Small letters without spaces, underscores, hyphens and colons, up to a bracket. False when
 * nothing is left or it is too long to be any of the words. */
static bool normalise(const char *name, char out[NAME_BYTES])
{
    size_t n = 0;
    if (strncmp(name, "\xef\xbb\xbf", 3) == 0) name += 3;
    for (const char *c = name; *c && !(n && opens_bracket(c)); c++) {
        if (strchr(" \t\r\n_-:*", *c)) continue;
        if (strncmp(c, "\xe3\x80\x80", 3) == 0) { /* ideographic space */
            c += 2;
            continue;
        }
        if (n == NAME_BYTES - 1) return false;
        out[n++] = (char)(*c >= 'A' && *c <= 'Z' ? *c - 'A' + 'a' : *c);
    }
    out[n] = '\0';
    return n > 0;
}

static int find(const char *word, const char *const *names, size_t count, const int *taken)
{
    char plain[NAME_BYTES];
    for (size_t i = 0; i < count; i++) {
        if (!normalise(names[i], plain) || strcmp(plain, word) != 0) continue;
        bool free = true;
        for (int f = 0; f < IMPORT_COLUMNS_COUNT; f++)
            free = free && taken[f] != (int)i;
        if (free) return (int)i;
    }
    return -1;
}

/* Guesses those that are not decided yet: CLAIMED fields are given none. */
enum { NONE = -1, CLAIMED = -2 };

static void guess_rest(const char *const *names, size_t count, int columns[IMPORT_COLUMNS_COUNT])
{
    for (int f = 0; f < IMPORT_COLUMNS_COUNT; f++)
        for (int w = 0; w < WORDS && words[f][w] && columns[f] == NONE; w++)
            columns[f] = find(words[f][w], names, count, columns);
    for (int f = 0; f < IMPORT_COLUMNS_COUNT; f++)
        if (columns[f] == CLAIMED) columns[f] = NONE;
}

void import_columns_guess(const char *const *names, size_t count, int columns[IMPORT_COLUMNS_COUNT])
{
    for (int f = 0; f < IMPORT_COLUMNS_COUNT; f++)
        columns[f] = NONE;
    guess_rest(names, count, columns);
}

/* ---- a mapping that was given ---- */

static int field_of(const char *word)
{
    for (int f = 0; f < IMPORT_COLUMNS_COUNT; f++)
        if (text_same(import_columns_name((enum import_column)f), word)) return f;
    return -1;
}

static enum err refuse_field(const char *word, struct why *why)
{
    char fields[240] = "";
    for (int f = 0; f < IMPORT_COLUMNS_COUNT; f++) {
        size_t n = strlen(fields);
        (void)snprintf(fields + n, sizeof fields - n, "%s%s", n ? ", " : "",
                       import_columns_name((enum import_column)f));
    }
    return err_say(why, ERR_INVALID, "map: \"%.40s\" is none of %s", word, fields);
}

/* One "field=column", NUL-terminated, of the map's own text. */
static enum err read_pair(char *pair, struct import_columns_map *map, struct why *why)
{
    char *equals = strchr(pair, '=');
    if (!equals) return err_say(why, ERR_INVALID, "map: \"%.60s\" is no field=column", pair);
    const char *field = pair, *column = equals + 1;
    size_t field_len = (size_t)(equals - pair), column_len = strlen(column);
    text_trim(&field, &field_len);
    text_trim(&column, &column_len);
    ((char *)field)[field_len] = '\0';
    ((char *)column)[column_len] = '\0';
    int f = field_of(field);
    if (f < 0) return refuse_field(field, why);
    if (map->names[f]) return err_say(why, ERR_INVALID, "map: %s comes twice", field);
    map->names[f] = column;
    return ERR_OK;
}

enum err import_columns_read_map(const char *text, struct import_columns_map *map, struct why *why)
{
    enum err e = ERR_OK;
    *map = (struct import_columns_map){.text = ""};
    if (!text_copy(map->text, sizeof map->text, text))
        return err_say(why, ERR_LIMIT, "map: it is longer than %zu bytes", sizeof map->text - 1);
    for (char *at = map->text; *at && !e;) {
        size_t n = strcspn(at, ",;\r\n");
        bool last = at[n] == '\0';
        at[n] = '\0';
        if (at[strspn(at, " \t")]) e = read_pair(at, map, why);
        at += n + !last;
    }
    return e;
}

/* The column that the map means: by its very name, else by the word it is. */
static int find_given(const char *given, const char *const *names, size_t count, const int *taken)
{
    char plain[NAME_BYTES];
    for (size_t i = 0; i < count; i++)
        if (strcmp(names[i], given) == 0) return (int)i;
    return normalise(given, plain) ? find(plain, names, count, taken) : NONE;
}

enum err import_columns_find(const struct import_columns_map *map, const char *const *names,
                             size_t count, int columns[IMPORT_COLUMNS_COUNT], struct why *why)
{
    enum err e = ERR_OK;
    for (int f = 0; f < IMPORT_COLUMNS_COUNT; f++)
        columns[f] = NONE;
    for (int f = 0; f < IMPORT_COLUMNS_COUNT && map; f++) {
        const char *given = map->names[f];
        if (!given) continue;
        columns[f] = *given ? find_given(given, names, count, columns) : CLAIMED;
        if (columns[f] == NONE && !e)
            e = err_say(why, ERR_NOTFOUND, "column \"%.60s\", which the map gives for %s", given,
                        import_columns_name((enum import_column)f));
    }
    guess_rest(names, count, columns);
    return e;
}

size_t import_columns_header(const struct import_columns_map *map, const char *const *rows,
                             size_t count, size_t width)
{
    size_t best = 0;
    int most = 0;
    for (size_t i = 0; i < count; i++) {
        int columns[IMPORT_COLUMNS_COUNT], found = 0;
        (void)import_columns_find(map, rows + i * width, width, columns, NULL);
        for (int f = 0; f < IMPORT_COLUMNS_COUNT; f++)
            found += columns[f] >= 0;
        if (found > most && (i == 0 || found >= HEADER_WORDS)) {
            most = found;
            best = i;
        }
    }
    return best;
}

bool import_columns_pair(const char *text, struct coord *at)
{
    static const char wide_comma[] = "，";
    struct coord read;
    text += strspn(text, " ");
    size_t first = strcspn(text, ",; \xef");
    const char *second = text + first + strspn(text + first, " ");
    if (*second == ',' || *second == ';')
        second++;
    else if (strncmp(second, wide_comma, sizeof wide_comma - 1) == 0)
        second += sizeof wide_comma - 1;
    size_t len = strlen(second);
    text_trim(&second, &len);
    if (!text_double(text, first, &read.lon) || !text_double(second, len, &read.lat)) return false;
    *at = read;
    return true;
}

int import_columns_capacity(const char *text)
{
    static const char *const units[] = {"",   "个", "人", "位",     "座",
                                        "张", "台", "席", "个座位", "余人"};
    enum { MOST = 1000000 };
    size_t len = strlen(text);
    int64_t number = 0;
    text_trim(&text, &len);
    if (!len) return 0;
    if (len > 3 && strncmp(text, "约", 3) == 0) text += 3, len -= 3;
    size_t digits = strspn(text, "0123456789");
    if (digits > len || !text_int(text, digits, 0, MOST, &number)) return -1;
    for (size_t i = 0; i < sizeof units / sizeof *units; i++)
        if (len - digits == strlen(units[i]) && memcmp(text + digits, units[i], len - digits) == 0)
            return (int)number;
    return -1;
}

int import_columns_level(const char *text)
{
    static const struct {
        const char *word;
        int level;
    } levels[] = {
        {"country", 2}, {"国家", 2}, {"province", 4},    {"省", 4},       {"省级", 4},
        {"city", 5},    {"市", 5},   {"地级", 5},        {"district", 6}, {"county", 6},
        {"区", 6},      {"县", 6},   {"区县", 6},        {"县级", 6},     {"street", 8},
        {"town", 8},    {"街道", 8}, {"subdistrict", 8}, {"乡镇", 8},     {"乡级", 8},
        {"镇", 8},      {"乡", 8},   {"community", 10},  {"village", 10}, {"社区", 10},
        {"村", 10},
    };
    size_t len = strlen(text);
    int64_t number;
    text_trim(&text, &len);
    if (text_int(text, len, 2, 11, &number)) return (int)number;
    for (size_t i = 0; i < sizeof levels / sizeof *levels; i++)
        if (strlen(levels[i].word) == len && strncasecmp(levels[i].word, text, len) == 0)
            return levels[i].level;
    return 0;
}

const char *import_columns_names(const char *bare, struct arena *arena)
{
    static const char *const marks[] = {";", ",", "/", "|", "\n", "、", "，", "；", "／"};
    struct buf out;
    if (!bare || !*bare) return bare;
    buf_init(&out, 1 << 16);
    for (bool between = false; *bare;) {
        size_t mark = 0;
        for (size_t i = 0; i < sizeof marks / sizeof *marks && !mark; i++)
            if (strncmp(bare, marks[i], strlen(marks[i])) == 0) mark = strlen(marks[i]);
        if (!mark) {
            if (between && *bare == ' ') {
                bare++;
                continue;
            }
            if (between && out.len) buf_putc(&out, ';');
            buf_putc(&out, *bare);
        }
        between = mark != 0;
        bare += mark ? mark : 1;
    }
    const char *made = out.err ? NULL : arena_strndup(arena, out.len ? out.bytes : "", out.len);
    buf_fini(&out);
    return made;
}
