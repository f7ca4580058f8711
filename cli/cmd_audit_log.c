/* cmd_audit_log.c - the events, chosen by what they are about. */
#include "cli/acting.h"
#include "cli/audit_runs.h"
#include "cli/service/use_case.h"
#include "ledger/base/clock.h"
#include "ledger/base/suggestion.h"
#include "ledger/base/text.h"
#include "reports/words.h"

#include <string.h>

#define ROWS_SHOWN_MAX 100000

const struct option audit_log_options[AUDIT_LOG_OPTIONS] = {
    {"first", OPTION_INT, false, "SEQ", N_("first event"), false},
    {"last", OPTION_INT, false, "SEQ", N_("last event"), false},
    {"from", OPTION_DATE, false, "YYYY-MM-DD", N_("first business day"), false},
    {"to", OPTION_DATE, false, "YYYY-MM-DD", N_("last business day"), false},
    {"type", OPTION_TEXT, false, "TYPE", N_("of this type, such as loan.repay"), false},
    {"actor", OPTION_TEXT, false, "CODE", N_("written by this person"), false},
    {"loan", OPTION_REFERENCE, false, "LOAN", N_("about this loan"), false},
};

struct choosing {
    const struct option_value *first, *last, *from, *to, *type, *actor, *loan;
    struct output_stream *stream; /* JSON goes here as it comes; NULL: into the table */
    struct table *table;
    struct arena rows;
};

static const struct column event_columns[] = {
    {"seq", N_("event"), "事件", CELL_INT, false},
    {"date", N_("business day"), "营业日", CELL_DATE, false},
    {"at", N_("written at"), "写入时间", CELL_TEXT, false},
    {"type", N_("type"), "类型", CELL_WORD, false},
    {"actor", N_("actor"), "经办人", CELL_TEXT, false},
    {"role", N_("role"), "岗位", CELL_WORD, false},
};

/* Control events carry no date: the day in China on which they were written counts. */
static struct date day_of(const struct event *event)
{
    struct date day;
    return canon_get_date(event->body, "date", &day) ? day : clock_date_in_china(event->instant);
}

/* Whether a member "loan" anywhere inside is this number. Bounded by the depth of a line. */
static bool names_loan(const struct canon *value, int64_t loan)
{
    bool object = canon_kind_of(value) == CANON_OBJECT;
    int64_t number = 0;

    if (object && canon_get_int(value, "loan", &number) && number == loan) {
        return true;
    }
    for (size_t i = 0; i < canon_count(value); i++) {
        if (names_loan(canon_at(value, i), loan)) {
            return true;
        }
    }
    return false;
}

static bool rows_name_loan(struct choosing *choosing, const struct buffer *rows, int64_t loan,
                           bool *ret, struct error *err)
{
    const char *at = rows->data;
    const char *end = rows->data + rows->length;

    while (at < end && !*ret) {
        const char *stop = memchr(at, '\n', (size_t)(end - at));
        struct canon *row = NULL;
        if (stop == NULL ||
            !canon_read(&choosing->rows, at, (size_t)(stop - at), CANON_LINE_MAX, &row, err)) {
            return false;
        }
        *ret = names_loan(row, loan);
        arena_reset(&choosing->rows);
        at = stop + 1;
    }
    return true;
}

static bool is_about(struct choosing *choosing, const struct event *event,
                     const struct buffer *rows, bool *ret, struct error *err)
{
    *ret = !choosing->loan->given || names_loan(event->body, choosing->loan->number);
    return *ret || rows == NULL || rows_name_loan(choosing, rows, choosing->loan->number, ret, err);
}

static bool is_in_range(const struct choosing *choosing, const struct event *event)
{
    struct date day = day_of(event);
    return (!choosing->from->given || date_compare(day, choosing->from->date) >= 0) &&
           (!choosing->to->given || date_compare(day, choosing->to->date) <= 0) &&
           (!choosing->type->given || text_equal(event->type, choosing->type->text)) &&
           (!choosing->actor->given || text_equal(event->actor, choosing->actor->text));
}

static bool write_line(struct choosing *choosing, const struct event *event, struct error *err)
{
    FILE *file = choosing->stream->file;
    return (fwrite(event->line, 1, event->line_length, file) == event->line_length &&
            fputc('\n', file) != EOF) ||
           error_set(err, FAULT_STORE, "output.write", _("the output cannot be written"));
}

