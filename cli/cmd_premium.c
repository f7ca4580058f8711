#include "cli/acting.h"
#include "cli/commands.h"
#include "cli/preview_table.h"
#include "ledger/base/text.h"
#include "reports/lists.h"

static const struct option claim_options[] = {
    {"through", OPTION_DATE, true, "YYYY-MM-DD", N_("last day that is claimed"), false},
};
static const struct option step_options[] = {
    {"claim", OPTION_REFERENCE, true, "PREMIUM", N_("number of the premium claim"), true},
    {"amount", OPTION_MONEY, true, "YUAN", N_("the amount, as it was claimed"), false},
};

static const struct column preview_columns[] = {
    {"loan", N_("loan"), "贷款", CELL_INT, false},
    {"covered", N_("covered principal"), "纳入补偿本金", CELL_MONEY, true},
    {"amount", N_("amount"), "金额", CELL_MONEY, true},
};

static bool run_preview(const struct invocation *invocation, struct error *err)
{
    static const struct preview preview = {
        "premium.claim", "premium.nothing-due", N_("Premium waiting to be claimed"),
        "待申请保费",    preview_columns,       COUNT_OF(preview_columns)};
    return preview_run(invocation, &preview, err);
}

static bool run_list(const struct invocation *invocation, struct error *err)
{
    return desk_list(invocation, list_premiums, err);
}

const struct command premium_commands[] = {
    {.noun = "premium",
     .verb = "preview",
     .run = run_preview,
     .needs = NEEDS_BOOK | SHOWS_TABLE,
     .summary = N_("show what a claim would hold, loan by loan; nothing is written"),
     .option = claim_options,
     .options = COUNT_OF(claim_options),
     .example = "yicang premium preview --through 2016-10-31"},
    {.noun = "premium",
     .verb = "claim",
     .run = desk_run_event,
     .needs = NEEDS_BOOK | WRITES,
     .summary = N_("claim the premium of newly covered loans from county finance"),
     .option = claim_options,
     .options = COUNT_OF(claim_options),
     .event = "premium.claim",
     .example = "yicang premium claim --through 2016-10-31 --as wang.li"},
    {.noun = "premium",
     .verb = "receive",
     .run = desk_run_event,
     .needs = NEEDS_BOOK | WRITES,
     .summary = N_("record that county finance paid a premium claim"),
     .option = step_options,
     .options = COUNT_OF(step_options),
     .event = "premium.receive",
     .example = "yicang premium receive P1 --amount 6300 --as wang.li"},
    {.noun = "premium",
     .verb = "pay",
     .run = desk_run_event,
     .needs = NEEDS_BOOK | WRITES,
     .summary = N_("pass the premium on to the insurer"),
     .option = step_options,
     .options = COUNT_OF(step_options),
     .event = "premium.pay",
     .example = "yicang premium pay P1 --amount 6300 --as wang.li"},
    {.noun = "premium",
     .verb = "list",
     .run = run_list,
     .needs = NEEDS_BOOK | SHOWS_TABLE,
     .summary = N_("list claims on county finance and what became of them"),
     .example = "yicang premium list"},
    {.verb = NULL},
};
