"""What `tracker demo --keep` finds in a home when it starts."""

from pathlib import Path

from tracker.demo.run import _delete_unfinished_demo_crawls
from tracker.lake.lake import Lake


def test_pages_of_an_embedded_hub_are_dropped(tmp_path: Path) -> None:
    for name, endpoint in (("demo", "http://127.0.0.1:4711"), ("real", "https://huggingface.co")):
        (tmp_path / "runs" / name).mkdir(parents=True)
        (tmp_path / "runs" / name / "journal.jsonl").write_text(f'{{"walk": "a", "url": "{endpoint}/api/models"}}\n')
    _delete_unfinished_demo_crawls(Lake(tmp_path))
    assert [path.name for path in (tmp_path / "runs").iterdir()] == ["real"]
