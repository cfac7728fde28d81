/* Text in other encodings than UTF-8: iconv, which Swift's Glibc module does not show, and libuchardet. */

#ifndef VTX_TEXT_H
#define VTX_TEXT_H

#include <stddef.h>

/* Whether iconv has an encoding of this name. */
int vtx_text_is_encoding(const char *name);

/*
 * Decodes text to UTF-8, which the caller frees. Returns 0, EINVAL for an unknown encoding, ENOMEM, or EILSEQ for
 * bytes that mean nothing in it; `*read` says how many come before those.
 */
int vtx_text_decode(
    const char *encoding, const char *bytes, size_t size, char **text, size_t *length, size_t *read);

/*
 * Guesses an encoding with Mozilla's detector. It is loaded when it is needed: text that is not UTF-8 is rare.
 *
 * Returns 1, 0 if the text is like none that it knows, or -1 if the library is not installed.
 */
int vtx_text_detect(const char *bytes, size_t size, char name[64]);

#endif
