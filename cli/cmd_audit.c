#include "cli/acting.h"
#include "cli/audit_runs.h"
#include "cli/commands.h"
#include "cli/input_file.h"
#include "cli/passphrase.h"
#include "cli/service/book_card.h"
#include "ledger/base/text.h"

#include <string.h>

static const struct option card_options[] = {
    {"witness-policy", OPTION_FILE, false, "FILE",
     N_("the witness policy that `book init` was given"), false},
    {"minisign", OPTION_TEXT, false, "RW...",
     N_("public key that signs exports, if its secret is kept elsewhere"), false},
    {"new-export-key", OPTION_FLAG, false, NULL, N_("first make the key that signs exports"),
     false},
};

/* The public key of exports: given, made now, or read from its file. */
static bool card_key(const struct invocation *invocation, const struct office *office,
                     struct minisign_key *ret, struct error *err)
{
    const struct option_value *given = invocation_value(invocation, "minisign");
    const char *origin = office->facts.origin;

    if (given->given) {
        return minisign_key_parse(given->text, strlen(given->text), ret, err);
    }
    if (invocation_value(invocation, "new-export-key")->given) {
        struct passphrase_source source = desk_passphrase(invocation);
        char *passphrase = origin_is_demo(origin) ? NULL : source.ask(source.context, "export");
        bool made = export_key_create(invocation->arena, origin, passphrase, err);
        passphrase_wipe(passphrase);
        if (!made) {
            return false;
        }
    }
    return export_key_show(invocation->arena, origin, ret, err);
}

static bool run_card(const struct invocation *invocation, struct error *err)
{
    const struct option_value *file = invocation_value(invocation, "witness-policy");
    AUTO_OFFICE office = {0};
    AUTO_BUFFER policy;
    AUTO_BUFFER card;
    struct minisign_key key;

    buffer_init(&policy, WITNESS_POLICY_MAX);
    buffer_init(&card, TRUST_CARD_MAX);
    return (!file->given || input_file_read(file->text, &policy, err)) &&
           desk_open(invocation, &office, err) && card_key(invocation, &office, &key, err) &&
           book_card(&office, file->given ? policy.data : NULL, policy.length, &key, &card, err) &&
           output_text(invocation, card.data, card.length, err);
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
     .run = audit_run_verify,
     .needs = NEEDS_BOOK | SHOWS_TABLE,
     .summary =
         N_("prove chain, signatures and tree of the log, and that the tables follow from it"),
     .option = audit_verify_options,
     .options = AUDIT_VERIFY_OPTIONS,
     .example = "yicang audit verify --book county --card card",
     .exit_code = audit_verify_exit_code},
    {.noun = "audit",
     .verb = "card",
     .run = run_card,
     .needs = NEEDS_BOOK,
     .summary = N_("print the trust card: what auditors hold on paper"),
     .option = card_options,
     .options = COUNT_OF(card_options),
     .example = "yicang audit card --book county --witness-policy witnesses"},
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
