#include "ledger/audit/canon.h"

#include <assert.h>
#include <string.h>

#include "ledger/audit/canon_value.h"
#include "ledger/base/text.h"

#define INTEGER_LIMIT INT64_C(999999999999999999) /* C7: 18 digits */
#define INTEGER_TEXT_SIZE 24

static struct canon *canon_new(struct arena *arena, enum canon_kind kind)
{
    struct canon *value = arena_alloc(arena, sizeof *value);
    value->kind = kind;
    value->arena = arena;
    return value;
}

struct canon *canon_object(struct arena *arena)
{
    return canon_new(arena, CANON_OBJECT);
}

struct canon *canon_array(struct arena *arena)
{
    return canon_new(arena, CANON_ARRAY);
}

struct canon *canon_text_in_place(struct arena *arena, const char *text)
{
    struct canon *value = canon_new(arena, CANON_TEXT);
    value->text = text;
    return value;
}

/* The bytes of the text stand behind the value. */
struct canon *canon_text(struct arena *arena, const char *text)
{
    size_t size = strlen(text) + 1;
    struct canon *value = arena_alloc(arena, sizeof *value + size);
    char *kept = (char *)(value + 1);

    memcpy(kept, text, size);
    value->kind = CANON_TEXT;
    value->arena = arena;
    value->text = kept;
    return value;
}

struct canon *canon_bool(struct arena *arena, bool truth)
{
    return canon_new(arena, truth ? CANON_TRUE : CANON_FALSE);
}

static bool key_byte_is_valid(char byte, bool first)
{
    if (byte >= 'a' && byte <= 'z') {
        return true;
    }
    return !first && ((byte >= '0' && byte <= '9') || byte == '_');
}

bool canon_key_is_valid(const char *key, size_t length)
{
    if (length == 0 || length > CANON_KEY_MAX) {
        return false;
    }
    for (size_t i = 0; i < length; i++) {
        if (!key_byte_is_valid(key[i], i == 0)) {
            return false;
        }
    }
    return true;
}

/* Room for one more; what an arena handed out before stays behind in it, at most as much again. */
static void make_room(struct canon *container)
{
    if (container->count < container->capacity) {
        return;
    }
    size_t capacity = container->capacity == 0 ? 8 : 2 * container->capacity;
    struct canon **item = arena_alloc_array(container->arena, capacity, sizeof(struct canon *));
    if (container->count > 0) {
        memcpy(item, container->item, container->count * sizeof(struct canon *));
    }
    container->item = item;
    if (container->kind == CANON_OBJECT) {
        const char **key = arena_alloc_array(container->arena, capacity, sizeof(const char *));
        if (container->count > 0) {
            memcpy(key, container->key, container->count * sizeof(const char *));
        }
        container->key = key;
    }
    container->capacity = capacity;
}

/* Most names that differ do so in the first byte. */
static int key_order(const char *a, const char *b)
{
    return a[0] != b[0] ? (unsigned char)a[0] - (unsigned char)b[0] : strcmp(a, b);
}

/* Where the key stands or belongs. */
static size_t key_place(const struct canon *object, const char *key, bool *ret_found)
{
    size_t low = 0;
    size_t high = object->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = key_order(object->key[middle], key);
        if (order == 0) {
            *ret_found = true;
            return middle;
        }
        if (order < 0) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    *ret_found = false;
    return low;
}

void canon_append_member(struct canon *object, const char *key, struct canon *member)
{
    make_room(object);
    object->key[object->count] = key;
    object->item[object->count] = member;
    object->count++;
}

void canon_set(struct canon *object, const char *key, struct canon *member)
{
    assert(object->kind == CANON_OBJECT);
    assert(canon_key_is_valid(key, strlen(key)));
    bool found = false;
    size_t place = key_place(object, key, &found);
    assert(!found);

    canon_append_member(object, key, member);
    size_t last = object->count - 1;
    memmove(&object->key[place + 1], &object->key[place], (last - place) * sizeof(const char *));
    memmove(&object->item[place + 1], &object->item[place],
            (last - place) * sizeof(struct canon *));
    object->key[place] = key;
    object->item[place] = member;
}

