#include "cli/acting.h"
#include "cli/commands.h"
#include "cli/preview_table.h"
#include "ledger/base/text.h"
#include "reports/lists.h"

static const struct option claim_options[] = {
    {"through", OPTION_DATE, true, "YYYY-MM-DD", N_("last day that is claimed"), false},
};
static const struct option step_options[] = {
    {"claim", OPTION_REFERENCE, true, "SUBSIDY", N_("number of the subsidy claim"), true},
    {"amount", OPTION_MONEY, true, "YUAN", N_("the amount, as it was claimed"), false},
};

static const struct column preview_columns[] = {
    {"loan", N_("loan"), "贷款", CELL_INT, false},
    {"upto", N_("settled up to"), "结息截止日", CELL_DATE, false},
    {"amount", N_("amount"), "金额", CELL_MONEY, true},
};

static bool run_preview(const struct invocation *invocation, struct error *err)
{
    static const struct preview preview = {
        "subsidy.claim", "subsidy.nothing-due", N_("Subsidy waiting to be claimed"),
        "待申请贴息",    preview_columns,       COUNT_OF(preview_columns)};
    return preview_run(invocation, &preview, err);
}

static bool run_list(const struct invocation *invocation, struct error *err)
{
    return desk_list(invocation, list_subsidies, err);
}

const struct command subsidy_commands[] = {
    {.noun = "subsidy",
     .verb = "preview",
     .run = run_preview,
     .needs = NEEDS_BOOK | SHOWS_TABLE,
     .summary = N_("show what a claim would hold, loan by loan; nothing is written"),
     .option = claim_options,
     .options = COUNT_OF(claim_options),
     .example = "yicang subsidy preview --through 2016-12-20"},
    {.noun = "subsidy",
     .verb = "claim",
     .run = desk_run_event,
     .needs = NEEDS_BOOK | WRITES,
     .summary = N_("claim the settled subsidy from county finance"),
     .option = claim_options,
     .options = COUNT_OF(claim_options),
     .event = "subsidy.claim",
     .example = "yicang subsidy claim --through 2016-12-20 --as wang.li"},
    {.noun = "subsidy",
     .verb = "receive",
     .run = desk_run_event,
     .needs = NEEDS_BOOK | WRITES,
     .summary = N_("record that county finance paid a subsidy claim"),
     .option = step_options,
     .options = COUNT_OF(step_options),
     .event = "subsidy.receive",
     .example = "yicang subsidy receive S1 --amount 374.58 --as wang.li"},
    {.noun = "subsidy",
     .verb = "list",
     .run = run_list,
     .needs = NEEDS_BOOK | SHOWS_TABLE,
     .summary = N_("list claims on county finance and what became of them"),
     .example = "yicang subsidy list"},
    {.verb = NULL},
};
