"""The tasks of scripts/everyday: plain data, a row for each.

A row: what somebody wants, the source, the words of vtx after the program's name, the ffmpeg command line that does the
same, and what has to be true of the output. {in} is the source, {out} the output in a folder of the row's own, {srt} a
subtitle file, {clip} another video, {logo} an image and {chapters} a text file with chapters. Sources are files of the media folder or of Fixtures, or names of SOURCES below, which ffmpeg makes.

Checks are in everyday_checks.py; several of them stand in a list.
"""

from dataclasses import dataclass

from everyday_checks import (
    audio, bytes_between, chapters, colors, cover, decodes, differs, duration, first_keyframe, holds, level, matches,
    no_stream, nothing_written, progressive, says, shows, silence, size_part, smaller_than_source, subtitles, tag, video)


@dataclass(frozen=True)
class Task:
    """One thing that people do."""

    name: str
    source: str
    vtx: str
    ffmpeg: str
    checks: tuple
    status: int = 0
    output: str = "out.mp4"


MOVING = "-f lavfi -i testsrc2=size={size}:rate=25:duration={seconds} -f lavfi -i sine=frequency=440:duration={seconds}"
H264 = "-c:v libx264 -preset ultrafast -crf 20 -g 25 -pix_fmt yuv420p -c:a aac -shortest"

# Name: file name and arguments of ffmpeg.
SOURCES = {
    "letterbox": ("letterbox.mp4", MOVING.format(size="320x180", seconds=4) + " -vf pad=320:240:0:30 " + H264),
    "moving": ("moving.mp4", MOVING.format(size="320x180", seconds=4) + " " + H264),
    "portrait": ("portrait.mp4", MOVING.format(size="360x640", seconds=3) + " " + H264),
    "noisy": ("noisy.mp4", MOVING.format(size="320x180", seconds=3) + " -vf noise=alls=24:allf=t " + H264),
    "wide": ("wide.mp4", MOVING.format(size="640x360", seconds=4) + " " + H264),
    "interlaced": (
        "interlaced.mpg",
        "-f lavfi -i testsrc2=size=352x288:rate=50:duration=2 -vf tinterlace=interleave_top,setfield=tff"
        " -c:v mpeg2video -flags +ildct+ilme -q:v 3"),
    "two_tracks": (
        "two.mkv",
        "-f lavfi -i testsrc2=size=320x180:rate=25:duration=3 -f lavfi -i sine=frequency=440:duration=3 -f lavfi -i"
        " sine=frequency=880:duration=3 -map 0 -map 1 -map 2 -c:v libx264 -preset ultrafast -pix_fmt yuv420p -c:a aac"
        " -metadata:s:a:0 language=eng -metadata:s:a:1 language=fra"),
}

# Beside the sources: name, and arguments of ffmpeg or text.
OTHERS = {
    "{logo}": ("logo.png", "-f lavfi -i color=red:size=120x60 -frames:v 1"),
    "{chapters}": ("chapters.txt", "CHAPTER01=00:00:00.000\nCHAPTER01NAME=One\nCHAPTER02=00:00:02.000\nCHAPTER02NAME=Two\n"),
}

