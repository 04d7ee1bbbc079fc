-- How do the shares of China and the United States, and their crossover, change with the definition?
select
    definition,
    max(value) filter (where headline = 'share of China') as share_of_china,
    max(value) filter (where headline = 'share of the United States') as share_of_the_united_states,
    max(crossed_on) as crossed_on
from robustness
where task_class = 'language'
group by number, definition
order by number
