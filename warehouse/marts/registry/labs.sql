-- A maker of models. It may publish under several handles.
-- grain: lab
select lab, name, origin, is_contested, evidence, other_origin from registry_labs
