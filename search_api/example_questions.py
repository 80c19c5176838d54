"""Questions to begin with, offered only where an index holds what they ask about."""

from __future__ import annotations

from typing import NamedTuple

from indexer.index import IndexReader
from search_api.catalogue import ExampleQuestion

MOST_TOPICS = 4


class Topic(NamedTuple):
    """A question in both languages, and words of which the index must hold one."""

    cues: tuple[str, ...]
    zh: str
    en: str


TOPICS = (
    Topic(("创新券", "innovation voucher"), "科技创新券补助发了多少钱", "How much voucher money was paid?"),
    Topic(("人才公寓", "talent apartment"), "谁可以申请人才公寓", "Who can apply for a talent apartment?"),
    Topic(("专利", "patent"), "专利申请有什么资助", "What funding is there for patents?"),
    Topic(("绿色工厂", "green factory"), "绿色工厂有什么奖励", "What reward does a green factory receive?"),
    Topic(("缴费基数", "contribution base"), "社保缴费基数是多少", "What is the social insurance base?"),
    Topic(("臭氧", "ozone"), "臭氧污染怎么治理", "What is done about ozone pollution?"),
    Topic(("饮用水", "drinking water"), "饮用水水源怎么保护", "How are drinking water sources protected?"),
    Topic(("养老金", "pension"), "养老金怎么领取", "How is a pension claimed?"),
    Topic(("营业执照", "business licence"), "营业执照怎么变更", "How is a business licence changed?"),
    Topic(("劳动合同", "employment contract"), "劳动合同何时可以解除", "When may employment end?"),
    Topic(("个人信息", "personal data"), "个人信息怎样保护", "How is personal data protected?"),
    Topic(("环境影响评价", "environmental impact"), "哪些项目要做环评", "Which projects need a study?"),
)


def example_questions(reader: IndexReader) -> tuple[ExampleQuestion, ...]:
    """Return at most four questions in each language; titles where no topic of ours is in the index."""
    topics = [topic for topic in TOPICS if _holds(reader, topic)][:MOST_TOPICS]
    if not topics:
        return tuple(
            ExampleQuestion(question=each.metadata.title, language=each.metadata.language)
            for each in reader.documents(MOST_TOPICS)
            if each.metadata.title
        )
    chinese = [ExampleQuestion(question=topic.zh, language="zh") for topic in topics]
    english = [ExampleQuestion(question=topic.en, language="en") for topic in topics]
    return (*chinese, *english)


def _holds(reader: IndexReader, topic: Topic) -> bool:
    return any(len(reader.literal_candidates(cue, 1).rows) for cue in topic.cues)
