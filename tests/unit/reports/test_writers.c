/* Every writer gets the same table; what each wrote is read back by a reader of this test and must
 * be the same figures. The spreadsheet is opened with Debian's unzip. */
#include "reports/writer.h"
#include "tests/support/check.h"
#include "tests/support/file.h"

#include "ledger/base/text.h"

#include <ctype.h>
#include <jansson.h>
#include <limits.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

#define ROWS 5
#define COLUMNS 7
#define LINES (ROWS + 1) /* and the totals */
#define CELL_MAX 128

struct grid {
    char cell[LINES][COLUMNS][CELL_MAX];
};

static const struct column columns[COLUMNS] = {
    {"name", "name", "姓名", CELL_TEXT, false}, {"amount", "amount", "金额", CELL_MONEY, true},
    {"rate", "rate", "利率", CELL_RATE, false}, {"day", "day", "日期", CELL_DATE, false},
    {"count", "count", "笔数", CELL_INT, true}, {"status", "status", "状态", CELL_WORD, false},
    {"note", "note", "备注", CELL_TEXT, false},
};

static const struct word statuses[] = {
    {"normal", "fine", "正常"},
    {"overdue", "late", "逾期"},
};

/* The table in machine form; the totals by hand: 5000000 - 123456705 + 7 + 0 + 100 fen, 1 - 3 + 0.
 */
static const struct grid expected = {{
    {"张三", "50000.00", "4.35", "2016-10-20", "1", "normal", "=1+1"},
    {"欧阳\"小\"明, 李", "-1234567.05", "", "2017-02-28", "-3", "overdue", "line one\nline two"},
    {"O'Neil <b>&amp;", "0.07", "0.5", "", "", "normal", "'quoted"},
    {"龍  𠮷", "", "12", "1970-01-01", "0", "", "@x, \"-1\""},
    {"-5", "1.00", "0.0001", "2199-12-31", "", "written-off", "＝SUM(A1)"},
    {"", "-1184565.98", "", "", "-2", "", ""},
}};

static struct cell cell_of(struct table *table, size_t column, const char *text)
{
    struct cell cell = {.kind = CELL_EMPTY};
    struct error err = {0};
    struct money money = MONEY_ZERO;
    struct rate rate = {0};
    if (text[0] == '\0') {
        return cell;
    }
    switch (columns[column].kind) {
    case CELL_TEXT:
        return cell_text(table, text);
    case CELL_WORD:
        return cell_word(table, statuses, COUNT_OF(statuses), text);
    case CELL_MONEY:
        check_ok(money_parse(text, &money, &err), &err);
        return cell_money(money);
    case CELL_RATE:
        check_ok(rate_parse(text, &rate, &err), &err);
        return cell_rate(rate);
    case CELL_DATE:
        return cell_date(day(text));
    case CELL_INT:
        return cell_int(strtoll(text, NULL, 10));
    case CELL_EMPTY:
        break;
    }
    return cell;
}

static void make_table(struct table *table, struct arena *arena)
{
    arena_init(arena, TABLE_ARENA_LIMIT);
    table_init(table, arena, "all-kinds", columns, COLUMNS, day("2017-12-31"));
    table->title_en = "Cells of <every> kind";
    table->title_zh = "各类单元格";
    table->subject = cell_text(table, "No. 3  张**");
    table->chart = (struct chart){CHART_BARS, 0, 1, "amounts", "金额"};
    for (size_t i = 0; i < ROWS; i++) {
        struct cell *row = table_add_row(table);
        for (size_t k = 0; k < COLUMNS; k++) {
            row[k] = cell_of(table, k, expected.cell[i][k]);
        }
    }
    table_add_remark(table, (struct remark){"free_balance", "free balance", "可用余额",
                                            cell_money(money_from_fen(123456))});
    table_add_remark(table, (struct remark){"claims", "claims", "补偿笔数", cell_int(2)});
}

static char *write_table(const struct table *table, enum format format,
                         const struct writer_options *options, size_t *ret_length)
{
    char *bytes = NULL;
    size_t length = 0;
    struct error err = {0};
    FILE *out = open_memstream(&bytes, &length);
    assert_non_null(out);
    check_ok(table_write(table, format, options, out, &err), &err);
    assert_int_equal(fclose(out), 0);
    if (ret_length != NULL) {
        *ret_length = length;
    }
    return bytes;
}

static char *write_new(enum format format, const struct writer_options *options)
{
    AUTO_ARENA arena;
    struct table table;
    make_table(&table, &arena);
    return write_table(&table, format, options, NULL);
}

static void check_grid(const struct grid *got, bool with_totals)
{
    for (size_t i = 0; i < (with_totals ? LINES : ROWS); i++) {
        for (size_t k = 0; k < COLUMNS; k++) {
            check_text_equal(got->cell[i][k], expected.cell[i][k]);
        }
    }
}

static void put(struct grid *grid, size_t line, size_t column, const char *text, size_t length)
{
    assert_true(line < LINES && column < COLUMNS && length < CELL_MAX);
    memcpy(grid->cell[line][column], text, length);
    grid->cell[line][column][length] = '\0';
}

/* --- CSV ---------------------------------------------------------------------------------------*/

