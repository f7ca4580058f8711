#include "reports/writer_formats.h"

#include <string.h>

#define LANDSCAPE_FROM_COLUMNS ((size_t)8)
#define SMALL_FROM_COLUMNS ((size_t)14)
#define TINY_FROM_COLUMNS ((size_t)22)
#define SHORT_TEXT ((size_t)16) /* a name, a code, a village: bytes, three a Chinese character */

static const char style[] =
    "*{box-sizing:border-box}\n"
    "body{margin:0 auto;padding:8mm;color:#111;background:#fff;"
    "font-family:\"Noto Sans CJK SC\",\"Noto Sans SC\",\"Source Han Sans SC\",\"Microsoft "
    "YaHei\",\"PingFang SC\",\"Liberation Sans\",Arial,sans-serif;"
    "font-size:var(--body);line-height:1.45}\n"
    "h1{margin:0;text-align:center;font-size:1.7em;font-weight:600;letter-spacing:.06em}\n"
    ".subject{margin:.3em 0 0;text-align:center;font-size:1.1em}\n"
    ".facts{display:flex;justify-content:space-between;margin:1em 0 .4em}\n"
    "table{width:100%;border-collapse:collapse;border-top:1.4pt solid #111;"
    "border-bottom:1.4pt solid #111;font-size:var(--size)}\n"
    "thead{display:table-header-group}\n"
    "th{padding:.45em var(--gap);border-bottom:.8pt solid #111;font-weight:600;text-align:left;"
    "vertical-align:bottom;min-width:calc(2em + 2 * var(--gap))}\n"
    "td{padding:.3em var(--gap);border-bottom:.4pt solid #bbb;vertical-align:top}\n"
    "td.text{white-space:pre-wrap;overflow-wrap:anywhere}\n"
    "td.date,td.word,td.short{white-space:nowrap}\n"
    ".figure{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}\n"
    "th.figure{white-space:normal}\n"
    ".negative{color:#a00000}\n"
    "tr{break-inside:avoid}\n"
    "tr.totals td{border-top:.8pt solid #111;border-bottom:0;font-weight:600}\n"
    ".remarks{display:grid;grid-template-columns:max-content max-content;gap:.2em 1.6em;"
    "margin:1.2em 0 0;break-inside:avoid}\n"
    ".remarks dt,.remarks dd{margin:0}\n"
    "figure{margin:1.6em 0 0;break-inside:avoid}\n"
    "figcaption{margin-bottom:.4em;font-weight:600}\n"
    "svg{display:block;width:100%;max-width:180mm;height:auto}\n"
    ".exact{margin:1.6em 0 0;display:grid;grid-template-columns:60mm 1fr;gap:0 8mm;"
    "break-inside:avoid}\n"
    ".exact h2{grid-column:1/-1;margin:0 0 .4em;font-size:1em;font-weight:600}\n"
    ".exact svg{width:60mm}\n"
    ".exact pre{margin:0;align-self:center;font-family:\"Liberation Mono\",\"DejaVu Sans "
    "Mono\",monospace;font-size:7pt;white-space:pre-wrap;overflow-wrap:anywhere}\n"
    ".signatures{display:flex;gap:2em;margin-top:2.6em;break-inside:avoid}\n"
    ".signatures span{flex:1;padding-bottom:.2em;border-bottom:.4pt solid #111}\n"
    "@media screen{body{max-width:297mm}}\n"
    "@media print{body{padding:0;max-width:none}}\n";

static const char *const kind_classes[] = {
    [CELL_EMPTY] = "empty",        [CELL_TEXT] = "text", [CELL_WORD] = "word",
    [CELL_MONEY] = "money figure", [CELL_DATE] = "date", [CELL_RATE] = "rate figure",
    [CELL_INT] = "int figure",
};

static const struct label prepared_by = {"Prepared by:", "制表人："};
static const struct label checked_by = {"Checked by:", "复核人："};
static const struct label approved_by = {"Approved by (seal):", "负责人（盖章）："};
static const struct label handled_by = {"Handled by (seal):", "经办（盖章）："};
static const struct label signed_by_borrower = {"Borrower:", "借款人（签字）："};
static const struct label no_rows = {"no entries", "无记录"};

