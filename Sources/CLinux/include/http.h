/* One HTTP request, by libcurl. */

#ifndef VTX_HTTP_H
#define VTX_HTTP_H

#include <stddef.h>

/* Whether libcurl is installed. It is loaded when it is needed: workers, which never need it, start faster without. */
int vtx_http_available(void);

/*
 * Posts a body; `headers` ends with NULL. Only http and https; redirections are not followed. Waits up to `seconds`.
 *
 * Returns the status of the answer, or 0 with the reason in `problem`. Call it from one thread at a time.
 */
long vtx_http_post(
    const char *url, const char *const *headers, const void *body, size_t size, long seconds, char problem[256]);

#endif
