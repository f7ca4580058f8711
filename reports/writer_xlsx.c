/* The one file with floating point: a spreadsheet has no other number. Whole fen below 10^15 (15
 * digits, what spreadsheets keep) survive the way there and back; larger figures are written as
 * text. */
#include "reports/writer_formats.h"

#include "ledger/base/buffer.h"
#include "ledger/base/text.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <xlsxwriter.h>

#define EXACT_MAX INT64_C(999999999999999)
#define SHEET_NAME_MAX 31
#define CELL_CHARACTERS_MAX 32767
#define PAPER_A4 9
#define LANDSCAPE_FROM_COLUMNS ((size_t)8)
#define HEADER_ROW ((lxw_row_t)2)
#define FIRST_ROW (HEADER_ROW + 1)
#define COPY_SIZE ((size_t)65536)
#define SECONDS_A_DAY INT64_C(86400)
#define ZIP_EPOCH (INT64_C(3652) * SECONDS_A_DAY) /* 1980-01-01, the first day of the format */

struct sheet {
    const struct table *table;
    bool chinese;
    lxw_workbook *workbook;
    lxw_worksheet *worksheet;
    lxw_format *title;
    lxw_format *header;
    lxw_format *header_right;
    lxw_format *kind[CELL_INT + 1];
    lxw_format *total[CELL_INT + 1];
    lxw_error failure; /* the first one */
};

static const char *const number_formats[] = {
    [CELL_EMPTY] = "General",  [CELL_TEXT] = "@",          [CELL_WORD] = "@",
    [CELL_MONEY] = "#,##0.00", [CELL_DATE] = "yyyy-mm-dd", [CELL_RATE] = "0.00##%",
    [CELL_INT] = "0",
};

/* Widths in characters. */
static const int kind_widths[] = {
    [CELL_EMPTY] = 10, [CELL_TEXT] = 18, [CELL_WORD] = 14, [CELL_MONEY] = 16,
    [CELL_DATE] = 12,  [CELL_RATE] = 9,  [CELL_INT] = 10,
};

static void sheet_check(struct sheet *sheet, lxw_error result)
{
    if (sheet->failure == LXW_NO_ERROR) {
        sheet->failure = result;
    }
}

static lxw_format *new_format(struct sheet *sheet, enum cell_kind kind, bool bold)
{
    lxw_format *format = workbook_add_format(sheet->workbook);
    format_set_num_format(format, number_formats[kind]);
    format_set_align(format, LXW_ALIGN_VERTICAL_TOP);
    format_set_align(format, cell_kind_is_figure(kind) ? LXW_ALIGN_RIGHT : LXW_ALIGN_LEFT);
    format_set_bottom(format, LXW_BORDER_HAIR);
    if (kind == CELL_TEXT) {
        format_set_text_wrap(format);
    }
    if (bold) {
        format_set_bold(format);
        format_set_top(format, LXW_BORDER_THIN);
    }
    return format;
}

static lxw_format *new_header_format(struct sheet *sheet, uint8_t alignment)
{
    lxw_format *format = workbook_add_format(sheet->workbook);
    format_set_bold(format);
    format_set_text_wrap(format);
    format_set_align(format, alignment);
    format_set_align(format, LXW_ALIGN_VERTICAL_BOTTOM);
    format_set_top(format, LXW_BORDER_THIN);
    format_set_bottom(format, LXW_BORDER_THIN);
    return format;
}

static void add_formats(struct sheet *sheet)
{
    sheet->title = workbook_add_format(sheet->workbook);
    format_set_bold(sheet->title);
    format_set_font_size(sheet->title, 16);
    sheet->header = new_header_format(sheet, LXW_ALIGN_LEFT);
    sheet->header_right = new_header_format(sheet, LXW_ALIGN_RIGHT);
    for (size_t i = 0; i < COUNT_OF(sheet->kind); i++) {
        sheet->kind[i] = new_format(sheet, (enum cell_kind)i, false);
        sheet->total[i] = new_format(sheet, (enum cell_kind)i, true);
    }
}

static bool is_exact(int64_t number)
{
    return number >= -EXACT_MAX && number <= EXACT_MAX;
}

/* The number a spreadsheet gets; false if it could not hold it exactly. */
static bool cell_number(const struct cell *cell, double *ret)
{
    switch (cell->kind) {
    case CELL_MONEY:
        *ret = (double)money_fen(cell->money) / 100.0;
        return is_exact(money_fen(cell->money));
    case CELL_RATE:
        *ret = (double)cell->rate.ppm / (double)RATE_WHOLE_PPM;
        return is_exact(cell->rate.ppm);
    case CELL_INT:
        *ret = (double)cell->number;
        return is_exact(cell->number);
    case CELL_EMPTY:
    case CELL_TEXT:
    case CELL_WORD:
    case CELL_DATE:
        return false;
    }
    return false;
}

