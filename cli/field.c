#include "cli/field.h"

#include "ledger/base/text.h"
#include "reports/words.h"

#include <string.h>

struct field {
    const char *key; /* of the event, without _fen */
    const char *title;
    enum cell_kind kind;
    word_function word; /* CELL_WORD */
};

/* In the order in which people read them: what it is about, what was found, how it stands, when,
 * how much. */
static const struct field fields[] = {
    {"household", N_("household"), CELL_INT, NULL},
    {"subject", N_("pseudonym in the log"), CELL_TEXT, NULL},
    {"loan", N_("loan"), CELL_INT, NULL},
    {"claim", N_("claim"), CELL_INT, NULL},
    {"recovery", N_("recovery"), CELL_INT, NULL},
    {"repayment", N_("repayment"), CELL_INT, NULL},
    {"payment", N_("payment"), CELL_INT, NULL},
    {"transfer", N_("transfer"), CELL_INT, NULL},
    {"inspection", N_("inspection"), CELL_INT, NULL},
    {"notice", N_("notice"), CELL_INT, NULL},
    {"number", N_("number of the notice"), CELL_TEXT, NULL},
    {"no", N_("no."), CELL_INT, NULL},
    {"undone", N_("undone is event"), CELL_INT, NULL},
    {"on", N_("done on"), CELL_TEXT, NULL},
    {"finding", N_("what was found"), CELL_WORD, word_of_finding},
    {"note", N_("note"), CELL_TEXT, NULL},
    {"status", N_("status"), CELL_WORD, word_of_loan_status},
    {"loans", N_("loans with something due"), CELL_INT, NULL},
    {"start", N_("start"), CELL_TEXT, NULL},
    {"due", N_("due"), CELL_TEXT, NULL},
    {"settle_day", N_("interest is settled on day"), CELL_INT, NULL},
    {"next_day", N_("next day on which something is due"), CELL_TEXT, NULL},
    {"overdue_since", N_("overdue since"), CELL_TEXT, NULL},
    {"days_overdue", N_("days overdue"), CELL_INT, NULL},
    {"old_time", N_("old time"), CELL_TEXT, NULL},
    {"new_time", N_("new time"), CELL_TEXT, NULL},
    {"from", N_("paid by"), CELL_WORD, word_of_payer},
    {"to", N_("paid to"), CELL_WORD, word_of_payer},
    {"decided_by", N_("decided by"), CELL_TEXT, NULL},
    {"amount", N_("amount"), CELL_MONEY, NULL},
    {"base", N_("outstanding balance it is taken of"), CELL_MONEY, NULL},
    {"principal", N_("principal"), CELL_MONEY, NULL},
    {"interest", N_("interest"), CELL_MONEY, NULL},
    {"penalty", N_("penalty"), CELL_MONEY, NULL},
    {"over", N_("overpaid"), CELL_MONEY, NULL},
    {"covered", N_("covered principal"), CELL_MONEY, NULL},
    {"loss", N_("loss"), CELL_MONEY, NULL},
    {"insurer", N_("borne by the insurer"), CELL_MONEY, NULL},
    {"fund", N_("borne by the fund"), CELL_MONEY, NULL},
    {"bank", N_("borne by the bank"), CELL_MONEY, NULL},
    {"policy", N_("policy"), CELL_TEXT, NULL},
};

/* What one noun calls by another name than the others. */
static const struct own_title {
    const char *noun;
    const char *key;
    const char *title;
} own_titles[] = {
    {"premium", "claim", N_("premium claim")},
    {"subsidy", "claim", N_("subsidy claim")},
};

static const struct field *field_find(const char *key)
{
    for (size_t i = 0; i < COUNT_OF(fields); i++) {
        if (text_equal(fields[i].key, key)) {
            return &fields[i];
        }
    }
    return NULL;
}

static const char *title_of(const char *noun, const char *key)
{
    for (size_t i = 0; noun != NULL && i < COUNT_OF(own_titles); i++) {
        if (text_equal(own_titles[i].noun, noun) && text_equal(own_titles[i].key, key)) {
            return _(own_titles[i].title);
        }
    }
    const struct field *field = field_find(key);
    return field == NULL ? key : _(field->title);
}

/* The name of a member without _fen, as the table has it. */
static const char *name_of(struct arena *arena, const char *key, bool *ret_is_money)
{
    size_t length = strlen(key);
    *ret_is_money = length > 4 && text_equal(key + length - 4, "_fen");
    return arena_text_n(arena, key, *ret_is_money ? length - 4 : length);
}

static void show(struct result *result, const char *noun, const char *key,
                 const struct canon *member)
{
    const char *text = canon_as_text(member);
    int64_t number = 0;
    struct error ignored;
    bool is_money = false;
    const char *name = name_of(result->arena, key, &is_money);
    const struct field *field = field_find(name);
    const char *title = title_of(noun, name);

    if (text == NULL) {
        return;
    }
    bool is_number = text_parse_int(text, INT64_MIN, INT64_MAX, &number, &ignored);
    if (is_number && is_money) {
        result_money(result, name, title, money_from_fen(number));
    } else if (is_number && field != NULL && field->kind == CELL_INT) {
        result_int(result, name, title, number);
    } else if (field != NULL && field->kind == CELL_WORD) {
        result_word(result, name, title, field->word, text);
    } else {
        result_text(result, name, title, text);
    }
}

/* Where a member stands in the table; behind it if it is not there. */
static size_t place_of(struct arena *arena, const char *key)
{
    bool is_money = false;
    const struct field *field = field_find(name_of(arena, key, &is_money));
    return field == NULL ? COUNT_OF(fields) : (size_t)(field - fields);
}

void fields_show(struct result *result, const char *noun, const struct canon *out)
{
    for (size_t place = 0; place <= COUNT_OF(fields); place++) {
        for (size_t i = 0; i < canon_count(out); i++) {
            const char *key = canon_key_at(out, i);
            if (place_of(result->arena, key) == place) {
                show(result, noun, key, canon_at(out, i));
            }
        }
    }
}
