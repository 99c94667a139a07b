// Exists to carry the tree's precompiled header.
