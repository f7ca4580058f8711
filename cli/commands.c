#include "cli/commands.h"

#include "ledger/base/text.h"

#include <assert.h>

const struct command *const command_groups[] = {
    book_commands,    staff_commands,     key_commands,
    session_commands, household_commands, person_commands,
    loan_commands,    quote_commands,     day_commands,
    claim_commands,   approval_commands,  recovery_commands,
    fund_commands,    subsidy_commands,   premium_commands,
    policy_commands,  report_commands,    audit_commands,
    explain_commands, top_commands,       NULL,
};

static bool is_same_noun(const char *a, const char *b)
{
    return a == NULL || b == NULL ? a == b : text_equal(a, b);
}

const struct command *command_find(const char *noun, const char *verb)
{
    for (size_t group = 0; command_groups[group] != NULL; group++) {
        for (const struct command *command = command_groups[group]; command->verb != NULL;
             command++) {
            if (is_same_noun(command->noun, noun) && text_equal(command->verb, verb)) {
                return command;
            }
        }
    }
    return NULL;
}

const struct command *command_group_find(const char *noun)
{
    for (size_t group = 0; command_groups[group] != NULL; group++) {
        if (command_groups[group]->noun != NULL && text_equal(command_groups[group]->noun, noun)) {
            return command_groups[group];
        }
    }
    return NULL;
}

const char *command_full_name(struct arena *arena, const struct command *command)
{
    return command->noun == NULL ? command->verb
                                 : arena_printf(arena, "%s %s", command->noun, command->verb);
}

const struct option_value *invocation_value(const struct invocation *invocation, const char *name)
{
    const struct command *command = invocation->command;
    size_t place = 0;
    while (place < command->options && !text_equal(command->option[place].name, name)) {
        place++;
    }
    assert(place < command->options); /* a command asks for what its own table has */
    return &invocation->value[place];
}