/* One field; *at stands on the separator behind it. */
static size_t read_field(const char **at, char field[static CELL_MAX])
{
    size_t length = 0;
    const char *p = *at;
    bool quoted = *p == '"';
    for (p += quoted ? 1 : 0; *p != '\0'; p++) {
        if (quoted && p[0] == '"' && p[1] == '"') {
            p++;
        } else if (quoted && *p == '"') {
            p++;
            break;
        } else if (!quoted && (*p == ',' || *p == '\r')) {
            break;
        }
        assert_true(length + 1 < CELL_MAX);
        field[length++] = *p;
    }
    field[length] = '\0';
    *at = p;
    return length;
}

static void csv_gives_the_figures_back(void **state)
{
    (void)state;
    struct grid grid = {0};
    struct writer_options options = {.chinese = true};
    char *text = write_new(FORMAT_CSV, &options);
    const char *header = "name,amount,rate,day,count,status,note\r\n";
    assert_memory_equal(text, header, strlen(header));
    const char *at = text + strlen(header);
    for (size_t i = 0; i < ROWS; i++) {
        for (size_t k = 0; k < COLUMNS; k++) {
            char field[CELL_MAX];
            size_t length = read_field(&at, field);
            bool is_text = columns[k].kind == CELL_TEXT || columns[k].kind == CELL_WORD;
            bool guarded = is_text && field[0] == '\'';
            put(&grid, i, k, field + (guarded ? 1 : 0), length - (guarded ? 1 : 0));
            assert_true(k + 1 < COLUMNS ? *at == ',' : strncmp(at, "\r\n", 2) == 0);
            at += k + 1 < COLUMNS ? 1 : 2;
        }
    }
    check_text_equal(at, ""); /* and nothing else: no totals */
    check_grid(&grid, false);
    free(text);
}

static void csv_guards_what_a_spreadsheet_would_calculate(void **state)
{
    (void)state;
    struct writer_options options = {0};
    char *text = write_new(FORMAT_CSV, &options);
    assert_non_null(strstr(text, ",'=1+1\r\n"));
    assert_non_null(strstr(text, ",\"'@x, \"\"-1\"\"\"\r\n"));
    assert_non_null(strstr(text, ",''quoted\r\n"));
    assert_non_null(strstr(text, "\r\n'-5,1.00,"));
    assert_non_null(strstr(text, ",'＝SUM(A1)\r\n"));
    assert_non_null(strstr(text, ",-1234567.05,")); /* a figure is no formula */
    free(text);
}

/* --- JSON --------------------------------------------------------------------------------------*/

static void put_json(struct grid *grid, size_t line, size_t column, const json_t *value)
{
    char number[32];
    assert_non_null(value);
    if (json_is_null(value)) {
        put(grid, line, column, "", 0);
    } else if (columns[column].kind == CELL_INT) {
        assert_true(json_is_integer(value));
        snprintf(number, sizeof number, "%lld", (long long)json_integer_value(value));
        put(grid, line, column, number, strlen(number));
    } else {
        assert_true(json_is_string(value));
        put(grid, line, column, json_string_value(value), json_string_length(value));
    }
}

static void json_gives_the_figures_back(void **state)
{
    (void)state;
    struct grid grid = {0};
    struct writer_options options = {.chinese = true};
    json_error_t fault;
    char *text = write_new(FORMAT_JSON, &options);
    json_t *root = json_loads(text, JSON_REJECT_DUPLICATES, &fault);
    if (root == NULL) {
        fail_msg("%d:%d %s", fault.line, fault.column, fault.text);
    }
    const json_t *rows = json_object_get(root, "rows");
    assert_int_equal(json_array_size(rows), ROWS);
    for (size_t i = 0; i < ROWS; i++) {
        const json_t *row = json_array_get(rows, i);
        assert_int_equal(json_object_size(row), COLUMNS);
        for (size_t k = 0; k < COLUMNS; k++) {
            put_json(&grid, i, k, json_object_get(row, columns[k].name));
        }
    }
    const json_t *totals = json_object_get(root, "totals");
    assert_int_equal(json_object_size(totals), 2);
    put_json(&grid, ROWS, 1, json_object_get(totals, "amount"));
    put_json(&grid, ROWS, 4, json_object_get(totals, "count"));
    check_grid(&grid, true);
    check_text_equal(json_string_value(json_object_get(root, "name")), "all-kinds");
    check_text_equal(json_string_value(json_object_get(root, "title")), "各类单元格");
    check_text_equal(json_string_value(json_object_get(root, "subject")), "No. 3  张**");
    check_text_equal(json_string_value(json_object_get(root, "as_of")), "2017-12-31");
    const json_t *remarks = json_object_get(root, "remarks");
    check_text_equal(json_string_value(json_object_get(remarks, "free_balance")), "1234.56");
    assert_int_equal(json_integer_value(json_object_get(remarks, "claims")), 2);
    json_decref(root);
    free(text);
}

/* --- people's figures back to machine form -----------------------------------------------------*/

static void put_human(struct grid *grid, size_t line, size_t column, const char *text)
{
    char machine[CELL_MAX];
    size_t length = 0;
    enum cell_kind kind = columns[column].kind;
    for (size_t i = 0; i < COUNT_OF(statuses); i++) {
        if (kind == CELL_WORD &&
            (strcmp(text, statuses[i].zh) == 0 || strcmp(text, statuses[i].en) == 0)) {
            text = statuses[i].name;
        }
    }
    for (; *text != '\0'; text++) {
        bool is_grouping = kind == CELL_MONEY && *text == ',';
        bool is_sign = kind == CELL_RATE && *text == '%';
        if (is_grouping || is_sign) {
            continue;
        }
        assert_true(length + 1 < CELL_MAX);
        machine[length++] = *text;
    }
    put(grid, line, column, machine, length);
}

