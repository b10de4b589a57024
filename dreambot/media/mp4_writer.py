"""Writes MP4 files that play in every client: H.264, 4:2:0, with the index at the start. Needs PyAV."""

import io
from fractions import Fraction

import av
from av.video.reformatter import ColorPrimaries, ColorRange, Colorspace, ColorTrc, Interpolation

from dreambot.media.metadata import KEYWORD
from dreambot.media.picture import Pixels
from dreambot.media.video_settings import TickClock, VideoSettings

TICKS = 90_000
_BEST_CRF, _WORST_CRF = 18, 34
_KEYFRAME_SECONDS = 4
# No frame may on average be larger: a film is in memory until it ends
_MAX_FRAME_BITS = 8 * 300_000
# Codec processes are held to few gigabytes, and each of the encoder's threads holds frames
_THREADS = 2
_SCALER_FLAGS = Interpolation.BICUBIC | Interpolation.ACCURATE_RND | Interpolation.FULL_CHR_H_INP


class Mp4Writer:
    """Writes an MP4, whose sides must be even."""

    def __init__(self, plan: VideoSettings) -> None:
        """See FilmWriter."""
        self._file = io.BytesIO()
        self._container = av.open(
            self._file,
            "w",
            format="mp4",
            container_options={"movflags": "+faststart"},
            # To put the index in front, the finished file is read once more
            io_open=lambda *_: io.BytesIO(self._file.getvalue()),
        )
        if plan.recipe_json is not None:
            self._container.metadata["comment"] = f"{KEYWORD} {plan.recipe_json}"
        rate = Fraction(plan.fps).limit_denominator(1000)
        stream = self._container.add_stream("libx264", rate=rate)
        stream.width, stream.height = plan.width, plan.height
        stream.pix_fmt = "yuv420p"
        stream.thread_count = _THREADS
        most = round(_MAX_FRAME_BITS * plan.fps)
        stream.options = {
            "crf": f"{_BEST_CRF + (_WORST_CRF - _BEST_CRF) * (1 - plan.quality):.1f}",
            "preset": "medium",
            "maxrate": str(most),
            "bufsize": str(2 * most),
        }
        context = stream.codec_context
        context.time_base = Fraction(1, TICKS)
        context.gop_size = max(1, round(_KEYFRAME_SECONDS * plan.fps))
        context.color_primaries = ColorPrimaries.BT709
        context.color_trc = ColorTrc.BT709
        context.colorspace = Colorspace.ITU709
        context.color_range = ColorRange.MPEG
        self._stream = stream
        self._clock = TickClock(TICKS)
        self._now = 0
        self._durations: dict[int, int] = {}
        self._held: av.Packet[av.VideoStream] | None = None

    def add(self, rgb: Pixels, ms: float) -> None:
        """See FilmWriter."""
        frame = av.VideoFrame.from_ndarray(rgb, format="rgb24").reformat(
            format="yuv420p",
            dst_colorspace=Colorspace.ITU709,
            dst_color_range=ColorRange.MPEG,
            interpolation=_SCALER_FLAGS,
        )
        frame.pts, frame.time_base = self._now, Fraction(1, TICKS)
        before, self._now = self._now, self._clock.advance(ms)
        self._durations[before] = self._now - before
        self._write(frame)

    def finish(self) -> bytes:
        """See FilmWriter."""
        self._write(None)
        if self._held is not None:
            # Frames are stored in another order than they are shown; the last that is stored ends the film
            self._held.duration = self._now - (self._held.pts or 0)
            self._container.mux(self._held)
        self._container.close()
        return self._file.getvalue()

    def _write(self, frame: av.VideoFrame | None) -> None:
        for packet in self._stream.encode(frame):
            if self._held is not None:
                self._container.mux(self._held)
            packet.duration = self._durations.pop(packet.pts or 0, 0)
            self._held = packet
