/* random.h - repeatable random input for property tests. The seed is printed and can be given back
 * with the environment variable YICANG_SEED. */
#ifndef YICANG_TESTS_SUPPORT_RANDOM_H
#define YICANG_TESTS_SUPPORT_RANDOM_H

#include <stdint.h>

struct random_source {
    uint64_t state;
};

/* Seeds from YICANG_SEED or the time, and prints "name: seed N". */
struct random_source random_start(const char *name);
uint64_t random_next(struct random_source *source);                              /* SplitMix64 */
int64_t random_between(struct random_source *source, int64_t low, int64_t high); /* inclusive */

#endif
