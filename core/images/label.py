"""The implicit AI label of GB 45438-2025 as an XMP packet, for all three formats we write."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Label:
    """What a picture says about its making. `producer` names the service, `produce_id` the picture (`K7Q2.3`), `parameters` (optional) how to make it again."""

    producer: str
    produce_id: str
    parameters: str = ""
