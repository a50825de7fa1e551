"""What anonymized events still tell of the people in a video of a camera that stands still.

    eventsim run people_in_video VIDEO REPORT.html
    eventsim run people_in_video vtest.avi report.html --seeds 1

People are found as what moves before the background (OpenCV's mixture of Gaussians), followed from
frame to frame, and cut out with the simulated events around them. Attackers of `eventsim
privacy-report` learn from the first part of each person's way and are tested on the rest: a person
is told by clothes and gait on one way, not on another day. The task is to tell to which side
somebody walks. Needs the extra privacy.
"""

import argparse
import sys
from pathlib import Path


def parse(arguments: list[str] | None) -> argparse.Namespace:
    """Read the command line; before the imports, so that --help needs no extra."""
    parser = argparse.ArgumentParser(
        "people_in_video", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("video", type=Path)
    parser.add_argument("report", type=Path)
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--few", action="store_true", help="both ends only")
    return parser.parse_args(arguments)


try:
    import cv2
    import numpy as np

    import eventsim
    from eventsim.errors import EventSimError, SourceError
    from eventsim.events import Events
    from eventsim.privacy.clips import Clip
    from eventsim.privacy.comparing import compare
    from eventsim.privacy.report import write_page
    from eventsim.privacy.ways import NOTHING, RAW, all_ways
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
    try:
        tracks, frames, times = find_people(words.video)
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
        f"People who walk in {words.video.name}.",
        with_orders=False,
        tell=lambda done, total, what: print(f"{done} of {total}: {what}", flush=True),
    )
    words.report.write_text(write_page(findings), encoding="utf-8")
    print(f"wrote {words.report}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
