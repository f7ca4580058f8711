/* attacks.h - the attacks of audit-log.md 5 as groups of tests, each with the literal verdict that
 * it must get. Every program that runs them links the verification it tries. */
#ifndef YICANG_TESTS_CONFORMANCE_ATTACKS_ATTACKS_H
#define YICANG_TESTS_CONFORMANCE_ATTACKS_ATTACKS_H

/* Each runs its group; the number of tests that failed. */
int attacks_on_book(void);
int attacks_on_export(void);
int attacks_with_keys(void); /* forged events under good signatures */
int attacks_elsewhere(void); /* and with decisions made elsewhere (ledger/audit/approval.h) */
int attacks_on_state(void);  /* and what an earlier verified state tells */

#endif
