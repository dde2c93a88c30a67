"""Background entry points of the story."""

from __future__ import annotations

from bihuan.kernel.ground.events.types import Door
from bihuan.kernel.ground.registry import api as registry
from bihuan.kernel.ground.registry.types import HANDLING
from bihuan.platform import clock
from bihuan.platform.jobs import queue
from bihuan.platform.web.errors import Refused
from bihuan.scenes.appeals import feeds
from bihuan.scenes.appeals.importing import files, running
from bihuan.scenes.appeals.importing.types import ImportId
from bihuan.scenes.appeals.knowledge import operations as knowledge
from bihuan.scenes.appeals.topics import operations as topics


@queue.job("appeals.import")
def take_in(import_id: int) -> None:
    """Take in the rows of an uploaded file that are still missing. Safe to run twice."""
    at = clock.now()
    run = running.get(ImportId(import_id))
    if run.state == "done":
        return
    try:
        scope = registry.scope_for(
            account_id=run.account_id or 0,
            post_id=run.post_id,
            origin_door=Door.IMPORT,
            purpose=HANDLING,
            at=at,
        )
        file = running.open_file(files.path_of(run.digest), run.options, name=run.name)
        running.carry_on(run.id, file, scope=scope, at=at)
    except running.Overtaken:
        return
    except Refused as refused:
        running.stop(run.id, refused.spoken(), at=at)
        return
    files.forget(run.digest)


@queue.periodic("appeals.pull_feeds", cron="*/5 * * * *")
def pull_feeds() -> None:
    """Ask the systems outside for what is new."""
    feeds.pull_all(at=clock.now())


@queue.periodic("appeals.topics", cron="*/10 * * * *")
def look_for_topics() -> None:
    """Find open matters that seem to be one. Nothing is merged."""
    topics.look_everywhere(at=clock.now())


@queue.periodic("appeals.knowledge", cron="30 0 * * *")
def remind_of_reviews() -> None:
    """Remind units of articles whose day of review has come, at half past eight in China."""
    knowledge.remind_of_reviews(at=clock.now())
