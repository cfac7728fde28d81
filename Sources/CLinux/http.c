#include "http.h"

#include <dlfcn.h>
#include <string.h>

/*
 * libcurl's interface has been stable under this name since 2006: functions and numbers are those of curl/curl.h
 * (CURLOPT_..., CURLINFO_...). Its options take varying arguments, which Swift cannot pass.
 */
enum {
    OPT_POSTFIELDSIZE = 60,
    OPT_NOSIGNAL = 99,
    OPT_TIMEOUT = 13,
    OPT_POST = 47,
    OPT_CONNECTTIMEOUT = 78,
    OPT_PROTOCOLS = 181,
    OPT_URL = 10002,
    OPT_ERRORBUFFER = 10010,
    OPT_POSTFIELDS = 10015,
    OPT_USERAGENT = 10018,
    OPT_HTTPHEADER = 10023,
    OPT_WRITEFUNCTION = 20011,
    INFO_RESPONSE_CODE = 0x200002,
    PROTOCOL_HTTP_AND_HTTPS = 3,
};

static struct {
    void *(*init)(void);
    int (*set)(void *, int, ...);
    int (*perform)(void *);
    int (*get)(void *, int, ...);
    void (*cleanup)(void *);
    void *(*append)(void *, const char *);
    void (*free_list)(void *);
    const char *(*words)(int);
} curl;

static size_t ignore(char *data, size_t size, size_t count, void *context) {
    (void)data, (void)context;
    return size * count;
}

int vtx_http_available(void) {
    if (curl.init) return 1;
    void *library = dlopen("libcurl.so.4", RTLD_NOW | RTLD_LOCAL);
    if (!library) library = dlopen("libcurl-gnutls.so.4", RTLD_NOW | RTLD_LOCAL);
    if (!library) return 0;
    *(void **)&curl.set = dlsym(library, "curl_easy_setopt");
    *(void **)&curl.perform = dlsym(library, "curl_easy_perform");
    *(void **)&curl.get = dlsym(library, "curl_easy_getinfo");
    *(void **)&curl.cleanup = dlsym(library, "curl_easy_cleanup");
    *(void **)&curl.append = dlsym(library, "curl_slist_append");
    *(void **)&curl.free_list = dlsym(library, "curl_slist_free_all");
    *(void **)&curl.words = dlsym(library, "curl_easy_strerror");
    if (!curl.set || !curl.perform || !curl.get || !curl.cleanup || !curl.append || !curl.free_list || !curl.words)
        return 0;
    *(void **)&curl.init = dlsym(library, "curl_easy_init");
    return curl.init != NULL;
}

long vtx_http_post(
    const char *url, const char *const *headers, const void *body, size_t size, long seconds, char problem[256]) {
    strcpy(problem, "libcurl is not installed");
    if (!vtx_http_available()) return 0;
    void *request = curl.init(), *list = NULL;
    if (!request) return 0;
    problem[0] = 0;
    for (; *headers; headers++) list = curl.append(list, *headers);
    curl.set(request, OPT_URL, url);
    curl.set(request, OPT_PROTOCOLS, (long)PROTOCOL_HTTP_AND_HTTPS);
    curl.set(request, OPT_ERRORBUFFER, problem);
    curl.set(request, OPT_NOSIGNAL, 1L);
    curl.set(request, OPT_TIMEOUT, seconds);
    curl.set(request, OPT_CONNECTTIMEOUT, seconds);
    curl.set(request, OPT_USERAGENT, "vtx");
    curl.set(request, OPT_POST, 1L);
    curl.set(request, OPT_POSTFIELDS, body);
    curl.set(request, OPT_POSTFIELDSIZE, (long)size);
    curl.set(request, OPT_HTTPHEADER, list);
    curl.set(request, OPT_WRITEFUNCTION, ignore);
    int code = curl.perform(request);
    long status = 0;
    if (code == 0) curl.get(request, INFO_RESPONSE_CODE, &status);
    if (code != 0 && problem[0] == 0) strncat(problem, curl.words(code), 255);
    curl.cleanup(request);
    curl.free_list(list);
    return status;
}
