#include "tests/check.h"

#include "data/markdown.h"

#include <stdlib.h>
#include <string.h>

#define OURS  "abcdefgh23456789jkmnpq"
#define OTHER "qpnmkj98765432hgfedcba"

static bool is_ours(const void *user, const char *id)
{
    return strcmp(id, user) == 0;
}

static char *html_of(const char *text)
{
    const struct markdown_pictures pictures = {is_ours, OURS};
    struct buf buf;
    buf_init(&buf, 1 << 22);
    assert_ok(markdown_html(text, strlen(text), &pictures, &buf));
    buf_putc(&buf, '\0');
    char *copy = strdup(buf.bytes);
    buf_fini(&buf);
    assert_non_null(copy);
    return copy;
}

static void becomes(const char *text, const char *html)
{
    char *made = html_of(text);
    assert_string_equal(made, html);
    free(made);
}

TEST(what_is_written_reads_as_it_is_meant)
{
    becomes("# 招募\n\n*今天* **下午**\n\n- 一\n- 二\n",
            "<h1>招募</h1>\n<p><em>今天</em> <strong>下午</strong></p>\n<ul>\n<li>一</li>\n<li>二"
            "</li>\n</ul>\n");
    becomes("> 引文\n\n1. 甲\n2. 乙\n\n`代码`\n\n---\n",
            "<blockquote>\n<p>引文</p>\n</blockquote>\n<ol>\n<li>甲</li>\n<li>乙</li>\n</ol>\n"
            "<p><code>代码</code></p>\n<hr />\n");
    becomes("[官网](https://example.org/a?b=1&c=2 \"标题\") <http://example.org>",
            "<p><a href=\"https://example.org/a?b=1&amp;c=2\" title=\"标题\">官网</a> "
            "<a href=\"http://example.org\">http://example.org</a></p>\n");
    becomes("![合影](/v1/pictures/" OURS "/middle)",
            "<p><img src=\"/v1/pictures/" OURS "/middle\" alt=\"合影\" /></p>\n");
    becomes("[大图](/v1/pictures/" OURS ")", "<p><a href=\"/v1/pictures/" OURS "\">大图</a></p>\n");
    becomes("", "");
}