TASKS = [
    # Files for places
    Task("convert to MP4", "clip.mkv", "transcode {in} {out}",
         "ffmpeg -i in.mkv -c:v libx264 -crf 21 -c:a aac -b:a 160k -c:s mov_text -movflags +faststart out.mp4",
         (video(codec="h264", height=240), audio("aac", count=2), subtitles("mov_text"), chapters(2), decodes())),
    Task("convert to WebM", "moving", "transcode {in} -o {out} --speed 8",
         "ffmpeg -i in.mp4 -c:v libvpx-vp9 -crf 32 -b:v 0 -c:a libopus out.webm",
         (video(codec="vp9", height=180), audio("opus"), decodes()), output="out.webm"),
    Task("change the container only", "clip.mkv", "transcode {in} -o {out} --video copy --audio-codec copy",
         "ffmpeg -i in.mkv -map 0 -c copy -c:s mov_text out.mp4",
         (video(codec="h264"), audio("aac", count=2), matches("null", 99))),
    Task("only the audio, as MP3", "moving", "transcode {in} -o {out}", "ffmpeg -i in.mp4 -vn -b:a 160k out.mp3",
         (audio("mp3"), no_stream("video"), duration(4, 0.1)), output="out.mp3"),
    Task("only the audio, as it is", "moving", "transcode {in} -o {out} --audio-codec copy",
         "ffmpeg -i in.mp4 -vn -c copy out.m4a", (audio("aac"), no_stream("video")), output="out.m4a"),
    Task("no audio", "moving", "transcode {in} -o {out} --audio none --speed ultrafast", "ffmpeg -i in.mp4 -an out.mp4",
         (video(codec="h264"), no_stream("audio"))),
    Task("for a web page", "wide", "transcode {in} -o {out} --preset web --speed ultrafast",
         "ffmpeg -i in.mp4 -c:v libx264 -crf 23 -pix_fmt yuv420p -c:a aac -ac 2 -movflags +faststart out.mp4",
         (video(codec="h264", height=360), audio("aac"), decodes())),
    Task("for phones", "perf_1080p24_agent327.mp4",
         "transcode {in} -o {out} --preset phone --speed ultrafast --duration 1",
         "ffmpeg -i in.mp4 -t 1 -vf scale=1280:-2 -c:v libx264 -profile:v main -crf 23 -c:a aac -ac 2 out.mp4",
         (video(codec="h264", height=720), duration(1, 0.1))),
    Task("for keeping, lossless", "moving", "transcode {in} -o {out} --preset archive",
         "ffmpeg -i in.mp4 -c:v ffv1 -level 3 -slicecrc 1 -c:a flac out.mkv",
         (video(codec="ffv1"), audio("flac"), matches("null", 99)), output="out.mkv"),
    Task("for editing", "moving", "transcode {in} -o {out} --preset edit",
         "ffmpeg -i in.mp4 -c:v prores_ks -profile:v standard -c:a pcm_s16le out.mov",
         (video(codec="prores"), audio("pcm_s16le"), matches("null", 38)), output="out.mov"),
    Task("for YouTube", "moving", "transcode {in} -o {out} --preset youtube --speed ultrafast",
         "ffmpeg -i in.mp4 -c:v libx264 -crf 18 -bf 2 -g 12 -c:a aac -b:a 384k -ar 48000 out.mp4",
         (video(codec="h264"), audio("aac", rate=48000))),
    Task("for Discord", "wide", "transcode {in} -o {out} --preset discord --speed ultrafast",
         "(by hand) ffmpeg -i in.mp4 -b:v RATE -pass 1 … && ffmpeg -i in.mp4 -b:v RATE -pass 2 … out.mp4",
         (video(codec="h264"), bytes_between(10_000, 10_000_000))),
    Task("for mail", "wide", "transcode {in} -o {out} --preset email-25mb --speed ultrafast",
         "(by hand) ffmpeg -i in.mp4 -b:v RATE -pass 1 … && ffmpeg -i in.mp4 -b:v RATE -pass 2 … out.mp4",
         (video(codec="h264"), bytes_between(10_000, 18_000_000))),
    Task("smaller file", "wide", "transcode {in} -o {out} --crf 32 --speed veryfast",
         "ffmpeg -i in.mp4 -crf 32 -preset veryfast out.mp4", (video(height=360), smaller_than_source())),
    Task("HEVC", "moving", "transcode {in} -o {out} --video h265 --speed ultrafast",
         "ffmpeg -i in.mp4 -c:v libx265 -tag:v hvc1 out.mp4", (video(codec="hevc", tag="hvc1"), decodes())),
    Task("AV1", "moving", "transcode {in} -o {out} --video av1 --speed 12", "ffmpeg -i in.mp4 -c:v libsvtav1 out.mp4",
         (video(codec="av1"), decodes())),
    # Size of the frame
    Task("720p becomes 360p", "wide", "transcode {in} -o {out} --height 180 --speed ultrafast",
         "ffmpeg -i in.mp4 -vf scale=-2:180 out.mp4", (video(width=320, height=180), matches("scale=320:180", 30))),
    Task("the short side, of portrait video", "portrait",
         "transcode {in} -o {out} --resolution 180p --speed ultrafast",
         "ffmpeg -i in.mp4 -vf scale=180:-2 out.mp4", (video(width=180, height=320),)),
    Task("an exact size with bars", "moving", "transcode {in} -o {out} --size 320x320 --speed ultrafast",
         "ffmpeg -i in.mp4 -vf scale=320:180,pad=320:320:0:70 out.mp4",
         (video(width=320, height=320), matches("pad=320:320:0:70", 30))),
    Task("crop black bars", "letterbox", "transcode {in} -o {out} --crop auto --speed ultrafast --crf 16",
         "ffmpeg -i in.mp4 -vf cropdetect … ; ffmpeg -i in.mp4 -vf crop=320:180:0:30 out.mp4",
         (video(width=320, height=180), matches("crop=320:180:0:30", 32))),
    Task("crop to a part", "wide", "transcode {in} -o {out} --crop 320:240:100:60 --speed ultrafast --crf 16",
         "ffmpeg -i in.mp4 -vf crop=320:240:100:60 out.mp4",
         (video(width=320, height=240), matches("crop=320:240:100:60", 32))),
    # The image
    Task("rotate by 90 degrees", "moving", "transcode {in} -o {out} --rotate 90 --speed ultrafast --crf 16",
         "ffmpeg -i in.mp4 -vf transpose=clock out.mp4",
         (video(width=180, height=320), matches("transpose=clock", 32))),
    Task("turn a phone's video upright", "h264_720p_rot270.mp4",
         "transcode {in} -o {out} --height 320 --duration 1 --speed ultrafast",
         "ffmpeg -i in.mp4 -t 1 -vf scale=-2:320 out.mp4", (video(width=180, height=320),)),
    Task("mirror", "moving", "transcode {in} -o {out} --flip horizontal --speed ultrafast --crf 16",
         "ffmpeg -i in.mp4 -vf hflip out.mp4", (matches("hflip", 32),)),
    Task("reduce noise", "noisy", "transcode {in} -o {out} --denoise strong --speed ultrafast --crf 12",
         "ffmpeg -i in.mp4 -vf hqdn3d=7:7:5:5 out.mp4", (matches("hqdn3d=7:7:5:5", 36),)),
    Task("reduce banding", "moving", "transcode {in} -o {out} --deband --speed ultrafast --crf 12",
         "ffmpeg -i in.mp4 -vf deband out.mp4", (matches("deband", 34),)),
    Task("sharpen", "moving", "transcode {in} -o {out} --sharpen medium --video ffv1 --audio-codec copy",
         "ffmpeg -i in.mp4 -vf cas=strength=0.6 -c:v ffv1 -c:a copy out.mkv", (matches("cas=strength=0.6", 40),),
         output="out.mkv"),
    Task("any other filter", "moving", "transcode {in} -o {out} --filter eq=contrast=1.2 --speed ultrafast --crf 12",
         "ffmpeg -i in.mp4 -vf eq=contrast=1.2 out.mp4", (matches("eq=contrast=1.2", 36),)),
    Task("deinterlace", "interlaced", "transcode {in} -o {out} --speed ultrafast --crf 14",
         "ffmpeg -i in.mpg -vf bwdif=mode=send_frame out.mp4",
         (video(rate=25), progressive(), matches("bwdif=mode=send_frame", 32))),
    Task("HDR to SDR", "av1_hdr10_mdcv_clli.mp4",
         "transcode {in} -o {out} --height 180 --speed ultrafast --duration 0.5",
         "ffmpeg -i in.mp4 -t 0.5 -vf zscale=t=linear:npl=100,tonemap=hable,zscale=p=bt709:t=bt709:m=bt709,format=yuv420p"
         " out.mp4", (colors("bt709"), video(height=180))),
    Task("HDR kept", "hdr.mp4", "transcode {in} -o {out} --video hevc --hdr keep --speed ultrafast",
         "ffmpeg -i in.mp4 -c:v libx265 -x265-params hdr10=1:… -pix_fmt yuv420p10le -tag:v hvc1 out.mp4",
         (colors("smpte2084"), video(codec="hevc"))),
    Task("burn subtitles", "clip.mkv", "transcode {in} -o {out} --burn 1 --subtitles none --speed ultrafast",
         "ffmpeg -i in.mkv -vf subtitles=in.mkv:si=0 -sn out.mp4",
         (no_stream("subtitle"), matches("subtitles='{in}':si=0", 30))),
    Task("constant 25 frames per second", "vfr.mp4", "transcode {in} -o {out} --fps 25 --speed ultrafast",
         "ffmpeg -i in.mp4 -r 25 out.mp4", (video(rate=25), duration(3, 1.5))),
    # Time
    Task("cut a part, to the frame", "moving", "transcode {in} -o {out} --start 1.2 --duration 1.6 --speed ultrafast",
         "ffmpeg -ss 1.2 -i in.mp4 -t 1.6 out.mp4", (duration(1.6, 0.06), matches("trim=start_frame=30,setpts=PTS-STARTPTS", 30))),
    Task("cut by clock times", "perf_720p24_sintel_trailer.mp4",
         "transcode {in} -o {out} --start 0:00:12 --end 0:00:14 --height 180 --speed ultrafast",
         "ffmpeg -ss 12 -to 14 -i in.mp4 -vf scale=-2:180 out.mp4", (duration(2, 0.1), video(height=180))),
    Task("play twice as fast", "moving", "transcode {in} -o {out} --speed-up 2 --speed ultrafast",
         "ffmpeg -i in.mp4 -vf setpts=PTS/2 -r 25 -af atempo=2 out.mp4", (duration(2, 0.1), video(rate=25))),
    Task("slow motion", "moving", "transcode {in} -o {out} --speed-up 0.5 --speed ultrafast",
         "ffmpeg -i in.mp4 -vf setpts=PTS*2 -af atempo=0.5 out.mp4", (duration(8, 0.1),)),
    Task("fade in and out", "moving", "transcode {in} -o {out} --fade 1:1 --speed ultrafast --crf 14",
         "ffmpeg -i in.mp4 -vf fade=in:d=1,fade=out:st=3:d=1 -af afade=d=1,afade=out:st=3:d=1 out.mp4",
         (matches("fade=t=in:st=0:d=1,fade=t=out:st=3:d=1", 30), silence(0, 0.05))),
    Task("keyframes every two seconds", "moving", "transcode {in} -o {out} --gop 2 --speed ultrafast",
         "ffmpeg -i in.mp4 -g 50 -keyint_min 50 -sc_threshold 0 out.mp4", (first_keyframe(2),)),
    # Audio
    Task("louder by 6 dB", "moving", "transcode {in} -o {out} --volume +6dB --speed ultrafast",
         "ffmpeg -i in.mp4 -af volume=6dB out.mp4", (level(6, 0.5),)),
    Task("mono", "moving", "transcode {in} -o {out} --channels mono --speed ultrafast",
         "ffmpeg -i in.mp4 -ac 1 out.mp4", (audio("aac", channels=1),)),
    Task("5.1 to stereo", "surround.mkv", "transcode {in} -o {out} --channels stereo",
         "ffmpeg -i in.mkv -ac 2 out.m4a", (audio("aac", channels=2),), output="out.m4a"),
    Task("even loudness", "moving", "transcode {in} -o {out} --loudness -16",
         "ffmpeg -i in.mp4 -af loudnorm=I=-16:TP=-1 (twice) out.m4a", (says("LUFS"), audio("aac")), output="out.m4a"),
    Task("the French track only", "two_tracks", "transcode {in} -o {out} --audio fra --speed ultrafast",
         "ffmpeg -i in.mkv -map 0:v -map 0:a:m:language:fra out.mp4", (audio("aac", count=1, language="fra"),)),
    # Text
    Task("add a subtitle file", "moving", "transcode {in} -o {out} --subtitle-file de:{srt} --speed ultrafast",
         "ffmpeg -i in.mp4 -i a.srt -map 0 -map 1 -c:s mov_text -metadata:s:s:0 language=deu out.mp4",
         (subtitles("mov_text", language="deu"),)),
    Task("leave subtitles out", "clip.mkv", "transcode {in} -o {out} --subtitles none --speed ultrafast",
         "ffmpeg -i in.mkv -map 0 -sn out.mp4", (no_stream("subtitle"),)),
    Task("draw a subtitle file into the video", "moving", "transcode {in} -o {out} --burn {srt} --crf 10 --speed ultrafast",
         "ffmpeg -i in.mp4 -vf subtitles=a.srt out.mp4",
         (no_stream("subtitle"), matches("subtitles={srt}", 35))),
    # Pictures and text out of a file
    Task("the subtitles as a file", "clip.mkv", "extract {in} -o {out}", "ffmpeg -i in.mkv -map 0:s:0 out.srt",
         (holds("First line", "-->"),), output="out.srt"),
    Task("a frame as an image", "moving", "extract {in} -o {out} --at 2",
         "ffmpeg -ss 2 -i in.mp4 -frames:v 1 out.png", (video(codec="png", width=320, height=180), shows(2)),
         output="out.png"),
    Task("a contact sheet", "perf_720p24_sintel_trailer.mp4", "extract {in} -o {out} --sheet 4x3 --tile-width 160",
         "ffmpeg -i in.mp4 -vf fps=12/52,scale=160:-2,tile=4x3 -frames:v 1 out.jpg",
         (video(codec="mjpeg", width=640, height=270),), output="out.jpg"),
    Task("an animated GIF", "moving", "extract {in} -o {out} --start 1 --duration 2 --height 120",
         "ffmpeg -ss 1 -t 2 -i in.mp4 -filter_complex fps=12.5,scale=-2:120,split[a][b];[a]palettegen[p];[b][p]paletteuse out.gif",
         (video(codec="gif", height=120, rate=12.5), duration(2, 0.09)), output="out.gif"),
    # Files together
    Task("join two files", "moving", "join {in} {in} -o {out}", "ffmpeg -f concat -i list.txt -c copy out.mp4",
         (video(codec="h264", height=180), duration(8, 0.06), chapters(2), decodes())),
    Task("join files of two shapes", "wide", "join {in} {clip} -o {out} --speed ultrafast",
         "ffmpeg -i a.mp4 -i b.mkv -filter_complex [0:v][0:a][1:v]…scale,pad,fps,aresample…concat=n=2:v=1:a=1 out.mp4",
         (video(codec="h264", width=640, height=360), duration(7, 0.1), decodes())),
    # Marks and labels
    Task("a logo in a corner", "moving", "transcode {in} -o {out} --overlay {logo}:top-right:20% --crf 10 --speed ultrafast",
         "ffmpeg -i in.mp4 -i logo.png -filter_complex [1][0]scale2ref…overlay=W-w-9:9 out.mp4",
         (video(height=180), differs(5, 25))),
    Task("a title", "moving", "transcode {in} -o {out} --video copy --audio-codec copy --metadata title=Holiday",
         "ffmpeg -i in.mp4 -c copy -metadata title=Holiday out.mp4", (tag("title", "Holiday"),)),
    Task("no private data", "gopro_gpmf_tmcd.mp4",
         "transcode {in} -o {out} --video copy --audio-codec copy --strip-metadata",
         "ffmpeg -i in.mp4 -map_metadata -1 -map 0:v -map 0:a -c copy out.mp4", (tag("creation_time", None),)),
    Task("chapters from a file", "moving", "transcode {in} -o {out} --video copy --chapters {chapters}",
         "ffmpeg -i in.mp4 -i chapters.txt -map 0 -map_chapters 1 -c copy out.mp4", (chapters(2),)),
    Task("a cover", "clip.mkv", "transcode {in} -o {out} --audio 1 --cover {logo}",
         "ffmpeg -i in.mkv -i cover.png -map 0:a:0 -map 1 -c:v copy -disposition:v attached_pic out.m4a",
         (cover("png"),), output="out.m4a"),
    # Parts without encoding
    Task("cut at keyframes", "moving", "transcode {in} -o {out} --cut keyframe --start 1.4 --end 3",
         "ffmpeg -ss 1.4 -to 3 -i in.mp4 -c copy out.mp4 (does not say where it starts)",
         (says("earlier than asked"), duration(2, 0.1), decodes())),
    Task("cut to the frame, encode little", "moving", "transcode {in} -o {out} --cut smart --start 1.4 --end 3 --audio none",
         "(several) ffmpeg -ss … -to … -c:v libx264 …; ffmpeg -c copy …; ffmpeg -f concat …",
         (says("copied from"), duration(1.6, 0.05), matches("trim=start_frame=35:end_frame=75", 35))),
    Task("a transport stream", "moving", "transcode {in} -o {out} --video copy",
         "ffmpeg -i in.mp4 -c copy out.ts", (video(codec="h264", height=180), audio("aac"), decodes()), output="out.ts"),
    # What is said
    Task("larger than the source", "moving", "transcode {in} -o {out} --crf 2 --speed ultrafast",
         "ffmpeg -i in.mp4 -crf 2 -preset ultrafast out.mp4 (says nothing)", (says("larger than the source"),)),
    Task("a size that would look bad", "perf_1080p24_agent327.mp4", "transcode {in} -o {out} --target-size 1M",
         "ffmpeg -i in.mp4 -b:v 100k out.mp4 (looks bad)", (says("--height"), nothing_written()), status=64),
]