void html_escape(const char *text, FILE *out)
{
    for (; *text != '\0'; text++) {
        switch (*text) {
        case '&':
            (void)fputs("&amp;", out);
            break;
        case '<':
            (void)fputs("&lt;", out);
            break;
        case '>':
            (void)fputs("&gt;", out);
            break;
        case '"':
            (void)fputs("&quot;", out);
            break;
        case '\'':
            (void)fputs("&#39;", out);
            break;
        default:
            (void)fputc(*text, out);
        }
    }
}

static void write_escaped(const char *before, const char *text, const char *after, FILE *out)
{
    (void)fputs(before, out);
    html_escape(text, out);
    (void)fputs(after, out);
}

/* Never broken, however little room is left: it would be hard to read and save nothing. */
static bool is_short(const struct cell *cell, enum cell_kind kind, const char *text)
{
    return kind == CELL_TEXT && cell->kind != CELL_EMPTY && strchr(text, '\n') == NULL &&
           strlen(text) <= SHORT_TEXT;
}

static bool is_negative(const struct cell *cell)
{
    return (cell->kind == CELL_MONEY && money_is_negative(cell->money)) ||
           (cell->kind == CELL_INT && cell->number < 0);
}

static void write_cell(const struct cell *cell, enum cell_kind kind, bool chinese, FILE *out)
{
    char scratch[CELL_SCRATCH_SIZE];
    const char *text = cell_format_human(cell, chinese, scratch);
    (void)fprintf(out, "<td class=\"%s%s%s\">", kind_classes[kind],
                  is_negative(cell) ? " negative" : "", is_short(cell, kind, text) ? " short" : "");
    html_escape(text, out);
    (void)fputs("</td>", out);
}

/* The sheet, and how large the letters are on it. */
struct look {
    const char *size, *margin;
    const char *body, *cells; /* letters beside the table, and in it */
    const char *gap;          /* on each side of a cell */
};

/* Receipts are slips: A4 upright, or A5 lying, which is half of that sheet. */
static struct look look_of(const struct table *table)
{
    struct look look = {"A4 portrait", "12mm 12mm 15mm", "10pt", "10pt", ".5em"};
    if (table->page == PAGE_RECEIPT_A5) {
        return (struct look){"A5 landscape", "8mm 12mm 12mm", "9pt", "8pt", ".5em"};
    }
    if (table->columns >= LANDSCAPE_FROM_COLUMNS && table->page == PAGE_REPORT) {
        look.size = "A4 landscape";
    }
    if (table->columns >= LANDSCAPE_FROM_COLUMNS || table->page != PAGE_REPORT) {
        look.cells = "8.5pt";
    }
    if (table->columns >= SMALL_FROM_COLUMNS) {
        look.cells = table->columns < TINY_FROM_COLUMNS ? "7pt" : "6pt";
        look.gap = ".35em";
    }
    return look;
}

static void write_page_head(const struct table *table, bool chinese, FILE *out)
{
    struct look look = look_of(table);
    (void)fprintf(out,
                  "<!DOCTYPE html>\n<html lang=\"%s\">\n<head>\n<meta charset=\"utf-8\">\n"
                  "<meta name=\"viewport\" content=\"width=device-width\">\n",
                  chinese ? "zh-CN" : "en");
    write_escaped("<title>", table_title(table, chinese), "</title>\n", out);
    (void)fprintf(out,
                  "<style>\n@page{size:%s;margin:%s;"
                  "@bottom-center{content:counter(page) \" / \" counter(pages);font-size:8pt}}\n"
                  ":root{--body:%s;--size:%s;--gap:%s}\n%s</style>\n</head>\n<body>\n",
                  look.size, look.margin, look.body, look.cells, look.gap, style);
}

static void write_title(const struct table *table, bool chinese, FILE *out)
{
    char day[DATE_TEXT_SIZE];
    write_escaped("<h1>", table_title(table, chinese), "</h1>\n", out);
    if (table->subject.kind != CELL_EMPTY) {
        char scratch[CELL_SCRATCH_SIZE];
        write_escaped("<p class=\"subject\">", cell_format_human(&table->subject, chinese, scratch),
                      "</p>\n", out);
    }
    (void)fputs("<div class=\"facts\">", out);
    if (!table->of_no_day) {
        date_format(table->as_of, day);
        (void)fprintf(out, "<span>%s <time datetime=\"%s\">%s</time></span>",
                      label_text(label_as_of, chinese), day, day);
    }
    (void)fprintf(out, "<span>%s</span></div>\n",
                  table_has_money(table) ? label_text(label_unit, chinese) : "");
}