TEST(nothing_of_what_could_do_harm_is_left)
{
    static const struct {
        const char *text, *html;
    } rows[] = {
        {"a <b onclick=x>b</b> c", "<p>a b c</p>\n"},
        {"<script>alert(1)</script>\n\nb", "<p>b</p>\n"},
        {"<!-- a -->\n\n<?php x ?>\n\n<![CDATA[a]]>\n\nb", "<p>b</p>\n"},
        {"[a](javascript:alert(1))", "<p>a</p>\n"},
        {"[a](JaVaScRiPt:alert(1))", "<p>a</p>\n"},
        {"[a](java&#115;cript:alert(1))", "<p>a</p>\n"},
        {"[a](&#x6A;avascript:alert(1))", "<p>a</p>\n"},
        {"<javascript:alert(1)>", "<p>javascript:alert(1)</p>\n"},
        {"[a](data:text/html;base64,PHNjcmlwdD4=)", "<p>a</p>\n"},
        {"[a](vbscript:x) [b](file:///etc/passwd)", "<p>a b</p>\n"},
        {"[a](//example.org/x) [b](https:///x) [c](https://) [d](http:/x)", "<p>a b c d</p>\n"},
        {"[a](/v1/me) [b](x) [c](#x) [d](/v1/pictures/../me)", "<p>a b c d</p>\n"},
        {"[a](/v1/pictures/" OURS "/../../me)", "<p>a</p>\n"},
        {"[a][r]\n\n[r]: javascript:x", "<p>a</p>\n"},
        {"![跟踪](https://example.org/x.png)", "<p>跟踪</p>\n"},
        {"![别人的](/v1/pictures/" OTHER ")", "<p>别人的</p>\n"},
        {"[![图](https://example.org/x.png)](https://example.org)",
         "<p><a href=\"https://example.org\">图</a></p>\n"},
        {"[![图](javascript:x)](javascript:y)", "<p>图</p>\n"},
        {"[*a* **b**](javascript:y) c", "<p><em>a</em> <strong>b</strong> c</p>\n"},
        {"```\"><script>\na\n```", "<pre><code>a\n</code></pre>\n"},
        {"[\"><script>](https://example.org/\"><script>)",
         "<p><a href=\"https://example.org/%22%3E%3Cscript%3E\">&quot;&gt;</a></p>\n"},
        {"![\" onerror=\"x](/v1/pictures/" OURS " \"\\\" onerror=\\\"x\")",
         "<p><img src=\"/v1/pictures/" OURS "\" alt=\"&quot; onerror=&quot;x\" title=\"&quot; "
         "onerror=&quot;x\" /></p>\n"},
        {"&lt;script&gt; & \"", "<p>&lt;script&gt; &amp; &quot;</p>\n"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        becomes(rows[i].text, rows[i].html);
}

TEST(bytes_that_are_no_text_become_signs_for_that)
{
    becomes("a\xff"
            "b",
            "<p>a\xEF\xBF\xBD"
            "b</p>\n");
}

static void says(const char *text, size_t max, const char *words)
{
    struct buf buf;
    buf_init(&buf, 1 << 16);
    assert_ok(markdown_words(text, strlen(text), max, &buf));
    buf_putc(&buf, '\0');
    assert_string_equal(buf.bytes, words);
    buf_fini(&buf);
}

TEST(the_words_of_a_text_are_told_in_one_line_up_to_a_bound)
{
    says("# 标题\n\n第一段\n换行 [链接](https://example.org)\n\n- `码`\n", 100,
         "标题 第一段 换行 链接 码");
    says("<b>a</b> <script>x</script>", 100, "a x");
    says("一二三四五六", 6, "一二三四五…");
    says("一二三四五", 6, "一二三四五");
    says("", 6, "");
}

TEST(an_address_of_the_web_has_a_scheme_and_a_host)
{
    static const char *const good[] = {"https://a", "HTTP://a.b/c?d#e", "https://[::1]/"};
    static const char *const bad[] = {"",           "https://",   "https:///a", "ftp://a", "//a",
                                      "javascript", "http://a b", "http://a\n", "http://ä"};
    for (size_t i = 0; i < sizeof good / sizeof *good; i++)
        assert_true(markdown_is_web(good[i]));
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_false(markdown_is_web(bad[i]));
}

static char *repeat(const char *what, size_t characters)
{
    size_t n = strlen(what);
    char *text = malloc(characters + 1);
    assert_non_null(text);
    for (size_t i = 0; i < characters; i++)
        text[i] = what[i % n];
    text[characters] = '\0';
    return text;
}

static enum err check(const char *what, size_t characters, struct why *why)
{
    char *text = repeat(what, characters);
    enum err e = markdown_check(text, characters, why);
    free(text);
    return e;
}

TEST(a_text_is_neither_too_long_nor_too_deep)
{
    struct why why = {""};
    assert_ok(check("一", MARKDOWN_MAX / 3 * 3, &why));
    assert_ok(check("a", MARKDOWN_MAX, &why));
    assert_err(check("a", MARKDOWN_MAX + 1, &why), ERR_LIMIT);
    assert_non_null(strstr(why.text, "20000"));
    assert_ok(check("> ", MARKDOWN_DEPTH * (size_t)2, &why));
    assert_err(check("> ", MARKDOWN_DEPTH * (size_t)2 + 2, &why), ERR_LIMIT);
    assert_ok(check("- \n", 3000, &why)); /* many that are empty lie in none */
}

/* What is known to take parsers of Markdown long (CVE-2023-22483, CVE-2023-22486). */
TEST(no_text_takes_long)
{
    static const char *const worst[] = {
        "![[]()",    "![l",      "[",       "*a_ ", "a**b", "<?",     "<!A ", "[a](", "`a``",
        "<![CDATA[", "[a]: x\n", "- a\n  ", "***a", "](",   "[a][b]", "> ",   "&",    "\\"};
    struct why why;
    for (size_t i = 0; i < sizeof worst / sizeof *worst; i++) {
        struct timespec a, b;
        struct buf buf;
        char *text = repeat(worst[i], MARKDOWN_MAX);
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &a);
        if (!markdown_check(text, MARKDOWN_MAX, &why)) {
            buf_init(&buf, 1 << 24);
            assert_ok(markdown_html(text, MARKDOWN_MAX, NULL, &buf));
            buf_fini(&buf);
        }
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &b);
        double took_s = (double)(b.tv_sec - a.tv_sec) + (double)(b.tv_nsec - a.tv_nsec) / 1e9;
        if (took_s > 1) fail_msg("\"%s\" took %.2f s", worst[i], took_s);
        free(text);
    }
}

RUN(cmocka_unit_test(what_is_written_reads_as_it_is_meant),
    cmocka_unit_test(nothing_of_what_could_do_harm_is_left),
    cmocka_unit_test(bytes_that_are_no_text_become_signs_for_that),
    cmocka_unit_test(the_words_of_a_text_are_told_in_one_line_up_to_a_bound),
    cmocka_unit_test(an_address_of_the_web_has_a_scheme_and_a_host),
    cmocka_unit_test(a_text_is_neither_too_long_nor_too_deep), cmocka_unit_test(no_text_takes_long))
