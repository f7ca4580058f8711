#include "cli/acting.h"
#include "cli/commands.h"
#include "cli/policy_file.h"
#include "cli/policy_table.h"
#include "cli/service/policy_activation.h"
#include "cli/simulation_table.h"
#include "ledger/base/text.h"
#include "rules/policy_diff.h"

#include <string.h>

static const struct option check_options[] = {
    {"file", OPTION_FILE, true, "FILE", N_("the policy"), true},
};
static const struct option test_options[] = {
    {"file", OPTION_FILE, true, "FILE", N_("the policy"), true},
    {"tests", OPTION_FILE, false, "FILE", N_("its tests; else FILE.tests.yaml beside it"), false},
};
static const struct option show_options[] = {
    {"policy", OPTION_TEXT, false, "POLICY",
     N_("a file, book, or the first digits of a digest; else what the book has in force that day"),
     true},
    {"on", OPTION_DATE, false, "YYYY-MM-DD", N_("as it stands on this day; else the open day"),
     false},
};
static const struct option diff_options[] = {
    {"before", OPTION_TEXT, true, "POLICY",
     N_("a file, book (what is in force there), or the first digits of a digest"), true},
    {"after", OPTION_TEXT, true, "POLICY", N_("likewise"), true},
};
static const struct option activate_options[] = {
    {"file", OPTION_FILE, true, "FILE", N_("the policy"), true},
    {"from", OPTION_DATE, false, "YYYY-MM-DD", N_("its first day; else the day after the open day"),
     false},
    {"tests", OPTION_FILE, false, "FILE", N_("its tests; else FILE.tests.yaml beside it"), false},
    {"with", OPTION_TEXT, true, "CODE,CODE", N_("further admins who sign; at least one"), false},
};
static const struct option simulate_options[] = {
    {"policy", OPTION_FILE, true, "FILE", N_("the policy"), true},
    {"from", OPTION_DATE, false, "YYYY-MM-DD",
     N_("first day of the period; else 1 January of its last year, or the book's first day"),
     false},
    {"to", OPTION_DATE, false, "YYYY-MM-DD", N_("its last day; else the last closed day"), false},
    {"rows-of", OPTION_DATE, false, "YYYY-MM-DD",
     N_("take the rows that hold on this day for the whole period"), false},
};

/* --- a policy by its name on the command line ------------------------------------------------- */

/* A policy read from a file is the desk's own; one of the book lives as long as the book. */
struct policy_desk {
    struct office office;
    bool open;
    struct policy *read[2];
    size_t count;
};

static void policy_desk_release(struct policy_desk *desk)
{
    for (size_t i = 0; i < desk->count; i++) {
        policy_free(desk->read[i]);
    }
    office_release(&desk->office);
}
#define AUTO_POLICY_DESK AUTO(policy_desk_release) struct policy_desk

static bool is_digest(const char *text)
{
    size_t length = strlen(text);
    return length >= POLICY_PREFIX_MIN && length < SHA256_HEX_SIZE &&
           strspn(text, "0123456789abcdef") == length;
}

static bool need_book(const struct invocation *invocation, struct policy_desk *desk,
                      struct error *err)
{
    desk->open = desk->open || desk_open(invocation, &desk->office, err);
    return desk->open;
}

static bool load_file(const char *path, struct policy **ret, struct error *err)
{
    AUTO_BUFFER bytes;

    buffer_init(&bytes, POLICY_BYTES_MAX);
    return policy_file_read(path, &bytes, err) &&
           policy_load(path, bytes.data, bytes.length, ret, err);
}

/* `on`: the day whose policy is meant by "book"; NULL: the open day. */
static bool find_policy(const struct invocation *invocation, struct policy_desk *desk,
                        const char *name, const struct date *on, const struct policy **ret,
                        struct error *err)
{
    if (text_equal(name, "book")) {
        return need_book(invocation, desk, err) &&
               policy_in_force(desk->office.policies, desk->office.store,
                               on == NULL ? desk->office.day : *on, ret, err);
    }
    if (is_digest(name)) {
        return need_book(invocation, desk, err) &&
               policy_with_prefix(&desk->office, name, ret, err);
    }
    struct policy **read = &desk->read[desk->count];
    if (!load_file(name, read, err)) {
        return false;
    }
    desk->count++;
    *ret = *read;
    return true;
}

