"""Words that say how to answer, or hold a sentence together.

They tell what kind of passage to look for, so the encoder sees them. As words to be found they only mislead:
their translations are rare, which would make them the heaviest words of a question.
"""

_ENGLISH = """
a an the this that these those there here and or but if than then so as of in on at to for from by with into
about over under per via be is am do have can could will would shall should may might must not no yes
how much many what which who whom whose when where why
i you he she it we they me him us them my your his its our their one any some all each please tell
"""
_CHINESE = """
的 了 着 过 得 地 之 其 所 是 为 在 有 于 由 以 与 和 及 或 并 等
而 但 且 因 被 把 将 给 从 到 自 对 对于 关于 向 就 都
也 还 只 要 会 能 可以 吗 呢 吧 啊 么
这 那 这个 那个 这些 那些 该 各 我 你 他 她 它 我们 你们 他们 请 请问 一个 一种 个
什么 甚么 什么样 什么时候 多少 几 多
哪 哪些 哪个 哪位 哪里 哪儿 哪年 哪家 哪一年 何 何时 何地 何处 何年 谁
怎么 怎样 怎么样 如何 为什么 为何 年 月 日 时 时候 上 下 里 中
"""

FUNCTION_WORDS = frozenset(_ENGLISH.split()) | frozenset(_CHINESE.split())
