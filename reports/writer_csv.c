#include "reports/writer_formats.h"

#include <string.h>

/* What makes a spreadsheet take a text for a formula; a guard already there is guarded too, so that
 * taking one apostrophe away always gives the text back. */
static bool needs_guard(const char *text)
{
    static const char *const starts[] = {"=", "+",  "-",  "@",  "\t", "\n",
                                         "'", "＝", "＋", "－", "＠"};
    for (size_t i = 0; i < COUNT_OF(starts); i++) {
        if (strncmp(text, starts[i], strlen(starts[i])) == 0) {
            return true;
        }
    }
    return false;
}

static bool needs_quotes(const char *text, size_t length)
{
    return strpbrk(text, ",\"\r\n") != NULL ||
           (length > 0 && (text[0] == ' ' || text[length - 1] == ' '));
}

static void write_field(const char *text, bool guard, FILE *out)
{
    const char *guarded = guard && needs_guard(text) ? "'" : "";
    if (!needs_quotes(text, strlen(text))) {
        (void)fputs(guarded, out);
        (void)fputs(text, out);
        return;
    }
    (void)fprintf(out, "\"%s", guarded);
    for (; *text != '\0'; text++) {
        if (*text == '"') {
            (void)fputc('"', out);
        }
        (void)fputc(*text, out);
    }
    (void)fputc('"', out);
}

static void write_row(const struct table *table, const struct cell *row, FILE *out)
{
    for (size_t i = 0; i < table->columns; i++) {
        char scratch[CELL_SCRATCH_SIZE];
        bool is_text = row[i].kind == CELL_TEXT || row[i].kind == CELL_WORD;
        if (i > 0) {
            (void)fputc(',', out);
        }
        write_field(cell_format_machine(&row[i], scratch), is_text, out);
    }
    (void)fputs("\r\n", out);
}

bool writer_csv(const struct table *table, FILE *out, struct error *err)
{
    for (size_t i = 0; i < table->columns; i++) {
        (void)fprintf(out, "%s%s", i > 0 ? "," : "", table->column[i].name);
    }
    (void)fputs("\r\n", out);
    for (size_t i = 0; i < table->rows; i++) {
        write_row(table, table_row(table, i), out);
    }
    return ferror(out) ? writer_failed(err) : true;
}