/* --- check and test --------------------------------------------------------------------------- */

static void add_identity(struct result *result, const struct policy *policy)
{
    struct sha256 digest = policy_digest(policy);
    char hex[SHA256_HEX_SIZE];

    result_text(result, "policy", _("policy"), policy_name(policy));
    result_text(result, "title", _("title"), policy_title(policy, text_language_is_chinese()));
    result_text(result, "digest", _("digest"), hex_format(digest.byte, SHA256_SIZE, hex));
}

static bool run_check(const struct invocation *invocation, struct error *err)
{
    AUTO_POLICY_DESK desk = {0};
    struct result result;

    if (!load_file(invocation_value(invocation, "file")->text, &desk.read[0], err)) {
        return false;
    }
    desk.count = 1;
    result_init(&result, invocation->arena);
    add_identity(&result, desk.read[0]);
    result_text(&result, "check", _("check"), _("the file is in order"));
    return output_result(invocation, &result, err);
}

static const char *tests_path(const struct invocation *invocation)
{
    const struct option_value *tests = invocation_value(invocation, "tests");
    return tests->given
               ? tests->text
               : policy_tests_path(invocation->arena, invocation_value(invocation, "file")->text);
}

static bool run_tests(const struct invocation *invocation, const struct policy *policy,
                      struct test_report *ret, struct error *err)
{
    const struct policy_tests *tests = NULL;
    const char *path = tests_path(invocation);
    AUTO_BUFFER bytes;

    buffer_init(&bytes, POLICY_BYTES_MAX);
    if (!policy_file_read(path, &bytes, err) ||
        !policy_tests_load(invocation->arena, path, bytes.data, bytes.length, policy, &tests,
                           err)) {
        return false;
    }
    policy_tests_run(tests, invocation->arena, ret);
    return true;
}

static bool run_test(const struct invocation *invocation, struct error *err)
{
    AUTO_POLICY_DESK desk = {0};
    struct test_report report;
    struct result result;
    struct table failures;
    struct table gaps;

    if (!load_file(invocation_value(invocation, "file")->text, &desk.read[0], err)) {
        return false;
    }
    desk.count = 1;
    if (!run_tests(invocation, desk.read[0], &report, err)) {
        return false;
    }
    result_init(&result, invocation->arena);
    add_identity(&result, desk.read[0]);
    result_int(&result, "tests", _("tests"), (int64_t)report.cases);
    result_int(&result, "failed", _("failed"), (int64_t)report.failures);
    result_int(&result, "coverage_points", _("points of coverage"), (int64_t)report.points);
    result_int(&result, "coverage_seen", _("of them seen"), (int64_t)(report.points - report.gaps));
    policy_failures_table(&report, invocation->arena, &failures);
    policy_gaps_table(&report, invocation->arena, &gaps);
    /* Programs find both tables always, people those that say something. */
    if (report.failures > 0 || invocation->globals->format == FORMAT_JSON) {
        result_table(&result, "failures", &failures);
    }
    if (report.gaps > 0 || invocation->globals->format == FORMAT_JSON) {
        result_table(&result, "gaps", &gaps);
    }
    if (!output_result(invocation, &result, err)) {
        return false;
    }
    return report.failures == 0 ||
           error_set(err, FAULT_REFUSED, "policy.tests-failed",
                     _("%zu of %zu tests of the policy fail"), report.failures, report.cases);
}

/* --- show, list, diff ------------------------------------------------------------------------- */

/* The day to show it for: asked for, or open, or for a file without a book the first on which all
 * of it is in force. */
static struct date shown_day(const struct invocation *invocation, const struct policy_desk *desk,
                             const struct policy *policy)
{
    const struct option_value *on = invocation_value(invocation, "on");
    struct date day = policy_row(policy, (enum parameter)0, 0).from;

    if (on->given || desk->open) {
        return on->given ? on->date : desk->office.day;
    }
    for (size_t i = 0; i < PARAMETER_COUNT; i++) {
        day = date_max(day, policy_row(policy, (enum parameter)i, 0).from);
    }
    return day;
}

