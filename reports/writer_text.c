#include "reports/writer_formats.h"

#include "ledger/base/alloc.h"
#include "ledger/base/buffer.h"

#include <errno.h>
#include <libsmartcols.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

#define LINE_FEED_SHOWN "↵"
#define TEXT_WIDTH_MIN ((size_t)8) /* a text column is wrapped to no less */
#define GAP ((size_t)1)            /* between two columns */
#define CELL_BYTES_MAX ((size_t)1 << 20)

static void table_unref(struct libscols_table **printed)
{
    scols_unref_table(*printed);
}

/* libsmartcols reads the locale of the thread; under any but UTF-8 it would show \xNN. Everything
 * else stays as it is: an error has to be told in the reader's language. */
struct text_locale {
    locale_t made;
    locale_t earlier;
};

static struct text_locale locale_enter(void)
{
    locale_t own = duplocale(uselocale((locale_t)0));
    struct text_locale locale = {newlocale(LC_CTYPE_MASK, "C.UTF-8", own), (locale_t)0};
    if (locale.made != (locale_t)0) {
        locale.earlier = uselocale(locale.made);
    } else if (own != (locale_t)0) {
        freelocale(own);
    }
    return locale;
}

static void locale_leave(struct text_locale *locale)
{
    if (locale->made != (locale_t)0) {
        (void)uselocale(locale->earlier);
        freelocale(locale->made);
    }
}

static size_t display_width(const char *text)
{
    size_t width = 0;
    size_t left = strlen(text);
    mbstate_t state = {0};
    while (left > 0) {
        wchar_t character = L'\0';
        size_t used = mbrtowc(&character, text, left, &state);
        if (used == 0 || used > left) {
            return width + left;
        }
        int columns = wcwidth(character);
        width += columns > 0 ? (size_t)columns : 0;
        text += used;
        left -= used;
    }
    return width;
}

/* The cell as it stands in one line of a terminal. */
static const char *cell_on_one_line(const struct cell *cell, bool chinese,
                                    char scratch[static CELL_SCRATCH_SIZE], struct buffer *buffer)
{
    const char *text = cell_format_human(cell, chinese, scratch);
    if (strpbrk(text, "\n\t") == NULL) {
        return text;
    }
    buffer_clear(buffer);
    for (; *text != '\0'; text++) {
        if (*text == '\n') {
            buffer_add_text(buffer, LINE_FEED_SHOWN);
        } else {
            buffer_add_byte(buffer, *text == '\t' ? ' ' : *text);
        }
    }
    return buffer->data;
}

/* Whether the figures fit into the width when texts are wrapped as narrow as can be. If not, rows
 * are better left long: libsmartcols would break each onto two lines. */
static bool fits(const struct table *table, const struct writer_options *options)
{
    size_t needed = 0;
    for (size_t i = 0; i < table->columns; i++) {
        size_t widest = display_width(column_title(&table->column[i], options->chinese));
        struct cell total = table_total(table, i);
        for (size_t k = 0; k <= table->rows; k++) {
            const struct cell *cell = k < table->rows ? &table_row(table, k)[i] : &total;
            char scratch[CELL_SCRATCH_SIZE];
            size_t width = display_width(cell_format_human(cell, options->chinese, scratch));
            if (table->column[i].kind == CELL_TEXT && width > TEXT_WIDTH_MIN) {
                width = TEXT_WIDTH_MIN;
            }
            widest = width > widest ? width : widest;
        }
        needed += widest + GAP;
    }
    return needed <= options->width + GAP;
}

static int add_columns(const struct table *table, const struct writer_options *options, bool wrap,
                       struct libscols_table *printed)
{
    for (size_t i = 0; i < table->columns; i++) {
        const struct column *column = &table->column[i];
        int flags = cell_kind_is_figure(column->kind) ? SCOLS_FL_RIGHT : 0;
        flags |= wrap && column->kind == CELL_TEXT ? SCOLS_FL_WRAP : 0;
        if (scols_table_new_column(printed, column_title(column, options->chinese), 0, flags) ==
            NULL) {
            return -ENOMEM;
        }
    }
    return 0;
}

static int add_row(const struct cell *row, size_t columns, bool chinese, struct buffer *buffer,
                   struct libscols_table *printed)
{
    struct libscols_line *line = scols_table_new_line(printed, NULL);
    int rc = line == NULL ? -ENOMEM : 0;
    for (size_t i = 0; rc == 0 && i < columns; i++) {
        char scratch[CELL_SCRATCH_SIZE];
        const char *text = cell_on_one_line(&row[i], chinese, scratch, buffer);
        rc = row[i].kind == CELL_EMPTY ? 0 : scols_line_set_data(line, i, text);
    }
    return rc;
}

