/* staff_memory.h - what was answered about people, for whoever asks the same for many events of one
 * transaction: it is good until a row about people is written, or the transaction ends. Layer:
 * books. */
#ifndef YICANG_BOOKS_STAFF_MEMORY_H
#define YICANG_BOOKS_STAFF_MEMORY_H

#include "ledger/books/people.h"

#define STAFF_MEMORY_SLOTS 64 /* of each kind; two who share one take turns */

struct staff_answer {
    uint64_t edition; /* of the store; 0: nothing was asked */
    char code[STAFF_CODE_SIZE];
    char person[STAFF_CODE_SIZE];
    bool has_relatives;
};

struct grant_answer {
    uint64_t edition;
    char code[STAFF_CODE_SIZE];
    char role[STAFF_CODE_SIZE];
    struct instant at;
    bool found;
    struct staff_grant grant; /* without its word */
};

/* Zeroed: empty. Where functions take NULL for it, they ask the store. */
struct staff_memory {
    struct staff_answer person[STAFF_MEMORY_SLOTS];
    struct grant_answer grant[STAFF_MEMORY_SLOTS];
};

/* staff_person(), and whether there are households of this person's own or of relatives. */
MUST_CHECK bool staff_ask(struct store *store, struct staff_memory *memory, const char *code,
                          struct staff_answer *ret, struct error *err);
/* The oldest duty of the role that the code has at that moment. */
MUST_CHECK bool staff_ask_grant(struct store *store, struct staff_memory *memory, const char *code,
                                const char *role, struct instant at, struct grant_answer *ret,
                                struct error *err);

#endif