static bool run_show(const struct invocation *invocation, struct error *err)
{
    const struct option_value *named = invocation_value(invocation, "policy");
    const struct option_value *on = invocation_value(invocation, "on");
    AUTO_POLICY_DESK desk = {0};
    AUTO_BUFFER text;
    const struct policy *policy = NULL;

    buffer_init(&text, OUTPUT_TEXT_MAX);
    if (!find_policy(invocation, &desk, named->given ? named->text : "book",
                     on->given ? &on->date : NULL, &policy, err)) {
        return false;
    }
    struct date day = shown_day(invocation, &desk, policy);
    if (invocation->globals->format == FORMAT_TEXT) {
        policy_describe(policy, day, invocation->arena, &text);
        return output_text(invocation, text.data, text.length, err);
    }
    struct policy_outline outline;
    struct result result;
    struct table values;
    struct table conditions;
    struct table steps;
    result_init(&result, invocation->arena);
    add_identity(&result, policy);
    result_date(&result, "on", _("as it stands on"), day);
    policy_outline(policy, day, invocation->arena, &outline);
    policy_values_table(&outline, invocation->arena, &values);
    policy_conditions_table(&outline, invocation->arena, &conditions);
    policy_steps_table(policy, day, invocation->arena, &steps);
    result_table(&result, "values", &values);
    result_table(&result, "conditions", &conditions);
    result_table(&result, "loss", &steps);
    return output_result(invocation, &result, err);
}

static bool run_list(const struct invocation *invocation, struct error *err)
{
    return desk_list(invocation, list_policies, err);
}

static bool run_diff(const struct invocation *invocation, struct error *err)
{
    AUTO_POLICY_DESK desk = {0};
    const struct policy *before = NULL;
    const struct policy *after = NULL;
    struct policy_changes changes;
    struct table table;

    if (!find_policy(invocation, &desk, invocation_value(invocation, "before")->text, NULL, &before,
                     err) ||
        !find_policy(invocation, &desk, invocation_value(invocation, "after")->text, NULL, &after,
                     err)) {
        return false;
    }
    policy_diff(before, after, invocation->arena, &changes);
    if (invocation->globals->format == FORMAT_TEXT) {
        AUTO_BUFFER text;
        buffer_init(&text, OUTPUT_TEXT_MAX);
        for (size_t i = 0; i < changes.count; i++) {
            buffer_printf(&text, "%s: %s\n", policy_section_title(changes.row[i].section),
                          changes.row[i].words);
        }
        if (changes.count == 0) {
            buffer_printf(&text, "%s\n", _("no difference"));
        }
        return output_text(invocation, text.data, text.length, err);
    }
    policy_changes_table(&changes, invocation->arena, &table);
    return output_table(invocation, &table, err);
}

/* --- simulate --------------------------------------------------------------------------------- */

static bool run_simulate(const struct invocation *invocation, struct error *err)
{
    const struct option_value *from = invocation_value(invocation, "from");
    const struct option_value *to = invocation_value(invocation, "to");
    const struct option_value *rows_of = invocation_value(invocation, "rows-of");
    AUTO_POLICY_DESK desk = {0};
    struct simulation simulation;
    struct table table;

    if (!load_file(invocation_value(invocation, "policy")->text, &desk.read[0], err)) {
        return false;
    }
    desk.count = 1;
    struct simulation_request request = {.policy = desk.read[0],
                                         .has_from = from->given,
                                         .has_to = to->given,
                                         .has_rows_of = rows_of->given,
                                         .from = from->date,
                                         .to = to->date,
                                         .rows_of = rows_of->date};
    if (!need_book(invocation, &desk, err) ||
        !policy_simulate(&desk.office, &request, invocation->arena, &simulation, err)) {
        return false;
    }
    simulation_table(&simulation, invocation->arena, &table);
    return output_table(invocation, &table, err) && office_close(&desk.office, err);
}

