/* waterfall_text.c - the steps of a loss and of a recovery in words. */
#include "rules/waterfall_model.h"

#include "ledger/base/text.h"
#include "rules/scalar.h"

#include <inttypes.h>

static const char *title(const struct waterfall_reader *reader, size_t payer, bool chinese)
{
    const struct payer_facts *facts = &reader->payers->of[payer];
    return chinese ? facts->title_zh : facts->name;
}

static const char *base_text(const struct waterfall_reader *reader, const struct loss_step *step,
                             bool chinese)
{
    switch (step->base) {
    case LOSS_BASE_LOSS:
        return chinese ? "损失" : "loss";
    case LOSS_BASE_REST:
        return chinese ? "余下部分" : "rest";
    case LOSS_BASE_PAYER:
        break;
    }
    return arena_printf(reader->arena, chinese ? "%s所承担部分" : "what %s bears",
                        title(reader, step->of_payer, chinese));
}

static const char *rounding_text(enum rounding rounding, bool chinese)
{
    switch (rounding) {
    case ROUND_HALF_UP:
        return chinese ? "，四舍五入" : ", rounded half up";
    case ROUND_HALF_EVEN:
        return chinese ? "，四舍六入五成双" : ", rounded half even";
    case ROUND_DOWN:
    case ROUND_EXACT:
        break;
    }
    return "";
}

/* An amount with its unit in the language; an expression as the policy writes it. */
static const char *amount_text(struct arena *arena, const struct money_rule *rule, bool chinese)
{
    struct value amount;
    struct error not_an_amount = {0};
    char told[VALUE_TEXT_SIZE];

    return chinese && scalar_parse(rule->written, VALUE_MONEY, &amount, &not_an_amount)
               ? arena_text(arena, value_tell(amount, true, told))
               : rule->written;
}

static const char *add_amount(struct arena *arena, const char *text, const char *what,
                              const struct money_rule *rule, bool chinese)
{
    return rule->expression == NULL
               ? text
               : arena_printf(arena, "%s%s%s", text, what, amount_text(arena, rule, chinese));
}

static const char *add_caps(struct arena *arena, const char *text, const struct loss_step *step,
                            bool chinese)
{
    for (size_t i = 0; i < step->cap_count; i++) {
        if (text_equal(step->at_most[i].written, "free balance")) {
            text = arena_printf(arena, "%s%s", text,
                                chinese ? "，以可用余额为限" : ", at most its free balance");
        } else {
            text = add_amount(arena, text, chinese ? "，最高 " : ", at most ", &step->at_most[i],
                              chinese);
        }
    }
    if (step->excess_to_rest) {
        text =
            arena_printf(arena, "%s%s", text,
                         chinese ? "，超出部分由其后各步分担" : ", what exceeds to the next steps");
    }
    return text;
}

static const char *add_payment(const struct waterfall_reader *reader, const char *text,
                               const struct loss_step *step, bool chinese)
{
    for (size_t i = 0; i < step->instalment_count; i++) {
        const struct instalment *one = &step->instalments[i];
        char share[RATE_TEXT_SIZE];
        text = arena_printf(reader->arena,
                            chinese ? "%s，%s%% 于 %" PRId64 " 日内支付"
                                    : "%s, %s%% within %" PRId64 " days",
                            text, rate_format(one->share, share), one->within);
    }
    if (step->is_advanced) {
        text = arena_printf(reader->arena, chinese ? "%s，由%s垫付" : "%s, advanced by %s", text,
                            title(reader, step->advanced_by, chinese));
    }
    if (step->refund_within >= 0) {
        text = arena_printf(reader->arena,
                            chinese ? "%s，%" PRId64 " 日内归还"
                                    : "%s and refunded within %" PRId64 " days",
                            text, step->refund_within);
    }
    return text;
}

static const char *loss_sentence(const struct waterfall_reader *reader,
                                 const struct loss_step *step, bool chinese)
{
    char share[RATE_TEXT_SIZE];
    struct arena *arena = reader->arena;
    const char *who = title(reader, step->payer, chinese);
    const char *base = base_text(reader, step, chinese);
    rate_format(step->share, share);
    const char *text = chinese ? arena_printf(arena, "%s承担%s的%s%%", who, base, share)
                               : arena_printf(arena, "%s %s%% of %s", who, share, base);
    text = add_amount(arena, text, chinese ? "，免赔额 " : ", above a deductible of ",
                      &step->deductible, chinese);
    text = add_amount(arena, text, chinese ? "，最低 " : ", at least ", &step->at_least, chinese);
    text = add_caps(arena, text, step, chinese);
    text = arena_printf(arena, "%s%s", text, rounding_text(step->rounding, chinese));
    return add_payment(reader, text, step, chinese);
}

static void begin(const struct waterfall_reader *reader, struct sentences *sentences, size_t count)
{
    sentences->count = count;
    for (size_t i = 0; i < 2; i++) {
        sentences->of[i] = arena_alloc_array(reader->arena, count, sizeof(char *));
    }
}

static const char *remainder_sentence(const struct waterfall_reader *reader, size_t payer,
                                      const char *verb, bool chinese)
{
    return chinese ? arena_printf(reader->arena, "%s%s其余部分", title(reader, payer, true), verb)
                   : arena_printf(reader->arena, "%s the remainder", title(reader, payer, false));
}

void loss_rule_explain(const struct waterfall_reader *reader, struct loss_rule *rule)
{
    size_t first = rule->amount.expression == NULL ? 0 : 1;
    begin(reader, &rule->sentences, first + rule->count + 1);
    for (size_t language = 0; language < 2; language++) {
        bool chinese = language == 1;
        const char **sentence = rule->sentences.of[language];
        if (first == 1) {
            sentence[0] = arena_printf(reader->arena, chinese ? "损失为 %s" : "the loss is %s",
                                       amount_text(reader->arena, &rule->amount, chinese));
        }
        for (size_t i = 0; i < rule->count; i++) {
            sentence[first + i] = loss_sentence(reader, &rule->steps[i], chinese);
        }
        sentence[first + rule->count] =
            remainder_sentence(reader, rule->remainder, "承担", chinese);
    }
}

static const char *recovery_sentence(const struct waterfall_reader *reader,
                                     const struct recovery_step *step, bool chinese)
{
    char share[RATE_TEXT_SIZE];
    const char *who = title(reader, step->payer, chinese);
    const char *rounding = rounding_text(step->rounding, chinese);
    rate_format(step->share, share);
    return chinese
               ? arena_printf(reader->arena, "%s收回%s的%s%%，以其承担额为限%s", who,
                              step->of_rest ? "余下部分" : "追偿款", share, rounding)
               : arena_printf(reader->arena, "%s %s%% of %s, at most what it bore%s", who, share,
                              step->of_rest ? "the rest" : "what is recovered", rounding);
}

void recovery_rule_explain(const struct waterfall_reader *reader, struct recovery_rule *rule)
{
    size_t count = rule->by_what_each_bore ? 1 : rule->count;
    begin(reader, &rule->sentences, count + 1);
    for (size_t language = 0; language < 2; language++) {
        bool chinese = language == 1;
        const char **sentence = rule->sentences.of[language];
        for (size_t i = 0; i < rule->count; i++) {
            sentence[i] = recovery_sentence(reader, &rule->steps[i], chinese);
        }
        if (rule->by_what_each_bore) {
            sentence[0] = chinese ? "按各方承担额分配" : "by what each bore";
        }
        sentence[count] = remainder_sentence(reader, rule->remainder, "收回", chinese);
    }
}
