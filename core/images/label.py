"""The implicit AI label of GB 45438-2025 (`TC260:AIGC` in XMP), written into JPEG and PNG beside their pixels."""

import json
import re
import zlib
from dataclasses import dataclass
from xml.sax.saxutils import escape

XMP_HEADER = b"http://ns.adobe.com/xap/1.0/\0"
EXIF_HEADER = b"Exif\0\0"
PNG_XMP = b"XML:com.adobe.xmp\0"
LONGEST_PARAMETERS = 8000
"""Characters of parameters kept: a JPEG segment holds 64 KB in all, and a character has at most 4 bytes."""

NOT_XML = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

PACKET = """<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>\
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">\
<rdf:Description rdf:about="" xmlns:TC260="http://www.tc260.org.cn/ns/AIGC/1.0/" \
xmlns:Iptc4xmpExt="http://iptc.org/std/Iptc4xmpExt/2008-02-29/" xmlns:dc="http://purl.org/dc/elements/1.1/">\
<TC260:AIGC>{aigc}</TC260:AIGC>\
<Iptc4xmpExt:DigitalSourceType>http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia\
</Iptc4xmpExt:DigitalSourceType>{description}\
</rdf:Description></rdf:RDF></x:xmpmeta><?xpacket end="w"?>"""
DESCRIPTION = '<dc:description><rdf:Alt><rdf:li xml:lang="x-default">{0}</rdf:li></rdf:Alt></dc:description>'


@dataclass(frozen=True, slots=True)
class Label:
    """What a picture says about its making: `producer` names the service, `produce_id` the picture (`K7Q2.3`).

    `parameters` (may stay empty: a private prompt) is how to make it again, for people to read.
    """

    producer: str
    produce_id: str
    parameters: str = ""


def packet(label: Label) -> bytes:
    """The XMP packet of a label: the seven elements the standard names, IPTC's source type, and the parameters."""
    aigc = {
        "Label": "1",
        "ContentProducer": label.producer,
        "ProduceID": label.produce_id,
        "ReservedCode1": "",
        "ContentPropagator": label.producer,
        "PropagateID": label.produce_id,
        "ReservedCode2": "",
    }
    parameters = NOT_XML.sub("", label.parameters)[:LONGEST_PARAMETERS]
    description = DESCRIPTION.format(escape(parameters)) if parameters else ""
    text = NOT_XML.sub("", json.dumps(aigc, ensure_ascii=False))
    return PACKET.format(aigc=escape(text), description=description).encode()


def into_jpeg(data: bytes, xmp: bytes) -> bytes:
    """A JPEG with this XMP packet in place of any it had; every other byte stays as it is."""
    head, at = [data[:2]], 2
    rest: list[bytes] = []
    while at + 4 <= len(data) and data[at] == 0xFF and 0xE0 <= data[at + 1] <= 0xEF:
        segment = data[at : at + 2 + int.from_bytes(data[at + 2 : at + 4])]
        at += len(segment)
        first = segment[1] == 0xE0 or segment[4:].startswith(EXIF_HEADER)  # JFIF and EXIF want to stand first
        if not segment[4:].startswith(XMP_HEADER):
            (head if first and not rest else rest).append(segment)
    body = XMP_HEADER + xmp
    own = b"\xff\xe1" + (len(body) + 2).to_bytes(2) + body
    return b"".join((*head, own, *rest, data[at:]))


def into_png(data: bytes, xmp: bytes) -> bytes:
    """A PNG with this XMP packet in place of any it had; every other byte stays as it is."""
    chunks, at = [data[:8]], 8
    while at + 12 <= len(data):
        chunk = data[at : at + 12 + int.from_bytes(data[at : at + 4])]
        at += len(chunk)
        if not (chunk[4:8] == b"iTXt" and chunk[8:].startswith(PNG_XMP)):
            chunks.append(chunk)
    body = b"iTXt" + PNG_XMP + b"\0\0\0\0" + xmp  # not compressed, no language, no translated keyword
    own = (len(body) - 4).to_bytes(4) + body + zlib.crc32(body).to_bytes(4)
    return b"".join((*chunks[:2], own, *chunks[2:]))  # after the signature and IHDR
