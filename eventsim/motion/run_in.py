"""What an image did before a recording begins."""

import numpy as np

from eventsim.errors import ConfigError
from eventsim.motion.paths import EyePath


def with_run_in(path: EyePath, run_in_us: int) -> EyePath:
    """A path that goes on backwards in time.

    Parameters
    ----------
    path : EyePath
        Of some duration; a closed one is repeated, an open one gone through back and forth, so
        that the image never jumps.
    run_in_us : int
        By so many microseconds, >= 0.

    Returns
    -------
    EyePath
        Begins at the time of the first node minus `run_in_us`.

    Raises
    ------
    ConfigError
        If the path is a single moment.

    Examples
    --------
    >>> path = EyePath.of([0, 100], [0.0, 4.0], [0.0, 0.0])
    >>> longer = with_run_in(path, 150)
    >>> longer.t_us.tolist(), longer.x_px.tolist()
    ([-150, -100, 0, 100], [2.0, 4.0, 0.0, 4.0])
    """
    if run_in_us == 0:
        return path
    length = path.duration_us
    if length == 0:
        raise ConfigError("a path of one moment has nothing that could come before it.")
    first = int(path.t_us[0])
    pieces_t, pieces_pose = [path.t_us], [path.poses]
    for k in range(1, -(-run_in_us // length) + 1):
        back = k % 2 == 1 and not path.is_closed
        since = first + length - path.t_us[::-1] if back else path.t_us - first
        poses = path.poses[::-1] if back else path.poses
        # Its last node is the first one of the piece that follows.
        pieces_t.insert(0, (since + first - k * length)[:-1])
        pieces_pose.insert(0, poses[:-1])
    t_us, poses = np.concatenate(pieces_t), np.concatenate(pieces_pose)
    whole = EyePath(t_us, *poses.T)
    begins = first - run_in_us
    later = t_us > begins
    start = whole.at(np.array([begins]))
    return EyePath.of(np.append(begins, t_us[later]), *np.concatenate([start, poses[later]]).T)
