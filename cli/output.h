/* output.h - the only printer: data to stdout or --out, talk and errors to stderr. Layer: cli. */
#ifndef YICANG_CLI_OUTPUT_H
#define YICANG_CLI_OUTPUT_H

#include "cli/command.h"
#include "ledger/base/buffer.h"
#include "ledger/base/interruption.h"
#include "reports/table.h"
#include "reports/words.h"

#include <stdio.h>

#define RESULT_FIELDS_MAX 64
#define RESULT_TABLES_MAX 11
#define OUTPUT_TEXT_MAX ((size_t)16 << 20)

/* One labelled fact of a result: "Event: 12". */
struct result_field {
    const char *name;  /* JSON key */
    const char *title; /* already translated */
    struct cell cell;
};

/* A table of a result under its own JSON key ("entries"). */
struct result_part {
    const char *name;
    const struct table *table;
};

/* What a command that writes, or that shows one thing, has to say. */
struct result {
    struct arena *arena;
    struct result_field field[RESULT_FIELDS_MAX];
    size_t fields;
    struct result_part part[RESULT_TABLES_MAX];
    size_t parts;
};

void result_init(struct result *result, struct arena *arena);
/* NULL text is left out. Texts are copied. */
void result_text(struct result *result, const char *name, const char *title, const char *text);
/* A word of the ledger: its name for programs, its translation for people. */
void result_word(struct result *result, const char *name, const char *title, word_function word,
                 const char *text);
void result_money(struct result *result, const char *name, const char *title, struct money money);
void result_date(struct result *result, const char *name, const char *title, struct date date);
void result_rate(struct result *result, const char *name, const char *title, struct rate rate);
void result_int(struct result *result, const char *name, const char *title, int64_t number);
void result_table(struct result *result, const char *name, const struct table *table);

/* Each writes all or fails with output.write, output.open or output.rename (FAULT_STORE). */
MUST_CHECK bool output_table(const struct invocation *invocation, const struct table *table,
                             struct error *err);
MUST_CHECK bool output_result(const struct invocation *invocation, const struct result *result,
                              struct error *err);
/* Bytes as they are: help, completion, a log. */
MUST_CHECK bool output_text(const struct invocation *invocation, const char *text, size_t length,
                            struct error *err);

/* Where output goes, for what must be streamed; close says whether all of it arrived. Between the
 * two, write to stream->file. A stream not closed leaves nothing behind (AUTO). */
struct output_stream {
    FILE *file;
    const char *target;    /* --out; NULL: stdout */
    const char *temporary; /* renamed to target on close; NULL: target is written in place */
    bool written;          /* the book was changed before, and a failure of output must say so */
    struct interruption interruption; /* held while there is a temporary */
};
MUST_CHECK bool output_open(const struct invocation *invocation, struct output_stream *ret,
                            struct error *err);
MUST_CHECK bool output_close(struct output_stream *stream, struct error *err);
void output_abandon(struct output_stream *stream);
/* A writer's failure, told with what it means for the book; returns false. */
bool output_failed(const struct output_stream *stream, struct error *err);

/* Talk on stderr, one line. */
void output_note(const char *text, ...) PRINTF_LIKE(1, 2);
/* The same without its end, where an answer is to be typed behind it. */
void output_prompt(const char *text, ...) PRINTF_LIKE(1, 2);
/* What went wrong, on stderr: as text, or as one JSON object. */
void output_error(const struct error *err, bool json);
/* At the very end: everything that went to stdout has arrived. */
MUST_CHECK bool output_finish(struct error *err);

#endif
