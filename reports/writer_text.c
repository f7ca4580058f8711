#include "reports/writer_formats.h"

#include "ledger/base/alloc.h"
#include "ledger/base/buffer.h"
#include "reports/text_layout.h"

#include <errno.h>
#include <libsmartcols.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>

#define LINE_FEED_SHOWN "↵"
#define TEXT_WIDTH_MIN ((size_t)8) /* a text column is wrapped to no less */
#define GAP ((size_t)1)            /* between two columns */
#define CELL_BYTES_MAX ((size_t)1 << 20)

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

/* How wide a column is on a terminal. */
struct room {
    size_t natural; /* all of it on one line */
    size_t word;    /* the widest part of a text in which no line may end */
    size_t least;   /* header and figures, which are never broken */
    size_t given;
};

static size_t largest(size_t a, size_t b)
{
    return a > b ? a : b;
}

static struct room measure(const struct table *table, size_t column, bool chinese)
{
    bool wraps = table->column[column].kind == CELL_TEXT;
    struct cell total = table_total(table, column);
    struct room room = {.least = text_width(column_title(&table->column[column], chinese))};
    if (column == table_total_label_column(table)) {
        room.least = largest(room.least, text_width(label_text(label_total, chinese)));
    }
    for (size_t k = 0; k <= table->rows; k++) {
        const struct cell *cell = k < table->rows ? &table_row(table, k)[column] : &total;
        char scratch[CELL_SCRATCH_SIZE];
        const char *text = cell_format_human(cell, chinese, scratch);
        size_t width = text_width(text);
        room.natural = largest(room.natural, width);
        room.word = largest(room.word, wraps ? text_widest_part(text) : 0);
        room.least = largest(room.least, wraps ? 0 : width);
    }
    room.natural = largest(room.natural, room.least);
    return room;
}

/* Gives each column what it needs, but none more than the level; returns what they take. */
static size_t give(struct room *rooms, size_t columns, size_t level, bool cuts_words)
{
    size_t taken = 0;
    for (size_t i = 0; i < columns; i++) {
        struct room *room = &rooms[i];
        size_t least = largest(room->least, cuts_words ? 0 : room->word);
        room->given = largest(least, room->natural < level ? room->natural : level);
        taken += room->given + (i == 0 ? 0 : GAP);
    }
    return taken;
}

static bool fit(struct room *rooms, size_t columns, size_t width, bool cuts_words)
{
    for (size_t level = width; level >= TEXT_WIDTH_MIN; level--) {
        if (give(rooms, columns, level, cuts_words) <= width) {
            return true;
        }
    }
    return false;
}

/* The widest texts give way first; words are cut only where nothing else helps. Where not even that
 * does, rows are better left long than broken onto two lines. */
static struct room *rooms_of(const struct table *table, bool chinese, size_t width)
{
    struct room *rooms = alloc_zeroed(table->columns, sizeof *rooms);
    for (size_t i = 0; i < table->columns; i++) {
        rooms[i] = measure(table, i, chinese);
    }
    if (!fit(rooms, table->columns, width, false) && !fit(rooms, table->columns, width, true)) {
        (void)give(rooms, table->columns, SIZE_MAX, false);
    }
    return rooms;
}

/* What the rows of one table are made with. */
struct rows {
    const struct table *table;
    bool chinese;
    struct room *rooms; /* NULL: as wide as needed */
    struct buffer one_line;
    struct buffer wrapped;
    struct libscols_table *printed;
};

static bool is_wrapped(const struct rows *rows, size_t column)
{
    return rows->rooms != NULL && rows->rooms[column].given < rows->rooms[column].natural;
}

static int add_columns(const struct rows *rows)
{
    for (size_t i = 0; i < rows->table->columns; i++) {
        const struct column *column = &rows->table->column[i];
        int flags = cell_kind_is_figure(column->kind) ? SCOLS_FL_RIGHT : 0;
        flags |= is_wrapped(rows, i) ? SCOLS_FL_WRAP : 0;
        struct libscols_column *added =
            scols_table_new_column(rows->printed, column_title(column, rows->chinese), 0, flags);
        if (added == NULL || scols_column_set_safechars(added, "\n") < 0 ||
            scols_column_set_wrapfunc(added, scols_wrapnl_chunksize, scols_wrapnl_nextchunk, NULL) <
                0) {
            return -ENOMEM;
        }
    }
    return 0;
}

