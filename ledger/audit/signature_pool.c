#include "ledger/audit/signature_pool.h"

#include <assert.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>

#include "ledger/base/alloc.h"
#include "ledger/base/digest.h"

/* Some 100 microseconds: to wake a thread up may take 30. */
#define LOOKS 100
#define PAUSES 32

struct signature_pool {
    pthread_mutex_t lock;
    pthread_cond_t work;     /* something was submitted, or the end has come */
    pthread_cond_t finished; /* a task is done */
    struct pool_task *queue[POOL_QUEUE_MAX];
    size_t first;
    size_t waiting;
    bool ending;
    bool roused; /* work will come at once */
    size_t helpers;
    pthread_t helper[POOL_HELPERS_MAX];
};

void signature_check_run(struct signature_check *check)
{
    for (size_t i = 0; i < check->lines; i++) {
        check->line[i].holds = crypto_sign_verify_detached(
                                   check->line[i].signature, (const unsigned char *)check->text,
                                   check->length, check->line[i].public_key) == 0;
    }
}

/* A lock that fails is a mistake of ours. */
static void lock(struct signature_pool *pool)
{
    int result = pthread_mutex_lock(&pool->lock);
    assert(result == 0);
}

static void unlock(struct signature_pool *pool)
{
    int result = pthread_mutex_unlock(&pool->lock);
    assert(result == 0);
}

static void pause_a_little(void)
{
    for (int i = 0; i < PAUSES; i++) {
#if defined(__x86_64__) || defined(__i386__)
        __builtin_ia32_pause();
#else
        __asm__ volatile("" ::: "memory");
#endif
    }
}

/* Takes the oldest waiting task and does it; called with the lock held, and returns so. */
static void do_one(struct signature_pool *pool)
{
    struct pool_task *task = pool->queue[pool->first];
    pool->first = (pool->first + 1) % POOL_QUEUE_MAX;
    pool->waiting--;
    unlock(pool);
    task->run(task->context);
    lock(pool);
    task->done = true;
    pthread_cond_signal(&pool->finished);
}

/* Looks for work without sleeping, as long as waking up again might take; called with the lock
 * held, and returns so. */
static void look_out(struct signature_pool *pool)
{
    pool->roused = false;
    for (int look = 0; look < LOOKS && pool->waiting == 0 && !pool->ending; look++) {
        unlock(pool);
        pause_a_little();
        lock(pool);
    }
}

static void *help(void *argument)
{
    struct signature_pool *pool = argument;
    lock(pool);
    while (!pool->ending) {
        if (pool->waiting > 0) {
            do_one(pool);
        } else if (pool->roused) {
            look_out(pool);
        } else {
            pthread_cond_wait(&pool->work, &pool->lock);
        }
    }
    unlock(pool);
    return NULL;
}

static size_t other_processors(void)
{
    cpu_set_t usable;
    if (sched_getaffinity(0, sizeof usable, &usable) != 0 || CPU_COUNT(&usable) < 1) {
        return 0;
    }
    size_t others = (size_t)CPU_COUNT(&usable) - 1;
    return others < POOL_HELPERS_MAX ? others : POOL_HELPERS_MAX;
}

struct signature_pool *signature_pool_start(void)
{
    struct signature_pool *pool = alloc_zeroed(1, sizeof *pool);
    sigset_t all, before;
    digest_start(); /* before there are threads */
    pthread_mutex_init(&pool->lock, NULL);
    pthread_cond_init(&pool->work, NULL);
    pthread_cond_init(&pool->finished, NULL);
    /* Signals are the business of the thread that was there first. */
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    size_t wanted = other_processors();
    while (pool->helpers < wanted &&
           pthread_create(&pool->helper[pool->helpers], NULL, help, pool) == 0) {
        pool->helpers++; /* fewer than wanted will do */
    }
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return pool;
}

struct signature_pool *signature_pool_stop(struct signature_pool *pool)
{
    lock(pool);
    pool->ending = true;
    pthread_cond_broadcast(&pool->work);
    unlock(pool);
    for (size_t i = 0; i < pool->helpers; i++) {
        pthread_join(pool->helper[i], NULL);
    }
    pthread_cond_destroy(&pool->finished);
    pthread_cond_destroy(&pool->work);
    pthread_mutex_destroy(&pool->lock);
    free(pool);
    return NULL;
}

void pool_rouse(struct signature_pool *pool)
{
    lock(pool);
    pool->roused = true;
    pthread_cond_signal(&pool->work);
    unlock(pool);
}

void pool_submit(struct signature_pool *pool, struct pool_task *task)
{
    lock(pool);
    assert(pool->waiting < POOL_QUEUE_MAX);
    task->done = false;
    pool->queue[(pool->first + pool->waiting) % POOL_QUEUE_MAX] = task;
    pool->waiting++;
    pthread_cond_signal(&pool->work);
    unlock(pool);
}

void pool_wait(struct signature_pool *pool, struct pool_task *task)
{
    int looks = 0;
    lock(pool);
    while (!task->done) {
        if (pool->waiting > 0) {
            do_one(pool);
        } else if (looks < LOOKS) {
            looks++;
            unlock(pool);
            pause_a_little();
            lock(pool);
        } else {
            pthread_cond_wait(&pool->finished, &pool->lock);
        }
    }
    unlock(pool);
}

static void run_check(void *context)
{
    signature_check_run(context);
}

void signature_pool_submit(struct signature_pool *pool, struct signature_check *check)
{
    check->task = (struct pool_task){.run = run_check, .context = check};
    pool_submit(pool, &check->task);
}

void signature_pool_wait(struct signature_pool *pool, struct signature_check *check)
{
    pool_wait(pool, &check->task);
}
