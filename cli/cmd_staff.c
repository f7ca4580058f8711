#include "cli/acting.h"
#include "cli/agent_key.h"
#include "cli/commands.h"
#include "ledger/base/text.h"
#include "reports/lists.h"

#define ROLES "clerk|approver|manager|risk-officer|bureau-officer|admin|auditor"

static const struct option add_options[] = {
    {"actor", OPTION_TEXT, true, "CODE", N_("staff code of the new person"), true},
    {"role", OPTION_CHOICE, true, ROLES, N_("the duty"), false},
    {"office", OPTION_TEXT, true, "TEXT", N_("where the person works"), false},
    {"vkey", OPTION_TEXT, true, "VKEY", N_("verifier key, as `key new` prints it"), false},
    {"pop", OPTION_TEXT, true, "BASE64", N_("proof of possession, likewise"), false},
    {"limit", OPTION_MONEY, false, "AMOUNT", N_("the most that one event may move"), false},
    {"day-limit", OPTION_MONEY, false, "AMOUNT",
     N_("the most that the person may move in this duty on one business day"), false},
    {"person", OPTION_TEXT, false, "CODE",
     N_("the code under which the same human being is known already"), false},
    {"with", OPTION_TEXT, false, "CODE,CODE", N_("further admins who sign"), false},
};
static const struct option grant_options[] = {
    {"actor", OPTION_TEXT, true, "CODE", N_("staff code"), true},
    {"role", OPTION_CHOICE, true, ROLES, N_("the duty"), false},
    {"limit", OPTION_MONEY, false, "AMOUNT", N_("the most that one event may move"), false},
    {"day-limit", OPTION_MONEY, false, "AMOUNT",
     N_("the most that the person may move in this duty on one business day"), false},
    {"emergency", OPTION_FLAG, false, NULL, N_("for four hours only; two admins sign"), false},
    {"reason", OPTION_TEXT, false, "TEXT", N_("why; an emergency needs one"), false},
    {"with", OPTION_TEXT, false, "CODE,CODE", N_("further admins who sign"), false},
};
static const struct option revoke_options[] = {
    {"actor", OPTION_TEXT, true, "CODE", N_("staff code"), true},
    {"role", OPTION_CHOICE, true, ROLES, N_("the duty that ends"), false},
    {"reason", OPTION_TEXT, true, "TEXT", N_("why"), false},
    {"with", OPTION_TEXT, false, "CODE,CODE", N_("further admins who sign"), false},
};
static const struct option relate_options[] = {
    {"actor", OPTION_TEXT, true, "CODE", N_("staff code"), true},
    {"household", OPTION_REFERENCE, true, "H", N_("a household of one's own or of relatives"),
     false},
    {"with", OPTION_TEXT, false, "CODE,CODE", N_("further admins who sign"), false},
};
static const struct option revoke_key_options[] = {
    {"vkey", OPTION_TEXT, true, "VKEY", N_("the key that counts no longer"), true},
    {"reason", OPTION_TEXT, true, "TEXT", N_("why"), false},
    {"from-seq", OPTION_INT, false, "EVENT",
     N_("the first event that a thief may have signed: from there on each is in dispute"), false},
    {"with", OPTION_TEXT, false, "CODE,CODE", N_("further admins who sign"), false},
};
static const struct option key_options[] = {
    {"staff", OPTION_TEXT, true, "CODE", N_("staff code"), true},
    {"new", OPTION_FLAG, false, NULL, N_("make a new key; else show the one that exists"), false},
    AGENT_KEY_OPTIONS,
};

static bool run_list(const struct invocation *invocation, struct error *err)
{
    return desk_list(invocation, list_staff, err);
}

const struct command staff_commands[] = {
    {.noun = "staff",
     .verb = "key",
     .run = run_staff_key,
     .needs = NEEDS_BOOK,
     .summary = N_("the same as `key new` and `key show`"),
     .option = key_options,
     .options = COUNT_OF(key_options),
     .example = "yicang staff key wang.li --new"},
    {.noun = "staff",
     .verb = "add",
     .run = desk_run_event,
     .needs = NEEDS_BOOK | WRITES,
     .summary = N_("register a person with a key and a duty; the quorum of admins signs"),
     .option = add_options,
     .options = COUNT_OF(add_options),
     .event = "key.add",
     .example = "yicang staff add wang.li --role clerk --office Xinhe --vkey VKEY --pop PROOF"
                " --as chen.admin --with he.admin"},
    {.noun = "staff",
     .verb = "grant",
     .run = desk_run_event,
     .needs = NEEDS_BOOK | WRITES,
     .summary = N_("give a person a further duty"),
     .option = grant_options,
     .options = COUNT_OF(grant_options),
     .event = "role.grant",
     .example = "yicang staff grant wang.li --role manager --as chen.admin --with he.admin"},
    {.noun = "staff",
     .verb = "revoke",
     .run = desk_run_event,
     .needs = NEEDS_BOOK | WRITES,
     .summary = N_("take a duty from a person"),
     .option = revoke_options,
     .options = COUNT_OF(revoke_options),
     .event = "role.revoke",
     .example = "yicang staff revoke wang.li --role clerk --reason 'moved to another county'"
                " --as chen.admin --with he.admin"},
    {.noun = "staff",
     .verb = "revoke-key",
     .run = desk_run_event,
     .needs = NEEDS_BOOK | WRITES,
     .summary = N_("revoke a key; with --from-seq, what it signed since is in dispute"),
     .option = revoke_key_options,
     .options = COUNT_OF(revoke_key_options),
     .event = "key.revoke",
     .example = "yicang staff revoke-key VKEY --reason lost --as chen.admin --with he.admin"},
    {.noun = "staff",
     .verb = "relate",
     .run = desk_run_event,
     .needs = NEEDS_BOOK | WRITES,
     .summary = N_("record that a household is a person's own or of relatives: not their business"),
     .option = relate_options,
     .options = COUNT_OF(relate_options),
     .event = "staff.relate",
     .example = "yicang staff relate wang.li --household H1 --as chen.admin --with he.admin"},
    {.noun = "staff",
     .verb = "list",
     .run = run_list,
     .needs = NEEDS_BOOK | SHOWS_TABLE,
     .summary = N_("list people and their duties"),
     .example = "yicang staff list"},
    {.verb = NULL},
};