/* --- text --------------------------------------------------------------------------------------*/

#define WIDTH_MAX 400

/* The line with a blank behind each character of double width, so that columns are indices. */
static size_t spread(const char *line, size_t length, wchar_t *ret)
{
    size_t at = 0;
    size_t width = 0;
    while (at < length) {
        wchar_t character = L'\0';
        int used = mbtowc(&character, line + at, length - at);
        assert_true(used > 0 && width + 2 < WIDTH_MAX);
        ret[width++] = character;
        if (wcwidth(character) == 2) {
            ret[width++] = L'\1';
        }
        at += (size_t)used;
    }
    return width;
}

static void put_spread(struct grid *grid, size_t line, size_t column, const wchar_t *from,
                       size_t width)
{
    char text[CELL_MAX];
    size_t length = 0;
    while (width > 0 && from[width - 1] == L' ') {
        width--;
    }
    while (width > 0 && *from == L' ') {
        from++;
        width--;
    }
    for (size_t i = 0; i < width; i++) {
        if (from[i] != L'\1') {
            int used = wctomb(text + length, from[i] == L'↵' ? L'\n' : from[i]);
            assert_true(used > 0 && length + MB_LEN_MAX < CELL_MAX);
            length += (size_t)used;
        }
    }
    text[length] = '\0';
    put_human(grid, line, column, text);
}

static void text_gives_the_figures_back(void **state)
{
    (void)state;
    struct grid grid = {0};
    static wchar_t line[LINES + 1][WIDTH_MAX];
    bool blank[WIDTH_MAX];
    struct writer_options options = {.chinese = true, .table_only = true};
    char *text = write_new(FORMAT_TEXT, &options);
    const char *at = text;
    for (size_t i = 0; i < WIDTH_MAX; i++) {
        blank[i] = true;
    }
    for (size_t i = 0; i <= LINES; i++) {
        size_t length = strcspn(at, "\n");
        wmemset(line[i], L' ', WIDTH_MAX);
        (void)spread(at, length, line[i]);
        for (size_t k = 0; k < WIDTH_MAX; k++) {
            blank[k] = blank[k] && line[i][k] == L' ';
        }
        at += length + 1;
    }
    check_text_equal(at, "");
    size_t start = 0;
    for (size_t k = 0; k < COLUMNS; k++) {
        size_t end = start;
        while (k + 1 < COLUMNS ? !blank[end] : end < WIDTH_MAX - 1) {
            end++;
        }
        for (size_t i = 0; i < LINES; i++) {
            put_spread(&grid, i, k, line[i + 1] + start, end - start);
        }
        for (start = end; start < WIDTH_MAX - 1 && blank[start]; start++) {
        }
    }
    check_text_equal(grid.cell[ROWS][0], "合计");
    grid.cell[ROWS][0][0] = '\0';
    check_grid(&grid, true);
    free(text);
}

static size_t widest_line(const char *text)
{
    size_t widest = 0;
    while (*text != '\0') {
        wchar_t line[WIDTH_MAX];
        size_t length = strcspn(text, "\n");
        size_t width = spread(text, length, line);
        widest = width > widest ? width : widest;
        text += length + (text[length] == '\n' ? 1 : 0);
    }
    return widest;
}

static void text_wraps_words_but_never_figures_into_the_width(void **state)
{
    (void)state;
    AUTO_ARENA arena;
    struct table table;
    make_table(&table, &arena);
    struct cell *row = table_add_row(&table);
    row[0] =
        cell_text(&table, "一个很长的名字一个很长的名字一个很长的名字一个很长的名字一个很长的名字");
    row[1] = cell_money(money_from_fen(-100000000000));
    struct writer_options narrow = {.width = 86, .table_only = true};
    char *text = write_table(&table, FORMAT_TEXT, &narrow, NULL);
    assert_in_range(widest_line(text), 60, 86);
    assert_non_null(strstr(text, "-1,000,000,000.00"));
    assert_non_null(strstr(text, "-1,001,184,565.98"));
    free(text);
    /* Nothing is lost where even the figures do not fit: rows stay whole, longer than the width. */
    struct writer_options impossible = {.width = 20, .table_only = true};
    struct writer_options endless = {.width = 0, .table_only = true};
    text = write_table(&table, FORMAT_TEXT, &impossible, NULL);
    char *whole = write_table(&table, FORMAT_TEXT, &endless, NULL);
    check_text_equal(text, whole);
    free(text);
    free(whole);
}

/* On 44 columns, worked out by hand: beside "borrower" (8), "10,000.00" (9) and three gaps 24
 * remain for the two texts, 12 each: the name of 18 is cut, the other wraps between its words. On
 * 60 the name has all of its 18, the other the 22 that are left, of which its widest line takes 21.
 */
