/* loan_receipt.h - what must be paid to close a loan, and the receipt of a payout or a payment.
 * Layer: service. Both are read from the book: nothing is written, and a receipt printed again says
 * the same. */
#ifndef YICANG_SERVICE_LOAN_RECEIPT_H
#define YICANG_SERVICE_LOAN_RECEIPT_H

#include "cli/service/book.h"
#include "ledger/base/uuid.h"
#include "ledger/loans/loan.h"

/* One part of a sum. */
struct sum_line {
    const char *item; /* "payout", "penalty", "interest-settled", "interest", "principal",
                       * "overpayment" */
    bool has_period;
    struct date from, upto; /* upto is not counted */
    int32_t days;
    const char *formula;  /* NULL: none */
    struct money subsidy; /* what of the formula county finance bears; zero: nothing */
    struct money amount;  /* what the borrower pays */
};

struct sum_lines {
    struct sum_line *line; /* in the arena of the office */
    size_t count, room;
};

struct payoff {
    struct loan loan;
    const char *borrower; /* masked; "" if unknown */
    struct date on;
    struct sum_lines lines;
    struct money total;
};
/* What a payment with this value date must bring to close the loan. `on` is the open day or a later
 * one up to the next day on whose close something happens to the loan; up to then the figure is
 * exact if no payment comes first. Reason ids loan.payoff-past, loan.payoff-too-far, and those of
 * a repayment. */
MUST_CHECK bool loan_payoff(struct office *office, int64_t loan, struct date on, struct payoff *ret,
                            struct error *err);

struct receipt {
    bool is_payout;
    uint64_t seq;
    struct sha256 leaf;
    struct uuid command;
    const char *actor; /* staff code */
    const char *at;    /* the clock's time of the event */
    struct date day;   /* business day */
    struct date value_date;
    struct loan loan; /* as it stands now; due as the payout said */
    const char *borrower;
    struct money amount;
    struct money unpaid; /* principal after it */
    uint64_t undone_in;  /* the event that undid the payment; 0: none */
    struct date undone_on;
    uint64_t
        undoes; /* of a reversal: the event it takes back, whose parts the lines are; 0: none */
    struct sum_lines lines;
};
/* Of the event with this number. Reason ids loan.no-event, loan.no-receipt. */
MUST_CHECK bool loan_receipt(struct office *office, uint64_t seq, struct receipt *ret,
                             struct error *err);

#endif
