"""On the fly: images become events inside a training loop. The only part that needs PyTorch."""