static int add_totals(const struct table *table, bool chinese, struct buffer *buffer,
                      struct libscols_table *printed)
{
    struct cell *row = alloc_zeroed(table->columns, sizeof *row);
    size_t labelled = table_total_label_column(table);
    for (size_t i = 0; i < table->columns; i++) {
        row[i] = table_total(table, i);
    }
    if (labelled < table->columns) {
        row[labelled] = (struct cell){.kind = CELL_TEXT, .text = label_text(label_total, chinese)};
    }
    int rc = add_row(row, table->columns, chinese, buffer, printed);
    free(row);
    return rc;
}

static int print_table(const struct table *table, const struct writer_options *options, FILE *out)
{
    AUTO(table_unref) struct libscols_table *printed = scols_new_table();
    AUTO_BUFFER buffer;
    buffer_init(&buffer, CELL_BYTES_MAX);
    if (printed == NULL) {
        return -ENOMEM;
    }
    bool wrap = options->width > 0 && fits(table, options);
    int rc = add_columns(table, options, wrap, printed);
    for (size_t i = 0; rc == 0 && i < table->rows; i++) {
        rc = add_row(table_row(table, i), table->columns, options->chinese, &buffer, printed);
    }
    if (rc == 0 && table_has_totals(table) && table->rows > 0) {
        rc = add_totals(table, options->chinese, &buffer, printed);
    }
    (void)scols_table_enable_colors(printed, 0);
    (void)scols_table_set_stream(printed, out);
    (void)scols_table_set_termforce(printed, wrap ? SCOLS_TERMFORCE_ALWAYS : SCOLS_TERMFORCE_NEVER);
    (void)scols_table_set_termwidth(printed, wrap ? options->width : 1000000);
    return rc == 0 ? scols_print_table(printed) : rc;
}

static void write_head(const struct table *table, bool chinese, FILE *out)
{
    char day[DATE_TEXT_SIZE];
    char scratch[CELL_SCRATCH_SIZE];
    (void)fputs(table_title(table, chinese), out);
    if (table->subject.kind != CELL_EMPTY) {
        (void)fprintf(out, "  %s", cell_format_human(&table->subject, chinese, scratch));
    }
    (void)fputs("\n", out);
    if (!table->of_no_day) {
        (void)fprintf(out, "%s %s", label_text(label_as_of, chinese),
                      date_format(table->as_of, day));
    }
    if (table_has_money(table)) {
        (void)fprintf(out, "%s%s", table->of_no_day ? "" : "  ", label_text(label_unit, chinese));
    }
    (void)fputs(table->of_no_day && !table_has_money(table) ? "\n" : "\n\n", out);
}

static void write_remarks(const struct table *table, bool chinese, FILE *out)
{
    size_t widest = 0;
    for (size_t i = 0; i < table->remarks; i++) {
        const struct remark *remark = &table->remark[i];
        size_t width = display_width(chinese ? remark->title_zh : remark->title_en);
        widest = width > widest ? width : widest;
    }
    (void)fputs(table->remarks > 0 ? "\n" : "", out);
    for (size_t i = 0; i < table->remarks; i++) {
        const struct remark *remark = &table->remark[i];
        const char *title = chinese ? remark->title_zh : remark->title_en;
        char scratch[CELL_SCRATCH_SIZE];
        (void)fprintf(out, "%s%*s  %s\n", title, (int)(widest - display_width(title)), "",
                      cell_format_human(&remark->cell, chinese, scratch));
    }
}

bool writer_text(const struct table *table, const struct writer_options *options, FILE *out,
                 struct error *err)
{
    AUTO(locale_leave) struct text_locale locale = locale_enter();
    (void)locale; /* clang does not see that leaving the scope uses it */
    if (!options->table_only) {
        write_head(table, options->chinese, out);
    }
    int rc = print_table(table, options, out);
    if (rc < 0) {
        errno = -rc;
        return writer_failed(err);
    }
    if (!options->table_only) {
        if (table->rows == 0) {
            (void)fprintf(out, "%s\n", label_text(label_none, options->chinese));
        }
        write_remarks(table, options->chinese, out);
    }
    return ferror(out) ? writer_failed(err) : true;
}