static int add_row(struct rows *rows, const struct cell *row)
{
    struct libscols_line *line = scols_table_new_line(rows->printed, NULL);
    int rc = line == NULL ? -ENOMEM : 0;
    for (size_t i = 0; rc == 0 && i < rows->table->columns; i++) {
        char scratch[CELL_SCRATCH_SIZE];
        const char *text = cell_on_one_line(&row[i], rows->chinese, scratch, &rows->one_line);
        if (is_wrapped(rows, i)) {
            buffer_clear(&rows->wrapped);
            text_wrap(text, rows->rooms[i].given, &rows->wrapped);
            text = rows->wrapped.data;
        }
        rc = row[i].kind == CELL_EMPTY ? 0 : scols_line_set_data(line, i, text);
    }
    return rc;
}

static int add_totals(struct rows *rows)
{
    const struct table *table = rows->table;
    struct cell *row = alloc_zeroed(table->columns, sizeof *row);
    size_t labelled = table_total_label_column(table);
    for (size_t i = 0; i < table->columns; i++) {
        row[i] = table_total(table, i);
    }
    if (labelled < table->columns) {
        row[labelled] =
            (struct cell){.kind = CELL_TEXT, .text = label_text(label_total, rows->chinese)};
    }
    int rc = add_row(rows, row);
    free(row);
    return rc;
}

static int add_all(struct rows *rows)
{
    const struct table *table = rows->table;
    int rc = add_columns(rows);
    for (size_t i = 0; rc == 0 && i < table->rows; i++) {
        rc = add_row(rows, table_row(table, i));
    }
    return rc == 0 && table_has_totals(table) && table->rows > 0 ? add_totals(rows) : rc;
}

static void rows_release(struct rows *rows)
{
    scols_unref_table(rows->printed);
    free(rows->rooms);
    buffer_release(&rows->one_line);
    buffer_release(&rows->wrapped);
}

static int print_table(const struct table *table, const struct writer_options *options, FILE *out)
{
    AUTO(rows_release)
    struct rows rows = {table, options->chinese, NULL, {0}, {0}, scols_new_table()};
    buffer_init(&rows.one_line, CELL_BYTES_MAX);
    buffer_init(&rows.wrapped, CELL_BYTES_MAX);
    if (rows.printed == NULL) {
        return -ENOMEM;
    }
    if (options->width > 0) {
        rows.rooms = rooms_of(table, options->chinese, options->width);
    }
    int rc = add_all(&rows);
    (void)scols_table_enable_colors(rows.printed, 0);
    (void)scols_table_set_stream(rows.printed, out);
    (void)scols_table_set_termforce(rows.printed, SCOLS_TERMFORCE_ALWAYS);
    (void)scols_table_set_termwidth(rows.printed, 1000000);
    return rc == 0 ? scols_print_table(rows.printed) : rc;
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
        size_t width = text_width(chinese ? remark->title_zh : remark->title_en);
        widest = width > widest ? width : widest;
    }
    (void)fputs(table->remarks > 0 ? "\n" : "", out);
    for (size_t i = 0; i < table->remarks; i++) {
        const struct remark *remark = &table->remark[i];
        const char *title = chinese ? remark->title_zh : remark->title_en;
        char scratch[CELL_SCRATCH_SIZE];
        (void)fprintf(out, "%s%*s  %s\n", title, (int)(widest - text_width(title)), "",
                      cell_format_human(&remark->cell, chinese, scratch));
    }
}

static void write_exact(const struct exact_text *exact, bool chinese, FILE *out)
{
    if (exact->name != NULL) {
        (void)fprintf(out, "\n%s\n\n%s", chinese ? exact->title_zh : exact->title_en, exact->text);
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
        write_exact(&table->exact, options->chinese, out);
    }
    return ferror(out) ? writer_failed(err) : true;
}
