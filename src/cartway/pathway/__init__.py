"""From referral to infusion: candidacy, access, slots, chain of identity and custody, manufacture, the day of infusion.

Pure functions of a course's facts, the dated label data, the center's policies and the time.
"""

from __future__ import annotations
