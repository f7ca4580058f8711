/* Written by hand, row by row: a document of two million rows needs no tree in memory. */
#include "reports/writer_formats.h"

#include <inttypes.h>

static void write_string(const char *text, FILE *out)
{
    (void)fputc('"', out);
    for (; *text != '\0'; text++) {
        unsigned char byte = (unsigned char)*text;
        if (byte == '"' || byte == '\\') {
            (void)fprintf(out, "\\%c", byte);
        } else if (byte == '\n') {
            (void)fputs("\\n", out);
        } else if (byte == '\t') {
            (void)fputs("\\t", out);
        } else if (byte < 0x20) {
            (void)fprintf(out, "\\u%04x", (unsigned int)byte);
        } else {
            (void)fputc(byte, out);
        }
    }
    (void)fputc('"', out);
}

static void write_cell(const struct cell *cell, FILE *out)
{
    char scratch[CELL_SCRATCH_SIZE];
    if (cell->kind == CELL_EMPTY) {
        (void)fputs("null", out);
    } else if (cell->kind == CELL_INT) {
        (void)fprintf(out, "%" PRId64, cell->number);
    } else {
        write_string(cell_format_machine(cell, scratch), out);
    }
}

static void write_member(const char *name, const struct cell *cell, bool first, FILE *out)
{
    (void)fputs(first ? "" : ",", out);
    write_string(name, out);
    (void)fputc(':', out);
    write_cell(cell, out);
}

static void write_rows(const struct table *table, FILE *out)
{
    (void)fputs("\"rows\":[", out);
    for (size_t i = 0; i < table->rows; i++) {
        const struct cell *row = table_row(table, i);
        (void)fputs(i > 0 ? ",\n{" : "\n{", out);
        for (size_t k = 0; k < table->columns; k++) {
            write_member(table->column[k].name, &row[k], k == 0, out);
        }
        (void)fputc('}', out);
    }
    (void)fputs("],\n", out);
}

static void write_totals(const struct table *table, FILE *out)
{
    bool first = true;
    (void)fputs("\"totals\":{", out);
    for (size_t i = 0; i < table->columns; i++) {
        if (table->column[i].total) {
            struct cell total = table_total(table, i);
            write_member(table->column[i].name, &total, first, out);
            first = false;
        }
    }
    (void)fputs("},\n", out);
}

bool writer_json(const struct table *table, const struct writer_options *options, FILE *out,
                 struct error *err)
{
    char day[DATE_TEXT_SIZE];
    char scratch[CELL_SCRATCH_SIZE];
    date_format(table->as_of, day);
    (void)fputs("{\"name\":", out);
    write_string(table->name, out);
    (void)fputs(",\"title\":", out);
    write_string(table_title(table, options->chinese), out);
    (void)fputs(",\"subject\":", out);
    write_string(cell_format_machine(&table->subject, scratch), out);
    (void)fprintf(out, table->of_no_day ? ",\"as_of\":null,\n" : ",\"as_of\":\"%s\",\n", day);
    write_rows(table, out);
    write_totals(table, out);
    (void)fputs("\"remarks\":{", out);
    for (size_t i = 0; i < table->remarks; i++) {
        write_member(table->remark[i].name, &table->remark[i].cell, i == 0, out);
    }
    (void)fputs("}", out);
    if (table->exact.name != NULL) {
        const struct cell text = {.kind = CELL_TEXT, .text = table->exact.text};
        (void)fputs(",\n", out);
        write_member(table->exact.name, &text, true, out);
    }
    (void)fputs("}\n", out);
    return ferror(out) ? writer_failed(err) : true;
}
