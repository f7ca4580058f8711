#include "cli/acting.h"
#include "cli/commands.h"
#include "ledger/base/text.h"
#include "reports/lists.h"

static const struct option transfer_options[] = {
    {"recovery", OPTION_REFERENCE, true, "RECOVERY", N_("number of the recovery"), true},
    {"payer", OPTION_CHOICE, true, "insurer|fund", N_("whose part is handed over"), false},
};
static const struct option record_options[] = {
    {"claim", OPTION_REFERENCE, true, "CLAIM", N_("number of the claim"), true},
    {"amount", OPTION_MONEY, true, "YUAN", N_("what the borrower paid"), false},
    {"costs", OPTION_MONEY, false, "YUAN", N_("costs of recovery taken from it first"), false},
};

static bool run_record(const struct invocation *invocation, struct error *err)
{
    AUTO_OFFICE office = {0};
    if (!desk_open(invocation, &office, err)) {
        return false;
    }
    struct canon *request = desk_request(invocation, &office.arena);
    if (!invocation_value(invocation, "costs")->given) {
        canon_set_fen(request, "costs_fen", MONEY_ZERO);
    }
    return desk_act(invocation, &office, "recovery.record", request, err);
}

static bool run_list(const struct invocation *invocation, struct error *err)
{
    return desk_list(invocation, list_recoveries, err);
}

const struct command recovery_commands[] = {
    {.noun = "recovery",
     .verb = "record",
     .run = run_record,
     .needs = NEEDS_BOOK | WRITES,
     .summary = N_("record what comes in after compensation and share it out"),
     .option = record_options,
     .options = COUNT_OF(record_options),
     .example = "yicang recovery record C1 --amount 10000 --costs 200 --as wang.li"},
    {.noun = "recovery",
     .verb = "transfer",
     .run = desk_run_event,
     .needs = NEEDS_BOOK | WRITES,
     .summary = N_("hand the part of insurer or fund over"),
     .option = transfer_options,
     .options = COUNT_OF(transfer_options),
     .event = "recovery.transfer",
     .example = "yicang recovery transfer R1 --payer fund --as wang.li"},
    {.noun = "recovery",
     .verb = "list",
     .run = run_list,
     .needs = NEEDS_BOOK | SHOWS_TABLE,
     .summary = N_("list recoveries and what became of them"),
     .example = "yicang recovery list"},
    {.verb = NULL},
};
