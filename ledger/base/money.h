/* money.h - amounts in fen (1/100 yuan). Layer: base (no SQL, no I/O, no clock).
 *
 * Arithmetic returns false when the result does not fit; *ret is then untouched. An amount that
 * came through a door (option, file, column) lies within +-MONEY_LIMIT_FEN. */
#ifndef YICANG_BASE_MONEY_H
#define YICANG_BASE_MONEY_H

#include "ledger/base/attributes.h"
#include "ledger/base/error.h"
#include "ledger/base/rate.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define MONEY_LIMIT_FEN INT64_C(1000000000000000) /* 10^15 fen = 10^13 yuan */

/* The field is read and written in money.c only; elsewhere money_from_fen() and money_fen() mark
 * the places (columns, bytes of the log) where an amount enters or leaves. */
struct money {
    int64_t fen;
};

/* How a quotient becomes a whole number of fen. Ties and signs: HALF_UP rounds a tie away from
 * zero, HALF_EVEN to the even neighbour, DOWN towards zero; EXACT refuses any rest. */
enum rounding { ROUND_EXACT, ROUND_DOWN, ROUND_HALF_UP, ROUND_HALF_EVEN };

static inline struct money money_from_fen(int64_t fen)
{
    return (struct money){fen};
}
static inline int64_t money_fen(struct money amount)
{
    return amount.fen;
}
#define MONEY_ZERO ((struct money){0})

MUST_CHECK bool money_add(struct money a, struct money b, struct money *ret);
MUST_CHECK bool money_sub(struct money a, struct money b, struct money *ret);
struct money money_negate(struct money a);         /* a is not INT64_MIN: no door lets that in */
int money_compare(struct money a, struct money b); /* -1, 0, 1 */
struct money money_min(struct money a, struct money b);
struct money money_max(struct money a, struct money b);
bool money_is_zero(struct money a);
bool money_is_positive(struct money a);
bool money_is_negative(struct money a);

/* ret = a * num / den with den > 0: one 128-bit product, rounded once. */
MUST_CHECK bool money_mul_div(struct money a, int64_t num, int64_t den, enum rounding how,
                              struct money *ret);

/* ret = a * rate, e.g. the insurer's 70 % of a loss. */
MUST_CHECK bool money_share(struct money a, struct rate rate, enum rounding how, struct money *ret);

/* Reads "50000", "50000.00", "50,000.00", "-3.5". Refuses, with reason ids money.empty,
 * money.format, money.full-width, money.too-precise (a third decimal), money.too-large. */
MUST_CHECK bool money_parse(const char *text, struct money *ret, struct error *err);

/* As money_parse, and also refuses zero (money.zero) and less (money.negative). */
MUST_CHECK bool money_parse_positive(const char *text, struct money *ret, struct error *err);

#define MONEY_TEXT_SIZE 32
/* "50000.00": the machine form of JSON and CSV. Returns buffer. */
char *money_format(struct money amount, char buffer[static MONEY_TEXT_SIZE]);
/* "50,000.00": the form for people. Returns buffer. */
char *money_format_grouped(struct money amount, char buffer[static MONEY_TEXT_SIZE]);

#define MONEY_WORDS_SIZE 160
/* Capital characters as written on receipts, e.g. 人民币壹仟肆佰零玖元伍角整 (domain.md 8.1, rules
 * 1 to 6; the first form of rule 4). Negative amounts begin with 负. Returns buffer. */
char *money_words(struct money amount, char buffer[static MONEY_WORDS_SIZE]);

#endif
