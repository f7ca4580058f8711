#include "cli/acting.h"
#include "cli/commands.h"
#include "cli/person.h"
#include "cli/service/household_view.h"
#include "cli/service/personal_desk.h"
#include "ledger/base/text.h"
#include "ledger/loans/household.h"
#include "reports/details.h"
#include "reports/lists.h"

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

static const struct option show_options[] = {
    {"household", OPTION_REFERENCE, true, "HOUSEHOLD", N_("number of the household"), true},
};

static const struct option unmask_options[] = {
    {"household", OPTION_REFERENCE, true, "HOUSEHOLD", N_("number of the household"), true},
    {"person", OPTION_INT, true, "PERSON", N_("number of the person"), false},
    {"field", OPTION_CHOICE, false, "name|id-no|phone|bank-card",
     N_("the only detail to be read; else all that are known"), false},
    {"reason", OPTION_TEXT, true, "TEXT", N_("why; it stays in the log for ever"), false},
};
static const struct option shred_options[] = {
    {"household", OPTION_REFERENCE, true, "HOUSEHOLD", N_("number of the household"), true},
    {"reason", OPTION_TEXT, true, "TEXT", N_("why; it stays in the log for ever"), false},
    {"with", OPTION_TEXT, true, "CODE,CODE", N_("further admins who sign; at least one"), false},
};

