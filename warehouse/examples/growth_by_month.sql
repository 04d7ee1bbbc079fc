-- How did each country's downloads change from month to month?
-- Language models, whole months.
select month, origin_name as country, downloads, share, change_percent, share_change_points
from origin_months
where downloads > 0
order by month desc, downloads desc, country
