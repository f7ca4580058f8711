#include "cli/acting.h"
#include "cli/commands.h"
#include "cli/person.h"
#include "ledger/base/text.h"

#define RELATION_MAX_CHARACTERS 20

static const struct option add_options[] = {
    {"household", OPTION_REFERENCE, true, "HOUSEHOLD", N_("number of the household"), true},
    {"relation", OPTION_TEXT, true, "WORD", N_("relation to the head, e.g. spouse"), false},
    {"name", OPTION_TEXT, true, "NAME", N_("name of the person"), false},
    {"id-no", OPTION_TEXT, true, "NUMBER", N_("identity number of the person"), false},
    {"phone", OPTION_TEXT, false, "NUMBER", N_("mobile phone of the person"), false},
    {"bank-card", OPTION_TEXT, false, "NUMBER", N_("bank card of the person"), false},
};

static bool run_add(const struct invocation *invocation, struct error *err)
{
    AUTO_OFFICE office = {0};
    struct personal_data data = {{NULL}};
    struct act_options options;
    struct act_result done;
    struct result result;
    const char *relation = NULL;

    if (!person_read(invocation, "name", &data, err) ||
        !text_accept(invocation->arena, _("relation"),
                     invocation_value(invocation, "relation")->text, RELATION_MAX_CHARACTERS,
                     &relation, err) ||
        !desk_open(invocation, &office, err)) {
        return false;
    }
    struct canon *request = canon_object(&office.arena);
    struct canon *persons = canon_array(&office.arena);
    struct canon *person = canon_object(&office.arena);
    canon_set_text(person, "relation", relation);
    canon_add(persons, person);
    canon_set_int(request, "household", invocation_value(invocation, "household")->number);
    canon_set(request, "persons", persons);
    desk_options(invocation, &options);
    if (!act_with_persons(&office, &options, "person.add", request, &data, 1, &done, err)) {
        return false;
    }
    desk_result(invocation, &office, &options, &done, &result);
    return output_result(invocation, &result, err) && office_close(&office, err);
}

const struct command person_commands[] = {
    {.noun = "person",
     .verb = "add",
     .run = run_add,
     .needs = NEEDS_BOOK | WRITES,
     .summary = N_("add a member to a household"),
     .option = add_options,
     .options = COUNT_OF(add_options),
     .example = "yicang person add H1 --relation spouse --name 李四 --id-no 510000198003020020"
                " --as wang.li"},
    {.verb = NULL},
};