/* The type beside its title: by it events are chosen. */
static struct cell type_cell(struct table *table, const char *type)
{
    struct word *word = arena_alloc(table->arena, sizeof *word);
    const char *told = arena_printf(table->arena, _("%s (%s)"), event_title(type), type);

    *word = (struct word){arena_text(table->arena, type), told, told};
    return (struct cell){.kind = CELL_WORD, .word = word};
}

static bool add_row(struct choosing *choosing, const struct event *event, struct error *err)
{
    struct table *table = choosing->table;

    if (table->rows == ROWS_SHOWN_MAX) {
        error_set(err, FAULT_REFUSED, "audit.too-many-events", _("more than %d events are chosen"),
                  ROWS_SHOWN_MAX);
        return error_next(err, _("choose fewer, or take --format json"));
    }
    struct cell *cell = table_add_row(table);
    cell[0] = cell_int((int64_t)event->seq);
    cell[1] = cell_date(day_of(event));
    cell[2] = cell_text(table, event->at);
    cell[3] = type_cell(table, event->type);
    cell[4] = cell_text(table, event->actor);
    cell[5] = word_of_role(table, event->role);
    return true;
}

/* Stops with reason "" when the last event wanted has gone by. */
static bool on_event(void *context, const struct event *event, const struct buffer *rows,
                     struct error *err)
{
    struct choosing *choosing = context;
    bool about = false;

    if (choosing->last->given && event->seq > (uint64_t)choosing->last->number) {
        *err = (struct error){0};
        return false;
    }
    if (!is_in_range(choosing, event)) {
        return true;
    }
    if (!is_about(choosing, event, rows, &about, err)) {
        return false;
    }
    return !about || (choosing->stream != NULL ? write_line(choosing, event, err)
                                               : add_row(choosing, event, err));
}

static bool read_log(struct choosing *choosing, struct office *office, struct error *err)
{
    struct error why = {0};
    uint64_t first = choosing->first->given ? (uint64_t)choosing->first->number : 0;

    if (log_each(office->store, first, on_event, choosing, &why) || why.fault == FAULT_NONE) {
        return true;
    }
    *err = why;
    return false;
}

static bool stream_lines(const struct invocation *invocation, struct choosing *choosing,
                         struct office *office, struct error *err)
{
    struct output_stream stream;

    if (!output_open(invocation, &stream, err)) {
        return false;
    }
    choosing->stream = &stream;
    if (!read_log(choosing, office, err)) {
        output_abandon(&stream);
        return false;
    }
    return output_close(&stream, err);
}

static bool show_table(const struct invocation *invocation, struct choosing *choosing,
                       struct office *office, struct error *err)
{
    struct table table;

    table_init(&table, invocation->arena, "events", event_columns, COUNT_OF(event_columns),
               office->day);
    table.title_en = "Events";
    table.title_zh = "事件";
    choosing->table = &table;
    return read_log(choosing, office, err) && output_table(invocation, &table, err);
}

static const char *type_at(const void *list, size_t i)
{
    (void)list;
    return i < use_case_count() ? use_case_at(i)->type : NULL;
}

/* A slip of the pen must not look like a log without such events. */
static bool type_is_known(const struct option_value *type, struct error *err)
{
    if (!type->given || use_case_find(type->text) != NULL) {
        return true;
    }
    error_set(err, FAULT_USAGE, "audit.unknown-type", _("no event has the type %s"), type->text);
    const char *near = suggestion_find(type->text, type_at, NULL);
    return near != NULL ? error_next(err, _("%s is one"), near)
                        : error_next(err, _("docs/events.md lists the types"));
}

bool audit_run_log(const struct invocation *invocation, struct error *err)
{
    AUTO_OFFICE office = {0};
    struct choosing choosing = {.first = invocation_value(invocation, "first"),
                                .last = invocation_value(invocation, "last"),
                                .from = invocation_value(invocation, "from"),
                                .to = invocation_value(invocation, "to"),
                                .type = invocation_value(invocation, "type"),
                                .actor = invocation_value(invocation, "actor"),
                                .loan = invocation_value(invocation, "loan")};

    if (!type_is_known(choosing.type, err) || !desk_open(invocation, &office, err)) {
        return false;
    }
    arena_init(&choosing.rows, ARENA_LIMIT_COMMAND);
    bool ok = invocation->globals->format == FORMAT_JSON
                  ? stream_lines(invocation, &choosing, &office, err)
                  : show_table(invocation, &choosing, &office, err);
    arena_release(&choosing.rows);
    return ok;
}