static lxw_error write_date(struct sheet *sheet, lxw_row_t row, lxw_col_t column, struct date date,
                            lxw_format *format)
{
    struct ymd ymd = date_to_ymd(date);
    lxw_datetime datetime = {.year = ymd.year, .month = ymd.month, .day = ymd.day};
    return worksheet_write_datetime(sheet->worksheet, row, column, &datetime, format);
}

static void write_cell(struct sheet *sheet, lxw_row_t row, lxw_col_t column,
                       const struct cell *cell, lxw_format *format)
{
    char scratch[CELL_SCRATCH_SIZE];
    double number = 0;
    lxw_error result = LXW_NO_ERROR;
    if (cell->kind == CELL_EMPTY) {
        result = worksheet_write_blank(sheet->worksheet, row, column, format);
    } else if (cell->kind == CELL_DATE) {
        result = write_date(sheet, row, column, cell->date, format);
    } else if (cell_number(cell, &number)) {
        result = worksheet_write_number(sheet->worksheet, row, column, number, format);
    } else {
        result = worksheet_write_string(sheet->worksheet, row, column,
                                        cell_format_human(cell, sheet->chinese, scratch), format);
    }
    sheet_check(sheet, result);
}

static void write_text(struct sheet *sheet, lxw_row_t row, lxw_col_t column, const char *text,
                       lxw_format *format)
{
    sheet_check(sheet, worksheet_write_string(sheet->worksheet, row, column, text, format));
}

/* One of what stands below the title, apart from the one before it. */
static void add_fact(struct buffer *facts, const char *fact, const char *value)
{
    if (fact[0] != '\0') {
        buffer_printf(facts, "%s%s%s%s", facts->length == 0 ? "" : "  ", fact,
                      value[0] == '\0' ? "" : " ", value);
    }
}

static void write_head(struct sheet *sheet)
{
    const struct table *table = sheet->table;
    char day[DATE_TEXT_SIZE];
    AUTO_BUFFER facts;
    buffer_init(&facts, (size_t)1 << 16);
    char scratch[CELL_SCRATCH_SIZE];
    add_fact(&facts, cell_format_human(&table->subject, sheet->chinese, scratch), "");
    if (!table->of_no_day) {
        add_fact(&facts, label_text(label_as_of, sheet->chinese), date_format(table->as_of, day));
    }
    if (table_has_money(table)) {
        add_fact(&facts, label_text(label_unit, sheet->chinese), "");
    }
    write_text(sheet, 0, 0, table_title(table, sheet->chinese), sheet->title);
    write_text(sheet, 1, 0, facts.length > 0 ? facts.data : "", NULL);
    for (size_t i = 0; i < table->columns; i++) {
        bool right = cell_kind_is_figure(table->column[i].kind);
        write_text(sheet, HEADER_ROW, (lxw_col_t)i, column_title(&table->column[i], sheet->chinese),
                   right ? sheet->header_right : sheet->header);
    }
}

static void write_total(struct sheet *sheet, lxw_row_t row, lxw_col_t column,
                        const struct cell *total)
{
    char first[LXW_MAX_CELL_NAME_LENGTH];
    char last[LXW_MAX_CELL_NAME_LENGTH];
    char formula[2 * LXW_MAX_CELL_NAME_LENGTH + 8];
    double number = 0;
    if (!cell_number(total, &number)) {
        write_cell(sheet, row, column, total, sheet->total[total->kind]);
        return;
    }
    lxw_rowcol_to_cell(first, FIRST_ROW, column);
    lxw_rowcol_to_cell(last, row - 1, column);
    (void)snprintf(formula, sizeof formula, "=SUM(%s:%s)", first, last);
    sheet_check(sheet, worksheet_write_formula_num(sheet->worksheet, row, column, formula,
                                                   sheet->total[total->kind], number));
}

/* Returns the row after the last one written. */
static lxw_row_t write_rows(struct sheet *sheet)
{
    const struct table *table = sheet->table;
    lxw_row_t row = FIRST_ROW;
    for (size_t i = 0; i < table->rows; i++, row++) {
        const struct cell *cells = table_row(table, i);
        for (size_t k = 0; k < table->columns; k++) {
            write_cell(sheet, row, (lxw_col_t)k, &cells[k], sheet->kind[table->column[k].kind]);
        }
    }
    if (table->rows == 0 || !table_has_totals(table)) {
        return row;
    }
    size_t labelled = table_total_label_column(table);
    for (size_t k = 0; k < table->columns; k++) {
        struct cell total = table_total(table, k);
        if (k == labelled) {
            write_text(sheet, row, (lxw_col_t)k, label_text(label_total, sheet->chinese),
                       sheet->total[CELL_WORD]);
        } else {
            write_total(sheet, row, (lxw_col_t)k, &total);
        }
    }
    return row + 1;
}

