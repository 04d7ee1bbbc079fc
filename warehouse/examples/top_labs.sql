-- Which labs lead now, and who is rising?
-- Language models, by downloads of the last 30 days.
select rank, name, origin, downloads, share, change_percent, rank_change
from rankings
where subject = 'lab' and period = '30 days'
order by rank, name
limit 25
