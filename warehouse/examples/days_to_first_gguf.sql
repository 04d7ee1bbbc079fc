-- How many days after a release did its first GGUF copy appear?
-- Copies older than the release are left out: they were made from an earlier repository of the same model.
with copies as (
    select edges.parent_id as hub_id, min(copies.created_at::date) as first_gguf_on
    from edges
    join models as copies on copies.hub_id = edges.child_id
    where edges.is_used and copies.is_gguf
    group by edges.parent_id
)
select
    releases.repo_id,
    releases.publisher_lab,
    releases.released_on,
    copies.first_gguf_on,
    date_diff('day', releases.released_on, copies.first_gguf_on) as days_to_first_gguf
from models as releases
join copies using (hub_id)
where releases.layer = 'release' and copies.first_gguf_on >= releases.released_on
order by releases.released_on desc, releases.repo_id
