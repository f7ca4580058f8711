/* simulation.h - another policy over the whole book, with nothing stored. Layer: service.
 *
 * Before: what the book has. After: the same facts, as if the policy had been in force from the
 * first day of the period on, through the functions that decide on the real ones. Nobody behaves
 * otherwise in it: what was applied for, repaid, claimed and recovered stays, on its days.
 *
 *  - A loan that the policy blocks counts as not lent: its subsidy, claims and recoveries drop out.
 *  - A claim that it blocks drops out with what was recovered on it.
 *  - What was decided or signed before the period keeps the version of its time.
 *  - What cannot be decided, because a fact that the policy asks for is not on record, stays as
 *    booked and is counted with its reason. Nothing is guessed. */
#ifndef YICANG_SERVICE_SIMULATION_H
#define YICANG_SERVICE_SIMULATION_H

#include "cli/service/book.h"
#include "rules/policy.h"

/* Loans on which the policy was asked in the period are counted by outcome, with the amount applied
 * for; all other figures by the day on which they were booked. */
enum simulated_figure {
    SIMULATED_PASS,
    SIMULATED_WARN,
    SIMULATED_REFER, /* a person decides; so is a condition from which there is an exception */
    SIMULATED_BLOCK,
    SIMULATED_UNDECIDED,   /* could not be decided */
    SIMULATED_LENT,        /* paid out; principal */
    SIMULATED_COVERED,     /* of these under subsidy and fund; covered principal */
    SIMULATED_SUBSIDY,     /* settled periods with subsidy; county finance's part */
    SIMULATED_PREMIUM,     /* claimed for loans; county finance pays it */
    SIMULATED_CLAIMS_PASS, /* those filed, which nobody refused, by outcome like applications */
    SIMULATED_CLAIMS_WARN,
    SIMULATED_CLAIMS_REFER,
    SIMULATED_CLAIMS_BLOCK,
    SIMULATED_CLAIMS, /* that may be made; the loss */
    SIMULATED_CLAIMS_UNDECIDED,
    SIMULATED_BORNE_INSURER,
    SIMULATED_BORNE_FUND,
    SIMULATED_BORNE_BANK,
    SIMULATED_RECOVERED, /* net of costs */
    SIMULATED_RECOVERED_INSURER,
    SIMULATED_RECOVERED_FUND,
    SIMULATED_RECOVERED_BANK,
    SIMULATED_OUTSTANDING,                 /* loans of the class; unpaid principal in the books */
    SIMULATED_OF_LOANS,                    /* end of those by office and class */
    SIMULATED_TOP_UP = SIMULATED_OF_LOANS, /* of the fund, booked in the period */
    SIMULATED_SPECIAL_ACCOUNT,             /* of the fund, at the end of the period */
    SIMULATED_PAYABLE,
    SIMULATED_ADVANCES, /* to be given back to who advanced the fund's part */
    SIMULATED_RESERVED,
    SIMULATED_FREE,
    SIMULATED_FIGURES
};

struct simulated_sum {
    int64_t count;
    struct money amount;
};
struct simulated_pair {
    struct simulated_sum before, after;
    struct simulated_sum change; /* after less before */
};

/* The loans whose applications an office took, of one class: by days overdue now, counted to the
 * end of the period, in the book's policy of that day. In OUTSTANDING `after` goes by the class of
 * the simulated policy. */
struct simulated_group {
    const char *office;
    enum loan_class class;
    struct simulated_pair of[SIMULATED_OF_LOANS];
};

/* Why something could not be decided, and how often. */
#define SIMULATION_REASONS_MAX 12
struct simulated_reason {
    const char *text;
    int64_t count;
};

struct simulation {
    struct date from, to;
    bool held; /* the policy as it stands on rows_of, for the whole period */
    struct date rows_of;
    const char *policy;
    struct sha256 digest;
    int64_t loans;                  /* looked at */
    struct simulated_group **group; /* by office, then class */
    size_t groups;
    struct simulated_pair total[SIMULATED_FIGURES];
    struct simulated_reason reason[SIMULATION_REASONS_MAX];
    size_t reasons;
    int64_t other_reasons; /* beyond these */
    struct simulated_exception *exception;
    size_t exceptions;
};

/* An exception on which a decision of the period rests. */
struct simulated_exception {
    int64_t id, loan;
    const char *point, *condition;
    bool before, after; /* where the condition neither blocks nor refers, nothing rests on it */
};

#define SIMULATION_GROUPS_MAX 10000

struct simulation_request {
    struct policy *policy;
    bool has_from, has_to, has_rows_of;
    struct date from; /* else the later of 1 January of the year of `to` and the opening day */
    struct date to;   /* else the last closed day */
    struct date rows_of;
};

/* Reads in one snapshot of its own; the result lives in the arena. Reason ids simulation.no-day
 * (none is closed yet), simulation.period, simulation.too-large, policy.not-in-force (on the first
 * day of the period, or on rows_of). */
MUST_CHECK bool policy_simulate(struct office *office, const struct simulation_request *request,
                                struct arena *arena, struct simulation *ret, struct error *err);

#endif