static void text_wraps_the_widest_texts_and_cuts_words_last(void **state)
{
    (void)state;
    static const struct column four[] = {
        {"name", "name", "名称", CELL_TEXT, false},
        {"note", "note", "说明", CELL_TEXT, false},
        {"who", "borrower", "借款人", CELL_WORD, false},
        {"amount", "amount", "金额", CELL_MONEY, false},
    };
    AUTO_ARENA arena;
    struct table table;
    struct writer_options options = {.width = 44, .table_only = true};
    arena_init(&arena, TABLE_ARENA_LIMIT);
    table_init(&table, &arena, "narrow", four, COUNT_OF(four), day("2017-12-31"));
    struct cell *row = table_add_row(&table);
    row[0] = cell_text(&table, "borrower-statement");
    row[1] = cell_text(&table, "what came in and what is owed");
    row[3] = cell_money(money_from_fen(1000000));
    char *text = write_table(&table, FORMAT_TEXT, &options, NULL);
    check_text_equal(text, "name         note         borrower    amount\n"
                           "borrower-sta what came in          10,000.00\n"
                           "tement       and what is           \n"
                           "             owed                  \n");
    free(text);
    options.width = 60;
    text = write_table(&table, FORMAT_TEXT, &options, NULL);
    check_text_equal(text, "name               note                  borrower    amount\n"
                           "borrower-statement what came in and what          10,000.00\n"
                           "                   is owed                        \n");
    free(text);
}

static void text_is_the_same_under_any_locale(void **state)
{
    (void)state;
    struct writer_options options = {.chinese = true};
    char *text = write_new(FORMAT_TEXT, &options);
    assert_non_null(setlocale(LC_ALL, "C"));
    char *under_c = write_new(FORMAT_TEXT, &options);
    assert_non_null(setlocale(LC_ALL, "C.UTF-8"));
    check_text_equal(under_c, text);
    free(text);
    free(under_c);
}

/* --- HTML and the sheet's XML ------------------------------------------------------------------*/

/* Text between two tags, unescaped. */
static void unescape(const char *from, size_t length, char ret[static CELL_MAX])
{
    static const struct {
        const char *name;
        char byte;
    } entities[] = {{"&amp;", '&'}, {"&lt;", '<'}, {"&gt;", '>'}, {"&quot;", '"'}, {"&#39;", '\''}};
    size_t used = 0;
    for (size_t i = 0; i < length; i++) {
        char byte = from[i];
        for (size_t k = 0; byte == '&' && k < COUNT_OF(entities); k++) {
            size_t size = strlen(entities[k].name);
            if (strncmp(from + i, entities[k].name, size) == 0) {
                ret[used++] = entities[k].byte;
                i += size - 1;
                byte = '\0';
            }
        }
        assert_true(byte != '<' && byte != '&' && used + 1 < CELL_MAX);
        if (byte != '\0') {
            ret[used++] = byte;
        }
    }
    ret[used] = '\0';
}

static void html_gives_the_figures_back(void **state)
{
    (void)state;
    struct grid grid = {0};
    struct writer_options options = {.chinese = true};
    char *text = write_new(FORMAT_HTML, &options);
    const char *at = strstr(text, "<tbody>");
    for (size_t i = 0; i < LINES; i++) {
        at = strstr(at, "<tr");
        for (size_t k = 0; k < COLUMNS; k++) {
            char cell[CELL_MAX];
            at = strstr(at, "<td class=\"");
            assert_non_null(at);
            const char *content = strchr(at, '>') + 1;
            const char *end = strstr(content, "</td>");
            unescape(content, (size_t)(end - content), cell);
            put_human(&grid, i, k, cell);
            at = end;
        }
        assert_memory_equal(at, "</td></tr>", 10);
    }
    check_text_equal(grid.cell[ROWS][0], "合计");
    grid.cell[ROWS][0][0] = '\0';
    check_grid(&grid, true);
    free(text);
}

static void html_needs_nothing_from_outside(void **state)
{
    (void)state;
    struct writer_options options = {.chinese = true};
    char *text = write_new(FORMAT_HTML, &options);
    assert_memory_equal(text, "<!DOCTYPE html>\n<html lang=\"zh-CN\">", 35);
    assert_non_null(strstr(text, "@page{size:A4 portrait"));
    assert_non_null(strstr(text, "thead{display:table-header-group}"));
    assert_non_null(strstr(text, "<svg "));
    assert_null(strstr(text, "<script"));
    assert_null(strstr(text, "<link"));
    assert_null(strstr(text, "src="));
    assert_null(strstr(text, "url("));
    assert_null(strstr(text, "<b>")); /* a name is no markup */
    free(text);
    options.chinese = false;
    text = write_new(FORMAT_HTML, &options);
    assert_non_null(strstr(text, "<html lang=\"en\">"));
    assert_non_null(strstr(text, "<title>Cells of &lt;every&gt; kind</title>"));
    free(text);
}

/* 16 bytes are short: five Chinese characters or sixteen letters. */
static void html_breaks_no_short_text(void **state)
{
    (void)state;
    static const struct column one[] = {{"note", "note", "说明", CELL_TEXT, false}};
    static const struct {
        const char *text, *cell;
    } notes[] = {
        {"510000", "<td class=\"text short\">510000</td>"},
        {"新河村12组", "<td class=\"text short\">新河村12组</td>"},
        {"sixteen letters!", "<td class=\"text short\">sixteen letters!</td>"},
        {"seventeen letters", "<td class=\"text\">seventeen letters</td>"},
        {"two\nlines", "<td class=\"text\">two\nlines</td>"},
    };
    AUTO_ARENA arena;
    struct table table;
    struct writer_options options = {0};
    arena_init(&arena, TABLE_ARENA_LIMIT);
    table_init(&table, &arena, "short", one, 1, day("2017-12-31"));
    for (size_t i = 0; i < COUNT_OF(notes); i++) {
        table_add_row(&table)[0] = cell_text(&table, notes[i].text);
    }
    char *text = write_table(&table, FORMAT_HTML, &options, NULL);
    for (size_t i = 0; i < COUNT_OF(notes); i++) {
        assert_non_null(strstr(text, notes[i].cell));
    }
    assert_non_null(strstr(text, "td.short{white-space:nowrap}"));
    free(text);
}

