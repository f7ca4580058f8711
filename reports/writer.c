#include "reports/writer.h"

#include "ledger/base/text.h"
#include "reports/writer_formats.h"

#include <errno.h>
#include <string.h>

static const char *const format_names[] = {
    [FORMAT_TEXT] = "text", [FORMAT_JSON] = "json", [FORMAT_CSV] = "csv",
    [FORMAT_HTML] = "html", [FORMAT_XLSX] = "xlsx",
};

const struct label label_total = {"total", "合计"};
const struct label label_as_of = {"as of", "截至"};
const struct label label_none = {"(none)", "（无）"};
const struct label label_unit = {"amounts in yuan", "金额单位：元"};

const char *label_text(struct label label, bool chinese)
{
    return chinese ? label.zh : label.en;
}

const char *table_title(const struct table *table, bool chinese)
{
    return chinese ? table->title_zh : table->title_en;
}

const char *column_title(const struct column *column, bool chinese)
{
    return chinese ? column->title_zh : column->title_en;
}

bool table_has_money(const struct table *table)
{
    for (size_t i = 0; i < table->columns; i++) {
        if (table->column[i].kind == CELL_MONEY) {
            return true;
        }
    }
    return false;
}

size_t table_total_label_column(const struct table *table)
{
    size_t column = 0;
    while (column < table->columns && table->column[column].total) {
        column++;
    }
    return column;
}

bool writer_failed(struct error *err)
{
    int number = errno;
    return error_set(err, FAULT_STORE, "output.write", _("the output could not be written: %s"),
                     number == 0 ? _("unknown reason") : strerror(number));
}

static bool write_format(const struct table *table, enum format format,
                         const struct writer_options *options, FILE *out, struct error *err)
{
    switch (format) {
    case FORMAT_TEXT:
        return writer_text(table, options, out, err);
    case FORMAT_JSON:
        return writer_json(table, options, out, err);
    case FORMAT_CSV:
        return writer_csv(table, out, err);
    case FORMAT_HTML:
        return writer_html(table, options, out, err);
    case FORMAT_XLSX:
        return writer_xlsx(table, options, out, err);
    }
    return error_set(err, FAULT_INTERNAL, "format.unknown", _("there is no format %d"),
                     (int)format);
}

bool table_write(const struct table *table, enum format format,
                 const struct writer_options *options, FILE *out, struct error *err)
{
    errno = 0;
    if (!write_format(table, format, options, out, err)) {
        return false;
    }
    if (fflush(out) != 0 || ferror(out)) {
        return writer_failed(err);
    }
    return true;
}

bool format_parse(const char *text, enum format *ret, struct error *err)
{
    for (size_t i = 0; i < COUNT_OF(format_names); i++) {
        if (text_equal(text, format_names[i])) {
            *ret = (enum format)i;
            return true;
        }
    }
    error_set(err, FAULT_USAGE, "format.unknown", _("“%.60s” is no output format"), text);
    return error_limit(err, "text, json, csv, html, xlsx");
}
