"""Labeled still images: folders, idx, npz and CIFAR files as sets of images."""
