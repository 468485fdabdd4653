#include "tests/check.h"

#include "server/tree.h"

static void write(struct tree *tree)
{
    tree_list(tree, "things");
    for (int i = 0; i < 2; i++) {
        tree_record(tree, "thing");
        tree_text(tree, "name", i ? NULL : "a<b\"");
        tree_int(tree, "count", i);
        tree_bool(tree, "good", i == 0);
        tree_number(tree, "lat", 39.95, 7);
        tree_list(tree, "words");
        tree_text(tree, "word", "x");
        tree_text(tree, "word", "y");
        tree_end(tree);
        tree_end(tree);
    }
    tree_end(tree);
}

static void check(bool is_xml, const char *expected)
{
    struct buf buf;
    struct tree tree;
    buf_init(&buf, 4096);
    tree_begin(&tree, is_xml, &buf);
    write(&tree);
    buf_putc(&buf, '\0');
    assert_int_equal(tree.depth, 0);
    assert_string_equal(buf.bytes, expected);
    buf_fini(&buf);
}

TEST(one_description_is_json)
{
    check(false, "[{\"name\":\"a<b\\\"\",\"count\":0,\"good\":true,\"lat\":39.95,\"words\":[\"x\","
                 "\"y\"]},{\"name\":null,\"count\":1,\"good\":false,\"lat\":39.95,\"words\":[\"x\","
                 "\"y\"]}]");
}

TEST(one_description_is_xml)
{
    check(true,
          "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<things><thing><name>a&lt;b\"</name>"
          "<count>0</count><good>true</good><lat>39.95</lat><words><word>x</word><word>y</word>"
          "</words></thing><thing><name></name><count>1</count><good>false</good><lat>39.95</lat>"
          "<words><word>x</word><word>y</word></words></thing></things>");
}

RUN(cmocka_unit_test(one_description_is_json), cmocka_unit_test(one_description_is_xml))