/* A remark takes two cells; a wide enough column for each is the reader's choice. */
static lxw_row_t write_remarks(struct sheet *sheet, lxw_row_t row)
{
    const struct table *table = sheet->table;
    row++;
    for (size_t i = 0; i < table->remarks; i++, row++) {
        const struct remark *remark = &table->remark[i];
        write_text(sheet, row, 0, sheet->chinese ? remark->title_zh : remark->title_en, NULL);
        write_cell(sheet, row, 2, &remark->cell, sheet->kind[remark->cell.kind]);
    }
    return row + 1;
}

static lxw_row_t write_exact(struct sheet *sheet, lxw_row_t row)
{
    const struct exact_text *exact = &sheet->table->exact;
    if (exact->name == NULL) {
        return row;
    }
    write_text(sheet, row, 0, sheet->chinese ? exact->title_zh : exact->title_en, NULL);
    write_text(sheet, row, 2, exact->text, sheet->kind[CELL_TEXT]);
    return row + 2;
}

static void series_range(const struct sheet *sheet, size_t column, char *range, size_t size)
{
    char first[LXW_MAX_CELL_NAME_LENGTH];
    char last[LXW_MAX_CELL_NAME_LENGTH];
    lxw_rowcol_to_cell_abs(first, FIRST_ROW, (lxw_col_t)column, LXW_TRUE, LXW_TRUE);
    lxw_rowcol_to_cell_abs(last, FIRST_ROW + (lxw_row_t)sheet->table->rows - 1, (lxw_col_t)column,
                           LXW_TRUE, LXW_TRUE);
    (void)snprintf(range, size, "='%s'!%s:%s", sheet->worksheet->name, first, last);
}

static void write_chart(struct sheet *sheet, lxw_row_t row)
{
    const struct chart *chart = &sheet->table->chart;
    if (!chart_is_drawable(sheet->table)) {
        return;
    }
    char labels[128];
    char values[128];
    lxw_chart *drawn = workbook_add_chart(
        sheet->workbook, chart->kind == CHART_BARS ? LXW_CHART_COLUMN : LXW_CHART_LINE);
    series_range(sheet, chart->label_column, labels, sizeof labels);
    series_range(sheet, chart->value_column, values, sizeof values);
    (void)chart_add_series(drawn, labels, values);
    chart_title_set_name(drawn, sheet->chinese ? chart->title_zh : chart->title_en);
    chart_legend_set_position(drawn, LXW_CHART_LEGEND_NONE);
    sheet_check(sheet, worksheet_insert_chart(sheet->worksheet, row, 0, drawn));
}

static void set_page(struct sheet *sheet)
{
    const struct table *table = sheet->table;
    lxw_worksheet *worksheet = sheet->worksheet;
    for (size_t i = 0; i < table->columns; i++) {
        sheet_check(sheet, worksheet_set_column(worksheet, (lxw_col_t)i, (lxw_col_t)i,
                                                kind_widths[table->column[i].kind], NULL));
    }
    worksheet_set_paper(worksheet, PAPER_A4);
    if (table->columns >= LANDSCAPE_FROM_COLUMNS) {
        worksheet_set_landscape(worksheet);
    }
    worksheet_fit_to_pages(worksheet, 1, 0);
    worksheet_freeze_panes(worksheet, FIRST_ROW, 0);
    sheet_check(sheet, worksheet_repeat_rows(worksheet, HEADER_ROW, HEADER_ROW));
    sheet_check(sheet, worksheet_set_footer(worksheet, "&C&P / &N"));
    if (table->rows > 0) {
        sheet_check(sheet, worksheet_autofilter(worksheet, HEADER_ROW, 0,
                                                HEADER_ROW + (lxw_row_t)table->rows,
                                                (lxw_col_t)(table->columns - 1)));
    }
}

/* The day of the report and not the clock: the same report is the same file. (The library would
 * take the clock for a time of 0.) */
static void set_properties(struct sheet *sheet)
{
    const struct table *table = sheet->table;
    lxw_doc_properties properties = {
        .created = (time_t)(table->of_no_day ? ZIP_EPOCH : table->as_of.day * SECONDS_A_DAY),
    };
    sheet_check(sheet, workbook_set_properties(sheet->workbook, &properties));
}

