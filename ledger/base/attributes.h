/* attributes.h - compiler attributes and scope clean-up. Layer: base. */
#ifndef YICANG_BASE_ATTRIBUTES_H
#define YICANG_BASE_ATTRIBUTES_H

/* The caller must look at the result: an ignored failure is a defect. */
#define MUST_CHECK __attribute__((warn_unused_result))

#define PRINTF_LIKE(text, first) __attribute__((format(printf, text, first)))

/* AUTO(fn) runs fn(&variable) when the variable leaves its scope, on every path. */
#define AUTO(cleanup_function) __attribute__((cleanup(cleanup_function)))

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

#endif
