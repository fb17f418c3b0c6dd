"""A Jimeng of our own: the same signature, tasks, limits and errors as the real one, with pictures drawn here and
faults on demand.

It is a process of its own with its own memory (`python -m bot.simulator`), so killing the bot loses no remote task.

Words in a prompt that make something happen, for people to try and for tests:

- refused at submit: 违规 or forbidden (50412 words), 商标 or trademark (50413 protected name), 违规图 or forbidden
  picture (50411), 侵权图 or stolen picture (50518), 参数错 or bad parameters (50215), 未开通 or not activated (50400)
- refused with the result: 敏感画面 or nsfw (50511 for ever), 再审 or second look (50511 once a minute), 版权 or
  copyright (50519), 文字不过 or bad lettering (50512), 模型坏 or model broken (50500 for ever)
- trouble once a minute for each prompt: 忙 or busy (50500 at submit), 限流 or rate limit (50429), 并发 or concurrent
  limit (50430), 断线 or lost answer (the task is made, the connection drops), 坏页 or html page (a proxy's HTML 502),
  乱码 or broken json (the task is made, its answer cannot be read)
- odd lives: 慢慢画 or very slow (ten times the painting time), 过期 or expired task, 丢失 or lost task (not_found)

A reference picture that is plain red counts as unfit (50411), a plain blue one as copyrighted (50518).
A number of pictures in the prompt ("4张", "4 images") makes a group on 4.0 and 4.6 unless `force_single`.

`/_control` (loopback only) changes delays and limits, queues faults and tells what was asked: see control.py.
"""
