"""Questions to time: templates over the laws' own titles and articles, and the sample corpus's questions.

They are for latency only; nothing judges their answers.
"""

from __future__ import annotations

import json
import random
import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

SAMPLES = Path(__file__).parents[1] / "corpus" / "queries.jsonl"
SEED = 11

_CHINESE = (
    "{topic}由哪个部门负责",
    "违反{topic}规定会罚多少钱？",
    "{title}什么时候开始施行",
    "{topic}要交哪些材料",
    "谁可以申请{topic}",
    "{topic}多少天内办结？",
    "{title}第{number}条讲的是什么",
    "{topic}的经费从哪里来",
    "请问{topic}不合格的怎么处理",
)
_ENGLISH = (
    "How much is the fine for breaking the rules on {topic}?",
    "Which department is responsible for {topic}?",
    "Who may apply for {topic}",
    "within how many days must {topic} be decided",
    "What happens when {topic} is refused?",
    "What must the government pay for {topic}?",
    "Is there a penalty for obstructing {topic}",
)
_ENGLISH_TOPICS = """
    water saving | drinking water protection | road traffic safety | fire safety in high-rise buildings
    | elderly care services | kindergarten admission | vocational education | household waste sorting |
    air pollution | noise control | property management | housing demolition compensation | rental
    housing | food safety inspection | food stalls | food waste | pesticide use | farmland protection |
    seed quality | animal epidemic prevention | dog registration | forest fires | wetland protection |
    river sand mining | flood control | fishing permits | mineral resources | work safety | coal mines |
    dangerous chemicals | special equipment such as lifts | minimum wages | collective contracts |
    labour disputes | work injury insurance | maternity insurance | unemployment benefits | medical
    insurance funds | blood donation | mental health | smoking in public places | traditional Chinese
    medicine | family planning | adoption of children | protection of minors | school bullying | rights
    of women | disabled persons | legal aid | people's mediation | administrative review | petitions |
    government information disclosure | public data | electronic signatures | patent disputes |
    trademark use | technology transfer | science popularisation | small and medium-sized enterprises |
    foreign investment | free trade zone customs | private enterprises | bidding and tendering |
    government procurement | auditing | budget supervision | state-owned assets | tax collection | price
    control | advertising | consumer rights | product quality | measuring instruments | tourism guides |
    cultural relics | libraries | historic buildings | religious affairs | ethnic minority rights |
    villagers' committees | elections of deputies | land use plans | urban planning permits | gas supply
    | heating supply | taxis | metro operation | parking lots | ports and pilots | airports | military
    facilities | civil air defence | earthquake monitoring | meteorological disasters
"""
_SURROUNDINGS = re.compile(
    r"^(?:中华人民共和国|[\u4e00-\u9fff]{2,4}?[省市县]|[\u4e00-\u9fff]{2,6}?自治[区州县])|实施|关于|若干|试行|（.*?）"
    r"|条例$|办法$|规定$|决定$|细则$|解释$|法$|《.*?》"
)


def questions(titles: Sequence[str], count: int = 400, samples: Path = SAMPLES) -> list[str]:
    """Return `count` different questions at most: the samples, the rest half Chinese and half English.

    The same titles give the same questions.
    """
    chance = random.Random(SEED)
    made = [*_sample_questions(samples)]
    chinese, english = _chinese(titles, chance), _english(chance)
    while len(made) < count:
        made += [next(chinese), next(english)]
    distinct = list(dict.fromkeys(made))[:count]
    chance.shuffle(distinct)
    return distinct


def topic_of(title: str) -> str:
    """Return what a law is about: 济南市节约用水条例 -> 节约用水."""
    return _SURROUNDINGS.sub("", _SURROUNDINGS.sub("", title)).strip() or title


def _chinese(titles: Sequence[str], chance: random.Random) -> Iterator[str]:
    while True:
        title = chance.choice(titles)
        template = chance.choice(_CHINESE)
        yield template.format(title=title, topic=topic_of(title), number=chance.randint(3, 40))


def _english(chance: random.Random) -> Iterator[str]:
    topics = [" ".join(topic.split()) for topic in _ENGLISH_TOPICS.split("|")]
    pairs = [(template, topic) for template in _ENGLISH for topic in topics]
    chance.shuffle(pairs)
    yield from (template.format(topic=topic) for template, topic in pairs)


def _sample_questions(samples: Path) -> Iterable[str]:
    if not samples.is_file():
        return []
    return [json.loads(line)["text"] for line in samples.read_text("utf-8").splitlines() if line.strip()]
