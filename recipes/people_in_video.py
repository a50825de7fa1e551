"""What anonymized events still tell of the people in a video of a camera that stands still.

    eventsim run people_in_video VIDEO --out people
    eventsim run people_in_video vtest.avi --seeds 1
    eventsim run people_in_video --quick

People are found as what moves before the background (OpenCV's mixture of Gaussians), followed from
frame to frame, and cut out with the simulated events around them. Attackers of `eventsim
privacy-report` learn from the first part of each person's way and are tested on the rest: a person
is told by clothes and gait on one way, not on another day. The task is to tell to which side
somebody walks. The folder holds report.html and results.json; if it is interrupted, the same
command resumes. Needs the extra privacy.
"""

import argparse
import sys
import time
from dataclasses import asdict
from pathlib import Path


def parse(arguments: list[str] | None) -> argparse.Namespace:
    """Read the command line; before the imports, so that --help needs no extra."""
    parser = argparse.ArgumentParser(
        "people_in_video", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("video", type=Path, nargs="?")
    parser.add_argument("--out", type=Path, default=Path("people"))
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--few", action="store_true", help="both ends only")
    parser.add_argument("--quick", action="store_true", help="draw people, both ends, one seed")
    words = parser.parse_args(arguments)
    if words.quick:
        words.few, words.seeds = True, 1
    elif words.video is None:
        parser.error("expected a video, found none. Give one, or --quick.")
    if words.seeds < 1:
        parser.error(f"--seeds must be 1 or more, found {words.seeds}.")
    return words


try:
    import av
    import cv2
    import numpy as np

    import eventsim
    from eventsim.errors import EventSimError, SourceError
    from eventsim.events import Events
    from eventsim.privacy.clips import Clip
    from eventsim.privacy.comparing import compare
    from eventsim.privacy.report import write_page
    from eventsim.privacy.ways import NOTHING, RAW, all_ways
    from eventsim.results import write_results
    from eventsim.sources.opening import open_source
    from eventsim.transforms.boxes import Box
    from eventsim.transforms.replace_boxes import tracks_of
except ImportError as error:
    if __name__ == "__main__":
        parse(None)  # --help ends here
    sys.exit(f"error: {error}. Install what it needs: pip install 'eventsim-dvs[privacy]'")

WIDTH, HEIGHT = 48, 96
"""Of what is cut out, px of the video: a person in vtest.avi is 30 x 80. All chosen by eye."""
CLIP_US = 800_000
EVERY_US = 400_000
LEAST_AREA_PX, LEAST_HEIGHT_PX = 350, 40
LEAST_CLIPS = 8
TESTED = 0.4


def draw_walk(path: Path, people: int = 2, seconds: int = 7, rate_hz: int = 10) -> Path:
    """Write a video of striped people of 20 x 60 px who cross it to either side."""
    ground = np.random.default_rng(1).integers(90, 130, (160, 200)).astype(np.uint8)
    coats = [np.where(np.indices((60, 20))[k % 2] // 4 % 2, 230, 20) for k in range(people)]
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=rate_hz, options={"crf": "8"})
        stream.width, stream.height, stream.pix_fmt = 200, 160, "yuv420p"
        empty = 15  # frames, in which the background becomes known
        for i in range(seconds * rate_hz + empty):
            picture = ground.copy()
            for k, coat in enumerate(coats if i >= empty else []):
                x = (i - empty) * 170 // (seconds * rate_hz)
                x = x if k % 2 == 0 else 175 - x
                picture[10 + 80 * k : 70 + 80 * k, x : x + 20] = coat
            frame = av.VideoFrame.from_ndarray(np.stack([picture] * 3, -1), format="rgb24")
            container.mux(stream.encode(frame))
        container.mux(stream.encode())
    return path


def find_people(video: Path) -> tuple[list[np.ndarray], np.ndarray, np.ndarray]:
    """Tracks (n, 5) of t_us, x0, y0, x1, y1; all frames, gray; and their times.

    Raises
    ------
    SourceError
        If nobody walks there.
    """
    source = open_source(video)
    background = cv2.createBackgroundSubtractorMOG2(history=300, varThreshold=30)
    rows: list[tuple[float, ...]] = []
    frames: list[np.ndarray] = []
    times: list[int] = []
    for frame in source:
        gray = np.asarray(frame.values).astype(np.uint8)
        moving = background.apply(gray)
        mask = (moving == 255).astype(np.uint8)  # 127 is shadow
        mask = cv2.morphologyEx(mask, cv2.MORPH_CLOSE, np.ones((9, 5), np.uint8))
        mask = cv2.morphologyEx(mask, cv2.MORPH_OPEN, np.ones((3, 3), np.uint8))
        _, _, stats, _ = cv2.connectedComponentsWithStats(mask)
        if len(frames) > 10:  # the background is known by then
            for x, y, w, h, area in stats[1:]:
                if area >= LEAST_AREA_PX and LEAST_HEIGHT_PX <= h <= HEIGHT and w <= WIDTH:
                    rows.append((frame.t_us, x, y, x + w, y + h))
        frames.append(gray)
        times.append(frame.t_us)
    if not rows:
        raise SourceError(f"nobody walks in {video}, or the camera does not stand still.")
    return tracks_of(np.array(rows, float), 150_000), np.array(frames), np.array(times)


def cut_clips(events: Events, tracks: list[np.ndarray], frames: np.ndarray,
              times: np.ndarray) -> list[Clip]:  # fmt: skip
    """Clips around people who are seen for long enough, numbered from 0."""
    clips: list[Clip] = []
    person = 0
    for track in tracks:
        starts = np.arange(track[0, 0], track[-1, 0] - CLIP_US, EVERY_US).astype(int)
        if len(starts) < LEAST_CLIPS:
            continue
        for k, start in enumerate(starts):
            is_test = k >= (1 - TESTED) * len(starts)
            # Clips overlap by half: the one between is left out.
            if k and is_test and k - 1 < (1 - TESTED) * len(starts):
                continue
            clips.append(_clip(events, track, start, person, is_test, frames, times))
        person += 1
    return clips


def _clip(events: Events, track: np.ndarray, start: int, person: int, is_test: bool,
          frames: np.ndarray, times: np.ndarray) -> Clip:  # fmt: skip
    stop = start + CLIP_US
    corners = [np.interp((start, stop), track[:, 0], track[:, k]) for k in range(1, 5)]
    x, y = (np.mean(corners[0] + corners[2]) / 2, np.mean(corners[1] + corners[3]) / 2)
    height, width = frames.shape[1:]
    left = int(np.clip(x - WIDTH / 2, 0, width - WIDTH))
    top = int(np.clip(y - HEIGHT / 2, 0, height - HEIGHT))
    part = events.window(start, stop + 1).region(left, top, left + WIDTH, top + HEIGHT)
    part = Events(part.t - start, part.x, part.y, part.p, part.kind, part.size)

    def box_at(t_us: int) -> Box:
        x0, y0, x1, y1 = (np.interp(t_us, track[:, 0], track[:, k]) for k in range(1, 5))
        columns = (float(np.clip(x - left, 0, WIDTH)) for x in (x0, x1))
        rows = (float(np.clip(y - top, 0, HEIGHT)) for y in (y0, y1))
        (x0, x1), (y0, y1) = columns, rows
        return Box(t_us - start, x0, y0, x1, y1)

    boxes = [box_at(t) for t in range(start, stop + 1, 100_000)]
    shown = frames[int(np.argmin(np.abs(times - stop)))]
    truth = shown[top : top + HEIGHT, left : left + WIDTH] / 255
    x0, y0, x1, y1 = (round(v) for v in box_at(stop)[1:5])
    to_right = corners[0][1] + corners[2][1] > corners[0][0] + corners[2][0]
    return Clip(
        events=part,
        duration_us=CLIP_US,
        person=person,
        task=int(to_right),
        attribute=-1,
        sensor=0,
        is_test=is_test,
        track=tuple(box for box in boxes if box.x0 < box.x1 and box.y0 < box.y1),
        truth=truth,
        box=(x0, y0, max(x1, x0 + 1), max(y1, y0 + 1)),
    )


def main(arguments: list[str] | None = None) -> int:
    """Run the recipe."""
    words = parse(arguments)
    started = time.monotonic()
    try:
        words.out.mkdir(parents=True, exist_ok=True)
        video = draw_walk(words.out / "walk.mp4") if words.quick else words.video
        tracks, frames, times = find_people(video)
        events = eventsim.simulate(  # thresholds alone
            (frames, times), sensor="davis346", noise="v2e-clean", photoreceptor_cutoff_hz=0,
            refractory_period_us=0,
        )  # fmt: skip
        clips = cut_clips(events, tracks, frames, times)
    except EventSimError as error:
        print(f"people_in_video: error: {error}", file=sys.stderr)
        return 2
    people = len({clip.person for clip in clips})
    print(f"{people} people, {len(clips)} clips, {len(events):,} events", flush=True)
    if people < 2:
        print("people_in_video: error: fewer than two people are seen for long", file=sys.stderr)
        return 2
    findings = compare(
        lambda seed: clips,
        [RAW, NOTHING] if words.few else all_ways(),
        range(1, words.seeds + 1),
        f"People who walk in {video.name}.",
        with_orders=False,
        keep=words.out / "kept",
        tell=lambda done, total, what: print(f"{done} of {total}: {what}", flush=True),
    )
    (words.out / "report.html").write_text(write_page(findings), encoding="utf-8")
    raw = findings.results[0]
    score = {"people recognized, raw": raw.mean("person_adaptive"),
             "way told, raw": raw.mean("task_adaptive")}  # fmt: skip
    rows = {
        result.way.words: [
            {name: None if np.isnan(value) else value for name, value in asdict(run).items()}
            for run in result.runs
        ]
        for result in findings.results
    }
    settings = {"video": str(video), "seeds": words.seeds, "few": words.few}
    write_results(words.out / "results.json", "people_in_video", settings, rows, score=score,
                  seconds=time.monotonic() - started, quick=words.quick)  # fmt: skip
    print(f"wrote {words.out / 'report.html'}")
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        print("stopped; the same command resumes", file=sys.stderr)
        sys.exit(130)