static void html_fits_its_letters_to_the_sheet(void **state)
{
    (void)state;
    static const struct {
        size_t columns;
        enum page page;
        const char *sheet, *letters;
    } looks[] = {
        {7, PAGE_REPORT, "@page{size:A4 portrait;margin:12mm ", "{--body:10pt;--size:10pt;"},
        {8, PAGE_REPORT, "@page{size:A4 landscape;", "{--body:10pt;--size:8.5pt;--gap:.5em}"},
        {21, PAGE_REPORT, "@page{size:A4 landscape;", "{--body:10pt;--size:7pt;--gap:.35em}"},
        {22, PAGE_REPORT, "@page{size:A4 landscape;", "{--body:10pt;--size:6pt;--gap:.35em}"},
        {7, PAGE_RECEIPT_A4, "@page{size:A4 portrait;", "{--body:10pt;--size:8.5pt;"},
        {7, PAGE_RECEIPT_A5, "@page{size:A5 landscape;margin:8mm ", "{--body:9pt;--size:8pt;"},
    };
    struct column many[22];
    AUTO_ARENA arena;
    arena_init(&arena, TABLE_ARENA_LIMIT);
    for (size_t i = 0; i < COUNT_OF(many); i++) {
        many[i] = (struct column){"note", "note", "说明", CELL_TEXT, false};
    }
    for (size_t i = 0; i < COUNT_OF(looks); i++) {
        struct table table;
        struct writer_options options = {0};
        table_init(&table, &arena, "wide", many, looks[i].columns, day("2017-12-31"));
        table.page = looks[i].page;
        char *text = write_table(&table, FORMAT_HTML, &options, NULL);
        assert_non_null(strstr(text, looks[i].sheet));
        assert_non_null(strstr(text, looks[i].letters));
        free(text);
    }
}

/* Three days, 10 and 20 days apart: the middle point stands at a third of the way. The value axis
 * goes from -100.00 (bottom, y = 212) to 300.00 (top, y = 14); 0 is a quarter up: 212 - 49. */
static void a_line_chart_spaces_days_as_the_calendar_does(void **state)
{
    (void)state;
    static const struct column two[] = {
        {"day", "day", "日期", CELL_DATE, false},
        {"balance", "balance", "余额", CELL_MONEY, false},
    };
    static const struct {
        const char *day;
        int64_t fen;
    } points[] = {{"2017-01-01", -10000}, {"2017-01-11", 0}, {"2017-01-31", 30000}};
    AUTO_ARENA arena;
    struct table table;
    struct writer_options options = {0};
    arena_init(&arena, TABLE_ARENA_LIMIT);
    table_init(&table, &arena, "line", two, 2, day("2017-12-31"));
    table.chart = (struct chart){CHART_LINE, 0, 1, "balance", "余额"};
    for (size_t i = 0; i < COUNT_OF(points); i++) {
        struct cell *row = table_add_row(&table);
        row[0] = cell_date(day(points[i].day));
        row[1] = cell_money(money_from_fen(points[i].fen));
    }
    char *text = write_table(&table, FORMAT_HTML, &options, NULL);
    assert_non_null(strstr(text, "points=\"120,212 306,163 678,14\""));
    assert_non_null(strstr(text, ">300.00</text>"));
    free(text);
    table.rows = 1; /* one point is no line */
    text = write_table(&table, FORMAT_HTML, &options, NULL);
    assert_null(strstr(text, "<svg"));
    free(text);
}

/* The sheet of a spreadsheet as XML. */
static char *unzip_sheet(const struct table *table, const struct writer_options *options)
{
    size_t length = 0;
    char *folder = scratch_create();
    char command[512];
    char path[256];
    char *bytes = write_table(table, FORMAT_XLSX, options, &length);
    snprintf(path, sizeof path, "%s/report.xlsx", folder);
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, length, file), length);
    assert_int_equal(fclose(file), 0);
    snprintf(command, sizeof command, "cd %s && unzip -q report.xlsx xl/worksheets/sheet1.xml",
             folder);
    assert_int_equal(system(command), 0);
    snprintf(path, sizeof path, "%s/xl/worksheets/sheet1.xml", folder);
    char *xml = file_read(path, &length);
    scratch_remove(folder);
    free(bytes);
    return xml;
}

/* What stands between the tags, for a cell of any type; "" for a blank one. */
static void sheet_cell(const char *xml, const char *reference, char ret[static CELL_MAX],
                       bool *ret_formula)
{
    char tag[32];
    snprintf(tag, sizeof tag, "<c r=\"%s\"", reference);
    const char *cell = strstr(xml, tag);
    ret[0] = '\0';
    *ret_formula = false;
    if (cell == NULL) {
        return;
    }
    const char *close = strchr(cell, '>');
    if (close[-1] == '/') {
        return;
    }
    const char *end = strstr(cell, "</c>");
    const char *text = strstr(cell, "<t");
    const char *value = strstr(cell, "<v>");
    const char *formula = strstr(cell, "<f>");
    *ret_formula = formula != NULL && formula < end;
    if (text != NULL && text < end) {
        const char *content = strchr(text, '>') + 1;
        unescape(content, (size_t)(strstr(content, "</t>") - content), ret);
    } else {
        assert_true(value != NULL && value < end);
        unescape(value + 3, (size_t)(strstr(value, "</v>") - value) - 3, ret);
    }
}