void canon_set_text(struct canon *object, const char *key, const char *text)
{
    canon_set(object, key, canon_text(object->arena, text));
}

void canon_set_shared(struct canon *object, const char *key, const struct canon *member)
{
    struct canon *shared = NULL; /* never changed through this object: see the header */
    memcpy(&shared, &member, sizeof(struct canon *));
    canon_set(object, key, shared);
}

struct canon *canon_copy(struct arena *arena, const struct canon *object, const char *without)
{
    struct canon *copy = canon_object(arena);
    for (size_t i = 0; i < canon_count(object); i++) {
        const char *key = canon_key_at(object, i);
        if (without == NULL || strncmp(key, without, strlen(without)) != 0) {
            canon_set_shared(copy, key, canon_at(object, i));
        }
    }
    return copy;
}

bool canon_equal(const struct canon *a, const struct canon *b)
{
    if (a->kind != b->kind || a->count != b->count) {
        return false;
    }
    if (a->kind == CANON_TEXT) {
        return strcmp(a->text, b->text) == 0;
    }
    for (size_t i = 0; i < a->count; i++) {
        if ((a->kind == CANON_OBJECT && strcmp(a->key[i], b->key[i]) != 0) ||
            !canon_equal(a->item[i], b->item[i])) {
            return false;
        }
    }
    return true;
}

/* The next member from place `at` on whose key does not begin so; `count` if there is none. */
static size_t member_without(const struct canon *object, size_t at, const char *without)
{
    while (at < object->count && strncmp(object->key[at], without, strlen(without)) == 0) {
        at++;
    }
    return at;
}

bool canon_equal_without(const struct canon *a, const struct canon *b, const char *without)
{
    assert(a->kind == CANON_OBJECT && b->kind == CANON_OBJECT);
    size_t i = member_without(a, 0, without);
    size_t j = member_without(b, 0, without);
    while (i < a->count && j < b->count) {
        if (strcmp(a->key[i], b->key[j]) != 0 || !canon_equal(a->item[i], b->item[j])) {
            return false;
        }
        i = member_without(a, i + 1, without);
        j = member_without(b, j + 1, without);
    }
    return i == a->count && j == b->count;
}

void canon_set_int(struct canon *object, const char *key, int64_t number)
{
    assert(number >= -INTEGER_LIMIT && number <= INTEGER_LIMIT);
    char text[INTEGER_TEXT_SIZE];
    char *at = text + sizeof text - 1;
    uint64_t rest = (uint64_t)(number < 0 ? -number : number);
    *at = '\0';
    do {
        *--at = (char)('0' + rest % 10);
        rest /= 10;
    } while (rest > 0);
    if (number < 0) {
        *--at = '-';
    }
    canon_set_text(object, key, at);
}

void canon_set_bool(struct canon *object, const char *key, bool truth)
{
    canon_set(object, key, canon_bool(object->arena, truth));
}

void canon_set_fen(struct canon *object, const char *key, struct money amount)
{
    canon_set_int(object, key, money_fen(amount));
}

void canon_set_date(struct canon *object, const char *key, struct date date)
{
    char text[DATE_TEXT_SIZE];
    canon_set_text(object, key, date_format(date, text));
}

void canon_set_rate(struct canon *object, const char *key, struct rate rate)
{
    canon_set_int(object, key, rate.ppm);
}

void canon_set_sha256(struct canon *object, const char *key, const struct sha256 *digest)
{
    char text[SHA256_HEX_SIZE];
    canon_set_text(object, key, hex_format(digest->byte, sizeof digest->byte, text));
}

void canon_add(struct canon *array, struct canon *item)
{
    assert(array->kind == CANON_ARRAY);
    make_room(array);
    array->item[array->count] = item;
    array->count++;
}

