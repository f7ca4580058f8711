#include "ledger/base/clock.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#define SECONDS_PER_DAY INT64_C(86400)
#define CHINA_OFFSET (INT64_C(8) * 3600)
/* The instants whose day has a name in both UTC and China. */
#define INSTANT_MIN (DATE_DAY_MIN * SECONDS_PER_DAY)
#define INSTANT_MAX ((DATE_DAY_MAX + INT64_C(1)) * SECONDS_PER_DAY - 1 - CHINA_OFFSET)

static struct instant real_now(void)
{
    struct timespec now = {0};

    int failed = clock_gettime(CLOCK_REALTIME, &now);
    assert(failed == 0);
    (void)failed;
    return (struct instant){now.tv_sec};
}

static struct instant (*current_clock)(void) = real_now;

/* A machine whose clock is centuries off must not stop the program: the checks of the log's times
 * say what is wrong, so the nearest instant that can be written down is good enough here. */
struct instant clock_now(void)
{
    struct instant now = current_clock();

    if (now.seconds < INSTANT_MIN) {
        return (struct instant){INSTANT_MIN};
    }
    return now.seconds > INSTANT_MAX ? (struct instant){INSTANT_MAX} : now;
}

void clock_replace(struct instant (*now)(void))
{
    current_clock = now == NULL ? real_now : now;
}

static int64_t real_milliseconds(void)
{
    struct timespec now = {0};

    int failed = clock_gettime(CLOCK_MONOTONIC, &now);
    assert(failed == 0);
    (void)failed;
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static int64_t (*current_milliseconds)(void) = real_milliseconds;

int64_t clock_milliseconds(void)
{
    return current_milliseconds();
}

void clock_replace_milliseconds(int64_t (*now)(void))
{
    current_milliseconds = now == NULL ? real_milliseconds : now;
}

/* Day number and second of that day, also before 1970. */
static int64_t split_day(int64_t seconds, int64_t *ret_second)
{
    int64_t day = seconds / SECONDS_PER_DAY;
    int64_t second = seconds % SECONDS_PER_DAY;

    if (second < 0) {
        second += SECONDS_PER_DAY;
        day--;
    }
    *ret_second = second;
    return day;
}

struct date clock_date_in_china(struct instant instant)
{
    int64_t second = 0;

    assert(instant.seconds >= INSTANT_MIN && instant.seconds <= INSTANT_MAX);
    return date_from_day(split_day(instant.seconds + CHINA_OFFSET, &second));
}

char *instant_format(struct instant instant, char buffer[static INSTANT_TEXT_SIZE])
{
    int64_t second = 0;
    char day[DATE_TEXT_SIZE];

    assert(instant.seconds >= INSTANT_MIN && instant.seconds <= INSTANT_MAX);
    date_format(date_from_day(split_day(instant.seconds, &second)), day);
    (void)snprintf(buffer, INSTANT_TEXT_SIZE, "%.10sT%02u:%02u:%02uZ", day,
                   (unsigned)(second / 3600) % 24, (unsigned)(second / 60 % 60),
                   (unsigned)(second % 60));
    return buffer;
}

/* Two digits at text, below the limit; -1 otherwise. */
static int64_t two_digits(const char *text, int64_t limit)
{
    if (text[0] < '0' || text[0] > '9' || text[1] < '0' || text[1] > '9') {
        return -1;
    }
    int64_t value = (text[0] - '0') * INT64_C(10) + (text[1] - '0');
    return value < limit ? value : -1;
}

bool instant_parse(const char *text, struct instant *ret)
{
    char day_text[DATE_TEXT_SIZE] = "";
    struct date day;
    struct error ignored;

    if (strnlen(text, INSTANT_TEXT_SIZE) != INSTANT_TEXT_SIZE - 1 || text[10] != 'T' ||
        text[13] != ':' || text[16] != ':' || text[19] != 'Z') {
        return false;
    }
    memcpy(day_text, text, DATE_TEXT_SIZE - 1);
    int64_t hour = two_digits(text + 11, 24);
    int64_t minute = two_digits(text + 14, 60);
    int64_t second = two_digits(text + 17, 60); /* no leap second */
    if (hour < 0 || minute < 0 || second < 0 || !date_parse(day_text, &day, &ignored)) {
        return false;
    }
    int64_t seconds = day.day * SECONDS_PER_DAY + hour * 3600 + minute * 60 + second;
    if (seconds > INSTANT_MAX) {
        return false;
    }
    ret->seconds = seconds;
    return true;
}
