#include "cli/output.h"

#include "ledger/base/text.h"

#include <assert.h>
#include <errno.h>
#include <jansson.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

enum { TERMINAL_WIDTH_MIN = 40 };

static size_t terminal_width(const struct output_stream *stream)
{
    struct winsize size;
    if (stream->target != NULL || isatty(STDOUT_FILENO) == 0 ||
        ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col < TERMINAL_WIDTH_MIN) {
        return 0;
    }
    return size.ws_col;
}

static struct writer_options writer_options_for(const struct invocation *invocation,
                                                const struct output_stream *stream)
{
    return (struct writer_options){
        .chinese = invocation->globals->chinese,
        .width = terminal_width(stream),
    };
}

/* A spreadsheet is bytes that no terminal can show. */
static bool can_be_shown(const struct invocation *invocation, struct error *err)
{
    if (invocation->globals->format != FORMAT_XLSX || invocation->globals->out != NULL ||
        isatty(STDOUT_FILENO) == 0) {
        return true;
    }
    (void)error_set(err, FAULT_USAGE, "output.terminal",
                    _("a spreadsheet cannot be shown at a terminal"));
    return error_next(err, _("write it into a file: --out report.xlsx"));
}

bool output_table(const struct invocation *invocation, const struct table *table, struct error *err)
{
    AUTO(output_abandon) struct output_stream stream = {0};
    if (!can_be_shown(invocation, err) || !output_open(invocation, &stream, err)) {
        return false;
    }
    struct writer_options options = writer_options_for(invocation, &stream);
    return table_write(table, invocation->globals->format, &options, stream.file, err)
               ? output_close(&stream, err)
               : output_failed(&stream, err);
}

bool output_text(const struct invocation *invocation, const char *text, size_t length,
                 struct error *err)
{
    AUTO(output_abandon) struct output_stream stream = {0};
    if (!output_open(invocation, &stream, err)) {
        return false;
    }
    (void)fwrite(text, 1, length, stream.file); /* a short write is seen by output_close */
    return output_close(&stream, err);
}

static bool write_fields(const struct invocation *invocation, const struct result *result,
                         FILE *out)
{
    for (size_t i = 0; i < result->fields; i++) {
        const struct result_field *field = &result->field[i];
        if (fprintf(out, "%s: %s\n", field->title,
                    cell_human_text(invocation->arena, &field->cell,
                                    invocation->globals->chinese)) < 0) {
            return false;
        }
    }
    return true;
}

static bool write_result_text(const struct invocation *invocation, const struct result *result,
                              struct output_stream *stream, struct error *err)
{
    struct writer_options options = writer_options_for(invocation, stream);
    bool ok = write_fields(invocation, result, stream->file);
    for (size_t i = 0; ok && i < result->parts; i++) {
        if (result->fields > 0 || i > 0) {
            (void)fputc('\n', stream->file);
        }
        if (!table_write(result->part[i].table, FORMAT_TEXT, &options, stream->file, err)) {
            return output_failed(stream, err);
        }
    }
    return output_close(stream, err); /* sees what fprintf could not write */
}

/* A cell as JSON: whole numbers are numbers; money, rates and dates are strings (design.md 8). */
static json_t *cell_to_json(struct arena *arena, const struct cell *cell)
{
    switch (cell->kind) {
    case CELL_EMPTY:
        return json_null();
    case CELL_INT:
        return json_integer(cell->number);
    case CELL_TEXT:
    case CELL_WORD:
    case CELL_MONEY:
    case CELL_DATE:
    case CELL_RATE:
        break;
    }
    return json_string(cell_machine_text(arena, cell));
}

/* The table as its own writer writes it, so that it reads the same inside a result as alone. */
static bool table_to_json(const struct table *table, bool in_chinese, json_t **ret,
                          struct error *err)
{
    struct writer_options options = {.chinese = in_chinese};
    char *text = NULL;
    size_t length = 0;
    FILE *memory = open_memstream(&text, &length);
    if (memory == NULL) {
        return error_set(err, FAULT_INTERNAL, "output.memory", _("no memory for the output"));
    }
    bool ok = table_write(table, FORMAT_JSON, &options, memory, err);
    ok = fclose(memory) == 0 && ok;
    *ret = ok ? json_loadb(text, length, 0, NULL) : NULL;
    free(text);
    return *ret != NULL || !ok ||
           error_set(err, FAULT_INTERNAL, "output.json", _("a table is not JSON: %s"), table->name);
}