void canon_add_shared(struct canon *array, const struct canon *item)
{
    struct canon *shared = NULL; /* as above */
    memcpy(&shared, &item, sizeof(struct canon *));
    canon_add(array, shared);
}

void canon_add_text(struct canon *array, const char *text)
{
    canon_add(array, canon_text(array->arena, text));
}

enum canon_kind canon_kind_of(const struct canon *value)
{
    return value->kind;
}

size_t canon_count(const struct canon *value)
{
    return value->count;
}

const char *canon_key_at(const struct canon *object, size_t index)
{
    assert(object->kind == CANON_OBJECT && index < object->count);
    return object->key[index];
}

const struct canon *canon_at(const struct canon *container, size_t index)
{
    assert(index < container->count);
    return container->item[index];
}

const struct canon *canon_get(const struct canon *object, const char *key)
{
    if (object->kind != CANON_OBJECT) {
        return NULL;
    }
    bool found = false;
    size_t place = key_place(object, key, &found);
    return found ? object->item[place] : NULL;
}

const char *canon_as_text(const struct canon *value)
{
    return value->kind == CANON_TEXT ? value->text : NULL;
}

bool canon_join_lines(const struct canon *array, struct buffer *ret)
{
    if (array->kind != CANON_ARRAY) {
        return false;
    }
    for (size_t i = 0; i < array->count; i++) {
        const char *line = canon_as_text(array->item[i]);
        if (line == NULL) {
            return false;
        }
        buffer_add_text(ret, line);
        buffer_add_byte(ret, '\n');
    }
    return !ret->overflowed;
}

const char *canon_get_text(const struct canon *object, const char *key)
{
    const struct canon *member = canon_get(object, key);
    return member == NULL ? NULL : canon_as_text(member);
}

/* C7: 0|-?[1-9][0-9]{0,17} */
static bool integer_parse(const char *text, int64_t *ret)
{
    bool negative = text[0] == '-';
    const char *digits = negative ? text + 1 : text;
    size_t length = strlen(digits);
    if (length == 0 || length > 18) {
        return false;
    }
    if (digits[0] == '0' && (negative || length > 1)) {
        return false;
    }
    int64_t number = 0;
    for (size_t i = 0; i < length; i++) {
        if (digits[i] < '0' || digits[i] > '9') {
            return false;
        }
        number = 10 * number + (digits[i] - '0');
    }
    *ret = negative ? -number : number;
    return true;
}

bool canon_get_int(const struct canon *object, const char *key, int64_t *ret)
{
    const char *text = canon_get_text(object, key);
    return text != NULL && integer_parse(text, ret);
}

bool canon_get_fen(const struct canon *object, const char *key, struct money *ret)
{
    int64_t fen = 0;
    if (!canon_get_int(object, key, &fen) || fen < -MONEY_LIMIT_FEN || fen > MONEY_LIMIT_FEN) {
        return false;
    }
    *ret = money_from_fen(fen);
    return true;
}

bool canon_get_date(const struct canon *object, const char *key, struct date *ret)
{
    struct error ignored;
    const char *text = canon_get_text(object, key);
    return text != NULL && date_parse(text, ret, &ignored);
}

bool canon_get_rate(const struct canon *object, const char *key, struct rate *ret)
{
    int64_t ppm = 0;
    if (!canon_get_int(object, key, &ppm) || ppm < 0 || ppm > RATE_LIMIT_PPM) {
        return false;
    }
    *ret = rate_from_ppm(ppm);
    return true;
}

bool canon_get_bool(const struct canon *object, const char *key, bool *ret)
{
    const struct canon *member = canon_get(object, key);
    if (member == NULL || (member->kind != CANON_TRUE && member->kind != CANON_FALSE)) {
        return false;
    }
    *ret = member->kind == CANON_TRUE;
    return true;
}

bool canon_get_sha256(const struct canon *object, const char *key, struct sha256 *ret)
{
    const char *text = canon_get_text(object, key);
    return text != NULL && hex_parse(text, ret->byte, sizeof ret->byte);
}
