/* signature_pool.h - signatures made and checked on all cores, results taken in any order. Layer:
 * audit.
 * The caller's thread works too while it waits, so that a pool without helpers is only slower. */
#ifndef YICANG_AUDIT_SIGNATURE_POOL_H
#define YICANG_AUDIT_SIGNATURE_POOL_H

#include "ledger/audit/log.h"

#define POOL_QUEUE_MAX 256
#define POOL_HELPERS_MAX 31

/* Something to be done by whoever is free. Belongs to the caller, who leaves it and what it works
 * on alone between submit and wait. */
struct pool_task {
    void (*run)(void *context);
    void *context;
    bool done; /* the pool's own */
};

/* The signatures of one text. Belongs to the caller, who leaves it alone between submit and wait.
 */
struct signature_check {
    const char *text;
    size_t length;
    size_t lines;
    struct {
        uint8_t public_key[32];
        const uint8_t *signature;
        bool holds;
    } line[EVENT_SIGNERS_MAX];
    struct pool_task task; /* the pool's own */
};

struct signature_pool;

/* As many helpers as there are other processors this process may use. */
struct signature_pool *signature_pool_start(void);
struct signature_pool *signature_pool_stop(struct signature_pool *pool); /* returns NULL */
/* Work will be submitted within some 50 microseconds: a helper wakes up meanwhile. */
void pool_rouse(struct signature_pool *pool);
/* At most POOL_QUEUE_MAX at a time. */
void pool_submit(struct signature_pool *pool, struct pool_task *task);
/* Returns when the task is done. */
void pool_wait(struct signature_pool *pool, struct pool_task *task);

/* The same for the signatures of a text. */
void signature_pool_submit(struct signature_pool *pool, struct signature_check *check);
void signature_pool_wait(struct signature_pool *pool, struct signature_check *check);

/* At once, in this thread. */
void signature_check_run(struct signature_check *check);

#endif
