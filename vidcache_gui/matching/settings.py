"""What can be chosen about matching. Changing a number never remakes a fingerprint.

How much is looked at, and how finely, is said where it is done.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Settings:
    """Distances are bits (of 64 unless said otherwise), times seconds, correlations -1 to 1."""

    # Which footage is looked at more closely at all
    search_radius: int = 10
    search_votes: int = 3  # different pictures of the one that resemble the other
    turned: bool = True  # mirrored, upside down and rotated footage, too
    content: bool = True  # what is between bars, besides the whole picture
    crops: bool = True  # the middle of the picture, besides the whole

    # Which line through time the resembling pictures lie on
    pair_radius: int = 14
    line_step: float = 0.25
    speeds: bool = True
    reverse: bool = True
    most_views: int = 4  # pairings of views that lines are looked for in
    most_segments: int = 8

    # Whether pictures laid over each other are the same
    registration: bool = True
    same_picture: float = 0.62
    dynamic: bool = True  # also compare what moves
    least_motion: float = 1.5  # grey levels; less than this is noise, not motion
    shortest: float = 0.9
    sure_motion: float = 0.8
    sure_margin: float = 0.1
    sure_picture: float = 0.72
    long_still: float = 4.5
    still_picture: float = 0.955
    still_bits: float = 28  # of 256

    # What of both has to be the same
    whole: float = 0.8
    part: float = 0.7

    def motion_needed(self, seconds: float, slope: float) -> float:
        """Correlation of motion that no other take reaches by chance: less, the longer it lasts,
        more where the speed was chosen to fit."""
        needed = min(0.7, max(0.5, 0.7 - 0.05 * (seconds - 2.0)))
        return needed if slope == 1.0 else needed + 0.05
