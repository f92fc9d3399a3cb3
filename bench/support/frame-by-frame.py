"""The peer: how factories built on MoviePy 2 make the same video (MoneyPrinterTurbo's arrangement: every clip to a file,
the files joined, a last pass that puts captions on each frame). MoviePy itself can't be had from Debian; this does to every
frame what it does, with the same libraries: raw RGB through a pipe into NumPy, Pillow's Lanczos, copies and float arithmetic
where MoviePy composes, raw RGB through a pipe to the encoder; and as there, joining encodes again. It is spared what is
left out here: MoviePy's own objects, drawing of captions, sound in NumPy, and loudness.
Arguments: the job as JSON, ffmpeg. Prints its seconds as JSON."""
import json
import os
import re
import subprocess
import sys
import time

import numpy as np
from PIL import Image

FPS = 30
QUIET = ["-loglevel", "error", "-nostdin", "-y"]
# clips and the joined file as MoneyPrinterTurbo writes them, at MoviePy's and ffmpeg's own defaults; the result like ours
INTERMEDIATE = ["-c:v", "libx264", "-preset", "medium", "-pix_fmt", "yuv420p"]
FINAL = ["-c:v", "libx264", "-preset", "veryfast", "-crf", "21", "-pix_fmt", "yuv420p"]

with open(sys.argv[1], encoding="utf-8") as file:
    job = json.load(file)
ffmpeg = sys.argv[2]
width, height, scenes = job["width"], job["height"], job["speech"]["scenes"]


def frames_of(path, columns, rows):
    size = columns * rows * 3
    command = [ffmpeg, *QUIET, "-i", path, "-f", "rawvideo", "-pix_fmt", "rgb24", "-"]
    reader = subprocess.Popen(command, stdout=subprocess.PIPE, bufsize=size + 100)
    try:
        while len(read := reader.stdout.read(size)) == size:
            yield np.frombuffer(read, dtype="uint8").reshape(rows, columns, 3)
    finally:
        reader.kill()
        reader.communicate()


class Writer:
    def __init__(self, path, codec, more=()):
        source = ["-f", "rawvideo", "-pix_fmt", "rgb24", "-s", f"{width}x{height}", "-r", str(FPS), "-i", "-"]
        quiet = [flag for flag in QUIET if flag != "-nostdin"]
        self.encoder = subprocess.Popen([ffmpeg, *quiet, *source, *more, *codec, path], stdin=subprocess.PIPE)

    def write(self, frame):
        self.encoder.stdin.write(np.ascontiguousarray(frame))

    def close(self):
        self.encoder.stdin.close()
        if self.encoder.wait() != 0:
            sys.exit("ffmpeg failed")


def clip_to_file(path, frames, output):
    """VideoFileClip, Resize and write_videofile."""
    log = subprocess.run([ffmpeg, "-hide_banner", "-i", path], stderr=subprocess.PIPE, text=True).stderr
    columns, rows, rate = re.search(r"Video:.* (\d{3,})x(\d{3,}).* ([\d.]+) fps", log).groups()
    columns, rows, rate = int(columns), int(rows), float(rate)
    source, at, current = frames_of(path, columns, rows), -1, None
    writer = Writer(output, INTERMEDIATE)
    for frame in range(frames):
        while at < int(frame / FPS * rate + 0.5):
            current, at = next(source, current), at + 1
        picture = current
        if (columns, rows) != (width, height):
            picture = np.array(Image.fromarray(current.astype("uint8")).resize((width, height), Image.LANCZOS))
        writer.write(picture)
    source.close()
    writer.close()


def last_pass(path, output):
    """CompositeVideoClip of the video and its captions, on a background of its own."""
    black = np.zeros((height, width, 3), dtype="uint8")
    columns, rows = round(width * 0.64), round(height * 0.14)
    caption = np.full((rows, columns, 3), 255.0)
    mask = np.full((rows, columns), 0.8)
    mask[0, 0] = 0
    left, top = (width - columns) // 2, int(height * 0.8)
    spoken = [(scene["words"][0]["start_s"], scene["words"][-1]["end_s"]) for scene in scenes]
    mix = "[2:a]volume=0.2[m];[1:a][m]amix=duration=first[a]"
    sound = ["-i", job["speech"]["audio"]["path"], "-stream_loop", "-1", "-i", job["music"], "-filter_complex", mix]
    writer = Writer(output, FINAL, [*sound, "-map", "0:v", "-map", "[a]", "-c:a", "aac", "-shortest"])
    for number, frame in enumerate(frames_of(path, width, height)):
        picture = black.astype("uint8").copy()
        picture[0:height, 0:width] = frame.astype("uint8")
        if any(start <= number / FPS < end for start, end in spoken):
            picture = composed(picture, caption.astype("uint8"), mask, left, top)
        writer.write(picture)
    writer.close()


def composed(background, picture, mask, left, top):
    rows, columns = picture.shape[:2]
    region = np.s_[top : top + rows, left : left + columns]
    result = background.copy()
    if np.min(mask) < 1:
        alpha = mask[..., None].astype(np.float32)
        below = result[region].astype(np.float32)
        result[region] = (picture.astype(np.float32) * alpha + below * (1 - alpha)).astype(np.uint8)
    return result


began = time.monotonic()
parts = []
for index, scene in enumerate(scenes):
    parts.append(os.path.join(job["workDir"], f"part-{index}.mp4"))
    clip = job["clips"][index % len(job["clips"])]
    clip_to_file(clip, round((scene["end_s"] - scene["start_s"]) * FPS), parts[-1])
listed, joined = os.path.join(job["workDir"], "parts.txt"), os.path.join(job["workDir"], "joined.mp4")
with open(listed, "w", encoding="utf-8") as file:
    file.writelines(f"file '{part}'\n" for part in parts)
subprocess.run([ffmpeg, *QUIET, "-f", "concat", "-safe", "0", "-i", listed, *INTERMEDIATE, joined], check=True)
last_pass(joined, os.path.join(job["workDir"], "peer.mp4"))
print(json.dumps({"seconds": time.monotonic() - began}))