/* --- activate --------------------------------------------------------------------------------- */

static bool run_activate(const struct invocation *invocation, struct error *err)
{
    const struct option_value *from = invocation_value(invocation, "from");
    const char *path = invocation_value(invocation, "file")->text;
    const char *beside = tests_path(invocation);
    AUTO_OFFICE office = {0};
    AUTO_BUFFER policy;
    AUTO_BUFFER tests;
    struct act_options options;
    struct act_result act_result;
    struct result result;

    buffer_init(&policy, POLICY_BYTES_MAX);
    buffer_init(&tests, POLICY_BYTES_MAX);
    if (!policy_file_read(path, &policy, err) || !policy_file_read(beside, &tests, err) ||
        !desk_open(invocation, &office, err)) {
        return false;
    }
    struct policy_activation activation = {.policy = {path, policy.data, policy.length},
                                           .tests = {beside, tests.data, tests.length},
                                           .has_from = from->given,
                                           .from = from->date};
    desk_options(invocation, &options);
    if (!policy_activate(&office, &options, &activation, &act_result, err)) {
        return false;
    }
    desk_result(invocation, &office, &options, &act_result, &result);
    struct date first = office.day;
    int64_t passed = 0;
    result_text(&result, "policy", _("policy"), canon_get_text(act_result.body, "name"));
    result_text(&result, "digest", _("digest"), canon_get_text(act_result.body, "sha256"));
    if (canon_get_date(act_result.body, "from", &first)) {
        result_date(&result, "from", _("in force from"), first);
    }
    if (canon_get_int(act_result.body, "tests_passed", &passed)) {
        result_int(&result, "tests_passed", _("tests passed"), passed);
    }
    return output_result(invocation, &result, err) && office_close(&office, err);
}

const struct command policy_commands[] = {
    {.noun = "policy",
     .verb = "check",
     .run = run_check,
     .needs = NEEDS_NOTHING,
     .summary = N_("read a policy file as strictly as the program does, and say what is wrong"),
     .option = check_options,
     .options = COUNT_OF(check_options),
     .example = "yicang policy check county.yaml"},
    {.noun = "policy",
     .verb = "test",
     .run = run_test,
     .needs = NEEDS_NOTHING,
     .summary = N_("run the tests of a policy and say what they have not seen"),
     .option = test_options,
     .options = COUNT_OF(test_options),
     .example = "yicang policy test county.yaml"},
    {.noun = "policy",
     .verb = "show",
     .run = run_show,
     .needs = NEEDS_BOOK,
     .summary = N_("say in words what a policy holds on a day, with its clauses"),
     .option = show_options,
     .options = COUNT_OF(show_options),
     .example = "yicang policy show --on 2024-01-01"},
    {.noun = "policy",
     .verb = "list",
     .run = run_list,
     .needs = NEEDS_BOOK | SHOWS_TABLE,
     .summary = N_("list the versions of the policy with their digests and first days"),
     .example = "yicang policy list"},
    {.noun = "policy",
     .verb = "diff",
     .run = run_diff,
     .needs = NEEDS_BOOK | SHOWS_TABLE,
     .summary = N_("say in words what differs between two policies"),
     .option = diff_options,
     .options = COUNT_OF(diff_options),
     .example = "yicang policy diff book county.yaml"},
    {.noun = "policy",
     .verb = "simulate",
     .run = run_simulate,
     .needs = NEEDS_BOOK | SHOWS_TABLE,
     .summary = N_("say what another policy would have made of the book, and store nothing"),
     .option = simulate_options,
     .options = COUNT_OF(simulate_options),
     .example = "yicang policy simulate county.yaml --from 2017-01-01 --to 2017-12-31"
                " --format xlsx --out what-if.xlsx"},
    {.noun = "policy",
     .verb = "activate",
     .run = run_activate,
     .needs = NEEDS_BOOK | WRITES,
     .summary = N_("let a tested policy begin, signed by two people"),
     .option = activate_options,
     .options = COUNT_OF(activate_options),
     .example = "yicang policy activate county.yaml --as chen.admin --with he.admin"},
    {.verb = NULL},
};