static const char *temporary_folder(void)
{
    const char *folder = getenv("TMPDIR");
    return folder == NULL || folder[0] != '/' ? "/tmp" : folder;
}

static bool refuse(lxw_error failure, struct error *err)
{
    if (failure == LXW_ERROR_MAX_STRING_LENGTH_EXCEEDED) {
        error_set(err, FAULT_REFUSED, "output.cell-too-long",
                  _("a text is too long for a cell of a spreadsheet"));
        return error_limit(err, _("%d characters"), CELL_CHARACTERS_MAX);
    }
    (void)error_set(err, FAULT_STORE, "output.write", _("the spreadsheet could not be written: %s"),
                    errno == 0 ? lxw_strerror(failure) : strerror(errno));
    return error_next(err,
                      _("spreadsheets are made in %s: make room there, or name another folder "
                        "in TMPDIR"),
                      temporary_folder());
}

/* The library tells failures on stderr as well, in its own words; people are told once, by us. */
struct hush {
    int spoken; /* where stderr goes; -1 if it could not be turned away */
};

static struct hush hush_begin(void)
{
    struct hush hush = {fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, STDERR_FILENO + 1)};
    int nowhere = open("/dev/null", O_WRONLY | O_CLOEXEC);
    if (hush.spoken >= 0 && nowhere >= 0) {
        (void)dup2(nowhere, STDERR_FILENO);
    }
    if (nowhere >= 0) {
        (void)close(nowhere);
    }
    return hush;
}

static void hush_end(struct hush *hush)
{
    if (hush->spoken >= 0) {
        (void)dup2(hush->spoken, STDERR_FILENO);
        (void)close(hush->spoken);
    }
}

static bool fill(const char *path, const struct table *table, bool chinese, struct error *err)
{
    AUTO(hush_end) struct hush hush = hush_begin();
    (void)hush; /* clang does not see that leaving the scope uses it */
    lxw_workbook_options memory = {.constant_memory = LXW_TRUE};
    struct sheet sheet = {.table = table, .chinese = chinese, .failure = LXW_NO_ERROR};
    char name[SHEET_NAME_MAX + 1];
    (void)snprintf(name, sizeof name, "%.*s", SHEET_NAME_MAX, table->name);
    sheet.workbook = workbook_new_opt(path, &memory);
    if (sheet.workbook == NULL) {
        return writer_failed(err);
    }
    sheet.worksheet = workbook_add_worksheet(sheet.workbook, name);
    if (sheet.worksheet == NULL) {
        (void)workbook_close(sheet.workbook);
        return error_set(err, FAULT_STORE, "output.write", _("the sheet “%s” could not be made"),
                         name);
    }
    add_formats(&sheet);
    set_properties(&sheet);
    set_page(&sheet);
    write_head(&sheet);
    lxw_row_t row = write_rows(&sheet);
    row = table->remarks > 0 ? write_remarks(&sheet, row) : row + 1;
    row = write_exact(&sheet, row);
    write_chart(&sheet, row);
    errno = 0;
    sheet_check(&sheet, workbook_close(sheet.workbook));
    return sheet.failure == LXW_NO_ERROR ? true : refuse(sheet.failure, err);
}

static bool copy(int from, FILE *out, struct error *err)
{
    char bytes[COPY_SIZE];
    ssize_t got = 0;
    while ((got = read(from, bytes, sizeof bytes)) > 0) {
        if (fwrite(bytes, 1, (size_t)got, out) != (size_t)got) {
            return writer_failed(err);
        }
    }
    return got == 0 ? true : writer_failed(err);
}

/* libxlsxwriter writes to a path alone, so the file is made beside and copied. */
static bool write_through_file(const struct table *table, bool chinese, FILE *out,
                               struct error *err)
{
    char path[4096];
    int length = snprintf(path, sizeof path, "%s/yicang-XXXXXX", temporary_folder());
    if (length < 0 || (size_t)length >= sizeof path) {
        errno = ENAMETOOLONG;
        return writer_failed(err);
    }
    int made = mkstemp(path);
    if (made < 0) {
        return writer_failed(err);
    }
    bool ok = fill(path, table, chinese, err) && copy(made, out, err);
    (void)close(made);
    (void)unlink(path);
    return ok;
}

bool writer_xlsx(const struct table *table, const struct writer_options *options, FILE *out,
                 struct error *err)
{
    if (table->rows + FIRST_ROW + table->remarks + 2 >= LXW_ROW_MAX) {
        error_set(err, FAULT_REFUSED, "output.too-many-rows",
                  _("%zu rows are too many for a sheet of a spreadsheet"), table->rows);
        return error_limit(err, _("%d rows"), LXW_ROW_MAX);
    }
    return write_through_file(table, options->chinese, out, err);
}