static bool fill_json(const struct invocation *invocation, const struct result *result,
                      json_t *object, struct error *err)
{
    for (size_t i = 0; i < result->fields; i++) {
        json_object_set_new(object, result->field[i].name,
                            cell_to_json(invocation->arena, &result->field[i].cell));
    }
    for (size_t i = 0; i < result->parts; i++) {
        json_t *part = NULL;
        if (!table_to_json(result->part[i].table, invocation->globals->chinese, &part, err)) {
            return false;
        }
        json_object_set_new(object, result->part[i].name, part);
    }
    return true;
}

static bool write_result_json(const struct invocation *invocation, const struct result *result,
                              struct output_stream *stream, struct error *err)
{
    json_t *object = json_object();
    bool ok = fill_json(invocation, result, object, err);
    if (ok) {
        (void)json_dumpf(object, stream->file, JSON_INDENT(2));
        (void)fputc('\n', stream->file);
    }
    json_decref(object);
    return ok && output_close(stream, err);
}

bool output_result(const struct invocation *invocation, const struct result *result,
                   struct error *err)
{
    AUTO(output_abandon) struct output_stream stream = {0};
    if (!output_open(invocation, &stream, err)) {
        return false;
    }
    return invocation->globals->format == FORMAT_JSON
               ? write_result_json(invocation, result, &stream, err)
               : write_result_text(invocation, result, &stream, err);
}

void output_note(const char *text, ...)
{
    va_list arguments;
    va_start(arguments, text);
    (void)vfprintf(stderr, text, arguments);
    va_end(arguments);
    (void)fputc('\n', stderr);
}

void output_prompt(const char *text, ...)
{
    va_list arguments;
    va_start(arguments, text);
    (void)vfprintf(stderr, text, arguments);
    va_end(arguments);
    (void)fflush(stderr);
}

static const char *fault_name(enum fault fault)
{
    switch (fault) {
    case FAULT_NONE:
    case FAULT_INTERNAL:
        break;
    case FAULT_REFUSED:
        return "refused";
    case FAULT_USAGE:
        return "usage";
    case FAULT_INPUT:
        return "input";
    case FAULT_STORE:
        return "store";
    case FAULT_INTEGRITY:
        return "integrity";
    }
    return "internal";
}

static void add_text(json_t *object, const char *key, const char *text)
{
    if (text[0] == '\0') {
        return;
    }
    json_t *value = json_string(text);
    json_object_set_new(object, key, value != NULL ? value : json_string("?"));
}

static void error_to_json(const struct error *err)
{
    json_t *description = json_object();
    add_text(description, "reason", err->reason);
    add_text(description, "fault", fault_name(err->fault));
    add_text(description, "text", err->text);
    add_text(description, "limit", err->limit);
    add_text(description, "next", err->next);
    add_text(description, "file", err->file);
    if (err->line > 0) {
        json_object_set_new(description, "line", json_integer(err->line));
        json_object_set_new(description, "column", json_integer(err->column));
    }
    json_t *whole = json_object();
    json_object_set_new(whole, "error", description);
    (void)json_dumpf(whole, stderr, JSON_COMPACT);
    (void)fputc('\n', stderr);
    json_decref(whole);
}

static void error_to_text(const struct error *err)
{
    (void)fputs("yicang: ", stderr);
    if (err->file[0] != '\0') {
        (void)fputs(err->file, stderr);
        if (err->line > 0) {
            (void)fprintf(stderr, ":%d:%d", err->line, err->column);
        }
        (void)fputs(": ", stderr);
    }
    (void)fprintf(stderr, "%s [%s]\n", err->text, err->reason);
    if (err->limit[0] != '\0') {
        (void)fprintf(stderr, "  %s: %s\n", _("limit"), err->limit);
    }
    if (err->next[0] != '\0') {
        (void)fprintf(stderr, "  %s: %s\n", _("next"), err->next);
    }
}

void output_error(const struct error *err, bool json)
{
    assert(err->reason[0] != '\0');
    if (json) {
        error_to_json(err);
    } else {
        error_to_text(err);
    }
}
