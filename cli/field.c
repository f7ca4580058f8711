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

static const struct field fields[] = {
    {"amount", N_("amount"), CELL_MONEY, NULL},
    {"bank", N_("borne by the bank"), CELL_MONEY, NULL},
    {"base", N_("outstanding balance it is taken of"), CELL_MONEY, NULL},
    {"claim", N_("claim"), CELL_INT, NULL},
    {"covered", N_("covered principal"), CELL_MONEY, NULL},
    {"days_overdue", N_("days overdue"), CELL_INT, NULL},
    {"due", N_("due"), CELL_TEXT, NULL},
    {"from", N_("paid by"), CELL_WORD, word_of_payer},
    {"finding", N_("what was found"), CELL_WORD, word_of_finding},
    {"fund", N_("borne by the fund"), CELL_MONEY, NULL},
    {"household", N_("household"), CELL_INT, NULL},
    {"inspection", N_("inspection"), CELL_INT, NULL},
    {"insurer", N_("borne by the insurer"), CELL_MONEY, NULL},
    {"interest", N_("interest"), CELL_MONEY, NULL},
    {"loan", N_("loan"), CELL_INT, NULL},
    {"loans", N_("loans with something due"), CELL_INT, NULL},
    {"loss", N_("loss"), CELL_MONEY, NULL},
    {"new_time", N_("new time"), CELL_TEXT, NULL},
    {"next_day", N_("next day on which something is due"), CELL_TEXT, NULL},
    {"no", N_("no."), CELL_INT, NULL},
    {"note", N_("note"), CELL_TEXT, NULL},
    {"notice", N_("notice"), CELL_INT, NULL},
    {"number", N_("number of the notice"), CELL_TEXT, NULL},
    {"old_time", N_("old time"), CELL_TEXT, NULL},
    {"on", N_("done on"), CELL_TEXT, NULL},
    {"over", N_("overpaid"), CELL_MONEY, NULL},
    {"overdue_since", N_("overdue since"), CELL_TEXT, NULL},
    {"payment", N_("payment"), CELL_INT, NULL},
    {"penalty", N_("penalty"), CELL_MONEY, NULL},
    {"policy", N_("policy"), CELL_TEXT, NULL},
    {"principal", N_("principal"), CELL_MONEY, NULL},
    {"recovery", N_("recovery"), CELL_INT, NULL},
    {"repayment", N_("repayment"), CELL_INT, NULL},
    {"settle_day", N_("interest is settled on day"), CELL_INT, NULL},
    {"start", N_("start"), CELL_TEXT, NULL},
    {"status", N_("status"), CELL_WORD, word_of_loan_status},
    {"subject", N_("pseudonym in the log"), CELL_TEXT, NULL},
    {"transfer", N_("transfer"), CELL_INT, NULL},
    {"to", N_("paid to"), CELL_WORD, word_of_payer},
    {"undone", N_("undone is event"), CELL_INT, NULL},
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

void field_show(struct result *result, const char *key, const struct canon *member)
{
    const char *text = canon_as_text(member);
    size_t length = strlen(key);
    int64_t number = 0;
    struct error ignored;

    if (text == NULL) {
        return;
    }
    bool is_number = text_parse_int(text, INT64_MIN, INT64_MAX, &number, &ignored);
    bool is_money = is_number && length > 4 && text_equal(key + length - 4, "_fen");
    const char *name = arena_text_n(result->arena, key, is_money ? length - 4 : length);
    const struct field *field = field_find(name);
    const char *title = field == NULL ? name : _(field->title);
    if (is_money) {
        result_money(result, name, title, money_from_fen(number));
    } else if (is_number && field != NULL && field->kind == CELL_INT) {
        result_int(result, name, title, number);
    } else if (field != NULL && field->kind == CELL_WORD) {
        result_word(result, name, title, field->word, text);
    } else {
        result_text(result, name, title, text);
    }
}
