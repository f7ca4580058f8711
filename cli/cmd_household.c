#include "cli/acting.h"
#include "cli/commands.h"
#include "ledger/base/text.h"
#include "reports/lists.h"

#define NAME_MAX_CHARACTERS 60
#define VILLAGE_MAX_CHARACTERS 60

static const struct option add_options[] = {
    {"area-code", OPTION_TEXT, true, "DIGITS", N_("area code, 6, 9 or 12 digits"), false},
    {"village", OPTION_TEXT, true, "TEXT", N_("village and group"), false},
    {"status", OPTION_CHOICE, true, "registered|lifted|monitored|none",
     N_("standing on the state register"), false},
    {"head", OPTION_TEXT, true, "NAME", N_("name of the head of the household"), false},
    {"id-no", OPTION_TEXT, true, "NUMBER", N_("identity number of the head"), false},
    {"phone", OPTION_TEXT, false, "NUMBER", N_("mobile phone of the head"), false},
    {"bank-card", OPTION_TEXT, false, "NUMBER", N_("bank card of the head"), false},
};
static const struct option register_options[] = {
    {"household", OPTION_REFERENCE, true, "HOUSEHOLD", N_("number of the household"), true},
    {"status", OPTION_CHOICE, true, "registered|lifted|monitored|none",
     N_("standing on the state register"), false},
    {"from", OPTION_DATE, true, "YYYY-MM-DD", N_("first day on which it counts"), false},
};

/* The head's data in normal form. */
static bool read_person(const struct invocation *invocation, struct personal_data *ret,
                        struct error *err)
{
    struct arena *arena = invocation->arena;
    char *id_no = arena_alloc(arena, 19);
    char *phone = arena_alloc(arena, 16);
    char *card = arena_alloc(arena, 24);
    const struct option_value *phone_given = invocation_value(invocation, "phone");
    const struct option_value *card_given = invocation_value(invocation, "bank-card");

    if (!text_accept(arena, _("name"), invocation_value(invocation, "head")->text,
                     NAME_MAX_CHARACTERS, &ret->field[FIELD_NAME], err) ||
        !id_number_normalise(invocation_value(invocation, "id-no")->text, id_no, err) ||
        (phone_given->given && !phone_normalise(phone_given->text, phone, err)) ||
        (card_given->given && !bank_card_normalise(card_given->text, card, err))) {
        return false;
    }
    ret->field[FIELD_ID_NO] = id_no;
    ret->field[FIELD_PHONE] = phone_given->given ? phone : NULL;
    ret->field[FIELD_BANK_CARD] = card_given->given ? card : NULL;
    return true;
}

static bool run_add(const struct invocation *invocation, struct error *err)
{
    AUTO_OFFICE office = {0};
    struct personal_data person = {{NULL}};
    struct act_options options;
    struct act_result done;
    struct result result;
    const char *village = NULL;

    if (!read_person(invocation, &person, err) ||
        !text_accept(invocation->arena, _("village"), invocation_value(invocation, "village")->text,
                     VILLAGE_MAX_CHARACTERS, &village, err) ||
        !desk_open(invocation, &office, err)) {
        return false;
    }
    struct canon *request = canon_object(&office.arena);
    struct canon *persons = canon_array(&office.arena);
    struct canon *head = canon_object(&office.arena);
    canon_set_text(head, "relation", "head");
    canon_add(persons, head);
    canon_set_text(request, "area_code", invocation_value(invocation, "area-code")->text);
    canon_set_text(request, "village", village);
    canon_set_text(request, "status", invocation_value(invocation, "status")->text);
    canon_set(request, "persons", persons);
    desk_options(invocation, &options);
    if (!act_with_persons(&office, &options, "household.add", request, &person, 1, &done, err)) {
        return false;
    }
    desk_result(invocation, &office, &options, &done, &result);
    return output_result(invocation, &result, err) && office_close(&office, err);
}

static bool run_list(const struct invocation *invocation, struct error *err)
{
    return desk_list(invocation, list_households, err);
}

const struct command household_commands[] = {
    {.noun = "household",
     .verb = "add",
     .run = run_add,
     .needs = NEEDS_BOOK | WRITES,
     .summary = N_("register a household with its head"),
     .option = add_options,
     .options = COUNT_OF(add_options),
     .example = "yicang household add --area-code 510000 --village 新河村1组 --status registered"
                " --head 张三 --id-no 51000019900101123X --as wang.li"},
    {.noun = "household",
     .verb = "register",
     .run = desk_run_event,
     .needs = NEEDS_BOOK | WRITES,
     .summary = N_("record a change of standing on the state register"),
     .option = register_options,
     .options = COUNT_OF(register_options),
     .event = "household.register",
     .example = "yicang household register H1 --status lifted --from 2018-12-31 --as wang.li"},
    {.noun = "household",
     .verb = "list",
     .run = run_list,
     .needs = NEEDS_BOOK | SHOWS_TABLE,
     .summary = N_("list households"),
     .example = "yicang household list"},
    {.verb = NULL},
};
