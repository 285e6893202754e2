"""What the keyboard does in a comparison that it does not do in the player; for the key sheet."""

KEYS = (  # for the key sheet: (what, keys)
    ("Side by side, wipe, difference, blink", "Q, W, D, B or 1 to 4"),
    ("Only A, only B, both again", "O"),
    ("A glance at A; at the other picture", "Hold A; hold H"),
    ("Next difference, the one before, the first", "N, P, Shift+N"),
    ("Previous and next part of the map", "Page up, page down"),
    ("Even out brightness in the difference", "E"),
    ("Laid over each other, or as they are", "Y"),
    ("Beside or above each other", "V"),
    ("Move the edge of the wipe", "Ctrl+←, Ctrl+→"),
    ("More or less gain; blink faster or slower", "↑, ↓"),
    ("Shift B by a frame, by ten", ", and .; < and >"),
    ("Move B alone; link again", "U"),
    ("Alignment as it was opened", "Backspace"),
    ("Change A and B over", "X"),
    ("Zoom; fit; 100 %", "+, −; 0; Z"),
    ("Names over the pictures", "T"),
    ("Copy the picture, save it", "C, Ctrl+S"),
)
