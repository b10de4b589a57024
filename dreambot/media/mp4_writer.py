"""Writes MP4 files that play in every client: H.264, 4:2:0, with the index at the start. Needs PyAV."""

import io
from collections.abc import Iterator
from fractions import Fraction

import av
from av.audio.stream import AudioStream
from av.video.reformatter import ColorPrimaries, ColorRange, Colorspace, ColorTrc, Interpolation

from dreambot.media.metadata import KEYWORD
from dreambot.media.picture import Pixels
from dreambot.media.video_settings import TickClock, VideoSettings

TICKS = 90_000
_BEST_CRF, _WORST_CRF = 18, 34
_KEYFRAME_SECONDS = 4
# Limit on the average frame: a video stays in memory until it is finished.
_MAX_FRAME_BITS = 8 * 300_000
# Codec processes have few gigabytes, and each of the encoder's threads holds frames.
_THREADS = 2
_SCALER_FLAGS = Interpolation.BICUBIC | Interpolation.ACCURATE_RND | Interpolation.FULL_CHR_H_INP


class Mp4Writer:
    """Writes an MP4, whose sides must be even; see `VideoWriter`."""

    def __init__(self, settings: VideoSettings, soundtrack: bytes | None = None) -> None:
        """Writes the header.

        Args:
            settings: How to encode.
            soundtrack: What `make_soundtrack` returned, as long as the video.
        """
        self._file = io.BytesIO()
        self._container = av.open(
            self._file,
            "w",
            format="mp4",
            container_options={"movflags": "+faststart"},
            # To put the index in front, the finished file is read again.
            io_open=lambda *_: io.BytesIO(self._file.getvalue()),
        )
        if settings.recipe_json is not None:
            self._container.metadata["comment"] = f"{KEYWORD} {settings.recipe_json}"
        rate = Fraction(settings.fps).limit_denominator(1000)
        stream = self._container.add_stream("libx264", rate=rate)
        stream.width, stream.height = settings.width, settings.height
        stream.pix_fmt = "yuv420p"
        stream.thread_count = _THREADS
        max_bits = round(_MAX_FRAME_BITS * settings.fps)
        stream.options = {
            "crf": f"{_BEST_CRF + (_WORST_CRF - _BEST_CRF) * (1 - settings.quality):.1f}",
            "preset": "medium",
            "maxrate": str(max_bits),
            "bufsize": str(2 * max_bits),
        }
        context = stream.codec_context
        context.time_base = Fraction(1, TICKS)
        context.gop_size = max(1, round(_KEYFRAME_SECONDS * settings.fps))
        context.color_primaries = ColorPrimaries.BT709
        context.color_trc = ColorTrc.BT709
        context.colorspace = Colorspace.ITU709
        context.color_range = ColorRange.MPEG
        self._stream = stream
        self._sound = self._copied_sound(soundtrack) if soundtrack else iter(())
        self._next_sound = next(self._sound, None)
        self._clock = TickClock(TICKS)
        self._now = 0
        self._durations: dict[int, int] = {}
        self._pending: av.Packet[av.VideoStream] | None = None

    def add(self, rgb: Pixels, ms: float) -> None:
        """Encodes a frame.

        Args:
            rgb: (height, width, 3) uint8 sRGB, of the settings' size.
            ms: Milliseconds it is displayed.
        """
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
        """Returns the file. May be called once."""
        self._write(None)
        if self._pending is not None:
            # Frames are stored in another order than displayed; the last one stored lasts until the end.
            self._pending.duration = self._now - (self._pending.pts or 0)
            self._container.mux(self._pending)
        self._mux_sound_before(None)
        self._container.close()
        return self._file.getvalue()

    def _write(self, frame: av.VideoFrame | None) -> None:
        for packet in self._stream.encode(frame):
            if self._pending is not None:
                self._mux_sound_before(self._pending)
                self._container.mux(self._pending)
            packet.duration = self._durations.pop(packet.pts or 0, 0)
            self._pending = packet

    def _copied_sound(self, soundtrack: bytes) -> Iterator["av.Packet[AudioStream]"]:
        """Adds the soundtrack's stream and returns its packets."""
        file = io.BytesIO(soundtrack)
        source = av.open(file, "r", format="mov", container_options={"codec_whitelist": "aac"})
        stream = source.streams.audio[0]
        copy = self._container.add_stream_from_template(stream)
        copy.metadata.clear()

        def packets() -> Iterator["av.Packet[AudioStream]"]:
            with source:
                for packet in source.demux(stream):
                    if packet.dts is not None:
                        packet.stream = copy
                        yield packet

        return packets()

    def _mux_sound_before(self, video: "av.Packet[av.VideoStream] | None") -> None:
        """Writes the packets of the soundtrack that come before a packet of the video; None for all."""
        now = None if video is None else (video.dts or 0) * (video.time_base or Fraction(1, TICKS))
        while (packet := self._next_sound) is not None:
            if now is not None and (packet.dts or 0) * (packet.time_base or Fraction(1, TICKS)) > now:
                return
            self._container.mux(packet)
            self._next_sound = next(self._sound, None)
