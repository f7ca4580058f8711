#include "cli/acting.h"
#include "cli/commands.h"
#include "cli/findings_table.h"
#include "cli/service/book_check.h"
#include "ledger/base/text.h"

/* audit verify has exit codes of its own: 0 proven, 1 tampering proven, 2 cannot be proven, 3
 * usage. */
static int verify_exit_code(enum fault fault)
{
    switch (fault) {
    case FAULT_NONE:
        return 0;
    case FAULT_INTEGRITY:
        return 1;
    case FAULT_USAGE:
    case FAULT_INPUT:
        return 3;
    case FAULT_REFUSED:
    case FAULT_STORE:
    case FAULT_INTERNAL:
        break;
    }
    return 2;
}

static bool conclude(const struct findings *findings, struct error *err)
{
    if (findings->tampering) {
        error_set(err, FAULT_INTEGRITY, "audit.tampering", _("the book was changed: %llu findings"),
                  (unsigned long long)findings->total);
        return error_next(err, _("stop work, keep this copy, and restore a verified backup"));
    }
    if (findings->incomplete) {
        return error_set(err, FAULT_REFUSED, "audit.not-proven",
                         _("the book cannot be proven: %llu findings"),
                         (unsigned long long)findings->total);
    }
    return true;
}

/* What no check inside the book can know is said each time. */
static void say_limits(const struct verify_summary *summary)
{
    if (summary->demo_keys) {
        output_note(_("DEMO KEYS: this book's keys have no passphrase; it proves nothing about "
                      "people"));
    }
    output_note(_("no witness has cosigned this log: whoever controls this machine and its keys "
                  "could have cut events off its end (%llu events)"),
                (unsigned long long)summary->events);
}

static bool run_verify(const struct invocation *invocation, struct error *err)
{
    AUTO_OFFICE office = {0};
    struct findings findings;
    struct verify_summary summary;
    struct table table;

    findings_init(&findings);
    if (!desk_open(invocation, &office, err)) {
        return false;
    }
    bool ok = book_verify(&office, true, &findings, &summary, err);
    findings_table(&findings, invocation->arena, office.day, &table);
    if (ok) {
        struct error verdict = {0};
        char root[SHA256_HEX_SIZE];
        bool proven = conclude(&findings, &verdict);
        table_add_remark(&table, (struct remark){"events", "events", "事件数",
                                                 cell_int((int64_t)summary.events)});
        table_add_remark(&table, (struct remark){"signatures", "signatures", "签名数",
                                                 cell_int((int64_t)summary.signatures)});
        table_add_remark(&table, (struct remark){"root", "root", "根哈希",
                                                 cell_text(&table, hex_format(summary.tip.root.byte,
                                                                              SHA256_SIZE, root))});
        ok = output_table(invocation, &table, err);
        say_limits(&summary);
        if (ok && !proven) {
            *err = verdict;
            ok = false;
        }
    }
    findings_release(&findings);
    return ok;
}

struct printing {
    struct output_stream *stream;
};

static bool print_event(void *context, const struct event *event, const struct buffer *rows,
                        struct error *err)
{
    struct printing *printing = context;
    (void)rows;
    if (fwrite(event->line, 1, event->line_length, printing->stream->file) != event->line_length ||
        fputc('\n', printing->stream->file) == EOF) {
        return error_set(err, FAULT_STORE, "output.write", _("the output cannot be written"));
    }
    return true;
}

static const struct option log_options[] = {
    {"from", OPTION_INT, false, "SEQ", N_("first event to print"), false},
};

static bool run_log(const struct invocation *invocation, struct error *err)
{
    AUTO_OFFICE office = {0};
    struct output_stream stream;
    struct printing printing = {&stream};
    const struct option_value *from = invocation_value(invocation, "from");
    uint64_t first = from->given && from->number > 0 ? (uint64_t)from->number : 0;

    if (!desk_open(invocation, &office, err) || !output_open(invocation, &stream, err)) {
        return false;
    }
    if (!log_each(office.store, first, print_event, &printing, err)) {
        output_abandon(&stream);
        return false;
    }
    return output_close(&stream, err);
}

const struct command audit_commands[] = {
    {.noun = "audit",
     .verb = "verify",
     .run = run_verify,
     .needs = NEEDS_BOOK | SHOWS_TABLE,
     .summary =
         N_("prove chain, signatures and tree of the log, and that the tables follow from it"),
     .example = "yicang audit verify --book county",
     .exit_code = verify_exit_code},
    {.noun = "audit",
     .verb = "log",
     .run = run_log,
     .needs = NEEDS_BOOK,
     .summary = N_("print the events, one canonical line each"),
     .option = log_options,
     .options = COUNT_OF(log_options),
     .example = "yicang audit log --book county"},
    {.verb = NULL},
};
