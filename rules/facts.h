/* facts.h - what a decision may be asked about: the facts of a case. Layer: rules.
 * The names below are the names conditions use. The caller fills in what it knows; a fact left out
 * is not known, and a condition that needs it is an error, not a "no". */
#ifndef YICANG_RULES_FACTS_H
#define YICANG_RULES_FACTS_H

#include "rules/expression.h"

#include <stdbool.h>
#include <stddef.h>

/* The moments at which conditions are asked. */
enum decision_point {
    DECISION_ELIGIBILITY,    /* application and approval */
    DECISION_DISBURSEMENT,   /* payout */
    DECISION_CLAIM,          /* filing and accepting a claim on insurer and fund */
    DECISION_LENDING,        /* whether the county lends at all: asked with the first two */
    DECISION_COVERAGE,       /* at payout: whether subsidy and fund stand behind the loan */
    DECISION_SUBSIDY,        /* when interest is settled: whether its days earn subsidy */
    DECISION_CLASSIFICATION, /* at the close of a day: the class of a loan, not an outcome */
    DECISION_POINT_COUNT
};
const char *decision_point_name(enum decision_point point); /* "eligibility" */
/* False if there is no point of that name; NULL has none. */
MUST_CHECK bool decision_point_find(const char *name, enum decision_point *ret);
/* Asked by the close of a day and not by a person: nobody is there to whom a case could be
 * referred, and no exception is made. A policy may leave out its conditions. */
bool decision_point_is_silent(enum decision_point point);
/* The facts that caps and floors of the loss waterfall may name: no decision, but a scope. */
#define FACTS_OF_LOSS DECISION_POINT_COUNT

enum fact_name {
    FACT_PRODUCT,                 /* word: household, micro_entrepreneur */
    FACT_AMOUNT,                  /* money applied for; at payout: to be paid out */
    FACT_TERM,                    /* months */
    FACT_RATE,                    /* contract rate a year */
    FACT_PURPOSE,                 /* word: see the list in facts.c */
    FACT_APPLICANT_AGE,           /* completed years on the day of the decision */
    FACT_HOUSEHOLD_STATUS,        /* word: registered, lifted, monitored, none */
    FACT_HOUSEHOLD_BALANCE,       /* money: unpaid principal of all loans of the household */
    FACT_HOUSEHOLD_APPROVED,      /* money: approved, not yet paid out, without this loan */
    FACT_HOUSEHOLD_COVERED,       /* money: of both, the part under subsidy and fund */
    FACT_HOUSEHOLD_OVERDUE_LOANS, /* number of loans of the household that are overdue */
    FACT_HOUSEHOLD_LOANS,         /* number of its other loans, applied for to overdue */
    FACT_APPROVED_AMOUNT,         /* money approved for this loan */
    FACT_DAYS_SINCE_APPROVAL,     /* days */
    FACT_NPL_RATIO,               /* rate: balance of bad loans in that of all loans */
    FACT_LOANS_BALANCE,           /* money: unpaid principal of all loans of the county */
    FACT_FUND_FREE_BALANCE,       /* money: special account - claims payable - reservations */
    FACT_DAYS_OVERDUE,            /* days on the filing day */
    FACT_COVERED_UNPAID,          /* money: unpaid covered principal of the loan */
    FACT_INTEREST_UNPAID,         /* money: settled and not paid, on that principal */
    FACT_COLLECTION_NOTICES,      /* number of demands for payment since it is overdue */
    FACT_USED_AS_APPLIED,         /* yes or no: what the latest inspection found; else not known */
    FACT_LOSS,                    /* money: the loss that is shared */
    FACT_BORNE_THIS_YEAR,         /* money: what the step's payer bore since 1 January */
    FACT_BORNE_IN_ALL,            /* money: what the step's payer ever bore */
    FACT_PRINCIPAL,               /* money: principal of the contract */
    FACT_SIGNED_ON,               /* day of the contract */
    FACT_DAYS_SINCE_PAYOUT,       /* days */
    FACT_OVERDUE,                 /* yes or no: at the close of the day */
    FACT_CLASS,                   /* word: the class of the loan, by its days overdue */
    FACT_COUNT
};

/* All that is known about one case; zeroed, nothing is known. */
struct case_facts {
    struct fact of[FACT_COUNT];
};
/* Each asserts that the fact has this kind. */
void case_set_money(struct case_facts *facts, enum fact_name name, struct money amount);
void case_set_rate(struct case_facts *facts, enum fact_name name, struct rate rate);
/* Days, months, years, and numbers without a unit. */
void case_set_count(struct case_facts *facts, enum fact_name name, int64_t count);
void case_set_truth(struct case_facts *facts, enum fact_name name, bool truth);
void case_set_date(struct case_facts *facts, enum fact_name name, struct date day);
/* The word at that place of the fact's list, which has one. */
void case_set_nth_word(struct case_facts *facts, enum fact_name name, size_t position);
/* False if the word is not in the fact's list; the fact is then not known. */
MUST_CHECK bool case_set_word(struct case_facts *facts, enum fact_name name, const char *word);

/* The value as value_format() writes it: "30000 yuan", "breeding". False if it cannot be read as
 * the fact's kind; the fact is then not known. */
MUST_CHECK bool case_set_written(struct case_facts *facts, enum fact_name name, const char *text);

/* Name, kind and list of a fact. */
struct symbol fact_symbol(enum fact_name name);
/* False if no fact has this name. */
bool fact_find(const char *name, enum fact_name *ret);
/* What the fact is, in words, for screens and for the document. */
const char *fact_title(enum fact_name name, bool chinese);
/* Whether the fact can be asked at the decision, or in FACTS_OF_LOSS. */
bool fact_belongs_to(enum fact_name name, enum decision_point point);
/* The list of words with this name: product, purpose, household_status, loan_class; else NULL. */
const struct word_list *fact_word_list(const char *name);

#endif
