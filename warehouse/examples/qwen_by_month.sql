-- How much is the Qwen family used, by itself and by what is built on it?
-- Language models, whole months. The two columns count different things: never add them.
select month, downloads, share, downloads_by_base, share_by_base
from family_months
where family = 'Qwen'
order by month
