// The parts of libav's interface that need C: variadic callbacks, io_open, and palette bitmaps.

#define _GNU_SOURCE
#include "clibav.h"

#include <libavutil/avassert.h>
#include <libavutil/avstring.h>

#include <errno.h>
#include <pthread.h>
#include <string.h>

enum { line_capacity = 1024 };

static _Thread_local char pending[line_capacity];
static _Thread_local int pending_level;
static _Thread_local int print_prefix = 1;
static _Thread_local char last_error[line_capacity];

static pthread_mutex_t shared_lock = PTHREAD_MUTEX_INITIALIZER;
static char shared_error[line_capacity];
static vtx_log_sink log_sink;

static int too_large;

static void finish_line(void) {
    if (pending[0] == 0) return;
    /* av_image_check_size2 says so to the log alone: decoders return other errors. */
    if (strstr(pending, "exceeds specified max pixel count")) __atomic_store_n(&too_large, 1, __ATOMIC_RELAXED);
    /* Demuxers say this last, whatever went wrong: the line before tells more. */
    int tells_nothing = last_error[0] && strstr(pending, "error reading header");
    /* A feature that libav lacks is a warning to it, with advice about its own development behind. */
    char *lacks = strstr(pending, " is not implemented. ");
    if (lacks) lacks[strlen(" is not implemented")] = 0;
    if ((pending_level <= AV_LOG_ERROR || lacks) && !tells_nothing) {
        memcpy(last_error, pending, line_capacity);
        pthread_mutex_lock(&shared_lock);
        memcpy(shared_error, pending, line_capacity);
        pthread_mutex_unlock(&shared_lock);
    }
    if (log_sink) log_sink(pending_level, pending);
    pending[0] = 0;
}

static void receive(void *object, int level, const char *format, va_list arguments) {
    if (level > AV_LOG_WARNING) return;
    char piece[line_capacity];
    av_log_format_line2(object, level, format, arguments, piece, sizeof piece, &print_prefix);
    if (pending[0] == 0) pending_level = level;
    av_strlcat(pending, piece, line_capacity);
    size_t length = strlen(pending);
    int ended = length > 0 && pending[length - 1] == '\n';
    while (length > 0 && (pending[length - 1] == '\n' || pending[length - 1] == '\r')) pending[--length] = 0;
    if (ended || length >= line_capacity - 2) finish_line();
}

void vtx_log_install(vtx_log_sink sink) {
    log_sink = sink;
    av_log_set_callback(receive);
}

int vtx_log_take_error(char *text, int capacity) {
    text[0] = 0;
    if (last_error[0] != 0) {
        av_strlcpy(text, last_error, capacity);
        last_error[0] = 0;
    }
    pthread_mutex_lock(&shared_lock);
    if (text[0] == 0) av_strlcpy(text, shared_error, capacity);
    shared_error[0] = 0;
    pthread_mutex_unlock(&shared_lock);
    return (int)strlen(text);
}

int vtx_log_saw_large_picture(void) { return __atomic_load_n(&too_large, __ATOMIC_RELAXED); }

void vtx_log_forget(void) {
    last_error[0] = 0;
    pending[0] = 0;
}

static int refuse(AVFormatContext *context, AVIOContext **io, const char *url, int flags, AVDictionary **options) {
    (void)io, (void)flags, (void)options;
    if (context->opaque) av_strlcpy(context->opaque, url, line_capacity);
    return AVERROR(EPERM);
}

void vtx_refuse_references(AVFormatContext *context, char *refused, int capacity) {
    av_assert0(capacity >= line_capacity);
    refused[0] = 0;
    context->opaque = refused;
    context->io_open = refuse;
}

static int is_set(void *flag) { return __atomic_load_n((const int32_t *)flag, __ATOMIC_RELAXED) != 0; }

AVIOInterruptCB vtx_interrupt(const int32_t *flag) {
    return (AVIOInterruptCB){.callback = is_set, .opaque = (void *)flag};
}

void vtx_subtitle_draw(const AVSubtitle *subtitle, uint8_t *rgba, int stride, int width, int height) {
    for (int y = 0; y < height; y++) memset(rgba + (ptrdiff_t)y * stride, 0, (size_t)width * 4);
    for (unsigned i = 0; i < subtitle->num_rects; i++) {
        const AVSubtitleRect *rect = subtitle->rects[i];
        if (rect->type != SUBTITLE_BITMAP || !rect->data[0] || !rect->data[1]) continue;
        const uint32_t *palette = (const uint32_t *)rect->data[1];
        for (int row = 0; row < rect->h; row++) {
            int y = rect->y + row;
            if (y < 0 || y >= height) continue;
            for (int column = 0; column < rect->w; column++) {
                int x = rect->x + column;
                if (x < 0 || x >= width) continue;
                uint32_t argb = palette[rect->data[0][(ptrdiff_t)row * rect->linesize[0] + column]];
                uint8_t *pixel = rgba + (ptrdiff_t)y * stride + (ptrdiff_t)x * 4;
                pixel[0] = (uint8_t)(argb >> 16);
                pixel[1] = (uint8_t)(argb >> 8);
                pixel[2] = (uint8_t)argb;
                pixel[3] = (uint8_t)(argb >> 24);
            }
        }
    }
}

int vtx_subtitle_encode(AVCodecContext *encoder, const AVSubtitle *subtitle, AVPacket *packet) {
    /* avcodec_encode_subtitle wants the space beforehand and cannot say how much: text is short. */
    static const int capacity = 1 << 20;
    uint8_t *space = av_malloc(capacity);
    if (!space) return AVERROR(ENOMEM);
    int size = avcodec_encode_subtitle(encoder, space, capacity, subtitle);
    int result = size < 0 ? size : av_new_packet(packet, size);
    if (result >= 0) memcpy(packet->data, space, (size_t)size);
    av_free(space);
    return result < 0 ? result : 0;
}
