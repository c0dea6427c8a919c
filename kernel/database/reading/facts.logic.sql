-- Figures of a record: each is the total of a list, asked by the door for lists, so that it says what
-- that list sums to, and nobody is told what they couldn't list.

-- One figure. record: the row it is of. said: list, filter (a value ':user_id' is the record's own), by,
-- totals, when (what the record must be), permission (asked in each store beside what the list asks).
-- Null where there is none, or none for the actor; else the filter as it was asked, {total, parts}.
create or replace function kernel_logic.figure_of(token text, record jsonb, said jsonb) returns jsonb
  language plpgsql set search_path = '' as $$
declare
  conditions jsonb := '[]';
  condition jsonb;
  stores uuid[];
  answer jsonb;
begin
  if not record @> coalesce(said->'when', '{}') then
    return null;
  end if;
  for condition in select f from jsonb_array_elements(said->'filter') with ordinality as x(f, n) order by n loop
    if condition->>2 like ':%' then
      condition := jsonb_set(condition, '{2}', coalesce(record->substr(condition->>2, 2), 'null'));
      if condition->2 = 'null' then
        return null;
      end if;
    end if;
    conditions := conditions || jsonb_build_array(condition);
  end loop;
  if said->>'permission' is not null then
    stores := kernel_logic.my_stores(said->>'permission');
    if stores = '{}' then
      return null;
    elsif not kernel_logic.all_my_stores() <@ stores then
      conditions := conditions || jsonb_build_array(jsonb_build_array('store_id', 'in', to_jsonb(stores)));
    end if;
  end if;
  answer := kernel_logic.list(token, said->>'list', jsonb_build_object('filter', conditions,
    'group', jsonb_build_array(said->>'by'), 'totals', said->'totals'));
  return jsonb_build_object('filter', conditions, 'total', answer->'total', 'parts', answer->'rows');
exception when sqlstate 'KO001' then
  return null;
end $$;

-- All figures that are asked of a record, in their order. Errors: not_signed_in, table_unknown, not_found.
create or replace function kernel_logic.facts(token text, listed text, wanted uuid, asked jsonb) returns jsonb
  language plpgsql set search_path = '' as $$
declare
  record jsonb := kernel_logic.list(token, listed, jsonb_build_object('limit', 1,
    'filter', jsonb_build_array(jsonb_build_array('id', '=', wanted)))) #> '{rows,0}';
begin
  if record is null then
    perform kernel_logic.refuse('not_found');
  end if;
  return (select coalesce(jsonb_agg(kernel_logic.figure_of(token, record, one) order by n), '[]')
            from jsonb_array_elements(asked) with ordinality as x(one, n));
end $$;
