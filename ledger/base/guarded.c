#include "ledger/base/guarded.h"

#include "ledger/base/alloc.h"
#include "ledger/base/digest.h"

#include <string.h>

void *guarded_copy(const void *bytes, size_t size)
{
    digest_start();
    void *copy = sodium_malloc(size);
    if (copy == NULL) {
        alloc_exhausted(size);
    }
    memcpy(copy, bytes, size);
    (void)sodium_mprotect_readonly(copy);
    return copy;
}

void *guarded_free(void *copy)
{
    sodium_free(copy);
    return NULL;
}