/* "0.0435" as per cent, in decimals: the point two places to the right. */
static void put_sheet_rate(struct grid *grid, size_t line, size_t column, const char *text)
{
    char percent[RATE_TEXT_SIZE];
    double number = strtod(text, NULL) * 1e6;
    int64_t ppm = (int64_t)(number + 0.5);
    rate_format(rate_from_ppm(ppm), percent);
    put(grid, line, column, percent, strlen(percent));
}

static void put_sheet(struct grid *grid, size_t line, size_t column, const char *text)
{
    char figure[MONEY_TEXT_SIZE];
    double yuan = strtod(text, NULL);
    if (text[0] == '\0') {
        return;
    }
    switch (columns[column].kind) {
    case CELL_MONEY: /* 0.07 stands as 0.07000000000000001: the nearest fen is what is shown */
        money_format(money_from_fen((int64_t)(yuan * 100 + (yuan < 0 ? -0.5 : 0.5))), figure);
        put(grid, line, column, figure, strlen(figure));
        break;
    case CELL_DATE: /* day 25569 of a spreadsheet is 1970-01-01 */
        date_format(date_from_day(strtoll(text, NULL, 10) - 25569), figure);
        put(grid, line, column, figure, strlen(figure));
        break;
    case CELL_RATE:
        put_sheet_rate(grid, line, column, text);
        break;
    case CELL_EMPTY:
    case CELL_TEXT:
    case CELL_WORD:
    case CELL_INT:
        put_human(grid, line, column, text);
        break;
    }
}

static void xlsx_gives_the_figures_back(void **state)
{
    (void)state;
    AUTO_ARENA arena;
    struct table table;
    struct grid grid = {0};
    struct writer_options options = {.chinese = true};
    make_table(&table, &arena);
    char *xml = unzip_sheet(&table, &options);
    for (size_t i = 0; i < LINES; i++) {
        for (size_t k = 0; k < COLUMNS; k++) {
            char reference[8];
            char text[CELL_MAX];
            bool is_formula = false;
            snprintf(reference, sizeof reference, "%c%zu", (char)('A' + k), i + 4);
            sheet_cell(xml, reference, text, &is_formula);
            assert_int_equal(is_formula, i == ROWS && columns[k].total);
            put_sheet(&grid, i, k, text);
        }
    }
    check_text_equal(grid.cell[ROWS][0], "合计");
    grid.cell[ROWS][0][0] = '\0';
    check_grid(&grid, true);
    assert_non_null(strstr(xml, "<f>SUM(B4:B8)</f>"));
    assert_null(strstr(xml, "1+1</f>"));
    free(xml);
}

static void xlsx_writes_figures_it_would_round_as_text(void **state)
{
    (void)state;
    AUTO_ARENA arena;
    struct table table;
    struct writer_options options = {0};
    char text[CELL_MAX];
    bool is_formula = false;
    arena_init(&arena, TABLE_ARENA_LIMIT);
    table_init(&table, &arena, "large", columns, COLUMNS, day("2017-12-31"));
    table_add_row(&table)[1] = cell_money(money_from_fen(999999999999999));
    table_add_row(&table)[1] = cell_money(money_from_fen(1000000000000000));
    char *xml = unzip_sheet(&table, &options);
    sheet_cell(xml, "B4", text, &is_formula);
    check_text_equal(text, "9999999999999.99");
    sheet_cell(xml, "B5", text, &is_formula);
    check_text_equal(text, "10,000,000,000,000.00");
    sheet_cell(xml, "B6", text, &is_formula);
    check_text_equal(text, "19,999,999,999,999.99");
    assert_false(is_formula);
    free(xml);
}

static void xlsx_is_the_same_file_each_time(void **state)
{
    (void)state;
    AUTO_ARENA arena;
    struct table table;
    struct writer_options options = {.chinese = true};
    size_t first = 0;
    size_t second = 0;
    make_table(&table, &arena);
    char *one = write_table(&table, FORMAT_XLSX, &options, &first);
    char *two = write_table(&table, FORMAT_XLSX, &options, &second);
    assert_int_equal(first, second);
    assert_memory_equal(one, two, first);
    free(one);
    free(two);
}

static void xlsx_refuses_a_text_that_no_cell_holds(void **state)
{
    (void)state;
    AUTO_ARENA arena;
    struct table table;
    struct writer_options options = {0};
    struct error err = {0};
    make_table(&table, &arena);
    char *text = arena_alloc(&arena, 40001);
    memset(text, 'x', 40000);
    table_add_row(&table)[0] = cell_text(&table, text);
    FILE *out = tmpfile();
    check_refused(table_write(&table, FORMAT_XLSX, &options, out, &err), &err,
                  "output.cell-too-long");
    fclose(out);
}

/* --- all writers -------------------------------------------------------------------------------*/