static void write_header_row(const struct table *table, bool chinese, FILE *out)
{
    (void)fputs("<thead><tr>", out);
    for (size_t i = 0; i < table->columns; i++) {
        const struct column *column = &table->column[i];
        (void)fprintf(out, "<th scope=\"col\"%s>",
                      cell_kind_is_figure(column->kind) ? " class=\"figure\"" : "");
        write_escaped("", column_title(column, chinese), "</th>", out);
    }
    (void)fputs("</tr></thead>\n", out);
}

/* A footer group would be repeated on every page; totals are the last row instead. */
static void write_totals(const struct table *table, bool chinese, FILE *out)
{
    size_t labelled = table_total_label_column(table);
    (void)fputs("<tr class=\"totals\">", out);
    for (size_t i = 0; i < table->columns; i++) {
        struct cell total = table_total(table, i);
        if (i == labelled) {
            total = (struct cell){.kind = CELL_TEXT, .text = label_text(label_total, chinese)};
        }
        write_cell(&total, i == labelled ? CELL_WORD : table->column[i].kind, chinese, out);
    }
    (void)fputs("</tr>\n", out);
}

static void write_rows(const struct table *table, bool chinese, FILE *out)
{
    (void)fputs("<tbody>\n", out);
    for (size_t i = 0; i < table->rows; i++) {
        const struct cell *row = table_row(table, i);
        (void)fputs("<tr>", out);
        for (size_t k = 0; k < table->columns; k++) {
            write_cell(&row[k], table->column[k].kind, chinese, out);
        }
        (void)fputs("</tr>\n", out);
    }
    if (table->rows == 0) {
        (void)fprintf(out, "<tr class=\"none\"><td colspan=\"%zu\">%s</td></tr>\n", table->columns,
                      label_text(no_rows, chinese));
    } else if (table_has_totals(table)) {
        write_totals(table, chinese, out);
    }
    (void)fputs("</tbody>\n", out);
}

static void write_remarks(const struct table *table, bool chinese, FILE *out)
{
    if (table->remarks == 0) {
        return;
    }
    bool as_column = table->page == PAGE_REPORT; /* a receipt's are facts, not figures to compare */
    (void)fputs("<dl class=\"remarks\">\n", out);
    for (size_t i = 0; i < table->remarks; i++) {
        const struct remark *remark = &table->remark[i];
        char scratch[CELL_SCRATCH_SIZE];
        write_escaped("<dt>", chinese ? remark->title_zh : remark->title_en, "</dt>", out);
        (void)fprintf(out, "<dd%s>",
                      as_column && cell_kind_is_figure(remark->cell.kind) ? " class=\"figure\""
                                                                          : "");
        write_escaped("", cell_format_human(&remark->cell, chinese, scratch), "</dd>\n", out);
    }
    (void)fputs("</dl>\n", out);
}

static void write_signatures(enum page page, bool chinese, FILE *out)
{
    bool is_report = page == PAGE_REPORT;
    (void)fprintf(
        out, "<div class=\"signatures\"><span>%s</span><span>%s</span><span>%s</span></div>\n",
        label_text(is_report ? prepared_by : handled_by, chinese), label_text(checked_by, chinese),
        label_text(is_report ? approved_by : signed_by_borrower, chinese));
}

static bool write_exact(const struct exact_text *exact, bool chinese, FILE *out, struct error *err)
{
    if (exact->name == NULL) {
        return true;
    }
    write_escaped("<section class=\"exact\"><h2>", chinese ? exact->title_zh : exact->title_en,
                  "</h2>\n", out);
    if (!html_code(exact->text, out)) {
        return writer_failed(err);
    }
    write_escaped("<pre>", exact->text, "</pre></section>\n", out);
    return true;
}

bool writer_html(const struct table *table, const struct writer_options *options, FILE *out,
                 struct error *err)
{
    bool chinese = options->chinese;
    write_page_head(table, chinese, out);
    write_title(table, chinese, out);
    (void)fputs("<table>\n", out);
    write_header_row(table, chinese, out);
    write_rows(table, chinese, out);
    (void)fputs("</table>\n", out);
    write_remarks(table, chinese, out);
    html_chart(table, chinese, out);
    if (!write_exact(&table->exact, chinese, out, err)) {
        return false;
    }
    write_signatures(table->page, chinese, out);
    (void)fputs("</body>\n</html>\n", out);
    return ferror(out) ? writer_failed(err) : true;
}
