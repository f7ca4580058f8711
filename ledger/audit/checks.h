/* checks.h - the single checks of a verification (audit-log.md 4.9), by name. Layer: audit.
 *
 * Every check is made, always: CHECK_MADE() is a constant. Only two tests compile the verifying
 * sources once more with YICANG_CHECKS_REMOVABLE, to take one away at a time: test_checks.c of
 * tests/conformance/attacks asks whether some attack would then go unnoticed, test_state.c leaves
 * out what it does not compare. */
#ifndef YICANG_AUDIT_CHECKS_H
#define YICANG_AUDIT_CHECKS_H

#include <stdbool.h>

/* Name, and the codes it may tell. A check that is added here needs an attack that it catches. */
#define VERIFY_CHECKS(X)                                                                           \
    X(V0_CARD, "E_TRUST")                  /* the card is of this log */                           \
    X(V0_CARD_GIVEN, "E_TRUST")            /* and there is one */                                  \
    X(V0_CARD_KEY, "E_TRUST")              /* and names the log key in force */                    \
    X(V1_SCHEMA, "E_CONTAINER")            /* tables, guards, indexes are ours */                  \
    X(V1_EXPORT_KEY, "E_CONTAINER")        /* an export is signed by the key on the card */        \
    X(V2_SHAPE, "E_LEAF E_ORIGIN E_CANON") /* an event, of this book, in its one spelling */       \
    X(V2_NFC, "W_NFC")                     /* and its texts in theirs; a warning alone */          \
    X(V2_COLUMNS, "E_LEAF")                /* what stands beside it for the door */                \
    X(V2_SEQ, "E_SEQ")                     /* at its place */                                      \
    X(V2_CHAIN, "E_CHAIN")                 /* after the event before it */                         \
    X(V2_COMMAND, "E_DUP")                 /* of a command that was not carried out before */      \
    X(V2_TIME, "E_TIME")                   /* not before the event before it (T1) */               \
    X(V2_CLOCK, "E_TIME")                  /* by a clock that nobody moved (T4) */                 \
    X(V2_KEPT_TREE, "E_ROOT")              /* what else the place keeps fits the events */         \
    X(V3_SIGNERS, "E_SIGNER")              /* exactly the right people sign */                     \
    X(V3_SIGNATURES, "E_SIG")              /* and their signatures hold */                         \
    X(V3_ROWS, "E_ROWS")                   /* rows beside an event are those it was signed with */ \
    X(V3_APPROVAL, "E_SIG E_SIGNER E_ORIGIN E_LEAF") /* nor a decision made elsewhere */           \
    X(V4_GENESIS, "E_KEY")                           /* the first event is the genesis */          \
    X(V4_ROLE, "E_KEY")                              /* the actor holds the role */                \
    X(V4_LEARN, "E_KEY")                             /* what is said of keys and roles fits */     \
    X(V4_DISPUTE, "E_DISPUTE")                       /* nothing stands that a stolen key signed */ \
    X(V5_PLAN, "E_RULE")                             /* the rules give what the event holds */     \
    X(V5_DUTIES, "E_RULE")                           /* separation of duties */                    \
    X(V5_SEEN, "E_FORK")                             /* who decided elsewhere saw this history */  \
    X(V6_ROOT, "E_ROOT")             /* a recorded head has the root of the events */              \
    X(V6_KEYS, "E_CPSIG E_EPOCH")    /* and the signatures of its day */                           \
    X(V6_RECORDED, "E_ROOT")         /* so has each that an event names */                         \
    X(V6_COSIGNED, "E_CPSIG")        /* a cosignature stands where it was recorded */              \
    X(V6_SEAL, "E_EPOCH")            /* each day key ends under a seal */                          \
    X(V6_WITNESS_TIME, "E_TIME")     /* a cosignature is not from the future (T2) */               \
    X(V7_TAIL, "E_TAIL")             /* the last event stands under the last head */               \
    X(V7_QUORUM, "E_QUORUM")         /* enough witnesses have seen one */                          \
    X(V7_AGE, "E_STALE")             /* not too long ago */                                        \
    X(V8_FORK, "E_FORK")             /* a kept head shows the same history */                      \
    X(V8_ROLLBACK, "E_ROLLBACK")     /* and no longer one */                                       \
    X(V8_STATE, "E_FORK E_ROLLBACK") /* nor does the state it goes on from */                      \
    X(V8_PREDECESSOR, "E_CPSIG E_ROLLBACK E_FORK E_TRUST") /* what it continues is as seen */      \
    X(V8_HEAD_FILE, "E_ROLLBACK E_FORK E_CONTAINER")       /* nor does the file beside the book */ \
    X(V9_TABLES, "E_PROJECTION")                           /* the tables are what the log gives */ \
    X(V9_REPORTS, "E_REPORT") /* and so are the reports of an export */                            \
    X(V10_PERSONAL, "E_PII")  /* encrypted fields are those committed to */                        \
    X(V10_ERASED, "E_PII")    /* nobody is erased but by an event */                               \
    X(V10_ROWS, "E_PII")      /* no field and no index entry beside those */

#define VERIFY_CHECK_MEMBER(name, codes) CHECK_##name,
enum verify_check { VERIFY_CHECKS(VERIFY_CHECK_MEMBER) CHECK_COUNT };
#undef VERIFY_CHECK_MEMBER

#ifdef YICANG_CHECKS_REMOVABLE
extern enum verify_check check_removed; /* CHECK_COUNT: none */
#define CHECK_MADE(name) (check_removed != CHECK_##name)
#else
#define CHECK_MADE(name) true
#endif

#endif