static void no_writer_names_a_day_for_a_table_of_none(void **state)
{
    (void)state;
    static const struct column words[] = {{"note", "note", "备注", CELL_TEXT, false}};
    AUTO_ARENA arena;
    struct table table;
    struct writer_options options = {.chinese = true};
    size_t first = 0;
    size_t second = 0;
    arena_init(&arena, TABLE_ARENA_LIMIT);
    table_init(&table, &arena, "no-day", words, COUNT_OF(words), day("2017-12-31"));
    table.of_no_day = true;
    table_add_row(&table)[0] = cell_text(&table, "x");
    char *text = write_table(&table, FORMAT_TEXT, &options, NULL);
    check_text_equal(text, "no-day\n\n备注\nx\n");
    free(text);
    text = write_table(&table, FORMAT_JSON, &options, NULL);
    assert_non_null(strstr(text, ",\"as_of\":null,\n"));
    free(text);
    text = write_table(&table, FORMAT_HTML, &options, NULL);
    assert_null(strstr(text, "2017"));
    assert_null(strstr(text, "截至"));
    free(text);
    char *xml = unzip_sheet(&table, &options);
    assert_null(strstr(xml, "截至"));
    free(xml);
    text = write_table(&table, FORMAT_XLSX, &options, &first);
    char *again = write_table(&table, FORMAT_XLSX, &options, &second);
    assert_int_equal(first, second);
    assert_memory_equal(text, again, first);
    free(text);
    free(again);
}

static void every_writer_tells_a_full_disk(void **state)
{
    (void)state;
    AUTO_ARENA arena;
    struct table table;
    struct writer_options options = {0};
    make_table(&table, &arena);
    for (int format = FORMAT_TEXT; format <= FORMAT_XLSX; format++) {
        struct error err = {0};
        FILE *full = fopen("/dev/full", "w");
        assert_non_null(full);
        check_refused(table_write(&table, (enum format)format, &options, full, &err), &err,
                      "output.write");
        assert_int_equal(err.fault, FAULT_STORE);
        fclose(full);
    }
}

static void an_empty_table_is_written_by_every_writer(void **state)
{
    (void)state;
    AUTO_ARENA arena;
    struct table table;
    struct writer_options options = {.chinese = true, .width = 80};
    arena_init(&arena, TABLE_ARENA_LIMIT);
    table_init(&table, &arena, "empty", columns, COLUMNS, day("2017-12-31"));
    for (int format = FORMAT_TEXT; format <= FORMAT_XLSX; format++) {
        free(write_table(&table, (enum format)format, &options, NULL));
    }
    char *json = write_table(&table, FORMAT_JSON, &options, NULL);
    assert_non_null(strstr(json, "\"rows\":[]"));
    assert_non_null(strstr(json, "\"totals\":{\"amount\":\"0.00\",\"count\":0}"));
    free(json);
}

static void unseen_characters_become_visible(void **state)
{
    (void)state;
    AUTO_ARENA arena;
    struct table table;
    arena_init(&arena, TABLE_ARENA_LIMIT);
    table_init(&table, &arena, "empty", columns, COLUMNS, day("2017-12-31"));
    check_text_equal(cell_text(&table, "a\r\nb\rc\td").text, "a\nb\nc\td");
    check_text_equal(cell_text(&table, "\x1b[31m").text, "\xEF\xBF\xBD[31m");
    check_text_equal(cell_text(&table, "a\xff\xfe").text, "a\xEF\xBF\xBD\xEF\xBF\xBD");
    check_text_equal(cell_text(&table, "x\xE2\x80\xAEy").text, "x\xEF\xBF\xBDy"); /* U+202E */
    check_text_equal(cell_text(&table, "").text, "");
    assert_int_equal(cell_text(&table, NULL).kind, CELL_EMPTY);
}

static void a_total_that_does_not_fit_is_left_out(void **state)
{
    (void)state;
    AUTO_ARENA arena;
    struct table table;
    arena_init(&arena, TABLE_ARENA_LIMIT);
    table_init(&table, &arena, "large", columns, COLUMNS, day("2017-12-31"));
    table_add_row(&table)[4] = cell_int(INT64_MAX);
    assert_int_equal(table_total(&table, 4).number, INT64_MAX);
    table_add_row(&table)[4] = cell_int(1);
    assert_int_equal(table_total(&table, 4).kind, CELL_EMPTY);
    assert_int_equal(table_total(&table, 0).kind, CELL_EMPTY);
}

static void rows_stay_where_they_are_while_the_table_grows(void **state)
{
    (void)state;
    AUTO_ARENA arena;
    struct table table;
    arena_init(&arena, TABLE_ARENA_LIMIT);
    table_init(&table, &arena, "long", columns, COLUMNS, day("2017-12-31"));
    struct cell *first = table_add_row(&table);
    first[4] = cell_int(0);
    for (int64_t i = 1; i < 5000; i++) {
        table_add_row(&table)[4] = cell_int(i);
    }
    assert_ptr_equal(first, table_row(&table, 0));
    for (size_t i = 0; i < 5000; i++) {
        assert_int_equal(table_row(&table, i)[4].number, i);
    }
    assert_int_equal(table_total(&table, 4).number, 4999 * 5000 / 2);
}

static void format_names_are_strict(void **state)
{
    (void)state;
    enum format format = FORMAT_TEXT;
    struct error err = {0};
    check_ok(format_parse("xlsx", &format, &err), &err);
    assert_int_equal(format, FORMAT_XLSX);
    check_refused(format_parse("XLSX", &format, &err), &err, "format.unknown");
    check_refused(format_parse("", &format, &err), &err, "format.unknown");
}

/* --- a text to the byte
 * -------------------------------------------------------------------------*/

/* An em-dash, a mark that HTML escapes, an empty line, a line feed at the end. */
#define EXACT "origin\n12\n\n— a <b> c\n"

