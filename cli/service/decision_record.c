#include "cli/service/decision_record.h"

#include "cli/service/use_case.h"
#include "ledger/base/text.h"

#include <string.h>

/* --- written ---------------------------------------------------------------------------------- */

void facts_add_record(struct canon *record, enum fact_name name, struct value value)
{
    char text[VALUE_TEXT_SIZE];
    canon_set_text(record, fact_symbol(name).name, value_format(value, text));
}

/* What was read, as the policy writes it: {"amount": "30000 yuan"}. */
static struct canon *facts_record(struct arena *arena, const struct decision *decision)
{
    struct canon *record = canon_object(arena);
    for (size_t i = 0; i < decision->fact_count; i++) {
        facts_add_record(record, decision->facts[i].name, decision->facts[i].value);
    }
    return record;
}

/* {"household_limit": {"from": "2016-01-01", "value": "50000 yuan"}}; for a table its date alone.
 * The clause stands in the policy, under that name and date. */
static struct canon *parameters_record(struct arena *arena, const struct decision *decision)
{
    struct canon *record = canon_object(arena);
    for (size_t i = 0; i < decision->parameter_count; i++) {
        const struct used_parameter *used = &decision->parameters[i];
        struct canon *one = canon_object(arena);
        canon_set_date(one, "from", used->from);
        canon_set_text(one, "value", used->written);
        canon_set(record, parameter_name(used->parameter), one);
    }
    for (size_t i = 0; i < decision->table_count; i++) {
        struct canon *one = canon_object(arena);
        canon_set_date(one, "from", decision->tables[i].from);
        canon_set(record, decision->tables[i].name, one);
    }
    return record;
}

static struct canon *conditions_record(struct arena *arena, const struct decision *decision)
{
    struct canon *record = canon_array(arena);
    for (size_t i = 0; i < decision->condition_count; i++) {
        const struct decided_condition *condition = &decision->conditions[i];
        struct canon *one = canon_object(arena);
        canon_set_text(one, "id", condition->id);
        canon_set_text(one, "outcome",
                       condition->asked ? outcome_name(condition->outcome) : "not-asked");
        canon_add(record, one);
    }
    return record;
}

/* The days that governed, where they are not the day of the event itself. */
static struct canon *days_record(struct arena *arena, const struct decision *decision)
{
    struct canon *record = canon_object(arena);
    for (size_t i = 0; i < GOVERNING_DATE_COUNT; i++) {
        struct date day = decision->days.of[i];
        if (date_compare(day, decision->on) != 0) {
            canon_set_date(record, governing_date_name((enum governing_date)i), day);
        }
    }
    return record;
}

static void set_if_any(struct canon *record, const char *name, struct canon *member)
{
    if (canon_count(member) > 0) {
        canon_set(record, name, member);
    }
}

struct canon *decision_record(struct arena *arena, const struct decision *decision)
{
    struct canon *record = canon_object(arena);

    canon_set_text(record, "point", decision_point_name(decision->point));
    canon_set_text(record, "outcome", outcome_name(decision->outcome));
    canon_set_sha256(record, "policy", &decision->policy);
    if (decision->point == DECISION_CLASSIFICATION) {
        canon_set_text(record, "class", fact_word_list("loan_class")->words[decision->class]);
    }
    set_if_any(record, "days", days_record(arena, decision));
    set_if_any(record, "conditions", conditions_record(arena, decision));
    set_if_any(record, "facts", facts_record(arena, decision));
    set_if_any(record, "parameters", parameters_record(arena, decision));
    return record;
}

struct canon *decision_record_unanswered(struct arena *arena, const struct decision *decision,
                                         const struct case_facts *facts,
                                         const struct policy_question *question, const char *reason)
{
    struct canon *record = decision_record(arena, decision);
    struct canon *known = canon_object(arena);

    for (size_t i = 0; i < FACT_COUNT; i++) {
        if (question->reads[i] && facts->of[i].known) {
            facts_add_record(known, (enum fact_name)i, facts->of[i].value);
        }
    }
    set_if_any(record, "facts", known);
    canon_set_text(record, "unanswered", reason);
    return record;
}

/* --- read again ------------------------------------------------------------------------------- */

bool facts_read_record(const struct canon *record, struct case_facts *ret)
{
    for (size_t i = 0; record != NULL && i < canon_count(record); i++) {
        const char *text = canon_as_text(canon_at(record, i));
        enum fact_name name;
        if (text == NULL || !fact_find(canon_key_at(record, i), &name) ||
            !case_set_written(ret, name, text)) {
            return false;
        }
    }
    return true;
}

bool days_read_record(const struct canon *record, struct date on, struct governing_days *ret)
{
    for (size_t i = 0; i < GOVERNING_DATE_COUNT; i++) {
        const char *name = governing_date_name((enum governing_date)i);
        ret->of[i] = on;
        if (record != NULL && canon_get(record, name) != NULL &&
            !canon_get_date(record, name, &ret->of[i])) {
            return false;
        }
    }
    return true;
}

bool decision_point_read(const struct canon *record, struct date on, enum decision_point *ret,
                         struct governing_days *ret_days, struct error *err)
{
    return (decision_point_find(canon_get_text(record, "point"), ret) &&
            canon_get_text(record, "outcome") != NULL &&
            days_read_record(canon_get(record, "days"), on, ret_days)) ||
           event_malformed("decision", err);
}

bool decision_question_read(const struct canon *record, struct date on,
                            struct decision_question *ret, struct error *err)
{
    *ret = (struct decision_question){0};
    return decision_point_read(record, on, &ret->point, &ret->days, err) &&
           ((canon_get_sha256(record, "policy", &ret->policy) &&
             facts_read_record(canon_get(record, "facts"), &ret->facts)) ||
            event_malformed("decision", err));
}

bool records_are_equal(const struct canon *a, const struct canon *b)
{
    struct error ignored = {0};
    AUTO_BUFFER left;
    AUTO_BUFFER right;

    buffer_init(&left, CANON_LINE_MAX);
    buffer_init(&right, CANON_LINE_MAX);
    return canon_write(a, CANON_LINE_MAX, &left, &ignored) &&
           canon_write(b, CANON_LINE_MAX, &right, &ignored) && left.length == right.length &&
           memcmp(left.data, right.data, left.length) == 0;
}
