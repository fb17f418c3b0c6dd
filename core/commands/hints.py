"""A word to newcomers whose prompt leaves everything open: too short, or a style without anything painted in it. Never a block."""

import dataclasses
import re
import unicodedata

from core import generations
from core.commands.asking import Ask
from core.commands.line import Ordered
from core.requests import Line

FIRST = 3
"""Paintings of a member that may carry a hint: after these they know, or like it so."""
SHORT = 4
"""Chinese signs, or half as many words: `一只橘猫`, `a red cat`."""
STYLES = """
水彩 水墨 油画 国画 国风 国潮 工笔 版画 素描 速写 插画 插图 漫画 动漫 二次元 卡通 像素 扁平 矢量 手绘 铅笔 蜡笔 剪纸 浮世绘 赛博朋克 蒸汽朋克 蒸汽波
极简 简约 复古 写实 摄影 胶片 电影感 大片 唯美 梦幻 治愈 清新 高级感 氛围感 科技感 未来感 渲染 超高清 超清 高清 高质量 高品质 精致 细节丰富 质感 光影
暖色 冷色 色调 黑白 吉卜力 宫崎骏 皮克斯 莫兰迪 印象派 超现实 抽象 波普 日系 韩系 北欧 中式 日式 中国风
watercolor watercolour oil painting ink wash sketch illustration anime manga cartoon pixel art flat vector hand drawn cyberpunk steampunk vaporwave
minimalist minimalism minimal retro vintage realistic photorealistic hyperrealistic realism photography cinematic dreamy rendering render octane unreal
engine masterpiece best high quality ultra detailed highly intricate sharp focus bokeh pastel impressionist surreal abstract ghibli pixar
3d c4d 2k 4k 8k hdr hd uhd
"""
FILLERS = "风格 画风 风 感 的 系 版 超 很 小 和 与 style styled styles aesthetic mood look in of the a an and with very"
"""What only holds styles together."""

ARTICLES = ("a", "an", "the")


def _any(words: str) -> str:
    """Latin words whole, Chinese ones wherever they stand; the longest first."""
    longest = sorted(words.split(), key=len, reverse=True)
    return "|".join(rf"(?<![a-z0-9]){one}(?![a-z0-9])" if one.isascii() else one for one in longest)


STYLE, FILLER = re.compile(_any(STYLES)), re.compile(_any(FILLERS))
PIECE = re.compile(r"[a-z0-9']+|[^\W_a-z0-9]")


def hint(prompt: str) -> Line | None:
    """What a prompt lacks; None where there is something to go by."""
    said = unicodedata.normalize("NFKC", prompt).casefold()
    left = STYLE.sub(" ", said)
    if left != said and not PIECE.search(FILLER.sub(" ", left)):
        return Line("card.hint_style", tone="fact")
    if sum(2 if piece.isascii() else 1 for piece in PIECE.findall(said) if piece not in ARTICLES) <= SHORT:
        return Line("card.hint_short", tone="fact")
    return None


async def with_hint(ask: Ask, ordered: Ordered) -> Ordered:
    """The order with a hint among its notes, on a member's first few paintings; where anything else is to be said about the words, that is enough."""
    said = None if ordered.notes or ordered.more else hint(ordered.prompt)
    if said is None:
        return ordered
    async with ask.tools.house.records.read() as tx:
        painted = await generations.count(tx, generations.Filter(member_id=ask.member.id))
    return dataclasses.replace(ordered, notes=(said,)) if painted < FIRST else ordered