static char *write_exact(enum format format, struct table *table, struct arena *arena,
                         const char *text)
{
    static const struct writer_options english = {.chinese = false};
    make_table(table, arena);
    table->exact = (struct exact_text){"seal", "Seal", "封存", text};
    return write_table(table, format, &english, NULL);
}

static void a_text_is_given_to_the_byte(void **state)
{
    (void)state;
    static const struct writer_options english = {.chinese = false};
    AUTO_ARENA arena;
    struct table table;
    char *text = write_exact(FORMAT_TEXT, &table, &arena, EXACT);
    assert_non_null(strstr(text, "\nSeal\n\n" EXACT));
    check_text_equal(text + strlen(text) - strlen(EXACT), EXACT);
    free(text);
    text = write_table(&table, FORMAT_JSON, &english, NULL);
    json_t *root = json_loads(text, JSON_REJECT_DUPLICATES, NULL);
    assert_non_null(root);
    check_text_equal(json_string_value(json_object_get(root, "seal")), EXACT);
    json_decref(root);
    free(text);
    text = write_table(&table, FORMAT_HTML, &english, NULL);
    assert_non_null(strstr(text, "<h2>Seal</h2>\n<svg class=\"code\""));
    assert_non_null(strstr(text, "<pre>origin\n12\n\n— a &lt;b&gt; c\n</pre>"));
    free(text);
    text = unzip_sheet(&table, &english);
    assert_non_null(strstr(text, "origin\n12\n\n— a &lt;b&gt; c\n"));
    free(text);
    text = write_table(&table, FORMAT_CSV, &english, NULL);
    assert_null(strstr(text, "origin"));
    free(text);
}

/* 2,953 bytes are the most that a QR code holds (ISO/IEC 18004, version 40, level L). */
static void a_text_too_long_for_a_code_stands_alone(void **state)
{
    (void)state;
    AUTO_ARENA arena;
    AUTO_ARENA more;
    struct table table;
    char most[2954 + 1];
    memset(most, 'x', 2953);
    most[2953] = '\0';
    char *text = write_exact(FORMAT_HTML, &table, &arena, most);
    assert_non_null(strstr(text, "<svg class=\"code\""));
    free(text);
    most[2953] = 'x';
    most[2954] = '\0';
    text = write_exact(FORMAT_HTML, &table, &more, most);
    assert_null(strstr(text, "<svg class=\"code\""));
    assert_non_null(strstr(text, "<pre>xxx"));
    free(text);
}

/* --- golden files ------------------------------------------------------------------------------*/

/* Written anew under UPDATE_GOLDEN=1. */
static void check_golden(const char *name, char *text)
{
    char path[512];
    snprintf(path, sizeof path, "%s/tests/unit/reports/golden/%s", TEST_SOURCE_DIR, name);
    if (getenv("UPDATE_GOLDEN") != NULL) {
        FILE *file = fopen(path, "w");
        assert_non_null(file);
        fputs(text, file);
        fclose(file);
    }
    size_t length = 0;
    char *golden = file_read(path, &length);
    check_text_equal(text, golden);
    free(golden);
    free(text);
}

static void text_and_html_look_as_they_looked(void **state)
{
    (void)state;
    struct writer_options chinese = {.chinese = true};
    struct writer_options english = {.chinese = false, .width = 90};
    check_golden("all-kinds.zh.txt", write_new(FORMAT_TEXT, &chinese));
    check_golden("all-kinds.en.txt", write_new(FORMAT_TEXT, &english));
    check_golden("all-kinds.zh.html", write_new(FORMAT_HTML, &chinese));
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(csv_gives_the_figures_back),
        cmocka_unit_test(csv_guards_what_a_spreadsheet_would_calculate),
        cmocka_unit_test(json_gives_the_figures_back),
        cmocka_unit_test(text_gives_the_figures_back),
        cmocka_unit_test(text_wraps_words_but_never_figures_into_the_width),
        cmocka_unit_test(text_wraps_the_widest_texts_and_cuts_words_last),
        cmocka_unit_test(text_is_the_same_under_any_locale),
        cmocka_unit_test(html_gives_the_figures_back),
        cmocka_unit_test(html_needs_nothing_from_outside),
        cmocka_unit_test(html_breaks_no_short_text),
        cmocka_unit_test(html_fits_its_letters_to_the_sheet),
        cmocka_unit_test(a_line_chart_spaces_days_as_the_calendar_does),
        cmocka_unit_test(xlsx_gives_the_figures_back),
        cmocka_unit_test(xlsx_writes_figures_it_would_round_as_text),
        cmocka_unit_test(xlsx_is_the_same_file_each_time),
        cmocka_unit_test(xlsx_refuses_a_text_that_no_cell_holds),
        cmocka_unit_test(no_writer_names_a_day_for_a_table_of_none),
        cmocka_unit_test(every_writer_tells_a_full_disk),
        cmocka_unit_test(an_empty_table_is_written_by_every_writer),
        cmocka_unit_test(unseen_characters_become_visible),
        cmocka_unit_test(a_total_that_does_not_fit_is_left_out),
        cmocka_unit_test(rows_stay_where_they_are_while_the_table_grows),
        cmocka_unit_test(a_text_is_given_to_the_byte),
        cmocka_unit_test(a_text_too_long_for_a_code_stands_alone),
        cmocka_unit_test(format_names_are_strict),
        cmocka_unit_test(text_and_html_look_as_they_looked),
    };
    setlocale(LC_ALL, "C.UTF-8");
    return cmocka_run_group_tests(tests, NULL, NULL);
}
