"""The close watch: alerts as episodes, what is due, what the protocol says next, the hand-over."""
