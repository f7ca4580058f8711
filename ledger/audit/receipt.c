#include "ledger/audit/line_reader.h"
#include "ledger/audit/proof.h"

#include "ledger/base/text.h"

#include <assert.h>
#include <inttypes.h>
#include <string.h>

#define RECEIPT_HEADER "c2sp.org/tlog-proof@v1"

bool receipt_write(const struct receipt *receipt, struct buffer *ret, struct error *err)
{
    if (receipt->extra_length > RECEIPT_EXTRA_MAX) {
        return error_set(err, FAULT_REFUSED, "receipt.extra-too-long",
                         _("the event is too long to travel inside its receipt"));
    }
    buffer_add_text(ret, RECEIPT_HEADER "\n");
    if (receipt->extra != NULL) {
        static_assert(RECEIPT_EXTRA_MAX % 3 == 0 &&
                          6 + RECEIPT_EXTRA_MAX / 3 * 4 <= RECEIPT_LINE_MAX,
                      "the line holds the longest extra");
        char base64[RECEIPT_LINE_MAX];
        assert(base64_size(receipt->extra_length) <= sizeof base64);
        buffer_printf(ret, "extra %s\n",
                      base64_format(receipt->extra, receipt->extra_length, base64));
    }
    buffer_printf(ret, "index %" PRIu64 "\n", receipt->index);
    for (size_t i = 0; i < receipt->proof.count; i++) {
        char base64[64];
        buffer_printf(ret, "%s\n", base64_format(receipt->proof.hash[i].byte, SHA256_SIZE, base64));
    }
    buffer_add_byte(ret, '\n');
    buffer_add(ret, receipt->checkpoint, receipt->checkpoint_length);
    return true;
}

static bool refuse_receipt(const char *fact, struct error *err)
{
    return error_set(err, FAULT_INPUT, "receipt.malformed", _("this is not a receipt: %s"), fact);
}

static bool extra_parse(struct arena *arena, struct span span, struct receipt *ret)
{
    if (span.length > RECEIPT_LINE_MAX - strlen("extra ")) {
        return false;
    }
    uint8_t *bytes = arena_alloc(arena, RECEIPT_EXTRA_MAX);
    ret->extra = bytes;
    return base64_parse(span.start, span.length, bytes, RECEIPT_EXTRA_MAX, &ret->extra_length);
}

/* The hash lines, up to and with the empty line that ends them. */
static bool hashes_parse(struct line_reader *lines, struct proof *ret)
{
    struct span line;
    ret->count = 0;
    while (line_next(lines, &line)) {
        if (line.length == 0) {
            return true;
        }
        if (ret->count == MERKLE_HASHES_MAX || !span_base64_sha256(line, &ret->hash[ret->count])) {
            return false;
        }
        ret->count++;
    }
    return false;
}

bool receipt_parse(struct arena *arena, const char *bytes, size_t length, struct receipt *ret,
                   struct error *err)
{
    *ret = (struct receipt){0};
    struct line_reader lines;
    line_reader_init(&lines, bytes, length);
    if (length > RECEIPT_MAX) {
        return refuse_receipt(_("it is too long"), err);
    }
    if (!line_next_is(&lines, RECEIPT_HEADER)) {
        return refuse_receipt(_("the first line is another"), err);
    }
    struct span field;
    if (line_next_field(&lines, "extra", &field) && !extra_parse(arena, field, ret)) {
        return refuse_receipt(_("its extra line is not base64, or too long"), err);
    }
    if (!line_next_field(&lines, "index", &field) || !span_decimal(field, &ret->index)) {
        return refuse_receipt(_("its index is missing or not a whole number"), err);
    }
    if (!hashes_parse(&lines, &ret->proof)) {
        return refuse_receipt(_("a line of the proof is not 32 bytes in base64"), err);
    }
    struct span rest = line_rest(&lines);
    if (rest.length == 0) {
        return refuse_receipt(_("it has no checkpoint"), err);
    }
    ret->checkpoint = arena_text_n(arena, rest.start, rest.length);
    ret->checkpoint_length = rest.length;
    return true;
}