# Sizes: file of the media folder, seconds of it, height, kb/s of the smallest of three sizes. All are below what the best
# quality takes.
SIZED = [
    ("perf_720p24_sintel_trailer.mp4", 10, 180, 250), ("perf_1080p24_agent327.mp4", 10, 180, 250),
    ("h264_1080p_rot90_aac51.mp4", 2, 240, 360), ("hevc_1080p_aac51.ts", 5, 180, 360),
    ("vp8_1080p60_vorbis51.webm", 1, 240, 360), ("vp9_10bit_23976.webm", 3, 180, 250),
    ("av1_hdr10_portrait_aac.mp4", 4, 320, 360), ("phone_vfr_1080p.mp4", 1.6, 240, 360),
    ("h264_720p_rot270.mp4", 4.9, 240, 300), ("h264_sar3x2_8797fps.mp4", 5, 240, 120),
    ("h264_10fps_139s_noaudio.mp4", 10, 432, 360), ("h264_444_mp3mono16k.mp4", 10, 240, 360),
    ("gopro_gpmf_tmcd.mp4", 10, 240, 360), ("mpeg2_ps_city.mpg", 7, 240, 360), ("mpeg2_1080p24.ts", 2.5, 180, 360),
    ("mpeg4sp_mp3_23976.avi", 4, 240, 360), ("wmv3_wmav2_day7.wmv", 20, 180, 200), ("theora_vorbis.ogv", 5, 240, 360),
    ("ts_pts_wrap.ts", 2, 240, 360), ("dv_ntsc_bff.mov", 1, 480, 360),
]


def sized_tasks():
    """The rows of SIZED."""
    for name, seconds, height, rate in SIZED:
        for factor in (1, 1.7, 2.8):
            size = round(seconds * rate * factor / 8)
            yield Task(
                f"size: {name} {size}k", name,
                f"transcode {{in}} -o {{out}} --duration {seconds} --height {height} --speed veryfast --target-size {size}k",
                f"(by hand) ffmpeg -i in -t {seconds} -vf scale=-2:{height} -b:v RATE -pass 1 … && … -pass 2 out.mp4",
                (size_part(size * 1000), decodes()))
