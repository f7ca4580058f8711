#include "tests/support/store_book.h"

#include "tests/support/check.h"

#include <stdio.h>
#include <stdlib.h>

int store_book_open(void **state, const struct embedded_file *schema)
{
    struct store_book *book = calloc(1, sizeof *book);
    struct error err = {0};
    book->folder = scratch_create();
    (void)snprintf(book->path, sizeof book->path, "%s/book", book->folder);
    check_ok(store_open_with(book->path, STORE_CREATE, schema, &book->store, &err), &err);
    *state = book;
    return 0;
}

int store_book_close(void **state)
{
    struct store_book *book = *state;
    store_close(book->store);
    scratch_remove(book->folder);
    free(book);
    return 0;
}
