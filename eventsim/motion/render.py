"""The compiled kernels that move an image: exact to float32, at any part of a pixel.

OpenCV's warp of images rounds places to 1/32 px, and slow motion would then come in jumps. All
kernels are in this file: Numba's cache does not see changes in other ones.
"""

import functools

import numpy as np
from numba import njit

kernel = functools.partial(njit, nogil=True, error_model="numpy", cache=True)
"""No fastmath: bits must not depend on the processor."""

f32 = np.float32


@kernel()
def render_shifts(image, shifts, gains, ambient, frames):
    """Frames of an image that is only shifted.

    Parameters
    ----------
    image : (h, w) ndarray of float32
        Linear luminance, with the ring around it that goes on for ever.
    shifts : (F, 2) ndarray of float64
        To the right and down, px; 0 has the centers of image and frame together.
    gains : (F,) ndarray of float64
    ambient : float
        DN, added after the gain.
    frames : (F, H, W) ndarray of float32
        Filled.

    Notes
    -----
    Bilinear. All pixels have the same weights, so rows are mixed first, then columns, as plain
    loops over contiguous memory. ``a + f (b - a)`` gives a itself where a = b.
    """
    h, w = image.shape
    n_frames, height, width = frames.shape
    mixed = np.empty(w, f32)
    veil = f32(ambient)
    for n in range(n_frames):
        left = (w - width) * 0.5 - shifts[n, 0]
        top = (h - height) * 0.5 - shifts[n, 1]
        k, m = int(np.floor(left)), int(np.floor(top))
        fx, fy = f32(left - k), f32(top - m)
        gain = f32(gains[n])
        # Columns of the image that are needed, and of the frame that lie between two of them.
        first, end = min(max(k, 0), w - 1), min(max(k + width + 1, 1), w)
        lo = min(max(0, -k), width)
        hi = max(lo, min(width, w - 1 - k))
        for i in range(height):
            above = image[min(max(i + m, 0), h - 1)]
            below = image[min(max(i + m + 1, 0), h - 1)]
            for j in range(first, end):
                mixed[j] = above[j] + fy * (below[j] - above[j])
            row = frames[n, i]
            for j in range(lo):
                row[j] = mixed[0] * gain + veil
            inside, a, b = row[lo:hi], mixed[lo + k : hi + k], mixed[lo + k + 1 : hi + k + 1]
            for j in range(hi - lo):
                inside[j] = (a[j] + fx * (b[j] - a[j])) * gain + veil
            for j in range(hi, width):
                row[j] = mixed[w - 1] * gain + veil


@kernel()
def render_poses(image, poses, gains, ambient, frames):
    """Frames of an image that is shifted, turned and zoomed.

    Parameters
    ----------
    image, gains, ambient, frames
        As in `render_shifts`.
    poses : (F, 4) ndarray of float64
        x, y, rotation, zoom, as in `eventsim.motion.paths`.

    Notes
    -----
    Bilinear, at ``q = c_image + R(-rotation) (p - c - (x, y)) / zoom``.
    """
    h, w = image.shape
    n_frames, height, width = frames.shape
    veil = f32(ambient)
    for n in range(n_frames):
        gain = f32(gains[n])
        along = np.cos(poses[n, 2]) / poses[n, 3]
        across = np.sin(poses[n, 2]) / poses[n, 3]
        for i in range(height):
            py = i - (height - 1) * 0.5 - poses[n, 1]
            for j in range(width):
                px = j - (width - 1) * 0.5 - poses[n, 0]
                qx = (w - 1) * 0.5 + along * px + across * py
                qy = (h - 1) * 0.5 - across * px + along * py
                qx = min(max(qx, 0.0), w - 1.0)
                qy = min(max(qy, 0.0), h - 1.0)
                k, m = int(qx), int(qy)
                fx, fy = f32(qx - k), f32(qy - m)
                k1, m1 = min(k + 1, w - 1), min(m + 1, h - 1)
                a = image[m, k] + fy * (image[m1, k] - image[m, k])
                b = image[m, k1] + fy * (image[m1, k1] - image[m, k1])
                frames[n, i, j] = (a + fx * (b - a)) * gain + veil


@kernel()
def blur_rows(image, weights, edge, blurred):
    """Convolve each column of an image, that is mix its rows, with a symmetric kernel.

    Parameters
    ----------
    image : (h, w) ndarray of float32
    weights : (2 r + 1,) ndarray of float32
        Sum 1.
    edge : bool
        Whether the edge goes on outside of the image; else it is black there.
    blurred : (h, w) ndarray of float32
        Filled.
    """
    h, w = image.shape
    r = (weights.size - 1) // 2
    for i in range(h):
        row = blurred[i]
        row[:] = f32(0)
        for k in range(-r, r + 1):
            if not edge and not 0 <= i + k < h:
                continue
            other = image[min(max(i + k, 0), h - 1)]
            weight = weights[k + r]
            for j in range(w):
                row[j] += weight * other[j]
