#include "server/api/ogc_words.h"

#include <string.h>

static const struct {
    const char *key, *zh, *en;
} labels[] = {
    {"ogc", "驿站", "Yizhan"},
    {"api", "接口说明", "API"},
    {"conformance", "符合性声明", "Conformance"},
    {"collections", "要素集合", "Collections"},
    {"places", "地点", "Places"},
    {"areas", "行政区域", "Areas"},
    {"queryables", "可查询属性", "Queryables"},
    {"items", "要素", "Features"},
    {"id", "编号", "Id"},
    {"title", "标题", "Title"},
    {"description", "说明", "Description"},
    {"links", "链接", "Links"},
    {"conformsTo", "符合的一致性类", "Conforms to"},
    {"extent", "范围", "Extent"},
    {"spatial", "空间", "Spatial"},
    {"itemType", "条目类型", "Item type"},
    {"crs", "坐标参考系", "Reference systems"},
    {"storageCrs", "存储坐标参考系", "Stored in"},
    {"properties", "属性", "Properties"},
    {"geometry", "几何", "Geometry"},
    {"coordinates", "坐标", "Coordinates"},
    {"type", "类型", "Type"},
    {"timeStamp", "生成时间", "Made at"},
    {"numberMatched", "符合条件", "Matched"},
    {"numberReturned", "本页", "On this page"},
    {"name", "名称", "Name"},
    {"name_en", "英文名称", "English name"},
    {"names", "其他名称", "Other names"},
    {"category", "类别", "Category"},
    {"amenities", "设施", "Amenities"},
    {"address", "地址", "Address"},
    {"phone", "电话", "Phone"},
    {"hours", "开放时间", "Opening hours"},
    {"hours_self", "自助时间", "Self-service hours"},
    {"capacity", "容量", "Capacity"},
    {"closed", "临时关闭", "Closed for a while"},
    {"photos", "照片", "Photos"},
    {"confirmed_at", "确认时间", "Confirmed"},
    {"confirmed_as", "确认人", "Confirmed by"},
    {"source", "来源", "Source"},
    {"level", "级别", "Level"},
    {"code", "行政区划代码", "Division code"},
    {"parent_id", "上级编号", "Parent"},
    {"from", "自", "From"},
    {"to", "至", "To"},
    {"reason", "原因", "Reason"},
};

static bool is_word(const char *word, const char *text, size_t len)
{
    return strlen(word) == len && memcmp(word, text, len) == 0;
}

const char *ogc_words_label(const char *key, size_t len, enum ogc_lang lang)
{
    for (size_t i = 0; i < sizeof labels / sizeof *labels; i++)
        if (is_word(labels[i].key, key, len)) return lang == OGC_ZH ? labels[i].zh : labels[i].en;
    return NULL;
}

const char *ogc_words_value(const struct categories *words, const char *key, size_t key_len,
                            const char *value, size_t value_len, enum ogc_lang lang)
{
    bool amenity = is_word("amenities", key, key_len);
    if (!amenity && !is_word("category", key, key_len)) return NULL;
    size_t count = amenity ? categories_amenity_count(words) : categories_count(words);
    for (size_t i = 0; i < count; i++) {
        const struct category *word =
            amenity ? categories_amenity_at(words, i) : categories_at(words, i);
        if (is_word(word->code, value, value_len)) return lang == OGC_ZH ? word->zh : word->en;
    }
    return NULL;
}
