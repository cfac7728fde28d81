#include "text.h"

#include <dlfcn.h>
#include <errno.h>
#include <iconv.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

static const iconv_t none = (iconv_t)-1;

int vtx_text_is_encoding(const char *name) {
    iconv_t converter = iconv_open("UTF-8", name);
    if (converter == none) return 0;
    iconv_close(converter);
    return 1;
}

int vtx_text_decode(
    const char *encoding, const char *bytes, size_t size, char **text, size_t *length, size_t *read) {
    *read = 0;
    iconv_t converter = iconv_open("UTF-8", encoding);
    if (converter == none) return EINVAL;
    size_t capacity = size * 2 + 64, used = 0;
    char *result = malloc(capacity), *input = (char *)bytes;
    int code = result ? 0 : ENOMEM;
    size_t left = size;
    int flushing = 0;
    while (!code) {
        char *output = result + used;
        size_t room = capacity - used;
        size_t done = iconv(converter, flushing ? NULL : &input, &left, &output, &room);
        used = (size_t)(output - result);
        if (done != (size_t)-1) {
            if (flushing) break;
            flushing = 1;
        } else if (errno == E2BIG) {
            char *larger = realloc(result, capacity * 2);
            if (!larger) {
                code = ENOMEM;
            } else {
                result = larger;
                capacity *= 2;
            }
        } else {
            /* EINVAL is a character that the end of the text cuts off. */
            code = EILSEQ;
        }
    }
    *read = size - left;
    iconv_close(converter);
    if (code) {
        free(result);
        return code;
    }
    *text = result;
    *length = used;
    return 0;
}

/* libuchardet's interface, the same since its first release. */
static struct {
    void *(*create)(void);
    void (*destroy)(void *);
    int (*take)(void *, const char *, size_t);
    void (*end)(void *);
    const char *(*name)(void *);
} detector;

static pthread_once_t loaded = PTHREAD_ONCE_INIT;

static void load(void) {
    void *library = dlopen("libuchardet.so.0", RTLD_NOW | RTLD_LOCAL);
    if (!library) return;
    *(void **)&detector.destroy = dlsym(library, "uchardet_delete");
    *(void **)&detector.take = dlsym(library, "uchardet_handle_data");
    *(void **)&detector.end = dlsym(library, "uchardet_data_end");
    *(void **)&detector.name = dlsym(library, "uchardet_get_charset");
    if (!detector.destroy || !detector.take || !detector.end || !detector.name) return;
    *(void **)&detector.create = dlsym(library, "uchardet_new");
}

int vtx_text_detect(const char *bytes, size_t size, char name[64]) {
    name[0] = 0;
    pthread_once(&loaded, load);
    if (!detector.create) return -1;
    void *state = detector.create();
    if (!state) return 0;
    if (detector.take(state, bytes, size) == 0) {
        detector.end(state);
        const char *found = detector.name(state);
        if (found && strlen(found) < 64) strcpy(name, found);
    }
    detector.destroy(state);
    return name[0] != 0;
}
