"""The app's pages: one line each. Knows no widget; the entry file and the tests read it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PageKind:
    """One page: ``name`` is its place in the URL, ``file`` its path from the repository's root."""

    name: str
    title: str
    icon: str
    help: str

    @property
    def file(self) -> str:
        """Where the page's script stands."""
        return f"pages/{self.name}.py"

    @property
    def url(self) -> str:
        """The page's path in the URL; the first page is the root."""
        return "/" if self.name == PAGES[0].name else f"/{self.name}"


PAGES: tuple[PageKind, ...] = (
    PageKind("run", "Run", ":material/play_circle:", "Start a run and watch its board fill."),
    PageKind("learn", "Learn", ":material/school:", "A lesson in ten steps, in English and Chinese."),
    PageKind("problems", "Problems", ":material/quiz:", "Browse, load and choose problems; run many of them."),
    PageKind("population", "Population", ":material/show_chart:", "How correctness and answers move by generation."),
    PageKind("genealogy", "Genealogy", ":material/account_tree:", "Who descends from whom, and what was inherited."),
    PageKind("fragments", "Fragments", ":material/hub:", "Which steps and results spread, which died out, and how."),
    PageKind(
        "failures", "Failures", ":material/troubleshoot:", "When the right answer won or died, and by which child."
    ),
    PageKind("chain", "Chain", ":material/timeline:", "One chain: its prompt, its parents, its text step by step."),
    PageKind("audit", "Audit", ":material/gavel:", "Check verdicts, overrule them, merge equal answers."),
    PageKind("models", "Models", ":material/dns:", "Which models can be chosen, whether they answer, and how fast."),
    PageKind(
        "experiments", "Experiments", ":material/experiment:", "Many runs as one set: plan, watch, go on, compare."
    ),
    PageKind("compare", "Compare", ":material/balance:", "Many runs: equal budgets, differences beyond noise, advice."),
    PageKind("runs", "Runs", ":material/list:", "All runs: search, compare, note, export, import, delete."),
)


def find_page(name: str) -> PageKind:
    """The page called ``name``. Raises KeyError, since only the code names pages."""
    return {page.name: page for page in PAGES}[name]
