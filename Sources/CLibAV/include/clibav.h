// libav as Swift can import it.
//
// Only what the importer cannot see stands here: function-like macros, casts, variadic functions,
// callbacks with C types, and fields that are deprecated in one version and missing in another.
#pragma once

#include <libavcodec/avcodec.h>
#include <libavcodec/bsf.h>
#include <libavfilter/avfilter.h>
#include <libavfilter/buffersink.h>
#include <libavfilter/buffersrc.h>
#include <libavformat/avformat.h>
#include <libavutil/aes.h>
#include <libavutil/channel_layout.h>
#include <libavutil/cpu.h>
#include <libavutil/crc.h>
#include <libavutil/dict.h>
#include <libavutil/display.h>
#include <libavutil/dovi_meta.h>
#include <libavutil/error.h>
#include <libavutil/hmac.h>
#include <libavutil/hwcontext.h>
#include <libavutil/imgutils.h>
#include <libavutil/mastering_display_metadata.h>
#include <libavutil/mathematics.h>
#include <libavutil/opt.h>
#include <libavutil/pixdesc.h>
#include <libavutil/sha.h>
#include <libavutil/spherical.h>
#include <libavutil/stereo3d.h>
#include <libswresample/swresample.h>

/* AVERROR() and FFERRTAG() are function-like macros. */
static const int vtx_error_again = AVERROR(EAGAIN);
static const int vtx_error_end_of_file = AVERROR_EOF;
static const int vtx_error_invalid_data = AVERROR_INVALIDDATA;
static const int vtx_error_interrupted = AVERROR_EXIT;
static const int vtx_error_no_memory = AVERROR(ENOMEM);
static const int vtx_error_not_permitted = AVERROR(EPERM);
static const int vtx_error_no_option = AVERROR_OPTION_NOT_FOUND;
static const int vtx_error_decoder_not_found = AVERROR_DECODER_NOT_FOUND;
static const int vtx_error_encoder_not_found = AVERROR_ENCODER_NOT_FOUND;
static const int vtx_error_external = AVERROR_EXTERNAL;
static const int vtx_error_not_implemented = AVERROR_PATCHWELCOME;

/* The value of an errno wrapped in a libav code, or 0 if it is one of libav's own. */
static inline int vtx_errno_of(int code) { return code < 0 && code > -4096 ? AVUNERROR(code) : 0; }
static inline int vtx_error_from_errno(int number) { return AVERROR(number); }

/* AV_NOPTS_VALUE is a cast. */
static const int64_t vtx_no_timestamp = AV_NOPTS_VALUE;

/* av_log's callback takes a va_list. Lines come in pieces and from codec threads: they are joined a
 * thread at a time, warnings and worse handed to `sink`, and the last error line of each thread kept. */
typedef void (*vtx_log_sink)(int level, const char *_Nonnull line);
void vtx_log_install(vtx_log_sink _Nullable sink);

/* Copies the last error line logged on this thread, or failing that on any thread since the last call,
 * and forgets it. Returns its length, 0 if there is none. */
int vtx_log_take_error(char *_Nonnull text, int capacity);

/* Whether any decoder of the process has refused a frame for its size (AVCodecContext.max_pixels). */
int vtx_log_saw_large_picture(void);

/* Forgets what this thread has logged, so that an old line is not taken for the cause of a new failure. */
void vtx_log_forget(void);

/* An AVFormatContext that opens no file but the one it is given: io_open is refused, and the refused name
 * kept in `refused` (capacity bytes, may be empty). */
void vtx_refuse_references(AVFormatContext *_Nonnull context, char *_Nonnull refused, int capacity);

/* Interrupts blocking reads and writes once *flag is not 0. */
AVIOInterruptCB vtx_interrupt(const int32_t *_Nonnull flag);

/* AVFrame.pkt_duration was renamed in FFmpeg 6. */
static inline int64_t vtx_frame_duration(const AVFrame *_Nonnull frame) {
#if LIBAVUTIL_VERSION_MAJOR >= 58
    return frame->duration;
#else
    return frame->pkt_duration;
#endif
}
static inline void vtx_frame_set_duration(AVFrame *_Nonnull frame, int64_t duration) {
#if LIBAVUTIL_VERSION_MAJOR >= 58
    frame->duration = duration;
#else
    frame->pkt_duration = duration;
#endif
}
static inline int vtx_frame_is_interlaced(const AVFrame *_Nonnull frame) {
#if LIBAVUTIL_VERSION_MAJOR >= 59
    return (frame->flags & AV_FRAME_FLAG_INTERLACED) != 0;
#else
    return frame->interlaced_frame;
#endif
}
static inline int vtx_frame_is_top_first(const AVFrame *_Nonnull frame) {
#if LIBAVUTIL_VERSION_MAJOR >= 59
    return (frame->flags & AV_FRAME_FLAG_TOP_FIELD_FIRST) != 0;
#else
    return frame->top_field_first;
#endif
}
static inline int64_t vtx_frame_samples(const AVFrame *_Nonnull frame) { return frame->nb_samples; }

/* The pieces of an AVSubtitle that Swift reads; the rest of it stays on the C side. */
static inline int vtx_subtitle_rects(const AVSubtitle *_Nonnull subtitle) { return (int)subtitle->num_rects; }

/* Draws the bitmaps of a subtitle onto a transparent RGBA image of `width` × `height`. */
void vtx_subtitle_draw(const AVSubtitle *_Nonnull subtitle, uint8_t *_Nonnull rgba, int stride, int width, int height);

/* Encodes a subtitle into a new packet of exactly the needed size. Returns 0 or an error. */
int vtx_subtitle_encode(AVCodecContext *_Nonnull encoder, const AVSubtitle *_Nonnull subtitle, AVPacket *_Nonnull packet);
