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
     .needs = NEEDS_BOOK | NEEDS_WHOLE,
     .summary = N_("print the trust card: what auditors hold on paper"),
     .option = card_options,
     .options = COUNT_OF(card_options),
     .example = "yicang audit card --book county --witness-policy witnesses"},
    {.noun = "audit",
     .verb = "log",
     .run = audit_run_log,
     .needs = NEEDS_BOOK | SHOWS_TABLE,
     .summary = N_("read the events: a table, or with --format json one canonical line each"),
     .option = audit_log_options,
     .options = AUDIT_LOG_OPTIONS,
     .example = "yicang audit log --book county --loan L1 --type loan.repay"},
    {.noun = "audit",
     .verb = "prove",
     .run = audit_run_prove,
     .needs = NEEDS_BOOK | NEEDS_WHOLE,
     .summary = N_("write or check a receipt: proof that an event is in the log"),
     .option = audit_prove_options,
     .options = AUDIT_PROVE_OPTIONS,
     .example = "yicang audit prove --event 12 --out receipt.tlog-proof"},
    {.noun = "audit",
     .verb = "bundle",
     .run = audit_run_bundle,
     .needs = NEEDS_BOOK | NEEDS_WHOLE | WRITES,
     .summary = N_("export the log for auditors, signed, without personal data; an event says so"),
     .option = audit_bundle_options,
     .options = AUDIT_BUNDLE_OPTIONS,
     .example = "yicang audit bundle export --book county --card card --as ma.manager"},
    {.noun = "audit",
     .verb = "checkpoint",
     .run = audit_run_checkpoint,
     .needs = NEEDS_BOOK | WRITES,
     .summary = N_("take the newest head to a witness, and its cosignature back into the log"),
     .option = audit_checkpoint_options,
     .options = AUDIT_CHECKPOINT_OPTIONS,
     .example = "yicang audit checkpoint export --since-witness --out add-checkpoint"},
    {.noun = "audit",
     .verb = "witness",
     .run = audit_run_witness,
     .needs = NEEDS_NOTHING,
     .summary = N_("be the witness: check that a log only grew, and cosign its head"),
     .option = audit_witness_options,
     .options = AUDIT_WITNESS_OPTIONS,
     .example = "yicang audit witness --key bureau.key --state bureau.state --card card "
                "--request add-checkpoint"},
    {.verb = NULL},
};
