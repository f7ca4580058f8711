#include "tests/conformance/vector_file.h"

#include "ledger/base/digest.h"
#include "tests/support/check.h"
#include "tests/support/file.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct vector_file vector_file_open(const char *name)
{
    char path[512];
    size_t length = 0;
    snprintf(path, sizeof path, "%s/tests/conformance/data/%s", TEST_SOURCE_DIR, name);
    char *bytes = file_read(path, &length);
    return (struct vector_file){bytes, bytes, 0};
}

bool vector_file_next(struct vector_file *file, struct vector_case *ret)
{
    while (*file->at != '\0') {
        char *line = file->at;
        file->at += strcspn(line, "\n");
        if (*file->at == '\n') {
            *file->at++ = '\0';
        }
        file->line++;
        if (*line != '#' && *line != '\0') {
            char *space = strchr(line, ' ');
            ret->verdict = line;
            ret->text = space == NULL ? line + strlen(line) : space + 1;
            ret->line = file->line;
            if (space != NULL) {
                *space = '\0';
            }
            return true;
        }
    }
    return false;
}

void vector_file_close(struct vector_file *file, int cases, int least)
{
    free(file->bytes);
    if (cases < least) {
        fail_msg("only %d cases of at least %d", cases, least);
    }
}

static void add_base64(size_t length, struct buffer *ret)
{
    unsigned char *bytes = calloc(length, 1);
    char *text = calloc(base64_size(length) + 1, 1);
    memset(bytes, 0x5a, length);
    buffer_add_text(ret, base64_format(bytes, length, text));
    free(bytes);
    free(text);
}

static void add_origin(size_t length, struct buffer *ret)
{
    for (size_t i = 0; i < length; i++) {
        buffer_add_byte(ret, 'o');
    }
}

static void add_named(const char *name, size_t length, struct buffer *ret)
{
    char word[16] = "";
    memcpy(word, name, length < sizeof word ? length : 0);
    if (strcmp(word, "root") == 0) {
        add_base64(32, ret);
    } else if (strcmp(word, "long") == 0) {
        add_base64(52500, ret); /* 70,000 characters */
    } else if (word[0] == 'o') {
        add_origin(strtoul(word + 1, NULL, 10), ret);
    } else {
        add_base64(strtoul(word, NULL, 10), ret);
    }
}

void vector_expand(const char *text, struct buffer *ret)
{
    for (const char *at = text; *at != '\0'; at++) {
        if (at[0] == '\\' && (at[1] == 'n' || at[1] == 'r')) {
            buffer_add_byte(ret, at[1] == 'n' ? '\n' : '\r');
            at++;
        } else if (*at == '{') {
            size_t length = strcspn(at, "}");
            add_named(at + 1, length - 1, ret);
            at += length;
        } else {
            buffer_add_byte(ret, *at);
        }
    }
}
