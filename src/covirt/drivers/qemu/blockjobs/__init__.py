# SPDX-License-Identifier: LGPL-2.1-or-later
"""Work on chains of images while they are in use: their nodes, bitmaps of changed blocks, new images."""