static bool run_add(const struct invocation *invocation, struct error *err)
{
    AUTO_OFFICE office = {0};
    struct personal_data person = {{NULL}};
    struct act_options options;
    struct act_result done;
    struct result result;
    const char *village = NULL;

    if (!person_read(invocation, "head", &person, err) ||
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

static const struct column persons_columns[] = {
    {"person", N_("person"), "人员编号", CELL_INT, false},
    {"relation", N_("relation"), "与户主关系", CELL_WORD, false},
    {"name", N_("name"), "姓名", CELL_TEXT, false},
    {"id_no", N_("identity number"), "身份证号", CELL_TEXT, false},
    {"phone", N_("phone"), "手机号", CELL_TEXT, false},
    {"bank_card", N_("bank card"), "银行卡号", CELL_TEXT, false},
    {"added_on", N_("added on"), "登记日", CELL_DATE, false},
};

/* The question of the options. */
static struct personal_question question_of(const struct invocation *invocation)
{
    static const char *const words[PERSONAL_FIELDS] = {
        [FIELD_NAME] = "name",
        [FIELD_ID_NO] = "id-no",
        [FIELD_PHONE] = "phone",
        [FIELD_BANK_CARD] = "bank-card",
    };
    const struct option_value *field = invocation_value(invocation, "field");
    struct personal_question question = {
        .household = invocation_value(invocation, "household")->number,
        .person = invocation_value(invocation, "person")->number,
        .reason = invocation_value(invocation, "reason")->text,
    };

    for (size_t f = 0; f < PERSONAL_FIELDS; f++) {
        question.asked[f] = !field->given || text_equal(field->text, words[f]);
    }
    return question;
}

/* A file would outlive the reason for which it was read. */
static bool goes_to_the_screen(const struct invocation *invocation, struct error *err)
{
    if (invocation->globals->out == NULL) {
        return true;
    }
    error_set(err, FAULT_USAGE, "privacy.into-file",
              _("personal data in clear is not written into a file"));
    return error_next(err, _("leave out --out"));
}

static bool run_unmask(const struct invocation *invocation, struct error *err)
{
    AUTO_OFFICE office = {0};
    struct personal_question question = question_of(invocation);
    const char *value[PERSONAL_FIELDS];
    struct act_options options;
    struct act_result done;
    struct result result;

    if (!goes_to_the_screen(invocation, err) || !desk_open(invocation, &office, err)) {
        return false;
    }
    desk_options(invocation, &options);
    if (!personal_read(&office, &options, &question, &done, value, err)) {
        return false;
    }
    desk_result(invocation, &office, &options, &done, &result);
    result_text(&result, "name", _("name"), value[FIELD_NAME]);
    result_text(&result, "id_no", _("identity number"), value[FIELD_ID_NO]);
    result_text(&result, "phone", _("phone"), value[FIELD_PHONE]);
    result_text(&result, "bank_card", _("bank card"), value[FIELD_BANK_CARD]);
    return output_result(invocation, &result, err) && office_close(&office, err);
}

static bool run_shred(const struct invocation *invocation, struct error *err)
{
    AUTO_OFFICE office = {0};
    struct act_options options;
    struct act_result done;
    struct result result;
    int64_t household = invocation_value(invocation, "household")->number;

    if (!desk_open(invocation, &office, err)) {
        return false;
    }
    desk_options(invocation, &options);
    if (!household_shred(&office, &options, household, invocation_value(invocation, "reason")->text,
                         &done, err)) {
        return false;
    }
    desk_result(invocation, &office, &options, &done, &result);
    return output_result(invocation, &result, err) && office_close(&office, err);
}

/* Personal data as screens show it: masked. */
static bool add_person(struct office *office, const struct household_person *person,
                       struct table *table, struct error *err)
{
    static const enum personal_field shown[] = {FIELD_NAME, FIELD_ID_NO, FIELD_PHONE,
                                                FIELD_BANK_CARD};
    struct cell *cell = table_add_row(table);

    cell[0] = cell_int(person->id);
    cell[1] = word_of_relation(table, person->relation);
    for (size_t i = 0; i < COUNT_OF(shown); i++) {
        const char *text = NULL;
        if (!office_personal(office, person->subject, shown[i], false, &text, err)) {
            return false;
        }
        if (text[0] != '\0') {
            cell[2 + i] = cell_text(table, text);
        }
    }
    cell[6] = cell_date(person->added_on);
    return true;
}

static bool persons_table(struct office *office, int64_t household, struct arena *arena,
                          struct table *ret, struct error *err)
{
    struct household_person *person = NULL;
    size_t persons = 0;

    table_init(ret, arena, "persons", persons_columns, COUNT_OF(persons_columns), office->day);
    ret->title_en = "Persons";
    ret->title_zh = "家庭成员";
    if (!household_persons_load(office->store, household, &office->arena, &person, &persons, err)) {
        return false;
    }
    for (size_t i = 0; i < persons; i++) {
        if (!add_person(office, &person[i], ret, err)) {
            return false;
        }
    }
    return true;
}

static bool show_limits(struct office *office, int64_t household, struct result *result,
                        struct error *err)
{
    struct household_limits limits;
    struct household_standing standing;
    struct date erased_on = {0};
    bool erased = false;

    if (!household_erased_on(office->store, household, &erased, &erased_on, err) ||
        !household_standing_on(office->store, &office->arena, household, office->day, &standing,
                               err) ||
        !household_limits_load(office, household, &limits, err)) {
        return false;
    }
    result_int(result, "household", _("household"), household);
    if (erased) {
        result_date(result, "erased_on", _("personal data erased on"), erased_on);
    }
    result_word(result, "status", _("standing on the state register"), word_of_register_status,
                standing.status);
    result_money(result, "unpaid", _("unpaid principal"), limits.loans.balance);
    result_money(result, "approved", _("approved, not paid out yet"), limits.loans.approved);
    result_money(result, "covered", _("covered principal"), limits.loans.covered);
    result_int(result, "overdue_loans", _("loans overdue"), limits.loans.overdue);
    result_money(result, "limit_left", _("limit left, household loan"), limits.left);
    result_money(result, "limit_left_micro", _("limit left, micro-entrepreneur loan"),
                 limits.left_micro);
    result_money(result, "covered_left", _("covered limit left"), limits.left_covered);
    return true;
}

static bool run_show(const struct invocation *invocation, struct error *err)
{
    AUTO_OFFICE office = {0};
    struct arena *arena = invocation->arena;
    struct result result;
    struct table persons;
    struct table history;
    struct table loans;
    int64_t id = invocation_value(invocation, "household")->number;

    result_init(&result, arena);
    if (!desk_open(invocation, &office, err) || !household_exists(office.store, id, err) ||
        !show_limits(&office, id, &result, err) ||
        !persons_table(&office, id, arena, &persons, err) ||
        !household_history(office.store, id, office.day, arena, &history, err) ||
        !household_loans(office.store, id, office.day, arena, &loans, err)) {
        return false;
    }
    result_table(&result, "persons", &persons);
    result_table(&result, "history", &history);
    result_table(&result, "loans", &loans);
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
     .verb = "show",
     .run = run_show,
     .needs = NEEDS_BOOK,
     .summary = N_("show a household: its persons (masked), its standing, its loans and limits"),
     .option = show_options,
     .options = COUNT_OF(show_options),
     .example = "yicang household show H1"},
    {.noun = "household",
     .verb = "unmask",
     .run = run_unmask,
     .needs = NEEDS_BOOK | WRITES,
     .summary = N_("read personal data in clear, which the log records"),
     .option = unmask_options,
     .options = COUNT_OF(unmask_options),
     .event = "pii.read",
     .example = "yicang household unmask H1 --person 1 --reason 'call about the due date'"
                " --as zhao.min"},
    {.noun = "household",
     .verb = "shred",
     .run = run_shred,
     .needs = NEEDS_BOOK | WRITES,
     .summary = N_("erase the personal data of a household for good; two admins sign"),
     .option = shred_options,
     .options = COUNT_OF(shred_options),
     .event = "pii.shred",
     .example = "yicang household shred H1 --reason 'term of keeping is over' --as chen.admin"
                " --with he.admin"},
    {.noun = "household",
     .verb = "list",
     .run = run_list,
     .needs = NEEDS_BOOK | SHOWS_TABLE,
     .summary = N_("list households"),
     .example = "yicang household list"},
    {.verb = NULL},
};
